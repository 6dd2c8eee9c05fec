//! Calls: arguments, holes, trailing blocks, pipes, methods.
//!
//! Holes become closures whose other arguments were evaluated before; a pipe puts its left side into the one hole or in
//! front.

use snow_base::{Name, Span};
use snow_syntax::ast;

use super::BodyCx;
use crate::body::*;
use crate::lower::named;
use crate::problems::bodies as problems;

/// What is called, as it stands in the tree.
pub(super) enum Target {
    /// `f`, `M.f`, `Some`, `(e)`
    Expr(Option<ast::Expr>),
    /// `.m` of a receiver that isn't a path.
    Method(Receiver, Name, Span),
}

/// The receiver of a method.
pub(super) enum Receiver {
    Tree(Option<ast::Expr>),
    Ready(ExprId),
}

/// What is called, lowered.
pub(super) enum Callee {
    Expr(ExprId),
    Method(ExprId, Name, Span),
    /// `self`, `send`, …
    Special(Name, Span),
}

/// An argument, as it stands in the tree or piped.
pub(super) struct RawArg {
    name: Option<(Name, Span)>,
    value: RawValue,
}

enum RawValue {
    Tree(Option<ast::Expr>),
    Ready(ExprId),
    Hole(Span),
}

/// A whole call before its lowering.
pub(super) struct RawCall {
    target: Target,
    args: Vec<RawArg>,
    trailing: Option<ast::TrailingBlock>,
    /// The piped value or first argument, for `dbg`.
    first: Option<ast::Expr>,
    span: Span,
}

impl BodyCx<'_, '_> {
    pub(super) fn lower_call(&mut self, node: &ast::CallExpr, span: Span) -> ExprId {
        let raw = self.raw_call(Target::Expr(node.callee()), node.arg_list(), node.trailing_block(), span);
        self.finish_call(raw)
    }

    pub(super) fn lower_method_call(&mut self, node: &ast::MethodCallExpr, span: Span) -> ExprId {
        if let (Some(ast::Expr::Path(receiver)), Some(name)) = (node.receiver(), node.name())
            && let Some(caller) = self.service_caller(&receiver, name.text(), span)
        {
            return caller;
        }
        match self.method_call(node, span) {
            Some(raw) => self.finish_call(raw),
            None => self.alloc(Expr::Missing, span),
        }
    }

    fn method_call(&mut self, node: &ast::MethodCallExpr, span: Span) -> Option<RawCall> {
        let (name, name_span) = named(&self.scope, node.name())?;
        let target = match node.receiver() {
            Some(ast::Expr::Path(path)) => {
                let member = self.member(&path, name, name_span);
                let callee = self.alloc(member, self.scope.span(&path).cover(name_span));
                Target::Method(Receiver::Ready(callee), Name::new(""), name_span)
            }
            receiver => Target::Method(Receiver::Tree(receiver), name, name_span),
        };
        Some(self.raw_call(target, node.arg_list(), node.trailing_block(), span))
    }

    fn raw_call(
        &self,
        target: Target,
        args: Option<ast::ArgList>,
        trailing: Option<ast::TrailingBlock>,
        span: Span,
    ) -> RawCall {
        let nodes: Vec<ast::Arg> = args.iter().flat_map(|a| a.args()).collect();
        let first = nodes.first().and_then(|a| a.expr());
        let args = nodes.iter().map(|arg| {
            let value = match arg.expr() {
                Some(ast::Expr::Hole(hole)) => RawValue::Hole(self.scope.span(&hole)),
                value => RawValue::Tree(value),
            };
            RawArg { name: named(&self.scope, arg.name()), value }
        });
        RawCall { target, args: args.collect(), trailing, first, span }
    }

