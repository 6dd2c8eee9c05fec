//! Types.

use super::{Completed, Parser};
use crate::SyntaxKind::*;

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
            TYPE_IDENT => Some(self.path_type_here()),
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
        if self.at_here(LT) {
            let args = self.start();
            let opener = self.pos;
            self.bump();
            self.list(opener, GT, Self::ty);
            self.complete(args, TYPE_ARGS);
        }
        self.complete(marker, PATH_TYPE)
    }

    fn fn_type(&mut self) -> Completed {
        let marker = self.start();
        self.bump();
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
