//! Checking functions and constants on demand, and finishing groups of them.
//!
//! A group is finished (`generalise.rs`) when the frame that began it has no reference to a frame below.

use std::rc::Rc;

use snow_base::Name;
use snow_hir::{BodyOwner, ConstId, Container, FnId, FnKind};

use crate::checker::{Checker, ConstState, DefaultFact, FnState, Frame, Running};
use crate::graph::{Item, bodies_of};
use crate::infer::{Infer, MailboxCx, NoMailbox, Owner};
use crate::lower_ty::{Holes, TyScope};
use crate::recheck::Task;
use crate::results::{FnSig, Pred};
use crate::solve::Env;
use crate::ty::{Ty, TyKind};

impl<'p> Checker<'p> {
    /// Checks a function unless that was done or is under way.
    pub(crate) fn ensure_fn(&mut self, f: FnId) {
        self.demand(Task::Fn(f));
        if self.fns.contains_key(&f) || self.is_void(f) {
            return;
        }
        if !self.has_body(f) {
            let sig = self.declared.get(&f).cloned().unwrap_or_else(|| self.unknown_sig(f));
            self.typed.sigs.insert(f, sig);
            self.fns.insert(f, FnState::Done);
            return;
        }
        if self.is_kept(Item::Fn(f)) {
            return self.replay_fn(f);
        }
        self.begin_task(Task::Fn(f));
        self.push_frame();
        let frame = self.frames.len() - 1;
        self.frames[frame].fns.push(f);
        let id = self.frames[frame].id;
        let running = Rc::new(self.begin_fn(f, id));
        self.fns.insert(f, FnState::Running(running.clone()));
        for body in bodies_of(self.program, f) {
            match self.program.bodies[body].owner {
                BodyOwner::ParamDefault(_, index) if self.declared.contains_key(&f) => {
                    self.ensure_default(f, index);
                }
                _ => self.check_body_of(f, body, &running),
            }
        }
        self.check_handlers(f);
        self.pop_frame();
        self.end_task();
    }

    /// Where `init` leaves open what its state is made of, as with an empty map, the handlers fix it together: they are one
    /// group with it.
    fn check_handlers(&mut self, init: FnId) {
        for handler in self.index.handlers.get(&init).cloned().unwrap_or_default() {
            self.ensure_fn(handler);
            match self.fns.get(&handler) {
                Some(FnState::Running(running)) => {
                    let frame = running.frame;
                    self.depend_on(frame);
                }
                Some(FnState::Replayed) => self.give_up(),
                Some(FnState::Done) | None => {}
            }
        }
    }

    /// Checks the default of a parameter of a function that is annotated fully, unless that was done.
    ///
    /// A default is checked where it is used: it may fix type parameters of its function and have conditions that
    /// calls without it don't have (`cmp :: Fun(T, T) -> C = compare`). What it asks of a call is remembered.
    pub(crate) fn ensure_default(&mut self, f: FnId, index: u32) {
        let key = (f, index);
        let Some(sig) = self.declared.get(&f).cloned() else { return };
        let Some(body) = self.program.fns[f].params.get(index as usize).and_then(|p| p.default) else {
            return;
        };
        self.demand(Task::Default(f, index));
        if self.defaults.contains_key(&key) {
            return;
        }
        self.defaults.insert(key, DefaultFact::default());
        if self.is_kept(Item::Fn(f)) {
            return self.replay_default(f, index);
        }
        self.begin_task(Task::Default(f, index));
        self.push_frame();
        let flexible: Vec<Ty> = (0..sig.param_count).map(|_| self.table.fresh()).collect();
        let params: Vec<Ty> = sig.params.iter().map(|p| p.subst(&flexible)).collect();
        let owner = Owner { f: None, rigid: flexible.clone().into(), self_ty: None, env: Env::default() };
        let cx = MailboxCx::None(NoMailbox::Default);
        Infer::new(self, body, owner, params[index as usize], cx).check_default(&params);
        if let Some(mut frame) = self.frames.pop() {
            self.settle(&mut frame);
            let map = self.rigid_map(&flexible);
            let (own, rest): (Vec<_>, Vec<_>) =
                std::mem::take(&mut frame.pending).into_iter().partition(|o| {
                    let mut vars = vec![];
                    o.pred.args.iter().for_each(|&a| self.collect_vars(a, 0, &mut vars));
                    vars.iter().any(|v| map.contains_key(v))
                });
            frame.pending = rest;
            self.frames.push(frame);
            let finish = |tys: &[Ty]| tys.iter().map(|&ty| self.finished(ty, &map)).collect::<Vec<Ty>>();
            let preds =
                own.iter().map(|o| Pred { trait_: o.pred.trait_, args: finish(&o.pred.args) }).collect();
            let fact = DefaultFact { args: finish(&flexible), preds };
            self.defaults.insert(key, fact);
        }
        self.pop_frame();
        self.end_task();
    }

