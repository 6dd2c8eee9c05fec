//! What compiled code calls about links, monitors, exits and the `terminate` clause.

use std::sync::atomic::Ordering::SeqCst;

use snow_abi::layout::{RecvDesc, StrObj};

use crate::extra::Extra;
use crate::heap;
use crate::mailbox::Message;
use crate::process::{DYING, Process, SUPERVISED, SUPERVISOR, TERMINATING, TRAPS};
use crate::reason::ExitReason;
use crate::relations::{living, of_living};
use crate::release::{drop_ref, drop_refs};
use crate::sched::{end, shutdown};
use crate::signals::{self, LINK_EXIT, RAW_DOWN, SENT_EXIT};
use crate::string;

/// `proc_link`
pub(crate) unsafe fn proc_link(p: *mut Process, pid: i64) {
    // SAFETY: see the parent module.
    unsafe {
        let (rt, me) = (Process::runtime(p), Process::pid(p).0);
        if pid == me {
            return;
        }
        of_living(rt, me, |r| r.links.insert(pid));
        if of_living(rt, pid, |r| r.links.insert(me)).is_none() {
            signals::send((*p).worker, LINK_EXIT, me, (pid, 0), &ExitReason::NoProcess);
            signals::poll(p);
        }
    }
}

/// `proc_unlink`
pub(crate) unsafe fn proc_unlink(p: *mut Process, pid: i64) {
    // SAFETY: see the parent module.
    unsafe {
        // What came before takes effect.
        signals::poll(p);
        let (rt, me) = (Process::runtime(p), Process::pid(p).0);
        rt.relations.existing(me, |r| r.links.remove(&pid));
        rt.relations.existing(pid, |r| r.links.remove(&me));
    }
}

/// `proc_monitor`
pub(crate) unsafe fn proc_monitor(p: *mut Process, pid: i64) -> i64 {
    // SAFETY: see the parent module.
    unsafe {
        let (rt, me) = (Process::runtime(p), Process::pid(p).0);
        let reference = rt.last_reference.fetch_add(1, SeqCst) + 1;
        of_living(rt, me, |r| r.watching.insert(reference, pid));
        if of_living(rt, pid, |r| r.watchers.insert(reference, me)).is_none() {
            signals::send((*p).worker, RAW_DOWN, me, (pid, reference), &ExitReason::NoProcess);
        }
        reference
    }
}

/// `proc_demonitor`: also takes a `:down` of it out of the mailbox.
pub(crate) unsafe fn proc_demonitor(p: *mut Process, reference: i64) {
    // SAFETY: see the parent module.
    unsafe {
        let (rt, me) = (Process::runtime(p), Process::pid(p).0);
        let target = rt.relations.existing(me, |r| r.watching.remove(&reference)).flatten();
        if let Some(target) = target {
            return end::unwatch(rt, target, reference);
        }
        let message = (*p).mailbox.take_if(|m| signals::down_reference(m) == Some(reference));
        if !message.is_null() {
            let text = signals::text_ref(message);
            if !text.is_null() {
                drop_ref(p, text.cast());
            }
            Message::free(Process::pool(p), message);
        }
    }
}

/// `proc_trap_exit`
pub(crate) unsafe fn proc_trap_exit(p: *mut Process, on: bool) {
    // SAFETY: see the parent module.
    unsafe {
        if on {
            (*p).flags |= TRAPS;
            shutdown::be_attentive(p);
        } else {
            (*p).flags &= !TRAPS;
        }
    }
}

/// `proc_exit`
pub(crate) unsafe fn proc_exit(p: *mut Process, pid: i64, kind: i64, text: *mut StrObj) {
    // SAFETY: see the parent module.
    unsafe {
        let me = Process::pid(p).0;
        let reason = ExitReason::new(kind, string::text(text).to_string());
        if pid != me {
            signals::send((*p).worker, SENT_EXIT, pid, (me, 0), &reason);
            return drop(reason);
        }
        let kills = reason == ExitReason::Killed;
        let message = signals::exit_signal(p, signals::by(me, false), reason, kills);
        if let Some(message) = message {
            (*p).mailbox.append(message);
            (*p).mailbox.count_left(-1);
        }
        if (*p).flags & DYING != 0 {
            signals::poll(p);
        }
    }
}

/// `proc_is_alive`
pub(crate) unsafe fn proc_is_alive(p: *mut Process, pid: i64) -> bool {
    // SAFETY: see the parent module.
    unsafe { living(Process::runtime(p), pid).is_some() }
}

/// `set_terminate`: room for the parameters of the clause that runs at the process's end.
pub(crate) unsafe fn set_terminate(p: *mut Process, recv: *mut u8) -> *mut u8 {
    // SAFETY: see the parent module; the parameters of an earlier call are there and are owned by this part.
    unsafe {
        let recv: *const RecvDesc = recv.cast();
        if (*p).flags & TERMINATING != 0 {
            crate::io::internal_error("a terminate clause calls an actor");
        }
        if recv.is_null() {
            let extra = Extra::of(p);
            if !extra.terminate.is_null() {
                let desc = Process::desc(p, (*extra.terminate).state_desc);
                drop_refs(p, extra.parameters, desc);
                extra.terminate = std::ptr::null();
            }
            return std::ptr::null_mut();
        }
        shutdown::be_attentive(p);
        let extra = Extra::of(p);
        let size = Process::desc(p, (*recv).state_desc).size as usize;
        let (old, old_bytes) = (extra.parameters, extra.parameter_bytes);
        if !extra.terminate.is_null() {
            drop_refs(p, old, Process::desc(p, (*extra.terminate).state_desc));
        }
        extra.terminate = recv;
        if old_bytes < size.max(1) {
            if !old.is_null() {
                heap::free(p, old, old_bytes);
            }
            extra.parameters = heap::alloc(p, size.max(1));
            extra.parameter_bytes = size.max(1);
        }
        extra.parameters
    }
}

/// `proc_mark_supervisor`
pub(crate) unsafe fn proc_mark_supervisor(p: *mut Process) {
    // SAFETY: see the parent module.
    unsafe {
        let flags = (*p).flags;
        (*p).flags |= SUPERVISOR;
        shutdown::be_attentive(p);
        if flags & (SUPERVISOR | SUPERVISED) == 0 {
            Process::runtime(p).ending.add_supervisor(Process::pid(p).0);
        }
    }
}

/// `proc_set_slot`
pub(crate) unsafe fn proc_set_slot(p: *mut Process, value: i64) {
    // SAFETY: see the parent module.
    unsafe { Extra::of(p).slot = value }
}

/// `proc_slot`
pub(crate) unsafe fn proc_slot(p: *mut Process) -> i64 {
    // SAFETY: see the parent module.
    unsafe { Extra::existing(p).map_or(0, |extra| extra.slot) }
}
