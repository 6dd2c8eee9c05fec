//! How does long work of the runtime let others run? In pieces, with a look in between at whether the turn is over.
//!
//! Only for work that a running process asked for, on its carrier. While others run, its values stay as they are, but its worker
//! may become another one: nothing that was read from the worker is kept across. Signals wait until the work is done, so it
//! may hold what must be dropped.

use crate::fns;
use crate::process::Process;

/// Bytes that are worked on at once: a millisecond or less.
pub(crate) const PIECE: usize = 512 << 10;

/// Work that is counted, in bytes or something that takes about as long.
pub(crate) struct Work {
    p: *mut Process,
    left: usize,
}

impl Work {
    /// Nothing is done yet. `p` is running.
    pub(crate) fn new(p: *mut Process) -> Work {
        Work { p, left: PIECE }
    }

    /// So much was done; others may run now.
    ///
    /// # Safety
    /// The process runs on its carrier, and the caller keeps to this module's rules.
    #[inline]
    pub(crate) unsafe fn did(&mut self, bytes: usize) {
        if bytes >= self.left {
            self.left = PIECE;
            // SAFETY: as the contract says.
            unsafe { fns::breathe(self.p) };
        } else {
            self.left -= bytes;
        }
    }
}

/// Copies bytes, also between overlapping places; others may run in between.
///
/// # Safety
/// As [`Work::did`] for `p`; both places have that many bytes, and nobody else looks at the target.
#[inline]
pub(crate) unsafe fn copy(p: *mut Process, from: *const u8, to: *mut u8, bytes: usize) {
    // SAFETY: as the contract says.
    unsafe {
        if bytes <= PIECE {
            std::ptr::copy(from, to, bytes);
        } else {
            copy_pieces(p, from, to, bytes);
        }
    }
}

#[cold]
unsafe fn copy_pieces(p: *mut Process, from: *const u8, to: *mut u8, bytes: usize) {
    // Where the target overlaps what comes later, the last piece goes first.
    let backwards = (to as usize) > from as usize && (to as usize) < from as usize + bytes;
    let mut done = 0;
    // SAFETY: see `copy`.
    unsafe {
        while done < bytes {
            let piece = (bytes - done).min(PIECE);
            let at = if backwards { bytes - done - piece } else { done };
            std::ptr::copy(from.add(at), to.add(at), piece);
            done += piece;
            fns::breathe(p);
        }
    }
}

/// Whether both are equal; others may run in between.
///
/// # Safety
/// As [`Work::did`] for `p`.
#[inline]
pub(crate) unsafe fn equal(p: *mut Process, a: &[u8], b: &[u8]) -> bool {
    // SAFETY: as the contract says.
    unsafe {
        if a.len() <= PIECE {
            return a == b;
        }
        a.len() == b.len() && first_difference(p, a, b).is_none()
    }
}

/// How the two are ordered; others may run in between.
///
/// # Safety
/// As [`Work::did`] for `p`.
#[inline]
pub(crate) unsafe fn order(p: *mut Process, a: &[u8], b: &[u8]) -> std::cmp::Ordering {
    // SAFETY: as the contract says.
    unsafe { first_difference(p, a, b).unwrap_or(a.len().cmp(&b.len())) }
}

/// How the first bytes that differ are ordered, as far as both go.
#[inline]
unsafe fn first_difference(p: *mut Process, a: &[u8], b: &[u8]) -> Option<std::cmp::Ordering> {
    let len = a.len().min(b.len());
    let (a, b) = (&a[..len], &b[..len]);
    if len <= PIECE {
        return Some(a.cmp(b)).filter(|order| order.is_ne());
    }
    for (a, b) in a.chunks(PIECE).zip(b.chunks(PIECE)) {
        let order = a.cmp(b);
        if order.is_ne() {
            return Some(order);
        }
        // SAFETY: see `equal`.
        unsafe { fns::breathe(p) };
    }
    None
}

/// Where `needle` first stands in `all` at or behind `from`. Looking stops in between for others to run, unless the needle is
/// longer than a piece.
///
/// # Safety
/// As [`Work::did`].
pub(crate) unsafe fn find(
    work: &mut Work,
    all: &[u8],
    needle: &memchr::memmem::Finder<'_>,
    mut from: usize,
) -> Option<usize> {
    let overlap = needle.needle().len().saturating_sub(1);
    let step = PIECE.max(overlap);
    loop {
        let end = (from + step + overlap).min(all.len());
        let found = needle.find(&all[from..end]);
        // SAFETY: as the contract says.
        unsafe { work.did(found.map_or(end - from, |at| at + 64)) };
        match found {
            Some(at) => return Some(from + at),
            None if end == all.len() => return None,
            None => from += step,
        }
    }
}

/// Bytes of a text that are worked on at once, character by character.
pub(crate) const TEXT_PIECE: usize = 64 << 10;

/// The first piece of a text that is cut so that the next one begins at a character.
pub(crate) fn piece(text: &str) -> &str {
    if text.len() <= TEXT_PIECE {
        return text;
    }
    let mut end = TEXT_PIECE;
    while !text.is_char_boundary(end) {
        end += 1;
    }
    &text[..end]
}

/// The last piece of a text.
pub(crate) fn last_piece(text: &str) -> &str {
    let mut start = text.len().saturating_sub(TEXT_PIECE);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use memchr::memmem::Finder;
    use std::ptr::null_mut;

    fn long(pattern: &str, bytes: usize) -> String {
        pattern.repeat(bytes / pattern.len() + 1)
    }

    // What is shorter than a piece never looks at the process.

    #[test]
    fn short_pieces_are_compared_and_found() {
        // SAFETY: nothing is long enough for others to run.
        unsafe {
            assert!(equal(null_mut(), b"abc", b"abc") && !equal(null_mut(), b"abc", b"abd"));
            assert!(order(null_mut(), b"abc", b"abd").is_lt() && order(null_mut(), b"b", b"abd").is_gt());
            assert!(order(null_mut(), b"ab", b"abd").is_lt());
            let mut work = Work::new(null_mut());
            let text = b"one two one";
            assert_eq!(find(&mut work, text, &Finder::new("one"), 1), Some(8));
            assert_eq!(find(&mut work, text, &Finder::new(""), 11), Some(11));
            assert_eq!(find(&mut work, text, &Finder::new("three"), 0), None);
        }
    }

    #[test]
    fn pieces_begin_at_characters() {
        let text = format!("x{}", long("é", 3 * PIECE));
        let first = piece(&text);
        assert!(first.len() > TEXT_PIECE - 4 && first.len() < TEXT_PIECE + 4);
        assert!(text[first.len()..].starts_with('é'));
        assert!(last_piece(&text).len() >= TEXT_PIECE);
        assert_eq!(piece("ab"), "ab");
    }
}
