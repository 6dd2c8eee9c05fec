//! The thread that ends turns that last too long: it sets the stack limit of a process that it has seen in the same turn twice
//! to the maximum, so that compiled code calls the runtime at its next check.
//!
//! It sleeps while no worker runs anything, so an idle program uses no processor time. It also hands a process that was
//! woken by a long-running one to another worker, and lets timers fire when all running workers are busy.

use std::sync::atomic::{
    AtomicBool,
    Ordering::{Relaxed, SeqCst},
};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use super::Queued;
use crate::runtime::Runtime;

/// How often the monitor looks.
pub(crate) const TICK: Duration = Duration::from_micros(2500);
/// Ticks without any running process after which the monitor sleeps.
const IDLE_TICKS: u32 = 20;

/// The monitor's way of being woken.
pub(crate) struct Monitor {
    started: AtomicBool,
    asleep: AtomicBool,
    lock: Mutex<()>,
    wake: Condvar,
}

impl Monitor {
    pub(crate) fn new() -> Monitor {
        Monitor {
            started: AtomicBool::new(false),
            asleep: AtomicBool::new(false),
            lock: Mutex::new(()),
            wake: Condvar::new(),
        }
    }

    /// Makes sure that the monitor watches. Called when a process is made.
    pub(crate) fn ensure(rt: &'static Runtime) {
        let monitor = &rt.scheduler.monitor;
        // In a simulation, the seed ends turns.
        if rt.options.sim.is_some() {
            return;
        }
        if !monitor.started.load(Relaxed) && !monitor.started.swap(true, SeqCst) {
            let started = std::thread::Builder::new().name("snow-monitor".into()).spawn(move || watch(rt));
            if let Err(error) = started {
                crate::io::fatal(&format!("can't start the monitor thread: {error}"));
            }
        }
    }

    /// Wakes the monitor if it sleeps, since a process runs.
    #[inline]
    pub(crate) fn wake(&self) {
        if self.asleep.load(SeqCst) {
            self.stop();
        }
    }

    /// Ends the monitor's sleep.
    #[cold]
    pub(crate) fn stop(&self) {
        let _guard = self.lock.lock().unwrap_or_else(|e| e.into_inner());
        self.asleep.store(false, SeqCst);
        self.wake.notify_one();
    }
}

fn watch(rt: &'static Runtime) {
    let mut seen = vec![0; rt.options.workers];
    let mut idle_ticks = 0;
    while !rt.scheduler.stopping() {
        std::thread::sleep(TICK);
        idle_ticks = if tick(rt, &mut seen) { 0 } else { idle_ticks + 1 };
        if idle_ticks >= IDLE_TICKS {
            sleep_until_woken(rt);
            idle_ticks = 0;
        }
    }
}

fn sleep_until_woken(rt: &'static Runtime) {
    let monitor = &rt.scheduler.monitor;
    let mut guard = monitor.lock.lock().unwrap_or_else(|e| e.into_inner());
    monitor.asleep.store(true, SeqCst);
    if rt.scheduler.workers.iter().any(|worker| !worker.current.load(SeqCst).is_null()) {
        monitor.asleep.store(false, SeqCst);
    }
    while monitor.asleep.load(SeqCst) && !rt.scheduler.stopping() {
        guard = monitor.wake.wait(guard).unwrap_or_else(|e| e.into_inner());
    }
}

/// Looks at every worker once. Whether any runs something.
fn tick(rt: &'static Runtime, seen: &mut [u32]) -> bool {
    let mut busy = false;
    for (worker, seen) in rt.scheduler.workers.iter().zip(seen) {
        let current = worker.current.load(Relaxed);
        if current.is_null() {
            continue;
        }
        busy = true;
        // SAFETY: slots are never freed; a sample that hits the next process of the slot is a wrong one of many.
        unsafe { (*current).run_ticks.fetch_add(1, Relaxed) };
        let turn = worker.turn.load(Relaxed);
        if turn != *seen {
            *seen = turn;
            continue;
        }
        // SAFETY: slots are never freed; if another turn has begun meanwhile, it yields once without need.
        unsafe { (*current).ctx.stack_limit.store(usize::MAX, Relaxed) };
        let moved = rt.scheduler.idle.undisturbed(|| {
            let woken = worker.run_next.swap(std::ptr::null_mut(), SeqCst);
            if !woken.is_null() {
                rt.scheduler.injector.push(Queued(woken));
            }
            !woken.is_null()
        });
        if moved {
            rt.scheduler.idle.wake_one(rt);
        }
    }
    if rt.timers.next() <= rt.clock.now() {
        rt.scheduler.idle.wake_one(rt);
    }
    busy
}
