//! Handlers of services: their last values become steps of the service; `stop`, `no_reply`, `Service.caller()`.

use snow_abi::LangItem;
use snow_base::{Name, Span};
use snow_syntax::ast;

use super::BodyCx;
use crate::body::*;
use crate::items::{TypeRef, TypeRefKind};
use crate::made::{Answers, CALLER};
use crate::problems::services as problems;

impl BodyCx<'_, '_> {
    /// Is the code directly in a handler, not in a closure?
    pub(super) fn in_handler(&self) -> Option<Answers> {
        self.handler.filter(|_| self.loops.len() == 1)
    }

    /// Makes the values in tail position of a handler steps of the service.
    pub(super) fn answer(&mut self, e: ExprId) -> ExprId {
        let Some(answers) = self.in_handler() else { return e };
        match self.body.exprs[e].clone() {
            Expr::Missing | Expr::Return(_) => return e,
            Expr::Block { stmts, tail: Some(tail) } => {
                let tail = Some(self.answer(tail));
                self.body.exprs[e] = Expr::Block { stmts, tail };
                return e;
            }
            Expr::If { cond, then, otherwise: Some(otherwise) } => {
                let (then, otherwise) = (self.answer(then), Some(self.answer(otherwise)));
                self.body.exprs[e] = Expr::If { cond, then, otherwise };
                return e;
            }
            Expr::Case { scrutinee, mut arms } => {
                for arm in &mut arms {
                    arm.body = self.answer(arm.body);
                }
                self.body.exprs[e] = Expr::Case { scrutinee, arms };
                return e;
            }
            Expr::Call { callee, .. } if self.steps.contains(&callee) => return e,
            _ => {}
        }
        let span = self.span_of(e);
        let e = self.declared(answers, e, span);
        match answers {
            Answers::Cast => self.step(LangItem::ServiceNext, vec![e], span),
            Answers::Call => match self.caller(span) {
                Some(caller) => self.step(LangItem::ServiceAnswer, vec![caller, e], span),
                None => e,
            },
        }
    }

    /// The value with the type that the service declares, where it does: `do let value :: (T, S) = e; value end`.
    fn declared(&mut self, answers: Answers, e: ExprId, span: Span) -> ExprId {
        let Some(def) = self.owner_fn().map(|id| &self.low.program.fns[id]) else { return e };
        let first = |ty: Option<&TypeRef>| match &ty?.kind {
            TypeRefKind::Type(_, args) => args.first().cloned(),
            _ => None,
        };
        let reply = def.params.first().and_then(|p| first(p.ty.as_ref()));
        let ty = match (answers, reply, first(def.ret.as_ref())) {
            (Answers::Cast, _, Some(state)) => state,
            (Answers::Call, Some(reply), Some(state)) => {
                TypeRef { kind: TypeRefKind::Tuple(vec![reply, state]), span }
            }
            _ => return e,
        };
        let local = self.new_local(Name::new("_"), span);
        let pat = self.alloc_pat(Pat::Bind { local, sub: None }, span);
        let value = self.alloc(Expr::Local(local), span);
        let stmts = vec![Stmt::Let { pat, ty: Some(ty), init: e }];
        self.alloc(Expr::Block { stmts, tail: Some(value) }, span)
    }

    fn caller(&mut self, span: Span) -> Option<ExprId> {
        let caller = self.local(Name::new(CALLER))?;
        Some(self.alloc(Expr::Local(caller), span))
    }

    fn step(&mut self, item: LangItem, values: Vec<ExprId>, span: Span) -> ExprId {
        let Some(&function) = self.low.program.lang.fns.get(&item) else {
            self.low.diags.push(snow_diagnostics::not_supported("a service", span));
            return self.alloc(Expr::Missing, span);
        };
        let callee = self.alloc(Expr::Fn(function), span);
        self.steps.insert(callee);
        let args = values.into_iter().map(|value| Arg { name: None, value }).collect();
        self.alloc(Expr::Call { callee, args }, span)
    }

    /// Is it one of the names that mean something in handlers only?
    pub(super) fn is_handler_word(&mut self, name: Name) -> bool {
        matches!(name.as_str(), "stop" | "no_reply")
            && self.handler.is_some()
            && !self.is_local(name)
            && self.low.find_value(self.scope.module, name).is_none()
    }

    /// `stop(…)`, `no_reply(state)`
    pub(super) fn handler_call(&mut self, name: Name, values: &[ExprId], span: Span) -> ExprId {
        if self.in_handler().is_none() {
            self.low.diags.push(problems::handler_word_in_closure(name, span));
            return self.alloc(Expr::Missing, span);
        }
        let answers = self.handler;
        match (name.as_str(), answers, values) {
            ("stop", Some(Answers::Call), &[reply, reason]) => {
                let Some(caller) = self.caller(span) else { return self.alloc(Expr::Missing, span) };
                self.step(LangItem::ServiceStopReply, vec![caller, reply, reason], span)
            }
            ("stop", Some(Answers::Cast), &[reason]) => self.step(LangItem::ServiceStop, vec![reason], span),
            ("no_reply", Some(Answers::Call), &[state]) => {
                self.step(LangItem::ServiceNext, vec![state], span)
            }
            _ => {
                self.low.diags.push(problems::handler_word(name, answers == Some(Answers::Call), span));
                self.alloc(Expr::Missing, span)
            }
        }
    }

    /// `Service.caller()`: the address to which a call's reply goes.
    pub(super) fn service_caller(
        &mut self,
        receiver: &ast::PathExpr,
        name: Name,
        span: Span,
    ) -> Option<ExprId> {
        let names = receiver.path()?.names();
        if name != "caller" || names.len() != 1 || names[0] != "Service" {
            return None;
        }
        match self.handler {
            Some(Answers::Call) => self.caller(span),
            _ => {
                self.low.diags.push(problems::no_caller(span));
                Some(self.alloc(Expr::Missing, span))
            }
        }
    }

    /// The actor behind a supervisor's name.
    pub(super) fn supervisor(&mut self, path: &ast::PathExpr) -> Option<ExprId> {
        let span = self.scope.span(path);
        let names = path.path()?.names();
        let module = self.low.find_module(self.scope.module, &names, span)?;
        if !self.low.scopes[module].is_supervisor {
            return None;
        }
        let crate::items::ValueNs::Fn(run) =
            *self.low.program.modules[module].values.get(&Name::new("run_"))?
        else {
            return None;
        };
        Some(self.alloc(Expr::Fn(run), span))
    }
}
