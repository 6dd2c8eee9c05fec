//! What does a message look like? The text for crash reports, from the message's block and the description of its type.
//!
//! It reads the block and literals only, which are still whole after the handler has used the message up: nothing of the
//! process's heap. The text is bounded, and so is the time: what is long or deep is cut, which `…` tells.

use std::fmt::Write;

use snow_abi::layout::{
    LIST_ELEMENTS, ListBuf, ListVal, MAX_IMMEDIATE, ObjHeader, STR_INLINE, StrObj, TypeDesc,
};
use snow_abi::shape::{BYTE_SLOT, HIDDEN, how, kind, style};

use crate::copy::{BEGINNING, SharedRecord, packed_at, record_bytes};
use crate::mailbox::Message;
use crate::number;
use crate::process::{Pid, Process};
use crate::shared::SHARE_FROM;
use crate::text;

/// Bytes of a text after which it ends.
const MAX_TEXT: usize = 1000;
/// Values inside each other that are shown.
const MAX_DEPTH: u32 = 12;
/// Values that are looked at.
const MAX_STEPS: u32 = 10_000;

/// What stands for what isn't shown.
const CUT: char = '…';

/// The text of a message; `None`: it is the runtime's own.
///
/// # Safety
/// The caller owns `p`, which owns the message; `shape` describes it.
pub(crate) unsafe fn message(p: *mut Process, message: *mut Message, shape: *const u8) -> Option<String> {
    // SAFETY: as the contract says; a shape starts with its length.
    unsafe {
        let length = u32::from_le_bytes(shape.cast::<[u8; 4]>().read());
        let shape = Reader { bytes: std::slice::from_raw_parts(shape, length as usize), at: 4 };
        let value = Message::value(message);
        let descs = Process::runtime(p).program.descs;
        let nodes = shape.clone().number();
        let mut at = shape.at(8 + 4 * nodes as usize);
        let slots = at.slots().into_iter().map(|slot| read_slot(value, slot)).collect::<Vec<u64>>();
        let mut shown = Shown {
            shape,
            run: value,
            descs,
            moved: moved(p, message),
            out: String::new(),
            steps: 0,
            first: true,
            ended: false,
        };
        shown.value(0, &slots, Place { depth: 0, inside: Inside::Value })?;
        Some(shown.out)
    }
}

/// The objects to which a message's own references point now, and where in the run they came from.
unsafe fn moved(p: *mut Process, message: *mut Message) -> Vec<(usize, usize)> {
    let mut moved = Vec::new();
    // SAFETY: records follow the value. What the value refers to was packed first, a record for each reference at most.
    unsafe {
        let desc = Process::desc(p, (*message).desc);
        let run = Message::value(message);
        let mut at = (desc.size as usize).next_multiple_of(size_of::<usize>());
        while moved.len() < usize::from(desc.ref_count) && at < (*message).bytes {
            let record = at + size_of::<usize>();
            moved.push((*run.add(at).cast::<usize>(), record));
            let meta = (*run.add(record).cast::<ObjHeader>()).meta;
            at = record + record_bytes(run.add(record), Process::desc(p, meta >> 8));
        }
    }
    moved
}

/// A slot in memory.
unsafe fn read_slot(base: *const u8, slot: u32) -> u64 {
    // SAFETY: the description says that it stands there.
    unsafe {
        let at = base.add((slot & !BYTE_SLOT) as usize);
        if slot & BYTE_SLOT != 0 { u64::from(*at) } else { at.cast::<u64>().read() }
    }
}

/// Reads a shape.
#[derive(Clone)]
struct Reader {
    bytes: &'static [u8],
    at: usize,
}

impl Reader {
    fn at(&self, at: usize) -> Reader {
        Reader { bytes: self.bytes, at }
    }

