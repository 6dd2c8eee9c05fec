//! Calls: what is called, which argument goes to which parameter, closures last.

use snow_abi::LangItem;
use snow_base::{Name, Span};
use snow_diagnostics::{Diagnostic, nearest};
use snow_hir::{Arg, Closure, ClosureKind, CtorId, Expr, ExprId, FnId, FnKind, Pat};

use super::Infer;
use super::reference::Inst;
use crate::errors::Why;
use crate::results::ArgSource;
use crate::solve::What;
use crate::ty::{Ty, TyCon};

/// What is called, as far as arguments are concerned.
pub(crate) struct Callee {
    /// What messages call it: its name in backquotes, or in words.
    pub(crate) name: String,
    /// Where it is defined.
    pub(crate) defined: Option<Span>,
    /// Its parameters without the receiver.
    pub(crate) slots: Vec<Slot>,
    /// Whose parameters they are.
    pub(crate) of: CalleeOf,
}

/// What has the parameters of a callee.
pub(crate) enum CalleeOf {
    /// A function; the types of the receiver, if it has been given.
    Fn(FnId, Vec<Ty>),
    /// A constructor.
    Ctor(CtorId),
    /// A value.
    Value,
}

/// A parameter of what is called.
pub(crate) struct Slot {
    pub(crate) name: Option<Name>,
    pub(crate) ty: Ty,
    /// The number of its default: its position among all parameters.
    pub(crate) default: Option<u32>,
    /// What an argument is checked against.
    pub(crate) why: Why,
}

impl Infer<'_, '_> {
    /// `f(a, b)`
    pub(crate) fn call(&mut self, e: ExprId, callee: ExprId, args: &[Arg], hint: Option<Ty>) -> Ty {
        match &self.body.exprs[callee] {
            Expr::Fn(f) if self.cx.program.fns[*f].kind == FnKind::Actor => {
                self.actor_call(e, callee, *f, args)
            }
            Expr::Fn(f) => {
                let inst = self.instantiate(callee, *f);
                self.record_callee(callee, &inst);
                self.call_mailbox(*f, &inst.mailbox, self.span(e));
                self.call_fn(e, *f, &inst, (args, 0))
            }
            Expr::TraitMethod(_, f) => {
                let inst = self.instantiate(callee, *f);
                self.record_callee(callee, &inst);
                self.call_fn(e, *f, &inst, (args, 0))
            }
            Expr::TypeMember { ty, name, name_span } => {
                let Some((f, inst)) = self.type_member(callee, ty, (*name, *name_span)) else {
                    self.skip_args(args);
                    return Ty::error();
                };
                self.record_callee(callee, &inst);
                self.call_fn(e, f, &inst, (args, 0))
            }
            Expr::Ctor(ids) => self.ctor_call(e, callee, ids, (args, hint)),
            Expr::Closure(closure)
                if closure.params.len() == args.len() && args.iter().all(|a| a.name.is_none()) =>
            {
                self.call_closure(callee, closure, args)
            }
            _ => {
                let ty = self.infer(callee);
                self.call_value(e, ty, args, self.span(callee))
            }
        }
    }

    pub(crate) fn record_callee(&mut self, callee: ExprId, inst: &Inst) {
        self.result.out.exprs.insert(callee, Ty::func(&inst.params, inst.ret));
    }

    /// Reads the arguments of a known function; the first `skip` parameters are given already.
    pub(crate) fn call_fn(&mut self, e: ExprId, f: FnId, inst: &Inst, (args, skip): (&[Arg], usize)) -> Ty {
        let def = &self.cx.program.fns[f];
        let is = |item: LangItem| self.cx.program.lang.fns.get(&item) == Some(&f);
        let (is_child, is_answer) = (is(LangItem::SupervisorChild), is(LangItem::ServiceAnswer));
        // What the loop of a service is called, as no actor of a program is.
        let is_loop = def.kind == FnKind::Actor && def.name == "serve_";
        let slots = def.params.iter().zip(&inst.params).enumerate().skip(skip).map(|(i, (p, &ty))| Slot {
            name: p.name,
            ty,
            default: p.default.map(|_| i as u32),
            why: if is_child {
                Why::ChildStart
            } else if is_answer {
                Why::Answer { call: true }
            } else if is_loop {
                Why::State
            } else {
                Why::Param(Some(p.ty.as_ref().map_or(p.span, |t| t.span)))
            },
        });
        let callee = Callee {
            name: format!("`{}`", def.name),
            defined: Some(def.span),
            slots: slots.collect(),
            of: CalleeOf::Fn(f, inst.params[..skip].to_vec()),
        };
        if !self.read_args(e, &callee, args) {
            self.forget_conditions(&inst.args);
            return Ty::error();
        }
        let sources = self.result.out.args.get(e).cloned().unwrap_or_default();
        for source in sources {
            if let ArgSource::Default(index) = source {
                self.use_default(e, f, index, inst);
            }
        }
        inst.ret
    }

