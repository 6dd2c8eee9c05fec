//! A worker: a thread with a queue. Its base loop, on the thread's own stack, moves between carriers.
//!
//! Invariant: a `Worker` is touched by its own thread only, through short-lived references, since code on a carrier and
//! the base loop both reach it.

use std::collections::VecDeque;
use std::ptr::null_mut;
use std::sync::atomic::Ordering::{Relaxed, Release, SeqCst};
use std::time::Duration;

use crossbeam_deque::Steal;

use super::monitor::Monitor;
use super::news::News;
use super::remains::Remains;
use super::{Queued, end, wait};
use crate::carrier::{Carrier, Switch};
use crate::clock::Choices;
use crate::copy::Packer;
use crate::crash::{self, CrashInfo};
use crate::driver::Driver;
use crate::fns;
use crate::outside;
use crate::pool::LocalPool;
use crate::process::{HAS_STACK, Process, RUNNING};
use crate::reason::ExitReason;
use crate::runtime::Runtime;
use crate::signals;
use crate::table::LocalSlots;
use crate::timer::Due;

/// How often in a row processes just woken may run before those that wait longer, if that takes no longer than the monitor
/// needs to see it.
const RUN_NEXT_LIMIT: u32 = 16;
/// Every so many turns a worker looks at timers first.
const LOOK_AROUND: u32 = 64;
/// Every so many switches a worker looks whether an unused stack was used deeply.
const TRIM_EVERY: u64 = 64;
/// How many unused carriers a worker keeps.
const KEEP_CARRIERS: usize = 64;

/// How often a simulation ends a turn where it may.
const YIELD_ONE_IN: usize = 4;
/// A simulation ends a turn after fewer checks of the stack limit than this.
const POLLS_PER_TURN: usize = 2000;
/// Virtual nanoseconds between two checks.
const POLL_NANOS: u64 = 10;
/// The stack limit under which each check calls the runtime, but doesn't end the turn.
const COUNT_POLLS: usize = usize::MAX - 1;

/// One worker's own things.
pub(crate) struct Worker {
    pub(crate) rt: &'static Runtime,
    pub(crate) index: usize,
    queue: crossbeam_deque::Worker<Queued>,
    pub(crate) pool: LocalPool,
    /// Absent while a process packs.
    pub(crate) packer: Option<Box<Packer>>,
    pub(crate) slots: LocalSlots,
    pub(crate) crash: Option<CrashInfo>,
    pub(crate) plain_calls: u64,
    switches: u64,
    carriers: Vec<*mut Carrier>,
    choices: Choices,
    /// For the lengths of turns: what runs next doesn't depend on how often compiled code checks its limit.
    turn_choices: Choices,
    polls_left: usize,
    /// A timer was set, and nobody who watches the clock knows; see [`Worker::begin`].
    pub(crate) armed: bool,
    polls: usize,
    /// The run is a simulation: `ready` and `choices` say what runs.
    simulated: bool,
    /// What ended processes have left behind.
    remains: Vec<Remains>,
    /// Ends of processes of which not all have been told yet, the oldest first.
    news: VecDeque<News>,
    ready: Vec<*mut Process>,
    ticks: u32,
    run_next_row: u32,
    injected_row: u32,
    /// What sleeps in its place, once something outside is waited for.
    driver: Option<Box<dyn Driver>>,
}

impl Worker {
    /// The worker of that number; each is made once.
    pub(crate) fn new(rt: &'static Runtime, index: usize) -> *mut Worker {
        let mut unstarted = rt.scheduler.unstarted.lock().unwrap_or_else(|e| e.into_inner());
        let Some(queue) = unstarted[index].take() else {
            crate::io::internal_error("a worker was started twice")
        };
        Box::into_raw(Box::new(Worker {
            rt,
            index,
            queue,
            pool: LocalPool::new(&rt.pool),
            packer: None,
            slots: LocalSlots::default(),
            crash: None,
            plain_calls: 0,
            switches: 0,
            carriers: Vec::new(),
            choices: Choices::new(rt.options.sim.unwrap_or(index as u64 + 1)),
            turn_choices: Choices::new(rt.options.sim.unwrap_or(0) ^ 0x5851_f42d_4c95_7f2d),
            polls_left: 0,
            armed: false,
            polls: 0,
            simulated: rt.options.sim.is_some(),
            ready: Vec::new(),
            remains: Vec::new(),
            news: VecDeque::new(),
            ticks: 0,
            run_next_row: 0,
            injected_row: 0,
            driver: None,
        }))
    }

