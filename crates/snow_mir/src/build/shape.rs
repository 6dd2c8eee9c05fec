//! Puts the blocks of a finished function in order: unreachable ones go, those that only lead on are joined.
//!
//! Invariant: nothing jumps to the entry.

use snow_base::FxHashMap;

use super::emit::Draft;
use crate::mir::{BlockId, Term};

/// Joins and renumbers.
pub(super) fn tidy(blocks: &mut Vec<Draft>, back_edges: &mut Vec<BlockId>) {
    skip_empty(blocks, back_edges);
    join(blocks, back_edges);
    renumber(blocks, back_edges);
}

/// The blocks that may come after, to change.
pub(super) fn successors_mut(term: &mut Term) -> Vec<&mut BlockId> {
    match term {
        Term::Goto(block) => vec![block],
        Term::Switch { cases, default, .. } => cases.iter_mut().map(|(_, b)| b).chain(default).collect(),
        _ => Vec::new(),
    }
}

/// Leads jumps to empty blocks to where these go, but keeps blocks that close a loop.
fn skip_empty(blocks: &mut [Draft], back_edges: &[BlockId]) {
    let target = |blocks: &[Draft], from: BlockId| {
        let mut at = from;
        for _ in 0..blocks.len() {
            let block = &blocks[at.0 as usize];
            match &block.term {
                Some((Term::Goto(next), _)) if block.stmts.is_empty() && !back_edges.contains(&at) => {
                    at = *next
                }
                _ => break,
            }
        }
        at
    };
    for index in 0..blocks.len() {
        let Some((mut term, span)) = blocks[index].term.take() else { continue };
        for next in successors_mut(&mut term) {
            *next = target(blocks, *next);
        }
        blocks[index].term = Some((term, span));
    }
}

/// Appends blocks with one predecessor that goes nowhere else to it.
fn join(blocks: &mut [Draft], back_edges: &mut [BlockId]) {
    let mut preds: FxHashMap<BlockId, usize> = FxHashMap::default();
    let reached = reachable(blocks);
    for index in &reached {
        if let Some((term, _)) = &blocks[index.0 as usize].term {
            term.successors().into_iter().for_each(|next| *preds.entry(next).or_default() += 1);
        }
    }
    for index in reached.into_iter().map(|b| b.0 as usize) {
        while let Some((Term::Goto(next), _)) = blocks[index].term {
            let at = next.0 as usize;
            if at == index || preds.get(&next) != Some(&1) || back_edges.contains(&BlockId(index as u32)) {
                break;
            }
            let joined = std::mem::take(&mut blocks[at]);
            blocks[index].stmts.extend(joined.stmts);
            blocks[index].term = joined.term;
            for edge in back_edges.iter_mut().filter(|edge| **edge == next) {
                *edge = BlockId(index as u32);
            }
        }
    }
}

/// Reachable blocks in the order of a walk in depth.
fn reachable(blocks: &[Draft]) -> Vec<BlockId> {
    let mut seen = vec![false; blocks.len()];
    let mut order = Vec::new();
    let mut todo = vec![BlockId(0)];
    while let Some(next) = todo.pop() {
        if std::mem::replace(&mut seen[next.0 as usize], true) {
            continue;
        }
        order.push(next);
        if let Some((term, _)) = &blocks[next.0 as usize].term {
            todo.extend(term.successors().into_iter().rev());
        }
    }
    order
}

fn renumber(blocks: &mut Vec<Draft>, back_edges: &mut Vec<BlockId>) {
    let order = reachable(blocks);
    let number: FxHashMap<BlockId, BlockId> =
        order.iter().enumerate().map(|(new, &old)| (old, BlockId(new as u32))).collect();
    let mut kept: Vec<Draft> = order.iter().map(|old| std::mem::take(&mut blocks[old.0 as usize])).collect();
    for draft in &mut kept {
        if let Some((term, _)) = &mut draft.term {
            successors_mut(term).into_iter().for_each(|next| *next = number[next]);
        }
    }
    *blocks = kept;
    *back_edges = back_edges.iter().filter_map(|edge| number.get(edge).copied()).collect();
    back_edges.sort_unstable();
    back_edges.dedup();
}
