//! Which functions are too short for a check of the stack, and of the process's turn? They lose theirs.
//!
//! A function is short if it has no loop, calls no closure, and it and all short ones that it calls, each as often as its
//! text says so, have few statements: then its time and its frames have a bound up to the next check. Whoever calls it
//! has checked just before; of those that aren't short it calls only what checks before it calls. A function that calls
//! one whose length isn't known yet, itself among them, isn't short: so every circle of calls has one that checks.
//! The reserve below the stack's limit is far larger than the frames of so few statements. LLVM can then put a short
//! function in its caller's code as if it had been written there: a check is a load that nothing may be moved across.

use super::unroll::has_loop;
use crate::layout::Layouts;
use crate::mir::{Func, FuncKind, Mir, Rvalue, Stmt, StmtKind, Term};

/// Short functions have at most so many statements with those of their callees.
const MAX_STMTS: usize = 200;

/// What is known of a function.
#[derive(Clone, Copy, PartialEq)]
enum Length {
    Unknown,
    /// Being looked at: who meets it again is recursive.
    Open,
    Short(usize),
    Long,
}

/// Takes the checks from short functions. O(program).
pub(super) fn run(mir: &mut Mir, _layouts: &Layouts<'_>) {
    let mut lengths = vec![Length::Unknown; mir.fns.len()];
    for index in 0..mir.fns.len() {
        if let Length::Short(_) = length(mir, index, &mut lengths, 0) {
            for block in &mut mir.fns[index].blocks {
                block.stmts.retain(|s| s.kind != StmtKind::Poll);
            }
        }
    }
}

/// Chains of calls longer than this aren't short: each call is a statement.
const MAX_DEPTH: usize = MAX_STMTS;

fn length(mir: &Mir, index: usize, lengths: &mut [Length], depth: usize) -> Length {
    match lengths[index] {
        Length::Unknown => {}
        known => return known,
    }
    let func = &mir.fns[index];
    if depth > MAX_DEPTH || func.kind == FuncKind::Handler || calls_closures(func) || has_loop(func) {
        lengths[index] = Length::Long;
        return Length::Long;
    }
    lengths[index] = Length::Open;
    let mut total: usize = func.blocks.iter().map(|b| b.stmts.len() + 1).sum();
    for callee in callees(func) {
        total += match lengths[callee] {
            Length::Open => MAX_STMTS,
            _ => match length(mir, callee, lengths, depth + 1) {
                Length::Short(stmts) => stmts,
                _ if checks(&mir.fns[callee]) => 0,
                _ => MAX_STMTS,
            },
        };
        if total > MAX_STMTS {
            break;
        }
    }
    lengths[index] = if total > MAX_STMTS { Length::Long } else { Length::Short(total) };
    lengths[index]
}

/// Whether the function checks before it calls anything, on every path. What recursion was unrolled into doesn't.
fn checks(func: &Func) -> bool {
    let mut seen = vec![false; func.blocks.len()];
    let mut open = vec![0];
    while let Some(index) = open.pop() {
        let Some(block) = func.blocks.get(index).filter(|_| !std::mem::replace(&mut seen[index], true))
        else {
            continue;
        };
        let calls = |s: &Stmt| {
            matches!(&s.kind, StmtKind::Assign(_, Rvalue::Call { .. } | Rvalue::CallClosure { .. }))
        };
        match block.stmts.iter().find(|s| s.kind == StmtKind::Poll || calls(s)) {
            Some(first) if first.kind == StmtKind::Poll => continue,
            Some(_) => return false,
            None => {}
        }
        if matches!(block.term, Term::TailCall { .. } | Term::TailCallClosure { .. }) {
            return false;
        }
        open.extend(block.term.successors().iter().map(|next| next.0 as usize));
    }
    true
}

fn callees(func: &Func) -> impl Iterator<Item = usize> {
    func.blocks.iter().flat_map(|block| {
        let tail = match &block.term {
            Term::TailCall { func, .. } => Some(func.0 as usize),
            _ => None,
        };
        let calls = block.stmts.iter().filter_map(|s| match &s.kind {
            StmtKind::Assign(_, Rvalue::Call { func, .. }) => Some(func.0 as usize),
            _ => None,
        });
        calls.chain(tail)
    })
}

fn calls_closures(func: &Func) -> bool {
    func.blocks.iter().any(|block| {
        let in_body =
            block.stmts.iter().any(|s| matches!(s.kind, StmtKind::Assign(_, Rvalue::CallClosure { .. })));
        in_body || matches!(block.term, Term::TailCallClosure { .. })
    })
}
