//! Specialises functions for the closures that they are given.
//!
//! `List.map(xs, fn x -> x + base end)` becomes a copy of `List.map` that takes `base` in place of the closure and calls
//! the closure's code directly: no cell is made, no code address is loaded, and LLVM can inline. A parameter
//! qualifies if the function only calls it, or passes it on to one that qualifies. Arguments qualify where the closure
//! is made in the block of the call.

use snow_base::{FxHashMap, FxHashSet};

use crate::layout::Layouts;
use crate::mir::{
    Block, Const, Func, FuncId, FuncKind, LocalDecl, LocalId, Mir, Mode, Operand, Rvalue, StmtKind, Term,
};
use crate::visit::{self, Role};

/// Functions of more statements aren't copied.
const MAX_STMTS: usize = 300;

/// How many functions may be added in all.
const MAX_COPIES: usize = 4000;

/// A parameter of a function.
type Param = (FuncId, usize);

/// Specialises calls in all functions, those that it adds included.
pub(super) fn run(mir: &mut Mir, _layouts: &Layouts<'_>) {
    let called_only = called_only(mir);
    let mut this = Specialiser { called_only, copies: FxHashMap::default(), direct: FxHashMap::default() };
    let limit = mir.fns.len() + MAX_COPIES;
    let mut index = 0;
    while index < mir.fns.len() {
        if mir.fns.len() < limit {
            this.calls_of(mir, index);
        }
        index += 1;
    }
}

/// The parameters that are only called or passed on to such parameters.
fn called_only(mir: &Mir) -> FxHashSet<Param> {
    let mut good: FxHashSet<Param> = FxHashSet::default();
    for (index, func) in mir.fns.iter().enumerate() {
        if func.kind == FuncKind::Direct && size(func) <= MAX_STMTS {
            let fns = func.params.iter().enumerate().filter(|(_, p)| is_fn(func, **p));
            good.extend(fns.map(|(at, _)| (FuncId(index as u32), at)));
        }
    }
    loop {
        let bad: Vec<Param> = good.iter().copied().filter(|&p| !only_called(mir, p, &good)).collect();
        if bad.is_empty() {
            return good;
        }
        for param in bad {
            good.remove(&param);
        }
    }
}

fn is_fn(func: &Func, local: LocalId) -> bool {
    func.locals[local.0 as usize].ty.as_fn().is_some()
}

fn size(func: &Func) -> usize {
    func.blocks.iter().map(|b| b.stmts.len() + 1).sum()
}

fn only_called(mir: &Mir, (id, at): Param, good: &FxHashSet<Param>) -> bool {
    let func = &mir.fns[id.0 as usize];
    let param = func.params[at];
    let op = Operand::Local(param);
    let passed_well = |callee: FuncId, args: &[Operand]| {
        args.iter().enumerate().all(|(at, arg)| *arg != op || good.contains(&(callee, at)))
    };
    let mut called = false;
    let stmts_fit = func.blocks.iter().flat_map(|b| &b.stmts).all(|stmt| match &stmt.kind {
        StmtKind::Assign(dst, _) if *dst == param => false,
        StmtKind::Assign(_, Rvalue::CallClosure { closure, args }) => {
            called |= *closure == op;
            !args.contains(&op)
        }
        StmtKind::Assign(_, Rvalue::Call { func, args }) => {
            called |= args.contains(&op);
            passed_well(*func, args)
        }
        kind => !mentions(kind, param),
    });
    let terms_fit = func.blocks.iter().all(|block| match &block.term {
        Term::TailCallClosure { closure, args } => {
            called |= *closure == op;
            !args.contains(&op)
        }
        Term::TailCall { func, args } => {
            called |= args.contains(&op);
            passed_well(*func, args)
        }
        Term::Return(value) => *value != op,
        Term::Switch { .. } | Term::Goto(_) | Term::Unreachable => true,
    });
    stmts_fit && terms_fit && called
}

fn mentions(kind: &StmtKind, local: LocalId) -> bool {
    let mut found = false;
    let mut kind = kind.clone();
    visit::stmt(&mut kind, &mut |l, _| found |= *l == local);
    found
}

/// A closure argument that can be taken apart.
#[derive(Clone)]
struct Known {
    code: FuncId,
    captures: Vec<Operand>,
}

/// A parameter of a copy that was taken apart.
struct Taken {
    code: FuncId,
    captures: Vec<LocalId>,
}

struct Specialiser {
    called_only: FxHashSet<Param>,
    /// Copies made: the function with, for each parameter, the code of the closure that it is known to be.
    copies: FxHashMap<(FuncId, Vec<Option<FuncId>>), FuncId>,
    /// Directly callable forms of closures' code.
    direct: FxHashMap<FuncId, FuncId>,
}

