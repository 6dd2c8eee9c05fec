//! Bodies: what does each expression and pattern consist of, and what do its names mean?
//!
//! It knows no types. Invariant: every expression and pattern made gets a span; local names are resolved innermost first.

mod blocks;
mod calls;
mod closures;
mod control;
mod handlers;
mod lookup;
mod operands;
mod patterns;
mod special;
mod suspects;

use snow_base::{FxHashSet, Name, Span};
use snow_syntax::ast::{self, AstNode};

use crate::body::*;
use crate::collect::is_self;
use crate::items::FnId;
use crate::lower::{BodyJob, BodySource, Lowerer};
use crate::made::Answers;
use crate::problems::bodies as problems;
use crate::scope::ItemScope;
use crate::signatures::{MAX_FIELDS, plain_name};
use closures::raw_clauses;
use patterns::PatNames;
pub(crate) use patterns::{is_signal, signal_of};

/// The state of lowering one body.
pub(crate) struct BodyCx<'l, 'a> {
    low: &'l mut Lowerer<'a>,
    scope: ItemScope,
    body: Body,
    /// Local names that can be seen, innermost last.
    visible: Vec<(Name, LocalId)>,
    /// For each function or closure around, how many loops of it.
    loops: Vec<u32>,
    /// Locals to warn of if nothing reads them.
    watched: Vec<LocalId>,
    used: FxHashSet<LocalId>,
    /// Names of the pattern being lowered.
    names: PatNames,
    /// The pattern that comes next takes system signals.
    signals: bool,
    /// In a service's handler: what its value means.
    handler: Option<Answers>,
    /// Callees of calls that are steps of a service already.
    steps: FxHashSet<ExprId>,
}

/// Lowers the code of a body into its reserved place.
pub(crate) fn lower_body(low: &mut Lowerer, job: BodyJob) {
    let errors = low.diags.len();
    let reserved = &low.program.bodies[job.body];
    let body = Body::empty(reserved.owner, job.scope.module);
    let mut cx = BodyCx {
        low,
        scope: job.scope,
        body,
        visible: Vec::new(),
        loops: vec![0],
        watched: Vec::new(),
        used: FxHashSet::default(),
        names: PatNames::default(),
        signals: false,
        handler: None,
        steps: FxHashSet::default(),
    };
    cx.lower_source(job.source);
    cx.report_unused(errors);
    let body = cx.body;
    low.program.bodies[job.body] = body;
}

impl BodyCx<'_, '_> {
    fn lower_source(&mut self, source: BodySource) {
        match source {
            BodySource::Fn { clauses, annotated } => {
                let name = self.owner_fn().map(|id| self.low.program.fns[id].name);
                let made = self.scope.made.as_ref();
                self.handler = name.and_then(|n| made?.answers.get(&n).copied());
                self.lower_fn_clauses(&clauses, &annotated);
            }
            BodySource::Closure(node) => {
                let (params, clauses) = self.lower_clauses(raw_clauses(&self.scope, &node));
                (self.body.params, self.body.clauses) = (params, clauses);
            }
            BodySource::Actor(node) => {
                let params: Vec<ast::Param> = node.param_list().iter().flat_map(|l| l.params()).collect();
                self.add_params(&params);
                let span = self.scope.span(&node);
                let pats = self.lower_clause_params(&params, |_| false);
                let mark = self.visible.len();
                let body = self.lower_block(node.body(), span);
                self.visible.truncate(mark);
                if let Some(terminate) = node.terminate() {
                    let place = self.scope.span(&terminate);
                    self.body.terminate = Some(self.lower_block(terminate.body(), place));
                }
                self.body.clauses.push(Clause { pats, guard: None, body, span });
            }
            BodySource::Test(node) => {
                let span = self.scope.span(&node);
                let body = self.lower_block(node.body(), span);
                self.body.clauses.push(Clause { pats: Vec::new(), guard: None, body, span });
            }
            BodySource::Expr(value) => {
                let span = value.as_ref().map(|v| self.scope.span(v)).unwrap_or_else(|| self.owner_span());
                let body = self.lower_opt(value, span);
                self.body.clauses.push(Clause { pats: Vec::new(), guard: None, body, span });
            }
            BodySource::ParamDefault { before, value } => {
                self.add_params(&before);
                let span = self.scope.span(&value);
                let pats = before.iter().map(|p| self.default_param(p)).collect();
                let body = self.lower_expr(&value);
                self.body.clauses.push(Clause { pats, guard: None, body, span });
            }
        }
    }

    /// A parameter that a later parameter's default can see.
    fn default_param(&mut self, param: &ast::Param) -> PatId {
        let span = self.scope.span(param);
        let Some(name) = plain_name(param) else { return self.alloc_pat(Pat::Wild, span) };
        let local = self.new_local(name, span);
        self.visible.push((name, local));
        self.alloc_pat(Pat::Bind { local, sub: None }, span)
    }

