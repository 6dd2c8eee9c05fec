//! Parameter modes: a parameter that its function only looks at is borrowed; the caller keeps it.
//!
//! All parameters of directly called functions start as borrowed and become owned where
//! - the function consumes them;
//! - it assigns them anew (loops), but for what it found inside values that its caller keeps: such a parameter
//!   only looks ([`Rvalue::Look`]) at one part after the other;
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
    mir.fns.iter_mut().filter(|f| f.kind == FuncKind::Direct).for_each(|f| look_in_loops(f, layouts));
    let mut changed = true;
    while changed {
        changed = false;
        for index in 0..mir.fns.len() {
            for (callee, param) in demands(index, &mir.fns[index], &modes, layouts) {
                if modes[callee][param] != Mode::Own {
                    changed = true;
                    modes[callee][param] = Mode::Own;
                    take_in_loops(&mut mir.fns[callee], param);
                }
            }
        }
    }
    for (func, modes) in mir.fns.iter_mut().zip(modes) {
        func.modes = modes;
    }
}

/// Lets parameters that a loop assigns only parts of other values look at those parts.
fn look_in_loops(func: &mut Func, layouts: &Layouts<'_>) {
    let mut defs = vec![0u32; func.locals.len()];
    let mut is_part = vec![false; func.locals.len()];
    for stmt in func.blocks.iter().flat_map(|b| &b.stmts) {
        if let StmtKind::Assign(dst, rvalue) = &stmt.kind {
            defs[dst.0 as usize] += 1;
            is_part[dst.0 as usize] = rvalue.borrows_from().is_some();
        }
    }
    let can_look = |rvalue: &Rvalue| match rvalue {
        Rvalue::Use(Operand::Local(part)) => defs[part.0 as usize] == 1 && is_part[part.0 as usize],
        _ => false,
    };
    let looking: Vec<LocalId> = (func.params.iter().copied())
        .filter(|&p| layouts.is_counted(func.locals[p.0 as usize].ty))
        .filter(|&p| assignments(func, p).all(can_look))
        .collect();
    for stmt in func.blocks.iter_mut().flat_map(|b| &mut b.stmts) {
        if let StmtKind::Assign(dst, rvalue) = &mut stmt.kind
            && looking.contains(dst)
            && let Rvalue::Use(Operand::Local(part)) = rvalue
        {
            *rvalue = Rvalue::Look(*part);
        }
    }
}

/// What is assigned to a local.
fn assignments(func: &Func, local: LocalId) -> impl Iterator<Item = &Rvalue> {
    func.blocks.iter().flat_map(|b| &b.stmts).filter_map(move |stmt| match &stmt.kind {
        StmtKind::Assign(dst, rvalue) if *dst == local => Some(rvalue),
        _ => None,
    })
}

/// The parameter is owned after all: what is assigned to it is consumed.
fn take_in_loops(func: &mut Func, param: usize) {
    let param = func.params[param];
    for stmt in func.blocks.iter_mut().flat_map(|b| &mut b.stmts) {
        if let StmtKind::Assign(dst, rvalue) = &mut stmt.kind
            && *dst == param
            && let Rvalue::Look(part) = rvalue
        {
            *rvalue = Rvalue::Use(Operand::Local(*part));
        }
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
            if let StmtKind::Assign(dst, rvalue) = &stmt.kind
                && func.params.contains(dst)
            {
                match rvalue {
                    Rvalue::Look(part) if own.root(*part).is_none() => {}
                    _ => consume(*dst),
                }
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
