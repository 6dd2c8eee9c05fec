//! Functions without a body of their own: the program's start, its constants, functions and constructors as values.

use snow_abi::{LangItem, RuntimeFn};
use snow_base::FxHashSet;
use snow_hir::{ConstId, CtorId, FnId, TypeId};
use snow_typeck::{Ty, TyCon, TyKind};

use super::emit::{Dest, Emit, concrete};
use crate::mir::{Const, ConstSlotId, Func, FuncId, FuncKind, Operand, Rvalue, StmtKind, Term};
use crate::mono::{Built, Mono, What, bug};

/// The message type of a function's mailbox; `None` also where nothing fixes it.
pub(crate) fn mailbox(cx: &Mono<'_>, id: FnId, targs: &[Ty]) -> Option<Ty> {
    let ty = cx.typed.sigs.get(&id)?.mailbox?.subst(targs);
    (ty.is_concrete() && ty != Ty::never()).then_some(ty)
}

/// Builds the start of the program.
pub(crate) fn main(cx: &mut Mono<'_>, this: FuncId, id: FnId) -> Built<Func> {
    let span = cx.program.fns[id].span;
    let mut emit = Emit::new(cx, this, FuncKind::Handler, Ty::unit(), span);
    emit.handler_params();
    let (_, ret) = emit.fn_types(id, &[])?;
    let Some(&[_, error]) = emit.lang_ty(ret, LangItem::Result) else {
        emit.call(id, &[], Vec::new(), Dest::Tail)?;
        return emit.finish();
    };
    let result = emit.local(ret);
    emit.call(id, &[], Vec::new(), Dest::Local(result))?;
    let err = emit.lang_ctor(LangItem::Result, "Err")?.variant;
    let (failed, fine) = (emit.block(), emit.block());
    let on = emit.temp(Ty::int(), Rvalue::Variant(result));
    emit.end(Term::Switch { on, cases: vec![(i64::from(err), failed)], default: Some(fine) });
    emit.enter(failed);
    let value = Operand::Local(emit.project(result, err, 0)?);
    let text = match emit.text(LangItem::Display, value.clone(), error)? {
        Some(text) => text,
        None => match emit.text(LangItem::Debug, value, error)? {
            Some(text) => text,
            None => Operand::Const(Const::Str("main gave an Err".into())),
        },
    };
    let line_end = Operand::Const(Const::Str("\n".into()));
    let line = emit.runtime(RuntimeFn::str_concat, vec![text, line_end], Ty::string());
    emit.runtime(RuntimeFn::eprint, vec![line], Ty::unit());
    emit.runtime(RuntimeFn::exit_code, vec![Operand::Const(Const::Int(1))], Ty::unit());
    emit.goto(fine);
    emit.enter(fine);
    emit.ret(Operand::Const(Const::Unit));
    emit.finish()
}

/// The needed constants in the order of their evaluation, with the slots that they were given.
pub(crate) fn const_order(cx: &Mono<'_>) -> Vec<(ConstSlotId, ConstId)> {
    let rank = |id: ConstId| cx.typed.const_order.iter().position(|&c| c == id);
    let mut order: Vec<(ConstSlotId, ConstId)> =
        cx.consts.iter().enumerate().map(|(slot, &id)| (ConstSlotId(slot as u32), id)).collect();
    order.sort_by_key(|&(_, id)| rank(id));
    order
}

/// Builds the evaluation of the constants that are known to be needed.
pub(crate) fn init(cx: &mut Mono<'_>, this: FuncId) -> Built<Func> {
    let mut emit = Emit::new(cx, this, FuncKind::Direct, Ty::unit(), super::nowhere());
    for (slot, id) in const_order(emit.cx) {
        let def = &emit.cx.program.consts[id];
        emit.span = def.span;
        let ty = emit.cx.typed.consts.get(&id).copied();
        let ty = concrete(ty.ok_or_else(|| bug(def.span, "a constant has no type"))?);
        let func = emit.instance(What::Value(def.body), &[])?;
        let value = emit.local(ty);
        emit.call_func(func, Vec::new(), ty, Dest::Local(value));
        emit.push(StmtKind::StoreConst(slot, Operand::Local(value)));
    }
    emit.ret(Operand::Const(Const::Unit));
    emit.finish()
}

