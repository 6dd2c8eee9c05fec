//! Closures: `fn … end`, trailing blocks, local functions.

use snow_base::{Name, Span};
use snow_syntax::ast;

use super::BodyCx;
use crate::body::*;
use crate::items::TypeRef;
use crate::problems::items as problems;
use crate::signatures::plain_name;

/// One clause as it stands in the tree.
struct RawClause {
    params: Vec<ast::Param>,
    guard: Option<ast::Expr>,
    block: Option<ast::Block>,
    value: Option<ast::Expr>,
    span: Span,
}

impl BodyCx<'_, '_> {
    pub(super) fn lower_fn_expr(&mut self, node: &ast::FnExpr, span: Span) -> ExprId {
        let raw = node
            .clauses()
            .map(|clause| RawClause {
                params: clause.param_list().iter().flat_map(|l| l.params()).collect(),
                guard: clause.guard(),
                block: clause.body(),
                value: None,
                span: self.scope.span(&clause),
            })
            .collect();
        self.lower_closure(raw, ClosureKind::Fn, None, span)
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
        let Some(first) = raw.first() else { return self.alloc(Expr::Missing, span) };
        let (arity, first_span) = (first.params.len(), first.span);
        let mut params = Vec::new();
        for (i, param) in first.params.iter().enumerate() {
            let name = raw.iter().filter_map(|c| c.params.get(i)).find_map(plain_name);
            let span = self.scope.span(param);
            params.push(self.new_local(name.unwrap_or_else(|| Name::new("_")), span));
        }
        self.loops.push(0);
        let mut clauses = Vec::new();
        for clause in raw {
            if clause.params.len() != arity {
                let problem = problems::closure_clash(clause.span, first_span, arity, clause.params.len());
                self.low.diags.push(problem);
                continue;
            }
            clauses.push(self.lower_closure_clause(clause));
        }
        self.loops.pop();
        self.alloc(Expr::Closure(Closure { params, clauses, ret, kind }), span)
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
