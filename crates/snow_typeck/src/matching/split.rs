//! One test: which cases a place is split into, and which rows go on in each.
//!
//! Cases are tried in order and the first that holds counts. But for texts and maps they exclude each other anyway,
//! so a leaf without rows is a case that can happen.

use std::hash::Hash;
use std::ops::Range;
use std::rc::Rc;

use snow_base::{FxHashMap, Name};
use snow_hir::{CtorId, Expr, ExprId};

use super::compile::{MatchInput, OpenRow, Places, replace_test};
use super::pattern::{Kind, List, Pat};
use super::witness::Known;
use super::{Case, Place, PlaceId};

/// The outcomes of a test.
pub(super) struct Split {
    pub(super) cases: Vec<Branch>,
    /// Where no case holds; absent where the cases are complete.
    pub(super) default: Option<(Known, Vec<OpenRow>)>,
}

/// One outcome.
pub(super) struct Branch {
    pub(super) case: Case,
    pub(super) known: Known,
    pub(super) rows: Vec<OpenRow>,
}

/// Splits `place` as the first row's pattern `pat` demands. No row has alternatives there. `None`: the cases would have more
/// than `most` rows together.
pub(super) fn split(
    input: &MatchInput<'_>,
    places: &mut Places,
    place: PlaceId,
    pat: &Pat,
    rows: &[OpenRow],
    most: usize,
) -> Option<Split> {
    let mut splitter = Splitter { places, place, rows, most };
    match &pat.kind {
        Kind::Ctor(ctor, _) => splitter.split_ctors(*ctor, input),
        Kind::Int(..) => splitter.split_ints(),
        Kind::Float(_) => splitter.split_floats(),
        Kind::Bool(_) => splitter.split_bools(),
        Kind::Str(_) | Kind::StrPrefix(..) => splitter.split_strs(),
        Kind::Atom(_) => splitter.split_atoms(),
        Kind::List(_) => splitter.split_lists(),
        Kind::Map(entries) => Some(splitter.split_map(input, entries.first().map(|&(key, _)| key))),
        // These are taken apart without a test before they get here.
        Kind::Wild | Kind::Or(_) | Kind::Tuple(_) | Kind::Struct(..) => {
            Some(Split { cases: Vec::new(), default: Some((Known::Other, rows.to_vec())) })
        }
    }
}

struct Splitter<'a> {
    places: &'a mut Places,
    place: PlaceId,
    rows: &'a [OpenRow],
    /// So many rows all cases together may have.
    most: usize,
}

/// Different values in the order in which they were met, each with its position.
struct Numbered<T> {
    all: Vec<T>,
    at: FxHashMap<T, usize>,
}

impl<T: Clone + Eq + Hash> Numbered<T> {
    fn new(values: impl Iterator<Item = T>) -> Numbered<T> {
        let mut numbered = Numbered { all: Vec::new(), at: FxHashMap::default() };
        for value in values {
            if !numbered.at.contains_key(&value) {
                numbered.at.insert(value.clone(), numbered.all.len());
                numbered.all.push(value);
            }
        }
        numbered
    }

    /// The one case of a value.
    fn case(&self, value: &T) -> Range<usize> {
        self.at.get(value).map_or(0..0, |&at| at..at + 1)
    }
}

