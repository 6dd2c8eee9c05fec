//! Fills in what items hold: fields, parameters, results, conditions, impl heads. Bodies become jobs.
//!
//! Invariant: aliases and the generics of interfaces are lowered before anything that may need them.

use snow_abi::{Intrinsic, RuntimeFn};
use snow_base::{Name, Span};
use snow_diagnostics::Diagnostic;
use snow_syntax::ast::{self, AstNode, HasHead, HasName};

use crate::body::{BodyId, BodyOwner};
use crate::collect::{Decls, FnDecl, is_self};
use crate::items::*;
use crate::lower::{BodyJob, BodySource, Lowerer, named};
use crate::problems::items as problems;
use crate::scope::{ItemScope, SelfMeaning};

/// The most fields a struct or variant may have: what a cell refers to is found by 16-bit offsets, and a field takes up to four words.
pub(crate) const MAX_FIELDS: usize = 2_000;

impl Lowerer<'_> {
    /// Lowers everything but bodies and derived impls.
    pub(crate) fn lower_signatures(&mut self, decls: &Decls) {
        for (id, ty, generics, scope) in &decls.aliases {
            let mut scope = scope.clone();
            self.program.aliases[*id].generics = self.lower_generics(&mut scope, 0, generics.clone());
            self.program.aliases[*id].ty = self.lower_type(&scope, ty);
        }
        for (id, node, scope) in &decls.traits {
            let mut scope = scope.clone();
            self.program.traits[*id].generics = self.lower_generics(&mut scope, 1, node.generic_params());
        }
        for (id, node, scope) in &decls.structs {
            self.lower_struct(*id, node, scope);
        }
        for (id, node, scope) in &decls.types {
            self.lower_sum(*id, node, scope);
        }
        for decl in &decls.fns {
            self.lower_fn(decl);
        }
        for (id, node, scope) in &decls.actors {
            self.lower_actor(*id, node, scope);
        }
        for (id, node, scope) in &decls.tests {
            self.add_body(*id, scope.clone(), BodySource::Test(node.clone()));
        }
        for (id, node, scope) in &decls.consts {
            self.program.consts[*id].ty = node.ty().map(|ty| self.lower_type(scope, &ty));
            let body = self.program.consts[*id].body;
            self.jobs.push(BodyJob { body, scope: scope.clone(), source: BodySource::Expr(node.value()) });
        }
        for (id, node, scope) in &decls.let_fns {
            self.lower_let_fn(*id, node, scope);
        }
        for (node, scope) in &decls.impls {
            self.lower_impl(node, scope, None);
        }
    }

    fn lower_struct(&mut self, id: TypeId, node: &ast::StructItem, scope: &ItemScope) {
        let mut scope = scope.clone();
        self.program.types[id].generics = self.lower_generics(&mut scope, 0, node.generic_params());
        let mut fields: Vec<Field> = Vec::new();
        for field in node.fields() {
            let Some((name, span)) = named(&scope, field.name()) else { continue };
            if let Some(first) = fields.iter().find(|f| f.name == Some(name)) {
                self.diags.push(problems::defined_twice("field", name, span, Some(first.span)));
                continue;
            }
            let ty = self.lower_type_or_error(&scope, field.ty(), span);
            let owner = BodyOwner::FieldDefault(CtorId { ty: id, variant: 0 }, fields.len() as u32);
            let default = field.default().map(|value| {
                let body = self.reserve_body(owner, scope.module);
                self.jobs.push(BodyJob { body, scope: scope.clone(), source: BodySource::Expr(Some(value)) });
                body
            });
            fields.push(Field { name: Some(name), ty, default, span });
        }
        self.limit("fields", &fields);
        if let TypeDefKind::Struct(variant) = &mut self.program.types[id].kind {
            variant.fields = fields;
        }
        self.check_struct_name(id, &scope);
        self.derive_sites.insert(id, (scope, node.deriving()));
    }

    /// A struct and a variant of one name in a module are an error.
    fn check_struct_name(&mut self, id: TypeId, scope: &ItemScope) {
        let (name, span) = (self.program.types[id].name, self.program.types[id].span);
        let Some(ctor) = self.program.modules[scope.module].ctors.get(&name).and_then(|c| c.first()) else {
            return;
        };
        let first = self.program.types[ctor.ty].variants()[ctor.variant as usize].span;
        let (first, span) = if first < span { (first, span) } else { (span, first) };
        self.diags.push(problems::defined_twice("constructor", name, span, Some(first)));
    }

    fn lower_sum(&mut self, id: TypeId, node: &ast::TypeItem, scope: &ItemScope) {
        let mut scope = scope.clone();
        self.program.types[id].generics = self.lower_generics(&mut scope, 0, node.generic_params());
        let mut lowered: Vec<(Name, Vec<Field>)> = Vec::new();
        for variant in node.variants() {
            let Some((name, _)) = named(&scope, variant.name()) else { continue };
            if lowered.iter().all(|l| l.0 != name) {
                lowered.push((name, self.lower_parts(&scope, &variant)));
            }
        }
        if let TypeDefKind::Sum(variants) = &mut self.program.types[id].kind {
            for (name, fields) in lowered {
                if let Some(variant) = variants.iter_mut().find(|v| v.name == name) {
                    variant.fields = fields;
                }
            }
        }
        self.derive_sites.insert(id, (scope, node.deriving()));
    }

    fn lower_parts(&mut self, scope: &ItemScope, variant: &ast::Variant) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        for part in variant.fields() {
            let name = named(scope, part.name());
            let span = name.map_or_else(|| scope.span(&part), |n| n.1);
            if let Some((name, _)) = name
                && let Some(first) = fields.iter().find(|f| f.name == Some(name))
            {
                self.diags.push(problems::defined_twice("part", name, span, Some(first.span)));
                continue;
            }
            let ty = self.lower_type_or_error(scope, part.ty(), span);
            fields.push(Field { name: name.map(|n| n.0), ty, default: None, span });
        }
        self.limit("parts", &fields);
        fields
    }

    fn limit(&mut self, what: &str, fields: &[Field]) {
        if let Some(field) = fields.get(MAX_FIELDS) {
            self.diags.push(problems::too_many(what, MAX_FIELDS, field.span));
        }
    }

    /// Lowers the signature of a function or method; its body becomes a job.
    pub(crate) fn lower_fn(&mut self, decl: &FnDecl) {
        let mut scope = decl.scope.clone();
        let def = &self.program.fns[decl.id];
        let (container, has_self) = (def.container, def.has_self);
        let parent_count = self.enter_container(&mut scope, container);
        let first = &decl.clauses[0];
        let mut generics = self.lower_generics(&mut scope, parent_count, first.generic_params());
        self.lower_where(&scope, first.where_clause(), &mut generics);
        for clause in &decl.clauses[1..] {
            let extra = clause.generic_params().map(|g| scope.span(&g));
            if let Some(extra) = extra.or_else(|| clause.where_clause().map(|w| scope.span(&w))) {
                self.diags.push(problems::generics_in_later_clause(extra));
            }
        }
        let (params, annotated) = self.lower_params(decl, &scope, has_self);
        let ret = self.lower_result(decl, &scope);
        let def = &mut self.program.fns[decl.id];
        (def.generics, def.params, def.ret) = (generics, params, ret);
        if self.program.modules[scope.module].is_std
            && let Some(body) = self.bound_body(&scope, first)
        {
            self.program.fns[decl.id].body = body;
        } else if decl.clauses.iter().all(|c| c.has_body()) {
            self.add_body(decl.id, scope, BodySource::Fn { clauses: decl.clauses.clone(), annotated });
        }
        // Without a body it's an interface's method, or the parser has reported it.
    }

    /// Declares the type parameters of what a function stands in; gives their number.
    fn enter_container(&mut self, scope: &mut ItemScope, container: Container) -> u32 {
        let generics = match container {
            Container::Module => return 0,
            Container::Trait(id) => &self.program.traits[id].generics,
            Container::Impl(id) => &self.program.impls[id].generics,
        };
        let numbered =
            generics.params.iter().enumerate().map(|(i, p)| (p.0, generics.parent_count + i as u32));
        scope.params.extend(numbered);
        generics.total()
    }

    fn lower_params(
        &mut self,
        decl: &FnDecl,
        scope: &ItemScope,
        has_self: bool,
    ) -> (Vec<Param>, Vec<Option<usize>>) {
        let clauses: Vec<Vec<ast::Param>> =
            decl.clauses.iter().map(|c| c.param_list().iter().flat_map(|l| l.params()).collect()).collect();
        let allowed = self.program.fns[decl.id].container == Container::Module;
        let mut params = Vec::new();
        let mut annotated = Vec::new();
        for (i, param) in clauses[0].iter().enumerate() {
            let column: Vec<&ast::Param> = clauses.iter().filter_map(|c| c.get(i)).collect();
            let name = column.iter().find_map(|p| plain_name(p));
            let is_receiver = has_self && i == 0;
            let clause = column.iter().position(|p| p.ty().is_some()).filter(|_| !is_receiver);
            let ty = clause.and_then(|c| column[c].ty()).map(|ty| self.lower_type(scope, &ty));
            for later in column.iter().skip(1).filter_map(|p| p.default()) {
                self.diags.push(problems::default_in_later_clause(scope.span(&later)));
            }
            let mut default = None;
            if let Some(value) = param.default() {
                if allowed {
                    default = Some(self.param_default(scope, (decl.id, i), &clauses[0][..i], value));
                } else {
                    self.diags.push(problems::default_not_here(scope.span(&value)));
                }
            }
            params.push(Param { name, ty, default, span: scope.span(param) });
            annotated.push(clause);
        }
        (params, annotated)
    }

    /// The default of a parameter, which sees those before it.
    fn param_default(
        &mut self,
        scope: &ItemScope,
        (id, index): (FnId, usize),
        before: &[ast::Param],
        value: ast::Expr,
    ) -> BodyId {
        let body = self.reserve_body(BodyOwner::ParamDefault(id, index as u32), scope.module);
        let source = BodySource::ParamDefault { before: before.to_vec(), value };
        self.jobs.push(BodyJob { body, scope: scope.clone(), source });
        body
    }

    fn lower_result(&mut self, decl: &FnDecl, scope: &ItemScope) -> Option<TypeRef> {
        let mut ret: Option<TypeRef> = None;
        let mut differs = false;
        for ty in decl.clauses.iter().filter_map(|c| c.ret_type()) {
            let ty = self.lower_type(scope, &ty);
            match &ret {
                Some(first) if !same_type(first, &ty) => {
                    self.diags.push(problems::results_differ(ty.span, first.span));
                    differs = true;
                }
                Some(_) => {}
                None => ret = Some(ty),
            }
        }
        // Which one holds isn't known: of values that don't fit nothing more is said.
        ret.map(|ty| if differs { TypeRef { kind: TypeRefKind::Error, ..ty } } else { ty })
    }

    /// What `@runtime("…")` or `@intrinsic("…")` binds a function of std to.
    fn bound_body(&mut self, scope: &ItemScope, clause: &ast::FnItem) -> Option<FnBody> {
        let argument = |attr: &ast::Attr| attr.argument().and_then(|a| a.plain_text());
        if let Some(attr) = clause.attr("runtime") {
            let found = argument(&attr).and_then(|name| RuntimeFn::by_name(&name));
            return Some(self.known(found.map(FnBody::Runtime), scope.span(&attr)));
        }
        if let Some(attr) = clause.attr("intrinsic") {
            let found = argument(&attr).and_then(|name| Intrinsic::by_name(&name));
            return Some(self.known(found.map(FnBody::Intrinsic), scope.span(&attr)));
        }
        None
    }

    fn known(&mut self, found: Option<FnBody>, span: Span) -> FnBody {
        found.unwrap_or_else(|| {
            self.diags.push(problems::unknown_attr_argument(span));
            FnBody::None
        })
    }

    fn add_body(&mut self, id: FnId, scope: ItemScope, source: BodySource) {
        let body = self.reserve_body(BodyOwner::Fn(id), scope.module);
        self.program.fns[id].body = FnBody::Snow(body);
        self.jobs.push(BodyJob { body, scope, source });
    }

    /// A constant that is a closure: what its parameters are is written in the clauses' patterns.
    fn lower_let_fn(&mut self, id: FnId, node: &ast::FnExpr, scope: &ItemScope) {
        let clauses: Vec<Vec<ast::Param>> =
            node.clauses().map(|c| c.param_list().iter().flat_map(|l| l.params()).collect()).collect();
        let params = clauses.first().into_iter().flatten().enumerate().map(|(i, param)| Param {
            name: clauses.iter().filter_map(|c| c.get(i)).find_map(plain_name),
            ty: None,
            default: None,
            span: scope.span(param),
        });
        self.program.fns[id].params = params.collect();
        self.add_body(id, scope.clone(), BodySource::Closure(node.clone()));
    }

    fn lower_actor(&mut self, id: FnId, node: &ast::ActorItem, scope: &ItemScope) {
        let mut params = Vec::new();
        let nodes: Vec<ast::Param> = node.param_list().iter().flat_map(|l| l.params()).collect();
        for (i, param) in nodes.iter().enumerate() {
            let default = param.default().map(|value| self.param_default(scope, (id, i), &nodes[..i], value));
            let ty = param.ty().map(|ty| self.lower_type(scope, &ty));
            params.push(Param { name: plain_name(param), ty, default, span: scope.span(param) });
        }
        self.program.fns[id].params = params;
        self.add_body(id, scope.clone(), BodySource::Actor(node.clone()));
    }

    /// Lowers an impl with its methods' signatures; one whose interface or type is unknown is left out.
    pub(crate) fn lower_impl(
        &mut self,
        node: &ast::ImplItem,
        scope: &ItemScope,
        derived: Option<Derived>,
    ) -> Option<ImplId> {
        let mut scope = scope.clone();
        scope.self_meaning = SelfMeaning::Impl;
        let (interface, self_type) = self.impl_head(&scope, node)?;
        let mut generics = Generics::default();
        for (name, span) in self.impl_variables(&scope, &interface, &self_type) {
            scope.params.push((name, generics.total()));
            generics.params.push((name, span));
        }
        let before = self.diags.len();
        let head = self.lower_interface(&scope, &interface);
        let mut head_scope = scope.clone();
        head_scope.self_meaning = SelfMeaning::None;
        let self_ty = self.lower_type(&head_scope, &self_type);
        // What stands between `<` and `>` may be meant as a parameter.
        let heads = [scope.span(&interface), scope.span(&self_type)].map(|span| span.text_range().start());
        let is_argument =
            |d: &Diagnostic| d.code == "E0205" && !heads.contains(&d.span().text_range().start());
        for unknown in self.diags[before..].iter_mut().filter(|d| is_argument(d)) {
            unknown.fixes.iter_mut().for_each(|fix| fix.safe = false);
            let help = "a type parameter in the head of an `impl` is one letter: `impl Show for Box<T> where T: Show do`";
            unknown.help.push(help.to_owned());
        }
        self.lower_where(&scope, node.where_clause(), &mut generics);
        let (trait_, trait_args) = head?;
        let span = scope.span(&interface).cover(scope.span(&self_type));
        let id = self.program.impls.alloc(ImplDef {
            trait_,
            trait_args,
            self_ty,
            generics,
            methods: Vec::new(),
            module: scope.module,
            span,
            derived,
        });
        self.lower_impl_methods(id, scope, node.functions());
        Some(id)
    }

    /// The interface and the type of an impl, also where they stand the wrong way round.
    fn impl_head(&mut self, scope: &ItemScope, node: &ast::ImplItem) -> Option<(ast::PathType, ast::Type)> {
        let (interface, self_type) = (node.interface()?, node.self_type()?);
        let ast::Type::Path(behind) = &self_type else { return Some((interface, self_type)) };
        let mut is_trait = |ty: &ast::PathType| match ty.path()?.names()[..] {
            [name] => Some(matches!(self.find_type(scope.module, name)?, TypeNs::Trait(_))),
            _ => None,
        };
        if (is_trait(&interface), is_trait(behind)) != (Some(false), Some(true)) {
            return Some((interface, self_type));
        }
        let places = (scope.span(&interface), scope.span(behind));
        self.diags.push(problems::impl_reversed(places));
        Some((behind.clone(), ast::Type::Path(interface)))
    }

    /// Gives an impl its methods.
    pub(crate) fn lower_impl_methods(
        &mut self,
        id: ImplId,
        mut scope: ItemScope,
        functions: impl Iterator<Item = ast::FnItem>,
    ) {
        scope.params.clear(); // `enter_container` declares them again for each method
        let methods = self.collect_methods(&scope, functions, Container::Impl(id));
        self.program.impls[id].methods = methods.iter().map(|m| m.id).collect();
        for method in &methods {
            self.lower_fn(method);
        }
    }

    /// The one-letter names of an impl's head that mean no type.
    fn impl_variables(
        &mut self,
        scope: &ItemScope,
        interface: &ast::PathType,
        self_type: &ast::Type,
    ) -> Vec<(Name, Span)> {
        let args = interface.type_args();
        let mut found: Vec<(Name, Span)> = Vec::new();
        for ty in args.iter().chain([self_type]) {
            for path in ty.syntax().descendants().filter_map(ast::Path::cast) {
                let [name] = path.names()[..] else { continue };
                let is_variable = name.as_str().len() == 1 && self.find_type(scope.module, name).is_none();
                if is_variable && found.iter().all(|f| f.0 != name) {
                    found.push((name, scope.span(&path)));
                }
            }
        }
        found
    }
}

/// The name of a parameter whose pattern is one.
pub(crate) fn plain_name(param: &ast::Param) -> Option<Name> {
    match param.pattern()? {
        ast::Pattern::Name(name) if is_self(param) || !name.text().as_str().is_empty() => Some(name.text()),
        _ => None,
    }
}

/// Are two types written the same, wherever they stand?
fn same_type(a: &TypeRef, b: &TypeRef) -> bool {
    let all =
        |a: &[TypeRef], b: &[TypeRef]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_type(a, b));
    match (&a.kind, &b.kind) {
        (TypeRefKind::Type(a, x), TypeRefKind::Type(b, y)) => a == b && all(x, y),
        (TypeRefKind::Alias(a, x), TypeRefKind::Alias(b, y)) => a == b && all(x, y),
        (TypeRefKind::Tuple(x), TypeRefKind::Tuple(y)) => all(x, y),
        (TypeRefKind::Fn(x, a), TypeRefKind::Fn(y, b)) => all(x, y) && same_type(a, b),
        (TypeRefKind::Error, _) | (_, TypeRefKind::Error) => true,
        (a, b) => a == b,
    }
}
