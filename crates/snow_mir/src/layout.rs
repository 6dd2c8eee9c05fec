//! How values of each type lie in registers and memory: see `snow_abi::layout` for the rules of slots.
//!
//! Small structs, tuples and sum types are passed by value, as their slots; recursive and large ones are boxed. It
//! doesn't know LLVM.

use std::cell::RefCell;
use std::rc::Rc;

use snow_base::{FxHashMap, FxHashSet};
use snow_hir::{BuiltinTy, CtorId, Program, TypeId};
use snow_typeck::{Ty, TyCon, TyKind, Typed};

/// Values of more slots than this are boxed.
pub const MAX_BY_VALUE: usize = 4;

/// What a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotKind {
    /// A 64-bit integer, a pid, an atom, a raw address.
    I64,
    /// A double.
    F64,
    /// A Bool or a tag.
    I8,
    /// A counted reference, an immediate, or 0.
    Ref,
}

impl SlotKind {
    /// Bytes in memory.
    pub fn size(self) -> u32 {
        if self == SlotKind::I8 { 1 } else { 8 }
    }
}

/// How values of a type look.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The slots of a value.
    pub slots: Vec<SlotKind>,
    /// What they mean.
    pub repr: Repr,
    /// A reference slot that is never 0, where there is one: `Option` packs `None` there.
    pub niche: Option<u32>,
}

/// What the slots of a value mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Repr {
    /// A builtin: Int, Float, Bool, Atom, Pid, Raw (one slot); String, Bytes, functions (a reference); List (reference and
    /// view); Never (none).
    Builtin,
    /// A struct or tuple by value: where each part's slots start, and how many.
    Product(Vec<(u32, u32)>),
    /// A struct or tuple in a cell: [`Layouts::cell`].
    Boxed,
    /// A sum type by value. Slot 0 is the tag; for each variant and part the slots that hold it. The other slots of
    /// the variant are 0.
    Sum(Vec<Vec<Vec<u32>>>),
    /// A sum type of one variant with one part and one without: the slots are the part's, and the niche slot is 0 for the other.
    Nullable {
        /// The variant with the part.
        some: u32,
        /// The slot that is 0 in the other.
        test: u32,
    },
    /// A sum type in cells ([`Layouts::cell`]): variants without parts (`false`) are immediates (number + 1), the
    /// others have the variant's number in the header's tag.
    BoxedSum(Vec<bool>),
}

/// A cell's contents.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Bytes with the header.
    pub size: u32,
    /// For each part, its slots: kind and offset from the cell's start.
    pub parts: Vec<Vec<(SlotKind, u32)>>,
}

impl Cell {
    /// Offsets of the references, ascending.
    pub fn refs(&self) -> Vec<u16> {
        ref_offsets(self.parts.iter().flatten())
    }
}

/// Values that stand side by side in memory: an element, a message, a saved state.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// Bytes; a multiple of the alignment.
    pub size: u32,
    /// For each value, its slots: kind and offset.
    pub parts: Vec<Vec<(SlotKind, u32)>>,
}

impl Parts {
    /// Offsets of the references, ascending.
    pub fn refs(&self) -> Vec<u16> {
        ref_offsets(self.parts.iter().flatten())
    }
}

fn ref_offsets<'a>(slots: impl Iterator<Item = &'a (SlotKind, u32)>) -> Vec<u16> {
    let mut refs: Vec<u16> =
        slots.filter(|(kind, _)| *kind == SlotKind::Ref).map(|&(_, at)| at as u16).collect();
    refs.sort_unstable();
    refs
}

/// Places slots in memory from `start`: words first, then bytes. Gives offsets by part and the end.
fn place(start: u32, parts: &[Vec<SlotKind>]) -> (Vec<Vec<(SlotKind, u32)>>, u32) {
    let mut at = start;
    let mut placed: Vec<Vec<(SlotKind, u32)>> =
        parts.iter().map(|p| p.iter().map(|&kind| (kind, 0)).collect()).collect();
    for bytes in [8, 1] {
        for slot in placed.iter_mut().flatten().filter(|(kind, _)| kind.size() == bytes) {
            slot.1 = at;
            at += bytes;
        }
    }
    (placed, at)
}

