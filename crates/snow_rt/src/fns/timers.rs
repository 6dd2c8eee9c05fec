//! What compiled code calls about timers.

use crate::mailbox::Message;
use crate::process::{HAS_TIMERS, Process};
use crate::timer::What;

/// Arms a timer of `p`; its number.
///
/// # Safety
/// The caller runs `p`.
pub(crate) unsafe fn arm(p: *mut Process, ms: i64, what: What) -> i64 {
    // SAFETY: as the contract says.
    unsafe {
        (*p).flags |= HAS_TIMERS;
        let rt = Process::runtime(p);
        let moment = rt.clock.after_ms(ms);
        let reference = rt.timers.start(&rt.table, Process::pid(p), moment, what);
        rt.scheduler.watch_until(moment);
        reference
    }
}

unsafe fn pack(p: *mut Process, to: i64, desc: i64, message: *mut u8) -> *mut Message {
    // SAFETY: see the parent module.
    unsafe {
        let description = Process::desc(p, desc as u32);
        super::process::pack(p, to, desc as u32, description, message)
    }
}

/// `timer_send_after`
pub(crate) unsafe fn timer_send_after(
    p: *mut Process,
    pid: i64,
    ms: i64,
    desc: i64,
    message: *mut u8,
) -> i64 {
    // SAFETY: see the parent module.
    unsafe {
        let message = pack(p, pid, desc, message);
        arm(p, ms, What::Send(pid, message))
    }
}

/// `timer_send_every`
pub(crate) unsafe fn timer_send_every(
    p: *mut Process,
    pid: i64,
    ms: i64,
    desc: i64,
    message: *mut u8,
) -> i64 {
    // SAFETY: see the parent module.
    unsafe {
        let message = pack(p, pid, desc, message);
        let ms = ms.max(1);
        arm(p, ms, What::Repeat(pid, message, (ms as u64).saturating_mul(1_000_000)))
    }
}

/// `timer_start`
pub(crate) unsafe fn timer_start(p: *mut Process, ms: i64) -> i64 {
    // SAFETY: see the parent module.
    unsafe { arm(p, ms, What::Signal(Process::pid(p).0)) }
}

/// `timer_cancel`
pub(crate) unsafe fn timer_cancel(p: *mut Process, reference: i64) -> bool {
    // SAFETY: see the parent module.
    unsafe {
        let rt = Process::runtime(p);
        rt.timers.cancel(&rt.table, reference, Process::pool(p))
    }
}
