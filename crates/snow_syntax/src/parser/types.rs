//! Types.

use snow_base::{Span, TextRange};
use snow_diagnostics::Diagnostic;

use super::{Completed, Marker, Parser};
use crate::SyntaxKind::*;

/// What is said of a function's type as other languages write it.
const FN_TYPE_MESSAGE: &str = "the type of a function is written `Fun(A, B) -> C`";

impl Parser<'_> {
    /// A type with its postfix `?` and `!E`.
    pub(super) fn ty(&mut self) {
        self.nest(|p| {
            let Some(mut ty) = p.primary_type() else { return };
            while !p.nl() {
                let marker = match p.current() {
                    QUESTION | BANG => p.precede(ty),
                    _ => break,
                };
                let kind = if p.at(QUESTION) { OPTION_TYPE } else { RESULT_TYPE };
                p.bump();
                if kind == RESULT_TYPE {
                    p.primary_type();
                }
                ty = p.complete(marker, kind);
            }
        });
    }

    fn primary_type(&mut self) -> Option<Completed> {
        match self.current() {
            TYPE_IDENT if self.nth(1) == L_PAREN && self.input.text(self.pos) == "Fun" => {
                Some(self.fn_type())
            }
            TYPE_IDENT | FN_KW if self.at_foreign_fn_type() => {
                self.foreign_word(FN_TYPE_MESSAGE, "Fun");
                Some(self.fn_type())
            }
            TYPE_IDENT => Some(self.path_type_here()),
            L_PAREN if self.fn_types && self.arrow_follows_paren() => Some(self.bare_fn_type()),
            L_PAREN => Some(self.paren_type()),
            L_BRACK => Some(self.list_type()),
            _ => {
                self.no_type();
                None
            }
        }
    }

    /// `Int`, `Map<K, V>`
    pub(super) fn path_type(&mut self) {
        if self.at(TYPE_IDENT) {
            self.path_type_here();
        } else {
            self.error_expected("a type's name");
        }
    }

    fn path_type_here(&mut self) -> Completed {
        let marker = self.start();
        self.path();
        if self.at_here(L_BRACK) && self.input.touches_previous(self.pos) {
            let args = self.start();
            self.angles_for_brackets("type arguments", Self::ty);
            self.complete(args, TYPE_ARGS);
        } else if self.at_here(LT) {
            let args = self.start();
            let opener = self.pos;
            self.bump();
            self.list(opener, GT, Self::ty);
            self.complete(args, TYPE_ARGS);
        }
        self.complete(marker, PATH_TYPE)
    }

    /// `Fn(A) -> B`, `fn(A) -> B`
    fn at_foreign_fn_type(&self) -> bool {
        let word = self.input.text(self.pos);
        self.nth(1) == L_PAREN && matches!(word, "Fn" | "fn" | "Func" | "Function" | "Callable")
    }

    /// Does `->` stand behind the parenthesis that opens here?
    fn arrow_follows_paren(&self) -> bool {
        let mut depth = 0u32;
        for n in 0.. {
            match self.nth(n) {
                L_PAREN => depth += 1,
                R_PAREN if depth == 1 => return self.nth(n + 1) == ARROW,
                R_PAREN => depth -= 1,
                EOF | DO_KW | END_KW | EQ => return false,
                _ => {}
            }
        }
        false
    }

    /// `(A) -> B`
    fn bare_fn_type(&mut self) -> Completed {
        let at = Span::new(self.file, TextRange::empty(self.here().text_range().start()));
        let diagnostic = Diagnostic::error("E0113", FN_TYPE_MESSAGE, self.here());
        self.error(diagnostic.with_safe_fix("write `Fun`", vec![(at, "Fun".to_owned())]));
        let marker = self.start();
        self.fn_type_behind(marker)
    }

    /// `[A, B]` where `<A, B>` stands.
    pub(super) fn angles_for_brackets(&mut self, what: &str, item: impl FnMut(&mut Self)) {
        let opener = self.pos;
        let diagnostic = Diagnostic::error("E0113", format!("{what} stand between `<` and `>`"), self.here());
        let fix = vec![(self.here(), "<".to_owned())];
        let report = self.report(diagnostic.with_safe_fix("write `<` and `>`", fix));
        self.bump();
        self.bracketed(opener, R_BRACK, item);
        if self.input.kind(self.pos - 1) == R_BRACK {
            self.also_edit(report, (self.span(self.pos - 1), ">".to_owned()));
        }
    }

    fn fn_type(&mut self) -> Completed {
        let marker = self.start();
        self.bump();
        self.fn_type_behind(marker)
    }

    fn fn_type_behind(&mut self, marker: Marker) -> Completed {
        let params = self.start();
        let opener = self.pos;
        self.bump();
        self.bracketed(opener, R_PAREN, Self::ty);
        self.complete(params, FN_TYPE_PARAMS);
        if self.expect(ARROW, "`->` and the type of the result") {
            self.ty();
        }
        self.complete(marker, FN_TYPE)
    }

    fn paren_type(&mut self) -> Completed {
        let marker = self.start();
        let opener = self.pos;
        self.bump();
        let mut count = 0;
        self.bracketed(opener, R_PAREN, |p| {
            p.ty();
            count += 1;
        });
        self.complete(marker, if count == 1 { PAREN_TYPE } else { TUPLE_TYPE })
    }

    fn list_type(&mut self) -> Completed {
        let marker = self.start();
        let opener = self.pos;
        self.bump();
        self.brackets += 1;
        self.within(false, false, |p| {
            p.ty();
            p.close_bracket(opener, R_BRACK);
        });
        self.brackets -= 1;
        self.complete(marker, LIST_TYPE)
    }
}
