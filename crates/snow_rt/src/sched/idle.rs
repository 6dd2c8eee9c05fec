//! Workers without work: who sleeps, who is woken, who watches the clock, and when the program is over.
//!
//! Protocol: a worker that finds nothing enters the list of sleepers, then looks at all queues once more, then sleeps; who
//! queues a process looks at the number of sleepers afterwards. Both sides have a sequentially consistent fence in between,
//! so one sees the other. The list, and with it the right to wake, is under the lock.
//!
//! When all workers are in the list and all queues are empty, nothing runs and nothing can be queued, except by timers,
//! which only workers fire, and from outside, while some process waits for that ([`crate::outside`]). So whoever enters last
//! knows exactly whether the program is over.

use std::sync::atomic::{
    AtomicU64,
    Ordering::{Relaxed, SeqCst},
};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use super::worker::Worker;
use crate::clock::NEVER;
use crate::process::DEADLOCKED;
use crate::runtime::Runtime;
use crate::sched::{shutdown, wait};
use crate::sync::{AtomicUsize, fence};

/// How many workers sleep, for a look without the lock.
pub(crate) struct Sleepers(AtomicUsize);

impl Sleepers {
    pub(crate) fn new(count: usize) -> Sleepers {
        Sleepers(AtomicUsize::new(count))
    }

    /// Says how many sleep from now on. The caller holds the list's lock.
    fn tell(&self, count: usize) {
        self.0.store(count, SeqCst);
    }

    /// Said by who goes to sleep: behind this, a look at a queue finds what was put there by anyone to whom
    /// [`Sleepers::any`] said no.
    pub(crate) fn enter(&self, count: usize) {
        self.tell(count);
        fence(SeqCst);
    }

    /// Asked by who has put something into a queue: whether somebody sleeps who may not have seen it.
    pub(crate) fn any(&self) -> bool {
        fence(SeqCst);
        self.0.load(Relaxed) != 0
    }
}

/// Workers without work.
pub(crate) struct Idle {
    /// The length of `list.sleepers`.
    count: Sleepers,
    /// Until when the timekeeper sleeps; [`NEVER`]: nobody watches the clock.
    watched: AtomicU64,
    list: Mutex<List>,
}

struct List {
    sleepers: Vec<usize>,
    /// What wakes each worker; none: its thread isn't started yet.
    wakers: Vec<Option<Waker>>,
    /// The sleeper that wakes for the next timer.
    timekeeper: Option<usize>,
}

