//! Specialises functions for the closures that they are given.
//!
//! `List.map(xs, fn x -> x + base end)` becomes a copy of `List.map` that takes `base` in place of the closure and makes the
//! closure itself: so it knows what it calls, calls it directly, and nothing is made after all; LLVM can inline. A
//! parameter qualifies if the function only calls it, passes it on to one that qualifies, or captures it in a closure that
//! does the same with it. It goes in rounds: what one finds out, the next builds on, so a pipeline of closures in
//! closures is resolved from its end to its source.

use snow_base::{FxHashMap, FxHashSet};

use super::inline;
use super::known::{Closure, Known};
use crate::layout::Layouts;
use crate::mir::{
    Block, BlockId, Const, Func, FuncId, FuncKind, LocalDecl, LocalId, Mir, Mode, Operand, Rvalue, Stmt,
    StmtKind, Term,
};
use crate::visit::{self, Role};

/// Functions of more statements aren't copied.
const MAX_STMTS: usize = 300;

/// How many functions may be added in all.
const MAX_COPIES: usize = 4000;

/// How many rounds there are at most.
const MAX_ROUNDS: usize = 24;

/// How often a copy is copied again at most.
const MAX_DEPTH: u32 = 16;

/// Where a function may get a closure from.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Source {
    Param(FuncId, usize),
    Capture(FuncId, usize),
}

/// Specialises calls in all functions, those that it adds included.
pub(super) fn run(mir: &mut Mir, layouts: &Layouts<'_>) {
    let mut this = Specialiser {
        called_only: FxHashSet::default(),
        copies: FxHashMap::default(),
        direct: FxHashMap::default(),
        depth: FxHashMap::default(),
        limit: mir.fns.len() + MAX_COPIES,
    };
    let mut todo: Vec<usize> = (0..mir.fns.len()).collect();
    for _ in 0..MAX_ROUNDS {
        let candidates = inline::candidates(mir, layouts);
        for &index in &todo {
            if inline::calls_in(mir, index, &candidates) {
                inline::forward(&mut mir.fns[index]);
            }
        }
        this.called_only = called_only(mir);
        let before = mir.fns.len();
        // What another function does with a closure may be clear only now, so all are looked at.
        let changed: Vec<usize> = (0..before).filter(|&index| this.calls_of(mir, index)).collect();
        if changed.is_empty() {
            return;
        }
        todo = changed.into_iter().chain(before..mir.fns.len()).collect();
        todo.iter().for_each(|&index| inline::forward(&mut mir.fns[index]));
    }
}

/// The places whose closures are only called, passed on or captured well.
fn called_only(mir: &Mir) -> FxHashSet<Source> {
    let mut good: FxHashSet<Source> = FxHashSet::default();
    for (index, func) in mir.fns.iter().enumerate().filter(|(_, f)| size(f) <= MAX_STMTS) {
        let id = FuncId(index as u32);
        match &func.kind {
            FuncKind::Direct => {
                let fns = func.params.iter().enumerate().filter(|(_, p)| is_fn(func, **p));
                good.extend(fns.map(|(at, _)| Source::Param(id, at)));
            }
            FuncKind::Closure(captures) => {
                let fns = captures.iter().enumerate().filter(|(_, ty)| ty.as_fn().is_some());
                good.extend(fns.map(|(at, _)| Source::Capture(id, at)));
            }
            FuncKind::Handler => {}
        }
    }
    loop {
        let bad: Vec<Source> = good.iter().copied().filter(|&s| !only_called(mir, s, &good)).collect();
        if bad.is_empty() {
            return good;
        }
        for source in bad {
            good.remove(&source);
        }
    }
}

fn is_fn(func: &Func, local: LocalId) -> bool {
    func.locals[local.0 as usize].ty.as_fn().is_some()
}

fn size(func: &Func) -> usize {
    func.blocks.iter().map(|b| b.stmts.len() + 1).sum()
}

