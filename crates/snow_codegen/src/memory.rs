//! Counting, allocating, freeing: the operations that the MIR asks for, as small internal functions that are inlined in
//! release builds.
//!
//! An object's count is at offset 0: negative means immortal. A reference that may be 0 or an immediate is tested
//! before its object is touched; types say where that can't be.

use inkwell::AddressSpace;
use inkwell::IntPredicate::{EQ, SGE, SGT, UGT, ULE};
use inkwell::attributes::AttributeLoc;
use inkwell::types::FunctionType;
use inkwell::values::{FunctionValue, IntValue, PointerValue};
use snow_abi::RuntimeFn;
use snow_abi::layout::{CLASS_SIZES, Ctx, MAX_IMMEDIATE, size_class};
use snow_mir::layout::{Repr, SlotKind};
use snow_typeck::Ty;

use crate::cx::Cx;
use crate::emit::{Emit, Slot};
use crate::error::{CodegenError, Res};

const FREE_LISTS: u64 = std::mem::offset_of!(Ctx, free) as u64;
const BUMP: u64 = std::mem::offset_of!(Ctx, bump) as u64;
const BUMP_END: u64 = std::mem::offset_of!(Ctx, bump_end) as u64;

/// What is known of a reference from its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RefKind {
    /// It is neither 0 nor an immediate.
    pub(crate) object: bool,
    /// How the object is freed.
    pub(crate) release: Release,
}

/// How an object that lost its last reference is freed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Release {
    /// By the runtime, which knows its description: bounded in time and stack however much hangs on it.
    Runtime,
    /// A cell without references, always of this size class: in place.
    Flat(usize),
    /// The cell of a struct or tuple that isn't recursive: part by part.
    Parts(Ty),
}

const UNKNOWN: RefKind = RefKind { object: false, release: Release::Runtime };
const OBJECT: RefKind = RefKind { object: true, release: Release::Runtime };

