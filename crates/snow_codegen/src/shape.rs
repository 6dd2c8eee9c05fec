//! Structs, tuples, sum types and closures: making them, reading their parts, taking them apart.
//!
//! What a value's slots mean stands in its `Repr`; each operation is one match over it.

use inkwell::IntPredicate::{EQ, NE};
use inkwell::values::PointerValue;
use snow_abi::layout::CLOSURE_CODE;
use snow_mir::layout::{Cell, Repr, SlotKind};
use snow_mir::mir::{FuncId, FuncKind, LocalId, Operand};
use snow_typeck::Ty;

use crate::emit::Slot;
use crate::error::{Res, bad};
use crate::func::FnCx;

/// What an `Unpack` takes apart.
pub(crate) struct Unpacked<'m> {
    pub(crate) base: LocalId,
    pub(crate) variant: u32,
    pub(crate) kept: &'m [(u32, LocalId)],
    pub(crate) token: Option<LocalId>,
}

impl<'ll> FnCx<'_, '_, 'll> {
    /// Where a variant lives in a cell: its shape. `None`: by value, or an immediate.
    fn cell_of(&self, ty: Ty, variant: u32) -> Option<Cell> {
        self.cx.layouts.is_cell(ty, variant).then(|| self.cx.layouts.cell(ty, variant))
    }

