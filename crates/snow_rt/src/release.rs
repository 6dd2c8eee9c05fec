//! How is an object freed whose last reference went? Iteratively, in bounded steps.
//!
//! Objects without references are freed at once. Others wait in the process's pending list until their references are
//! dropped; each call does a bounded number of steps, and allocations do the rest. A pending object's head word links
//! the list: `address >> 3 << 19 | desc`, since its count and variant mean nothing any more (addresses of user space
//! have at most 48 bits; a program has at most 2^19 - 1 descriptions).

use snow_abi::layout::{
    DescKind, LIST_ELEMENTS, ListBuf, MAX_IMMEDIATE, ObjHeader, REF_LIST, STR_INLINE, StrObj, TypeDesc,
};

use crate::heap;
use crate::process::Process;
use crate::shared;

/// Steps of one [`release`]: an object, or an element of a list's buffer, is one.
const RELEASE_BUDGET: usize = 128;
const DESC_BITS: u32 = 19;
const DESC_MASK: u64 = (1 << DESC_BITS) - 1;

/// The reference slots of a description, with marks: see [`TypeDesc::refs`].
pub(crate) fn marked_refs(desc: &TypeDesc) -> &[u16] {
    if desc.ref_count == 0 {
        return &[];
    }
    // SAFETY: codegen emits `ref_count` offsets.
    unsafe { std::slice::from_raw_parts(desc.refs, desc.ref_count as usize) }
}

/// The offsets of the reference slots of a description.
#[inline]
pub(crate) fn refs(desc: &TypeDesc) -> impl Iterator<Item = usize> {
    marked_refs(desc).iter().map(|&offset| (offset & !REF_LIST) as usize)
}

/// Whether a reference slot's value is an object's address.
#[inline]
pub(crate) fn is_object(slot: usize) -> bool {
    slot > MAX_IMMEDIATE
}

/// Bytes that `object` was allocated for.
///
/// # Safety
/// `object` is a live object described by `desc`.
pub(crate) unsafe fn object_bytes(object: *const ObjHeader, desc: &TypeDesc) -> usize {
    // SAFETY: as the contract says.
    unsafe {
        match desc.kind {
            DescKind::Cell => desc.size as usize,
            DescKind::ListBuf => list_bytes((*object.cast::<ListBuf>()).cap, desc),
            DescKind::Str => STR_INLINE + (*object.cast::<StrObj>()).cap,
            DescKind::Value => crate::io::internal_error("an object is described as a value"),
        }
    }
}

/// Bytes of a list's buffer with room for `cap` elements.
pub(crate) fn list_bytes(cap: u32, desc: &TypeDesc) -> usize {
    LIST_ELEMENTS + cap as usize * desc.size as usize
}

/// Counts one more reference. A count that overflows becomes that of an immortal object.
///
/// # Safety
/// `object` is a live object of the running process, or immortal.
#[inline]
pub(crate) unsafe fn dup(object: *mut ObjHeader) {
    // SAFETY: as the contract says.
    unsafe {
        if (*object).rc >= 0 {
            (*object).rc = (*object).rc.wrapping_add(1);
        }
    }
}

/// Counts a reference in a reference slot.
///
/// # Safety
/// There is a reference slot at that address.
#[inline]
pub(crate) unsafe fn dup_slot(at: *const u8) {
    // SAFETY: as the contract says.
    unsafe {
        let slot = *at.cast::<usize>();
        if is_object(slot) {
            dup(slot as *mut ObjHeader);
        }
    }
}

/// Drops one reference.
///
/// # Safety
/// The caller runs `p` and owns the reference.
#[inline]
pub(crate) unsafe fn drop_ref(p: *mut Process, object: *mut ObjHeader) {
    // SAFETY: as the contract says.
    unsafe {
        if unref(object) {
            release(p, object);
        }
    }
}

/// Drops the references of a value.
///
/// # Safety
/// As [`drop_ref`]; `value` is described by `desc`.
pub(crate) unsafe fn drop_refs(p: *mut Process, value: *const u8, desc: &TypeDesc) {
    for offset in refs(desc) {
        // SAFETY: as the contract says.
        unsafe {
            let slot = *value.add(offset).cast::<usize>();
            if is_object(slot) {
                drop_ref(p, slot as *mut ObjHeader);
            }
        }
    }
}

