//! Types: interned, compared by address.
//!
//! Interned types live as long as the process. Each knows its size and whether it has parameters, variables or errors
//! inside, so that types without them are never walked: a type may be exponentially larger than what was written. Inference variables are numbered anew in every group of functions,
//! so their number stays bounded.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, OnceLock};

use snow_base::FxHashMap;
use snow_hir::{BuiltinTy, TypeId};

/// The most parts a type may have when written out. Larger ones double from line to line, and no value of such a type would
/// fit anywhere.
pub const MAX_SIZE: u32 = 10_000;

/// A type. Copying and comparing cost O(1).
#[derive(Clone, Copy)]
pub struct Ty(&'static TyData);

/// An interned type and what is known of it.
struct TyData {
    kind: TyKind,
    /// The number of constructors and leaves, at most `u32::MAX`.
    size: u32,
    /// Whether there are parameters, variables or errors in it.
    has_leaves: bool,
}

/// The forms of types.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TyKind {
    /// A constructor with its arguments. Functions: parameters, then the result.
    App(TyCon, Box<[Ty]>),
    /// A type parameter of the item around (numbers as in `snow_hir::Generics`); inferred ones follow the declared.
    /// Generalised `let`s have parameters of their own behind those.
    Param(u32),
    /// An inference variable. Never in a finished result.
    Var(u32),
    /// An error was reported; fits every type.
    Error,
}

/// Type constructors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TyCon {
    /// A builtin type.
    Builtin(BuiltinTy),
    /// A struct or sum type.
    Adt(TypeId),
    /// A tuple; without parts: `()`.
    Tuple,
    /// A function.
    Fn,
}

impl PartialEq for Ty {
    fn eq(&self, other: &Ty) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Ty {}

impl std::hash::Hash for Ty {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        std::ptr::from_ref(self.0).hash(state);
    }
}

impl fmt::Debug for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.kind.fmt(f)
    }
}

impl Ty {
    /// Interns a type. O(1) on average.
    pub fn new(kind: TyKind) -> Ty {
        type Types = HashMap<&'static TyKind, Ty, rustc_hash_builder::Builder>;
        static TYPES: OnceLock<Mutex<Types>> = OnceLock::new();
        let mut types = TYPES.get_or_init(Default::default).lock().unwrap_or_else(|e| e.into_inner());
        if let Some(&known) = types.get(&kind) {
            return known;
        }
        let (size, has_leaves) = match &kind {
            TyKind::App(_, args) => {
                let size = args.iter().fold(1u32, |sum, a| sum.saturating_add(a.0.size));
                (size, args.iter().any(|a| a.0.has_leaves))
            }
            TyKind::Param(_) | TyKind::Var(_) | TyKind::Error => (1, true),
        };
        let data: &'static TyData = Box::leak(Box::new(TyData { kind, size, has_leaves }));
        types.insert(&data.kind, Ty(data));
        Ty(data)
    }

