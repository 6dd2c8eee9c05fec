//! Where do a process's objects live? Chunks that are cut by a bump pointer, lists of freed cells by size, and large
//! objects apart.
//!
//! Doesn't know what objects mean (see [`crate::release`]). Invariants: only the process's owner touches its heap;
//! `ctx.bump..ctx.bump_end` is the uncut rest of the newest chunk; every cell has exactly the size of its class, so a
//! chunk can be walked from its start; the tail of a chunk that a new one replaces is a free cell or shorter than one.

use std::ptr::null_mut;
use std::sync::atomic::Ordering::Relaxed;

use snow_abi::layout::{CLASS_SIZES, MAX_SMALL, ObjHeader, SIZE_CLASSES, StrObj, size_class};

use crate::long;
use crate::pool::{LocalPool, MAPPED_FROM, SYSTEM, block_class, block_size, system_alloc};
use crate::process::Process;
use crate::release;

/// The class of a process's first chunk: 256 bytes.
const FIRST_CHUNK: u8 = 2;
/// The class that chunks stop growing at: 256 KB.
const LAST_CHUNK: u8 = 12;
/// In what the size of a heap is counted: bytes of the smallest block.
pub(crate) const UNIT: i64 = 64;
/// Objects that an allocation frees at most before it takes fresh memory.
const ALLOC_RELEASE_BUDGET: usize = 256;

/// The parts of a heap that compiled code doesn't see.
pub(crate) struct Heap {
    /// Newest first.
    pub(crate) chunks: *mut Chunk,
    large: *mut Large,
    /// Objects whose count reached 0 and whose references aren't dropped yet; see [`release`].
    pub(crate) pending: *mut ObjHeader,
    /// Strings whose bytes are outside the heap; see [`crate::shared`].
    pub(crate) shared: *mut StrObj,
}

/// The head of a chunk; cells follow.
#[repr(C)]
pub(crate) struct Chunk {
    pub(crate) next: *mut Chunk,
    /// Bytes of cells cut; valid once another chunk is the newest.
    pub(crate) cut: u32,
    class: u32,
}

/// Where a chunk's cells start.
pub(crate) const CHUNK_CELLS: usize = size_of::<Chunk>();

/// The head of a large object; the object follows.
#[repr(C)]
struct Large {
    next: *mut Large,
    previous: *mut Large,
    /// Usable bytes of the object.
    bytes: usize,
    class: u64,
}

const LARGE_HEAD: usize = size_of::<Large>();

/// [`size_class`] by eighths.
static CLASS_OF: [u8; MAX_SMALL / 8 + 1] = {
    let mut table = [0; MAX_SMALL / 8 + 1];
    let mut words = 0;
    while words <= MAX_SMALL / 8 {
        table[words] = match size_class(words * 8) {
            Some(class) => class as u8,
            None => unreachable!(),
        };
        words += 1;
    }
    table
};

/// The class of a small cell.
pub(crate) fn class_of(bytes: usize) -> usize {
    CLASS_OF[bytes.div_ceil(8)] as usize
}

impl Heap {
    pub(crate) const fn new() -> Heap {
        Heap { chunks: null_mut(), large: null_mut(), pending: null_mut(), shared: null_mut() }
    }
}

/// A cell or large object of at least `bytes`; contents undefined. O(1) amortised.
///
/// # Safety
/// The caller runs `p`.
#[inline]
pub(crate) unsafe fn alloc(p: *mut Process, bytes: usize) -> *mut u8 {
    // SAFETY: the owner may use the heap; a free cell starts with its link; `bump..bump_end` is uncut.
    unsafe {
        if bytes > MAX_SMALL {
            return alloc_large(p, bytes);
        }
        let class = class_of(bytes);
        let ctx = &mut (*p).ctx;
        let head = ctx.free[class];
        if !head.is_null() {
            ctx.free[class] = *head.cast::<*mut u8>();
            return head;
        }
        let size = CLASS_SIZES[class];
        if (ctx.bump_end as usize) - (ctx.bump as usize) >= size {
            let cell = ctx.bump;
            ctx.bump = cell.add(size);
            return cell;
        }
        alloc_slow(p, class)
    }
}

