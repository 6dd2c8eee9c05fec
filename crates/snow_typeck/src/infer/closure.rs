//! Closures: parameters from what is expected, clauses, their own result and mailbox.

use snow_diagnostics::Diagnostic;
use snow_hir::{Closure, ClosureKind, ExprId};

use super::{Infer, MailboxCx, MatchKind, Mode, NoMailbox, Scope};
use crate::errors::Why;
use crate::matching::MatchId;
use crate::ty::{Ty, TyCon};

impl Infer<'_, '_> {
    /// The type of a closure; an expected function type gives the types of its parameters.
    pub(crate) fn closure(&mut self, e: ExprId, closure: &Closure, hint: Option<Ty>) -> Ty {
        self.closure_with(e, closure, hint, (MailboxCx::None(NoMailbox::Closure), false))
    }

    /// The closure of a `spawn`: it has the new process's mailbox, and its value isn't used.
    pub(crate) fn spawned_closure(&mut self, e: ExprId, closure: &Closure, message: Ty) -> Ty {
        self.closure_with(e, closure, None, (MailboxCx::Process(message), true))
    }

    fn closure_with(
        &mut self,
        e: ExprId,
        closure: &Closure,
        hint: Option<Ty>,
        (mailbox, discard): (MailboxCx, bool),
    ) -> Ty {
        let count = closure.params.len();
        let expected = hint.and_then(|h| self.cx.table.shallow(h).as_fn());
        if let Some((params, _)) = expected
            && params.len() != count
            && closure.kind != ClosureKind::Hole
        {
            let params = params.to_vec();
            self.report_closure_arity(e, &params, count);
        }
        let errors = self.cx.diags.len();
        let fitting = expected.filter(|(params, _)| params.len() == count);
        let (params, ret) = match fitting {
            // A result that nothing fixes yet is the closure's own until it is known to be right.
            Some((params, ret)) if self.is_free_result(params, ret) => (params.to_vec(), self.fresh()),
            Some((params, ret)) => (params.to_vec(), ret),
            None => {
                let params: Vec<Ty> = (0..count).map(|_| self.fresh()).collect();
                let ret = if discard { Ty::unit() } else { self.fresh() };
                (params, ret)
            }
        };
        for (&local, &ty) in closure.params.iter().zip(&params) {
            self.result.out.locals.insert(local, ty);
        }
        let scope = Scope { ret, why: Why::ClosureResult, mailbox, is_fn: false, tried: None };
        let before = std::mem::replace(&mut self.scope, scope);
        for clause in &closure.clauses {
            for (&pat, &ty) in clause.pats.iter().zip(&params) {
                self.pat(pat, ty, Why::None);
            }
            self.guard(clause.guard);
            let mode = if discard { Mode::Discard } else { Mode::Check(ret, Why::ClosureResult) };
            self.expr(clause.body, mode);
        }
        self.scope = before;
        self.add_match(MatchId::Expr(e), &closure.clauses, params.clone(), MatchKind::Closure);
        if let (Some((params, _)), None) = (expected, fitting) {
            // Who leaves too few holes is told so by the call in which they stand.
            if closure.kind == ClosureKind::Hole && !self.cx.diags[errors..].iter().any(|d| d.is_error()) {
                self.report_closure_arity(e, params, count);
            }
            return Ty::error();
        }
        match self.cx.diags[errors..].iter().any(|d| d.is_error()) {
            true if fitting.is_some_and(|(_, wanted)| wanted != ret) => Ty::func(&params, Ty::error()),
            _ => Ty::func(&params, ret),
        }
    }

    /// Is the result a type that nothing fixes, and that the parameters don't have in them?
    fn is_free_result(&self, params: &[Ty], ret: Ty) -> bool {
        let Some(var) = self.cx.table.unbound(ret) else { return false };
        let is_it = &mut |t: Ty| self.cx.table.unbound(t) == Some(var);
        !params.iter().any(|&param| self.cx.table.zonk(param).any(is_it))
    }

    fn report_closure_arity(&mut self, e: ExprId, params: &[Ty], given: usize) {
        let want = params.len();
        let plural = if given == 1 { "" } else { "s" };
        let message =
            format!("this function takes {given} parameter{plural}, but a function of {want} is expected");
        let mut error = Diagnostic::error("E0302", message, self.span(e));
        if want == 1 && given > 1 {
            error = error.with_help("for one tuple write `fn {a, b} -> …`");
        } else if want > 1 {
            let known: Vec<String> = self.cx.show_all(params).iter().map(|ty| crate::errors::a(ty)).collect();
            error = error.with_note(format!("it gets {}", known.join(" and ")));
        }
        self.report(error);
    }

    /// Whether a type is a function type.
    pub(crate) fn is_fn(&self, ty: Ty) -> bool {
        matches!(self.cx.table.shallow(ty).as_app(), Some((TyCon::Fn, _)))
    }
}
