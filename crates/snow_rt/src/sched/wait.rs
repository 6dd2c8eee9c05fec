//! How a process waits and is woken.
//!
//! The order of a wait: the process arms its timer and is counted as a timed wait while it still runs; then its state goes
//! from running to idle, after which the waiting process may run elsewhere at once and isn't touched any more.

use std::sync::atomic::Ordering::SeqCst;

use super::worker::Worker;
use crate::clock::NEVER;
use crate::process::{IDLE, NOTIFIED, Process, QUEUED, RUNNING, TIMED};
use crate::sync::AtomicU32;

/// Tells a process that there is something to look at. Whether the caller must put it into a queue.
///
/// # Safety
/// `p` is a slot; who lives in it doesn't matter.
pub(crate) unsafe fn notify(p: *mut Process) -> bool {
    // SAFETY: slots are never freed; the state word may be touched by anybody.
    notify_word(unsafe { &(*p).state })
}

/// [`notify`] by the state word.
pub(crate) fn notify_word(state: &AtomicU32) -> bool {
    let mut old = state.load(SeqCst);
    loop {
        let new = match old {
            IDLE => QUEUED,
            RUNNING => NOTIFIED,
            _ => return false,
        };
        match state.compare_exchange_weak(old, new, SeqCst, SeqCst) {
            Ok(_) => return old == IDLE,
            Err(now) => old = now,
        }
    }
}

/// Lets a process wait until it is notified or its deadline. False: it was notified meanwhile and still belongs to the
/// caller.
///
/// # Safety
/// The caller owns `p`, and nothing of this worker runs on its carrier.
pub(crate) unsafe fn park(p: *mut Process) -> bool {
    // SAFETY: as the contract says; after the change of state `p` isn't touched.
    unsafe {
        let rt = Process::runtime(p);
        if (*p).deadline != NEVER {
            (*p).flags |= TIMED;
            Worker::count_timed((*p).worker, 1);
            (*(*p).worker).armed |= rt.timers.arm(p, rt.clock.now());
        }
        let parked = park_word(&(*p).state);
        if !parked {
            wait_over(p);
            (*p).state.store(RUNNING, SeqCst);
        }
        parked
    }
}

/// The change of state with which a wait begins; false: it was notified meanwhile.
pub(crate) fn park_word(state: &AtomicU32) -> bool {
    state.compare_exchange(RUNNING, IDLE, SeqCst, SeqCst).is_ok()
}

/// Notes that a wait is over.
///
/// # Safety
/// The caller owns `p`, which has a worker.
pub(crate) unsafe fn wait_over(p: *mut Process) {
    // SAFETY: as the contract says.
    unsafe {
        if (*p).flags & TIMED != 0 {
            (*p).flags &= !TIMED;
            Worker::count_timed((*p).worker, -1);
        }
    }
}

/// Puts a process whose turn is over at the end of the queue.
///
/// # Safety
/// The caller owns `p`.
pub(crate) unsafe fn requeue(w: *mut Worker, p: *mut Process) {
    // SAFETY: as the contract says.
    unsafe {
        (*p).state.store(QUEUED, SeqCst);
        Worker::push(w, p);
    }
}
