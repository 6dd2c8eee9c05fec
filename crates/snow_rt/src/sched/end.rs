//! How a process ends: its `terminate` clause, then everything that it has is let go, and others are told.
//!
//! Order: the pid is given up, so nobody finds the process any more; names are released; then links, monitors and jobs are
//! told; then memory goes, in steps.

use std::sync::atomic::Ordering::{Relaxed, SeqCst};

use super::news::News;
use super::remains::Remains;
use super::shutdown;
use super::wait;
use super::worker::Worker;
use crate::extra::{EndedBy, Extra};
use crate::fns;
use crate::heap;
use crate::leaks;
use crate::mailbox::Message;
use crate::process::{
    ATTENTIVE, DEAD, DYING, HAS_STACK, HAS_TIMERS, MAIN, NOBODY, Pid, Process, STARTING, TERMINATING,
};
use crate::reason::ExitReason;
use crate::relations::Relations;
use crate::runtime::Runtime;
use crate::timer::What;

/// How long a `terminate` clause may take.
const TERMINATE_MS: i64 = 5000;

/// Ends the running process because a signal says so.
///
/// # Safety
/// As [`exit`].
pub(crate) unsafe fn exit_by_signal(w: *mut Worker, p: *mut Process) {
    // SAFETY: as the contract says.
    unsafe {
        let reason = Extra::of(p).dying.take();
        let Some(reason) = reason else { crate::io::internal_error("a process was ended without a reason") };
        exit(w, p, reason);
    }
}

/// Ends a process, or lets its `terminate` clause run first.
///
/// # Safety
/// `w` is this thread's worker and owns `p`; no frame of `p` is used any more.
pub(crate) unsafe fn exit(w: *mut Worker, p: *mut Process, reason: ExitReason) {
    // SAFETY: as the contract says.
    unsafe {
        if (*p).flags & TERMINATING == 0 {
            let has_clause = Extra::existing(p).is_some_and(|extra| !extra.terminate.is_null());
            if has_clause && reason != ExitReason::Killed {
                return begin_terminate(w, p, reason);
            }
            return finish(w, p, &reason);
        }
        // A clause that is through changes nothing about the reason.
        let earlier = Extra::of(p).ending.take();
        let reason = if reason == ExitReason::Normal { earlier.unwrap_or(reason) } else { reason };
        finish(w, p, &reason);
    }
}

unsafe fn begin_terminate(w: *mut Worker, p: *mut Process, reason: ExitReason) {
    // SAFETY: see `exit`.
    unsafe {
        free_private(w, p);
        let extra = Extra::of(p);
        extra.ending = Some(reason);
        extra.dying = None;
        extra.pending = None;
        extra.answers.clear();
        (*p).recv = extra.terminate;
        (*p).flags = (*p).flags & !(HAS_STACK | DYING) | STARTING | TERMINATING;
        (*p).deadline = crate::clock::NEVER;
        (*p).mailbox.rescan();
        fns::arm(p, TERMINATE_MS, What::Kill(Process::pid(p).0));
        Worker::leave(w);
        wait::requeue(w, p);
    }
}

/// Frees the messages that a process was at.
unsafe fn free_private(w: *mut Worker, p: *mut Process) {
    // SAFETY: see `exit`.
    unsafe {
        for message in [&mut (*p).offered, &mut (*p).taken] {
            if !message.is_null() {
                Message::free(&mut (*w).pool, *message);
                *message = std::ptr::null_mut();
            }
        }
    }
}

