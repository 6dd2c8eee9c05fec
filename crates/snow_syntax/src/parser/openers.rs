//! How a block is opened and closed: `do … end`, and what other languages write instead.
//!
//! A block in braces, or behind a `:` and indented, is read as if it were written rightly, with one error whose fix
//! writes it so. Which tokens end the statements of a block is told in `blocks`.

use snow_base::{Span, TextRange};
use snow_diagnostics::Diagnostic;

use super::blocks::BlockKind;
use super::{Closer, Open, Parser};
use crate::SyntaxKind::*;

impl Parser<'_> {
    /// Registers the token before the current one as the opener of a block.
    pub(super) fn open_block(&mut self, opener: usize, of_item: bool) -> Open {
        let indent = self.input.indent(opener);
        let open = Open { opener, indent, of_item, closer: Closer::End, report: None };
        self.opens.push(open);
        open
    }

    /// `do` statements `end`; the statements in a `BLOCK`.
    pub(super) fn do_block(&mut self, of_item: bool) {
        if let Some(open) = self.expect_do(of_item) {
            self.block(BlockKind::Plain);
            self.close_block(open);
        }
    }

    /// The `do` that opens a block, or an error that says how blocks are written.
    pub(super) fn expect_do(&mut self, of_item: bool) -> Option<Open> {
        if self.eat_here(DO_KW) {
            self.joins = None;
            return Some(self.open_block(self.pos - 1, of_item));
        }
        if let Some(open) = self.foreign_opener(of_item) {
            return Some(open);
        }
        if self.at_here(EQ) {
            self.foreign_word("`=` doesn't compare: the operator is `==`", "==");
        } else {
            let diagnostic = self.expected("`do`");
            let deeper = self.nl() && self.input.indent(self.pos) > self.input.indent(self.pos - 1);
            let end = self.input.range(self.pos - 1).end;
            let edit = (Span::new(self.file, TextRange::empty(end.into())), " do".to_owned());
            self.error(match deeper {
                true => diagnostic.with_fix("write `do`", vec![edit]),
                false => diagnostic,
            });
        }
        // A `do` later on the line is still the one that is meant.
        if !self.line_start() && !self.at_block_end(BlockKind::Plain) {
            self.skip_to_do();
        }
        // Where the next line is indented like a block, only the `do` is missing.
        let goes_on = self.line_start() && self.input.indent(self.pos) > self.input.indent(self.pos - 1);
        (self.eat_here(DO_KW) || goes_on).then(|| self.open_block(self.pos - 1, of_item))
    }

    fn skip_to_do(&mut self) {
        let marker = self.start();
        while !self.at_eof()
            && !self.line_start()
            && !self.at(DO_KW)
            && !self.at(END_KW)
            && !self.at_outer_closer()
        {
            self.bump();
        }
        self.complete(marker, ERROR);
    }

    /// `{`, `:`, `then` or `of` where a `do` stands.
    fn foreign_opener(&mut self, of_item: bool) -> Option<Open> {
        let closer = match self.current() {
            _ if self.nl() => return None,
            L_BRACE => Closer::Brace,
            COLON => Closer::Dedent,
            // `if a then b else c` ends with its line.
            IDENT if self.at_word("then") && !self.input.starts_line(self.pos + 1) => Closer::Dedent,
            IDENT if self.at_word("then") || self.at_word("of") => Closer::End,
            _ => return None,
        };
        let shown = self.input.text(self.pos);
        let message = match closer {
            Closer::Brace => "blocks are written `do … end`, not with braces".to_owned(),
            _ => format!("a block is opened by `do`, not by `{shown}`"),
        };
        let text = if self.input.touches_previous(self.pos) { " do" } else { "do" };
        let edit = (self.here(), text.to_owned());
        let report = match self.joins.take() {
            Some(joined) => {
                self.also_edit(Some(joined), edit);
                Some(joined)
            }
            None => {
                let diagnostic = Diagnostic::error("E0113", message, self.here());
                self.report(diagnostic.with_safe_fix("write `do … end`", vec![edit]))
            }
        };
        let indent = self.input.indent(self.pos);
        let open = Open { opener: self.pos, indent, of_item, closer, report };
        self.bump_as_error();
        self.brackets += u32::from(closer == Closer::Brace);
        self.opens.push(open);
        Some(open)
    }

    /// `fn(x) { … }`: the closure's block is in braces.
    pub(super) fn closure_in_braces(&mut self, open: &mut Open) {
        let edit = (self.here(), "->".to_owned());
        let diagnostic =
            Diagnostic::error("E0113", "a closure is written `fn x -> … end`, not with braces", self.here());
        open.report = self.report(diagnostic.with_safe_fix("write `-> … end`", vec![edit]));
        self.bump_as_error();
        self.brackets += 1;
        open.closer = Closer::Brace;
        self.sync_open(*open);
    }

    /// Reports `diagnostic`; its place in the list of errors, unless it follows from an earlier one.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) -> Option<usize> {
        let before = self.errors.len();
        self.error(diagnostic);
        (self.errors.len() > before).then_some(before)
    }

    /// The fix of an error needs this change too.
    pub(super) fn also_edit(&mut self, report: Option<usize>, edit: (Span, String)) {
        let error = report.and_then(|at| self.errors.get_mut(at));
        if let Some(fix) = error.and_then(|e| e.fixes.first_mut()) {
            fix.edits.push(edit);
        }
    }

    /// Does a less indented line end the block that a `:` opened?
    pub(super) fn at_dedent(&self) -> bool {
        let open = self.opens.last().filter(|o| o.closer == Closer::Dedent);
        open.is_some_and(|o| self.line_start() && self.input.indent(self.pos) <= o.indent)
    }

    /// Is the innermost block in braces?
    pub(super) fn in_braces(&self) -> bool {
        self.opens.last().is_some_and(|o| o.closer == Closer::Brace)
    }

    /// What closes `open`, the innermost open block.
    pub(super) fn close_block(&mut self, open: Open) {
        self.opens.pop();
        match open.closer {
            Closer::End => self.close_by_end(open),
            Closer::Brace => self.close_by_brace(open),
            Closer::Dedent => self.close_by_dedent(open),
        }
    }

    fn close_by_end(&mut self, open: Open) {
        if self.at(END_KW) && !self.end_is_of_outer(open.indent) {
            self.bump();
            return;
        }
        // `f(fn x -> x + 1)`: the bracket tells where the closure ends.
        let one_line = !(open.opener + 1..=self.pos).any(|at| self.input.starts_line(at));
        let end =
            Span::new(self.file, TextRange::empty(self.input.range(self.pos.saturating_sub(1)).end.into()));
        let in_bracket = one_line && self.input.kind(open.opener) == FN_KW && self.at_outer_closer();
        if in_bracket && open.report.is_some() {
            return self.also_edit(open.report, (end, " end".to_owned()));
        }
        self.ends_mismatch = true;
        let word = self.input.text(open.opener);
        let diagnostic = Diagnostic::error(
            "E0102",
            format!("this `{word}` is not closed by an `end`"),
            self.span(open.opener),
        )
        .with_label(self.span(self.pos), "expected `end` before this");
        self.error(match in_bracket {
            true => diagnostic.with_safe_fix("write `end`", vec![(end, " end".to_owned())]),
            false => diagnostic,
        });
    }

    /// The `}` of a block in braces; what can't be read before it is skipped, since the braces are reported.
    fn close_by_brace(&mut self, open: Open) {
        self.brackets -= 1;
        let marker = self.start();
        let mut depth = 0u32;
        while !(self.at_eof() || self.at_item_only() && self.line_start()) {
            match self.current() {
                R_BRACE | END_KW if depth == 0 => break,
                L_BRACE | MAP_OPEN => depth += 1,
                R_BRACE => depth -= 1,
                _ => {}
            }
            self.bump();
        }
        if self.at(R_BRACE) {
            let text = if self.input.touches_previous(self.pos) { " end" } else { "end" };
            self.also_edit(open.report, (self.here(), text.to_owned()));
        }
        if matches!(self.current(), R_BRACE | END_KW) {
            self.bump();
        }
        self.complete(marker, ERROR);
        self.last_error = Some(self.pos);
    }

    /// The end of a block behind a `:`, which an `end` may mark nevertheless.
    fn close_by_dedent(&mut self, open: Open) {
        if self.at(END_KW) && (!self.line_start() || self.input.indent(self.pos) == open.indent) {
            return self.bump();
        }
        let last = self.pos.saturating_sub(1);
        let one_line = !(open.opener + 1..=last).any(|at| self.input.starts_line(at));
        let text = match one_line {
            true => " end".to_owned(),
            false => format!("\n{}end", " ".repeat(open.indent as usize)),
        };
        let end = self.input.range(last).end;
        let at = Span::new(self.file, TextRange::empty(end.into()));
        self.also_edit(open.report, (at, text));
    }

    /// Does `else` or a word for `else if` stand here, as part of the chain that `open` opened?
    pub(super) fn at_else(&self, open: &Open) -> bool {
        let at = usize::from(open.closer == Closer::Brace && self.at(R_BRACE));
        let outer =
            open.closer == Closer::Dedent && self.line_start() && self.input.indent(self.pos) < open.indent;
        (self.nth(at) == ELSE_KW || self.is_elif(at)) && !outer
    }

    /// The `}` in front of an `else`: the block in braces ends.
    pub(super) fn close_branch(&mut self, open: &mut Open) {
        if self.at(R_BRACE) {
            self.brackets -= 1;
            let upto = self.span(self.pos + 1).text_range().start();
            let span = Span::new(self.file, TextRange::new(self.here().text_range().start(), upto));
            self.also_edit(open.report, (span, String::new()));
            self.bump_as_error();
        }
        // Behind `then` the line ends the `else` too.
        if open.closer != Closer::Dedent || self.input.text(open.opener) != "then" {
            open.closer = Closer::End;
        }
        self.sync_open(*open);
    }

    /// `{` or `:` behind an `else`, which opens a block by itself.
    pub(super) fn after_else(&mut self, open: &mut Open) {
        let closer = match self.current() {
            _ if self.nl() => return,
            L_BRACE => Closer::Brace,
            COLON => Closer::Dedent,
            _ => return,
        };
        let before = self.span(self.pos - 1).text_range().end();
        let edit =
            (Span::new(self.file, TextRange::new(before, self.here().text_range().end())), String::new());
        if open.report.is_some() {
            self.also_edit(open.report, edit);
        } else {
            let message = format!("`else` opens a block by itself, without `{}`", self.input.text(self.pos));
            let diagnostic = Diagnostic::error("E0113", message, self.here());
            open.report = self.report(diagnostic.with_safe_fix("remove it", vec![edit]));
        }
        self.bump_as_error();
        self.brackets += u32::from(closer == Closer::Brace);
        open.closer = closer;
        self.sync_open(*open);
    }

    /// The `do` of an `else if`, which opens nothing of its own: the chain has one `end`.
    pub(super) fn chain_on(&mut self, open: &mut Open) {
        self.joins = open.report;
        if let Some(inner) = self.expect_do(false) {
            self.opens.pop();
            open.closer = inner.closer;
            open.report = open.report.or(inner.report);
            self.sync_open(*open);
        }
        self.joins = None;
    }

    pub(super) fn sync_open(&mut self, open: Open) {
        if let Some(last) = self.opens.last_mut() {
            *last = open;
        }
    }

    /// By indentation: does this `end` belong to an open block and not to one just popped?
    fn end_is_of_outer(&self, popped: u32) -> bool {
        let indent = self.input.indent(self.pos);
        self.by_indentation
            && self.line_start()
            && indent < popped
            && self.opens.iter().any(|o| o.indent == indent)
    }

    /// By indentation: does this `end` belong to no open block?
    pub(super) fn at_stray_end(&self) -> bool {
        if !self.by_indentation || !self.at(END_KW) || !self.line_start() {
            return false;
        }
        let indent = self.input.indent(self.pos);
        self.opens.last().is_some_and(|o| indent > o.indent) && !self.opens.iter().any(|o| o.indent == indent)
    }

    /// By indentation: does an item start here, though blocks are open?
    pub(super) fn at_item_by_indentation(&self) -> bool {
        if !self.by_indentation || !self.line_start() || !self.at_named_fn() {
            return false;
        }
        let item = self.opens.iter().rev().find(|o| o.of_item);
        item.is_some_and(|o| self.input.indent(self.pos) <= o.indent)
    }
}
