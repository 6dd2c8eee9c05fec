//! `receive`, `send`: waiting with a stack, and waiting without one.
//!
//! As the last thing of a process a `receive` saves what its arms need and returns; a handler goes on. Messages are
//! looked at without being taken; the arm that fits takes the message, and its variables are read again from what it
//! took. Elsewhere a loop over the mailbox does the same and keeps the stack.

use std::rc::Rc;

use snow_abi::layout::status;
use snow_abi::signals::{MESSAGE, SIGNALS, SignalPart};
use snow_abi::{Intrinsic, LangItem, RuntimeFn};
use snow_hir::{BodyId, BuiltinTy, Clause, Expr, ExprId, LocalId as HirLocal, Pat, PatId};
use snow_typeck::Ty;
use snow_typeck::matching::{MatchId, MatchTree, Node};

use super::emit::{Dest, Emit, raw};
use super::lower::{Lower, Source};
use super::match_::Arms;
use crate::mir::{BlockId, Const, Func, FuncId, FuncKind, LocalId, Operand, Rvalue, StmtKind, Term};
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
        if to_ty.as_app().is_some_and(|(con, _)| con == snow_typeck::TyCon::Tuple) {
            let what = "sending to a process of another node";
            return Err(Box::new(snow_diagnostics::not_supported(what, self.span)));
        }
        let pid = self.expr(to)?;
        let message = self.expr(message)?;
        let name = match to_ty {
            name if name == Ty::string() => Some(pid.clone()),
            name if name == Ty::atom() => {
                Some(self.runtime(RuntimeFn::atom_to_str, vec![pid.clone()], Ty::string()))
            }
            _ => None,
        };
        if let Some(name) = name {
            let fingerprint = super::fingerprint(self.cx.program, self.cx.typed, ty) as i64;
            let (func, args) = (RuntimeFn::send_named, vec![name, int(fingerprint)]);
            self.give(dest, Ty::unit(), Rvalue::SendBy { func, args, message, ty });
            return Ok(());
        }
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
        let kinds = self.kinds(e, arms)?;
        let signals = signal_bits(&kinds);
        self.runtime(RuntimeFn::recv_start, vec![timeout], Ty::unit());
        if signals != 0 {
            self.runtime(RuntimeFn::recv_signals, vec![int(i64::from(signals))], Ty::unit());
        }
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
        self.each_kind(kinds, message, |lower, kind, looks| {
            let tys = kind.tys;
            lower.match_tree(kind.tree, looks, &mut BlockArms { arms, message, tys, dest, head })?;
            lower.goto(join);
            Ok(())
        })?;
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

    /// The kinds of messages that a `receive` has arms for.
    fn kinds(&self, e: ExprId, arms: &[Clause]) -> Built<Vec<Kind<'p>>> {
        let mut kinds = Vec::new();
        let pats = &self.src.body.pats;
        let signal = |p: PatId| matches!(pats[p], Pat::Signal(..));
        let is_signal = |c: &Clause| match c.pats[..] {
            [p] => signal(p) || matches!(&pats[p], Pat::Or(all) if all.iter().all(|&p| signal(p))),
            _ => false,
        };
        if arms.is_empty() || arms.iter().any(|c| !is_signal(c)) {
            let tree = self.tree(MatchId::Expr(e)).ok_or_else(|| self.bug("a receive has no tree"))?;
            kinds.push(Kind { number: MESSAGE, tree, tys: vec![self.message_ty(e)?] });
        }
        for signal in &SIGNALS {
            if let Some(tree) = self.tree(MatchId::Signal(e, signal.kind)) {
                let tys = signal.parts.iter().map(|&part| self.part_of_signal(part));
                kinds.push(Kind { number: signal.kind, tree, tys: tys.collect::<Built<Vec<Ty>>>()? });
            }
        }
        Ok(kinds)
    }

    /// The type of a part of a signal.
    fn part_of_signal(&self, part: SignalPart) -> Built<Ty> {
        let item = match part {
            SignalPart::Pid => return Ok(Ty::builtin(BuiltinTy::AnyPid)),
            SignalPart::Text => return Ok(Ty::string()),
            SignalPart::MonitorRef => LangItem::MonitorRef,
            SignalPart::TimerRef => LangItem::TimerRef,
            SignalPart::Reason => LangItem::ExitReason,
        };
        let found = self.cx.program.lang.types.get(&item).copied();
        Ok(Ty::adt(found.ok_or_else(|| self.bug(format_args!("std lacks `{}`", item.name())))?, vec![]))
    }

    /// Builds the arms of each kind of message, with looks at the message's parts.
    fn each_kind(
        &mut self,
        kinds: Vec<Kind<'p>>,
        message: LocalId,
        mut arms: impl FnMut(&mut Self, Kind<'p>, &[LocalId]) -> Built<()>,
    ) -> Built<()> {
        let blocks: Vec<BlockId> = kinds.iter().map(|_| self.block()).collect();
        match kinds.as_slice() {
            // Without arms for signals only messages are offered.
            [only] if only.number == MESSAGE => self.goto(blocks[0]),
            _ => {
                let on = self.runtime(RuntimeFn::recv_kind, Vec::new(), Ty::int());
                let on = self.as_local(on, Ty::int());
                let other = self.block();
                let cases = kinds.iter().zip(&blocks).map(|(k, &b)| (k.number, b)).collect();
                self.end(Term::Switch { on, cases, default: Some(other) });
                // Messages are always offered, and no arm takes them here.
                self.enter(other);
                let none = Kind { number: MESSAGE, tree: &NOTHING, tys: Vec::new() };
                arms(self, none, &[])?;
            }
        }
        for (kind, block) in kinds.into_iter().zip(blocks) {
            self.enter(block);
            let mut looks = Vec::new();
            for (index, &ty) in kind.tys.iter().enumerate() {
                let parts = kind.tys.clone();
                let look = Rvalue::LoadPart { base: message, parts, index: index as u32, take: false };
                looks.push(self.temp(ty, look));
            }
            arms(self, kind, &looks)?;
        }
        Ok(())
    }

    /// Takes the parts of a message.
    fn take_parts(&mut self, message: LocalId, tys: &[Ty]) -> Vec<LocalId> {
        let mut taken = Vec::new();
        for (index, &ty) in tys.iter().enumerate() {
            let parts = tys.to_vec();
            let take = Rvalue::LoadPart { base: message, parts, index: index as u32, take: true };
            taken.push(self.temp(ty, take));
        }
        taken
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
        let signals = signal_bits(&self.kinds(e, arms)?);
        let recv = self.cx.recv(handler, tys.clone(), Some(message), &name);
        self.cx.recvs[recv.0 as usize].signals = signals;
        let base = self.temp(raw(), Rvalue::Suspend { recv, timeout });
        for (index, &local) in free.iter().enumerate() {
            let value = self.name(local)?;
            self.push(StmtKind::StorePart { base, parts: tys.clone(), index: index as u32, value });
        }
        self.end(Term::Return(int(status::WAITING)));
        Ok(())
    }
}

