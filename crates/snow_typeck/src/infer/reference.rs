//! Uses of functions, constants and locals: their types with fresh variables, and what the names mean.

use snow_base::Span;
use snow_hir::{BuiltinTy, ConstId, ExprId, FnId, FnKind, LocalId};

use super::Infer;
use crate::checker::{ConstState, FnState};
use crate::mailbox::{Edge, EdgeUse};
use crate::results::{Pred, Res};
use crate::solve::What;
use crate::ty::Ty;

/// A function with fresh variables for its type parameters.
pub(crate) struct Inst {
    /// The arguments for its type parameters.
    pub(crate) args: Vec<Ty>,
    pub(crate) params: Vec<Ty>,
    pub(crate) ret: Ty,
    pub(crate) mailbox: InstMailbox,
}

/// What is known of the mailbox of a function that is used.
pub(crate) enum InstMailbox {
    /// It has none.
    None,
    /// It takes these messages.
    Known(Ty),
    /// Its group isn't finished.
    Open,
}

impl Infer<'_, '_> {
    /// Instantiates a function and records what the expression means.
    pub(crate) fn instantiate(&mut self, e: ExprId, f: FnId) -> Inst {
        let may_wait = self.cx.declared.contains_key(&f) && !self.cx.index.maybe_mailbox.contains(&f);
        if !may_wait {
            self.cx.ensure_fn(f);
        }
        match self.cx.fns.get(&f) {
            Some(FnState::Done) => {
                let sig = self.cx.typed.sigs[&f].clone();
                self.instantiate_sig(e, f, &sig)
            }
            Some(FnState::Running(running)) => {
                let running = running.clone();
                self.instantiate_running(e, f, &running)
            }
            // That its group isn't finished matters only where the signature may depend on it.
            Some(FnState::Replayed) | None => match self.cx.declared.get(&f).cloned() {
                Some(sig) if may_wait => self.instantiate_sig(e, f, &sig),
                _ => {
                    self.cx.give_up();
                    Inst { args: vec![], params: vec![], ret: Ty::error(), mailbox: InstMailbox::None }
                }
            },
        }
    }

    fn instantiate_sig(&mut self, e: ExprId, f: FnId, sig: &crate::results::FnSig) -> Inst {
        let args: Vec<Ty> = (0..sig.param_count).map(|_| self.fresh()).collect();
        if sig.params.iter().chain([&sig.ret]).any(|t| t.any(&mut |t| t == Ty::error())) {
            // A mistake there may leave types open here.
            self.mark_bad();
        }
        self.record_fn(e, f, args.clone());
        self.require_all(&sig.preds, &args, (e, f));
        Inst {
            params: sig.params.iter().map(|p| p.subst(&args)).collect(),
            ret: sig.ret.subst(&args),
            mailbox: sig.mailbox.map_or(InstMailbox::None, |m| InstMailbox::Known(m.subst(&args))),
            args,
        }
    }

    fn instantiate_running(&mut self, e: ExprId, f: FnId, running: &crate::checker::Running) -> Inst {
        let declared = self.cx.declared.get(&f).cloned();
        let maybe_mailbox = self.cx.index.maybe_mailbox.contains(&f);
        if declared.is_none() || maybe_mailbox {
            self.cx.depend_on(running.frame);
            self.result.fixups.push((e, f));
        }
        let mailbox = if maybe_mailbox { InstMailbox::Open } else { InstMailbox::None };
        match declared {
            Some(sig) => {
                let inst = self.instantiate_sig(e, f, &sig);
                Inst { mailbox, ..inst }
            }
            None => {
                self.record_fn(e, f, running.rigid.to_vec());
                Inst {
                    args: running.rigid.to_vec(),
                    params: running.params.clone(),
                    ret: running.ret,
                    mailbox,
                }
            }
        }
    }

    fn record_fn(&mut self, e: ExprId, f: FnId, args: Vec<Ty>) {
        let res = match self.cx.program.fns[f].container {
            snow_hir::Container::Trait(_) => Res::Method(f, args),
            _ => Res::Fn(f, args),
        };
        self.result.out.res.insert(e, res);
    }

    fn require_all(&mut self, preds: &[Pred], args: &[Ty], (e, f): (ExprId, FnId)) {
        let name = self.cx.program.fns[f].name;
        let span = self.span(e);
        for pred in preds {
            // Conditions are solved when the arguments have been read: then more is known, and errors there come
            // first.
            self.require_later(pred.subst(args), span, What::Call(name));
        }
    }