impl Specialiser {
    /// Rewrites the calls in one function.
    fn calls_of(&mut self, mir: &mut Mir, index: usize) {
        for block in 0..mir.fns[index].blocks.len() {
            for at in 0..=mir.fns[index].blocks[block].stmts.len() {
                let Some((callee, args)) = call_at(&mir.fns[index], block, at) else { continue };
                let known: Vec<Option<Known>> = (args.iter().enumerate())
                    .map(|(param, arg)| {
                        let fits = self.called_only.contains(&(callee, param));
                        fits.then(|| known_closure(mir, index, block, at, arg)).flatten()
                    })
                    .collect();
                if known.iter().all(Option::is_none) {
                    continue;
                }
                let codes: Vec<Option<FuncId>> = known.iter().map(|k| k.as_ref().map(|k| k.code)).collect();
                let copy = self.copy(mir, callee, &codes);
                let args = args.into_iter().zip(known);
                let args = args.flat_map(|(arg, known)| known.map_or_else(|| vec![arg], |k| k.captures));
                let args = args.collect();
                replace_call(&mut mir.fns[index], block, at, copy, args);
            }
        }
        remove_unused_closures(&mut mir.fns[index]);
    }

    /// The copy of a function whose parameters are known closures where `codes` says so.
    fn copy(&mut self, mir: &mut Mir, id: FuncId, codes: &[Option<FuncId>]) -> FuncId {
        if let Some(&known) = self.copies.get(&(id, codes.to_vec())) {
            return known;
        }
        let copy_id = FuncId(mir.fns.len() as u32);
        self.copies.insert((id, codes.to_vec()), copy_id);
        let mut copy = mir.fns[id.0 as usize].clone();
        copy.symbol = format!("{}.s{}", copy.symbol, copy_id.0);
        // The number is taken now: the copy may call itself.
        mir.fns.push(copy.clone());
        let mut taken: FxHashMap<LocalId, Taken> = FxHashMap::default();
        let mut params = Vec::new();
        for (&param, code) in copy.params.clone().iter().zip(codes) {
            match code {
                None => params.push(param),
                Some(code) => {
                    let captures = add_captures(mir, *code, &mut copy);
                    params.extend(&captures);
                    taken.insert(param, Taken { code: *code, captures });
                }
            }
        }
        copy.modes = vec![Mode::Own; params.len()];
        copy.params = params;
        self.call_directly(mir, &mut copy, &taken);
        mir.fns[copy_id.0 as usize] = params_first(copy);
        copy_id
    }

    /// Turns calls of the known parameters into direct ones, and passes their captures on.
    fn call_directly(&mut self, mir: &mut Mir, copy: &mut Func, taken: &FxHashMap<LocalId, Taken>) {
        let part = |arg: &Operand| match arg {
            Operand::Local(local) => taken.get(local),
            Operand::Const(_) => None,
        };
        let captures = |t: &Taken| t.captures.iter().map(|&c| Operand::Local(c)).collect::<Vec<_>>();
        for block in 0..copy.blocks.len() {
            for at in 0..=copy.blocks[block].stmts.len() {
                if let Some((closure, args)) = closure_call_at(copy, block, at) {
                    if let Some(known) = part(&closure) {
                        let direct = self.direct(mir, known.code);
                        let args = captures(known).into_iter().chain(args).collect();
                        replace_call(copy, block, at, direct, args);
                    }
                } else if let Some((callee, args)) = call_at(copy, block, at) {
                    let codes: Vec<Option<FuncId>> = args.iter().map(|a| part(a).map(|t| t.code)).collect();
                    if codes.iter().any(Option::is_some) {
                        let target = self.copy(mir, callee, &codes);
                        let args = args.into_iter().flat_map(|a| part(&a).map_or_else(|| vec![a], captures));
                        let args = args.collect();
                        replace_call(copy, block, at, target, args);
                    }
                }
            }
        }
    }

    /// The form of a closure's code that takes the captured values as its first parameters.
    fn direct(&mut self, mir: &mut Mir, code: FuncId) -> FuncId {
        if let Some(&known) = self.direct.get(&code) {
            return known;
        }
        let id = FuncId(mir.fns.len() as u32);
        self.direct.insert(code, id);
        let mut func = mir.fns[code.0 as usize].clone();
        func.symbol = format!("{}.d{}", func.symbol, id.0);
        let captures = add_captures(mir, code, &mut func);
        func.kind = FuncKind::Direct;
        func.params.splice(0..1, captures.iter().copied());
        func.modes = vec![Mode::Own; func.params.len()];
        let mut renamed: FxHashMap<LocalId, LocalId> = FxHashMap::default();
        for stmt in func.blocks.iter().flat_map(|b| &b.stmts) {
            if let StmtKind::Assign(dst, Rvalue::Capture { index, .. }) = &stmt.kind {
                renamed.insert(*dst, captures[*index as usize]);
            }
        }
        for block in &mut func.blocks {
            block.stmts.retain(|s| !matches!(&s.kind, StmtKind::Assign(_, Rvalue::Capture { .. })));
            rename(block, &mut |l, _| *l = renamed.get(l).copied().unwrap_or(*l));
        }
        mir.fns.push(params_first(func));
        id
    }
}

