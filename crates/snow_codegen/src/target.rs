//! The machine that is compiled for, the passes, and what comes out: object files and assembly.
//!
//! Code is position-dependent on Linux (programs are linked so: they start faster) and independent elsewhere.

use inkwell::OptimizationLevel;
use inkwell::module::Module;
use inkwell::passes::PassBuilderOptions;
use inkwell::targets::{
    CodeModel, FileType, InitializationConfig, RelocMode, Target, TargetMachine, TargetTriple,
};

use crate::Options;
use crate::error::{CodegenError, Res};

/// The machine for the options' triple.
pub(crate) fn machine(options: &Options) -> Res<TargetMachine> {
    let config = InitializationConfig { asm_parser: false, disassembler: false, ..Default::default() };
    Target::initialize_x86(&config);
    Target::initialize_aarch64(&config);
    let triple = match &options.triple {
        Some(triple) => TargetTriple::create(triple),
        None => TargetMachine::get_default_triple(),
    };
    let name = triple.as_str().to_string_lossy().into_owned();
    let level = if options.release { OptimizationLevel::Default } else { OptimizationLevel::None };
    let reloc = if name.contains("linux") { RelocMode::Static } else { RelocMode::PIC };
    Target::from_triple(&triple)?
        .create_target_machine(&triple, "generic", "", level, reloc, CodeModel::Default)
        .ok_or_else(|| CodegenError::Llvm(format!("no machine for {name}")))
}

/// Checks the module and runs the passes.
pub(crate) fn optimise(machine: &TargetMachine, module: &Module<'_>, options: &Options) -> Res<()> {
    if cfg!(debug_assertions) {
        module.verify()?;
    }
    let passes = if options.release { "default<O2>" } else { "function(sroa)" };
    module.run_passes(passes, machine, PassBuilderOptions::create())?;
    Ok(())
}

/// The object file.
pub(crate) fn object(machine: &TargetMachine, module: &Module<'_>) -> Res<Vec<u8>> {
    Ok(machine.write_to_memory_buffer(module, FileType::Object)?.as_slice().to_vec())
}

/// The assembly text.
pub(crate) fn assembly(machine: &TargetMachine, module: &Module<'_>) -> Res<String> {
    let buffer = machine.write_to_memory_buffer(module, FileType::Assembly)?;
    Ok(String::from_utf8_lossy(buffer.as_slice()).trim_end_matches('\0').to_string())
}
