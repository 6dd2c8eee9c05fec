//! Starting processes: what a new process gets, and the handlers that processes begin with.

use snow_abi::RuntimeFn;
use snow_hir::{Arg, BodyId, Expr, ExprId, FnId};
use snow_typeck::Ty;
use snow_typeck::matching::MatchId;

use super::call::Callee;
use super::closure::Parts;
use super::emit::{Dest, Emit};
use super::lower::Lower;
use super::roots;
use crate::mir::{Func, FuncId, FuncKind, Operand, Rvalue};
use crate::mono::{Built, Mono, What, bug};

impl Lower<'_, '_> {
    /// `spawn(actor, args…)`, `spawn(fn -> … end)`
    pub(crate) fn spawn(
        &mut self,
        e: ExprId,
        target: ExprId,
        args: &[Arg],
        link: bool,
        dest: Dest,
    ) -> Built<()> {
        let ty = self.ty_of(e)?;
        let message = ty.as_app().and_then(|(_, args)| args.first().copied()).filter(|&m| m != Ty::never());
        let subst = self.src.subst.clone();
        let (what, targs, state, values, message) = match self.callee(target)? {
            Callee::Fn(id, targs) => {
                let values = self.fn_arguments(e, id, &targs, (None, args))?;
                let (tys, _) = self.fn_types(id, &targs)?;
                let message = roots::mailbox(self.cx, id, &targs);
                (What::SpawnFn(id), targs.into(), tys, values, message)
            }
            Callee::Template(local, own) => {
                let (closure, subst) = self.template(local, &own)?;
                let (tys, values) = self.spawn_state(closure)?;
                (What::SpawnClosure(self.src.id, closure), subst, tys, values, message)
            }
            Callee::Value if matches!(self.src.body.exprs[target], Expr::Closure(_)) => {
                let (tys, values) = self.spawn_state(target)?;
                (What::SpawnClosure(self.src.id, target), subst, tys, values, message)
            }
            Callee::Value => {
                let closure_ty = self.ty_of(target)?;
                let value = self.expr(target)?;
                (What::SpawnValue, [closure_ty].into(), vec![closure_ty], vec![value], message)
            }
            Callee::Ctor(..) | Callee::Never => return Err(self.bug("this can't be spawned")),
        };
        let handler = self.instance(what, &targs)?;
        let name = match what {
            What::SpawnFn(id) => super::names::of_fn(self.cx, id),
            _ => self.cx.asked[handler.0 as usize].name.clone(),
        };
        let recv = self.cx.recv(handler, state, message, &name);
        let func = if link { RuntimeFn::spawn_link } else { RuntimeFn::spawn };
        self.give(dest, ty, Rvalue::Spawn { func, recv, args: values });
        Ok(())
    }

    /// What a closure captures, as the state that its process starts with.
    fn spawn_state(&self, closure: ExprId) -> Built<(Vec<Ty>, Vec<Operand>)> {
        let free = self.src.info.free(self.src.body, closure);
        let tys = free.iter().map(|&l| self.ty_of_local(l)).collect::<Built<Vec<Ty>>>()?;
        Ok((tys, self.captured(closure)?))
    }
}

/// Takes the saved values out of the state.
pub(super) fn take_state(emit: &mut Emit<'_, '_>, tys: &[Ty]) -> Vec<Operand> {
    let (base, _) = emit.handler_params();
    let take = |index: usize| Rvalue::LoadPart { base, parts: tys.to_vec(), index: index as u32, take: true };
    tys.iter().enumerate().map(|(index, &ty)| Operand::Local(emit.temp(ty, take(index)))).collect()
}

/// Builds the start of a process that runs a function.
pub(crate) fn fn_handler(cx: &mut Mono<'_>, this: FuncId, id: FnId, targs: &[Ty]) -> Built<Func> {
    let span = cx.program.fns[id].span;
    let mut emit = Emit::new(cx, this, FuncKind::Handler, Ty::unit(), span);
    let (tys, _) = emit.fn_types(id, targs)?;
    let args = take_state(&mut emit, &tys);
    emit.call(id, targs, args, Dest::Tail)?;
    emit.finish()
}

/// Builds the start of a process that runs a closure written in place.
pub(crate) fn closure_handler(
    cx: &mut Mono<'_>,
    this: FuncId,
    (id, e): (BodyId, ExprId),
    args: &[Ty],
) -> Built<Func> {
    let parts = Parts::new(cx, (id, e), args)?;
    let mut emit = Emit::new(cx, this, FuncKind::Handler, Ty::unit(), parts.span);
    let values = take_state(&mut emit, &parts.free_tys);
    let mut lower = Lower::new(emit, parts.src);
    for (&name, value) in parts.free.iter().zip(values) {
        lower.bind(name, value);
    }
    lower.clauses(MatchId::Expr(e), &[], &parts.code.clauses)?;
    lower.finish()
}

/// Builds the start of a process that runs a closure value of the type `args[0]`.
pub(crate) fn value_handler(cx: &mut Mono<'_>, this: FuncId, args: &[Ty]) -> Built<Func> {
    let span = super::nowhere();
    let shape = args.first().and_then(|ty| Some((*ty, ty.as_fn()?.1)));
    let (ty, ret) = shape.ok_or_else(|| bug(span, "this can't be spawned"))?;
    let mut emit = Emit::new(cx, this, FuncKind::Handler, Ty::unit(), span);
    for closure in take_state(&mut emit, &[ty]) {
        emit.call_closure(closure, Vec::new(), ret, Dest::Tail);
    }
    emit.finish()
}
