//! From counted MIR to machine code, through LLVM.
//!
//! A [`Plan`] cuts the program into parts, each of which becomes an object with [`emit_part`]. The MIR says everything about memory; nothing here decides when something is
//! counted, freed or reused. It does no I/O: it gives bytes and text.
//!
//! - [`plan`]: the parts; [`content`]: what each depends on; [`descs`]: descriptions of objects; [`messages`]: how reports
//!   show messages; [`convention`]: how
//!   functions are called;
//! - [`cx`]: what belongs to a whole part; [`tables`]: constant objects and tables;
//! - [`emit`]: instructions; [`memory`]: counting, allocation, freeing;
//! - [`func`], [`stmt`], [`rvalue`], [`call`], [`shape`], [`intrinsics`], [`list`],
//!   [`shortcut`]: one function;
//! - [`debug`]: line tables; [`target`]: passes, object files.

mod call;
mod content;
mod convention;
mod cx;
mod debug;
mod descs;
mod emit;
mod error;
mod func;
mod intrinsics;
mod list;
mod memory;
mod messages;
mod plan;
mod rvalue;
mod shape;
mod shortcut;
mod statics;
mod stmt;
mod tables;
mod target;

use inkwell::context::Context;
use inkwell::module::Module;
use inkwell::targets::TargetMachine;
use snow_base::SourceMap;
use snow_mir::layout::Layouts;
use snow_mir::mir::Mir;

pub use error::CodegenError;
pub use plan::{Part, Plan};

/// How to compile.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Optimise for the speed of the program; otherwise for the speed of compiling.
    pub release: bool,
    /// The target's triple; `None`: this machine.
    pub triple: Option<String>,
}

/// What is compiled.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The program.
    pub mir: &'a Mir,
    /// How its values lie.
    pub layouts: &'a Layouts<'a>,
    /// Its files.
    pub sources: &'a SourceMap,
    /// How it is compiled.
    pub options: &'a Options,
}

/// Compiles a whole program to one object file, which defines `main` and needs the runtime.
///
/// # Errors
/// LLVM's and those of an inconsistent program: both are errors of the compiler.
pub fn emit_object(input: &Input<'_>) -> Result<Vec<u8>, CodegenError> {
    emit_whole(input, target::object)
}

/// Compiles a whole program to LLVM's text form, after the passes.
///
/// # Errors
/// As for [`emit_object`].
pub fn emit_llvm_text(input: &Input<'_>) -> Result<String, CodegenError> {
    emit_whole(input, |_, module| Ok(module.print_to_string().to_string()))
}

/// Compiles a whole program to assembly.
///
/// # Errors
/// As for [`emit_object`].
pub fn emit_asm(input: &Input<'_>) -> Result<String, CodegenError> {
    emit_whole(input, target::assembly)
}

/// Compiles one part of a program to an object file. The parts together define `main` and need the runtime.
///
/// # Errors
/// As for [`emit_object`].
pub fn emit_part(input: &Input<'_>, plan: &Plan, part: &Part) -> Result<Vec<u8>, CodegenError> {
    emit(input, plan, part, target::object)
}

fn emit_whole<T>(
    input: &Input<'_>,
    finish: impl FnOnce(&TargetMachine, &Module<'_>) -> Result<T, CodegenError>,
) -> Result<T, CodegenError> {
    let plan = Plan::whole(input.mir, input.layouts, input.sources, input.options)?;
    emit(input, &plan, &plan.parts()[0], finish)
}

fn emit<T>(
    input: &Input<'_>,
    plan: &Plan,
    part: &Part,
    finish: impl FnOnce(&TargetMachine, &Module<'_>) -> Result<T, CodegenError>,
) -> Result<T, CodegenError> {
    let machine = target::machine(input.options)?;
    let context = Context::create();
    let optimised = |keep_results| {
        let cx = cx::Cx::new(&context, input, (plan, part), &machine, keep_results)?;
        for &id in &part.fns {
            func::emit(&cx, id)?;
        }
        cx.finish()?;
        target::optimise(&machine, &cx.module, input.options)?;
        Ok::<_, CodegenError>(cx)
    };
    let mut cx = optimised(false)?;
    if convention::lost_tail_call(&cx.module).is_some() {
        cx = optimised(true)?;
        // The machine's code generator would end the compiler.
        if let Some(name) = convention::lost_tail_call(&cx.module) {
            return error::bad(format!("the passes have left no tail call at the end of `{name}`"));
        }
    }
    let elsewhere = !part.is_alone && plan.conventions.removed;
    convention::keep_frames(&context, &cx.module, elsewhere);
    finish(&machine, &cx.module)
}
