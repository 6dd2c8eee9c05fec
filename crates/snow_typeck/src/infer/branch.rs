//! Branches: `if`, `case`, `receive` arms agree on one type where their value is used.

use snow_base::Span;
use snow_hir::{Clause, ExprId};

use super::{Infer, MatchKind, Mode};
use crate::errors::Why;
use crate::matching::MatchId;
use crate::ty::Ty;

/// What is known of the branches read so far.
pub(crate) struct Join {
    mode: Mode,
    first: Option<(Ty, Span)>,
    all_never: bool,
}

impl Join {
    pub(crate) fn new(mode: Mode) -> Join {
        Join { mode, first: None, all_never: true }
    }
}

impl Infer<'_, '_> {
    /// Reads one more branch.
    pub(crate) fn branch(&mut self, join: &mut Join, e: ExprId) {
        let ty = match (join.mode, join.first) {
            (Mode::Infer, Some((ty, span))) => self.expr(e, Mode::Check(ty, Why::Branch(span))),
            (mode, _) => self.expr(e, mode),
        };
        if self.is_never(ty) {
            return;
        }
        join.all_never = false;
        if join.first.is_none() && !self.is_error(ty) {
            join.first = Some((ty, self.last_span(e)));
        }
    }

    /// The type of all branches.
    pub(crate) fn joined(&mut self, e: ExprId, join: Join) -> Ty {
        if matches!(join.mode, Mode::Discard) {
            self.result.out.discarded.insert(e, ());
        }
        match join.mode {
            _ if join.all_never => Ty::never(),
            Mode::Discard => Ty::unit(),
            Mode::Check(want, _) => want,
            Mode::Infer => join.first.map_or(Ty::error(), |(ty, _)| ty),
        }
    }

    /// Where the value of a block is made.
    fn last_span(&self, e: ExprId) -> Span {
        match &self.body.exprs[e] {
            snow_hir::Expr::Block { tail: Some(tail), .. } => self.last_span(*tail),
            _ => self.span(e),
        }
    }

    pub(crate) fn if_expr(
        &mut self,
        e: ExprId,
        (cond, then, otherwise): (ExprId, ExprId, Option<ExprId>),
        mode: Mode,
    ) -> Ty {
        self.check(cond, Ty::bool(), Why::Condition);
        let Some(otherwise) = otherwise else {
            self.expr(then, Mode::Discard);
            if matches!(mode, Mode::Discard) {
                self.result.out.discarded.insert(e, ());
            }
            return match mode {
                Mode::Check(want, why) => self.coerce(e, Ty::unit(), want, why.without_else()),
                _ => Ty::unit(),
            };
        };
        let mut join = Join::new(mode);
        self.branch(&mut join, then);
        self.branch(&mut join, otherwise);
        self.joined(e, join)
    }

    pub(crate) fn case_expr(&mut self, e: ExprId, scrutinee: ExprId, arms: &[Clause], mode: Mode) -> Ty {
        let mut ty = self.infer(scrutinee);
        if self.is_never(ty) {
            ty = self.fresh();
        }
        let span = self.span(scrutinee);
        let join = self.arms(arms, ty, Why::Scrutinee(span), mode);
        self.add_match(MatchId::Expr(e), arms, vec![ty], MatchKind::Case);
        self.joined(e, join)
    }

    /// Reads arms with one pattern each.
    pub(crate) fn arms(&mut self, arms: &[Clause], ty: Ty, why: Why, mode: Mode) -> Join {
        let mut join = Join::new(mode);
        let mut told: Vec<String> = vec![];
        for arm in arms {
            let before = self.cx.diags.len();
            for &pat in &arm.pats {
                self.pat(pat, ty, why);
            }
            // Who takes the value for one of another type does so in every arm.
            if let [error] = &self.cx.diags[before..]
                && error.code == "E0301"
                && arm.pats.iter().any(|&pat| self.pat_span(pat) == error.span())
            {
                let message = error.message.clone();
                if told.contains(&message) {
                    self.cx.diags.truncate(before);
                } else {
                    told.push(message);
                }
            }
            self.guard(arm.guard);
            self.branch(&mut join, arm.body);
        }
        join
    }
}
