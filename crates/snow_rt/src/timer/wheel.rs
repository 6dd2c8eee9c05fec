//! Which timers are due? A hierarchical timing wheel (Varghese and Lauck, *Hashed and hierarchical timing wheels*, 1987).
//!
//! The wheel has [`LEVELS`] levels of 64 slots; a timer stands at the level of the highest digit in which its tick
//! differs from the wheel's position, and moves down when the position reaches its slot. So adding and removing take
//! constant time, and a timer costs its entry. Moments are rounded up to [`TICK_BITS`]: never early, at most 0.14 ms late.
//!
//! What comes out of the lowest level is ready; among what is ready, the earlier moment comes first, and of equal moments the
//! one that was added first. A slot is emptied in bounded steps; nothing comes out while one is half empty.
//!
//! Doesn't know about locks, nor what timers do: see the parent module.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::ptr::null_mut;
use std::sync::atomic::Ordering::Relaxed;

use super::What;
use crate::clock::NEVER;
use crate::mailbox::Message;
use crate::process::Pid;
use crate::table::Table;

/// Nanoseconds of a tick, as a power of two.
const TICK_BITS: u32 = 17;
const SLOT_BITS: u32 = 6;
const SLOTS: usize = 1 << SLOT_BITS;
const LEVELS: usize = 8;
/// Entries that are allocated at once, so that growing never moves any.
const BLOCK: usize = 256;
/// No entry.
pub(super) const NONE: u32 = u32::MAX;
/// [`Entry::place`] of one that stands in no slot.
const NOWHERE: u16 = u16::MAX;

/// What a timer does; its parts are in [`Timer`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Wait,
    Signal,
    Send,
    Repeat,
    Kill,
}

/// A timer, apart from where it stands.
#[derive(Clone, Copy)]
pub(super) struct Timer {
    pub(super) moment: u64,
    /// Who is woken, killed or sent to.
    pub(super) target: i64,
    pub(super) message: *mut Message,
    pub(super) period: u64,
    pub(super) kind: Kind,
    /// The slot of the process that armed it; [`NONE`]: a wait.
    owner: u32,
}

impl Timer {
    /// The end of a wait.
    pub(super) fn wait(pid: Pid, moment: u64) -> Timer {
        Timer { moment, target: pid.0, message: null_mut(), period: 0, kind: Kind::Wait, owner: NONE }
    }

    /// What a program arms.
    pub(super) fn of_program(what: What, moment: u64, owner: Pid) -> Timer {
        let (kind, target, message, period) = match what {
            What::Signal(to) => (Kind::Signal, to, null_mut(), 0),
            What::Send(to, message) => (Kind::Send, to, message, 0),
            What::Repeat(to, message, period) => (Kind::Repeat, to, message, period),
            What::Kill(pid) => (Kind::Kill, pid, null_mut(), 0),
        };
        Timer { moment, target, message, period, kind, owner: owner.slot() }
    }
}

/// One timer, on one cache line.
struct Entry {
    moment: u64,
    target: i64,
    message: *mut Message,
    period: u64,
    generation: u32,
    /// Grows with every placing by moment: the order of equal moments.
    sequence: u32,
    /// Neighbours in the slot's list; of a free entry, the next free one.
    next: u32,
    previous: u32,
    /// Neighbours in the owner's list, which is a ring.
    next_owned: u32,
    previous_owned: u32,
    owner: u32,
    /// `level * SLOTS + slot`, or [`NOWHERE`].
    place: u16,
    kind: Kind,
}

/// An entry that is due, as it was when it came out.
#[derive(PartialEq, Eq)]
struct Ready {
    moment: u64,
    sequence: u32,
    index: u32,
    generation: u32,
}

impl Ord for Ready {
    fn cmp(&self, other: &Ready) -> Ordering {
        // Sequences wrap around; those of equal moments are near each other.
        self.moment.cmp(&other.moment).then((self.sequence.wrapping_sub(other.sequence) as i32).cmp(&0))
    }
}

