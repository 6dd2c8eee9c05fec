//! Literals, strings, collections, structs, operators.

use snow_base::{Name, Span};
use snow_syntax::ast::{self, BinOp, LiteralValue, PrefixOp, StrPart};

use super::BodyCx;
use crate::body::*;
use crate::lower::named;
use crate::problems::bodies as problems;

impl BodyCx<'_, '_> {
    pub(super) fn lower_literal(&mut self, node: &ast::Literal, span: Span) -> ExprId {
        let expr = match node.value() {
            Some(LiteralValue::Int(Some(value))) => Expr::Int(value),
            Some(LiteralValue::Float(Some(value))) => Expr::Float(value),
            Some(LiteralValue::Bool(value)) => Expr::Bool(value),
            Some(LiteralValue::Atom(name)) => Expr::Atom(name),
            Some(LiteralValue::Int(None) | LiteralValue::Float(None)) | None => Expr::Missing,
        };
        self.alloc(expr, span)
    }

    pub(super) fn lower_string(&mut self, node: &ast::StringExpr, span: Span) -> ExprId {
        self.warn_of_hash_braces(node);
        if let Some(text) = node.plain_text() {
            return self.alloc(Expr::Str(text), span);
        }
        let mut parts = Vec::new();
        for part in node.parts() {
            parts.push(match part {
                StrPart::Text(text) => InterpPart::Text(text),
                StrPart::Expr(expr) => InterpPart::Expr(self.lower_opt(expr, span)),
            });
        }
        self.alloc(Expr::Interp(parts), span)
    }

    pub(super) fn lower_list(&mut self, node: &ast::ListExpr, span: Span) -> ExprId {
        let mut items = Vec::new();
        for element in node.elements() {
            items.push(match element {
                ast::ListElement::Spread(spread) => ListItem::Spread(self.lower_opt(spread.expr(), span)),
                ast::ListElement::Expr(expr) => ListItem::Elem(self.lower_expr(&expr)),
            });
        }
        self.alloc(Expr::List(items), span)
    }

    pub(super) fn lower_map(&mut self, node: &ast::MapExpr, span: Span) -> ExprId {
        let entries = node.entries().map(|entry| self.lower_entry(&entry, span)).collect();
        self.alloc(Expr::Map(entries), span)
    }

    fn lower_entry(&mut self, entry: &ast::MapEntry, owner: Span) -> (ExprId, ExprId) {
        let key = match named(&self.scope, entry.name()) {
            Some((name, span)) => self.alloc(Expr::Str(name.to_string()), span),
            None => self.lower_opt(entry.key(), owner),
        };
        (key, self.lower_opt(entry.value(), owner))
    }

    pub(super) fn lower_update(&mut self, node: &ast::UpdateExpr, span: Span) -> ExprId {
        let base = self.lower_opt(node.base(), span);
        let entries: Vec<ast::MapEntry> = node.entries().collect();
        let fields = entries.iter().filter(|e| e.name().is_some()).count();
        if fields != 0 && fields != entries.len() {
            self.low.diags.push(problems::mixed_update(span));
            return self.alloc(Expr::Missing, span);
        }
        if entries.is_empty() {
            self.low.diags.push(problems::empty_update(span));
            return self.alloc(Expr::Missing, span);
        }
        if fields == 0 {
            let entries = entries.iter().map(|e| self.lower_entry(e, span)).collect();
            return self.alloc(Expr::MapUpdate { base, entries }, span);
        }
        let mut inits = Vec::new();
        for entry in entries {
            let Some((name, place)) = named(&self.scope, entry.name()) else { continue };
            inits.push(FieldInit { name, span: place, value: self.lower_opt(entry.value(), place) });
        }
        self.alloc(Expr::Update { base, fields: inits }, span)
    }