    /// The base loop; ends when the program does.
    ///
    /// # Safety
    /// `w` is this thread's worker.
    pub(crate) unsafe fn run(w: *mut Worker) {
        // SAFETY: everything a worker's thread reaches through `w` is its own; a process that a carrier hands over
        // belongs to this worker until it is queued or parked.
        unsafe {
            outside::enter(w);
            let mut carrier = Worker::free_carrier(w);
            while !(*w).rt.scheduler.stopping() {
                let switch = Carrier::resume(carrier, w);
                (*w).switches += 1;
                match switch {
                    Switch::Idle => Worker::be_idle(w, carrier),
                    Switch::Resume(p) => {
                        Worker::keep_carrier(w, carrier);
                        carrier = (*p).carrier;
                    }
                    Switch::Blocked(p) => {
                        Worker::leave(w);
                        carrier = Worker::free_carrier(w);
                        if !wait::park(p) {
                            Worker::begin(w, p);
                            Worker::keep_carrier(w, carrier);
                            carrier = (*p).carrier;
                        }
                    }
                    Switch::Yielded(p) => {
                        Worker::leave(w);
                        carrier = Worker::free_carrier(w);
                        wait::requeue(w, p);
                    }
                    Switch::Crashed(p) => {
                        crash::end(w, p);
                        Carrier::reset(carrier);
                    }
                    Switch::Exited(p) => {
                        end::exit_by_signal(w, p);
                        Carrier::reset(carrier);
                    }
                }
            }
            Worker::flush_counts(w);
        }
    }

    unsafe fn be_idle(w: *mut Worker, carrier: *mut Carrier) {
        // SAFETY: see `run`.
        unsafe {
            Worker::leave(w);
            Worker::flush_counts(w);
            if Worker::shared(w).look_outside.load(Relaxed) {
                return Worker::look_outside(w);
            }
            if !Worker::fire_timers(w)
                && !Worker::tell_more(w)
                && !Worker::clear_remains(w)
                && !(*w).pool.give_back()
            {
                Carrier::trim(carrier);
                for index in 0..(*w).carriers.len() {
                    Carrier::trim((&(*w).carriers)[index]);
                }
                super::idle::park(w);
            }
        }
    }

    /// Lets the driver act on what has happened outside.
    unsafe fn look_outside(w: *mut Worker) {
        // SAFETY: see `run`.
        unsafe {
            Worker::shared(w).look_outside.store(false, Relaxed);
            if let Some(driver) = &(*w).driver {
                driver.look();
            }
        }
    }

    /// Lets the worker look at what its driver has noticed before it runs another process.
    ///
    /// # Safety
    /// `w` is this thread's worker.
    pub(crate) unsafe fn look_soon(w: *mut Worker) {
        // SAFETY: see `run`.
        unsafe { Worker::shared(w) }.look_outside.store(true, Relaxed);
    }

    /// The worker's driver, made by `make` if there is none.
    ///
    /// # Safety
    /// `w` is this thread's worker. The driver is never dropped.
    pub(crate) unsafe fn driver<'a>(w: *mut Worker, make: fn() -> Box<dyn Driver>) -> &'a dyn Driver {
        // SAFETY: see `run`.
        unsafe {
            if (*w).driver.is_none() {
                let driver = make();
                (*w).rt.scheduler.idle.set_waker((*w).index, driver.waker());
                Worker::shared(w).has_driver.store(true, Relaxed);
                (*w).driver = Some(driver);
            }
            match &(*w).driver {
                Some(driver) => driver.as_ref(),
                None => crate::io::internal_error("a worker has lost its driver"),
            }
        }
    }

