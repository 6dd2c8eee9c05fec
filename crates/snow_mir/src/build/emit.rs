//! The ground that all building stands on: one function in the making, its locals and blocks, calls and returns.
//!
//! It knows nothing of HIR bodies; see `Lower` for these. While [`Emit::cur`] is `None` no path leads to the present
//! point: what is emitted there vanishes.

use snow_abi::{AbiTy, Intrinsic, LangItem, RuntimeFn};
use snow_base::Span;
use snow_hir::{BuiltinTy, CtorId, FnBody, FnId, FnKind};
use snow_typeck::{Ty, TyCon, TyKind};

use super::names;
use crate::mir::{
    Block, BlockId, Const, ConstSlotId, Func, FuncId, FuncKind, LocalDecl, LocalId, Mode, Operand, Rvalue,
    Stmt, StmtKind, Term,
};
use crate::mono::{Built, Mono, RunMode, What, bug};

/// Where the value of an expression goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dest {
    /// Into a local.
    Local(LocalId),
    /// Nowhere.
    Ignore,
    /// It is the function's result.
    Tail,
}

/// A block in the making.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) stmts: Vec<Stmt>,
    pub(crate) term: Option<(Term, Span)>,
    /// Whether something leads here.
    pub(crate) reached: bool,
}

/// A function in the making.
pub(crate) struct Emit<'c, 'p> {
    /// The program's instances.
    pub(crate) cx: &'c mut Mono<'p>,
    /// The function itself.
    pub(crate) this: FuncId,
    /// Parameters, the first locals.
    pub(crate) params: Vec<LocalId>,
    /// All locals.
    pub(crate) locals: Vec<LocalDecl>,
    /// All blocks; 0 is the entry, 1 where self calls in tail position go.
    pub(crate) blocks: Vec<Draft>,
    /// Where code is added.
    pub(crate) cur: Option<BlockId>,
    /// Blocks that end in a jump back to the head of a loop.
    pub(crate) back_edges: Vec<BlockId>,
    /// The result's type as the program sees it.
    pub(crate) ret: Ty,
    /// Whether results are statuses.
    pub(crate) mode: RunMode,
    /// How the function is called.
    pub(crate) kind: FuncKind,
    /// The place of what is being built.
    pub(crate) span: Span,
}

/// The head of the function as a loop.
pub(crate) const SELF_HEAD: BlockId = BlockId(1);

impl<'c, 'p> Emit<'c, 'p> {
    /// An empty function that gives `ret`.
    pub(crate) fn new(cx: &'c mut Mono<'p>, this: FuncId, kind: FuncKind, ret: Ty, span: Span) -> Self {
        let mode = if kind == FuncKind::Handler { RunMode::Tail } else { RunMode::Block };
        let entry = Draft { stmts: Vec::new(), term: Some((Term::Goto(SELF_HEAD), span)), reached: true };
        Emit {
            cx,
            this,
            params: Vec::new(),
            locals: Vec::new(),
            blocks: vec![entry, Draft::default()],
            cur: Some(SELF_HEAD),
            back_edges: Vec::new(),
            ret,
            mode,
            kind,
            span,
        }
    }

    /// A parameter; all parameters come before other locals.
    pub(crate) fn param(&mut self, ty: Ty, name: Option<String>) -> LocalId {
        let id = self.local_named(ty, name);
        self.params.push(id);
        id
    }

    /// The two parameters of a handler: state and message.
    pub(crate) fn handler_params(&mut self) -> (LocalId, LocalId) {
        (self.param(raw(), Some("state".into())), self.param(raw(), Some("message".into())))
    }

    /// A new local.
    pub(crate) fn local(&mut self, ty: Ty) -> LocalId {
        self.local_named(ty, None)
    }

    fn local_named(&mut self, ty: Ty, name: Option<String>) -> LocalId {
        self.locals.push(LocalDecl { ty, name });
        LocalId(self.locals.len() as u32 - 1)
    }

    /// The type of a local.
    pub(crate) fn local_ty(&self, local: LocalId) -> Ty {
        self.locals[local.0 as usize].ty
    }

    /// Gives a local without a name one.
    pub(crate) fn name_local(&mut self, local: LocalId, name: &str) {
        let slot = &mut self.locals[local.0 as usize].name;
        if slot.is_none() && !name.starts_with('_') {
            *slot = Some(name.to_owned());
        }
    }

