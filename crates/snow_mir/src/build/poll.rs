//! Where a function checks its stack and lets others run: once on each path in front of the first call, and once on
//! each way round a loop. Paths without calls have none.
//!
//! A poll stands at the start of the first block from which a call is certain, so that early exits go without.

use super::emit::Draft;
use crate::mir::{BlockId, Rvalue, Stmt, StmtKind, Term};

/// Places the polls. `back_edges` are blocks that end in a jump back.
pub(super) fn place(blocks: &mut [Draft], back_edges: &[BlockId]) {
    let certain = certain(blocks);
    let polled = polled(blocks, back_edges, &certain);
    for index in 0..blocks.len() {
        let span = match (blocks[index].stmts.first(), &blocks[index].term) {
            (Some(stmt), _) => stmt.span,
            (None, Some((_, span))) => *span,
            (None, None) => continue,
        };
        if certain[index] && !polled[index] {
            blocks[index].stmts.insert(0, Stmt { kind: StmtKind::Poll, span });
        }
        if back_edges.contains(&BlockId(index as u32)) && !certain[index] && !polled[index] {
            blocks[index].stmts.push(Stmt { kind: StmtKind::Poll, span });
        }
    }
}

/// Whether each block, or every way on from it, makes a call.
fn certain(blocks: &[Draft]) -> Vec<bool> {
    let mut certain: Vec<bool> = blocks.iter().map(calls).collect();
    loop {
        let mut changed = false;
        for index in (0..blocks.len()).rev() {
            let next = blocks[index].term.as_ref().map(|(t, _)| t.successors()).unwrap_or_default();
            let all = !next.is_empty() && next.iter().all(|b| certain[b.0 as usize]);
            if all && !certain[index] {
                certain[index] = true;
                changed = true;
            }
        }
        if !changed {
            return certain;
        }
    }
}

/// Whether every path to a block has polled already; at the head of a loop: on the present way round it.
fn polled(blocks: &[Draft], back_edges: &[BlockId], certain: &[bool]) -> Vec<bool> {
    let mut polled = vec![true; blocks.len()];
    polled[0] = false;
    for edge in back_edges {
        if let Some((Term::Goto(head), _)) = &blocks[edge.0 as usize].term {
            polled[head.0 as usize] = false;
        }
    }
    loop {
        let mut changed = false;
        for index in 0..blocks.len() {
            let out = polled[index] || certain[index];
            let Some((term, _)) = &blocks[index].term else { continue };
            for next in term.successors() {
                if !out && polled[next.0 as usize] {
                    polled[next.0 as usize] = false;
                    changed = true;
                }
            }
        }
        if !changed {
            return polled;
        }
    }
}

fn calls(block: &Draft) -> bool {
    let tail = matches!(block.term, Some((Term::TailCall { .. } | Term::TailCallClosure { .. }, _)));
    tail || block.stmts.iter().any(|stmt| {
        matches!(stmt.kind, StmtKind::Assign(_, Rvalue::Call { .. } | Rvalue::CallClosure { .. }))
    })
}