/// Builds a function as the code of a closure without captures.
pub(crate) fn fn_value(cx: &mut Mono<'_>, this: FuncId, id: FnId, targs: &[Ty]) -> Built<Func> {
    let span = cx.program.fns[id].span;
    let mut emit = Emit::new(cx, this, FuncKind::Closure(Vec::new()), Ty::unit(), span);
    let (params, ret) = emit.fn_types(id, targs)?;
    emit.ret = ret;
    let args = closure_params(&mut emit, &params, ret);
    emit.call(id, targs, args, Dest::Tail)?;
    emit.finish()
}

/// Builds a constructor as the code of a closure without captures.
pub(crate) fn ctor_value(cx: &mut Mono<'_>, this: FuncId, ctor: CtorId, targs: &[Ty]) -> Built<Func> {
    let span = cx.program.types[ctor.ty].span;
    let ty = Ty::adt(ctor.ty, targs.to_vec());
    let mut emit = Emit::new(cx, this, FuncKind::Closure(Vec::new()), ty, span);
    let params = emit.part_tys(ty, ctor.variant)?;
    let args = closure_params(&mut emit, &params, ty);
    emit.give(Dest::Tail, ty, Rvalue::Make { ty, variant: ctor.variant, args, reuse: None });
    emit.finish()
}

fn closure_params(emit: &mut Emit<'_, '_>, params: &[Ty], ret: Ty) -> Vec<Operand> {
    emit.param(Ty::func(params, ret), None);
    params.iter().map(|&ty| Operand::Local(emit.param(ty, None))).collect()
}

impl Emit<'_, '_> {
    /// How a value shows itself by Debug, if its type can.
    pub(crate) fn debug_text(&mut self, value: Operand, ty: Ty) -> Built<Option<Operand>> {
        self.text(LangItem::Debug, value, ty)
    }

    /// How a value shows itself by an interface with one method, if its type has it.
    fn text(&mut self, interface: LangItem, value: Operand, ty: Ty) -> Built<Option<Operand>> {
        let Some(&trait_) = self.cx.program.lang.traits.get(&interface) else { return Ok(None) };
        let Some(&method) = self.cx.program.traits[trait_].methods.first() else { return Ok(None) };
        if !self.shows(method, ty, &mut FxHashSet::default())? {
            return Ok(None);
        }
        let (id, targs) = self.method(method, &[ty])?;
        Ok(Some(self.call_value(id, &targs, vec![value])?))
    }

    /// Whether a type and all that its text consists of have the method. A derived impl needs it of the parts, a
    /// written one of the type's arguments.
    fn shows(&self, method: FnId, ty: Ty, seen: &mut FxHashSet<Ty>) -> Built<bool> {
        if !seen.insert(ty) {
            return Ok(true);
        }
        if self.find_method(method, &[ty]).is_none() {
            return Ok(false);
        }
        let TyKind::App(con, args) = ty.kind() else { return Ok(false) };
        if !self.all_show(method, args, seen)? {
            return Ok(false);
        }
        let TyCon::Adt(id) = con else { return Ok(true) };
        if !self.is_derived(method, *id) {
            return Ok(true);
        }
        for variant in 0..self.cx.program.types[*id].variants().len() as u32 {
            if !self.all_show(method, &self.part_tys(ty, variant)?, seen)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn all_show(&self, method: FnId, tys: &[Ty], seen: &mut FxHashSet<Ty>) -> Built<bool> {
        for &ty in tys {
            if !self.shows(method, ty, seen)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn is_derived(&self, method: FnId, ty: TypeId) -> bool {
        let program = self.cx.program;
        let snow_hir::Container::Trait(trait_) = program.fns[method].container else { return false };
        program.impls.iter().any(|(_, def)| def.trait_ == trait_ && def.derived.is_some_and(|d| d.ty == ty))
    }
}
