//! The types of random programs: which occur, how they are written, what they can do.
//!
//! Sum types may contain themselves; structs contain only types before them. A type's first variant never recurses, so every
//! type has values.

use crate::mutate::Random;

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ty {
    Int,
    Float,
    Bool,
    Text,
    Unit,
    List(Box<Ty>),
    Map(Box<Ty>, Box<Ty>),
    Set(Box<Ty>),
    Opt(Box<Ty>),
    /// A `Result` whose error is a `String`.
    Res(Box<Ty>),
    Tuple(Vec<Ty>),
    Fun(Vec<Ty>, Box<Ty>),
    /// A struct or sum type of the program with its argument, if it is generic.
    Named(usize, Option<Box<Ty>>),
    /// A type variable of the function or definition around; with `Eq`, `Ord`, `Hash`, `Debug` and `Weigh`, or with nothing.
    Var(usize, bool),
}

/// The names of type variables.
pub(super) const VARS: [&str; 3] = ["A", "B", "C"];

/// A variant with its parts, which have names or not. A struct has one, whose parts have names.
#[derive(Clone, Debug)]
pub(super) struct Variant {
    pub(super) name: String,
    pub(super) parts: Vec<(Option<String>, Ty)>,
}

/// A definition of a type.
#[derive(Clone, Debug)]
pub(super) struct Def {
    pub(super) name: String,
    pub(super) is_struct: bool,
    pub(super) is_generic: bool,
    pub(super) variants: Vec<Variant>,
    pub(super) can: Can,
}

/// What values of a type can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Can {
    pub(super) eq: bool,
    pub(super) ord: bool,
    pub(super) hash: bool,
    pub(super) debug: bool,
}

impl Can {
    pub(super) const ALL: Can = Can { eq: true, ord: true, hash: true, debug: true };
    pub(super) const NONE: Can = Can { eq: false, ord: false, hash: false, debug: false };

    pub(super) fn and(self, other: Can) -> Can {
        Can {
            eq: self.eq && other.eq,
            ord: self.ord && other.ord,
            hash: self.hash && other.hash,
            debug: self.debug && other.debug,
        }
    }
}

pub(super) fn list(of: Ty) -> Ty {
    Ty::List(Box::new(of))
}

pub(super) fn opt(of: Ty) -> Ty {
    Ty::Opt(Box::new(of))
}

pub(super) fn map_of(key: Ty, value: Ty) -> Ty {
    Ty::Map(Box::new(key), Box::new(value))
}

pub(super) fn fun(params: Vec<Ty>, result: Ty) -> Ty {
    Ty::Fun(params, Box::new(result))
}

impl Ty {
    /// The type in the program's text.
    pub(super) fn written(&self, defs: &[Def]) -> String {
        let all = |tys: &[Ty]| tys.iter().map(|ty| ty.written(defs)).collect::<Vec<_>>().join(", ");
        match self {
            Ty::Int => "Int".to_owned(),
            Ty::Float => "Float".to_owned(),
            Ty::Bool => "Bool".to_owned(),
            Ty::Text => "String".to_owned(),
            Ty::Unit => "()".to_owned(),
            Ty::List(of) => format!("List<{}>", of.written(defs)),
            Ty::Map(key, value) => format!("Map<{}, {}>", key.written(defs), value.written(defs)),
            Ty::Set(of) => format!("Set<{}>", of.written(defs)),
            Ty::Opt(of) => format!("Option<{}>", of.written(defs)),
            Ty::Res(of) => format!("Result<{}, String>", of.written(defs)),
            Ty::Tuple(parts) => format!("({})", all(parts)),
            Ty::Fun(params, result) => format!("Fun({}) -> {}", all(params), result.written(defs)),
            Ty::Named(def, None) => defs[*def].name.clone(),
            Ty::Named(def, Some(arg)) => format!("{}<{}>", defs[*def].name, arg.written(defs)),
            Ty::Var(var, _) => VARS[*var].to_owned(),
        }
    }

    /// What its values can do.
    pub(super) fn can(&self, defs: &[Def]) -> Can {
        match self {
            Ty::Int | Ty::Bool | Ty::Text | Ty::Unit => Can::ALL,
            Ty::Float => Can { hash: false, ..Can::ALL },
            Ty::List(of) | Ty::Opt(of) | Ty::Res(of) => of.can(defs),
            Ty::Map(key, value) => Can { ord: false, ..key.can(defs).and(value.can(defs)) },
            Ty::Set(of) => Can { ord: false, ..of.can(defs) },
            Ty::Tuple(parts) => parts.iter().fold(Can::ALL, |can, part| can.and(part.can(defs))),
            Ty::Fun(..) => Can::NONE,
            Ty::Named(def, arg) => arg.as_ref().map_or(Can::ALL, |arg| arg.can(defs)).and(defs[*def].can),
            Ty::Var(_, full) => [Can::NONE, Can::ALL][usize::from(*full)],
        }
    }

    /// Whether a type variable with all constraints may stand for it.
    pub(super) fn is_plain(&self, defs: &[Def]) -> bool {
        self.can(defs) == Can::ALL && self.weighs()
    }

