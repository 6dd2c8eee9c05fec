//! Strings: their ends, their interpolations, their escapes and the shape of `"""` strings.

use snow_diagnostics::Diagnostic;

use super::{Lexer, Mode};
use crate::SyntaxKind::*;
use crate::strings;

impl Lexer<'_> {
    pub(super) fn string_start(&mut self) {
        let block = self.rest().starts_with("\"\"\"");
        let start = self.pos;
        self.push(STRING_START, if block { 3 } else { 1 });
        self.modes.push(Mode::Text { start, block });
        if block
            && !self.rest().trim_start_matches([' ', '\t']).starts_with(['\n', '\r'])
            && !self.rest().is_empty()
        {
            let span = self.span(start, self.pos);
            let diagnostic =
                Diagnostic::error("E0115", "the text after `\"\"\"` starts on the next line", span)
                    .with_help("start a new line here; for text on one line write `\"…\"`");
            self.error(diagnostic, false);
        }
    }

    /// A piece of text and what ends it: an interpolation, the closing quotes, or a line end that
    /// shows that they are missing.
    pub(super) fn string_piece(&mut self, start: usize, block: bool) {
        let mut at = self.pos;
        loop {
            let rest = &self.text[at..];
            match rest.as_bytes() {
                [] => {
                    self.text_until(at);
                    return;
                }
                [b'$', b'{', ..] => {
                    self.text_until(at);
                    self.push(INTERP_START, 2);
                    self.modes.push(Mode::Interp { braces: 0 });
                    return;
                }
                [b'"', b'"', b'"', ..] if block => return self.string_end(start, at, 3),
                [b'"', ..] if !block => return self.string_end(start, at, 1),
                [b'\n', ..] if !block => return self.unclosed(start, at),
                [b'\\', ..] => at += self.check_escape(at),
                [_, rest @ ..] => at += 1 + rest.iter().take_while(|&b| b & 0xC0 == 0x80).count(),
            }
        }
    }

    fn text_until(&mut self, end: usize) {
        if end > self.pos {
            self.push(STRING_TEXT, end - self.pos);
        }
    }

    fn string_end(&mut self, start: usize, end: usize, len: usize) {
        self.text_until(end);
        self.modes.pop();
        if len == 3 {
            self.check_indentation(start, end);
        }
        self.push(STRING_END, len);
    }

    fn unclosed(&mut self, start: usize, end: usize) {
        let end = if self.text[..end].ends_with('\r') { end - 1 } else { end };
        self.text_until(end);
        self.report_unclosed(start, end, false);
        // What encloses the string on this line can't be closed any more.
        while !matches!(self.modes.last(), None | Some(Mode::Text { block: true, .. })) {
            self.modes.pop();
        }
    }

    pub(super) fn unclosed_at_eof(&mut self) {
        // Where an interpolation is open too, the parser reports it.
        if let Some(&Mode::Text { start, block }) = self.modes.last() {
            self.report_unclosed(start, self.text.len(), block);
        }
    }

    fn report_unclosed(&mut self, start: usize, end: usize, block: bool) {
        // Nothing behind it but what closes brackets: it was meant to close what is open.
        let closes =
            !block && self.text[start + 1..end].chars().all(|c| matches!(c, ')' | ']' | ',' | ' ' | '\r'));
        if let Some(opener) = self.open_interp().filter(|_| closes) {
            let span = self.span(opener, opener + 2);
            let diagnostic =
                Diagnostic::error("E0103", "this `${` is not closed", span).with_help("close it with `}`");
            return self.error(diagnostic, true);
        }
        let follows = closes && self.errors.last().is_some_and(|e| e.diagnostic.code == "E0107");
        let quotes = if block { "\"\"\"" } else { "\"" };
        let end = if block { start + 3 } else { end };
        let diagnostic = Diagnostic::error("E0107", "this string is not closed", self.span(start, end))
            .with_help(match block {
                true => format!("close it with `{quotes}` on a line of its own"),
                false => format!("close it with `{quotes}`; text of several lines stands between `\"\"\"`"),
            });
        self.errors.push(super::LexError { diagnostic, breaks: true, told: !follows });
    }

    /// Where the `${` around the current string starts, if it stands on this line.
    fn open_interp(&self) -> Option<usize> {
        let [.., Mode::Interp { .. }, Mode::Text { .. }] = self.modes[..] else { return None };
        let interp = self.tokens.iter().rev().find(|t| t.kind == INTERP_START)?;
        let same_line = !self.text[interp.start as usize..self.pos.min(self.text.len())].contains('\n');
        same_line.then_some(interp.start as usize)
    }

    /// Reports an unknown escape at `at`; gives its length.
    fn check_escape(&mut self, at: usize) -> usize {
        let (meaning, len) = strings::escape(&self.text[at..]);
        if meaning.is_none() {
            let shown = &self.text[at..at + len];
            let message = match shown.starts_with("\\u") {
                true => format!("`{shown}` is no character: write `\\u{{1F600}}`"),
                false => format!("there is no escape `{shown}`"),
            };
            let diagnostic = Diagnostic::error("E0108", message, self.span(at, at + len)).with_help(
                "the escapes are `\\n \\t \\r \\0 \\\\ \\\" \\$ \\u{1F600}`; a backslash is `\\\\`",
            );
            self.error(diagnostic, false);
        }
        len
    }

    /// The closer of a `"""` string must stand on a line of its own, and every line must have its
    /// indentation.
    fn check_indentation(&mut self, start: usize, end: usize) {
        let text = &self.text[start + 3..end];
        let last_line = text.rfind('\n').map_or(0, |i| i + 1);
        let indent = &text[last_line..];
        if !indent.bytes().all(|b| b == b' ' || b == b'\t') || !text.contains('\n') {
            let diagnostic = Diagnostic::error(
                "E0115",
                "the closing `\"\"\"` stands on a line of its own",
                self.span(end, end + 3),
            )
            .with_help("start a new line before it; its indentation is removed from every line");
            // An opener without a line end has been reported already.
            if text.contains('\n') {
                self.error(diagnostic, false);
            }
            return;
        }
        // Only line starts within the string's own texts count, not those inside interpolations.
        let mut wrong = None;
        let first = self.tokens.partition_point(|t| (t.start as usize) < start);
        let mut depth = 0u32;
        for (i, token) in self.tokens[first..].iter().enumerate() {
            match token.kind {
                INTERP_START => depth += 1,
                INTERP_END => depth = depth.saturating_sub(1),
                STRING_TEXT if depth == 0 => {
                    let until = self.tokens.get(first + i + 1).map_or(end, |t| t.start as usize);
                    let piece = &self.text[token.start as usize..until];
                    wrong = wrong.or(less_indented(piece, indent).map(|at| token.start as usize + at));
                }
                _ => {}
            }
        }
        if let Some(at) = wrong {
            let closer = self.span(end, end + 3);
            let diagnostic = Diagnostic::error(
                "E0115",
                "this line is indented less than the closing `\"\"\"`",
                self.span(at, at),
            )
            .with_label(closer, "its indentation is removed from every line");
            self.error(diagnostic, false);
        }
    }
}

/// Where in `piece` a line starts that has text but not `indent`.
fn less_indented(piece: &str, indent: &str) -> Option<usize> {
    let line_starts = piece.match_indices('\n').map(|(i, _)| i + 1);
    line_starts.into_iter().find(|&at| {
        let line = piece[at..].split('\n').next().unwrap_or("");
        !line.starts_with(indent) && !line.trim().is_empty()
    })
}
