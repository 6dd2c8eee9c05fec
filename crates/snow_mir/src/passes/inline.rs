//! Puts the code of short functions that deal in closures in place of their calls, and forwards what is known.
//!
//! `Iter.map(it, f)` only makes closures: seen from its caller, it hides them. Put in place, the caller knows what it
//! calls. Only functions of one block are put in place, so nothing but the block of the call changes; their stack was
//! checked in front of the call.

use snow_base::FxHashMap;
use snow_typeck::{Ty, TyCon, TyKind};

use super::known::Known;
use crate::layout::Layouts;
use crate::mir::{Block, Func, FuncKind, LocalDecl, LocalId, Mir, Operand, Rvalue, Stmt, StmtKind, Term};
use crate::visit::{self, Role};

/// Functions of more statements aren't put in place.
const MAX_STMTS: usize = 16;

/// How many calls are replaced in one function at most.
const MAX_CALLS: usize = 200;

/// How deep structs are searched for closures.
const MAX_DEPTH: u32 = 3;

/// Which functions can be put in place. O(program).
pub(super) fn candidates(mir: &Mir, layouts: &Layouts<'_>) -> Vec<bool> {
    mir.fns.iter().map(|func| is_candidate(func, layouts)).collect()
}

/// Whether a function is short, of one block, and takes or gives closures.
pub(super) fn is_candidate(func: &Func, layouts: &Layouts<'_>) -> bool {
    let [block] = func.blocks.as_slice() else { return false };
    let assigns_params = block.stmts.iter().any(|s| match &s.kind {
        StmtKind::Assign(dst, _) => func.params.contains(dst),
        _ => false,
    });
    let ends = matches!(block.term, Term::Return(_) | Term::TailCall { .. } | Term::TailCallClosure { .. });
    func.kind == FuncKind::Direct
        && ends
        && !assigns_params
        && block.stmts.len() <= MAX_STMTS
        && (holds_closures(func.ret, layouts, 0)
            || func.params.iter().any(|p| holds_closures(func.locals[p.0 as usize].ty, layouts, 0)))
}

fn holds_closures(ty: Ty, layouts: &Layouts<'_>, depth: u32) -> bool {
    match ty.kind() {
        TyKind::App(TyCon::Fn, _) => true,
        TyKind::App(TyCon::Tuple | TyCon::Adt(_), _) if depth < MAX_DEPTH && !layouts.is_recursive(ty) => {
            layouts.part_tys(ty, 0).iter().any(|&part| holds_closures(part, layouts, depth + 1))
        }
        _ => false,
    }
}

/// Replaces calls of candidates in one function. Whether there were any.
pub(super) fn calls_in(mir: &mut Mir, index: usize, candidates: &[bool]) -> bool {
    let mut replaced = 0;
    for block in 0..mir.fns[index].blocks.len() {
        let mut at = 0;
        while at <= mir.fns[index].blocks[block].stmts.len() && replaced < MAX_CALLS {
            match super::specialise::call_at(&mir.fns[index], block, at) {
                Some((callee, args)) if candidates[callee.0 as usize] && callee.0 as usize != index => {
                    let callee = mir.fns[callee.0 as usize].clone();
                    put_in_place(&mut mir.fns[index], block, at, callee, &args);
                    replaced += 1;
                }
                _ => at += 1,
            }
        }
    }
    replaced > 0
}

/// Replaces the call at a place by the callee's code.
fn put_in_place(func: &mut Func, block: usize, at: usize, mut callee: Func, args: &[Operand]) {
    let Some(Block { mut stmts, mut term, span }) = callee.blocks.pop() else { return };
    let mut place: Vec<LocalId> = Vec::new();
    for local in callee.locals {
        place.push(LocalId(func.locals.len() as u32));
        func.locals.push(LocalDecl { name: None, ..local });
    }
    let mut code = Vec::new();
    for (param, arg) in callee.params.iter().zip(args) {
        match arg {
            Operand::Local(local) => place[param.0 as usize] = *local,
            Operand::Const(_) => {
                let kind = StmtKind::Assign(place[param.0 as usize], Rvalue::Use(arg.clone()));
                code.push(Stmt { kind, span });
            }
        }
    }
    let mut rename = |local: &mut LocalId, _: Role| *local = place[local.0 as usize];
    stmts.retain(|s| s.kind != StmtKind::Poll);
    stmts.iter_mut().for_each(|s| visit::stmt(&mut s.kind, &mut rename));
    visit::term(&mut term, &mut rename);
    code.extend(stmts);
    let caller = &mut func.blocks[block];
    if at == caller.stmts.len() {
        caller.stmts.extend(code);
        caller.term = term;
        return;
    }
    let Stmt { kind: StmtKind::Assign(dst, _), span } = caller.stmts[at].clone() else { return };
    let result = match term {
        Term::Return(op) => Rvalue::Use(op),
        Term::TailCall { func, args } => Rvalue::Call { func, args },
        Term::TailCallClosure { closure, args } => Rvalue::CallClosure { closure, args },
        Term::Goto(_) | Term::Switch { .. } | Term::Unreachable => return,
    };
    code.push(Stmt { kind: StmtKind::Assign(dst, result), span });
    caller.stmts.splice(at..=at, code);
}

