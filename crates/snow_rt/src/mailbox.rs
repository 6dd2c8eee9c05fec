//! How do messages reach a process? A lock-free stack that anybody pushes onto, and a private queue in arrival order.
//!
//! Protocol:
//! - `head` is pushed onto by any thread with a compare-and-swap, and emptied as a whole by the owner (the worker that
//!   runs the process), which reverses what it took: so the order of each sender, and the order of the pushes, is kept.
//! - `head` is [`CLOSED`] while no process lives in the slot; messages pushed then are the pusher's to free.
//! - A slot's memory is never given back, so a push that comes late may meet the slot's next process. Each message
//!   names its receiver, and the owner frees what isn't for it.
//! - Who pushes onto an empty stack wakes the process ([`crate::sched`]); later pushers needn't. `SeqCst` on `head` and
//!   on the process's state word makes sure that either the pusher sees that the process waits, or the process sees
//!   the message.
//! - All else is the owner's alone.

use std::ptr::null_mut;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};

use crate::pool::{LocalPool, SYSTEM, block_class, system_alloc};
use crate::sync::{AtomicPtr, AtomicU32};

/// A message on its way: this head, then the packed run (see [`crate::copy`]).
#[repr(C)]
pub(crate) struct Message {
    pub(crate) next: *mut Message,
    /// The pid it was sent to.
    pub(crate) to: i64,
    /// Bytes of the run.
    pub(crate) bytes: usize,
    /// Where in the run its first shared string stands; 0: there is none.
    pub(crate) first_shared: usize,
    /// Description of its value.
    pub(crate) desc: u32,
    class: u8,
    /// Whether its references are addresses in the receiver's heap.
    pub(crate) unpacked: bool,
    /// What it is: see [`crate::signals`].
    pub(crate) kind: u8,
}

/// Where a message's value starts.
pub(crate) const MESSAGE_VALUE: usize = size_of::<Message>();

/// [`Mailbox::head`] of a slot without a process.
pub(crate) const CLOSED: *mut Message = std::ptr::without_provenance_mut(1);

impl Message {
    /// A message with room for `bytes` bytes.
    pub(crate) fn new(pool: &mut LocalPool, to: i64, desc: u32, bytes: usize) -> *mut Message {
        let total = MESSAGE_VALUE + bytes;
        let class = block_class(total).unwrap_or(SYSTEM);
        let block = if class == SYSTEM { system_alloc(total) } else { pool.alloc(class) };
        let message: *mut Message = block.cast();
        // SAFETY: the block is ours and has room.
        unsafe {
            message.write(Message {
                next: null_mut(),
                to,
                bytes,
                first_shared: 0,
                desc,
                class,
                unpacked: false,
                kind: 0,
            })
        };
        message
    }

    /// Its value.
    ///
    /// # Safety
    /// `message` is live.
    pub(crate) unsafe fn value(message: *mut Message) -> *mut u8 {
        // SAFETY: the value stands behind the head.
        unsafe { message.cast::<u8>().add(MESSAGE_VALUE) }
    }

    /// A copy of a message that hasn't been looked at.
    ///
    /// # Safety
    /// Nobody changes `message` meanwhile.
    pub(crate) unsafe fn duplicate(pool: &mut LocalPool, message: *mut Message) -> *mut Message {
        // SAFETY: both have room for the run.
        unsafe {
            let Message { to, bytes, first_shared, desc, unpacked, kind, .. } = *message;
            let copy = Message::new(pool, to, desc, bytes);
            std::ptr::copy_nonoverlapping(Message::value(message), Message::value(copy), bytes);
            (*copy).first_shared = first_shared;
            (*copy).unpacked = unpacked;
            (*copy).kind = kind;
            crate::copy::hold_shared(Message::value(copy), first_shared);
            copy
        }
    }

