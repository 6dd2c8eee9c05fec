//! What belongs to a whole part of the program: types, signatures, declared functions, the entry points.
//!
//! Snow functions are called as `(ctx, [out], slots of the parameters…)`. A result of up to three slots comes back in
//! registers; a larger one is stored through `out`, slot `i` at `8 * i`. Which convention of LLVM's a function has
//! stands in `convention`.

use std::cell::RefCell;

use inkwell::attributes::{Attribute, AttributeLoc};
use inkwell::context::Context;
use inkwell::module::{Linkage, Module};
use inkwell::targets::TargetMachine;
use inkwell::types::{BasicMetadataTypeEnum, BasicType, BasicTypeEnum, FunctionType, IntType, PointerType};
use inkwell::values::{FunctionValue, GlobalValue};
use inkwell::{AddressSpace, GlobalVisibility};
use snow_abi::{AbiTy, RuntimeFn, layout};
use snow_base::SourceMap;
use snow_mir::layout::{Layouts, SlotKind};
use snow_mir::mir::{Block, ConstSlot, ConstSlotId, Func, FuncId, FuncKind, Mir, Term};
use snow_typeck::Ty;

use crate::Input;
use crate::convention;
use crate::debug::Debug;
use crate::emit::Emit;
use crate::error::{CodegenError, Res, bad};
use crate::plan::{Part, Plan};
use crate::tables::Tables;

/// A part in the making.
pub(crate) struct Cx<'a, 'll> {
    pub(crate) ll: &'ll Context,
    pub(crate) module: Module<'ll>,
    pub(crate) mir: &'a Mir,
    pub(crate) layouts: &'a Layouts<'a>,
    pub(crate) sources: &'a SourceMap,
    pub(crate) release: bool,
    pub(crate) plan: &'a Plan,
    pub(crate) part: &'a Part,
    /// The functions of the MIR that were mentioned so far.
    fns: RefCell<Vec<Option<FunctionValue<'ll>>>>,
    pub(crate) tables: RefCell<Tables<'ll>>,
    pub(crate) debug: Debug<'ll>,
}

