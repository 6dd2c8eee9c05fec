//! Constructors: which one a name means, as a value, a call, or a pattern.

use snow_base::{Name, Span};
use snow_diagnostics::Diagnostic;
use snow_hir::{Arg, CtorId, ExprId, Variant};

use super::Infer;
use super::call::{Callee, CalleeOf, Slot};
use crate::errors::Why;
use crate::results::Res;
use crate::ty::Ty;

impl<'p> Infer<'_, 'p> {
    /// The definition of a variant.
    pub(crate) fn variant(&self, ctor: CtorId) -> &'p Variant {
        &self.cx.program.types[ctor.ty].variants()[ctor.variant as usize]
    }

    /// The constructor that a name means, given what type is expected.
    pub(crate) fn pick_ctor(&mut self, ids: &[CtorId], want: Option<Ty>, span: Span) -> Option<CtorId> {
        match ids {
            [] => {
                self.mark_bad();
                None
            }
            [one] => Some(*one),
            _ => {
                let head = want.and_then(|ty| self.adt_head(ty));
                let found = head.and_then(|(id, _)| ids.iter().copied().find(|c| c.ty == id));
                if found.is_none() {
                    self.report_ambiguous_ctor(ids, span);
                }
                found
            }
        }
    }

    fn report_ambiguous_ctor(&mut self, ids: &[CtorId], span: Span) {
        let names: Vec<String> = ids
            .iter()
            .map(|&c| format!("`{}.{}`", self.cx.program.types[c.ty].name, self.variant(c).name))
            .collect();
        let message = format!("this may mean {}", names.join(" or "));
        let error = Diagnostic::error("E0315", message, span).with_help("write the type in front of it");
        self.report(error);
    }

    /// Types of the parts and of the whole, with fresh variables.
    pub(crate) fn instantiate_ctor(&mut self, ctor: CtorId) -> (Vec<Ty>, Vec<Ty>, Ty) {
        let count = self.cx.program.types[ctor.ty].generics.params.len();
        let args: Vec<Ty> = (0..count).map(|_| self.fresh()).collect();
        let parts = self.cx.typed.fields[&ctor].iter().map(|f| f.subst(&args)).collect();
        let whole = Ty::adt(ctor.ty, args.clone());
        (args, parts, whole)
    }

    /// Makes the expected type known to the parts, if it fits; if not, the mismatch is reported later.
    pub(crate) fn expect_whole(&mut self, whole: Ty, hint: Option<Ty>) {
        let Some(hint) = hint else { return };
        if self.is_unknown(hint) || self.is_never(hint) || self.is_error(hint) {
            return;
        }
        let snapshot = self.cx.table.snapshot();
        let fits = self.cx.table.unify(whole, hint).is_ok();
        self.cx.table.rollback(snapshot);
        if fits && self.cx.table.unify(whole, hint).is_err() {
            self.mark_bad();
        }
    }

    /// A constructor as a value: of its type, or a function if it has parts.
    pub(crate) fn ctor_value(&mut self, e: ExprId, ids: &[CtorId], hint: Option<Ty>) -> Ty {
        let want = hint.map(|h| match h.as_fn() {
            Some((_, ret)) => ret,
            None => h,
        });
        let Some(ctor) = self.pick_ctor(ids, want, self.span(e)) else { return Ty::error() };
        let (args, parts, whole) = self.instantiate_ctor(ctor);
        self.result.out.res.insert(e, Res::Ctor(ctor, args));
        if parts.is_empty() { whole } else { Ty::func(&parts, whole) }
    }

    /// `Circle(1.0)`, `Rect(width: 2.0, height: 3.0)`
    pub(crate) fn ctor_call(
        &mut self,
        e: ExprId,
        callee: ExprId,
        ids: &[CtorId],
        (args, hint): (&[Arg], Option<Ty>),
    ) -> Ty {
        let Some(ctor) = self.pick_ctor(ids, hint, self.span(callee)) else {
            self.skip_args(args);
            return Ty::error();
        };
        let (ty_args, parts, whole) = self.instantiate_ctor(ctor);
        self.result.out.res.insert(callee, Res::Ctor(ctor, ty_args));
        self.result.out.exprs.insert(callee, Ty::func(&parts, whole));
        self.expect_whole(whole, hint);
        let variant = self.variant(ctor);
        let slots = variant.fields.iter().zip(&parts).map(|(field, &ty)| Slot {
            name: field.name,
            ty,
            default: None,
            why: Why::Param(Some(field.ty.span)),
        });
        let callee = Callee {
            name: format!("`{}`", variant.name),
            defined: Some(variant.span),
            slots: slots.collect(),
            of: CalleeOf::Ctor(ctor),
        };
        self.read_args(e, &callee, args);
        whole
    }

    /// The position of a part by name.
    pub(crate) fn part_index(&self, ctor: CtorId, name: Name) -> Option<usize> {
        self.variant(ctor).fields.iter().position(|f| f.name == Some(name))
    }
}
