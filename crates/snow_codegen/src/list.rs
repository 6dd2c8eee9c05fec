//! Lists: literals, and the operations whose fast path is expanded in place.
//!
//! A list is a buffer and a view (`offset | length << 32`). Only a buffer with one reference is written to, and at its
//! ends only where the view reaches the end of the elements that are there; otherwise the runtime makes such a list
//! first.

use inkwell::IntPredicate::{EQ, UGE, UGT, ULT};
use inkwell::values::{IntValue, PointerValue};
use snow_abi::layout::{LIST_ELEMENTS, ListBuf};
use snow_abi::runtime_fns::fail_kind;
use snow_abi::{Intrinsic, RuntimeFn};
use snow_hir::BuiltinTy;
use snow_mir::layout::{Parts, SlotKind};
use snow_mir::mir::Operand;
use snow_typeck::{Ty, TyCon};

use crate::emit::Slot;
use crate::error::{Res, bad};
use crate::func::FnCx;

const LO: u64 = std::mem::offset_of!(ListBuf, lo) as u64;
const HI: u64 = std::mem::offset_of!(ListBuf, hi) as u64;
const CAP: u64 = std::mem::offset_of!(ListBuf, cap) as u64;

/// One more element in a view.
const ONE_LONGER: i64 = 1 << 32;

/// A list's slots.
#[derive(Clone, Copy)]
struct List<'ll> {
    buf: PointerValue<'ll>,
    view: IntValue<'ll>,
}

impl<'ll> List<'ll> {
    fn slots(self) -> Vec<Slot<'ll>> {
        vec![self.buf.into(), self.view.into()]
    }
}

/// The element type of a list type.
pub(crate) fn elem_of(ty: Ty) -> Res<Ty> {
    match ty.as_app() {
        Some((TyCon::Builtin(BuiltinTy::List), [elem])) => Ok(*elem),
        _ => bad(format!("{ty:?} is no list")),
    }
}