    /// A derived impl that doesn't exist has no bodies to check.
    fn is_void(&mut self, f: FnId) -> bool {
        let Container::Impl(id) = self.program.fns[f].container else { return false };
        if !self.memo.void_impls.contains(&id) {
            return false;
        }
        let sig = self.declared.get(&f).cloned().unwrap_or_else(|| self.unknown_sig(f));
        self.typed.sigs.insert(f, sig);
        self.fns.insert(f, FnState::Done);
        true
    }

    fn unknown_sig(&self, f: FnId) -> FnSig {
        let def = &self.program.fns[f];
        let params = vec![Ty::error(); def.params.len()];
        FnSig { param_count: def.generics.total(), params, ret: Ty::error(), preds: vec![], mailbox: None }
    }

    /// Checks a constant unless that was done or is under way.
    pub(crate) fn ensure_const(&mut self, c: ConstId) {
        self.demand(Task::Const(c));
        if self.consts.contains_key(&c) {
            return;
        }
        if self.is_kept(Item::Const(c)) {
            return self.replay_const(c);
        }
        self.begin_task(Task::Const(c));
        self.push_frame();
        let frame = self.frames.len() - 1;
        let def = &self.program.consts[c];
        let scope = TyScope { params: &[], self_ty: None, holes: Holes::Infer };
        let ty = def.ty.as_ref().map(|t| self.lower(t, scope)).unwrap_or_else(|| self.table.fresh());
        self.frames[frame].consts.push(c);
        let id = self.frames[frame].id;
        self.consts.insert(c, ConstState::Running(id, ty));
        let owner = Owner { f: None, rigid: [].into(), self_ty: None, env: Env::default() };
        Infer::new(self, def.body, owner, ty, MailboxCx::None(NoMailbox::Const)).check_value();
        self.pop_frame();
        self.end_task();
    }

    /// Checks the defaults of the fields of all types.
    pub(crate) fn check_field_defaults(&mut self) {
        for (id, def) in self.program.types.iter() {
            if !self.is_fresh_file(self.program.modules[def.module].file) {
                continue;
            }
            for (v, variant) in def.variants().iter().enumerate() {
                for (i, field) in variant.fields.iter().enumerate() {
                    let Some(body) = field.default else { continue };
                    self.push_frame();
                    let rigid: Vec<Ty> =
                        def.generics.params.iter().map(|&(name, _)| self.named_rigid(name)).collect();
                    let ctor = snow_hir::CtorId { ty: id, variant: v as u32 };
                    let ty = self.typed.fields[&ctor][i].subst(&rigid);
                    let owner = Owner { f: None, rigid: rigid.into(), self_ty: None, env: Env::default() };
                    Infer::new(self, body, owner, ty, MailboxCx::None(NoMailbox::Default)).check_value();
                    self.pop_frame();
                }
            }
        }
    }

