//! Items: what stands at the top of a file or module.

use snow_base::{Span, TextRange};
use snow_diagnostics::{Diagnostic, foreign};

use super::{Marker, Parser};
use crate::SyntaxKind::{self, *};

const ITEM: &str = "an item: `fn`, `let`, `struct`, `type`, `interface`, `impl`, `actor`, `service`, `supervisor`, `module`, `import`, `test`";

impl Parser<'_> {
    pub(super) fn source_file(&mut self) {
        let marker = self.start();
        self.items();
        while !self.at_eof() {
            self.ends_mismatch = true;
            self.stray_at_top();
            self.items();
        }
        self.complete(marker, SOURCE_FILE);
    }

    fn stray_at_top(&mut self) {
        let message = format!("this `{}` closes nothing", self.input.text(self.pos));
        self.error_here("E0104", message);
        let marker = self.start();
        self.bump();
        self.skip_to_item();
        self.complete(marker, ERROR);
    }

    /// Items up to an `end` or the end of file.
    fn items(&mut self) {
        loop {
            while self.eat(SEMI) {}
            if self.at(END_KW) || self.at_eof() {
                break;
            }
            let before = self.pos;
            self.fresh = before;
            self.lost &= self.input.indent(before) > 0 || !self.line_start();
            self.item();
            self.end_of_item();
            if self.pos == before {
                self.bump_as_error();
            }
        }
    }

    fn end_of_item(&mut self) {
        if self.at_eof() || self.at(SEMI) || self.line_start() {
            return;
        }
        if self.at(END_KW) {
            // A module's `end` may stand on the line of its last item; others close nothing.
            if self.opens.is_empty() {
                self.error_here("E0104", "this `end` closes nothing");
                self.bump_as_error();
            }
            return;
        }
        self.error_expected("a new line");
        self.skip_line();
    }

    fn item(&mut self) {
        let marker = self.start();
        if self.at(AT) && self.foreign_attr() {
            self.bump();
            self.skip_to_item();
            self.complete(marker, ERROR);
            return;
        }
        while self.at(AT) {
            self.attr();
        }
        if self.at(PUB_KW) {
            self.bump();
            if matches!(self.current(), IMPL_KW | IMPORT_KW) {
                self.error_here(
                    "E0101",
                    "`pub` can't stand here: impls are seen everywhere, imports nowhere else",
                );
            }
        }
        match self.current() {
            FN_KW => self.fn_item(marker, false),
            LET_KW => self.let_item(marker),
            STRUCT_KW => self.struct_item(marker),
            TYPE_KW => self.type_item(marker),
            INTERFACE_KW => self.interface_item(marker),
            IMPL_KW => self.impl_item(marker),
            ACTOR_KW => self.actor_item(marker),
            SERVICE_KW => self.service_item(marker),
            SUPERVISOR_KW => self.supervisor_item(marker),
            MODULE_KW => self.module_item(marker),
            IMPORT_KW => self.import_item(marker),
            IDENT if self.at_word("from") && self.nth(1) == TYPE_IDENT => self.import_names_item(marker),
            IDENT if self.at_word("test") && self.nth(1) == STRING_START => self.test_item(marker),
            _ => self.no_item(marker),
        }
    }

    /// `@limit 10`, `@spec f(integer) :: integer`: reported, if one stands here.
    fn foreign_attr(&mut self) -> bool {
        if self.nth(1) != IDENT || self.nth(2) == L_PAREN || self.input.starts_line(self.pos + 2) {
            return false;
        }
        let (message, help) = match self.input.text(self.pos + 1) {
            "spec" | "type" | "callback" => (
                "types stand in the definition",
                "write `fn name(x :: Int) -> Int`; an alias is `type Name = …`",
            ),
            "doc" | "moduledoc" => {
                ("documentation stands in comments", "write `## …` above an item, `##! …` for the module")
            }
            _ => ("a constant is written `let name = value`", "at the top of the file: `let limit = 10`"),
        };
        let span = self.span_of(self.pos, self.pos + 1);
        self.error(Diagnostic::error("E0113", message, span).with_help(help));
        true
    }

    fn no_item(&mut self, marker: Marker) {
        // `switch`, `unless` … start no items.
        let statements = ["case", "if not", "while not", "for"];
        let foreign = foreign::keyword(self.input.text(self.pos)).filter(|own| !statements.contains(own));
        match foreign {
            Some("import") if self.at(IDENT) => {
                let message = format!("the word here is `import`, not `{}`", self.input.text(self.pos));
                let diagnostic = Diagnostic::error("E0113", message, self.here()).with_help(
                    "write `import Math.Vector` or `from Math.Vector import add`; modules of the standard library need no import",
                );
                self.error(diagnostic);
            }
            Some(word) if self.at(IDENT) && matches!(self.nth(1), IDENT | TYPE_IDENT) => {
                let message = format!("the word here is `{word}`, not `{}`", self.input.text(self.pos));
                let report = self.foreign_word(&message, word);
                return self.rest_of_foreign_item(word, report, marker);
            }
            _ => self.expected_item(),
        }
        self.skip_to_item();
        self.complete(marker, ERROR);
    }

    /// What stands behind the word is probably right.
    fn rest_of_foreign_item(&mut self, word: &str, report: Option<usize>, marker: Marker) {
        if word == "fn" {
            self.joins = report;
            return self.fn_item(marker, false);
        }
        self.joins = report;
        match (word, self.nth(1)) {
            // A class is much more than a struct.
            _ if self.input.text(self.pos) == "class" => {
                self.skip_to_item();
                self.complete(marker, ERROR);
            }
            ("struct", TYPE_IDENT) => self.struct_item(marker),
            ("type", TYPE_IDENT) => self.type_item(marker),
            ("interface", TYPE_IDENT) => self.interface_item(marker),
            ("module", TYPE_IDENT) => self.module_item(marker),
            ("let", IDENT) => self.let_item(marker),
            _ => {
                self.skip_to_item();
                self.complete(marker, ERROR);
            }
        }
        self.joins = None;
    }

    fn expected_item(&mut self) {
        let closes = matches!(self.current(), R_PAREN | R_BRACK | R_BRACE);
        self.ends_mismatch |= !self.opens.is_empty() || self.pos > 0;
        let diagnostic = if closes {
            let message = format!("this `{}` closes nothing", self.input.text(self.pos));
            Diagnostic::error("E0104", message, self.here())
        } else {
            if self.at_word("test") && self.nth(1) == IDENT {
                let error =
                    Diagnostic::error("E0101", "the name of a test is a string", self.span(self.pos + 1));
                return self.error(error.with_help("write `test \"what it shows\" do … end`"));
            }
            Diagnostic::error("E0101", format!("expected an item, found {}", self.found()), self.here())
                .with_note(format!("at the top of a file stands {ITEM}"))
                .with_help("statements stand inside functions; a program starts with `fn main() do … end`")
        };
        self.error(diagnostic);
    }

    /// Skips to the start of the next item that isn't indented deeper than this line.
    fn skip_to_item(&mut self) {
        let indent = self.input.indent(self.pos.saturating_sub(usize::from(self.at_eof())));
        loop {
            let starts = self.at_item_only()
                || self.at(AT)
                || self.at(LET_KW)
                || self.at_named_fn()
                || (self.at_word("from") && self.nth(1) == TYPE_IDENT)
                || (self.at_word("test") && self.nth(1) == STRING_START);
            let outer_end = self.at(END_KW) && !self.opens.is_empty() && self.input.indent(self.pos) < indent;
            let next = (starts && self.input.indent(self.pos) <= indent) || outer_end;
            if self.at_eof() || (next && self.line_start()) {
                break;
            }
            self.bump();
        }
        self.last_error = Some(self.pos);
    }

    /// `@name("argument")`
    pub(super) fn attr(&mut self) {
        let marker = self.start();
        self.bump();
        self.expect(IDENT, "the attribute's name");
        if self.at_here(L_PAREN) {
            let opener = self.pos;
            self.bump();
            if self.at(STRING_START) {
                self.string();
            } else {
                self.error_expected("a string");
            }
            self.close_bracket(opener, R_PAREN);
        }
        self.complete(marker, ATTR);
    }

    /// A function; `bodiless`: its body may be missing.
    pub(super) fn fn_item(&mut self, marker: Marker, bodiless: bool) {
        // An attribute (`@runtime`) stands for the body.
        let bodiless = bodiless || self.has_attr(&marker);
        self.bump();
        if self.at(IDENT) || (self.current().is_keyword() && matches!(self.nth(1), L_PAREN | LT)) {
            self.any_name("a name");
        } else if self.at(TYPE_IDENT) {
            self.error_here("E0101", "names of functions start with a small letter");
            self.any_name("a name");
        } else if self.at(L_PAREN) {
            return self.fn_without_name(marker);
        } else {
            self.name("the function's name");
        }
        self.no_question();
        self.generic_params();
        self.param_list();
        self.join_head();
        let foreign = self.joins.is_some();
        let python = self.at_here(COLON)
            && (self.input.starts_line(self.pos + 1) || foreign && self.nth(1) != TYPE_IDENT);
        let arrow_body = self.at_here(ARROW)
            && matches!(self.nth(1), INT | FLOAT | STRING_START | IDENT | ATOM)
            && snow_diagnostics::foreign::ty(self.input.text(self.pos + 1)).is_none()
            && !self.input.starts_line(self.pos + 1);
        if !arrow_body && !python && (self.at_here(ARROW) || self.at_here(COLON) || self.at_here(COLON2)) {
            let ret = self.start();
            if !self.at(ARROW) {
                let text = if self.input.touches_previous(self.pos) { " ->" } else { "->" };
                let message = "the type of the result stands after `->`";
                let fix = vec![(self.here(), text.to_owned())];
                self.error(Diagnostic::error("E0101", message, self.here()).with_safe_fix("write `->`", fix));
            }
            self.bump();
            self.fn_types = true;
            self.ty();
            self.fn_types = false;
            self.complete(ret, RET_TYPE);
        }
        if foreign && !self.nl() && matches!(self.current(), IDENT | TYPE_IDENT) {
            // `func f(x int) int {`
            let at = Span::new(self.file, TextRange::empty(self.here().text_range().start()));
            self.also_edit(self.joins, (at, "-> ".to_owned()));
            let ret = self.start();
            self.ty();
            self.complete(ret, RET_TYPE);
        }
        self.join_head();
        if self.at_here(WHERE_KW) {
            self.where_clause();
            self.result_behind_where();
        }
        self.join_head();
        self.guard();
        self.join_head();
        if self.at_here(COMMA) && self.nth(1) == DO_KW && self.nth(2) == COLON {
            self.bump_as_error();
        }
        if arrow_body {
            self.foreign_word("a body of one expression stands behind `=`, not `->`", "=");
            self.bump();
            self.within(true, false, |p| p.expr());
        } else if self.eat_here(EQ) {
            self.within(true, false, |p| p.expr());
        } else if self.at_here(DO_KW) && self.nth(1) == COLON {
            let comma = usize::from(self.pos > 0 && self.input.kind(self.pos - 1) == COMMA);
            let at = self.span_of(self.pos - comma, self.pos + 1);
            let text = if comma > 0 { " =" } else { "=" };
            let message = "a body of one expression stands behind `=`, not `do:`";
            let fix = vec![(at, text.to_owned())];
            self.error(Diagnostic::error("E0113", message, at).with_safe_fix("write `=`", fix));
            self.bump();
            self.bump();
            self.within(true, false, |p| p.expr());
        } else if self.at_here(DO_KW) || self.at_here(COLON) || self.at_here(L_BRACE) {
            self.do_block(true);
        } else if !bodiless || !(self.line_start() || self.at(SEMI) || self.at(END_KW) || self.at_eof()) {
            self.no_body();
        }
        self.joins = None;
        self.complete(marker, FN_ITEM);
    }

    /// `-> Int` behind the conditions, if it stands here.
    fn result_behind_where(&mut self) {
        if !self.at_here(ARROW) || !matches!(self.nth(1), TYPE_IDENT | L_PAREN | L_BRACK) {
            return;
        }
        self.error_here("E0101", "the type of the result stands in front of `where`");
        let ret = self.start();
        self.bump();
        self.ty();
        self.complete(ret, RET_TYPE);
    }

    /// `fn (p :: P) area() do … end`
    fn fn_without_name(&mut self, marker: Marker) {
        let diagnostic = Diagnostic::error("E0101", "expected the function's name, found `(`", self.here())
            .with_help("the name stands before all parameters: `fn area(shape :: Shape) -> Float do … end`, called `shape.area()`");
        self.error(diagnostic);
        self.muted += 1;
        while !self.at_eof()
            && !matches!(self.current(), DO_KW | L_BRACE | END_KW)
            && !self.input.starts_line(self.pos + 1)
        {
            self.bump();
        }
        if matches!(self.current(), DO_KW | L_BRACE) {
            self.do_block(true);
        } else {
            self.skip_line();
        }
        self.muted -= 1;
        self.joins = None;
        self.complete(marker, FN_ITEM);
    }

    fn has_attr(&self, marker: &Marker) -> bool {
        matches!(self.events.get(marker.0 + 1), Some(super::Event::Start { kind: ATTR, .. }))
    }

    fn no_body(&mut self) {
        if self.at_here(FAT_ARROW) {
            self.foreign_word("a function's body is written `do … end` or `= expression`", "=");
            self.bump_as_error();
            self.within(true, false, |p| p.expr());
            return;
        }
        if self.at_here(ARROW) {
            self.foreign_word("a function's body is written `do … end` or `= expression`", "=");
        } else {
            self.error_expected("the function's body: `do … end` or `= expression`");
        }
        if !self.line_start() {
            self.skip_line();
        }
    }

    fn let_item(&mut self, marker: Marker) {
        self.bump();
        self.name("the constant's name");
        self.annotation("the type of a constant stands after `::`");
        if self.expect(EQ, "`=`") {
            self.expr();
        }
        self.complete(marker, LET_ITEM);
    }

    fn struct_item(&mut self, marker: Marker) {
        self.bump();
        self.type_name("the struct's name");
        self.generic_params();
        self.members(Self::field_def);
        self.deriving();
        self.complete(marker, STRUCT_ITEM);
    }

    fn type_item(&mut self, marker: Marker) {
        let bodiless = self.has_attr(&marker);
        self.bump();
        self.type_name("the type's name");
        self.generic_params();
        if self.eat_here(EQ) {
            self.ty();
        } else if self.at_here(DO_KW) || !bodiless {
            self.members(Self::variant);
            self.deriving();
        }
        self.complete(marker, TYPE_ITEM);
    }

    fn interface_item(&mut self, marker: Marker) {
        self.bump();
        self.type_name("the interface's name");
        self.generic_params();
        self.members(|p| p.method(true));
        self.complete(marker, INTERFACE_ITEM);
    }

    fn impl_item(&mut self, marker: Marker) {
        self.bump();
        self.path_type();
        if self.at_here(DO_KW) || self.at_here(L_BRACE) {
            let diagnostic = Diagnostic::error("E0101", "an `impl` says which interface it implements", self.here())
                .with_help("write `impl Interface for Type do … end`; other functions of a type stand beside it: `fn area(s :: Shape) = …`, called `s.area()`");
            self.error(diagnostic);
        } else if self.expect(FOR_KW, "`for` and the type") {
            self.ty();
        }
        self.where_clause();
        self.members(|p| p.method(false));
        self.complete(marker, IMPL_ITEM);
    }

    fn actor_item(&mut self, marker: Marker) {
        self.bump();
        self.name("the actor's name");
        self.no_generic_params("actor", "leave it out: an actor is generic where its types are left open");
        self.param_list();
        if let Some(open) = self.expect_do(true) {
            self.block(super::blocks::BlockKind::Actor);
            if self.at_terminate() {
                let terminate = self.start();
                self.bump();
                self.do_block(false);
                self.complete(terminate, TERMINATE);
            }
            self.close_block(open);
        }
        self.complete(marker, ACTOR_ITEM);
    }

    fn service_item(&mut self, marker: Marker) {
        self.bump();
        self.type_name("the service's name");
        self.no_generic_params("service", "write the types out; for another type, write another service");
        self.members(Self::service_member);
        self.complete(marker, SERVICE_ITEM);
    }

    fn supervisor_item(&mut self, marker: Marker) {
        self.bump();
        self.type_name("the supervisor's name");
        self.members(Self::supervisor_member);
        self.complete(marker, SUPERVISOR_ITEM);
    }

    fn module_item(&mut self, marker: Marker) {
        self.bump();
        self.type_name("the module's name");
        if let Some(open) = self.expect_do(false) {
            self.nest(|p| p.within(true, false, Self::items));
            self.close_block(open);
        }
        self.complete(marker, MODULE_ITEM);
    }

    fn import_item(&mut self, marker: Marker) {
        self.bump();
        self.path_or_error("the module's name");
        if self.at_word("as") && !self.nl() {
            self.bump();
            self.type_name("the new name");
        }
        self.complete(marker, IMPORT_ITEM);
    }

    fn import_names_item(&mut self, marker: Marker) {
        self.bump();
        self.path_or_error("the module's name");
        if self.expect(IMPORT_KW, "`import`") {
            if self.at_here(L_BRACE) {
                let opener = self.pos;
                self.bump();
                self.bracketed(opener, R_BRACE, Self::imported_name);
            } else {
                loop {
                    self.imported_name();
                    if !self.eat_here(COMMA) {
                        break;
                    }
                }
            }
        }
        self.complete(marker, FROM_IMPORT_ITEM);
    }

    fn imported_name(&mut self) {
        if matches!(self.current(), IDENT | TYPE_IDENT) {
            self.any_name("a name");
            if self.at_word("as") && !self.nl() {
                self.no_new_name();
            }
        } else if self.at(STAR) {
            self.error_here("E0101", "names are imported one by one; there is no `*`");
            self.bump_as_error();
        } else {
            self.name("the name to import");
        }
    }

    /// `add as plus` behind `from M import`.
    fn no_new_name(&mut self) {
        let message = "a name that is imported keeps its name; only modules take another by `as`";
        let error = Diagnostic::error("E0101", message, self.here())
            .with_help("`import Math.Vector as V` gives `V.add`");
        self.error(error);
        self.bump_as_error();
        if matches!(self.current(), IDENT | TYPE_IDENT) && !self.nl() {
            self.bump_as_error();
        }
    }

    fn test_item(&mut self, marker: Marker) {
        self.bump();
        self.string();
        self.do_block(true);
        self.complete(marker, TEST_ITEM);
    }

    pub(super) fn at_any_name(&self) -> bool {
        matches!(self.current(), IDENT | TYPE_IDENT) || self.current().is_keyword()
    }

    /// A name where any word is one.
    pub(super) fn any_name(&mut self, what: &str) {
        if self.at_any_name() {
            self.name_token();
        } else {
            self.error_expected(what);
        }
    }

    /// A name in snake_case.
    pub(super) fn name(&mut self, what: &str) {
        self.name_of(IDENT, what);
    }

    /// A name in PascalCase.
    pub(super) fn type_name(&mut self, what: &str) {
        self.name_of(TYPE_IDENT, what);
    }

    fn name_of(&mut self, kind: SyntaxKind, what: &str) {
        if self.at(kind) {
            return self.name_token();
        }
        let other = if kind == IDENT { TYPE_IDENT } else { IDENT };
        if self.at(other) && (!self.nl() || self.pos == self.fresh) {
            let start = if kind == IDENT { "small" } else { "capital" };
            let message = format!("{what} starts with a {start} letter");
            self.error_here("E0101", message);
            return self.name_token();
        }
        if self.current().is_keyword() && !self.nl() {
            self.reserved_word();
            return self.bump_as_error();
        }
        self.error_expected(what);
    }

    pub(super) fn reserved_word(&mut self) {
        let word = self.input.text(self.pos);
        self.error_here("E0114", format!("`{word}` is a reserved word and can't be a name"));
        if !self.speculating {
            self.taken.push(self.current());
            self.lost |= matches!(self.current(), DO_KW | END_KW);
        }
    }

    fn name_token(&mut self) {
        let marker = self.start();
        self.bump();
        self.complete(marker, NAME);
    }

    /// `A.B.C`; stands at its first name.
    pub(super) fn path(&mut self) {
        let marker = self.start();
        self.bump();
        while self.at(DOT) && self.nth(1) == TYPE_IDENT {
            self.bump();
            self.bump();
        }
        self.complete(marker, PATH);
    }

    fn path_or_error(&mut self, what: &str) {
        if self.at_here(TYPE_IDENT) {
            self.path();
        } else {
            self.error_expected(what);
        }
    }
}
