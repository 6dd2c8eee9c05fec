//! Patterns made ready for compiling: names resolved to positions, types known, odd spellings made one.
//!
//! It drops what needs no test, turns `h :: t` and nested `..` into one list pattern, and replaces what doesn't fit
//! the type it stands at by a wildcard: an error was reported there, and [`Lowering::damaged`] says so.

use std::rc::Rc;

use snow_base::Name;
use snow_hir::{BuiltinTy, CtorId, ExprId, LocalId, Pat as HirPat, PatId, TypeDefKind, TypeId};

use super::MatchInput;
use crate::ty::{Ty, TyCon, TyKind};

/// A pattern with the locals that name the whole of what it matches.
#[derive(Clone, Debug)]
pub(super) struct Pat {
    pub(super) binds: Vec<LocalId>,
    pub(super) kind: Kind,
    /// The alternative of an or-pattern that it is.
    pub(super) alternative: Option<PatId>,
}

/// What a pattern demands.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Nothing.
    Wild,
    /// One of these; the first that holds counts.
    Or(Vec<Rc<Pat>>),
    Tuple(Vec<Rc<Pat>>),
    /// The one variant of a struct.
    Struct(CtorId, Vec<Rc<Pat>>),
    Ctor(CtorId, Vec<Rc<Pat>>),
    /// Both ends included, not empty.
    Int(i64, i64),
    Float(f64),
    Bool(bool),
    Str(String),
    /// Never with an empty prefix.
    StrPrefix(String, Rc<Pat>),
    Atom(Name),
    List(List),
    /// Never without entries.
    Map(Vec<(ExprId, Rc<Pat>)>),
}

/// A list pattern; what stood behind `..` is merged into it.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    pub(super) front: Vec<Rc<Pat>>,
    /// Whether more elements may stand between front and back.
    pub(super) open: bool,
    /// Empty unless open.
    pub(super) back: Vec<Rc<Pat>>,
    /// Names for the list without so many elements at the front and the back.
    pub(super) rests: Vec<(LocalId, u32, u32)>,
}

impl Pat {
    pub(super) fn wild() -> Rc<Pat> {
        Rc::new(Pat::none(None))
    }

    /// A pattern that demands nothing.
    fn none(alternative: Option<PatId>) -> Pat {
        Pat { binds: Vec::new(), kind: Kind::Wild, alternative }
    }
}

/// The state of lowering the patterns of one match.
pub(super) struct Lowering<'a> {
    pub(super) input: &'a MatchInput<'a>,
    /// Whether a pattern didn't fit its type.
    pub(super) damaged: bool,
}

