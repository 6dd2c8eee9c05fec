//! Inference variables: what they stand for, at which depth they were made, and making two types equal.
//!
//! Invariants: a bound variable is never rebound but by [`Table::rollback`]; a variable's level is at most that of
//! any variable in the type it is bound to.

use snow_base::FxHashSet;

use crate::ty::{LONG_WALK, MAX_SIZE, Ty, TyKind, Walk};

/// What an inference variable stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum VarState {
    /// Nothing is known yet; the level says at which depth of generalisation it was made.
    Unbound(u32),
    /// This type.
    Bound(Ty),
    /// A declared type parameter of the function being checked: equal only to itself.
    Rigid(u32),
    /// A parameter of a generalised local: equal only to itself.
    Generic,
}

/// Why two types can't be made equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnifyError {
    /// They have different heads somewhere.
    Mismatch,
    /// A type would contain itself.
    Infinite,
    /// A type would have more than [`MAX_SIZE`] parts.
    TooLarge,
}

/// All inference variables of the groups being checked.
#[derive(Debug, Default)]
pub(crate) struct Table {
    vars: Vec<VarState>,
    undo: Vec<(u32, VarState)>,
    snapshots: u32,
    /// The depth at which new variables are made.
    pub(crate) level: u32,
}

/// A state of the table that can be returned to.
pub(crate) struct Snapshot {
    undo: usize,
    vars: usize,
}

impl Table {
    /// A new variable at the current level.
    pub(crate) fn fresh(&mut self) -> Ty {
        self.push(VarState::Unbound(self.level))
    }

    /// A new rigid variable at the current level.
    pub(crate) fn fresh_rigid(&mut self) -> Ty {
        self.push(VarState::Rigid(self.level))
    }

    fn push(&mut self, state: VarState) -> Ty {
        self.vars.push(state);
        Ty::new(TyKind::Var(self.vars.len() as u32 - 1))
    }

    /// How many variables there are.
    pub(crate) fn len(&self) -> u32 {
        self.vars.len() as u32
    }

    /// Forgets all variables; only where no type mentions one any more.
    pub(crate) fn clear(&mut self) {
        self.vars.clear();
        self.undo.clear();
    }

    /// What a variable stands for.
    pub(crate) fn state(&self, var: u32) -> VarState {
        self.vars[var as usize]
    }

    /// The type without variables at its head that are bound. O(chain).
    pub(crate) fn shallow(&self, mut ty: Ty) -> Ty {
        while let TyKind::Var(v) = ty.kind() {
            match self.vars[*v as usize] {
                VarState::Bound(to) => ty = to,
                _ => break,
            }
        }
        ty
    }

    /// The type with all bound variables replaced. O(different parts).
    pub(crate) fn zonk(&self, ty: Ty) -> Ty {
        self.zonk_within(&mut Walk::default(), ty)
    }

    fn zonk_within(&self, walk: &mut Walk, ty: Ty) -> Ty {
        let ty = self.shallow(ty);
        match ty.kind() {
            TyKind::App(..) if ty.is_concrete() => ty,
            TyKind::App(..) => walk.rebuild(ty, &mut |walk, part| self.zonk_within(walk, part)),
            _ => ty,
        }
    }

    /// The number of an unbound variable.
    pub(crate) fn unbound(&self, ty: Ty) -> Option<u32> {
        match self.shallow(ty).kind() {
            TyKind::Var(v) if matches!(self.vars[*v as usize], VarState::Unbound(_)) => Some(*v),
            _ => None,
        }
    }

    /// Whether any unbound variable is left in the type. O(size).
    pub(crate) fn has_unbound(&self, ty: Ty) -> bool {
        let ty = self.zonk(ty);
        !ty.is_concrete() && ty.any(&mut |t| self.unbound(t).is_some())
    }

    /// Makes an unbound variable a parameter of a generalised local.
    pub(crate) fn make_generic(&mut self, var: u32) {
        self.set(var, VarState::Generic);
    }

    /// Lowers the level of all unbound variables from `first` on.
    pub(crate) fn lower_levels(&mut self, first: u32, level: u32) {
        for var in first..self.len() {
            match self.vars[var as usize] {
                VarState::Unbound(l) if l > level => self.set(var, VarState::Unbound(level)),
                VarState::Rigid(l) if l > level => self.set(var, VarState::Rigid(level)),
                _ => {}
            }
        }
    }

    fn set(&mut self, var: u32, state: VarState) {
        if self.snapshots > 0 {
            self.undo.push((var, self.vars[var as usize]));
        }
        self.vars[var as usize] = state;
    }

