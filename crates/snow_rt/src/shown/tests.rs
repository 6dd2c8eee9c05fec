//! Is a message that doesn't fit its description told as such? Descriptions made by hand, right ones and wrong ones.

use super::*;

const fn desc(kind: DescKind, size: u32) -> TypeDesc {
    TypeDesc {
        size,
        ref_count: 0,
        kind,
        reserved: 0,
        refs: std::ptr::null(),
        name: std::ptr::null(),
        name_len: 0,
    }
}

/// Descriptions 1 and 2 are those of a list of integers and of a cell with one integer.
static DESCS: [TypeDesc; 3] = [desc(DescKind::Str, 0), desc(DescKind::ListBuf, 8), desc(DescKind::Cell, 16)];

const LIST: u64 = 1 << 8;
const CELL: u64 = 2 << 8;

/// A description: slots of the message, nodes.
fn shape(slots: &[u32], nodes: &[Vec<u8>]) -> Vec<u8> {
    let front = numbers(slots);
    let mut at = 8 + 4 * nodes.len() + front.len();
    let total = at + nodes.iter().map(Vec::len).sum::<usize>();
    let mut out = [(total as u32).to_le_bytes(), (nodes.len() as u32).to_le_bytes()].concat();
    for node in nodes {
        out.extend((at as u32).to_le_bytes());
        at += node.len();
    }
    [out, front, nodes.concat()].concat()
}

/// A count and the numbers.
fn numbers(all: &[u32]) -> Vec<u8> {
    let mut out = (all.len() as u32).to_le_bytes().to_vec();
    all.iter().for_each(|number| out.extend(number.to_le_bytes()));
    out
}

fn text(text: &str) -> Vec<u8> {
    [(text.len() as u32).to_le_bytes().as_slice(), text.as_bytes()].concat()
}

/// A node of variants with one part each, which is node 1.
fn variants(how: u8, nullable: &[u32], style: u8, parts: &[&[u32]]) -> Vec<u8> {
    let mut out = vec![kind::VARIANTS, how];
    nullable.iter().for_each(|number| out.extend(number.to_le_bytes()));
    out.extend((parts.len() as u32).to_le_bytes());
    for (index, slots) in parts.iter().enumerate() {
        out.push(style);
        out.extend(text(&format!("V{index}")));
        out.extend(1u32.to_le_bytes());
        out.extend([text("part"), 1u32.to_le_bytes().to_vec(), numbers(slots)].concat());
    }
    out
}

fn list(slots: &[u32]) -> Vec<u8> {
    [vec![kind::LIST], 1u32.to_le_bytes().to_vec(), numbers(slots)].concat()
}

/// What a report says of a message whose value is the first `value` words of the run.
fn shown(shape: Vec<u8>, run: &[u64], value: usize) -> Option<String> {
    let run = Memory { base: run.as_ptr().cast(), size: size_of_val(run) };
    let mut shown = Shown {
        shape: Reader { bytes: shape.leak(), at: 4 },
        run,
        descs: DESCS.as_ptr(),
        moved: Vec::new(),
        out: String::new(),
        steps: 0,
        first: true,
        ended: false,
    };
    // SAFETY: the run is there; the references in the tests lead to objects in it, or nowhere.
    let done = unsafe { shown.whole(Memory { size: 8 * value, ..run }) };
    shown.text(done)
}

fn one(node: Vec<u8>, run: &[u64]) -> String {
    let told = shown(shape(&[0], &[node, vec![kind::INT]]), run, 1);
    told.expect("it isn't the runtime's own")
}

fn misfits(shape: Vec<u8>, run: &[u64], value: usize, why: &str) {
    let told = format!("<not shown: {why}; this is a bug in Snow>");
    assert_eq!(shown(shape, run, value).as_deref(), Some(told.as_str()));
}

/// A reference to what stands at a word of the run.
fn packed(word: u64) -> u64 {
    (8 * word + MAX_IMMEDIATE as u64 + 1) | 1
}

#[test]
fn what_fits_is_shown() {
    assert_eq!(one(vec![kind::INT], &[7]), "7");
    assert_eq!(one(vec![kind::BOOL], &[1]), "true");
    assert_eq!(one(variants(how::SUM, &[], style::VARIANT, &[&[0], &[0]]), &[1]), "V1(part: 1)");
    assert_eq!(
        one(variants(how::BOXED, &[], style::STRUCT, &[&[8]]), &[packed(1), CELL << 32, 5]),
        "V0 { part: 5 }"
    );
    assert_eq!(shown(shape(&[0], &[variants(how::SUM, &[], style::INTERNAL, &[&[0]])]), &[0], 1), None);
    let ints = shape(&[0, 8], &[list(&[0]), vec![kind::INT]]);
    let run = [packed(2), 2 << 32 | 4, LIST << 32, 4 | 6 << 32, 0, 10, 11];
    assert_eq!(shown(ints, &run, 2).as_deref(), Some("[10, 11]"));
}

