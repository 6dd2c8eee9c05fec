//! Reads parts of a value together, within a block.
//!
//! `y = x.a; …f(y)…; z = x.b` keeps `x`, and with it what `y` refers to, alive during the call, so that `f` finds
//! it shared and copies it. Read as `y = x.a; z = x.b; …f(y)…`, `x` is taken apart in front of the call and `f` changes `y`
//! in place. Reading a part has no effect, and `x` was alive up to the later reading anyway.

use crate::layout::Layouts;
use crate::mir::{Block, Func, LocalId, Mir, Mode, Rvalue, Stmt, StmtKind};

use super::liveness::stmt_uses;

/// Rewrites every function.
pub(super) fn run(mir: &mut Mir, _: &Layouts<'_>) {
    let modes: Vec<Vec<Mode>> = mir.fns.iter().map(|f| f.modes.clone()).collect();
    for Func { blocks, .. } in &mut mir.fns {
        blocks.iter_mut().for_each(|block| hoist(block, &modes));
    }
}

/// Moves each reading of a part behind an earlier reading of a part of the same value. O(statements · parts).
fn hoist(block: &mut Block, modes: &[Vec<Mode>]) {
    for at in 1..block.stmts.len() {
        let Some((local, base, variant)) = reading(&block.stmts[at]) else { continue };
        let mut target = None;
        for earlier in (0..at).rev() {
            if reading(&block.stmts[earlier]).is_some_and(|(_, b, v)| (b, v) == (base, variant)) {
                target = Some(earlier + 1);
            }
            if touches(&block.stmts[earlier], local, base, modes) {
                break;
            }
        }
        if let Some(target) = target {
            block.stmts[target..=at].rotate_right(1);
        }
    }
}

/// The local, the whole and its variant, if the statement reads a part.
fn reading(stmt: &Stmt) -> Option<(LocalId, LocalId, u32)> {
    match &stmt.kind {
        StmtKind::Assign(local, Rvalue::Project { base, variant, .. }) => Some((*local, *base, *variant)),
        _ => None,
    }
}

/// Whether a reading of `base` into `local` can't be moved in front of the statement.
fn touches(stmt: &Stmt, local: LocalId, base: LocalId, modes: &[Vec<Mode>]) -> bool {
    let assigns = matches!(&stmt.kind, StmtKind::Assign(dst, _) if *dst == local || *dst == base);
    assigns || stmt_uses(stmt, modes).iter().any(|used| used.local == local)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mir::{Const, Operand, Term};

    fn read(local: u32, base: u32, index: u32) -> StmtKind {
        StmtKind::Assign(LocalId(local), Rvalue::Project { base: LocalId(base), variant: 0, index })
    }

    fn give(local: u32, from: u32) -> StmtKind {
        StmtKind::Assign(LocalId(local), Rvalue::Use(Operand::Local(LocalId(from))))
    }

    fn hoisted(kinds: Vec<StmtKind>) -> Vec<StmtKind> {
        let span = crate::build::nowhere();
        let stmts = kinds.into_iter().map(|kind| Stmt { kind, span }).collect();
        let mut block = Block { stmts, term: Term::Return(Operand::Const(Const::Unit)), span };
        hoist(&mut block, &[]);
        block.stmts.into_iter().map(|stmt| stmt.kind).collect()
    }

    #[test]
    fn reads_together() {
        let moved = hoisted(vec![read(1, 0, 0), give(2, 1), read(3, 0, 1), give(4, 3)]);
        assert_eq!(moved, [read(1, 0, 0), read(3, 0, 1), give(2, 1), give(4, 3)]);
    }

    #[test]
    fn stays_behind_assignments_and_uses() {
        for between in [give(0, 5), give(3, 5), give(5, 3)] {
            let stmts = vec![read(1, 0, 0), between, read(3, 0, 1)];
            assert_eq!(hoisted(stmts.clone()), stmts);
        }
    }
}
