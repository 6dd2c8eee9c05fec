//! The buffers behind lists: making room at either end, sharing, copying.
//!
//! Element access, push and set on a buffer that is unique and has room are inlined by compiled code; this module is
//! the other cases. Invariants: a buffer owns its elements `lo..hi`; a buffer that others hold too, or an immortal one,
//! is never written.
//!
//! `reserved` of a buffer remembers at which ends room was asked for, so that one used at both ends (a queue) keeps
//! slack at both.

use snow_abi::layout::{DescKind, LIST_ELEMENTS, ListBuf, ListVal, ObjHeader, TypeDesc};

use crate::fns;
use crate::heap;
use crate::long;
use crate::process::Process;
use crate::release::{drop_ref, drop_refs, dup, dup_slot, list_bytes, refs, release};

const GREW_BACK: u32 = 1;
const GREW_FRONT: u32 = 2;
const MIN_CAPACITY: u64 = 4;
/// Elements with references that are dropped at once; more are left to bounded steps.
const MAX_TRIM: u32 = 256;

/// How many elements are counted before others may get their turn.
const BREATH_ELEMENTS: usize = 16 << 10;

/// Which end of a list room is wanted at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Back,
    Front,
}

#[inline]
unsafe fn element(buf: *mut ListBuf, index: u32, desc: &TypeDesc) -> *mut u8 {
    // SAFETY: the caller stays within the buffer's capacity.
    unsafe { buf.cast::<u8>().add(LIST_ELEMENTS + index as usize * desc.size as usize) }
}

unsafe fn desc_of<'a>(p: *mut Process, buf: *mut ListBuf) -> &'a TypeDesc {
    // SAFETY: the buffer is live.
    let desc = unsafe { Process::desc(p, (*buf).header.meta >> 8) };
    debug_assert!(desc.kind == DescKind::ListBuf);
    desc
}

/// An empty buffer with room for at least `capacity` elements.
unsafe fn new_buffer(p: *mut Process, meta: u32, desc: &TypeDesc, capacity: u64) -> *mut ListBuf {
    if capacity > u64::from(u32::MAX) {
        crate::crash::raise(p, "a list can't hold more than 4294967295 elements".into(), None);
    }
    let bytes = list_bytes(capacity as u32, desc);
    // SAFETY: the caller runs `p`; the new object is ours.
    unsafe {
        let buf: *mut ListBuf = heap::alloc(p, bytes).cast();
        let cap = capacity_in(heap::usable(buf.cast(), bytes), desc);
        let header = ObjHeader { rc: 1, meta };
        buf.write(ListBuf { header, lo: 0, hi: 0, cap, reserved: 0 });
        buf
    }
}

fn capacity_in(bytes: usize, desc: &TypeDesc) -> u32 {
    if desc.size == 0 {
        return u32::MAX;
    }
    ((bytes - LIST_ELEMENTS) / desc.size as usize).min(u32::MAX as usize) as u32
}

/// `list_new`: an empty list with room.
pub(crate) unsafe fn list_new(p: *mut Process, desc: i64, capacity: i64) -> ListVal {
    // SAFETY: `desc` describes a list's buffer; the caller runs `p`.
    unsafe {
        let index = desc as u32;
        let buf = new_buffer(p, ObjHeader::meta(index, 0), Process::desc(p, index), capacity.max(0) as u64);
        ListVal { buf, view: 0 }
    }
}

/// `list_reserve_back`
pub(crate) unsafe fn list_reserve_back(p: *mut Process, xs: ListVal, n: i64) -> ListVal {
    // SAFETY: the caller runs `p` and gives up `xs`.
    unsafe { reserve(p, xs, n.max(0) as u64, End::Back) }
}

/// `list_reserve_front`
pub(crate) unsafe fn list_reserve_front(p: *mut Process, xs: ListVal, n: i64) -> ListVal {
    // SAFETY: as above.
    unsafe { reserve(p, xs, n.max(0) as u64, End::Front) }
}