    /// A default may fix type parameters and have conditions.
    fn use_default(&mut self, e: ExprId, f: FnId, index: u32, inst: &Inst) {
        self.cx.ensure_default(f, index);
        let Some(fact) = self.cx.defaults.get(&(f, index)).cloned() else { return };
        for (&have, want) in inst.args.iter().zip(&fact.args) {
            let want = want.subst(&inst.args);
            if !self.fits(want, have) {
                self.report_mismatch(self.span(e), have, want, Why::DefaultUsed);
            }
        }
        let name = self.cx.program.fns[f].name;
        for pred in &fact.preds {
            self.require_later(pred.subst(&inst.args), self.span(e), What::Call(name));
        }
    }

    /// Finds the parameter of each argument and checks them: those that aren't closures first. False: they turned out to
    /// stand in another order, so that what the callee gives isn't known.
    pub(crate) fn read_args(&mut self, e: ExprId, callee: &Callee, args: &[Arg]) -> bool {
        let Some(targets) = self.arrange(e, callee, args) else {
            self.skip_args(args);
            return true;
        };
        let before = self.errors();
        for (arg, &slot) in args.iter().zip(&targets) {
            if !self.is_closure(arg.value) {
                let slot = &callee.slots[slot];
                self.check(arg.value, slot.ty, slot.why);
            }
        }
        let order = self.other_order(callee, (args, &targets), before);
        for (index, (arg, &slot)) in args.iter().zip(&targets).enumerate() {
            if self.is_closure(arg.value) {
                let slot = &callee.slots[slot];
                let (ty, why) = order.as_ref().map_or((slot.ty, slot.why), |o| (o.types[index], Why::None));
                self.learn_params(ty);
                self.check(arg.value, ty, why);
            }
        }
        order.is_none()
    }

    /// What the arguments before it tell of a closure's parameters: `Iter.from(rows)` has the elements of `rows`.
    fn learn_params(&mut self, closure: Ty) {
        let params = self.cx.table.shallow(closure).as_fn().map_or(&[][..], |(params, _)| params);
        for &param in params {
            self.head(param);
        }
    }

    pub(crate) fn is_closure(&self, e: ExprId) -> bool {
        matches!(self.body.exprs[e], Expr::Closure(_))
    }

    /// A trailing block goes to the last parameter.
    pub(crate) fn is_trailing_block(&self, e: ExprId) -> bool {
        matches!(&self.body.exprs[e], Expr::Closure(c) if c.kind == ClosureKind::TrailingBlock)
    }

    /// Reads arguments that fit no parameter, for the errors inside them.
    pub(crate) fn skip_args(&mut self, args: &[Arg]) {
        self.mark_bad();
        for arg in args {
            self.infer(arg.value);
        }
    }

    /// The parameter of each argument; records the sources where they aren't as written.
    fn arrange(&mut self, e: ExprId, callee: &Callee, args: &[Arg]) -> Option<Vec<usize>> {
        let mut given: Vec<Option<u32>> = vec![None; callee.slots.len()];
        let mut targets = vec![];
        let positional = args.iter().take_while(|a| a.name.is_none()).count();
        for (index, arg) in args.iter().enumerate() {
            let last_block = self.is_trailing_block(arg.value) && args.len() <= given.len();
            let slot = match arg.name {
                None if last_block => given.len() - 1,
                None if index < positional && index < given.len() => index,
                None if index < positional => {
                    self.report_arity(e, callee, args.len());
                    return None;
                }
                None => {
                    let message = "an argument without a name can't follow one with a name";
                    self.report(Diagnostic::error("E0311", message, self.span(arg.value)));
                    return None;
                }
                Some(name) => self.named_slot(callee, name)?,
            };
            if given[slot].is_some() {
                let Some((name, span)) = arg.name else {
                    self.report_arity(e, callee, args.len());
                    return None;
                };
                let message = format!("`{name}` is given twice");
                self.report(Diagnostic::error("E0311", message, span));
                return None;
            }
            given[slot] = Some(index as u32);
            targets.push(slot);
        }
        let sources: Option<Vec<ArgSource>> = (given.iter().zip(&callee.slots))
            .map(|(given, slot)| match given {
                Some(index) => Some(ArgSource::Given(*index)),
                None => slot.default.map(ArgSource::Default),
            })
            .collect();
        let Some(sources) = sources else {
            self.report_arity(e, callee, args.len());
            return None;
        };
        let as_written = sources.iter().enumerate().all(|(i, s)| *s == ArgSource::Given(i as u32));
        if !as_written {
            self.result.out.args.insert(e, sources);
        }
        Some(targets)
    }

    fn named_slot(&mut self, callee: &Callee, (name, span): (Name, Span)) -> Option<usize> {
        let found = callee.slots.iter().position(|s| s.name == Some(name));
        if found.is_none() {
            let message = format!("{} has no parameter `{name}`", callee.name);
            let error = Diagnostic::error("E0311", message, span);
            let names = callee.slots.iter().filter_map(|s| s.name).map(|n| n.as_str());
            let near = nearest(name.as_str(), names);
            self.report(error.with_suggestion(span, near));
        }
        found
    }

