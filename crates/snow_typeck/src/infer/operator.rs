//! Operators and `?`: methods of interfaces of std.

use snow_abi::LangItem;
use snow_diagnostics::Diagnostic;
use snow_hir::{BinaryOp, Expr, ExprId};

use super::Infer;
use crate::errors::Why;
use crate::results::{Pred, Res};
use crate::solve::What;
use crate::ty::{Ty, TyCon, TyKind};

/// The interface behind an operator.
pub(crate) fn op_item(op: BinaryOp) -> LangItem {
    match op {
        BinaryOp::Add => LangItem::Add,
        BinaryOp::Sub => LangItem::Sub,
        BinaryOp::Mul => LangItem::Mul,
        BinaryOp::Div => LangItem::Div,
        BinaryOp::Rem => LangItem::Rem,
        BinaryOp::Concat => LangItem::Concat,
        BinaryOp::Eq | BinaryOp::Ne => LangItem::Eq,
        BinaryOp::Lt | BinaryOp::Gt | BinaryOp::Le | BinaryOp::Ge => LangItem::Ord,
    }
}

impl Infer<'_, '_> {
    pub(crate) fn binary(&mut self, e: ExprId, op: BinaryOp, left: ExprId, right: ExprId) -> Ty {
        let item = op_item(op);
        if self.is_chain(e, item, left) {
            self.mark_bad();
            self.infer(left);
            self.infer(right);
            return Ty::bool();
        }
        let mut ty = self.infer(left);
        let before = self.cx.diags.len();
        let equality = matches!(op, BinaryOp::Eq | BinaryOp::Ne);
        if self.is_never(ty) {
            ty = self.infer(right);
        } else if equality && (self.is_pid(ty) || self.is_any_pid(ty)) {
            ty = self.pid_operands(ty, left, right);
        } else {
            self.check(right, ty, Why::Operand(self.span(left)));
        }
        let compares = equality || item == LangItem::Ord;
        // What operands give that don't agree, or that have no such operator, nobody knows.
        let whole = self.span(e);
        let agree =
            !self.cx.diags[before..].iter().any(|d| d.code == "E0301" && d.span() == self.span(right));
        let result = if compares { Ty::bool() } else { ty };
        let Some((trait_, method)) = self.cx.lang_method(item) else {
            self.cx.missing_lang(item.name(), self.span(e));
            return result;
        };
        self.require(Pred { trait_, args: vec![ty] }, whole, What::Op(op));
        self.result.out.res.insert(e, Res::Method(method, vec![ty]));
        let known = agree && !self.cx.is_refused(whole);
        if known || compares { result } else { Ty::error() }
    }

    /// Whether it is `a < b < c` without parentheses, which the parser reported.
    fn is_chain(&self, e: ExprId, item: LangItem, left: ExprId) -> bool {
        let compares = |item| matches!(item, LangItem::Eq | LangItem::Ord);
        let chained = matches!(&self.body.exprs[left], Expr::Binary { op, .. } if compares(op_item(*op)));
        let start = |e| self.span(e).text_range().start();
        compares(item) && chained && start(e) == start(left)
    }

    fn is_pid(&self, ty: Ty) -> bool {
        let head = self.cx.table.shallow(ty).as_app();
        matches!(head, Some((TyCon::Builtin(snow_hir::BuiltinTy::Pid), _)))
    }

    /// On either side of `==` a typed pid becomes an id where the other side is one.
    fn pid_operands(&mut self, ty: Ty, left: ExprId, right: ExprId) -> Ty {
        let other = self.infer(right);
        let any = Ty::builtin(snow_hir::BuiltinTy::AnyPid);
        if self.is_pid(ty) && self.is_any_pid(other) {
            return any;
        }
        self.coerce(right, other, ty, Why::Operand(self.span(left)));
        ty
    }

