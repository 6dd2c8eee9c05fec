//! Parameter modes: a parameter that its function only looks at is borrowed; the caller keeps it.
//!
//! All parameters of directly called functions start as borrowed and become owned where
//! - the function consumes them, or assigns them anew (loops);
//! - it consumes something that it took out of them: owning the whole makes that a move, and updates stay in place;
//! - a tail call passes something that nobody would be left to drop.
//!
//! A whole-program fixpoint; each round is linear. Source: Ullrich and de Moura, *Counting immutable beans*.

use super::liveness::{stmt_uses, term_uses};
use super::ownership::{Kind, Ownership};
use crate::layout::Layouts;
use crate::mir::{Func, FuncKind, LocalId, Mir, Mode, Operand, Rvalue, StmtKind, Term};

/// Sets the modes of all functions.
pub(super) fn run(mir: &mut Mir, layouts: &Layouts<'_>) {
    let mut modes: Vec<Vec<Mode>> = mir
        .fns
        .iter()
        .map(|f| vec![if f.kind == FuncKind::Direct { Mode::Borrow } else { Mode::Own }; f.params.len()])
        .collect();
    let mut changed = true;
    while changed {
        changed = false;
        for (index, func) in mir.fns.iter().enumerate() {
            for (callee, param) in demands(index, func, &modes, layouts) {
                changed |= modes[callee][param] != Mode::Own;
                modes[callee][param] = Mode::Own;
            }
        }
    }
    for (func, modes) in mir.fns.iter_mut().zip(modes) {
        func.modes = modes;
    }
}

/// The parameters, of this function and of those it tail-calls, that must be owned.
fn demands(index: usize, func: &Func, modes: &[Vec<Mode>], layouts: &Layouts<'_>) -> Vec<(usize, usize)> {
    let mut demands = Vec::new();
    let own = Ownership::of(func, &modes[index], modes, layouts);
    let source = movable_source(func);
    let mut consume = |local: LocalId| {
        // A part without references is copied out of its whole.
        let mut at = Some(local).filter(|&l| own.kind(l) != Kind::Uncounted);
        while let Some(here) = at {
            if let Some(param) = func.params.iter().position(|&p| p == here) {
                demands.push((index, param));
            }
            at = source[here.0 as usize];
        }
    };
    for block in &func.blocks {
        for stmt in &block.stmts {
            stmt_uses(stmt, modes).iter().filter(|u| u.mode == Mode::Own).for_each(|u| consume(u.local));
            if let StmtKind::Assign(dst, _) = &stmt.kind
                && func.params.contains(dst)
            {
                consume(*dst);
            }
        }
        match &block.term {
            // A part that is returned needs only itself: the caller lets go of the whole after the call.
            Term::Return(Operand::Local(local)) if source[local.0 as usize].is_some() => {}
            term => {
                term_uses(term, modes).iter().filter(|u| u.mode == Mode::Own).for_each(|u| consume(u.local))
            }
        }
    }
    for block in &func.blocks {
        if let Term::TailCall { func: callee, args } = &block.term {
            for (param, arg) in args.iter().enumerate() {
                let Operand::Local(local) = arg else { continue };
                let nobody_drops = own.root(*local).is_some();
                if nobody_drops && modes[callee.0 as usize][param] == Mode::Borrow {
                    demands.push((callee.0 as usize, param));
                }
            }
        }
    }
    demands
}

/// For each local that is a part of a struct, tuple or variant: the whole it can be moved out of.
fn movable_source(func: &Func) -> Vec<Option<LocalId>> {
    let mut source = vec![None; func.locals.len()];
    for stmt in func.blocks.iter().flat_map(|b| &b.stmts) {
        if let StmtKind::Assign(dst, Rvalue::Project { base, .. }) = &stmt.kind
            && dst != base
        {
            source[dst.0 as usize] = Some(*base);
        }
    }
    // A local assigned several times could form a ring; a part is never its own whole.
    let rings: Vec<usize> = (0..source.len()).filter(|&start| is_ring(&source, start)).collect();
    for start in rings {
        source[start] = None;
    }
    source
}

fn is_ring(source: &[Option<LocalId>], start: usize) -> bool {
    let mut at = source[start];
    let mut steps = 0;
    while let Some(local) = at {
        steps += 1;
        if local.0 as usize == start || steps > source.len() {
            return true;
        }
        at = source[local.0 as usize];
    }
    false
}