    fn take(&mut self, count: usize) -> &'static [u8] {
        let Some(bytes) = self.bytes.get(self.at..self.at + count) else {
            crate::io::internal_error("the description of a message ends too early")
        };
        self.at += count;
        bytes
    }

    fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    fn number(&mut self) -> u32 {
        self.take(4).iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte))
    }

    fn text(&mut self) -> &'static str {
        let length = self.number() as usize;
        str::from_utf8(self.take(length)).unwrap_or_default()
    }

    fn slots(&mut self) -> Vec<u32> {
        (0..self.number()).map(|_| self.number()).collect()
    }

    /// The variant that is next, read over.
    fn variant(&mut self) -> Variant {
        let (style, name) = (self.byte(), self.text());
        let part = |r: &mut Reader| Part { name: r.text(), node: r.number(), slots: r.slots() };
        let parts = (0..self.number()).map(|_| part(self)).collect();
        Variant { style, name, parts }
    }
}

struct Variant {
    style: u8,
    name: &'static str,
    parts: Vec<Part>,
}

/// A part that was read: its name, its node, its slots.
type Read = (&'static str, u32, Vec<u64>);

struct Part {
    name: &'static str,
    node: u32,
    slots: Vec<u32>,
}

/// Where parts of a value are.
enum Source<'a> {
    Slots(&'a [u64]),
    Memory(*const u8),
}

impl Source<'_> {
    unsafe fn read(&self, slots: &[u32]) -> Vec<u64> {
        let read = |&slot: &u32| match self {
            Source::Slots(values) => values.get(slot as usize).copied().unwrap_or(0),
            // SAFETY: the caller's memory is laid out as the description says.
            Source::Memory(base) => unsafe { read_slot(*base, slot) },
        };
        slots.iter().map(read).collect()
    }
}

/// What a value stands in, as far as that changes its looks.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Value,
    Map,
    Set,
}

#[derive(Clone, Copy)]
struct Place {
    depth: u32,
    inside: Inside,
}

impl Place {
    fn deeper(self) -> Place {
        Place { depth: self.depth + 1, inside: Inside::Value }
    }
}

struct Shown {
    shape: Reader,
    /// The message's block.
    run: *const u8,
    descs: *const TypeDesc,
    /// Addresses in the process's heap, and where in the run their objects came from.
    moved: Vec<(usize, usize)>,
    out: String,
    steps: u32,
    /// Whether the next entry is the first of its map.
    first: bool,
    /// Whether the text is long enough.
    ended: bool,
}

impl Shown {
    /// The object behind a reference: in the run, or a literal.
    fn object(&self, slot: usize) -> *const u8 {
        let known = || self.moved.iter().find(|&&(address, _)| address == slot).map(|&(_, at)| at);
        match packed_at(slot).or_else(known) {
            // SAFETY: a record stands there.
            Some(at) => unsafe { self.run.add(at) },
            None => std::ptr::with_exposed_provenance(slot),
        }
    }

    fn is_literal(&self, object: *const u8) -> bool {
        // SAFETY: it is an object in the run or a literal; counts of literals are negative.
        unsafe { (*object.cast::<ObjHeader>()).rc < 0 }
    }

    /// Shows the value of these slots; `None`: nothing is to be said of it.
    unsafe fn value(&mut self, node: u32, slots: &[u64], place: Place) -> Option<()> {
        self.steps += 1;
        self.ended |= self.out.len() > MAX_TEXT || self.steps > MAX_STEPS;
        if self.ended || place.depth > MAX_DEPTH {
            self.out.push(CUT);
            return Some(());
        }
        let mut reader = self.shape.at(8 + 4 * node as usize);
        let start = reader.number();
        let mut node = self.shape.at(start as usize);
        let first = slots.first().copied().unwrap_or(0);
        // Writing to a string can't fail.
        let _ = match node.byte() {
            kind::INT => write!(self.out, "{}", first as i64),
            kind::FLOAT => write!(self.out, "{}", number::float_string(f64::from_bits(first))),
            kind::BOOL => write!(self.out, "{}", first != 0),
            // SAFETY: an atom is the address of its name, a literal.
            kind::ATOM => unsafe { write!(self.out, ":{}", literal_text(first as usize)) },
            kind::PID => write!(self.out, "{}", Pid(first as i64)),
            kind::FUNCTION => self.out.write_str("<fn>"),
            // SAFETY: the slot holds a string.
            kind::STRING => unsafe { self.string(first as usize) },
            // SAFETY: the slot holds bytes.
            kind::BYTES => unsafe { self.bytes(first as usize) },
            // SAFETY: the slots hold a list.
            kind::LIST => unsafe { self.list(node, slots, place) },
            // SAFETY: the slots hold such a value.
            kind::VARIANTS => return unsafe { self.variants(node, slots, place) },
            kind::UNKNOWN => self.out.write_char(CUT),
            other => crate::io::internal_error(&format!("a description of kind {other}")),
        };
        Some(())
    }

