//! The system signals that `receive` can take, as code and runtime number them.
//!
//! The value of a signal lies in memory as `snow_mir`'s layouts place its parts side by side.

/// What the message under a handler is (`recv_kind`) if it is no signal.
pub const MESSAGE: i64 = 0;

/// The type of a part of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalPart {
    /// `MonitorRef`
    MonitorRef,
    /// `TimerRef`
    TimerRef,
    /// `Pid`
    Pid,
    /// `ExitReason`
    Reason,
    /// `String`
    Text,
}

/// One kind of signal.
#[derive(Debug)]
pub struct Signal {
    /// The atom that its pattern starts with.
    pub name: &'static str,
    /// Its number, the result of `recv_kind`; its bit in `RecvDesc::signals` is `1 << kind`.
    pub kind: i64,
    /// What follows the atom.
    pub parts: &'static [SignalPart],
}

/// All of them, by their numbers.
pub static SIGNALS: [Signal; 5] = [
    Signal { name: "down", kind: 1, parts: &[SignalPart::MonitorRef, SignalPart::Pid, SignalPart::Reason] },
    Signal { name: "exit", kind: 2, parts: &[SignalPart::Pid, SignalPart::Reason] },
    Signal { name: "timer", kind: 3, parts: &[SignalPart::TimerRef] },
    Signal { name: "nodedown", kind: 4, parts: &[SignalPart::Text] },
    Signal { name: "nodeup", kind: 5, parts: &[SignalPart::Text] },
];

/// The signal whose pattern starts with that atom.
pub fn signal(name: &str) -> Option<&'static Signal> {
    SIGNALS.iter().find(|s| s.name == name)
}