impl PartialOrd for Ready {
    fn partial_cmp(&self, other: &Ready) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

// SAFETY: the messages of an entry are its own.
unsafe impl Send for Wheel {}

/// The timers of one shard.
pub(super) struct Wheel {
    blocks: Vec<Box<[Entry]>>,
    /// Entries from here on were never used.
    fresh: u32,
    free: u32,
    sequence: u32,
    /// The first entry of each slot.
    slots: Box<[u32]>,
    occupied: [u64; LEVELS],
    /// The tick up to which everything has come out, apart from the slot that is being emptied.
    position: u64,
    emptying: Option<usize>,
    ready: BinaryHeap<Reverse<Ready>>,
    /// One of the entries whose owners have ended.
    orphans: u32,
}

fn tick(moment: u64) -> u64 {
    (moment >> TICK_BITS) + u64::from(moment & ((1 << TICK_BITS) - 1) != 0)
}

impl Wheel {
    pub(super) fn new() -> Wheel {
        Wheel {
            blocks: Vec::new(),
            fresh: 0,
            free: NONE,
            sequence: 0,
            slots: vec![NONE; LEVELS * SLOTS].into(),
            occupied: [0; LEVELS],
            position: 0,
            emptying: None,
            ready: BinaryHeap::new(),
            orphans: NONE,
        }
    }

    fn entry(&self, index: u32) -> &Entry {
        &self.blocks[index as usize / BLOCK][index as usize % BLOCK]
    }

    fn entry_mut(&mut self, index: u32) -> &mut Entry {
        &mut self.blocks[index as usize / BLOCK][index as usize % BLOCK]
    }

    pub(super) fn generation(&self, index: u32) -> u32 {
        self.entry(index).generation
    }

    pub(super) fn message(&self, index: u32) -> *mut Message {
        self.entry(index).message
    }

    pub(super) fn timer(&self, index: u32) -> Timer {
        let &Entry { moment, target, message, period, kind, owner, .. } = self.entry(index);
        Timer { moment, target, message, period, kind, owner }
    }

    /// Whether an entry is the timer for the waits of a process.
    pub(super) fn is_wait_of(&self, index: u32, pid: Pid) -> bool {
        index < self.fresh && {
            let entry = self.entry(index);
            entry.kind == Kind::Wait && entry.target == pid.0
        }
    }

    /// Whether an entry is a timer of a program, of this generation.
    pub(super) fn is_of_program(&self, index: u32, generation: u32) -> bool {
        index < self.fresh && {
            let entry = self.entry(index);
            entry.generation == generation && entry.owner != NONE
        }
    }

    /// Adds a timer; its index.
    pub(super) fn add(&mut self, timer: &Timer) -> u32 {
        let index = self.take_entry();
        let entry = self.entry_mut(index);
        (entry.target, entry.message, entry.period) = (timer.target, timer.message, timer.period);
        (entry.kind, entry.owner) = (timer.kind, timer.owner);
        self.move_to(index, timer.moment);
        index
    }

    fn take_entry(&mut self) -> u32 {
        if self.free != NONE {
            let index = self.free;
            self.free = self.entry(index).next;
            return index;
        }
        let index = self.fresh;
        if index as usize / BLOCK == self.blocks.len() {
            let unused = || Entry {
                moment: NEVER,
                target: -1,
                message: null_mut(),
                period: 0,
                generation: 1,
                sequence: 0,
                next: NONE,
                previous: NONE,
                next_owned: NONE,
                previous_owned: NONE,
                owner: NONE,
                place: NOWHERE,
                kind: Kind::Wait,
            };
            self.blocks.push((0..BLOCK).map(|_| unused()).collect());
        }
        self.fresh += 1;
        index
    }

    /// Gives a timer another moment.
    pub(super) fn move_to(&mut self, index: u32, moment: u64) {
        self.unplace(index);
        self.sequence = self.sequence.wrapping_add(1);
        let sequence = self.sequence;
        let entry = self.entry_mut(index);
        entry.moment = moment.min(NEVER - 1);
        entry.sequence = sequence;
        self.place(index);
    }

    /// Puts an entry into the slot of its moment.
    fn place(&mut self, index: u32) {
        let at = tick(self.entry(index).moment).max(self.position + 1);
        let level = (u64::BITS - 1 - (at ^ self.position).leading_zeros()) / SLOT_BITS;
        let level = (level as usize).min(LEVELS - 1);
        let slot = (at >> (SLOT_BITS * level as u32)) as usize % SLOTS;
        let place = level * SLOTS + slot;
        let first = std::mem::replace(&mut self.slots[place], index);
        if first != NONE {
            self.entry_mut(first).previous = index;
        }
        let entry = self.entry_mut(index);
        (entry.next, entry.previous, entry.place) = (first, NONE, place as u16);
        self.occupied[level] |= 1 << slot;
    }