    pub(super) fn lower_pipe(&mut self, node: &ast::PipeExpr, span: Span) -> ExprId {
        let lhs = self.lower_opt(node.lhs(), span);
        let raw = match node.target() {
            Some(ast::PipeTarget::Method(method)) => {
                let Some((name, name_span)) = named(&self.scope, method.name()) else {
                    return self.alloc(Expr::Missing, span);
                };
                let target = Target::Method(Receiver::Ready(lhs), name, name_span);
                let raw = self.raw_call(target, method.arg_list(), method.trailing_block(), span);
                return self.finish_call(raw);
            }
            Some(ast::PipeTarget::Expr(ast::Expr::Call(call))) => {
                self.raw_call(Target::Expr(call.callee()), call.arg_list(), call.trailing_block(), span)
            }
            Some(ast::PipeTarget::Expr(ast::Expr::MethodCall(call))) => match self.method_call(&call, span) {
                Some(raw) => raw,
                None => return self.alloc(Expr::Missing, span),
            },
            Some(ast::PipeTarget::Expr(ast::Expr::Field(field)))
                if !matches!(field.receiver(), Some(ast::Expr::Path(_))) =>
            {
                let Some((name, name_span)) = named(&self.scope, field.name()) else {
                    return self.alloc(Expr::Missing, span);
                };
                self.raw_call(
                    Target::Method(Receiver::Tree(field.receiver()), name, name_span),
                    None,
                    None,
                    span,
                )
            }
            Some(ast::PipeTarget::Expr(expr)) => self.raw_call(Target::Expr(Some(expr)), None, None, span),
            None => return self.alloc(Expr::Missing, span),
        };
        self.pipe_into(lhs, RawCall { first: node.lhs(), span, ..raw })
    }

    fn pipe_into(&mut self, lhs: ExprId, mut raw: RawCall) -> ExprId {
        let holes: Vec<usize> = (0..raw.args.len()).filter(|&i| raw.args[i].is_hole()).collect();
        let at = match holes[..] {
            [] => {
                raw.args.insert(0, RawArg { name: None, value: RawValue::Ready(lhs) });
                return self.finish_call(raw);
            }
            [at] => at,
            _ => {
                self.low.diags.push(problems::holes_in_pipe(raw.span));
                return self.alloc(Expr::Missing, raw.span);
            }
        };
        // The left side is evaluated first: before arguments that stand in front of the hole.
        let mut stmts = Vec::new();
        let mut piped = lhs;
        if raw.args[..at].iter().any(RawArg::may_act) && !self.is_trivial(lhs) {
            let local = self.bind_value(lhs, &mut stmts);
            piped = self.alloc(Expr::Local(local), self.span_of(lhs));
        }
        raw.args[at].value = RawValue::Ready(piped);
        let span = raw.span;
        let call = self.finish_call(raw);
        if stmts.is_empty() { call } else { self.alloc(Expr::Block { stmts, tail: Some(call) }, span) }
    }

    fn callee(&mut self, target: Target, span: Span) -> Callee {
        match target {
            Target::Expr(Some(ast::Expr::Name(name))) => {
                let (text, place) = (name.text(), self.scope.span(&name));
                if self.is_special_call(text) {
                    return Callee::Special(text, place);
                }
                Callee::Expr(self.lower_name(text, place))
            }
            Target::Expr(expr) => Callee::Expr(self.lower_opt(expr, span)),
            // A member of a module or type that is called: the empty name says that the callee is ready.
            Target::Method(Receiver::Ready(callee), name, _) if name.as_str().is_empty() => {
                Callee::Expr(callee)
            }
            Target::Method(Receiver::Ready(receiver), name, name_span) => {
                Callee::Method(receiver, name, name_span)
            }
            Target::Method(Receiver::Tree(receiver), name, name_span) => {
                Callee::Method(self.lower_opt(receiver, span), name, name_span)
            }
        }
    }

    fn finish_call(&mut self, raw: RawCall) -> ExprId {
        let RawCall { target, args, trailing, first, span } = raw;
        let callee = self.callee(target, span);
        if args.iter().any(RawArg::is_hole) {
            return self.hole_call(callee, args, trailing, (first, span));
        }
        let mut lowered = Vec::new();
        let starts = matches!(callee, Callee::Special(name, _) if name == "spawn" || name == "spawn_link");
        for (i, arg) in args.into_iter().enumerate() {
            let value = match &arg.value {
                RawValue::Tree(Some(ast::Expr::Path(path))) if starts && i == 0 => self.supervisor(path),
                _ => None,
            };
            let value = match value {
                Some(value) => value,
                None => self.lower_raw(arg.value, span),
            };
            lowered.push(Arg { name: arg.name, value });
        }
        if let Some(block) = trailing {
            lowered.push(Arg { name: None, value: self.lower_trailing_block(&block) });
        }
        self.build_call(callee, lowered, (first, span))
    }

