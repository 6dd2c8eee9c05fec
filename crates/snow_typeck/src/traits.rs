//! Which impls there are, and which of them an instance uses.
//!
//! [`resolve_method`] serves the stages behind the checker: there all types are concrete, conditions hold already,
//! and one impl at most fits.

use snow_base::FxHashMap;
use snow_hir::{Container, Derived, FnId, ImplId, Program, TraitId};

use crate::results::{Pred, Typed};
use crate::ty::{Ty, TyCon, TyKind};

/// All impls of a program.
#[derive(Debug, Default)]
pub struct TraitEnv {
    pub(crate) impls: FxHashMap<ImplId, ImplSig>,
    by_head: FxHashMap<(TraitId, TyCon), Vec<ImplId>>,
    blanket: FxHashMap<TraitId, Vec<ImplId>>,
}

/// The head of an impl.
#[derive(Debug)]
pub(crate) struct ImplSig {
    /// `Self`, then the interface's arguments, in terms of the impl's parameters.
    pub(crate) args: Vec<Ty>,
    /// How many parameters the impl has.
    pub(crate) param_count: u32,
    /// Its conditions.
    pub(crate) preds: Vec<Pred>,
    /// How it was derived.
    pub(crate) derived: Option<Derived>,
}

impl TraitEnv {
    /// Adds an impl.
    pub(crate) fn add(&mut self, trait_: TraitId, id: ImplId, sig: ImplSig) {
        match sig.args.first().map(|ty| ty.kind()) {
            Some(TyKind::App(con, _)) => self.by_head.entry((trait_, *con)).or_default().push(id),
            Some(TyKind::Param(_)) => self.blanket.entry(trait_).or_default().push(id),
            _ => return,
        }
        self.impls.insert(id, sig);
    }

    /// The impls that may fit a type with this head.
    pub(crate) fn candidates(&self, trait_: TraitId, con: TyCon) -> impl Iterator<Item = ImplId> + '_ {
        let own = self.by_head.get(&(trait_, con)).into_iter().flatten();
        own.chain(self.blanket_impls(trait_)).copied()
    }

    /// The impls for all types.
    pub(crate) fn blanket_impls(&self, trait_: TraitId) -> &[ImplId] {
        self.blanket.get(&trait_).map_or(&[], Vec::as_slice)
    }

    /// Impls of one interface with the same head.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (TraitId, &[ImplId])> {
        let heads = self.by_head.iter().map(|((t, _), impls)| (*t, impls.as_slice()));
        heads.chain(self.blanket.iter().map(|(t, impls)| (*t, impls.as_slice())))
    }
}

/// Finds the function behind an interface's method for concrete arguments (`Self`, the interface's arguments, the
/// method's own): the impl's method, or the interface's default, with its type arguments. O(impls of the head).
///
/// `None`: no impl fits, which for checked programs is a compiler bug, or `Self` is `Never`.
pub fn resolve_method(
    program: &Program,
    typed: &Typed,
    method: FnId,
    args: &[Ty],
) -> Option<(FnId, Vec<Ty>)> {
    let def = &program.fns[method];
    let Container::Trait(trait_) = def.container else { return None };
    let head_len = 1 + program.traits[trait_].generics.params.len();
    let (head, own) = args.split_at_checked(head_len)?;
    let (con, _) = head[0].as_app()?;
    typed.traits.candidates(trait_, con).find_map(|id| {
        let sig = typed.traits.impls.get(&id)?;
        let mut found = vec![None; sig.param_count as usize];
        let fits = sig.args.iter().zip(head).all(|(&p, &t)| match_ty(p, t, &mut found));
        if !fits {
            return None;
        }
        let methods = &program.impls[id].methods;
        match methods.iter().find(|&&m| program.fns[m].name == def.name) {
            Some(&m) => {
                let mut all: Vec<Ty> = found.into_iter().collect::<Option<_>>()?;
                all.extend(own);
                Some((m, all))
            }
            None => Some((method, args.to_vec())),
        }
    })
}

/// Matches a type with parameters against one without. O(size).
fn match_ty(pattern: Ty, ty: Ty, found: &mut [Option<Ty>]) -> bool {
    match (pattern.kind(), ty.kind()) {
        (TyKind::Param(index), _) => match found.get_mut(*index as usize) {
            Some(Some(known)) => *known == ty,
            Some(slot) => {
                *slot = Some(ty);
                true
            }
            None => false,
        },
        (TyKind::App(c, xs), TyKind::App(d, ys)) => {
            c == d && xs.len() == ys.len() && xs.iter().zip(ys.iter()).all(|(&x, &y)| match_ty(x, y, found))
        }
        _ => false,
    }
}
