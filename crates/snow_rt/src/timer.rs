//! When must what happen? A wheel of timers, for waits with a limit and for what programs arm.
//!
//! The wheel has [`LEVELS`] levels of 64 slots; a timer stands at the level of the highest digit in which its moment
//! differs from the wheel's position, and moves down when the position reaches its slot. So arming and cancelling take
//! constant time, and a timer costs its entry. Moments are rounded up to [`TICK_BITS`]: never early, at most 0.14 ms late.
//!
//! Protocol: all is under the lock; `next` is a lower bound of the earliest moment, for a look without it, and `work` counts what
//! programs have armed. Waits are never cancelled: a process has at most one that matters ([`Process::armed`]), and one
//! that fires in vain costs a wake-up. Timers of a program belong to the process that armed them and go with it.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::sync::{Mutex, MutexGuard};

use crate::clock::NEVER;
use crate::mailbox::Message;
use crate::pool::LocalPool;
use crate::process::{Pid, Process};
use crate::relations::receiver;
use crate::runtime::Runtime;

/// Timers that one call of [`Timers::due`] gives at most.
const BATCH: usize = 256;
/// Nanoseconds of a tick, as a power of two.
const TICK_BITS: u32 = 17;
const SLOT_BITS: u32 = 6;
const SLOTS: usize = 1 << SLOT_BITS;
const LEVELS: usize = 8;
/// No entry.
const NONE: u32 = u32::MAX;

/// What a timer does.
#[derive(Clone, Copy)]
pub(crate) enum What {
    /// Wakes a process, whose wait may be over.
    Wake(Pid),
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

struct Entry {
    moment: u64,
    what: What,
    /// The process that armed it; negative: a wait.
    owner: i64,
    generation: u32,
    /// Neighbours in the slot's list.
    next: u32,
    previous: u32,
    /// Neighbours in the owner's list.
    next_owned: u32,
    previous_owned: u32,
    /// `level * SLOTS + slot`; [`NONE`]: in no slot.
    place: u32,
}

// SAFETY: the messages of an entry are its own.
unsafe impl Send for Wheel {}

struct Wheel {
    entries: Vec<Entry>,
    free: Vec<u32>,
    /// The first entry of each slot.
    slots: Box<[u32]>,
    occupied: [u64; LEVELS],
    /// The tick up to which everything has come out.
    position: u64,
    /// What has come out and isn't done yet: entries and generations, earliest first.
    ready: VecDeque<(u32, u32)>,
    /// The first timer of each process that has any.
    owners: HashMap<i64, u32>,
}

/// All armed timers.
pub(crate) struct Timers {
    wheel: Mutex<Wheel>,
    next: AtomicU64,
    work: AtomicUsize,
}

fn tick(moment: u64) -> u64 {
    (moment >> TICK_BITS) + u64::from(moment & ((1 << TICK_BITS) - 1) != 0)
}

impl Timers {
    pub(crate) fn new() -> Timers {
        let wheel = Wheel {
            entries: Vec::new(),
            free: Vec::new(),
            slots: vec![NONE; LEVELS * SLOTS].into(),
            occupied: [0; LEVELS],
            position: 0,
            ready: VecDeque::new(),
            owners: HashMap::new(),
        };
        Timers { wheel: Mutex::new(wheel), next: AtomicU64::new(NEVER), work: AtomicUsize::new(0) }
    }

    fn lock(&self) -> MutexGuard<'_, Wheel> {
        self.wheel.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// A moment before which nothing is due; [`NEVER`]: nothing is armed.
    pub(crate) fn next(&self) -> u64 {
        self.next.load(SeqCst)
    }

    /// How many timers programs have armed.
    pub(crate) fn work(&self) -> usize {
        self.work.load(SeqCst)
    }

    /// Makes sure that `p` is woken at its deadline or before. Whether that is now the earliest moment of all.
    ///
    /// # Safety
    /// The caller runs `p`.
    pub(crate) unsafe fn arm(&self, p: *mut Process, now: u64) -> bool {
        // SAFETY: as the contract says.
        let (deadline, pid) = unsafe {
            // A timer whose moment is past has fired or will at once; it doesn't count for a later wait.
            if (*p).armed > now && (*p).armed <= (*p).deadline {
                return false;
            }
            (*p).armed = (*p).deadline;
            ((*p).deadline, Process::pid(p))
        };
        let mut wheel = self.lock();
        wheel.add(deadline, What::Wake(pid), -1);
        self.earlier(&wheel)
    }

    /// Arms a timer of `owner`: its number, and whether it is now the earliest of all.
    pub(crate) fn start(&self, owner: i64, moment: u64, what: What) -> (i64, bool) {
        let mut wheel = self.lock();
        self.work.fetch_add(1, SeqCst);
        let index = wheel.add(moment, what, owner);
        wheel.own(index);
        (wheel.reference(index), self.earlier(&wheel))
    }

