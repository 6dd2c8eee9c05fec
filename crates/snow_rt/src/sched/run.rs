//! What a worker does on a carrier: take a process, give it its messages by plain calls, until something needs a switch.

use std::ptr::null_mut;
use std::sync::atomic::Ordering::Relaxed;

use snow_abi::layout::status;

use super::worker::Worker;
use super::{end, wait};
use crate::carrier::{Carrier, Switch};
use crate::clock::NEVER;
use crate::crash;
use crate::extra::Extra;
use crate::mailbox::Message;
use crate::process::{DEADLOCKED, FRESH, HAS_STACK, Process, STARTING, TERMINATING};
use crate::reason::ExitReason;
use crate::signals;

/// Messages that a process handles in one turn.
const MESSAGES_PER_TURN: u32 = 1000;

/// The code of every carrier. Never returns.
///
/// # Safety
/// Runs on `carrier`.
pub(crate) unsafe fn run_processes(carrier: *mut Carrier) {
    loop {
        // SAFETY: the worker is the one whose base loop resumed the carrier last; what it picks is its own.
        unsafe {
            let w = (*carrier).worker;
            let p = if (*w).rt.scheduler.stopping() { null_mut() } else { Worker::pick(w) };
            if p.is_null() {
                Carrier::switch(carrier, Switch::Idle);
                continue;
            }
            Worker::begin(w, p);
            if (*p).flags & HAS_STACK != 0 {
                Carrier::switch(carrier, Switch::Resume(p));
                continue;
            }
            (*p).carrier = carrier;
            (*p).ctx.stack_limit.store(Worker::limit(w, carrier), Relaxed);
            run_turn(carrier, p);
        }
    }
}

/// What a process does next.
enum Next {
    Go,
    TurnOver,
    Waits,
    Ended,
}

/// Gives `p` its messages until it waits, ends, or has had its turn.
unsafe fn run_turn(carrier: *mut Carrier, p: *mut Process) {
    // SAFETY: the worker owns `p`, which runs on this carrier; a process that waits or is queued isn't touched again.
    unsafe {
        let mut left = MESSAGES_PER_TURN;
        // A process that is told to end before it has begun begins all the same, so that it gets to its `terminate` clause.
        let mut next = if (*p).flags & STARTING != 0 {
            start(p)
        } else {
            signals::poll(p);
            Next::Go
        };
        loop {
            match next {
                Next::Go => {}
                Next::Waits => return,
                Next::TurnOver => {
                    let w = (*carrier).worker;
                    Worker::leave(w);
                    return wait::requeue(w, p);
                }
                Next::Ended => {
                    return end::exit((*carrier).worker, p, ExitReason::Normal);
                }
            }
            if left == 0 || (*p).ctx.stack_limit.load(Relaxed) == usize::MAX {
                next = Next::TurnOver;
                continue;
            }
            left -= 1;
            next = step(p);
        }
    }
}

/// Runs the process's first code.
unsafe fn start(p: *mut Process) -> Next {
    // SAFETY: see `run_turn`.
    unsafe {
        (*p).flags = (*p).flags & !STARTING | FRESH;
        let recv = &*(*p).recv;
        if (*p).flags & TERMINATING != 0 {
            let parameters = Extra::of(p).parameters;
            return answer(p, (recv.handler)(&raw mut (*p).ctx, parameters, null_mut()));
        }
        let message = (*p).offered;
        if !message.is_null() {
            (*p).offered = null_mut();
            Process::unpack(p, message);
            let size = Process::desc(p, recv.state_desc).size as usize;
            let state = Process::save_room(p, size);
            std::ptr::copy_nonoverlapping(Message::value(message), state, size);
            Message::free(Process::pool(p), message);
        }
        answer(p, (recv.handler)(&raw mut (*p).ctx, Process::saved(p), null_mut()))
    }
}

/// Offers the next message, or the end of the time limit, to the handler; waits when there is neither.
unsafe fn step(p: *mut Process) -> Next {
    // SAFETY: see `run_turn`; a message in `offered` is out of the queue until it is put back or freed.
    unsafe {
        let recv = &*(*p).recv;
        if signals::candidate(p, recv.signals).is_null() {
            return time_out_or_wait(p);
        }
        let message = (*p).mailbox.take();
        Process::unpack(p, message);
        (*p).offered = message;
        (*p).seen_kind = (*message).kind;
        let status = (recv.handler)(&raw mut (*p).ctx, Process::saved(p), Message::value(message));
        (*p).offered = null_mut();
        if status == status::UNMATCHED {
            (*p).mailbox.put_back(message);
            return Next::Go;
        }
        Message::free(Process::pool(p), message);
        (*(*p).worker).plain_calls += 1;
        answer(p, status)
    }
}

unsafe fn time_out_or_wait(p: *mut Process) -> Next {
    // SAFETY: see `run_turn`.
    unsafe {
        if (*p).flags & DEADLOCKED != 0 {
            crash::deadlock(p);
        }
        let rt = Process::runtime(p);
        if (*p).deadline != NEVER && (*p).deadline <= rt.clock.now() {
            (*p).deadline = NEVER;
            let recv = &*(*p).recv;
            return answer(p, (recv.handler)(&raw mut (*p).ctx, Process::saved(p), null_mut()));
        }
        Worker::leave((*p).worker);
        if wait::park(p) {
            return Next::Waits;
        }
        Worker::begin((*p).worker, p);
        Next::Go
    }
}

/// What a handler's answer means.
unsafe fn answer(p: *mut Process, status: i64) -> Next {
    // SAFETY: see `run_turn`.
    unsafe {
        if !(*p).taken.is_null() {
            Message::free(Process::pool(p), (*p).taken);
            (*p).taken = null_mut();
        }
    }
    match status {
        status::DONE => Next::Ended,
        status::WAITING => Next::Go,
        _ => crate::io::internal_error(&format!("a handler answered {status}")),
    }
}
