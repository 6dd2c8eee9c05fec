//! Processes: `receive`, `self()`, `send`, `spawn`, calls of actors.

use snow_abi::signals::{SIGNALS, signal};
use snow_base::{Name, Span};
use snow_diagnostics::Diagnostic;
use snow_hir::{Arg, BuiltinTy, Clause, Expr, ExprId, FnId, Pat, PatId};

use super::branch::Join;
use super::reference::{Inst, InstMailbox};
use super::swap::Errors;
use super::{Infer, MailboxCx, MatchKind, Mode, PendingMatch};
use crate::errors::Why;
use crate::mailbox::EdgeUse;
use crate::matching::{MatchId, Row};
use crate::ty::{Ty, TyCon};

impl Infer<'_, '_> {
    /// The message type of the mailbox here.
    fn own_messages(&mut self, e: ExprId) -> Ty {
        let cx = self.scope.mailbox;
        match self.cx.use_mailbox(&cx, self.span(e), None) {
            Some(ty) => ty,
            None => {
                self.mark_bad();
                // Once told is enough for all of the closure.
                self.scope.mailbox = MailboxCx::Process(Ty::error());
                Ty::error()
            }
        }
    }

    pub(crate) fn self_pid(&mut self, e: ExprId) -> Ty {
        let message = self.own_messages(e);
        Ty::pid(message)
    }

    pub(crate) fn receive_expr(
        &mut self,
        e: ExprId,
        arms: &[Clause],
        after: Option<(ExprId, ExprId)>,
        mode: Mode,
    ) -> Ty {
        let earlier = self.cx.first_use(&self.scope.mailbox);
        let message = self.own_messages(e);
        let first =
            arms.iter().flat_map(|c| &c.pats).find(|&&p| !matches!(self.body.pats[p], Pat::Signal(..)));
        let known = !self.is_unknown(message);
        let why = Why::Messages(earlier.filter(|_| known).or(first.map(|&p| self.pat_span(p))));
        let mut join: Join = self.arms(arms, message, why, mode);
        if let Some((timeout, body)) = after {
            self.check(timeout, Ty::int(), Why::Timeout);
            self.branch(&mut join, body);
        }
        self.result.out.receives.insert(e, message);
        self.add_receive_matches(e, arms, message);
        self.joined(e, join)
    }

    /// Messages and each kind of signal are told apart first, so each has a tree of its own.
    fn add_receive_matches(&mut self, e: ExprId, arms: &[Clause], message: Ty) {
        let body = self.body;
        let signal_of = |p: PatId| match &body.pats[p] {
            Pat::Signal(name, parts) => signal(name.as_str()).map(|s| (s, parts)),
            _ => None,
        };
        let signals_of = |clause: &Clause| match clause.pats.first().map(|&p| (p, &body.pats[p])) {
            Some((_, Pat::Or(pats))) => pats.iter().filter_map(|&p| signal_of(p)).collect(),
            Some((p, _)) => signal_of(p).into_iter().collect(),
            None => Vec::new(),
        };
        let mut kinds = SIGNALS.iter().map(|s| (s.kind, Vec::new())).collect::<Vec<(i64, Vec<Row>)>>();
        let mut messages = Vec::new();
        for (arm, clause) in (0u32..).zip(arms) {
            let has_guard = clause.guard.is_some();
            let signals = signals_of(clause);
            for (signal, parts) in &signals {
                let rows = kinds.iter_mut().filter(|k| k.0 == signal.kind);
                rows.for_each(|k| k.1.push(Row { arm, pats: parts.to_vec(), has_guard }));
            }
            if signals.is_empty() {
                messages.push(Row { arm, pats: clause.pats.clone(), has_guard });
            }
        }
        let spans: Vec<Span> = arms.iter().map(|c| c.span).collect();
        let span = self.span(e);
        let mut add = |id: MatchId, rows: Vec<Row>, roots: Vec<Ty>| {
            let (spans, kind) = (spans.clone(), MatchKind::Receive);
            self.result.matches.push(PendingMatch { id, rows, roots, spans, kind, span });
        };
        add(MatchId::Expr(e), messages, vec![message]);
        for (signal, (kind, rows)) in SIGNALS.iter().zip(kinds) {
            if let Some(first) = rows.first() {
                let tys = first.pats.iter().map(|&p| self.result.out.pats.get(p).copied());
                let roots = tys.map(|ty| ty.unwrap_or(Ty::error())).collect();
                debug_assert_eq!(signal.kind, kind);
                add(MatchId::Signal(e, kind), rows, roots);
            }
        }
    }