impl<'ll> Cx<'_, 'll> {
    /// What is known of each slot; for slots that aren't references it means nothing.
    pub(crate) fn ref_kinds(&self, ty: Ty) -> Vec<RefKind> {
        let layout = self.layouts.of(ty);
        match &layout.repr {
            Repr::Builtin => vec![OBJECT; layout.slots.len()],
            Repr::Product(_) => {
                self.layouts.part_tys(ty, 0).iter().flat_map(|&part| self.ref_kinds(part)).collect()
            }
            Repr::Boxed => {
                let parts = if self.layouts.is_recursive(ty) { Release::Runtime } else { Release::Parts(ty) };
                let release = self.flat_class(ty, &[0]).map_or(parts, Release::Flat);
                vec![RefKind { object: true, release }]
            }
            Repr::Sum(_) => vec![UNKNOWN; layout.slots.len()],
            Repr::Nullable { some, .. } => {
                let part = self.layouts.part_tys(ty, *some);
                let kinds = part.iter().flat_map(|&part| self.ref_kinds(part));
                kinds.map(|kind| RefKind { object: false, ..kind }).collect()
            }
            Repr::BoxedSum(cells) => {
                let variants: Vec<u32> = (0..cells.len() as u32).filter(|&v| cells[v as usize]).collect();
                let object = variants.len() == cells.len();
                let release = self.flat_class(ty, &variants).map_or(Release::Runtime, Release::Flat);
                vec![RefKind { object, release }]
            }
        }
    }

    fn flat_class(&self, ty: Ty, variants: &[u32]) -> Option<usize> {
        let mut classes = variants.iter().map(|&variant| {
            let cell = self.layouts.cell(ty, variant);
            if cell.refs().is_empty() { size_class(cell.size as usize) } else { None }
        });
        let first = classes.next()??;
        classes.all(|class| class == Some(first)).then_some(first)
    }

    /// The internal function of that name, emitted at the first use.
    fn helper(
        &self,
        name: &str,
        ty: FunctionType<'ll>,
        body: impl FnOnce(&Emit<'_, '_, 'll>, FunctionValue<'ll>) -> Res<()>,
    ) -> Res<FunctionValue<'ll>> {
        if let Some(known) = self.module.get_function(name) {
            return Ok(known);
        }
        let function = self.internal_fn(name, ty);
        if self.release {
            function.add_attribute(AttributeLoc::Function, self.attr("alwaysinline"));
        }
        body(&Emit::at_entry(self, function), function)?;
        Ok(function)
    }

    /// `void dup(object)`
    fn dup_fn(&self, object: bool) -> Res<FunctionValue<'ll>> {
        let name = if object { "snow.dup_object" } else { "snow.dup" };
        let ty = self.ll.void_type().fn_type(&[self.ptr().into()], false);
        self.helper(name, ty, |e, f| {
            let ptr = e.param(f, 0)?.into_pointer_value();
            let end = e.block("end")?;
            e.skip_immediate(ptr, object, end)?;
            let rc = e.load_i32(ptr, 0)?;
            e.when(e.cmp(SGE, rc, e.i32(0))?, || e.store(ptr, 0, e.b.build_int_add(rc, e.i32(1), "")?))?;
            e.goto_and_start(end)?;
            e.b.build_return(None)?;
            Ok(())
        })
    }

    /// `void drop(ctx, object)`
    fn drop_fn(&self, kind: RefKind) -> Res<FunctionValue<'ll>> {
        let mut name = String::from(if kind.object { "snow.drop_object" } else { "snow.drop" });
        match kind.release {
            Release::Runtime => {}
            Release::Flat(class) => name.push_str(&format!(".{}", CLASS_SIZES[class])),
            Release::Parts(ty) => name.push_str(&format!(".type.{}", self.type_number(ty))),
        }
        let ty = self.ll.void_type().fn_type(&[self.ptr().into(), self.ptr().into()], false);
        self.helper(&name, ty, |e, f| {
            let (ctx, ptr) = (e.param(f, 0)?.into_pointer_value(), e.param(f, 1)?.into_pointer_value());
            let (end, last, shared) = (e.block("end")?, e.block("last")?, e.block("shared")?);
            e.skip_immediate(ptr, kind.object, end)?;
            let rc = e.load_i32(ptr, 0)?;
            e.branch_if(e.cmp(SGT, rc, e.i32(1))?, shared)?;
            e.branch_if(e.cmp(EQ, rc, e.i32(1))?, last)?;
            e.b.build_unconditional_branch(end)?;
            e.start(last);
            e.release(ctx, ptr, kind.release)?;
            e.b.build_unconditional_branch(end)?;
            e.start(shared);
            e.store(ptr, 0, e.b.build_int_sub(rc, e.i32(1), "")?)?;
            e.goto_and_start(end)?;
            e.b.build_return(None)?;
            Ok(())
        })
    }

    /// `void free(ctx, object)` for a struct or tuple that isn't recursive. Never inlined: it is long and rarely runs.
    fn free_parts_fn(&self, ty: Ty) -> Res<FunctionValue<'ll>> {
        let name = format!("snow.free.type.{}", self.type_number(ty));
        if let Some(known) = self.module.get_function(&name) {
            return Ok(known);
        }
        let fn_ty = self.ll.void_type().fn_type(&[self.ptr().into(), self.ptr().into()], false);
        let function = self.internal_fn(&name, fn_ty);
        let e = Emit::at_entry(self, function);
        let (ctx, object) = (e.param(function, 0)?, e.param(function, 1)?);
        let (tys, cell) = (self.layouts.part_tys(ty, 0), self.layouts.cell(ty, 0));
        let parts: Vec<_> = tys.into_iter().zip(&cell.parts).collect();
        e.free_cell(ctx.into_pointer_value(), object.into_pointer_value(), &parts, cell.size)?;
        e.b.build_return(None)?;
        Ok(function)
    }

    /// `ptr alloc(ctx)` for one size class.
    fn alloc_fn(&self, class: usize) -> Res<FunctionValue<'ll>> {
        let size = CLASS_SIZES[class];
        let ptr_ty = self.ll.ptr_type(AddressSpace::default());
        let ty = inkwell::types::BasicType::fn_type(&ptr_ty, &[ptr_ty.into()], false);
        self.helper(&format!("snow.alloc.{size}"), ty, |e, f| {
            let ctx = e.param(f, 0)?.into_pointer_value();
            let (bump, fresh, slow) = (e.block("bump")?, e.block("fresh")?, e.block("slow")?);
            let list = FREE_LISTS + 8 * class as u64;
            let freed = e.load_ptr(ctx, list)?;
            e.branch_if(e.b.build_is_null(freed, "")?, bump)?;
            e.store(ctx, list, e.load_ptr(freed, 0)?)?;
            e.b.build_return(Some(&freed))?;
            e.start(bump);
            let cell = e.load_ptr(ctx, BUMP)?;
            let end = e.offset(cell, size as u64)?;
            let chunk_end = e.load_ptr(ctx, BUMP_END)?;
            let fits = e.cmp(ULE, e.addr(end)?, e.addr(chunk_end)?)?;
            e.b.build_conditional_branch(fits, fresh, slow)?;
            e.start(fresh);
            e.store(ctx, BUMP, end)?;
            e.b.build_return(Some(&cell))?;
            e.start(slow);
            let cell = one(e.runtime(RuntimeFn::alloc, ctx, &[e.int(size as i64).into()])?)?;
            e.b.build_return(Some(&cell))?;
            Ok(())
        })
    }
}

