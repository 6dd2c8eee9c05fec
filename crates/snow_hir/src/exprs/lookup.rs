//! Names in expressions: locals, values, constructors, members of modules, types and interfaces.

use snow_base::{Name, Span};
use snow_syntax::ast;

use super::BodyCx;
use crate::body::*;
use crate::collect::FIXED_NAMES;
use crate::items::*;
use crate::problems::nearest;
use crate::problems::{bodies, names as problems};
use crate::resolve::Head;

impl BodyCx<'_, '_> {
    /// The local of that name, which counts as read.
    pub(super) fn local(&mut self, name: Name) -> Option<LocalId> {
        let local = self.visible.iter().rev().find(|v| v.0 == name)?.1;
        self.used.insert(local);
        Some(local)
    }

    pub(super) fn lower_name(&mut self, name: Name, span: Span) -> ExprId {
        let expr = self.name_expr(name, span);
        self.alloc(expr, span)
    }

    fn name_expr(&mut self, name: Name, span: Span) -> Expr {
        if let Some(local) = self.local(name) {
            return Expr::Local(local);
        }
        let from = self.scope.module;
        match self.low.find_value(from, name) {
            Some(ValueNs::Fn(id)) => return Expr::Fn(id),
            Some(ValueNs::Const(id)) => return Expr::Const(id),
            None => {}
        }
        if name.as_str().is_empty() || self.low.is_broken(from, name) {
            return Expr::Missing;
        }
        if FIXED_NAMES.contains(&name.as_str()) || super::special::is_special(name) {
            self.low.diags.push(bodies::special_as_value(name, span));
            return Expr::Missing;
        }
        let mut candidates = self.low.value_names(from);
        candidates.extend(self.visible.iter().map(|v| v.0));
        let problem = problems::unknown(problems::Wanted::Value, name, span, nearest(name, candidates));
        let problem = match self.std_home(name) {
            Some(home) if problem.fixes.is_empty() => {
                let whole = format!("{home}.{name}");
                problem.with_fix(format!("did you mean `{whole}`?"), vec![(span, whole)])
            }
            _ => problem,
        };
        self.low.diags.push(problem);
        Expr::Missing
    }

    /// The module of std that offers a value of that name: one of those that everybody uses, or else the first by name.
    fn std_home(&self, name: Name) -> Option<String> {
        let known = ["List", "String", "Map", "Option", "Int"];
        let rank = |path: &str| known.iter().position(|k| *k == path).unwrap_or(known.len());
        let program = &self.low.program;
        let homes = program.in_std(name).map(|(id, _)| program.modules[id].path.clone());
        homes.min_by_key(|path| (rank(path), path.clone()))
    }

    /// A name in PascalCase as a value: a constructor.
    pub(super) fn lower_path(&mut self, node: &ast::PathExpr, span: Span) -> ExprId {
        let candidates = node.path().map(|path| self.constructors(&path)).unwrap_or_default();
        let expr = if candidates.is_empty() { Expr::Missing } else { Expr::Ctor(candidates) };
        self.alloc(expr, span)
    }

    /// What a constructor's name may mean; none: an error was reported.
    pub(super) fn constructors(&mut self, path: &ast::Path) -> Vec<CtorId> {
        let found = self.constructors_named(path);
        let Some(service) = found.first().and_then(|&ctor| self.service_called(ctor)) else { return found };
        let (names, span) = (path.names(), self.scope.span(path));
        if let Some(&name) = names.last() {
            self.low.diags.push(problems::request_as_value(service, name, span));
        }
        Vec::new()
    }

    /// The service that a constructor is a call of, outside of the code that is made of it. Its casts are values: a timer sends
    /// them.
    fn service_called(&self, ctor: CtorId) -> Option<Name> {
        let program = &self.low.program;
        let def = &program.types[ctor.ty];
        let inner = *program.modules[def.module].modules.get(&def.name)?;
        if self.scope.made.is_some() || !self.low.scopes[inner].is_service {
            return None;
        }
        let request = &def.variants()[ctor.variant as usize];
        let function = Name::new(&crate::made::function_of_request(request.name.as_str()));
        let Some(&ValueNs::Fn(function)) = program.modules[inner].values.get(&function) else { return None };
        // A call's request has the address of its caller instead of the service's.
        (program.fns[function].params.len() == request.fields.len()).then_some(def.name)
    }