    /// A new block.
    pub(crate) fn block(&mut self) -> BlockId {
        self.blocks.push(Draft::default());
        BlockId(self.blocks.len() as u32 - 1)
    }

    /// Goes on in `block`.
    pub(crate) fn enter(&mut self, block: BlockId) {
        self.cur = Some(block);
    }

    /// Whether a path leads here.
    pub(crate) fn alive(&self) -> bool {
        self.cur.is_some()
    }

    /// Adds a statement.
    pub(crate) fn push(&mut self, kind: StmtKind) {
        if let Some(block) = self.cur {
            let span = self.span;
            self.blocks[block.0 as usize].stmts.push(Stmt { kind, span });
        }
    }

    /// Ends the block.
    pub(crate) fn end(&mut self, term: Term) {
        if let Some(block) = self.cur.take() {
            for next in term.successors() {
                self.blocks[next.0 as usize].reached = true;
            }
            self.blocks[block.0 as usize].term = Some((term, self.span));
        }
    }

    /// Goes to `block`.
    pub(crate) fn goto(&mut self, block: BlockId) {
        self.end(Term::Goto(block));
    }

    /// Goes back to the head of a loop.
    pub(crate) fn goto_back(&mut self, head: BlockId) {
        self.back_edges.extend(self.cur);
        self.end(Term::Goto(head));
    }

    /// Goes on in `join` if something leads there.
    pub(crate) fn enter_if_reached(&mut self, join: BlockId) {
        self.cur = self.blocks[join.0 as usize].reached.then_some(join);
    }

    /// Assigns to a local.
    pub(crate) fn assign(&mut self, local: LocalId, value: Rvalue) {
        self.push(StmtKind::Assign(local, value));
    }

    /// A new local with this value.
    pub(crate) fn temp(&mut self, ty: Ty, value: Rvalue) -> LocalId {
        let local = self.local(ty);
        self.assign(local, value);
        local
    }

    /// The operand as a local.
    pub(crate) fn as_local(&mut self, op: Operand, ty: Ty) -> LocalId {
        match op {
            Operand::Local(local) => local,
            constant => self.temp(ty, Rvalue::Use(constant)),
        }
    }

    /// An operation expanded in place, with its result in a new local.
    pub(crate) fn intrinsic(&mut self, op: Intrinsic, args: Vec<Operand>, ty: Ty) -> Operand {
        Operand::Local(self.temp(ty, Rvalue::Intrinsic { op, args }))
    }

    /// A call of the runtime, with its result in a new local.
    pub(crate) fn runtime(&mut self, func: RuntimeFn, args: Vec<Operand>, ty: Ty) -> Operand {
        let result = self.temp(ty, Rvalue::Runtime { func, args });
        if func.row().ret == AbiTy::Never {
            self.end(Term::Unreachable);
            return Operand::Const(Const::Unit);
        }
        Operand::Local(result)
    }

    /// Goes by a truth value.
    pub(crate) fn branch(&mut self, on: Operand, yes: BlockId, no: BlockId) {
        match on {
            Operand::Const(Const::Bool(b)) => self.goto(if b { yes } else { no }),
            on => {
                let on = self.as_local(on, Ty::bool());
                self.end(Term::Switch { on, cases: vec![(0, no), (1, yes)], default: None });
            }
        }
    }

    /// Hands a computed value to where it goes.
    pub(crate) fn give(&mut self, dest: Dest, ty: Ty, value: Rvalue) {
        match (dest, value) {
            (Dest::Local(local), value) => self.assign(local, value),
            (Dest::Ignore, value) if is_pure(&value) => {}
            (Dest::Ignore, value) => {
                self.temp(ty, value);
            }
            (Dest::Tail, Rvalue::Use(op)) => self.ret(op),
            (Dest::Tail, value) => {
                let result = self.temp(ty, value);
                self.ret(Operand::Local(result));
            }
        }
    }

    /// Returns a value; where the function's result is `()` or a status the value is thrown away.
    pub(crate) fn ret(&mut self, op: Operand) {
        let result = match self.mode {
            RunMode::Tail => Operand::Const(Const::Int(snow_abi::layout::status::DONE)),
            RunMode::Block if self.ret == Ty::unit() => Operand::Const(Const::Unit),
            RunMode::Block => op,
        };
        self.end(Term::Return(result));
    }