impl Splitter<'_> {
    /// Every row's pattern at the place.
    fn pats(&self) -> impl Iterator<Item = &Kind> {
        self.rows.iter().filter_map(|row| row.at(self.place)).map(|pat| &pat.kind)
    }

    /// The rows without a pattern at the place, and those whose pattern `demand` accepts, with what it adds.
    fn keep(&mut self, mut demand: impl FnMut(&mut Places, &mut OpenRow, &Rc<Pat>) -> bool) -> Vec<OpenRow> {
        let mut kept = Vec::new();
        for row in self.rows {
            let Some(index) = row.tests.iter().position(|(tested, _)| *tested == self.place) else {
                kept.push(row.clone());
                continue;
            };
            let mut accepted = false;
            let replaced = replace_test(self.places, row, index, |places, replaced| {
                accepted = demand(places, replaced, &row.tests[index].1);
            });
            if accepted {
                kept.push(replaced);
            }
        }
        kept
    }

    /// The rows of each of `count` cases: those without a pattern at the place, and those whose pattern holds in the case, with
    /// what `demand` adds.
    fn distribute(
        &mut self,
        count: usize,
        cases: impl Fn(&Kind) -> Range<usize>,
        mut demand: impl FnMut(&mut Places, &mut OpenRow, &Rc<Pat>),
    ) -> Option<Vec<Vec<OpenRow>>> {
        let of = |row: &OpenRow| row.at(self.place).map_or(0..count, |pat| cases(&pat.kind));
        self.is_bounded(self.rows.iter().map(|row| of(row).len()))?;
        let mut all = vec![Vec::new(); count];
        for row in self.rows {
            let index = row.tests.iter().position(|(tested, _)| *tested == self.place);
            for case in of(row) {
                all[case].push(match index {
                    None => row.clone(),
                    Some(index) => replace_test(self.places, row, index, |places, replaced| {
                        demand(places, replaced, &row.tests[index].1);
                    }),
                });
            }
        }
        Some(all)
    }

    /// Whether so many rows may be made.
    fn is_bounded(&self, counts: impl Iterator<Item = usize>) -> Option<()> {
        let mut left = self.most;
        for count in counts {
            left = left.checked_sub(count)?;
        }
        Some(())
    }

    /// The rows that hold where no case does.
    fn keep_wild(&self) -> Vec<OpenRow> {
        self.rows.iter().filter(|row| row.at(self.place).is_none()).cloned().collect()
    }

    fn split_ctors(&mut self, first: CtorId, input: &MatchInput<'_>) -> Option<Split> {
        let place = self.place;
        let count = input.program.types[first.ty].variants().len();
        let mut used = vec![false; count];
        for kind in self.pats() {
            if let Kind::Ctor(ctor, _) = kind {
                used[ctor.variant as usize] = true;
            }
        }
        let ctor_of = |variant: usize| CtorId { ty: first.ty, variant: variant as u32 };
        let ctors: Numbered<CtorId> = Numbered::new((0..count).filter(|&v| used[v]).map(ctor_of));
        let case_of = |kind: &Kind| match kind {
            Kind::Ctor(ctor, _) => ctors.case(ctor),
            _ => 0..0,
        };
        let rows = self.distribute(ctors.all.len(), case_of, |places, row, pat| {
            if let Kind::Ctor(ctor, parts) = &pat.kind {
                for (index, part) in parts.iter().enumerate() {
                    places.demand_part(row, Place::Field(place, *ctor, index as u32), part);
                }
            }
        })?;
        let cases = branches(&ctors.all, rows, |&ctor| (Case::Ctor(ctor), Known::Ctor(ctor)));
        let missing = used.iter().position(|used| !used);
        let default = missing.map(|variant| (Known::Ctor(ctor_of(variant)), self.keep_wild()));
        Some(Split { cases, default })
    }

    /// Integers are split at the ends of all literals and ranges, so that no two cases overlap.
    fn split_ints(&mut self) -> Option<Split> {
        let mut starts: Vec<i128> = vec![i128::from(i64::MIN)];
        let mut ranges: Vec<(i128, i128)> = Vec::new();
        for kind in self.pats() {
            if let Kind::Int(low, high) = *kind {
                let (low, end) = (i128::from(low), i128::from(high) + 1);
                ranges.push((low, end));
                starts.extend([low, end]);
            }
        }
        starts.sort_unstable();
        starts.dedup();
        // How many more ranges begin than end at each start, then how many cover what begins there.
        let at = |start: i128| starts.partition_point(|&other| other < start);
        let mut covering = vec![0_i64; starts.len() + 1];
        for &(low, end) in &ranges {
            covering[at(low)] += 1;
            covering[at(end)] -= 1;
        }
        let limit = i128::from(i64::MAX) + 1;
        let (mut cases, mut free, mut depth) = (Vec::new(), Vec::new(), 0);
        // The number of the case that begins at each start or, where none does, of the next.
        let mut case_at = Vec::with_capacity(starts.len() + 1);
        for (index, &start) in starts.iter().enumerate() {
            case_at.push(cases.len());
            depth += covering[index];
            if start >= limit {
                break;
            }
            let end = starts.get(index + 1).copied().unwrap_or(limit);
            // In range: both come from between the ends of i64.
            let bounds = (start as i64, (end - 1) as i64);
            if depth > 0 {
                cases.push(bounds);
            } else {
                free.push(nearest_to_zero(bounds.0, bounds.1));
            }
        }
        let case_of = |kind: &Kind| match *kind {
            Kind::Int(low, high) => case_at[at(i128::from(low))]..case_at[at(i128::from(high) + 1)],
            _ => 0..0,
        };
        let rows = self.distribute(cases.len(), case_of, |_, _, _| {})?;
        let cases = branches(&cases, rows, |&(low, high)| {
            let case = if low == high { Case::Int(low) } else { Case::IntRange(low, high) };
            (case, Known::Int(nearest_to_zero(low, high)))
        });
        let witness = free.into_iter().min_by_key(|value| (*value < 0, value.unsigned_abs()));
        Some(Split { cases, default: witness.map(|value| (Known::Int(value), self.keep_wild())) })
    }

    fn split_floats(&mut self) -> Option<Split> {
        // The two zeros are equal.
        let key = |value: f64| if value == 0.0 { 0 } else { value.to_bits() };
        let values = Numbered::new(self.pats().filter_map(|kind| match kind {
            Kind::Float(value) => Some(key(*value)),
            _ => None,
        }));
        let case_of = |kind: &Kind| match kind {
            Kind::Float(value) => values.case(&key(*value)),
            _ => 0..0,
        };
        let rows = self.distribute(values.all.len(), case_of, |_, _, _| {})?;
        let cases = branches(&values.all, rows, |&bits| {
            (Case::Float(f64::from_bits(bits)), Known::Float(f64::from_bits(bits)))
        });
        Some(Split { cases, default: Some((Known::Other, self.keep_wild())) })
    }

    fn split_bools(&mut self) -> Option<Split> {
        let used =
            [true, false].map(|value| self.pats().any(|kind| matches!(kind, Kind::Bool(v) if *v == value)));
        let mut cases = Vec::new();
        let mut default = None;
        for (value, used) in [true, false].into_iter().zip(used) {
            if used {
                let rows = self.keep(|_, _, pat| matches!(pat.kind, Kind::Bool(v) if v == value));
                cases.push(Branch { case: Case::Bool(value), known: Known::Bool(value), rows });
            } else {
                default = Some((Known::Bool(value), self.keep_wild()));
            }
        }
        Some(Split { cases, default })
    }

    fn split_atoms(&mut self) -> Option<Split> {
        let names: Numbered<Name> = Numbered::new(self.pats().filter_map(|kind| match kind {
            Kind::Atom(name) => Some(*name),
            _ => None,
        }));
        let case_of = |kind: &Kind| match kind {
            Kind::Atom(name) => names.case(name),
            _ => 0..0,
        };
        let rows = self.distribute(names.all.len(), case_of, |_, _, _| {})?;
        let cases = branches(&names.all, rows, |&name| (Case::Atom(name), Known::Atom(name)));
        Some(Split { cases, default: Some((Known::Other, self.keep_wild())) })
    }

    /// Whole texts first, then prefixes, the longest first: where a prefix is tried, no longer one holds.
    fn split_strs(&mut self) -> Option<Split> {
        let texts: Numbered<String> = Numbered::new(self.pats().filter_map(|kind| match kind {
            Kind::Str(text) => Some(text.clone()),
            _ => None,
        }));
        let prefixes: Numbered<String> = Numbered::new(self.pats().filter_map(|kind| match kind {
            Kind::StrPrefix(prefix, _) => Some(prefix.clone()),
            _ => None,
        }));
        let mut prefixes = prefixes.all;
        prefixes.sort_by_key(|prefix| std::cmp::Reverse(prefix.len()));
        let counts: Vec<usize> = prefixes.iter().map(|prefix| self.rows_with_prefix(prefix)).collect();
        self.is_bounded(counts.into_iter())?;
        let mut cases = self.split_texts(&texts, &prefixes)?;
        for prefix in prefixes {
            let rows = self.keep_prefix(&prefix);
            cases.push(Branch {
                known: Known::StrPrefix(prefix.clone()),
                case: Case::StrPrefix(prefix),
                rows,
            });
        }
        Some(Split { cases, default: Some((Known::Other, self.keep_wild())) })
    }

    /// How many rows hold for a text that starts with `text` and is none of the whole ones.
    fn rows_with_prefix(&self, text: &str) -> usize {
        let holds = |row: &&OpenRow| match row.at(self.place).map(|pat| &pat.kind) {
            Some(Kind::StrPrefix(prefix, _)) => text.starts_with(prefix.as_str()),
            Some(_) => false,
            None => true,
        };
        self.rows.iter().filter(holds).count()
    }

    /// The cases of whole texts. A row with a prefix holds in those that start so.
    fn split_texts(&mut self, texts: &Numbered<String>, prefixes: &[String]) -> Option<Vec<Branch>> {
        let place = self.place;
        let demand = |places: &mut Places, row: &mut OpenRow, pat: &Rc<Pat>| {
            if let Kind::StrPrefix(prefix, rest) = &pat.kind {
                places.demand_part(row, Place::StrRest(place, prefix.len() as u32), rest);
            }
        };
        let name = |text: &String| (Case::Str(text.clone()), Known::Str(text.clone()));
        if prefixes.is_empty() {
            let case_of = |kind: &Kind| match kind {
                Kind::Str(text) => texts.case(text),
                _ => 0..0,
            };
            return Some(branches(&texts.all, self.distribute(texts.all.len(), case_of, demand)?, name));
        }
        // In order of the texts those with one prefix stand side by side.
        let mut sorted = texts.all.clone();
        sorted.sort_unstable();
        let case_of = |kind: &Kind| match kind {
            Kind::Str(text) => {
                let at = sorted.partition_point(|other| other < text);
                at..at + 1
            }
            Kind::StrPrefix(prefix, _) => {
                let start = sorted.partition_point(|other| other < prefix);
                let count = sorted[start..].partition_point(|other| other.starts_with(prefix.as_str()));
                start..start + count
            }
            _ => 0..0,
        };
        let rows = self.distribute(sorted.len(), case_of, demand)?;
        let mut cases = branches(&sorted, rows, name);
        cases.sort_by_key(|branch| match &branch.case {
            Case::Str(text) => texts.case(text).start,
            _ => 0,
        });
        Some(cases)
    }

    /// The rows for a text that starts with `text` and is none of the whole ones.
    fn keep_prefix(&mut self, text: &str) -> Vec<OpenRow> {
        let place = self.place;
        self.keep(|places, row, pat| match &pat.kind {
            Kind::StrPrefix(prefix, rest) if text.starts_with(prefix.as_str()) => {
                places.demand_part(row, Place::StrRest(place, prefix.len() as u32), rest);
                true
            }
            _ => false,
        })
    }

    /// One length after the other while patterns tell them apart, then all that are at least so long.
    ///
    /// Once a pattern counts from the back, lengths at which front and back may overlap stand alone: there an
    /// element has one place, whichever end it was counted from.
    fn split_lists(&mut self) -> Option<Split> {
        let (mut front, mut back) = (0, 0);
        let mut least_open: Option<u32> = None;
        let mut starts = vec![0];
        for kind in self.pats() {
            let Kind::List(list) = kind else { continue };
            let length = list.min_len();
            starts.push(length);
            if list.open {
                least_open = Some(least_open.map_or(length, |least| least.min(length)));
                front = front.max(list.front.len() as u32);
                back = back.max(list.back.len() as u32);
            } else {
                starts.push(length + 1);
                front = front.max(length);
            }
        }
        if back > 0 {
            starts.extend(0..=front + back);
        }
        starts.sort_unstable();
        starts.dedup();
        self.is_bounded(starts.iter().map(|&start| self.rows_for(start)))?;
        let covered = |splitter: &Splitter<'_>, length: u32| {
            splitter.pats().any(|kind| matches!(kind, Kind::List(list) if list.fits(length)))
        };
        let (mut exact, mut at_least, mut free) = (Vec::new(), Vec::new(), None);
        for (index, &start) in starts.iter().enumerate() {
            let next = starts.get(index + 1).copied();
            if !covered(self, start) {
                free = free.or(Some(Known::Len(start, next.is_none())));
            } else if next == Some(start + 1) {
                let rows = self.keep_list(start, true);
                exact.push(Branch { case: Case::LenExact(start), known: Known::Len(start, false), rows });
            } else {
                let rows = self.keep_list(start, false);
                at_least.push(Branch { case: Case::LenAtLeast(start), known: Known::Len(start, true), rows });
            }
        }
        // Longer ones first: the first that holds counts.
        exact.extend(at_least.into_iter().rev());
        Some(Split { cases: exact, default: free.map(|known| (known, self.keep_wild())) })
    }

    /// How many rows hold for lists of a length.
    fn rows_for(&self, length: u32) -> usize {
        let holds = |row: &&OpenRow| match row.at(self.place).map(|pat| &pat.kind) {
            Some(Kind::List(list)) => list.fits(length),
            _ => true,
        };
        self.rows.iter().filter(holds).count()
    }

    /// The rows for a list of `length`, or of at least so many elements.
    fn keep_list(&mut self, length: u32, exact: bool) -> Vec<OpenRow> {
        let place = self.place;
        self.keep(|places, row, pat| match &pat.kind {
            Kind::List(list) if list.fits(length) => {
                for (index, part) in list.front.iter().enumerate() {
                    places.demand_part(row, Place::Elem(place, index as u32), part);
                }
                for (index, part) in list.back.iter().enumerate() {
                    let from_back = (list.back.len() - 1 - index) as u32;
                    let part_place = if exact {
                        Place::Elem(place, length - 1 - from_back)
                    } else {
                        Place::ElemBack(place, from_back)
                    };
                    places.demand_part(row, part_place, part);
                }
                for &(local, front, back) in &list.rests {
                    places.bind(row, local, Place::Rest(place, front, back));
                }
                true
            }
            _ => false,
        })
    }

    /// Maps are asked for one key after the other.
    fn split_map(&mut self, input: &MatchInput<'_>, key: Option<ExprId>) -> Split {
        let Some(key) = key else {
            return Split { cases: Vec::new(), default: Some((Known::Other, self.rows.to_vec())) };
        };
        let place = self.place;
        let has = |entries: &[(ExprId, Rc<Pat>)]| entries.iter().position(|&(k, _)| same_key(input, k, key));
        let present = self.keep(|places, row, pat| {
            let Kind::Map(entries) = &pat.kind else { return false };
            let mut others = entries.clone();
            if let Some(index) = has(entries) {
                let (_, value) = others.remove(index);
                places.demand_part(row, Place::MapValue(place, key), &value);
            }
            if !others.is_empty() {
                row.tests.push((
                    place,
                    Rc::new(Pat { binds: Vec::new(), kind: Kind::Map(others), alternative: None }),
                ));
            }
            true
        });
        let lacks = |row: &&OpenRow| match row.at(place).map(|pat| &pat.kind) {
            Some(Kind::Map(entries)) => has(entries).is_none(),
            _ => true,
        };
        let absent = self.rows.iter().filter(lacks).cloned().collect();
        let case = Branch { case: Case::MapHas(key), known: Known::MapHas(key), rows: present };
        Split { cases: vec![case], default: Some((Known::Other, absent)) }
    }
}

