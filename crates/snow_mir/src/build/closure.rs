//! Closures: as values with captures, and with a known name as functions that take what they capture first.

use std::rc::Rc;

use snow_hir::{BodyId, Closure, Expr, ExprId, LocalId as HirLocal};
use snow_typeck::Ty;
use snow_typeck::matching::MatchId;

use super::emit::{Dest, Emit, concrete};
use super::lower::{Lower, Source};
use crate::mir::{Const, Func, FuncId, FuncKind, Operand, Rvalue};
use crate::mono::{Built, Mono, What, bug};

impl Lower<'_, '_> {
    /// A closure as a value.
    pub(crate) fn closure_value(&mut self, e: ExprId, dest: Dest) -> Built<()> {
        let ty = self.ty_of(e)?;
        let subst = self.src.subst.clone();
        self.make_closure(e, &subst, ty, dest)
    }

    /// A closure of this body as a value, at these types.
    pub(crate) fn make_closure(&mut self, e: ExprId, subst: &[Ty], ty: Ty, dest: Dest) -> Built<()> {
        let captures = self.captured(e)?;
        let body = self.src.id;
        let func = self.instance(What::Closure(body, e), subst)?;
        let value = match captures.is_empty() {
            true => Rvalue::Use(Operand::Const(Const::Func(func))),
            false => Rvalue::MakeClosure { func, captures },
        };
        self.give(dest, ty, value);
        Ok(())
    }

    /// The values that a closure of this body captures.
    pub(crate) fn captured(&self, e: ExprId) -> Built<Vec<Operand>> {
        let free = self.src.info.free(self.src.body, e);
        free.iter().map(|&local| self.name(local)).collect()
    }

    /// The code of a closure with a known name, and the types for the body's parameters in it.
    pub(crate) fn template(&self, local: HirLocal, own: &[Ty]) -> Built<(ExprId, Rc<[Ty]>)> {
        let info = &self.src.info;
        let closure = info.templates.get(&local).copied().ok_or_else(|| self.bug("no known closure"))?;
        let numbers = self.src.types.generalised.get(local).map(Vec::as_slice).unwrap_or_default();
        let mut subst = self.src.subst.to_vec();
        for (&number, &ty) in numbers.iter().zip(own) {
            let at = number as usize;
            if subst.len() <= at {
                subst.resize(at + 1, Ty::unit());
            }
            subst[at] = ty;
        }
        Ok((closure, subst.into()))
    }

    /// Calls a closure with a known name.
    pub(crate) fn call_template(
        &mut self,
        local: HirLocal,
        own: &[Ty],
        values: Vec<Operand>,
        dest: Dest,
    ) -> Built<()> {
        let (closure, subst) = self.template(local, own)?;
        let mut args = self.captured(closure)?;
        args.extend(values);
        let body = self.src.id;
        let func = self.instance(What::LocalFn(body, closure), &subst)?;
        let general = self.src.types.exprs.get(closure).ok_or_else(|| self.bug("a closure has no type"))?;
        let ty = concrete(general.subst(&subst));
        let (_, ret) = ty.as_fn().ok_or_else(|| self.bug("a closure's type is no function"))?;
        self.call_func(func, args, ret, dest);
        Ok(())
    }
}

/// What both forms of a closure begin with.
pub(crate) struct Parts<'p> {
    pub(crate) src: Source<'p>,
    pub(crate) code: &'p Closure,
    pub(crate) ty: Ty,
    pub(crate) free: Rc<[HirLocal]>,
    pub(crate) free_tys: Vec<Ty>,
    pub(crate) span: snow_base::Span,
}

impl<'p> Parts<'p> {
    pub(crate) fn new(cx: &mut Mono<'p>, (id, e): (BodyId, ExprId), args: &[Ty]) -> Built<Parts<'p>> {
        let src = Source::new(cx, id, args)?;
        let body = src.body;
        let span = src.span(e).unwrap_or_else(super::nowhere);
        let Expr::Closure(code) = &body.exprs[e] else { return Err(bug(span, "no closure")) };
        let ty = src.types.exprs.get(e).ok_or_else(|| bug(span, "a closure has no type"))?;
        let ty = src.ty(*ty);
        let free = src.info.free(body, e);
        let free_tys = free
            .iter()
            .map(|&local| {
                let ty = src.types.locals.get(local);
                ty.map(|&ty| src.ty(ty)).ok_or_else(|| bug(span, "a captured name has no type"))
            })
            .collect::<Built<Vec<Ty>>>()?;
        Ok(Parts { src, code, ty, free, free_tys, span })
    }

    fn signature(&self) -> Built<(&'static [Ty], Ty)> {
        self.ty.as_fn().ok_or_else(|| bug(self.span, "a closure's type is no function"))
    }
}

/// Builds a closure that is called through its value.
pub(crate) fn closure(
    cx: &mut Mono<'_>,
    this: FuncId,
    (id, e): (BodyId, ExprId),
    args: &[Ty],
) -> Built<Func> {
    let parts = Parts::new(cx, (id, e), args)?;
    let (params, ret) = parts.signature()?;
    let kind = FuncKind::Closure(parts.free_tys.clone());
    let mut lower = Lower::new(Emit::new(cx, this, kind, ret, parts.span), parts.src);
    let own = lower.param(parts.ty, None);
    for (&local, &ty) in parts.code.params.iter().zip(params) {
        lower.param_for(local, ty);
    }
    for (index, (&local, &ty)) in parts.free.iter().zip(&parts.free_tys).enumerate() {
        let value = lower.temp(ty, Rvalue::Capture { closure: own, index: index as u32 });
        lower.bind(local, Operand::Local(value));
    }
    lower.clauses(MatchId::Expr(e), &parts.code.params, &parts.code.clauses)?;
    lower.finish()
}

/// Builds a closure with a known name as a function.
pub(crate) fn local_fn(
    cx: &mut Mono<'_>,
    this: FuncId,
    (id, e): (BodyId, ExprId),
    args: &[Ty],
) -> Built<Func> {
    let parts = Parts::new(cx, (id, e), args)?;
    let (params, ret) = parts.signature()?;
    let mut lower = Lower::new(Emit::new(cx, this, FuncKind::Direct, ret, parts.span), parts.src);
    let taken = parts.free.iter().zip(&parts.free_tys);
    for (&local, &ty) in taken.chain(parts.code.params.iter().zip(params)) {
        lower.param_for(local, ty);
    }
    lower.clauses(MatchId::Expr(e), &parts.code.params, &parts.code.clauses)?;
    lower.finish()
}