    fn report_arity(&mut self, e: ExprId, callee: &Callee, given: usize) {
        let most = callee.slots.len();
        let least = callee.slots.iter().filter(|s| s.default.is_none()).count();
        let plural = if most == 1 { "" } else { "s" };
        let takes = match least == most {
            true => format!("{most} argument{plural}"),
            false => format!("{least} to {most} arguments"),
        };
        let was = if given == 1 { "1 is given".to_owned() } else { format!("{given} are given") };
        let message = format!("{} takes {takes}, but {was}", callee.name);
        let mut error = Diagnostic::error("E0302", message, self.span(e));
        if let Some(span) = callee.defined {
            error = error.with_label(span, "defined here");
        }
        if matches!(&*callee.name, "`println`" | "`print`") && most == 1 && given > 1 {
            error = error.with_help("several values are put into one string: `\"${a} ${b}\"`");
        }
        self.report(error);
    }

    /// `x |> fn y -> … end`: the arguments tell the types of the closure's parameters, where nothing is written there.
    fn call_closure(&mut self, callee: ExprId, closure: &Closure, args: &[Arg]) -> Ty {
        let told: Vec<bool> = (args.iter().enumerate())
            .map(|(at, arg)| !self.is_closure(arg.value) && !self.is_annotated(closure, at))
            .collect();
        let mut params = Vec::new();
        for (arg, &told) in args.iter().zip(&told) {
            let ty = if told { self.infer(arg.value) } else { self.fresh() };
            params.push(if self.is_never(ty) { self.fresh() } else { ty });
        }
        let ret = self.fresh();
        self.check(callee, Ty::func(&params, ret), Why::None);
        for ((arg, ty), _) in args.iter().zip(params).zip(told).filter(|(_, told)| !told) {
            self.check(arg.value, ty, Why::Param(None));
        }
        ret
    }

    fn is_annotated(&self, closure: &Closure, param: usize) -> bool {
        let mut pats = closure.clauses.iter().filter_map(|clause| clause.pats.get(param));
        pats.any(|&pat| matches!(self.body.pats[pat], Pat::Typed(..)))
    }

    /// Calls a value.
    pub(crate) fn call_value(&mut self, e: ExprId, ty: Ty, args: &[Arg], span: Span) -> Ty {
        let ty = self.head(ty);
        if self.is_error(ty) || self.is_never(ty) {
            self.skip_args(args);
            return ty;
        }
        if let Some(arg) = args.iter().find(|a| a.name.is_some()) {
            let message = "a function that is a value takes its arguments without names";
            self.report(Diagnostic::error("E0311", message, self.span(arg.value)));
            self.skip_args(args);
            return Ty::error();
        }
        if self.is_unknown(ty) {
            return self.call_unknown(e, ty, args);
        }
        let Some((params, ret)) = ty.as_fn() else {
            let message = format!("this is no function, but a value of type `{}`", self.cx.show(ty));
            self.report(Diagnostic::error("E0306", message, span));
            self.skip_args(args);
            return Ty::error();
        };
        let slots = params.iter().map(|&ty| Slot { name: None, ty, default: None, why: Why::Param(None) });
        let callee = Callee {
            name: "this function".to_owned(),
            defined: None,
            slots: slots.collect(),
            of: CalleeOf::Value,
        };
        if self.read_args(e, &callee, args) { ret } else { Ty::error() }
    }

    /// Calls a value of which nothing is known: its parameters are what it is given.
    fn call_unknown(&mut self, e: ExprId, ty: Ty, args: &[Arg]) -> Ty {
        let params: Vec<Ty> = args.iter().map(|a| self.infer(a.value)).collect();
        let params: Vec<Ty> =
            params.into_iter().map(|p| if self.is_never(p) { self.fresh() } else { p }).collect();
        let ret = self.fresh();
        let want = Ty::func(&params, ret);
        match self.cx.table.unify(ty, want) {
            Ok(()) => ret,
            Err(_) => {
                self.report_mismatch(self.span(e), ty, want, Why::None);
                Ty::error()
            }
        }
    }

    /// `T.name` as a value.
    pub(crate) fn type_member_value(&mut self, e: ExprId, ty: &snow_hir::TypeRef, name: (Name, Span)) -> Ty {
        match self.type_member(e, ty, name) {
            Some((_, inst)) => Ty::func(&inst.params, inst.ret),
            None => Ty::error(),
        }
    }

    /// Whether a type is a struct or sum type of this head.
    pub(crate) fn adt_head(&self, ty: Ty) -> Option<(snow_hir::TypeId, &'static [Ty])> {
        match self.cx.table.shallow(ty).as_app() {
            Some((TyCon::Adt(id), args)) => Some((id, args)),
            _ => None,
        }
    }
}
