//! Matches: from decision trees to tests and jumps.
//!
//! An arm that one leaf of the tree leads to is built at the leaf, its variables being the places themselves. An arm
//! with several leaves is built once: each leaf assigns the arm's variables and jumps there.

use snow_abi::{Intrinsic, LangItem, RuntimeFn};
use snow_base::FxHashMap;
use snow_hir::{Clause, ExprId, LocalId as HirLocal, PatId};
use snow_typeck::Ty;
use snow_typeck::matching::{Case, MatchId, MatchTree, Node, Place, PlaceId};

use super::emit::Dest;
use super::lower::Lower;
use super::place::Places;
use crate::mir::{BlockId, Const, LocalId, Operand, Rvalue, Term};
use crate::mono::Built;

/// What a match leads to.
pub(crate) trait Arms<'p> {
    /// The guard of an arm.
    fn guard(&self, arm: u32) -> Option<ExprId>;

    /// Called before a guard is built.
    fn before_guard(&mut self, _lower: &mut Lower<'_, 'p>) {}

    /// An arm is taken. New roots, if its variables are to be read from these instead.
    fn commit(&mut self, _lower: &mut Lower<'_, 'p>) -> Built<Option<Vec<LocalId>>> {
        Ok(None)
    }

    /// Builds an arm.
    fn arm(&mut self, lower: &mut Lower<'_, 'p>, arm: u32) -> Built<()>;

    /// Builds what happens when no arm fits.
    fn fail(&mut self, lower: &mut Lower<'_, 'p>) -> Built<()>;
}

/// An arm that several leaves lead to.
struct Shared {
    block: BlockId,
    variables: Vec<(HirLocal, LocalId)>,
}

/// A match in the making.
struct Match<'p, 'a> {
    tree: &'p MatchTree,
    leaves: FxHashMap<u32, u32>,
    shared: FxHashMap<u32, Shared>,
    arms: &'a mut dyn Arms<'p>,
    join: BlockId,
}