    /// Crashes: the state is impossible in checked programs.
    pub(crate) fn impossible(&mut self) {
        let int = |n| Operand::Const(Const::Int(n));
        let kind = snow_abi::runtime_fns::fail_kind::UNREACHABLE;
        self.runtime(RuntimeFn::fail, vec![int(kind), int(0), int(0)], Ty::never());
    }

    /// Ends the process with a text. Consumes the text.
    pub(crate) fn panic(&mut self, text: Operand) {
        self.runtime(RuntimeFn::panic, vec![text], Ty::never());
    }

    /// The function of an instance.
    pub(crate) fn instance(&mut self, what: What, args: &[Ty]) -> Built<FuncId> {
        let this = self.this;
        self.cx.instance(what, args, Some(this), self.span, |cx| names::of(cx, what, this))
    }

    /// The instance's constant slot.
    pub(crate) fn const_slot(&mut self, id: snow_hir::ConstId) -> ConstSlotId {
        self.cx.const_slot(id)
    }

    /// Whether a function can be run as the last thing of a process.
    pub(crate) fn may_suspend(&self, id: FnId) -> Built<bool> {
        let is_actor = self.cx.program.fns[id].kind == FnKind::Actor;
        Ok(is_actor || self.sig(id)?.mailbox.is_some())
    }