/// Counts one reference less; whether it was the last.
#[inline]
unsafe fn unref(object: *mut ObjHeader) -> bool {
    // SAFETY: the caller owns a reference.
    unsafe {
        let rc = (*object).rc;
        if rc > 1 {
            (*object).rc = rc - 1;
        }
        rc == 1
    }
}

/// Frees an object that nobody refers to any more, and drops what it refers to.
///
/// # Safety
/// The caller runs `p`; the object is in its heap.
pub(crate) unsafe fn release(p: *mut Process, object: *mut ObjHeader) {
    // SAFETY: as the contract says.
    unsafe {
        retire(p, object);
        work_off(p, RELEASE_BUDGET);
    }
}

/// Frees an object without references, makes others pending.
#[inline]
unsafe fn retire(p: *mut Process, object: *mut ObjHeader) {
    // SAFETY: the caller owns the dead object.
    unsafe {
        let index = (*object).meta >> 8;
        let desc = Process::desc(p, index);
        if desc.ref_count == 0 {
            if desc.kind == DescKind::Str && !shared::is_inline(object.cast()) {
                shared::forget(p, object.cast());
            }
            heap::free(p, object.cast(), object_bytes(object, desc));
            return;
        }
        let link = ((*p).heap.pending as u64) >> 3;
        object.cast::<u64>().write(link << DESC_BITS | u64::from(index));
        (*p).heap.pending = object;
    }
}

/// Frees pending objects, for `budget` steps. Whether all are freed.
///
/// # Safety
/// The caller runs `p`.
pub(crate) unsafe fn work_off(p: *mut Process, budget: usize) -> bool {
    let mut left = budget;
    // SAFETY: pending objects are dead objects of this heap, with a link in their head word.
    unsafe {
        while left > 0 {
            let object = (*p).heap.pending;
            if object.is_null() {
                return true;
            }
            let word = *object.cast::<u64>();
            let desc = Process::desc(p, (word & DESC_MASK) as u32);
            if desc.kind == DescKind::ListBuf {
                left = release_elements(p, object.cast(), desc, left, word);
                continue;
            }
            (*p).heap.pending = next_pending(word);
            retire_children(p, object.cast(), desc);
            heap::free(p, object.cast(), desc.size as usize);
            left -= 1;
        }
        (*p).heap.pending.is_null()
    }
}

fn next_pending(word: u64) -> *mut ObjHeader {
    ((word >> DESC_BITS) << 3) as *mut ObjHeader
}

/// Drops elements of the first pending object, a list's buffer; frees it when none is left. Gives the budget that remains.
unsafe fn release_elements(
    p: *mut Process,
    list: *mut ListBuf,
    desc: &TypeDesc,
    mut left: usize,
    word: u64,
) -> usize {
    // SAFETY: elements `lo..hi` are there and owned by the buffer.
    unsafe {
        // Children become pending in front of the buffer, so it is taken out first.
        (*p).heap.pending = next_pending(word);
        let count = (((*list).hi - (*list).lo) as usize).min(left);
        let size = desc.size as usize;
        let mut element = list.cast::<u8>().add(LIST_ELEMENTS + (*list).lo as usize * size);
        // Most lists have one reference per element: for those the description is looked at once.
        if let [offset] = marked_refs(desc) {
            element = element.add((offset & !REF_LIST) as usize);
            for _ in 0..count {
                retire_slot(p, element);
                element = element.add(size);
            }
        } else {
            for _ in 0..count {
                retire_children(p, element, desc);
                element = element.add(size);
            }
        }
        (*list).lo += count as u32;
        left -= count;
        if (*list).lo < (*list).hi {
            let link = ((*p).heap.pending as u64) >> 3;
            list.cast::<u64>().write(link << DESC_BITS | (word & DESC_MASK));
            (*p).heap.pending = list.cast();
            return left;
        }
        heap::free(p, list.cast(), list_bytes((*list).cap, desc));
        left.saturating_sub(1)
    }
}

#[inline]
unsafe fn retire_children(p: *mut Process, value: *const u8, desc: &TypeDesc) {
    for offset in refs(desc) {
        // SAFETY: the slots of the value are references that it owns.
        unsafe { retire_slot(p, value.add(offset)) };
    }
}

/// Drops what a reference slot holds, which is looked at no more.
#[inline]
unsafe fn retire_slot(p: *mut Process, at: *const u8) {
    // SAFETY: the slot is a reference that its value owns.
    unsafe {
        let slot = *at.cast::<usize>();
        if is_object(slot) && unref(slot as *mut ObjHeader) {
            retire(p, slot as *mut ObjHeader);
        }
    }
}
