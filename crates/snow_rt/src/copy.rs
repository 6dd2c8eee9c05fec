//! How does a value leave its process? Packed: one flat run of bytes without addresses of the sender's heap, from which
//! it is rebuilt elsewhere.
//!
//! Packing is breadth-first over the run itself, so it needs neither recursion nor a stack, and it is linear: an object
//! that several references reach is packed once, since its header holds a mark while packing runs (only objects with a
//! count above 1 are marked; headers are restored at the end). Immortal objects stay where they are.
//!
//! The run: the value (padded to 8 bytes), then records. A record is its length in bytes (8 bytes), then the object; a
//! list's buffer has only the elements that are there, or that the list which refers to it shows; a long string is a
//! [`SharedRecord`]. A reference in the run is 0, a tag, the address of an immortal object (even), or [`packed_ref`] of a
//! record's object (odd, above every tag).
//!
//! Rebuilding leaves the objects of the run as they are, so that a crash report can show a message whose parts are used up
//! ([`crate::shown`]): new addresses stand in the place of lengths.

use snow_abi::layout::{
    DescKind, IMMORTAL, LIST_ELEMENTS, ListBuf, ListVal, MAX_IMMEDIATE, ObjHeader, REF_LIST, STR_INLINE,
    StrObj, TypeDesc,
};

use crate::fns;
use crate::heap;
use crate::long;
use crate::pool::LocalPool;
use crate::process::Process;
use crate::release::{is_object, list_bytes, marked_refs, refs};
use crate::shared::{self, SHARE_FROM, SharedBytes, TAIL_ROOM};
use crate::words::{WORD, Words};

/// The count of an object that is packed already; its `meta` is an index into [`Packer::marked`].
const MARKED: i32 = -1;

fn padded(bytes: usize) -> usize {
    bytes.next_multiple_of(WORD)
}

/// The reference to the object at byte `at` of a run.
fn packed_ref(at: usize) -> usize {
    (at + MAX_IMMEDIATE + 1) | 1
}

pub(crate) fn packed_at(slot: usize) -> Option<usize> {
    (slot > MAX_IMMEDIATE && slot & 1 == 1).then(|| (slot & !1) - MAX_IMMEDIATE - 1)
}

struct Marked {
    object: *mut ObjHeader,
    header: (i32, u32),
    at: usize,
    /// The part of a list's buffer that the record holds; for other objects everything.
    part: Part,
}

/// Elements of a list's buffer, and how far to the front they are moved.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Part {
    from: u32,
    to: u32,
    shift: u32,
}

/// The part of an object that isn't a list's buffer.
const ALL: Part = Part { from: 0, to: u32::MAX, shift: 0 };

/// All of an object, where it is.
unsafe fn whole(descs: *const TypeDesc, object: *mut ObjHeader, meta: u32) -> Part {
    // SAFETY: the object is live; its header may be a mark.
    unsafe {
        if (*descs.add((meta >> 8) as usize)).kind != DescKind::ListBuf {
            return ALL;
        }
        let list = object.cast::<ListBuf>();
        Part { from: (*list).lo, to: (*list).hi, shift: 0 }
    }
}

/// What stands in a run for a long string.
#[repr(C)]
pub(crate) struct SharedRecord {
    header: ObjHeader,
    len: usize,
    /// Its bytes, of which the run has a count.
    owner: *mut SharedBytes,
    /// Where another such string stands in the run; 0: this is the last.
    next: usize,
    /// The bytes in front, for reports: the others may be gone by then.
    pub(crate) beginning: [u8; BEGINNING],
}

/// Bytes of a long string that a report can show.
pub(crate) const BEGINNING: usize = 32;

const _: () = {
    assert!(BEGINNING <= SHARE_FROM);
    assert!(std::mem::offset_of!(SharedRecord, len) == std::mem::offset_of!(StrObj, len));
};

/// Packs values; keeps its buffers between uses.
pub(crate) struct Packer {
    /// The process whose value is packed.
    p: *mut Process,
    run: Words,
    marked: Vec<Marked>,
    first_shared: usize,
}

/// Bytes of a run after which others may get their turn.
const BREATH: usize = 256 << 10;

/// Elements of one list after which others may get their turn.
const BREATH_ELEMENTS: usize = 4 << 10;

/// Buffers greater than this are given back after use.
const KEEP_WORDS: usize = 32 << 10;

impl Packer {
    pub(crate) fn new() -> Packer {
        Packer { p: std::ptr::null_mut(), run: Words::new(), marked: Vec::new(), first_shared: 0 }
    }

