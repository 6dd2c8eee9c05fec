//! Calls and paths: who is called, with which arguments in which order.

use snow_base::Name;
use snow_hir::{Arg, BodyId, CtorId, Expr, ExprId, FnId, LocalId as HirLocal, TypeDefKind};
use snow_typeck::{ArgSource, Res, Ty, TyCon, TyKind};

use super::emit::Dest;
use super::lower::Lower;
use crate::mir::{Const, Operand, Rvalue};
use crate::mono::{Built, What};

/// What a path in front of arguments means.
pub(crate) enum Callee {
    /// A function.
    Fn(FnId, Vec<Ty>),
    /// A constructor.
    Ctor(CtorId, Vec<Ty>),
    /// A closure with a known name.
    Template(HirLocal, Vec<Ty>),
    /// A method of a value that never exists.
    Never,
    /// A closure.
    Value,
}

impl Lower<'_, '_> {
    pub(crate) fn callee(&self, e: ExprId) -> Built<Callee> {
        match &self.src.body.exprs[e] {
            Expr::Fn(_) | Expr::Ctor(_) | Expr::TraitMethod(..) | Expr::TypeMember { .. } => {}
            Expr::Local(local) if self.src.info.templates.contains_key(local) => {
                return Ok(match self.res_of(e) {
                    Some(Res::Local(_, args)) => Callee::Template(*local, args),
                    _ => Callee::Template(*local, Vec::new()),
                });
            }
            _ => return Ok(Callee::Value),
        }
        match self.res_of(e) {
            Some(res) => self.meaning(res),
            None => Err(self.bug("a path has no meaning")),
        }
    }

    fn meaning(&self, res: Res) -> Built<Callee> {
        Ok(match res {
            Res::Fn(id, args) => Callee::Fn(id, args),
            Res::Ctor(id, args) => Callee::Ctor(id, args),
            Res::Method(method, args) => match self.find_method(method, &args) {
                Some((id, targs)) => Callee::Fn(id, targs),
                None if args.first() == Some(&Ty::never()) => Callee::Never,
                None => {
                    let (id, targs) = self.method(method, &args)?;
                    Callee::Fn(id, targs)
                }
            },
            other => return Err(self.bug(format_args!("{other:?} can't be called"))),
        })
    }

    /// `f(a, name: b)`
    pub(crate) fn call_expr(&mut self, e: ExprId, callee: ExprId, args: &[Arg], dest: Dest) -> Built<()> {
        let target = self.callee(callee)?;
        self.call_target(e, target, callee, (None, args), dest)
    }

    /// `x.m(a)`
    pub(crate) fn method_call(&mut self, e: ExprId, receiver: ExprId, args: &[Arg], dest: Dest) -> Built<()> {
        if self.never_comes(receiver)? {
            return Ok(());
        }
        let res = self.res_of(e).ok_or_else(|| self.bug("a method call has no meaning"))?;
        if let Res::FieldCall(at) = res {
            let base = self.expr_local(receiver)?;
            let closure = self.project(base, 0, at)?;
            let ty = self.local_ty(closure);
            return self.call_closure_with(Operand::Local(closure), ty, args, dest);
        }
        let target = self.meaning(res)?;
        let receiver_value = self.expr(receiver)?;
        self.call_target(e, target, receiver, (Some(receiver_value), args), dest)
    }

    fn call_target(
        &mut self,
        e: ExprId,
        target: Callee,
        callee: ExprId,
        (receiver, args): (Option<Operand>, &[Arg]),
        dest: Dest,
    ) -> Built<()> {
        match target {
            Callee::Fn(id, targs) => {
                let values = self.fn_arguments(e, id, &targs, (receiver, args))?;
                self.leave_terminate(id);
                self.call(id, &targs, values, dest)
            }
            Callee::Ctor(ctor, targs) => {
                let program = self.cx.program;
                let fields = &program.types[ctor.ty].variants()[ctor.variant as usize].fields;
                let defaults = fields.iter().map(|f| f.default).collect::<Vec<_>>();
                let values = self.arguments(e, args, receiver, &defaults, &targs)?;
                self.make_ctor(ctor, &targs, values, dest);
                Ok(())
            }
            Callee::Template(local, own) => {
                let values = self.values(args)?;
                self.call_template(local, &own, values, dest)
            }
            Callee::Never => {
                self.values(args)?;
                self.impossible();
                Ok(())
            }
            Callee::Value if self.never_comes(callee)? => Ok(()),
            Callee::Value => {
                let ty = self.ty_of(callee)?;
                let closure = self.expr(callee)?;
                self.call_closure_with(closure, ty, args, dest)
            }
        }
    }

    fn call_closure_with(&mut self, closure: Operand, ty: Ty, args: &[Arg], dest: Dest) -> Built<()> {
        let (_, ret) = ty.as_fn().ok_or_else(|| self.bug(format_args!("{ty:?} can't be called")))?;
        let values = self.values(args)?;
        self.call_closure(closure, values, ret, dest);
        Ok(())
    }

