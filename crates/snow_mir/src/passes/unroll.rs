//! Unrolls small recursive functions: a few levels of the recursion become one function.
//!
//! `f` calls a copy of itself, that one another, and the last one `f` again; LLVM inlines the copies. A chain of
//! calls then costs one frame and one check of the stack where it cost several. Copies of functions without loops
//! need no check: the one in `f` comes first on every path, and the reserve below the stack's limit is far
//! larger than a few small frames.

use crate::layout::Layouts;
use crate::mir::{Func, FuncId, FuncKind, Mir, Rvalue, StmtKind};

/// Functions of more statements aren't unrolled.
const MAX_STMTS: usize = 40;

/// How many statements all copies together may have once they are inlined.
const MAX_TOTAL: usize = 250;

/// Unrolls every function where it pays.
pub(super) fn run(mir: &mut Mir, _layouts: &Layouts<'_>) {
    for index in 0..mir.fns.len() {
        let id = FuncId(index as u32);
        let func = &mir.fns[index];
        let size: usize = func.blocks.iter().map(|b| b.stmts.len() + 1).sum();
        let calls = self_calls(func, id);
        if func.kind != FuncKind::Direct || calls == 0 || size > MAX_STMTS || has_loop(func) {
            continue;
        }
        let levels = levels(calls, size);
        if levels > 0 {
            unroll(mir, id, levels);
        }
    }
}

fn self_calls(func: &Func, id: FuncId) -> usize {
    func.blocks.iter().flat_map(|b| &b.stmts).filter(|s| is_call(&s.kind, id)).count()
}

fn is_call(kind: &StmtKind, id: FuncId) -> bool {
    matches!(kind, StmtKind::Assign(_, Rvalue::Call { func, .. }) if *func == id)
}

/// How many levels of copies fit.
fn levels(calls: usize, size: usize) -> u32 {
    let mut levels = 0;
    let mut copies = calls;
    let mut total = copies * size;
    while total <= MAX_TOTAL && levels < 8 {
        levels += 1;
        copies *= calls;
        total += copies * size;
    }
    levels
}

/// Whether a function jumps back.
pub(super) fn has_loop(func: &Func) -> bool {
    // Depth-first: an edge to a block that is still open closes a loop.
    let mut state = vec![0u8; func.blocks.len()];
    let mut stack = vec![(0usize, false)];
    while let Some((block, left)) = stack.pop() {
        if left {
            state[block] = 2;
            continue;
        }
        if state[block] != 0 {
            continue;
        }
        state[block] = 1;
        stack.push((block, true));
        for next in func.blocks[block].term.successors() {
            match state[next.0 as usize] {
                0 => stack.push((next.0 as usize, false)),
                1 => return true,
                _ => {}
            }
        }
    }
    false
}

fn unroll(mir: &mut Mir, id: FuncId, levels: u32) {
    let original = mir.fns[id.0 as usize].clone();
    let first = mir.fns.len() as u32;
    for level in 0..levels {
        let next = if level + 1 == levels { id } else { FuncId(first + level + 1) };
        let mut copy = original.clone();
        copy.symbol = format!("{}.{}", original.symbol, level + 1);
        copy.always_inline = true;
        redirect(&mut copy, id, next);
        for block in &mut copy.blocks {
            block.stmts.retain(|s| s.kind != StmtKind::Poll);
        }
        mir.fns.push(copy);
    }
    redirect(&mut mir.fns[id.0 as usize], id, FuncId(first));
}

fn redirect(func: &mut Func, from: FuncId, to: FuncId) {
    for stmt in func.blocks.iter_mut().flat_map(|b| &mut b.stmts) {
        if let StmtKind::Assign(_, Rvalue::Call { func, .. }) = &mut stmt.kind
            && *func == from
        {
            *func = to;
        }
    }
}
