//! Which stage the compiler is in, for reports of internal errors, and how long each took.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

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

/// Every stage with the time it began.
static ENTERED: Mutex<Vec<(Phase, Instant)>> = Mutex::new(Vec::new());

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
    ENTERED.lock().unwrap_or_else(PoisonError::into_inner).push((phase, Instant::now()));
}

/// How long each stage took until now, in words and in the order of the stages; those that didn't run left out.
pub fn timings() -> Vec<(&'static str, Duration)> {
    let entered = ENTERED.lock().unwrap_or_else(PoisonError::into_inner);
    let ends = entered.iter().skip(1).map(|e| e.1).chain([Instant::now()]);
    let spans: Vec<(Phase, Duration)> =
        entered.iter().zip(ends).map(|((phase, start), end)| (*phase, end - *start)).collect();
    let total = |wanted| spans.iter().filter(|s| s.0 == wanted).map(|s| s.1).sum::<Duration>();
    let ran = ALL.iter().filter(|(phase, _)| spans.iter().any(|s| s.0 == *phase));
    ran.map(|(phase, name)| (*name, total(*phase))).collect()
}

/// The stage that was entered last, in words.
pub fn current() -> &'static str {
    let now = CURRENT.load(Ordering::Relaxed);
    ALL.iter().find(|(phase, _)| *phase as u8 == now).map_or("starting", |(_, name)| name)
}