fn only_called(mir: &Mir, source: Source, good: &FxHashSet<Source>) -> bool {
    match source {
        Source::Param(id, at) => {
            let func = &mir.fns[id.0 as usize];
            is_called(func, func.params[at], good)
        }
        Source::Capture(id, at) => {
            let func = &mir.fns[id.0 as usize];
            let reads = func.blocks.iter().flat_map(|b| &b.stmts).filter_map(|s| match &s.kind {
                StmtKind::Assign(dst, Rvalue::Capture { index, .. }) if *index as usize == at => Some(*dst),
                _ => None,
            });
            let mut reads = reads.peekable();
            reads.peek().is_some() && reads.all(|local| is_called(func, local, good))
        }
    }
}

/// Whether a local is called or passed on somewhere, and nothing else is done with it.
fn is_called(func: &Func, local: LocalId, good: &FxHashSet<Source>) -> bool {
    let op = Operand::Local(local);
    let fits = |ops: &[Operand], source: &dyn Fn(usize) -> Source| {
        ops.iter().enumerate().all(|(at, arg)| *arg != op || good.contains(&source(at)))
    };
    let mut called = false;
    let stmts_fit = func.blocks.iter().flat_map(|b| &b.stmts).all(|stmt| match &stmt.kind {
        StmtKind::Assign(dst, Rvalue::Capture { .. }) if *dst == local => true,
        StmtKind::Assign(dst, _) if *dst == local => false,
        StmtKind::Assign(_, Rvalue::CallClosure { closure, args }) => {
            called |= *closure == op;
            !args.contains(&op)
        }
        StmtKind::Assign(_, Rvalue::Call { func, args }) => {
            called |= args.contains(&op);
            fits(args, &|at| Source::Param(*func, at))
        }
        StmtKind::Assign(_, Rvalue::MakeClosure { func, captures }) => {
            called |= captures.contains(&op);
            fits(captures, &|at| Source::Capture(*func, at))
        }
        kind => !mentions(kind, local),
    });
    let terms_fit = func.blocks.iter().all(|block| match &block.term {
        Term::TailCallClosure { closure, args } => {
            called |= *closure == op;
            !args.contains(&op)
        }
        Term::TailCall { func, args } => {
            called |= args.contains(&op);
            fits(args, &|at| Source::Param(*func, at))
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

struct Specialiser {
    called_only: FxHashSet<Source>,
    /// Copies made: the function with, for each parameter, the code of the closure that it is known to be.
    copies: FxHashMap<(FuncId, Vec<Option<FuncId>>), FuncId>,
    /// Directly callable forms of closures' code.
    direct: FxHashMap<FuncId, FuncId>,
    /// How often a copy was copied from another.
    depth: FxHashMap<FuncId, u32>,
    limit: usize,
}

impl Specialiser {
    /// Rewrites the calls in one function. Whether any changed.
    fn calls_of(&mut self, mir: &mut Mir, index: usize) -> bool {
        let known = Known::of(&mir.fns[index]);
        let mut changed = false;
        for block in 0..mir.fns[index].blocks.len() {
            for at in 0..=mir.fns[index].blocks[block].stmts.len() {
                if mir.fns.len() >= self.limit {
                    return changed;
                }
                changed |= self.call_closure(mir, (index, block, at), &known);
                changed |= self.call(mir, (index, block, at), &known);
            }
        }
        changed
    }

    /// Calls a closure directly if it is known.
    fn call_closure(
        &mut self,
        mir: &mut Mir,
        (index, block, at): (usize, usize, usize),
        known: &Known,
    ) -> bool {
        let func = &mir.fns[index];
        let Some((closure, args)) = closure_call_at(func, block, at) else { return false };
        let Some(Closure { code, captures }) = known.closure(func, (block, at), &closure) else {
            return false;
        };
        let direct = self.direct(mir, code);
        replace_call(&mut mir.fns[index], block, at, direct, captures.into_iter().chain(args).collect());
        true
    }

    /// Calls a copy of a function that knows the closures it is given.
    fn call(&mut self, mir: &mut Mir, (index, block, at): (usize, usize, usize), known: &Known) -> bool {
        let func = &mir.fns[index];
        let Some((callee, args)) = call_at(func, block, at) else { return false };
        if self.depth.get(&callee).is_some_and(|&depth| depth >= MAX_DEPTH) {
            return false;
        }
        let closures: Vec<Option<Closure>> = (args.iter().enumerate())
            .map(|(param, arg)| {
                let fits = self.called_only.contains(&Source::Param(callee, param));
                fits.then(|| known.closure(func, (block, at), arg)).flatten()
            })
            .collect();
        if closures.iter().all(Option::is_none) {
            return false;
        }
        let codes: Vec<Option<FuncId>> = closures.iter().map(|k| k.as_ref().map(|k| k.code)).collect();
        let copy = self.copy(mir, callee, &codes);
        let args = args.into_iter().zip(closures);
        let args = args.flat_map(|(arg, known)| known.map_or_else(|| vec![arg], |k| k.captures));
        replace_call(&mut mir.fns[index], block, at, copy, args.collect());
        true
    }

    /// The copy of a function whose parameters are known closures where `codes` says so: it makes them at its start.
    fn copy(&mut self, mir: &mut Mir, id: FuncId, codes: &[Option<FuncId>]) -> FuncId {
        if let Some(&known) = self.copies.get(&(id, codes.to_vec())) {
            return known;
        }
        let copy_id = FuncId(mir.fns.len() as u32);
        self.copies.insert((id, codes.to_vec()), copy_id);
        self.depth.insert(copy_id, self.depth.get(&id).map_or(1, |depth| depth + 1));
        let mut copy = mir.fns[id.0 as usize].clone();
        copy.symbol = format!("{}.s{}", copy.symbol, copy_id.0);
        let mut made = Vec::new();
        let mut params = Vec::new();
        for (&param, code) in copy.params.clone().iter().zip(codes) {
            match code {
                None => params.push(param),
                Some(code) => {
                    let captures = add_captures(mir, *code, &mut copy);
                    params.extend(&captures);
                    let captures = captures.into_iter().map(Operand::Local).collect::<Vec<_>>();
                    let closure = match captures.is_empty() {
                        true => Rvalue::Use(Operand::Const(Const::Func(*code))),
                        false => Rvalue::MakeClosure { func: *code, captures },
                    };
                    made.push(Stmt { kind: StmtKind::Assign(param, closure), span: copy.span });
                }
            }
        }
        copy.modes = vec![Mode::Own; params.len()];
        copy.params = params;
        start_with(&mut copy, made);
        mir.fns.push(params_first(copy));
        copy_id
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

/// Puts statements in front of all others, outside every loop.
fn start_with(func: &mut Func, stmts: Vec<Stmt>) {
    let entry = BlockId(0);
    if func.blocks.iter().any(|b| b.term.successors().contains(&entry)) {
        let moved = BlockId(func.blocks.len() as u32);
        let first = Block { stmts: Vec::new(), term: Term::Goto(moved), span: func.blocks[0].span };
        let old = std::mem::replace(&mut func.blocks[0], first);
        func.blocks.push(old);
        func.blocks.iter_mut().skip(1).for_each(|block| redirect(&mut block.term, entry, moved));
    }
    func.blocks[0].stmts.splice(0..0, stmts);
}

fn redirect(term: &mut Term, from: BlockId, to: BlockId) {
    let change = |block: &mut BlockId| {
        if *block == from {
            *block = to;
        }
    };
    match term {
        Term::Goto(block) => change(block),
        Term::Switch { cases, default, .. } => {
            cases.iter_mut().map(|case| &mut case.1).chain(default).for_each(change);
        }
        _ => {}
    }
}

/// The direct call at a place; the number of statements stands for the terminator.
pub(super) fn call_at(func: &Func, block: usize, at: usize) -> Option<(FuncId, Vec<Operand>)> {
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