/// How a Snow function gives back its result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum RetBy<'ll> {
    /// It has none.
    Void,
    /// One slot.
    One(BasicTypeEnum<'ll>),
    /// A struct of slots, in registers.
    Registers(BasicTypeEnum<'ll>),
    /// Through the out pointer.
    Out,
}

/// A function of more statements than this is long.
const LONG: usize = 2_000;

/// Whether a function is so long that what it calls should rarely be put in place of its calls: some of the passes of
/// LLVM take more than linear time in a function's calls and blocks.
fn is_long(func: &Func) -> bool {
    func.blocks.iter().map(|block| block.stmts.len()).sum::<usize>() > LONG
}

impl<'a, 'll> Cx<'a, 'll> {
    /// Declares the functions of a part of the program.
    pub(crate) fn new(
        ll: &'ll Context,
        input: &Input<'a>,
        (plan, part): (&'a Plan, &'a Part),
        machine: &TargetMachine,
        keep_results: bool,
    ) -> Res<Cx<'a, 'll>> {
        let module = ll.create_module("snow");
        module.set_triple(&machine.get_triple());
        module.set_data_layout(&machine.get_target_data().get_data_layout());
        let debug = Debug::new(ll, &module, &part.file, input.options.release);
        let cx = Cx {
            ll,
            module,
            mir: input.mir,
            layouts: input.layouts,
            sources: input.sources,
            release: input.options.release,
            plan,
            part,
            fns: RefCell::new(vec![None; input.mir.fns.len()]),
            tables: RefCell::default(),
            debug,
        };
        for &id in &part.fns {
            let (func, function) = cx.func(id)?;
            if part.is_alone {
                if keep_results && cx.may_lose_result(func) {
                    function.set_linkage(Linkage::LinkOnceODR);
                    function.as_global_value().set_visibility(GlobalVisibility::Hidden);
                } else {
                    function.set_linkage(Linkage::Internal);
                }
            }
        }
        Ok(cx)
    }

    /// Whether LLVM could change what a function gives back and make its last call no tail call any more
    /// ([`convention::lost_tail_call`]). A function that other modules could have, too, stays as it is, and is dropped all the
    /// same where nothing calls it.
    fn may_lose_result(&self, func: &Func) -> bool {
        let goes_on =
            |block: &Block| matches!(block.term, Term::TailCall { .. } | Term::TailCallClosure { .. });
        !self.slots(func.ret).is_empty() && func.blocks.iter().any(goes_on)
    }

    /// Emits the tables and the C entry points where they belong, and closes the part.
    pub(crate) fn finish(&self) -> Res<()> {
        if self.part.is_entry {
            for (slot, id) in self.mir.consts.iter().zip(0u32..) {
                self.const_memory(ConstSlotId(id), slot);
            }
            let init = self.emit_init()?;
            let program = self.program(init)?;
            self.emit_main(program)?;
        }
        self.debug.finish();
        Ok(())
    }

    pub(crate) fn ptr(&self) -> PointerType<'ll> {
        self.ll.ptr_type(AddressSpace::default())
    }

    pub(crate) fn i64(&self) -> IntType<'ll> {
        self.ll.i64_type()
    }

    pub(crate) fn slot_ty(&self, kind: SlotKind) -> BasicTypeEnum<'ll> {
        match kind {
            SlotKind::I64 => self.i64().into(),
            SlotKind::F64 => self.ll.f64_type().into(),
            SlotKind::I8 => self.ll.i8_type().into(),
            SlotKind::Ref => self.ptr().into(),
        }
    }

    pub(crate) fn slots(&self, ty: Ty) -> Vec<SlotKind> {
        self.layouts.of(ty).slots.clone()
    }

    /// How results of these slots come back.
    pub(crate) fn ret_by(&self, slots: &[SlotKind]) -> RetBy<'ll> {
        match slots {
            [] => RetBy::Void,
            [one] => RetBy::One(self.slot_ty(*one)),
            _ if convention::is_out(slots) => RetBy::Out,
            _ => {
                let fields: Vec<_> = slots.iter().map(|&kind| self.slot_ty(kind)).collect();
                RetBy::Registers(self.ll.struct_type(&fields, false).into())
            }
        }
    }

    /// The LLVM type of a Snow function.
    pub(crate) fn snow_fn_ty(&self, params: &[SlotKind], ret: &[SlotKind]) -> FunctionType<'ll> {
        let by = self.ret_by(ret);
        let mut args: Vec<BasicMetadataTypeEnum<'ll>> = vec![self.ptr().into()];
        if by == RetBy::Out {
            args.push(self.ptr().into());
        }
        args.extend(params.iter().map(|&kind| BasicMetadataTypeEnum::from(self.slot_ty(kind))));
        match by {
            RetBy::One(ty) | RetBy::Registers(ty) => ty.fn_type(&args, false),
            RetBy::Void | RetBy::Out => self.ll.void_type().fn_type(&args, false),
        }
    }

    /// A function of the MIR, declared at its first mention.
    pub(crate) fn func(&self, id: FuncId) -> Res<(&'a Func, FunctionValue<'ll>)> {
        let Some(func) = self.mir.fns.get(id.0 as usize) else {
            return bad(format!("function {} doesn't exist", id.0));
        };
        let known = self.fns.borrow()[id.0 as usize];
        let value = match known {
            Some(value) => value,
            None => self.declare(id, func)?,
        };
        self.fns.borrow_mut()[id.0 as usize] = Some(value);
        Ok((func, value))
    }

    /// The slots of all parameters in order.
    pub(crate) fn param_slots(&self, func: &Func) -> Vec<SlotKind> {
        func.params.iter().flat_map(|p| self.slots(func.locals[p.0 as usize].ty)).collect()
    }

    /// An attribute without a value.
    pub(crate) fn attr(&self, name: &str) -> Attribute {
        self.ll.create_enum_attribute(Attribute::get_named_enum_kind_id(name), 0)
    }

    /// An internal function in C convention, which can't unwind.
    pub(crate) fn internal_fn(&self, name: &str, ty: FunctionType<'ll>) -> FunctionValue<'ll> {
        let function = self.module.add_function(name, ty, Some(Linkage::Internal));
        self.no_unwind(function);
        function
    }

    /// Marks a function: it can't unwind, but debuggers and crash reports can walk through it.
    fn no_unwind(&self, function: FunctionValue<'ll>) {
        function.add_attribute(AttributeLoc::Function, self.attr("nounwind"));
        let uwtable = Attribute::get_named_enum_kind_id("uwtable");
        function.add_attribute(AttributeLoc::Function, self.ll.create_enum_attribute(uwtable, 1));
    }

    fn declare(&self, id: FuncId, func: &Func) -> Res<FunctionValue<'ll>> {
        let ty = if func.kind == FuncKind::Handler {
            let ptr = self.ptr().into();
            self.i64().fn_type(&[ptr, ptr, ptr], false)
        } else {
            self.snow_fn_ty(&self.param_slots(func), &self.slots(func.ret))
        };
        let (link, convention) =
            (&self.plan.links[id.0 as usize], self.plan.conventions.of_fns[id.0 as usize]);
        let function = self.module.add_function(link, ty, None);
        function.as_global_value().set_visibility(GlobalVisibility::Hidden);
        function.set_call_conventions(convention);
        self.no_unwind(function);
        let inlined = func.always_inline || convention::is_formula(func);
        if self.release && func.kind != FuncKind::Handler && inlined {
            function.add_attribute(AttributeLoc::Function, self.attr("alwaysinline"));
        }
        if self.release && is_long(func) {
            function.add_attribute(AttributeLoc::Function, self.attr("optsize"));
        }
        Ok(function)
    }

    /// The memory of a constant. It belongs to the part with the program's start.
    pub(crate) fn const_memory(&self, id: ConstSlotId, slot: &ConstSlot) -> GlobalValue<'ll> {
        let name = format!("snow.const.{}", id.0);
        if let Some(known) = self.module.get_global(&name) {
            return known;
        }
        let ty = self.ll.i8_type().array_type(self.layouts.parts(&[slot.ty]).size.max(1));
        let global = self.module.add_global(ty, None, &name);
        global.set_alignment(8);
        if self.part.is_entry {
            global.set_initializer(&ty.const_zero());
        }
        match self.part.is_alone {
            true => global.set_linkage(Linkage::Internal),
            false => global.set_visibility(GlobalVisibility::Hidden),
        }
        global
    }

    /// The runtime's words that hashes depend on.
    pub(crate) fn hash_key(&self) -> GlobalValue<'ll> {
        self.module.get_global(layout::HASH_KEY).unwrap_or_else(|| {
            let key = self.module.add_global(self.i64().array_type(2), None, layout::HASH_KEY);
            key.set_alignment(8);
            key
        })
    }

    /// A function of the runtime.
    pub(crate) fn runtime_fn(&self, func: RuntimeFn) -> FunctionValue<'ll> {
        let row = func.row();
        if let Some(known) = self.module.get_function(row.symbol) {
            return known;
        }
        let mut params: Vec<BasicMetadataTypeEnum<'ll>> = vec![self.ptr().into()];
        let mut bytes = Vec::new();
        for &param in row.params {
            if param == AbiTy::Bool {
                bytes.push(params.len() as u32);
            }
            params
                .extend(self.abi_slots(param).iter().map(|&k| BasicMetadataTypeEnum::from(self.slot_ty(k))));
        }
        let ret: Vec<_> = self.abi_slots(row.ret).iter().map(|&kind| self.slot_ty(kind)).collect();
        let ty = match ret.as_slice() {
            [] => self.ll.void_type().fn_type(&params, false),
            [one] => one.fn_type(&params, false),
            fields => self.ll.struct_type(fields, false).fn_type(&params, false),
        };
        let function = self.module.add_function(row.symbol, ty, None);
        self.no_unwind(function);
        for index in bytes {
            function.add_attribute(AttributeLoc::Param(index), self.attr("zeroext"));
        }
        if row.ret == AbiTy::Bool {
            function.add_attribute(AttributeLoc::Return, self.attr("zeroext"));
        }
        if row.ret == AbiTy::Never {
            function.add_attribute(AttributeLoc::Function, self.attr("noreturn"));
        }
        if row.ret == AbiTy::Never || func == RuntimeFn::stack_check {
            function.add_attribute(AttributeLoc::Function, self.attr("cold"));
        }
        function
    }

    /// The slots of a type in the runtime's table.
    pub(crate) fn abi_slots(&self, ty: AbiTy) -> &'static [SlotKind] {
        match ty {
            AbiTy::I64 => &[SlotKind::I64],
            AbiTy::F64 => &[SlotKind::F64],
            AbiTy::Bool => &[SlotKind::I8],
            AbiTy::Ptr | AbiTy::Str | AbiTy::StrOwn | AbiTy::Obj | AbiTy::ObjOwn => &[SlotKind::Ref],
            AbiTy::List | AbiTy::ListOwn => &[SlotKind::Ref, SlotKind::I64],
            AbiTy::Unit | AbiTy::Never => &[],
        }
    }

    /// `void init(ctx)` in C convention.
    fn emit_init(&self) -> Res<FunctionValue<'ll>> {
        let (_, init) = self.func(self.mir.init)?;
        let ty = self.ll.void_type().fn_type(&[self.ptr().into()], false);
        let wrapper = self.internal_fn("snow.init", ty);
        let emit = Emit::at_entry(self, wrapper);
        let ctx = emit.param(wrapper, 0)?;
        if init.count_params() != 1 {
            return bad("the initialisation of constants takes arguments");
        }
        let call = emit.b.build_direct_call(init, &[ctx.into()], "")?;
        call.set_call_convention(init.get_call_conventions());
        emit.b.build_return(None)?;
        Ok(wrapper)
    }

    /// `int main(int argc, char **argv)`
    fn emit_main(&self, program: GlobalValue<'ll>) -> Res<()> {
        let (i32, ptr) = (self.ll.i32_type(), self.ptr());
        let rt_ty = i32.fn_type(&[i32.into(), ptr.into(), ptr.into()], false);
        let rt_main = self.module.add_function(layout::RT_MAIN, rt_ty, None);
        let main = self.module.add_function("main", i32.fn_type(&[i32.into(), ptr.into()], false), None);
        self.no_unwind(main);
        let emit = Emit::at_entry(self, main);
        let args = [emit.param(main, 0)?, emit.param(main, 1)?, program.as_pointer_value().into()];
        let result =
            emit.b.build_direct_call(rt_main, &args.map(Into::into), "status")?.try_as_basic_value().basic();
        let result = result.ok_or_else(|| CodegenError::Llvm("a call without its result".into()))?;
        emit.b.build_return(Some(&result))?;
        Ok(())
    }
}
