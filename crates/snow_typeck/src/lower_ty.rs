//! From types as written to types.
//!
//! Names are resolved already; here the number of arguments is checked and aliases are replaced.

use snow_base::Span;
use snow_diagnostics::Diagnostic;
use snow_hir::{BuiltinTy, TypeDefKind, TypeId, TypeRef, TypeRefKind};

use crate::checker::Checker;
use crate::ty::{Ty, TyCon};

/// What parameters and `Self` mean where a type stands.
#[derive(Clone, Copy)]
pub(crate) struct TyScope<'a> {
    /// The type parameters in scope.
    pub(crate) params: &'a [Ty],
    /// `Self` of the impl around.
    pub(crate) self_ty: Option<Ty>,
    /// Whether parts may be left to inference.
    pub(crate) holes: Holes,
}

/// Whether parts of a written type may be left to inference.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holes {
    /// No: signatures of types and interfaces.
    Forbidden,
    /// `_` may stand.
    Infer,
    /// All arguments may be left out too (`List.default()`).
    Fill,
}

/// How deep aliases may nest; a recursive one was reported before.
const ALIAS_DEPTH: u32 = 64;

impl Checker<'_> {
    /// Lowers a type. Errors were reported where it gives [`Ty::error`].
    pub(crate) fn lower(&mut self, ty: &TypeRef, scope: TyScope<'_>) -> Ty {
        self.lower_at(ty, scope, 0)
    }

    fn lower_at(&mut self, ty: &TypeRef, scope: TyScope<'_>, depth: u32) -> Ty {
        if depth > ALIAS_DEPTH {
            return Ty::error();
        }
        match &ty.kind {
            TypeRefKind::Type(id, args) => self.lower_named(*id, args, ty.span, (scope, depth)),
            TypeRefKind::Alias(id, args) => {
                let alias = &self.program.aliases[*id];
                let want = alias.generics.params.len();
                let Some(args) = self.lower_args(alias.name.as_str(), want, args, (ty.span, scope, depth))
                else {
                    return Ty::error();
                };
                let inner = TyScope { params: &args, self_ty: None, holes: scope.holes };
                self.lower_at(&alias.ty, inner, depth + 1)
            }
            TypeRefKind::Param(index) => match scope.params.get(*index as usize) {
                Some(&param) => param,
                None => Ty::error(),
            },
            TypeRefKind::SelfTy => scope.self_ty.unwrap_or(Ty::error()),
            TypeRefKind::Tuple(parts) => {
                Ty::tuple(parts.iter().map(|p| self.lower_at(p, scope, depth)).collect())
            }
            TypeRefKind::Fn(params, ret) => {
                let params: Vec<Ty> = params.iter().map(|p| self.lower_at(p, scope, depth)).collect();
                let ret = self.lower_at(ret, scope, depth);
                Ty::func(&params, ret)
            }
            TypeRefKind::Infer if scope.holes == Holes::Forbidden => {
                let message = "the type must be written out here";
                self.diags.push(Diagnostic::error("E0304", message, ty.span));
                Ty::error()
            }
            TypeRefKind::Infer => self.table.fresh(),
            TypeRefKind::Error => Ty::error(),
        }
    }

    fn lower_named(&mut self, id: TypeId, args: &[TypeRef], span: Span, at: (TyScope<'_>, u32)) -> Ty {
        let def = &self.program.types[id];
        let con = match def.kind {
            TypeDefKind::Builtin(BuiltinTy::Pid) if args.is_empty() => TyCon::Builtin(BuiltinTy::AnyPid),
            TypeDefKind::Builtin(builtin) => TyCon::Builtin(builtin),
            _ => TyCon::Adt(id),
        };
        if con == TyCon::Builtin(BuiltinTy::AnyPid) {
            return Ty::builtin(BuiltinTy::AnyPid);
        }
        let want = def.generics.params.len();
        match self.lower_args(def.name.as_str(), want, args, (span, at.0, at.1)) {
            Some(args) => Ty::app(con, args),
            None => Ty::error(),
        }
    }

    fn lower_args(
        &mut self,
        name: &str,
        want: usize,
        args: &[TypeRef],
        (span, scope, depth): (Span, TyScope<'_>, u32),
    ) -> Option<Vec<Ty>> {
        if args.is_empty() && scope.holes == Holes::Fill {
            return Some((0..want).map(|_| self.table.fresh()).collect());
        }
        if args.len() != want {
            let plural = if want == 1 { "" } else { "s" };
            let message = format!("`{name}` takes {want} type argument{plural}, not {}", args.len());
            self.diags.push(Diagnostic::error("E0304", message, span));
            return None;
        }
        Some(args.iter().map(|a| self.lower_at(a, scope, depth)).collect())
    }
}

/// Whether a written type leaves nothing to inference.
pub(crate) fn is_complete(ty: &TypeRef) -> bool {
    match &ty.kind {
        TypeRefKind::Infer => false,
        TypeRefKind::Type(_, args) | TypeRefKind::Alias(_, args) | TypeRefKind::Tuple(args) => {
            args.iter().all(is_complete)
        }
        TypeRefKind::Fn(params, ret) => params.iter().all(is_complete) && is_complete(ret),
        TypeRefKind::Param(_) | TypeRefKind::SelfTy | TypeRefKind::Error => true,
    }
}