/// The direct call at a place; the number of statements stands for the terminator.
fn call_at(func: &Func, block: usize, at: usize) -> Option<(FuncId, Vec<Operand>)> {
    let block = &func.blocks[block];
    match (block.stmts.get(at).map(|s| &s.kind), &block.term) {
        (Some(StmtKind::Assign(_, Rvalue::Call { func, args })), _) => Some((*func, args.clone())),
        (None, Term::TailCall { func, args }) => Some((*func, args.clone())),
        _ => None,
    }
}

/// The call of a closure at a place.
fn closure_call_at(func: &Func, block: usize, at: usize) -> Option<(Operand, Vec<Operand>)> {
    let block = &func.blocks[block];
    match (block.stmts.get(at).map(|s| &s.kind), &block.term) {
        (Some(StmtKind::Assign(_, Rvalue::CallClosure { closure, args })), _)
        | (None, Term::TailCallClosure { closure, args }) => Some((closure.clone(), args.clone())),
        _ => None,
    }
}

fn replace_call(func: &mut Func, block: usize, at: usize, callee: FuncId, args: Vec<Operand>) {
    let block = &mut func.blocks[block];
    match block.stmts.get_mut(at).map(|s| &mut s.kind) {
        Some(StmtKind::Assign(_, rvalue)) => *rvalue = Rvalue::Call { func: callee, args },
        _ => block.term = Term::TailCall { func: callee, args },
    }
}

/// The closure that an argument is known to be: a function without captures, or one made before in the block, of
/// values that are still the same.
fn known_closure(mir: &Mir, index: usize, block: usize, at: usize, arg: &Operand) -> Option<Known> {
    let func = &mir.fns[index];
    match arg {
        Operand::Const(Const::Func(code)) => Some(Known { code: *code, captures: Vec::new() }),
        Operand::Const(_) => None,
        Operand::Local(local) => {
            let stmts = &func.blocks[block].stmts[..at];
            let made =
                stmts.iter().rposition(|s| matches!(&s.kind, StmtKind::Assign(dst, _) if dst == local))?;
            let StmtKind::Assign(_, Rvalue::MakeClosure { func: code, captures }) = &stmts[made].kind else {
                return None;
            };
            let changed = stmts[made + 1..].iter().any(|s| match &s.kind {
                StmtKind::Assign(dst, _) => captures.contains(&Operand::Local(*dst)),
                _ => false,
            });
            (!changed).then(|| Known { code: *code, captures: captures.clone() })
        }
    }
}

/// Adds a local for each captured value of a closure's code.
fn add_captures(mir: &Mir, code: FuncId, func: &mut Func) -> Vec<LocalId> {
    let FuncKind::Closure(captures) = &mir.fns[code.0 as usize].kind else {
        return Vec::new();
    };
    let first = func.locals.len() as u32;
    func.locals.extend(captures.iter().map(|&ty| LocalDecl { ty, name: None }));
    (first..func.locals.len() as u32).map(LocalId).collect()
}

/// Renumbers the locals so that the parameters come first, as everywhere in MIR.
fn params_first(mut func: Func) -> Func {
    let mut order: Vec<LocalId> = func.params.clone();
    order.extend((0..func.locals.len() as u32).map(LocalId).filter(|l| !func.params.contains(l)));
    let mut place = vec![LocalId(0); order.len()];
    for (new, old) in order.iter().enumerate() {
        place[old.0 as usize] = LocalId(new as u32);
    }
    func.locals = order.iter().map(|old| func.locals[old.0 as usize].clone()).collect();
    func.params = (0..func.params.len() as u32).map(LocalId).collect();
    for block in &mut func.blocks {
        rename(block, &mut |l, _| *l = place[l.0 as usize]);
    }
    func
}

fn rename(block: &mut Block, f: &mut dyn FnMut(&mut LocalId, Role)) {
    block.stmts.iter_mut().for_each(|s| visit::stmt(&mut s.kind, f));
    visit::term(&mut block.term, f);
}

/// Removes closures that nothing uses any more.
fn remove_unused_closures(func: &mut Func) {
    let mut uses = vec![0u32; func.locals.len()];
    for block in &mut func.blocks {
        rename(block, &mut |l, role| uses[l.0 as usize] += u32::from(role != Role::Def));
    }
    for block in &mut func.blocks {
        block.stmts.retain(|s| match &s.kind {
            StmtKind::Assign(dst, Rvalue::MakeClosure { .. }) => uses[dst.0 as usize] > 0,
            _ => true,
        });
    }
}