    fn constructors_named(&mut self, path: &ast::Path) -> Vec<CtorId> {
        let (names, span) = (path.names(), self.scope.span(path));
        let Some((&name, prefix)) = names.split_last() else { return Vec::new() };
        if prefix.is_empty() {
            let found = self.low.find_ctors(self.scope.module, name);
            if found.is_empty() {
                self.report_unknown_ctor(name, span);
            }
            return found;
        }
        let scope = self.scope.clone();
        let Head::Place { module, ty } = self.low.resolve_head(&scope, prefix, span) else {
            return Vec::new();
        };
        let owner = ty.and_then(|ty| self.low.type_behind(ty));
        if let Some(owner) = owner
            && let Some(variant) =
                self.low.program.types[owner].variants().iter().position(|v| v.name == name)
            && matches!(self.low.program.types[owner].kind, TypeDefKind::Sum(_))
        {
            return vec![CtorId { ty: owner, variant: variant as u32 }];
        }
        if let Some(module) = module {
            return self.constructors_of_module(module, name, span);
        }
        let Some(owner) = owner else {
            self.low.diags.push(problems::unknown(problems::Wanted::Ctor, name, span, None));
            return Vec::new();
        };
        let def = &self.low.program.types[owner];
        let suggestion = nearest(name, def.variants().iter().map(|v| v.name));
        let problem = problems::not_a_variant(def.name, name, span, suggestion);
        self.low.diags.push(problem);
        Vec::new()
    }

    fn constructors_of_module(&mut self, module: ModuleId, name: Name, span: Span) -> Vec<CtorId> {
        let found = self.low.program.modules[module].ctors.get(&name).cloned().unwrap_or_default();
        let from = self.scope.module;
        let (usable, hidden): (Vec<CtorId>, Vec<CtorId>) = found
            .into_iter()
            .partition(|c| self.low.visible(from, module, self.low.program.types[c.ty].is_pub));
        if !usable.is_empty() || self.low.scopes[module].broken.contains(&name) {
            return usable;
        }
        let problem = if let Some(ctor) = hidden.first() {
            let def = &self.low.program.types[ctor.ty];
            self.low.private(def.name, module, span, def.span)
        } else if let Some(&ty) = self.low.program.modules[module].types.get(&name) {
            self.low.struct_as_ctor(name, span, self.low.type_behind(ty))
        } else {
            let ctors = self.low.program.modules[module].ctors.iter();
            let usable = |c: &CtorId| self.low.visible(from, module, self.low.program.types[c.ty].is_pub);
            let known: Vec<Name> =
                ctors.filter(|(_, found)| found.iter().any(usable)).map(|c| *c.0).collect();
            problems::not_in_module(self.low.named_kind(module), name, span, &known)
        };
        self.low.diags.push(problem);
        hidden
    }

    fn report_unknown_ctor(&mut self, name: Name, span: Span) {
        let from = self.scope.module;
        if self.low.is_broken(from, name) {
            return;
        }
        let module = self.low.find_module(from, &[name], span);
        let kind = module.map_or("", |module| self.low.named_kind(module).0);
        let problem = match self.low.find_type(from, name) {
            Some(_) if kind == "service" || kind == "supervisor" => {
                problems::actor_as_value(name, kind, span)
            }
            Some(TypeNs::Trait(_)) => problems::wrong_kind(name, "an interface", "a value", span),
            Some(ty) => {
                let id = self.low.type_behind(ty);
                match id.map(|id| &self.low.program.types[id].kind) {
                    Some(TypeDefKind::Struct(_)) => self.low.struct_as_ctor(name, span, id),
                    _ => problems::wrong_kind(name, "a type", "a value", span),
                }
            }
            None if self.low.find_module(from, &[name], span).is_some() => {
                problems::wrong_kind(name, "a module", "a value", span)
            }
            None => {
                let suggestion = nearest(name, self.low.ctor_names(from));
                problems::unknown(problems::Wanted::Ctor, name, span, suggestion)
            }
        };
        self.low.diags.push(problem);
    }

    /// The struct that a literal or pattern names; failures are reported.
    pub(super) fn struct_of(&mut self, path: &ast::Path) -> Option<TypeId> {
        let (names, span) = (path.names(), self.scope.span(path));
        let &name = names.last()?;
        if names.len() == 1
            && let Some(id) = self.own_type(name)
        {
            return Some(id);
        }
        if names.len() == 1 && self.low.find_type(self.scope.module, name).is_none() {
            let ctors = self.low.find_ctors(self.scope.module, name);
            if !ctors.is_empty() {
                self.low.diags.push(problems::ctor_as_struct(name, span));
                return None;
            }
        }
        let scope = self.scope.clone();
        let meaning = self.low.resolve_type_path(&scope, &names, span, problems::Wanted::Type)?;
        let id = self.low.type_behind(meaning);
        match id.map(|id| &self.low.program.types[id].kind) {
            Some(TypeDefKind::Struct(_)) => id,
            _ => {
                self.low.diags.push(problems::wrong_kind(
                    name,
                    "no struct",
                    "something made with `{ … }`",
                    span,
                ));
                None
            }
        }
    }