impl<'ll> Emit<'_, '_, 'll> {
    fn skip_immediate(
        &self,
        ptr: PointerValue<'ll>,
        object: bool,
        end: inkwell::basic_block::BasicBlock<'ll>,
    ) -> Res<()> {
        if object {
            return Ok(());
        }
        let immediate = self.cmp(ULE, self.addr(ptr)?, self.int(MAX_IMMEDIATE as i64))?;
        self.branch_if(immediate, end)
    }

    /// Whether a reference is an object's address.
    pub(crate) fn is_object(&self, ptr: PointerValue<'ll>) -> Res<IntValue<'ll>> {
        self.cmp(UGT, self.addr(ptr)?, self.int(MAX_IMMEDIATE as i64))
    }

    /// Whether an object has one reference and may be changed.
    pub(crate) fn is_unique(&self, ptr: PointerValue<'ll>) -> Res<IntValue<'ll>> {
        self.cmp(EQ, self.load_i32(ptr, 0)?, self.i32(1))
    }

    /// One more reference to everything that a value refers to directly.
    pub(crate) fn dup(&self, ty: Ty, value: &[Slot<'ll>]) -> Res<()> {
        for (ptr, kind) in self.refs(ty, value) {
            self.b.build_direct_call(self.cx.dup_fn(kind.object)?, &[ptr.into()], "")?;
        }
        Ok(())
    }

    /// One reference less; what had only one is freed.
    pub(crate) fn drop(&self, ctx: PointerValue<'ll>, ty: Ty, value: &[Slot<'ll>]) -> Res<()> {
        for (ptr, kind) in self.refs(ty, value) {
            self.b.build_direct_call(self.cx.drop_fn(kind)?, &[ctx.into(), ptr.into()], "")?;
        }
        Ok(())
    }

    /// Frees an object that lost its last reference.
    fn release(&self, ctx: PointerValue<'ll>, object: PointerValue<'ll>, how: Release) -> Res<()> {
        match how {
            Release::Runtime => self.runtime(RuntimeFn::release, ctx, &[object.into()]).map(drop),
            Release::Flat(class) => self.free_class(ctx, object, class),
            Release::Parts(ty) => {
                let free = self.cx.free_parts_fn(ty)?;
                self.b.build_direct_call(free, &[ctx.into(), object.into()], "")?;
                Ok(())
            }
        }
    }

    /// Drops the parts of an object and gives back its memory.
    fn free_cell(
        &self,
        ctx: PointerValue<'ll>,
        object: PointerValue<'ll>,
        parts: &[(Ty, &Vec<(SlotKind, u32)>)],
        size: u32,
    ) -> Res<()> {
        for (ty, places) in parts {
            if places.iter().any(|(kind, _)| *kind == SlotKind::Ref) {
                self.drop(ctx, *ty, &self.load_slots(object, places)?)?;
            }
        }
        self.free(ctx, object, size)
    }

    /// Drops an object whose parts are known.
    pub(crate) fn drop_cell(
        &self,
        ctx: PointerValue<'ll>,
        object: PointerValue<'ll>,
        parts: &[(Ty, &Vec<(SlotKind, u32)>)],
        size: u32,
    ) -> Res<()> {
        let (last, shared, end) = (self.block("last")?, self.block("shared")?, self.block("dropped")?);
        self.b.build_conditional_branch(self.is_unique(object)?, last, shared)?;
        self.start(last);
        self.free_cell(ctx, object, parts, size)?;
        self.b.build_unconditional_branch(end)?;
        self.start(shared);
        self.give_up_share(object)?;
        self.goto_and_start(end)
    }

    /// Takes one off the count of an object that has more than one; immortal ones stay.
    pub(crate) fn give_up_share(&self, ptr: PointerValue<'ll>) -> Res<()> {
        let rc = self.load_i32(ptr, 0)?;
        self.when(self.cmp(SGT, rc, self.i32(0))?, || {
            self.store(ptr, 0, self.b.build_int_sub(rc, self.i32(1), "")?)
        })
    }

    /// The references of a value, with what is known of them.
    fn refs(&self, ty: Ty, value: &[Slot<'ll>]) -> Vec<(PointerValue<'ll>, RefKind)> {
        let layout = self.cx.layouts.of(ty);
        if !layout.slots.contains(&SlotKind::Ref) {
            return Vec::new();
        }
        let slots = value.iter().zip(&layout.slots).zip(self.cx.ref_kinds(ty));
        let refs = slots.filter(|((_, slot), _)| **slot == SlotKind::Ref);
        refs.map(|((value, _), kind)| (value.into_pointer_value(), kind)).collect()
    }

    /// Memory for a cell of `size` bytes.
    pub(crate) fn alloc(&self, ctx: PointerValue<'ll>, size: u32) -> Res<PointerValue<'ll>> {
        let cell = match size_class(size as usize) {
            Some(class) => {
                let call = self.b.build_direct_call(self.cx.alloc_fn(class)?, &[ctx.into()], "cell")?;
                call.try_as_basic_value()
                    .basic()
                    .ok_or_else(|| CodegenError::Llvm("alloc gives nothing".into()))?
            }
            None => one(self.runtime(RuntimeFn::alloc, ctx, &[self.int(i64::from(size)).into()])?)?,
        };
        Ok(cell.into_pointer_value())
    }

    /// Gives back the memory of a cell of `size` bytes.
    pub(crate) fn free(&self, ctx: PointerValue<'ll>, cell: PointerValue<'ll>, size: u32) -> Res<()> {
        match size_class(size as usize) {
            Some(class) => self.free_class(ctx, cell, class),
            None => {
                let size = self.int(i64::from(size)).into();
                self.runtime(RuntimeFn::free_large, ctx, &[cell.into(), size]).map(drop)
            }
        }
    }

    fn free_class(&self, ctx: PointerValue<'ll>, cell: PointerValue<'ll>, class: usize) -> Res<()> {
        let list = FREE_LISTS + 8 * class as u64;
        self.store(cell, 0, self.load_ptr(ctx, list)?)?;
        self.store(ctx, list, cell)
    }

    /// Writes a header: one reference, this description and tag.
    pub(crate) fn header(&self, cell: PointerValue<'ll>, meta: u32) -> Res<()> {
        // One store: the count is the low half on the little-endian machines that are supported.
        self.store(cell, 0, self.int((i64::from(meta) << 32) | 1))
    }
}

/// The only slot of a result.
pub(crate) fn one(slots: Vec<Slot<'_>>) -> Res<Slot<'_>> {
    match slots.as_slice() {
        [slot] => Ok(*slot),
        _ => crate::error::bad(format!("one slot expected, {} found", slots.len())),
    }
}
