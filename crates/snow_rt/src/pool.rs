//! Where memory blocks come from: size-classed, recycled, cached per worker.
//!
//! Doesn't know what a block holds. Classes are powers of two from 64 bytes to 1 MB; what is greater goes straight
//! to the system. Small classes are cut from slabs, slabs and greater blocks from regions of address space. All regions but
//! the first ask for huge pages: a program with much memory then misses the processor's table of pages less often, and
//! one with little doesn't pay 2 MB for its first page. (What goes straight to the system doesn't ask: it grows by being
//! moved, and huge pages must be split for that.) The memory behind great blocks, not their addresses, goes
//! back to the system when the shared store holds more than [`SHARED_LIMIT`] bytes of them. To take back what it has mapped,
//! the system needs a time that grows with it, so that goes in pieces between other work ([`LocalPool::give_back`]).
//!
//! Protocol: a [`LocalPool`] belongs to one worker. The [`SharedPool`] is reached only under its lock and moves
//! blocks between workers in batches, so that the lock is taken once per many blocks.

use std::ptr::null_mut;
use std::sync::Mutex;

/// How many block sizes there are.
pub(crate) const CLASS_COUNT: usize = 15;
/// Marks memory that came straight from the system.
pub(crate) const SYSTEM: u8 = u8::MAX;
/// Bytes of blocks of at least [`SYSTEM_FROM`] bytes that the shared store keeps.
const SHARED_LIMIT: usize = 256 << 20;
/// Blocks of this size and more are returned to the system beyond the limit.
const SYSTEM_FROM: usize = 64 << 10;
/// Blocks up to this size are cut from slabs.
const CARVE_UP_TO: usize = 8192;
const SLAB: usize = 64 << 10;
/// Bytes of the first region, and of each other.
const FIRST_REGION: usize = 4 << 20;
const REGION: usize = 32 << 20;
const HUGE_PAGE: usize = 2 << 20;
/// A page of the system is this or a part of it; regions are cut in multiples of it.
const PAGE: usize = 16 << 10;
/// What is greater, the C library maps by itself: then it is moved without copying, and unmapped when it is freed.
pub(crate) const MAPPED_FROM: usize = 32 << 20;
/// Bytes that go back to the system at once: about a millisecond.
const GIVE_BACK: usize = 16 << 20;
/// Bytes of one class that a worker keeps to itself.
const LOCAL_BYTES: usize = 512 << 10;

/// Bytes of a block of `class`.
pub(crate) const fn block_size(class: u8) -> usize {
    64 << class
}

/// The smallest class whose blocks hold `bytes`; `None`: greater than all. O(1).
pub(crate) const fn block_class(bytes: usize) -> Option<u8> {
    if bytes <= 64 {
        return Some(0);
    }
    let class = (usize::BITS - (bytes - 1).leading_zeros()) as usize - 6;
    if class < CLASS_COUNT { Some(class as u8) } else { None }
}

/// Memory from the system, 16-byte aligned. Ends the program with a message when there is none.
pub(crate) fn system_alloc(bytes: usize) -> *mut u8 {
    // SAFETY: malloc takes any size.
    let block = unsafe { libc::malloc(bytes) };
    if block.is_null() {
        refused(bytes);
    }
    block.cast()
}

fn refused(bytes: usize) -> ! {
    crate::io::fatal(&format!("out of memory: the system refused {bytes} bytes"))
}

/// Address space that blocks are cut from, aligned to huge pages.
struct Region {
    next: *mut u8,
    left: usize,
    is_first: bool,
}

// SAFETY: a region is the only owner of what is left of it.
unsafe impl Send for Region {}

impl Region {
    /// Cuts off a block; what is left of a region that is too short for it is lost, but was never touched.
    fn cut(&mut self, size: usize) -> *mut u8 {
        if self.left < size {
            let bytes = if self.is_first { FIRST_REGION } else { REGION };
            self.next = map(bytes);
            self.left = bytes;
            if !self.is_first {
                ask_for_huge_pages(self.next, bytes);
            }
            self.is_first = false;
        }
        let block = self.next;
        // SAFETY: the region has `left >= size` bytes.
        self.next = unsafe { block.add(size) };
        self.left -= size;
        block
    }
}

/// Untouched memory, aligned to huge pages.
fn map(bytes: usize) -> *mut u8 {
    let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANON);
    // SAFETY: a new mapping at an address of the system's choice.
    let start = unsafe { libc::mmap(null_mut(), bytes + HUGE_PAGE, protection, flags, -1, 0) };
    if start == libc::MAP_FAILED {
        refused(bytes);
    }
    let start: *mut u8 = start.cast();
    // SAFETY: the mapping is longer by the most that alignment takes.
    unsafe { start.add(start.align_offset(HUGE_PAGE)) }
}