/// `list_make_unique`: a list that alone holds its buffer. O(1) if it does already, else O(length).
pub(crate) unsafe fn list_make_unique(p: *mut Process, xs: ListVal) -> ListVal {
    // SAFETY: the caller runs `p` and gives up `xs`.
    unsafe {
        if (*xs.buf).header.rc == 1 {
            return xs;
        }
        let desc = desc_of(p, xs.buf);
        copy_view(p, xs, desc, u64::from(xs.len()), 0, 0)
    }
}

/// `list_concat`: appends the elements of `b`, in place when `a` is unique.
pub(crate) unsafe fn list_concat(p: *mut Process, a: ListVal, b: ListVal) -> ListVal {
    // SAFETY: the caller runs `p`, gives up `a` and keeps `b`.
    unsafe {
        if b.is_empty() {
            return a;
        }
        if a.is_empty() && (*a.buf).header.rc != 1 {
            dup(b.buf.cast());
            drop_ref(p, a.buf.cast());
            return b;
        }
        let n = b.len();
        let joined = reserve(p, a, u64::from(n), End::Back);
        let buf = joined.buf;
        let desc = desc_of(p, buf);
        let from = element(b.buf, b.offset(), desc);
        let to = element(buf, (*buf).hi, desc);
        long::copy(p, from, to, n as usize * desc.size as usize);
        dup_elements(p, to, n, desc);
        (*buf).hi += n;
        ListVal { buf, view: ListVal::view(joined.offset(), joined.len() + n) }
    }
}

/// `list_open`: a list that alone holds its buffer, with one element more: a gap at `index`, whose references are 0.
/// O(length - index), O(length) if the list was shared.
pub(crate) unsafe fn list_open(p: *mut Process, xs: ListVal, index: i64) -> ListVal {
    // SAFETY: the caller runs `p`, gives up `xs`, and `0 <= index <= length`.
    unsafe {
        let (xs, index) = (if can_push(xs) { xs } else { reserve(p, xs, 1, End::Back) }, index as u32);
        let desc = desc_of(p, xs.buf);
        let size = desc.size as usize;
        let gap = element(xs.buf, xs.offset() + index, desc);
        long::copy(p, gap, gap.add(size), (xs.len() - index) as usize * size);
        if desc.ref_count > 0 {
            gap.write_bytes(0, size);
        }
        (*xs.buf).hi += 1;
        ListVal { buf: xs.buf, view: ListVal::view(xs.offset(), xs.len() + 1) }
    }
}

/// `list_close`: the list without the element at `index`, which was moved out. O(length - index).
pub(crate) unsafe fn list_close(p: *mut Process, xs: ListVal, index: i64) -> ListVal {
    // SAFETY: the caller runs `p`, gives up `xs`, which alone holds its buffer, and `0 <= index < length`.
    unsafe {
        let index = index as u32;
        let desc = desc_of(p, xs.buf);
        let size = desc.size as usize;
        let gap = element(xs.buf, xs.offset() + index, desc);
        let left = (xs.len() - index - 1) as usize * size;
        long::copy(p, gap.add(size), gap, left);
        // The last element stands one place further left now: here it is none any more.
        gap.add(left).write_bytes(0, size);
        if (*xs.buf).hi == xs.offset() + xs.len() {
            (*xs.buf).hi -= 1;
        }
        ListVal { buf: xs.buf, view: ListVal::view(xs.offset(), xs.len() - 1) }
    }
}

/// `list_gaps`: a list that alone holds its buffer, of `n` elements without references whose words are 0, and of as many
/// more as fit into the memory that these take. O(length).
pub(crate) unsafe fn list_gaps(p: *mut Process, none: ListVal, n: i64) -> ListVal {
    // SAFETY: the caller runs `p` and gives up `none`, which is empty and says what the elements are; the buffer is new.
    unsafe {
        let desc = desc_of(p, none.buf);
        let buf = new_buffer(p, (*none.buf).header.meta, desc, n.max(0) as u64);
        let cap = (*buf).cap;
        element(buf, 0, desc).write_bytes(0, cap as usize * desc.size as usize);
        (*buf).hi = cap;
        drop_ref(p, none.buf.cast());
        ListVal { buf, view: ListVal::view(0, cap) }
    }
}

