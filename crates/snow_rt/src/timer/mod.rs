//! When must what happen? Wheels of timers, for waits with a limit and for what programs arm.
//!
//! There are some shards, each with a [`wheel`] of its own; all timers of one process stand in the same one, which its
//! slot says. So who arms or cancels waits for few others, and one process's timers come in the order of their
//! moments. Arming and cancelling take constant time; what comes out is moved in bounded steps.
//!
//! Protocol: a wheel is under its shard's lock, also the fields of a process that name its timers
//! ([`Process::timers`]; [`Process::wait_timer`] belongs to the owner, but what it names to the wheel). `next` is a lower
//! bound of the shard's earliest moment, for a look without the lock. `firing` is held by the worker that hands out
//! what the shard gives, from before it is taken out until it is delivered, so two workers don't mix up the order.
//!
//! A process has at most one timer for its waits. It isn't taken back when a wait is over early: that it fires in vain
//! costs a wake-up, and a later wait uses it. Timers of a program belong to the process that armed them and go with it;
//! those of one that had many go in steps ([`Timers::clear_orphans`]), and until then count as armed.

mod wheel;

use std::sync::atomic::{
    AtomicBool, AtomicU64, AtomicUsize,
    Ordering::{Acquire, Relaxed, Release, SeqCst},
};
use std::sync::{Mutex, MutexGuard};

use crate::clock::NEVER;
use crate::mailbox::Message;
use crate::pool::LocalPool;
use crate::process::{Pid, Process};
use crate::relations::receiver;
use crate::runtime::Runtime;
use crate::table::Table;
use wheel::{Kind, NONE, Timer, Wheel};

/// Timers that one call of [`Timers::due`] gives at most.
const BATCH: usize = 256;
/// Timers that one call moves or takes back at most.
const BUDGET: usize = 2048;
/// How many shards there are at most; a number of a timer has room for [`SHARD_BITS`].
const MAX_SHARDS: usize = 1 << SHARD_BITS;
const SHARD_BITS: u32 = 4;
/// Bits of the place in the shard in a timer's number.
const INDEX_BITS: u32 = 32 - SHARD_BITS;
/// Neighbouring slots that share a shard: a worker makes processes in runs of such.
const SLOT_RUN_BITS: u32 = 5;

/// What a timer of a program does.
#[derive(Clone, Copy)]
pub(crate) enum What {
    /// Sends `(:timer, ref)`.
    Signal(i64),
    /// Sends a message once.
    Send(i64, *mut Message),
    /// Sends a copy of a message, again and again after so many nanoseconds.
    Repeat(i64, *mut Message, u64),
    /// Kills a process.
    Kill(i64),
}

/// What is to be done now.
pub(crate) enum Due {
    Wake(Pid),
    Signal { to: i64, reference: i64 },
    Send(i64, *mut Message),
    Kill(i64),
}

/// A shard on cache lines of its own.
#[repr(align(128))]
struct Shard {
    wheel: Mutex<Wheel>,
    next: AtomicU64,
    /// How many timers programs have armed here.
    work: AtomicUsize,
    firing: AtomicBool,
}

/// All armed timers.
pub(crate) struct Timers {
    shards: Box<[Shard]>,
}

/// The right to fire a shard's timers.
pub(crate) struct Firing<'a>(&'a Shard, usize);

impl Drop for Firing<'_> {
    fn drop(&mut self) {
        self.0.firing.store(false, Release);
    }
}

impl Shard {
    fn lock(&self) -> MutexGuard<'_, Wheel> {
        self.wheel.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// Sets `next` anew.
    fn set_next(&self, wheel: &Wheel) {
        self.next.store(wheel.next_moment(), SeqCst);
    }
}

impl Timers {
    /// For so many workers. One alone has one shard, in which all timers have one order.
    pub(crate) fn new(workers: usize) -> Timers {
        let count = if workers == 1 { 1 } else { (workers * 4).next_power_of_two().min(MAX_SHARDS) };
        let shards = (0..count).map(|_| Shard {
            wheel: Mutex::new(Wheel::new()),
            next: AtomicU64::new(NEVER),
            work: AtomicUsize::new(0),
            firing: AtomicBool::new(false),
        });
        Timers { shards: shards.collect() }
    }

    fn shard_number(&self, slot: u32) -> usize {
        (slot >> SLOT_RUN_BITS) as usize % self.shards.len()
    }

    fn shard_of(&self, pid: Pid) -> &Shard {
        &self.shards[self.shard_number(pid.slot())]
    }