    /// The type of a function.
    pub(crate) fn sig(&self, id: FnId) -> Built<&'p snow_typeck::FnSig> {
        let typed = self.cx.typed;
        typed.sigs.get(&id).ok_or_else(|| {
            bug(self.span, format_args!("`{}` has no signature", self.cx.program.fns[id].name))
        })
    }

    /// The types of parameters and result of a function with these type arguments.
    pub(crate) fn fn_types(&self, id: FnId, targs: &[Ty]) -> Built<(Vec<Ty>, Ty)> {
        let sig = self.sig(id)?;
        let params = sig.params.iter().map(|p| concrete(p.subst(targs))).collect();
        Ok((params, concrete(sig.ret.subst(targs))))
    }

    /// Finds the function behind a method of an interface.
    pub(crate) fn method(&self, method: FnId, args: &[Ty]) -> Built<(FnId, Vec<Ty>)> {
        self.find_method(method, args).ok_or_else(|| {
            let name = &self.cx.program.fns[method].name;
            let shown: Vec<String> =
                args.iter().map(|&a| crate::print::show_ty(self.cx.program, a)).collect();
            bug(self.span, format_args!("no implementation of `{name}` for {}", shown.join(", ")))
        })
    }

    /// Finds the function behind a method of an interface, if the type has it.
    pub(crate) fn find_method(&self, method: FnId, args: &[Ty]) -> Option<(FnId, Vec<Ty>)> {
        let (id, targs) = snow_typeck::resolve_method(self.cx.program, self.cx.typed, method, args)?;
        Some((id, targs.into_iter().map(concrete).collect()))
    }

    /// Calls a function; with `Dest::Tail` in tail position.
    pub(crate) fn call(&mut self, id: FnId, targs: &[Ty], args: Vec<Operand>, dest: Dest) -> Built<()> {
        let (_, ret) = self.fn_types(id, targs)?;
        match self.cx.program.fns[id].body {
            FnBody::Snow(_) => {
                if dest == Dest::Tail && self.mode == RunMode::Tail && self.may_suspend(id)? {
                    let func = self.instance(What::Fn(id, RunMode::Tail), targs)?;
                    self.tail_call(func, args);
                    return Ok(());
                }
                let func = self.instance(What::Fn(id, RunMode::Block), targs)?;
                self.call_func(func, args, ret, dest);
            }
            FnBody::Runtime(func) => self.give_call(Rvalue::Runtime { func, args }, ret, dest),
            FnBody::Intrinsic(op) => {
                let value = self.std_op(op, targs, args, ret)?;
                self.give_call(value, ret, dest);
            }
            FnBody::None => {
                let name = &self.cx.program.fns[id].name;
                return Err(bug(self.span, format_args!("`{name}` has no body")));
            }
        }
        Ok(())
    }

    /// Calls a function and gives the result as an operand.
    pub(crate) fn call_value(&mut self, id: FnId, targs: &[Ty], args: Vec<Operand>) -> Built<Operand> {
        let (_, ret) = self.fn_types(id, targs)?;
        let result = self.local(ret);
        self.call(id, targs, args, Dest::Local(result))?;
        Ok(Operand::Local(result))
    }

    /// Calls a built function that gives `ret`.
    pub(crate) fn call_func(&mut self, func: FuncId, args: Vec<Operand>, ret: Ty, dest: Dest) {
        if dest == Dest::Tail && self.mode == RunMode::Block && ret == self.ret {
            self.tail_call(func, args);
        } else {
            self.give_call(Rvalue::Call { func, args }, ret, dest);
        }
    }

    /// Calls a closure that gives `ret`.
    pub(crate) fn call_closure(&mut self, closure: Operand, args: Vec<Operand>, ret: Ty, dest: Dest) {
        if dest == Dest::Tail && self.mode == RunMode::Block && ret == self.ret {
            self.end(Term::TailCallClosure { closure, args });
        } else {
            self.give_call(Rvalue::CallClosure { closure, args }, ret, dest);
        }
    }

    fn give_call(&mut self, call: Rvalue, ret: Ty, dest: Dest) {
        if ret == Ty::never() {
            self.temp(ret, call);
            self.end(Term::Unreachable);
        } else {
            self.give(dest, ret, call);
        }
    }

    /// A call in tail position of a function with this one's result; of itself: a jump.
    pub(crate) fn tail_call(&mut self, func: FuncId, args: Vec<Operand>) {
        if func != self.this || self.kind != FuncKind::Direct {
            self.end(Term::TailCall { func, args });
            return;
        }
        // An argument that is another parameter is saved before that parameter is assigned.
        let params = self.params.clone();
        let moved: Vec<Operand> = params
            .iter()
            .zip(args)
            .map(|(&param, arg)| match arg {
                Operand::Local(local) if local != param && params.contains(&local) => {
                    let ty = self.local_ty(local);
                    Operand::Local(self.temp(ty, Rvalue::Use(arg)))
                }
                arg => arg,
            })
            .collect();
        for (param, arg) in params.into_iter().zip(moved) {
            if arg != Operand::Local(param) {
                self.assign(param, Rvalue::Use(arg));
            }
        }
        self.goto_back(SELF_HEAD);
    }

    /// Calls a function of std that the compiler refers to; its type arguments follow from the arguments' types and
    /// the result's.
    pub(crate) fn call_lang(
        &mut self,
        item: LangItem,
        args: Vec<(Operand, Ty)>,
        ret: Ty,
        dest: Dest,
    ) -> Built<()> {
        let (id, targs) = self.lang_fn(item, &args.iter().map(|(_, ty)| *ty).collect::<Vec<_>>(), ret)?;
        self.call(id, &targs, args.into_iter().map(|(op, _)| op).collect(), dest)
    }

    fn lang_fn(&self, item: LangItem, args: &[Ty], ret: Ty) -> Built<(FnId, Vec<Ty>)> {
        let missing = || bug(self.span, format_args!("std lacks the item `{}`", item.name()));
        let id = *self.cx.program.lang.fns.get(&item).ok_or_else(missing)?;
        let sig = self.sig(id)?;
        let mut targs = vec![None; sig.param_count as usize];
        for (&general, &actual) in sig.params.iter().chain([&sig.ret]).zip(args.iter().chain([&ret])) {
            bind_params(general, actual, &mut targs);
        }
        let targs: Option<Vec<Ty>> = targs.into_iter().collect();
        Ok((id, targs.ok_or_else(|| bug(self.span, format_args!("`{}` doesn't fit", item.name())))?))
    }

    /// A constructor of a type of std that the compiler refers to, by the variant's name.
    pub(crate) fn lang_ctor(&self, item: LangItem, variant: &str) -> Built<CtorId> {
        let lang = &self.cx.program.lang;
        let found = lang.types.get(&item).and_then(|&ty| {
            let at = self.cx.program.types[ty].variants().iter().position(|v| v.name == variant)?;
            Some(CtorId { ty, variant: at as u32 })
        });
        found.ok_or_else(|| bug(self.span, format_args!("std lacks the constructor `{variant}`")))
    }

    /// Which type of std that the compiler refers to this is, with its arguments.
    pub(crate) fn lang_ty(&self, ty: Ty, item: LangItem) -> Option<&'static [Ty]> {
        match ty.kind() {
            TyKind::App(TyCon::Adt(id), args) if self.cx.program.lang.types.get(&item) == Some(id) => {
                Some(args)
            }
            _ => None,
        }
    }

    /// The types of the parts of a variant of a struct, tuple or sum type.
    pub(crate) fn part_tys(&self, ty: Ty, variant: u32) -> Built<Vec<Ty>> {
        match ty.kind() {
            TyKind::App(TyCon::Tuple, parts) => Ok(parts.to_vec()),
            TyKind::App(TyCon::Adt(id), args) => {
                let fields = self.cx.typed.fields.get(&CtorId { ty: *id, variant });
                let fields = fields.ok_or_else(|| bug(self.span, "a variant has no parts' types"))?;
                Ok(fields.iter().map(|f| concrete(f.subst(args))).collect())
            }
            _ => Err(bug(self.span, format_args!("{ty:?} has no parts"))),
        }
    }

    /// Part `index` of a struct, tuple or variant that is known.
    pub(crate) fn project(&mut self, base: LocalId, variant: u32, index: u32) -> Built<LocalId> {
        let ty = self.part_ty(base, variant, index)?;
        Ok(self.temp(ty, Rvalue::Project { base, variant, index }))
    }

    /// As [`Emit::project`], with the part going to `dest`.
    pub(crate) fn project_to(&mut self, base: LocalId, variant: u32, index: u32, dest: Dest) -> Built<()> {
        let ty = self.part_ty(base, variant, index)?;
        self.give(dest, ty, Rvalue::Project { base, variant, index });
        Ok(())
    }

    fn part_ty(&self, base: LocalId, variant: u32, index: u32) -> Built<Ty> {
        let whole = self.local_ty(base);
        let ty = self.part_tys(whole, variant)?.get(index as usize).copied();
        ty.ok_or_else(|| bug(self.span, format_args!("{whole:?} has no part {index}")))
    }

    /// The finished function.
    pub(crate) fn finish(mut self) -> Built<Func> {
        super::parts::run(self.cx.program, &mut self.blocks, &mut self.locals, &self.params);
        super::shape::tidy(&mut self.blocks, &mut self.back_edges);
        super::poll::place(&mut self.blocks, &self.back_edges);
        let span = self.span;
        let name = self.cx.asked[self.this.0 as usize].name.clone();
        let blocks = self
            .blocks
            .into_iter()
            .map(|draft| {
                let endless = || bug(span, format_args!("a block of `{name}` has no end"));
                let (term, span) = draft.term.ok_or_else(endless)?;
                Ok(Block { stmts: draft.stmts, term, span })
            })
            .collect::<Built<Vec<Block>>>()?;
        let ret = if self.mode == RunMode::Tail { Ty::int() } else { self.ret };
        Ok(Func {
            symbol: format!("{name}#{}", self.this.0),
            identity: self.cx.identity(self.this),
            name,
            kind: self.kind,
            modes: vec![Mode::Own; self.params.len()],
            params: self.params,
            ret,
            locals: self.locals,
            blocks,
            span,
            always_inline: false,
        })
    }
}

