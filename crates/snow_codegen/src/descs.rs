//! Which descriptions of objects does a program need, and which number has each?
//!
//! Headers of objects hold these numbers, so they must be known before code is emitted: the walk of `content` finds
//! what each function describes, and emitting asks only for what was found. Where parts of a program are kept
//! between builds, a number mustn't change because another type came: then the table has gaps, and a
//! description stands where its content says.

use snow_abi::layout::{DescKind, MAX_DESCS};
use snow_base::{ContentHash, ContentHasher, FxHashMap};
use snow_mir::layout::Layouts;
use snow_typeck::Ty;

use crate::error::{Res, bad};

/// What a description is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Described {
    /// List buffers of an element type.
    List(Ty),
    /// Values that lie side by side.
    Parts(Vec<Ty>),
    /// Cells of a variant of a type.
    Cell(Ty, u32),
    /// Closures with these captures, and the function's name.
    Closure(Vec<Ty>, String),
}

/// A type description.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Desc {
    /// What it describes.
    pub(crate) kind: u8,
    /// Bytes.
    pub(crate) size: u32,
    /// What `TypeDesc::refs` holds.
    pub(crate) refs: Vec<u16>,
    /// For reports.
    pub(crate) name: String,
}

impl Desc {
    /// What stands in gaps.
    pub(crate) const NONE: Desc =
        Desc { kind: DescKind::Value as u8, size: 0, refs: Vec::new(), name: String::new() };

    fn of(what: &Described, layouts: &Layouts<'_>) -> Desc {
        let (kind, size, refs, name) = match what {
            Described::List(elem) => {
                let parts = layouts.parts(&[*elem]);
                let name = format!("List<{}>", layouts.type_name(*elem));
                (DescKind::ListBuf, parts.size, layouts.described_refs(&[*elem], &parts.parts), name)
            }
            Described::Parts(tys) => {
                let parts = layouts.parts(tys);
                let names: Vec<_> = tys.iter().map(|&ty| layouts.type_name(ty)).collect();
                let refs = layouts.described_refs(tys, &parts.parts);
                (DescKind::Value, parts.size, refs, names.join(", "))
            }
            Described::Cell(ty, variant) => {
                let cell = layouts.cell(*ty, *variant);
                let refs = layouts.described_refs(&layouts.part_tys(*ty, *variant), &cell.parts);
                (DescKind::Cell, cell.size, refs, layouts.type_name(*ty))
            }
            Described::Closure(captures, name) => {
                let cell = layouts.closure_cell(captures);
                let refs = layouts.described_refs(captures, &cell.parts);
                (DescKind::Cell, cell.size, refs, name.clone())
            }
        };
        Desc { kind: kind as u8, size, refs, name }
    }

    fn content(&self) -> ContentHash {
        let mut hasher = ContentHasher::default();
        hasher.tag(self.kind);
        hasher.number(u64::from(self.size));
        hasher.number(self.refs.len() as u64);
        self.refs.iter().for_each(|&at| hasher.number(u64::from(at)));
        hasher.text(&self.name);
        hasher.finish()
    }
}

/// The table of descriptions with the number of each. Number 0 is that of strings.
#[derive(Debug, Default)]
pub(crate) struct Descs {
    rows: Vec<Desc>,
    ids: FxHashMap<Described, u32>,
}

impl Descs {
    /// Gives numbers to what a program describes. `stable`: those that don't change when others come.
    ///
    /// # Errors
    /// There are too many.
    pub(crate) fn number(wanted: &[Described], layouts: &Layouts<'_>, stable: bool) -> Res<Descs> {
        let mut places: FxHashMap<Desc, usize> = FxHashMap::default();
        let mut different = Vec::new();
        let of_wanted: Vec<usize> = (wanted.iter())
            .map(|what| {
                let desc = Desc::of(what, layouts);
                *places.entry(desc.clone()).or_insert_with(|| {
                    different.push(desc);
                    different.len() - 1
                })
            })
            .collect();
        let far = |desc: &&Desc| desc.size > u32::from(u16::MAX) && !desc.refs.is_empty();
        if let Some(desc) = different.iter().find(far) {
            return bad(format!("{}: its references are too far from its start", desc.name));
        }
        let string = Desc { kind: DescKind::Str as u8, size: 0, refs: Vec::new(), name: "String".into() };
        let room = (different.len() * 4).next_power_of_two().max(16);
        let (rows, numbers) = if stable && room < MAX_DESCS {
            scatter(string, &different, room)
        } else {
            line_up(string, different)
        };
        if rows.len() > MAX_DESCS {
            return bad(format!("the program has {} types of objects; the most is {MAX_DESCS}", rows.len()));
        }
        let ids = wanted.iter().cloned().zip(of_wanted.into_iter().map(|index| numbers[index])).collect();
        Ok(Descs { rows, ids })
    }

    /// The number of a description.
    ///
    /// # Errors
    /// The walk over the program didn't find it: a mistake of the compiler.
    pub(crate) fn id(&self, what: &Described) -> Res<u32> {
        match self.ids.get(what) {
            Some(&id) => Ok(id),
            None => bad(format!("a description that nothing asked for: {what:?}")),
        }
    }

    /// The table.
    pub(crate) fn rows(&self) -> &[Desc] {
        &self.rows
    }

    /// The hash of the whole table.
    pub(crate) fn content(&self) -> ContentHash {
        let mut hasher = ContentHasher::default();
        self.rows.iter().for_each(|row| hasher.hash(row.content()));
        hasher.finish()
    }
}

/// One behind the other.
fn line_up(first: Desc, others: Vec<Desc>) -> (Vec<Desc>, Vec<u32>) {
    let numbers = (1..=others.len() as u32).collect();
    (std::iter::once(first).chain(others).collect(), numbers)
}

/// Each where its content says, or at the next free place: in order of their hashes, so that the order in which they were
/// found doesn't matter.
fn scatter(first: Desc, others: &[Desc], room: usize) -> (Vec<Desc>, Vec<u32>) {
    let mut rows = vec![Desc::NONE; room + 1];
    rows[0] = first;
    let mut order: Vec<(ContentHash, usize)> =
        others.iter().enumerate().map(|(index, desc)| (desc.content(), index)).collect();
    order.sort_unstable();
    let mut taken = vec![false; room];
    let mut numbers = vec![0; others.len()];
    for (hash, index) in order {
        let mut place = hash.low() as usize % room;
        // A quarter of the places is taken at most.
        while taken[place] {
            place = (place + 1) % room;
        }
        taken[place] = true;
        rows[place + 1] = others[index].clone();
        numbers[index] = place as u32 + 1;
    }
    (rows, numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desc(name: &str) -> Desc {
        Desc { name: name.into(), ..Desc::NONE }
    }

    #[test]
    fn numbers_dont_depend_on_the_order_and_hardly_on_others() {
        let names: Vec<String> = (0..50).map(|n| format!("T{n}")).collect();
        let some: Vec<Desc> = names.iter().map(|name| desc(name)).collect();
        let mut others = some.clone();
        others.reverse();
        others.push(desc("New"));
        let (rows, before) = scatter(desc("String"), &some, 256);
        let (_, after) = scatter(desc("String"), &others, 256);
        let moved = (0..50).filter(|&i| before[i] != after[49 - i]).count();
        assert!(moved <= 1, "{moved} moved");
        assert!(some.iter().zip(&before).all(|(desc, &id)| rows[id as usize] == *desc));
    }
}
