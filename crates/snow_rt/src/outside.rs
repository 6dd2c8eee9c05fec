//! How does a process wait for what happens outside of all processes: a file, a pipe, another program?
//!
//! Protocol. An [`Operation`] is shared by the process that waits and by whoever carries the operation out, on any thread,
//! who holds its [`Completion`].
//! - The process puts its share into its extra part before anything is begun, so that nothing on its stack needs dropping:
//!   it may be ended at any wake. Then it waits like in any `receive` in the middle of a computation.
//! - Who carries it out stores the value first, then sets `done`, then notifies the process by its pid. A pid that is no
//!   process's any more is nobody; a process that is notified without need looks at `done` and waits on.
//! - While its share is in the extra part, the operation counts as pending work. The count is lowered by the process, or
//!   by the worker that ends it, never by who carries it out: so when all workers sleep, a count of zero means that
//!   nothing will be queued from outside.
//! - A process that ends, or turns to its `terminate` clause, drops its share: the operation is cancelled where that can be
//!   done, otherwise it goes on, and its value is dropped with the last share.
//!
//! In a simulation, the worker's thread waits for the value on the spot, so that nothing outside chooses the order of events.

use std::any::Any;
use std::cell::Cell;
use std::ptr::null_mut;
use std::sync::atomic::{
    AtomicBool, AtomicUsize,
    Ordering::{Acquire, Relaxed, Release, SeqCst},
};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Thread;
use std::time::{Duration, Instant};

use crate::clock::NEVER;
use crate::extra::Extra;
use crate::fns;
use crate::process::{Pid, Process};
use crate::runtime::Runtime;
use crate::sched::wait;
use crate::sched::worker::Worker;

/// What the runtime knows of the world outside.
#[derive(Default)]
pub(crate) struct Outside {
    /// Operations that some process waits for.
    pending: AtomicUsize,
    /// A simulation has said that it depends on more than its seed.
    noted: AtomicBool,
    /// A simulation has said that it stands still.
    stood_still: AtomicBool,
    /// What is to be done before the program ends.
    at_end: Mutex<Vec<fn()>>,
}

impl Outside {
    /// Whether some process waits for something outside.
    pub(crate) fn is_pending(&self) -> bool {
        self.pending.load(SeqCst) > 0
    }

    /// Notes what is to be done before the program ends.
    pub(crate) fn at_end(&self, act: fn()) {
        self.at_end.lock().unwrap_or_else(PoisonError::into_inner).push(act);
    }

    /// The program ends.
    pub(crate) fn end(&self) {
        for act in std::mem::take(&mut *self.at_end.lock().unwrap_or_else(PoisonError::into_inner)) {
            act();
        }
    }
}

/// Something under way.
struct Operation<T> {
    rt: &'static Runtime,
    pid: Pid,
    /// The thread that waits on the spot.
    waits: Option<Thread>,
    value: Mutex<Option<T>>,
    done: AtomicBool,
}

/// The right to end a wait with a value.
pub struct Completion<T>(Arc<Operation<T>>);

/// Cancels an operation whose process doesn't wait any more, or has its value already.
pub type Cancel = Box<dyn FnOnce()>;

/// The share of the process that waits.
pub(crate) struct Pending {
    rt: &'static Runtime,
    _share: Arc<dyn Any>,
    cancel: Option<Cancel>,
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.rt.outside.pending.fetch_sub(1, SeqCst);
        if let Some(cancel) = self.cancel.take() {
            cancel();
        }
    }
}

impl<T> Completion<T> {
    /// Ends the wait.
    pub fn complete(self, value: T) {
        let operation = self.0;
        *operation.value.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        operation.done.store(true, Release);
        match &operation.waits {
            Some(thread) => thread.unpark(),
            None => wake(operation.rt, operation.pid),
        }
    }
}

thread_local! {
    /// This thread's worker; null: it is no worker's.
    static WORKER: Cell<*mut Worker> = const { Cell::new(null_mut()) };
}

/// Makes `w` this thread's worker.
pub(crate) fn enter(w: *mut Worker) {
    WORKER.set(w);
}