    /// Takes an entry out of its slot, if it is in one.
    fn unplace(&mut self, index: u32) {
        let &Entry { next, previous, place, .. } = self.entry(index);
        if place == NOWHERE {
            return;
        }
        let place = place as usize;
        match previous {
            NONE => self.slots[place] = next,
            before => self.entry_mut(before).next = next,
        }
        if next != NONE {
            self.entry_mut(next).previous = previous;
        }
        if self.slots[place] == NONE {
            self.occupied[place / SLOTS] &= !(1 << (place % SLOTS));
        }
        self.entry_mut(index).place = NOWHERE;
    }

    /// Frees an entry, which has no owner any more.
    pub(super) fn remove(&mut self, index: u32) {
        self.unplace(index);
        let free = std::mem::replace(&mut self.free, index);
        let entry = self.entry_mut(index);
        entry.generation = (entry.generation + 1) & 0x7fff_ffff;
        (entry.owner, entry.target, entry.message) = (NONE, -1, null_mut());
        entry.next = free;
    }

    /// Puts an entry into the ring of its owner.
    pub(super) fn own(&mut self, table: &Table, index: u32) {
        let head = head_of(table, self.entry(index).owner);
        let first = head.swap(index, Relaxed);
        let (next, previous) =
            if first == NONE { (index, index) } else { (first, self.entry(first).previous_owned) };
        let entry = self.entry_mut(index);
        (entry.next_owned, entry.previous_owned) = (next, previous);
        self.entry_mut(previous).next_owned = index;
        self.entry_mut(next).previous_owned = index;
    }

    /// Takes an entry out of the ring that it is in.
    pub(super) fn disown(&mut self, table: &Table, index: u32) {
        let &Entry { next_owned, previous_owned, owner, .. } = self.entry(index);
        self.entry_mut(previous_owned).next_owned = next_owned;
        self.entry_mut(next_owned).previous_owned = previous_owned;
        let rest = if next_owned == index { NONE } else { next_owned };
        let head = head_of(table, owner);
        if head.load(Relaxed) == index {
            head.store(rest, Relaxed);
        } else if self.orphans == index {
            self.orphans = rest;
        }
    }

    /// A timer of a process.
    pub(super) fn first_of(&self, table: &Table, owner: Pid) -> Option<u32> {
        let first = head_of(table, owner.slot()).load(Relaxed);
        (first != NONE).then_some(first)
    }

    /// A timer of a process that has ended.
    pub(super) fn first_orphan(&self) -> Option<u32> {
        (self.orphans != NONE).then_some(self.orphans)
    }

    /// Makes the timers of a process those of nobody.
    pub(super) fn orphan(&mut self, table: &Table, owner: Pid) {
        let first = head_of(table, owner.slot()).swap(NONE, Relaxed);
        let others = self.orphans;
        if first == NONE {
            return;
        }
        self.orphans = first;
        if others != NONE {
            let (last, last_other) = (self.entry(first).previous_owned, self.entry(others).previous_owned);
            self.entry_mut(last).next_owned = others;
            self.entry_mut(others).previous_owned = last;
            self.entry_mut(last_other).next_owned = first;
            self.entry_mut(first).previous_owned = last_other;
        }
    }

    /// The first slot that comes out, as a place, and its tick. Lower levels come before higher ones.
    fn next_slot(&self) -> Option<(usize, u64)> {
        let level = self.occupied.iter().position(|slots| *slots != 0)?;
        let shift = SLOT_BITS * level as u32;
        let here = (self.position >> shift) as u32 % SLOTS as u32;
        let ahead = self.occupied[level].rotate_right(here).trailing_zeros();
        let start = ((self.position >> shift) + u64::from(ahead)) << shift;
        Some((level * SLOTS + (here + ahead) as usize % SLOTS, start))
    }

    /// A moment before which nothing comes out; [`NEVER`]: there is nothing.
    pub(super) fn next_moment(&self) -> u64 {
        if !self.ready.is_empty() || self.emptying.is_some() {
            return 0;
        }
        let Some((place, start)) = self.next_slot() else { return NEVER };
        // What stands there alone needs no wake-up just to move down.
        let first = self.entry(self.slots[place]);
        let start = if first.next == NONE { start.max(tick(first.moment)) } else { start };
        start << TICK_BITS
    }

