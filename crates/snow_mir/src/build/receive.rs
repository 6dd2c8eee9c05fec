//! `receive`, `send`: waiting with a stack, and waiting without one.
//!
//! As the last thing of a process a `receive` saves what its arms need and returns; a handler goes on. Messages are
//! looked at without being taken; the arm that fits takes the message, and its variables are read again from what it
//! took. Elsewhere a loop over the mailbox does the same and keeps the stack.

use std::rc::Rc;

use snow_abi::layout::status;
use snow_abi::{Intrinsic, RuntimeFn};
use snow_hir::{BodyId, Clause, Expr, ExprId, LocalId as HirLocal};
use snow_typeck::Ty;
use snow_typeck::matching::MatchId;

use super::emit::{Dest, Emit, raw};
use super::lower::{Lower, Source};
use super::match_::Arms;
use crate::mir::{Const, Func, FuncId, FuncKind, LocalId, Operand, Rvalue, StmtKind, Term};
use crate::mono::{Built, Mono, RunMode, What, bug};

fn int(n: i64) -> Operand {
    Operand::Const(Const::Int(n))
}

impl<'p> Lower<'_, 'p> {
    /// `send(to, message)`
    pub(crate) fn send(&mut self, to: ExprId, message: ExprId, dest: Dest) -> Built<()> {
        let ty = self.ty_of(message)?;
        let to_ty = self.ty_of(to)?;
        let ty = match to_ty.as_app() {
            Some((_, &[m])) => m,
            _ => ty,
        };
        let pid = self.expr(to)?;
        let message = self.expr(message)?;
        self.give(dest, Ty::unit(), Rvalue::Send { pid, message, ty });
        Ok(())
    }

    /// `receive do … end`
    pub(crate) fn receive(
        &mut self,
        e: ExprId,
        arms: &'p [Clause],
        after: Option<(ExprId, ExprId)>,
        dest: Dest,
    ) -> Built<()> {
        let timeout = match after {
            Some((time, _)) => self.timeout(time)?,
            None => int(-1),
        };
        if dest == Dest::Tail && self.mode == RunMode::Tail {
            return self.suspend(e, arms, (timeout, after.map(|(_, body)| body)));
        }
        self.runtime(RuntimeFn::recv_start, vec![timeout], Ty::unit());
        let (head, late, join) = (self.block(), self.block(), self.block());
        self.goto(head);
        self.enter(head);
        let message = self.runtime(RuntimeFn::recv_next, Vec::new(), raw());
        let message = self.as_local(message, raw());
        if after.is_some() {
            let candidate = self.block();
            self.end(Term::Switch { on: message, cases: vec![(0, late)], default: Some(candidate) });
            self.enter(candidate);
        }
        let ty = self.message_ty(e)?;
        let look = self.temp(ty, Rvalue::LoadPart { base: message, parts: vec![ty], index: 0, take: false });
        let tree = self.tree(MatchId::Expr(e)).ok_or_else(|| self.bug("a receive has no tree"))?;
        self.match_tree(tree, &[look], &mut BlockArms { arms, message, ty, dest, head })?;
        self.goto(join);
        self.enter_if_reached(late);
        if let Some((_, body)) = after {
            self.to(body, dest)?;
        }
        self.goto(join);
        self.enter_if_reached(join);
        Ok(())
    }

    /// The time limit in milliseconds; one that is over already is 0, since −1 stands for none.
    fn timeout(&mut self, time: ExprId) -> Built<Operand> {
        let time = self.expr(time)?;
        if let Operand::Const(Const::Int(n)) = time {
            return Ok(int(n.max(0)));
        }
        let limit = self.copy(time, Ty::int());
        let (over, join) = (self.block(), self.block());
        let negative = self.intrinsic(Intrinsic::IntLt, vec![Operand::Local(limit), int(0)], Ty::bool());
        self.branch(negative, over, join);
        self.enter_if_reached(over);
        self.assign(limit, Rvalue::Use(int(0)));
        self.goto(join);
        self.enter_if_reached(join);
        Ok(Operand::Local(limit))
    }

    fn message_ty(&self, e: ExprId) -> Built<Ty> {
        let ty = self.src.types.receives.get(e);
        Ok(self.src.ty(*ty.ok_or_else(|| self.bug("a receive has no message type"))?))
    }

    /// Saves what the arms need, and returns to the worker.
    fn suspend(
        &mut self,
        e: ExprId,
        arms: &[Clause],
        (timeout, after): (Operand, Option<ExprId>),
    ) -> Built<()> {
        if !self.alive() {
            return Ok(());
        }
        let free = self.src.info.free_of_arms(self.src.body, arms, after);
        let tys = free.iter().map(|&l| self.ty_of_local(l)).collect::<Built<Vec<Ty>>>()?;
        let subst = self.src.subst.clone();
        let body = self.src.id;
        let handler = self.instance(What::Receive(body, e), &subst)?;
        let message = self.message_ty(e)?;
        let name = super::names::of_body(self.cx, self.src.id);
        let recv = self.cx.recv(handler, tys.clone(), Some(message), &name);
        let base = self.temp(raw(), Rvalue::Suspend { recv, timeout });
        for (index, &local) in free.iter().enumerate() {
            let value = self.name(local)?;
            self.push(StmtKind::StorePart { base, parts: tys.clone(), index: index as u32, value });
        }
        self.end(Term::Return(int(status::WAITING)));
        Ok(())
    }
}

/// The arms of a `receive` that keeps its stack.
struct BlockArms<'p> {
    arms: &'p [Clause],
    message: LocalId,
    ty: Ty,
    dest: Dest,
    head: crate::mir::BlockId,
}