/// Whether a list alone holds its buffer, shows all of it, and the buffer has room at the back and keeps it there.
unsafe fn can_push(xs: ListVal) -> bool {
    // SAFETY: the caller holds a reference.
    let ListBuf { header, lo, hi, cap, reserved } = unsafe { &*xs.buf };
    let is_whole = *lo == xs.offset() && *hi == xs.offset() + xs.len();
    header.rc == 1 && is_whole && hi < cap && *reserved & GREW_BACK != 0
}

/// Counts one more reference for each of `n` elements; others may run in between.
unsafe fn dup_elements(p: *mut Process, first: *const u8, n: u32, desc: &TypeDesc) {
    if desc.ref_count == 0 {
        return;
    }
    let mut counted = 0;
    while counted < n as usize {
        let piece = (n as usize - counted).min(BREATH_ELEMENTS);
        // Slot by slot: what the description says is looked at once per piece.
        for offset in refs(desc) {
            // SAFETY: `n` elements stand there, each with references at these offsets.
            unsafe {
                let mut slot = first.add(counted * desc.size as usize + offset);
                for _ in 0..piece {
                    dup_slot(slot);
                    slot = slot.add(desc.size as usize);
                }
            }
        }
        counted += piece;
        if counted < n as usize {
            // SAFETY: the caller runs `p`.
            unsafe { fns::breathe(p) };
        }
    }
}

/// A unique list with exactly the elements of `xs` and room for `n` more at `end`. Amortised O(n).
unsafe fn reserve(p: *mut Process, xs: ListVal, n: u64, end: End) -> ListVal {
    // SAFETY: the caller runs `p` and gives up `xs`.
    unsafe {
        let buf = xs.buf;
        let desc = desc_of(p, buf);
        let len = u64::from(xs.len());
        let grew = (*buf).reserved | if end == End::Back { GREW_BACK } else { GREW_FRONT };
        if (*buf).header.rc != 1 {
            let capacity = (len + n).max(MIN_CAPACITY);
            let slack = capacity - len;
            return copy_view(p, xs, desc, capacity, if end == End::Front { slack } else { 0 }, grew);
        }
        if desc.ref_count > 0 && (*buf).hi - (*buf).lo - xs.len() > MAX_TRIM {
            let moved = move_out(p, xs, desc);
            return reserve(p, moved, n, end);
        }
        trim(p, xs, desc);
        let (lo, hi, cap) = (u64::from((*buf).lo), u64::from((*buf).hi), u64::from((*buf).cap));
        let room = if end == End::Back { cap - hi } else { lo };
        (*buf).reserved = grew;
        if room >= n {
            return xs;
        }
        if (len + n) * 2 <= cap {
            let offset = place(cap, len, n, end, grew);
            slide(p, buf, offset, desc);
            return ListVal { buf, view: ListVal::view(offset, len as u32) };
        }
        regrow(p, xs, desc, len + n.max(len).max(MIN_CAPACITY), (n, end, grew))
    }
}

/// Where in a buffer of `cap` elements to put `len` of them, so that at least `n` fit in at `end`.
fn place(cap: u64, len: u64, n: u64, end: End, grew: u32) -> u32 {
    let slack = cap - len;
    let behind = match (end, grew == GREW_BACK | GREW_FRONT) {
        (End::Back, false) => slack,
        (End::Front, false) => 0,
        (End::Back, true) => (slack / 2).max(n),
        (End::Front, true) => (slack / 2).min(slack - n),
    };
    (slack - behind) as u32
}

/// Moves a unique, trimmed buffer's elements so that they start at `offset`.
unsafe fn slide(p: *mut Process, buf: *mut ListBuf, offset: u32, desc: &TypeDesc) {
    // SAFETY: the buffer is unique and has room for the elements at `offset`.
    unsafe {
        let len = (*buf).hi - (*buf).lo;
        let from = element(buf, (*buf).lo, desc);
        long::copy(p, from, element(buf, offset, desc), len as usize * desc.size as usize);
        (*buf).lo = offset;
        (*buf).hi = offset + len;
    }
}