    /// `send(to, message)`
    pub(crate) fn send(&mut self, to: ExprId, message: ExprId) -> Ty {
        let target = self.infer(to);
        let target = self.head(target);
        if self.is_unknown(target) {
            let ty = self.fresh();
            if self.cx.table.unify(target, Ty::pid(ty)).is_ok() {
                self.check(message, ty, Why::Message(self.span(to)));
            }
            return Ty::unit();
        }
        match target.as_app() {
            Some((TyCon::Builtin(BuiltinTy::Pid), args)) => {
                let before = self.errors();
                self.check(message, args[0], Why::Message(self.span(to)));
                self.explain_service(args[0], before);
            }
            Some((TyCon::Builtin(BuiltinTy::Atom | BuiltinTy::String), _)) => {
                self.infer(message);
            }
            Some((TyCon::Tuple, &[name, node])) if self.is_name(name) => {
                self.infer(message);
                if !self.fits(node, Ty::string()) && !self.fits(node, Ty::atom()) {
                    self.report_mismatch(self.span(to), Ty::string(), node, Why::None);
                }
            }
            Some((TyCon::Builtin(BuiltinTy::AnyPid), _)) => {
                self.infer(message);
                let text = "this `Pid` has no message type, so nothing can be sent to it";
                let error = Diagnostic::error("E0614", text, self.span(to))
                    .with_help("give it one where it is declared: `Pid<Msg>`");
                self.report(error);
            }
            _ => {
                self.infer(message);
                if !self.is_error(target) && !self.is_never(target) {
                    let text = format!("`{}` is no process to send to", self.cx.show(target));
                    self.report(Diagnostic::error("E0614", text, self.span(to)));
                }
            }
        }
        Ty::unit()
    }

    /// What didn't fit the messages of a service: who uses it calls its functions.
    fn explain_service(&mut self, messages: Ty, before: Errors) {
        let requests = self.service_functions(messages);
        let [error] = &mut self.cx.diags[before.diags..] else { return };
        if error.code != "E0301" || requests.is_empty() {
            return;
        }
        error.message = "nothing is sent to a service itself: its functions do that".to_owned();
        error.labels.retain(|label| label.primary);
        error.labels.iter_mut().for_each(|label| label.text.clear());
        error.fixes.clear();
        error.notes.clear();
        error.help = vec![format!("call {}", requests.join(" or "))];
    }

    /// The functions that send the requests of a service; none if the messages are no requests.
    fn service_functions(&self, messages: Ty) -> Vec<String> {
        let Some((id, _)) = self.adt_head(messages) else { return vec![] };
        let def = &self.cx.program.types[id];
        match def.variants() {
            [begin, requests @ ..] if begin.name == snow_hir::BEGIN_OF_SERVICE => {
                let function = |name: Name| snow_hir::function_of_request(name.as_str());
                requests.iter().map(|r| format!("`{}.{}(…)`", def.name, function(r.name))).collect()
            }
            _ => vec![],
        }
    }

    fn is_name(&self, ty: Ty) -> bool {
        let ty = self.cx.table.shallow(ty);
        ty == Ty::string() || ty == Ty::atom()
    }

