//! What annotations alone tell: parts of types, heads of impls, types of methods, functions annotated fully.

use snow_abi::LangItem;
use snow_base::Name;
use snow_diagnostics::Diagnostic;
use snow_hir::{Container, CtorId, FnBody, FnId, Generics, ImplId, WherePred};

use crate::checker::Checker;
use crate::lower_ty::{Holes, TyScope, is_complete};
use crate::results::{FnSig, Pred};
use crate::traits::ImplSig;
use crate::ty::Ty;

/// Parameters `0..count` as types.
pub(crate) fn params(count: u32) -> Vec<Ty> {
    (0..count).map(Ty::param).collect()
}

impl Checker<'_> {
    /// Types of the parts of all structs and sum types.
    pub(crate) fn lower_types(&mut self) {
        for (id, def) in self.program.types.iter() {
            let own = params(def.generics.total());
            let scope = TyScope { params: &own, self_ty: None, holes: Holes::Forbidden };
            for (index, variant) in def.variants().iter().enumerate() {
                let tys = variant.fields.iter().map(|f| self.lower(&f.ty, scope)).collect();
                self.typed.fields.insert(CtorId { ty: id, variant: index as u32 }, tys);
            }
        }
    }

    /// Heads of all impls; those that could apply to the same type are an error.
    pub(crate) fn lower_impls(&mut self) {
        for (id, def) in self.program.impls.iter() {
            let count = def.generics.total();
            let own = params(count);
            let mut scope = TyScope { params: &own, self_ty: None, holes: Holes::Forbidden };
            let self_ty = self.lower(&def.self_ty, scope);
            scope.self_ty = Some(self_ty);
            let mut args = vec![self_ty];
            args.extend(def.trait_args.iter().map(|a| self.lower(a, scope)));
            let preds = self.lower_preds(&def.generics, scope);
            let want = self.program.traits[def.trait_].generics.params.len();
            if args.len() != want + 1 {
                let name = self.program.traits[def.trait_].name;
                let message = wrong_count(name, want, args.len() - 1);
                self.diags.push(Diagnostic::error("E0304", message, def.span));
                continue;
            }
            for index in 0..count {
                let used = args.iter().any(|a| a.any(&mut |t| t == Ty::param(index)));
                if !used && !args.contains(&Ty::error()) {
                    let (name, span) = def.generics.params[index as usize];
                    let message =
                        format!("`{name}` appears neither in the type nor in the interface's arguments");
                    self.diags.push(Diagnostic::error("E0509", message, span));
                }
            }
            let sig = ImplSig { args, param_count: count, preds, derived: def.derived };
            self.typed.traits.add(def.trait_, id, sig);
        }
        self.check_overlaps();
    }

    fn check_overlaps(&mut self) {
        let mut pairs: Vec<(ImplId, ImplId)> = vec![];
        for (trait_, impls) in self.typed.traits.groups() {
            for (i, &a) in impls.iter().enumerate() {
                let later = impls[i + 1..].iter().map(|&b| (a, b));
                let blanket = self.typed.traits.blanket_impls(trait_).iter().filter(|b| !impls.contains(b));
                pairs.extend(later.chain(blanket.map(|&b| (a, b))));
            }
        }
        pairs.sort_by_key(|&(a, b)| (a.into_raw().into_u32(), b.into_raw().into_u32()));
        for (a, b) in pairs {
            if self.overlap(a, b) {
                self.report_overlap(a, b);
            }
        }
    }

    fn overlap(&mut self, a: ImplId, b: ImplId) -> bool {
        let snapshot = self.table.snapshot();
        let heads: Vec<Vec<Ty>> = [a, b]
            .iter()
            .map(|id| {
                let count = self.typed.traits.impls[id].param_count;
                let vars: Vec<Ty> = (0..count).map(|_| self.table.fresh()).collect();
                self.typed.traits.impls[id].args.iter().map(|t| t.subst(&vars)).collect()
            })
            .collect();
        let same = heads[0].iter().zip(&heads[1]).all(|(&x, &y)| self.table.unify(x, y).is_ok());
        self.table.rollback(snapshot);
        same
    }

    fn report_overlap(&mut self, a: ImplId, b: ImplId) {
        let (first, second) = (&self.program.impls[a], &self.program.impls[b]);
        let ty = self.show(self.typed.traits.impls[&b].args[0]);
        let message = format!("`{}` is implemented twice for `{ty}`", self.program.traits[first.trait_].name);
        let error = Diagnostic::error("E0503", message, second.span)
            .with_label(first.span, "the other one")
            .with_help("remove one of them, or make their types differ");
        self.diags.push(error);
    }

    /// The predicates of a `where` clause.
    pub(crate) fn lower_preds(&mut self, generics: &Generics, scope: TyScope<'_>) -> Vec<Pred> {
        generics.preds.iter().filter_map(|p| self.lower_pred(p, scope)).collect()
    }

    fn lower_pred(&mut self, pred: &WherePred, scope: TyScope<'_>) -> Option<Pred> {
        let mut args = vec![self.lower(&pred.ty, scope)];
        args.extend(pred.args.iter().map(|a| self.lower(a, scope)));
        let def = &self.program.traits[pred.trait_];
        let want = def.generics.params.len();
        if args.len() == want + 1 {
            return Some(Pred { trait_: pred.trait_, args });
        }
        let message = wrong_count(def.name, want, args.len() - 1);
        self.diags.push(Diagnostic::error("E0304", message, pred.span));
        None
    }

    /// Signatures of methods and of functions that are annotated fully.
    pub(crate) fn lower_signatures(&mut self) {
        for (id, def) in self.program.fns.iter() {
            match def.container {
                Container::Trait(_) => self.declare_trait_method(id),
                Container::Module => self.declare_function(id),
                Container::Impl(_) => {}
            }
        }
    }

    fn declare_trait_method(&mut self, f: FnId) {
        let def = &self.program.fns[f];
        let Container::Trait(trait_) = def.container else { return };
        let total = def.generics.total();
        let all = params(total);
        let scope = TyScope { params: &all, self_ty: Some(all[0]), holes: Holes::Forbidden };
        let head = 1 + self.program.traits[trait_].generics.params.len();
        let mut preds = vec![Pred { trait_, args: all[..head].to_vec() }];
        preds.extend(self.lower_preds(&def.generics, scope));
        let params = (0..def.params.len()).map(|i| self.method_param(f, i, scope)).collect();
        let ret = def.ret.as_ref().map_or(Ty::unit(), |ret| self.lower(ret, scope));
        let sig = FnSig { param_count: total, params, ret, preds, mailbox: None };
        self.declared.insert(f, sig);
    }

    fn method_param(&mut self, f: FnId, index: usize, scope: TyScope<'_>) -> Ty {
        let def = &self.program.fns[f];
        let param = &def.params[index];
        match &param.ty {
            Some(ty) => self.lower(ty, scope),
            None if index == 0 && def.has_self => scope.self_ty.unwrap_or(Ty::error()),
            None => {
                let message = "a parameter of an interface's method needs a type";
                self.diags.push(Diagnostic::error("E0508", message, param.span));
                Ty::error()
            }
        }
    }

    fn declare_function(&mut self, f: FnId) {
        let def = &self.program.fns[f];
        let typed_params = def.params.iter().all(|p| p.ty.as_ref().is_some_and(is_complete));
        let no_body = !matches!(def.body, FnBody::Snow(_));
        let gives_unit = match &def.ret {
            Some(ret) if !is_complete(ret) => return,
            Some(_) => false,
            None => self.index.main == Some(f) || !def.kind.has_value() || no_body,
        };
        if !typed_params && no_body {
            let errors = vec![Ty::error(); def.params.len()];
            let count = def.generics.total();
            let sig =
                FnSig { param_count: count, params: errors, ret: Ty::error(), preds: vec![], mailbox: None };
            self.declared.insert(f, sig);
        }
        if !typed_params || (def.ret.is_none() && !gives_unit) {
            return;
        }
        let all = params(def.generics.total());
        let scope = TyScope { params: &all, self_ty: None, holes: Holes::Forbidden };
        let params =
            def.params.iter().filter_map(|p| p.ty.as_ref()).map(|ty| self.lower(ty, scope)).collect();
        let ret = def.ret.as_ref().map_or(Ty::unit(), |ret| self.lower(ret, scope));
        let preds = self.lower_preds(&def.generics, scope);
        let sig = FnSig { param_count: all.len() as u32, params, ret, preds, mailbox: None };
        self.declared.insert(f, sig);
    }

    /// Whether the type has an impl of the interface at all is decided by its head; used for hints.
    pub(crate) fn head_has_impl(&self, item: LangItem, ty: Ty) -> bool {
        let Some(trait_) = self.lang_trait(item) else { return false };
        let head = self.table.shallow(ty).as_app();
        head.is_some_and(|(con, _)| self.typed.traits.candidates(trait_, con).next().is_some())
    }
}

/// An interface with too few or too many type arguments.
fn wrong_count(name: Name, want: usize, given: usize) -> String {
    let plural = if want == 1 { "" } else { "s" };
    format!("`{name}` takes {want} type argument{plural}, not {given}")
}
