//! What is there? Facts about processes and the runtime, for programs and for the table that SIGUSR1 prints.
//!
//! Everything is read while others change it, from atomics and records under their locks: each number was true a moment ago. No
//! answer costs more than what it shows.

use std::fmt::Write;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};

use snow_abi::layout::{ListVal, StrObj};
use snow_abi::runtime_fns::{proc_info, runtime_stat as stat};

use crate::heap;
use crate::long::Work;
use crate::part::push_words;
use crate::process::{NOTIFIED, Pid, Process, QUEUED, RUNNING};
use crate::relations::{Relations, living};
use crate::runtime::Runtime;
use crate::sched::monitor::TICK;
use crate::string;

/// What looking at one process costs, in bytes of [`Work`].
const COST: usize = 64;
/// Processes that the table shows.
const MAX_ROWS: usize = 1000;

fn state(p: *mut Process) -> i64 {
    // SAFETY: slots are never freed.
    match unsafe { (*p).state.load(SeqCst) } {
        QUEUED => 1,
        RUNNING | NOTIFIED => 2,
        _ => 0,
    }
}

fn actor(p: *mut Process) -> String {
    // SAFETY: slots are never freed; descriptions and their names are constants.
    unsafe {
        let entry = (*p).entry.load(SeqCst);
        if entry.is_null() {
            return String::new();
        }
        let name = std::slice::from_raw_parts((*entry).name, (*entry).name_len);
        String::from_utf8_lossy(name).into_owned()
    }
}

/// A number about a living process.
fn number(p: *mut Process, what: i64) -> i64 {
    // SAFETY: slots are never freed; what is read is atomic.
    unsafe {
        match what {
            proc_info::MAILBOX => i64::from((*p).mailbox.len()),
            proc_info::HEAP => i64::from((*p).heap_units.load(Relaxed)) * heap::UNIT,
            proc_info::RUN_TIME => i64::from((*p).run_ticks.load(Relaxed)) * TICK.as_micros() as i64,
            proc_info::STATE => state(p),
            _ => crate::io::internal_error(&format!("fact {what} of a process was asked for")),
        }
    }
}

fn pids(relations: &Relations, what: i64) -> Vec<i64> {
    match what {
        proc_info::LINKS => relations.links.iter().copied().collect(),
        proc_info::WATCHING => relations.watching.values().copied().collect(),
        // One-shot addresses aren't monitors that anybody has made.
        proc_info::WATCHERS => relations.watchers.range(0..).map(|(_, &pid)| pid).collect(),
        _ => crate::io::internal_error(&format!("pids {what} of a process were asked for")),
    }
}

/// Bytes that the operating system counts for the program.
fn memory() -> i64 {
    // SAFETY: a plain number; the structure is written by the call.
    unsafe {
        let page = libc::sysconf(libc::_SC_PAGESIZE);
        let resident = std::fs::read_to_string("/proc/self/statm").ok();
        let pages = resident.and_then(|text| text.split(' ').nth(1)?.parse::<i64>().ok());
        if let Some(pages) = pages {
            return pages * page;
        }
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &raw mut usage);
        usage.ru_maxrss
    }
}

fn each_living(rt: &Runtime, mut f: impl FnMut(*mut Process, i64)) {
    rt.table.each(|p| {
        // SAFETY: slots are never freed.
        let pid = unsafe { (*p).pid.load(SeqCst) };
        // A slot that was never used has pid 0 and a state of a dead process.
        // SAFETY: as above.
        if pid >= 0 && unsafe { (*p).state.load(SeqCst) } != crate::process::DEAD {
            f(p, pid);
        }
    });
}

/// The table that SIGUSR1 prints.
pub(crate) fn table(rt: &Runtime) -> String {
    let mut rows = Vec::new();
    let mut more = 0;
    each_living(rt, |p, pid| {
        if rows.len() < MAX_ROWS {
            rows.push(row(rt, p, pid));
        } else {
            more += 1;
        }
    });
    let queues: Vec<_> = (0..).map_while(|w| rt.scheduler.queued(w)).map(|n| n.to_string()).collect();
    let mut out = format!(
        "processes {}, workers {}, run queues {}, memory {} KB\n",
        rows.len() + more,
        rt.options.workers,
        queues.join(" "),
        memory() / 1024
    );
    let head = ["pid", "name", "actor", "state", "mailbox", "heap", "run ms", "links", "monitors"];
    rows.insert(0, head.map(String::from));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<_> = (0..head.len()).map(width).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        // Writing to a string can't fail.
        let _ = writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    if more > 0 {
        let _ = writeln!(out, "… and {more} more");
    }
    out
}

fn row(rt: &Runtime, p: *mut Process, pid: i64) -> [String; 9] {
    let related = rt
        .relations
        .existing(pid, |r| (r.names.first().cloned().unwrap_or_default(), r.links.len(), r.watching.len()));
    let (name, links, monitors) = related.unwrap_or_default();
    let state = match state(p) {
        0 => "waiting",
        1 => "ready",
        _ => "running",
    };
    [
        Pid(pid).to_string(),
        name,
        actor(p),
        state.to_string(),
        number(p, proc_info::MAILBOX).to_string(),
        number(p, proc_info::HEAP).to_string(),
        (number(p, proc_info::RUN_TIME) / 1000).to_string(),
        links.to_string(),
        monitors.to_string(),
    ]
}

/// `proc_list`
pub(crate) unsafe fn proc_list(p: *mut Process, into: ListVal) -> ListVal {
    // SAFETY: see `fns`.
    unsafe {
        let (mut pids, mut work) = (Vec::new(), Work::new(p));
        each_living(Process::runtime(p), |_, pid| {
            work.did(COST);
            pids.push(pid);
        });
        push_words(p, into, &pids)
    }
}

/// `proc_info_int`
pub(crate) unsafe fn proc_info_int(p: *mut Process, pid: i64, what: i64) -> i64 {
    // SAFETY: see `fns`.
    let found = unsafe { living(Process::runtime(p), pid) };
    found.map_or(-1, |of| number(of, what))
}

/// `proc_info_text`
pub(crate) unsafe fn proc_info_text(p: *mut Process, pid: i64, what: i64) -> *mut StrObj {
    // SAFETY: see `fns`.
    unsafe {
        let rt = Process::runtime(p);
        let text = match (what, living(rt, pid)) {
            (_, None) => String::new(),
            (proc_info::ACTOR, Some(of)) => actor(of),
            _ => rt.relations.existing(pid, |r| r.names.first().cloned()).flatten().unwrap_or_default(),
        };
        string::from_bytes(p, text.as_bytes())
    }
}

/// `proc_info_pids`
pub(crate) unsafe fn proc_info_pids(p: *mut Process, pid: i64, what: i64, into: ListVal) -> ListVal {
    // SAFETY: see `fns`.
    unsafe {
        let found = Process::runtime(p).relations.existing(pid, |r| pids(r, what));
        push_words(p, into, &found.unwrap_or_default())
    }
}

/// `runtime_stat`
pub(crate) unsafe fn runtime_stat(p: *mut Process, what: i64, worker: i64) -> i64 {
    // SAFETY: see `fns`.
    let rt = unsafe { Process::runtime(p) };
    match what {
        stat::PROCESSES => rt.scheduler.living(),
        stat::WORKERS => rt.options.workers as i64,
        stat::QUEUE => {
            usize::try_from(worker).ok().and_then(|w| rt.scheduler.queued(w)).map_or(-1, |n| n as i64)
        }
        stat::MEMORY => memory(),
        _ => crate::io::internal_error(&format!("fact {what} of the runtime was asked for")),
    }
}