    /// Takes the earliest of what is ready; it stands in no slot.
    pub(super) fn pop_ready(&mut self) -> Option<u32> {
        if self.emptying.is_some() {
            return None;
        }
        loop {
            let Reverse(Ready { index, generation, sequence, .. }) = self.ready.pop()?;
            let entry = self.entry(index);
            // It may have been taken back or moved meanwhile.
            if (entry.generation, entry.sequence) == (generation, sequence) {
                return Some(index);
            }
        }
    }

    /// Empties the next slot that is due at `now`, moving at most `budget` entries. Whether one is empty now; false: none is due, or the
    /// budget is used up.
    pub(super) fn advance(&mut self, now: u64, budget: &mut usize) -> bool {
        let to = now >> TICK_BITS;
        let place = match (self.emptying, self.next_slot()) {
            (Some(place), _) => place,
            (None, Some((place, start))) if start <= to => {
                self.position = self.position.max(start);
                self.emptying = Some(place);
                place
            }
            (None, _) => {
                self.position = self.position.max(to);
                return false;
            }
        };
        while self.slots[place] != NONE {
            if *budget == 0 {
                return false;
            }
            *budget -= 1;
            let index = self.slots[place];
            self.unplace(index);
            let &Entry { moment, sequence, generation, .. } = self.entry(index);
            if tick(moment) <= self.position {
                self.ready.push(Reverse(Ready { moment, sequence, index, generation }));
            } else {
                self.place(index);
            }
        }
        self.emptying = None;
        true
    }
}

/// Where a process's ring of timers begins.
fn head_of(table: &Table, slot: u32) -> &std::sync::atomic::AtomicU32 {
    let p = table.slot(Pid::new(slot, 0));
    if p.is_null() {
        crate::io::internal_error("a timer of no process");
    }
    // SAFETY: slots are never freed; the field is atomic.
    unsafe { &(*p).timers }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(wheel: &mut Wheel, now: u64) -> Vec<u64> {
        let mut out = Vec::new();
        loop {
            while let Some(index) = wheel.pop_ready() {
                out.push(wheel.timer(index).moment);
                wheel.remove(index);
            }
            let mut budget = 7;
            if !wheel.advance(now, &mut budget) && budget > 0 {
                return out;
            }
        }
    }

    fn random(seed: &mut u64) -> u64 {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        *seed
    }

    #[test]
    fn entries_are_small() {
        assert!(size_of::<Entry>() <= 64, "{}", size_of::<Entry>());
    }

    #[test]
    fn timers_come_out_in_order_and_never_early() {
        let mut wheel = Wheel::new();
        let mut moments = Vec::new();
        let mut seed = 88_172_645_463_325_252_u64;
        for n in 0..20_000_u64 {
            // From microseconds to days.
            let moment = random(&mut seed) >> (20 + n % 40);
            moments.push(moment);
            wheel.add(&Timer::wait(Pid(0), moment));
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

    #[test]
    fn equal_moments_keep_their_order() {
        for moment in [5_u64 << TICK_BITS, 100 << TICK_BITS, 5000 << TICK_BITS, 300_000 << TICK_BITS] {
            let mut wheel = Wheel::new();
            for pid in 0..100 {
                wheel.add(&Timer::wait(Pid(pid), moment));
            }
            let mut out = Vec::new();
            let mut budget = 10_000;
            while wheel.advance(moment, &mut budget) {
                while let Some(index) = wheel.pop_ready() {
                    out.push(wheel.timer(index).target);
                }
            }
            assert_eq!(out, (0..100).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_is_taken_back_or_moved_does_not_come_out() {
        let mut wheel = Wheel::new();
        let mut seed = 1;
        let moments: Vec<_> = (0..1000).map(|_| random(&mut seed) >> 30).collect();
        let indexes: Vec<_> = moments.iter().map(|&m| wheel.add(&Timer::wait(Pid(0), m))).collect();
        let mut left = Vec::new();
        for (at, &index) in indexes.iter().enumerate() {
            match at % 3 {
                0 => wheel.remove(index),
                1 => {
                    let moment = random(&mut seed) >> 30;
                    wheel.move_to(index, moment);
                    left.push(moment);
                }
                _ => left.push(moments[at]),
            }
        }
        left.sort();
        assert_eq!(take(&mut wheel, 1 << 40), left);
    }
}