/// [`alloc`] of a small cell when there is neither a free cell nor room.
///
/// # Safety
/// As [`alloc`].
#[cold]
unsafe fn alloc_slow(p: *mut Process, class: usize) -> *mut u8 {
    // SAFETY: as in `alloc`.
    unsafe {
        if !(*p).heap.pending.is_null() {
            release::work_off(p, ALLOC_RELEASE_BUDGET);
            let head = (*p).ctx.free[class];
            if !head.is_null() {
                (*p).ctx.free[class] = *head.cast::<*mut u8>();
                return head;
            }
        }
        add_chunk(p, CLASS_SIZES[class]);
        let cell = (*p).ctx.bump;
        (*p).ctx.bump = cell.add(CLASS_SIZES[class]);
        cell
    }
}

/// Makes a chunk with room for `bytes` the newest.
unsafe fn add_chunk(p: *mut Process, bytes: usize) {
    // SAFETY: the owner may use the heap and its worker's pool; the block has the size of its class.
    unsafe {
        retire_chunk(p);
        let heap = &mut (*p).heap;
        let fits = block_class(CHUNK_CELLS + bytes).unwrap_or(LAST_CHUNK);
        let next = match heap.chunks.as_ref() {
            Some(newest) => (newest.class as u8 + 1).min(LAST_CHUNK),
            None => FIRST_CHUNK,
        };
        let class = next.max(fits);
        let chunk: *mut Chunk = Process::pool(p).alloc(class).cast();
        chunk.write(Chunk { next: heap.chunks, cut: 0, class: class as u32 });
        heap.chunks = chunk;
        count(p, block_size(class) as isize);
        let start = chunk.cast::<u8>();
        (*p).ctx.bump = start.add(CHUNK_CELLS);
        (*p).ctx.bump_end = start.add(block_size(class));
    }
}

/// Turns the uncut rest of the newest chunk into a free cell and records how much of the chunk is cut.
unsafe fn retire_chunk(p: *mut Process) {
    // SAFETY: the owner may use the heap.
    unsafe {
        let ctx = &mut (*p).ctx;
        let chunk = (*p).heap.chunks;
        if chunk.is_null() {
            return;
        }
        let rest = ctx.bump_end as usize - ctx.bump as usize;
        if let Some(class) = (0..SIZE_CLASSES).rev().find(|&class| CLASS_SIZES[class] <= rest) {
            let cell = ctx.bump;
            *cell.cast::<*mut u8>() = ctx.free[class];
            ctx.free[class] = cell;
            ctx.bump = cell.add(CLASS_SIZES[class]);
        }
        (*chunk).cut = (ctx.bump as usize - chunk as usize - CHUNK_CELLS) as u32;
    }
}

/// Usable bytes of an object that was allocated for `bytes`. O(1).
pub(crate) unsafe fn usable(object: *mut u8, bytes: usize) -> usize {
    if bytes <= MAX_SMALL {
        return CLASS_SIZES[class_of(bytes)];
    }
    // SAFETY: large objects have their head in front.
    unsafe { (*object.sub(LARGE_HEAD).cast::<Large>()).bytes }
}

/// Takes back an object that was allocated for `bytes`. O(1).
///
/// # Safety
/// The caller runs `p`, whose heap the object is in; nobody refers to it.
#[inline]
pub(crate) unsafe fn free(p: *mut Process, object: *mut u8, bytes: usize) {
    // SAFETY: the object is free memory now, at least 16 bytes.
    unsafe {
        if bytes > MAX_SMALL {
            free_large(p, object);
            return;
        }
        let class = class_of(bytes);
        *object.cast::<*mut u8>() = (*p).ctx.free[class];
        (*p).ctx.free[class] = object;
    }
}

#[cold]
unsafe fn alloc_large(p: *mut Process, bytes: usize) -> *mut u8 {
    // SAFETY: the owner may use the heap and its worker's pool.
    unsafe {
        if !(*p).heap.pending.is_null() {
            release::work_off(p, ALLOC_RELEASE_BUDGET);
        }
        let total = bytes.saturating_add(LARGE_HEAD);
        let (block, class, usable) = match block_class(total) {
            Some(class) => (Process::pool(p).alloc(class), class, block_size(class) - LARGE_HEAD),
            None => (system_alloc(total), SYSTEM, bytes),
        };
        let large: *mut Large = block.cast();
        large.write(Large { next: null_mut(), previous: null_mut(), bytes: usable, class: class as u64 });
        link_large(p, large);
        block.add(LARGE_HEAD)
    }
}

/// Notes how much memory the heap has, for others to see.
unsafe fn count(p: *mut Process, change: isize) {
    // SAFETY: the owner may use the heap; only it writes the number.
    unsafe {
        let units = (*p).heap_units.load(Relaxed);
        (*p).heap_units.store(units.wrapping_add_signed((change / UNIT as isize) as i32), Relaxed);
    }
}

