//! What compiled code calls about one-shot addresses.

use std::ptr::null_mut;

use snow_abi::layout::StrObj;

use super::process::{block, deadline, free_taken, time_is_over};
use crate::ask;
use crate::clock::NEVER;
use crate::extra::Extra;
use crate::mailbox::Message;
use crate::process::Process;
use crate::reason::ExitReason;
use crate::relations::of_living;
use crate::sched::end;
use crate::signals;
use crate::string;

/// Why a wait for an address fails that the process doesn't have: only a job's handle can bring a program there.
const NOT_OURS: &str = "a job can only be awaited by its maker, and once";

/// `ask_begin`: a new address; watches `target` unless that is -1.
pub(crate) unsafe fn ask_begin(p: *mut Process, target: i64) -> i64 {
    // SAFETY: see the parent module.
    unsafe {
        let address = ask::open(p);
        if target != -1 {
            ask_watch(p, address, target);
        }
        address
    }
}

/// `ask_watch`: the address fails when `target` ends.
pub(crate) unsafe fn ask_watch(p: *mut Process, address: i64, target: i64) {
    // SAFETY: see the parent module.
    unsafe {
        let (rt, me) = (Process::runtime(p), Process::pid(p).0);
        let Some(ask) = ask::find(p, address) else { return };
        end::unwatch(rt, ask.target, address);
        ask.target = target;
        if of_living(rt, target, |r| r.watchers.insert(address, me)).is_none() {
            // A job that has ended already has left its reason, if it crashed.
            let known = rt.relations.existing(me, |r| Some(r.job_reports.get(&target)?.reason.clone()));
            ask.failure = Some(known.flatten().unwrap_or(ExitReason::NoProcess));
        }
    }
}

/// `ask_wait`: the value of the answer; null: there is none.
pub(crate) unsafe fn ask_wait(p: *mut Process, address: i64, timeout_ms: i64) -> *mut u8 {
    // SAFETY: see the parent module; the worker may be another one after `block`.
    unsafe {
        free_taken(p);
        (*p).deadline = deadline(p, timeout_ms);
        loop {
            signals::poll(p);
            let Some(ask) = ask::find(p, address) else {
                return fail(p, ExitReason::Custom(NOT_OURS.into()));
            };
            if !ask.answer.is_null() {
                let answer = std::mem::replace(&mut ask.answer, null_mut());
                (*p).deadline = NEVER;
                (*p).taken = answer;
                Process::unpack(p, answer);
                return Message::value(answer);
            }
            if let Some(reason) = ask.failure.clone() {
                let (me, target) = (Process::pid(p).0, ask.target);
                // Who has seen how a job ended needs no report of it.
                Process::runtime(p).relations.existing(me, |r| r.job_reports.remove(&target));
                return fail(p, reason);
            }
            if time_is_over(p) {
                return fail(p, ExitReason::Custom("timeout".into()));
            }
            block(p);
        }
    }
}

unsafe fn fail(p: *mut Process, reason: ExitReason) -> *mut u8 {
    // SAFETY: see the parent module.
    unsafe {
        (*p).deadline = NEVER;
        Extra::of(p).ask_error = reason;
        null_mut()
    }
}

/// `ask_end`: gives the address up; a later answer disappears.
pub(crate) unsafe fn ask_end(p: *mut Process, address: i64) {
    // SAFETY: see the parent module.
    unsafe {
        let asks = &mut Extra::of(p).asks;
        let at = asks.binary_search_by_key(&address, |ask| ask.address);
        let Some(ask) = at.ok().and_then(|at| asks.remove(at)) else { return };
        end::unwatch(Process::runtime(p), ask.target, address);
        if !ask.answer.is_null() {
            Message::free(Process::pool(p), ask.answer);
        }
    }
}

/// `ask_error_kind`
pub(crate) unsafe fn ask_error_kind(p: *mut Process) -> i64 {
    // SAFETY: see the parent module.
    unsafe { Extra::of(p).ask_error.kind() }
}

/// `ask_error_text`
pub(crate) unsafe fn ask_error_text(p: *mut Process) -> *mut StrObj {
    // SAFETY: see the parent module.
    unsafe {
        let text = Extra::of(p).ask_error.text().unwrap_or("").to_string();
        string::from_bytes(p, text.as_bytes())
    }
}