    /// Packs the value at `value`. The run is valid until the next use.
    ///
    /// # Safety
    /// The caller runs `p`, which owns the value; `desc` describes it.
    pub(crate) unsafe fn pack(&mut self, p: *mut Process, desc: &TypeDesc, value: *const u8) -> &[u64] {
        // SAFETY: the caller runs `p`.
        unsafe { self.run.clear(p, KEEP_WORDS) };
        self.p = p;
        self.first_shared = 0;
        // SAFETY: the caller runs `p`.
        let descs = unsafe { Process::runtime(p).program.descs };
        // SAFETY: the value and what it reaches are live and belong to the caller; records follow their descriptions.
        unsafe {
            let value_bytes = padded(desc.size as usize);
            self.append(value, desc.size as usize);
            self.pack_refs(descs, desc, 0);
            let mut at = value_bytes;
            let mut breath = BREATH;
            while at < self.run.len() * WORD {
                if at > breath {
                    breath = at + BREATH;
                    fns::breathe(p);
                }
                let length = self.run[at / WORD] as usize;
                let object = self.base().add(at + WORD).cast::<ObjHeader>();
                let object_desc = &*descs.add(((*object).meta >> 8) as usize);
                self.pack_object_refs(descs, object_desc, at + WORD);
                at += WORD + length;
            }
            for mark in self.marked.drain(..) {
                ((*mark.object).rc, (*mark.object).meta) = mark.header;
            }
        }
        &self.run
    }

    fn base(&mut self) -> *mut u8 {
        self.run.as_mut_ptr().cast()
    }

    unsafe fn pack_object_refs(&mut self, descs: *const TypeDesc, desc: &TypeDesc, at: usize) {
        // SAFETY: the record at `at` is complete.
        unsafe {
            match desc.kind {
                DescKind::Cell => self.pack_refs(descs, desc, at),
                DescKind::ListBuf if desc.ref_count > 0 => {
                    let list = self.base().add(at).cast::<ListBuf>();
                    for index in 0..((*list).hi - (*list).lo) as usize {
                        if index % BREATH_ELEMENTS == BREATH_ELEMENTS - 1 {
                            fns::breathe(self.p);
                        }
                        self.pack_refs(descs, desc, at + LIST_ELEMENTS + index * desc.size as usize);
                    }
                }
                DescKind::ListBuf | DescKind::Str | DescKind::Value => {}
            }
        }
    }

    unsafe fn pack_refs(&mut self, descs: *const TypeDesc, desc: &TypeDesc, at: usize) {
        for &offset in marked_refs(desc) {
            let at = at + (offset & !REF_LIST) as usize;
            // SAFETY: the slot is in the run; it holds a reference of the value that was copied. A list's view follows
            // where the mark says so.
            unsafe {
                let slot = *self.base().add(at).cast::<usize>();
                if !is_object(slot) {
                    continue;
                }
                let packed = if offset & REF_LIST != 0 {
                    self.pack_list(descs, slot as *mut ListBuf, at + WORD)
                } else {
                    let object = slot as *mut ObjHeader;
                    self.pack_object(descs, object, None).0
                };
                *self.base().add(at).cast::<usize>() = packed;
            }
        }
    }

    /// [`Packer::pack_object`] for a list of which only the view counts; the view is in the run.
    unsafe fn pack_list(&mut self, descs: *const TypeDesc, buf: *mut ListBuf, view_at: usize) -> usize {
        // SAFETY: the buffer is live.
        unsafe {
            let view = *self.base().add(view_at).cast::<u64>();
            let list = ListVal { buf, view };
            let (from, to) = (list.offset(), list.offset() + list.len());
            let (packed, shift) = self.pack_object(descs, buf.cast(), Some(Part { from, to, shift: from }));
            *self.base().add(view_at).cast::<u64>() = ListVal::view(from - shift, list.len());
            packed
        }
    }

    /// What stands in the run for a reference to `object`, and how far its elements are moved. `part`: what of a list's
    /// buffer is needed; all of it, where it is, by default.
    unsafe fn pack_object(
        &mut self,
        descs: *const TypeDesc,
        object: *mut ObjHeader,
        part: Option<Part>,
    ) -> (usize, u32) {
        // SAFETY: the object is live and the caller's, or immortal.
        unsafe {
            let rc = (*object).rc;
            if rc == MARKED {
                return self.pack_again(descs, object, part);
            }
            if rc < 0 {
                return (object as usize, 0);
            }
            let header = (rc, (*object).meta);
            let part = part.unwrap_or_else(|| whole(descs, object, header.1));
            let at = self.append_object(descs, object, header.1, part);
            if rc > 1 {
                (*object).meta = self.marked.len() as u32;
                (*object).rc = MARKED;
                self.marked.push(Marked { object, header, at, part });
            }
            (packed_ref(at), part.shift)
        }
    }

