//! `if`, `case`, `receive`, loops, and what leaves them.

use snow_base::Span;
use snow_syntax::ast;

use super::BodyCx;
use crate::body::*;
use crate::problems::bodies as problems;

impl BodyCx<'_, '_> {
    pub(super) fn lower_if(&mut self, node: &ast::IfExpr, span: Span) -> ExprId {
        let mut branches = vec![(node.condition(), node.then_block(), span)];
        for branch in node.else_ifs() {
            let start = self.scope.span(&branch);
            branches.push((branch.condition(), branch.body(), start));
        }
        let mut lowered = Vec::new();
        for (cond, block, place) in branches {
            let cond = self.lower_opt(cond, place);
            lowered.push((cond, self.lower_block(block, place), place));
        }
        let mut otherwise = node.else_branch().map(|b| self.lower_block(b.body(), self.scope.span(&b)));
        while let Some((cond, then, place)) = lowered.pop() {
            otherwise = Some(self.alloc(Expr::If { cond, then, otherwise }, place));
        }
        otherwise.unwrap_or_else(|| self.alloc(Expr::Missing, span))
    }

    pub(super) fn lower_case(&mut self, node: &ast::CaseExpr, span: Span) -> ExprId {
        let scrutinee = self.lower_opt(node.scrutinee(), span);
        let arms = node.arms().map(|arm| self.lower_arm(&arm, false)).collect();
        self.alloc(Expr::Case { scrutinee, arms }, span)
    }

    pub(super) fn lower_receive(&mut self, node: &ast::ReceiveExpr, span: Span) -> ExprId {
        if self.in_handler().is_some() {
            self.low.diags.push(crate::problems::services::receive_in_handler(span));
            return self.alloc(Expr::Missing, span);
        }
        let arms = node.arms().map(|arm| self.lower_arm(&arm, true)).collect();
        let after = node.after().map(|after| {
            let place = self.scope.span(&after);
            let timeout = self.lower_opt(after.timeout(), place);
            (timeout, self.lower_block(after.body(), place))
        });
        self.alloc(Expr::Receive { arms, after }, span)
    }

    fn lower_arm(&mut self, arm: &ast::MatchArm, in_receive: bool) -> Clause {
        let mark = self.visible.len();
        let whole = self.scope.span(arm);
        let pat = match arm.pattern() {
            Some(pattern) if in_receive && self.takes_signals(&pattern) => {
                self.signals = true;
                self.bind_pattern(Some(pattern), whole)
            }
            pattern => self.bind_pattern(pattern, whole),
        };
        let guard = arm.guard().map(|g| self.lower_expr(&g));
        let mut span = self.body.pat_spans[pat];
        if let Some(guard) = guard {
            span = span.cover(self.span_of(guard));
        }
        let body = self.lower_block(arm.body(), whole);
        self.visible.truncate(mark);
        Clause { pats: vec![pat], guard, body, span }
    }

    pub(super) fn lower_while(&mut self, node: &ast::WhileExpr, span: Span) -> ExprId {
        let before = self.body.exprs.len();
        let cond = self.lower_opt(node.condition(), span);
        let between = self.body.exprs.len();
        let body = self.in_loop(|cx| cx.lower_block(node.body(), span));
        self.warn_of_shadowed_condition(before, between);
        self.alloc(Expr::While { cond, body }, span)
    }

    pub(super) fn lower_for(&mut self, node: &ast::ForExpr, span: Span) -> ExprId {
        let iter = self.lower_opt(node.iterable(), span);
        let mark = self.visible.len();
        let pat = self.bind_pattern(node.pattern(), span);
        let guard = node.guard().map(|g| self.lower_expr(&g));
        let body = self.in_loop(|cx| cx.lower_block(node.body(), span));
        self.visible.truncate(mark);
        self.alloc(Expr::For { pat, iter, guard, body }, span)
    }

    fn in_loop(&mut self, lower: impl FnOnce(&mut Self) -> ExprId) -> ExprId {
        let depth = self.loops.len() - 1;
        self.loops[depth] += 1;
        let body = lower(self);
        self.loops[depth] -= 1;
        body
    }

    pub(super) fn lower_leave(&mut self, word: &str, expr: Expr, span: Span) -> ExprId {
        let inside = self.loops.last().is_some_and(|n| *n > 0);
        if inside {
            return self.alloc(expr, span);
        }
        let across = self.loops.iter().any(|n| *n > 0);
        self.low.diags.push(problems::outside_loop(word, across, span));
        self.alloc(Expr::Missing, span)
    }

    /// A constant and a default are left by nothing but their end.
    pub(super) fn lower_return(&mut self, node: &ast::ReturnExpr, span: Span) -> ExprId {
        let value = node.expr().map(|e| self.lower_expr(&e));
        let value = value.map(|value| self.answer(value));
        if self.loops.len() == 1 && self.owner_fn().is_none() {
            self.low.diags.push(problems::outside_function(span));
            return self.alloc(Expr::Missing, span);
        }
        self.alloc(Expr::Return(value), span)
    }
}
