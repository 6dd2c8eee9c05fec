//! Whether a type implements an interface.
//!
//! A predicate holds, fails, or is stuck at predicates on unknown types. Derived impls hold where the parts do;
//! a predicate that comes up again while it is being proved holds (coinduction), which makes recursive types work.

use std::rc::Rc;

use snow_base::{FxHashSet, Name, Span};
use snow_hir::{BinaryOp, BodyId, ImplId, TypeId};

use crate::checker::Checker;
use crate::results::Pred;
use crate::ty::{MAX_SIZE, Ty, TyCon, TyKind};
use crate::unify::VarState;

/// What may be assumed about type parameters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Env {
    /// The `where` clauses.
    pub(crate) preds: Rc<[Pred]>,
    /// Inside derived impls: parameters implement whatever is needed.
    pub(crate) assume: bool,
}

/// A predicate that code needs.
#[derive(Clone, Debug)]
pub(crate) struct Obligation {
    /// The predicate.
    pub(crate) pred: Pred,
    /// What may be assumed.
    pub(crate) env: Env,
    /// Who needs it where.
    pub(crate) need: Need,
}

/// Who needs a predicate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need {
    /// The code.
    pub(crate) span: Span,
    /// The body it stands in.
    pub(crate) body: BodyId,
    /// What for.
    pub(crate) what: What,
    /// The type that needs it as a whole; the predicate may be left of one of its parts.
    pub(crate) whole: Ty,
}

/// What a predicate is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// `${…}`
    Interp,
    /// An operator.
    Op(BinaryOp),
    /// `-x`
    Neg,
    /// Keys of a map literal.
    MapKey,
    /// A call of this function or method.
    Call(Name),
    /// `for … in`
    For,
    /// `?` with another error type.
    Try,
}

/// Why a predicate fails.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// The predicate that fails.
    pub(crate) pred: Pred,
    /// Through which parts of which types it is needed: type, variant, part. Outermost first.
    pub(crate) path: Vec<(TypeId, u32, u32)>,
    /// The types grow without end.
    pub(crate) endless: bool,
}

/// What came of a predicate.
pub(crate) enum Solved {
    /// It holds, given these predicates on unknown types.
    Holds(Vec<Pred>),
    /// It doesn't.
    Fails(Failure),
}

/// A proof under way.
#[derive(Default)]
struct Proof {
    /// Predicates that were begun: they hold, or the whole fails.
    seen: FxHashSet<Pred>,
    /// How deep conditions are nested.
    depth: usize,
}

/// How deep conditions of impls may nest.
pub(crate) const DEPTH: usize = 80;