    /// [`Packer::pack_object`] for one that is packed already: if the record lacks what is needed now, the whole is
    /// packed, at most once.
    unsafe fn pack_again(
        &mut self,
        descs: *const TypeDesc,
        object: *mut ObjHeader,
        part: Option<Part>,
    ) -> (usize, u32) {
        // SAFETY: a marked object's number is that of its mark.
        unsafe {
            let number = (*object).meta as usize;
            let Marked { header, at, part: packed, .. } = self.marked[number];
            let whole = whole(descs, object, header.1);
            let suffices = match part {
                Some(part) => packed.from <= part.from && part.to <= packed.to,
                None => packed == whole,
            };
            if suffices {
                (*self.base().add(at).cast::<ObjHeader>()).rc += 1;
                return (packed_ref(at), packed.shift);
            }
            let at = self.append_object(descs, object, header.1, whole);
            self.marked[number].at = at;
            self.marked[number].part = whole;
            (packed_ref(at), 0)
        }
    }

    /// Appends a record with one reference to it; where its object stands. Of a list's buffer, it holds `part`.
    unsafe fn append_object(
        &mut self,
        descs: *const TypeDesc,
        object: *mut ObjHeader,
        meta: u32,
        part: Part,
    ) -> usize {
        // SAFETY: the object is live; its header may be a mark.
        unsafe {
            let desc = &*descs.add((meta >> 8) as usize);
            let length_at = self.run.len();
            self.run.push(self.p, 0);
            let at = self.run.len() * WORD;
            let element = desc.size as usize;
            match desc.kind {
                DescKind::Cell => self.append(object.cast(), desc.size as usize),
                DescKind::ListBuf => {
                    let (from, count) = (part.from as usize, (part.to - part.from) as usize);
                    self.append(object.cast(), LIST_ELEMENTS);
                    let head = self.base().add(at).cast::<ListBuf>();
                    (*head).lo = part.from - part.shift;
                    (*head).hi = part.to - part.shift;
                    self.append(object.cast::<u8>().add(LIST_ELEMENTS + from * element), count * element);
                }
                DescKind::Str => {
                    let string = object.cast::<StrObj>();
                    if (*string).len > SHARE_FROM {
                        shared::share(self.p, string);
                        self.append_shared(string);
                    } else {
                        self.append(object.cast(), STR_INLINE);
                        self.append((*string).data, (*string).len);
                    }
                }
                DescKind::Value => crate::io::internal_error("a reference to a value in place"),
            }
            self.run[length_at] = (self.run.len() * WORD - at) as u64;
            self.base().add(at).cast::<ObjHeader>().write(ObjHeader { rc: 1, meta });
            at
        }
    }

    /// Appends what stands for a shared string.
    unsafe fn append_shared(&mut self, string: *mut StrObj) {
        // SAFETY: the string is shared and live, so a count is held; it is longer than its beginning.
        unsafe {
            let at = self.run.len() * WORD;
            let owner = (*shared::tail(string)).owner;
            SharedBytes::hold(owner);
            let StrObj { header, len, data, .. } = string.read();
            let beginning = data.cast::<[u8; BEGINNING]>().read();
            let record = SharedRecord { header, len, owner, next: self.first_shared, beginning };
            self.append((&raw const record).cast(), size_of::<SharedRecord>());
            self.first_shared = at;
        }
    }

    /// Where the first shared string of the run last packed stands; 0: there is none.
    pub(crate) fn first_shared(&self) -> usize {
        self.first_shared
    }

    unsafe fn append(&mut self, from: *const u8, bytes: usize) {
        // SAFETY: the caller's bytes are readable and part of a value of the process, or its own.
        unsafe { self.run.append(self.p, from, bytes) }
    }
}

/// Rebuilds the records of a run of `bytes` bytes in the heap of `p` and lets the value in front refer to them.
///
/// # Safety
/// The caller runs `p`; the run was packed with the same descriptions and is used only once.
pub(crate) unsafe fn unpack(p: *mut Process, desc: &TypeDesc, run: *mut u8, bytes: usize) {
    // SAFETY: as the contract says.
    unsafe {
        let descs = Process::runtime(p).program.descs;
        rebuild(descs, desc, run, bytes, Into::Heap(p));
    }
}