/// One kind of message that a `receive` takes.
struct Kind<'p> {
    /// The answer of `recv_kind`.
    number: i64,
    tree: &'p MatchTree,
    /// The types of what the tree matches.
    tys: Vec<Ty>,
}

/// The tree of a kind of message that no arm takes.
static NOTHING: MatchTree = MatchTree { places: Vec::new(), root: Node::Fail, unreachable: Vec::new() };

/// The signals among these kinds as bits.
fn signal_bits(kinds: &[Kind<'_>]) -> u32 {
    kinds.iter().filter(|k| k.number != MESSAGE).map(|k| 1 << k.number).sum()
}

/// The arms of a `receive` that keeps its stack.
struct BlockArms<'p> {
    arms: &'p [Clause],
    message: LocalId,
    /// The types of what is taken.
    tys: Vec<Ty>,
    dest: Dest,
    head: BlockId,
}

impl<'p> Arms<'p> for BlockArms<'p> {
    fn guard(&self, arm: u32) -> Option<ExprId> {
        self.arms.get(arm as usize).and_then(|c| c.guard)
    }

    fn commit(&mut self, lower: &mut Lower<'_, 'p>) -> Built<Option<Vec<LocalId>>> {
        let taken = lower.take_parts(self.message, &self.tys);
        lower.runtime(RuntimeFn::recv_take, Vec::new(), Ty::unit());
        Ok(Some(taken))
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
    state: Rc<Saved>,
    message: LocalId,
    /// The types of what is taken.
    tys: Vec<Ty>,
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
        Ok(Some(lower.take_parts(self.message, &self.tys)))
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
    let state = Rc::new(state);
    let mut looked_at = Vec::new();
    if arms.iter().any(|arm| arm.guard.is_some()) {
        for (index, &name) in state.names.iter().enumerate() {
            let local = lower.temp(state.tys[index], state.load(index, false));
            looked_at.push((name, local));
        }
    }
    let kinds = lower.kinds(e, arms)?;
    lower.each_kind(kinds, message, |lower, kind, looks| {
        let (state, looked_at, tys) = (state.clone(), looked_at.clone(), kind.tys);
        lower.match_tree(kind.tree, looks, &mut HandlerArms { arms, state, message, tys, looked_at })
    })?;
    lower.finish()
}
