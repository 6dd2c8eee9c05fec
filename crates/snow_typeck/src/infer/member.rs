//! `x.m(…)` and `T.m`: fields that hold functions, methods of interfaces, functions of the type's own module.

use snow_base::{Name, Span};
use snow_diagnostics::Diagnostic;
use snow_hir::{Arg, BuiltinTy, ExprId, FnId, ModuleId, TraitId, TypeDefKind, TypeRef, TypeRefKind, ValueNs};

use super::Infer;
use super::reference::Inst;
use crate::checker::FnState;
use crate::lower_ty::Holes;
use crate::results::{Pred, Res};
use crate::ty::{Ty, TyCon, TyKind};

impl Infer<'_, '_> {
    /// `x.m(a)`
    pub(crate) fn method_call(
        &mut self,
        e: ExprId,
        receiver: ExprId,
        (name, span): (Name, Span),
        args: &[Arg],
    ) -> Ty {
        let ty = self.infer(receiver);
        let ty = self.head(ty);
        if self.is_error(ty) || self.is_never(ty) {
            self.skip_args(args);
            return ty;
        }
        if self.is_unknown(ty) {
            self.report_unknown(self.span(receiver), &format!("to call its method `{name}`"));
            self.skip_args(args);
            return Ty::error();
        }
        if let Some((index, field)) = self.find_field(ty, name)
            && self.is_fn(field)
        {
            self.result.out.res.insert(e, Res::FieldCall(index));
            return self.call_value(e, field, args, span);
        }
        match self.find_method(ty, name, span) {
            Ok(f) => self.call_method(e, (receiver, ty), f, args),
            Err(reported) => {
                if !reported {
                    self.report_no_method((e, receiver, args.is_empty()), ty, (name, span));
                }
                self.skip_args(args);
                Ty::error()
            }
        }
    }

    fn call_method(&mut self, e: ExprId, (receiver, ty): (ExprId, Ty), f: FnId, args: &[Arg]) -> Ty {
        let inst = self.instantiate(e, f);
        if let Some(&first) = inst.params.first()
            && !self.fits(ty, first)
        {
            self.report_mismatch(self.span(receiver), first, ty, crate::errors::Why::Receiver);
        }
        self.call_mailbox(f, &inst.mailbox, self.span(e));
        self.call_fn(e, f, &inst, (args, 1))
    }

    /// The method of that name; `Err(true)`: an error was reported.
    fn find_method(&mut self, ty: Ty, name: Name, span: Span) -> Result<FnId, bool> {
        let found = self.trait_methods(ty, name, true);
        match found[..] {
            [(_, f)] => return Ok(f),
            [] => {}
            _ => {
                self.report_ambiguous_method(ty, name, &found, span);
                return Err(true);
            }
        }
        let Some(module) = self.home_module(ty) else { return Err(false) };
        let Some(ValueNs::Fn(f)) = self.cx.program.modules[module].values.get(&name).copied() else {
            return Err(false);
        };
        if !self.takes_head(f, ty) {
            return Err(false);
        }
        let def = &self.cx.program.fns[f];
        if !def.is_pub && !self.same_module(module) {
            let message = format!("`{name}` is private to module `{}`", self.cx.program.modules[module].path);
            let error = Diagnostic::error("E0308", message, span)
                .with_label(def.span, "defined here")
                .with_help("write `pub` in front of it");
            self.report(error);
            return Err(true);
        }
        Ok(f)
    }

    pub(super) fn same_module(&self, module: ModuleId) -> bool {
        let mut own = Some(self.body.module);
        while let Some(id) = own {
            if id == module {
                return true;
            }
            own = self.cx.program.modules[id].parent;
        }
        false
    }

    /// The interfaces that have a method of this name and that the type implements, in order of their names.
    pub(super) fn trait_methods(&mut self, ty: Ty, name: Name, with_self: bool) -> Vec<(TraitId, FnId)> {
        let Some(known) = self.cx.index.methods.get(&name).cloned() else { return vec![] };
        let env = self.result.owner.env.clone();
        let mut found: Vec<(TraitId, FnId)> = vec![];
        for (trait_, f) in known {
            if self.cx.program.fns[f].has_self != with_self {
                continue;
            }
            let count = self.cx.program.traits[trait_].generics.params.len();
            let mut args = vec![ty];
            args.extend((0..count).map(|_| self.fresh()));
            let assumed = env.assume && !matches!(ty.kind(), TyKind::App(..));
            if assumed || self.cx.may_hold(&Pred { trait_, args }, &env) {
                found.push((trait_, f));
            }
        }
        found.sort_by_key(|&(t, _)| self.cx.program.traits[t].name);
        found
    }

    fn report_ambiguous_method(&mut self, ty: Ty, name: Name, found: &[(TraitId, FnId)], span: Span) {
        let names: Vec<String> =
            found.iter().map(|&(t, _)| format!("`{}.{name}`", self.cx.program.traits[t].name)).collect();
        let message = format!("`{name}` is ambiguous: `{}` has {}", self.cx.show(ty), names.join(" and "));
        let mut error = Diagnostic::error("E0502", message, span)
            .with_help(format!("name the interface: {}", names.join(" or ").replace('`', "")));
        for &(_, f) in found {
            error = error.with_label(self.cx.program.fns[f].span, "one of them");
        }
        self.report(error);
    }