    /// The bytes of a string that are there, and whether these are all.
    unsafe fn content(&self, slot: usize) -> (Vec<u8>, bool) {
        let object = self.object(slot);
        // SAFETY: the slot holds a string or bytes.
        unsafe {
            let StrObj { len, data, .. } = object.cast::<StrObj>().read();
            let shown = if len > SHARE_FROM { BEGINNING } else { len };
            let data = match self.is_literal(object) {
                true => data,
                false if len > SHARE_FROM => (*object.cast::<SharedRecord>()).beginning.as_ptr(),
                false => object.add(STR_INLINE),
            };
            (std::slice::from_raw_parts(data, shown).to_vec(), shown == len)
        }
    }

    unsafe fn string(&mut self, slot: usize) -> std::fmt::Result {
        // SAFETY: as the contract of `value` says.
        let (bytes, is_all) = unsafe { self.content(slot) };
        self.out.push_str(&text::escaped(text::whole(&bytes)));
        if is_all { Ok(()) } else { self.out.write_char(CUT) }
    }

    unsafe fn bytes(&mut self, slot: usize) -> std::fmt::Result {
        // SAFETY: as the contract of `value` says.
        let (bytes, is_all) = unsafe { self.content(slot) };
        let numbers = bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
        write!(self.out, "<<{numbers}{}>>", if is_all { "" } else { ", …" })
    }

    unsafe fn list(&mut self, mut node: Reader, slots: &[u64], place: Place) -> std::fmt::Result {
        let (element, element_slots) = (node.number(), node.slots());
        let (buf, view) = (slots.first().copied().unwrap_or(0), slots.get(1).copied().unwrap_or(0));
        let object = self.object(buf as usize);
        let bare = place.inside != Inside::Value;
        if !bare {
            self.out.push('[');
        }
        // SAFETY: the buffer has the elements that the view shows; its description knows their size.
        unsafe {
            let list = ListVal { buf: object.cast_mut().cast::<ListBuf>(), view };
            // A record has only the elements that are there.
            let missing = if self.is_literal(object) { 0 } else { (*list.buf).lo };
            let size = self.element_size((*list.buf).header.meta);
            for index in 0..list.len() {
                if index > 0 && !bare {
                    self.out.push_str(", ");
                }
                let at = (list.offset() + index - missing) as usize;
                let values = Source::Memory(object.add(LIST_ELEMENTS + at * size)).read(&element_slots);
                let inner = if bare { place } else { place.deeper() };
                let _ = self.value(element, &values, inner);
                if self.ended {
                    break;
                }
            }
        }
        if bare { Ok(()) } else { self.out.write_char(']') }
    }

