//! What happens when a process's own code fails: where it stood is noted on its stack, the rest is done by the worker's base loop,
//! where there is room.
//!
//! Nothing is unwound: compiled code and runtime functions hold nothing that must be dropped when they crash, and the
//! process's heap goes as a whole.

use std::fmt::Write;
use std::sync::atomic::Ordering::Relaxed;

use snow_abi::layout::{Location, StrObj, first_frame};
use snow_abi::runtime_fns::fail_kind;

use crate::carrier::{Carrier, Switch};
use crate::extra::Extra;
use crate::process::Process;
use crate::reason::ExitReason;
use crate::relations::{self, JobReport};
use crate::sched::end;
use crate::sched::worker::Worker;
use crate::shown;
use crate::signals;
use crate::string;

/// Return addresses that a report looks at.
const MAX_ADDRESSES: usize = 256;
/// Snow functions that a report shows.
const MAX_FRAMES: usize = 24;
/// What the linkage names of Snow functions start with.
const SNOW_PREFIX: &str = "snow$";

/// What is known of a crash before the report is written.
pub(crate) struct CrashInfo {
    text: String,
    location: Option<&'static Location>,
    addresses: Vec<usize>,
}

/// Ends the running process because its code failed.
#[cold]
pub(crate) fn raise(p: *mut Process, text: String, location: Option<&'static Location>) -> ! {
    // SAFETY: only a running process fails, and it runs on its carrier; what this function holds moves to the worker.
    unsafe {
        let addresses = trace();
        (*(*p).worker).crash = Some(CrashInfo { text, location, addresses });
        Carrier::switch((*p).carrier, Switch::Crashed(p));
    }
    crate::io::internal_error("a crashed process went on")
}

fn trace() -> Vec<usize> {
    let mut addresses = Vec::with_capacity(MAX_ADDRESSES);
    // SAFETY: unwinding without the library's lock: nobody unloads code, and nothing else is shared.
    unsafe {
        backtrace::trace_unsynchronized(|frame| {
            // The end of a carrier's stack shows as address 0.
            addresses.extend(Some(frame.ip() as usize).filter(|&ip| ip > 0));
            addresses.len() < MAX_ADDRESSES
        });
    }
    addresses
}

/// `panic`
pub(crate) unsafe fn panic(p: *mut Process, message: *mut StrObj, location: *mut u8) -> ! {
    // SAFETY: the caller holds the message; locations are constants of the program, or null.
    unsafe {
        let text = String::from_utf8_lossy(string::bytes(message)).into_owned();
        raise(p, text, location.cast::<Location>().as_ref())
    }
}

/// `fail`
pub(crate) unsafe fn fail(p: *mut Process, kind: i64, a: i64, b: i64, location: *mut u8) -> ! {
    let text = match kind {
        fail_kind::OVERFLOW => "integer overflow".to_string(),
        fail_kind::DIVISION_BY_ZERO => "division by zero".to_string(),
        fail_kind::INDEX => format!("index {a} out of range for a list of length {b}"),
        fail_kind::SHIFT => format!("shift by {a}: it must be 0 to 63"),
        fail_kind::UNREACHABLE => "internal error: no clause matches; this is a bug in Snow".to_string(),
        _ => format!("internal error: failure of unknown kind {kind}; this is a bug in Snow"),
    };
    // SAFETY: locations are constants of the program, or null.
    unsafe { raise(p, text, location.cast::<Location>().as_ref()) }
}

/// Ends `main` because it waits for what can't come.
pub(crate) fn deadlock(p: *mut Process) -> ! {
    raise(p, "deadlock: nothing can send to main".into(), None)
}

/// Reports a crash and ends the process.
///
/// # Safety
/// `w` is this thread's worker, on its own stack, and owns `p`.
pub(crate) unsafe fn end(w: *mut Worker, p: *mut Process) {
    // SAFETY: as the contract says.
    unsafe {
        let Some(crash) = (*w).crash.take() else {
            crate::io::internal_error("a process crashed without saying why")
        };
        let rt = (*w).rt;
        let text = report(p, &crash);
        // A job's report waits for its maker to ask.
        let maker = Extra::existing(p).and_then(|extra| extra.maker);
        let reason = ExitReason::Crash(reason(p, crash));
        let kept = maker.and_then(|maker| {
            let job = Process::pid(p).0;
            let report = JobReport { text: text.clone(), reason: reason.clone() };
            relations::of_living(rt, maker, |r| r.job_reports.insert(job, report))
        });
        if kept.is_none() {
            rt.output.report(&text);
        }
        end::exit(w, p, reason);
    }
}

/// The text of the reason. For a job on a list, which others only know by this, it tells the element and the place.
unsafe fn reason(p: *mut Process, crash: CrashInfo) -> String {
    // SAFETY: the caller owns the process; locations are constants.
    unsafe {
        let Some(index) = Extra::existing(p).and_then(|extra| extra.element) else { return crash.text };
        let place = crash.location.map_or_else(String::new, |l| format!(", at {}", place(l)));
        format!("element {index}: {}{place}", crash.text)
    }
}