impl List {
    /// How many elements it takes at least.
    fn min_len(&self) -> u32 {
        (self.front.len() + self.back.len()) as u32
    }

    /// Whether lists of this length may match.
    fn fits(&self, length: u32) -> bool {
        if self.open { self.min_len() <= length } else { self.min_len() == length }
    }
}

/// One branch for each value, with its rows.
fn branches<T>(values: &[T], rows: Vec<Vec<OpenRow>>, name: impl Fn(&T) -> (Case, Known)) -> Vec<Branch> {
    let named = values.iter().map(name).zip(rows);
    named.map(|((case, known), rows)| Branch { case, known, rows }).collect()
}

/// The number of a range that is easiest to read.
fn nearest_to_zero(low: i64, high: i64) -> i64 {
    0.clamp(low, high)
}

/// Whether two key expressions are the same literal.
fn same_key(input: &MatchInput<'_>, a: ExprId, b: ExprId) -> bool {
    if a == b {
        return true;
    }
    match (&input.body.exprs[a], &input.body.exprs[b]) {
        (Expr::Neg(a), Expr::Neg(b)) => same_key(input, *a, *b),
        (Expr::Tuple(a), Expr::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| same_key(input, a, b))
        }
        (a @ (Expr::Int(_) | Expr::Float(_) | Expr::Bool(_) | Expr::Str(_) | Expr::Atom(_)), b) => a == b,
        _ => false,
    }
}