impl<'p> Lower<'_, 'p> {
    /// Builds a match; afterwards the arms that go on meet.
    pub(crate) fn match_tree(
        &mut self,
        tree: &'p MatchTree,
        roots: &[LocalId],
        arms: &mut dyn Arms<'p>,
    ) -> Built<()> {
        let mut leaves = FxHashMap::default();
        count_leaves(&tree.root, &mut leaves);
        let join = self.block();
        let mut m = Match { tree, leaves, shared: FxHashMap::default(), arms, join };
        self.node(&mut m, &tree.root, &mut Places::new(tree, roots))?;
        let mut shared: Vec<(u32, Shared)> = m.shared.into_iter().collect();
        shared.sort_unstable_by_key(|(arm, _)| *arm);
        for (arm, shared) in shared {
            self.enter(shared.block);
            for (local, variable) in shared.variables {
                self.bind(local, Operand::Local(variable));
            }
            m.arms.arm(self, arm)?;
            self.goto(join);
        }
        self.enter_if_reached(join);
        Ok(())
    }

    /// `case`, and the clauses of functions and closures.
    pub(crate) fn match_clauses(
        &mut self,
        tree: &'p MatchTree,
        roots: Vec<LocalId>,
        clauses: &'p [Clause],
        dest: Dest,
    ) -> Built<()> {
        self.match_tree(tree, &roots, &mut Clauses { clauses, dest })
    }

    /// `let` with a pattern that is more than a name.
    pub(crate) fn match_let(&mut self, pat: PatId, value: Operand, ty: Ty) -> Built<()> {
        if !self.alive() {
            return Ok(());
        }
        let tree = self.tree(MatchId::Pat(pat)).ok_or_else(|| self.bug("a `let` has no tree"))?;
        let root = self.as_local(value, ty);
        self.match_tree(tree, &[root], &mut Let { root })
    }

    fn node(&mut self, m: &mut Match<'p, '_>, node: &'p Node, places: &mut Places) -> Built<()> {
        if !self.alive() {
            return Ok(());
        }
        match node {
            Node::Fail => {
                m.arms.fail(self)?;
                self.goto(m.join);
                Ok(())
            }
            Node::Arm { arm, bindings, otherwise } => {
                self.leaf(m, (*arm, bindings), otherwise.as_deref(), places)
            }
            Node::Test { place, cases, default } => {
                let tested = self.place(m.tree, places, *place)?;
                self.test(m, (*place, tested), cases, default.as_deref(), places)
            }
        }
    }

    fn leaf(
        &mut self,
        m: &mut Match<'p, '_>,
        (arm, bindings): (u32, &'p [(HirLocal, PlaceId)]),
        otherwise: Option<&'p Node>,
        places: &mut Places,
    ) -> Built<()> {
        let alone = m.leaves.get(&arm) == Some(&1);
        if let Some(guard) = m.arms.guard(arm) {
            m.arms.before_guard(self);
            let used = self.src.info.free(self.src.body, guard);
            let needed: Vec<_> = bindings.iter().filter(|(local, _)| used.contains(local)).copied().collect();
            self.bind_at_leaf(m.tree, &needed, &mut places.clone())?;
            let (yes, no) = (self.block(), self.block());
            self.cond(guard, yes, no)?;
            self.enter_if_reached(no);
            if let Some(otherwise) = otherwise {
                self.node(m, otherwise, &mut places.clone())?;
            } else if self.alive() {
                self.impossible();
            }
            self.enter_if_reached(yes);
            if !self.alive() {
                return Ok(());
            }
        }
        let mut places = match m.arms.commit(self)? {
            Some(roots) => Places::new(m.tree, &roots),
            None => places.for_arm(m.tree),
        };
        self.bind_at_leaf(m.tree, bindings, &mut places)?;
        if alone {
            m.arms.arm(self, arm)?;
            self.goto(m.join);
            return Ok(());
        }
        self.go_to_shared(m, arm, bindings)
    }

    fn bind_at_leaf(
        &mut self,
        tree: &MatchTree,
        bindings: &[(HirLocal, PlaceId)],
        places: &mut Places,
    ) -> Built<()> {
        for &(local, place) in bindings {
            let value = self.place(tree, places, place)?;
            self.bind(local, Operand::Local(value));
        }
        Ok(())
    }

    /// Moves the variables to where the shared arm expects them.
    fn go_to_shared(
        &mut self,
        m: &mut Match<'p, '_>,
        arm: u32,
        bindings: &[(HirLocal, PlaceId)],
    ) -> Built<()> {
        let block = match m.shared.get(&arm) {
            Some(shared) => shared.block,
            None => {
                let block = self.block();
                m.shared.insert(arm, Shared { block, variables: Vec::new() });
                block
            }
        };
        for &(local, _) in bindings {
            let value = self.name(local)?;
            let known = m.shared.get(&arm).and_then(|s| s.variables.iter().find(|(l, _)| *l == local));
            let variable = match known {
                Some((_, known)) => *known,
                None => {
                    let ty = self.ty_of_local(local)?;
                    let new = self.local(ty);
                    if let Some(shared) = m.shared.get_mut(&arm) {
                        shared.variables.push((local, new));
                    }
                    new
                }
            };
            self.assign(variable, Rvalue::Use(value));
        }
        self.goto(block);
        Ok(())
    }

    fn test(
        &mut self,
        m: &mut Match<'p, '_>,
        (place, tested): (PlaceId, LocalId),
        cases: &'p [(Case, Node)],
        default: Option<&'p Node>,
        places: &mut Places,
    ) -> Built<()> {
        if let Some(on) = self.switched(tested, cases, default.is_some())? {
            return self.switch(m, on, cases, default, places);
        }
        // Where the cases are complete the last one needs no test.
        let (cases, last) = match (default, cases.split_last()) {
            (Some(default), _) => (cases, default),
            (None, Some(((_, last), cases))) => (cases, last),
            (None, None) => return Err(self.bug("a test without cases")),
        };
        for (case, node) in cases {
            let (yes, no) = (self.block(), self.block());
            let mut inside = places.clone();
            if let Case::MapHas(key) = case {
                let found = self.map_find(tested, *key)?;
                self.branch_some(found, yes, no)?;
                self.enter_if_reached(yes);
                let value = m.tree.places.iter().position(|p| *p == Place::MapValue(place, *key));
                if let Some(value) = value {
                    let some = self.lang_ctor(LangItem::Option, "Some")?.variant;
                    let part = self.project(found, some, 0)?;
                    inside.set(value as PlaceId, part);
                }
            } else {
                let holds = self.holds(tested, case)?;
                self.branch(holds, yes, no);
                self.enter_if_reached(yes);
            }
            self.node(m, node, &mut inside)?;
            self.enter_if_reached(no);
        }
        self.node(m, last, &mut places.clone())
    }

    /// The number to switch on, where all cases are single numbers, with the cases' numbers.
    fn switched(
        &mut self,
        tested: LocalId,
        cases: &[(Case, Node)],
        has_default: bool,
    ) -> Built<Option<LocalId>> {
        if cases.iter().all(|(case, _)| matches!(case, Case::Ctor(_))) {
            return Ok(Some(self.temp(Ty::int(), Rvalue::Variant(tested))));
        }
        if cases.iter().all(|(case, _)| matches!(case, Case::Int(_) | Case::Bool(_))) {
            return Ok(Some(tested));
        }
        let (last, front) = match cases.split_last() {
            Some(split) => split,
            None => return Ok(None),
        };
        let lens = front.iter().all(|(case, _)| matches!(case, Case::LenExact(_)));
        let ends =
            matches!(last.0, Case::LenExact(_)) || matches!(last.0, Case::LenAtLeast(_)) && !has_default;
        if !lens || !ends {
            return Ok(None);
        }
        let len = self.intrinsic(Intrinsic::ListLen, vec![Operand::Local(tested)], Ty::int());
        Ok(Some(self.as_local(len, Ty::int())))
    }

    fn switch(
        &mut self,
        m: &mut Match<'p, '_>,
        on: LocalId,
        cases: &'p [(Case, Node)],
        default: Option<&'p Node>,
        places: &mut Places,
    ) -> Built<()> {
        let mut targets = Vec::new();
        let mut nodes = Vec::new();
        let mut other = None;
        for (case, node) in cases {
            let block = self.block();
            nodes.push((block, node));
            match case {
                Case::Ctor(ctor) => targets.push((i64::from(ctor.variant), block)),
                Case::Int(n) => targets.push((*n, block)),
                Case::Bool(b) => targets.push((i64::from(*b), block)),
                Case::LenExact(n) => targets.push((i64::from(*n), block)),
                _ => other = Some(block),
            }
        }
        if let Some(default) = default {
            let block = self.block();
            nodes.push((block, default));
            other = Some(block);
        }
        // Lists have no greatest length, so complete cases of lengths end in an open one; of numbers, likewise.
        self.end(Term::Switch { on, cases: targets, default: other });
        for (block, node) in nodes {
            self.enter_if_reached(block);
            self.node(m, node, &mut places.clone())?;
        }
        Ok(())
    }

    /// Whether a case holds.
    fn holds(&mut self, tested: LocalId, case: &Case) -> Built<Operand> {
        let int = |n: i64| Operand::Const(Const::Int(n));
        let value = Operand::Local(tested);
        let (op, args) = match case {
            Case::Int(n) => (Intrinsic::IntEq, vec![value, int(*n)]),
            Case::Float(x) => (Intrinsic::FloatEq, vec![value, Operand::Const(Const::Float(*x))]),
            Case::Bool(b) => (Intrinsic::BoolEq, vec![value, Operand::Const(Const::Bool(*b))]),
            Case::Atom(name) => {
                (Intrinsic::AtomEq, vec![value, Operand::Const(Const::Atom(name.to_string()))])
            }
            Case::IntRange(low, high) => return Ok(self.in_range(tested, *low, *high)),
            Case::Str(text) => {
                let args = vec![value, Operand::Const(Const::Str(text.clone()))];
                return Ok(self.runtime(RuntimeFn::str_eq, args, Ty::bool()));
            }
            Case::StrPrefix(text) => {
                let args = vec![value, Operand::Const(Const::Str(text.clone()))];
                return Ok(self.runtime(RuntimeFn::str_starts_with, args, Ty::bool()));
            }
            Case::LenExact(n) => {
                let len = self.intrinsic(Intrinsic::ListLen, vec![value], Ty::int());
                (Intrinsic::IntEq, vec![len, int(i64::from(*n))])
            }
            Case::LenAtLeast(n) => {
                let len = self.intrinsic(Intrinsic::ListLen, vec![value], Ty::int());
                (Intrinsic::IntLe, vec![int(i64::from(*n)), len])
            }
            Case::Ctor(ctor) => {
                let variant = Operand::Local(self.temp(Ty::int(), Rvalue::Variant(tested)));
                (Intrinsic::IntEq, vec![variant, int(i64::from(ctor.variant))])
            }
            Case::MapHas(_) => return Err(self.bug("a key is looked up elsewhere")),
        };
        Ok(self.intrinsic(op, args, Ty::bool()))
    }

    fn in_range(&mut self, tested: LocalId, low: i64, high: i64) -> Operand {
        let int = |n: i64| Operand::Const(Const::Int(n));
        let result = self.local(Ty::bool());
        let (more, join) = (self.block(), self.block());
        let above = self.intrinsic(Intrinsic::IntLe, vec![int(low), Operand::Local(tested)], Ty::bool());
        self.assign(result, Rvalue::Use(above));
        self.branch(Operand::Local(result), more, join);
        self.enter(more);
        let args = vec![Operand::Local(tested), int(high)];
        self.assign(result, Rvalue::Intrinsic { op: Intrinsic::IntLe, args });
        self.goto(join);
        self.enter(join);
        Operand::Local(result)
    }

    /// Goes by whether an Option has a value.
    pub(crate) fn branch_some(&mut self, option: LocalId, yes: BlockId, no: BlockId) -> Built<()> {
        let some = self.lang_ctor(LangItem::Option, "Some")?.variant;
        let none = self.lang_ctor(LangItem::Option, "None")?.variant;
        let on = self.temp(Ty::int(), Rvalue::Variant(option));
        let cases = vec![(i64::from(some), yes), (i64::from(none), no)];
        self.end(Term::Switch { on, cases, default: None });
        Ok(())
    }
}