    pub(super) fn lower_record(&mut self, node: &ast::RecordExpr, span: Span) -> ExprId {
        let ty = node.path().and_then(|path| self.struct_of(&path));
        let mut fields = Vec::new();
        for field in node.fields() {
            let Some((name, place)) = named(&self.scope, field.name()) else { continue };
            let has_colon = self.scope.span(&field) != place || self.scope.place.is_some();
            let value = match field.value() {
                Some(value) => self.lower_expr(&value),
                None if has_colon => self.alloc(Expr::Missing, place),
                None => self.lower_name(name, place),
            };
            fields.push(FieldInit { name, span: place, value });
        }
        match ty {
            Some(ty) => self.alloc(Expr::Struct { ty, fields }, span),
            None => self.alloc(Expr::Missing, span),
        }
    }

    pub(super) fn lower_tuple_field(&mut self, node: &ast::TupleFieldExpr, span: Span) -> ExprId {
        let base = self.lower_opt(node.receiver(), span);
        match node.index() {
            Some(index) => self.alloc(Expr::TupleIndex { base, index }, span),
            None => self.alloc(Expr::Missing, span),
        }
    }

    pub(super) fn lower_prefix(&mut self, node: &ast::PrefixExpr, span: Span) -> ExprId {
        let operand = self.lower_opt(node.expr(), span);
        let expr = match node.op() {
            Some(PrefixOp::Neg) => Expr::Neg(operand),
            Some(PrefixOp::Not) => Expr::Not(operand),
            None => Expr::Missing,
        };
        self.alloc(expr, span)
    }

    pub(super) fn lower_binary(&mut self, node: &ast::BinExpr, span: Span) -> ExprId {
        let left = self.lower_opt(node.lhs(), span);
        let right = self.lower_opt(node.rhs(), span);
        let op = match node.op() {
            Some(BinOp::Or) => return self.alloc(Expr::Logic { is_and: false, left, right }, span),
            Some(BinOp::And) => return self.alloc(Expr::Logic { is_and: true, left, right }, span),
            Some(BinOp::Eq) => BinaryOp::Eq,
            Some(BinOp::Ne) => BinaryOp::Ne,
            Some(BinOp::Lt) => BinaryOp::Lt,
            Some(BinOp::Gt) => BinaryOp::Gt,
            Some(BinOp::Le) => BinaryOp::Le,
            Some(BinOp::Ge) => BinaryOp::Ge,
            Some(BinOp::Concat) => BinaryOp::Concat,
            Some(BinOp::Add) => BinaryOp::Add,
            Some(BinOp::Sub) => BinaryOp::Sub,
            Some(BinOp::Mul) => BinaryOp::Mul,
            Some(BinOp::Div) => BinaryOp::Div,
            Some(BinOp::Rem) => BinaryOp::Rem,
            None => return self.alloc(Expr::Missing, span),
        };
        self.alloc(Expr::Binary { op, left, right }, span)
    }

    /// A new local that holds a value: `let tmp = value`.
    pub(super) fn bind_value(&mut self, value: ExprId, stmts: &mut Vec<Stmt>) -> LocalId {
        let span = self.span_of(value);
        let local = self.new_local(Name::new("_"), span);
        let pat = self.alloc_pat(Pat::Bind { local, sub: None }, span);
        stmts.push(Stmt::Let { pat, ty: None, init: value });
        local
    }

    /// Can the expression be evaluated again, later or elsewhere in the function without a difference?
    pub(super) fn is_trivial(&self, id: ExprId) -> bool {
        matches!(
            self.body.exprs[id],
            Expr::Missing
                | Expr::Int(_)
                | Expr::Float(_)
                | Expr::Bool(_)
                | Expr::Str(_)
                | Expr::Atom(_)
                | Expr::Local(_)
                | Expr::Fn(_)
                | Expr::Const(_)
                | Expr::Ctor(_)
                | Expr::TraitMethod(..)
                | Expr::TypeMember { .. }
                | Expr::Closure(_)
        )
    }
}
