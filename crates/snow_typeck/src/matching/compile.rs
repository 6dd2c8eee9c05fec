//! From rows of patterns to a decision tree.
//!
//! The first row that still needs a test says what is tested next, so rows are tried in order and left to right.
//! Every outcome of a test keeps the rows that may still match. Leaves without rows are missing cases; the first
//! found is shown. Work is bounded: a match whose tree would explode is reported as too big.

use std::rc::Rc;

use snow_base::{ArenaMap, FxHashMap, FxHashSet};
use snow_hir::{Body, CtorId, LocalId, Pat as HirPat, PatId, Program};

use super::pattern::{Kind, Lowering, Pat};
use super::split::{Split, split};
use super::witness::{self, Known};
use super::{MatchTree, Node, Place, PlaceId};
use crate::ty::{Ty, TyKind};

/// A match to compile.
#[derive(Clone, Debug)]
pub struct MatchInput<'a> {
    /// The program: variants and fields by name.
    pub program: &'a Program,
    /// The body whose patterns and key expressions the rows name.
    pub body: &'a Body,
    /// What each `Ctor` pattern means, and for each part in order its sub-pattern; none matches anything.
    pub ctor_pats: &'a ArenaMap<PatId, (CtorId, Vec<Option<PatId>>)>,
    /// The types of the parts of each variant in terms of the type's parameters.
    pub fields: &'a FxHashMap<CtorId, Vec<Ty>>,
    /// The clauses in order; several may share an arm.
    pub rows: Vec<Row>,
    /// The type of each value that is matched.
    pub root_tys: Vec<Ty>,
}

/// One clause of a match.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it leads to.
    pub arm: u32,
    /// A pattern for each value that is matched.
    pub pats: Vec<PatId>,
    /// Whether a guard may still refuse it.
    pub has_guard: bool,
}

/// What compiling a match gives.
#[derive(Clone, Debug)]
pub struct MatchOutcome {
    /// The tree. Where the match is too big it is cut off and of no use.
    pub tree: MatchTree,
    /// One case that no row covers, in Snow's syntax; of several values, separated by commas.
    pub missing: Option<String>,
    /// Alternatives of or-patterns that no value takes, in arms that are reached.
    pub idle: Vec<PatId>,
    /// Whether compiling stopped because the tree grew too large; nothing is known of missing cases then.
    pub too_big: bool,
}

/// Rows looked at in all tests together before a match counts as too big.
const MAX_WORK: usize = 400_000;
/// Tests and guards in a row before a match counts as too big: later stages recur along the tree.
const MAX_DEPTH: usize = 400;

/// Compiles a match. Bounded by a constant amount of work.
///
/// Where a pattern doesn't fit its type an error was reported elsewhere: it counts as a wildcard, and neither
/// missing cases nor unreachable arms are given.
pub fn compile_match(input: &MatchInput<'_>) -> MatchOutcome {
    let mut lowering = Lowering { input, damaged: false };
    let mut compiler = Compiler::new(input);
    let rows: Vec<OpenRow> = input
        .rows
        .iter()
        .map(|row| {
            let mut open = OpenRow {
                arm: row.arm,
                guard: row.has_guard,
                tests: Vec::new(),
                binds: Vec::new(),
                torn: false,
                alternatives: Vec::new(),
            };
            for (index, (&pat, &ty)) in row.pats.iter().zip(&input.root_tys).enumerate() {
                let place = compiler.places.intern(Place::Root(index as u32));
                let pat = lowering.lower(pat, ty);
                compiler.places.demand(&mut open, place, &pat);
            }
            open
        })
        .collect();
    let damaged = lowering.damaged || input.root_tys.iter().any(|ty| matches!(ty.kind(), TyKind::Error));
    let root = compiler.compile(rows, 0);
    let silent = damaged || compiler.too_big;
    let mut unreachable: Vec<u32> = Vec::new();
    for row in input.rows.iter().filter(|_| !silent) {
        if !compiler.reached.contains(&row.arm) && !unreachable.contains(&row.arm) {
            unreachable.push(row.arm);
        }
    }
    let idle = if silent { vec![] } else { idle_alternatives(input, &unreachable, &compiler.taken) };
    MatchOutcome {
        tree: MatchTree { places: compiler.places.list, root, unreachable },
        idle,
        missing: compiler.missing.filter(|_| !silent),
        too_big: compiler.too_big,
    }
}

/// A row on the way to a leaf: what must still be tested, in order, and what is bound by now.
#[derive(Clone, Debug)]
pub(super) struct OpenRow {
    arm: u32,
    guard: bool,
    pub(super) tests: Vec<(PlaceId, Rc<Pat>)>,
    binds: Vec<(LocalId, PlaceId)>,
    /// Whether alternatives of parts stand at a place that is itself never tested: they become rows at once, so
    /// that tests of the parts see them.
    torn: bool,
    /// Which alternatives of or-patterns it stands for.
    alternatives: Vec<PatId>,
}