unsafe fn link_large(p: *mut Process, large: *mut Large) {
    // SAFETY: the owner may use the heap.
    unsafe {
        count(p, ((*large).bytes + LARGE_HEAD) as isize);
        let first = (*p).heap.large;
        (*large).next = first;
        (*large).previous = null_mut();
        if !first.is_null() {
            (*first).previous = large;
        }
        (*p).heap.large = large;
    }
}

unsafe fn unlink_large(p: *mut Process, large: *mut Large) {
    // SAFETY: the owner may use the heap; the object is in its list.
    unsafe {
        count(p, -(((*large).bytes + LARGE_HEAD) as isize));
        let Large { next, previous, .. } = *large;
        if previous.is_null() {
            (*p).heap.large = next;
        } else {
            (*previous).next = next;
        }
        if !next.is_null() {
            (*next).previous = previous;
        }
    }
}

/// Takes back a large object at once. O(1).
///
/// # Safety
/// As [`free`]; the object was allocated with more than [`MAX_SMALL`] bytes.
pub(crate) unsafe fn free_large(p: *mut Process, object: *mut u8) {
    // SAFETY: as the contract says.
    unsafe {
        let large = object.sub(LARGE_HEAD).cast::<Large>();
        unlink_large(p, large);
        Process::pool(p).free(large.cast(), (*large).class as u8);
    }
}

/// Moves an object that was allocated for `old` bytes into room for `new` bytes, keeping its first `old` bytes. Others may
/// run meanwhile, if it is long.
///
/// # Safety
/// As [`free`]; `new >= old`. The old address is dead afterwards.
pub(crate) unsafe fn grow(p: *mut Process, object: *mut u8, old: usize, new: usize) -> *mut u8 {
    // SAFETY: as the contract says; memory from the system may be moved by it.
    unsafe {
        if old > MAX_SMALL {
            let large = object.sub(LARGE_HEAD).cast::<Large>();
            // Between the two sizes the system would copy as well, but at once.
            if (*large).class as u8 == SYSTEM && (old <= long::PIECE || old >= MAPPED_FROM) {
                unlink_large(p, large);
                let moved = libc::realloc(large.cast(), new + LARGE_HEAD).cast::<Large>();
                if moved.is_null() {
                    crate::io::fatal(&format!("out of memory: the system refused {new} bytes"));
                }
                (*moved).bytes = new;
                link_large(p, moved);
                return moved.cast::<u8>().add(LARGE_HEAD);
            }
        }
        let moved = alloc(p, new);
        long::copy(p, object, moved, old);
        free(p, object, old);
        moved
    }
}

/// Takes the heap away from its process.
///
/// # Safety
/// The caller ends `p`.
pub(crate) unsafe fn take(p: *mut Process) -> Heap {
    // SAFETY: nobody uses the heap any more.
    unsafe {
        let ctx = &mut (*p).ctx;
        ctx.bump = null_mut();
        ctx.bump_end = null_mut();
        ctx.free = [null_mut(); SIZE_CLASSES];
        (*p).heap_units.store(0, Relaxed);
        std::mem::replace(&mut (*p).heap, Heap::new())
    }
}

impl Heap {
    /// Gives memory of a heap without a process back, in about `budget` steps. Whether all of it is.
    ///
    /// # Safety
    /// Nobody uses the heap any more.
    pub(crate) unsafe fn free_some(&mut self, pool: &mut LocalPool, mut budget: usize) -> bool {
        // SAFETY: as the contract says; shared strings stand in the chunks, so their bytes go first.
        unsafe {
            self.shared = crate::shared::forget_some(pool, self.shared, &mut budget);
            while budget > 0 && !self.chunks.is_null() {
                let Chunk { next, class, .. } = *self.chunks;
                pool.free(self.chunks.cast(), class as u8);
                self.chunks = next;
                budget -= 1;
            }
            while budget > 0 && !self.large.is_null() {
                let Large { next, class, .. } = *self.large;
                pool.free(self.large.cast(), class as u8);
                self.large = next;
                budget -= 1;
            }
        }
        self.shared.is_null() && self.chunks.is_null() && self.large.is_null()
    }
}

/// Calls `f` with the addresses of the large objects.
pub(crate) unsafe fn each_large(p: *const Process, mut f: impl FnMut(*mut ObjHeader, usize)) {
    // SAFETY: the caller owns the process.
    unsafe {
        let mut large = (*p).heap.large;
        while !large.is_null() {
            f(large.cast::<u8>().add(LARGE_HEAD).cast(), (*large).bytes);
            large = (*large).next;
        }
    }
}
