//! Instructions: a builder with the operations that the rest of the crate is written in.
//!
//! Values are held slot by slot; `offset`, `load` and `store` are the only places that compute addresses.

use inkwell::IntPredicate;
use inkwell::basic_block::BasicBlock;
use inkwell::builder::Builder;
use inkwell::intrinsics::Intrinsic as LlIntrinsic;
use inkwell::types::BasicTypeEnum;
use inkwell::values::{BasicMetadataValueEnum, BasicValueEnum, FunctionValue, IntValue, PointerValue};
use snow_abi::{AbiTy, RuntimeFn};
use snow_mir::layout::SlotKind;

use crate::cx::Cx;
use crate::error::{CodegenError, Res, bad};

/// One slot of a value.
pub(crate) type Slot<'ll> = BasicValueEnum<'ll>;

/// A place where instructions are emitted.
pub(crate) struct Emit<'c, 'a, 'll> {
    pub(crate) cx: &'c Cx<'a, 'll>,
    pub(crate) b: Builder<'ll>,
}

impl<'c, 'a, 'll> Emit<'c, 'a, 'll> {
    /// At the start of a function without blocks.
    pub(crate) fn at_entry(cx: &'c Cx<'a, 'll>, function: FunctionValue<'ll>) -> Emit<'c, 'a, 'll> {
        let b = cx.ll.create_builder();
        b.position_at_end(cx.ll.append_basic_block(function, "entry"));
        Emit { cx, b }
    }

    /// A new block in the current function.
    pub(crate) fn block(&self, name: &str) -> Res<BasicBlock<'ll>> {
        let function = self.b.get_insert_block().and_then(BasicBlock::get_parent);
        let function = function.ok_or_else(|| CodegenError::Llvm("code outside a function".into()))?;
        Ok(self.cx.ll.append_basic_block(function, name))
    }

    /// The block that is being filled.
    pub(crate) fn here(&self) -> Res<BasicBlock<'ll>> {
        self.b.get_insert_block().ok_or_else(|| CodegenError::Llvm("code outside a block".into()))
    }

    /// Goes on in `block`.
    pub(crate) fn start(&self, block: BasicBlock<'ll>) {
        self.b.position_at_end(block);
    }

    /// Branches to `then` or to a new block, and goes on there.
    pub(crate) fn branch_if(&self, cond: IntValue<'ll>, then: BasicBlock<'ll>) -> Res<()> {
        let next = self.block("next")?;
        self.b.build_conditional_branch(cond, then, next)?;
        self.start(next);
        Ok(())
    }

    /// Goes to `block` and goes on there.
    pub(crate) fn goto_and_start(&self, block: BasicBlock<'ll>) -> Res<()> {
        self.b.build_unconditional_branch(block)?;
        self.start(block);
        Ok(())
    }

    /// Runs `body` only if `cond` holds.
    pub(crate) fn when(&self, cond: IntValue<'ll>, body: impl FnOnce() -> Res<()>) -> Res<()> {
        let (then, end) = (self.block("then")?, self.block("end")?);
        self.b.build_conditional_branch(cond, then, end)?;
        self.start(then);
        body()?;
        self.goto_and_start(end)
    }

    pub(crate) fn int(&self, n: i64) -> IntValue<'ll> {
        self.cx.i64().const_int(n as u64, true)
    }

    pub(crate) fn i32(&self, n: u32) -> IntValue<'ll> {
        self.cx.ll.i32_type().const_int(u64::from(n), false)
    }

    /// A parameter of an LLVM function.
    pub(crate) fn param(&self, function: FunctionValue<'ll>, index: u32) -> Res<Slot<'ll>> {
        function.get_nth_param(index).ok_or_else(|| CodegenError::Mir(format!("no parameter {index}")))
    }

    /// The address `bytes` behind `base`.
    pub(crate) fn offset(&self, base: PointerValue<'ll>, bytes: u64) -> Res<PointerValue<'ll>> {
        if bytes == 0 {
            return Ok(base);
        }
        self.offset_by(base, self.int(bytes as i64))
    }

    /// The address a computed number of bytes behind `base`.
    pub(crate) fn offset_by(&self, base: PointerValue<'ll>, bytes: IntValue<'ll>) -> Res<PointerValue<'ll>> {
        // SAFETY: one index over bytes is a valid index list, and both operands belong to this module.
        Ok(unsafe { self.b.build_in_bounds_gep(self.cx.ll.i8_type(), base, &[bytes], "")? })
    }

    /// Loads any type.
    pub(crate) fn load_ty(
        &self,
        ty: impl Into<BasicTypeEnum<'ll>>,
        base: PointerValue<'ll>,
        at: u64,
    ) -> Res<Slot<'ll>> {
        let ty: BasicTypeEnum<'ll> = ty.into();
        Ok(self.b.build_load(ty, self.offset(base, at)?, "")?)
    }

    /// Loads a 64-bit integer.
    pub(crate) fn load_int(&self, base: PointerValue<'ll>, at: u64) -> Res<IntValue<'ll>> {
        Ok(self.load_ty(self.cx.i64(), base, at)?.into_int_value())
    }

    /// Loads a 32-bit integer.
    pub(crate) fn load_i32(&self, base: PointerValue<'ll>, at: u64) -> Res<IntValue<'ll>> {
        Ok(self.load_ty(self.cx.ll.i32_type(), base, at)?.into_int_value())
    }

    /// Loads an address.
    pub(crate) fn load_ptr(&self, base: PointerValue<'ll>, at: u64) -> Res<PointerValue<'ll>> {
        Ok(self.load_ty(self.cx.ptr(), base, at)?.into_pointer_value())
    }

    /// Stores one slot.
    pub(crate) fn store(&self, base: PointerValue<'ll>, at: u64, value: impl Into<Slot<'ll>>) -> Res<()> {
        let value: Slot<'ll> = value.into();
        self.b.build_store(self.offset(base, at)?, value)?;
        Ok(())
    }

    /// Loads the slots that lie at these offsets.
    pub(crate) fn load_slots(
        &self,
        base: PointerValue<'ll>,
        places: &[(SlotKind, u32)],
    ) -> Res<Vec<Slot<'ll>>> {
        places.iter().map(|&(kind, at)| self.load_ty(self.cx.slot_ty(kind), base, u64::from(at))).collect()
    }

    /// Stores slots at these offsets.
    pub(crate) fn store_slots(
        &self,
        base: PointerValue<'ll>,
        places: &[(SlotKind, u32)],
        values: &[Slot<'ll>],
    ) -> Res<()> {
        if places.len() != values.len() {
            return bad(format!("{} slots stored as {}", values.len(), places.len()));
        }
        places.iter().zip(values).try_for_each(|(&(_, at), &value)| self.store(base, u64::from(at), value))
    }

    /// An address as an integer.
    pub(crate) fn addr(&self, ptr: PointerValue<'ll>) -> Res<IntValue<'ll>> {
        Ok(self.b.build_ptr_to_int(ptr, self.cx.i64(), "")?)
    }

    /// An integer as an address.
    pub(crate) fn pointer(&self, addr: IntValue<'ll>) -> Res<PointerValue<'ll>> {
        Ok(self.b.build_int_to_ptr(addr, self.cx.ptr(), "")?)
    }

    pub(crate) fn cmp(
        &self,
        predicate: IntPredicate,
        a: IntValue<'ll>,
        b: IntValue<'ll>,
    ) -> Res<IntValue<'ll>> {
        Ok(self.b.build_int_compare(predicate, a, b, "")?)
    }

    /// A condition as a Bool's slot.
    pub(crate) fn bool(&self, cond: IntValue<'ll>) -> Res<Slot<'ll>> {
        Ok(self.b.build_int_z_extend(cond, self.cx.ll.i8_type(), "")?.into())
    }

    pub(crate) fn widen(&self, value: IntValue<'ll>) -> Res<IntValue<'ll>> {
        Ok(self.b.build_int_z_extend(value, self.cx.i64(), "")?)
    }

    pub(crate) fn narrow(&self, value: IntValue<'ll>) -> Res<IntValue<'ll>> {
        Ok(self.b.build_int_truncate(value, self.cx.ll.i32_type(), "")?)
    }

    /// Zeros of these kinds: what stands in slots that don't matter.
    pub(crate) fn zeros(&self, kinds: &[SlotKind]) -> Vec<Slot<'ll>> {
        kinds.iter().map(|&kind| zero(self.cx.slot_ty(kind))).collect()
    }

    /// Calls an intrinsic of LLVM that is overloaded over `over`.
    pub(crate) fn llvm(
        &self,
        name: &str,
        over: &[BasicTypeEnum<'ll>],
        args: &[BasicMetadataValueEnum<'ll>],
    ) -> Res<Slot<'ll>> {
        let function = LlIntrinsic::find(name).and_then(|i| i.get_declaration(&self.cx.module, over));
        let function = function.ok_or_else(|| CodegenError::Llvm(format!("no intrinsic {name}")))?;
        let call = self.b.build_direct_call(function, args, "")?;
        call.try_as_basic_value().basic().ok_or_else(|| CodegenError::Llvm(format!("{name} gives nothing")))
    }

    /// Calls a function of the runtime with the slots of its arguments, the location among them.
    pub(crate) fn runtime(
        &self,
        func: RuntimeFn,
        ctx: PointerValue<'ll>,
        args: &[Slot<'ll>],
    ) -> Res<Vec<Slot<'ll>>> {
        let function = self.cx.runtime_fn(func);
        let params = function.get_type().get_param_types();
        if params.len() != args.len() + 1 {
            return bad(format!("{} slots for {}", args.len(), func.row().symbol));
        }
        let mut all: Vec<BasicMetadataValueEnum<'ll>> = vec![ctx.into()];
        for (&arg, &ty) in args.iter().zip(&params[1..]) {
            all.push(self.fit(arg, ty)?.into());
        }
        let call = self.b.build_direct_call(function, &all, "")?;
        for attribute in 0..params.len() as u32 {
            let loc = inkwell::attributes::AttributeLoc::Param(attribute);
            function.attributes(loc).into_iter().for_each(|a| call.add_attribute(loc, a));
        }
        let Some(result) = call.try_as_basic_value().basic() else {
            if func.row().ret == AbiTy::Never {
                // One call in place of several would have no line, and reports no inlined functions.
                let loc = inkwell::attributes::AttributeLoc::Function;
                call.add_attribute(loc, self.cx.attr("nomerge"));
                self.b.build_unreachable()?;
                self.start(self.block("dead")?);
            }
            return Ok(Vec::new());
        };
        self.unpack(result)
    }

    /// The fields of a struct, or the value itself.
    pub(crate) fn unpack(&self, value: Slot<'ll>) -> Res<Vec<Slot<'ll>>> {
        let BasicValueEnum::StructValue(fields) = value else { return Ok(vec![value]) };
        let count = fields.get_type().count_fields();
        (0..count).map(|i| Ok(self.b.build_extract_value(fields, i, "")?)).collect()
    }

    /// Converts between addresses and integers where the runtime's table and the MIR's `Raw` differ.
    pub(crate) fn fit(
        &self,
        value: Slot<'ll>,
        ty: inkwell::types::BasicMetadataTypeEnum<'ll>,
    ) -> Res<Slot<'ll>> {
        Ok(match value {
            BasicValueEnum::IntValue(v) if ty.is_pointer_type() && v.get_type() == self.cx.i64() => {
                self.pointer(v)?.into()
            }
            BasicValueEnum::PointerValue(v) if ty.is_int_type() => self.addr(v)?.into(),
            other => other,
        })
    }
}

/// The zero of a slot's type.
pub(crate) fn zero(ty: BasicTypeEnum<'_>) -> BasicValueEnum<'_> {
    match ty {
        BasicTypeEnum::FloatType(t) => t.const_zero().into(),
        BasicTypeEnum::PointerType(t) => t.const_null().into(),
        BasicTypeEnum::IntType(t) => t.const_zero().into(),
        other => other.const_zero(),
    }
}
