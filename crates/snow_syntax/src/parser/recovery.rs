//! What happens after a mistake: one error, then on with the next thing that can be read.
//!
//! An error is dropped where it follows from another: at the same token as the last one, near a
//! mistake of the lexer, while skipping, or after the nesting was too deep.

use snow_base::{Span, TextRange};
use snow_diagnostics::Diagnostic;

use super::Parser;
use crate::SyntaxKind::{self, *};

/// How brackets are shown: opener, closer.
fn bracket_texts(closer: SyntaxKind) -> &'static str {
    match closer {
        R_PAREN => "`)`",
        R_BRACK => "`]`",
        GT => "`>`",
        PIPE => "`|`",
        _ => "`}`",
    }
}

impl Parser<'_> {
    /// Reports `diagnostic` unless it follows from an earlier mistake.
    pub(super) fn error(&mut self, diagnostic: Diagnostic) {
        if self.speculating {
            self.failed = true;
            return;
        }
        let follows = self.muted > 0
            || self.lost && diagnostic.code != "E0114"
            || self.last_error == Some(self.pos)
            || self.input.is_near_broken(self.pos);
        self.last_error = Some(self.pos);
        let diagnostic = match self.input.set_comment(self.pos) {
            _ if follows => return,
            Some(comment) => {
                let place = Span::new(self.file, TextRange::new(comment.start.into(), comment.end.into()));
                Diagnostic::error("E0101", "what follows `#` on this line is a comment", place)
                    .with_help("a set is `Set.from_list([…])`; a value in a string is `\"${x}\"`")
            }
            None if diagnostic.code == "E0101" && matches!(self.input.kind(self.pos), AMP | BACKSLASH) => {
                super::closures::stray(self.here(), self.current())
            }
            None => diagnostic,
        };
        self.errors.push(diagnostic);
    }

    pub(super) fn error_here(&mut self, code: &'static str, message: impl Into<String>) {
        self.error(Diagnostic::error(code, message, self.here()));
    }

    /// The current token.
    pub(super) fn here(&self) -> Span {
        self.span(self.pos)
    }

    /// Did the line end before what it began was complete?
    fn line_ended(&self) -> bool {
        self.pos > self.fresh && self.nl() && !self.input.is_eof(self.pos)
    }

    /// `what` is missing: points at what stands there instead, or behind the line that ended too early.
    pub(super) fn error_expected(&mut self, what: &str) {
        let diagnostic = self.expected(what);
        self.error(diagnostic);
    }

    /// The error about `what` that is missing.
    pub(super) fn expected(&self, what: &str) -> Diagnostic {
        let message = format!("expected {what}, found {}", self.found());
        let span = if self.pos > 0 && (self.line_ended() || self.at_eof()) {
            let end = self.input.range(self.pos - 1).end;
            Span::new(self.file, snow_base::TextRange::empty(end.into()))
        } else {
            self.here()
        };
        let diagnostic = Diagnostic::error("E0101", message, span);
        match self.foreign_help() {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        }
    }

    /// The current token in words.
    pub(super) fn found(&self) -> String {
        if self.input.is_eof(self.pos) {
            return "the end of the file".to_owned();
        }
        if self.line_ended() {
            return "the end of the line".to_owned();
        }
        let text = self.input.text(self.pos);
        match self.current() {
            STRING_START => "a string".to_owned(),
            kind if kind.is_keyword() => format!("the word `{text}`"),
            _ => format!("`{}`", text.chars().take(30).flat_map(char::escape_debug).collect::<String>()),
        }
    }

    /// Puts the current token into an `ERROR` node.
    pub(super) fn bump_as_error(&mut self) {
        let marker = self.start();
        self.bump();
        self.complete(marker, ERROR);
    }

    /// Reports that the nesting is too deep and skips to the closer of this level.
    pub(super) fn too_deep(&mut self) {
        self.error_here("E0190", "this is nested too deeply");
        if self.speculating {
            return;
        }
        // Whatever follows can't be matched with its closers any more.
        self.muted += 1;
        let marker = self.start();
        let mut depth = 0u32;
        while !self.at_eof() {
            match self.current() {
                L_PAREN | L_BRACK | L_BRACE | MAP_OPEN | INTERP_START | DO_KW => depth += 1,
                R_PAREN | R_BRACK | R_BRACE | INTERP_END | END_KW if depth == 0 => break,
                R_PAREN | R_BRACK | R_BRACE | INTERP_END | END_KW => depth -= 1,
                _ => {}
            }
            self.bump();
        }
        self.complete(marker, ERROR);
    }

    /// Words that start an item and no statement.
    pub(super) fn at_item_only(&self) -> bool {
        matches!(
            self.current(),
            PUB_KW
                | STRUCT_KW
                | TYPE_KW
                | INTERFACE_KW
                | IMPL_KW
                | IMPORT_KW
                | MODULE_KW
                | ACTOR_KW
                | SERVICE_KW
                | SUPERVISOR_KW
        )
    }

    /// A closer of a bracket that encloses this block.
    pub(super) fn at_outer_closer(&self) -> bool {
        self.brackets > 0 && matches!(self.current(), R_PAREN | R_BRACK | R_BRACE | INTERP_END)
    }

    /// Skips the rest of a line on which a mistake was found: whole expressions with their blocks,
    /// so that their `end`s don't count as ours.
    pub(super) fn skip_line(&mut self) {
        if self.at_eof() {
            return;
        }
        let marker = self.start();
        self.muted += 1;
        self.within(true, false, |p| {
            let start = p.pos;
            while !p.at_eof() && (p.pos == start || !p.line_start()) {
                let before = p.pos;
                match p.current() {
                    END_KW if p.by_indentation && p.is_end_of_nothing() => p.bump(),
                    SEMI | END_KW | ELSE_KW => break,
                    _ if p.at_outer_closer() => break,
                    DO_KW | FN_KW | IF_KW | CASE_KW | MATCH_KW | RECEIVE_KW | WHILE_KW | FOR_KW | L_PAREN
                    | L_BRACK | L_BRACE | MAP_OPEN | STRING_START => {
                        p.expr();
                    }
                    _ => p.bump(),
                }
                if p.pos == before {
                    p.bump();
                }
            }
        });
        self.muted -= 1;
        self.complete(marker, ERROR);
    }

    /// In the middle of a line that can't be read: an `end` of what the line began, since the innermost block stands above.
    fn is_end_of_nothing(&self) -> bool {
        let first = (0..=self.pos).rev().find(|&at| self.input.starts_line(at)).unwrap_or(0);
        !self.line_start() && self.opens.last().is_some_and(|open| open.opener < first)
    }

    /// Reads what stands between brackets, separated by commas; the opener has been consumed.
    pub(super) fn list(&mut self, opener: usize, close: SyntaxKind, item: impl FnMut(&mut Self)) {
        self.list_with(opener, close, None, item);
    }

    /// The same of a list in which a missing comma may have been reported: `commas`.
    pub(super) fn list_with(
        &mut self,
        opener: usize,
        close: SyntaxKind,
        mut commas: Option<usize>,
        mut item: impl FnMut(&mut Self),
    ) {
        while !self.at(close) && !self.at_eof() {
            let before = self.pos;
            item(self);
            if self.at(close) {
                break;
            }
            if self.eat(COMMA) {
                continue;
            }
            if self.only_comma_missing(opener, close) {
                commas = self.comma_missing(commas);
            } else {
                self.list_error(opener, close, true);
                if !self.skip_in_list(close) {
                    break;
                }
                self.eat(COMMA);
            }
            if self.pos == before {
                break;
            }
        }
        if !self.eat(close) {
            self.list_error(opener, close, true);
        }
    }

    /// The closer of a bracket around one thing; what stands before it is skipped.
    pub(super) fn close_bracket(&mut self, opener: usize, close: SyntaxKind) {
        if !self.eat(close) {
            self.list_error(opener, close, false);
            self.skip_in_list(close);
            self.eat(close);
        }
    }

    /// Does what stands here look like another element, so that only a comma is missing?
    pub(super) fn only_comma_missing(&self, opener: usize, close: SyntaxKind) -> bool {
        let starts = matches!(self.current(), IDENT | TYPE_IDENT | INT | FLOAT | ATOM | STRING_START);
        if !starts || self.newlines || !matches!(close, R_PAREN | R_BRACK | R_BRACE) {
            return false;
        }
        if self.line_start() {
            return self.input.indent(self.pos) > self.input.indent(opener)
                && self.closer_follows_lines(opener);
        }
        let previous = self.input.kind(self.pos - 1);
        let complete = matches!(previous, IDENT | TYPE_IDENT | INT | FLOAT | ATOM | STRING_END)
            || matches!(previous, TRUE_KW | FALSE_KW | R_PAREN | R_BRACK | R_BRACE);
        // `f"…"` and `1px` are something else.
        complete && !self.input.touches_previous(self.pos) && self.foreign_help().is_none()
    }

    /// Reports the missing comma in front of the current token; further ones of the same list belong to `first`.
    pub(super) fn comma_missing(&mut self, first: Option<usize>) -> Option<usize> {
        let end = self.span(self.pos - 1).text_range().end();
        let edit = (Span::new(self.file, snow_base::TextRange::empty(end)), ",".to_owned());
        if first.is_some() {
            self.also_edit(first, edit);
            return first;
        }
        let diagnostic = Diagnostic::error("E0101", "expected `,` between these", self.here());
        self.report(diagnostic.with_fix("write `,`", vec![edit]))
    }

    /// Is the opener the last token of its line, as in lists of one element a line?
    fn closer_follows_lines(&self, opener: usize) -> bool {
        self.input.starts_line(opener + 1)
    }

    pub(super) fn list_error(&mut self, opener: usize, close: SyntaxKind, comma: bool) {
        let closer = bracket_texts(close);
        let stops = self.line_start()
            || matches!(
                self.current(),
                EOF | END_KW | ELSE_KW | DO_KW | R_PAREN | R_BRACK | R_BRACE | INTERP_END
            );
        if stops && close != GT && close != PIPE {
            let text = self.input.text(opener);
            let diagnostic =
                Diagnostic::error("E0103", format!("this `{text}` is not closed"), self.span(opener))
                    .with_label(self.span(self.pos), format!("expected {closer} before this"));
            self.error(diagnostic);
        } else if self.at(FAT_ARROW) && close == R_PAREN {
            self.fat_arrow();
        } else if self.foreign_operator() {
            // Reported in its own words.
        } else {
            self.error_expected(&if comma { format!("`,` or {closer}") } else { closer.to_owned() });
        }
    }

    /// Skips to the next comma or `close` on this line. False if there is none.
    fn skip_in_list(&mut self, close: SyntaxKind) -> bool {
        let start = self.pos;
        self.muted += 1;
        let marker = self.start();
        let found = loop {
            if self.at(close) || self.at(COMMA) {
                break true;
            }
            match self.current() {
                EOF | END_KW | ELSE_KW | DO_KW | SEMI | ARROW => break false,
                R_PAREN | R_BRACK | R_BRACE | INTERP_END => break false,
                _ if self.line_start() => break false,
                L_PAREN | L_BRACK | L_BRACE | MAP_OPEN | STRING_START | FN_KW => {
                    let before = self.pos;
                    self.expr();
                    if self.pos == before {
                        self.bump();
                    }
                }
                _ => self.bump(),
            }
        };
        self.complete(marker, ERROR);
        self.muted -= 1;
        // Later errors at the place where skipping ended follow from this one.
        self.last_error = Some(self.pos);
        found && self.pos >= start
    }
}
