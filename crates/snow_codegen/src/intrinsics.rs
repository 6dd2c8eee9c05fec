//! Operations that are expanded in place: numbers, Bools, strings. Lists are in `list`.

use inkwell::FloatPredicate;
use inkwell::IntPredicate::{EQ, NE, SLE, SLT, UGT};
use inkwell::values::{BasicValue, FloatValue, IntValue};
use snow_abi::Intrinsic;
use snow_abi::layout::{HASH_FACTORS, StrObj};
use snow_abi::runtime_fns::fail_kind;
use snow_mir::mir::Operand;
use snow_typeck::Ty;

use crate::emit::Slot;
use crate::error::{CodegenError, Res, bad};
use crate::func::FnCx;

impl<'ll> FnCx<'_, '_, 'll> {
    /// The slots of an intrinsic's result, a value of type `ty`.
    pub(crate) fn intrinsic(&self, op: Intrinsic, args: &[Operand], ty: Ty) -> Res<Vec<Slot<'ll>>> {
        let row = op.row();
        if args.len() != row.consumes.len() {
            return bad(format!("{} takes {} arguments, not {}", row.name, row.consumes.len(), args.len()));
        }
        if Self::is_list_op(op) {
            return self.list_op(op, args, ty);
        }
        if op == Intrinsic::VariantIndex {
            return Ok(vec![self.variant(self.operand_ty(&args[0])?, &self.operand(&args[0])?)?]);
        }
        let values = args.iter().map(|arg| crate::memory::one(self.operand(arg)?));
        let values = values.collect::<Res<Vec<_>>>()?;
        let result = match values[..] {
            [Slot::IntValue(a)] => self.int_op1(op, a)?,
            [Slot::IntValue(a), Slot::IntValue(b)] => self.int_op2(op, a, b)?,
            [Slot::IntValue(condition), Slot::IntValue(a), Slot::IntValue(b)]
                if op == Intrinsic::IntChoose =>
            {
                Some(self.choose(condition, a, b)?)
            }
            [Slot::FloatValue(a)] => self.float_op1(op, a)?,
            [Slot::FloatValue(a), Slot::FloatValue(b)] => self.float_op2(op, a, b)?,
            [Slot::PointerValue(s), ref rest @ ..] => self.str_op(op, s, rest)?,
            _ => None,
        };
        match result {
            Some(slot) => Ok(vec![slot]),
            None => bad(format!("{}: {} of other types", self.func.symbol, row.name)),
        }
    }

    fn int_op1(&self, op: Intrinsic, a: IntValue<'ll>) -> Res<Option<Slot<'ll>>> {
        let i64 = self.cx.i64();
        let flag = self.cx.ll.bool_type().const_zero();
        Ok(Some(match op {
            Intrinsic::IntNeg => self.checked("llvm.ssub.with.overflow", self.int(0), a)?.into(),
            Intrinsic::IntPopcount => self.llvm("llvm.ctpop", &[i64.into()], &[a.into()])?,
            Intrinsic::IntLeadingZeros => self.llvm("llvm.ctlz", &[i64.into()], &[a.into(), flag.into()])?,
            Intrinsic::IntTrailingZeros => self.llvm("llvm.cttz", &[i64.into()], &[a.into(), flag.into()])?,
            Intrinsic::IntToFloat => self.b.build_signed_int_to_float(a, self.cx.ll.f64_type(), "")?.into(),
            Intrinsic::FloatFromBits => self.b.build_bit_cast(a, self.cx.ll.f64_type(), "")?,
            Intrinsic::BoolNot => self.b.build_xor(a, a.get_type().const_int(1, false), "")?.into(),
            Intrinsic::BoolToInt => self.widen(a)?.into(),
            Intrinsic::PidToInt => a.into(),
            Intrinsic::IntHash => self.hash(a)?.into(),
            _ => return Ok(None),
        }))
    }

    fn int_op2(&self, op: Intrinsic, a: IntValue<'ll>, b: IntValue<'ll>) -> Res<Option<Slot<'ll>>> {
        if a.get_type() != b.get_type() {
            return Ok(None);
        }
        Ok(Some(match op {
            Intrinsic::IntAdd => self.checked("llvm.sadd.with.overflow", a, b)?.into(),
            Intrinsic::IntSub => self.checked("llvm.ssub.with.overflow", a, b)?.into(),
            Intrinsic::IntMul => self.checked("llvm.smul.with.overflow", a, b)?.into(),
            Intrinsic::IntDiv => self.div(a, b)?.into(),
            Intrinsic::IntRem => self.rem(a, b)?.into(),
            Intrinsic::IntWrappingAdd => self.b.build_int_add(a, b, "")?.into(),
            Intrinsic::IntWrappingSub => self.b.build_int_sub(a, b, "")?.into(),
            Intrinsic::IntWrappingMul => self.b.build_int_mul(a, b, "")?.into(),
            Intrinsic::IntAddOverflows => self.bool(self.overflowing("llvm.sadd.with.overflow", a, b)?.1)?,
            Intrinsic::IntSubOverflows => self.bool(self.overflowing("llvm.ssub.with.overflow", a, b)?.1)?,
            Intrinsic::IntMulOverflows => self.bool(self.overflowing("llvm.smul.with.overflow", a, b)?.1)?,
            Intrinsic::IntEq | Intrinsic::AtomEq | Intrinsic::PidEq | Intrinsic::BoolEq => self.same(a, b)?,
            Intrinsic::IntLt => self.bool(self.cmp(SLT, a, b)?)?,
            Intrinsic::IntLe => self.bool(self.cmp(SLE, a, b)?)?,
            Intrinsic::IntAnd => self.b.build_and(a, b, "")?.into(),
            Intrinsic::IntOr => self.b.build_or(a, b, "")?.into(),
            Intrinsic::IntXor => self.b.build_xor(a, b, "")?.into(),
            Intrinsic::IntShl => self.b.build_left_shift(a, self.shift(b)?, "")?.into(),
            Intrinsic::IntShr => self.b.build_right_shift(a, self.shift(b)?, true, "")?.into(),
            Intrinsic::IntUshr => self.b.build_right_shift(a, self.shift(b)?, false, "")?.into(),
            _ => return Ok(None),
        }))
    }

    /// One of two without a branch: LLVM is told that nobody can predict which, or it makes branches of choices in loops.
    fn choose(&self, condition: IntValue<'ll>, a: IntValue<'ll>, b: IntValue<'ll>) -> Res<Slot<'ll>> {
        let holds = self.cmp(NE, condition, condition.get_type().const_zero())?;
        let chosen = self.b.build_select(holds, a, b, "")?;
        // Where the condition is constant it is no instruction.
        if let Some(select) = chosen.as_instruction_value() {
            let kind = self.cx.ll.get_kind_id("unpredictable");
            let told = select.set_metadata(self.cx.ll.metadata_node(&[]), kind);
            told.map_err(|e| CodegenError::Llvm(e.to_string()))?;
        }
        Ok(chosen)
    }

    /// The hash of a number: in place, for a map of numbers does little else. Each step spreads every bit over all.
    fn hash(&self, n: IntValue<'ll>) -> Res<IntValue<'ll>> {
        let [first, second] = self.hash_key()?;
        let factors = HASH_FACTORS.map(|factor| self.cx.i64().const_int(factor, false));
        let keyed = self.b.build_xor(n, first, "")?;
        let mixed = self.fold(keyed, self.b.build_xor(second, factors[0], "")?)?;
        self.fold(self.b.build_xor(mixed, second, "")?, factors[1])
    }

    /// Both halves of a product, laid over each other.
    fn fold(&self, a: IntValue<'ll>, b: IntValue<'ll>) -> Res<IntValue<'ll>> {
        let wide = self.cx.ll.i128_type();
        let widened = (self.b.build_int_z_extend(a, wide, "")?, self.b.build_int_z_extend(b, wide, "")?);
        let product = self.b.build_int_mul(widened.0, widened.1, "")?;
        let high = self.b.build_right_shift(product, wide.const_int(64, false), false, "")?;
        let halves = self.b.build_xor(product, high, "")?;
        Ok(self.b.build_int_truncate(halves, self.cx.i64(), "")?)
    }

    /// What hashes depend on. It doesn't change while compiled code runs.
    fn hash_key(&self) -> Res<[IntValue<'ll>; 2]> {
        let key = self.cx.hash_key().as_pointer_value();
        let none = self.cx.ll.metadata_node(&[]);
        let kind = self.cx.ll.get_kind_id("invariant.load");
        let word = |at| -> Res<IntValue<'ll>> {
            let loaded = self.load_int(key, at)?;
            if let Some(load) = loaded.as_instruction_value() {
                load.set_metadata(none, kind).map_err(|e| CodegenError::Llvm(e.to_string()))?;
            }
            Ok(loaded)
        };
        Ok([word(0)?, word(8)?])
    }

    /// An operation with whether its result doesn't fit.
    fn overflowing(
        &self,
        name: &str,
        a: IntValue<'ll>,
        b: IntValue<'ll>,
    ) -> Res<(IntValue<'ll>, IntValue<'ll>)> {
        let pair = self.unpack(self.llvm(name, &[a.get_type().into()], &[a.into(), b.into()])?)?;
        match pair[..] {
            [Slot::IntValue(value), Slot::IntValue(flag)] => Ok((value, flag)),
            _ => bad(format!("{name} gives no pair")),
        }
    }

    fn checked(&self, name: &str, a: IntValue<'ll>, b: IntValue<'ll>) -> Res<IntValue<'ll>> {
        let (value, overflow) = self.overflowing(name, a, b)?;
        self.fail_if(overflow, fail_kind::OVERFLOW, [self.int(0); 2])?;
        Ok(value)
    }

    fn div(&self, a: IntValue<'ll>, b: IntValue<'ll>) -> Res<IntValue<'ll>> {
        self.fail_if(self.cmp(EQ, b, self.int(0))?, fail_kind::DIVISION_BY_ZERO, [self.int(0); 2])?;
        let least = self.cmp(EQ, a, self.int(i64::MIN))?;
        let minus_one = self.cmp(EQ, b, self.int(-1))?;
        self.fail_if(self.b.build_and(least, minus_one, "")?, fail_kind::OVERFLOW, [self.int(0); 2])?;
        Ok(self.b.build_int_signed_div(a, b, "")?)
    }

    fn rem(&self, a: IntValue<'ll>, b: IntValue<'ll>) -> Res<IntValue<'ll>> {
        self.fail_if(self.cmp(EQ, b, self.int(0))?, fail_kind::DIVISION_BY_ZERO, [self.int(0); 2])?;
        // The processor traps on the least number by −1; by 1 the remainder is 0 too.
        let minus_one = self.cmp(EQ, b, self.int(-1))?;
        let divisor = self.b.build_select(minus_one, self.int(1), b, "")?.into_int_value();
        Ok(self.b.build_int_signed_rem(a, divisor, "")?)
    }

    fn shift(&self, by: IntValue<'ll>) -> Res<IntValue<'ll>> {
        self.fail_if(self.cmp(UGT, by, self.int(63))?, fail_kind::SHIFT, [by, self.int(0)])?;
        Ok(by)
    }

    fn float_op1(&self, op: Intrinsic, a: FloatValue<'ll>) -> Res<Option<Slot<'ll>>> {
        let name = match op {
            Intrinsic::FloatNeg => return Ok(Some(self.b.build_float_neg(a, "")?.into())),
            Intrinsic::FloatBits => return Ok(Some(self.b.build_bit_cast(a, self.cx.i64(), "")?)),
            Intrinsic::FloatToIntUnchecked => {
                return Ok(Some(self.b.build_float_to_signed_int(a, self.cx.i64(), "")?.into()));
            }
            Intrinsic::FloatSqrt => "llvm.sqrt",
            Intrinsic::FloatFloor => "llvm.floor",
            Intrinsic::FloatCeil => "llvm.ceil",
            Intrinsic::FloatRound => "llvm.round",
            Intrinsic::FloatTrunc => "llvm.trunc",
            Intrinsic::FloatAbs => "llvm.fabs",
            Intrinsic::FloatSin => "llvm.sin",
            Intrinsic::FloatCos => "llvm.cos",
            Intrinsic::FloatExp => "llvm.exp",
            Intrinsic::FloatLog => "llvm.log",
            _ => return Ok(None),
        };
        Ok(Some(self.llvm(name, &[a.get_type().into()], &[a.into()])?))
    }

    fn float_op2(&self, op: Intrinsic, a: FloatValue<'ll>, b: FloatValue<'ll>) -> Res<Option<Slot<'ll>>> {
        let predicate = match op {
            Intrinsic::FloatAdd => return Ok(Some(self.b.build_float_add(a, b, "")?.into())),
            Intrinsic::FloatSub => return Ok(Some(self.b.build_float_sub(a, b, "")?.into())),
            Intrinsic::FloatMul => return Ok(Some(self.b.build_float_mul(a, b, "")?.into())),
            Intrinsic::FloatDiv => return Ok(Some(self.b.build_float_div(a, b, "")?.into())),
            Intrinsic::FloatRem => return Ok(Some(self.b.build_float_rem(a, b, "")?.into())),
            Intrinsic::FloatPow => {
                return Ok(Some(self.llvm("llvm.pow", &[a.get_type().into()], &[a.into(), b.into()])?));
            }
            Intrinsic::FloatEq => FloatPredicate::OEQ,
            Intrinsic::FloatLt => FloatPredicate::OLT,
            Intrinsic::FloatLe => FloatPredicate::OLE,
            _ => return Ok(None),
        };
        Ok(Some(self.bool(self.b.build_float_compare(predicate, a, b, "")?)?))
    }

    fn str_op(
        &self,
        op: Intrinsic,
        string: inkwell::values::PointerValue<'ll>,
        rest: &[Slot<'ll>],
    ) -> Res<Option<Slot<'ll>>> {
        Ok(match (op, rest) {
            (Intrinsic::StrByteSize, []) => {
                Some(self.load_int(string, std::mem::offset_of!(StrObj, len) as u64)?.into())
            }
            (Intrinsic::StrByteUnchecked, [Slot::IntValue(index)]) => {
                let data = self.load_ptr(string, std::mem::offset_of!(StrObj, data) as u64)?;
                let byte = self.load_ty(self.cx.ll.i8_type(), self.offset_by(data, *index)?, 0)?;
                Some(self.widen(byte.into_int_value())?.into())
            }
            _ => None,
        })
    }
}