    /// A struct, tuple or variant from its parts.
    pub(crate) fn make(
        &self,
        ty: Ty,
        variant: u32,
        args: &[Operand],
        reuse: Option<LocalId>,
    ) -> Res<Vec<Slot<'ll>>> {
        let tys = self.cx.layouts.part_tys(ty, variant);
        if tys.len() != args.len() {
            let name = self.cx.layouts.type_name(ty);
            return bad(format!("{name} is made of {} parts, not {}", tys.len(), args.len()));
        }
        let values = args.iter().zip(&tys).map(|(arg, &ty)| self.operand_as(arg, &self.cx.slots(ty)));
        let values = values.collect::<Res<Vec<_>>>()?;
        if let Some(cell) = self.cell_of(ty, variant) {
            let meta = self.cx.cell_meta(ty, variant)?;
            let object = self.cell(&cell, meta, reuse)?;
            for (places, values) in cell.parts.iter().zip(&values) {
                self.store_slots(object, places, values)?;
            }
            return Ok(vec![object.into()]);
        }
        let layout = self.cx.layouts.of(ty);
        if let Repr::BoxedSum(_) = layout.repr {
            return Ok(vec![self.pointer(self.int(i64::from(variant) + 1))?.into()]);
        }
        let mut slots = self.zeros(&layout.slots);
        if let Repr::Sum(_) = layout.repr {
            slots[0] = self.cx.ll.i8_type().const_int(u64::from(variant), false).into();
        }
        for (index, values) in values.into_iter().enumerate() {
            for (slot, value) in self.cx.part_slots(ty, variant, index as u32)?.into_iter().zip(values) {
                slots[slot as usize] = value;
            }
        }
        Ok(slots)
    }

    /// Memory for a cell, from a token if it has one, with its header.
    fn cell(&self, cell: &Cell, meta: u32, reuse: Option<LocalId>) -> Res<PointerValue<'ll>> {
        let Some(token) = reuse else {
            let object = self.alloc(self.ctx, cell.size)?;
            self.header(object, meta)?;
            return Ok(object);
        };
        let token = self.raw(token)?;
        let (fresh, join) = (self.block("fresh")?, self.block("made")?);
        let start = self.here()?;
        let has = self.cmp(NE, self.addr(token)?, self.int(0))?;
        self.b.build_conditional_branch(has, join, fresh)?;
        self.start(fresh);
        let new = self.alloc(self.ctx, cell.size)?;
        let fresh_end = self.here()?;
        self.goto_and_start(join)?;
        let object = self.b.build_phi(self.cx.ptr(), "object")?;
        object.add_incoming(&[(&token, start), (&new, fresh_end)]);
        let object = object.as_basic_value().into_pointer_value();
        self.header(object, meta)?;
        Ok(object)
    }

    /// A `Raw` local as an address.
    pub(crate) fn raw(&self, id: LocalId) -> Res<PointerValue<'ll>> {
        match self.get(id)?[..] {
            [Slot::IntValue(addr)] if addr.get_type() == self.cx.i64() => self.pointer(addr),
            [Slot::PointerValue(ptr)] => Ok(ptr),
            _ => bad(format!("{}: local {} is no address", self.func.symbol, id.0)),
        }
    }

    /// The reference of a boxed local.
    fn object(&self, id: LocalId) -> Res<PointerValue<'ll>> {
        match self.get(id)?[..] {
            [Slot::PointerValue(ptr)] => Ok(ptr),
            _ => bad(format!("{}: local {} is no object", self.func.symbol, id.0)),
        }
    }

    /// A closure with its captured values.
    pub(crate) fn make_closure(&self, id: FuncId, captures: &[Operand]) -> Res<Vec<Slot<'ll>>> {
        let (func, code) = self.cx.func(id)?;
        let FuncKind::Closure(tys) = &func.kind else {
            return bad(format!("{} is no closure", func.symbol));
        };
        if tys.len() != captures.len() {
            return bad(format!("{} captures {} values, not {}", func.symbol, tys.len(), captures.len()));
        }
        if captures.is_empty() {
            return Ok(vec![self.cx.static_closure(id)?.into()]);
        }
        let shape = self.cx.layouts.closure_cell(tys);
        let meta = self.cx.closure_meta(tys, &func.name)?;
        let object = self.cell(&shape, meta, None)?;
        self.store(object, CLOSURE_CODE as u64, code.as_global_value().as_pointer_value())?;
        for ((capture, &ty), places) in captures.iter().zip(tys).zip(&shape.parts) {
            let values = self.operand_as(capture, &self.cx.slots(ty))?;
            self.store_slots(object, places, &values)?;
        }
        Ok(vec![object.into()])
    }

    /// Drops the closure whose body this is: its shape is known here.
    pub(crate) fn drop_itself(&self, closure: LocalId, captures: &[Ty]) -> Res<()> {
        if captures.is_empty() {
            // It is a constant.
            return Ok(());
        }
        let object = self.object(closure)?;
        let cell = self.cx.layouts.closure_cell(captures);
        let parts: Vec<_> = captures.iter().copied().zip(&cell.parts).collect();
        self.drop_cell(self.ctx, object, &parts, cell.size)
    }

    /// A captured value of the closure whose body this is.
    pub(crate) fn capture(&self, closure: LocalId, index: u32) -> Res<Vec<Slot<'ll>>> {
        let FuncKind::Closure(tys) = &self.func.kind else {
            return bad(format!("{} captures nothing", self.func.symbol));
        };
        let cell = self.cx.layouts.closure_cell(tys);
        match cell.parts.get(index as usize) {
            Some(places) => self.load_slots(self.object(closure)?, places),
            None => bad(format!("{} has no capture {index}", self.func.symbol)),
        }
    }

    /// A part of a value that is known to be `variant`.
    pub(crate) fn project(&self, base: LocalId, variant: u32, index: u32) -> Res<Vec<Slot<'ll>>> {
        let ty = self.ty(base)?;
        if let Some(cell) = self.cell_of(ty, variant) {
            return match cell.parts.get(index as usize) {
                Some(places) => self.load_slots(self.object(base)?, places),
                None => bad(format!("{} has no part {index}", self.cx.layouts.type_name(ty))),
            };
        }
        let values = self.get(base)?;
        let slots = self.cx.part_slots(ty, variant, index)?;
        Ok(slots.into_iter().map(|slot| values[slot as usize]).collect())
    }

    /// The number of a value's variant.
    pub(crate) fn variant(&self, ty: Ty, values: &[Slot<'ll>]) -> Res<Slot<'ll>> {
        let layout = self.cx.layouts.of(ty);
        Ok(match (&layout.repr, values) {
            (Repr::Sum(_), [Slot::IntValue(tag), ..]) => self.widen(*tag)?.into(),
            (Repr::Nullable { some, test }, _) => {
                let part = values[*test as usize].into_pointer_value();
                let is_some = self.b.build_is_not_null(part, "")?;
                let is_one = if *some == 1 { is_some } else { self.b.build_not(is_some, "")? };
                self.widen(is_one)?.into()
            }
            (Repr::BoxedSum(cells), [Slot::PointerValue(object)]) => self.boxed_variant(cells, *object)?,
            (Repr::Product(_) | Repr::Boxed, _) => self.int(0).into(),
            _ => return bad(format!("{} has no variants", self.cx.layouts.type_name(ty))),
        })
    }

    fn boxed_variant(&self, cells: &[bool], object: PointerValue<'ll>) -> Res<Slot<'ll>> {
        let tag = || {
            let meta = self.load_i32(object, 4)?;
            self.widen(self.b.build_and(meta, self.i32(0xff), "")?)
        };
        let number =
            || Ok::<_, crate::CodegenError>(self.b.build_int_sub(self.addr(object)?, self.int(1), "")?);
        let boxed: Vec<usize> = (0..cells.len()).filter(|&variant| cells[variant]).collect();
        if boxed.len() == cells.len() {
            return Ok(tag()?.into());
        }
        let is_object = match boxed.as_slice() {
            [] => return Ok(number()?.into()),
            // The tag is known without looking at the object.
            &[known] => {
                let is_object = self.is_object(object)?;
                return Ok(self.b.build_select(is_object, self.int(known as i64), number()?, "")?);
            }
            _ => self.is_object(object)?,
        };
        let (load, join) = (self.block("tag")?, self.block("variant")?);
        let immediate = number()?;
        let start = self.here()?;
        self.b.build_conditional_branch(is_object, load, join)?;
        self.start(load);
        let tag = tag()?;
        self.goto_and_start(join)?;
        let variant = self.b.build_phi(self.cx.i64(), "variant")?;
        variant.add_incoming(&[(&immediate, start), (&tag, load)]);
        Ok(variant.as_basic_value())
    }

    /// Consumes a value and makes the kept parts owned.
    pub(crate) fn take_apart(&self, u: &Unpacked<'_>) -> Res<()> {
        let ty = self.ty(u.base)?;
        let tys = self.cx.layouts.part_tys(ty, u.variant);
        let others: Vec<(u32, Ty)> =
            (0u32..).zip(tys).filter(|(i, _)| u.kept.iter().all(|(k, _)| k != i)).collect();
        let Some(cell) = self.cell_of(ty, u.variant) else {
            if let Some(token) = u.token {
                self.set(token, &[self.int(0).into()])?;
            }
            let by_value = !matches!(self.cx.layouts.of(ty).repr, Repr::BoxedSum(_));
            return others.iter().filter(|_| by_value).try_for_each(|&(index, part)| {
                self.drop(self.ctx, part, &self.project(u.base, u.variant, index)?)
            });
        };
        let object = self.object(u.base)?;
        let (unique, shared, end) = (self.block("unique")?, self.block("shared")?, self.block("apart")?);
        self.b.build_conditional_branch(self.is_unique(object)?, unique, shared)?;

        self.start(unique);
        for (index, part) in others {
            let places = &cell.parts[index as usize];
            if places.iter().any(|(kind, _)| *kind == SlotKind::Ref) {
                self.drop(self.ctx, part, &self.load_slots(object, places)?)?;
            }
        }
        match u.token {
            Some(token) => self.set(token, &[self.addr(object)?.into()])?,
            None => self.free(self.ctx, object, cell.size)?,
        }
        self.b.build_unconditional_branch(end)?;

        self.start(shared);
        for &(_, local) in u.kept {
            self.dup(self.ty(local)?, &self.get(local)?)?;
        }
        self.give_up_share(object)?;
        if let Some(token) = u.token {
            self.set(token, &[self.int(0).into()])?;
        }
        self.goto_and_start(end)
    }

    /// Frees the cell of a token, if it has one.
    pub(crate) fn free_token(&self, token: LocalId, ty: Ty, variant: u32) -> Res<()> {
        let Some(cell) = self.cell_of(ty, variant) else { return Ok(()) };
        let object = self.raw(token)?;
        let has = self.cmp(NE, self.addr(object)?, self.int(0))?;
        self.when(has, || self.free(self.ctx, object, cell.size))
    }

    /// Whether two integers are equal, as a Bool.
    pub(crate) fn same(
        &self,
        a: inkwell::values::IntValue<'ll>,
        b: inkwell::values::IntValue<'ll>,
    ) -> Res<Slot<'ll>> {
        self.bool(self.cmp(EQ, a, b)?)
    }
}