/// Lets go of everything that a process has; its slot is free for another.
unsafe fn finish(w: *mut Worker, p: *mut Process, reason: &ExitReason) {
    // SAFETY: see `exit`.
    unsafe {
        let rt = (*w).rt;
        let pid = Process::pid(p);
        if rt.options.check_leaks && *reason == ExitReason::Normal {
            Process::free_state(p);
            free_parameters(p);
            leaks::check(p);
        }
        let is_main = (*p).flags & MAIN != 0 && rt.main.load(Relaxed) == p;
        let ended_by = Extra::existing(p).and_then(|extra| extra.ended_by);
        (*p).pid.store(NOBODY, SeqCst);
        (*p).state.store(DEAD, SeqCst);
        if (*p).related.load(SeqCst)
            && let Some(relations) = rt.relations.take(pid.0)
        {
            tell(w, pid.0, relations, reason);
        }
        free_private(w, p);
        free_extra(w, p, pid.0);
        rt.timers.disarm(p, pid);
        let timers = match (*p).flags & HAS_TIMERS {
            0 => None,
            _ => rt.timers.cancel_all(&rt.table, pid, &mut (*w).pool),
        };
        let messages = (*p).mailbox.close();
        Worker::bury(w, Remains::new(messages, heap::take(p), timers));
        (*p).generation = ((*p).generation + 1) & 0x7fff_ffff;
        let attentive = (*p).flags & ATTENTIVE != 0;
        Worker::leave(w);
        rt.table.give(&mut (*w).slots, pid.slot());
        rt.count_end();
        Worker::count_living(w, -1);
        if attentive {
            shutdown::one_less(w);
        }
        if is_main {
            end_of_main(w, pid, reason, ended_by);
        }
    }
}

/// What the end of `main` means for the program: its end with status 1, unless `main` has returned or was asked to end.
unsafe fn end_of_main(w: *mut Worker, main: Pid, reason: &ExitReason, by: Option<EndedBy>) {
    // SAFETY: see `exit`.
    unsafe {
        let rt = (*w).rt;
        let was_asked = *reason == ExitReason::Shutdown && by.is_none_or(|by| !by.linked);
        if *reason == ExitReason::Normal || was_asked {
            rt.main_done.store(true, SeqCst);
            return;
        }
        // Who crashed has reported it; nobody else says why the program ends.
        if let Some(by) = by.filter(|_| !rt.ending.has_begun()) {
            let how = if by.linked { "ended with its linked process" } else { "was ended by process" };
            let reason = reason.displayed();
            rt.output.report(&format!("** process {main} (main) {how} {}: {reason}\n", Pid(by.pid)));
        }
        shutdown::begin(w, 1);
    }
}

unsafe fn free_parameters(p: *mut Process) {
    // SAFETY: see `exit`; the clause has taken the values over.
    unsafe {
        if let Some(extra) = Extra::existing(p)
            && !extra.parameters.is_null()
        {
            heap::free(p, extra.parameters, extra.parameter_bytes);
        }
    }
}

unsafe fn free_extra(w: *mut Worker, p: *mut Process, pid: i64) {
    // SAFETY: see `exit`; the extra part was made by `Box`.
    unsafe {
        if (*p).extra.is_null() {
            return;
        }
        let extra = Box::from_raw((*p).extra);
        (*p).extra = std::ptr::null_mut();
        for ask in &extra.asks {
            unwatch((*w).rt, ask.target, ask.address);
            if !ask.answer.is_null() {
                Message::free(&mut (*w).pool, ask.answer);
            }
        }
        if let Some(maker) = extra.maker {
            (*w).rt.jobs.fetch_sub(1, SeqCst);
            (*w).rt.relations.existing(maker, |r| r.jobs.remove(&pid));
        }
    }
}

/// Ends a monitor on the side of the one who is watched.
pub(crate) fn unwatch(rt: &Runtime, target: i64, reference: i64) {
    if target >= 0 {
        rt.relations.existing(target, |r| r.watchers.remove(&reference));
    }
}

/// Tells those who are tied to a process of its end.
unsafe fn tell(w: *mut Worker, pid: i64, relations: Relations, reason: &ExitReason) {
    // SAFETY: see `exit`.
    unsafe {
        let rt = (*w).rt;
        rt.names.release(&relations.names, pid);
        for report in relations.job_reports.values() {
            rt.output.report(&report.text);
        }
        Worker::spread(w, News::new(pid, relations, reason));
    }
}