/// The arms of a `case`, a function, a closure.
struct Clauses<'p> {
    clauses: &'p [Clause],
    dest: Dest,
}

impl<'p> Arms<'p> for Clauses<'p> {
    fn guard(&self, arm: u32) -> Option<ExprId> {
        self.clauses.get(arm as usize).and_then(|c| c.guard)
    }

    fn arm(&mut self, lower: &mut Lower<'_, 'p>, arm: u32) -> Built<()> {
        let clause = self.clauses.get(arm as usize).ok_or_else(|| lower.bug("an arm is missing"))?;
        lower.to(clause.body, self.dest)
    }

    fn fail(&mut self, lower: &mut Lower<'_, 'p>) -> Built<()> {
        lower.impossible();
        Ok(())
    }
}

/// The pattern of a `let`.
struct Let {
    root: LocalId,
}

impl<'p> Arms<'p> for Let {
    fn guard(&self, _: u32) -> Option<ExprId> {
        None
    }

    fn arm(&mut self, _: &mut Lower<'_, 'p>, _: u32) -> Built<()> {
        Ok(())
    }

    fn fail(&mut self, lower: &mut Lower<'_, 'p>) -> Built<()> {
        let text = Operand::Const(Const::Str("no match for let".into()));
        let ty = lower.local_ty(self.root);
        let text = match lower.debug_text(Operand::Local(self.root), ty)? {
            Some(shown) => {
                let start = Operand::Const(Const::Str("no match for let: ".into()));
                lower.runtime(RuntimeFn::str_concat, vec![start, shown], Ty::string())
            }
            None => text,
        };
        lower.panic(text);
        Ok(())
    }
}

/// How many leaves lead to each arm.
fn count_leaves(node: &Node, leaves: &mut FxHashMap<u32, u32>) {
    match node {
        Node::Fail => {}
        Node::Arm { arm, otherwise, .. } => {
            *leaves.entry(*arm).or_default() += 1;
            otherwise.iter().for_each(|node| count_leaves(node, leaves));
        }
        Node::Test { cases, default, .. } => {
            cases.iter().for_each(|(_, node)| count_leaves(node, leaves));
            default.iter().for_each(|node| count_leaves(node, leaves));
        }
    }
}