    fn values(&mut self, args: &[Arg]) -> Built<Vec<Operand>> {
        args.iter().map(|arg| self.expr(arg.value)).collect()
    }

    /// The arguments of a function, in order of its parameters.
    pub(crate) fn fn_arguments(
        &mut self,
        e: ExprId,
        id: FnId,
        targs: &[Ty],
        (receiver, args): (Option<Operand>, &[Arg]),
    ) -> Built<Vec<Operand>> {
        let program = self.cx.program;
        let defaults = program.fns[id].params.iter().map(|p| p.default).collect::<Vec<_>>();
        self.arguments(e, args, receiver, &defaults, targs)
    }

    /// The arguments in order of the parameters: evaluated as written, defaults last.
    fn arguments(
        &mut self,
        e: ExprId,
        args: &[Arg],
        receiver: Option<Operand>,
        defaults: &[Option<BodyId>],
        targs: &[Ty],
    ) -> Built<Vec<Operand>> {
        let given = self.values(args)?;
        let mut values: Vec<Operand> = receiver.into_iter().collect();
        let Some(sources) = self.src.types.args.get(e) else {
            values.extend(given);
            return Ok(values);
        };
        let first = values.len();
        let mut slots: Vec<Option<Operand>> = values.into_iter().map(Some).collect();
        for source in sources {
            slots.push(match source {
                ArgSource::Given(at) => {
                    let value = given.get(*at as usize).cloned();
                    Some(value.ok_or_else(|| self.bug("an argument is missing"))?)
                }
                ArgSource::Default(_) => None,
            });
        }
        for at in first..slots.len() {
            if slots[at].is_none() {
                let body = defaults.get(at).copied().flatten();
                let body = body.ok_or_else(|| self.bug("a parameter has no default"))?;
                slots[at] = Some(self.default_value(body, &slots[..at], targs)?);
            }
        }
        slots.into_iter().map(|slot| slot.ok_or_else(|| self.bug("an argument is missing"))).collect()
    }

    /// The value of a default, given the arguments in front of it.
    pub(crate) fn default_value(
        &mut self,
        body: BodyId,
        before: &[Option<Operand>],
        targs: &[Ty],
    ) -> Built<Operand> {
        let def = &self.cx.program.bodies[body];
        let args: Vec<Operand> = before.iter().take(def.params.len()).flatten().cloned().collect();
        let func = self.instance(What::Value(body), targs)?;
        let ret = super::lower::value_ty_of(self.cx, body, targs)?;
        let result = self.local(ret);
        self.call_func(func, args, ret, Dest::Local(result));
        Ok(Operand::Local(result))
    }

    /// A constructor with all its parts.
    pub(crate) fn make_ctor(&mut self, ctor: CtorId, targs: &[Ty], args: Vec<Operand>, dest: Dest) {
        let ty = Ty::adt(ctor.ty, targs.to_vec());
        self.give(dest, ty, Rvalue::Make { ty, variant: ctor.variant, args, reuse: None });
    }

    /// A function, constructor or closure with a known name, as a value.
    pub(crate) fn path(&mut self, e: ExprId, dest: Dest) -> Built<()> {
        let ty = self.ty_of(e)?;
        match self.callee(e)? {
            Callee::Fn(id, targs) => {
                let func = self.instance(What::FnValue(id), &targs)?;
                self.give(dest, ty, Rvalue::Use(Operand::Const(Const::Func(func))));
            }
            Callee::Ctor(ctor, targs) => {
                let variants = self.cx.program.types[ctor.ty].variants();
                if variants[ctor.variant as usize].fields.is_empty() {
                    self.make_ctor(ctor, &targs, Vec::new(), dest);
                } else {
                    let func = self.instance(What::CtorValue(ctor), &targs)?;
                    self.give(dest, ty, Rvalue::Use(Operand::Const(Const::Func(func))));
                }
            }
            Callee::Template(local, own) => {
                let (closure, subst) = self.template(local, &own)?;
                self.make_closure(closure, &subst, ty, dest)?;
            }
            Callee::Never => self.impossible(),
            Callee::Value => return Err(self.bug("a path has no meaning")),
        }
        Ok(())
    }

    /// The position of a field of a struct.
    pub(crate) fn field_at(&self, ty: Ty, name: Name) -> Built<u32> {
        let program = self.cx.program;
        let found = match ty.kind() {
            TyKind::App(TyCon::Adt(id), _) => match &program.types[*id].kind {
                TypeDefKind::Struct(def) => def.fields.iter().position(|f| f.name == Some(name)),
                _ => None,
            },
            _ => None,
        };
        found.map(|at| at as u32).ok_or_else(|| self.bug(format_args!("no field `{name}` in {ty:?}")))
    }
}
