//! Takes structs and tuples apart as soon as only their parts are needed.
//!
//! In `State { log: add(s.log, x), n: s.n + 1 }` the part `s.log` would still be held by `s` while `add` runs, only
//! because `s.n` is read later; then nothing could be changed in place. So all parts that are read after the last
//! use of the whole are read at once, right behind that use, and each only once.
//!
//! It looks at wholes with one definition, and at parameters, whose uses as a whole stand in the block where they
//! are defined (parameters: where the function's code begins).

use snow_base::FxHashMap;
use snow_hir::{Program, TypeDefKind};
use snow_typeck::{Ty, TyCon, TyKind};

use super::emit::{Draft, SELF_HEAD};
use crate::mir::{LocalDecl, LocalId, Operand, Rvalue, Stmt, StmtKind};
use crate::visit::{self, Role};

/// Wholes inside wholes are taken apart one level a round.
const ROUNDS: usize = 4;

/// A position: block and statement.
type At = (u32, usize);

/// What is known of a local.
#[derive(Clone, Debug, Default)]
struct Facts {
    defs: u32,
    /// The last definition seen.
    def: Option<At>,
    /// Whether it's defined by reading a part of something.
    is_part: bool,
    /// The last use as a whole.
    whole: Option<At>,
    /// Whether it's used as a whole in several blocks.
    scattered: bool,
    /// Where parts are read.
    reads: Vec<(At, u32)>,
}

/// What happens to statements.
#[derive(Default)]
struct Plan {
    /// Statements to put in front of others.
    insert: FxHashMap<At, Vec<Stmt>>,
    /// Statements to replace; by nothing: they go.
    replace: FxHashMap<At, Option<Rvalue>>,
    /// Locals that are the same as others.
    rename: FxHashMap<LocalId, LocalId>,
}

/// Rewrites a function whose blocks aren't in order yet.
pub(super) fn run(program: &Program, blocks: &mut [Draft], locals: &mut Vec<LocalDecl>, params: &[LocalId]) {
    let mut done = vec![false; locals.len()];
    for _ in 0..ROUNDS {
        let facts = facts(blocks, locals.len());
        let mut plan = Plan::default();
        for index in 0..done.len() {
            if done[index] || facts[index].reads.len() < 2 || !is_product(program, locals[index].ty) {
                continue;
            }
            let whole = LocalId(index as u32);
            let Some(at) = split_at(&facts[index], &plan, params.contains(&whole)) else { continue };
            // Behind the block's end there is no place to read anything.
            if at.1 > blocks[at.0 as usize].stmts.len() {
                continue;
            }
            done[index] = true;
            split(whole, at, &facts, (blocks, locals), &mut plan);
        }
        if plan.insert.is_empty() {
            return;
        }
        apply(blocks, plan);
    }
}

/// Structs and tuples.
fn is_product(program: &Program, ty: Ty) -> bool {
    match ty.kind() {
        TyKind::App(TyCon::Tuple, _) => true,
        TyKind::App(TyCon::Adt(id), _) => matches!(program.types[*id].kind, TypeDefKind::Struct(_)),
        _ => false,
    }
}

fn facts(blocks: &mut [Draft], count: usize) -> Vec<Facts> {
    let mut facts = vec![Facts::default(); count];
    for (block, draft) in blocks.iter_mut().enumerate() {
        let block = block as u32;
        for (index, stmt) in draft.stmts.iter_mut().enumerate() {
            let part = match &stmt.kind {
                StmtKind::Assign(_, Rvalue::Project { index, .. }) => Some(*index),
                _ => None,
            };
            visit::stmt(&mut stmt.kind, &mut |local, role| {
                note(&mut facts[local.0 as usize], role, (block, index), part);
            });
        }
        let end = draft.stmts.len();
        if let Some((term, _)) = &mut draft.term {
            visit::term(term, &mut |local, role| {
                note(&mut facts[local.0 as usize], role, (block, end), None)
            });
        }
    }
    facts
}

fn note(facts: &mut Facts, role: Role, at: At, part: Option<u32>) {
    match (role, part) {
        (Role::Def, part) => {
            facts.defs += 1;
            facts.def = Some(at);
            facts.is_part |= part.is_some();
        }
        (Role::Base, Some(part)) => facts.reads.push((at, part)),
        (Role::Use | Role::Base, _) => {
            facts.scattered |= facts.whole.is_some_and(|(block, _)| block != at.0);
            facts.whole = Some(at);
        }
    }
}

