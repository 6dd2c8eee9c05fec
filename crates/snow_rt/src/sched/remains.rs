//! What a process leaves behind: its queued messages, its memory, its timers, let go in steps, so that the end of a process that
//! had much keeps no other waiting.

use crate::heap::Heap;
use crate::mailbox::Message;
use crate::pool::LocalPool;
use crate::runtime::Runtime;

/// Objects that are let go in one step.
const STEP: usize = 500;

/// The remains of one process.
pub(crate) struct Remains {
    /// Chains of messages.
    messages: [*mut Message; 2],
    heap: Heap,
    /// The shard of its timers, if it had many.
    timers: Option<usize>,
}

impl Remains {
    pub(crate) fn new(messages: [*mut Message; 2], heap: Heap, timers: Option<usize>) -> Remains {
        Remains { messages, heap, timers }
    }

    /// Lets go of some of it. Whether nothing is left.
    ///
    /// # Safety
    /// The remains are the caller's.
    pub(crate) unsafe fn step(&mut self, rt: &Runtime, pool: &mut LocalPool) -> bool {
        if let Some(shard) = self.timers {
            if rt.timers.clear_orphans(&rt.table, shard, pool) {
                self.timers = None;
            }
            return false;
        }
        let mut left = STEP;
        // SAFETY: nobody else knows the messages and the heap; messages go first, while what they refer to is there.
        unsafe {
            for chain in &mut self.messages {
                while !chain.is_null() {
                    Message::shrink(pool, *chain, &mut left);
                    if left == 0 {
                        return false;
                    }
                    left -= 1;
                    let next = (**chain).next;
                    Message::free(pool, std::mem::replace(chain, next));
                }
            }
            self.heap.free_some(pool, left)
        }
    }
}