    fn push_frame(&mut self) {
        let outer_level = self.table.level;
        self.table.level += 1;
        let id = self.memo.frame_links.len();
        self.memo.frame_links.push(id);
        self.frames.push(Frame {
            id,
            level: self.table.level,
            outer_level,
            first_var: self.table.len(),
            low: self.frames.len(),
            fns: vec![],
            consts: vec![],
            pending: vec![],
            bodies: vec![],
            edges: vec![],
        });
    }

    /// The present group refers to something of the frame `id`: from now on they are one group, with one level.
    ///
    /// Variables made later in the frames above may have deeper levels; they are in the group's types only where they
    /// are bound to variables of its signatures, which lowers them.
    pub(crate) fn depend_on(&mut self, id: usize) {
        let to = self.frame_index(id);
        let Some(level) = self.frames.get(to).map(|f| f.level) else { return };
        if let Some(first) = self.frames.iter().skip(to + 1).position(|f| f.level > level) {
            let first = to + 1 + first;
            self.table.lower_levels(self.frames[first].first_var, level);
            self.frames[first..].iter_mut().for_each(|f| f.level = level);
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.low = frame.low.min(to);
        }
    }

    /// Where the frame now is that a frame was merged into. Amortised O(1).
    fn frame_index(&mut self, mut id: usize) -> usize {
        let links = &mut self.memo.frame_links;
        while links[id] != id {
            links[id] = links[links[id]];
            id = links[id];
        }
        self.frames.binary_search_by_key(&id, |f| f.id).unwrap_or(self.frames.len())
    }

    fn pop_frame(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        self.table.level = frame.outer_level;
        if frame.low < self.frames.len() {
            self.merge_into_parent(frame);
        } else {
            self.finish(frame);
        }
        if self.frames.is_empty() {
            self.table.clear();
            self.names.clear();
            self.memo.given.clear();
        }
    }

    fn merge_into_parent(&mut self, frame: Frame) {
        let Some(parent) = self.frames.last_mut() else { return };
        self.memo.frame_links[frame.id] = parent.id;
        parent.low = parent.low.min(frame.low);
        absorb(&mut parent.fns, frame.fns);
        absorb(&mut parent.consts, frame.consts);
        absorb(&mut parent.pending, frame.pending);
        absorb(&mut parent.bodies, frame.bodies);
        absorb(&mut parent.edges, frame.edges);
    }

    /// A rigid variable with a name for messages.
    fn named_rigid(&mut self, name: Name) -> Ty {
        let ty = self.table.fresh_rigid();
        if let TyKind::Var(v) = ty.kind() {
            self.names.insert(*v, name);
        }
        ty
    }

    /// The names of a function's parameters, those of its container first.
    pub(crate) fn generic_names(&self, f: FnId) -> Vec<Name> {
        let def = &self.program.fns[f];
        let mut names = match def.container {
            Container::Module => vec![],
            Container::Trait(id) => {
                let own = self.program.traits[id].generics.params.iter().map(|p| p.0);
                std::iter::once(Name::new("Self")).chain(own).collect()
            }
            Container::Impl(id) => self.program.impls[id].generics.params.iter().map(|p| p.0).collect(),
        };
        names.extend(def.generics.params.iter().map(|p| p.0));
        names
    }