    fn lower_fn_clauses(&mut self, clauses: &[ast::FnItem], annotated: &[Option<usize>]) {
        let lists: Vec<Vec<ast::Param>> =
            clauses.iter().map(|c| c.param_list().iter().flat_map(|l| l.params()).collect()).collect();
        for i in 0..annotated.len() {
            let name = lists.iter().filter_map(|l| l.get(i)).find_map(plain_name);
            let span = lists[0].get(i).map_or_else(|| self.owner_span(), |p| self.scope.span(p));
            let local = self.new_local(name.unwrap_or_else(|| Name::new("_")), span);
            self.body.params.push(local);
        }
        for (number, (clause, params)) in clauses.iter().zip(&lists).enumerate() {
            let mark = self.visible.len();
            let pats = self.lower_clause_params(params, |i| annotated.get(i) != Some(&Some(number)));
            if number == 0 {
                self.use_in_defaults(params, mark);
            }
            let guard = clause.guard().map(|g| self.lower_expr(&g));
            let span = clause.param_list().map_or_else(|| self.scope.span(clause), |l| self.scope.span(&l));
            let body = match clause.body_expr() {
                Some(value) => self.lower_expr(&value),
                None => self.lower_block(clause.body_block(), span),
            };
            let body = self.answer(body);
            self.visible.truncate(mark);
            self.body.clauses.push(Clause { pats, guard, body, span });
        }
        self.add_unknown_clause(annotated.len());
    }

    /// Defaults are bodies of their own; parameters that only they read are used all the same.
    fn use_in_defaults(&mut self, params: &[ast::Param], mark: usize) {
        let tokens = params
            .iter()
            .filter_map(ast::Param::default)
            .flat_map(|value| value.syntax().descendants_with_tokens().collect::<Vec<_>>())
            .filter_map(|element| element.into_token());
        for token in tokens {
            let read = self.visible[mark..].iter().filter(|(name, _)| name.as_str() == token.text());
            self.used.extend(read.map(|(_, local)| *local));
        }
    }

    /// For the clauses that stand elsewhere by mistake.
    fn add_unknown_clause(&mut self, params: usize) {
        if params > 0 && self.owner_fn().is_some_and(|id| self.low.torn.contains(&id)) {
            let span = self.owner_span();
            let pats = (0..params).map(|_| self.alloc_pat(Pat::Missing, span)).collect();
            let body = self.alloc(Expr::Missing, span);
            self.body.clauses.push(Clause { pats, guard: None, body, span });
        }
    }

    fn add_params(&mut self, params: &[ast::Param]) {
        for param in params {
            let span = self.scope.span(param);
            let local = self.new_local(plain_name(param).unwrap_or_else(|| Name::new("_")), span);
            self.body.params.push(local);
        }
    }

    /// Patterns of one clause; names are bound over all of them. `keep_type` says for which parameters the annotation stands
    /// in the pattern: those whose annotation isn't the signature's.
    fn lower_clause_params(
        &mut self,
        params: &[ast::Param],
        keep_type: impl Fn(usize) -> bool,
    ) -> Vec<PatId> {
        let has_self =
            self.owner_fn().is_some_and(|id| self.low.program.fns[id].has_self) && self.loops.len() == 1;
        let outer = std::mem::take(&mut self.names);
        let mut pats = Vec::new();
        for (i, param) in params.iter().enumerate() {
            let span = self.scope.span(param);
            if has_self && i == 0 && is_self(param) {
                let local = self.new_local(Name::new("self"), span);
                self.visible.push((Name::new("self"), local));
                pats.push(self.alloc_pat(Pat::Bind { local, sub: None }, span));
                continue;
            }
            let mut pat = match param.pattern() {
                Some(pattern) => self.lower_pat(&pattern),
                None => self.alloc_pat(Pat::Missing, span),
            };
            if let Some(ty) = param.ty().filter(|_| keep_type(i)) {
                let ty = self.low.lower_type(&self.scope, &ty);
                pat = self.alloc_pat(Pat::Typed(pat, ty), span);
            }
            pats.push(pat);
        }
        self.show_names(outer);
        pats
    }

    fn owner_fn(&self) -> Option<FnId> {
        match self.body.owner {
            BodyOwner::Fn(id) => Some(id),
            BodyOwner::Const(_) | BodyOwner::ParamDefault(..) | BodyOwner::FieldDefault(..) => None,
        }
    }

    fn owner_span(&self) -> Span {
        let program = &self.low.program;
        match self.body.owner {
            BodyOwner::Fn(id) => program.fns[id].span,
            BodyOwner::Const(id) => program.consts[id].span,
            BodyOwner::ParamDefault(id, _) => program.fns[id].span,
            BodyOwner::FieldDefault(ctor, _) => program.types[ctor.ty].span,
        }
    }