/// Advice only: without huge pages everything works as well.
fn ask_for_huge_pages(start: *mut u8, bytes: usize) {
    #[cfg(target_os = "linux")]
    // SAFETY: the memory is ours; its contents don't change.
    unsafe {
        libc::madvise(start.cast(), bytes, libc::MADV_HUGEPAGE);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (start, bytes);
}

struct FreeBlock {
    next: *mut FreeBlock,
}

struct Batch {
    head: *mut FreeBlock,
    count: usize,
    /// Whether its memory counts as kept by the shared store.
    is_kept: bool,
}

// SAFETY: a batch is the only owner of its blocks.
unsafe impl Send for Batch {}

/// Blocks that no worker holds.
pub(crate) struct SharedPool {
    batches: Mutex<SharedBatches>,
}

struct SharedBatches {
    by_class: [Vec<Batch>; CLASS_COUNT],
    great_bytes: usize,
    region: Region,
}

impl SharedPool {
    pub(crate) fn new() -> SharedPool {
        let region = Region { next: null_mut(), left: 0, is_first: true };
        let batches = SharedBatches { by_class: Default::default(), great_bytes: 0, region };
        SharedPool { batches: Mutex::new(batches) }
    }

    fn cut(&self, size: usize) -> *mut u8 {
        self.batches.lock().unwrap_or_else(|e| e.into_inner()).region.cut(size)
    }

    fn take(&self, class: u8) -> Option<Batch> {
        let mut shared = self.batches.lock().unwrap_or_else(|e| e.into_inner());
        let batch = shared.by_class[class as usize].pop()?;
        if batch.is_kept {
            shared.great_bytes -= batch.count * block_size(class);
        }
        Some(batch)
    }

    fn give(&self, class: u8, head: *mut FreeBlock, count: usize) {
        let bytes = count * block_size(class);
        let is_great = block_size(class) >= SYSTEM_FROM;
        let mut batch = Batch { head, count, is_kept: is_great };
        let mut shared = self.batches.lock().unwrap_or_else(|e| e.into_inner());
        if is_great && shared.great_bytes + bytes > SHARED_LIMIT {
            drop(shared);
            empty(&batch, block_size(class));
            batch.is_kept = false;
            shared = self.batches.lock().unwrap_or_else(|e| e.into_inner());
        } else if is_great {
            shared.great_bytes += bytes;
        }
        shared.by_class[class as usize].push(batch);
    }
}

/// Gives the memory behind blocks back to the system, but for their first pages, where the links stand.
fn empty(batch: &Batch, size: usize) {
    let mut block = batch.head;
    while !block.is_null() {
        // SAFETY: the batch owns its blocks; regions are cut in multiples of `PAGE` only.
        unsafe {
            libc::madvise(block.cast::<u8>().add(PAGE).cast(), size - PAGE, libc::MADV_DONTNEED);
            block = (*block).next;
        }
    }
}

/// A block of the system's that nobody uses any more, of which `left` bytes still have memory behind them.
struct Leaving {
    block: *mut u8,
    left: usize,
}

impl Leaving {
    /// Gives the memory of some of it back, from its end. Whether nothing is left.
    fn step(&mut self) -> bool {
        if self.left <= GIVE_BACK {
            // SAFETY: the block is the owner's of this, and came from malloc.
            unsafe { libc::free(self.block.cast()) };
            return true;
        }
        let end = (self.block as usize + self.left) / PAGE * PAGE;
        self.left -= GIVE_BACK;
        // SAFETY: whole pages inside of the block; what the C library notes in front of it stays.
        unsafe {
            let start = self.block.add(self.left);
            let start = start.add(start.align_offset(PAGE));
            libc::madvise(start.cast(), end - start as usize, libc::MADV_DONTNEED);
        }
        false
    }
}

/// One worker's blocks.
pub(crate) struct LocalPool {
    shared: &'static SharedPool,
    free: [*mut FreeBlock; CLASS_COUNT],
    count: [usize; CLASS_COUNT],
    slab: *mut u8,
    slab_left: usize,
    leaving: Vec<Leaving>,
}

impl LocalPool {
    pub(crate) fn new(shared: &'static SharedPool) -> LocalPool {
        LocalPool {
            shared,
            free: [null_mut(); CLASS_COUNT],
            count: [0; CLASS_COUNT],
            slab: null_mut(),
            slab_left: 0,
            leaving: Vec::new(),
        }
    }

    /// A block of `class`, 16-byte aligned, contents undefined. Amortised O(1).
    #[inline]
    pub(crate) fn alloc(&mut self, class: u8) -> *mut u8 {
        let head = self.free[class as usize];
        if head.is_null() {
            return self.refill(class);
        }
        // SAFETY: a block in the list is free and starts with its link.
        self.free[class as usize] = unsafe { (*head).next };
        self.count[class as usize] -= 1;
        head.cast()
    }

    /// Takes back a block of `class` (or of the system, for [`SYSTEM`]).
    ///
    /// # Safety
    /// `block` came from a pool's `alloc` with this class, or from [`system_alloc`], and nobody uses it any more.
    #[inline]
    pub(crate) unsafe fn free(&mut self, block: *mut u8, class: u8) {
        if class == SYSTEM {
            self.free_system(block);
            return;
        }
        let block = block.cast::<FreeBlock>();
        // SAFETY: the block is ours now and at least 64 bytes.
        unsafe { (*block).next = self.free[class as usize] };
        self.free[class as usize] = block;
        self.count[class as usize] += 1;
        if self.count[class as usize] > (LOCAL_BYTES >> (6 + class)).clamp(4, 2048) {
            self.spill(class);
        }
    }

    fn free_system(&mut self, block: *mut u8) {
        // SAFETY: it came from malloc, and is ours now.
        unsafe {
            let bytes = libc::malloc_usable_size(block.cast());
            if bytes <= MAPPED_FROM {
                libc::free(block.cast());
            } else {
                self.leaving.push(Leaving { block, left: bytes });
            }
        }
    }

    /// Gives a piece of what was freed back to the system. Whether there was any.
    pub(crate) fn give_back(&mut self) -> bool {
        let Some(leaving) = self.leaving.last_mut() else { return false };
        if leaving.step() {
            self.leaving.pop();
        }
        true
    }

    #[cold]
    fn refill(&mut self, class: u8) -> *mut u8 {
        if let Some(batch) = self.shared.take(class) {
            // SAFETY: a batch has at least one block.
            self.free[class as usize] = unsafe { (*batch.head).next };
            self.count[class as usize] = batch.count - 1;
            return batch.head.cast();
        }
        let size = block_size(class);
        if size > CARVE_UP_TO {
            return self.shared.cut(size);
        }
        if self.slab_left < size {
            // What is left of the old slab is lost: less than one block.
            self.slab = self.shared.cut(SLAB);
            self.slab_left = SLAB;
        }
        let block = self.slab;
        // SAFETY: the slab has `slab_left >= size` bytes.
        self.slab = unsafe { self.slab.add(size) };
        self.slab_left -= size;
        block
    }

    #[cold]
    fn spill(&mut self, class: u8) {
        let give = self.count[class as usize] / 2;
        let head = self.free[class as usize];
        let mut last = head;
        for _ in 1..give {
            // SAFETY: the list has more than `give` blocks.
            last = unsafe { (*last).next };
        }
        // SAFETY: as above.
        self.free[class as usize] = unsafe { std::mem::replace(&mut (*last).next, null_mut()) };
        self.count[class as usize] -= give;
        self.shared.give(class, head, give);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_their_sizes() {
        for bytes in [1, 63, 64, 65, 128, 129, 4096, 4097, 1 << 20] {
            let class = block_class(bytes).unwrap();
            assert!(block_size(class) >= bytes);
            assert!(class == 0 || block_size(class - 1) < bytes);
        }
        assert_eq!(block_class((1 << 20) + 1), None);
    }

    #[test]
    fn memory_beyond_the_limit_is_given_back_and_usable_again() {
        let shared: &'static SharedPool = Box::leak(Box::new(SharedPool::new()));
        let mut pool = LocalPool::new(shared);
        let class = block_class(1 << 20).unwrap();
        let blocks: Vec<_> = (0..400).map(|_| pool.alloc(class)).collect();
        for &block in &blocks {
            // SAFETY: each came from `alloc(class)` and has a megabyte.
            unsafe {
                block.add(PAGE).write(7);
                pool.free(block, class);
            }
        }
        assert!(shared.batches.lock().unwrap().great_bytes <= SHARED_LIMIT);
        let again: Vec<_> = (0..400).map(|_| pool.alloc(class)).collect();
        assert!(again.iter().all(|block| blocks.contains(block)));
        // SAFETY: the blocks are ours again.
        assert!(again.iter().any(|block| unsafe { block.add(PAGE).read() } == 0));
    }

    #[test]
    fn what_the_system_has_mapped_goes_back_in_pieces() {
        let shared: &'static SharedPool = Box::leak(Box::new(SharedPool::new()));
        let mut pool = LocalPool::new(shared);
        let bytes = 3 * MAPPED_FROM + 12345;
        let block = system_alloc(bytes);
        // SAFETY: the block has so many bytes, and nobody uses it afterwards.
        unsafe {
            block.write_bytes(7, bytes);
            pool.free(block, SYSTEM);
        }
        let mut steps = 1;
        assert!(pool.give_back());
        // SAFETY: only the end was given back so far.
        unsafe { assert!(block.read() == 7 && block.add(bytes - GIVE_BACK / 2).read() == 0) };
        while pool.give_back() {
            steps += 1;
        }
        assert_eq!(steps, bytes.div_ceil(GIVE_BACK));
    }

    #[test]
    fn blocks_wander_between_workers() {
        let shared: &'static SharedPool = Box::leak(Box::new(SharedPool::new()));
        let (mut a, mut b) = (LocalPool::new(shared), LocalPool::new(shared));
        let blocks: Vec<_> = (0..10_000).map(|_| a.alloc(0)).collect();
        let mut sorted = blocks.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), blocks.len());
        for block in &blocks {
            // SAFETY: each came from `alloc(0)`.
            unsafe { b.free(*block, 0) };
        }
        assert!(b.count[0] <= 2048);
        let again = a.alloc(0);
        assert!(blocks.contains(&again) || a.slab_left > 0);
    }
}