    /// Types of parameters and result for the inside of a function.
    fn begin_fn(&mut self, f: FnId, frame: usize) -> Running {
        let def = &self.program.fns[f];
        let names = self.generic_names(f);
        let rigid: Rc<[Ty]> = names.into_iter().map(|n| self.named_rigid(n)).collect();
        let (params, ret, preds) = match self.declared.get(&f) {
            Some(sig) => (
                sig.params.iter().map(|p| p.subst(&rigid)).collect(),
                sig.ret.subst(&rigid),
                sig.preds.iter().map(|p| p.subst(&rigid)).collect::<Vec<Pred>>(),
            ),
            None => {
                let scope = TyScope { params: &rigid, self_ty: None, holes: Holes::Infer };
                let params = def.params.iter().map(|p| self.lower_or_fresh(p.ty.as_ref(), scope)).collect();
                let ret = match (&def.ret, &def.kind) {
                    (None, FnKind::Actor | FnKind::Test(_)) => Ty::unit(),
                    (None, FnKind::Plain) if self.index.main == Some(f) => Ty::unit(),
                    (ret, _) => self.lower_or_fresh(ret.as_ref(), scope),
                };
                (params, ret, self.lower_preds(&def.generics, scope))
            }
        };
        let derived = match def.container {
            Container::Impl(id) => self.program.impls[id].derived.is_some(),
            _ => false,
        };
        self.memo.given.extend(preds.iter().cloned());
        let env = Env { preds: preds.into(), assume: derived };
        Running { frame, rigid, params, ret, mailbox: self.table.fresh(), uses_mailbox: None, env }
    }

    fn lower_or_fresh(&mut self, ty: Option<&snow_hir::TypeRef>, scope: TyScope<'_>) -> Ty {
        match ty {
            Some(ty) => self.lower(ty, scope),
            None => self.table.fresh(),
        }
    }

    fn check_body_of(&mut self, f: FnId, body: snow_hir::BodyId, running: &Running) {
        let def = &self.program.fns[f];
        let self_ty = match def.container {
            Container::Impl(id) => {
                let sig = self.typed.traits.impls.get(&id);
                sig.map(|sig| sig.args[0].subst(&running.rigid))
            }
            Container::Trait(_) => running.rigid.first().copied(),
            Container::Module => None,
        };
        let owner = Owner { f: Some(f), rigid: running.rigid.clone(), self_ty, env: running.env.clone() };
        match self.program.bodies[body].owner {
            BodyOwner::ParamDefault(_, index) => {
                let ty = running.params.get(index as usize).copied().unwrap_or(Ty::error());
                let cx = MailboxCx::None(NoMailbox::Default);
                Infer::new(self, body, owner, ty, cx).check_default(&running.params);
            }
            _ => {
                self.take_state_type(def.state_of, running.params.last());
                let cx = match def.container {
                    Container::Module if def.kind == FnKind::Let => MailboxCx::None(NoMailbox::Closure),
                    Container::Module => MailboxCx::Own(f),
                    _ => MailboxCx::None(NoMailbox::Method),
                };
                Infer::new(self, body, owner, running.ret, cx).check_function(f, &running.params);
            }
        }
    }
}

impl Checker<'_> {
    /// The state that a service's handler gets is what `init` gives; where the two don't fit, the service's loop shows it.
    fn take_state_type(&mut self, init: Option<FnId>, state: Option<&Ty>) {
        let (Some(init), Some(&state)) = (init, state) else { return };
        self.ensure_fn(init);
        let given = match self.fns.get(&init) {
            Some(FnState::Running(running)) => {
                let running = running.clone();
                self.depend_on(running.frame);
                running.ret
            }
            Some(FnState::Replayed) => return self.give_up(),
            Some(FnState::Done) | None => {
                let Some(sig) = self.typed.sigs.get(&init).cloned() else { return };
                let args: Vec<Ty> = (0..sig.param_count).map(|_| self.table.fresh()).collect();
                sig.ret.subst(&args)
            }
        };
        let _fits = self.table.unify(state, given);
    }
}

/// Puts both lists into one, in any order, moving the shorter one. Amortised O(log n) an element.
fn absorb<T>(into: &mut Vec<T>, mut from: Vec<T>) {
    if from.len() > into.len() {
        std::mem::swap(into, &mut from);
    }
    into.append(&mut from);
}

impl Running {
    /// A copy that can be changed.
    pub(crate) fn clone_fields(&self) -> Running {
        Running {
            frame: self.frame,
            rigid: self.rigid.clone(),
            params: self.params.clone(),
            ret: self.ret,
            mailbox: self.mailbox,
            uses_mailbox: self.uses_mailbox,
            env: self.env.clone(),
        }
    }
}
