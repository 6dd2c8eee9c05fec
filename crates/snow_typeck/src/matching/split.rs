//! One test: which cases a place is split into, and which rows go on in each.
//!
//! Cases are tried in order and the first that holds counts. But for texts and maps they exclude each other anyway,
//! so a leaf without rows is a case that can happen.

use std::rc::Rc;

use snow_base::Name;
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

/// Splits `place` as the first row's pattern `pat` demands. No row has alternatives there.
pub(super) fn split(
    input: &MatchInput<'_>,
    places: &mut Places,
    place: PlaceId,
    pat: &Pat,
    rows: &[OpenRow],
) -> Split {
    let mut splitter = Splitter { places, place, rows };
    match &pat.kind {
        Kind::Ctor(ctor, _) => splitter.split_ctors(*ctor, input),
        Kind::Int(..) => splitter.split_ints(),
        Kind::Float(_) => splitter.split_floats(),
        Kind::Bool(_) => splitter.split_bools(),
        Kind::Str(_) | Kind::StrPrefix(..) => splitter.split_strs(),
        Kind::Atom(_) => splitter.split_atoms(),
        Kind::List(_) => splitter.split_lists(),
        Kind::Map(entries) => splitter.split_map(input, entries.first().map(|&(key, _)| key)),
        // These are taken apart without a test before they get here.
        Kind::Wild | Kind::Or(_) | Kind::Tuple(_) | Kind::Struct(..) => {
            Split { cases: Vec::new(), default: Some((Known::Other, rows.to_vec())) }
        }
    }
}

struct Splitter<'a> {
    places: &'a mut Places,
    place: PlaceId,
    rows: &'a [OpenRow],
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

    /// The rows that hold where no case does.
    fn keep_wild(&self) -> Vec<OpenRow> {
        self.rows.iter().filter(|row| row.at(self.place).is_none()).cloned().collect()
    }

    fn split_ctors(&mut self, first: CtorId, input: &MatchInput<'_>) -> Split {
        let place = self.place;
        let count = input.program.types[first.ty].variants().len() as u32;
        let mut used = vec![false; count as usize];
        for kind in self.pats() {
            if let Kind::Ctor(ctor, _) = kind {
                used[ctor.variant as usize] = true;
            }
        }
        let ctor_of = |variant| CtorId { ty: first.ty, variant };
        let cases = (0..count).filter(|&variant| used[variant as usize]).map(|variant| {
            let ctor = ctor_of(variant);
            let rows = self.keep(|places, row, pat| match &pat.kind {
                Kind::Ctor(of, parts) if *of == ctor => {
                    for (index, part) in parts.iter().enumerate() {
                        places.demand_part(row, Place::Field(place, ctor, index as u32), part);
                    }
                    true
                }
                _ => false,
            });
            Branch { case: Case::Ctor(ctor), known: Known::Ctor(ctor), rows }
        });
        let cases = cases.collect();
        let missing = used.iter().position(|used| !used);
        let default = missing.map(|variant| (Known::Ctor(ctor_of(variant as u32)), self.keep_wild()));
        Split { cases, default }
    }

    /// Integers are split at the ends of all literals and ranges, so that no two cases overlap.
    fn split_ints(&mut self) -> Split {
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
        let limit = i128::from(i64::MAX) + 1;
        starts.retain(|&start| start < limit);
        let mut cases = Vec::new();
        let mut free = Vec::new();
        for (index, &start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).copied().unwrap_or(limit);
            // In range: both come from between the ends of i64.
            let (low, high) = (start as i64, (end - 1) as i64);
            if !ranges.iter().any(|&(from, to)| from <= start && start < to) {
                free.push(nearest_to_zero(low, high));
                continue;
            }
            let rows =
                self.keep(|_, _, pat| matches!(pat.kind, Kind::Int(from, to) if from <= low && high <= to));
            let case = if low == high { Case::Int(low) } else { Case::IntRange(low, high) };
            cases.push(Branch { case, known: Known::Int(nearest_to_zero(low, high)), rows });
        }
        let witness = free.into_iter().min_by_key(|value| (*value < 0, value.unsigned_abs()));
        Split { cases, default: witness.map(|value| (Known::Int(value), self.keep_wild())) }
    }

    fn split_floats(&mut self) -> Split {
        let mut values: Vec<f64> = Vec::new();
        for kind in self.pats() {
            if let Kind::Float(value) = *kind
                && !values.contains(&value)
            {
                values.push(value);
            }
        }
        let cases = values.into_iter().map(|value| {
            let rows = self.keep(|_, _, pat| matches!(pat.kind, Kind::Float(other) if other == value));
            Branch { case: Case::Float(value), known: Known::Float(value), rows }
        });
        Split { cases: cases.collect(), default: Some((Known::Other, self.keep_wild())) }
    }

    fn split_bools(&mut self) -> Split {
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
        Split { cases, default }
    }

    fn split_atoms(&mut self) -> Split {
        let mut names: Vec<Name> = Vec::new();
        for kind in self.pats() {
            if let Kind::Atom(name) = *kind
                && !names.contains(&name)
            {
                names.push(name);
            }
        }
        let cases = names.into_iter().map(|name| {
            let rows = self.keep(|_, _, pat| matches!(pat.kind, Kind::Atom(other) if other == name));
            Branch { case: Case::Atom(name), known: Known::Atom(name), rows }
        });
        Split { cases: cases.collect(), default: Some((Known::Other, self.keep_wild())) }
    }

    /// Whole texts first, then prefixes, the longest first: where a prefix is tried, no longer one holds.
    fn split_strs(&mut self) -> Split {
        let mut texts: Vec<String> = Vec::new();
        let mut prefixes: Vec<String> = Vec::new();
        for kind in self.pats() {
            match kind {
                Kind::Str(text) if !texts.contains(text) => texts.push(text.clone()),
                Kind::StrPrefix(prefix, _) if !prefixes.contains(prefix) => prefixes.push(prefix.clone()),
                _ => {}
            }
        }
        prefixes.sort_by_key(|prefix| std::cmp::Reverse(prefix.len()));
        let mut cases = Vec::new();
        for text in texts {
            let rows = self.keep_str(&text, true);
            cases.push(Branch { known: Known::Str(text.clone()), case: Case::Str(text), rows });
        }
        for prefix in prefixes {
            let rows = self.keep_str(&prefix, false);
            cases.push(Branch {
                known: Known::StrPrefix(prefix.clone()),
                case: Case::StrPrefix(prefix),
                rows,
            });
        }
        Split { cases, default: Some((Known::Other, self.keep_wild())) }
    }

    /// The rows for a text that is `text` or, unless `whole`, starts so.
    fn keep_str(&mut self, text: &str, whole: bool) -> Vec<OpenRow> {
        let place = self.place;
        self.keep(|places, row, pat| match &pat.kind {
            Kind::Str(other) => whole && other == text,
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
    fn split_lists(&mut self) -> Split {
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
        Split { cases: exact, default: free.map(|known| (known, self.keep_wild())) }
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
