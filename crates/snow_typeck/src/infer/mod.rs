//! Inference of one body: the type and meaning of each of its parts.
//!
//! Expressions are read from left to right; what is expected flows inwards ([`Mode`]). Types mention inference
//! variables until the group is finished (`finish.rs`).

mod block;
mod branch;
mod call;
mod closure;
mod collection;
mod ctor;
mod expr;
mod finish;
mod member;
mod missing;
mod operator;
mod pat;
mod process;
mod reference;
mod structs;
mod swap;

use std::rc::Rc;

use snow_base::{FxHashMap, FxHashSet, Span};
use snow_diagnostics::Diagnostic;
use snow_hir::{Body, BodyId, ExprId, FnId, LocalId, PatId, TypeRef};

use crate::checker::Checker;
use crate::errors::Why;
use crate::lower_ty::{Holes, TyScope};
use crate::matching::{MatchId, Row};
use crate::results::{BodyTypes, Pred};
use crate::solve::{Env, Need, Obligation, What};
use crate::ty::{Ty, TyKind};

/// What is expected of an expression.
#[derive(Clone, Copy)]
pub(crate) enum Mode {
    /// Nothing.
    Infer,
    /// This type.
    Check(Ty, Why),
    /// Its value isn't used.
    Discard,
}

/// Whose mailbox code uses.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MailboxCx {
    /// That of the function.
    Own(FnId),
    /// That of a process spawned here, with this message type.
    Process(Ty),
    /// There is none.
    None(NoMailbox),
}

/// Why code has no mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoMailbox {
    /// It is in a closure.
    Closure,
    /// It is in a guard.
    Guard,
    /// It is in a default.
    Default,
    /// It is in a constant.
    Const,
    /// It is in a method of an interface.
    Method,
}

/// The item around a body.
#[derive(Clone)]
pub(crate) struct Owner {
    /// The function.
    pub(crate) f: Option<FnId>,
    /// Its declared type parameters.
    pub(crate) rigid: Rc<[Ty]>,
    /// `Self`.
    pub(crate) self_ty: Option<Ty>,
    /// What its parameters implement.
    pub(crate) env: Env,
}

/// The innermost function or closure.
#[derive(Clone, Copy)]
pub(crate) struct Scope {
    /// What `return` and `?` must give.
    pub(crate) ret: Ty,
    /// Why.
    pub(crate) why: Why,
    /// Whose mailbox it uses.
    pub(crate) mailbox: MailboxCx,
    /// Whether it is the function itself rather than a closure.
    pub(crate) is_fn: bool,
    /// The first `?`, if that is what tells the kind of the result.
    pub(crate) tried: Option<Span>,
}

/// The type of a generalised local.
#[derive(Clone)]
pub(crate) struct Scheme {
    /// Its own parameters.
    pub(crate) vars: Vec<u32>,
    /// What they must implement.
    pub(crate) preds: Vec<Pred>,
}

/// A match whose tree is built when its types are known.
pub(crate) struct PendingMatch {
    /// Where the tree goes.
    pub(crate) id: MatchId,
    /// Its rows.
    pub(crate) rows: Vec<Row>,
    /// Types of what is matched.
    pub(crate) roots: Vec<Ty>,
    /// The place of each row.
    pub(crate) spans: Vec<Span>,
    /// What is matched, for messages.
    pub(crate) kind: MatchKind,
    /// The place of the whole.
    pub(crate) span: Span,
}

/// What a match belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MatchKind {
    /// Clauses of a function.
    Function,
    /// Clauses of a closure.
    Closure,
    /// `case`
    Case,
    /// `receive`, which need not be exhaustive.
    Receive,
    /// `for`, which skips what doesn't match.
    For,
    /// `let`, which may crash.
    Let,
}

/// A body whose types still mention variables.
pub(crate) struct BodyResult {
    pub(crate) body: BodyId,
    pub(crate) owner: Owner,
    pub(crate) out: BodyTypes,
    pub(crate) matches: Vec<PendingMatch>,
    /// Uses of functions of the same group: their inferred arguments are added when they are known.
    pub(crate) fixups: Vec<(ExprId, FnId)>,
    /// Generalised locals with their variables.
    pub(crate) generics: Vec<(LocalId, Vec<u32>)>,
}