impl Checker<'_> {
    /// Solves a predicate as far as its types are known.
    pub(crate) fn solve(&mut self, pred: &Pred, env: &Env) -> Solved {
        let concrete = pred.args.iter().all(|&a| self.table.zonk(a).is_concrete());
        let pred = self.zonk_pred(pred);
        if concrete && self.memo.holds.contains(&pred) {
            return Solved::Holds(vec![]);
        }
        let mut stuck = vec![];
        match self.prove(&pred, env, &mut Proof::default(), &mut stuck) {
            Ok(()) => {
                if concrete {
                    self.memo.holds.insert(pred);
                }
                Solved::Holds(stuck)
            }
            Err(failure) => Solved::Fails(failure),
        }
    }

    /// Whether a predicate may hold; leaves no trace.
    pub(crate) fn may_hold(&mut self, pred: &Pred, env: &Env) -> bool {
        let snapshot = self.table.snapshot();
        let outcome = self.prove(pred, env, &mut Proof::default(), &mut vec![]);
        self.table.rollback(snapshot);
        outcome.is_ok()
    }

    /// The predicate with bound variables replaced.
    pub(crate) fn zonk_pred(&self, pred: &Pred) -> Pred {
        Pred { trait_: pred.trait_, args: pred.args.iter().map(|&a| self.table.zonk(a)).collect() }
    }

    fn prove(
        &mut self,
        pred: &Pred,
        env: &Env,
        proof: &mut Proof,
        stuck: &mut Vec<Pred>,
    ) -> Result<(), Failure> {
        let pred = self.zonk_pred(pred);
        match pred.args[0].kind() {
            TyKind::Error => Ok(()),
            TyKind::Param(_) => Ok(()),
            TyKind::Var(v) => match self.table.state(*v) {
                VarState::Unbound(_) => {
                    stuck.push(pred);
                    Ok(())
                }
                _ => self.prove_assumed(&pred, env, proof, stuck),
            },
            TyKind::App(TyCon::Builtin(snow_hir::BuiltinTy::Never), _) => Ok(()),
            TyKind::App(con, _) => {
                if !proof.seen.insert(pred.clone()) {
                    return Ok(());
                }
                if proof.depth > DEPTH || pred.args[0].size() > MAX_SIZE {
                    return Err(Failure { pred, path: vec![], endless: true });
                }
                let candidates = self.typed.traits.candidates(pred.trait_, *con).collect();
                self.prove_by_impl(&pred, candidates, (env, proof, stuck))
            }
        }
    }

    fn prove_assumed(
        &mut self,
        pred: &Pred,
        env: &Env,
        proof: &mut Proof,
        stuck: &mut Vec<Pred>,
    ) -> Result<(), Failure> {
        if env.assume {
            return Ok(());
        }
        // Functions of one group see each other's type parameters, so the conditions of all count.
        let known: Vec<Pred> = env.preds.iter().chain(&self.memo.given).cloned().collect();
        for known in known {
            let fits = known.trait_ == pred.trait_ && self.table.zonk(known.args[0]) == pred.args[0];
            if fits && self.unify_args(&known.args, &pred.args) {
                return Ok(());
            }
        }
        let candidates = self.typed.traits.blanket_impls(pred.trait_).to_vec();
        self.prove_by_impl(pred, candidates, (env, proof, stuck))
    }

    /// Unifies argument lists, all or nothing.
    fn unify_args(&mut self, xs: &[Ty], ys: &[Ty]) -> bool {
        let snapshot = self.table.snapshot();
        let fits = xs.iter().zip(ys).all(|(&x, &y)| self.table.unify(x, y).is_ok());
        self.table.rollback(snapshot);
        fits && xs.iter().zip(ys).all(|(&x, &y)| self.table.unify(x, y).is_ok())
    }

    fn prove_by_impl(
        &mut self,
        pred: &Pred,
        candidates: Vec<ImplId>,
        (env, proof, stuck): (&Env, &mut Proof, &mut Vec<Pred>),
    ) -> Result<(), Failure> {
        let fitting: Vec<ImplId> =
            candidates.into_iter().filter(|&id| self.impl_may_fit(id, &pred.args)).collect();
        let id = match fitting[..] {
            [] => return Err(Failure { pred: pred.clone(), path: vec![], endless: false }),
            [id] => id,
            [first, ..] => {
                if pred.args.iter().any(|&a| self.table.has_unbound(a)) {
                    stuck.push(pred.clone());
                    return Ok(());
                }
                first
            }
        };
        let (args, conditions, derived) = self.instantiate_impl(id);
        for (&have, &want) in args.iter().zip(&pred.args) {
            if self.table.unify(have, want).is_err() {
                return Err(Failure { pred: pred.clone(), path: vec![], endless: false });
            }
        }
        proof.depth += 1;
        let result = match derived {
            Some(ty) => self.prove_parts(pred, ty, (env, proof, stuck)),
            None => conditions.iter().try_for_each(|c| self.prove(c, env, proof, stuck)),
        };
        proof.depth -= 1;
        result
    }

    /// Whether the head of an impl can be made equal to `args`; leaves no trace.
    fn impl_may_fit(&mut self, id: ImplId, args: &[Ty]) -> bool {
        let snapshot = self.table.snapshot();
        let (head, ..) = self.instantiate_impl(id);
        let fits = head.iter().zip(args).all(|(&x, &y)| self.table.unify(x, y).is_ok());
        self.table.rollback(snapshot);
        fits
    }

    /// Head and conditions of an impl with fresh variables; the type it was derived for.
    fn instantiate_impl(&mut self, id: ImplId) -> (Vec<Ty>, Vec<Pred>, Option<TypeId>) {
        let count = self.typed.traits.impls[&id].param_count;
        let vars: Vec<Ty> = (0..count).map(|_| self.table.fresh()).collect();
        let sig = &self.typed.traits.impls[&id];
        let args = sig.args.iter().map(|a| a.subst(&vars)).collect();
        let preds = sig.preds.iter().map(|p| p.subst(&vars)).collect();
        (args, preds, sig.derived.map(|d| d.ty))
    }

    /// A derived impl holds where the parts implement the interface.
    fn prove_parts(
        &mut self,
        pred: &Pred,
        ty: TypeId,
        (env, proof, stuck): (&Env, &mut Proof, &mut Vec<Pred>),
    ) -> Result<(), Failure> {
        let Some((_, args)) = pred.args[0].as_app() else { return Ok(()) };
        for (variant, field, part) in self.derived_parts(pred, ty) {
            let needed = Pred { trait_: pred.trait_, args: vec![part.subst(args)] };
            self.prove(&needed, env, proof, stuck).map_err(|mut failure| {
                failure.path.insert(0, (ty, variant, field));
                failure
            })?;
        }
        Ok(())
    }

    /// The parts of a type that a derived impl of the interface uses: variant, part, type.
    fn derived_parts(&self, pred: &Pred, ty: TypeId) -> Vec<(u32, u32, Ty)> {
        let is_default = self.lang_trait(snow_abi::LangItem::Default) == Some(pred.trait_);
        let def = &self.program.types[ty];
        let mut parts = vec![];
        for (v, variant) in def.variants().iter().enumerate() {
            let ctor = snow_hir::CtorId { ty, variant: v as u32 };
            for (f, field) in variant.fields.iter().enumerate() {
                if is_default && (field.default.is_some() || v > 0) {
                    continue;
                }
                let known = self.typed.fields.get(&ctor).and_then(|tys| tys.get(f));
                parts.push((v as u32, f as u32, known.copied().unwrap_or(Ty::error())));
            }
        }
        parts
    }
}

impl Pred {
    /// Replaces parameters.
    pub(crate) fn subst(&self, args: &[Ty]) -> Pred {
        Pred { trait_: self.trait_, args: self.args.iter().map(|a| a.subst(args)).collect() }
    }
}