    /// `spawn(actor, args…)`, `spawn(fn -> … end)`
    pub(crate) fn spawn(&mut self, e: ExprId, target: ExprId, args: &[Arg]) -> Ty {
        match &self.body.exprs[target] {
            Expr::Closure(closure) => {
                let message = self.fresh();
                let ty = self.spawned_closure(target, closure, message);
                self.result.out.exprs.insert(target, ty);
                if !closure.params.is_empty() {
                    let text = "the function of a process takes no parameters";
                    self.report(Diagnostic::error("E0302", text, self.span(target)));
                }
                self.no_spawn_args(args);
                Ty::pid(message)
            }
            Expr::Fn(f) => {
                let inst = self.instantiate(target, *f);
                self.record_callee(target, &inst);
                self.spawn_fn(e, *f, &inst, args)
            }
            _ => {
                let ty = self.infer(target);
                if self.is_error(ty) {
                    for arg in args {
                        self.infer(arg.value);
                    }
                    return Ty::error();
                }
                self.no_spawn_args(args);
                let ret = self.fresh();
                self.coerce(target, ty, Ty::func(&[], ret), Why::None);
                let message = self.fresh();
                Ty::pid(message)
            }
        }
    }

    /// A closure has what it needs.
    fn no_spawn_args(&mut self, args: &[Arg]) {
        for (i, arg) in args.iter().enumerate() {
            self.infer(arg.value);
            if i == 0 {
                let text = "the function of a process takes no parameters, so nothing can be given to it";
                let error = Diagnostic::error("E0302", text, self.span(arg.value))
                    .with_help("a closure captures what it uses: write `fn -> f(x) end`");
                self.report(error);
            }
        }
    }

    fn spawn_fn(&mut self, e: ExprId, f: FnId, inst: &Inst, args: &[Arg]) -> Ty {
        self.call_fn(e, f, inst, (args, 0));
        match inst.mailbox {
            InstMailbox::Known(message) => Ty::pid(message),
            InstMailbox::None => Ty::pid(self.fresh()),
            InstMailbox::Open => {
                let message = self.fresh();
                self.add_edge(f, EdgeUse::Spawn(message), self.span(e));
                if let Some(own) = self.running_message(f) {
                    self.cx.join_mailboxes((message, None), (own, f), self.span(e));
                }
                Ty::pid(message)
            }
        }
    }

    /// The message type of an actor whose group isn't finished.
    fn running_message(&self, f: FnId) -> Option<Ty> {
        match self.cx.fns.get(&f) {
            Some(crate::checker::FnState::Running(running)) => running.uses_mailbox.map(|_| running.mailbox),
            _ => None,
        }
    }

    /// An actor's name called: the process becomes that actor.
    pub(crate) fn actor_call(&mut self, e: ExprId, callee: ExprId, f: FnId, args: &[Arg]) -> Ty {
        let in_tail = self.tails.contains(&e) && self.scope.is_fn;
        if !in_tail {
            let name = self.cx.program.fns[f].name;
            let message = format!("actor `{name}` can only be called as the last thing that an actor does");
            let error = Diagnostic::error("E0612", message, self.span(e))
                .with_help(format!("`spawn({name}, …)` starts it as a process of its own"));
            self.report(error);
        }
        let inst = self.instantiate(callee, f);
        self.record_callee(callee, &inst);
        if in_tail {
            self.call_mailbox(f, &inst.mailbox, self.span(e));
        }
        self.call_fn(e, f, &inst, (args, 0));
        Ty::never()
    }

    pub(crate) fn report_actor_value(&mut self, f: FnId, span: snow_base::Span) {
        let name = self.cx.program.fns[f].name;
        let message = format!("actor `{name}` is no value; it can be spawned");
        let error = Diagnostic::error("E0612", message, span).with_help(format!("write `spawn({name}, …)`"));
        self.report(error);
    }

    /// Finds the expressions in tail position of an actor's clauses.
    pub(crate) fn find_tails(&mut self) {
        let body = self.body;
        let mut todo: Vec<ExprId> = body.clauses.iter().map(|c| c.body).collect();
        while let Some(e) = todo.pop() {
            self.tails.insert(e);
            match &body.exprs[e] {
                Expr::Block { tail, .. } => todo.extend(tail),
                Expr::If { then, otherwise, .. } => {
                    todo.push(*then);
                    todo.extend(otherwise);
                }
                Expr::Case { arms, .. } => todo.extend(arms.iter().map(|a| a.body)),
                Expr::Receive { arms, after } => {
                    todo.extend(arms.iter().map(|a| a.body));
                    todo.extend(after.map(|(_, body)| body));
                }
                Expr::Return(value) => todo.extend(value),
                _ => {}
            }
        }
    }
}
