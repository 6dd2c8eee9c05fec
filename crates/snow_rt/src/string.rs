//! Strings and bytes as objects: making, joining, comparing, cutting.
//!
//! Text-level questions (graphemes, case, escapes) are in [`crate::text`]. Invariants: a string that the runtime makes
//! holds its bytes itself and `cap` is all its room, until it is shared ([`crate::shared`]); `cap` is 0 only in immortal ones.

use std::ptr::null;

use memchr::memmem::Finder;
use snow_abi::layout::{ObjHeader, STR_DESC, STR_INLINE, StrObj};

use crate::fns;
use crate::hash::HashKey;
use crate::heap;
use crate::long::{self, Work};
use crate::process::Process;
use crate::release::{drop_ref, dup};
use crate::shared;

/// The bytes of a string. The lifetime is the caller's affair: as long as a reference is held.
///
/// # Safety
/// `s` is a live string.
#[inline]
pub(crate) unsafe fn bytes<'a>(s: *const StrObj) -> &'a [u8] {
    // SAFETY: as the contract says.
    unsafe { std::slice::from_raw_parts((*s).data, (*s).len) }
}

/// The text of a string.
///
/// # Safety
/// `s` is a live string, not bytes.
#[inline]
pub(crate) unsafe fn text<'a>(s: *const StrObj) -> &'a str {
    // SAFETY: strings hold UTF-8.
    unsafe { std::str::from_utf8_unchecked(bytes(s)) }
}

/// A string of length 0 with room for `capacity` bytes.
///
/// # Safety
/// The caller runs `p`.
pub(crate) unsafe fn with_capacity(p: *mut Process, capacity: usize) -> *mut StrObj {
    let wanted = STR_INLINE.saturating_add(capacity);
    // SAFETY: the new object is ours.
    unsafe {
        let s: *mut StrObj = heap::alloc(p, wanted).cast();
        let cap = heap::usable(s.cast(), wanted) - STR_INLINE;
        let header = ObjHeader { rc: 1, meta: ObjHeader::meta(STR_DESC, 0) };
        s.write(StrObj { header, len: 0, data: null(), cap });
        (*s).data = s.cast::<u8>().add(STR_INLINE);
        s
    }
}

/// A new string with these bytes.
///
/// # Safety
/// The caller runs `p`.
pub(crate) unsafe fn from_bytes(p: *mut Process, bytes: &[u8]) -> *mut StrObj {
    // SAFETY: the new string has room.
    unsafe {
        let s = with_capacity(p, bytes.len());
        append(p, s, bytes);
        s
    }
}

/// Appends to a string that has room and that nobody else sees. Others may run, if it is much.
unsafe fn append(p: *mut Process, s: *mut StrObj, bytes: &[u8]) {
    // SAFETY: the caller checked `cap`; the bytes stand behind the object.
    unsafe {
        let end = s.cast::<u8>().add(STR_INLINE + (*s).len);
        long::copy(p, bytes.as_ptr(), end, bytes.len());
        (*s).len += bytes.len();
    }
}

/// `str_concat`: in place when `a` is unique; amortised O(length of b) then.
pub(crate) unsafe fn str_concat(p: *mut Process, a: *mut StrObj, b: *mut StrObj) -> *mut StrObj {
    // SAFETY: the caller runs `p`, gives up `a` and keeps `b`.
    unsafe {
        let (len, more) = ((*a).len, (*b).len);
        if more == 0 {
            return a;
        }
        if len == 0 {
            dup(b.cast());
            drop_ref(p, a.cast());
            return b;
        }
        let (unique, cap) = ((*a).header.rc == 1, (*a).cap);
        if unique && cap > 0 && shared::is_inline(a) {
            // `b` is another object: the caller holds a reference to it besides the one to `a`.
            return push(p, a, bytes(b));
        }
        let s = with_capacity(p, len + more);
        append(p, s, bytes(a));
        append(p, s, bytes(b));
        drop_ref(p, a.cast());
        s
    }
}

/// `bytes_push`: the low eight bits of `byte` at the end; in place when `a` is unique, amortised O(1) then.
pub(crate) unsafe fn bytes_push(p: *mut Process, a: *mut StrObj, byte: i64) -> *mut StrObj {
    // SAFETY: the caller runs `p` and gives up `a`.
    unsafe {
        if (*a).header.rc == 1 && (*a).cap > 0 && shared::is_inline(a) {
            return push(p, a, &[byte as u8]);
        }
        let s = with_capacity(p, (*a).len + 1);
        append(p, s, bytes(a));
        append(p, s, &[byte as u8]);
        drop_ref(p, a.cast());
        s
    }
}

/// `bytes_utf8_end`: where UTF-8 ends: the length of bytes that are a text, else the index of the first that isn't one's.
pub(crate) unsafe fn bytes_utf8_end(p: *mut Process, a: *mut StrObj) -> i64 {
    // SAFETY: the caller runs `p` and holds `a`.
    unsafe {
        let all = bytes(a);
        let mut valid = 0;
        loop {
            let end = (valid + long::PIECE).min(all.len());
            let more = std::str::from_utf8(&all[valid..end]).map_or_else(|e| e.valid_up_to(), str::len);
            valid += more;
            // A piece may end within a character, so only one that gives nothing new ends the loop.
            if more == 0 || end == all.len() {
                return valid as i64;
            }
            fns::breathe(p);
        }
    }
}