    pub(crate) fn neg(&mut self, e: ExprId, inner: ExprId) -> Ty {
        let ty = self.infer(inner);
        let Some((trait_, method)) = self.cx.lang_method(LangItem::Neg) else {
            self.cx.missing_lang("neg", self.span(e));
            return ty;
        };
        self.require(Pred { trait_, args: vec![ty] }, self.span(e), What::Neg);
        self.result.out.res.insert(e, Res::Method(method, vec![ty]));
        ty
    }

    /// `e?`
    pub(crate) fn try_expr(&mut self, e: ExprId, inner: ExprId) -> Ty {
        let ty = self.infer(inner);
        let ty = self.head(ty);
        if self.is_error(ty) || self.is_never(ty) {
            return ty;
        }
        if self.is_unknown(ty) {
            return self.report_unknown(self.span(inner), "to unwrap it with `?`");
        }
        let (option, result) = (self.cx.lang_type(LangItem::Option), self.cx.lang_type(LangItem::Result));
        match self.adt_head(ty) {
            Some((id, &[value])) if Some(id) == option => {
                let any = self.fresh();
                let want = Ty::adt(id, vec![any]);
                self.leave_with(e, want, "Option");
                value
            }
            Some((id, &[value, error])) if Some(id) == result => {
                let (any, outer) = (self.fresh(), self.fresh());
                let want = Ty::adt(id, vec![any, outer]);
                if self.leave_with(e, want, "Result") {
                    self.convert_error(e, error, outer);
                }
                value
            }
            _ => {
                let message = format!(
                    "`?` unwraps an `Option` or a `Result`, and this is of type `{}`",
                    self.cx.show(ty)
                );
                self.report(Diagnostic::error("E0313", message, self.span(e)));
                Ty::error()
            }
        }
    }

    /// The function around must be able to give `None` or `Err`.
    fn leave_with(&mut self, e: ExprId, want: Ty, what: &str) -> bool {
        let ret = self.scope.ret;
        let is_first = self.cx.table.unbound(ret).is_some();
        if self.cx.table.unify(ret, want).is_ok() {
            if is_first {
                self.scope.tried = Some(self.span(e));
            }
            return true;
        }
        let around = if self.scope.is_fn { "function" } else { "closure" };
        let shown = self.cx.show(ret);
        let article = if what == "Option" { "an" } else { "a" };
        let message = format!(
            "`?` on a value of type `{what}` needs a {around} that gives back {article} `{what}`; this one gives back `{shown}`"
        );
        let mut error = Diagnostic::error("E0312", message, self.span(e));
        error = match what {
            "Option" if shown.starts_with("Result<") => {
                error.with_help("`Option.to_result(option, error)?` makes a `Result` of it first")
            }
            "Result" if shown.starts_with("Option<") => {
                error.with_help("`Result.to_option(result)?` makes an `Option` of it first")
            }
            _ => error.with_help(format!("handle it with `case`, or let the {around} return `{what}`")),
        };
        if let Why::Ret(span) = self.scope.why {
            error = error.with_label(span, "declared here");
        }
        self.report(error);
        false
    }

    /// Both error types known and different: `From` converts.
    fn convert_error(&mut self, e: ExprId, error: Ty, outer: Ty) {
        let (error, outer) = (self.head(error), self.head(outer));
        let known = |ty: Ty| !matches!(ty.kind(), TyKind::Error) && self.cx.table.unbound(ty).is_none();
        if !known(error) || !known(outer) {
            self.coerce(e, error, outer, Why::None);
            return;
        }
        let snapshot = self.cx.table.snapshot();
        let same = self.cx.table.unify(error, outer).is_ok();
        self.cx.table.rollback(snapshot);
        if same {
            self.coerce(e, error, outer, Why::None);
            return;
        }
        let Some((trait_, method)) = self.cx.lang_method(LangItem::From) else {
            self.coerce(e, error, outer, Why::None);
            return;
        };
        self.require(Pred { trait_, args: vec![outer, error] }, self.span(e), What::Try);
        self.result.out.res.insert(e, Res::Method(method, vec![outer, error]));
    }
}