    /// A moment before which nothing is due; [`NEVER`]: nothing is armed.
    pub(crate) fn next(&self) -> u64 {
        self.shards.iter().map(|shard| shard.next.load(SeqCst)).min().unwrap_or(NEVER)
    }

    /// Whether programs have armed timers.
    pub(crate) fn any_work(&self) -> bool {
        self.shards.iter().any(|shard| shard.work.load(SeqCst) > 0)
    }

    /// Makes sure that `p` is woken at its deadline or before. Whether a timer was set for that.
    ///
    /// # Safety
    /// The caller runs `p`.
    pub(crate) unsafe fn arm(&self, p: *mut Process, now: u64) -> bool {
        // SAFETY: as the contract says.
        unsafe {
            // A timer whose moment is past has fired or will at once; it doesn't count for a later wait.
            if (*p).armed > now && (*p).armed <= (*p).deadline {
                return false;
            }
            (*p).armed = (*p).deadline;
            let pid = Process::pid(p);
            let shard = self.shard_of(pid);
            let mut wheel = shard.lock();
            if wheel.is_wait_of((*p).wait_timer, pid) {
                wheel.move_to((*p).wait_timer, (*p).deadline);
            } else {
                (*p).wait_timer = wheel.add(&Timer::wait(pid, (*p).deadline));
            }
            shard.set_next(&wheel);
            true
        }
    }

    /// Takes the timer for the waits of `p` back, if there is one.
    ///
    /// # Safety
    /// The caller ends `p`, whose pid this is.
    pub(crate) unsafe fn disarm(&self, p: *mut Process, pid: Pid) {
        // SAFETY: as the contract says.
        unsafe {
            if (*p).armed != NEVER {
                let shard = self.shard_of(pid);
                let mut wheel = shard.lock();
                if wheel.is_wait_of((*p).wait_timer, pid) {
                    wheel.remove((*p).wait_timer);
                }
            }
        }
    }

    /// Arms a timer of the process `owner`: its number.
    pub(crate) fn start(&self, table: &Table, owner: Pid, moment: u64, what: What) -> i64 {
        let number = self.shard_number(owner.slot());
        let shard = &self.shards[number];
        let mut wheel = shard.lock();
        shard.work.fetch_add(1, SeqCst);
        let index = wheel.add(&Timer::of_program(what, moment, owner));
        if index >> INDEX_BITS != 0 {
            crate::io::fatal("too many timers are armed");
        }
        wheel.own(table, index);
        shard.set_next(&wheel);
        reference(number, index, wheel.generation(index))
    }

    /// Takes a timer back; whether it was still armed.
    pub(crate) fn cancel(&self, table: &Table, reference: i64, pool: &mut LocalPool) -> bool {
        let number = (reference as u32 >> INDEX_BITS) as usize;
        let index = reference as u32 & ((1 << INDEX_BITS) - 1);
        let Some(shard) = self.shards.get(number) else { return false };
        let message = {
            let mut wheel = shard.lock();
            if !wheel.is_of_program(index, (reference >> 32) as u32) {
                return false;
            }
            shard.discard(&mut wheel, table, index)
        };
        free(pool, message);
        true
    }

    /// Takes all timers of a process back, whose `timers` are [`NONE`] afterwards. The shard that still has some of
    /// them, for [`Timers::clear_orphans`].
    pub(crate) fn cancel_all(&self, table: &Table, owner: Pid, pool: &mut LocalPool) -> Option<usize> {
        let number = self.shard_number(owner.slot());
        let shard = &self.shards[number];
        let left = shard.discard_some(table, pool, |wheel| wheel.first_of(table, owner));
        if left {
            shard.lock().orphan(table, owner);
        }
        left.then_some(number)
    }

    /// Takes some timers of ended processes back. Whether none is left.
    pub(crate) fn clear_orphans(&self, table: &Table, shard: usize, pool: &mut LocalPool) -> bool {
        !self.shards[shard].discard_some(table, pool, Wheel::first_orphan)
    }

    /// The right to fire what is due in a shard; `None`: nothing is due there, or another worker has it.
    pub(crate) fn begin_firing(&self, shard: usize, now: u64) -> Option<Firing<'_>> {
        let number = shard;
        let shard = &self.shards[shard];
        let free = shard.next.load(SeqCst) <= now
            && !shard.firing.load(Relaxed)
            && shard.firing.compare_exchange(false, true, Acquire, Relaxed).is_ok();
        // Not `then_some`: a right that is made in vain would take the other worker's away when it is dropped.
        free.then(|| Firing(shard, number))
    }

    /// How many shards there are.
    pub(crate) fn shards(&self) -> usize {
        self.shards.len()
    }
}

