//! `case` and `receive`: arms, and what other languages write for them.
//!
//! Mistakes that all arms of a list share are told once.

use snow_base::{Span, TextRange};
use snow_diagnostics::Diagnostic;

use super::blocks::BlockKind;
use super::{Completed, Parser};
use crate::SyntaxKind::*;

/// What has been said of the arms of one list.
#[derive(Default)]
struct Told {
    /// What was wrong with the head of an arm.
    said: Option<String>,
    /// The error about arms as other languages write them: its fix changes them all.
    foreign: Option<usize>,
}

impl Parser<'_> {
    pub(super) fn case_expr(&mut self) -> Completed {
        let marker = self.start();
        self.bump();
        self.condition();
        if let Some(open) = self.expect_do(false) {
            self.within(true, false, |p| p.arms(BlockKind::Arm));
            self.close_block(open);
        }
        self.complete(marker, CASE_EXPR)
    }

    pub(super) fn receive_expr(&mut self) -> Completed {
        let marker = self.start();
        self.bump();
        if let Some(open) = self.expect_do(false) {
            self.within(true, false, |p| p.arms(BlockKind::ReceiveArm));
            self.close_block(open);
        }
        self.complete(marker, RECEIVE_EXPR)
    }

    fn arms(&mut self, kind: BlockKind) {
        let mut told = Told::default();
        let mut after = None;
        loop {
            while self.eat(SEMI) || self.comma_between_arms() {}
            if self.at_block_end(BlockKind::Plain) && !self.at_else_arm() {
                break;
            }
            let before = self.pos;
            self.fresh = before;
            if let Some(span) = after.take() {
                self.error(Diagnostic::error("E0101", "`after` is the last arm of a `receive`", span));
            }
            if kind == BlockKind::ReceiveArm && self.at_after() {
                after = Some(self.here());
                self.after_arm();
            } else {
                self.arm(kind, &mut told);
            }
            if self.pos == before {
                self.skip_line();
            }
            if self.pos == before {
                self.bump_as_error();
            }
        }
    }

    fn after_arm(&mut self) {
        let marker = self.start();
        self.bump();
        self.condition();
        let body = self.arrow(false, &Told::default(), BlockKind::ReceiveArm);
        self.arm_body(body);
        self.complete(marker, AFTER_ARM);
    }

    /// One arm. An error in its head that says what another one said is left out.
    fn arm(&mut self, kind: BlockKind, told: &mut Told) {
        let marker = self.start();
        let before = self.errors.len();
        let is_else = self.at_else_arm();
        let word = self.arm_word(told);
        if !is_else {
            self.pattern(true, true);
            self.guard();
        }
        let body = self.arrow(word, told, kind);
        if let Some(error) = self.errors.get(before).filter(|e| e.fixes.is_empty()) {
            // What is found instead differs from arm to arm, what is missing doesn't.
            let missing = error.message.split(", found ").next().map(str::to_owned);
            if told.said == missing {
                self.errors.truncate(before);
            } else {
                told.said = missing;
            }
        }
        self.arm_body(body);
        self.complete(marker, MATCH_ARM);
    }

    /// `case`, `when` or `|` in front of a pattern, or `else` for `_`. Consumed, if one stands here.
    fn arm_word(&mut self, told: &mut Told) -> bool {
        let word = self.input.text(self.pos);
        let (message, edit, title) = if self.at_else_arm() {
            let message = "the arm for everything else is `_ -> …`, not `else`";
            (message.to_owned(), (self.here(), "_".to_owned()), "write `_`")
        } else if matches!(self.current(), CASE_KW | WHEN_KW | PIPE) {
            let upto = self.span(self.pos + 1).text_range().start();
            let span = Span::new(self.file, TextRange::new(self.here().text_range().start(), upto));
            (
                format!("an arm is written `pattern -> …`, without `{word}`"),
                (span, String::new()),
                "write `pattern -> …`",
            )
        } else {
            return false;
        };
        if told.foreign.is_some() {
            self.also_edit(told.foreign, edit);
        } else {
            let diagnostic = Diagnostic::error("E0113", message, self.here());
            told.foreign = self.report(diagnostic.with_safe_fix(title, vec![edit]));
        }
        self.bump_as_error();
        true
    }

    /// The arrow of an arm, or what other languages write for it: what kind of block follows. `word`: a word in
    /// front of the pattern has been reported.
    fn arrow(&mut self, word: bool, told: &Told, kind: BlockKind) -> Option<BlockKind> {
        if self.eat_here(ARROW) {
            return Some(kind);
        }
        if !self.at_arrow() {
            if !word || self.nl() {
                self.error_expected("`->`");
                return None;
            }
            // `else x`: the arrow belongs to the change that makes an arm of it.
            let at = Span::new(self.file, TextRange::empty(self.here().text_range().start()));
            self.also_edit(told.foreign, (at, "-> ".to_owned()));
            return Some(kind);
        }
        let shown = self.input.text(self.pos);
        let text = if self.input.touches_previous(self.pos) { " ->" } else { "->" };
        if told.foreign.is_some() {
            self.also_edit(told.foreign, (self.here(), text.to_owned()));
        } else {
            self.foreign_word(&format!("arms are written with `->`, not `{shown}`"), text);
        }
        let colon = !self.at(FAT_ARROW) && kind == BlockKind::Arm;
        self.bump_as_error();
        Some(if colon { BlockKind::ColonArm } else { kind })
    }

    /// `->`, or what other languages write for it?
    fn at_arrow(&self) -> bool {
        let foreign = matches!(self.current(), FAT_ARROW | COLON) || self.at_word("then");
        self.at_here(ARROW) || foreign && !self.nl() && self.nth(1) != EQ
    }

    fn arm_body(&mut self, kind: Option<BlockKind>) {
        match kind {
            Some(kind) => self.block(kind),
            None => self.skip_line(),
        }
    }

    /// `else` in the place of an arm: further in than what the arms belong to.
    fn at_else_arm(&self) -> bool {
        let inside = |o: &super::Open| self.input.indent(self.pos) > o.indent;
        self.at(ELSE_KW) && self.line_start() && self.opens.last().is_some_and(inside)
    }

    /// A comma between two arms: consumed.
    fn comma_between_arms(&mut self) -> bool {
        if !self.at(COMMA) {
            return false;
        }
        let last = self.input.starts_line(self.pos + 1) || self.nth(1) == R_BRACE;
        let edit = (self.here(), if last { "" } else { ";" }.to_owned());
        match self.opens.last().and_then(|o| o.report).filter(|_| self.in_braces()) {
            Some(report) => self.also_edit(Some(report), edit),
            None => {
                let message = "arms stand on lines of their own, without `,`";
                let diagnostic = Diagnostic::error("E0113", message, self.here());
                self.error(diagnostic.with_safe_fix("remove it", vec![edit]));
            }
        }
        self.bump_as_error();
        true
    }

    /// The word `after` with a time behind it, rather than a variable of that name.
    pub(super) fn at_after(&self) -> bool {
        let operand = matches!(
            self.nth(1),
            INT | FLOAT | STRING_START | IDENT | TYPE_IDENT | L_PAREN | MINUS | IF_KW | CASE_KW | DO_KW
        );
        self.at_word("after") && operand && !self.input.starts_line(self.pos + 1)
    }

    /// Does a new arm begin here: can a pattern be read that ends at `->` or `when`? `colon`: or at `:` or `then`.
    pub(super) fn at_arm(&mut self, colon: bool) -> bool {
        if matches!(self.current(), CASE_KW | WHEN_KW | PIPE) && self.line_start() {
            return self.looks_like(
                |p| {
                    p.bump();
                    p.within(true, false, |p| p.pattern(true, true));
                },
                Self::at_arrow,
            );
        }
        self.at_pattern_start()
            && self.looks_like(
                |p| p.within(true, false, |p| p.pattern(true, true)),
                |p| {
                    let then = p.at_word("then") && !p.line_start();
                    let colon = colon && (then || p.at_here(COLON) && p.nth(1) != EQ);
                    let foreign = p.at_here(FAT_ARROW) || colon;
                    p.at_here(ARROW) || p.at_here(WHEN_KW) || p.at_here(IF_KW) || foreign
                },
            )
    }
}
