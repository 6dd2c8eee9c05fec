//! Expressions: the dispatch over their forms, and the plain ones.

use snow_abi::{Intrinsic, LangItem, RuntimeFn};
use snow_hir::{Expr, ExprId, PatId, Stmt};
use snow_typeck::matching::MatchId;
use snow_typeck::{Res, Ty};

use super::emit::Dest;
use super::free::bound_name;
use super::lower::{Lower, literal_of};
use crate::mir::{BlockId, Const, LocalId, Operand, Rvalue};
use crate::mono::{Built, RunMode};

impl<'p> Lower<'_, 'p> {
    /// Evaluates an expression to an operand.
    pub(crate) fn expr(&mut self, e: ExprId) -> Built<Operand> {
        if !self.alive() {
            return Ok(Operand::Const(Const::Unit));
        }
        if let Some(op) = self.simple(e)? {
            return Ok(op);
        }
        let ty = self.ty_of(e)?;
        if ty == Ty::never() {
            self.to(e, Dest::Ignore)?;
            return Ok(Operand::Const(Const::Unit));
        }
        let local = self.local(ty);
        self.to(e, Dest::Local(local))?;
        Ok(Operand::Local(local))
    }

    /// Evaluates an expression whose type has no values: what works on its value is never reached. False, and nothing is
    /// evaluated: it may have one.
    pub(crate) fn never_comes(&mut self, e: ExprId) -> Built<bool> {
        let never = self.ty_of(e)? == Ty::never();
        if never {
            self.expr(e)?;
            self.impossible();
        }
        Ok(never)
    }

    /// Evaluates an expression into a local.
    pub(crate) fn expr_local(&mut self, e: ExprId) -> Built<LocalId> {
        let ty = self.ty_of(e)?;
        let op = self.expr(e)?;
        Ok(self.as_local(op, ty))
    }

    /// Expressions that are operands as they are.
    pub(crate) fn simple(&mut self, e: ExprId) -> Built<Option<Operand>> {
        let body = self.src.body;
        Ok(Some(match &body.exprs[e] {
            Expr::Int(n) => Operand::Const(Const::Int(*n)),
            Expr::Float(x) => Operand::Const(Const::Float(*x)),
            Expr::Bool(b) => Operand::Const(Const::Bool(*b)),
            Expr::Str(s) => Operand::Const(Const::Str(s.clone())),
            Expr::Atom(name) => Operand::Const(Const::Atom(name.to_string())),
            Expr::Tuple(parts) if parts.is_empty() => Operand::Const(Const::Unit),
            Expr::Local(local) if !self.src.info.templates.contains_key(local) => self.name(*local)?,
            Expr::Const(id) => match literal_of(&self.cx.program.bodies[self.cx.program.consts[*id].body]) {
                Some(literal) => Operand::Const(literal),
                None => return Ok(None),
            },
            Expr::Block { stmts, tail: Some(tail) } if stmts.is_empty() => return self.simple(*tail),
            _ => return Ok(None),
        }))
    }

    /// Whether nobody looks at what goes to `dest`.
    pub(crate) fn unused(&self, dest: Dest) -> bool {
        match dest {
            Dest::Local(_) => false,
            Dest::Ignore => true,
            Dest::Tail => self.mode == RunMode::Tail || self.ret == Ty::unit(),
        }
    }

    /// Evaluates an expression; its value goes to `dest`.
    pub(crate) fn to(&mut self, e: ExprId, dest: Dest) -> Built<()> {
        if !self.alive() {
            return Ok(());
        }
        let outer = self.span;
        if let Some(span) = self.src.span(e) {
            self.span = span;
        }
        self.form(e, dest)?;
        self.span = outer;
        Ok(())
    }

    fn form(&mut self, e: ExprId, dest: Dest) -> Built<()> {
        if let Some(op) = self.simple(e)? {
            let ty = self.ty_of(e)?;
            self.give(dest, ty, Rvalue::Use(op));
            return Ok(());
        }
        let body = self.src.body;
        match &body.exprs[e] {
            Expr::Missing => Err(self.bug("a missing expression")),
            Expr::Int(_) | Expr::Float(_) | Expr::Bool(_) | Expr::Str(_) | Expr::Atom(_) => {
                Err(self.bug("a literal that is no operand"))
            }
            Expr::Interp(parts) => self.interp(parts, dest),
            Expr::Local(_)
            | Expr::Fn(_)
            | Expr::Ctor(_)
            | Expr::TraitMethod(..)
            | Expr::TypeMember { .. } => self.path(e, dest),
            Expr::Const(id) => {
                let ty = self.ty_of(e)?;
                let slot = self.const_slot(*id);
                self.give(dest, ty, Rvalue::ConstSlot(slot));
                Ok(())
            }
            Expr::Call { callee, args } => self.call_expr(e, *callee, args, dest),
            Expr::MethodCall { receiver, args, .. } => self.method_call(e, *receiver, args, dest),
            Expr::Field { base, .. } if self.never_comes(*base)? => Ok(()),
            Expr::Field { base, name, .. } => {
                let at = match self.res_of(e) {
                    Some(Res::Field(at)) => at,
                    _ => self.field_at(self.ty_of(*base)?, *name)?,
                };
                self.part(*base, at, dest)
            }
            Expr::TupleIndex { base, index } => self.part(*base, *index, dest),
            Expr::Index { base, index } => self.index(e, *base, *index, dest),
            Expr::Tuple(parts) => self.tuple(e, parts, dest),
            Expr::List(items) => self.list(e, items, dest),
            Expr::Map(entries) => self.map(e, None, entries, dest),
            Expr::MapUpdate { base, entries } => self.map(e, Some(*base), entries, dest),
            Expr::Struct { ty, fields } => self.struct_literal(e, *ty, fields, dest),
            Expr::Update { base, fields } => self.update(e, *base, fields, dest),
            Expr::Binary { op, left, right } => self.binary(e, *op, (*left, *right), dest),
            Expr::Logic { .. } | Expr::Not(_) => self.truth(e, dest),
            Expr::Neg(inner) => {
                if self.never_comes(*inner)? {
                    return Ok(());
                }
                let (id, targs) = self.fn_of(e)?;
                let value = self.expr(*inner)?;
                self.call(id, &targs, vec![value], dest)
            }
            Expr::Range { start, end, inclusive } => {
                let item = if *inclusive { LangItem::RangeInclusive } else { LangItem::RangeNew };
                let args = vec![(self.expr(*start)?, Ty::int()), (self.expr(*end)?, Ty::int())];
                let ty = self.ty_of(e)?;
                self.call_lang(item, args, ty, dest)
            }
            Expr::If { cond, then, otherwise } => self.if_(*cond, *then, *otherwise, dest),
            Expr::Case { scrutinee, arms } => {
                let root = self.expr_local(*scrutinee)?;
                let tree = self.tree(MatchId::Expr(e)).ok_or_else(|| self.bug("a case has no tree"))?;
                self.match_clauses(tree, vec![root], arms, dest)
            }
            Expr::Block { stmts, tail } => self.block_expr(stmts, *tail, dest),
            Expr::While { cond, body } => self.while_(*cond, *body, dest),
            Expr::For { pat, iter, guard, body } => self.for_(e, (*pat, *iter, *guard, *body), dest),
            Expr::Break => self.leave_loop(|l| l.exit),
            Expr::Continue => self.leave_loop(|l| l.next),
            Expr::Return(None) => {
                self.ret(Operand::Const(Const::Unit));
                Ok(())
            }
            Expr::Return(Some(value)) => self.to(*value, Dest::Tail),
            Expr::Try(inner) => self.try_(e, *inner, dest),
            Expr::Closure(_) => self.closure_value(e, dest),
            Expr::Receive { arms, after } => self.receive(e, arms, *after, dest),
            Expr::SelfPid => {
                let ty = self.ty_of(e)?;
                self.give(dest, ty, Rvalue::Runtime { func: RuntimeFn::self_pid, args: Vec::new() });
                Ok(())
            }
            Expr::Send { to, message } => self.send(*to, *message, dest),
            Expr::Spawn { target, args, link } => self.spawn(e, *target, args, *link, dest),
        }
    }

    /// Part `at` of a struct or tuple.
    fn part(&mut self, base: ExprId, at: u32, dest: Dest) -> Built<()> {
        let base = self.expr_local(base)?;
        self.project_to(base, 0, at, dest)
    }

    fn index(&mut self, e: ExprId, base: ExprId, index: ExprId, dest: Dest) -> Built<()> {
        let ty = self.ty_of(e)?;
        let list = self.expr_local(base)?;
        let at = self.expr(index)?;
        match self.res_of(e) {
            None | Some(Res::Builtin) => {
                let args = vec![Operand::Local(list), at];
                self.give(dest, ty, Rvalue::Intrinsic { op: Intrinsic::ListGet, args });
                Ok(())
            }
            Some(_) => {
                let (id, targs) = self.fn_of(e)?;
                self.call(id, &targs, vec![Operand::Local(list), at], dest)
            }
        }
    }

    fn block_expr(&mut self, stmts: &'p [Stmt], tail: Option<ExprId>, dest: Dest) -> Built<()> {
        for stmt in stmts {
            if !self.alive() {
                return Ok(());
            }
            match stmt {
                Stmt::Let { pat, init, .. } => self.let_(*pat, *init)?,
                Stmt::LocalFn { .. } => {}
                Stmt::Expr(e) => self.to(*e, Dest::Ignore)?,
            }
        }
        match tail {
            Some(tail) => self.to(tail, dest),
            None => {
                self.give(dest, Ty::unit(), Rvalue::Use(Operand::Const(Const::Unit)));
                Ok(())
            }
        }
    }

    fn let_(&mut self, pat: PatId, init: ExprId) -> Built<()> {
        let name = bound_name(self.src.body, pat);
        if name.is_some_and(|local| self.src.info.templates.contains_key(&local)) {
            return Ok(());
        }
        let value = self.expr(init)?;
        match name {
            Some(local) => {
                self.bind(local, value);
                Ok(())
            }
            None => {
                let ty = self.ty_of(init)?;
                let outer = self.span;
                self.span = self.src.body.pat_spans.get(pat).copied().unwrap_or(outer);
                self.match_let(pat, value, ty)?;
                self.span = outer;
                Ok(())
            }
        }
    }

    fn if_(&mut self, cond: ExprId, then: ExprId, otherwise: Option<ExprId>, dest: Dest) -> Built<()> {
        let (yes, no, join) = (self.block(), self.block(), self.block());
        self.cond(cond, yes, no)?;
        self.enter_if_reached(yes);
        match otherwise {
            Some(_) => self.to(then, dest)?,
            None => {
                // Without `else` the branch's own value isn't used; in tail position calls in it still need no stack.
                if dest == Dest::Tail {
                    self.to(then, dest)?;
                } else {
                    self.to(then, Dest::Ignore)?;
                    self.give(dest, Ty::unit(), Rvalue::Use(Operand::Const(Const::Unit)));
                }
            }
        }
        self.goto(join);
        self.enter_if_reached(no);
        match otherwise {
            Some(otherwise) => self.to(otherwise, dest)?,
            None => self.give(dest, Ty::unit(), Rvalue::Use(Operand::Const(Const::Unit))),
        }
        self.goto(join);
        self.enter_if_reached(join);
        Ok(())
    }

    /// Goes to `yes` or `no` by a condition, without making a Bool of `and`, `or`, `not`.
    pub(crate) fn cond(&mut self, e: ExprId, yes: BlockId, no: BlockId) -> Built<()> {
        let body = self.src.body;
        match &body.exprs[e] {
            Expr::Logic { is_and, left, right } => {
                let more = self.block();
                if *is_and {
                    self.cond(*left, more, no)?;
                } else {
                    self.cond(*left, yes, more)?;
                }
                self.enter_if_reached(more);
                self.cond(*right, yes, no)
            }
            Expr::Not(inner) => self.cond(*inner, no, yes),
            Expr::Block { stmts, tail: Some(tail) } if stmts.is_empty() => self.cond(*tail, yes, no),
            _ => {
                let value = self.expr(e)?;
                self.branch(value, yes, no);
                Ok(())
            }
        }
    }

    /// The value of `and`, `or`, `not`.
    fn truth(&mut self, e: ExprId, dest: Dest) -> Built<()> {
        if let Expr::Not(inner) = self.src.body.exprs[e] {
            let value = self.expr(inner)?;
            self.give(dest, Ty::bool(), Rvalue::Intrinsic { op: Intrinsic::BoolNot, args: vec![value] });
            return Ok(());
        }
        let (yes, no, join) = (self.block(), self.block(), self.block());
        self.cond(e, yes, no)?;
        for (block, value) in [(yes, true), (no, false)] {
            self.enter_if_reached(block);
            self.give(dest, Ty::bool(), Rvalue::Use(Operand::Const(Const::Bool(value))));
            self.goto(join);
        }
        self.enter_if_reached(join);
        Ok(())
    }

    /// `e?`
    fn try_(&mut self, e: ExprId, inner: ExprId, dest: Dest) -> Built<()> {
        let ty = self.ty_of(inner)?;
        let value = self.expr_local(inner)?;
        let is_option = self.lang_ty(ty, LangItem::Option).is_some();
        let (item, good, bad) =
            if is_option { (LangItem::Option, "Some", "None") } else { (LangItem::Result, "Ok", "Err") };
        let (good, bad) = (self.lang_ctor(item, good)?.variant, self.lang_ctor(item, bad)?.variant);
        let (go_on, leave) = (self.block(), self.block());
        let on = self.temp(Ty::int(), Rvalue::Variant(value));
        let cases = vec![(i64::from(good), go_on), (i64::from(bad), leave)];
        self.end(crate::mir::Term::Switch { on, cases, default: None });
        self.enter_if_reached(leave);
        if self.alive() {
            self.leave_with(e, (value, bad), is_option)?;
        }
        self.enter_if_reached(go_on);
        if self.alive() {
            self.project_to(value, good, 0, dest)?;
        }
        Ok(())
    }

    /// Returns the failure in `value`, with its error converted where needed.
    fn leave_with(&mut self, e: ExprId, (value, bad): (LocalId, u32), is_option: bool) -> Built<()> {
        if self.mode == RunMode::Tail {
            self.ret(Operand::Const(Const::Unit));
            return Ok(());
        }
        let mut args = Vec::new();
        if !is_option {
            let error = Operand::Local(self.project(value, bad, 0)?);
            args.push(match self.res_of(e) {
                Some(Res::Method(..) | Res::Fn(..)) => {
                    let (id, targs) = self.fn_of(e)?;
                    self.call_value(id, &targs, vec![error])?
                }
                _ => error,
            });
        }
        let ret = self.ret;
        let failure = self.temp(ret, Rvalue::Make { ty: ret, variant: bad, args, reuse: None });
        self.ret(Operand::Local(failure));
        Ok(())
    }
}