impl<'ll> FnCx<'_, '_, 'll> {
    /// An operation on lists whose result is of type `ty`.
    pub(crate) fn list_op(&self, op: Intrinsic, args: &[Operand], ty: Ty) -> Res<Vec<Slot<'ll>>> {
        if op == Intrinsic::ListNew {
            let [Slot::IntValue(cap)] = self.operand_as(&args[0], &[SlotKind::I64])?[..] else {
                return bad("a capacity that is no Int");
            };
            return Ok(self.list_new(elem_of(ty)?, cap)?.slots());
        }
        let elem = elem_of(self.operand_ty(&args[0])?)?;
        let list = self.list(self.operand_as(&args[0], &[SlotKind::Ref, SlotKind::I64])?)?;
        let int = |index: usize| match self.operand_as(&args[index], &[SlotKind::I64])?[..] {
            [Slot::IntValue(value)] => Ok(value),
            _ => bad(format!("{}: an argument is no Int", op.row().name)),
        };
        let element = |index: usize| self.operand_as(&args[index], &self.cx.slots(elem));
        match op {
            Intrinsic::ListLen => Ok(vec![self.len(list)?.into()]),
            Intrinsic::ListGetUnchecked => self.load_element(elem, list, int(1)?),
            Intrinsic::ListGet => {
                let (index, len) = (int(1)?, self.len(list)?);
                self.fail_if(self.cmp(UGE, index, len)?, fail_kind::INDEX, [index, len])?;
                self.load_element(elem, list, index)
            }
            Intrinsic::ListPush => self.push(elem, list, &element(1)?),
            Intrinsic::ListPrepend => self.prepend(elem, list, &element(1)?),
            Intrinsic::ListSetUnchecked => self.set_element(elem, list, int(1)?, &element(2)?),
            Intrinsic::ListMoveOut => self.move_out(elem, list, int(1)?),
            Intrinsic::ListMoveIn => {
                let parts = self.cx.layouts.parts(&[elem]);
                let place = self.place_of(&parts, list, int(1)?)?;
                self.store_slots(place, &parts.parts[0], &element(2)?)?;
                Ok(list.slots())
            }
            Intrinsic::ListIsGap => {
                let place = self.place_of(&self.cx.layouts.parts(&[elem]), list, int(1)?)?;
                let is_gap = self.cmp(EQ, self.load_int(place, 0)?, self.int(0))?;
                Ok(vec![self.bool(is_gap)?])
            }
            Intrinsic::ListView => self.view(list, int(1)?, int(2)?),
            _ => bad(format!("{} is no operation on lists", op.row().name)),
        }
    }

    /// A list that alone holds its buffer.
    pub(crate) fn make_unique(&self, slots: &[Slot<'ll>]) -> Res<Vec<Slot<'ll>>> {
        let list = self.list(slots.to_vec())?;
        let unique = self.is_unique(list.buf)?;
        Ok(self.or_make(unique, list, RuntimeFn::list_make_unique, None)?.slots())
    }

    /// A list literal.
    pub(crate) fn make_list(&self, elem: Ty, items: &[Operand]) -> Res<Vec<Slot<'ll>>> {
        if items.is_empty() {
            return Ok(vec![self.cx.empty_list(elem)?.into(), self.int(0).into()]);
        }
        let kinds = self.cx.slots(elem);
        let parts = self.cx.layouts.parts(&[elem]);
        let list = self.list_new(elem, self.int(items.len() as i64))?;
        let first = self.offset_of(list)?;
        for (index, item) in items.iter().enumerate() {
            let at = self.b.build_int_add(first, self.int(index as i64), "")?;
            let place = self.element_at(&parts, list.buf, at)?;
            self.store_slots(place, &parts.parts[0], &self.operand_as(item, &kinds)?)?;
        }
        let end = self.b.build_int_add(first, self.int(items.len() as i64), "")?;
        self.store(list.buf, HI, self.narrow(end)?)?;
        let view = self.b.build_int_add(list.view, self.int(items.len() as i64 * ONE_LONGER), "")?;
        Ok(List { view, ..list }.slots())
    }

    fn list(&self, slots: Vec<Slot<'ll>>) -> Res<List<'ll>> {
        match slots[..] {
            [Slot::PointerValue(buf), Slot::IntValue(view)] => Ok(List { buf, view }),
            _ => bad("a list of other slots"),
        }
    }

    fn list_new(&self, elem: Ty, capacity: IntValue<'ll>) -> Res<List<'ll>> {
        let desc = self.int(i64::from(self.cx.list_desc(elem)?));
        self.list(self.runtime(RuntimeFn::list_new, self.ctx, &[desc.into(), capacity.into()])?)
    }

    fn len(&self, list: List<'ll>) -> Res<IntValue<'ll>> {
        Ok(self.b.build_right_shift(list.view, self.int(32), false, "")?)
    }

    fn offset_of(&self, list: List<'ll>) -> Res<IntValue<'ll>> {
        Ok(self.b.build_and(list.view, self.int(0xffff_ffff), "")?)
    }

    /// Behind the last element in the buffer.
    fn end_of(&self, list: List<'ll>) -> Res<IntValue<'ll>> {
        Ok(self.b.build_int_add(self.offset_of(list)?, self.len(list)?, "")?)
    }

    /// The address of the element at an index of the buffer.
    fn element_at(
        &self,
        parts: &Parts,
        buf: PointerValue<'ll>,
        index: IntValue<'ll>,
    ) -> Res<PointerValue<'ll>> {
        let bytes = self.b.build_int_nsw_mul(index, self.int(i64::from(parts.size)), "")?;
        self.offset_by(self.offset(buf, LIST_ELEMENTS as u64)?, bytes)
    }

    /// The address of the element at an index of the list.
    fn place_of(&self, parts: &Parts, list: List<'ll>, index: IntValue<'ll>) -> Res<PointerValue<'ll>> {
        let at = self.b.build_int_nsw_add(self.offset_of(list)?, index, "")?;
        self.element_at(parts, list.buf, at)
    }

    fn load_element(&self, elem: Ty, list: List<'ll>, index: IntValue<'ll>) -> Res<Vec<Slot<'ll>>> {
        let parts = self.cx.layouts.parts(&[elem]);
        self.load_slots(self.place_of(&parts, list, index)?, &parts.parts[0])
    }

    /// Takes an element out and leaves its references 0, so that the buffer owns them no longer.
    fn move_out(&self, elem: Ty, list: List<'ll>, index: IntValue<'ll>) -> Res<Vec<Slot<'ll>>> {
        let parts = self.cx.layouts.parts(&[elem]);
        let place = self.place_of(&parts, list, index)?;
        let values = self.load_slots(place, &parts.parts[0])?;
        for at in parts.refs() {
            self.store(place, u64::from(at), self.cx.ptr().const_null())?;
        }
        Ok(values)
    }

    /// Runs `slow` unless `fast` holds: a list that may be written to.
    fn or_make(
        &self,
        fast: IntValue<'ll>,
        list: List<'ll>,
        func: RuntimeFn,
        room: Option<i64>,
    ) -> Res<List<'ll>> {
        let (slow, join) = (self.block("slow")?, self.block("writable")?);
        let start = self.here()?;
        self.b.build_conditional_branch(fast, join, slow)?;
        self.start(slow);
        let mut args = list.slots();
        args.extend(room.map(|n| Slot::from(self.int(n))));
        let made = self.list(self.runtime(func, self.ctx, &args)?)?;
        let slow_end = self.here()?;
        self.goto_and_start(join)?;
        let buf = self.b.build_phi(self.cx.ptr(), "buf")?;
        buf.add_incoming(&[(&list.buf, start), (&made.buf, slow_end)]);
        let view = self.b.build_phi(self.cx.i64(), "view")?;
        view.add_incoming(&[(&list.view, start), (&made.view, slow_end)]);
        let (buf, view) = (buf.as_basic_value(), view.as_basic_value());
        Ok(List { buf: buf.into_pointer_value(), view: view.into_int_value() })
    }

    fn all(&self, conditions: [IntValue<'ll>; 3]) -> Res<IntValue<'ll>> {
        let [a, b, c] = conditions;
        let ab = self.b.build_and(a, b, "")?;
        Ok(self.b.build_and(ab, c, "")?)
    }

    fn push(&self, elem: Ty, list: List<'ll>, value: &[Slot<'ll>]) -> Res<Vec<Slot<'ll>>> {
        let parts = self.cx.layouts.parts(&[elem]);
        let hi = self.load_i32(list.buf, HI)?;
        let fast = self.all([
            self.is_unique(list.buf)?,
            self.cmp(EQ, self.narrow(self.end_of(list)?)?, hi)?,
            self.cmp(ULT, hi, self.load_i32(list.buf, CAP)?)?,
        ])?;
        let list = self.or_make(fast, list, RuntimeFn::list_reserve_back, Some(1))?;
        let end = self.end_of(list)?;
        let place = self.element_at(&parts, list.buf, end)?;
        self.store_slots(place, &parts.parts[0], value)?;
        let hi = self.narrow(self.b.build_int_add(end, self.int(1), "")?)?;
        self.store(list.buf, HI, hi)?;
        let view = self.b.build_int_add(list.view, self.int(ONE_LONGER), "")?;
        Ok(List { view, ..list }.slots())
    }

    fn prepend(&self, elem: Ty, list: List<'ll>, value: &[Slot<'ll>]) -> Res<Vec<Slot<'ll>>> {
        let parts = self.cx.layouts.parts(&[elem]);
        let lo = self.load_i32(list.buf, LO)?;
        let fast = self.all([
            self.is_unique(list.buf)?,
            self.cmp(EQ, self.narrow(self.offset_of(list)?)?, lo)?,
            self.cmp(UGT, lo, self.i32(0))?,
        ])?;
        let list = self.or_make(fast, list, RuntimeFn::list_reserve_front, Some(1))?;
        let first = self.b.build_int_sub(self.offset_of(list)?, self.int(1), "")?;
        let place = self.element_at(&parts, list.buf, first)?;
        self.store_slots(place, &parts.parts[0], value)?;
        self.store(list.buf, LO, self.narrow(first)?)?;
        // The offset is at least 1 here, so nothing is borrowed from the length.
        let view = self.b.build_int_add(list.view, self.int(ONE_LONGER - 1), "")?;
        Ok(List { view, ..list }.slots())
    }

    fn set_element(
        &self,
        elem: Ty,
        list: List<'ll>,
        index: IntValue<'ll>,
        value: &[Slot<'ll>],
    ) -> Res<Vec<Slot<'ll>>> {
        let parts = self.cx.layouts.parts(&[elem]);
        let list = self.list(self.make_unique(&list.slots())?)?;
        let place = self.place_of(&parts, list, index)?;
        if !parts.refs().is_empty() {
            self.drop(self.ctx, elem, &self.load_slots(place, &parts.parts[0])?)?;
        }
        self.store_slots(place, &parts.parts[0], value)?;
        Ok(list.slots())
    }

    fn view(&self, list: List<'ll>, from: IntValue<'ll>, to: IntValue<'ll>) -> Res<Vec<Slot<'ll>>> {
        let offset = self.b.build_int_add(self.offset_of(list)?, from, "")?;
        let len = self.b.build_int_sub(to, from, "")?;
        let len = self.b.build_left_shift(len, self.int(32), "")?;
        let view = self.b.build_or(offset, len, "")?;
        Ok(List { view, ..list }.slots())
    }
}
