//! What does a message look like? The text for crash reports, from the message's block and the description of its type.
//!
//! It reads the block and literals only, which are still whole after the handler has used the message up: nothing of the
//! process's heap. The text is bounded, and so is the time: what is long or deep is cut, which `…` tells.
//!
//! Invariant: what is shown is what was sent. Where description and message don't fit together, which is a bug in Snow, the
//! report says so in place of the message; it is never guessed, and the program goes on.

use std::fmt::Write;

use snow_abi::layout::{
    DescKind, LIST_ELEMENTS, ListBuf, ListVal, MAX_IMMEDIATE, ObjHeader, STR_INLINE, StrObj, TypeDesc,
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

/// Why a value isn't shown.
#[derive(Debug, PartialEq)]
enum Silent {
    /// It is a message of the runtime's own.
    Internal,
    /// Its description doesn't fit it.
    Misfit(&'static str),
}

type Shows<T> = Result<T, Silent>;

/// The description doesn't fit the value.
fn misfit<T>(why: &'static str) -> Shows<T> {
    Err(Silent::Misfit(why))
}

/// The text of a message; `None`: it is the runtime's own.
///
/// # Safety
/// The caller owns `p`, which owns the message; `shape` describes it.
pub(crate) unsafe fn message(p: *mut Process, message: *mut Message, shape: *const u8) -> Option<String> {
    // SAFETY: as the contract says; a shape starts with its length.
    unsafe {
        let length = u32::from_le_bytes(shape.cast::<[u8; 4]>().read());
        let descs = Process::runtime(p).program.descs;
        let size = Process::desc(p, (*message).desc).size as usize;
        let mut shown = Shown {
            shape: Reader { bytes: std::slice::from_raw_parts(shape, length as usize), at: 4 },
            run: Memory { base: Message::value(message), size: (*message).bytes },
            descs,
            moved: moved(p, message),
            out: String::new(),
            steps: 0,
            first: true,
            ended: false,
        };
        let done = shown.whole(Memory { base: Message::value(message), size });
        shown.text(done)
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

/// Bytes that belong together: a run, a value in it, an element, a cell.
#[derive(Clone, Copy)]
struct Memory {
    base: *const u8,
    size: usize,
}

impl Memory {
    /// A slot.
    ///
    /// # Safety
    /// The bytes are there.
    unsafe fn slot(self, slot: u32) -> Shows<u64> {
        let (at, is_byte) = ((slot & !BYTE_SLOT) as usize, slot & BYTE_SLOT != 0);
        let bytes = if is_byte { 1 } else { size_of::<u64>() };
        if at + bytes > self.size || !at.is_multiple_of(bytes) {
            return misfit("a part lies outside its value");
        }
        // SAFETY: it was just seen to lie inside.
        unsafe {
            let at = self.base.add(at);
            Ok(if is_byte { u64::from(*at) } else { at.cast::<u64>().read() })
        }
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

    /// Where a node's description starts.
    fn node(&self, node: u32) -> Shows<Reader> {
        if node >= self.at(4).number()? {
            return misfit("its description lacks a part");
        }
        let start = self.at((8 + 4 * u64::from(node)) as usize).number()?;
        Ok(self.at(start as usize))
    }

    fn take(&mut self, count: usize) -> Shows<&'static [u8]> {
        let Some(bytes) = self.at.checked_add(count).and_then(|end| self.bytes.get(self.at..end)) else {
            return misfit("its description ends too early");
        };
        self.at += count;
        Ok(bytes)
    }

    fn byte(&mut self) -> Shows<u8> {
        Ok(self.take(1)?[0])
    }

    fn number(&mut self) -> Shows<u32> {
        Ok(self.take(4)?.iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte)))
    }

    fn text(&mut self) -> Shows<&'static str> {
        let length = self.number()? as usize;
        str::from_utf8(self.take(length)?).or_else(|_| misfit("a name in its description is no text"))
    }

    fn slots(&mut self) -> Shows<Vec<u32>> {
        (0..self.number()?).map(|_| self.number()).collect()
    }

    /// Whether the values of the node that starts here are the entries of maps.
    fn is_entry(&mut self) -> Shows<bool> {
        match self.byte()? {
            how::PRODUCT | how::BOXED => {
                self.number()?;
                Ok(self.variant()?.style == style::ENTRY)
            }
            _ => Ok(false),
        }
    }

    /// The variant that is next, read over.
    fn variant(&mut self) -> Shows<Variant> {
        let (style, name) = (self.byte()?, self.text()?);
        let part = |r: &mut Reader| Ok(Part { name: r.text()?, node: r.number()?, slots: r.slots()? });
        let parts = (0..self.number()?).map(|_| part(self)).collect::<Shows<Vec<Part>>>()?;
        Ok(Variant { style, name, parts })
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
    Memory(Memory),
}

impl Source<'_> {
    /// # Safety
    /// The memory is there.
    unsafe fn read(&self, slots: &[u32]) -> Shows<Vec<u64>> {
        let read = |&slot: &u32| match self {
            Source::Slots(values) => part_of(values, slot),
            // SAFETY: as the contract says.
            Source::Memory(memory) => unsafe { memory.slot(slot) },
        };
        slots.iter().map(read).collect()
    }
}

/// A slot of a value.
fn part_of(slots: &[u64], slot: u32) -> Shows<u64> {
    match slots.get(slot as usize) {
        Some(&value) => Ok(value),
        None => misfit("a value has too few slots"),
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
    run: Memory,
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
    /// Shows the message that starts here.
    unsafe fn whole(&mut self, value: Memory) -> Shows<()> {
        let nodes = self.shape.clone().number()?;
        let mut at = self.shape.at((8 + 4 * u64::from(nodes)) as usize);
        // SAFETY: the caller's memory is there.
        unsafe {
            let slots = Source::Memory(value).read(&at.slots()?)?;
            self.value(0, &slots, Place { depth: 0, inside: Inside::Value })
        }
    }

    /// What the report says.
    fn text(self, done: Shows<()>) -> Option<String> {
        match done {
            Ok(()) => Some(self.out),
            Err(Silent::Internal) => None,
            Err(Silent::Misfit(why)) => Some(format!("<not shown: {why}; this is a bug in Snow>")),
        }
    }

    /// The object behind a reference, in the run or a literal, with its description.
    unsafe fn object(&self, slot: u64, kind: DescKind) -> Shows<(*const u8, &TypeDesc)> {
        let slot = slot as usize;
        let known = || self.moved.iter().find(|&&(address, _)| address == slot).map(|&(_, at)| at);
        let object = match packed_at(slot).or_else(known) {
            Some(at) if at.saturating_add(size_of::<ObjHeader>()) > self.run.size => {
                return misfit("a reference leads out of the message");
            }
            // SAFETY: a record stands there.
            Some(at) => unsafe { self.run.base.add(at) },
            None if slot <= MAX_IMMEDIATE => return misfit("a reference leads nowhere"),
            None => std::ptr::with_exposed_provenance(slot),
        };
        // SAFETY: it is a record or a literal; descriptions are constants of the program.
        let desc = unsafe { &*self.descs.add(((*object.cast::<ObjHeader>()).meta >> 8) as usize) };
        if desc.kind == kind {
            Ok((object, desc))
        } else {
            misfit("a reference leads to another kind of object")
        }
    }

    /// The cell behind a reference.
    unsafe fn cell(&self, slot: u64) -> Shows<Memory> {
        // SAFETY: as the caller's.
        let (base, desc) = unsafe { self.object(slot, DescKind::Cell)? };
        Ok(Memory { base, size: desc.size as usize })
    }

    fn is_literal(&self, object: *const u8) -> bool {
        // SAFETY: it is an object in the run or a literal; counts of literals are negative.
        unsafe { (*object.cast::<ObjHeader>()).rc < 0 }
    }

    /// Shows the value of these slots.
    unsafe fn value(&mut self, node: u32, slots: &[u64], place: Place) -> Shows<()> {
        self.steps += 1;
        self.ended |= self.out.len() > MAX_TEXT || self.steps > MAX_STEPS;
        if self.ended || place.depth > MAX_DEPTH {
            self.out.push(CUT);
            return Ok(());
        }
        let mut node = self.shape.node(node)?;
        let first = || part_of(slots, 0);
        // Writing to a string can't fail.
        let _ = match node.byte()? {
            kind::INT => write!(self.out, "{}", first()? as i64),
            kind::FLOAT => write!(self.out, "{}", number::float_string(f64::from_bits(first()?))),
            kind::BOOL => match first()? {
                truth @ (0 | 1) => write!(self.out, "{}", truth == 1),
                _ => return misfit("a Bool is neither true nor false"),
            },
            // SAFETY: an atom is the address of its name, a literal.
            kind::ATOM => unsafe { write!(self.out, ":{}", literal_text(first()?)?) },
            kind::PID => write!(self.out, "{}", Pid(first()? as i64)),
            kind::FUNCTION => self.out.write_str("<fn>"),
            // SAFETY: the slot holds a string.
            kind::STRING => unsafe { self.string(first()?)? },
            // SAFETY: the slot holds bytes.
            kind::BYTES => unsafe { self.bytes(first()?)? },
            // SAFETY: the slots hold a list.
            kind::LIST => return unsafe { self.list(node, slots, place) },
            // SAFETY: the slots hold such a value.
            kind::VARIANTS => return unsafe { self.variants(node, slots, place) },
            kind::UNKNOWN => self.out.write_char(CUT),
            _ => return misfit("its description speaks of an unknown kind of value"),
        };
        Ok(())
    }

    /// The bytes of a string that are there, and whether these are all.
    unsafe fn content(&self, slot: u64) -> Shows<(Vec<u8>, bool)> {
        // SAFETY: the slot holds a reference; its object was seen to be a string or bytes.
        unsafe {
            let (object, _) = self.object(slot, DescKind::Str)?;
            let StrObj { len, data, .. } = object.cast::<StrObj>().read();
            let shown = if len > SHARE_FROM { BEGINNING } else { len };
            let data = match self.is_literal(object) {
                true => data,
                false if len > SHARE_FROM => (*object.cast::<SharedRecord>()).beginning.as_ptr(),
                false => object.add(STR_INLINE),
            };
            Ok((std::slice::from_raw_parts(data, shown).to_vec(), shown == len))
        }
    }

    unsafe fn string(&mut self, slot: u64) -> Shows<std::fmt::Result> {
        // SAFETY: as the contract of `value` says.
        let (bytes, is_all) = unsafe { self.content(slot)? };
        self.out.push_str(&text::escaped(text::whole(&bytes)));
        Ok(if is_all { Ok(()) } else { self.out.write_char(CUT) })
    }

    unsafe fn bytes(&mut self, slot: u64) -> Shows<std::fmt::Result> {
        // SAFETY: as the contract of `value` says.
        let (bytes, is_all) = unsafe { self.content(slot)? };
        let numbers = bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
        Ok(write!(self.out, "<<{numbers}{}>>", if is_all { "" } else { ", …" }))
    }

    unsafe fn list(&mut self, mut node: Reader, slots: &[u64], place: Place) -> Shows<()> {
        let (element, element_slots) = (node.number()?, node.slots()?);
        let (buf, view) = (part_of(slots, 0)?, part_of(slots, 1)?);
        let bare = place.inside != Inside::Value;
        if !bare {
            self.out.push('[');
        }
        // SAFETY: the buffer was seen to be one; its description knows the elements' size.
        unsafe {
            let (object, desc) = self.object(buf, DescKind::ListBuf)?;
            let size = desc.size as usize;
            let list = ListVal { buf: object.cast_mut().cast::<ListBuf>(), view };
            let ListBuf { lo, hi, .. } = list.buf.read();
            // A record has only the elements that are there.
            let missing = if self.is_literal(object) { 0 } else { lo };
            for index in 0..list.len() {
                if index > 0 && !bare {
                    self.out.push_str(", ");
                }
                let at = match list.offset().checked_add(index) {
                    Some(at) if (lo..hi).contains(&at) => (at - missing) as usize,
                    _ => return misfit("a list is longer than its buffer"),
                };
                let base = object.add(LIST_ELEMENTS + at * size);
                let values = Source::Memory(Memory { base, size }).read(&element_slots)?;
                let inner = if bare { place } else { place.deeper() };
                self.value(element, &values, inner)?;
                if self.ended {
                    break;
                }
            }
        }
        if !bare {
            self.out.push(']');
        }
        Ok(())
    }

    /// Shows a struct, tuple or variant.
    unsafe fn variants(&mut self, mut node: Reader, slots: &[u64], place: Place) -> Shows<()> {
        if node.clone().is_entry()? && part_of(slots, 0)? == 0 {
            // A gap between the entries of a map.
            return Ok(());
        }
        // SAFETY: the slots hold such a value.
        let (number, source) = unsafe { self.taken(&mut node, slots)? };
        for _ in 0..number {
            node.variant()?;
        }
        let variant = node.variant()?;
        if variant.style == style::INTERNAL {
            return Err(Silent::Internal);
        }
        // SAFETY: the source's memory is there.
        let read = |part: &Part| Ok((part.name, part.node, unsafe { source.read(&part.slots)? }));
        let parts = variant.parts.iter().filter(|part| part.node != HIDDEN).map(read);
        let parts = parts.collect::<Shows<Vec<Read>>>()?;
        // SAFETY: as above.
        unsafe { self.styled((variant.style, variant.name), &parts, place) }
    }

    /// Which variant a value is, and where its parts are; the node goes on to the first variant.
    unsafe fn taken<'a>(&self, node: &mut Reader, slots: &'a [u64]) -> Shows<(u64, Source<'a>)> {
        let how = node.byte()?;
        let (some, test) = if how == how::NULLABLE { (node.number()?, node.number()?) } else { (0, 0) };
        let count = node.number()?;
        let values = Source::Slots(slots);
        // SAFETY: the slot holds a reference; a cell's tag stands in its header.
        let (number, source) = unsafe {
            match how {
                how::PRODUCT => (0, values),
                how::BOXED => (0, Source::Memory(self.cell(part_of(slots, 0)?)?)),
                how::SUM => (part_of(slots, 0)?, values),
                how::NULLABLE if some > 1 => return misfit("an option has more than two variants"),
                how::NULLABLE if part_of(slots, test)? != 0 => (u64::from(some), values),
                how::NULLABLE => (u64::from(1 - some), values),
                how::BOXED_SUM => match part_of(slots, 0)? {
                    0 => return misfit("a value has no variant"),
                    number if number as usize <= MAX_IMMEDIATE => (number - 1, values),
                    reference => {
                        let cell = self.cell(reference)?;
                        (u64::from((*cell.base.cast::<ObjHeader>()).meta & 0xff), Source::Memory(cell))
                    }
                },
                _ => return misfit("its description speaks of an unknown kind of layout"),
            }
        };
        if number < u64::from(count) {
            Ok((number, source))
        } else {
            misfit("a value's variant doesn't exist")
        }
    }

    unsafe fn styled(&mut self, (style, name): (u8, &str), parts: &[Read], place: Place) -> Shows<()> {
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
                    self.parts(["", " => ", ""], &parts[..shown.min(parts.len())], deeper)
                }
                style::RANGE => self.parts(["", "..", ""], parts, deeper),
                style::REFERENCE => self.parts(["#Ref<", ", ", ">"], parts, deeper),
                style::TUPLE => self.parts(["(", ", ", ")"], parts, deeper),
                style::STRUCT | style::VARIANT => {
                    self.out.push_str(name);
                    match style {
                        _ if parts.is_empty() => Ok(()),
                        style::STRUCT => self.parts([" { ", ", ", " }"], parts, deeper),
                        _ => self.parts(["(", ", ", ")"], parts, deeper),
                    }
                }
                _ => misfit("its description speaks of an unknown style"),
            }
        }
    }

    /// Shows the entries of a map or set.
    unsafe fn entries(&mut self, open: &str, parts: &[Read], place: Place) -> Shows<()> {
        let outer = std::mem::replace(&mut self.first, true);
        // SAFETY: as the contract of `value` says.
        let done = unsafe { self.parts([open, ", ", "}"], parts, place) };
        self.first = outer;
        done
    }

    unsafe fn parts(&mut self, [open, between, close]: [&str; 3], parts: &[Read], place: Place) -> Shows<()> {
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
            unsafe { self.value(*node, slots, place)? };
        }
        self.out.push_str(close);
        Ok(())
    }
}

/// The text of a literal.
unsafe fn literal_text(slot: u64) -> Shows<String> {
    if slot as usize <= MAX_IMMEDIATE {
        return misfit("an atom has no name");
    }
    // SAFETY: the caller's slot is the address of a literal, which is never freed.
    unsafe {
        let StrObj { len, data, .. } = std::ptr::with_exposed_provenance::<StrObj>(slot as usize).read();
        Ok(String::from_utf8_lossy(std::slice::from_raw_parts(data, len)).into_owned())
    }
}

#[cfg(test)]
mod tests;