    /// The module in which a type's functions stand.
    pub(super) fn home_module(&self, ty: Ty) -> Option<ModuleId> {
        let (con, _) = ty.as_app()?;
        let id = match con {
            TyCon::Adt(id) => id,
            TyCon::Builtin(BuiltinTy::AnyPid) => *self.cx.program.lang.builtins.get(&BuiltinTy::Pid)?,
            TyCon::Builtin(builtin) => *self.cx.program.lang.builtins.get(&builtin)?,
            TyCon::Tuple | TyCon::Fn => return None,
        };
        Some(self.cx.program.types[id].module)
    }

    /// Whether the first parameter of a function has the head of a type.
    pub(super) fn takes_head(&mut self, f: FnId, ty: Ty) -> bool {
        let def = &self.cx.program.fns[f];
        let Some(first) = def.params.first() else { return false };
        let head = match first.ty.as_ref().map(|t| &t.kind) {
            Some(TypeRefKind::Type(id, args)) => match self.cx.program.types[*id].kind {
                TypeDefKind::Builtin(BuiltinTy::Pid) if args.is_empty() => {
                    Some(TyCon::Builtin(BuiltinTy::AnyPid))
                }
                TypeDefKind::Builtin(builtin) => Some(TyCon::Builtin(builtin)),
                _ => Some(TyCon::Adt(*id)),
            },
            _ => self.inferred_head(f),
        };
        let own = ty.as_app().map(|(con, _)| con);
        let pid_as_any =
            head == Some(TyCon::Builtin(BuiltinTy::AnyPid)) && own == Some(TyCon::Builtin(BuiltinTy::Pid));
        head == own || pid_as_any
    }

    fn inferred_head(&mut self, f: FnId) -> Option<TyCon> {
        self.cx.ensure_fn(f);
        let first = match self.cx.fns.get(&f)? {
            FnState::Done => self.cx.typed.sigs.get(&f)?.params.first().copied(),
            FnState::Running(running) => running.params.first().copied(),
            FnState::Replayed => {
                self.cx.give_up();
                None
            }
        };
        self.cx.table.shallow(first?).as_app().map(|(con, _)| con)
    }

    /// The service of which this is the pid, if it answers such a call.
    pub(super) fn service_with(&self, ty: Ty, name: Name) -> Option<String> {
        let (TyCon::Builtin(BuiltinTy::Pid), args) = ty.as_app()? else { return None };
        let message = self.cx.table.shallow(*args.first()?);
        let (TyCon::Adt(id), _) = message.as_app()? else { return None };
        // Its functions stand in the module of its name.
        let own = self.cx.program.types[id].name;
        let home = &self.cx.program.modules[self.home_module(message)?];
        let functions = &self.cx.program.modules[*home.modules.get(&own)?];
        let is_call = functions.values.contains_key(&name);
        is_call.then(|| self.cx.show(message))
    }

    /// The first module of std, by name, with a function that takes such a value first.
    pub(super) fn std_module_with(&mut self, ty: Ty, name: Name) -> Option<String> {
        let program = self.cx.program;
        let mut found: Vec<(&str, FnId)> = Vec::new();
        for (id, value) in program.in_std(name) {
            if let ValueNs::Fn(f) = value {
                found.push((program.modules[id].path.as_str(), f));
            }
        }
        found.sort();
        found.into_iter().find(|&(_, f)| self.takes_head(f, ty)).map(|(module, _)| module.to_owned())
    }

    /// `T.name`: a method without `self` of an interface that the type implements, or one with it by its full name.
    pub(crate) fn type_member(
        &mut self,
        e: ExprId,
        ty: &TypeRef,
        (name, span): (Name, Span),
    ) -> Option<(FnId, Inst)> {
        let target = self.annotation(ty, Holes::Fill);
        if self.is_error(target) {
            return None;
        }
        let mut found = self.trait_methods(target, name, false);
        if found.is_empty() {
            found = self.trait_methods(target, name, true);
        }
        match found[..] {
            [(_, f)] => {
                let inst = self.instantiate(e, f);
                if let Some(Res::Method(_, args)) = self.result.out.res.get(e)
                    && let Some(&own) = args.first()
                    && self.cx.table.unify(own, target).is_err()
                {
                    self.report_mismatch(span, own, target, crate::errors::Why::Receiver);
                }
                Some((f, inst))
            }
            [] => {
                self.report_no_member(target, name, span);
                None
            }
            _ => {
                self.report_ambiguous_method(target, name, &found, span);
                None
            }
        }
    }

    fn report_no_member(&mut self, ty: Ty, name: Name, span: Span) {
        if self.cx.has_refused_conditions(self.result.body) {
            return;
        }
        let message = format!("`{}` has no `{name}`", self.cx.show(ty));
        let mut error = Diagnostic::error("E0308", message, span);
        if let Some(&(trait_, _)) = self.cx.index.methods.get(&name).and_then(|m| m.first()) {
            let trait_ = self.cx.program.traits[trait_].name;
            error =
                error.with_help(format!("interface `{trait_}` has it, but the type doesn't implement it"));
        }
        self.report(error);
    }
}
