//! A body in the making: its expressions' types at this instance, its environment, its clauses.

use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use snow_base::{FxHashMap, Span};
use snow_hir::{Body, BodyId, BodyOwner, Clause, Expr, ExprId, FnBody, FnId, LocalId as HirLocal};
use snow_typeck::matching::{MatchId, MatchTree};
use snow_typeck::{BodyTypes, Res, Ty};

use super::emit::{Dest, Emit, concrete};
use super::free::BodyInfo;
use crate::mir::{BlockId, Func, FuncId, FuncKind, LocalId, Operand, Rvalue};
use crate::mono::{Built, Mono, RunMode, bug};

/// A loop that is being built.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loop {
    /// Where `continue` goes.
    pub(crate) next: BlockId,
    /// Where `break` goes.
    pub(crate) exit: BlockId,
}

/// What a body is built from.
#[derive(Clone)]
pub(crate) struct Source<'p> {
    /// Which body.
    pub(crate) id: BodyId,
    /// The body.
    pub(crate) body: &'p Body,
    /// What the checker knows of it.
    pub(crate) types: &'p BodyTypes,
    /// What its instances share.
    pub(crate) info: Rc<BodyInfo>,
    /// The types for its parameters.
    pub(crate) subst: Rc<[Ty]>,
}

impl<'p> Source<'p> {
    /// The body with these types for its parameters.
    pub(crate) fn new(cx: &mut Mono<'p>, id: BodyId, subst: &[Ty]) -> Built<Source<'p>> {
        let body = &cx.program.bodies[id];
        let missing = || bug(super::nowhere(), "a body wasn't checked");
        let types = cx.typed.bodies.get(&id).ok_or_else(missing)?;
        let info = cx.bodies.entry(id).or_insert_with(|| Rc::new(BodyInfo::new(body, types))).clone();
        Ok(Source { id, body, types, info, subst: subst.into() })
    }

    /// A type of the body at this instance.
    pub(crate) fn ty(&self, ty: Ty) -> Ty {
        if ty.is_concrete() { ty } else { concrete(ty.subst(&self.subst)) }
    }

    /// The place of an expression.
    pub(crate) fn span(&self, expr: ExprId) -> Option<Span> {
        self.body.expr_spans.get(expr).copied()
    }
}

/// A function in the making that is built from (a part of) a body.
pub(crate) struct Lower<'c, 'p> {
    emit: Emit<'c, 'p>,
    /// The body.
    pub(crate) src: Source<'p>,
    /// Where the names' values are.
    pub(crate) env: FxHashMap<HirLocal, Operand>,
    /// The loops around, the innermost last.
    pub(crate) loops: Vec<Loop>,
}

impl<'c, 'p> Deref for Lower<'c, 'p> {
    type Target = Emit<'c, 'p>;

    fn deref(&self) -> &Emit<'c, 'p> {
        &self.emit
    }
}

impl DerefMut for Lower<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.emit
    }
}

impl<'c, 'p> Lower<'c, 'p> {
    /// Begins a function over a body.
    pub(crate) fn new(emit: Emit<'c, 'p>, src: Source<'p>) -> Lower<'c, 'p> {
        Lower { emit, src, env: FxHashMap::default(), loops: Vec::new() }
    }

    /// The finished function.
    pub(crate) fn finish(self) -> Built<Func> {
        self.emit.finish()
    }

    /// An error of the compiler at the present place.
    pub(crate) fn bug(&self, what: impl std::fmt::Display) -> Box<snow_diagnostics::Diagnostic> {
        bug(self.span, what)
    }

    /// The type of an expression at this instance.
    pub(crate) fn ty_of(&self, expr: ExprId) -> Built<Ty> {
        match self.src.types.exprs.get(expr) {
            Some(&ty) => Ok(self.src.ty(ty)),
            None => Err(bug(self.src.span(expr).unwrap_or(self.span), "an expression has no type")),
        }
    }

    /// The type of a local name at this instance.
    pub(crate) fn ty_of_local(&self, local: HirLocal) -> Built<Ty> {
        let name = self.src.body.locals[local].name;
        match self.src.types.locals.get(local) {
            Some(&ty) => Ok(self.src.ty(ty)),
            None => Err(self.bug(format_args!("the name `{name}` has no type"))),
        }
    }

    /// What an expression means, with the types of this instance.
    pub(crate) fn res_of(&self, expr: ExprId) -> Option<Res> {
        let tys = |args: &[Ty]| args.iter().map(|&a| self.src.ty(a)).collect::<Vec<Ty>>();
        Some(match self.src.types.res.get(expr)? {
            Res::Fn(id, args) => Res::Fn(*id, tys(args)),
            Res::Method(id, args) => Res::Method(*id, tys(args)),
            Res::Ctor(id, args) => Res::Ctor(*id, tys(args)),
            Res::Local(id, args) => Res::Local(*id, tys(args)),
            other => other.clone(),
        })
    }

    /// The function that an expression's entry names: the impl's, where it's an interface's method.
    pub(crate) fn fn_of(&self, expr: ExprId) -> Built<(FnId, Vec<Ty>)> {
        match self.res_of(expr) {
            Some(Res::Fn(id, args)) => Ok((id, args)),
            Some(Res::Method(method, args)) => self.method(method, &args),
            other => Err(self.bug(format_args!("a function was expected, not {other:?}"))),
        }
    }