/// Where a whole can be taken apart.
fn split_at(facts: &Facts, plan: &Plan, is_param: bool) -> Option<At> {
    let start = match (is_param, facts.defs, facts.def) {
        (true, _, _) => (SELF_HEAD.0, 0),
        (false, 1, Some((block, index))) => (block, index + 1),
        _ => return None,
    };
    // The statement that defines it may itself be about to move.
    if !is_param && facts.is_part && plan.replace.contains_key(&(start.0, start.1 - 1)) {
        return None;
    }
    if facts.scattered || facts.whole.is_some_and(|(block, _)| block != start.0) {
        return None;
    }
    let at = (start.0, facts.whole.map_or(start.1, |(_, index)| start.1.max(index + 1)));
    let later = facts.reads.iter().filter(|(read, _)| is_behind(*read, at));
    let worth = later.clone().count() >= 2 && later.clone().all(|(read, _)| !plan.replace.contains_key(read));
    worth.then_some(at)
}

/// Whether a read comes after a position in the same block, or stands in another block.
fn is_behind(read: At, at: At) -> bool {
    read.0 != at.0 || read.1 >= at.1
}

/// Plans to read all later parts of `whole` at `at`.
fn split(
    whole: LocalId,
    at: At,
    facts: &[Facts],
    (blocks, locals): (&[Draft], &mut Vec<LocalDecl>),
    plan: &mut Plan,
) {
    let mut known: FxHashMap<u32, LocalId> = FxHashMap::default();
    for &(read, part) in &facts[whole.0 as usize].reads {
        if !is_behind(read, at) {
            continue;
        }
        let stmt = &blocks[read.0 as usize].stmts[read.1];
        let StmtKind::Assign(local, value) = &stmt.kind else { continue };
        let alone = facts[local.0 as usize].defs == 1;
        match known.get(&part) {
            Some(&first) if alone => {
                if locals[first.0 as usize].name.is_none() {
                    let name = locals[local.0 as usize].name.take();
                    locals[first.0 as usize].name = name;
                }
                plan.rename.insert(*local, first);
                plan.replace.insert(read, None);
            }
            Some(&first) => {
                plan.replace.insert(read, Some(Rvalue::Use(Operand::Local(first))));
            }
            None if alone => {
                known.insert(part, *local);
                let kind = StmtKind::Assign(*local, value.clone());
                plan.insert.entry(at).or_default().push(Stmt { kind, span: stmt.span });
                plan.replace.insert(read, None);
            }
            None => {
                let (ty, name) = (locals[local.0 as usize].ty, None);
                locals.push(LocalDecl { ty, name });
                let fresh = LocalId(locals.len() as u32 - 1);
                known.insert(part, fresh);
                let kind = StmtKind::Assign(fresh, value.clone());
                plan.insert.entry(at).or_default().push(Stmt { kind, span: stmt.span });
                plan.replace.insert(read, Some(Rvalue::Use(Operand::Local(fresh))));
            }
        }
    }
}

fn apply(blocks: &mut [Draft], mut plan: Plan) {
    for (block, draft) in blocks.iter_mut().enumerate() {
        let mut stmts = Vec::with_capacity(draft.stmts.len());
        let old = std::mem::take(&mut draft.stmts);
        let end = old.len();
        for (index, mut stmt) in old.into_iter().enumerate() {
            let at = (block as u32, index);
            stmts.extend(plan.insert.remove(&at).into_iter().flatten());
            match plan.replace.remove(&at) {
                Some(None) => continue,
                Some(Some(value)) => {
                    if let StmtKind::Assign(_, old) = &mut stmt.kind {
                        *old = value;
                    }
                }
                None => {}
            }
            stmts.push(stmt);
        }
        stmts.extend(plan.insert.remove(&(block as u32, end)).into_iter().flatten());
        draft.stmts = stmts;
    }
    let rename = |local: &mut LocalId, _: Role| {
        while let Some(&to) = plan.rename.get(local) {
            *local = to;
        }
    };
    for draft in blocks {
        draft.stmts.iter_mut().for_each(|stmt| visit::stmt(&mut stmt.kind, &mut { rename }));
        if let Some((term, _)) = &mut draft.term {
            visit::term(term, &mut { rename });
        }
    }
}