    /// Sleeps until the worker is woken, or for `limit`.
    ///
    /// # Safety
    /// `w` is this thread's worker, and runs nothing.
    pub(crate) unsafe fn sleep(w: *mut Worker, limit: Option<Duration>) {
        // SAFETY: see `run`.
        match (unsafe { &(*w).driver }, limit) {
            (Some(driver), limit) => driver.park(limit),
            (None, Some(limit)) => std::thread::park_timeout(limit),
            (None, None) => std::thread::park(),
        }
    }

    /// Ends the worker's own sleep, for what its driver calls.
    ///
    /// # Safety
    /// `w` is this thread's worker.
    pub(crate) unsafe fn rouse(w: *mut Worker) {
        // SAFETY: see `run`.
        if let Some(driver) = unsafe { &(*w).driver } {
            driver.waker().wake();
        }
    }

    unsafe fn flush_counts(w: *mut Worker) {
        // SAFETY: see `run`.
        unsafe {
            let stats = &(*w).rt.stats;
            stats.plain_calls.fetch_add(std::mem::take(&mut (*w).plain_calls), Relaxed);
            stats.switches.fetch_add(std::mem::take(&mut (*w).switches), Relaxed);
        }
    }

    unsafe fn free_carrier(w: *mut Worker) -> *mut Carrier {
        // SAFETY: see `run`.
        unsafe { (*w).carriers.pop() }.unwrap_or_else(Carrier::new)
    }

    unsafe fn keep_carrier(w: *mut Worker, carrier: *mut Carrier) {
        // SAFETY: see `run`.
        unsafe {
            if (*w).switches.is_multiple_of(TRIM_EVERY) {
                Carrier::trim(carrier);
            }
            if (*w).carriers.len() < KEEP_CARRIERS {
                (*w).carriers.push(carrier);
            } else {
                Carrier::destroy(carrier);
            }
        }
    }