/// [`unpack`] into memory that is never freed; every object is immortal.
pub(crate) unsafe fn unpack_immortal(descs: *const TypeDesc, desc: &TypeDesc, run: *mut u8, bytes: usize) {
    // SAFETY: as above.
    unsafe {
        rebuild(descs, desc, run, bytes, Into::Immortal);
    }
}

/// Where values are rebuilt.
#[derive(Clone, Copy)]
enum Into {
    Heap(*mut Process),
    Immortal,
}

impl Into {
    /// Lets others run when the turn is over.
    unsafe fn breathe(self) {
        if let Into::Heap(p) = self {
            // SAFETY: the caller runs the process.
            unsafe { fns::breathe(p) }
        }
    }

    /// Copies to what was just allocated.
    unsafe fn copy(self, from: *const u8, to: *mut u8, bytes: usize) {
        // SAFETY: the caller runs the process, and both places have that many bytes.
        unsafe {
            match self {
                Into::Heap(p) => long::copy(p, from, to, bytes),
                Into::Immortal => std::ptr::copy_nonoverlapping(from, to, bytes),
            }
        }
    }

    unsafe fn alloc(self, bytes: usize) -> *mut u8 {
        match self {
            // SAFETY: the caller runs the process.
            Into::Heap(p) => unsafe { heap::alloc(p, bytes) },
            Into::Immortal => crate::pool::system_alloc(bytes),
        }
    }
}

unsafe fn rebuild(descs: *const TypeDesc, desc: &TypeDesc, run: *mut u8, bytes: usize, into: Into) {
    let first = padded(desc.size as usize);
    // SAFETY: records follow each other from `first` to `bytes`; each is complete.
    unsafe {
        let mut at = first;
        let mut breath = BREATH;
        while at < bytes {
            if at > breath {
                breath = at + BREATH;
                into.breathe();
            }
            let length = run.add(at).cast::<usize>();
            let record = run.add(at + WORD);
            let object_desc = &*descs.add(((*record.cast::<ObjHeader>()).meta >> 8) as usize);
            at += WORD + *length;
            // The second pass finds the new address there.
            *length = rebuild_object(record, object_desc, into) as usize;
        }
        at = first;
        breath = BREATH;
        while at < bytes {
            if at > breath {
                breath = at + BREATH;
                into.breathe();
            }
            let object = *run.add(at).cast::<*mut u8>();
            let object_desc = &*descs.add(((*object.cast::<ObjHeader>()).meta >> 8) as usize);
            match object_desc.kind {
                DescKind::Cell => resolve(run, object, object_desc),
                DescKind::ListBuf if object_desc.ref_count > 0 => {
                    let list = object.cast::<ListBuf>();
                    for index in (*list).lo as usize..(*list).hi as usize {
                        if index % BREATH_ELEMENTS == BREATH_ELEMENTS - 1 {
                            into.breathe();
                        }
                        let element = object.add(LIST_ELEMENTS + index * object_desc.size as usize);
                        resolve(run, element, object_desc);
                    }
                }
                DescKind::ListBuf | DescKind::Str | DescKind::Value => {}
            }
            at += WORD + record_bytes(run.add(at + WORD), object_desc);
        }
        resolve(run, run, desc);
    }
}

/// Bytes of the record of an object.
pub(crate) unsafe fn record_bytes(record: *const u8, desc: &TypeDesc) -> usize {
    // SAFETY: the record is complete.
    unsafe {
        padded(match desc.kind {
            DescKind::Cell | DescKind::Value => desc.size as usize,
            DescKind::ListBuf => {
                let ListBuf { lo, hi, .. } = record.cast::<ListBuf>().read();
                // The head and the elements are padded one by one; the head is a whole number of words.
                LIST_ELEMENTS + (hi - lo) as usize * desc.size as usize
            }
            DescKind::Str => match (*record.cast::<StrObj>()).len {
                len if len > SHARE_FROM => size_of::<SharedRecord>(),
                len => STR_INLINE + len,
            },
        })
    }
}

