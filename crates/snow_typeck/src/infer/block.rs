//! Blocks and statements: `let`, local functions, values that aren't used.

use snow_abi::LangItem;
use snow_base::Span;
use snow_diagnostics::Diagnostic;
use snow_hir::{BodyOwner, ClosureKind, Expr, ExprId, LocalId, Pat, PatId, Stmt, TypeRef};

use super::{Infer, MatchKind, Mode, PendingMatch, Scheme};
use crate::errors::Why;
use crate::lower_ty::Holes;
use crate::matching::{MatchId, Row};
use crate::results::Pred;
use crate::solve::Obligation;
use crate::ty::{Ty, TyCon};

impl Infer<'_, '_> {
    pub(crate) fn block_expr(&mut self, e: ExprId, stmts: &[Stmt], tail: Option<ExprId>, mode: Mode) -> Ty {
        let mut leaves = false;
        let mut warned = false;
        for stmt in stmts {
            if leaves && !warned {
                self.warn_unreachable(stmt_expr(stmt));
                warned = true;
            }
            leaves |= self.stmt(stmt);
        }
        if let Some(tail) = tail
            && leaves
            && !warned
        {
            self.warn_unreachable(tail);
        }
        if matches!(mode, Mode::Discard) {
            self.result.out.discarded.insert(e, ());
        }
        match (tail, mode) {
            (Some(tail), Mode::Discard) => {
                let ty = self.expr(tail, mode);
                if self.is_never(ty) { Ty::never() } else { Ty::unit() }
            }
            (Some(tail), _) => self.expr(tail, mode),
            (None, _) if leaves => Ty::never(),
            (None, Mode::Check(want, why)) => self.coerce(e, Ty::unit(), want, why),
            (None, _) => Ty::unit(),
        }
    }

    /// Whether the statement never ends.
    fn stmt(&mut self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Expr(e) => {
                let ty = self.expr(*e, Mode::Discard);
                self.is_never(ty)
            }
            Stmt::LocalFn { local, closure } => {
                self.generalised_local(*local, *closure, true);
                false
            }
            Stmt::Let { pat, ty, init } => self.let_stmt(*pat, ty.as_ref(), *init),
        }
    }

    /// Handlers of services are lowered with the type of their answer at the answer itself.
    fn why_written(&self, written: Span, init: ExprId) -> Why {
        let BodyOwner::Fn(f) = self.body.owner else { return Why::Annotation(written) };
        if written != self.span(init) {
            return Why::Annotation(written);
        }
        let first = self.cx.program.fns[f].params.first().and_then(|p| p.name);
        Why::Answer { call: first.is_some_and(|name| name == "_caller_") }
    }

    fn let_stmt(&mut self, pat: PatId, ty: Option<&TypeRef>, init: ExprId) -> bool {
        if let (Pat::Bind { local, sub: None }, None, Expr::Closure(closure)) =
            (&self.body.pats[pat], ty, &self.body.exprs[init])
            && closure.kind == ClosureKind::Fn
        {
            let ty = self.generalised_local(*local, init, false);
            self.result.out.pats.insert(pat, ty);
            self.add_let(pat, ty);
            return false;
        }
        let found = match ty {
            Some(written) => {
                let want = self.annotation(written, Holes::Infer);
                let found = self.check(init, want, self.why_written(written.span, init));
                if self.is_never(found) { want } else { found }
            }
            None => self.infer(init),
        };
        let never = self.is_never(found);
        let matched = if never { self.fresh() } else { found };
        self.pat(pat, matched, Why::Scrutinee(self.span(init)));
        self.add_let(pat, matched);
        never
    }

    fn add_let(&mut self, pat: PatId, ty: Ty) {
        let span = self.pat_span(pat);
        self.result.matches.push(PendingMatch {
            id: MatchId::Pat(pat),
            rows: vec![Row { arm: 0, pats: vec![pat], has_guard: false }],
            roots: vec![ty],
            spans: vec![span],
            kind: MatchKind::Let,
            span,
        });
    }

    /// Infers a closure bound to a name and generalises its type.
    fn generalised_local(&mut self, local: LocalId, closure: ExprId, recursive: bool) -> Ty {
        self.cx.table.level += 1;
        let level = self.cx.table.level;
        let own = recursive.then(|| self.fresh());
        if let Some(own) = own {
            self.result.out.locals.insert(local, own);
        }
        let ty = self.infer(closure);
        if let Some(own) = own
            && self.cx.table.unify(own, ty).is_err()
        {
            self.report_mismatch(self.span(closure), own, ty, Why::None);
        }
        self.cx.table.level -= 1;
        self.result.out.locals.insert(local, ty);
        let mut vars = vec![];
        self.cx.collect_vars(ty, level, &mut vars);
        let preds = self.take_preds(level, &mut vars);
        for &var in &vars {
            self.cx.table.make_generic(var);
        }
        if !vars.is_empty() {
            self.result.generics.push((local, vars.clone()));
            self.schemes.insert(local, Scheme { vars, preds });
        }
        ty
    }

    /// Takes the predicates on variables that are being generalised out of what is pending.
    fn take_preds(&mut self, level: u32, vars: &mut Vec<u32>) -> Vec<Pred> {
        let Some(mut frame) = self.cx.frames.pop() else { return vec![] };
        let mut stuck: Vec<Obligation> = vec![];
        for obligation in std::mem::take(&mut frame.pending) {
            self.cx.solve_obligation(obligation, &mut stuck);
        }
        if !vars.is_empty() {
            self.cx.close_over(&stuck, level, vars);
        }
        let mut preds = vec![];
        for obligation in stuck {
            let pred = self.cx.zonk_pred(&obligation.pred);
            let mut own = vec![];
            pred.args.iter().for_each(|&a| self.cx.collect_vars(a, 0, &mut own));
            if own.iter().any(|v| vars.contains(v)) {
                if !preds.contains(&pred) {
                    preds.push(pred);
                }
            } else {
                frame.pending.push(obligation);
            }
        }
        self.cx.frames.push(frame);
        preds
    }

    fn warn_unreachable(&mut self, e: ExprId) {
        let message = "this is never reached: what stands before it doesn't go on";
        let warning = Diagnostic::warning("W0012", message, self.span(e));
        self.report(warning);
    }

    /// A thrown-away Result is a warning.
    pub(crate) fn warn_unused(&mut self, e: ExprId, found: Ty) -> Ty {
        let head = self.cx.table.shallow(found).as_app();
        if let Some((TyCon::Adt(id), _)) = head
            && self.cx.lang_type(LangItem::Result) == Some(id)
        {
            self.warn_result(self.span(e));
        }
        found
    }

    fn warn_result(&mut self, span: Span) {
        let warning =
            Diagnostic::warning("W0011", "this `Result` is thrown away, and an error with it", span)
                .with_help("use `?` or `case`, or write `let _ = …` if it is meant");
        self.report(warning);
    }
}

/// The expression that a statement evaluates.
fn stmt_expr(stmt: &Stmt) -> ExprId {
    match stmt {
        Stmt::Let { init, .. } => *init,
        Stmt::LocalFn { closure, .. } => *closure,
        Stmt::Expr(e) => *e,
    }
}