    /// Sets `next` anew; whether it is earlier than before.
    fn earlier(&self, wheel: &Wheel) -> bool {
        let next = wheel.next_moment();
        self.next.swap(next, SeqCst) > next
    }

    /// Takes a timer back; whether it was still armed.
    pub(crate) fn cancel(&self, reference: i64, pool: &mut LocalPool) -> bool {
        let mut wheel = self.lock();
        let index = reference as u32;
        let generation = (reference >> 32) as u32;
        let armed = wheel.entries.get(index as usize).is_some_and(|entry| entry.generation == generation)
            && wheel.entries[index as usize].owner >= 0;
        if armed {
            self.discard(&mut wheel, index, pool);
        }
        armed
    }

    /// Takes all timers of a process back.
    pub(crate) fn cancel_all(&self, owner: i64, pool: &mut LocalPool) {
        let mut wheel = self.lock();
        while let Some(&index) = wheel.owners.get(&owner) {
            self.discard(&mut wheel, index, pool);
        }
    }

    fn discard(&self, wheel: &mut Wheel, index: u32, pool: &mut LocalPool) {
        if let What::Send(_, message) | What::Repeat(_, message, _) = wheel.entries[index as usize].what {
            // SAFETY: the entry's own message.
            unsafe { Message::free(pool, message) };
        }
        wheel.disown(index);
        wheel.remove(index);
        self.work.fetch_sub(1, SeqCst);
    }

    /// Takes out what is due.
    pub(crate) fn due(&self, rt: &Runtime, now: u64, pool: &mut LocalPool) -> Vec<Due> {
        if self.next() > now {
            return Vec::new();
        }
        let mut wheel = self.lock();
        wheel.advance(now >> TICK_BITS);
        let mut due = Vec::new();
        while due.len() < BATCH
            && let Some((index, generation)) = wheel.ready.pop_front()
        {
            if wheel.entries[index as usize].generation == generation {
                due.extend(self.fire(&mut wheel, index, rt, now, pool));
            }
        }
        self.earlier(&wheel);
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
        let reference = wheel.reference(index);
        let entry = &mut wheel.entries[index as usize];
        let due = match entry.what {
            What::Wake(pid) => {
                wheel.remove(index);
                return Some(Due::Wake(pid));
            }
            What::Repeat(to, message, period) => {
                if receiver(rt, to).is_none() {
                    self.discard(wheel, index, pool);
                    return None;
                }
                // Late ones aren't made up for.
                let next = entry.moment.saturating_add(period);
                entry.moment = if next > now { next } else { now.saturating_add(period) }.min(NEVER - 1);
                wheel.place(index);
                // SAFETY: the entry's own message, which stays as it was packed.
                return Some(Due::Send(to, unsafe { Message::duplicate(pool, message) }));
            }
            What::Signal(to) => Due::Signal { to, reference },
            What::Send(to, message) => Due::Send(to, message),
            What::Kill(pid) => Due::Kill(pid),
        };
        wheel.disown(index);
        wheel.remove(index);
        self.work.fetch_sub(1, SeqCst);
        Some(due)
    }
}

impl Wheel {
    fn reference(&self, index: u32) -> i64 {
        i64::from(self.entries[index as usize].generation) << 32 | i64::from(index)
    }

    fn add(&mut self, moment: u64, what: What, owner: i64) -> u32 {
        let moment = moment.min(NEVER - 1);
        let index = self.free.pop().unwrap_or_else(|| {
            self.entries.push(Entry {
                moment,
                what,
                owner,
                generation: 1,
                next: NONE,
                previous: NONE,
                next_owned: NONE,
                previous_owned: NONE,
                place: NONE,
            });
            self.entries.len() as u32 - 1
        });
        let entry = &mut self.entries[index as usize];
        (entry.moment, entry.what, entry.owner) = (moment, what, owner);
        self.place(index);
        index
    }

    /// Puts an entry into the slot of its moment.
    fn place(&mut self, index: u32) {
        let at = tick(self.entries[index as usize].moment).max(self.position + 1);
        let level = (u64::BITS - 1 - (at ^ self.position).leading_zeros()) / SLOT_BITS;
        let level = (level as usize).min(LEVELS - 1);
        let slot = (at >> (SLOT_BITS * level as u32)) as usize % SLOTS;
        let place = level * SLOTS + slot;
        let first = std::mem::replace(&mut self.slots[place], index);
        if first != NONE {
            self.entries[first as usize].previous = index;
        }
        let entry = &mut self.entries[index as usize];
        (entry.next, entry.previous, entry.place) = (first, NONE, place as u32);
        self.occupied[level] |= 1 << slot;
    }