    /// Shows a struct, tuple or variant; `None`: it is the runtime's own.
    unsafe fn variants(&mut self, mut node: Reader, slots: &[u64], place: Place) -> Option<()> {
        let first = slots.first().copied().unwrap_or(0);
        let how = node.byte();
        let (some, test) = if how == how::NULLABLE { (node.number(), node.number()) } else { (0, 0) };
        let count = node.number();
        // SAFETY: the slots hold such a value; a cell's tag stands in its header.
        let (number, source) = unsafe {
            match how {
                how::PRODUCT => (0, Source::Slots(slots)),
                how::BOXED => (0, Source::Memory(self.object(first as usize))),
                how::SUM => (first as u32, Source::Slots(slots)),
                how::NULLABLE => {
                    let is_some = slots.get(test as usize).is_some_and(|&slot| slot != 0);
                    (if is_some { some } else { 1 - some }, Source::Slots(slots))
                }
                _ if first as usize <= MAX_IMMEDIATE => {
                    ((first as u32).saturating_sub(1), Source::Slots(slots))
                }
                _ => {
                    let object = self.object(first as usize);
                    ((*object.cast::<ObjHeader>()).meta & 0xff, Source::Memory(object))
                }
            }
        };
        if number >= count {
            crate::io::internal_error("a value of a variant that doesn't exist");
        }
        (0..number).for_each(|_| drop(node.variant()));
        let variant = node.variant();
        if variant.style == style::INTERNAL {
            return None;
        }
        // SAFETY: the parts are where the description says.
        let parts = (variant.parts.iter().filter(|part| part.node != HIDDEN))
            .map(|part| (part.name, part.node, unsafe { source.read(&part.slots) }))
            .collect::<Vec<_>>();
        // SAFETY: as above.
        unsafe { self.styled((variant.style, variant.name), &parts, place) };
        Some(())
    }

    unsafe fn styled(&mut self, (style, name): (u8, &str), parts: &[Read], place: Place) {
        let inside = |inside| Place { inside, ..place };
        let deeper = place.deeper();
        // SAFETY: as the contract of `value` says.
        unsafe {
            match style {
                style::MAP if place.inside == Inside::Set => self.parts(["", ", ", ""], parts, place),
                style::MAP => self.entries("%{", parts, inside(Inside::Map)),
                style::SET => self.entries("#{", parts, inside(Inside::Set)),
                style::BARE => self.parts(["", ", ", ""], parts, place),
                style::ENTRY => {
                    if !std::mem::replace(&mut self.first, false) {
                        self.out.push_str(", ");
                    }
                    let shown = if place.inside == Inside::Set { 1 } else { 2 };
                    self.parts(["", " => ", ""], &parts[..shown.min(parts.len())], deeper);
                }
                style::RANGE => self.parts(["", "..", ""], parts, deeper),
                style::REFERENCE => self.parts(["#Ref<", ", ", ">"], parts, deeper),
                style::TUPLE => self.parts(["(", ", ", ")"], parts, deeper),
                _ => {
                    self.out.push_str(name);
                    match style {
                        _ if parts.is_empty() => {}
                        style::STRUCT => self.parts([" { ", ", ", " }"], parts, deeper),
                        _ => self.parts(["(", ", ", ")"], parts, deeper),
                    }
                }
            }
        }
    }

    /// Shows the entries of a map or set.
    unsafe fn entries(&mut self, open: &str, parts: &[Read], place: Place) {
        let outer = std::mem::replace(&mut self.first, true);
        // SAFETY: as the contract of `value` says.
        unsafe { self.parts([open, ", ", "}"], parts, place) };
        self.first = outer;
    }

    unsafe fn parts(&mut self, [open, between, close]: [&str; 3], parts: &[Read], place: Place) {
        self.out.push_str(open);
        for (index, (name, node, slots)) in parts.iter().enumerate() {
            if index > 0 {
                if self.ended {
                    break;
                }
                self.out.push_str(between);
            }
            if !name.is_empty() {
                self.out.push_str(name);
                self.out.push_str(": ");
            }
            // SAFETY: as the contract of `value` says.
            let _ = unsafe { self.value(*node, slots, place) };
        }
        self.out.push_str(close);
    }

    /// Bytes of an element of a list's buffer.
    unsafe fn element_size(&self, meta: u32) -> usize {
        // SAFETY: descriptions are constants of the program.
        unsafe { (*self.descs.add((meta >> 8) as usize)).size as usize }
    }
}

/// The text of a literal.
unsafe fn literal_text(slot: usize) -> String {
    // SAFETY: the caller's slot is the address of a literal, which is never freed.
    unsafe {
        let StrObj { len, data, .. } = std::ptr::with_exposed_provenance::<StrObj>(slot).read();
        String::from_utf8_lossy(std::slice::from_raw_parts(data, len)).into_owned()
    }
}