    /// Remembers the present state.
    pub(crate) fn snapshot(&mut self) -> Snapshot {
        self.snapshots += 1;
        Snapshot { undo: self.undo.len(), vars: self.vars.len() }
    }

    /// Returns to a remembered state. Snapshots are undone in the reverse order of their making.
    pub(crate) fn rollback(&mut self, to: Snapshot) {
        while self.undo.len() > to.undo {
            if let Some((var, state)) = self.undo.pop() {
                self.vars[var as usize] = state;
            }
        }
        self.vars.truncate(to.vars);
        self.snapshots -= 1;
    }

    /// Makes two types equal. Errors fit everything. On failure, parts may have been made equal.
    pub(crate) fn unify(&mut self, a: Ty, b: Ty) -> Result<(), UnifyError> {
        self.unify_parts(a, b, &mut Pairs::default())
    }

    fn unify_parts(&mut self, a: Ty, b: Ty, pairs: &mut Pairs) -> Result<(), UnifyError> {
        let (a, b) = (self.shallow(a), self.shallow(b));
        if a == b {
            return Ok(());
        }
        match (a.kind(), b.kind()) {
            (TyKind::Var(v), _) if self.unbound(a).is_some() => self.bind(*v, b),
            (_, TyKind::Var(v)) if self.unbound(b).is_some() => self.bind(*v, a),
            // A variable that meets an error is bound to it: what it tells elsewhere follows from the error.
            (TyKind::Error, _) | (_, TyKind::Error) => Ok(()),
            (TyKind::App(c, xs), TyKind::App(d, ys)) if c == d && xs.len() == ys.len() => {
                if pairs.were_met(a, b) {
                    return Ok(());
                }
                xs.iter().zip(ys.iter()).try_for_each(|(&x, &y)| self.unify_parts(x, y, pairs))
            }
            _ => Err(UnifyError::Mismatch),
        }
    }

    /// Binds `var` to `ty`; a type with a deeper rigid variable would leave its function.
    fn bind(&mut self, var: u32, ty: Ty) -> Result<(), UnifyError> {
        let VarState::Unbound(level) = self.vars[var as usize] else {
            return Err(UnifyError::Mismatch);
        };
        let ty = self.zonk(ty);
        if ty.size() > MAX_SIZE {
            return Err(UnifyError::TooLarge);
        }
        if ty.is_concrete() {
            self.set(var, VarState::Bound(ty));
            return Ok(());
        }
        let mut deeper = vec![];
        let mut infinite = false;
        let mut escapes = false;
        ty.any(&mut |t| {
            if let TyKind::Var(v) = t.kind() {
                infinite |= *v == var;
                match self.vars[*v as usize] {
                    VarState::Unbound(l) if l > level => deeper.push(*v),
                    VarState::Rigid(l) if l > level => escapes = true,
                    _ => {}
                }
            }
            false
        });
        if infinite {
            return Err(UnifyError::Infinite);
        }
        if escapes {
            return Err(UnifyError::Mismatch);
        }
        for v in deeper {
            self.set(v, VarState::Unbound(level));
        }
        self.set(var, VarState::Bound(ty));
        Ok(())
    }
}

/// The pairs of types that one unification has met, if it is a long one: types that share parts are walked once.
#[derive(Default)]
struct Pairs {
    steps: u32,
    met: FxHashSet<(Ty, Ty)>,
}

impl Pairs {
    /// Whether the pair was met before. Then its parts are equal, or will be, or the unification fails.
    fn were_met(&mut self, a: Ty, b: Ty) -> bool {
        self.steps += 1;
        self.steps > LONG_WALK && !self.met.insert((a, b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binds_and_rolls_back() {
        let mut table = Table::default();
        let (a, b) = (table.fresh(), table.fresh());
        let snapshot = table.snapshot();
        assert_eq!(table.unify(Ty::list(a), Ty::list(Ty::int())), Ok(()));
        assert_eq!(table.unify(b, a), Ok(()));
        assert_eq!(table.zonk(b), Ty::int());
        table.rollback(snapshot);
        assert!(table.unbound(b).is_some());
        assert_eq!(table.unify(a, Ty::list(a)), Err(UnifyError::Infinite));
    }

    #[test]
    fn rigid_variables_stay_in_their_function() {
        let mut table = Table::default();
        let outer = table.fresh();
        table.level = 1;
        let (rigid, inner) = (table.fresh_rigid(), table.fresh());
        assert_eq!(table.unify(inner, rigid), Ok(()));
        assert_eq!(table.unify(outer, rigid), Err(UnifyError::Mismatch));
        assert_eq!(table.unify(rigid, Ty::int()), Err(UnifyError::Mismatch));
    }
}