    /// Takes an entry out of its slot, if it is in one.
    fn unplace(&mut self, index: u32) {
        let Entry { next, previous, place, .. } = self.entries[index as usize];
        if place == NONE {
            return;
        }
        match previous {
            NONE => self.slots[place as usize] = next,
            before => self.entries[before as usize].next = next,
        }
        if next != NONE {
            self.entries[next as usize].previous = previous;
        }
        if self.slots[place as usize] == NONE {
            self.occupied[place as usize / SLOTS] &= !(1 << (place as usize % SLOTS));
        }
        self.entries[index as usize].place = NONE;
    }

    /// Frees an entry.
    fn remove(&mut self, index: u32) {
        self.unplace(index);
        let entry = &mut self.entries[index as usize];
        entry.generation = (entry.generation + 1) & 0x7fff_ffff;
        entry.owner = -1;
        self.free.push(index);
    }

    fn own(&mut self, index: u32) {
        let first = self.owners.insert(self.entries[index as usize].owner, index).unwrap_or(NONE);
        if first != NONE {
            self.entries[first as usize].previous_owned = index;
        }
        let entry = &mut self.entries[index as usize];
        (entry.next_owned, entry.previous_owned) = (first, NONE);
    }

    fn disown(&mut self, index: u32) {
        let Entry { next_owned, previous_owned, owner, .. } = self.entries[index as usize];
        if previous_owned != NONE {
            self.entries[previous_owned as usize].next_owned = next_owned;
        } else if next_owned != NONE {
            self.owners.insert(owner, next_owned);
        } else {
            self.owners.remove(&owner);
        }
        if next_owned != NONE {
            self.entries[next_owned as usize].previous_owned = previous_owned;
        }
    }

    /// The first slot that comes out, and its tick. Lower levels come before higher ones.
    fn next_slot(&self) -> Option<(usize, usize, u64)> {
        let level = self.occupied.iter().position(|slots| *slots != 0)?;
        let shift = SLOT_BITS * level as u32;
        let here = (self.position >> shift) as u32 % SLOTS as u32;
        let ahead = self.occupied[level].rotate_right(here).trailing_zeros();
        let start = ((self.position >> shift) + u64::from(ahead)) << shift;
        Some((level, ((here + ahead) as usize) % SLOTS, start))
    }

    fn next_moment(&self) -> u64 {
        if !self.ready.is_empty() {
            return 0;
        }
        self.next_slot().map_or(NEVER, |(_, _, start)| start << TICK_BITS)
    }

    /// Moves the position to `to`; what is due on the way becomes ready.
    fn advance(&mut self, to: u64) {
        while let Some((level, slot, start)) = self.next_slot() {
            if start > to {
                break;
            }
            self.position = self.position.max(start);
            self.occupied[level] &= !(1 << slot);
            let mut index = std::mem::replace(&mut self.slots[level * SLOTS + slot], NONE);
            let mut out = Vec::new();
            while index != NONE {
                let next = self.entries[index as usize].next;
                self.entries[index as usize].place = NONE;
                if tick(self.entries[index as usize].moment) <= self.position {
                    out.push(index);
                } else {
                    self.place(index);
                }
                index = next;
            }
            // A slot's list has the last one first.
            out.reverse();
            out.sort_by_key(|&index| self.entries[index as usize].moment);
            for index in out {
                self.ready.push_back((index, self.entries[index as usize].generation));
            }
        }
        self.position = self.position.max(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(wheel: &mut Wheel, now: u64) -> Vec<u64> {
        wheel.advance(now >> TICK_BITS);
        let mut out = Vec::new();
        while let Some((index, _)) = wheel.ready.pop_front() {
            out.push(wheel.entries[index as usize].moment);
            wheel.remove(index);
        }
        out
    }

    #[test]
    fn timers_come_out_in_order_and_never_early() {
        let timers = Timers::new();
        let mut wheel = timers.lock();
        let mut moments = Vec::new();
        let mut seed = 88_172_645_463_325_252_u64;
        for n in 0..20_000_u64 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            // From microseconds to days.
            let moment = seed >> (20 + n % 40);
            moments.push(moment);
            wheel.add(moment, What::Kill(0), -1);
        }
        moments.sort();
        let mut out = Vec::new();
        let mut now = 0;
        while out.len() < moments.len() {
            let next = wheel.next_moment();
            assert!(next != NEVER);
            now = now.max(next) + 1000;
            for moment in take(&mut wheel, now) {
                assert!(moment <= now);
                out.push(moment);
            }
        }
        assert_eq!(out, moments);
        assert_eq!(wheel.next_moment(), NEVER);
    }
}
