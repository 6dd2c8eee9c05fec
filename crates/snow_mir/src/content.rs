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

/// What stands for a defined type in a hash.
#[derive(Clone, Copy)]
enum By {
    Definition,
    Name,
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
        self.hash(ty, By::Definition)
    }

    /// The hash of a type by the full names in it, whatever they stand for.
    pub fn named(&mut self, ty: Ty) -> ContentHash {
        self.hash(ty, By::Name)
    }

    fn hash(&mut self, ty: Ty, by: By) -> ContentHash {
        if let Some(&known) = self.kept(by).get(&ty) {
            return known;
        }
        let mut hasher = ContentHasher::default();
        match ty.kind() {
            TyKind::App(con, args) => {
                match (con, by) {
                    (TyCon::Builtin(builtin), _) => hasher.text(&format!("{builtin:?}")),
                    (TyCon::Tuple, _) => hasher.tag(1),
                    (TyCon::Fn, _) => hasher.tag(2),
                    (TyCon::Adt(id), By::Definition) => hasher.hash(self.definition(*id)),
                    (TyCon::Adt(id), By::Name) => self.name(*id, &mut hasher),
                }
                hasher.number(args.len() as u64);
                for &arg in args.iter() {
                    hasher.hash(self.hash(arg, by));
                }
            }
            TyKind::Param(index) => {
                hasher.tag(3);
                hasher.number(u64::from(*index));
            }
            TyKind::Var(_) | TyKind::Error => panic!("the hash of a type that isn't known: {ty:?}"),
        }
        let hash = hasher.finish();
        self.kept(by).insert(ty, hash);
        hash
    }

    fn kept(&mut self, by: By) -> &mut FxHashMap<Ty, ContentHash> {
        match by {
            By::Definition => &mut self.types,
            By::Name => &mut self.named,
        }
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
