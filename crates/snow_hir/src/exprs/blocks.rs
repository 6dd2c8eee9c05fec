//! Blocks and statements.

use snow_base::Span;
use snow_syntax::ast::{self, HasName};

use super::BodyCx;
use crate::body::*;
use crate::collect::same_function;
use crate::lower::named;
use crate::problems::items as problems;

impl BodyCx<'_, '_> {
    /// Lowers a block; names bound in it end with it. A block of one expression is that expression.
    pub(super) fn lower_block(&mut self, block: Option<ast::Block>, owner: Span) -> ExprId {
        let Some(block) = block else { return self.alloc(Expr::Missing, owner) };
        let mark = self.visible.len();
        let mut stmts = Vec::new();
        let mut clauses: Vec<ast::FnItem> = Vec::new();
        for stmt in block.stmts() {
            if let ast::Stmt::Fn(clause) = stmt {
                if clauses.last().is_some_and(|last| !same_function(last, &clause)) {
                    self.lower_local_fn(std::mem::take(&mut clauses), &mut stmts);
                }
                clauses.push(clause);
                continue;
            }
            self.lower_local_fn(std::mem::take(&mut clauses), &mut stmts);
            match stmt {
                ast::Stmt::Let(node) => self.lower_let(&node, &mut stmts),
                ast::Stmt::Expr(expr) => {
                    let expr = self.lower_expr(&expr);
                    stmts.push(Stmt::Expr(expr));
                }
                ast::Stmt::Fn(_) => {} // grouped above
            }
        }
        self.lower_local_fn(clauses, &mut stmts);
        self.visible.truncate(mark);
        let tail = match stmts.last() {
            Some(&Stmt::Expr(tail)) => {
                stmts.pop();
                Some(tail)
            }
            _ => None,
        };
        match tail {
            Some(tail) if stmts.is_empty() => tail,
            _ => {
                let span = if stmts.is_empty() && tail.is_none() { owner } else { self.scope.span(&block) };
                self.alloc(Expr::Block { stmts, tail }, span)
            }
        }
    }

    fn lower_let(&mut self, node: &ast::LetStmt, stmts: &mut Vec<Stmt>) {
        let span = self.scope.span(node);
        let init = self.lower_opt(node.value(), span);
        let ty = node.ty().map(|ty| self.low.lower_type(&self.scope, &ty));
        let pat = self.bind_pattern(node.pattern(), span);
        stmts.push(Stmt::Let { pat, ty, init });
    }

    fn lower_local_fn(&mut self, clauses: Vec<ast::FnItem>, stmts: &mut Vec<Stmt>) {
        let Some(first) = clauses.first() else { return };
        let Some((name, span)) = named(&self.scope, first.name()) else { return };
        if first.name().is_some_and(|n| n.is_reserved_word()) {
            self.low.diags.push(problems::reserved_word(name, span));
            return;
        }
        self.low.check_fixed_name(name, span);
        if let Some(generics) = clauses.iter().find_map(|c| c.generic_params()) {
            let what = "a local function with type parameters";
            let help = "leave them out: without annotations a local function fits every type that its body allows; or move it to the top level";
            self.low
                .diags
                .push(snow_diagnostics::not_supported(what, self.scope.span(&generics)).with_help(help));
            // Its annotations name types that nobody knows: once is enough.
            let names = generics.names().filter_map(|name| named(&self.scope, Some(name)));
            self.low.scopes[self.scope.module].broken.extend(names.map(|name| name.0));
        }
        let mut ret = None;
        for ty in clauses.iter().filter_map(|c| c.ret_type()) {
            let ty = self.low.lower_type(&self.scope, &ty);
            ret.get_or_insert(ty);
        }
        let local = self.new_local(name, span);
        self.watched.push(local);
        self.visible.push((name, local));
        let closure = self.lower_local_clauses(&clauses, ret, span);
        stmts.push(Stmt::LocalFn { local, closure });
    }
}
