//! Which locals own what they refer to, and which only look into another local's value.
//!
//! A local that is read out of another (`Project`, a list's element) may stay *borrowed*: it costs nothing, but
//! the other one must live as long. It must own a reference where
//! - it is consumed and what it was read from is owned too: taking the whole apart is then a move;
//! - what it was read from is consumed or assigned anew while it is still needed.
//!
//! Source of the idea: Ullrich and de Moura, *Counting immutable beans* (IFL 2019), carried over to basic blocks.

use super::bitset::BitSet;
use super::liveness::{assigned, live_in, live_out, stmt_uses, term_uses, walk_back};
use crate::layout::Layouts;
use crate::mir::{Func, LocalId, Mode, Rvalue, StmtKind};

/// What a local is to the counting pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Holds no references.
    Uncounted,
    /// Owns a reference while it is alive.
    Owned,
    /// A parameter that stays the caller's.
    Param,
    /// Lives in another local's value; `None`: in memory that outlives the function.
    Borrowed(Option<LocalId>),
}

/// The kind of every local of a function.
#[derive(Clone, Debug)]
pub(super) struct Ownership {
    kinds: Vec<Kind>,
    /// Whether the local is read by `Project`, so that it can be moved out of what it is a part of.
    movable: Vec<bool>,
}

impl Ownership {
    /// Decides for a function whose parameters have the modes `modes[index of func]`.
    pub(super) fn of(
        func: &Func,
        own_modes: &[Mode],
        modes: &[Vec<Mode>],
        layouts: &Layouts<'_>,
    ) -> Ownership {
        let mut this = Ownership { kinds: initial(func, own_modes, layouts), movable: movable(func) };
        this.own_consumed(func, modes);
        loop {
            let violating = this.violations(func, modes);
            if violating.is_empty() {
                return this;
            }
            for local in violating {
                this.kinds[local.0 as usize] = Kind::Owned;
            }
        }
    }

    pub(super) fn kind(&self, local: LocalId) -> Kind {
        self.kinds[local.0 as usize]
    }

    /// The owned local that `local` keeps alive: itself, or what it lives in.
    pub(super) fn root(&self, local: LocalId) -> Option<LocalId> {
        let mut at = local;
        loop {
            match self.kind(at) {
                Kind::Owned => return Some(at),
                Kind::Borrowed(Some(base)) => at = base,
                Kind::Uncounted | Kind::Param | Kind::Borrowed(None) => return None,
            }
        }
    }

    /// Marks a used local, and what it lives in, as alive.
    pub(super) fn mark(&self, local: LocalId, live: &mut BitSet) {
        if self.kind(local) != Kind::Uncounted {
            live.insert(local.0);
        }
        if let Some(root) = self.root(local) {
            live.insert(root.0);
        }
    }

    /// Borrowed locals that are consumed own a reference if what they live in is owned; so do the wholes that they
    /// are parts of, one in the other: then all of them come apart by moves.
    fn own_consumed(&mut self, func: &Func, modes: &[Vec<Mode>]) {
        for local in consumed_locals(func, modes) {
            let mut at = local;
            while let (Kind::Borrowed(Some(base)), Some(_)) = (self.kind(at), self.root(at)) {
                self.kinds[at.0 as usize] = Kind::Owned;
                if !self.movable[at.0 as usize] || !self.movable[base.0 as usize] {
                    break;
                }
                at = base;
            }
        }
    }

    /// Borrowed locals that are needed when what they live in goes away.
    fn violations(&self, func: &Func, modes: &[Vec<Mode>]) -> Vec<LocalId> {
        let bound = func.locals.len();
        let mut lodgers: Vec<Vec<LocalId>> = vec![Vec::new(); bound];
        for index in 0..bound as u32 {
            let local = LocalId(index);
            if let (Kind::Borrowed(Some(_)), Some(root)) = (self.kind(local), self.root(local)) {
                lodgers[root.0 as usize].push(local);
            }
        }
        if lodgers.iter().all(Vec::is_empty) {
            return Vec::new();
        }
        let live_in = live_in(func, modes, self);
        let mut found = Vec::new();
        for block in &func.blocks {
            let mut live = live_out(block, &live_in, bound);
            walk_back(block, modes, self, &mut live, &mut |index, behind| {
                let (uses, dst) = match block.stmts.get(index) {
                    Some(stmt) => (stmt_uses(stmt, modes), assigned(stmt)),
                    None => (term_uses(&block.term, modes), None),
                };
                let gone = uses.iter().filter(|u| u.mode == Mode::Own).map(|u| u.local).chain(dst);
                for base in gone {
                    for &lodger in &lodgers[base.0 as usize] {
                        let needed = behind.contains(lodger.0) || uses.iter().any(|u| u.local == lodger);
                        if needed && Some(lodger) != dst {
                            found.push(lodger);
                        }
                    }
                }
            });
        }
        found
    }
}

/// Every counted local that is consumed somewhere.
fn consumed_locals(func: &Func, modes: &[Vec<Mode>]) -> Vec<LocalId> {
    let mut consumed = Vec::new();
    for block in &func.blocks {
        let uses = block.stmts.iter().flat_map(|s| stmt_uses(s, modes)).chain(term_uses(&block.term, modes));
        consumed.extend(uses.filter(|u| u.mode == Mode::Own).map(|u| u.local));
    }
    consumed.sort_unstable();
    consumed.dedup();
    consumed
}

/// Parameters by mode; locals with one assignment that reads out of another value borrow; all others own.
fn initial(func: &Func, own_modes: &[Mode], layouts: &Layouts<'_>) -> Vec<Kind> {
    let mut defs = vec![0u32; func.locals.len()];
    let mut looks = vec![0u32; func.locals.len()];
    let mut base = vec![None; func.locals.len()];
    for stmt in func.blocks.iter().flat_map(|b| &b.stmts) {
        if let StmtKind::Assign(dst, rvalue) = &stmt.kind {
            defs[dst.0 as usize] += 1;
            looks[dst.0 as usize] += u32::from(matches!(rvalue, Rvalue::Look(_)));
            base[dst.0 as usize] = rvalue.borrows_from();
        }
    }
    let counted: Vec<bool> = func.locals.iter().map(|l| layouts.is_counted(l.ty)).collect();
    let mut kinds: Vec<Kind> =
        counted.iter().map(|&c| if c { Kind::Owned } else { Kind::Uncounted }).collect();
    for (&param, &mode) in func.params.iter().zip(own_modes) {
        let index = param.0 as usize;
        if counted[index] && mode == Mode::Borrow && defs[index] == looks[index] {
            kinds[index] = Kind::Param;
        }
    }
    for index in func.params.len()..func.locals.len() {
        if let (true, 1, Some(from)) = (counted[index], defs[index], base[index]) {
            kinds[index] = Kind::Borrowed(counted[from.0 as usize].then_some(from));
        }
    }
    kinds
}

fn movable(func: &Func) -> Vec<bool> {
    let mut movable = vec![false; func.locals.len()];
    for stmt in func.blocks.iter().flat_map(|b| &b.stmts) {
        if let StmtKind::Assign(dst, Rvalue::Project { .. }) = &stmt.kind {
            movable[dst.0 as usize] = true;
        }
    }
    movable
}
