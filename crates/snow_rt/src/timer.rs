//! When must whom be woken? A heap of moments, earliest first.
//!
//! Protocol: entries are under the lock; `next` is the earliest moment, for a look without it. An entry is never taken
//! out early: a process has at most one that matters ([`Process::armed`]), and one that fires in vain costs a wake-up.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use crate::clock::NEVER;
use crate::process::{Pid, Process};

/// Processes that one call of [`Timers::due`] gives at most.
const BATCH: usize = 256;

/// All armed timers.
pub(crate) struct Timers {
    heap: Mutex<BinaryHeap<Reverse<(u64, i64)>>>,
    next: AtomicU64,
}

impl Timers {
    pub(crate) fn new() -> Timers {
        Timers { heap: Mutex::new(BinaryHeap::new()), next: AtomicU64::new(NEVER) }
    }

    /// The earliest moment; [`NEVER`]: none.
    pub(crate) fn next(&self) -> u64 {
        self.next.load(SeqCst)
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
        let mut heap = self.heap.lock().unwrap_or_else(|e| e.into_inner());
        heap.push(Reverse((deadline, pid.0)));
        let earliest = deadline < self.next.load(SeqCst);
        if earliest {
            self.next.store(deadline, SeqCst);
        }
        earliest
    }

    /// Takes out processes whose moment has come.
    pub(crate) fn due(&self, now: u64) -> Vec<Pid> {
        if self.next() > now {
            return Vec::new();
        }
        let mut heap = self.heap.lock().unwrap_or_else(|e| e.into_inner());
        let mut due = Vec::new();
        while due.len() < BATCH
            && let Some(&Reverse((moment, pid))) = heap.peek()
            && moment <= now
        {
            heap.pop();
            due.push(Pid(pid));
        }
        self.next.store(heap.peek().map_or(NEVER, |entry| entry.0.0), SeqCst);
        due
    }
}