/// The text of a report.
unsafe fn report(p: *mut Process, crash: &CrashInfo) -> String {
    // SAFETY: the caller owns the process; locations are constants.
    let (pid, name, known) = unsafe { (Process::pid(p), Process::name(p), crash.location.map(|l| place(l))) };
    // SAFETY: the caller owns the process, which has a worker.
    let relations = unsafe { &Process::runtime(p).relations };
    let names = relations.existing(pid.0, |r| r.names.iter().map(|n| format!(", :{n}")).collect::<String>());
    let names = names.unwrap_or_default();
    let mut out = format!("** process {pid} ({name}{names}) crashed: {}\n", crash.text);
    let frames = frames(&crash.addresses);
    // Who asked the standard library for what can't be is the one to look at; and who ran when the runtime found the failure.
    // A service's function, which the text starts with, was asked too: its place is only that of its declaration.
    let by_service = frames.first().is_some_and(|f| f.is_std() && f.function.starts_with("Service."));
    let asked = |frame: &&Frame| !(by_service && crash.text.starts_with(&format!("{}: ", frame.function)));
    let mut own = frames.iter().filter(|frame| !frame.is_std());
    let own = own.clone().find(asked).or(own.next()).and_then(Frame::place);
    let place = match known {
        Some(known) if !is_std(&known) => Some(known),
        known => own.or(known),
    };
    // Writing to a string can't fail.
    if let Some(place) = place {
        let _ = writeln!(out, "   at {place}");
    }
    // SAFETY: the caller owns the process and its messages.
    if let Some(handled) = unsafe { handled(p) } {
        let _ = writeln!(out, "   handling the message {handled}");
    }
    if !frames.is_empty() {
        out.push_str("   stack:\n");
        let lines: Vec<String> = frames.iter().take(MAX_FRAMES).map(ToString::to_string).collect();
        for same in lines.chunk_by(|a, b| a == b) {
            let _ = match same.len() {
                1 => writeln!(out, "     {}", same[0]),
                times => writeln!(out, "     {}, {times} times", same[0]),
            };
        }
        if frames.len() > MAX_FRAMES || crash.addresses.len() == MAX_ADDRESSES {
            out.push_str("     …\n");
        }
    }
    out
}

/// The message that the process was at; `None`: there is none, or it says nothing to a reader.
unsafe fn handled(p: *mut Process) -> Option<String> {
    // SAFETY: the caller owns the process; where it started is a constant, which describes all its messages.
    unsafe {
        let message = if (*p).offered.is_null() { (*p).taken } else { (*p).offered };
        // An answer is what the process asked for, not what it was asked.
        if message.is_null() || (*message).kind == signals::ANSWER {
            return None;
        }
        if (*message).kind != signals::MESSAGE {
            return Some(signals::shown(message));
        }
        let shape = (*(*p).entry.load(Relaxed)).shape;
        if shape.is_null() { None } else { shown::message(p, message, shape) }
    }
}

unsafe fn place(location: &Location) -> String {
    // SAFETY: texts of the program.
    unsafe {
        let file = std::slice::from_raw_parts(location.file, location.file_len);
        let function = std::slice::from_raw_parts(location.function, location.function_len);
        format!(
            "{}:{}:{} in {}",
            String::from_utf8_lossy(file),
            location.line,
            location.col,
            String::from_utf8_lossy(function)
        )
    }
}

/// Does a path name a file of the standard library?
fn is_std(path: &str) -> bool {
    path.starts_with("std/")
}

/// A Snow function that was running.
struct Frame {
    function: String,
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
}

impl Frame {
    fn is_std(&self) -> bool {
        self.file.as_deref().is_some_and(is_std)
    }

    fn place(&self) -> Option<String> {
        let (file, line) = (self.file.as_ref()?, self.line?);
        let column = self.column.map(|column| format!(":{column}")).unwrap_or_default();
        Some(format!("{file}:{line}{column} in {}", self.function))
    }
}

impl std::fmt::Display for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "{} ({file}:{line})", self.function),
            _ => f.write_str(&self.function),
        }
    }
}

/// The Snow functions among the addresses, innermost first.
fn frames(addresses: &[usize]) -> Vec<Frame> {
    let mut frames = Vec::new();
    let here = std::env::current_dir().ok();
    for &address in addresses {
        if frames.len() > MAX_FRAMES {
            break;
        }
        // A return address is behind the call; the line is the call's.
        backtrace::resolve((address - 1) as *mut _, |symbol| {
            let name = symbol.name().map(|name| name.as_str().unwrap_or_default().to_string());
            let Some(name) = name.as_deref().and_then(|name| name.strip_prefix(SNOW_PREFIX)) else { return };
            if [first_frame::START_OF, first_frame::GIVEN_TO].iter().any(|start| name.starts_with(start)) {
                return;
            }
            let file = symbol.filename().map(|file| {
                let relative = here.as_ref().and_then(|here| file.strip_prefix(here).ok());
                let file = relative.unwrap_or(file);
                file.strip_prefix(".").unwrap_or(file).display().to_string()
            });
            let (line, column) = (symbol.lineno(), symbol.colno().filter(|column| *column > 0));
            frames.push(Frame { function: name.to_owned(), file, line, column });
        });
    }
    frames
}