/// Inference of one body.
pub(crate) struct Infer<'c, 'p> {
    pub(crate) cx: &'c mut Checker<'p>,
    pub(crate) body: &'p Body,
    pub(crate) result: BodyResult,
    pub(crate) scope: Scope,
    pub(crate) schemes: FxHashMap<LocalId, Scheme>,
    /// Expressions in tail position of an actor.
    pub(crate) tails: FxHashSet<ExprId>,
    /// What didn't fit, in the order of the errors.
    pub(crate) misfits: Vec<swap::Misfit>,
}

impl<'c, 'p> Infer<'c, 'p> {
    /// Prepares the inference of a body that gives `ret`.
    pub(crate) fn new(
        cx: &'c mut Checker<'p>,
        id: BodyId,
        owner: Owner,
        ret: Ty,
        mailbox: MailboxCx,
    ) -> Self {
        let body = &cx.program.bodies[id];
        let result = BodyResult {
            body: id,
            owner,
            out: BodyTypes::default(),
            matches: vec![],
            fixups: vec![],
            generics: vec![],
        };
        let scope = Scope { ret, why: Why::None, mailbox, is_fn: true, tried: None };
        Infer {
            cx,
            body,
            result,
            scope,
            schemes: FxHashMap::default(),
            tails: FxHashSet::default(),
            misfits: vec![],
        }
    }

    /// Checks the value of a constant or a field's default.
    pub(crate) fn check_value(mut self) {
        self.check_clauses_of_value();
        self.done();
    }

    /// Checks the default of a parameter: the parameters before it are in scope.
    pub(crate) fn check_default(mut self, params: &[Ty]) {
        for (&local, &ty) in self.body.params.iter().zip(params) {
            self.result.out.locals.insert(local, ty);
        }
        self.check_clauses_of_value();
        self.done();
    }

    fn check_clauses_of_value(&mut self) {
        let body = self.body;
        let roots: Vec<Ty> = (body.params.iter())
            .map(|&p| self.result.out.locals.get(p).copied().unwrap_or(Ty::error()))
            .collect();
        for clause in &body.clauses {
            for (&pat, &ty) in clause.pats.iter().zip(&roots) {
                self.pat(pat, ty, Why::None);
            }
            self.check(clause.body, self.scope.ret, Why::Declared);
        }
        self.add_match(MatchId::Body, &body.clauses, roots, MatchKind::Function);
    }

    /// Checks the clauses of a function.
    pub(crate) fn check_function(mut self, f: FnId, params: &[Ty]) {
        let def = &self.cx.program.fns[f];
        let body = self.body;
        for (&local, &ty) in body.params.iter().zip(params) {
            self.result.out.locals.insert(local, ty);
        }
        if def.kind == snow_hir::FnKind::Actor {
            self.find_tails();
        }
        self.scope.why = match &def.ret {
            Some(ret) => Why::Ret(ret.span),
            None => Why::None,
        };
        let discard = self.cx.discards_body(f, self.scope.ret);
        for clause in &body.clauses {
            for (index, &pat) in clause.pats.iter().enumerate() {
                let ty = params.get(index).copied().unwrap_or(Ty::error());
                self.pat(pat, ty, Why::None);
            }
            self.guard(clause.guard);
            let mode = if discard { Mode::Discard } else { Mode::Check(self.scope.ret, self.scope.why) };
            self.expr(clause.body, mode);
        }
        if let Some(terminate) = body.terminate {
            let before = self.scope.mailbox;
            self.expr(terminate, Mode::Discard);
            self.scope.mailbox = before;
        }
        self.add_match(MatchId::Body, &body.clauses, params.to_vec(), MatchKind::Function);
        self.done();
    }

    fn done(self) {
        if let Some(frame) = self.cx.frames.last_mut() {
            frame.bodies.push(self.result);
        }
    }

    /// Checks a guard: a Bool without a mailbox.
    pub(crate) fn guard(&mut self, guard: Option<ExprId>) {
        let Some(guard) = guard else { return };
        let before = std::mem::replace(&mut self.scope.mailbox, MailboxCx::None(NoMailbox::Guard));
        self.check(guard, Ty::bool(), Why::Condition);
        self.scope.mailbox = before;
    }