/// Makes one object from its record; its references are still packed.
unsafe fn rebuild_object(record: *mut u8, desc: &TypeDesc, into: Into) -> *mut u8 {
    // SAFETY: the record is complete; the new object has room.
    unsafe {
        let object = match desc.kind {
            DescKind::Cell => {
                let object = into.alloc(desc.size as usize);
                std::ptr::copy_nonoverlapping(record, object, desc.size as usize);
                object
            }
            DescKind::ListBuf => {
                let ListBuf { lo, hi, reserved, .. } = *record.cast::<ListBuf>();
                let object = into.alloc(list_bytes(hi, desc));
                let element = desc.size as usize;
                std::ptr::copy_nonoverlapping(record, object, LIST_ELEMENTS);
                into.copy(
                    record.add(LIST_ELEMENTS),
                    object.add(LIST_ELEMENTS + lo as usize * element),
                    (hi - lo) as usize * element,
                );
                let list = object.cast::<ListBuf>();
                (*list).cap = hi;
                (*list).reserved = reserved;
                object
            }
            DescKind::Str if (*record.cast::<StrObj>()).len > SHARE_FROM => rebuild_shared(record, into),
            DescKind::Str => {
                let len = (*record.cast::<StrObj>()).len;
                let object = into.alloc(STR_INLINE + len);
                std::ptr::copy_nonoverlapping(record, object, STR_INLINE + len);
                let string = object.cast::<StrObj>();
                (*string).data = object.add(STR_INLINE);
                (*string).cap = match into {
                    Into::Heap(_) => heap::usable(object, STR_INLINE + len) - STR_INLINE,
                    Into::Immortal => 0,
                };
                object
            }
            DescKind::Value => crate::io::internal_error("a packed value in place"),
        };
        if matches!(into, Into::Immortal) {
            (*object.cast::<ObjHeader>()).rc = IMMORTAL;
        }
        object
    }
}

/// Makes a shared string from its record, whose count goes over to it.
unsafe fn rebuild_shared(record: *mut u8, into: Into) -> *mut u8 {
    // SAFETY: as in `rebuild_object`.
    unsafe {
        let SharedRecord { header, len, owner, .. } = record.cast::<SharedRecord>().read();
        let bytes = STR_INLINE + TAIL_ROOM;
        let object = into.alloc(bytes);
        let string = object.cast::<StrObj>();
        string.write(StrObj { header, len, data: SharedBytes::data(owner), cap: 0 });
        match into {
            Into::Heap(p) => {
                (*string).cap = heap::usable(object, bytes) - STR_INLINE;
                shared::adopt(p, string, owner);
            }
            // The count is never given up.
            Into::Immortal => {}
        }
        object
    }
}

/// Gives up the counts of shared strings in a run that nobody will rebuild.
///
/// # Safety
/// The run is the caller's, as it was packed; its first shared string stands at `at`.
pub(crate) unsafe fn discard(pool: &mut LocalPool, run: *mut u8, at: usize) {
    // SAFETY: as the contract says.
    unsafe { discard_some(pool, run, at, &mut { usize::MAX }) };
}

/// [`discard`] for at most `budget` strings, of which as many are left as weren't needed. Where the next one stands; 0: none is
/// left.
///
/// # Safety
/// As [`discard`].
pub(crate) unsafe fn discard_some(
    pool: &mut LocalPool,
    run: *mut u8,
    mut at: usize,
    budget: &mut usize,
) -> usize {
    while at != 0 && *budget > 0 {
        *budget -= 1;
        // SAFETY: as the contract says.
        unsafe {
            let record = run.add(at).cast::<SharedRecord>();
            SharedBytes::let_go(pool, (*record).owner);
            at = (*record).next;
        }
    }
    at
}

/// Counts the shared strings of a copied run.
///
/// # Safety
/// The run is a copy of one that still holds its counts.
pub(crate) unsafe fn hold_shared(run: *mut u8, mut at: usize) {
    while at != 0 {
        // SAFETY: as the contract says.
        unsafe {
            let record = run.add(at).cast::<SharedRecord>();
            SharedBytes::hold((*record).owner);
            at = (*record).next;
        }
    }
}

/// Replaces packed references of a value by addresses.
unsafe fn resolve(run: *mut u8, value: *mut u8, desc: &TypeDesc) {
    for offset in refs(desc) {
        // SAFETY: a packed reference stands for a record whose new address is known.
        unsafe {
            let slot = value.add(offset).cast::<usize>();
            if let Some(at) = packed_at(*slot) {
                *slot = *run.add(at - WORD).cast::<usize>();
            }
        }
    }
}

/// `const_publish`: a copy of the value at `from` that lives for ever, to `to`.
pub(crate) unsafe fn const_publish(p: *mut Process, desc: i64, from: *mut u8, to: *mut u8) {
    // SAFETY: the caller runs `p` and keeps the value; `to` is a variable of the program that only this call writes.
    unsafe {
        let descs = Process::runtime(p).program.descs;
        let desc = &*descs.add(desc as usize);
        let mut packer = Packer::new();
        let bytes = packer.pack(p, desc, from).len() * WORD;
        let run = packer.base();
        unpack_immortal(descs, desc, run, bytes);
        std::ptr::copy_nonoverlapping(run, to, desc.size as usize);
    }
}
