//! Blocks, statements, and what consists of blocks: `if`, `case`, `receive`, loops, closures.

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
    /// `|`, which starts the next clause.
    Clause,
    /// `terminate do`.
    Actor,
}

impl Parser<'_> {
    /// Registers the token before the current one as the opener of a block.
    pub(super) fn open_block(&mut self, opener: usize, of_item: bool) -> Open {
        let open = Open { opener, indent: self.input.indent(opener), of_item };
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
            return Some(self.open_block(self.pos - 1, of_item));
        }
        if self.at_here(L_BRACE) {
            self.error_here("E0113", "blocks are written `do … end`, not with braces");
            self.skip_braced_blocks();
            return None;
        }
        let foreign = (self.at_word("then") || self.at(COLON)) && !self.nl();
        if foreign {
            let shown = self.input.text(self.pos);
            let text = if shown == ":" { " do" } else { "do" };
            self.foreign_word(&format!("a block is opened by `do`, not by `{shown}`"), text);
            self.bump_as_error();
            return Some(self.open_block(self.pos - 1, of_item));
        }
        if self.at_here(EQ) {
            self.foreign_word("`=` doesn't compare: the operator is `==`", "==");
        } else {
            self.error_expected("`do`");
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

    fn at_block_end(&mut self, kind: BlockKind) -> bool {
        match self.current() {
            EOF | END_KW | ELSE_KW => return true,
            _ if self.at_elif() => return true,
            _ if self.at_item_only() || self.at_outer_closer() || self.at_item_by_indentation() => {
                return true;
            }
            _ => {}
        }
        match kind {
            BlockKind::Plain => false,
            BlockKind::Arm => self.at_arm(),
            BlockKind::ReceiveArm => self.at_after() || self.at_arm(),
            BlockKind::Clause => self.at(PIPE),
            BlockKind::Actor => self.at_terminate(),
        }
    }

    pub(super) fn at_terminate(&self) -> bool {
        self.at_word("terminate") && self.nth(1) == DO_KW
    }

    /// The word `after` with a time behind it, rather than a variable of that name.
    fn at_after(&self) -> bool {
        let operand = matches!(
            self.nth(1),
            INT | FLOAT | IDENT | TYPE_IDENT | L_PAREN | MINUS | IF_KW | CASE_KW | DO_KW
        );
        self.at_word("after") && operand && !self.input.starts_line(self.pos + 1)
    }

    /// Does a new arm begin here: can a pattern be read that ends at `->` or `when`?
    fn at_arm(&mut self) -> bool {
        self.at_pattern_start()
            && self.looks_like(
                |p| p.within(true, false, |p| p.pattern(true, true)),
                |p| p.at_here(ARROW) || p.at_here(WHEN_KW),
            )
    }

    /// What may stand between two statements; anything else is a mistake and skipped.
    fn end_of_statement(&mut self, kind: BlockKind) {
        if self.at(SEMI) || self.line_start() || self.at_eof() {
            return;
        }
        // An arm must start on a line of its own or after `;`.
        let ends = match kind {
            BlockKind::Arm => self.at_block_end(BlockKind::Plain),
            BlockKind::ReceiveArm => self.at_after() || self.at_block_end(BlockKind::Plain),
            _ => self.at_block_end(kind),
        };
        if ends {
            return;
        }
        self.misplaced();
        self.skip_line();
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
        self.pattern(true, false);
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
        if let Some(open) = self.expect_do(false) {
            self.block(BlockKind::Plain);
            while self.at(ELSE_KW) || self.at_elif() {
                let branch = self.start();
                let elif = self.at_elif();
                if elif {
                    let message =
                        format!("the words here are `else if`, not `{}`", self.input.text(self.pos));
                    self.foreign_word(&message, "else if");
                }
                self.bump();
                if elif || (self.at(IF_KW) && !self.line_start()) {
                    self.eat(IF_KW);
                    self.condition();
                    // The chain has one `end`: this `do` opens nothing of its own.
                    if self.expect_do(false).is_some() {
                        self.opens.pop();
                    }
                    self.block(BlockKind::Plain);
                    self.complete(branch, ELSE_IF);
                } else {
                    if self.at_here(COLON) {
                        self.foreign_word("`else` opens a block by itself, without `:`", "");
                        self.bump_as_error();
                    }
                    self.block(BlockKind::Plain);
                    self.complete(branch, ELSE_BRANCH);
                }
            }
            self.close_block(open);
        }
        self.complete(marker, IF_EXPR)
    }

    /// A word of other languages for `else if`, with a condition behind it.
    fn at_elif(&self) -> bool {
        matches!(self.nth(1), IDENT | TYPE_IDENT | NOT_KW | TRUE_KW | FALSE_KW)
            && (self.at_word("elif") || self.at_word("elsif") || self.at_word("elseif"))
            && !self.input.starts_line(self.pos + 1)
    }

    /// An expression in front of a `do` or `->`, which is not a trailing block.
    pub(super) fn condition(&mut self) {
        let newlines = self.newlines;
        self.within(newlines, true, |p| p.expr());
    }

    /// `when e`, if it stands here.
    pub(super) fn guard(&mut self) {
        if self.at_here(WHEN_KW) {
            let marker = self.start();
            self.bump();
            self.condition();
            self.complete(marker, GUARD);
        }
    }

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
        loop {
            while self.eat(SEMI) {}
            if self.at_block_end(BlockKind::Plain) {
                break;
            }
            let before = self.pos;
            self.fresh = before;
            let marker = self.start();
            if kind == BlockKind::ReceiveArm && self.at_after() {
                self.bump();
                self.condition();
                self.arm_body(BlockKind::Plain);
                self.complete(marker, AFTER_ARM);
            } else {
                self.pattern(true, true);
                self.guard();
                self.arm_body(kind);
                self.complete(marker, MATCH_ARM);
            }
            if self.pos == before {
                self.skip_line();
            }
            if self.pos == before {
                self.bump_as_error();
            }
        }
    }

    fn arm_body(&mut self, kind: BlockKind) {
        if self.at_here(FAT_ARROW) {
            self.foreign_word("arms are written with `->`, not `=>`", "->");
            self.bump_as_error();
        } else if !self.expect(ARROW, "`->`") {
            self.skip_line();
            return;
        }
        self.block(kind);
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
        self.pattern(true, true);
        if self.expect(IN_KW, "`in`") {
            self.condition();
        }
        self.guard();
        self.do_block(false);
        self.complete(marker, FOR_EXPR)
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
        let open = self.open_block(self.pos - 1, false);
        self.within(true, false, |p| {
            loop {
                p.fn_clause();
                if !p.eat(PIPE) {
                    break;
                }
            }
        });
        self.close_block(open);
        self.complete(marker, FN_EXPR)
    }

    fn fn_clause(&mut self) {
        let marker = self.start();
        self.closure_params();
        self.guard();
        if self.at_here(DO_KW) {
            self.bump();
            self.block(BlockKind::Plain);
        } else {
            if self.at_here(FAT_ARROW) {
                self.foreign_word("closures are written with `->`, not `=>`", "->");
                self.bump_as_error();
            } else {
                self.expect(ARROW, "`->`");
            }
            self.block(BlockKind::Clause);
        }
        self.complete(marker, FN_CLAUSE);
    }

    fn closure_params(&mut self) {
        let list = self.start();
        if self.at(L_PAREN) && self.parens_hold_params() {
            self.param_list_inner();
        } else if !matches!(self.current(), ARROW | DO_KW | WHEN_KW | FAT_ARROW) {
            loop {
                self.param(true, false);
                if !self.eat_here(COMMA) {
                    break;
                }
            }
        }
        self.complete(list, PARAM_LIST);
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
                return matches!(self.nth(n + 1), ARROW | WHEN_KW | DO_KW | FAT_ARROW);
            }
        }
        true
    }

    /// `do |x| … end` on the line of the call that ends here, if one stands here.
    pub(super) fn trailing_block(&mut self) {
        if self.no_do || !self.at(DO_KW) || self.line_start() {
            return;
        }
        let marker = self.start();
        self.bump();
        let open = self.open_block(self.pos - 1, false);
        self.block_params();
        self.block(BlockKind::Plain);
        self.close_block(open);
        self.complete(marker, TRAILING_BLOCK);
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