#[test]
fn a_broken_description_is_told() {
    let ends = "its description ends too early";
    misfits(shape(&[0], &[]), &[7], 1, "its description lacks a part");
    misfits(shape(&[0], &[vec![]]), &[7], 1, ends);
    misfits(shape(&[0], &[vec![kind::VARIANTS, how::SUM, 1, 0, 0]]), &[0], 1, ends);
    let lonely = shape(&[0], &[variants(how::SUM, &[], style::VARIANT, &[&[0]])]);
    misfits(lonely, &[0], 1, "its description lacks a part");
    misfits(shape(&[0], &[vec![99]]), &[7], 1, "its description speaks of an unknown kind of value");
    let layout = shape(&[0], &[variants(99, &[], style::VARIANT, &[&[0]]), vec![kind::INT]]);
    misfits(layout, &[0], 1, "its description speaks of an unknown kind of layout");
    let style = shape(&[0], &[variants(how::SUM, &[], 99, &[&[0]]), vec![kind::INT]]);
    misfits(style, &[0], 1, "its description speaks of an unknown style");
    let mut name = variants(how::SUM, &[], style::VARIANT, &[&[0]]);
    name[11] = 0xff;
    misfits(shape(&[0], &[name, vec![kind::INT]]), &[0], 1, "a name in its description is no text");
}

#[test]
fn a_value_that_does_not_fit_is_never_shown_as_another() {
    let few = "a value has too few slots";
    misfits(shape(&[8], &[vec![kind::INT]]), &[7, 8], 1, "a part lies outside its value");
    misfits(shape(&[], &[vec![kind::INT]]), &[7], 1, few);
    misfits(shape(&[0], &[list(&[0]), vec![kind::INT]]), &[7], 1, few);
    misfits(shape(&[0], &[vec![kind::BOOL]]), &[2], 1, "a Bool is neither true nor false");
    misfits(shape(&[0], &[vec![kind::ATOM]]), &[0], 1, "an atom has no name");
    let sum = |how, nullable: &[u32], slots: &[&[u32]]| {
        shape(&[0], &[variants(how, nullable, style::VARIANT, slots), vec![kind::INT]])
    };
    misfits(sum(how::SUM, &[], &[&[1]]), &[0], 1, few);
    misfits(sum(how::SUM, &[], &[&[0]]), &[1], 1, "a value's variant doesn't exist");
    misfits(sum(how::SUM, &[], &[&[0]]), &[1 << 32], 1, "a value's variant doesn't exist");
    misfits(sum(how::BOXED_SUM, &[], &[&[8]]), &[0], 1, "a value has no variant");
    misfits(sum(how::BOXED_SUM, &[], &[&[8]]), &[2], 1, "a value's variant doesn't exist");
    misfits(sum(how::NULLABLE, &[0, 3], &[&[0]]), &[1], 1, few);
    misfits(sum(how::NULLABLE, &[2, 0], &[&[0]]), &[1], 1, "an option has more than two variants");
    misfits(sum(how::BOXED, &[], &[&[16]]), &[packed(1), CELL << 32, 5], 1, "a part lies outside its value");
}

#[test]
fn a_reference_that_leads_elsewhere_is_told() {
    let cell = || shape(&[0], &[variants(how::BOXED, &[], style::STRUCT, &[&[8]]), vec![kind::INT]]);
    misfits(cell(), &[0], 1, "a reference leads nowhere");
    misfits(cell(), &[packed(3), 0, 0], 1, "a reference leads out of the message");
    misfits(cell(), &[packed(1), LIST << 32, 0], 1, "a reference leads to another kind of object");
    misfits(
        shape(&[0], &[vec![kind::STRING]]),
        &[packed(1), CELL << 32, 0],
        1,
        "a reference leads to another kind of object",
    );
    let ints = shape(&[0, 8], &[list(&[0]), vec![kind::INT]]);
    let run = [packed(2), 3 << 32 | 4, LIST << 32, 4 | 6 << 32, 0, 10, 11];
    misfits(ints, &run, 2, "a list is longer than its buffer");
}
