//! What the user sees when something went wrong.

use std::io::IsTerminal;
use std::process::ExitCode;

use snow_base::SourceMap;
use snow_diagnostics::{Diagnostic, render_json, render_within};
use snow_driver::load::LoadError;
use snow_driver::{Failed, Session, phase};

use crate::INTERNAL;

/// How diagnostics are shown.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Style {
    /// One JSON object a line on standard output.
    pub(crate) json: bool,
    /// Warnings count as errors.
    pub(crate) deny_warnings: bool,
}

/// Replaces Rust's message for a panic by one that a user can act on.
pub(crate) fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        let text = (info.payload().downcast_ref::<&str>().map(|s| (*s).to_owned()))
            .or_else(|| info.payload().downcast_ref::<String>().cloned())
            .unwrap_or_default();
        let place = info.location().map(|l| format!(" ({}:{})", l.file(), l.line())).unwrap_or_default();
        internal(&format!("{text}{place}"));
    }));
}

/// Reports a mistake of the compiler.
pub(crate) fn internal(text: &str) -> ExitCode {
    eprintln!("internal error: the compiler failed while {}", phase::current());
    for line in text.lines() {
        eprintln!("  {line}");
    }
    eprintln!("This is a mistake in Snow {}, not in your program.", env!("CARGO_PKG_VERSION"));
    eprintln!("Please report it with the program that caused it, the command, and the lines above.");
    ExitCode::from(INTERNAL)
}

/// Shows how long each stage took, on standard error.
pub(crate) fn show_timings() {
    let timings = phase::timings();
    let total: std::time::Duration = timings.iter().map(|t| t.time).sum();
    let line = |name: &str, time: std::time::Duration, note: Option<&str>| {
        let note = note.map(|note| format!("  ({note})")).unwrap_or_default();
        eprintln!("{name:<22}{:>10.1} ms{note}", time.as_secs_f64() * 1000.0);
    };
    timings.iter().for_each(|t| line(t.name, t.time, t.note.as_deref()));
    line("in all", total, None);
}

/// Shows a session's diagnostics; whether any counts as an error.
pub(crate) fn show(session: &Session, style: Style) -> bool {
    let mut errors = 0;
    let mut warnings = 0;
    for diagnostic in &session.diagnostics {
        *(if diagnostic.is_error() { &mut errors } else { &mut warnings }) += 1;
        show_one(&session.sources, diagnostic, style);
    }
    let failed = errors > 0 || (style.deny_warnings && warnings > 0);
    if failed && !style.json {
        let what = [(errors, "error"), (warnings, "warning")];
        let counts: Vec<String> = (what.iter().filter(|(n, _)| *n > 0))
            .map(|(n, word)| format!("{n} {word}{}", if *n == 1 { "" } else { "s" }))
            .collect();
        eprintln!("{}", counts.join(", "));
    }
    failed
}

fn show_one(sources: &SourceMap, diagnostic: &Diagnostic, style: Style) {
    if style.json {
        println!("{}", render_json(diagnostic, sources));
    } else {
        let terminal = std::io::stderr();
        let color = terminal.is_terminal() && std::env::var_os("NO_COLOR").is_none();
        // `None`: no terminal, or one that doesn't tell.
        let width = terminal_size::terminal_size_of(terminal).map(|(width, _)| usize::from(width.0));
        eprintln!("{}\n", render_within(diagnostic, sources, color, width).trim_end());
    }
}

/// Shows why a program or its packages can't be read.
pub(crate) fn not_loaded(error: &LoadError, style: Style) -> ExitCode {
    let (diagnostic, sources) = error.diagnostic();
    show_one(sources, diagnostic, style);
    ExitCode::from(1)
}

/// Shows why a session failed.
pub(crate) fn failed(session: &Session, failed: &Failed, style: Style) -> ExitCode {
    show(session, style);
    match failed {
        Failed::Errors => ExitCode::from(1),
        Failed::Internal(text) => internal(text),
        Failed::Outside(text) => error(text),
    }
}

/// Shows a message about something that isn't a place in the program.
pub(crate) fn error(text: &str) -> ExitCode {
    eprintln!("error: {text}");
    ExitCode::from(1)
}
