//! Finishing a group: solving what is left, generalising over what nothing fixes, writing down signatures.
//!
//! All functions of a group without full annotations share the group's inferred parameters, and see the declared ones
//! of each other.

use snow_base::{FxHashMap, Span};
use snow_diagnostics::Diagnostic;
use snow_hir::{Container, FnId};

use crate::checker::{Checker, ConstState, FnState, Frame};
use crate::graph::bodies_of;
use crate::results::{FnSig, Pred};
use crate::solve::{Obligation, Solved};
use crate::ty::{Ty, TyKind};
use crate::unify::VarState;

impl Checker<'_> {
    /// Generalises a group and writes down what is known of it.
    pub(crate) fn finish(&mut self, mut frame: Frame) {
        self.note_group(&frame);
        self.table.level = frame.level;
        self.settle(&mut frame);
        self.propagate_mailboxes(&mut frame);
        self.settle(&mut frame);
        let vars = self.group_vars(&frame);
        let preds = self.leftover_preds(&mut frame, &vars);
        let mut extras = FxHashMap::default();
        let declared = self.declared_params(&frame);
        for &f in &frame.fns {
            let mut own = vec![];
            if self.shares_vars(f) {
                own.extend(&vars);
                own.extend(declared.iter().filter(|&&(of, _)| of != f).map(|&(_, var)| var));
            }
            extras.insert(f, own);
        }
        let doubtful = self.is_doubtful(&frame);
        for &f in &frame.fns {
            let preds = if doubtful { &[] } else { preds.as_slice() };
            self.write_signature(f, &extras[&f], preds);
            if doubtful {
                self.doubt(f);
            }
        }
        for &c in &frame.consts {
            if let Some(ConstState::Running(_, ty)) = self.consts.insert(c, ConstState::Done) {
                let sure = !doubtful || self.program.consts[c].ty.is_some();
                let ty = if sure { self.finished(ty, &FxHashMap::default()) } else { Ty::error() };
                self.typed.consts.insert(c, ty);
            }
        }
        for body in std::mem::take(&mut frame.bodies) {
            self.write_body(body, &extras);
        }
        for &f in &frame.fns {
            self.fns.insert(f, FnState::Done);
        }
        self.table.level = frame.outer_level;
    }

    /// Solves what can be solved; what is stuck stays.
    pub(crate) fn settle(&mut self, frame: &mut Frame) {
        loop {
            let before = frame.pending.len();
            let mut progress = false;
            for obligation in std::mem::take(&mut frame.pending) {
                progress |= self.solve_obligation(obligation, &mut frame.pending);
            }
            if !progress && frame.pending.len() >= before {
                return;
            }
        }
    }

    /// Solves or reports one obligation; stuck parts are put into `stuck`. Whether anything changed.
    pub(crate) fn solve_obligation(&mut self, obligation: Obligation, stuck: &mut Vec<Obligation>) -> bool {
        match self.solve(&obligation.pred, &obligation.env) {
            Solved::Fails(failure) => {
                self.report_unsolved(&obligation, &failure);
                true
            }
            Solved::Holds(rest) => {
                let same = rest.len() == 1 && rest[0] == self.zonk_pred(&obligation.pred);
                stuck.extend(rest.into_iter().map(|pred| Obligation { pred, ..obligation.clone() }));
                !same
            }
        }
    }

    /// The variables over which a group is generalised, in order of appearance in its signatures.
    fn group_vars(&self, frame: &Frame) -> Vec<u32> {
        let mut vars = vec![];
        for &f in &frame.fns {
            let Some(FnState::Running(running)) = self.fns.get(&f) else { continue };
            // Nobody spawns `main` with another message type.
            let mailbox = running.uses_mailbox.map(|_| running.mailbox).filter(|_| !self.is_main(f));
            for &ty in running.params.iter().chain([&running.ret]).chain(&mailbox) {
                self.collect_vars(ty, frame.level, &mut vars);
            }
        }
        self.close_over(&frame.pending, frame.level, &mut vars);
        vars
    }

    /// Is it where the program starts?
    fn is_main(&self, f: FnId) -> bool {
        let def = &self.program.fns[f];
        self.program.root == Some(def.module) && def.name == "main" && def.container == Container::Module
    }

    /// Adds the variables that predicates tie to those given: the element type of what is `Iterable`.
    pub(crate) fn close_over(&self, pending: &[Obligation], level: u32, vars: &mut Vec<u32>) {
        loop {
            let before = vars.len();
            for obligation in pending {
                let mut own = vec![];
                obligation.pred.args.iter().for_each(|&a| self.collect_vars(a, level, &mut own));
                if own.iter().any(|v| vars.contains(v)) {
                    own.retain(|v| !vars.contains(v));
                    vars.extend(own);
                }
            }
            if vars.len() == before {
                return;
            }
        }
    }

    /// Unbound variables of a level and above.
    pub(crate) fn collect_vars(&self, ty: Ty, level: u32, vars: &mut Vec<u32>) {
        let ty = self.table.zonk(ty);
        if ty.is_concrete() {
            return;
        }
        ty.any(&mut |t| {
            if let TyKind::Var(v) = t.kind()
                && let VarState::Unbound(l) = self.table.state(*v)
                && l >= level
                && !vars.contains(v)
            {
                vars.push(*v);
            }
            false
        });
    }

    /// The declared type parameters of a group's functions: the types of the others may mention them.
    fn declared_params(&self, frame: &Frame) -> Vec<(FnId, u32)> {
        let mut all = vec![];
        for &f in &frame.fns {
            let Some(FnState::Running(running)) = self.fns.get(&f) else { continue };
            all.extend(running.rigid.iter().filter_map(|ty| match ty.kind() {
                TyKind::Var(v) => Some((f, *v)),
                _ => None,
            }));
        }
        all
    }

    /// Whether a function gets the inferred parameters of its group.
    fn shares_vars(&self, f: FnId) -> bool {
        let Some(FnState::Running(running)) = self.fns.get(&f) else { return false };
        !self.declared.contains_key(&f) || running.uses_mailbox.is_some()
    }

    /// Stuck predicates become conditions of the signatures; those that no caller can fix are errors.
    fn leftover_preds(&mut self, frame: &mut Frame, vars: &[u32]) -> Vec<Pred> {
        let mut preds = vec![];
        for obligation in std::mem::take(&mut frame.pending) {
            let pred = self.zonk_pred(&obligation.pred);
            let mut own = vec![];
            pred.args.iter().for_each(|&a| self.collect_vars(a, 0, &mut own));
            if own.iter().any(|v| vars.contains(v)) {
                if !preds.contains(&pred) {
                    preds.push(pred);
                }
            } else if !self.memo.bad_bodies.contains(&obligation.need.body) {
                self.memo.bad_bodies.insert(obligation.need.body);
                self.report_ambiguous(&obligation);
            }
        }
        preds
    }

    fn write_signature(&mut self, f: FnId, extra: &[u32], preds: &[Pred]) {
        let Some(FnState::Running(running)) = self.fns.get(&f) else { return };
        let running = running.clone();
        let mut map = self.rigid_map(&running.rigid);
        let total = running.rigid.len() as u32;
        map.extend(extra.iter().enumerate().map(|(i, &v)| (v, Ty::param(total + i as u32))));
        let mut all: Vec<Pred> = running.env.preds.to_vec();
        if !extra.is_empty() {
            let given = self.memo.given.iter().filter(|p| self.mentions(p, extra));
            all.extend(preds.iter().chain(given).filter(|p| !running.env.preds.contains(p)).cloned());
        }
        let finish = |ty: Ty| self.finished(ty, &map);
        let preds = all
            .iter()
            .map(|p| Pred { trait_: p.trait_, args: p.args.iter().map(|&a| finish(a)).collect() })
            .collect();
        let sig = FnSig {
            param_count: total + extra.len() as u32,
            params: running.params.iter().map(|&p| finish(p)).collect(),
            ret: finish(running.ret),
            preds,
            mailbox: running.uses_mailbox.map(|_| finish(running.mailbox)),
        };
        if self.has_foreign(&sig) {
            self.report_escape(f);
        }
        self.typed.sigs.insert(f, sig);
    }

    /// Did a mistake in one of a group's bodies take part in inferring its types?
    fn is_doubtful(&self, frame: &Frame) -> bool {
        let unread = |at: Span| self.unread.hold(at);
        let fns = frame.fns.iter().any(|&f| {
            let bad = bodies_of(self.program, f).iter().any(|b| self.memo.bad_bodies.contains(b));
            bad || unread(self.program.fns[f].span)
        });
        fns || frame.consts.iter().any(|&c| {
            let def = &self.program.consts[c];
            self.memo.bad_bodies.contains(&def.body) || unread(def.span)
        })
    }

    /// Believes only what is annotated: otherwise a mistake in a function would give errors where it is called.
    fn doubt(&mut self, f: FnId) {
        let def = &self.program.fns[f];
        let Some(sig) = self.typed.sigs.get_mut(&f) else { return };
        for (ty, param) in sig.params.iter_mut().zip(&def.params) {
            if param.ty.is_none() && !param.name.is_some_and(|n| def.has_self && n == "self") {
                *ty = Ty::error();
            }
        }
        if def.ret.is_none() && def.kind.has_value() {
            sig.ret = Ty::error();
        }
        sig.mailbox = sig.mailbox.map(|_| Ty::error());
    }

    /// Whether a condition is about one of these variables.
    fn mentions(&self, pred: &Pred, vars: &[u32]) -> bool {
        let own = &mut |t: Ty| matches!(t.kind(), TyKind::Var(v) if vars.contains(v));
        pred.args.iter().any(|a| a.any(own))
    }

    /// Rigid variables to parameters.
    pub(crate) fn rigid_map(&self, rigid: &[Ty]) -> FxHashMap<u32, Ty> {
        let mut map = FxHashMap::default();
        for (i, &ty) in rigid.iter().enumerate() {
            if let TyKind::Var(v) = self.table.shallow(ty).kind() {
                map.entry(*v).or_insert(Ty::param(i as u32));
            }
        }
        map
    }

    /// A finished type: mapped variables replaced, those that nothing fixes become `()`.
    pub(crate) fn finished(&self, ty: Ty, map: &FxHashMap<u32, Ty>) -> Ty {
        self.table.zonk(ty).map_leaves(&mut |leaf| match leaf.kind() {
            TyKind::Var(v) => match map.get(v) {
                Some(&known) => known,
                None if matches!(self.table.state(*v), VarState::Unbound(_)) => Ty::unit(),
                None => leaf,
            },
            _ => leaf,
        })
    }

    /// A type parameter of another function of the group would be part of the signature.
    fn has_foreign(&self, sig: &FnSig) -> bool {
        let is_var = &mut |t: Ty| matches!(t.kind(), TyKind::Var(_));
        sig.params.iter().chain([&sig.ret]).chain(&sig.mailbox).any(|t| t.any(is_var))
    }

    /// A type depends on what it can't: the function needs annotations.
    pub(crate) fn report_escape(&mut self, f: FnId) {
        let def = &self.program.fns[f];
        let message = format!(
            "the type of `{}` depends on a type parameter of another function that calls it and that it calls",
            def.name
        );
        let error = Diagnostic::error("E0305", message, def.span)
            .with_help("write the types of its parameters and of its result");
        self.diags.push(error);
    }
}