    /// Lets go of at most `budget` of the shared strings that it holds, if it wasn't looked at yet.
    ///
    /// # Safety
    /// `message` is the caller's, who won't look at its value any more.
    pub(crate) unsafe fn shrink(pool: &mut LocalPool, message: *mut Message, budget: &mut usize) {
        // SAFETY: as the contract says.
        unsafe {
            if !(*message).unpacked {
                let value = Message::value(message);
                (*message).first_shared =
                    crate::copy::discard_some(pool, value, (*message).first_shared, budget);
            }
        }
    }

    /// Gives its memory back. If it is unpacked, references in its value are the caller's affair.
    ///
    /// # Safety
    /// Nobody uses `message` any more.
    pub(crate) unsafe fn free(pool: &mut LocalPool, message: *mut Message) {
        // SAFETY: the block came from a pool with this class.
        unsafe {
            if !(*message).unpacked {
                crate::copy::discard(pool, Message::value(message), (*message).first_shared);
            }
            pool.free(message.cast(), (*message).class);
        }
    }
}

/// A process's messages.
pub(crate) struct Mailbox {
    head: AtomicPtr<Message>,
    /// How many messages were pushed, and how many have left. The difference is what is here, now or a moment ago.
    pushed: AtomicU32,
    left: AtomicU32,
    first: *mut Message,
    last: *mut Message,
    /// The message in front of the next candidate; null: the first is next.
    before: *mut Message,
}

impl Mailbox {
    /// An open, empty mailbox that stands in no process.
    #[cfg(snow_loom)]
    pub(crate) fn model() -> Mailbox {
        Mailbox {
            head: AtomicPtr::new(null_mut()),
            pushed: AtomicU32::new(0),
            left: AtomicU32::new(0),
            first: null_mut(),
            last: null_mut(),
            before: null_mut(),
        }
    }

    /// Lets a new process take messages. Owner only.
    pub(crate) fn open(&mut self) {
        self.first = null_mut();
        self.last = null_mut();
        self.before = null_mut();
        self.pushed.store(0, Relaxed);
        self.left.store(0, Relaxed);
        self.head.store(null_mut(), SeqCst);
    }

    /// Appends a message. Whether the mailbox was empty, so that the process must be woken; `None`: it is closed and the
    /// message still the caller's.
    ///
    /// # Safety
    /// `message` is the caller's. `mailbox` may belong to anybody.
    pub(crate) unsafe fn push(mailbox: *const Mailbox, message: *mut Message) -> Option<bool> {
        // SAFETY: only the atomic part is touched; slots are never freed.
        let (head, pushed) = unsafe { (&(*mailbox).head, &(*mailbox).pushed) };
        let mut old = head.load(SeqCst);
        loop {
            if old == CLOSED {
                return None;
            }
            // SAFETY: the message isn't published yet.
            unsafe { (*message).next = old };
            match head.compare_exchange_weak(old, message, SeqCst, SeqCst) {
                Ok(_) => {
                    pushed.fetch_add(1, Relaxed);
                    return Some(old.is_null());
                }
                Err(now) => old = now,
            }
        }
    }

    /// Whether something has arrived that isn't in the queue yet. Owner only.
    #[inline]
    pub(crate) fn has_arrived(&self) -> bool {
        !self.head.load(SeqCst).is_null()
    }

    /// Takes what has arrived, as a chain in the order of arrival. Owner only.
    pub(crate) fn take_arrived(&mut self) -> *mut Message {
        let mut taken = self.head.swap(null_mut(), SeqCst);
        let mut chain: *mut Message = null_mut();
        while !taken.is_null() {
            // SAFETY: what was taken is the owner's.
            unsafe {
                let next = (*taken).next;
                (*taken).next = chain;
                chain = taken;
                taken = next;
            }
        }
        chain
    }

    /// How many messages are here, as far as one can tell while others send. O(1); for any thread.
    pub(crate) fn len(&self) -> u32 {
        let len = self.pushed.load(Relaxed).wrapping_sub(self.left.load(Relaxed));
        if len > u32::MAX / 2 { 0 } else { len }
    }