/// `str_eq`
pub(crate) unsafe fn str_eq(p: *mut Process, a: *mut StrObj, b: *mut StrObj) -> bool {
    // SAFETY: the caller runs `p` and holds both.
    unsafe { a == b || long::equal(p, bytes(a), bytes(b)) }
}

/// `str_compare`: -1, 0 or 1; the order of bytes is that of code points.
pub(crate) unsafe fn str_compare(p: *mut Process, a: *mut StrObj, b: *mut StrObj) -> i64 {
    // SAFETY: the caller runs `p` and holds both.
    unsafe { long::order(p, bytes(a), bytes(b)) as i64 }
}

/// `str_hash`
pub(crate) unsafe fn str_hash(p: *mut Process, a: *mut StrObj) -> i64 {
    // SAFETY: the caller runs `p` and holds `a`.
    unsafe { HashKey::of_run().bytes(bytes(a), || fns::breathe(p)) }
}

/// `str_slice_bytes`: the bytes `from..to`, clamped.
pub(crate) unsafe fn str_slice_bytes(p: *mut Process, a: *mut StrObj, from: i64, to: i64) -> *mut StrObj {
    // SAFETY: the caller runs `p` and holds `a`.
    unsafe {
        let all = bytes(a);
        let to = to.clamp(0, all.len() as i64) as usize;
        let from = from.clamp(0, to as i64) as usize;
        if to - from == all.len() {
            dup(a.cast());
            return a;
        }
        from_bytes(p, &all[from..to])
    }
}

/// `str_starts_with`
pub(crate) unsafe fn str_starts_with(p: *mut Process, a: *mut StrObj, prefix: *mut StrObj) -> bool {
    // SAFETY: the caller runs `p` and holds both.
    unsafe { bytes(a).get(..(*prefix).len).is_some_and(|start| long::equal(p, start, bytes(prefix))) }
}

/// `str_find`: where `needle` first stands at or behind `from`; -1: nowhere. O(n).
pub(crate) unsafe fn str_find(p: *mut Process, a: *mut StrObj, needle: *mut StrObj, from: i64) -> i64 {
    // SAFETY: the caller runs `p` and holds both.
    unsafe {
        let (all, needle) = (bytes(a), bytes(needle));
        let from = from.clamp(0, all.len() as i64) as usize;
        if all.len() - from <= long::PIECE {
            return memchr::memmem::find(&all[from..], needle).map_or(-1, |at| (from + at) as i64);
        }
        long::find(&mut Work::new(p), all, &Finder::new(needle), from).map_or(-1, |at| at as i64)
    }
}

/// `str_byte_at`: the byte; -1 outside.
pub(crate) unsafe fn str_byte_at(_: *mut Process, a: *mut StrObj, index: i64) -> i64 {
    // SAFETY: the caller holds `a`.
    let all = unsafe { bytes(a) };
    usize::try_from(index).ok().and_then(|index| all.get(index)).map_or(-1, |&byte| i64::from(byte))
}

/// `str_repeat`
pub(crate) unsafe fn str_repeat(p: *mut Process, a: *mut StrObj, n: i64) -> *mut StrObj {
    // SAFETY: the caller runs `p` and holds `a`; the new string has room.
    unsafe {
        let total = (*a).len.saturating_mul(n.max(0) as usize);
        let s = with_capacity(p, total);
        if total > 0 {
            append(p, s, bytes(a));
        }
        // What is there is copied behind itself.
        let mut there = (*s).len;
        while there < total {
            let more = there.min(total - there);
            append(p, s, &bytes(s)[..more]);
            there += more;
        }
        s
    }
}

/// `str_replace`: every occurrence, from the left.
pub(crate) unsafe fn str_replace(
    p: *mut Process,
    a: *mut StrObj,
    what: *mut StrObj,
    with: *mut StrObj,
) -> *mut StrObj {
    // SAFETY: the caller runs `p` and holds all three.
    unsafe {
        let (all, mut work) = (bytes(a), Work::new(p));
        let needle = Finder::new(bytes(what));
        let first = if (*what).len == 0 { None } else { long::find(&mut work, all, &needle, 0) };
        let Some(mut at) = first else {
            dup(a.cast());
            return a;
        };
        let mut out = with_capacity(p, all.len());
        let mut from = 0;
        loop {
            out = push(p, push(p, out, &all[from..at]), bytes(with));
            from = at + (*what).len;
            match long::find(&mut work, all, &needle, from) {
                Some(next) => at = next,
                None => return push(p, out, &all[from..]),
            }
        }
    }
}

/// Appends to a string that nobody else sees, growing it.
///
/// # Safety
/// The caller runs `p` and owns `s`, whose count is 1 and whose bytes are its own.
pub(crate) unsafe fn push(p: *mut Process, s: *mut StrObj, more: &[u8]) -> *mut StrObj {
    // SAFETY: as the contract says.
    unsafe {
        let (len, cap) = ((*s).len, (*s).cap);
        if len + more.len() <= cap {
            append(p, s, more);
            return s;
        }
        let wanted = STR_INLINE + (len + more.len()).max(cap * 2);
        let s: *mut StrObj = heap::grow(p, s.cast(), STR_INLINE + cap, wanted).cast();
        (*s).cap = heap::usable(s.cast(), wanted) - STR_INLINE;
        (*s).data = s.cast::<u8>().add(STR_INLINE);
        append(p, s, more);
        s
    }
}