/// Moves a unique, trimmed list into a buffer for `capacity` elements.
unsafe fn regrow(
    p: *mut Process,
    xs: ListVal,
    desc: &TypeDesc,
    capacity: u64,
    (n, end, grew): (u64, End, u32),
) -> ListVal {
    // SAFETY: the caller runs `p` and gives up `xs`; elements move, so no count changes.
    unsafe {
        let (old, len) = (xs.buf, xs.len());
        let old_bytes = list_bytes((*old).cap, desc);
        if end == End::Back && grew == GREW_BACK && (*old).lo == 0 && capacity <= u64::from(u32::MAX) {
            let bytes = list_bytes(capacity as u32, desc);
            let buf: *mut ListBuf = heap::grow(p, old.cast(), old_bytes, bytes).cast();
            (*buf).cap = capacity_in(heap::usable(buf.cast(), bytes), desc);
            return ListVal { buf, view: xs.view };
        }
        let buf = new_buffer(p, (*old).header.meta, desc, capacity);
        let offset = place(u64::from((*buf).cap), u64::from(len), n, end, grew);
        let from = element(old, xs.offset(), desc);
        long::copy(p, from, element(buf, offset, desc), len as usize * desc.size as usize);
        (*buf).lo = offset;
        (*buf).hi = offset + len;
        (*buf).reserved = grew;
        heap::free(p, old.cast(), old_bytes);
        ListVal { buf, view: ListVal::view(offset, len) }
    }
}

/// Moves the elements that a list shows to a buffer of their own, and releases the rest of its unique one.
unsafe fn move_out(p: *mut Process, xs: ListVal, desc: &TypeDesc) -> ListVal {
    // SAFETY: the caller runs `p` and holds the only reference; the moved elements are taken out of the old buffer.
    unsafe {
        let (old, len) = (xs.buf, xs.len());
        let buf = new_buffer(p, (*old).header.meta, desc, u64::from(len));
        let size = desc.size as usize;
        let from = element(old, xs.offset(), desc);
        long::copy(p, from, element(buf, 0, desc), len as usize * size);
        (*buf).hi = len;
        let behind = (*old).hi - (xs.offset() + len);
        long::copy(p, element(old, xs.offset() + len, desc), from, behind as usize * size);
        (*old).hi -= len;
        release(p, old.cast());
        ListVal { buf, view: ListVal::view(0, len) }
    }
}

/// Drops the elements of a unique buffer that its only list doesn't show.
unsafe fn trim(p: *mut Process, xs: ListVal, desc: &TypeDesc) {
    // SAFETY: the caller runs `p` and holds the only reference.
    unsafe {
        let buf = xs.buf;
        let (from, to) = (xs.offset(), xs.offset() + xs.len());
        if desc.ref_count > 0 {
            for index in ((*buf).lo..from).chain(to..(*buf).hi) {
                drop_refs(p, element(buf, index, desc), desc);
            }
        }
        (*buf).lo = from;
        (*buf).hi = to;
    }
}

/// A fresh buffer with copies of the elements of `xs` at `offset`; drops `xs`.
unsafe fn copy_view(
    p: *mut Process,
    xs: ListVal,
    desc: &TypeDesc,
    capacity: u64,
    offset: u64,
    grew: u32,
) -> ListVal {
    // SAFETY: the caller runs `p` and gives up `xs`; `offset + length <= capacity`.
    unsafe {
        let len = xs.len();
        let buf = new_buffer(p, (*xs.buf).header.meta, desc, capacity);
        let to = element(buf, offset as u32, desc);
        long::copy(p, element(xs.buf, xs.offset(), desc), to, len as usize * desc.size as usize);
        dup_elements(p, to, len, desc);
        (*buf).lo = offset as u32;
        (*buf).hi = offset as u32 + len;
        (*buf).reserved = grew;
        drop_ref(p, xs.buf.cast());
        ListVal { buf, view: ListVal::view(offset as u32, len) }
    }
}

/// `release` of a list's buffer, for tests.
#[cfg(test)]
pub(crate) unsafe fn release_list(p: *mut Process, xs: ListVal) {
    // SAFETY: the caller owns the last reference.
    unsafe { release(p, xs.buf.cast()) }
}
