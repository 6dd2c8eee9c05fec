//! Who runs what, when? Workers with work-stealing queues, woken when there is work.
//!
//! - [`worker`]: a worker's base loop and its queues;
//! - [`run`]: what a worker does on a carrier: take a process, give it its messages;
//! - [`wait`]: how a process waits and is woken;
//! - [`end`]: how a process ends;
//! - [`news`]: who is told of an end;
//! - [`remains`]: what ended processes leave behind;
//! - [`shutdown`]: how the program ends in order;
//! - [`idle`]: workers without work, and the end of the program;
//! - [`monitor`]: the thread that ends turns that last too long.

pub(crate) mod end;
pub(crate) mod idle;
pub(crate) mod monitor;
pub(crate) mod news;
pub(crate) mod remains;
pub(crate) mod run;
pub(crate) mod shutdown;
pub(crate) mod wait;
pub(crate) mod worker;

use std::sync::atomic::{
    AtomicBool, AtomicI64, AtomicPtr, AtomicU32,
    Ordering::{Relaxed, SeqCst},
};

use crossbeam_deque::{Injector, Stealer};

use crate::process::Process;
use idle::Idle;

/// A process in a queue.
#[derive(Clone, Copy)]
pub(crate) struct Queued(pub(crate) *mut Process);

// SAFETY: who takes it from the queue owns the process.
unsafe impl Send for Queued {}

/// What workers show each other.
pub(crate) struct Shared {
    stealer: Stealer<Queued>,
    /// A process to run before the queue, for it was just woken by the one that runs. Others may take it.
    run_next: AtomicPtr<Process>,
    /// The process that runs; null: none.
    current: AtomicPtr<Process>,
    /// Grows with every turn.
    turn: AtomicU32,
    /// Processes made here less those that ended here; written by the worker alone.
    living: AtomicI64,
    /// Waits with a time limit that began here less those that ended here; written by the worker alone.
    timed: AtomicI64,
    /// The worker has a driver.
    has_driver: AtomicBool,
    /// The worker is to look soon at what its driver has noticed.
    look_outside: AtomicBool,
    /// Timers are due: the worker lets them fire before it takes another process.
    look: AtomicBool,
    /// Time has passed: after one process just woken, the worker takes the next from its queue.
    from_queue: AtomicBool,
}

/// The workers' common ground.
pub(crate) struct Scheduler {
    workers: Box<[Shared]>,
    /// Queues that wait for their worker's thread to start.
    unstarted: std::sync::Mutex<Vec<Option<crossbeam_deque::Worker<Queued>>>>,
    injector: Injector<Queued>,
    pub(crate) idle: Idle,
    stopping: AtomicBool,
    monitor: monitor::Monitor,
}

impl Scheduler {
    pub(crate) fn new(workers: usize) -> Scheduler {
        let queues: Vec<_> = (0..workers).map(|_| crossbeam_deque::Worker::new_fifo()).collect();
        let shared = queues.iter().map(|queue| Shared {
            stealer: queue.stealer(),
            run_next: AtomicPtr::default(),
            current: AtomicPtr::default(),
            turn: AtomicU32::new(0),
            living: AtomicI64::new(0),
            timed: AtomicI64::new(0),
            has_driver: AtomicBool::new(false),
            look_outside: AtomicBool::new(false),
            look: AtomicBool::new(false),
            from_queue: AtomicBool::new(false),
        });
        Scheduler {
            workers: shared.collect(),
            unstarted: std::sync::Mutex::new(queues.into_iter().map(Some).collect()),
            injector: Injector::new(),
            idle: Idle::new(workers),
            stopping: AtomicBool::new(false),
            monitor: monitor::Monitor::new(),
        }
    }

    /// Whether a process stands in some queue.
    fn has_work(&self) -> bool {
        !self.injector.is_empty()
            || self
                .workers
                .iter()
                .any(|worker| !worker.stealer.is_empty() || !worker.run_next.load(Relaxed).is_null())
    }

    /// How many processes live. O(workers).
    pub(crate) fn living(&self) -> i64 {
        self.workers.iter().map(|worker| worker.living.load(Relaxed)).sum()
    }

    /// How many processes wait with a time limit; exact while all workers sleep. O(workers).
    pub(crate) fn timed_waits(&self) -> i64 {
        self.workers.iter().map(|worker| worker.timed.load(Relaxed)).sum()
    }

    /// How many processes stand in a worker's queue; `None`: there is no such worker.
    pub(crate) fn queued(&self, worker: usize) -> Option<usize> {
        let shared = self.workers.get(worker)?;
        Some(shared.stealer.len() + usize::from(!shared.run_next.load(Relaxed).is_null()))
    }

    /// Puts a process into the common queue, from any thread.
    pub(crate) fn inject(&self, rt: &'static crate::runtime::Runtime, p: *mut Process) {
        self.injector.push(Queued(p));
        self.idle.wake_one(rt);
    }

    fn stopping(&self) -> bool {
        self.stopping.load(SeqCst)
    }

    /// Makes sure that somebody looks at the clock at `moment`. Called after a timer was armed.
    pub(crate) fn watch_until(&self, moment: u64) {
        if self.idle.watches() {
            self.idle.wake_timekeeper(moment);
        } else {
            self.monitor.look_at(moment);
        }
    }

    /// Lets all workers end their loops.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, SeqCst);
        self.idle.wake_all();
        for worker in &self.workers {
            let current = worker.current.load(SeqCst);
            if !current.is_null() {
                // SAFETY: slots are never freed; a needless yield does no harm.
                unsafe { (*current).ctx.stack_limit.store(usize::MAX, Relaxed) };
            }
        }
        self.monitor.stop();
    }
}
