//! Which process is behind a pid? A table of slots in segments that never move and are never given back.
//!
//! Protocol: `segments` entries go from null to an address once, under `free`'s lock, and are read without it. Free slots
//! are kept per worker and exchanged through `free` in batches.

use std::alloc::{Layout, alloc_zeroed, handle_alloc_error};
use std::ptr::null_mut;
use std::sync::Mutex;
use std::sync::atomic::{
    AtomicPtr,
    Ordering::{Acquire, Release},
};

use crate::process::{Pid, Process};

const SEGMENT: usize = 1 << 10;
const SEGMENTS: usize = 1 << 17;
/// Slots that move between the table and a worker at once.
const BATCH: usize = 32;

/// All processes.
pub(crate) struct Table {
    segments: Box<[AtomicPtr<Process>]>,
    free: Mutex<FreeSlots>,
}

struct FreeSlots {
    slots: Vec<u32>,
    /// Slots from here on were never used.
    fresh: u32,
}

/// A worker's own free slots.
#[derive(Default)]
pub(crate) struct LocalSlots(Vec<u32>);

impl Table {
    pub(crate) fn new() -> Table {
        let layout = Layout::array::<AtomicPtr<Process>>(SEGMENTS).unwrap_or_else(|_| Layout::new::<u8>());
        // SAFETY: all zeroes are null pointers; the memory is committed by the system when it is touched.
        let segments = unsafe {
            let memory = alloc_zeroed(layout);
            if memory.is_null() {
                handle_alloc_error(layout);
            }
            Box::from_raw(std::ptr::slice_from_raw_parts_mut(memory.cast(), SEGMENTS))
        };
        Table { segments, free: Mutex::new(FreeSlots { slots: Vec::new(), fresh: 0 }) }
    }

    /// The slot of a pid, which may hold another process by now; null: never used.
    pub(crate) fn slot(&self, pid: Pid) -> *mut Process {
        let index = pid.slot() as usize;
        let Some(segment) = self.segments.get(index / SEGMENT) else { return null_mut() };
        let segment = segment.load(Acquire);
        if segment.is_null() {
            return null_mut();
        }
        // SAFETY: segments have `SEGMENT` slots.
        unsafe { segment.add(index % SEGMENT) }
    }

    /// A free slot and its index. Amortised O(1).
    pub(crate) fn take(&self, local: &mut LocalSlots) -> (*mut Process, u32) {
        if local.0.is_empty() {
            self.refill(&mut local.0);
        }
        let Some(index) = local.0.pop() else { crate::io::internal_error("no free slot after a refill") };
        (self.slot(Pid::new(index, 0)), index)
    }

    /// Gives a slot back. Amortised O(1).
    pub(crate) fn give(&self, local: &mut LocalSlots, index: u32) {
        local.0.push(index);
        if local.0.len() >= 4 * BATCH {
            let mut free = self.free.lock().unwrap_or_else(|e| e.into_inner());
            free.slots.extend(local.0.drain(..2 * BATCH));
        }
    }

    /// Calls `f` with every slot that was ever used. O(slots).
    pub(crate) fn each(&self, mut f: impl FnMut(*mut Process)) {
        let fresh = self.free.lock().unwrap_or_else(|e| e.into_inner()).fresh;
        for index in 0..fresh {
            f(self.slot(Pid::new(index, 0)));
        }
    }

    #[cold]
    fn refill(&self, local: &mut Vec<u32>) {
        let mut free = self.free.lock().unwrap_or_else(|e| e.into_inner());
        if !free.slots.is_empty() {
            let from = free.slots.len().saturating_sub(BATCH);
            local.extend(free.slots.drain(from..));
            return;
        }
        let first = free.fresh;
        if (first as usize).is_multiple_of(SEGMENT) {
            self.add_segment(first as usize / SEGMENT);
        }
        free.fresh += BATCH as u32;
        // Taken from the end: the lowest comes first.
        local.extend((first..free.fresh).rev());
    }

    fn add_segment(&self, number: usize) {
        let Some(segment) = self.segments.get(number) else {
            crate::io::fatal(&format!("more than {} processes at once", SEGMENTS * SEGMENT))
        };
        let layout = Layout::array::<Process>(SEGMENT).unwrap_or_else(|_| Layout::new::<u8>());
        // SAFETY: a zeroed process is a dead one, of generation 0, with a mailbox that is open and empty; pids are
        // checked by the receiver, so what is pushed there is freed by the first process of the slot.
        let memory: *mut Process = unsafe { alloc_zeroed(layout) }.cast();
        if memory.is_null() {
            handle_alloc_error(layout);
        }
        segment.store(memory, Release);
    }
}