    fn lower_raw(&mut self, value: RawValue, owner: Span) -> ExprId {
        match value {
            RawValue::Tree(expr) => self.lower_opt(expr, owner),
            RawValue::Ready(id) => id,
            RawValue::Hole(span) => self.alloc(Expr::Missing, span),
        }
    }

    /// `f(a(), _)` is `do let tmp = a(); fn x -> f(tmp, x) end end`.
    fn hole_call(
        &mut self,
        callee: Callee,
        args: Vec<RawArg>,
        trailing: Option<ast::TrailingBlock>,
        (first, span): (Option<ast::Expr>, Span),
    ) -> ExprId {
        let mut stmts = Vec::new();
        let callee = match callee {
            Callee::Expr(id) => Callee::Expr(self.evaluated(id, &mut stmts)),
            Callee::Method(id, name, place) => Callee::Method(self.evaluated(id, &mut stmts), name, place),
            Callee::Special(..) => callee,
        };
        let (mut lowered, mut params, mut pats) = (Vec::new(), Vec::new(), Vec::new());
        for arg in args {
            let value = match arg.value {
                RawValue::Hole(place) => {
                    params.push(self.new_local(Name::new("_"), place));
                    let local = self.new_local(Name::new("_"), place);
                    pats.push(self.alloc_pat(Pat::Bind { local, sub: None }, place));
                    self.alloc(Expr::Local(local), place)
                }
                value => {
                    let value = self.lower_raw(value, span);
                    self.evaluated(value, &mut stmts)
                }
            };
            lowered.push(Arg { name: arg.name, value });
        }
        if let Some(block) = trailing {
            lowered.push(Arg { name: None, value: self.lower_trailing_block(&block) });
        }
        let body = self.build_call(callee, lowered, (first, span));
        let clauses = vec![Clause { pats, guard: None, body, span }];
        let closure = Closure { params, clauses, ret: None, kind: ClosureKind::Hole };
        let closure = self.alloc(Expr::Closure(closure), span);
        if stmts.is_empty() { closure } else { self.alloc(Expr::Block { stmts, tail: Some(closure) }, span) }
    }

    /// The expression itself if it is trivial, otherwise a local that holds its value.
    fn evaluated(&mut self, id: ExprId, stmts: &mut Vec<Stmt>) -> ExprId {
        if self.is_trivial(id) {
            return id;
        }
        let local = self.bind_value(id, stmts);
        self.alloc(Expr::Local(local), self.span_of(id))
    }

    fn build_call(
        &mut self,
        callee: Callee,
        args: Vec<Arg>,
        (first, span): (Option<ast::Expr>, Span),
    ) -> ExprId {
        match callee {
            Callee::Expr(callee) => self.alloc(Expr::Call { callee, args }, span),
            Callee::Method(receiver, name, name_span) => {
                self.alloc(Expr::MethodCall { receiver, name, name_span, args }, span)
            }
            Callee::Special(name, place) => self.special_call((name, place), args, (first, span)),
        }
    }
}

impl RawArg {
    /// Can its evaluation be told apart from that of another expression before or behind it?
    fn may_act(&self) -> bool {
        match &self.value {
            RawValue::Tree(Some(expr)) => !matches!(
                expr,
                ast::Expr::Literal(_) | ast::Expr::Name(_) | ast::Expr::Path(_) | ast::Expr::Fn(_)
            ),
            RawValue::Tree(None) | RawValue::Ready(_) | RawValue::Hole(_) => false,
        }
    }

    fn is_hole(&self) -> bool {
        matches!(self.value, RawValue::Hole(_))
    }
}
