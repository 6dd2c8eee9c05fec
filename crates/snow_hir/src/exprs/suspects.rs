//! What is allowed but surely not meant: each gets a warning that says what happens instead.

use snow_base::{Name, Span, TextRange};
use snow_syntax::SyntaxKind;
use snow_syntax::ast::{self, AstNode};

use super::BodyCx;
use crate::body::*;
use crate::problems::bodies as problems;

impl BodyCx<'_, '_> {
    /// `while i < 10 do … let i = i + 1 end`: the condition never sees the new `i`. `cond` and `body` are the numbers
    /// of the first expression of each; the body has just been lowered.
    pub(super) fn warn_of_shadowed_condition(&mut self, cond: usize, body: usize) {
        let mut asked: Vec<(Name, Span)> = Vec::new();
        for (id, expr) in self.body.exprs.iter().skip(cond).take(body - cond) {
            if let Expr::Local(local) = expr {
                asked.push((self.body.locals[*local].name, self.body.expr_spans[id]));
            }
        }
        let mut again: Vec<LocalId> = Vec::new();
        for (_, expr) in self.body.exprs.iter().skip(body) {
            let Expr::Block { stmts, .. } = expr else { continue };
            for stmt in stmts {
                if let Stmt::Let { pat, .. } = stmt
                    && let Pat::Bind { local, .. } = self.body.pats[*pat]
                {
                    again.push(local);
                }
            }
        }
        for local in again {
            let Local { name, span } = self.body.locals[local];
            let Some(&(_, asked)) = asked.iter().find(|a| a.0 == name) else { continue };
            // One warning is enough: that nothing reads it follows.
            self.watched.retain(|w| *w != local);
            self.low.diags.push(problems::shadows_condition(name, span, asked));
        }
    }

    /// `"#{name}"`, as other languages write it, where `name` is a local.
    pub(super) fn warn_of_hash_braces(&mut self, node: &ast::StringExpr) {
        let file = self.scope.file;
        let texts = node.syntax().children_with_tokens().filter_map(|e| e.into_token());
        for token in texts.filter(|t| t.kind() == SyntaxKind::STRING_TEXT) {
            let text = token.text().to_owned();
            for (at, _) in text.match_indices("#{") {
                let Some(inner) = text[at + 2..].split('}').next().filter(|i| at + 2 + i.len() < text.len())
                else {
                    continue;
                };
                let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
                let name = Name::new(inner.split('.').next().unwrap_or(inner));
                if !inner.chars().all(is_name) || !self.visible.iter().any(|v| v.0 == name) {
                    continue;
                }
                self.local(name);
                let start = token.text_range().start() + snow_base::TextSize::from(at as u32);
                let hash = Span::new(file, TextRange::at(start, 1.into()));
                let whole = Span::new(file, TextRange::at(start, (inner.len() as u32 + 3).into()));
                self.low.diags.push(problems::hash_braces(inner, whole, hash));
            }
        }
    }
}
