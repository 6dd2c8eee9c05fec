//! What stands on a line of its own and belongs to the line before: how is it told and read?
//!
//! Says nothing where a new line may begin so. What is told is read as if it stood where it belongs.

use snow_base::{Span, TextRange};
use snow_diagnostics::Diagnostic;

use super::Parser;
use crate::SyntaxKind::{self, *};

impl Parser<'_> {
    /// At an infix operator that begins a line, behind an expression: does the expression go on? No expression begins so.
    pub(super) fn operator_leads(&mut self, op: SyntaxKind) -> bool {
        let begins_none = matches!(
            op,
            OR_KW | PIPE2 | AND_KW | AMP2 | EQ2 | NEQ | GT | LE | GE | DIAMOND | PLUS2 | PLUS | STAR | SLASH
        );
        let next = self.pos + 1;
        let stands_apart = !self.input.touches_previous(next) && !self.input.starts_line(next);
        if !begins_none || !stands_apart || self.speculating || self.pos == 0 || self.input.is_eof(next) {
            return false;
        }
        let text = self.input.text(self.pos);
        let here = self.here().text_range();
        let before = Span::new(self.file, TextRange::empty(self.span(self.pos - 1).text_range().end()));
        let cut = Span::new(self.file, TextRange::new(here.start(), self.span(next).text_range().start()));
        let edits = [(before, format!(" {text}")), (cut, String::new())];
        match self.led {
            // Each of several lines is the same mistake.
            Some((fresh, report)) if fresh == self.fresh => {
                edits.into_iter().for_each(|edit| self.also_edit(Some(report), edit));
            }
            _ => {
                let message = format!(
                    "an expression goes on where its line ends in the operator: no line begins with `{text}`"
                );
                let error = Diagnostic::error("E0113", message, self.here())
                    .with_safe_fix("end the line before in it", edits.to_vec());
                self.led = self.report(error).map(|report| (self.fresh, report));
            }
        }
        true
    }

    /// A part of a function's head, or its body, at the start of a line: it belongs to the line before.
    pub(super) fn join_head(&mut self) {
        if matches!(self.current(), ARROW | WHERE_KW | WHEN_KW | DO_KW | EQ) {
            self.join_line();
        }
    }

    /// The current token is read as part of the line before; it is told if it begins one.
    pub(super) fn join_line(&mut self) {
        if !self.nl() || self.pos == 0 {
            return;
        }
        self.same_line = Some(self.pos);
        let text = self.input.text(self.pos);
        let message = format!("`{text}` stands on the line of what it belongs to");
        let error = Diagnostic::error("E0113", message, self.here());
        let edit = self.gap_before().map(|gap| (gap, " ".to_owned()));
        if let Some((fresh, report)) = self.led
            && fresh == self.fresh
        {
            match edit {
                Some(edit) => self.also_edit(Some(report), edit),
                // A comment stands between: the change of the others alone would leave this one.
                None => {
                    let fixes = self.errors.get_mut(report).into_iter().flat_map(|error| &mut error.fixes);
                    fixes.for_each(|fix| fix.safe = false);
                }
            }
            return;
        }
        let error = match edit {
            Some(edit) => error.with_safe_fix("put it there", vec![edit]),
            None => error,
        };
        self.led = self.report(error).map(|report| (self.fresh, report));
    }

    /// What stands between the current token and the one before, if nothing but blanks and the ends of lines does.
    fn gap_before(&self) -> Option<Span> {
        let (before, here) = (self.span(self.pos - 1).text_range(), self.here().text_range());
        let both = self.input.text_of(self.pos - 1..self.pos + 1);
        let gap = &both[before.len().into()..both.len() - usize::from(here.len())];
        gap.trim().is_empty().then(|| Span::new(self.file, TextRange::new(before.end(), here.start())))
    }
}