    /// What this worker shows the others.
    pub(crate) unsafe fn shared(w: *mut Worker) -> &'static super::Shared {
        // SAFETY: see `run`.
        unsafe { &(&(*w).rt.scheduler.workers)[(*w).index] }
    }

    /// Starts a turn of a process that was just taken from a queue, or that couldn't be parked.
    ///
    /// # Safety
    /// This worker owns `p`.
    pub(crate) unsafe fn begin(w: *mut Worker, p: *mut Process) {
        // SAFETY: as the contract says.
        unsafe {
            let shared = Worker::shared(w);
            // In this order, so that either the monitor sees the process before it falls asleep, or it is woken here.
            shared.turn.store(shared.turn.load(Relaxed).wrapping_add(1), Relaxed);
            shared.current.store(p, Release);
            (*p).state.swap(RUNNING, SeqCst);
            Monitor::wake(&(*w).rt.scheduler.monitor);
            (*p).worker = w;
            wait::wait_over(p);
            if (*p).flags & HAS_STACK != 0 {
                (*p).ctx.stack_limit.store(Worker::limit(w, (*p).carrier), Relaxed);
            }
            // Only now: a worker that had nothing to run would watch the clock itself.
            if std::mem::take(&mut (*w).armed) {
                (*w).rt.scheduler.watch_until((*w).rt.timers.next());
            }
            if (*w).simulated {
                (*w).polls = 1 + (*w).turn_choices.below(POLLS_PER_TURN);
                (*w).polls_left = (*w).polls;
            }
        }
    }

    /// The stack limit of a process on `carrier` while nothing ends its turn.
    ///
    /// # Safety
    /// `w` is this thread's worker and owns the carrier.
    pub(crate) unsafe fn limit(w: *mut Worker, carrier: *mut Carrier) -> usize {
        // SAFETY: as the contract says.
        unsafe { if (*w).simulated { COUNT_POLLS } else { Carrier::floor(carrier) } }
    }

    /// Whether the check of the stack limit that has called the runtime ends the turn of `p`. In a simulation, every check calls.
    ///
    /// # Safety
    /// `w` is this thread's worker, which runs `p`.
    pub(crate) unsafe fn check_ends_turn(w: *mut Worker, p: *mut Process) -> bool {
        // SAFETY: as the contract says.
        unsafe {
            if !(*w).simulated || (*p).ctx.stack_limit.load(Relaxed) != COUNT_POLLS {
                return true;
            }
            (*w).polls_left = (*w).polls_left.saturating_sub(1);
            if (*w).polls_left > 0 {
                return false;
            }
            // Computing takes time too, so that a wait beside a process that never waits comes to its end.
            let clock = &(*w).rt.clock;
            clock.pass(clock.now() + (*w).polls as u64 * POLL_NANOS);
            true
        }
    }

    /// Notes that a process was made (1) or has ended (-1).
    pub(crate) unsafe fn count_living(w: *mut Worker, change: i64) {
        // SAFETY: see `run`.
        let living = unsafe { &Worker::shared(w).living };
        living.store(living.load(Relaxed) + change, Relaxed);
    }

    /// Notes that a wait with a time limit has begun (1) or is over (-1).
    pub(crate) unsafe fn count_timed(w: *mut Worker, change: i64) {
        // SAFETY: see `run`.
        let timed = unsafe { &Worker::shared(w).timed };
        timed.store(timed.load(Relaxed) + change, Relaxed);
    }

    /// Ends a turn.
    pub(crate) unsafe fn leave(w: *mut Worker) {
        // SAFETY: see `run`.
        unsafe { Worker::shared(w) }.current.store(null_mut(), Relaxed);
    }

    /// Puts a process at the end of the queue.
    ///
    /// # Safety
    /// `p` was just made [`crate::process::QUEUED`] by this worker.
    // Out of line for the reason that `pick` gives.
    #[inline(never)]
    pub(crate) unsafe fn push(w: *mut Worker, p: *mut Process) {
        // SAFETY: see `run`.
        unsafe {
            (*w).queue.push(Queued(p));
            (*w).rt.scheduler.idle.wake_one((*w).rt);
        }
    }

    /// Lets a process run after the present one.
    ///
    /// # Safety
    /// As [`Worker::push`].
    pub(crate) unsafe fn push_next(w: *mut Worker, p: *mut Process) {
        // SAFETY: see `run`.
        unsafe {
            let displaced = Worker::shared(w).run_next.swap(p, SeqCst);
            if !displaced.is_null() {
                Worker::push(w, displaced);
            }
        }
    }

    /// Lets a process that a timer has woken run soon: those in the common queue run before those that were running. Nobody else is
    /// woken for the `first`: this worker is about to take it.
    ///
    /// # Safety
    /// As [`Worker::push`]; called between turns.
    unsafe fn push_due(w: *mut Worker, p: *mut Process, first: bool) {
        // SAFETY: see `run`.
        unsafe {
            let rt = (*w).rt;
            if (*w).simulated {
                Worker::push(w, p);
            } else if first {
                rt.scheduler.injector.push(Queued(p));
            } else {
                rt.scheduler.inject(rt, p);
            }
        }
    }

    /// Tells some of those who are tied to a process of its end, and the rest later.
    ///
    /// # Safety
    /// `w` is this thread's worker.
    pub(crate) unsafe fn spread(w: *mut Worker, mut news: News) {
        // SAFETY: see `run`.
        unsafe {
            if !news.step(w) {
                (*w).news.push_back(news);
            }
        }
    }

    /// Tells a few more of the oldest end of which not all know. Whether there was any.
    unsafe fn tell_more(w: *mut Worker) -> bool {
        // SAFETY: see `run`; telling doesn't end a process, so nothing else touches the news.
        unsafe {
            if (*w).news.is_empty() {
                return false;
            }
            let Some(mut news) = (*w).news.pop_front() else { return false };
            if !news.step(w) {
                (*w).news.push_front(news);
            }
            true
        }
    }

    /// Lets go of some of what a process has left, and keeps the rest for later.
    ///
    /// # Safety
    /// `w` is this thread's worker.
    pub(crate) unsafe fn bury(w: *mut Worker, mut remains: Remains) {
        // SAFETY: see `run`.
        unsafe {
            if !remains.step((*w).rt, &mut (*w).pool) {
                let waiting = &mut (*w).remains;
                waiting.push(remains);
            }
        }
    }

    /// Lets go of a little more of what ended processes have left. Whether there was anything.
    unsafe fn clear_remains(w: *mut Worker) -> bool {
        // SAFETY: see `run`.
        unsafe {
            let waiting = &mut (*w).remains;
            let Some(remains) = waiting.last_mut() else { return false };
            if remains.step((*w).rt, &mut (*w).pool) {
                waiting.pop();
            }
            true
        }
    }

    /// The next process to run; null: there is none. The caller owns it.
    ///
    /// # Safety
    /// `w` is this thread's worker.
    // Never part of a function that switches: the queues use a thread-local record, and an address of it that was
    // computed before a switch is another thread's after it.
    #[inline(never)]
    pub(crate) unsafe fn pick(w: *mut Worker) -> *mut Process {
        // SAFETY: see `run`.
        unsafe {
            Worker::tell_more(w);
            Worker::clear_remains(w);
            (*w).pool.give_back();
            if (*w).simulated {
                return Worker::pick_any(w);
            }
            if Worker::shared(w).look_outside.load(Relaxed) {
                // The base loop does it, on the thread's own stack.
                return null_mut();
            }
            if Worker::shared(w).look.load(Relaxed) {
                Worker::fire_timers(w);
            }
            (*w).ticks = (*w).ticks.wrapping_add(1);
            if (*w).ticks.is_multiple_of(LOOK_AROUND) {
                Worker::fire_timers(w);
            }
            if let Some(p) = Worker::take_woken(w) {
                return p;
            }
            if let Some(Queued(p)) = (*w).queue.pop() {
                return p;
            }
            Worker::take_next(w)
                .or_else(|| Worker::steal_injected(w))
                .or_else(|| Worker::steal(w))
                .unwrap_or(null_mut())
        }
    }

    /// A process that runs before those in the queue, since something has just woken it: a timer or something outside, or else
    /// another that ran here. Each kind has its share of the turns at most.
    unsafe fn take_woken(w: *mut Worker) -> Option<*mut Process> {
        // SAFETY: see `run`.
        unsafe {
            if (*w).injected_row < RUN_NEXT_LIMIT
                && let Some(p) = Worker::steal_injected(w)
            {
                (*w).injected_row += 1;
                return Some(p);
            }
            (*w).injected_row = 0;
            let (row, from_queue) = ((*w).run_next_row, &Worker::shared(w).from_queue);
            if (row == 0 || row < RUN_NEXT_LIMIT && !from_queue.load(Relaxed))
                && let Some(p) = Worker::take_next(w)
            {
                (*w).run_next_row += 1;
                return Some(p);
            }
            (*w).run_next_row = 0;
            from_queue.store(false, Relaxed);
            None
        }
    }

    /// [`Worker::pick`] in a simulation: any process that can run, as the seed has it.
    unsafe fn pick_any(w: *mut Worker) -> *mut Process {
        // SAFETY: see `run`.
        unsafe {
            // Time has passed while something ran.
            if (*w).rt.timers.next() <= (*w).rt.clock.now() {
                Worker::fire_timers(w);
            }
            while let Some(p) = (*w)
                .queue
                .pop()
                .map(|Queued(p)| p)
                .or_else(|| Worker::take_next(w))
                .or_else(|| Worker::steal_injected(w))
            {
                (*w).ready.push(p);
            }
            let count = (*w).ready.len();
            if count == 0 {
                return null_mut();
            }
            let index = (*w).choices.below(count);
            let ready = &mut (*w).ready;
            ready.swap_remove(index)
        }
    }

    /// A point at which a simulation may let others run before `p` goes on.
    ///
    /// # Safety
    /// `w` is this thread's worker, which runs `p`. In a simulation it is the only one, and stays the process's worker.
    #[inline]
    pub(crate) unsafe fn maybe_yield(w: *mut Worker, p: *mut Process) {
        // SAFETY: see `run`.
        unsafe {
            if (*w).simulated && (*w).choices.below(YIELD_ONE_IN) == 0 {
                (*p).ctx.stack_limit.store(usize::MAX, Relaxed);
                fns::breathe(p);
            }
        }
    }

    unsafe fn take_next(w: *mut Worker) -> Option<*mut Process> {
        // SAFETY: see `run`.
        let slot = unsafe { &Worker::shared(w).run_next };
        if slot.load(Relaxed).is_null() {
            return None;
        }
        Some(slot.swap(null_mut(), SeqCst)).filter(|p| !p.is_null())
    }

    unsafe fn steal_injected(w: *mut Worker) -> Option<*mut Process> {
        // SAFETY: see `run`.
        let injector = unsafe { &(*w).rt.scheduler.injector };
        if injector.is_empty() {
            return None;
        }
        loop {
            match injector.steal() {
                Steal::Success(Queued(p)) => return Some(p),
                Steal::Empty => return None,
                Steal::Retry => {}
            }
        }
    }

    unsafe fn steal(w: *mut Worker) -> Option<*mut Process> {
        // SAFETY: see `run`.
        unsafe {
            let workers = &(*w).rt.scheduler.workers;
            let first = (*w).choices.below(workers.len());
            for i in 0..workers.len() {
                let victim = (first + i) % workers.len();
                if victim == (*w).index {
                    continue;
                }
                loop {
                    match workers[victim].stealer.steal_batch_and_pop(&(*w).queue) {
                        Steal::Success(Queued(p)) => return Some(p),
                        Steal::Empty => break,
                        Steal::Retry => {}
                    }
                }
            }
            None
        }
    }

    /// Does what timers are due for. Whether there were any.
    ///
    /// # Safety
    /// `w` is this thread's worker.
    pub(crate) unsafe fn fire_timers(w: *mut Worker) -> bool {
        // SAFETY: see `run`.
        unsafe {
            let rt = (*w).rt;
            Worker::shared(w).look.store(false, Relaxed);
            if rt.timers.next() == crate::clock::NEVER {
                return false;
            }
            let now = rt.clock.now();
            let mut any = false;
            for shard in 0..rt.timers.shards() {
                let Some(firing) = rt.timers.begin_firing(shard, now) else { continue };
                for due in firing.due(rt, now, &mut (*w).pool) {
                    Worker::fire(w, due, !any);
                    any = true;
                }
            }
            any
        }
    }

    /// Does what a timer is for. `first`: it is the first of several.
    unsafe fn fire(w: *mut Worker, due: Due, first: bool) {
        // SAFETY: see `run`.
        unsafe {
            let rt = (*w).rt;
            match due {
                Due::Wake(pid) => {
                    let p = rt.table.slot(pid);
                    if !p.is_null() && (*p).pid.load(SeqCst) == pid.0 && wait::notify(p) {
                        Worker::push_due(w, p, first);
                    }
                }
                Due::Signal { to, reference } => {
                    signals::post_timer(w, to, reference);
                    Worker::next_is_due(w, first);
                }
                Due::Send(to, message) => {
                    signals::post(w, to, message);
                    Worker::next_is_due(w, first);
                }
                Due::Kill(pid) => {
                    signals::send(w, signals::SENT_EXIT, pid, (pid, 0), &ExitReason::Killed);
                }
            }
        }
    }

    /// Who has just been woken was so by a timer.
    unsafe fn next_is_due(w: *mut Worker, first: bool) {
        // SAFETY: see `run`.
        unsafe {
            if let Some(p) = Worker::take_next(w) {
                Worker::push_due(w, p, first);
            }
        }
    }
}
