//! Expressions without operators: literals, names, strings, brackets, and words that open blocks.

use snow_base::{Span, TextRange};
use snow_diagnostics::Diagnostic;

use super::{Completed, Parser};
use crate::SyntaxKind::{self, *};
use crate::ast;

impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Option<Completed> {
        if self.at_named_update() {
            self.named_update();
            return Some(self.map_expr());
        }
        if let Some(closure) = self.foreign_closure() {
            return Some(closure);
        }
        self.no_percent();
        self.no_plus();
        if self.at_taken_word() {
            let marker = self.start();
            self.bump();
            return Some(self.complete(marker, ERROR));
        }
        Some(match self.current() {
            INT | FLOAT | MINUS | ATOM | TRUE_KW | FALSE_KW => self.literal(),
            STRING_START => self.string(),
            IDENT => self.one_token(NAME_EXPR),
            UNDERSCORE => self.one_token(HOLE_EXPR),
            TYPE_IDENT => self.path_expr(),
            L_PAREN => self.paren_expr(),
            L_BRACE => self.brace_expr(),
            L_BRACK => self.list_expr(),
            MAP_OPEN => self.map_expr(),
            IF_KW => self.if_expr(),
            CASE_KW | MATCH_KW => self.case_expr(),
            RECEIVE_KW => self.receive_expr(),
            WHILE_KW => self.while_expr(),
            FOR_KW => self.for_expr(),
            FN_KW => self.fn_expr(),
            DO_KW => self.do_expr(),
            BREAK_KW => self.one_token(BREAK_EXPR),
            CONTINUE_KW => self.one_token(CONTINUE_EXPR),
            RETURN_KW => self.return_expr(),
            _ => {
                self.no_expr();
                return None;
            }
        })
    }

    /// A reserved word that was used as a name before, where nothing follows that it could begin?
    fn at_taken_word(&self) -> bool {
        let next = self.nth(1);
        let ends = matches!(next, R_PAREN | R_BRACK | R_BRACE | INTERP_END | COMMA | DOT | EOF)
            || matches!(next, PLUS | STAR | SLASH | EQ2 | LT | GT | PIPE_GT | DIAMOND)
            || self.input.starts_line(self.pos + 1);
        // Outside of brackets these two open and close blocks all the same.
        let block = matches!(self.current(), DO_KW | END_KW) && self.brackets == 0;
        self.taken.contains(&self.current()) && ends && !block
    }

    fn no_expr(&mut self) {
        match self.current() {
            R_PAREN | R_BRACK | R_BRACE if self.brackets == 0 => {
                let message = format!("this `{}` closes nothing", self.input.text(self.pos));
                self.error_here("E0104", message);
            }
            FAT_ARROW => self.fat_arrow(),
            _ if self.foreign_operator() => {}
            _ => self.error_expected("an expression"),
        }
    }

    fn one_token(&mut self, kind: SyntaxKind) -> Completed {
        let marker = self.start();
        self.bump();
        self.complete(marker, kind)
    }

    /// A number with its sign, an atom, `true`, `false`.
    pub(super) fn literal(&mut self) -> Completed {
        let marker = self.start();
        let negative = self.eat(MINUS);
        if self.at(INT) {
            self.check_int(negative);
        }
        self.bump();
        self.complete(marker, LITERAL)
    }

    fn check_int(&mut self, negative: bool) {
        let text = self.input.text(self.pos);
        // Malformed digits have been reported by the lexer.
        let digits = text.trim_start_matches("0x").trim_start_matches("0o").trim_start_matches("0b");
        let radix =
            [("0x", 16), ("0o", 8), ("0b", 2)].iter().find(|(p, _)| text.starts_with(p)).map_or(10, |p| p.1);
        let well_formed =
            digits.chars().all(|c| c == '_' || c.is_digit(radix)) && digits.contains(|c| c != '_');
        if well_formed && ast::int_value(text, negative).is_none() {
            let first = if negative { self.pos - 1 } else { self.pos };
            let diagnostic = Diagnostic::error(
                "E0105",
                "this integer is too large for 64 bits",
                self.span_of(first, self.pos),
            )
            .with_note("an Int goes from -9223372036854775808 to 9223372036854775807");
            self.error(diagnostic);
        }
    }

    /// A string with its interpolations.
    pub(super) fn string(&mut self) -> Completed {
        let marker = self.start();
        self.bump();
        loop {
            match self.current() {
                STRING_TEXT => self.bump(),
                STRING_END => {
                    self.bump();
                    break;
                }
                INTERP_START if self.interp() => {}
                _ => break,
            }
        }
        self.complete(marker, STRING_EXPR)
    }

    /// `${e}`. False if it isn't closed.
    fn interp(&mut self) -> bool {
        let marker = self.start();
        let opener = self.pos;
        self.bump();
        self.brackets += 1;
        let closed = self.within(false, false, |p| {
            if p.at(INTERP_END) {
                p.error_here("E0101", "an expression is missing between `${` and `}`");
            } else {
                p.expr();
            }
            if p.eat(INTERP_END) {
                return true;
            }
            p.interp_error(opener);
            p.eat(INTERP_END)
        });
        self.brackets -= 1;
        self.complete(marker, INTERP);
        closed
    }

    /// Skips to the `}` on this line, or reports that there is none.
    fn interp_error(&mut self, opener: usize) {
        let found = self.pos;
        let diagnostic = Diagnostic::error("E0103", "this `${` is not closed", self.span(opener))
            .with_label(self.span(found), "expected `}` before this");
        let expected =
            Diagnostic::error("E0101", format!("expected `}}`, found {}", self.found()), self.here());
        let marker = self.start();
        let mut depth = 0u32;
        while !self.line_start() && !self.at_eof() {
            match self.current() {
                INTERP_START => depth += 1,
                INTERP_END if depth == 0 => break,
                INTERP_END => depth -= 1,
                _ => {}
            }
            self.bump();
        }
        self.complete(marker, ERROR);
        let end = std::mem::replace(&mut self.pos, found);
        self.error(if self.input.kind(end) == INTERP_END { expected } else { diagnostic });
        self.pos = end;
        self.last_error = Some(end);
    }

    /// `Some`, `Shape.Circle`, `Point { x: 1 }`
    fn path_expr(&mut self) -> Completed {
        let marker = self.start();
        self.path();
        if self.at(L_BRACE) && !self.line_start() {
            let opener = self.pos;
            self.bump();
            self.bracketed(opener, R_BRACE, Self::record_field);
            return self.complete(marker, RECORD_EXPR);
        }
        self.complete(marker, PATH_EXPR)
    }

    fn record_field(&mut self) {
        let marker = self.start();
        if self.at(DOT2) {
            let diagnostic =
                Diagnostic::error("E0101", "an update is written `%{value | field: …}`", self.here());
            let before = |n: usize| self.pos.checked_sub(n).map(|at| self.input.kind(at));
            let first = before(1) == Some(L_BRACE) && before(2) == Some(TYPE_IDENT);
            let edits = match (first, self.nth(1), self.nth(2)) {
                (true, IDENT, COMMA) => vec![
                    (self.span_of(self.pos - 2, self.pos), "%{".to_owned()),
                    (self.span(self.pos + 2), " |".to_owned()),
                ],
                _ => vec![],
            };
            self.error(match edits.is_empty() {
                true => diagnostic,
                false => diagnostic.with_safe_fix("write `%{… | …}`", edits),
            });
            self.bump();
            self.expr();
            self.complete(marker, ERROR);
            return;
        }
        self.any_name("a field's name");
        if self.eat(COLON) {
            self.expr();
        } else if self.at(ATOM) && self.input.touches_previous(self.pos) {
            self.error_here("E0101", "put a blank between the `:` and the value");
            self.bump();
        } else if self.at(EQ) {
            let from = self.span(self.pos - 1).text_range().end();
            let cut = Span::new(self.file, TextRange::new(from, self.here().text_range().end()));
            let message = "the value of a field stands after `:`, not `=`";
            let diagnostic = Diagnostic::error("E0101", message, self.here());
            self.error(diagnostic.with_safe_fix("write `:`", vec![(cut, ":".to_owned())]));
            self.bump();
            self.expr();
        }
        self.complete(marker, RECORD_FIELD);
    }

    /// `(e)`, `()`, `(a, b)`
    fn paren_expr(&mut self) -> Completed {
        let (marker, first) = (self.start(), self.pos);
        self.bump();
        let mut count = 0;
        self.bracketed(first, R_PAREN, |p| {
            p.expr();
            count += 1;
        });
        let kind = if count == 1 { PAREN_EXPR } else { TUPLE_EXPR };
        self.complete(marker, kind)
    }

    /// `{a, b}`
    fn brace_expr(&mut self) -> Completed {
        let (marker, first) = (self.start(), self.pos);
        self.bump();
        let mut count = 0;
        let mut is_map = false;
        self.bracketed(first, R_BRACE, |p| {
            p.key = Some(p.pos);
            p.expr();
            count += 1;
            if p.at(COLON) || p.at(FAT_ARROW) {
                if !is_map {
                    let diagnostic =
                        Diagnostic::error("E0113", "a map is written `%{key => value}`", p.here());
                    p.error(diagnostic.with_help("with names as keys `%{name: value}`"));
                }
                is_map = true;
                p.bump();
                p.expr();
            }
        });
        if !is_map {
            self.check_braces(first, count);
        }
        let kind = if count == 1 { PAREN_EXPR } else { TUPLE_EXPR };
        self.complete(marker, kind)
    }

    /// Braces around less than two things are no tuple; those that start at `first` end here.
    pub(super) fn check_braces(&mut self, first: usize, count: usize) {
        let span = self.span_of(first, self.pos - 1);
        let diagnostic = match count {
            0 => Diagnostic::error(
                "E0112",
                "`{}` is nothing: the empty map is `%{}`, the unit value `()`",
                span,
            )
            .with_fix("write the empty map", vec![(span, "%{}".to_owned())]),
            1 => Diagnostic::error("E0112", "braces around one value: for grouping write `(…)`", span)
                .with_safe_fix(
                    "write parentheses",
                    vec![(self.span(first), "(".to_owned()), (self.span(self.pos - 1), ")".to_owned())],
                ),
            _ => return,
        };
        let last = self.last_error;
        self.error(diagnostic);
        self.last_error = last;
    }

    /// `[a, ..b]`
    fn list_expr(&mut self) -> Completed {
        let (marker, first) = (self.start(), self.pos);
        self.bump();
        self.bracketed(first, R_BRACK, |p| {
            if p.at(DOT2) {
                let spread = p.start();
                p.bump();
                p.expr();
                p.complete(spread, SPREAD);
            } else {
                p.expr();
                if p.at_list_tail() {
                    p.no_list_tail();
                    let spread = p.start();
                    p.bump();
                    p.expr();
                    p.complete(spread, SPREAD);
                }
            }
        });
        self.complete(marker, LIST_EXPR)
    }

    /// `%{k => v}`, `%{name: v}`, `%{e | name: v}`
    fn map_expr(&mut self) -> Completed {
        let (marker, first) = (self.start(), self.pos);
        self.bump();
        self.brackets += 1;
        let kind = self.within(false, false, |p| {
            let mut kind = MAP_EXPR;
            let mut commas = None;
            p.key = Some(p.pos);
            // What stands first is a base or a key; only what follows it tells.
            if !p.at(R_BRACE)
                && !p.at_entry_name()
                && let Some(key) = p.expr()
            {
                if p.eat(PIPE) {
                    kind = UPDATE_EXPR;
                } else {
                    let entry = p.precede(key);
                    p.map_value();
                    p.complete(entry, MAP_ENTRY);
                    if p.only_comma_missing(first, R_BRACE) {
                        commas = p.comma_missing(None);
                    } else if !p.eat(COMMA) && !p.at(R_BRACE) {
                        p.list_error(first, R_BRACE, true);
                    }
                }
            }
            p.list_with(first, R_BRACE, commas, Self::map_entry);
            kind
        });
        self.brackets -= 1;
        self.complete(marker, kind)
    }

    pub(super) fn at_entry_name(&self) -> bool {
        self.nth(1) == COLON && self.at_any_name()
    }

    fn map_entry(&mut self) {
        let marker = self.start();
        if self.at_entry_name() {
            self.any_name("a key");
            self.bump();
            self.expr();
        } else {
            self.key = Some(self.pos);
            self.expr();
            self.map_value();
        }
        self.complete(marker, MAP_ENTRY);
    }

    fn map_value(&mut self) {
        if self.at(COLON) {
            self.error_here("E0101", "a key that is no plain name stands before `=>`: `%{key => value}`");
            self.bump();
            self.expr();
        } else if matches!(self.current(), COMMA | R_BRACE)
            && self.input.kind(self.pos - 1) == IDENT
            && matches!(self.input.kind(self.pos - 2), COMMA | PIPE | MAP_OPEN)
        {
            self.no_value();
        } else if self.expect(FAT_ARROW, "`=>`") {
            self.expr();
        }
    }

    /// `%{p | x}`: an entry that is only a name.
    fn no_value(&mut self) {
        let name = self.input.text(self.pos - 1);
        let message = format!("an entry here has a value: `{name}: {name}`");
        let place = self.span(self.pos - 1);
        let behind = Span::new(self.file, TextRange::empty(place.text_range().end()));
        let fix = vec![(behind, format!(": {name}"))];
        let error = Diagnostic::error("E0113", message, place)
            .with_help("only `Point { x, y }` takes the variables of these names")
            .with_fix("write the value", fix);
        self.error(error);
    }

    fn return_expr(&mut self) -> Completed {
        let marker = self.start();
        self.bump();
        let ends = matches!(
            self.current(),
            EOF | SEMI | END_KW | ELSE_KW | R_PAREN | R_BRACK | R_BRACE | INTERP_END | COMMA | PIPE | WHEN_KW
        );
        if !self.nl() && !ends {
            self.expr();
        }
        self.complete(marker, RETURN_EXPR)
    }
}