/// Reads parts of what was made here from what it was made of, names copies by their originals, and removes what nobody
/// needs then. O(statements) for each round.
pub(super) fn forward(func: &mut Func) {
    for _ in 0..MAX_CALLS {
        let known = Known::of(func);
        let mut changed = read_through(func, &known);
        changed |= name_originals(func, &known);
        changed |= remove_unused(func);
        if !changed {
            return;
        }
    }
}

fn read_through(func: &mut Func, known: &Known) -> bool {
    let mut changed = false;
    for stmt in func.blocks.iter_mut().flat_map(|b| &mut b.stmts) {
        let StmtKind::Assign(_, rvalue) = &mut stmt.kind else { continue };
        if let Rvalue::Project { base, variant, index } = rvalue
            && let Some(Rvalue::Make { variant: made, args, reuse: None, .. }) = known.value(*base)
            && made == variant
            && let Some(part) = args.get(*index as usize).filter(|part| known.is_fixed(part))
        {
            *rvalue = Rvalue::Use(part.clone());
            changed = true;
        }
    }
    changed
}

fn name_originals(func: &mut Func, known: &Known) -> bool {
    let mut original: FxHashMap<LocalId, LocalId> = FxHashMap::default();
    for stmt in func.blocks.iter().flat_map(|b| &b.stmts) {
        if let StmtKind::Assign(dst, Rvalue::Use(op @ Operand::Local(from))) = &stmt.kind
            && known.value(*dst).is_some()
            && known.is_fixed(op)
            && func.locals[dst.0 as usize].ty == func.locals[from.0 as usize].ty
        {
            original.insert(*dst, *from);
        }
    }
    if original.is_empty() {
        return false;
    }
    let resolve = |mut local: LocalId| {
        while let Some(&from) = original.get(&local) {
            local = from;
        }
        local
    };
    for block in &mut func.blocks {
        block.stmts.retain(|s| !matches!(&s.kind, StmtKind::Assign(dst, _) if original.contains_key(dst)));
        block.stmts.iter_mut().for_each(|s| visit::stmt(&mut s.kind, &mut |l, _| *l = resolve(*l)));
        visit::term(&mut block.term, &mut |l, _| *l = resolve(*l));
    }
    true
}

/// Removes values without effect that nothing uses. Whether there were any.
pub(super) fn remove_unused(func: &mut Func) -> bool {
    let mut uses = vec![0u32; func.locals.len()];
    for block in &mut func.blocks {
        let mut count = |l: &mut LocalId, role: Role| uses[l.0 as usize] += u32::from(role != Role::Def);
        block.stmts.iter_mut().for_each(|s| visit::stmt(&mut s.kind, &mut count));
        visit::term(&mut block.term, &mut count);
    }
    let mut removed = false;
    for block in &mut func.blocks {
        block.stmts.retain(|s| {
            let unused = match &s.kind {
                StmtKind::Assign(dst, rvalue) => uses[dst.0 as usize] == 0 && has_no_effect(rvalue),
                _ => false,
            };
            removed |= unused;
            !unused
        });
    }
    removed
}

fn has_no_effect(rvalue: &Rvalue) -> bool {
    matches!(
        rvalue,
        Rvalue::Use(_)
            | Rvalue::Make { reuse: None, .. }
            | Rvalue::MakeClosure { .. }
            | Rvalue::Project { .. }
            | Rvalue::Capture { .. }
    )
}
