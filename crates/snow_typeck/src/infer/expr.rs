//! Expressions: one function that says for each form which other function infers it.

use snow_diagnostics::Diagnostic;
use snow_hir::{Expr, ExprId, InterpPart};

use super::{Infer, Mode, Scope};
use crate::errors::Why;
use crate::results::{Pred, Res};
use crate::solve::What;
use crate::ty::{MAX_SIZE, Ty, TyCon, TyKind};
use snow_abi::LangItem;

impl Infer<'_, '_> {
    /// The type of an expression of which nothing is expected.
    pub(crate) fn infer(&mut self, e: ExprId) -> Ty {
        self.expr(e, Mode::Infer)
    }

    /// Checks an expression against a type.
    pub(crate) fn check(&mut self, e: ExprId, want: Ty, why: Why) -> Ty {
        self.expr(e, Mode::Check(want, why))
    }

    /// The type of an expression. What fits any type has type `Never`.
    pub(crate) fn expr(&mut self, e: ExprId, mode: Mode) -> Ty {
        let ty = match mode {
            Mode::Check(want, why) if self.is_unknown(want) => {
                let before = self.cx.diags.len();
                let found = self.expr_in(e, Mode::Infer);
                if self.branches_differ(e, before) && !self.fits(found, want) {
                    // What branches that don't agree give, nobody knows.
                    Ty::error()
                } else {
                    self.coerce(e, found, want, why)
                }
            }
            _ => self.expr_in(e, mode),
        };
        self.result.out.exprs.insert(e, ty);
        ty
    }

    /// Is it a choice of which an error was reported since then?
    fn branches_differ(&self, e: ExprId, before: usize) -> bool {
        let chooses = matches!(
            self.body.exprs[e],
            Expr::If { .. } | Expr::Case { .. } | Expr::Receive { .. } | Expr::Block { .. }
        );
        chooses && self.cx.diags[before..].iter().any(Diagnostic::is_error)
    }

    fn expr_in(&mut self, e: ExprId, mode: Mode) -> Ty {
        match &self.body.exprs[e] {
            Expr::If { cond, then, otherwise } => self.if_expr(e, (*cond, *then, *otherwise), mode),
            Expr::Case { scrutinee, arms } => self.case_expr(e, *scrutinee, arms, mode),
            Expr::Receive { arms, after } => self.receive_expr(e, arms, *after, mode),
            Expr::Block { stmts, tail } => self.block_expr(e, stmts, *tail, mode),
            Expr::For { .. } if matches!(mode, Mode::Discard) => {
                self.result.out.discarded.insert(e, ());
                self.for_expr(e, true)
            }
            _ => {
                let mut found = self.simple(e, mode);
                if found.size() > MAX_SIZE {
                    self.report_too_large(self.span(e));
                    found = Ty::error();
                }
                match mode {
                    Mode::Check(want, why) => self.coerce(e, found, want, why),
                    Mode::Discard => self.warn_unused(e, found),
                    Mode::Infer => found,
                }
            }
        }
    }