    /// Whether the program's interface `Weigh` has an impl for it.
    pub(super) fn weighs(&self) -> bool {
        match self {
            Ty::Int | Ty::Bool | Ty::Text | Ty::Named(_, None) | Ty::Var(_, true) => true,
            Ty::List(of) | Ty::Opt(of) | Ty::Named(_, Some(of)) => of.weighs(),
            _ => false,
        }
    }

    /// The type with its variables replaced.
    pub(super) fn replaced(&self, by: &[Option<Ty>]) -> Ty {
        let boxed = |ty: &Ty| Box::new(ty.replaced(by));
        let all = |tys: &[Ty]| tys.iter().map(|ty| ty.replaced(by)).collect::<Vec<_>>();
        match self {
            Ty::Var(var, _) => by.get(*var).cloned().flatten().unwrap_or_else(|| self.clone()),
            Ty::List(of) => Ty::List(boxed(of)),
            Ty::Map(key, value) => Ty::Map(boxed(key), boxed(value)),
            Ty::Set(of) => Ty::Set(boxed(of)),
            Ty::Opt(of) => Ty::Opt(boxed(of)),
            Ty::Res(of) => Ty::Res(boxed(of)),
            Ty::Tuple(parts) => Ty::Tuple(all(parts)),
            Ty::Fun(params, result) => Ty::Fun(all(params), boxed(result)),
            Ty::Named(def, arg) => Ty::Named(*def, arg.as_ref().map(|arg| boxed(arg))),
            _ => self.clone(),
        }
    }

    /// Whether it becomes `other` by replacing variables; `by` collects with what.
    pub(super) fn fits(&self, other: &Ty, by: &mut [Option<Ty>], defs: &[Def]) -> bool {
        let all = |a: &[Ty], b: &[Ty], by: &mut [Option<Ty>]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.fits(b, by, defs))
        };
        match (self, other) {
            (Ty::Var(var, full), _) => match &by[*var] {
                Some(known) => known == other,
                None if *full && !other.is_plain(defs) => false,
                None => {
                    by[*var] = Some(other.clone());
                    true
                }
            },
            (Ty::List(a), Ty::List(b)) | (Ty::Set(a), Ty::Set(b)) => a.fits(b, by, defs),
            (Ty::Opt(a), Ty::Opt(b)) | (Ty::Res(a), Ty::Res(b)) => a.fits(b, by, defs),
            (Ty::Map(k, v), Ty::Map(l, w)) => k.fits(l, by, defs) && v.fits(w, by, defs),
            (Ty::Tuple(a), Ty::Tuple(b)) => all(a, b, by),
            (Ty::Fun(a, x), Ty::Fun(b, y)) => all(a, b, by) && x.fits(y, by, defs),
            (Ty::Named(d, Some(a)), Ty::Named(e, Some(b))) => d == e && a.fits(b, by, defs),
            _ => self == other,
        }
    }

    /// The variables in it.
    pub(super) fn vars(&self, found: &mut Vec<(usize, bool)>) {
        match self {
            Ty::Var(var, full) if !found.contains(&(*var, *full)) => found.push((*var, *full)),
            Ty::List(of) | Ty::Set(of) | Ty::Opt(of) | Ty::Res(of) | Ty::Named(_, Some(of)) => of.vars(found),
            Ty::Map(key, value) => {
                key.vars(found);
                value.vars(found);
            }
            Ty::Tuple(parts) => parts.iter().for_each(|part| part.vars(found)),
            Ty::Fun(params, result) => {
                params.iter().for_each(|part| part.vars(found));
                result.vars(found);
            }
            _ => {}
        }
    }
}

/// A random type without variables. `funs`: functions may occur in it.
pub(super) fn any(defs: &[Def], depth: usize, funs: bool, random: &mut Random) -> Ty {
    const SIMPLE: [Ty; 7] = [Ty::Int, Ty::Int, Ty::Text, Ty::Text, Ty::Bool, Ty::Float, Ty::Unit];
    if depth == 0 {
        return SIMPLE[random.below(SIMPLE.len())].clone();
    }
    let which = random.below(16);
    let part = |random: &mut Random| Box::new(any(defs, depth - 1, funs, random));
    match which {
        0..=2 => Ty::List(part(random)),
        3 => Ty::Map(Box::new(key(defs, depth - 1, random)), part(random)),
        4 => Ty::Set(Box::new(key(defs, depth - 1, random))),
        5 => Ty::Opt(part(random)),
        6 => Ty::Res(part(random)),
        7 => {
            let len = [2, 2, 3, 3, 5, 6][random.below(6)];
            Ty::Tuple((0..len).map(|_| *part(random)).collect())
        }
        8 if funs => {
            let params = (0..1 + random.below(2)).map(|_| *part(random)).collect();
            Ty::Fun(params, part(random))
        }
        9..=12 if !defs.is_empty() => {
            let def = random.below(defs.len());
            Ty::Named(def, defs[def].is_generic.then(|| part(random)))
        }
        _ => SIMPLE[random.below(SIMPLE.len())].clone(),
    }
}

/// A random type that can be a key.
pub(super) fn key(defs: &[Def], depth: usize, random: &mut Random) -> Ty {
    for _ in 0..4 {
        let ty = any(defs, depth, false, random);
        let can = ty.can(defs);
        if can.hash && can.eq {
            return ty;
        }
    }
    [Ty::Int, Ty::Text, Ty::Bool][random.below(3)].clone()
}