    /// Its form.
    pub fn kind(self) -> &'static TyKind {
        &self.0.kind
    }

    /// How many constructors and leaves it has when written out, at most `u32::MAX`. O(1).
    pub fn size(self) -> u32 {
        self.0.size
    }

    /// A constructor with arguments.
    pub fn app(con: TyCon, args: impl Into<Box<[Ty]>>) -> Ty {
        Ty::new(TyKind::App(con, args.into()))
    }

    /// A builtin type without arguments.
    pub fn builtin(ty: BuiltinTy) -> Ty {
        Ty::app(TyCon::Builtin(ty), [])
    }

    /// `Int`
    pub fn int() -> Ty {
        Ty::builtin(BuiltinTy::Int)
    }

    /// `Float`
    pub fn float() -> Ty {
        Ty::builtin(BuiltinTy::Float)
    }

    /// `Bool`
    pub fn bool() -> Ty {
        Ty::builtin(BuiltinTy::Bool)
    }

    /// `String`
    pub fn string() -> Ty {
        Ty::builtin(BuiltinTy::String)
    }

    /// `Atom`
    pub fn atom() -> Ty {
        Ty::builtin(BuiltinTy::Atom)
    }

    /// `Never`
    pub fn never() -> Ty {
        Ty::builtin(BuiltinTy::Never)
    }

    /// `()`
    pub fn unit() -> Ty {
        Ty::app(TyCon::Tuple, [])
    }

    /// `List<element>`
    pub fn list(element: Ty) -> Ty {
        Ty::app(TyCon::Builtin(BuiltinTy::List), [element])
    }

    /// `Pid<message>`
    pub fn pid(message: Ty) -> Ty {
        Ty::app(TyCon::Builtin(BuiltinTy::Pid), [message])
    }

    /// A tuple.
    pub fn tuple(parts: Vec<Ty>) -> Ty {
        Ty::app(TyCon::Tuple, parts)
    }

    /// A function type.
    pub fn func(params: &[Ty], ret: Ty) -> Ty {
        let mut args = params.to_vec();
        args.push(ret);
        Ty::app(TyCon::Fn, args)
    }

    /// A struct or sum type.
    pub fn adt(ty: TypeId, args: Vec<Ty>) -> Ty {
        Ty::app(TyCon::Adt(ty), args)
    }

    /// Parameter number `index`.
    pub fn param(index: u32) -> Ty {
        Ty::new(TyKind::Param(index))
    }

    /// The type of what has an error.
    pub fn error() -> Ty {
        Ty::new(TyKind::Error)
    }

    /// Parameters and result of a function type.
    pub fn as_fn(self) -> Option<(&'static [Ty], Ty)> {
        match self.kind() {
            TyKind::App(TyCon::Fn, args) => args.split_last().map(|(ret, params)| (params, *ret)),
            _ => None,
        }
    }

    /// Constructor and arguments.
    pub fn as_app(self) -> Option<(TyCon, &'static [Ty])> {
        match self.kind() {
            TyKind::App(con, args) => Some((*con, args)),
            _ => None,
        }
    }

    /// Replaces every parameter by `args[number]`. Numbers outside `args` stay. O(size).
    pub fn subst(self, args: &[Ty]) -> Ty {
        self.map_leaves(&mut |leaf| match leaf.kind() {
            TyKind::Param(index) => args.get(*index as usize).copied().unwrap_or(leaf),
            _ => leaf,
        })
    }

    /// Rebuilds the type with `f` applied to each parameter, variable and error, which must give the same for the same.
    /// O(different parts).
    pub fn map_leaves(self, f: &mut impl FnMut(Ty) -> Ty) -> Ty {
        self.map_within(&mut Walk::default(), f)
    }

    fn map_within(self, walk: &mut Walk, f: &mut impl FnMut(Ty) -> Ty) -> Ty {
        match self.kind() {
            TyKind::App(..) if !self.0.has_leaves => self,
            TyKind::App(..) => walk.rebuild(self, &mut |walk, part| part.map_within(walk, f)),
            _ => f(self),
        }
    }

    /// Whether any part satisfies `f`, the type itself included. `f` may see equal parts once only. O(different parts).
    pub fn any(self, f: &mut impl FnMut(Ty) -> bool) -> bool {
        self.any_within(&mut Walk::default(), f)
    }

    fn any_within(self, walk: &mut Walk, f: &mut impl FnMut(Ty) -> bool) -> bool {
        if f(self) {
            return true;
        }
        let TyKind::App(_, args) = self.kind() else { return false };
        if args.is_empty() || walk.known(self).is_some() {
            return false;
        }
        let found = args.iter().any(|a| a.any_within(walk, f));
        walk.note(self, self);
        found
    }

    /// Whether it has neither parameters nor variables nor errors. O(1).
    pub fn is_concrete(self) -> bool {
        !self.0.has_leaves
    }
}

/// A walk over types that may be exponentially larger than what was written: once it is long, what came of a part is
/// noted, so that equal parts are walked once. Short walks note nothing.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    steps: u32,
    done: FxHashMap<Ty, Ty>,
}

/// A walk of more steps than this is long.
pub(crate) const LONG_WALK: u32 = 100;

impl Walk {
    /// Counts a step: what was noted of a part.
    fn known(&mut self, ty: Ty) -> Option<Ty> {
        self.steps += 1;
        if self.done.is_empty() { None } else { self.done.get(&ty).copied() }
    }

    fn note(&mut self, ty: Ty, result: Ty) {
        if self.steps > LONG_WALK {
            self.done.insert(ty, result);
        }
    }

    /// A constructor with what `part` makes of its arguments.
    pub(crate) fn rebuild(&mut self, ty: Ty, part: &mut dyn FnMut(&mut Walk, Ty) -> Ty) -> Ty {
        let TyKind::App(con, args) = ty.kind() else { return ty };
        if let Some(known) = self.known(ty) {
            return known;
        }
        let mapped: Vec<Ty> = args.iter().map(|&a| part(self, a)).collect();
        let rebuilt = if mapped[..] == args[..] { ty } else { Ty::app(*con, mapped) };
        self.note(ty, rebuilt);
        rebuilt
    }
}

/// The hasher of the interner.
mod rustc_hash_builder {
    /// A builder of [`snow_base::FxHasher`]s.
    pub(super) type Builder = std::hash::BuildHasherDefault<snow_base::FxHasher>;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written out, this type has 2^60 parts.
    #[test]
    fn equal_parts_are_walked_once() {
        let ty = (0..60).fold(Ty::param(0), |ty, _| Ty::tuple(vec![ty, ty]));
        let mut steps = 0;
        let filled = ty.map_leaves(&mut |_| {
            steps += 1;
            Ty::int()
        });
        assert!(steps < 1000, "{steps} steps");
        assert!(filled.is_concrete());
        assert_eq!(filled, (0..60).fold(Ty::int(), |ty, _| Ty::tuple(vec![ty, ty])));
        let mut steps = 0;
        assert!(!ty.any(&mut |_| {
            steps += 1;
            false
        }));
        assert!(steps < 1000, "{steps} steps");
    }
}
