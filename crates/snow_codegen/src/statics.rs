//! What do literals look like? Numbers stand in the code; texts, and lists with all that is in them, are objects of the program.
//!
//! These objects are immortal, like all of `tables`, and never written to: who changes a list copies it first.

use inkwell::values::{BasicValue, PointerValue, StructValue};
use snow_abi::layout::{CELL_PAYLOAD, LIST_ELEMENTS, ListVal, ObjHeader};
use snow_mir::layout::{Repr, SlotKind};
use snow_mir::mir::Const;
use snow_typeck::Ty;

use crate::cx::Cx;
use crate::emit::{Slot, zero};
use crate::error::{Res, bad};

impl<'ll> Cx<'_, 'll> {
    /// The slots of a literal.
    pub(crate) fn literal(&self, literal: &Const) -> Res<Vec<Slot<'ll>>> {
        Ok(match literal {
            Const::Int(n) => vec![self.word(*n as u64)],
            Const::Float(x) => vec![self.ll.f64_type().const_float(*x).into()],
            Const::Bool(b) => vec![self.byte(u64::from(*b))],
            Const::Str(text) => vec![self.string(text).into()],
            Const::Atom(text) => vec![self.atom(text).const_to_int(self.i64()).into()],
            Const::Unit => Vec::new(),
            Const::Func(id) => vec![self.static_closure(*id)?.into()],
            Const::EmptyList(elem) => vec![self.empty_list(*elem)?.into(), self.word(0)],
            Const::List(elem, items) => self.static_list(*elem, items)?,
            Const::Made(ty, variant, parts) => self.static_value(*ty, *variant, parts)?,
            Const::Null => vec![self.word(0)],
        })
    }

    /// A list of literals: its buffer and the view of all of it.
    fn static_list(&self, elem: Ty, items: &[Const]) -> Res<Vec<Slot<'ll>>> {
        let Ok(len) = u32::try_from(items.len()) else { return bad("a list literal is too long") };
        let placed = self.layouts.parts(&[elem]);
        let elements = items.iter().map(|item| {
            let slots: Vec<_> = placed.parts[0].iter().copied().zip(self.literal(item)?).collect();
            self.packed(Vec::new(), (0, placed.size), slots)
        });
        let elements = elements.collect::<Res<Vec<_>>>()?;
        let Some(first) = elements.first() else { return bad("an empty list is another literal") };
        let elements = first.get_type().const_array(&elements);
        let [rc, meta] = self.immortal(ObjHeader::meta(self.list_desc(elem)?, 0));
        let numbers = [0, len, len, 0].map(|n| self.u32(n));
        let fields = [&[rc, meta][..], &numbers, &[elements.into()]].concat();
        const { assert!(LIST_ELEMENTS == 24, "the fields in front of the elements") };
        let buf = self.constant(self.ll.const_struct(&fields, true).into(), "snow.list", 8);
        Ok(vec![buf.as_pointer_value().into(), self.word(ListVal::view(0, len))])
    }

    /// A struct, tuple or variant of literals.
    fn static_value(&self, ty: Ty, variant: u32, parts: &[Const]) -> Res<Vec<Slot<'ll>>> {
        let values = parts.iter().map(|part| self.literal(part)).collect::<Res<Vec<_>>>()?;
        if self.layouts.is_cell(ty, variant) {
            return Ok(vec![self.static_cell(ty, variant, values)?.into()]);
        }
        let layout = self.layouts.of(ty);
        if let Repr::BoxedSum(_) = layout.repr {
            let number = self.i64().const_int(u64::from(variant) + 1, false);
            return Ok(vec![number.const_to_pointer(self.ptr()).into()]);
        }
        let mut slots: Vec<_> = layout.slots.iter().map(|&kind| zero(self.slot_ty(kind))).collect();
        if let Repr::Sum(_) = layout.repr {
            slots[0] = self.byte(u64::from(variant));
        }
        for (index, values) in values.into_iter().enumerate() {
            for (slot, value) in self.part_slots(ty, variant, index as u32)?.into_iter().zip(values) {
                slots[slot as usize] = value;
            }
        }
        Ok(slots)
    }

    fn static_cell(&self, ty: Ty, variant: u32, values: Vec<Vec<Slot<'ll>>>) -> Res<PointerValue<'ll>> {
        let cell = self.layouts.cell(ty, variant);
        let slots = cell.parts.iter().flatten().copied().zip(values.into_iter().flatten()).collect();
        let header = self.immortal(self.cell_meta(ty, variant)?).to_vec();
        let object = self.packed(header, (CELL_PAYLOAD as u32, cell.size), slots)?;
        Ok(self.constant(object.into(), "snow.cell", 8).as_pointer_value())
    }

    /// Slots at their offsets behind `head`, which ends at `start`, with zeros between them and up to `end`.
    fn packed(
        &self,
        head: Vec<Slot<'ll>>,
        (start, end): (u32, u32),
        mut slots: Vec<((SlotKind, u32), Slot<'ll>)>,
    ) -> Res<StructValue<'ll>> {
        slots.sort_by_key(|((_, at), _)| *at);
        let mut fields = head;
        let mut here = start;
        let gap = |from: u32, to: u32| {
            (to > from).then(|| self.ll.i8_type().array_type(to - from).const_zero().as_basic_value_enum())
        };
        for ((kind, at), value) in slots {
            if value.get_type() != self.slot_ty(kind) {
                return bad(format!("a literal's slot is of another kind than {kind:?}"));
            }
            fields.extend(gap(here, at));
            fields.push(value);
            here = at + kind.size();
        }
        fields.extend(gap(here, end));
        Ok(self.ll.const_struct(&fields, true))
    }

    /// The slots of part `index` of a value by value.
    pub(crate) fn part_slots(&self, ty: Ty, variant: u32, index: u32) -> Res<Vec<u32>> {
        let layout = self.layouts.of(ty);
        let part = index as usize;
        let found = match &layout.repr {
            Repr::Product(parts) => parts.get(part).map(|&(start, len)| (start..start + len).collect()),
            Repr::Sum(variants) => variants.get(variant as usize).and_then(|v| v.get(part)).cloned(),
            Repr::Nullable { some, .. } if *some == variant && part == 0 => {
                Some((0..layout.slots.len() as u32).collect())
            }
            _ => None,
        };
        match found {
            Some(slots) => Ok(slots),
            None => bad(format!("{} has no part {index}", self.layouts.type_name(ty))),
        }
    }

    fn word(&self, n: u64) -> Slot<'ll> {
        self.i64().const_int(n, false).into()
    }

    fn byte(&self, n: u64) -> Slot<'ll> {
        self.ll.i8_type().const_int(n, false).as_basic_value_enum()
    }
}