    /// `Self` in an impl for a struct, and the struct that code is derived for.
    fn own_type(&self, name: Name) -> Option<TypeId> {
        if name == crate::scope::DERIVE_TARGET && self.scope.target.is_some() {
            return self.scope.target;
        }
        let Container::Impl(id) = self.low.program.fns[self.owner_fn()?].container else { return None };
        match self.low.program.impls[id].self_ty.kind {
            TypeRefKind::Type(id, _) if name == "Self" => Some(id),
            _ => None,
        }
    }

    pub(super) fn lower_field(&mut self, node: &ast::FieldExpr, span: Span) -> ExprId {
        let Some((name, name_span)) = crate::lower::named(&self.scope, node.name()) else {
            return self.alloc(Expr::Missing, span);
        };
        if let Some(ast::Expr::Path(receiver)) = node.receiver() {
            let expr = self.member(&receiver, name, name_span);
            return self.alloc(expr, span);
        }
        let base = self.lower_opt(node.receiver(), span);
        self.alloc(Expr::Field { base, name, name_span }, span)
    }

    /// `Module.name`, `Type.name`, `Interface.name`.
    pub(super) fn member(&mut self, receiver: &ast::PathExpr, name: Name, name_span: Span) -> Expr {
        let Some(path) = receiver.path() else { return Expr::Missing };
        let (names, span) = (path.names(), self.scope.span(&path));
        let scope = self.scope.clone();
        let type_member = |kind| Expr::TypeMember { ty: TypeRef { kind, span }, name, name_span };
        let (module, ty) = match self.low.resolve_head(&scope, &names, span) {
            Head::Param(number) => return type_member(TypeRefKind::Param(number)),
            Head::SelfTy => return type_member(TypeRefKind::SelfTy),
            Head::Broken => return Expr::Missing,
            Head::Place { module, ty } => (module, ty),
        };
        if let Some(module) = module {
            match self.low.value_in(scope.module, module, name, name_span) {
                Some(ValueNs::Fn(id)) => return Expr::Fn(id),
                Some(ValueNs::Const(id)) => return Expr::Const(id),
                None if self.low.scopes[module].broken.contains(&name) => return Expr::Missing,
                None => {}
            }
        }
        match ty {
            Some(TypeNs::Trait(id)) => return self.interface_member(id, name, name_span),
            Some(TypeNs::Type(id)) if self.is_method(name) => {
                return type_member(TypeRefKind::Type(id, Vec::new()));
            }
            Some(TypeNs::Alias(id)) if self.is_method(name) => {
                return type_member(TypeRefKind::Alias(id, Vec::new()));
            }
            Some(TypeNs::Type(_) | TypeNs::Alias(_)) | None => {}
        }
        let problem = match module {
            Some(module) => {
                let known = self.low.pub_names(module);
                let problem = problems::not_in_module(self.low.named_kind(module), name, name_span, &known);
                problems::or_elsewhere(problem, span, name, &self.low.std_modules_with(module, name))
            }
            None => problems::not_in_type(names[names.len() - 1], name, name_span),
        };
        self.low.diags.push(problem);
        Expr::Missing
    }

    fn interface_member(&mut self, id: TraitId, name: Name, span: Span) -> Expr {
        let def = &self.low.program.traits[id];
        let methods: Vec<(Name, FnId)> =
            def.methods.iter().map(|&m| (self.low.program.fns[m].name, m)).collect();
        if let Some(method) = methods.iter().find(|m| m.0 == name) {
            return Expr::TraitMethod(id, method.1);
        }
        let problem =
            problems::not_a_method(def.name, name, span, nearest(name, methods.iter().map(|m| m.0)));
        self.low.diags.push(problem);
        Expr::Missing
    }

    /// Does any interface have a method of that name?
    fn is_method(&self, name: Name) -> bool {
        let program = &self.low.program;
        program.traits.values().any(|t| t.methods.iter().any(|&m| program.fns[m].name == name))
    }
}
