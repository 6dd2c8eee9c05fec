//! Drop specialisation and reuse, within a block.
//!
//! `y = x.part; dup y; …; drop x` becomes one `Unpack`: if `x` is the only holder, its parts move out and its cell
//! is free, without touching the parts' counts. A `Make` of a cell of the same size further on takes the cell over
//! (Reinking et al., *Perceus*; Lorenz and Leijen, *Reference counting with frame-limited reuse*, ICFP 2022).

use super::liveness::stmt_uses;
use crate::layout::{Layouts, Repr};
use crate::mir::{Func, LocalDecl, LocalId, Mir, Mode, Rvalue, Stmt, StmtKind};
use snow_abi::layout::size_class;
use snow_hir::BuiltinTy;
use snow_typeck::Ty;

/// Rewrites every function.
pub(super) fn run(mir: &mut Mir, layouts: &Layouts<'_>) {
    let modes: Vec<Vec<Mode>> = mir.fns.iter().map(|f| f.modes.clone()).collect();
    for func in &mut mir.fns {
        for block in 0..func.blocks.len() {
            fuse(func, block, &modes, layouts);
            reuse(func, block, layouts);
        }
    }
}

/// Turns drops of values whose parts were taken into `Unpack`.
fn fuse(func: &mut Func, block: usize, modes: &[Vec<Mode>], layouts: &Layouts<'_>) {
    let mut at = 0;
    while at < func.blocks[block].stmts.len() {
        let stmts = &func.blocks[block].stmts;
        if let StmtKind::Drop(base) = stmts[at].kind
            && let Some((variant, parts)) = taken_parts(stmts, at, base, modes)
        {
            let ty = func.locals[base.0 as usize].ty;
            let unpackable = !matches!(layouts.of(ty).repr, Repr::Builtin);
            if unpackable {
                let kept = parts.iter().map(|p| (p.index, p.local)).collect();
                let stmts = &mut func.blocks[block].stmts;
                stmts[at].kind = StmtKind::Unpack { base, variant, kept, token: None };
                let mut dups: Vec<usize> = parts.iter().map(|p| p.dup).collect();
                dups.sort_unstable();
                for &dup in dups.iter().rev() {
                    stmts.remove(dup);
                }
                at -= dups.len();
            }
        }
        at += 1;
    }
}

/// A part that was read and dupped before its whole is dropped.
struct TakenPart {
    index: u32,
    local: LocalId,
    dup: usize,
}

/// The parts of `base` that were read and dupped in front of its drop at `at`, untouched since; the variant that it
/// is known to be.
fn taken_parts(
    stmts: &[Stmt],
    at: usize,
    base: LocalId,
    modes: &[Vec<Mode>],
) -> Option<(u32, Vec<TakenPart>)> {
    let mut variant = None;
    let mut parts: Vec<TakenPart> = Vec::new();
    // Reads of `base` count only behind its last assignment.
    let start = (0..at).rev().find(|&i| matches!(&stmts[i].kind, StmtKind::Assign(dst, _) if *dst == base));
    for read in start.map_or(0, |s| s + 1)..at {
        let StmtKind::Assign(local, Rvalue::Project { base: from, variant: v, index }) = &stmts[read].kind
        else {
            continue;
        };
        if *from != base {
            continue;
        }
        variant = Some(*v);
        let Some(dup) = (read + 1..at).find(|&i| stmts[i].kind == StmtKind::Dup(*local)) else { continue };
        let touched = stmts[read + 1..at].iter().enumerate().any(|(i, s)| {
            let consumed = stmt_uses(s, modes).iter().any(|u| u.local == *local && u.mode == Mode::Own);
            let assigned = matches!(&s.kind, StmtKind::Assign(dst, _) if dst == local);
            let dupped_again = s.kind == StmtKind::Dup(*local) && read + 1 + i != dup;
            consumed || assigned || dupped_again
        });
        let twice = parts.iter().any(|p| p.index == *index);
        if !touched && !twice {
            parts.push(TakenPart { index: *index, local: *local, dup });
        }
    }
    Some((variant?, parts))
}

/// Gives the cell of an unpacked value to the next `Make` of the same size class in the block.
fn reuse(func: &mut Func, block: usize, layouts: &Layouts<'_>) {
    for at in 0..func.blocks[block].stmts.len() {
        let Some((base, variant)) = freed_cell(func, block, at, layouts) else { continue };
        let Some(class) = cell_class(func.locals[base.0 as usize].ty, variant, layouts) else { continue };
        let later = func.blocks[block].stmts[at + 1..].iter().position(|s| match &s.kind {
            StmtKind::Assign(_, Rvalue::Make { ty, variant, reuse: None, .. }) => {
                cell_class(*ty, *variant, layouts) == Some(class)
            }
            _ => false,
        });
        let Some(later) = later else { continue };
        let token = LocalId(func.locals.len() as u32);
        func.locals.push(LocalDecl { ty: Ty::builtin(BuiltinTy::Raw), name: None });
        let stmts = &mut func.blocks[block].stmts;
        if let StmtKind::Assign(_, Rvalue::Make { reuse, .. }) = &mut stmts[at + 1 + later].kind {
            *reuse = Some(token);
        }
        stmts[at].kind = match stmts[at].kind.clone() {
            StmtKind::Unpack { base, variant, kept, .. } => {
                StmtKind::Unpack { base, variant, kept, token: Some(token) }
            }
            _ => StmtKind::Unpack { base, variant, kept: Vec::new(), token: Some(token) },
        };
    }
}

/// The value whose cell the statement may free, with its known variant.
fn freed_cell(func: &Func, block: usize, at: usize, layouts: &Layouts<'_>) -> Option<(LocalId, u32)> {
    match &func.blocks[block].stmts[at].kind {
        StmtKind::Unpack { base, variant, token: None, .. } => Some((*base, *variant)),
        StmtKind::Drop(base) => {
            let boxed = layouts.of(func.locals[base.0 as usize].ty).repr == Repr::Boxed;
            boxed.then_some((*base, 0))
        }
        _ => None,
    }
}

/// The size class of the cell of a boxed variant.
fn cell_class(ty: Ty, variant: u32, layouts: &Layouts<'_>) -> Option<usize> {
    let has_cell = match &layouts.of(ty).repr {
        Repr::Boxed => true,
        Repr::BoxedSum(cells) => cells[variant as usize],
        _ => false,
    };
    has_cell.then(|| size_class(layouts.cell(ty, variant).size as usize)).flatten()
}
