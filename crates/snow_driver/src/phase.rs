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

/// What stages have to say about themselves.
static NOTES: Mutex<Vec<(Phase, String)>> = Mutex::new(Vec::new());

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

/// Notes what the current stage did, for those who look at the times.
pub(crate) fn note(text: String) {
    let entered = ENTERED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(&(phase, _)) = entered.last() {
        NOTES.lock().unwrap_or_else(PoisonError::into_inner).push((phase, text));
    }
}

/// A stage that ran.
#[derive(Clone, Debug)]
pub struct Timing {
    /// The stage, in words.
    pub name: &'static str,
    /// How long it took.
    pub time: Duration,
    /// What it did, where that isn't always the same.
    pub note: Option<String>,
}

/// How long each stage took until now, in the order of the stages; those that didn't run left out.
pub fn timings() -> Vec<Timing> {
    let entered = ENTERED.lock().unwrap_or_else(PoisonError::into_inner);
    let notes = NOTES.lock().unwrap_or_else(PoisonError::into_inner);
    let ends = entered.iter().skip(1).map(|e| e.1).chain([Instant::now()]);
    let spans: Vec<(Phase, Duration)> =
        entered.iter().zip(ends).map(|((phase, start), end)| (*phase, end - *start)).collect();
    let ran = ALL.iter().filter(|(phase, _)| spans.iter().any(|s| s.0 == *phase));
    let timing = |(phase, name): &(Phase, &'static str)| {
        let time = spans.iter().filter(|s| s.0 == *phase).map(|s| s.1).sum();
        let note = notes.iter().rev().find(|note| note.0 == *phase).map(|note| note.1.clone());
        Timing { name, time, note }
    };
    ran.map(timing).collect()
}

/// The stage that was entered last, in words.
pub fn current() -> &'static str {
    let now = CURRENT.load(Ordering::Relaxed);
    ALL.iter().find(|(phase, _)| *phase as u8 == now).map_or("starting", |(_, name)| name)
}