/// Notifies a process, from any thread. On a worker's thread, that worker runs it next.
// Out of line, so that the thread-local address isn't kept across a switch.
#[inline(never)]
pub(crate) fn wake(rt: &'static Runtime, pid: Pid) {
    let p = rt.table.slot(pid);
    // SAFETY: slots are never freed; who is woken by mistake waits on. A worker's thread may touch its worker.
    unsafe {
        if p.is_null() || (*p).pid.load(SeqCst) != pid.0 || !wait::notify(p) {
            return;
        }
        let w = WORKER.get();
        if !w.is_null() && std::ptr::eq((*w).rt, rt) {
            Worker::push_next(w, p);
            Worker::rouse(w);
        } else {
            rt.scheduler.inject(rt, p);
        }
    }
}

/// Begins an operation with `start`, which may say how it is cancelled, and waits for its value.
///
/// # Safety
/// The caller runs `p` and holds nothing that needs dropping, since `p` may be ended here.
pub(crate) unsafe fn wait_for<T: 'static>(
    p: *mut Process,
    start: impl FnOnce(Completion<T>) -> Option<Cancel>,
) -> T {
    // SAFETY: as the contract says; the operation lives while its share is in the extra part.
    unsafe {
        let operation = begin(p, start);
        let limit = std::mem::replace(&mut (*p).deadline, NEVER);
        while !(*operation).done.load(Acquire) {
            match (*operation).waits {
                Some(_) => wait_on_the_spot(p, &*operation),
                None => fns::block(p),
            }
        }
        (*p).deadline = limit;
        let value = (*operation).value.lock().unwrap_or_else(PoisonError::into_inner).take();
        Extra::of(p).pending = None;
        let Some(value) = value else { crate::io::internal_error("an operation ended without a value") };
        value
    }
}

/// How long a simulation stands still before it says so.
const PATIENCE: Duration = Duration::from_secs(1);

/// Waits until the operation is done; nothing else runs. It may be waiting for what some other process was to do.
unsafe fn wait_on_the_spot<T>(p: *mut Process, operation: &Operation<T>) {
    let begun = Instant::now();
    while !operation.done.load(Acquire) {
        let stood_still = &operation.rt.outside.stood_still;
        let left = PATIENCE.saturating_sub(begun.elapsed());
        if stood_still.load(Relaxed) {
            std::thread::park();
        } else if !left.is_zero() {
            std::thread::park_timeout(left);
        } else {
            stood_still.store(true, Relaxed);
            // SAFETY: the caller runs the process.
            let (pid, name) = unsafe { (Process::pid(p), Process::name(p)) };
            let text = format!(
                "snow: SNOW_SIM: process {pid} ({name}) waits for something outside of the program; nothing else runs meanwhile\n"
            );
            crate::io::eprint(text.as_bytes());
        }
    }
}

/// Puts a share into the process's extra part, then begins.
unsafe fn begin<T: 'static>(
    p: *mut Process,
    start: impl FnOnce(Completion<T>) -> Option<Cancel>,
) -> *const Operation<T> {
    // SAFETY: see `wait_for`.
    unsafe {
        let rt = Process::runtime(p);
        let operation = Arc::new(Operation {
            rt,
            pid: Process::pid(p),
            waits: rt.options.sim.map(|_| std::thread::current()),
            value: Mutex::new(None),
            done: AtomicBool::new(false),
        });
        let address = Arc::as_ptr(&operation);
        rt.outside.pending.fetch_add(1, SeqCst);
        Extra::of(p).pending = Some(Pending { rt, _share: operation.clone(), cancel: None });
        let cancel = start(Completion(operation));
        if let Some(pending) = &mut Extra::of(p).pending {
            pending.cancel = cancel;
        }
        address
    }
}

/// Says, once, that a simulation uses something outside of its promise.
pub(crate) fn note_outside(rt: &'static Runtime, what: &str) {
    if rt.options.sim.is_some() && !rt.outside.noted.swap(true, SeqCst) {
        let text = format!(
            "snow: SNOW_SIM: this program uses {what}; a run repeats only if that gives the same again\n"
        );
        crate::io::eprint(text.as_bytes());
    }
}