    fn new_local(&mut self, name: Name, span: Span) -> LocalId {
        self.body.locals.alloc(Local { name, span })
    }

    fn alloc(&mut self, expr: Expr, span: Span) -> ExprId {
        let id = self.body.exprs.alloc(expr);
        self.body.expr_spans.insert(id, span);
        id
    }

    fn alloc_pat(&mut self, pat: Pat, span: Span) -> PatId {
        let id = self.body.pats.alloc(pat);
        self.body.pat_spans.insert(id, span);
        id
    }

    fn span_of(&self, id: ExprId) -> Span {
        self.body.expr_spans[id]
    }

    fn lower_opt(&mut self, expr: Option<ast::Expr>, span: Span) -> ExprId {
        match expr {
            Some(expr) => self.lower_expr(&expr),
            None => self.alloc(Expr::Missing, span),
        }
    }

    /// Warns of variables that nothing reads; silent where the body has errors, in std and in derived code.
    fn report_unused(&mut self, first_error: usize) {
        let quiet = self.scope.place.is_some()
            || self.low.program.modules[self.scope.module].is_std
            || self.low.diags[first_error..].iter().any(|d| d.is_error());
        if quiet {
            return;
        }
        for local in std::mem::take(&mut self.watched) {
            let Local { name, span } = self.body.locals[local];
            // Made code names its own variables `name_`.
            let is_made = self.scope.made.is_some() && name.as_str().ends_with('_');
            if !is_made && !self.used.contains(&local) && !name.as_str().starts_with('_') {
                let warning = self.low.unused_variable(name, span);
                self.low.diags.push(warning);
            }
        }
    }

    /// Lowers an expression. The one exhaustive list of forms.
    fn lower_expr(&mut self, expr: &ast::Expr) -> ExprId {
        let span = self.scope.span(expr);
        match expr {
            ast::Expr::Literal(node) => self.lower_literal(node, span),
            ast::Expr::String(node) => self.lower_string(node, span),
            ast::Expr::Name(node) => self.lower_name(node.text(), span),
            ast::Expr::Path(node) => self.lower_path(node, span),
            ast::Expr::Hole(_) => {
                self.low.diags.push(problems::stray_hole(span));
                self.alloc(Expr::Missing, span)
            }
            ast::Expr::Paren(node) => self.lower_opt(node.expr(), span),
            ast::Expr::Tuple(node) => {
                let parts: Vec<ExprId> = node.elements().map(|e| self.lower_expr(&e)).collect();
                if let Some(&part) = parts.get(MAX_FIELDS) {
                    let place = self.body.expr_spans[part];
                    self.low.diags.push(crate::problems::items::too_many(
                        "parts of a tuple",
                        MAX_FIELDS,
                        place,
                    ));
                }
                self.alloc(Expr::Tuple(parts), span)
            }
            ast::Expr::List(node) => self.lower_list(node, span),
            ast::Expr::Map(node) => self.lower_map(node, span),
            ast::Expr::Update(node) => self.lower_update(node, span),
            ast::Expr::Record(node) => self.lower_record(node, span),
            ast::Expr::Call(node) => self.lower_call(node, span),
            ast::Expr::MethodCall(node) => self.lower_method_call(node, span),
            ast::Expr::Field(node) => self.lower_field(node, span),
            ast::Expr::TupleField(node) => self.lower_tuple_field(node, span),
            ast::Expr::Index(node) => {
                let base = self.lower_opt(node.base(), span);
                let index = self.lower_opt(node.index(), span);
                self.alloc(Expr::Index { base, index }, span)
            }
            ast::Expr::Try(node) => {
                let inner = self.lower_opt(node.expr(), span);
                self.alloc(Expr::Try(inner), span)
            }
            ast::Expr::Prefix(node) => self.lower_prefix(node, span),
            ast::Expr::Bin(node) => self.lower_binary(node, span),
            ast::Expr::Range(node) => {
                let start = self.lower_opt(node.start(), span);
                let end = self.lower_opt(node.end(), span);
                self.alloc(Expr::Range { start, end, inclusive: node.is_inclusive() }, span)
            }
            ast::Expr::Pipe(node) => self.lower_pipe(node, span),
            ast::Expr::If(node) => self.lower_if(node, span),
            ast::Expr::Case(node) => self.lower_case(node, span),
            ast::Expr::Receive(node) => self.lower_receive(node, span),
            ast::Expr::While(node) => self.lower_while(node, span),
            ast::Expr::For(node) => self.lower_for(node, span),
            ast::Expr::Break(_) => self.lower_leave("break", Expr::Break, span),
            ast::Expr::Continue(_) => self.lower_leave("continue", Expr::Continue, span),
            ast::Expr::Return(node) => self.lower_return(node, span),
            ast::Expr::Fn(node) => self.lower_fn_expr(node, span),
            ast::Expr::Do(node) => self.lower_block(node.body(), span),
        }
    }
}
