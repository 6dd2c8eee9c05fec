//! Blocks, statements, and what consists of blocks: `if`, `case`, `receive`, loops, closures.

use snow_base::{Span, TextRange};
use snow_diagnostics::{Diagnostic, foreign};

use super::{Completed, Open, Parser};
use crate::SyntaxKind::*;

/// What ends a block besides `end` and `else`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    Plain,
    /// A new arm.
    Arm,
    /// A new arm or `after`.
    ReceiveArm,
    /// As `Arm`, where the arms before are written `pattern: …` or `pattern then …`.
    ColonArm,
    /// `|`, which starts the next clause.
    Clause,
    /// `terminate do`.
    Actor,
}

impl BlockKind {
    /// Is it the body of an arm?
    fn is_arm(self) -> bool {
        matches!(self, BlockKind::Arm | BlockKind::ColonArm | BlockKind::ReceiveArm)
    }
}

impl Parser<'_> {
    /// Statements up to what ends this kind of block, in a `BLOCK`.
    pub(super) fn block(&mut self, kind: BlockKind) {
        let marker = self.start();
        self.nest(|p| p.within(true, false, |p| p.statements(kind)));
        self.complete(marker, BLOCK);
    }

    fn statements(&mut self, kind: BlockKind) {
        loop {
            while self.eat(SEMI) {}
            if self.at_stray_end() {
                self.ends_mismatch = true;
                self.error_here("E0104", "this `end` closes nothing");
                self.bump_as_error();
                continue;
            }
            if self.at_block_end(kind) {
                break;
            }
            let before = self.pos;
            self.fresh = before;
            self.statement();
            self.end_of_statement(kind);
            if self.pos == before {
                self.skip_line();
            }
            if self.pos == before {
                self.bump_as_error();
            }
        }
    }

    pub(super) fn at_block_end(&mut self, kind: BlockKind) -> bool {
        match self.current() {
            EOF | END_KW | ELSE_KW => return true,
            COMMA if kind.is_arm() => return true,
            _ if self.is_elif(0) || self.at_dedent() => return true,
            _ if self.at_item_only() && self.line_start()
                || self.at_outer_closer()
                || self.at_item_by_indentation() =>
            {
                return true;
            }
            _ => {}
        }
        match kind {
            BlockKind::Plain => false,
            // What stands behind the arrow is no further arm, even if the next line starts with `|`.
            BlockKind::Arm => self.may_start_arm() && self.at_arm(false),
            BlockKind::ColonArm => self.may_start_arm() && self.at_arm(true),
            BlockKind::ReceiveArm => self.at_after() || self.may_start_arm() && self.at_arm(false),
            BlockKind::Clause => self.at(PIPE) || self.at_unmarked_clause(),
            BlockKind::Actor => self.at_terminate(),
        }
    }

    /// At the start of a line, or behind `;`?
    fn may_start_arm(&self) -> bool {
        self.line_start() || self.pos > 0 && self.input.kind(self.pos - 1) == SEMI
    }

    pub(super) fn at_terminate(&self) -> bool {
        self.at_word("terminate") && self.nth(1) == DO_KW
    }

    /// What may stand between two statements; anything else is a mistake and skipped.
    fn end_of_statement(&mut self, kind: BlockKind) {
        if self.at(SEMI) || self.line_start() || self.at_eof() {
            return;
        }
        // An arm must start on a line of its own or after `;`.
        let ends = match kind {
            BlockKind::ReceiveArm if self.at_after() => true,
            kind if kind.is_arm() => self.at(COMMA) || self.at_block_end(BlockKind::Plain),
            _ => self.at_block_end(kind),
        };
        if ends {
            return;
        }
        if self.block_without_call() {
            return;
        }
        self.misplaced();
        self.skip_line();
    }

    /// `spawn do … end`: reported and read, if it stands here.
    fn block_without_call(&mut self) -> bool {
        let name = self.pos > 0 && self.input.kind(self.pos - 1) == IDENT;
        if !self.at(DO_KW) || !name {
            return false;
        }
        let name = self.input.text(self.pos - 1);
        if name == "cond" {
            self.cond();
            return true;
        }
        if let ("try", Some(own)) = (name, foreign::statement(name)) {
            self.error(Diagnostic::error("E0113", own, self.span(self.pos - 1)));
        } else {
            let message = format!("a block stands behind a call's parentheses: `{name}() do … end`");
            let end = self.span(self.pos - 1).text_range().end();
            let edit = (Span::new(self.file, TextRange::empty(end)), "()".to_owned());
            let error = Diagnostic::error("E0101", message, self.here());
            self.error(error.with_safe_fix("add `()`", vec![edit]));
        }
        let marker = self.start();
        if let Some(open) = self.expect_do(false) {
            self.block_params();
            self.block(BlockKind::Plain);
            self.close_block(open);
        }
        self.complete(marker, ERROR);
        true
    }

    /// `cond do … end`: reported and passed over up to its `end`.
    fn cond(&mut self) {
        let message = "choices between conditions are written `if … do … else if … do … else … end`";
        self.error(Diagnostic::error("E0113", message, self.span(self.pos - 1)));
        let indent = self.input.indent(self.pos);
        let marker = self.start();
        while !self.at_eof() {
            let closes = self.at(END_KW) && self.line_start() && self.input.indent(self.pos) <= indent;
            self.bump();
            if closes {
                break;
            }
        }
        self.complete(marker, ERROR);
    }

    /// Reports what stands behind a complete statement.
    fn misplaced(&mut self) {
        let compound = matches!(self.current(), PLUS | MINUS | STAR | SLASH) && self.nth(1) == EQ;
        let walrus = self.at(COLON) && self.nth(1) == EQ;
        if self.at(EQ) || compound || walrus {
            return self.assignment();
        }
        if self.foreign_operator() {
            return;
        }
        match self.current() {
            R_PAREN | R_BRACK | R_BRACE => {
                let message = format!("this `{}` closes nothing", self.input.text(self.pos));
                self.error_here("E0104", message);
            }
            FAT_ARROW => self.fat_arrow(),
            COLON2 => {
                self.error_here("E0101", "an annotation can't stand here: write `let name :: Type = …`")
            }
            ARROW => self.error_here("E0101", "what stands before this `->` is no pattern"),
            // What belongs to a `try` was reported with it.
            _ if self.pos == self.fresh + 1
                && matches!(self.input.text(self.fresh), "except" | "catch" | "rescue" | "finally")
                && !self.errors.is_empty() => {}
            _ => self.error_expected("a new line"),
        }
    }

    fn statement(&mut self) {
        if self.foreign_statement() {
            return;
        }
        match self.current() {
            LET_KW => self.let_statement(),
            FN_KW if self.at_named_fn() => {
                let marker = self.start();
                self.fn_item(marker, false);
            }
            _ => {
                self.expr();
            }
        }
    }

    /// `fn name(` or `fn name<`, which starts a definition and no closure.
    pub(super) fn at_named_fn(&self) -> bool {
        let name = matches!(self.nth(1), IDENT) || self.nth(1).is_keyword();
        self.at(FN_KW) && name && matches!(self.nth(2), L_PAREN | LT)
    }

    pub(super) fn let_statement(&mut self) {
        let marker = self.start();
        self.bump();
        self.no_mut();
        if self.at_bare_tuple() {
            self.bare_tuple();
        } else {
            self.pattern(true, false);
        }
        self.annotation("the type of a variable stands after `::`");
        if self.expect(EQ, "`=`") {
            self.expr();
        }
        self.complete(marker, LET_STMT);
    }

    pub(super) fn if_expr(&mut self) -> Completed {
        let marker = self.start();
        self.bump();
        self.condition();
        if let Some(mut open) = self.expect_do(false) {
            self.block(BlockKind::Plain);
            let mut last = None;
            while self.at_else(&open) {
                if let Some(last) = last.take() {
                    let message = "expected `end`: `else` is the last branch of an `if`";
                    let diagnostic = Diagnostic::error("E0101", message, self.here());
                    self.error(diagnostic.with_label(last, "the `else` stands here"));
                }
                let place = self.here();
                if self.else_branch(&mut open) {
                    last = Some(place);
                }
            }
            self.close_block(open);
        }
        self.complete(marker, IF_EXPR)
    }

    /// One branch; whether it has no condition, so that none may follow.
    fn else_branch(&mut self, open: &mut Open) -> bool {
        let branch = self.start();
        self.close_branch(open);
        let elif = self.is_elif(0);
        if elif {
            let message = format!("the words here are `else if`, not `{}`", self.input.text(self.pos));
            self.foreign_word(&message, "else if");
        }
        self.bump();
        if elif || (self.at(IF_KW) && !self.line_start()) {
            self.eat(IF_KW);
            self.condition();
            self.chain_on(open);
            self.block(BlockKind::Plain);
            self.complete(branch, ELSE_IF);
            return false;
        }
        self.after_else(open);
        self.block(BlockKind::Plain);
        self.complete(branch, ELSE_BRANCH);
        true
    }

    /// A word of other languages for `else if`, with a condition behind it, `n` tokens further?
    pub(super) fn is_elif(&self, n: usize) -> bool {
        let word = matches!(self.input.text(self.pos + n), "elif" | "elsif" | "elseif");
        word && matches!(self.nth(n + 1), IDENT | TYPE_IDENT | NOT_KW | TRUE_KW | FALSE_KW | L_PAREN)
            && !self.input.starts_line(self.pos + n + 1)
    }

    /// An expression in front of a `do` or `->`, which is not a trailing block.
    pub(super) fn condition(&mut self) {
        let newlines = self.newlines;
        self.within(newlines, true, |p| p.expr());
    }

    /// `when e`, if it stands here.
    pub(super) fn guard(&mut self) {
        let foreign = self.at_here(IF_KW);
        if foreign && !self.speculating {
            self.foreign_word("a guard is written with `when`, not `if`", "when");
        }
        if foreign || self.at_here(WHEN_KW) {
            let marker = self.start();
            self.bump();
            self.condition();
            self.complete(marker, GUARD);
        }
    }

    /// `, x > 0` behind the values of a `for`: read as its guard.
    fn no_comma_guard(&mut self) {
        let message = "a condition of a `for` stands behind `when`";
        let diagnostic = Diagnostic::error("E0113", message, self.here());
        self.error(diagnostic.with_safe_fix("write `when`", vec![(self.here(), " when".to_owned())]));
        let marker = self.start();
        self.bump();
        self.condition();
        self.complete(marker, GUARD);
    }

    pub(super) fn while_expr(&mut self) -> Completed {
        let marker = self.start();
        self.bump();
        self.condition();
        self.do_block(false);
        self.complete(marker, WHILE_EXPR)
    }

    pub(super) fn for_expr(&mut self) -> Completed {
        let marker = self.start();
        self.bump();
        if self.at_c_style_for() {
            self.c_style_for();
        } else {
            self.generator();
        }
        self.complete(marker, FOR_EXPR)
    }

    /// What stands behind a `for`, with its block.
    pub(super) fn generator(&mut self) {
        self.pattern(true, true);
        if self.at_here(LT) && self.nth(1) == MINUS && self.input.touches_previous(self.pos + 1) {
            self.no_left_arrow();
        } else if !self.expect(IN_KW, "`in`") {
            self.guard();
            return self.do_block(false);
        }
        self.condition();
        match self.at_here(COMMA) {
            true if self.at_second_generator() => return self.second_generator(),
            true => self.no_comma_guard(),
            false => {}
        }
        self.guard();
        self.do_block(false);
    }

    pub(super) fn do_expr(&mut self) -> Completed {
        let marker = self.start();
        self.bump();
        let open = self.open_block(self.pos - 1, false);
        self.block(BlockKind::Plain);
        self.close_block(open);
        self.complete(marker, DO_EXPR)
    }

    pub(super) fn fn_expr(&mut self) -> Completed {
        let marker = self.start();
        self.bump();
        let mut open = self.open_block(self.pos - 1, false);
        self.within(true, false, |p| {
            let mut told = None;
            loop {
                p.fn_clause(&mut open);
                if p.at_unmarked_clause() {
                    p.unmarked_clause(&mut told);
                } else if !p.eat(PIPE) {
                    break;
                }
            }
        });
        self.close_block(open);
        self.complete(marker, FN_EXPR)
    }

    /// A further clause of a closure on a line of its own, without the `|` that it begins with. A value in front of a line
    /// with the next clause is none.
    fn at_unmarked_clause(&mut self) -> bool {
        let start = self.pos;
        let params = |p: &mut Self| {
            p.pattern(true, true);
            while p.eat_here(COMMA) {
                p.pattern(true, true);
            }
        };
        self.line_start()
            && self.at_pattern_start()
            && self.looks_like(
                |p| p.within(true, false, params),
                |p| {
                    (p.at_here(ARROW) || p.at_here(WHEN_KW))
                        && !(start + 1..p.pos).any(|at| p.input.starts_line(at))
                },
            )
    }

    /// All of a closure are one mistake.
    fn unmarked_clause(&mut self, told: &mut Option<usize>) {
        let at = Span::new(self.file, TextRange::empty(self.here().text_range().start()));
        let edit = (at, "| ".to_owned());
        if told.is_some() {
            return self.also_edit(*told, edit);
        }
        let error =
            Diagnostic::error("E0113", "the further clauses of a closure begin with `|`", self.here());
        *told = self.report(error.with_safe_fix("write `|` in front of them", vec![edit]));
    }

    fn fn_clause(&mut self, open: &mut Open) {
        let marker = self.start();
        self.closure_params();
        self.guard();
        if self.at_here(DO_KW) {
            self.bump();
            self.block(BlockKind::Plain);
        } else {
            if self.at_here(L_BRACE) {
                self.closure_in_braces(open);
            } else if self.at_here(FAT_ARROW) || self.at_here(COLON) {
                let text = if self.input.touches_previous(self.pos) { " ->" } else { "->" };
                let shown = self.input.text(self.pos);
                open.report =
                    self.foreign_word(&format!("closures are written with `->`, not `{shown}`"), text);
                self.sync_open(*open);
                self.bump_as_error();
            } else {
                self.closure_arrow(open);
            }
            self.block(BlockKind::Clause);
        }
        self.complete(marker, FN_CLAUSE);
    }

    /// The arrow of a clause; where it is missing, an `end` may be too: that is one mistake.
    fn closure_arrow(&mut self, open: &mut Open) {
        if self.eat_here(ARROW) {
            return;
        }
        let diagnostic = self.expected("`->`");
        if self.nl() || !matches!(self.current(), IDENT | TYPE_IDENT | INT | FLOAT | STRING_START) {
            return self.error(diagnostic);
        }
        let at = Span::new(self.file, TextRange::empty(self.here().text_range().start()));
        open.report = self.report(diagnostic.with_safe_fix("write `->`", vec![(at, "-> ".to_owned())]));
        self.sync_open(*open);
    }

    fn closure_params(&mut self) {
        let list = self.start();
        if self.at(L_PAREN) && self.parens_hold_params() {
            self.param_list_inner();
        } else if !matches!(self.current(), ARROW | DO_KW | WHEN_KW | FAT_ARROW) {
            loop {
                self.closure_param();
                if !self.eat_here(COMMA) {
                    break;
                }
            }
        }
        self.complete(list, PARAM_LIST);
    }

    /// A parameter outside of parentheses; in `fn x: x + 1` the `:` stands for the arrow.
    fn closure_param(&mut self) {
        let marker = self.start();
        self.pattern(true, false);
        let ty = matches!(self.nth(1), TYPE_IDENT | L_BRACK)
            || foreign::ty(self.input.text(self.pos + 1)).is_some();
        if !self.at(COLON) || ty {
            self.annotation("the type of a parameter stands after `::`");
        }
        self.complete(marker, PARAM);
    }

    /// Does the arrow, guard or body follow the parenthesis that closes here, so that it encloses all
    /// parameters and not one pattern?
    fn parens_hold_params(&self) -> bool {
        let mut depth = 0u32;
        for n in 0.. {
            match self.nth(n) {
                L_PAREN | L_BRACK | L_BRACE | MAP_OPEN => depth += 1,
                R_PAREN | R_BRACK | R_BRACE => depth -= 1,
                EOF | DO_KW | END_KW | FN_KW | LET_KW | IF_KW | CASE_KW => return true,
                _ => {}
            }
            if depth == 0 {
                return matches!(self.nth(n + 1), ARROW | WHEN_KW | DO_KW | FAT_ARROW | L_BRACE);
            }
        }
        true
    }

    /// `do |x| … end` on the line of the call that ends here, if one stands here.
    pub(super) fn trailing_block(&mut self) {
        if self.line_start() {
            return;
        }
        let braces = self.at(L_BRACE) && matches!(self.nth(1), PIPE | PIPE2);
        if !braces && !self.at(DO_KW) {
            return;
        }
        if !braces && self.no_do {
            if !self.at_params_behind_do() {
                return;
            }
            let message = "in front of a `do` a call with a block stands in parentheses";
            let diagnostic = Diagnostic::error("E0113", message, self.here());
            self.error(diagnostic.with_help(
                "write `if (xs.any() do |x| … end) do`, or give the call a name with `let` before",
            ));
        }
        let marker = self.start();
        let Some(open) = self.expect_do(false) else { return self.abandon(marker) };
        self.block_params();
        self.block(BlockKind::Plain);
        self.close_block(open);
        self.complete(marker, TRAILING_BLOCK);
    }

    /// `do |x|` or `do |x, y|`: only a block begins like that.
    fn at_params_behind_do(&self) -> bool {
        self.nth(1) == PIPE && self.nth(2) == IDENT && matches!(self.nth(3), PIPE | COMMA)
    }

    /// `|x, y|` right behind a `do`, if it stands here.
    pub(super) fn block_params(&mut self) {
        if self.line_start() || !matches!(self.current(), PIPE | PIPE2) {
            return;
        }
        let marker = self.start();
        if !self.eat(PIPE2) {
            let opener = self.pos;
            self.bump();
            self.within(true, false, |p| p.list(opener, PIPE, |p| p.param(false, false)));
        }
        self.complete(marker, BLOCK_PARAMS);
    }
}
