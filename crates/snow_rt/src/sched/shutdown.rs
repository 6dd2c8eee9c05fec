//! How does the program end in order? Top-level supervisors are stopped, the last started first; then all other processes
//! are asked to end, and those who have something left to do get a time limit.
//!
//! Only *attentive* processes, which have a `terminate` clause or trap exits, can notice an orderly end; while there are
//! none, the program ends at once. Otherwise a process of the runtime's own, the *ender*, does what is to be done.

use std::sync::Mutex;
use std::sync::atomic::{
    AtomicBool, AtomicI32, AtomicPtr, AtomicUsize,
    Ordering::{Relaxed, SeqCst},
};

use snow_abi::layout::{Ctx, NO_MESSAGES, RecvDesc, signal_kind, status};

use super::wait;
use super::worker::Worker;
use crate::fns;
use crate::long::Work;
use crate::process::{ATTENTIVE, NO_STATE, Process};
use crate::reason::ExitReason;
use crate::runtime::Runtime;
use crate::signals::{self, SENT_EXIT};

/// What telling one process to end costs, in bytes of [`Work`].
const COST: usize = 256;

/// How long all `terminate` clauses together may take at the end of the program.
const LIMIT_MS: i64 = 5000;

/// What is known of the program's end.
#[derive(Default)]
pub(crate) struct Ending {
    begun: AtomicBool,
    status: AtomicI32,
    /// Processes that notice an orderly end.
    attentive: AtomicUsize,
    /// Top-level supervisors, in order of their starts.
    supervisors: Mutex<Vec<i64>>,
    ender: AtomicPtr<Process>,
}

impl Ending {
    /// Whether the program is about to end.
    pub(crate) fn has_begun(&self) -> bool {
        self.begun.load(SeqCst)
    }

    /// Notes a top-level supervisor.
    pub(crate) fn add_supervisor(&self, pid: i64) {
        self.supervisors.lock().unwrap_or_else(|e| e.into_inner()).push(pid);
    }

    fn next_supervisor(&self) -> Option<i64> {
        self.supervisors.lock().unwrap_or_else(|e| e.into_inner()).pop()
    }
}

/// Notes that `p` notices an orderly end.
///
/// # Safety
/// The caller runs `p`.
pub(crate) unsafe fn be_attentive(p: *mut Process) {
    // SAFETY: as the contract says.
    unsafe {
        if (*p).flags & ATTENTIVE == 0 {
            (*p).flags |= ATTENTIVE;
            Process::runtime(p).ending.attentive.fetch_add(1, SeqCst);
        }
    }
}

/// Notes that a process that hasn't begun will notice an orderly end.
///
/// # Safety
/// The process isn't in a queue yet.
pub(crate) unsafe fn will_be_attentive(rt: &Runtime, child: *mut Process) {
    // SAFETY: as the contract says.
    unsafe { (*child).flags |= ATTENTIVE };
    rt.ending.attentive.fetch_add(1, SeqCst);
}

/// Notes that an attentive process has ended.
///
/// # Safety
/// `w` is this thread's worker.
pub(crate) unsafe fn one_less(w: *mut Worker) {
    // SAFETY: as the contract says; the ender never ends.
    unsafe {
        let ending = &(*w).rt.ending;
        ending.attentive.fetch_sub(1, SeqCst);
        let ender = ending.ender.load(SeqCst);
        if !ender.is_null() && wait::notify(ender) {
            Worker::push(w, ender);
        }
    }
}

/// Begins the end of the program, unless it has begun.
///
/// # Safety
/// `w` is this thread's worker.
pub(crate) unsafe fn begin(w: *mut Worker, status: i32) {
    // SAFETY: as the contract says.
    unsafe {
        if let Some(ender) = prepare((*w).rt, &mut (*w).slots, status) {
            Worker::push(w, ender);
        }
    }
}

/// [`begin`] for any thread: gives the ender, which the caller puts into a queue, if one is needed.
pub(crate) unsafe fn prepare(
    rt: &'static Runtime,
    slots: &mut crate::table::LocalSlots,
    status: i32,
) -> Option<*mut Process> {
    let ending = &rt.ending;
    if ending.begun.swap(true, SeqCst) {
        return None;
    }
    ending.status.store(status, SeqCst);
    if ending.attentive.load(SeqCst) == 0 {
        rt.finish(status);
        return None;
    }
    let (ender, slot) = rt.table.take(slots);
    // SAFETY: a free slot that was just taken.
    unsafe { Process::init(ender, slot, &raw const ENDER) };
    ending.ender.store(ender, SeqCst);
    Some(ender)
}

/// Nothing can run, and `main` has ended or the end has begun: the program ends.
///
/// # Safety
/// `w` is this thread's worker.
pub(crate) unsafe fn nothing_runs(w: *mut Worker) {
    // SAFETY: as the contract says.
    unsafe {
        let rt = (*w).rt;
        if rt.ending.has_begun() {
            return rt.finish(rt.ending.status.load(SeqCst));
        }
        begin(w, 0);
    }
}

static ENDER: RecvDesc = RecvDesc {
    handler: ender,
    state_desc: NO_STATE,
    msg_desc: NO_MESSAGES,
    name: ENDER_NAME.as_ptr(),
    name_len: ENDER_NAME.len(),
    fingerprint: 0,
    signals: 1 << signal_kind::DOWN,
    flags: 0,
    shape: std::ptr::null(),
};

const ENDER_NAME: &str = "end of the program";

unsafe extern "C" fn ender(ctx: *mut Ctx, _state: *mut u8, _message: *mut u8) -> i64 {
    let p = ctx.cast::<Process>();
    // SAFETY: the worker runs this process, which is on its carrier.
    unsafe {
        let rt = Process::runtime(p);
        while let Some(supervisor) = rt.ending.next_supervisor() {
            stop_supervisor(p, supervisor);
        }
        let me = Process::pid(p).0;
        let mut work = Work::new(p);
        rt.table.each(|other| {
            work.did(COST);
            let pid = (*other).pid.load(Relaxed);
            if pid != me {
                signals::send((*p).worker, SENT_EXIT, pid, (me, 0), &ExitReason::Shutdown);
            }
        });
        let deadline = rt.clock.after_ms(LIMIT_MS);
        while rt.ending.attentive.load(SeqCst) > 0 && rt.clock.now() < deadline {
            (*p).deadline = deadline;
            fns::block(p);
        }
        rt.finish(rt.ending.status.load(SeqCst));
    }
    status::DONE
}

unsafe fn stop_supervisor(p: *mut Process, supervisor: i64) {
    // SAFETY: see `ender`.
    unsafe {
        let me = Process::pid(p).0;
        fns::proc_monitor(p, supervisor);
        signals::send((*p).worker, SENT_EXIT, supervisor, (me, 0), &ExitReason::Shutdown);
        fns::recv_start(p, -1);
        fns::recv_signals(p, 1 << signal_kind::DOWN);
        fns::recv_next(p);
        fns::recv_take(p);
    }
}