impl Lowering<'_> {
    /// The pattern `id` for a value of type `ty`.
    pub(super) fn lower(&mut self, id: PatId, ty: Ty) -> Rc<Pat> {
        if matches!(ty.kind(), TyKind::Error) {
            self.damaged = true;
            return self.lower_names_only(id);
        }
        let body = self.input.body;
        let kind = match &body.pats[id] {
            HirPat::Wild | HirPat::Signal(..) => Kind::Wild,
            HirPat::Missing => self.misfit(),
            HirPat::Bind { local, sub } => return self.lower_bind(*local, *sub, ty),
            HirPat::Typed(inner, _) => return self.lower(*inner, ty),
            HirPat::Or(alternatives) => Kind::Or(
                alternatives.iter().map(|&alternative| self.lower_alternative(alternative, ty)).collect(),
            ),
            HirPat::Int(value) => self.literal(ty, BuiltinTy::Int, Kind::Int(*value, *value)),
            HirPat::IntRange(low, high) if low <= high => {
                self.literal(ty, BuiltinTy::Int, Kind::Int(*low, *high))
            }
            HirPat::IntRange(..) => Kind::Or(Vec::new()),
            HirPat::Float(value) => self.literal(ty, BuiltinTy::Float, Kind::Float(*value)),
            HirPat::Bool(value) => self.literal(ty, BuiltinTy::Bool, Kind::Bool(*value)),
            HirPat::Str(text) => self.literal(ty, BuiltinTy::String, Kind::Str(text.clone())),
            HirPat::Atom(name) => self.literal(ty, BuiltinTy::Atom, Kind::Atom(*name)),
            HirPat::StrPrefix(prefix, rest) if prefix.is_empty() => return self.lower(*rest, ty),
            HirPat::StrPrefix(prefix, rest) => {
                let rest = self.lower(*rest, ty);
                self.literal(ty, BuiltinTy::String, Kind::StrPrefix(prefix.clone(), rest))
            }
            HirPat::Tuple(parts) => self.lower_tuple(parts, ty),
            HirPat::Ctor { .. } => self.lower_ctor(id, ty),
            HirPat::Struct { ty: def, fields } => self.lower_struct(*def, fields, ty),
            HirPat::List { prefix, rest, suffix } => self.lower_list(prefix, *rest, suffix, ty),
            HirPat::Map(entries) => self.lower_map(entries, ty),
        };
        Rc::new(Pat { kind, ..Pat::none(None) })
    }

    fn lower_alternative(&mut self, id: PatId, ty: Ty) -> Rc<Pat> {
        let pat = self.lower(id, ty);
        Rc::new(Pat { alternative: Some(id), ..pat.as_ref().clone() })
    }

    /// The pattern with the names that stand for the whole value, and nothing else.
    fn lower_names_only(&mut self, id: PatId) -> Rc<Pat> {
        let mut binds = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next {
            next = match &self.input.body.pats[id] {
                HirPat::Bind { local, sub } => {
                    binds.push(*local);
                    *sub
                }
                HirPat::Typed(inner, _) => Some(*inner),
                _ => None,
            };
        }
        Rc::new(Pat { binds, ..Pat::none(None) })
    }

    fn misfit(&mut self) -> Kind {
        self.damaged = true;
        Kind::Wild
    }

    fn literal(&mut self, ty: Ty, expected: BuiltinTy, kind: Kind) -> Kind {
        if ty == Ty::builtin(expected) { kind } else { self.misfit() }
    }

    fn lower_bind(&mut self, local: LocalId, sub: Option<PatId>, ty: Ty) -> Rc<Pat> {
        let mut pat = match sub {
            Some(sub) => self.lower(sub, ty).as_ref().clone(),
            None => Pat::none(None),
        };
        pat.binds.push(local);
        Rc::new(pat)
    }

    fn lower_tuple(&mut self, parts: &[PatId], ty: Ty) -> Kind {
        match ty.as_app() {
            Some((TyCon::Tuple, tys)) if tys.len() == parts.len() => {
                Kind::Tuple(parts.iter().zip(tys).map(|(&part, &ty)| self.lower(part, ty)).collect())
            }
            _ => self.misfit(),
        }
    }

    fn lower_ctor(&mut self, id: PatId, ty: Ty) -> Kind {
        let Some((ctor, parts)) = self.input.ctor_pats.get(id) else { return self.misfit() };
        let ctor = *ctor;
        if !matches!(ty.as_app(), Some((TyCon::Adt(def), _)) if def == ctor.ty) {
            return self.misfit();
        }
        let tys = part_tys(self.input, ctor, ty);
        if tys.len() != parts.len() {
            return self.misfit();
        }
        let parts = parts.iter().zip(tys);
        let parts = parts.map(|(part, ty)| part.map_or_else(Pat::wild, |p| self.lower(p, ty))).collect();
        if is_struct(self.input, ctor.ty) { Kind::Struct(ctor, parts) } else { Kind::Ctor(ctor, parts) }
    }

    fn lower_struct(&mut self, def: TypeId, fields: &[(Name, snow_base::Span, PatId)], ty: Ty) -> Kind {
        if !matches!(ty.as_app(), Some((TyCon::Adt(actual), _)) if actual == def) {
            return self.misfit();
        }
        let ctor = CtorId { ty: def, variant: 0 };
        let Some(variant) = self.input.program.types[def].variants().first() else { return self.misfit() };
        let tys = part_tys(self.input, ctor, ty);
        if tys.len() != variant.fields.len() {
            return self.misfit();
        }
        let mut parts = vec![Pat::wild(); tys.len()];
        for (name, _, sub) in fields {
            match variant.fields.iter().position(|field| field.name == Some(*name)) {
                Some(index) => parts[index] = self.lower(*sub, tys[index]),
                None => self.damaged = true,
            }
        }
        Kind::Struct(ctor, parts)
    }

    fn lower_list(
        &mut self,
        prefix: &[PatId],
        rest: Option<Option<PatId>>,
        suffix: &[PatId],
        ty: Ty,
    ) -> Kind {
        let Some((TyCon::Builtin(BuiltinTy::List), &[element])) = ty.as_app() else {
            return self.misfit();
        };
        let front: Vec<_> = prefix.iter().map(|&p| self.lower(p, element)).collect();
        let back: Vec<_> = suffix.iter().map(|&p| self.lower(p, element)).collect();
        let Some(rest) = rest else {
            return Kind::List(List { front, ..List::default() });
        };
        let inner = rest.map_or_else(Pat::wild, |rest| self.lower(rest, ty));
        merge_rest(&front, &inner, &back)
    }

    fn lower_map(&mut self, entries: &[(ExprId, PatId)], ty: Ty) -> Kind {
        match ty.as_app() {
            Some((TyCon::Adt(_), &[_, value])) if !entries.is_empty() => {
                Kind::Map(entries.iter().map(|&(key, pat)| (key, self.lower(pat, value))).collect())
            }
            Some((TyCon::Adt(_), [_, _])) => Kind::Wild,
            _ => self.misfit(),
        }
    }
}