    /// Remembers a match.
    pub(crate) fn add_match(
        &mut self,
        id: MatchId,
        clauses: &[snow_hir::Clause],
        roots: Vec<Ty>,
        kind: MatchKind,
    ) {
        let rows = clauses.iter().enumerate().map(|(i, c)| Row {
            arm: i as u32,
            pats: c.pats.clone(),
            has_guard: c.guard.is_some(),
        });
        let spans: Vec<Span> = clauses.iter().map(|c| c.span).collect();
        let span = match id {
            MatchId::Expr(e) | MatchId::Signal(e, _) => self.span(e),
            MatchId::Pat(p) => self.pat_span(p),
            MatchId::Body => match (self.result.owner.f, spans.first()) {
                (Some(f), _) => self.cx.program.fns[f].span,
                (None, Some(&span)) => span,
                (None, None) => return,
            },
        };
        let rows = rows.collect();
        self.result.matches.push(PendingMatch { id, rows, roots, spans, kind, span });
    }

    /// Where an expression stands.
    pub(crate) fn span(&self, e: ExprId) -> Span {
        self.body.expr_spans[e]
    }

    /// Where a pattern stands.
    pub(crate) fn pat_span(&self, p: PatId) -> Span {
        self.body.pat_spans[p]
    }

    /// A new variable.
    pub(crate) fn fresh(&mut self) -> Ty {
        self.cx.table.fresh()
    }

    /// The type as far as its head is known, after solving what may tell it.
    pub(crate) fn head(&mut self, ty: Ty) -> Ty {
        let known = self.cx.table.shallow(ty);
        if self.cx.table.unbound(known).is_none() {
            return known;
        }
        if let Some(mut frame) = self.cx.frames.pop() {
            let pending = std::mem::take(&mut frame.pending);
            let mut stuck = vec![];
            for obligation in pending {
                self.cx.solve_obligation(obligation, &mut stuck);
            }
            frame.pending = stuck;
            self.cx.frames.push(frame);
        }
        self.cx.table.shallow(ty)
    }

    /// Whether nothing is known of a type.
    pub(crate) fn is_unknown(&self, ty: Ty) -> bool {
        self.cx.table.unbound(ty).is_some()
    }

    /// Whether it is `Never`.
    pub(crate) fn is_never(&self, ty: Ty) -> bool {
        self.cx.table.shallow(ty) == Ty::never()
    }

    /// Whether it is the type of what has an error.
    pub(crate) fn is_error(&self, ty: Ty) -> bool {
        matches!(self.cx.table.shallow(ty).kind(), TyKind::Error)
    }

    /// Lowers an annotation inside the body.
    pub(crate) fn annotation(&mut self, ty: &TypeRef, holes: Holes) -> Ty {
        let rigid = self.result.owner.rigid.clone();
        let scope = TyScope { params: &rigid, self_ty: self.result.owner.self_ty, holes };
        let before = self.cx.diags.len();
        let lowered = self.cx.lower(ty, scope);
        if self.cx.diags.len() > before {
            self.mark_bad();
        }
        lowered
    }

    /// Needs a predicate.
    pub(crate) fn require(&mut self, pred: Pred, span: Span, what: What) {
        let need = Need { span, body: self.result.body, what, whole: pred.args[0] };
        let obligation = Obligation { pred, env: self.result.owner.env.clone(), need };
        let mut stuck = vec![];
        self.cx.solve_obligation(obligation, &mut stuck);
        if let Some(frame) = self.cx.frames.last_mut() {
            frame.pending.extend(stuck);
        }
    }

    /// Needs a predicate, but leaves it until more is known or the group is finished.
    pub(crate) fn require_later(&mut self, pred: Pred, span: Span, what: What) {
        let need = Need { span, body: self.result.body, what, whole: pred.args[0] };
        let obligation = Obligation { pred, env: self.result.owner.env.clone(), need };
        if let Some(frame) = self.cx.frames.last_mut() {
            frame.pending.push(obligation);
        }
    }

    /// Reports an error of this body.
    pub(crate) fn report(&mut self, error: Diagnostic) {
        if error.is_error() {
            self.mark_bad();
        }
        self.cx.diags.push(error);
    }

    /// The body has an error.
    pub(crate) fn mark_bad(&mut self) {
        self.cx.memo.bad_bodies.insert(self.result.body);
    }

    /// Reports that a type must be known; not after another error in the body, which may be the cause.
    pub(crate) fn report_unknown(&mut self, span: Span, what: &str) -> Ty {
        if !self.cx.memo.bad_bodies.contains(&self.result.body) {
            let message = format!("the type of this must be known {what}");
            let error = Diagnostic::error("E0305", message, span).with_help(
                "add an annotation, such as `(x :: Type)` at the parameter or `let x :: Type = …`",
            );
            self.report(error);
        }
        Ty::error()
    }
}