impl Idle {
    /// All but the first worker sleep until they are needed.
    pub(crate) fn new(workers: usize) -> Idle {
        Idle {
            count: Sleepers::new(workers - 1),
            watched: AtomicU64::new(NEVER),
            list: Mutex::new(List {
                sleepers: (1..workers).rev().collect(),
                wakers: vec![None; workers],
                timekeeper: None,
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// Moves a process between queues while nobody can conclude that the queues are empty.
    pub(crate) fn undisturbed(&self, f: impl FnOnce() -> bool) -> bool {
        let _list = self.lock();
        f()
    }

    /// Wakes a sleeper, since there is something to do; false: none sleeps. Cheap then.
    pub(crate) fn wake_one(&self, rt: &'static Runtime) -> bool {
        if !self.count.any() {
            return false;
        }
        let mut list = self.lock();
        let Some(index) = list.sleepers.pop() else { return false };
        self.count.tell(list.sleepers.len());
        match &list.wakers[index] {
            Some(waker) => waker.wake_by_ref(),
            None => start_worker(rt, index),
        }
        true
    }

    /// Whether a worker sleeps.
    pub(crate) fn anybody(&self) -> bool {
        self.count.any()
    }

    /// Whether a sleeper watches the clock.
    pub(crate) fn watches(&self) -> bool {
        fence(SeqCst);
        self.watched.load(SeqCst) != NEVER
    }

    /// Wakes the sleeper that watches the clock, if its moment is later than this one.
    pub(crate) fn wake_timekeeper(&self, moment: u64) {
        if self.watched.load(SeqCst) <= moment {
            return;
        }
        let list = self.lock();
        if let Some(waker) = list.timekeeper.and_then(|index| list.wakers[index].as_ref()) {
            waker.wake_by_ref();
        }
    }

    /// Wakes all, since the program is over.
    pub(crate) fn wake_all(&self) {
        for waker in self.lock().wakers.iter().flatten() {
            waker.wake_by_ref();
        }
    }

    /// Lets the running worker `index` be woken so from now on.
    pub(crate) fn set_waker(&self, index: usize, waker: Waker) {
        self.lock().wakers[index] = Some(waker);
    }
}

/// Wakes a worker that sleeps by itself, without a driver.
struct ParkedThread(Thread);

impl Wake for ParkedThread {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn start_worker(rt: &'static Runtime, index: usize) {
    let started = std::thread::Builder::new().name(format!("snow-worker-{index}")).spawn(move || {
        let w = Worker::new(rt, index);
        // SAFETY: it is this thread's worker.
        unsafe { Worker::run(w) };
    });
    if let Err(error) = started {
        crate::io::fatal(&format!("can't start a worker thread: {error}"));
    }
}

/// Lets the worker sleep until there may be work; finds out when the program is over.
///
/// # Safety
/// `w` is this thread's worker; nothing runs on it.
pub(crate) unsafe fn park(w: *mut Worker) {
    // SAFETY: as the contract says.
    let (rt, index) = unsafe { ((*w).rt, (*w).index) };
    let idle = &rt.scheduler.idle;
    {
        let mut list = idle.lock();
        list.sleepers.push(index);
        idle.count.enter(list.sleepers.len());
        if list.wakers[index].is_none() {
            list.wakers[index] = Some(Arc::new(ParkedThread(std::thread::current())).into());
        }
    }
    if rt.scheduler.has_work() || rt.scheduler.stopping() {
        return leave_list(rt, index);
    }
    rt.output.flush();
    let mut list = idle.lock();
    let all_sleep = list.sleepers.len() == rt.options.workers;
    if all_sleep && !rt.scheduler.has_work() && !rt.has_pending_work() {
        // SAFETY: nothing runs anywhere.
        return unsafe { nothing_can_run(w, list) };
    }
    let next = rt.timers.next();
    if next != NEVER && rt.clock.pass(next) {
        leave(idle, &mut list, index);
        return;
    }
    let watches = list.timekeeper.is_none() && next != NEVER;
    if watches {
        list.timekeeper = Some(index);
        idle.watched.store(next, SeqCst);
    }
    drop(list);
    // SAFETY: this thread's worker. What it has armed is known from here on; when it wakes, it knows that nobody watches for it.
    let armed = unsafe { std::mem::replace(&mut (*w).armed, watches) };
    if armed && !watches {
        idle.wake_timekeeper(next);
    }
    if watches {
        let earlier = rt.timers.next() < next;
        let now = rt.clock.now();
        if !earlier && next > now {
            // SAFETY: as the contract says.
            unsafe { Worker::sleep(w, Some(Duration::from_nanos(next - now))) };
        }
    } else {
        // SAFETY: as the contract says.
        unsafe { Worker::sleep(w, None) };
    }
    leave_list(rt, index);
}

fn leave_list(rt: &Runtime, index: usize) {
    let idle = &rt.scheduler.idle;
    leave(idle, &mut idle.lock(), index);
}

fn leave(idle: &Idle, list: &mut List, index: usize) {
    list.sleepers.retain(|&sleeper| sleeper != index);
    idle.count.tell(list.sleepers.len());
    if list.timekeeper == Some(index) {
        list.timekeeper = None;
        idle.watched.store(NEVER, SeqCst);
    }
}

/// The program is over, or `main` waits for what can't come.
unsafe fn nothing_can_run(w: *mut Worker, mut list: MutexGuard<'_, List>) {
    // SAFETY: all workers sleep, so this one may look at `main`, which waits or has ended.
    unsafe {
        let (rt, index) = ((*w).rt, (*w).index);
        leave(&rt.scheduler.idle, &mut list, index);
        if rt.main_done.load(SeqCst) || rt.ending.has_begun() {
            drop(list);
            return shutdown::nothing_runs(w);
        }
        let main = rt.main.load(SeqCst);
        (*main).flags |= DEADLOCKED;
        let woken = wait::notify(main);
        drop(list);
        if woken {
            Worker::push_next(w, main);
        }
    }
}
