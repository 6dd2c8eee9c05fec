//! Long strings that several processes hold: bytes outside all heaps, with an atomic count.
//!
//! A string becomes shared when it is first sent; from then on, sending it costs the same whatever its length. Its object
//! stays in the heap; where its bytes were, a [`Tail`] tells whom they belong to and links it into its process's list, so
//! that the end of the process lets go of the bytes.
//!
//! Protocol: who holds a count may read the bytes, which nobody writes. The last count frees them; its decrement acquires
//! what all the others released.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use snow_abi::layout::{STR_INLINE, StrObj};

use crate::long;
use crate::pool::{LocalPool, SYSTEM, block_class, system_alloc};
use crate::process::Process;
use crate::sync::AtomicUsize;

/// Strings longer than this are shared when they are sent.
pub(crate) const SHARE_FROM: usize = 64;

/// How many hold something.
pub(crate) struct Count(AtomicUsize);

impl Count {
    pub(crate) fn one() -> Count {
        Count(AtomicUsize::new(1))
    }

    /// One holder more; the caller is one.
    pub(crate) fn hold(&self) {
        self.0.fetch_add(1, Relaxed);
    }

    /// One holder less, the caller. Whether it was the last, who is alone from here on.
    pub(crate) fn let_go(&self) -> bool {
        let last = self.0.fetch_sub(1, Release) == 1;
        if last {
            // what the others did before they let go, happened before
            self.0.load(Acquire);
        }
        last
    }
}

/// The head of shared bytes, which follow.
#[repr(C)]
pub(crate) struct SharedBytes {
    count: Count,
    class: u64,
}

/// What stands behind a shared string's head in its object.
#[repr(C)]
pub(crate) struct Tail {
    pub(crate) owner: *mut SharedBytes,
    previous: *mut StrObj,
    next: *mut StrObj,
}

/// Room for bytes that an object for a shared string has.
pub(crate) const TAIL_ROOM: usize = size_of::<Tail>();

impl SharedBytes {
    /// A copy of bytes, with one holder. Others may run in between, if it is long.
    unsafe fn new(p: *mut Process, bytes: &[u8]) -> *mut SharedBytes {
        let total = size_of::<SharedBytes>() + bytes.len();
        let class = block_class(total).unwrap_or(SYSTEM);
        // SAFETY: the caller runs `p`; the block is ours and has room.
        unsafe {
            let block = if class == SYSTEM { system_alloc(total) } else { Process::pool(p).alloc(class) };
            let owner: *mut SharedBytes = block.cast();
            owner.write(SharedBytes { count: Count::one(), class: u64::from(class) });
            long::copy(p, bytes.as_ptr(), SharedBytes::data(owner), bytes.len());
            owner
        }
    }

    /// The bytes.
    ///
    /// # Safety
    /// The caller holds a count.
    pub(crate) unsafe fn data(owner: *mut SharedBytes) -> *mut u8 {
        // SAFETY: the bytes stand behind the head.
        unsafe { owner.cast::<u8>().add(size_of::<SharedBytes>()) }
    }

    /// Counts one holder more.
    ///
    /// # Safety
    /// The caller holds a count.
    pub(crate) unsafe fn hold(owner: *mut SharedBytes) {
        // SAFETY: as the contract says.
        unsafe { (*owner).count.hold() };
    }

    /// Counts one holder less; the last frees the bytes.
    ///
    /// # Safety
    /// The caller gives its count up.
    pub(crate) unsafe fn let_go(pool: &mut LocalPool, owner: *mut SharedBytes) {
        // SAFETY: as the contract says.
        unsafe {
            if (*owner).count.let_go() {
                pool.free(owner.cast(), (*owner).class as u8);
            }
        }
    }
}

/// Whether a string's bytes stand in its own object. Not asked of literals.
///
/// # Safety
/// `s` is a live string of a heap.
pub(crate) unsafe fn is_inline(s: *const StrObj) -> bool {
    // SAFETY: as the contract says.
    unsafe { std::ptr::eq((*s).data, s.cast::<u8>().add(STR_INLINE)) }
}

/// The tail of a shared string.
pub(crate) unsafe fn tail(s: *mut StrObj) -> *mut Tail {
    // SAFETY: the caller knows that the string is shared.
    unsafe { s.cast::<u8>().add(STR_INLINE).cast() }
}

/// Moves a long string's bytes out of the heap, unless they are outside already.
///
/// # Safety
/// The caller runs `p`, whose heap `s` is in; its object has room for a tail.
pub(crate) unsafe fn share(p: *mut Process, s: *mut StrObj) {
    // SAFETY: as the contract says; the bytes are copied before the tail replaces them.
    unsafe {
        if is_inline(s) {
            let owner = SharedBytes::new(p, crate::string::bytes(s));
            adopt(p, s, owner);
        }
    }
}

/// Makes `s` a shared string with the bytes of `owner`, whose count it takes over.
///
/// # Safety
/// As [`share`].
pub(crate) unsafe fn adopt(p: *mut Process, s: *mut StrObj, owner: *mut SharedBytes) {
    // SAFETY: as the contract says.
    unsafe {
        let first = (*p).heap.shared;
        tail(s).write(Tail { owner, previous: std::ptr::null_mut(), next: first });
        if !first.is_null() {
            (*tail(first)).previous = s;
        }
        (*p).heap.shared = s;
        (*s).data = SharedBytes::data(owner);
    }
}

/// Lets go of a shared string's bytes; its object is about to be freed.
///
/// # Safety
/// The caller runs `p`, whose heap `s` is in.
pub(crate) unsafe fn forget(p: *mut Process, s: *mut StrObj) {
    // SAFETY: as the contract says.
    unsafe {
        let Tail { owner, previous, next } = tail(s).read();
        if previous.is_null() {
            (*p).heap.shared = next;
        } else {
            (*tail(previous)).next = next;
        }
        if !next.is_null() {
            (*tail(next)).previous = previous;
        }
        SharedBytes::let_go(Process::pool(p), owner);
    }
}

/// Lets go of the bytes of shared strings, starting with `s`, of a process that has ended, in at most `budget` steps.
/// Gives the first that is left.
///
/// # Safety
/// The heap is still there.
pub(crate) unsafe fn forget_some(
    pool: &mut LocalPool,
    mut s: *mut StrObj,
    budget: &mut usize,
) -> *mut StrObj {
    // SAFETY: as the contract says.
    unsafe {
        while !s.is_null() && *budget > 0 {
            SharedBytes::let_go(pool, (*tail(s)).owner);
            s = (*tail(s)).next;
            *budget -= 1;
        }
    }
    s
}
