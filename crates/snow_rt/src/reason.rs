//! Why has a process ended? The reasons of std's `ExitReason`, as the runtime keeps them.

use snow_abi::layout::exit_kind;

use crate::text;

/// Why a process has ended, or is to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ExitReason {
    /// Its code was through.
    Normal,
    /// It was asked to end.
    Shutdown,
    /// It was killed.
    Killed,
    /// The connection to its node broke.
    NoConnection,
    /// It wasn't there.
    NoProcess,
    /// Its own code failed, with this text.
    Crash(String),
    /// What a program says.
    Custom(String),
}

impl ExitReason {
    /// From a variant's number and its text, as compiled code gives them.
    pub(crate) fn new(kind: i64, text: String) -> ExitReason {
        match kind {
            exit_kind::NORMAL => ExitReason::Normal,
            exit_kind::SHUTDOWN => ExitReason::Shutdown,
            exit_kind::KILLED => ExitReason::Killed,
            exit_kind::NO_CONNECTION => ExitReason::NoConnection,
            exit_kind::NO_PROCESS => ExitReason::NoProcess,
            exit_kind::CRASH => ExitReason::Crash(text),
            exit_kind::CUSTOM => ExitReason::Custom(text),
            _ => crate::io::internal_error(&format!("an exit reason of kind {kind}")),
        }
    }

    /// The variant's number.
    pub(crate) fn kind(&self) -> i64 {
        match self {
            ExitReason::Normal => exit_kind::NORMAL,
            ExitReason::Shutdown => exit_kind::SHUTDOWN,
            ExitReason::Killed => exit_kind::KILLED,
            ExitReason::NoConnection => exit_kind::NO_CONNECTION,
            ExitReason::NoProcess => exit_kind::NO_PROCESS,
            ExitReason::Crash(_) => exit_kind::CRASH,
            ExitReason::Custom(_) => exit_kind::CUSTOM,
        }
    }

    /// Its text; `None` in variants without one.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            ExitReason::Crash(text) | ExitReason::Custom(text) => Some(text),
            _ => None,
        }
    }

    /// As Display shows it: what a program prints, and std's supervisors report.
    pub(crate) fn displayed(&self) -> String {
        match self {
            ExitReason::Crash(why) => format!("Crash({why})"),
            ExitReason::Custom(why) => format!("Custom({why})"),
            plain => plain.shown(false),
        }
    }

    /// As Debug shows it. `is_cut`: the text isn't all.
    pub(crate) fn shown(&self, is_cut: bool) -> String {
        let text = |text| format!("{}{}", text::escaped(text), if is_cut { "…" } else { "" });
        match self {
            ExitReason::Normal => "Normal".to_string(),
            ExitReason::Shutdown => "Shutdown".to_string(),
            ExitReason::Killed => "Killed".to_string(),
            ExitReason::NoConnection => "NoConnection".to_string(),
            ExitReason::NoProcess => "NoProcess".to_string(),
            ExitReason::Crash(why) => format!("Crash({})", text(why)),
            ExitReason::Custom(why) => format!("Custom({})", text(why)),
        }
    }
}