    /// Forms that the value's use doesn't change; an expected type is a hint.
    fn simple(&mut self, e: ExprId, mode: Mode) -> Ty {
        let hint = match mode {
            Mode::Check(want, _) => Some(self.cx.table.shallow(want)),
            _ => None,
        };
        match &self.body.exprs[e] {
            Expr::Missing => {
                self.mark_bad();
                Ty::error()
            }
            Expr::Int(_) => Ty::int(),
            Expr::Float(_) => Ty::float(),
            Expr::Bool(_) => Ty::bool(),
            Expr::Str(_) => Ty::string(),
            Expr::Atom(_) => Ty::atom(),
            Expr::Interp(parts) => self.interp(parts),
            Expr::Local(local) => self.local_ref(e, *local),
            Expr::Fn(f) => self.fn_value(e, *f),
            Expr::Const(c) => self.const_ref(*c),
            Expr::Ctor(ids) => self.ctor_value(e, ids, hint),
            Expr::TraitMethod(_, method) => self.trait_method_value(e, *method),
            Expr::TypeMember { ty, name, name_span } => self.type_member_value(e, ty, (*name, *name_span)),
            Expr::Call { callee, args } => self.call(e, *callee, args, hint),
            Expr::MethodCall { receiver, name, name_span, args } => {
                self.method_call(e, *receiver, (*name, *name_span), args)
            }
            Expr::Field { base, name, name_span } => self.field(e, *base, (*name, *name_span)),
            Expr::TupleIndex { base, index } => self.tuple_index(e, *base, *index),
            Expr::Index { base, index } => self.index(e, *base, *index),
            Expr::Tuple(parts) => self.tuple(parts, hint),
            Expr::List(items) => self.list(items, hint),
            Expr::Map(entries) => self.map(e, entries, hint),
            Expr::MapUpdate { base, entries } => self.map_update(e, *base, entries),
            Expr::Struct { ty, fields } => self.struct_literal(e, *ty, fields, hint),
            Expr::Update { base, fields } => self.update(e, *base, fields),
            Expr::Binary { op, left, right } => self.binary(e, *op, *left, *right),
            Expr::Logic { left, right, .. } => {
                self.check(*left, Ty::bool(), Why::Condition);
                self.check(*right, Ty::bool(), Why::Condition);
                Ty::bool()
            }
            Expr::Not(inner) => {
                self.check(*inner, Ty::bool(), Why::Condition);
                Ty::bool()
            }
            Expr::Neg(inner) => self.neg(e, *inner),
            Expr::Range { start, end, .. } => self.range(e, *start, *end),
            Expr::While { cond, body } => {
                self.check(*cond, Ty::bool(), Why::Condition);
                self.expr(*body, Mode::Discard);
                Ty::unit()
            }
            Expr::For { .. } => self.for_expr(e, false),
            Expr::Break | Expr::Continue => Ty::never(),
            Expr::Return(value) => self.return_expr(e, *value),
            Expr::Try(inner) => self.try_expr(e, *inner),
            Expr::Closure(closure) => self.closure(e, closure, hint),
            Expr::SelfPid => self.self_pid(e),
            Expr::Send { to, message } => self.send(*to, *message),
            Expr::Spawn { target, args, .. } => self.spawn(e, *target, args),
            Expr::If { .. } | Expr::Case { .. } | Expr::Receive { .. } | Expr::Block { .. } => Ty::error(),
        }
    }

    /// Makes what was found fit what is expected: `Never` fits everything, `Pid<M>` fits `Pid`.
    pub(crate) fn coerce(&mut self, e: ExprId, found: Ty, want: Ty, why: Why) -> Ty {
        if self.is_never(found) {
            return found;
        }
        if !self.fits(found, want) {
            self.misfits.push(super::swap::Misfit { expr: e, found });
            self.report_mismatch(self.span(e), want, found, why);
        }
        want
    }

    /// Unifies, up to the coercion from `Pid<M>` to `Pid`.
    pub(crate) fn fits(&mut self, found: Ty, want: Ty) -> bool {
        let (found, want) = (self.cx.table.shallow(found), self.cx.table.shallow(want));
        if let (TyKind::App(TyCon::Builtin(snow_hir::BuiltinTy::Pid), _), Some((con, _))) =
            (found.kind(), want.as_app())
            && con == TyCon::Builtin(snow_hir::BuiltinTy::AnyPid)
        {
            return true;
        }
        self.cx.table.unify(want, found).is_ok()
    }

    fn interp(&mut self, parts: &[InterpPart]) -> Ty {
        for part in parts {
            let InterpPart::Expr(e) = part else { continue };
            let ty = self.infer(*e);
            let span = self.span(*e);
            let Some((trait_, method)) = self.cx.lang_method(LangItem::Display) else {
                self.cx.missing_lang("Display", span);
                continue;
            };
            self.require(Pred { trait_, args: vec![ty] }, span, What::Interp);
            self.result.out.displays.insert(*e, Res::Method(method, vec![ty]));
        }
        Ty::string()
    }

    fn return_expr(&mut self, e: ExprId, value: Option<ExprId>) -> Ty {
        let Scope { ret, why, .. } = self.scope;
        match value {
            Some(value) => {
                self.check(value, ret, why);
            }
            None => {
                self.coerce(e, Ty::unit(), ret, why);
            }
        }
        Ty::never()
    }
}
