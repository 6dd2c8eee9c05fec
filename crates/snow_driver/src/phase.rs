//! Which stage the compiler is in, for reports of internal errors.

use std::sync::atomic::{AtomicU8, Ordering};

/// The stages, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// Reading the command line and files.
    Load,
    /// Lexing and parsing.
    Parse,
    /// Items, names, desugaring.
    Lower,
    /// Types.
    Check,
    /// Building MIR of every instance.
    Build,
    /// The passes over MIR.
    Passes,
    /// LLVM.
    Codegen,
    /// The linker.
    Link,
}

static CURRENT: AtomicU8 = AtomicU8::new(Phase::Load as u8);

const ALL: [(Phase, &str); 8] = [
    (Phase::Load, "loading files"),
    (Phase::Parse, "parsing"),
    (Phase::Lower, "resolving names"),
    (Phase::Check, "checking types"),
    (Phase::Build, "building MIR"),
    (Phase::Passes, "running the MIR passes"),
    (Phase::Codegen, "generating code"),
    (Phase::Link, "linking"),
];

/// Notes that a stage begins.
pub(crate) fn enter(phase: Phase) {
    // Only read for a message after a panic on another thread has been joined.
    CURRENT.store(phase as u8, Ordering::Relaxed);
}

/// The stage that was entered last, in words.
pub fn current() -> &'static str {
    let now = CURRENT.load(Ordering::Relaxed);
    ALL.iter().find(|(phase, _)| *phase as u8 == now).map_or("starting", |(_, name)| name)
}
