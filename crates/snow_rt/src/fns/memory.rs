//! What compiled code calls about memory and its stack.

use std::sync::atomic::Ordering::Relaxed;

use crate::carrier::{Carrier, Switch};
use crate::process::{FRESH, HAS_STACK, Process};
use crate::sched::worker::Worker;
use crate::{crash, heap, release as releasing, signals};

/// `alloc`: a cell or large object; contents undefined.
pub(crate) unsafe fn alloc(p: *mut Process, size: i64) -> *mut u8 {
    // SAFETY: see the parent module.
    unsafe { heap::alloc(p, size as usize) }
}

/// `release`: frees an object whose last reference was just dropped.
pub(crate) unsafe fn release(p: *mut Process, object: *mut u8) {
    // SAFETY: see the parent module.
    unsafe { releasing::release(p, object.cast()) }
}

/// `free_large`: takes back an object of more than the greatest small size; its references are dropped already.
pub(crate) unsafe fn free_large(p: *mut Process, object: *mut u8, size: i64) {
    // SAFETY: see the parent module.
    unsafe { heap::free(p, object, size as usize) }
}

/// `stack_check`: the stack pointer is below the limit: the stack is full, or the process's turn is over.
pub(crate) unsafe fn stack_check(p: *mut Process) {
    let here = 0_u8;
    // SAFETY: see the parent module; the process runs on its carrier.
    unsafe {
        let floor = Carrier::floor((*p).carrier);
        if (&raw const here as usize) < floor {
            crash::raise(p, "stack overflow".into(), None);
        }
        if !Worker::check_ends_turn((*p).worker, p) {
            return;
        }
        (*p).ctx.stack_limit.store(Worker::limit((*p).worker, (*p).carrier), Relaxed);
        turn_over(p);
        // The first check of all may stand in front of the first instruction.
        let fresh = (*p).flags & FRESH != 0;
        (*p).flags &= !FRESH;
        if !fresh {
            signals::poll(p);
        }
    }
}

/// Lets others run, in the middle of long work of the runtime, if the turn is over. Signals wait until the work is done, so
/// it may hold what must be dropped; but what it knows of its worker is out of date afterwards.
///
/// # Safety
/// The caller runs `p`.
#[inline]
pub(crate) unsafe fn breathe(p: *mut Process) {
    // SAFETY: as the contract says; a process without a carrier evaluates nothing long.
    unsafe {
        if (*p).ctx.stack_limit.load(Relaxed) == usize::MAX && !(*p).carrier.is_null() {
            (*p).ctx.stack_limit.store(Worker::limit((*p).worker, (*p).carrier), Relaxed);
            turn_over(p);
        }
    }
}

unsafe fn turn_over(p: *mut Process) {
    // SAFETY: the process runs on its carrier.
    unsafe {
        (*p).flags |= HAS_STACK;
        Carrier::switch((*p).carrier, Switch::Yielded(p));
        (*p).flags &= !HAS_STACK;
    }
}
