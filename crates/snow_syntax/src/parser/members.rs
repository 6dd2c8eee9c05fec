//! Parts of items: parameters, type parameters, conditions, fields, variants, methods, handlers.

use snow_base::{Span, TextRange};
use snow_diagnostics::Diagnostic;

use super::Parser;
use crate::SyntaxKind::*;

impl Parser<'_> {
    /// `do` members `end`; members stand on lines of their own or are separated by commas or `;`.
    pub(super) fn members(&mut self, mut member: impl FnMut(&mut Self)) {
        let Some(open) = self.expect_do(false) else { return };
        self.within(true, false, |p| {
            loop {
                while p.eat(COMMA) || p.eat(SEMI) {}
                if p.at(END_KW) || p.at_eof() || p.at_dedent() || p.at_outer_closer() {
                    break;
                }
                let before = p.pos;
                p.fresh = before;
                member(p);
                p.end_of_member();
                if p.pos == before {
                    if p.at_item_only() || p.line_start() && p.at_named_fn() {
                        break;
                    }
                    p.skip_line();
                }
                if p.pos == before {
                    p.bump_as_error();
                }
            }
        });
        self.close_block(open);
    }

    fn end_of_member(&mut self) {
        if !(self.at(COMMA) || self.at(SEMI) || self.at(END_KW) || self.at_eof() || self.line_start()) {
            let mut error = self.expected("a new line");
            if self.pos > 0 && matches!(self.current(), IDENT | TYPE_IDENT) {
                let end = self.input.range(self.pos - 1).end;
                let at = Span::new(self.file, TextRange::empty(end.into()));
                error = error.with_fix("on one line, a comma stands between", vec![(at, ",".to_owned())]);
            }
            self.error(error);
            self.skip_line();
        }
    }

    /// Type parameters where none may stand.
    pub(super) fn no_generic_params(&mut self, what: &str, help: &str) {
        if !self.at(LT) {
            return;
        }
        let message = format!("{} {what} takes no type parameters", if what == "actor" { "an" } else { "a" });
        self.error(Diagnostic::error("E0101", message, self.here()).with_help(help));
        let marker = self.start();
        self.generic_params();
        self.complete(marker, ERROR);
    }

    /// `<A, B>` of a definition.
    pub(super) fn generic_params(&mut self) {
        if self.at_here(L_BRACK) && self.nth(1) == TYPE_IDENT {
            let marker = self.start();
            self.angles_for_brackets("type parameters", |p| p.type_name("the type parameter"));
            self.complete(marker, GENERIC_PARAMS);
            return;
        }
        if !self.at_here(LT) {
            return;
        }
        let marker = self.start();
        let opener = self.pos;
        self.bump();
        self.list(opener, GT, |p| p.type_name("the type parameter"));
        self.complete(marker, GENERIC_PARAMS);
    }

    /// `(params)` of a definition.
    pub(super) fn param_list(&mut self) {
        if !self.at_here(L_PAREN) {
            return self.error_expected("`(` and the parameters");
        }
        let marker = self.start();
        self.fn_types = true;
        self.param_list_inner();
        self.fn_types = false;
        self.complete(marker, PARAM_LIST);
    }

    /// The parenthesis and what it encloses.
    pub(super) fn param_list_inner(&mut self) {
        let opener = self.pos;
        self.bump();
        self.bracketed(opener, R_PAREN, |p| p.param(true, true));
    }

    /// A parameter; `alternatives`: its pattern may have `|`; `defaults`: it may have a default.
    pub(super) fn param(&mut self, alternatives: bool, defaults: bool) {
        let marker = self.start();
        self.pattern(alternatives, false);
        self.annotation("the type of a parameter stands after `::`");
        if defaults && self.eat_here(EQ) {
            let fn_types = std::mem::replace(&mut self.fn_types, false);
            self.expr();
            self.fn_types = fn_types;
        }
        self.complete(marker, PARAM);
    }

    /// `:: T`, if it stands here; `mistake` is said where it is written `: T`.
    pub(super) fn annotation(&mut self, mistake: &str) {
        if self.eat_here(COLON2) {
            self.ty();
        } else if self.at_here(COLON) {
            let fix = vec![(self.span(self.pos), " ::".to_owned())];
            self.error(Diagnostic::error("E0101", mistake, self.here()).with_safe_fix("write `::`", fix));
            self.bump();
            self.ty();
        } else if self.at_bare_type() {
            let before = self.span(self.pos - 1).text_range().end();
            let edit = (Span::new(self.file, TextRange::empty(before)), " ::".to_owned());
            if self.joins.is_some() {
                self.also_edit(self.joins, edit);
            } else {
                self.error(
                    Diagnostic::error("E0101", mistake, self.here()).with_safe_fix("write `::`", vec![edit]),
                );
            }
            self.ty();
        }
    }

    /// A type right behind the name that it belongs to: `x int`, `x Int`?
    fn at_bare_type(&self) -> bool {
        let named = self.pos > 0 && self.input.kind(self.pos - 1) == IDENT && !self.at_word("as");
        let ends = matches!(self.nth(1), COMMA | R_PAREN | EQ | LT);
        named && matches!(self.current(), IDENT | TYPE_IDENT) && !self.line_start() && ends
    }

    /// `where T: A + B`, if it stands here.
    pub(super) fn where_clause(&mut self) {
        if !self.at_here(WHERE_KW) {
            return;
        }
        let marker = self.start();
        self.bump();
        loop {
            let pred = self.start();
            self.type_name("a type parameter");
            if self.expect(COLON, "`:` and an interface") {
                loop {
                    self.path_type();
                    if !self.eat_here(PLUS) {
                        break;
                    }
                }
            }
            self.complete(pred, WHERE_PRED);
            if !self.eat_here(COMMA) {
                break;
            }
        }
        self.complete(marker, WHERE_CLAUSE);
    }

    /// `deriving(A, B)`, if it stands here.
    pub(super) fn deriving(&mut self) {
        if self.at_word("deriving") && self.nth(1) == L_PAREN {
            self.join_line();
        }
        if !self.at_word("deriving") || self.nl() {
            return;
        }
        let marker = self.start();
        self.bump();
        if self.at_here(L_PAREN) {
            let opener = self.pos;
            self.bump();
            self.bracketed(opener, R_PAREN, |p| p.type_name("an interface's name"));
        } else {
            self.error_expected("`(` and the interfaces");
        }
        self.complete(marker, DERIVING);
    }

    /// `name :: T = e`
    pub(super) fn field_def(&mut self) {
        let marker = self.start();
        if self.at(PUB_KW) && self.nth(1) == IDENT {
            let upto = self.span(self.pos + 1).text_range().start();
            let cut = Span::new(self.file, TextRange::new(self.here().text_range().start(), upto));
            let message = "fields are as visible as their struct: leave `pub` out";
            let diagnostic = Diagnostic::error("E0101", message, self.here());
            self.error(diagnostic.with_safe_fix("remove it", vec![(cut, String::new())]));
            self.bump_as_error();
        }
        self.name("a field's name");
        if self.at_here(COLON) {
            let diagnostic = Diagnostic::error("E0101", "the type of a field stands after `::`", self.here())
                .with_safe_fix("write `::`", vec![(self.span(self.pos), " ::".to_owned())]);
            self.error(diagnostic);
            self.bump();
            self.ty();
        } else if self.expect(COLON2, "`::` and the field's type") {
            self.ty();
        }
        if self.eat_here(EQ) {
            self.expr();
        }
        self.complete(marker, FIELD_DEF);
    }

    /// `Circle(Float)`
    pub(super) fn variant(&mut self) {
        let marker = self.start();
        if self.at(PIPE) {
            self.error_here("E0101", "variants stand on lines of their own, without `|`");
            self.bump_as_error();
        }
        if self.at(IDENT) {
            // It gets no name: code that is made of the type would take it for a variable.
            self.error_here("E0101", "a variant's name starts with a capital letter");
            self.bump_as_error();
        } else {
            self.type_name("a variant's name");
        }
        if self.at_here(L_PAREN) {
            let opener = self.pos;
            self.bump();
            self.bracketed(opener, R_PAREN, |p| {
                let field = p.start();
                if p.at(IDENT) && matches!(p.nth(1), COLON2 | COLON) {
                    p.name("a name");
                    if p.at(COLON) {
                        p.error_here("E0101", "the type of a part stands after `::`");
                    }
                    p.bump();
                }
                p.ty();
                p.complete(field, VARIANT_FIELD);
            });
        }
        self.complete(marker, VARIANT);
    }

    /// A function of an interface, impl or service.
    pub(super) fn method(&mut self, bodiless: bool) {
        let marker = self.start();
        while self.at(AT) {
            self.attr();
        }
        if self.at(PUB_KW) {
            self.error_here("E0101", "methods are as visible as their interface: leave `pub` out");
            self.bump();
        }
        if self.at(FN_KW) {
            self.fn_item(marker, bodiless);
        } else {
            self.error_expected("`fn`");
            self.complete(marker, ERROR);
        }
    }

    pub(super) fn service_member(&mut self) {
        let marker = self.start();
        if self.at_word("call") || self.at_word("cast") {
            let kind = if self.at_word("call") { CALL_HANDLER } else { CAST_HANDLER };
            self.bump();
            self.type_name("the message's name");
            self.param_list();
            if kind == CALL_HANDLER && (self.at_here(ARROW) || self.at_here(COLON)) {
                let text = if self.input.touches_previous(self.pos) { " ::" } else { "::" };
                let message = "the type of the reply stands after `::`";
                let fix = vec![(self.here(), text.to_owned())];
                self.error(Diagnostic::error("E0101", message, self.here()).with_safe_fix("write `::`", fix));
                self.bump();
                self.ty();
            } else if kind == CALL_HANDLER && self.expect(COLON2, "`::` and the type of the reply") {
                self.ty();
            }
            self.handler_body();
            self.complete(marker, kind);
        } else if self.at_word("info") {
            self.bump();
            self.pattern(true, true);
            self.handler_body();
            self.complete(marker, INFO_HANDLER);
        } else if self.at(FN_KW) {
            self.fn_item(marker, false);
        } else {
            self.error_expected("`fn`, `call`, `cast` or `info`");
            self.complete(marker, ERROR);
        }
    }

    fn handler_body(&mut self) {
        let Some(open) = self.expect_do(true) else { return };
        if !self.line_start() && matches!(self.current(), PIPE | PIPE2) {
            self.block_params();
        } else {
            self.error_expected("`|state|` after the `do`");
        }
        self.block(super::blocks::BlockKind::Plain);
        self.close_block(open);
    }

    pub(super) fn supervisor_member(&mut self) {
        if !(self.at_word("child") && matches!(self.nth(1), IDENT)) {
            return self.supervisor_field();
        }
        let marker = self.start();
        self.bump();
        self.name("the child's name");
        self.members(Self::supervisor_field);
        self.complete(marker, CHILD);
    }

    /// `key: value`
    fn supervisor_field(&mut self) {
        let marker = self.start();
        self.any_name("a setting: `name: value`");
        if self.expect(COLON, "`:` and the value") {
            self.expr();
        }
        self.complete(marker, SUPERVISOR_FIELD);
    }
}