impl<'p> Arms<'p> for BlockArms<'p> {
    fn guard(&self, arm: u32) -> Option<ExprId> {
        self.arms.get(arm as usize).and_then(|c| c.guard)
    }

    fn commit(&mut self, lower: &mut Lower<'_, 'p>) -> Built<Option<Vec<LocalId>>> {
        let parts = vec![self.ty];
        let taken = lower.temp(self.ty, Rvalue::LoadPart { base: self.message, parts, index: 0, take: true });
        lower.runtime(RuntimeFn::recv_take, Vec::new(), Ty::unit());
        Ok(Some(vec![taken]))
    }

    fn arm(&mut self, lower: &mut Lower<'_, 'p>, arm: u32) -> Built<()> {
        let clause = self.arms.get(arm as usize).ok_or_else(|| lower.bug("an arm is missing"))?;
        lower.to(clause.body, self.dest)
    }

    fn fail(&mut self, lower: &mut Lower<'_, 'p>) -> Built<()> {
        lower.runtime(RuntimeFn::recv_skip, Vec::new(), Ty::unit());
        lower.goto_back(self.head);
        Ok(())
    }
}

/// The arms of a `receive` that is a handler's whole work.
struct HandlerArms<'p> {
    arms: &'p [Clause],
    state: Saved,
    message: LocalId,
    ty: Ty,
    /// The saved values as guards see them: still in the state.
    looked_at: Vec<(HirLocal, LocalId)>,
}

/// What was saved for a handler.
struct Saved {
    base: LocalId,
    names: Rc<[HirLocal]>,
    tys: Vec<Ty>,
    /// Where the values go once an arm is taken.
    taken: Vec<LocalId>,
}

impl Saved {
    fn load(&self, index: usize, take: bool) -> Rvalue {
        Rvalue::LoadPart { base: self.base, parts: self.tys.clone(), index: index as u32, take }
    }

    fn take(&self, lower: &mut Lower<'_, '_>) {
        for (index, &local) in self.taken.iter().enumerate() {
            lower.assign(local, self.load(index, true));
        }
        self.bind(lower);
    }

    fn bind(&self, lower: &mut Lower<'_, '_>) {
        for (&name, &local) in self.names.iter().zip(&self.taken) {
            lower.bind(name, Operand::Local(local));
        }
    }
}

impl<'p> Arms<'p> for HandlerArms<'p> {
    fn guard(&self, arm: u32) -> Option<ExprId> {
        self.arms.get(arm as usize).and_then(|c| c.guard)
    }

    fn before_guard(&mut self, lower: &mut Lower<'_, 'p>) {
        for &(name, local) in &self.looked_at {
            lower.bind(name, Operand::Local(local));
        }
    }

    fn commit(&mut self, lower: &mut Lower<'_, 'p>) -> Built<Option<Vec<LocalId>>> {
        self.state.take(lower);
        let parts = vec![self.ty];
        let taken = lower.temp(self.ty, Rvalue::LoadPart { base: self.message, parts, index: 0, take: true });
        Ok(Some(vec![taken]))
    }

    fn arm(&mut self, lower: &mut Lower<'_, 'p>, arm: u32) -> Built<()> {
        self.state.bind(lower);
        let clause = self.arms.get(arm as usize).ok_or_else(|| lower.bug("an arm is missing"))?;
        lower.to(clause.body, Dest::Tail)
    }

    fn fail(&mut self, lower: &mut Lower<'_, 'p>) -> Built<()> {
        lower.end(Term::Return(int(status::UNMATCHED)));
        Ok(())
    }
}

/// Builds the handler of a `receive` in tail position.
pub(crate) fn handler(
    cx: &mut Mono<'_>,
    this: FuncId,
    (id, e): (BodyId, ExprId),
    args: &[Ty],
) -> Built<Func> {
    let src = Source::new(cx, id, args)?;
    let body = src.body;
    let span = src.span(e).unwrap_or_else(super::nowhere);
    let Expr::Receive { arms, after } = &body.exprs[e] else { return Err(bug(span, "no receive")) };
    let mut lower = Lower::new(Emit::new(cx, this, FuncKind::Handler, Ty::unit(), span), src);
    let (base, message) = lower.handler_params();
    let names = lower.src.info.free_of_arms(body, arms, after.map(|(_, body)| body));
    let tys = names.iter().map(|&l| lower.ty_of_local(l)).collect::<Built<Vec<Ty>>>()?;
    let taken = tys.iter().map(|&ty| lower.local(ty)).collect();
    let state = Saved { base, names, tys, taken };
    if let Some((_, late_body)) = after {
        let (late, got) = (lower.block(), lower.block());
        lower.end(Term::Switch { on: message, cases: vec![(0, late)], default: Some(got) });
        lower.enter(late);
        state.take(&mut lower);
        lower.to(*late_body, Dest::Tail)?;
        lower.enter(got);
    }
    let ty = lower.message_ty(e)?;
    let mut looked_at = Vec::new();
    if arms.iter().any(|arm| arm.guard.is_some()) {
        for (index, &name) in state.names.iter().enumerate() {
            let local = lower.temp(state.tys[index], state.load(index, false));
            looked_at.push((name, local));
        }
    }
    let look = lower.temp(ty, Rvalue::LoadPart { base: message, parts: vec![ty], index: 0, take: false });
    let tree = lower.tree(MatchId::Expr(e)).ok_or_else(|| bug(span, "a receive has no tree"))?;
    lower.match_tree(tree, &[look], &mut HandlerArms { arms, state, message, ty, looked_at })?;
    lower.finish()
}
