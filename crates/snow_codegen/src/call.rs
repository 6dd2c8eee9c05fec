//! Calls: direct, of closures, in tail position.
//!
//! A call in tail position uses no stack (`musttail`), which LLVM guarantees only between functions of one convention
//! (see `convention`) and one result type. A handler has the C convention: its tail calls are ordinary calls, one frame deep.

use inkwell::types::FunctionType;
use inkwell::values::{BasicMetadataValueEnum, CallSiteValue, LLVMTailCallKind, PointerValue};
use snow_abi::layout::CLOSURE_CODE;
use snow_mir::layout::SlotKind;
use snow_mir::mir::{FuncId, FuncKind, Operand};
use snow_typeck::Ty;

use crate::convention::TAIL;
use crate::cx::RetBy;
use crate::emit::Slot;
use crate::error::{Res, bad};
use crate::func::FnCx;

/// What a call goes to, with all that it needs but the context.
struct Callee<'ll> {
    ty: FunctionType<'ll>,
    code: PointerValue<'ll>,
    convention: u32,
    args: Vec<Slot<'ll>>,
    ret: Vec<SlotKind>,
}

impl<'ll> FnCx<'_, '_, 'll> {
    /// A direct call.
    pub(crate) fn call(&self, func: FuncId, args: &[Operand]) -> Res<Vec<Slot<'ll>>> {
        let callee = self.direct(func, args)?;
        self.normal_call(callee)
    }

    /// A call of a closure whose result goes to a value of type `ret`.
    pub(crate) fn call_closure(&self, closure: &Operand, args: &[Operand], ret: Ty) -> Res<Vec<Slot<'ll>>> {
        let callee = self.indirect(closure, args, self.cx.slots(ret))?;
        self.normal_call(callee)
    }

    /// A direct call in tail position.
    pub(crate) fn tail_call(&self, func: FuncId, args: &[Operand]) -> Res<()> {
        let callee = self.direct(func, args)?;
        self.last_call(callee)
    }

    /// A call of a closure in tail position.
    pub(crate) fn tail_call_closure(&self, closure: &Operand, args: &[Operand]) -> Res<()> {
        let callee = self.indirect(closure, args, self.cx.slots(self.func.ret))?;
        self.last_call(callee)
    }

    fn direct(&self, id: FuncId, args: &[Operand]) -> Res<Callee<'ll>> {
        let (func, value) = self.cx.func(id)?;
        if func.kind == FuncKind::Handler || func.params.len() != args.len() {
            let (from, to) = (&self.func.symbol, &func.symbol);
            return bad(format!("{from} calls {to} with {} arguments", args.len()));
        }
        let mut slots = Vec::new();
        for (arg, param) in args.iter().zip(&func.params) {
            slots.extend(self.operand_as(arg, &self.cx.slots(func.locals[param.0 as usize].ty))?);
        }
        let code = value.as_global_value().as_pointer_value();
        let (ty, convention) = (value.get_type(), value.get_call_conventions());
        Ok(Callee { ty, code, convention, args: slots, ret: self.cx.slots(func.ret) })
    }

    fn indirect(&self, closure: &Operand, args: &[Operand], ret: Vec<SlotKind>) -> Res<Callee<'ll>> {
        if let Operand::Const(snow_mir::mir::Const::Func(id)) = closure {
            let with_itself: Vec<_> = std::iter::once(closure.clone()).chain(args.iter().cloned()).collect();
            return self.direct(*id, &with_itself);
        }
        let mut slots = self.operand_as(closure, &[SlotKind::Ref])?;
        let code = self.load_ptr(slots[0].into_pointer_value(), CLOSURE_CODE as u64)?;
        let mut kinds = vec![SlotKind::Ref];
        let params = self.closure_params(closure)?;
        if params.is_some_and(|params| params.len() != args.len()) {
            return bad(format!("{}: a closure is called with {} arguments", self.func.symbol, args.len()));
        }
        for (index, arg) in args.iter().enumerate() {
            let ty = params.map_or_else(|| self.operand_ty(arg), |params| Ok(params[index]))?;
            let expected = self.cx.slots(ty);
            slots.extend(self.operand_as(arg, &expected)?);
            kinds.extend(expected);
        }
        let ty = self.cx.snow_fn_ty(&kinds, &ret);
        Ok(Callee { ty, code, convention: TAIL, args: slots, ret })
    }

    fn closure_params(&self, closure: &Operand) -> Res<Option<&'static [Ty]>> {
        let Operand::Local(id) = closure else { return Ok(None) };
        Ok(self.ty(*id)?.as_fn().map(|(params, _)| params))
    }

    fn emit_call(&self, callee: &Callee<'ll>, out: Option<PointerValue<'ll>>) -> Res<CallSiteValue<'ll>> {
        let mut args: Vec<BasicMetadataValueEnum<'ll>> = vec![self.ctx.into()];
        args.extend(out.map(BasicMetadataValueEnum::from));
        args.extend(callee.args.iter().map(|&arg| BasicMetadataValueEnum::from(arg)));
        let call = self.b.build_indirect_call(callee.ty, callee.code, &args, "")?;
        call.set_call_convention(callee.convention);
        Ok(call)
    }

    fn normal_call(&self, callee: Callee<'ll>) -> Res<Vec<Slot<'ll>>> {
        if self.cx.ret_by(&callee.ret) != RetBy::Out {
            let call = self.emit_call(&callee, None)?;
            return call.try_as_basic_value().basic().map_or(Ok(Vec::new()), |result| self.unpack(result));
        }
        let out = self.scratch(8 * callee.ret.len() as u32)?;
        self.emit_call(&callee, Some(out))?;
        let places: Vec<_> = callee.ret.iter().zip(0u32..).map(|(&kind, i)| (kind, 8 * i)).collect();
        self.load_slots(out, &places)
    }

    fn last_call(&self, callee: Callee<'ll>) -> Res<()> {
        let own = self.cx.slots(self.func.ret);
        if self.func.kind == FuncKind::Handler || callee.ret != own {
            let never = callee.ret.is_empty();
            let values = self.normal_call(callee)?;
            // What gives nothing in the place of a value never returns.
            if never && !own.is_empty() {
                self.b.build_unreachable()?;
                return Ok(());
            }
            return self.ret(&values);
        }
        let call = self.emit_call(&callee, self.out)?;
        call.set_tail_call_kind(LLVMTailCallKind::LLVMTailCallKindMustTail);
        match call.try_as_basic_value().basic() {
            Some(result) => self.b.build_return(Some(&result))?,
            None => self.b.build_return(None)?,
        };
        Ok(())
    }
}
