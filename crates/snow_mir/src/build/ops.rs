//! Binary operators: methods of interfaces, and comparisons made of `Eq` and `Ord`.

use snow_abi::Intrinsic;
use snow_hir::{BinaryOp, BuiltinTy, ExprId};
use snow_typeck::{Ty, TyCon, TyKind};

use super::emit::Dest;
use super::lower::Lower;
use crate::mir::{Const, Operand, Rvalue};
use crate::mono::Built;

/// The comparisons that the processor knows for a type.
struct Direct {
    eq: Intrinsic,
    order: Option<(Intrinsic, Intrinsic)>,
}

fn direct(ty: Ty) -> Option<Direct> {
    let TyKind::App(TyCon::Builtin(builtin), _) = ty.kind() else { return None };
    Some(match builtin {
        BuiltinTy::Int => Direct { eq: Intrinsic::IntEq, order: Some((Intrinsic::IntLt, Intrinsic::IntLe)) },
        BuiltinTy::Float => {
            Direct { eq: Intrinsic::FloatEq, order: Some((Intrinsic::FloatLt, Intrinsic::FloatLe)) }
        }
        BuiltinTy::Bool => Direct { eq: Intrinsic::BoolEq, order: None },
        BuiltinTy::Atom => Direct { eq: Intrinsic::AtomEq, order: None },
        BuiltinTy::Pid | BuiltinTy::AnyPid => Direct { eq: Intrinsic::PidEq, order: None },
        _ => return None,
    })
}

impl Lower<'_, '_> {
    /// `a + b`, `a == b`, `a < b`
    pub(crate) fn binary(
        &mut self,
        e: ExprId,
        op: BinaryOp,
        (left, right): (ExprId, ExprId),
        dest: Dest,
    ) -> Built<()> {
        if self.never_comes(left)? {
            return Ok(());
        }
        let ty = self.ty_of(left)?;
        let a = self.expr(left)?;
        let b = self.expr(right)?;
        match op {
            BinaryOp::Eq | BinaryOp::Ne => self.equality(e, ty, (a, b), op == BinaryOp::Ne, dest),
            BinaryOp::Lt | BinaryOp::Gt | BinaryOp::Le | BinaryOp::Ge => self.order(e, op, ty, (a, b), dest),
            BinaryOp::Add
            | BinaryOp::Sub
            | BinaryOp::Mul
            | BinaryOp::Div
            | BinaryOp::Rem
            | BinaryOp::Concat => {
                let (id, targs) = self.fn_of(e)?;
                self.call(id, &targs, vec![a, b], dest)
            }
        }
    }

    fn equality(
        &mut self,
        e: ExprId,
        ty: Ty,
        (a, b): (Operand, Operand),
        negated: bool,
        dest: Dest,
    ) -> Built<()> {
        let same = match direct(ty) {
            Some(direct) => {
                let value = Rvalue::Intrinsic { op: direct.eq, args: vec![a, b] };
                if !negated {
                    self.give(dest, Ty::bool(), value);
                    return Ok(());
                }
                Operand::Local(self.temp(Ty::bool(), value))
            }
            None => {
                let (id, targs) = self.fn_of(e)?;
                if !negated {
                    return self.call(id, &targs, vec![a, b], dest);
                }
                self.call_value(id, &targs, vec![a, b])?
            }
        };
        self.give(dest, Ty::bool(), Rvalue::Intrinsic { op: Intrinsic::BoolNot, args: vec![same] });
        Ok(())
    }

    fn order(
        &mut self,
        e: ExprId,
        op: BinaryOp,
        ty: Ty,
        (a, b): (Operand, Operand),
        dest: Dest,
    ) -> Built<()> {
        // `a > b` is `b < a`.
        let swapped = matches!(op, BinaryOp::Gt | BinaryOp::Ge);
        let strict = matches!(op, BinaryOp::Lt | BinaryOp::Gt);
        let (lt, le, a, b) = match direct(ty).and_then(|d| d.order) {
            Some((lt, le)) => (lt, le, a, b),
            None => {
                let (id, targs) = self.fn_of(e)?;
                let ordering = self.call_value(id, &targs, vec![a, b])?;
                let Operand::Local(ordering) = ordering else { return Err(self.bug("an ordering")) };
                let variant = self.temp(Ty::int(), Rvalue::Variant(ordering));
                let equal = self.lang_ctor(snow_abi::LangItem::Ordering, "Equal")?.variant;
                let equal = Operand::Const(Const::Int(i64::from(equal)));
                (Intrinsic::IntLt, Intrinsic::IntLe, Operand::Local(variant), equal)
            }
        };
        let args = if swapped { vec![b, a] } else { vec![a, b] };
        self.give(dest, Ty::bool(), Rvalue::Intrinsic { op: if strict { lt } else { le }, args });
        Ok(())
    }
}