    /// Notes that messages have left (or, negative, have come without a push). Owner only.
    pub(crate) fn count_left(&self, change: i32) {
        self.left.store(self.left.load(Relaxed).wrapping_add_signed(change), Relaxed);
    }

    /// Puts a message at the end of the queue. Owner only.
    ///
    /// # Safety
    /// The message is the caller's.
    pub(crate) unsafe fn append(&mut self, message: *mut Message) {
        // SAFETY: the message and the queue are the owner's.
        unsafe {
            (*message).next = null_mut();
            if self.last.is_null() {
                self.first = message;
            } else {
                (*self.last).next = message;
            }
        }
        self.last = message;
    }

    /// Starts the scan again from the first message. Owner only.
    pub(crate) fn rescan(&mut self) {
        self.before = null_mut();
    }

    /// The first message in the queue that wasn't refused since [`Mailbox::rescan`]; null: there is none. Owner only.
    pub(crate) fn peek(&self) -> *mut Message {
        if self.before.is_null() {
            return self.first;
        }
        // SAFETY: the queue is the owner's.
        unsafe { (*self.before).next }
    }

    /// Refuses the candidate for this scan. Owner only.
    pub(crate) fn skip(&mut self) {
        self.before = self.peek();
    }

    /// Takes the candidate out of the queue. Owner only.
    pub(crate) fn take(&mut self) -> *mut Message {
        let message = self.peek();
        self.count_left(1);
        // SAFETY: there is a candidate, and the queue is the owner's.
        unsafe {
            let next = (*message).next;
            if self.before.is_null() {
                self.first = next;
            } else {
                (*self.before).next = next;
            }
            if next.is_null() {
                self.last = self.before;
            }
        }
        message
    }

    /// Puts back what was just taken, as a refused message. Owner only.
    ///
    /// # Safety
    /// Nothing happened to the queue since [`Mailbox::take`], other than arrivals.
    pub(crate) unsafe fn put_back(&mut self, message: *mut Message) {
        // SAFETY: the message and the queue are the owner's.
        unsafe {
            (*message).next = self.peek();
            if (*message).next.is_null() {
                self.last = message;
            }
            if self.before.is_null() {
                self.first = message;
            } else {
                (*self.before).next = message;
            }
        }
        self.before = message;
        self.count_left(-1);
    }

    /// Takes a message out that `is_it` tells; null: there is none. Owner only. O(messages).
    pub(crate) fn take_if(&mut self, mut is_it: impl FnMut(*mut Message) -> bool) -> *mut Message {
        let mut before: *mut Message = null_mut();
        let mut message = self.first;
        // SAFETY: the queue is the owner's.
        unsafe {
            while !message.is_null() && !is_it(message) {
                before = message;
                message = (*message).next;
            }
            if message.is_null() {
                return message;
            }
            self.count_left(1);
            if before.is_null() {
                self.first = (*message).next;
            } else {
                (*before).next = (*message).next;
            }
            if self.last == message {
                self.last = before;
            }
            if self.before == message {
                self.before = before;
            }
        }
        message
    }

    /// Calls `f` with each message of the private queue. Owner only.
    pub(crate) fn each(&self, mut f: impl FnMut(*mut Message)) {
        let mut message = self.first;
        while !message.is_null() {
            f(message);
            // SAFETY: the queue is the owner's, and `f` leaves it alone.
            message = unsafe { (*message).next };
        }
    }

    /// Refuses all further messages; gives the chains of those that are here. Owner only.
    pub(crate) fn close(&mut self) -> [*mut Message; 2] {
        let arrived = self.head.swap(CLOSED, SeqCst);
        let queued = std::mem::replace(&mut self.first, null_mut());
        self.last = null_mut();
        self.before = null_mut();
        [arrived, queued]
    }
}
