//! A row of words that grows without keeping others waiting: what is long is copied in pieces.
//!
//! Invariant: the first `len` of `room` words are written.

use std::ops::{Deref, DerefMut};
use std::ptr::null_mut;

use crate::long;
use crate::pool::{SYSTEM, system_alloc};
use crate::process::Process;

/// Bytes of a word.
pub(crate) const WORD: usize = 8;
/// Words that there is room for at first.
const FIRST_ROOM: usize = 512;

/// Words with room for more.
pub(crate) struct Words {
    start: *mut u64,
    len: usize,
    room: usize,
}

impl Words {
    /// None, and no memory.
    pub(crate) const fn new() -> Words {
        Words { start: null_mut(), len: 0, room: 0 }
    }

    /// Forgets all words; gives the memory back if there is room for more than `keep`.
    ///
    /// # Safety
    /// The caller runs `p`.
    pub(crate) unsafe fn clear(&mut self, p: *mut Process, keep: usize) {
        self.len = 0;
        if self.room > keep {
            // SAFETY: the memory came from the system and holds nothing any more.
            unsafe { Process::pool(p).free(self.start.cast(), SYSTEM) };
            (self.start, self.room) = (null_mut(), 0);
        }
    }

    /// Appends one word. Others may run meanwhile.
    ///
    /// # Safety
    /// The caller runs `p`, on its carrier.
    pub(crate) unsafe fn push(&mut self, p: *mut Process, word: u64) {
        // SAFETY: as the contract says; there is room afterwards.
        unsafe {
            self.reserve(p, 1);
            self.start.add(self.len).write(word);
        }
        self.len += 1;
    }

    /// Appends bytes, padded with zeros to whole words. Others may run meanwhile.
    ///
    /// # Safety
    /// As [`Words::push`]; so many bytes at `from` stay as they are, and aren't among the words.
    pub(crate) unsafe fn append(&mut self, p: *mut Process, from: *const u8, bytes: usize) {
        let words = bytes.div_ceil(WORD);
        if words == 0 {
            return;
        }
        // SAFETY: there is room for as many words, and all are written: the last one has zeros where the bytes end.
        unsafe {
            self.reserve(p, words);
            let to = self.start.add(self.len);
            to.add(words - 1).write(0);
            long::copy(p, from, to.cast(), bytes);
        }
        self.len += words;
    }

    #[inline]
    unsafe fn reserve(&mut self, p: *mut Process, more: usize) {
        if self.room - self.len < more {
            // SAFETY: as the contract of the callers says.
            unsafe { self.grow(p, more) }
        }
    }

    #[cold]
    unsafe fn grow(&mut self, p: *mut Process, more: usize) {
        let room = self.len.saturating_add(more).max(self.room * 2).max(FIRST_ROOM);
        let start = system_alloc(room.saturating_mul(WORD)).cast::<u64>();
        if !self.start.is_null() {
            // SAFETY: both have room for the words that are there; the old memory came from the system.
            unsafe {
                long::copy(p, self.start.cast(), start.cast(), self.len * WORD);
                Process::pool(p).free(self.start.cast(), SYSTEM);
            }
        }
        (self.start, self.room) = (start, room);
    }
}

impl Deref for Words {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        if self.start.is_null() {
            return &[];
        }
        // SAFETY: see the invariant.
        unsafe { std::slice::from_raw_parts(self.start, self.len) }
    }
}

impl DerefMut for Words {
    fn deref_mut(&mut self) -> &mut [u64] {
        if self.start.is_null() {
            return &mut [];
        }
        // SAFETY: see the invariant.
        unsafe { std::slice::from_raw_parts_mut(self.start, self.len) }
    }
}

impl Drop for Words {
    fn drop(&mut self) {
        // SAFETY: the memory came from the system, or there is none.
        unsafe { libc::free(self.start.cast()) }
    }
}