    /// Takes up the mailbox of a function that is called here.
    pub(crate) fn call_mailbox(&mut self, f: FnId, mailbox: &InstMailbox, span: Span) {
        match mailbox {
            InstMailbox::None => {}
            InstMailbox::Known(message) => {
                let cx = self.scope.mailbox;
                let first = self.cx.first_use(&cx);
                match self.cx.use_mailbox(&cx, span, Some(f)) {
                    Some(mine) => self.cx.join_mailboxes((mine, first), (*message, f), span),
                    None => self.mark_bad(),
                }
            }
            InstMailbox::Open => {
                // A function that calls itself shares its own mailbox in any case.
                let from = EdgeUse::Call(self.scope.mailbox);
                self.add_edge(f, from, span);
            }
        }
    }

    /// Remembers a use of a function whose mailbox isn't known yet.
    pub(crate) fn add_edge(&mut self, callee: FnId, from: EdgeUse, span: Span) {
        let edge = Edge { callee, from, span, body: self.result.body };
        if let Some(frame) = self.cx.frames.last_mut() {
            frame.edges.push(edge);
        }
    }

    /// A function as a value.
    pub(crate) fn fn_value(&mut self, e: ExprId, f: FnId) -> Ty {
        let span = self.span(e);
        if self.cx.program.fns[f].kind == FnKind::Actor {
            self.report_actor_value(f, span);
            return Ty::error();
        }
        let inst = self.instantiate(e, f);
        match inst.mailbox {
            InstMailbox::None => {}
            InstMailbox::Known(_) => {
                self.cx.report_mailbox_value(f, span);
                self.mark_bad();
            }
            InstMailbox::Open => self.add_edge(f, EdgeUse::Value, span),
        }
        Ty::func(&inst.params, inst.ret)
    }

    /// A method of an interface as a value.
    pub(crate) fn trait_method_value(&mut self, e: ExprId, method: FnId) -> Ty {
        let inst = self.instantiate(e, method);
        Ty::func(&inst.params, inst.ret)
    }

    /// A constant.
    pub(crate) fn const_ref(&mut self, c: ConstId) -> Ty {
        self.cx.ensure_const(c);
        match self.cx.consts.get(&c) {
            Some(&ConstState::Running(frame, ty)) => {
                self.cx.depend_on(frame);
                ty
            }
            Some(ConstState::Replayed) => {
                self.cx.give_up();
                Ty::error()
            }
            Some(ConstState::Done) | None => self.cx.typed.consts.get(&c).copied().unwrap_or(Ty::error()),
        }
    }

    /// A local name; a generalised one gets fresh variables.
    pub(crate) fn local_ref(&mut self, e: ExprId, local: LocalId) -> Ty {
        let ty = self.result.out.locals.get(local).copied();
        let Some(ty) = ty else {
            // Its pattern had an error, or the name couldn't be bound.
            self.mark_bad();
            return Ty::error();
        };
        let Some(scheme) = self.schemes.get(&local).cloned() else { return ty };
        let fresh: Vec<Ty> = scheme.vars.iter().map(|_| self.fresh()).collect();
        self.result.out.res.insert(e, Res::Local(local, fresh.clone()));
        let name = self.body.locals[local].name;
        let span = self.span(e);
        for pred in &scheme.preds {
            let args = pred.args.iter().map(|&a| self.replace(a, &scheme.vars, &fresh)).collect();
            self.require_later(Pred { trait_: pred.trait_, args }, span, What::Call(name));
        }
        self.replace(ty, &scheme.vars, &fresh)
    }

    fn replace(&self, ty: Ty, vars: &[u32], by: &[Ty]) -> Ty {
        self.cx.table.zonk(ty).map_leaves(&mut |leaf| match leaf.kind() {
            crate::ty::TyKind::Var(v) => match vars.iter().position(|x| x == v) {
                Some(index) => by[index],
                None => leaf,
            },
            _ => leaf,
        })
    }

    /// Whether a type has no values to be sent: nothing fixes a message.
    pub(crate) fn is_any_pid(&self, ty: Ty) -> bool {
        self.cx.table.shallow(ty) == Ty::builtin(BuiltinTy::AnyPid)
    }
}