impl OpenRow {
    /// What the row demands of `place`, if anything.
    pub(super) fn at(&self, place: PlaceId) -> Option<&Rc<Pat>> {
        self.tests.iter().find(|(tested, _)| *tested == place).map(|(_, pat)| pat)
    }
}

/// The places of a match, each once.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) list: Vec<Place>,
    ids: FxHashMap<Place, PlaceId>,
}

impl Places {
    /// The number of a place.
    pub(super) fn intern(&mut self, place: Place) -> PlaceId {
        if let Some(id) = self.find(&place) {
            return id;
        }
        let id = self.list.len() as PlaceId;
        self.list.push(place.clone());
        self.ids.insert(place, id);
        id
    }

    /// The number of a place that some test or variable speaks of.
    pub(super) fn find(&self, place: &Place) -> Option<PlaceId> {
        self.ids.get(place).copied()
    }

    /// Adds to `row` that `pat` must match at `place`; what needs no test is taken apart at once.
    pub(super) fn demand(&mut self, row: &mut OpenRow, place: PlaceId, pat: &Rc<Pat>) {
        row.binds.extend(pat.binds.iter().map(|&local| (local, place)));
        match &pat.kind {
            Kind::Wild => {}
            Kind::Tuple(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    self.demand_part(row, Place::Part(place, index as u32), part);
                }
            }
            Kind::Struct(ctor, parts) => {
                for (index, part) in parts.iter().enumerate() {
                    self.demand_part(row, Place::Field(place, *ctor, index as u32), part);
                }
            }
            Kind::List(list) if list.open && list.front.is_empty() && list.back.is_empty() => {
                row.binds.extend(list.rests.iter().map(|&(local, ..)| (local, place)));
            }
            _ => {
                row.torn |= is_torn(pat);
                row.tests.push((place, Rc::clone(pat)));
            }
        }
    }

    /// [`Places::demand`] for a part, which becomes a place only if something is demanded of it.
    pub(super) fn demand_part(&mut self, row: &mut OpenRow, part: Place, pat: &Rc<Pat>) {
        if !pat.binds.is_empty() || !matches!(pat.kind, Kind::Wild) {
            let place = self.intern(part);
            self.demand(row, place, pat);
        }
    }

    /// Binds `local` to a place that is made for it.
    pub(super) fn bind(&mut self, row: &mut OpenRow, local: LocalId, place: Place) {
        let place = self.intern(place);
        row.binds.push((local, place));
    }
}

struct Compiler<'a> {
    input: &'a MatchInput<'a>,
    places: Places,
    /// What the tests above the current node have shown.
    path: Vec<(PlaceId, Known)>,
    reached: FxHashSet<u32>,
    /// Alternatives of or-patterns that some value takes.
    taken: FxHashSet<PatId>,
    missing: Option<String>,
    work: usize,
    too_big: bool,
}