/// An address inside the compiler's own code.
pub(crate) fn raw() -> Ty {
    Ty::builtin(BuiltinTy::Raw)
}

/// The type with everything that nothing fixes replaced by `()`: no value of such a type is ever looked at.
pub(crate) fn concrete(ty: Ty) -> Ty {
    ty.map_leaves(&mut |_| Ty::unit())
}

/// Whether evaluating it does nothing else than give a value.
fn is_pure(value: &Rvalue) -> bool {
    matches!(
        value,
        Rvalue::Use(_)
            | Rvalue::Make { .. }
            | Rvalue::MakeClosure { .. }
            | Rvalue::MakeList { .. }
            | Rvalue::Project { .. }
            | Rvalue::Capture { .. }
            | Rvalue::Variant(_)
            | Rvalue::ConstSlot(_)
    )
}

/// Finds the parameters of `general` that make it `actual`.
fn bind_params(general: Ty, actual: Ty, out: &mut [Option<Ty>]) {
    match (general.kind(), actual.kind()) {
        (TyKind::Param(index), _) => {
            if let Some(slot) = out.get_mut(*index as usize) {
                slot.get_or_insert(actual);
            }
        }
        (TyKind::App(_, a), TyKind::App(_, b)) => {
            a.iter().zip(b.iter()).for_each(|(&a, &b)| bind_params(a, b, out));
        }
        _ => {}
    }
}