    /// The value of a name.
    pub(crate) fn name(&self, local: HirLocal) -> Built<Operand> {
        let name = self.src.body.locals[local].name;
        self.env.get(&local).cloned().ok_or_else(|| self.bug(format_args!("the name `{name}` has no value")))
    }

    /// Gives a name its value.
    pub(crate) fn bind(&mut self, local: HirLocal, value: Operand) {
        if let Operand::Local(id) = value {
            let name = self.src.body.locals[local].name;
            self.name_local(id, name.as_str());
        }
        self.env.insert(local, value);
    }

    /// A parameter for a name.
    pub(crate) fn param_for(&mut self, local: HirLocal, ty: Ty) {
        let name = self.src.body.locals[local].name;
        let name = (!name.as_str().starts_with('_')).then(|| name.to_string());
        let param = self.param(ty, name);
        self.env.insert(local, Operand::Local(param));
    }

    /// The tree of a match.
    pub(crate) fn tree(&self, id: MatchId) -> Option<&'p MatchTree> {
        self.src.types.matches.get(&id)
    }

    /// Builds clauses as the whole of the function; `params` are what they match.
    pub(crate) fn clauses(&mut self, id: MatchId, params: &[HirLocal], clauses: &'p [Clause]) -> Built<()> {
        let Some(tree) = self.tree(id) else {
            return match clauses {
                [only] if only.pats.is_empty() && only.guard.is_none() => self.to(only.body, Dest::Tail),
                _ => Err(self.bug("clauses have no decision tree")),
            };
        };
        let mut roots = Vec::new();
        for &param in params {
            let ty = self.ty_of_local(param)?;
            let value = self.name(param)?;
            roots.push(self.as_local(value, ty));
        }
        self.match_clauses(tree, roots, clauses, Dest::Tail)
    }

    /// A temporary copy of an operand that later code may not change.
    pub(crate) fn copy(&mut self, op: Operand, ty: Ty) -> LocalId {
        self.temp(ty, Rvalue::Use(op))
    }
}

/// Builds a function defined in Snow.
pub(crate) fn function(cx: &mut Mono<'_>, this: FuncId, id: FnId, mode: RunMode, args: &[Ty]) -> Built<Func> {
    let def = &cx.program.fns[id];
    let FnBody::Snow(body_id) = def.body else {
        return Err(bug(def.span, format_args!("`{}` has no code", def.name)));
    };
    let src = Source::new(cx, body_id, args)?;
    let body = src.body;
    let mut emit = Emit::new(cx, this, FuncKind::Direct, Ty::unit(), def.span);
    let (params, ret) = emit.fn_types(id, args)?;
    emit.ret = ret;
    emit.mode = mode;
    let mut lower = Lower::new(emit, src);
    for (&local, ty) in body.params.iter().zip(params) {
        lower.param_for(local, ty);
    }
    lower.save_for_terminate(id, args)?;
    lower.clauses(MatchId::Body, &body.params, &body.clauses)?;
    lower.finish()
}

/// Builds a constant's or a default's value as a function.
pub(crate) fn value(cx: &mut Mono<'_>, this: FuncId, id: BodyId, args: &[Ty]) -> Built<Func> {
    let src = Source::new(cx, id, args)?;
    let body = src.body;
    let ret = value_ty_of(cx, id, args)?;
    let span = body.clauses.first().map_or(super::nowhere(), |c| c.span);
    let mut lower = Lower::new(Emit::new(cx, this, FuncKind::Direct, ret, span), src);
    for &local in &body.params {
        let ty = lower.ty_of_local(local)?;
        lower.param_for(local, ty);
    }
    lower.clauses(MatchId::Body, &body.params, &body.clauses)?;
    lower.finish()
}

/// The type that a constant or default is to have.
pub(crate) fn value_ty_of(cx: &Mono<'_>, id: BodyId, args: &[Ty]) -> Built<Ty> {
    let typed = cx.typed;
    let ty = match cx.program.bodies[id].owner {
        BodyOwner::Fn(f) => typed.sigs.get(&f).map(|s| s.ret),
        BodyOwner::Const(c) => typed.consts.get(&c).copied(),
        BodyOwner::ParamDefault(f, at) => typed.sigs.get(&f).and_then(|s| s.params.get(at as usize)).copied(),
        BodyOwner::FieldDefault(ctor, at) => {
            typed.fields.get(&ctor).and_then(|f| f.get(at as usize)).copied()
        }
    };
    let ty = ty.ok_or_else(|| bug(super::nowhere(), "a value has no type"))?;
    Ok(concrete(ty.subst(args)))
}

/// The literal that a constant's body consists of.
pub(crate) fn literal_of(body: &Body) -> Option<crate::mir::Const> {
    use crate::mir::Const;
    let [clause] = body.clauses.as_slice() else { return None };
    Some(match &body.exprs[clause.body] {
        Expr::Int(n) => Const::Int(*n),
        Expr::Float(x) => Const::Float(*x),
        Expr::Bool(b) => Const::Bool(*b),
        Expr::Str(s) => Const::Str(s.clone()),
        Expr::Atom(a) => Const::Atom(a.to_string()),
        _ => return None,
    })
}
