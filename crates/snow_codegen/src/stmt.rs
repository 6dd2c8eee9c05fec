//! Statements.

use inkwell::AtomicOrdering;
use inkwell::IntPredicate::ULT;
use inkwell::values::{InstructionValue, IntValue};
use snow_abi::{Intrinsic, RuntimeFn};
use snow_mir::mir::{ConstSlotId, FuncKind, Operand, StmtKind};
use snow_typeck::Ty;

use crate::error::{CodegenError, Res, bad};
use crate::func::FnCx;
use crate::shape::Unpacked;

impl<'ll> FnCx<'_, '_, 'll> {
    /// One statement.
    pub(crate) fn stmt(&self, stmt: &StmtKind) -> Res<()> {
        match stmt {
            StmtKind::Assign(local, rvalue) => {
                let values = self.rvalue(rvalue, self.ty(*local)?)?;
                self.set(*local, &values)
            }
            StmtKind::StorePart { base, parts, index, value } => {
                let shape = self.cx.layouts.parts(parts);
                let (Some(&ty), Some(places)) =
                    (parts.get(*index as usize), shape.parts.get(*index as usize))
                else {
                    return bad(format!("{}: no part {index} to store", self.func.symbol));
                };
                let values = self.operand_as(value, &self.cx.slots(ty))?;
                self.store_slots(self.raw(*base)?, places, &values)
            }
            StmtKind::StoreConst(slot, value) => self.store_const(*slot, value),
            StmtKind::Dup(local) => self.dup(self.ty(*local)?, &self.get(*local)?),
            StmtKind::Drop(local) => match &self.func.kind {
                FuncKind::Closure(captures) if self.func.params.first() == Some(local) => {
                    self.drop_itself(*local, captures)
                }
                _ => self.drop(self.ctx, self.ty(*local)?, &self.get(*local)?),
            },
            StmtKind::Unpack { base, variant, kept, token } => {
                self.take_apart(&Unpacked { base: *base, variant: *variant, kept, token: *token })
            }
            StmtKind::FreeToken { token, ty, variant } => self.free_token(*token, *ty, *variant),
            StmtKind::Poll => self.poll(),
        }
    }

    /// Compares the stack pointer with the context's limit, which says both that the stack ends and that the process
    /// must yield.
    fn poll(&self) -> Res<()> {
        let sp = self.stack_pointer()?;
        let limit = self.load_int(self.ctx, 0)?;
        // Other threads write it: the load may neither be merged nor moved out of loops.
        let load = limit
            .as_instruction()
            .map(|load: InstructionValue<'ll>| load.set_atomic_ordering(AtomicOrdering::Monotonic));
        if !matches!(load, Some(Ok(()))) {
            return Err(CodegenError::Llvm("the load of the limit can't be atomic".into()));
        }
        self.when(self.cmp(ULT, sp, limit)?, || {
            self.runtime(RuntimeFn::stack_check, self.ctx, &[])?;
            Ok(())
        })
    }

    /// The stack pointer, or in quick builds an address in the frame: LLVM's fast path knows no registers by name.
    fn stack_pointer(&self) -> Res<IntValue<'ll>> {
        if !self.cx.release {
            return self.addr(self.scratch(8)?);
        }
        let ll = self.cx.ll;
        let triple = self.cx.module.get_triple();
        let is_x86 = triple.as_str().to_string_lossy().starts_with("x86_64");
        let register = ll.metadata_string(if is_x86 { "rsp" } else { "sp" });
        let node = ll.metadata_node(&[register.into()]);
        let sp = self.llvm("llvm.read_register", &[self.cx.i64().into()], &[node.into()])?;
        Ok(sp.into_int_value())
    }

    /// The memory and the type of a constant.
    pub(crate) fn const_slot(&self, id: ConstSlotId) -> Res<(inkwell::values::PointerValue<'ll>, Ty)> {
        match self.cx.mir.consts.get(id.0 as usize) {
            Some(slot) => Ok((self.cx.const_memory(id, slot).as_pointer_value(), slot.ty)),
            None => bad(format!("constant {} doesn't exist", id.0)),
        }
    }

    fn store_const(&self, id: ConstSlotId, value: &Operand) -> Res<()> {
        let (to, ty) = self.const_slot(id)?;
        let (from, desc) = self.spill(&[ty], std::slice::from_ref(value))?;
        let args = [self.int(i64::from(desc)).into(), from.into(), to.into()];
        self.runtime(RuntimeFn::const_publish, self.ctx, &args)?;
        Ok(())
    }

    /// Stores values side by side in the frame: their address and description.
    pub(crate) fn spill(
        &self,
        tys: &[Ty],
        values: &[Operand],
    ) -> Res<(inkwell::values::PointerValue<'ll>, u32)> {
        if tys.len() != values.len() {
            return bad(format!("{}: {} values for {}", self.func.symbol, values.len(), tys.len()));
        }
        let shape = self.cx.layouts.parts(tys);
        let memory = self.scratch(shape.size)?;
        for ((value, &ty), places) in values.iter().zip(tys).zip(&shape.parts) {
            let slots = self.operand_as(value, &self.cx.slots(ty))?;
            self.store_slots(memory, places, &slots)?;
        }
        Ok((memory, self.cx.parts_desc(tys)?))
    }

    /// Ends the process with a builtin failure if `cond` holds.
    pub(crate) fn fail_if(&self, cond: IntValue<'ll>, kind: i64, numbers: [IntValue<'ll>; 2]) -> Res<()> {
        let (fail, go_on) = (self.block("fail")?, self.block("ok")?);
        self.b.build_conditional_branch(cond, fail, go_on)?;
        self.start(fail);
        let args = [self.int(kind).into(), numbers[0].into(), numbers[1].into(), self.location().into()];
        self.runtime(RuntimeFn::fail, self.ctx, &args)?;
        self.b.build_unreachable()?;
        self.start(go_on);
        Ok(())
    }

    /// Whether an intrinsic works on lists.
    pub(crate) fn is_list_op(op: Intrinsic) -> bool {
        op as u16 >= Intrinsic::ListNew as u16
    }
}