/// Puts the pattern behind `..` into the list pattern around it, so that an element has one place only.
fn merge_rest(front: &[Rc<Pat>], inner: &Pat, back: &[Rc<Pat>]) -> Kind {
    let (before, behind) = (front.len() as u32, back.len() as u32);
    let mut rests: Vec<_> = inner.binds.iter().map(|&local| (local, before, behind)).collect();
    let around = |middle: &[Rc<Pat>]| -> Vec<Rc<Pat>> { front.iter().chain(middle).map(Rc::clone).collect() };
    match &inner.kind {
        Kind::List(list) => {
            rests.extend(list.rests.iter().map(|&(local, f, b)| (local, f + before, b + behind)));
            let mut front = around(&list.front);
            let mut back: Vec<_> = list.back.iter().chain(back).map(Rc::clone).collect();
            if !list.open {
                front.append(&mut back);
            }
            Kind::List(List { front, open: list.open, back, rests })
        }
        Kind::Or(alternatives) => {
            let merge = |alternative: &Rc<Pat>| {
                let mut alternative = alternative.as_ref().clone();
                alternative.binds.extend(&inner.binds);
                let kind = merge_rest(front, &alternative, back);
                Rc::new(Pat { kind, ..Pat::none(alternative.alternative) })
            };
            Kind::Or(alternatives.iter().map(merge).collect())
        }
        // Whatever else stands there can only be a wildcard: the type is a list.
        _ => Kind::List(List { front: front.to_vec(), open: true, back: back.to_vec(), rests }),
    }
}

/// Whether a type is a struct, whose pattern needs no test.
pub(super) fn is_struct(input: &MatchInput<'_>, ty: TypeId) -> bool {
    matches!(input.program.types[ty].kind, TypeDefKind::Struct(_))
}

/// The types of the parts of `ctor` in a value of type `ty`.
pub(super) fn part_tys(input: &MatchInput<'_>, ctor: CtorId, ty: Ty) -> Vec<Ty> {
    let args = ty.as_app().map_or(&[][..], |(_, args)| args);
    input.fields.get(&ctor).map_or_else(Vec::new, |parts| parts.iter().map(|part| part.subst(args)).collect())
}
