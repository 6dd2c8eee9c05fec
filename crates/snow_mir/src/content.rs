//! What is a type, for code that is kept between runs? A hash of all that code about it can depend on.
//!
//! Ids of types change when something is defined in front of them; the hash goes by full names and by the
//! definitions of all types that can be reached. O(definitions reached) for each type that is asked for.

use snow_base::{ContentHash, ContentHasher, FxHashMap, FxHashSet};
use snow_hir::{CtorId, Program, TypeDefKind, TypeId};
use snow_typeck::{Ty, TyCon, TyKind, Typed};

/// Hashes of types, kept once they are known.
#[derive(Debug)]
pub struct TypeContents<'p> {
    program: &'p Program,
    typed: &'p Typed,
    types: FxHashMap<Ty, ContentHash>,
    named: FxHashMap<Ty, ContentHash>,
    definitions: FxHashMap<TypeId, ContentHash>,
}

impl<'p> TypeContents<'p> {
    /// Nothing is known yet.
    pub fn new(program: &'p Program, typed: &'p Typed) -> TypeContents<'p> {
        TypeContents {
            program,
            typed,
            types: FxHashMap::default(),
            named: FxHashMap::default(),
            definitions: FxHashMap::default(),
        }
    }

    /// The hash of a type with the definitions that it rests on.
    pub fn of(&mut self, ty: Ty) -> ContentHash {
        if let Some(&known) = self.types.get(&ty) {
            return known;
        }
        let mut hasher = ContentHasher::default();
        match ty.kind() {
            TyKind::App(con, args) => {
                match con {
                    TyCon::Builtin(builtin) => hasher.text(&format!("{builtin:?}")),
                    TyCon::Tuple => hasher.tag(1),
                    TyCon::Fn => hasher.tag(2),
                    TyCon::Adt(id) => hasher.hash(self.definition(*id)),
                }
                hasher.number(args.len() as u64);
                for &arg in args.iter() {
                    hasher.hash(self.of(arg));
                }
            }
            TyKind::Param(index) => {
                hasher.tag(3);
                hasher.number(u64::from(*index));
            }
            TyKind::Var(_) | TyKind::Error => hasher.tag(4),
        }
        let hash = hasher.finish();
        self.types.insert(ty, hash);
        hash
    }

    /// The hash of a type by the full names in it, whatever they stand for.
    pub fn named(&mut self, ty: Ty) -> ContentHash {
        if let Some(&known) = self.named.get(&ty) {
            return known;
        }
        let mut hasher = ContentHasher::default();
        match ty.kind() {
            TyKind::App(con, args) => {
                match con {
                    TyCon::Builtin(builtin) => hasher.text(&format!("{builtin:?}")),
                    TyCon::Tuple => hasher.tag(1),
                    TyCon::Fn => hasher.tag(2),
                    TyCon::Adt(id) => self.name(*id, &mut hasher),
                }
                hasher.number(args.len() as u64);
                for &arg in args.iter() {
                    hasher.hash(self.named(arg));
                }
            }
            TyKind::Param(index) => {
                hasher.tag(3);
                hasher.number(u64::from(*index));
            }
            TyKind::Var(_) | TyKind::Error => hasher.tag(4),
        }
        let hash = hasher.finish();
        self.named.insert(ty, hash);
        hash
    }

    /// The hash of a definition and of all that it mentions, however far away.
    fn definition(&mut self, id: TypeId) -> ContentHash {
        if let Some(&known) = self.definitions.get(&id) {
            return known;
        }
        let mut hasher = ContentHasher::default();
        let mut seen = FxHashSet::from_iter([id]);
        let mut seen_types = FxHashSet::default();
        let mut todo = vec![id];
        while let Some(next) = todo.pop() {
            let fields = self.shallow(next, &mut hasher);
            let mut mentioned = Vec::new();
            fields.into_iter().for_each(|field| mentions(field, &mut seen_types, &mut mentioned));
            todo.extend(mentioned.into_iter().filter(|&id| seen.insert(id)));
        }
        let hash = hasher.finish();
        self.definitions.insert(id, hash);
        hash
    }

    /// Takes in a definition as it is written; gives the types of its parts.
    fn shallow(&mut self, id: TypeId, hasher: &mut ContentHasher) -> Vec<Ty> {
        self.name(id, hasher);
        let variants = match &self.program.types[id].kind {
            TypeDefKind::Struct(_) => {
                hasher.tag(1);
                1
            }
            TypeDefKind::Sum(variants) => {
                hasher.tag(2);
                variants.len()
            }
            TypeDefKind::Builtin(builtin) => {
                hasher.text(&format!("{builtin:?}"));
                0
            }
        };
        hasher.number(variants as u64);
        let mut all = Vec::new();
        for variant in 0..variants as u32 {
            let fields = self.typed.fields.get(&CtorId { ty: id, variant });
            let fields = fields.map_or(&[][..], Vec::as_slice);
            hasher.number(fields.len() as u64);
            for &field in fields {
                hasher.hash(self.named(field));
                all.push(field);
            }
        }
        all
    }

    fn name(&self, id: TypeId, hasher: &mut ContentHasher) {
        let def = &self.program.types[id];
        hasher.text(&self.program.modules[def.module].path);
        hasher.text(def.name.as_str());
    }
}

/// The definitions that a type mentions. A type may be far larger than what was written: each part is looked at once.
fn mentions(ty: Ty, seen: &mut FxHashSet<Ty>, out: &mut Vec<TypeId>) {
    if !seen.insert(ty) {
        return;
    }
    if let TyKind::App(con, args) = ty.kind() {
        if let TyCon::Adt(id) = con {
            out.push(*id);
        }
        args.iter().for_each(|&arg| mentions(arg, seen, out));
    }
}