impl<'a> Compiler<'a> {
    fn new(input: &'a MatchInput<'a>) -> Compiler<'a> {
        Compiler {
            input,
            places: Places::default(),
            path: Vec::new(),
            reached: FxHashSet::default(),
            taken: FxHashSet::default(),
            missing: None,
            work: 0,
            too_big: false,
        }
    }

    fn compile(&mut self, mut rows: Vec<OpenRow>, depth: usize) -> Node {
        if rows.iter().any(|row| row.torn) {
            rows = self.expand_torn(rows);
        }
        self.work += rows.len() + 1;
        self.too_big |= self.work > MAX_WORK || depth > MAX_DEPTH;
        if self.too_big {
            return Node::Fail;
        }
        let Some(first) = rows.first() else {
            if self.missing.is_none() {
                self.missing = Some(witness::show(self.input, &self.places, &self.path));
            }
            return Node::Fail;
        };
        match first.tests.first() {
            None => self.compile_leaf(rows, depth),
            Some(&(place, _)) => self.compile_test(place, rows, depth),
        }
    }

    /// The first row matches; with a guard, the rows behind it may follow.
    fn compile_leaf(&mut self, rows: Vec<OpenRow>, depth: usize) -> Node {
        let mut rows = rows.into_iter();
        let Some(first) = rows.next() else { return Node::Fail };
        self.reached.insert(first.arm);
        self.taken.extend(&first.alternatives);
        let otherwise = first.guard.then(|| Box::new(self.compile(rows.collect(), depth + 1)));
        Node::Arm { arm: first.arm, bindings: first.binds, otherwise }
    }

    fn compile_test(&mut self, place: PlaceId, rows: Vec<OpenRow>, depth: usize) -> Node {
        let rows = self.expand_or(place, rows);
        let Some(pat) = rows.first().and_then(|row| row.at(place)) else {
            return self.compile(rows, depth + 1);
        };
        let pat = Rc::clone(pat);
        let most = MAX_WORK.saturating_sub(self.work);
        let Some(Split { cases, default }) = split(self.input, &mut self.places, place, &pat, &rows, most)
        else {
            self.too_big = true;
            return Node::Fail;
        };
        let mut nodes = Vec::new();
        for branch in cases {
            self.path.push((place, branch.known));
            nodes.push((branch.case, self.compile(branch.rows, depth + 1)));
            self.path.pop();
            if self.too_big {
                break;
            }
        }
        let default = default.map(|(known, rows)| {
            self.path.push((place, known));
            let node = self.compile(rows, depth + 1);
            self.path.pop();
            Box::new(node)
        });
        Node::Test { place, cases: nodes, default }
    }

    /// Replaces each torn row by one row for each alternative.
    fn expand_torn(&mut self, rows: Vec<OpenRow>) -> Vec<OpenRow> {
        let mut rows: Vec<OpenRow> = rows.into_iter().rev().collect();
        let mut expanded = Vec::with_capacity(rows.len());
        while let Some(mut row) = rows.pop() {
            self.work += 1;
            if self.work > MAX_WORK {
                break;
            }
            match row.tests.iter().find(|(_, pat)| is_torn(pat)) {
                Some(&(place, _)) => {
                    let start = rows.len();
                    self.expand_row(place, row, &mut rows);
                    rows[start..].reverse();
                }
                None => {
                    row.torn = false;
                    expanded.push(row);
                }
            }
        }
        expanded
    }

    /// Replaces each row that has alternatives at `place` by one row for each.
    fn expand_or(&mut self, place: PlaceId, rows: Vec<OpenRow>) -> Vec<OpenRow> {
        let mut expanded = Vec::with_capacity(rows.len());
        for row in rows {
            self.expand_row(place, row, &mut expanded);
        }
        expanded
    }

    fn expand_row(&mut self, place: PlaceId, row: OpenRow, expanded: &mut Vec<OpenRow>) {
        let Some(index) =
            row.tests.iter().position(|(tested, pat)| *tested == place && matches!(pat.kind, Kind::Or(_)))
        else {
            expanded.push(row);
            return;
        };
        let pat = Rc::clone(&row.tests[index].1);
        let Kind::Or(alternatives) = &pat.kind else { return };
        for alternative in alternatives {
            let replaced = replace_test(&mut self.places, &row, index, |places, row| {
                row.alternatives.extend(alternative.alternative);
                places.demand(row, place, alternative);
            });
            self.work += 1;
            self.expand_row(place, replaced, expanded);
        }
    }
}

/// Alternatives that no value takes; of nested ones the outermost.
fn idle_alternatives(input: &MatchInput<'_>, unreachable: &[u32], taken: &FxHashSet<PatId>) -> Vec<PatId> {
    let rows = input.rows.iter().filter(|row| !unreachable.contains(&row.arm));
    let mut open: Vec<PatId> = rows.flat_map(|row| row.pats.iter().copied()).collect();
    let mut idle = vec![];
    while let Some(pat) = open.pop() {
        let HirPat::Or(alternatives) = &input.body.pats[pat] else {
            input.body.pats[pat].for_each_part(|part| open.push(part));
            continue;
        };
        // Signals are told apart elsewhere.
        if alternatives.iter().any(|&p| matches!(input.body.pats[p], HirPat::Signal(..))) {
            continue;
        }
        for &alternative in alternatives {
            match taken.contains(&alternative) {
                true => open.push(alternative),
                false => idle.push(alternative),
            }
        }
    }
    idle
}

/// Whether a pattern has alternatives of which one is taken apart without a test.
fn is_torn(pat: &Pat) -> bool {
    match &pat.kind {
        Kind::Or(alternatives) => alternatives
            .iter()
            .any(|pat| matches!(pat.kind, Kind::Tuple(_) | Kind::Struct(..)) || is_torn(pat)),
        _ => false,
    }
}

/// `row` with the test at `index` replaced by what `demand` adds, in its position.
pub(super) fn replace_test(
    places: &mut Places,
    row: &OpenRow,
    index: usize,
    demand: impl FnOnce(&mut Places, &mut OpenRow),
) -> OpenRow {
    let mut replaced = OpenRow {
        arm: row.arm,
        guard: row.guard,
        tests: row.tests[..index].to_vec(),
        binds: row.binds.clone(),
        torn: row.torn,
        alternatives: row.alternatives.clone(),
    };
    demand(places, &mut replaced);
    replaced.tests.extend_from_slice(&row.tests[index + 1..]);
    replaced
}
