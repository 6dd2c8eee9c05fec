//! The thread that ends turns that last too long: it sets the stack limit of a process that it has seen in the same turn twice
//! to the maximum, so that compiled code calls the runtime at its next check.
//!
//! It sleeps while no worker runs anything, so an idle program uses no processor time. It also hands a process that was
//! woken by a long-running one to another worker, and while no sleeping worker watches the clock, it does: when timers
//! are due, it wakes a worker, or lets a busy one end its turn and look. Busy workers that have a driver look outside at every tick.
//!
//! Protocol: `planned` is the moment at which it will look by itself; who arms a timer for an earlier one (and knows of
//! nobody else who watches the clock) lowers it and wakes the monitor, which plans anew: it publishes its plan, then looks at
//! the timers once more, so either it or the other side sees the other's store (all `SeqCst`). While it sleeps for long
//! or thinks, `planned` is 0. `asleep` stands in the same relation to the workers' `current`.

use std::sync::OnceLock;
use std::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{Relaxed, SeqCst},
};
use std::thread::Thread;
use std::time::Duration;

use super::{Queued, Shared};
use crate::runtime::Runtime;

/// How often the monitor looks for long turns.
pub(crate) const TICK: Duration = Duration::from_micros(2500);
const TICK_NANOS: u64 = TICK.as_nanos() as u64;
/// How often it looks at the clock at most.
const PAUSE_NANOS: u64 = 200_000;
/// Ticks without any running process after which the monitor sleeps.
const IDLE_TICKS: u32 = 20;

/// The monitor's way of being woken.
pub(crate) struct Monitor {
    started: AtomicBool,
    asleep: AtomicBool,
    planned: AtomicU64,
    thread: OnceLock<Thread>,
}

impl Monitor {
    pub(crate) fn new() -> Monitor {
        Monitor {
            started: AtomicBool::new(false),
            asleep: AtomicBool::new(false),
            planned: AtomicU64::new(0),
            thread: OnceLock::new(),
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
        self.asleep.store(false, SeqCst);
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    /// Makes sure that the monitor looks at the clock about `moment`, unless it sleeps since nothing runs.
    pub(crate) fn look_at(&self, moment: u64) {
        if moment.saturating_add(PAUSE_NANOS) < self.planned.load(SeqCst) {
            self.planned.fetch_min(moment, SeqCst);
            if let Some(thread) = self.thread.get() {
                thread.unpark();
            }
        }
    }
}

/// What the monitor remembers.
struct Watch {
    rt: &'static Runtime,
    /// By worker, the turn that was seen last.
    seen: Vec<u32>,
    idle_ticks: u32,
    /// The moment of the next look for long turns.
    next_tick: u64,
    /// The busy worker that looks at timers next.
    looks_next: usize,
}

fn watch(rt: &'static Runtime) {
    // The only thread that sets it.
    let _ = rt.scheduler.monitor.thread.set(std::thread::current());
    let mut watch =
        Watch { rt, seen: vec![0; rt.options.workers], idle_ticks: 0, next_tick: 0, looks_next: 0 };
    while !rt.scheduler.stopping() {
        let now = rt.clock.now();
        if now >= watch.next_tick {
            watch.next_tick = now + TICK_NANOS;
            watch.tick();
        }
        watch.look_at_timers(now);
        watch.pause(now);
    }
}

impl Watch {
    /// When to look at the timers again.
    fn alarm(&self, now: u64) -> u64 {
        if self.rt.scheduler.idle.watches() {
            return crate::clock::NEVER;
        }
        self.rt.timers.next().max(now + PAUSE_NANOS)
    }

    fn pause(&self, now: u64) {
        let monitor = &self.rt.scheduler.monitor;
        let plan = self.next_tick.min(self.alarm(now));
        monitor.planned.store(plan, SeqCst);
        if self.alarm(now) >= plan {
            std::thread::park_timeout(Duration::from_nanos(plan.saturating_sub(now)));
        }
        monitor.planned.store(0, SeqCst);
    }

    /// Sees to it that some worker lets timers fire that are due, if nobody else does.
    fn look_at_timers(&mut self, now: u64) {
        let scheduler = &self.rt.scheduler;
        if self.rt.timers.next() > now || scheduler.idle.watches() || scheduler.idle.wake_one(self.rt) {
            return;
        }
        let worker = &scheduler.workers[self.looks_next % scheduler.workers.len()];
        self.looks_next += 1;
        worker.look.store(true, Relaxed);
        end_turn(worker);
    }

    /// Looks at every worker once; sleeps when none has run anything for some time.
    fn tick(&mut self) {
        let mut busy = false;
        for (worker, seen) in self.rt.scheduler.workers.iter().zip(&mut self.seen) {
            busy |= look(self.rt, worker, seen);
        }
        self.idle_ticks = if busy { 0 } else { self.idle_ticks + 1 };
        if self.idle_ticks >= IDLE_TICKS {
            sleep_until_woken(self.rt);
            self.idle_ticks = 0;
        }
    }
}

fn sleep_until_woken(rt: &'static Runtime) {
    let monitor = &rt.scheduler.monitor;
    monitor.asleep.store(true, SeqCst);
    if rt.scheduler.workers.iter().any(|worker| !worker.current.load(SeqCst).is_null()) {
        monitor.asleep.store(false, SeqCst);
    }
    while monitor.asleep.load(SeqCst) && !rt.scheduler.stopping() {
        std::thread::park();
    }
}

/// Lets what a worker runs call the runtime at its next check.
fn end_turn(worker: &Shared) {
    let current = worker.current.load(Relaxed);
    if !current.is_null() {
        // SAFETY: slots are never freed; if another turn has begun meanwhile, it yields once without need.
        unsafe { (*current).ctx.stack_limit.store(usize::MAX, Relaxed) };
    }
}

/// Looks at one worker. Whether it runs something.
fn look(rt: &'static Runtime, worker: &Shared, seen: &mut u32) -> bool {
    let current = worker.current.load(Relaxed);
    if current.is_null() {
        return false;
    }
    worker.from_queue.store(true, Relaxed);
    if worker.has_driver.load(Relaxed) {
        worker.look_outside.store(true, Relaxed);
    }
    // SAFETY: slots are never freed; a sample that hits the next process of the slot is a wrong one of many.
    unsafe { (*current).run_ticks.fetch_add(1, Relaxed) };
    let turn = worker.turn.load(Relaxed);
    if turn != *seen {
        *seen = turn;
        return true;
    }
    end_turn(worker);
    if !rt.scheduler.idle.anybody() {
        return true;
    }
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
    true
}