/// Computes and keeps the layouts of a program's types.
#[derive(Debug)]
pub struct Layouts<'p> {
    program: &'p Program,
    typed: &'p Typed,
    recursive: FxHashSet<TypeId>,
    cache: RefCell<FxHashMap<Ty, Rc<Layout>>>,
}

impl<'p> Layouts<'p> {
    /// Prepares: finds the recursive types. O(types).
    pub fn new(program: &'p Program, typed: &'p Typed) -> Layouts<'p> {
        let recursive = recursive_types(program, typed);
        Layouts { program, typed, recursive, cache: RefCell::default() }
    }

    /// The program whose types these are.
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// What the checker knows of it.
    pub fn typed(&self) -> &'p Typed {
        self.typed
    }

    /// Whether values of a variant live in a cell, rather than by value or as an immediate.
    pub fn is_cell(&self, ty: Ty, variant: u32) -> bool {
        match &self.of(ty).repr {
            Repr::Boxed => true,
            Repr::BoxedSum(cells) => cells.get(variant as usize) == Some(&true),
            Repr::Builtin | Repr::Product(_) | Repr::Sum(_) | Repr::Nullable { .. } => false,
        }
    }

    /// The layout of a concrete type. O(1) after the first time.
    ///
    /// # Panics
    /// For types with parameters or variables: an error of the compiler.
    pub fn of(&self, ty: Ty) -> Rc<Layout> {
        if let Some(known) = self.cache.borrow().get(&ty) {
            return known.clone();
        }
        let layout = Rc::new(self.compute(ty));
        self.cache.borrow_mut().insert(ty, layout.clone());
        layout
    }

    /// A type's name for reports: `Map<String, Int>`.
    pub fn type_name(&self, ty: Ty) -> String {
        let list = |tys: &[Ty]| tys.iter().map(|&t| self.type_name(t)).collect::<Vec<_>>().join(", ");
        let (name, args) = match ty.kind() {
            TyKind::App(TyCon::Tuple, parts) => return format!("({})", list(parts)),
            TyKind::App(TyCon::Fn, args) => {
                let (params, ret) = args.split_at(args.len().saturating_sub(1));
                return format!("Fun({}) -> {}", list(params), list(ret));
            }
            TyKind::App(TyCon::Builtin(BuiltinTy::AnyPid), _) => return "Pid".to_string(),
            TyKind::App(TyCon::Builtin(builtin), args) => (format!("{builtin:?}"), args),
            TyKind::App(TyCon::Adt(id), args) => (self.program.types[*id].name.to_string(), args),
            TyKind::Param(_) | TyKind::Var(_) | TyKind::Error => return "?".to_string(),
        };
        if args.is_empty() { name } else { format!("{name}<{}>", list(args)) }
    }

    /// Whether the type is a struct or sum type that contains itself other than through a list, function or pid. O(1).
    pub fn is_recursive(&self, ty: Ty) -> bool {
        matches!(ty.kind(), TyKind::App(TyCon::Adt(id), _) if self.recursive.contains(id))
    }

    /// Whether values of the type hold references.
    pub fn is_counted(&self, ty: Ty) -> bool {
        self.of(ty).slots.contains(&SlotKind::Ref)
    }

    /// How values of these types lie side by side in memory.
    pub fn parts(&self, tys: &[Ty]) -> Parts {
        let slots: Vec<_> = tys.iter().map(|&t| self.of(t).slots.clone()).collect();
        let (parts, end) = place(0, &slots);
        let align = if slots.iter().flatten().any(|k| k.size() == 8) { 8 } else { 1 };
        Parts { size: end.next_multiple_of(align), parts }
    }

    /// The cell of a boxed struct, tuple or variant.
    pub fn cell(&self, ty: Ty, variant: u32) -> Cell {
        let slots: Vec<_> = self.part_tys(ty, variant).iter().map(|&t| self.of(t).slots.clone()).collect();
        let (parts, end) = place(snow_abi::layout::CELL_PAYLOAD as u32, &slots);
        Cell { size: end.next_multiple_of(8).max(16), parts }
    }

    /// The cell of a closure with these captures: they start behind the code's address.
    pub fn closure_cell(&self, captures: &[Ty]) -> Cell {
        let slots: Vec<_> = captures.iter().map(|&t| self.of(t).slots.clone()).collect();
        let (parts, end) = place(snow_abi::layout::CLOSURE_CAPTURES as u32, &slots);
        Cell { size: end.next_multiple_of(8), parts }
    }

    /// What a description says of the references of values of `tys` that are placed like this: offsets, ascending, with
    /// `REF_LIST` where it is certain that a list's buffer and view stand there.
    pub fn described_refs(&self, tys: &[Ty], placed: &[Vec<(SlotKind, u32)>]) -> Vec<u16> {
        let mut refs = Vec::new();
        for (&ty, slots) in tys.iter().zip(placed) {
            for (&(kind, at), is_list) in slots.iter().zip(self.list_slots(ty)) {
                if kind == SlotKind::Ref {
                    refs.push(at as u16 | if is_list { snow_abi::layout::REF_LIST } else { 0 });
                }
            }
        }
        refs.sort_unstable();
        refs
    }

    /// For each slot of a type, whether it always is a list's buffer. In sum types by value a slot means different
    /// things.
    fn list_slots(&self, ty: Ty) -> Vec<bool> {
        let layout = self.of(ty);
        let inner: Vec<Ty> = match (&layout.repr, ty.kind()) {
            (Repr::Builtin, TyKind::App(TyCon::Builtin(BuiltinTy::List), _)) => return vec![true, false],
            (Repr::Product(_), _) => self.part_tys(ty, 0),
            (Repr::Nullable { some, .. }, _) => self.part_tys(ty, *some),
            _ => return vec![false; layout.slots.len()],
        };
        inner.into_iter().flat_map(|part| self.list_slots(part)).collect()
    }

    /// The types of the parts of a variant of a struct, tuple or sum type.
    pub fn part_tys(&self, ty: Ty, variant: u32) -> Vec<Ty> {
        match ty.kind() {
            TyKind::App(TyCon::Tuple, parts) => parts.to_vec(),
            TyKind::App(TyCon::Adt(id), args) => {
                self.typed.fields[&CtorId { ty: *id, variant }].iter().map(|f| f.subst(args)).collect()
            }
            _ => panic!("{ty:?} has no parts"),
        }
    }

    fn compute(&self, ty: Ty) -> Layout {
        match ty.kind() {
            TyKind::App(TyCon::Builtin(builtin), _) => builtin_layout(*builtin),
            TyKind::App(TyCon::Fn, _) => builtin_layout(BuiltinTy::String),
            TyKind::App(TyCon::Tuple, parts) => self.product(parts, false),
            TyKind::App(TyCon::Adt(id), _) => {
                let def = &self.program.types[*id];
                let boxed = self.recursive.contains(id);
                match &def.kind {
                    snow_hir::TypeDefKind::Struct(_) => self.product(&self.part_tys(ty, 0), boxed),
                    snow_hir::TypeDefKind::Sum(variants) => {
                        let parts = (0..variants.len()).map(|v| self.part_tys(ty, v as u32)).collect();
                        self.sum(parts, boxed)
                    }
                    snow_hir::TypeDefKind::Builtin(builtin) => builtin_layout(*builtin),
                }
            }
            TyKind::Param(_) | TyKind::Var(_) | TyKind::Error => {
                panic!("layout of a type that is not concrete: {ty:?}")
            }
        }
    }

    fn product(&self, parts: &[Ty], boxed: bool) -> Layout {
        // A recursive type's parts aren't asked for: they may need this very layout.
        if boxed {
            return Layout { slots: vec![SlotKind::Ref], repr: Repr::Boxed, niche: Some(0) };
        }
        let mut slots = Vec::new();
        let mut ranges = Vec::new();
        let mut niche = None;
        for &part in parts {
            let layout = self.of(part);
            let start = slots.len() as u32;
            niche = niche.or(layout.niche.map(|n| start + n));
            ranges.push((start, layout.slots.len() as u32));
            slots.extend(&layout.slots);
        }
        if slots.len() > MAX_BY_VALUE {
            return Layout { slots: vec![SlotKind::Ref], repr: Repr::Boxed, niche: Some(0) };
        }
        Layout { slots, repr: Repr::Product(ranges), niche }
    }

    fn sum(&self, variants: Vec<Vec<Ty>>, boxed: bool) -> Layout {
        if boxed {
            return boxed_sum(&variants);
        }
        if let Some(layout) = self.nullable(&variants) {
            return layout;
        }
        let mut slots = vec![SlotKind::I8];
        let mut shape = Vec::new();
        for parts in &variants {
            let mut used = vec![false; slots.len()];
            used[0] = true;
            let mut places = Vec::new();
            for &part in parts {
                let mut part_slots = Vec::new();
                for &kind in &self.of(part).slots {
                    let free = (1..slots.len()).find(|&i| !used[i] && slots[i] == kind);
                    let slot = free.unwrap_or_else(|| {
                        slots.push(kind);
                        used.push(false);
                        slots.len() - 1
                    });
                    used[slot] = true;
                    part_slots.push(slot as u32);
                }
                places.push(part_slots);
            }
            shape.push(places);
        }
        if slots.len() > MAX_BY_VALUE {
            return boxed_sum(&variants);
        }
        Layout { slots, repr: Repr::Sum(shape), niche: None }
    }

    fn nullable(&self, variants: &[Vec<Ty>]) -> Option<Layout> {
        let (some, part) = match variants {
            [a, b] if a.len() == 1 && b.is_empty() => (0, a[0]),
            [a, b] if a.is_empty() && b.len() == 1 => (1, b[0]),
            _ => return None,
        };
        let layout = self.of(part);
        let test = layout.niche?;
        Some(Layout { slots: layout.slots.clone(), repr: Repr::Nullable { some, test }, niche: None })
    }
}

