//! Closures: `fn … end`, trailing blocks, local functions.

use snow_base::{Name, Span};
use snow_syntax::ast;

use super::BodyCx;
use crate::body::*;
use crate::items::TypeRef;
use crate::problems::items as problems;
use crate::scope::ItemScope;
use crate::signatures::plain_name;

/// One clause as it stands in the tree.
pub(super) struct RawClause {
    params: Vec<ast::Param>,
    guard: Option<ast::Expr>,
    block: Option<ast::Block>,
    value: Option<ast::Expr>,
    span: Span,
}

/// The clauses of `fn … end`.
pub(super) fn raw_clauses(scope: &ItemScope, node: &ast::FnExpr) -> Vec<RawClause> {
    node.clauses()
        .map(|clause| RawClause {
            params: clause.param_list().iter().flat_map(|l| l.params()).collect(),
            guard: clause.guard(),
            block: clause.body(),
            value: None,
            span: scope.span(&clause),
        })
        .collect()
}

impl BodyCx<'_, '_> {
    pub(super) fn lower_fn_expr(&mut self, node: &ast::FnExpr, span: Span) -> ExprId {
        self.lower_closure(raw_clauses(&self.scope, node), ClosureKind::Fn, None, span)
    }

    pub(super) fn lower_trailing_block(&mut self, node: &ast::TrailingBlock) -> ExprId {
        let span = self.scope.span(node);
        let params = node.block_params().iter().flat_map(|p| p.params()).collect();
        let raw = RawClause { params, guard: None, block: node.body(), value: None, span };
        self.lower_closure(vec![raw], ClosureKind::TrailingBlock, None, span)
    }

    pub(super) fn lower_local_clauses(
        &mut self,
        clauses: &[ast::FnItem],
        ret: Option<TypeRef>,
        span: Span,
    ) -> ExprId {
        let raw = clauses
            .iter()
            .map(|clause| RawClause {
                params: clause.param_list().iter().flat_map(|l| l.params()).collect(),
                guard: clause.guard(),
                block: clause.body_block(),
                value: clause.body_expr(),
                span: self.scope.span(clause),
            })
            .collect();
        self.lower_closure(raw, ClosureKind::LocalFn, ret, span)
    }

    fn lower_closure(
        &mut self,
        raw: Vec<RawClause>,
        kind: ClosureKind,
        ret: Option<TypeRef>,
        span: Span,
    ) -> ExprId {
        if raw.is_empty() {
            return self.alloc(Expr::Missing, span);
        }
        self.loops.push(0);
        let (params, clauses) = self.lower_clauses(raw);
        self.loops.pop();
        self.alloc(Expr::Closure(Closure { params, clauses, ret, kind }), span)
    }

    /// The locals for the parameters, and the clauses that have as many as the first.
    pub(super) fn lower_clauses(&mut self, raw: Vec<RawClause>) -> (Vec<LocalId>, Vec<Clause>) {
        let mut params = Vec::new();
        let mut clauses = Vec::new();
        let Some(first) = raw.first() else { return (params, clauses) };
        let (arity, first_span) = (first.params.len(), first.span);
        for (i, param) in first.params.iter().enumerate() {
            let name = raw.iter().filter_map(|c| c.params.get(i)).find_map(plain_name);
            let span = self.scope.span(param);
            params.push(self.new_local(name.unwrap_or_else(|| Name::new("_")), span));
        }
        for clause in raw {
            if clause.params.len() != arity {
                let problem = problems::closure_clash(clause.span, first_span, arity, clause.params.len());
                self.low.diags.push(problem);
                // What it takes isn't missing.
                let pats = (0..arity).map(|_| self.alloc_pat(Pat::Missing, clause.span)).collect();
                let body = self.alloc(Expr::Missing, clause.span);
                clauses.push(Clause { pats, guard: None, body, span: clause.span });
                continue;
            }
            clauses.push(self.lower_closure_clause(clause));
        }
        (params, clauses)
    }

    fn lower_closure_clause(&mut self, clause: RawClause) -> Clause {
        for default in clause.params.iter().filter_map(|p| p.default()) {
            self.low.diags.push(problems::default_not_here(self.scope.span(&default)));
        }
        let mark = self.visible.len();
        let pats = self.lower_clause_params(&clause.params, |_| true);
        let guard = clause.guard.map(|g| self.lower_expr(&g));
        let body = match clause.value {
            Some(value) => self.lower_expr(&value),
            None => self.lower_block(clause.block, clause.span),
        };
        self.visible.truncate(mark);
        Clause { pats, guard, body, span: clause.span }
    }
}
