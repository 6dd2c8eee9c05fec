//! What belongs to the whole module: types, signatures, declared functions, the entry points.
//!
//! Snow functions are called as `(ctx, [out], slots of the parameters…)`. A result of up to three slots comes back in
//! registers; a larger one is stored through `out`, slot `i` at `8 * i`. Which convention of LLVM's a function has
//! stands in `convention`.

use std::cell::RefCell;

use inkwell::AddressSpace;
use inkwell::attributes::{Attribute, AttributeLoc};
use inkwell::context::Context;
use inkwell::module::{Linkage, Module};
use inkwell::targets::TargetMachine;
use inkwell::types::{BasicMetadataTypeEnum, BasicType, BasicTypeEnum, FunctionType, IntType, PointerType};
use inkwell::values::{FunctionValue, GlobalValue};
use snow_abi::{AbiTy, RuntimeFn, layout};
use snow_base::SourceMap;
use snow_mir::layout::{Layouts, SlotKind};
use snow_mir::mir::{Func, FuncId, FuncKind, Mir};
use snow_typeck::Ty;

use crate::Options;
use crate::convention;
use crate::debug::Debug;
use crate::emit::Emit;
use crate::error::{CodegenError, Res, bad};
use crate::tables::Tables;

/// The module in the making.
pub(crate) struct Cx<'a, 'll> {
    pub(crate) ll: &'ll Context,
    pub(crate) module: Module<'ll>,
    pub(crate) mir: &'a Mir,
    pub(crate) layouts: &'a Layouts<'a>,
    pub(crate) sources: &'a SourceMap,
    pub(crate) release: bool,
    /// The functions of the MIR.
    pub(crate) fns: Vec<FunctionValue<'ll>>,
    /// The memory of the constants.
    pub(crate) consts: Vec<GlobalValue<'ll>>,
    /// The `RecvDesc`s.
    pub(crate) recvs: Vec<GlobalValue<'ll>>,
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

impl<'a, 'll> Cx<'a, 'll> {
    /// Declares everything that the program has.
    pub(crate) fn new(
        ll: &'ll Context,
        mir: &'a Mir,
        layouts: &'a Layouts<'a>,
        sources: &'a SourceMap,
        options: &Options,
        machine: &TargetMachine,
    ) -> Res<Cx<'a, 'll>> {
        let module = ll.create_module("snow");
        module.set_triple(&machine.get_triple());
        module.set_data_layout(&machine.get_target_data().get_data_layout());
        let main_file = sources.iter().next().map_or("main.snow", |(_, file)| file.path.as_str());
        let debug = Debug::new(ll, &module, main_file, options.release);
        let mut cx = Cx {
            ll,
            module,
            mir,
            layouts,
            sources,
            release: options.release,
            fns: Vec::new(),
            consts: Vec::new(),
            recvs: Vec::new(),
            tables: RefCell::default(),
            debug,
        };
        cx.fns = mir.fns.iter().map(|func| cx.declare(func)).collect::<Res<_>>()?;
        convention::assign(&cx)?;
        cx.declare_consts();
        cx.recvs = mir.recvs.iter().map(|recv| cx.recv_desc(recv)).collect::<Res<_>>()?;
        Ok(cx)
    }

    /// Emits the tables and the C entry points.
    pub(crate) fn finish(&self) -> Res<()> {
        let init = self.emit_init()?;
        let program = self.program(init)?;
        self.emit_main(program)?;
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
        let floats = slots.iter().filter(|kind| **kind == SlotKind::F64).count();
        match slots {
            [] => RetBy::Void,
            [one] => RetBy::One(self.slot_ty(*one)),
            _ if slots.len() <= 3 && floats <= 2 => {
                let fields: Vec<_> = slots.iter().map(|&kind| self.slot_ty(kind)).collect();
                RetBy::Registers(self.ll.struct_type(&fields, false).into())
            }
            _ => RetBy::Out,
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

    /// A function of the MIR.
    pub(crate) fn func(&self, id: FuncId) -> Res<(&'a Func, FunctionValue<'ll>)> {
        match (self.mir.fns.get(id.0 as usize), self.fns.get(id.0 as usize)) {
            (Some(func), Some(value)) => Ok((func, *value)),
            _ => bad(format!("function {} doesn't exist", id.0)),
        }
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

    fn declare(&self, func: &Func) -> Res<FunctionValue<'ll>> {
        let name = format!("snow${}", func.symbol);
        if func.kind == FuncKind::Handler {
            let ptr = self.ptr().into();
            return Ok(self.internal_fn(&name, self.i64().fn_type(&[ptr, ptr, ptr], false)));
        }
        if func.params.iter().any(|p| p.0 as usize >= func.locals.len()) {
            return bad(format!("{}: a parameter is no local", func.symbol));
        }
        let ty = self.snow_fn_ty(&self.param_slots(func), &self.slots(func.ret));
        let function = self.internal_fn(&name, ty);
        if self.release && (func.always_inline || convention::is_formula(func)) {
            function.add_attribute(AttributeLoc::Function, self.attr("alwaysinline"));
        }
        Ok(function)
    }

    fn declare_consts(&mut self) {
        let consts = self.mir.consts.iter().enumerate().map(|(index, slot)| {
            let size = self.layouts.parts(&[slot.ty]).size.max(1);
            let ty = self.ll.i8_type().array_type(size);
            let global = self.module.add_global(ty, None, &format!("snow.const.{index}"));
            global.set_linkage(Linkage::Internal);
            global.set_alignment(8);
            global.set_initializer(&ty.const_zero());
            global
        });
        self.consts = consts.collect();
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