fn boxed_sum(variants: &[Vec<Ty>]) -> Layout {
    let cells = variants.iter().map(|parts| !parts.is_empty()).collect();
    Layout { slots: vec![SlotKind::Ref], repr: Repr::BoxedSum(cells), niche: Some(0) }
}

fn builtin_layout(builtin: BuiltinTy) -> Layout {
    let (slots, niche) = match builtin {
        BuiltinTy::Int | BuiltinTy::Atom | BuiltinTy::Pid | BuiltinTy::AnyPid | BuiltinTy::Raw => {
            (vec![SlotKind::I64], None)
        }
        BuiltinTy::Float => (vec![SlotKind::F64], None),
        BuiltinTy::Bool => (vec![SlotKind::I8], None),
        BuiltinTy::String | BuiltinTy::Bytes => (vec![SlotKind::Ref], Some(0)),
        BuiltinTy::List => (vec![SlotKind::Ref, SlotKind::I64], Some(0)),
        BuiltinTy::Never => (Vec::new(), None),
    };
    Layout { slots, repr: Repr::Builtin, niche }
}

/// The types that contain themselves other than through a list, function or pid. Arguments are followed too, so a
/// type that passes itself to a generic type counts as recursive.
fn recursive_types(program: &Program, typed: &Typed) -> FxHashSet<TypeId> {
    let mut edges: FxHashMap<TypeId, Vec<TypeId>> = FxHashMap::default();
    for (ctor, fields) in &typed.fields {
        let out = edges.entry(ctor.ty).or_default();
        fields.iter().for_each(|&field| mentioned(field, out));
    }
    let reaches_itself = |start: TypeId| {
        let mut seen = FxHashSet::default();
        let mut todo = edges.get(&start).cloned().unwrap_or_default();
        while let Some(next) = todo.pop() {
            if next == start {
                return true;
            }
            if seen.insert(next) {
                todo.extend(edges.get(&next).into_iter().flatten());
            }
        }
        false
    };
    program.types.iter().map(|(id, _)| id).filter(|&id| reaches_itself(id)).collect()
}

fn mentioned(ty: Ty, out: &mut Vec<TypeId>) {
    match ty.kind() {
        TyKind::App(TyCon::Adt(id), args) => {
            out.push(*id);
            args.iter().for_each(|&a| mentioned(a, out));
        }
        TyKind::App(TyCon::Tuple, parts) => parts.iter().for_each(|&p| mentioned(p, out)),
        _ => {}
    }
}
