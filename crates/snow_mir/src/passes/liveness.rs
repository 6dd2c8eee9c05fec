//! Which counted locals are needed later: backward data flow over blocks.
//!
//! A use of a borrowed local is also a use of the owned local that it lives in.

use super::bitset::BitSet;
use super::ownership::Ownership;
use crate::mir::{Block, Func, FuncId, LocalId, Mode, Operand, Rvalue, Stmt, StmtKind, Term};

/// A use of a local by one statement or terminator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) local: LocalId,
    pub(super) mode: Mode,
}

/// The uses of a statement, in order; constants left out.
pub(super) fn stmt_uses(stmt: &Stmt, modes: &[Vec<Mode>]) -> Vec<Use> {
    let mut uses = Vec::new();
    let mut push = |op: &Operand, mode| {
        if let Operand::Local(local) = *op {
            uses.push(Use { local, mode });
        }
    };
    match &stmt.kind {
        StmtKind::Assign(_, rvalue) => {
            rvalue.uses(|f| modes_of(modes, f), &mut push);
            if let Rvalue::Make { reuse: Some(token), .. } = rvalue {
                push(&Operand::Local(*token), Mode::Borrow);
            }
        }
        StmtKind::StorePart { base, value, .. } => {
            push(&Operand::Local(*base), Mode::Borrow);
            push(value, Mode::Own);
        }
        StmtKind::StoreConst(_, value) => push(value, Mode::Borrow),
        StmtKind::Dup(local) => push(&Operand::Local(*local), Mode::Borrow),
        StmtKind::Drop(local) | StmtKind::Unpack { base: local, .. } => {
            push(&Operand::Local(*local), Mode::Own);
        }
        StmtKind::FreeToken { token, .. } => push(&Operand::Local(*token), Mode::Borrow),
        StmtKind::Poll => {}
    }
    uses
}

/// The uses of a terminator.
pub(super) fn term_uses(term: &Term, modes: &[Vec<Mode>]) -> Vec<Use> {
    let mut uses = Vec::new();
    term.uses(|f| modes_of(modes, f), &mut |op, mode| {
        if let Operand::Local(local) = *op {
            uses.push(Use { local, mode });
        }
    });
    uses
}

pub(super) fn modes_of(modes: &[Vec<Mode>], func: FuncId) -> &[Mode] {
    &modes[func.0 as usize]
}

/// The local that a statement assigns.
pub(super) fn assigned(stmt: &Stmt) -> Option<LocalId> {
    match &stmt.kind {
        StmtKind::Assign(local, _) => Some(*local),
        _ => None,
    }
}

/// The counted locals alive at the start of each block.
pub(super) fn live_in(func: &Func, modes: &[Vec<Mode>], own: &Ownership) -> Vec<BitSet> {
    let bound = func.locals.len();
    let mut live_in = vec![BitSet::new(bound); func.blocks.len()];
    let preds = predecessors(func);
    let mut todo: Vec<usize> = (0..func.blocks.len()).collect();
    let mut queued = vec![true; func.blocks.len()];
    while let Some(index) = todo.pop() {
        queued[index] = false;
        let block = &func.blocks[index];
        let mut live = live_out(block, &live_in, bound);
        walk_back(block, modes, own, &mut live, &mut |_, _| {});
        if live_in[index].union(&live) {
            for &pred in &preds[index] {
                if !queued[pred] {
                    queued[pred] = true;
                    todo.push(pred);
                }
            }
        }
    }
    live_in
}

/// What is alive at the end of a block.
pub(super) fn live_out(block: &Block, live_in: &[BitSet], bound: usize) -> BitSet {
    let mut live = BitSet::new(bound);
    for next in block.term.successors() {
        live.union(&live_in[next.0 as usize]);
    }
    live
}

/// Goes through a block from its end; `live` is what is alive there and becomes what is alive at its start. `at` sees
/// what is alive *behind* each point: the index of the statement, or the number of statements for the terminator.
pub(super) fn walk_back(
    block: &Block,
    modes: &[Vec<Mode>],
    own: &Ownership,
    live: &mut BitSet,
    at: &mut dyn FnMut(usize, &BitSet),
) {
    at(block.stmts.len(), live);
    for used in term_uses(&block.term, modes) {
        own.mark(used.local, live);
    }
    for (index, stmt) in block.stmts.iter().enumerate().rev() {
        at(index, live);
        if let Some(dst) = assigned(stmt) {
            live.remove(dst.0);
        }
        for used in stmt_uses(stmt, modes) {
            own.mark(used.local, live);
        }
    }
}

/// For each block the blocks that lead to it.
pub(super) fn predecessors(func: &Func) -> Vec<Vec<usize>> {
    let mut preds = vec![Vec::new(); func.blocks.len()];
    for (index, block) in func.blocks.iter().enumerate() {
        for next in block.term.successors() {
            preds[next.0 as usize].push(index);
        }
    }
    preds
}
