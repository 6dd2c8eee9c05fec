//! From counted MIR to machine code, through LLVM.
//!
//! The entry is [`emit_object`]. The MIR says everything about memory; nothing here decides when something is
//! counted, freed or reused. It does no I/O: it gives bytes and text.
//!
//! - [`cx`]: what belongs to the whole module; [`convention`]: how functions are called; [`tables`]: constant objects and
//!   tables;
//! - [`emit`]: instructions; [`memory`]: counting, allocation, freeing;
//! - [`func`], [`stmt`], [`rvalue`], [`call`], [`shape`], [`intrinsics`], [`list`],
//!   [`shortcut`]: one function;
//! - [`debug`]: line tables; [`target`]: passes, object files.

mod call;
mod convention;
mod cx;
mod debug;
mod emit;
mod error;
mod func;
mod intrinsics;
mod list;
mod memory;
mod rvalue;
mod shape;
mod shortcut;
mod stmt;
mod tables;
mod target;

use inkwell::context::Context;
use snow_base::SourceMap;
use snow_mir::layout::Layouts;
use snow_mir::mir::Mir;

pub use error::CodegenError;

/// How to compile.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Optimise for the speed of the program; otherwise for the speed of compiling.
    pub release: bool,
    /// The target's triple; `None`: this machine.
    pub triple: Option<String>,
}

/// Compiles to an object file, which defines `main` and needs the runtime.
///
/// # Errors
/// LLVM's and those of an inconsistent program: both are errors of the compiler.
pub fn emit_object(
    mir: &Mir,
    layouts: &Layouts<'_>,
    sources: &SourceMap,
    options: &Options,
) -> Result<Vec<u8>, CodegenError> {
    emit(mir, layouts, sources, options, target::object)
}

/// Compiles to LLVM's text form, after the passes.
///
/// # Errors
/// As for [`emit_object`].
pub fn emit_llvm_text(
    mir: &Mir,
    layouts: &Layouts<'_>,
    sources: &SourceMap,
    options: &Options,
) -> Result<String, CodegenError> {
    emit(mir, layouts, sources, options, |_, module| Ok(module.print_to_string().to_string()))
}

/// Compiles to assembly.
///
/// # Errors
/// As for [`emit_object`].
pub fn emit_asm(
    mir: &Mir,
    layouts: &Layouts<'_>,
    sources: &SourceMap,
    options: &Options,
) -> Result<String, CodegenError> {
    emit(mir, layouts, sources, options, target::assembly)
}

fn emit<T>(
    mir: &Mir,
    layouts: &Layouts<'_>,
    sources: &SourceMap,
    options: &Options,
    finish: impl FnOnce(&inkwell::targets::TargetMachine, &inkwell::module::Module<'_>) -> Result<T, CodegenError>,
) -> Result<T, CodegenError> {
    let machine = target::machine(options)?;
    let context = Context::create();
    let cx = cx::Cx::new(&context, mir, layouts, sources, options, &machine)?;
    for index in 0..mir.fns.len() {
        func::emit(&cx, snow_mir::mir::FuncId(index as u32))?;
    }
    cx.finish()?;
    target::optimise(&machine, &cx.module, options)?;
    convention::keep_frames(&context, &cx.module);
    finish(&machine, &cx.module)
}
