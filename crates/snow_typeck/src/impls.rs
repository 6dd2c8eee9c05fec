//! Whether impls fit their interfaces: methods missing or too many, signatures, conditions of derived ones.

use snow_base::{Name, Span};
use snow_diagnostics::{Diagnostic, nearest};
use snow_hir::{FnId, ImplId, TypeRef};

use crate::checker::Checker;
use crate::lower_ty::{Holes, TyScope};
use crate::results::{FnSig, Pred};
use crate::sig::params;
use crate::solve::{Env, Failure, Solved};
use crate::ty::Ty;

impl Checker<'_> {
    /// Checks the heads and signatures of all impls.
    pub(crate) fn check_impls(&mut self) {
        for (id, _) in self.program.impls.iter() {
            if self.typed.traits.impls.contains_key(&id) {
                self.check_methods(id);
                self.check_derived(id);
            } else {
                self.declare_broken(id);
            }
        }
    }

    fn declare_broken(&mut self, id: ImplId) {
        self.memo.void_impls.insert(id);
        for &m in &self.program.impls[id].methods {
            let def = &self.program.fns[m];
            let params = vec![Ty::error(); def.params.len()];
            let count = def.generics.total();
            let sig = FnSig { param_count: count, params, ret: Ty::error(), preds: vec![], mailbox: None };
            self.declared.insert(m, sig);
        }
    }

    fn check_methods(&mut self, id: ImplId) {
        let imp = &self.program.impls[id];
        let trait_ = &self.program.traits[imp.trait_];
        let names: Vec<_> = trait_.methods.iter().map(|&m| self.program.fns[m].name).collect();
        let missing: Vec<Name> = (trait_.methods.iter())
            .filter(|&&m| !self.has_body(m))
            .map(|&m| self.program.fns[m].name)
            .filter(|&name| !imp.methods.iter().any(|&m| self.program.fns[m].name == name))
            .collect();
        let unknown = imp.methods.iter().filter(|&&m| !names.contains(&self.program.fns[m].name)).count();
        let has = |name: Name| imp.methods.iter().any(|&m| self.program.fns[m].name == name);
        let free: Vec<Name> = names.iter().copied().filter(|&name| !has(name)).collect();
        // One method of another name is the one that lacks.
        let renamed = if let ([wanted], 1) = (&*missing, unknown) { Some(*wanted) } else { None };
        for &method in &imp.methods {
            let def = &self.program.fns[method];
            match names.iter().position(|&n| n == def.name) {
                Some(index) => self.declare_impl_method(id, method, trait_.methods[index]),
                None => {
                    let message = format!("interface `{}` has no method `{}`", trait_.name, def.name);
                    let error = Diagnostic::error("E0505", message, def.span)
                        .with_label(trait_.span, "the interface is defined here");
                    let near = nearest(def.name.as_str(), free.iter().map(|n| n.as_str()));
                    let error = match (near, renamed) {
                        (None, Some(wanted)) => error.with_fix(
                            format!("the one that lacks is `{wanted}`"),
                            vec![(def.span, wanted.to_string())],
                        ),
                        (near, _) => error.with_suggestion(def.span, near),
                    };
                    self.diags.push(error);
                    self.declare_broken_method(method);
                }
            }
        }
        if !missing.is_empty() && renamed.is_none() {
            let missing: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
            let message = format!("the impl of `{}` lacks {}", trait_.name, missing.join(", "));
            let error = Diagnostic::error("E0504", message, imp.span)
                .with_label(trait_.span, "the interface asks for it here");
            self.diags.push(error);
        }
    }

    fn declare_broken_method(&mut self, m: FnId) {
        let def = &self.program.fns[m];
        let sig = FnSig {
            param_count: def.generics.total(),
            params: vec![Ty::error(); def.params.len()],
            ret: Ty::error(),
            preds: vec![],
            mailbox: None,
        };
        self.declared.insert(m, sig);
    }

    /// The signature of an impl's method follows from the interface; annotations must agree.
    fn declare_impl_method(&mut self, id: ImplId, method: FnId, wanted: FnId) {
        let (def, want) = (&self.program.fns[method], &self.program.fns[wanted]);
        let Some(wanted_sig) = self.declared.get(&wanted).cloned() else { return };
        let count = self.typed.traits.impls[&id].param_count;
        let all = params(def.generics.total());
        let same_shape = def.params.len() == want.params.len()
            && def.has_self == want.has_self
            && def.generics.params.len() == want.generics.params.len();
        if !same_shape {
            let message = format!("`{}` takes other parameters than the interface says", def.name);
            let mut error =
                Diagnostic::error("E0506", message, def.span).with_label(want.span, "declared here");
            if want.has_self && !def.has_self {
                error = error.with_help(match def.params.len() == want.params.len() {
                    true => "the first parameter of a method is called `self`",
                    false => "the first parameter of this method is `self`",
                });
            }
            self.diags.push(error);
            self.declare_broken_method(method);
            return;
        }
        let mut args = self.typed.traits.impls[&id].args.clone();
        let self_ty = args[0];
        args.extend(&all[count as usize..]);
        // Where the annotation disagrees, the body isn't held to either type: that would be a second error.
        let scope = TyScope { params: &all, self_ty: Some(self_ty), holes: Holes::Infer };
        let mut sig_params: Vec<Ty> = wanted_sig.params.iter().map(|p| p.subst(&args)).collect();
        for (param, ty) in def.params.iter().zip(&mut sig_params) {
            *ty = self.agreed(param.ty.as_ref(), *ty, (scope, want.span));
        }
        let ret = self.agreed(def.ret.as_ref(), wanted_sig.ret.subst(&args), (scope, want.span));
        let mut preds = self.typed.traits.impls[&id].preds.clone();
        preds.extend(wanted_sig.preds[1..].iter().map(|p| p.subst(&args)));
        let sig = FnSig { param_count: all.len() as u32, params: sig_params, ret, preds, mailbox: None };
        self.declared.insert(method, sig);
    }

    /// The type that the interface asks for, if an annotation says nothing else.
    fn agreed(&mut self, written: Option<&TypeRef>, want: Ty, (scope, declared): (TyScope<'_>, Span)) -> Ty {
        let Some(written) = written else { return want };
        let given = self.lower(written, scope);
        if self.table.unify(given, want).is_ok() {
            return want;
        }
        let texts = self.show_all(&[want, given]);
        let message = format!("the interface says `{}` here, not `{}`", texts[0], texts[1]);
        let error = Diagnostic::error("E0506", message, written.span).with_label(declared, "declared here");
        self.diags.push(error);
        Ty::error()
    }

    /// A derived impl whose parts can't have the interface doesn't exist; asked for explicitly it's an error.
    fn check_derived(&mut self, id: ImplId) {
        let Some(derived) = self.program.impls[id].derived else { return };
        let trait_ = self.program.impls[id].trait_;
        let count = self.typed.traits.impls[&id].param_count;
        let rigid: Vec<Ty> = (0..count).map(|_| self.table.fresh_rigid()).collect();
        let args = self.typed.traits.impls[&id].args.iter().map(|a| a.subst(&rigid)).collect();
        let env = Env { preds: [].into(), assume: true };
        if let Solved::Fails(failure) = self.solve(&Pred { trait_, args }, &env) {
            self.memo.void_impls.insert(id);
            if !derived.auto {
                self.report_underivable(id, &failure);
            }
        }
    }

    fn report_underivable(&mut self, id: ImplId, failure: &Failure) {
        let imp = &self.program.impls[id];
        let name = self.program.traits[imp.trait_].name;
        let Some(&(ty, variant, field)) = failure.path.first() else {
            let message = format!("`{name}` can't be derived here");
            self.diags.push(Diagnostic::error("E0507", message, imp.span));
            return;
        };
        let def = &self.program.types[ty].variants()[variant as usize];
        let part = &def.fields[field as usize];
        let what = match part.name {
            Some(n) => format!("its field `{n}`"),
            None => format!("part {} of `{}`", field + 1, def.name),
        };
        let shown = self.show(failure.pred.args[0]);
        let message =
            format!("`{}` can't derive `{name}`: {what} has no `{name}`", self.program.types[ty].name);
        let error = Diagnostic::error("E0507", message, part.span)
            .with_primary_text(format!("`{shown}` doesn't implement `{name}`"))
            .with_label(imp.span, "derived here");
        self.diags.push(error);
    }
}
