//! The verifier of counted MIR. It checks, on every path:
//!
//! 1. a local is consumed or dropped only while it holds a reference, and holds none when it is assigned;
//! 2. when a function returns, no local holds a reference;
//! 3. where paths meet, they agree on what each local holds.
//!
//! Blocks that end in a crash are exempt from 2.

use crate::layout::Layouts;
use crate::mir::{Func, Mir, Mode, StmtKind, Term};

use super::liveness::{stmt_uses, term_uses};

/// Something that the verifier found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The function.
    pub func: String,
    /// The block.
    pub block: u32,
    /// What is wrong.
    pub text: String,
}

/// Verifies all functions.
pub(super) fn run(mir: &Mir, layouts: &Layouts<'_>) -> Vec<Violation> {
    let modes: Vec<Vec<Mode>> = mir.fns.iter().map(|f| f.modes.clone()).collect();
    let mut found = Vec::new();
    for (index, func) in mir.fns.iter().enumerate() {
        verify(func, &modes[index], &modes, layouts, &mut found);
    }
    found
}

/// Walks forwards with the number of references that each local holds.
fn verify(
    func: &Func,
    own_modes: &[Mode],
    modes: &[Vec<Mode>],
    layouts: &Layouts<'_>,
    found: &mut Vec<Violation>,
) {
    let counted: Vec<bool> = func.locals.iter().map(|l| layouts.is_counted(l.ty)).collect();
    let mut entry = vec![0i32; func.locals.len()];
    for (&param, &mode) in func.params.iter().zip(own_modes) {
        entry[param.0 as usize] = i32::from(counted[param.0 as usize] && mode == Mode::Own);
    }
    let mut at_start: Vec<Option<Vec<i32>>> = vec![None; func.blocks.len()];
    at_start[0] = Some(entry);
    let mut todo = vec![0usize];
    while let Some(index) = todo.pop() {
        let Some(mut held) = at_start[index].clone() else { continue };
        let block = &func.blocks[index];
        let mut fail = |text: String| {
            found.push(Violation { func: func.symbol.clone(), block: index as u32, text });
        };
        for stmt in &block.stmts {
            step(&stmt.kind, &counted, &mut held, &mut fail, || stmt_uses(stmt, modes));
        }
        for used in term_uses(&block.term, modes) {
            take(used.local.0 as usize, used.mode, &counted, &mut held, &mut fail);
        }
        let returns =
            matches!(block.term, Term::Return(_) | Term::TailCall { .. } | Term::TailCallClosure { .. });
        if returns {
            for (local, &n) in held.iter().enumerate().filter(|(_, n)| **n != 0) {
                fail(format!("_{local} holds {n} references at the end"));
            }
        }
        for next in block.term.successors() {
            let next = next.0 as usize;
            match &at_start[next] {
                None => {
                    at_start[next] = Some(held.clone());
                    todo.push(next);
                }
                Some(known) if *known != held && func.blocks[next].term != Term::Unreachable => {
                    let differing = (0..held.len()).find(|&i| known[i] != held[i]);
                    fail(format!("paths to bb{next} disagree on {differing:?}"));
                }
                Some(_) => {}
            }
        }
        if found.len() > 20 {
            return;
        }
    }
}

fn take(local: usize, mode: Mode, counted: &[bool], held: &mut [i32], fail: &mut dyn FnMut(String)) {
    if mode == Mode::Own && counted[local] {
        held[local] -= 1;
        if held[local] < 0 {
            fail(format!("_{local} is consumed but holds nothing"));
            held[local] = 0;
        }
    }
}

fn step(
    kind: &StmtKind,
    counted: &[bool],
    held: &mut [i32],
    fail: &mut dyn FnMut(String),
    uses: impl Fn() -> Vec<super::liveness::Use>,
) {
    match kind {
        StmtKind::Dup(local) => held[local.0 as usize] += i32::from(counted[local.0 as usize]),
        StmtKind::Unpack { base, kept, .. } => {
            take(base.0 as usize, Mode::Own, counted, held, fail);
            for (_, local) in kept {
                held[local.0 as usize] += i32::from(counted[local.0 as usize]);
            }
        }
        _ => {
            for used in uses() {
                take(used.local.0 as usize, used.mode, counted, held, fail);
            }
            if let StmtKind::Assign(dst, rvalue) = kind {
                let dst = dst.0 as usize;
                if held[dst] != 0 {
                    fail(format!("_{dst} is assigned while it holds {} references", held[dst]));
                }
                held[dst] = i32::from(counted[dst] && rvalue.borrows_from().is_none());
            }
        }
    }
}