fn reference(shard: usize, index: u32, generation: u32) -> i64 {
    i64::from(generation) << 32 | i64::from((shard as u32) << INDEX_BITS | index)
}

fn free(pool: &mut LocalPool, message: *mut Message) {
    if !message.is_null() {
        // SAFETY: it was the timer's own.
        unsafe { Message::free(pool, message) };
    }
}

impl Shard {
    /// Takes a timer of a program back; its message, or null.
    fn discard(&self, wheel: &mut Wheel, table: &Table, index: u32) -> *mut Message {
        let message = wheel.message(index);
        wheel.disown(table, index);
        wheel.remove(index);
        self.work.fetch_sub(1, SeqCst);
        message
    }

    /// Takes back at most [`BUDGET`] timers that `first` finds. Whether some are left.
    fn discard_some(
        &self,
        table: &Table,
        pool: &mut LocalPool,
        first: impl Fn(&Wheel) -> Option<u32>,
    ) -> bool {
        for _ in 0..BUDGET / BATCH {
            // Freeing happens outside the lock, for a message may hold much.
            let mut messages = Vec::new();
            let mut wheel = self.lock();
            for _ in 0..BATCH {
                let Some(index) = first(&wheel) else { break };
                let message = self.discard(&mut wheel, table, index);
                if !message.is_null() {
                    messages.push(message);
                }
            }
            let left = first(&wheel).is_some();
            drop(wheel);
            messages.into_iter().for_each(|message| free(pool, message));
            if !left {
                return false;
            }
        }
        true
    }
}

impl Firing<'_> {
    /// Takes out what is due, some of it if it is much.
    pub(crate) fn due(&self, rt: &Runtime, now: u64, pool: &mut LocalPool) -> Vec<Due> {
        let mut due = Vec::new();
        let mut wheel = self.0.lock();
        let mut budget = BUDGET;
        loop {
            while due.len() < BATCH
                && let Some(index) = wheel.pop_ready()
            {
                due.extend(self.fire(&mut wheel, index, rt, now, pool));
            }
            if due.len() >= BATCH || !wheel.advance(now, &mut budget) {
                break;
            }
        }
        self.0.set_next(&wheel);
        due
    }

    fn fire(
        &self,
        wheel: &mut Wheel,
        index: u32,
        rt: &Runtime,
        now: u64,
        pool: &mut LocalPool,
    ) -> Option<Due> {
        let reference = reference(self.1, index, wheel.generation(index));
        let Timer { moment, target, message, period, kind, .. } = wheel.timer(index);
        let due = match kind {
            Kind::Wait => {
                wheel.remove(index);
                return Some(Due::Wake(Pid(target)));
            }
            Kind::Repeat => {
                if receiver(rt, target).is_none() {
                    free(pool, self.0.discard(wheel, &rt.table, index));
                    return None;
                }
                // Late ones aren't made up for.
                let next = moment.saturating_add(period);
                wheel.move_to(index, if next > now { next } else { now.saturating_add(period) });
                // SAFETY: the timer's own message, which stays as it was packed.
                return Some(Due::Send(target, unsafe { Message::duplicate(pool, message) }));
            }
            Kind::Signal => Due::Signal { to: target, reference },
            Kind::Send => Due::Send(target, message),
            Kind::Kill => Due::Kill(target),
        };
        wheel.disown(&rt.table, index);
        wheel.remove(index);
        self.0.work.fetch_sub(1, SeqCst);
        Some(due)
    }
}

/// The value of [`Process::timers`] of a process that has none.
pub(crate) const NO_TIMER: u32 = NONE;

#[cfg(all(test, not(snow_loom)))]
mod tests {
    use super::*;

    #[test]
    fn one_worker_at_a_time_fires_a_shard() {
        let timers = Timers::new(2);
        timers.shards[0].next.store(5, SeqCst);
        assert!(timers.begin_firing(0, 4).is_none());
        let first = timers.begin_firing(0, 5);
        assert!(first.is_some());
        for _ in 0..3 {
            assert!(timers.begin_firing(0, 5).is_none());
        }
        drop(first);
        assert!(timers.begin_firing(0, 5).is_some());
    }
}
