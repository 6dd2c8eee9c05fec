//! Which items are there? Gives every item its id and puts its name into its module's tables.
//!
//! It resolves no names: what items hold is filled in by `signatures`. Items without a readable name are left out; the
//! parser has reported them.

use snow_abi::{LangItem, LangKind};
use snow_base::{Name, Span};
use snow_syntax::ast::{self, HasHead, HasName};

use crate::body::BodyOwner;
use crate::items::*;
use crate::lower::{Lowerer, ParsedFile, named, next_id};
use crate::problems::items as problems;
use crate::resolve::ModuleScope;
use crate::scope::{ItemScope, SelfMeaning};

/// The most variants a type may have: a value holds the number of its variant in a byte.
const MAX_VARIANTS: usize = 256;

/// The items with their syntax, for the later steps.
#[derive(Default)]
pub(crate) struct Decls {
    pub(crate) fns: Vec<FnDecl>,
    pub(crate) actors: Vec<(FnId, ast::ActorItem, ItemScope)>,
    pub(crate) tests: Vec<(FnId, ast::TestItem, ItemScope)>,
    pub(crate) structs: Vec<(TypeId, ast::StructItem, ItemScope)>,
    pub(crate) types: Vec<(TypeId, ast::TypeItem, ItemScope)>,
    pub(crate) aliases: Vec<(AliasId, ast::Type, Option<ast::GenericParams>, ItemScope)>,
    pub(crate) traits: Vec<(TraitId, ast::InterfaceItem, ItemScope)>,
    pub(crate) impls: Vec<(ast::ImplItem, ItemScope)>,
    pub(crate) consts: Vec<(ConstId, ast::LetItem, ItemScope)>,
    pub(crate) let_fns: Vec<(FnId, ast::FnExpr, ItemScope)>,
    pub(crate) imports: Vec<(ast::ImportItem, ItemScope)>,
    pub(crate) from_imports: Vec<(ast::FromImportItem, ItemScope)>,
}

/// A function with its clauses.
pub(crate) struct FnDecl {
    pub(crate) id: FnId,
    pub(crate) clauses: Vec<ast::FnItem>,
    pub(crate) scope: ItemScope,
}

/// Names that mean the same everywhere.
pub(crate) const FIXED_NAMES: [&str; 6] = ["self", "send", "spawn", "spawn_link", "link", "unlink"];

impl Lowerer<'_> {
    /// Collects the items of one file.
    pub(crate) fn collect_file(&mut self, file: &ParsedFile, decls: &mut Decls) {
        let module = self.add_module(file.module_path.clone(), file, None);
        // A program in `list.snow` still means std's `List`: nobody imports the root.
        let std_has_it = file.is_root && self.std_modules.contains_key(&file.module_path);
        if !std_has_it {
            let table = if file.is_std { &mut self.std_modules } else { &mut self.project_modules };
            table.entry(file.module_path.clone()).or_insert(module);
        }
        self.packages.add_module(file.file, module);
        if file.is_root {
            self.program.root = Some(module);
        }
        self.collect_items(ItemScope::of_module(module, file.file), file.tree.items(), decls);
    }

    fn add_module(&mut self, path: String, file: &ParsedFile, parent: Option<ModuleId>) -> ModuleId {
        let module = self.program.modules.alloc(Module {
            path,
            file: file.file,
            parent,
            is_std: file.is_std,
            types: Default::default(),
            values: Default::default(),
            ctors: Default::default(),
            modules: Default::default(),
        });
        self.scopes.insert(module, ModuleScope::default());
        module
    }

    pub(crate) fn collect_items(
        &mut self,
        scope: ItemScope,
        items: impl Iterator<Item = ast::Item>,
        decls: &mut Decls,
    ) {
        let mut clauses: Vec<ast::FnItem> = Vec::new();
        for item in items {
            if let ast::Item::Fn(clause) = item {
                if clauses.last().is_some_and(|last| !same_function(last, &clause)) {
                    self.collect_fn(&scope, std::mem::take(&mut clauses), decls);
                }
                clauses.push(clause);
                continue;
            }
            self.collect_fn(&scope, std::mem::take(&mut clauses), decls);
            self.collect_item(&scope, item, decls);
        }
        self.collect_fn(&scope, clauses, decls);
    }

    fn collect_item(&mut self, scope: &ItemScope, item: ast::Item, decls: &mut Decls) {
        match item {
            ast::Item::Fn(_) => {} // grouped by the caller
            ast::Item::Let(node) => self.collect_const(scope, node, decls),
            ast::Item::Struct(node) => self.collect_struct(scope, node, decls),
            ast::Item::Type(node) => self.collect_type(scope, node, decls),
            ast::Item::Interface(node) => self.collect_interface(scope, node, decls),
            ast::Item::Impl(node) => {
                self.check_attrs(scope, &node);
                decls.impls.push((node, scope.clone()));
            }
            ast::Item::Actor(node) => self.collect_actor(scope, node, decls),
            ast::Item::Service(node) => self.collect_service(scope, &node, decls),
            ast::Item::Supervisor(node) => self.collect_supervisor(scope, &node, decls),
            ast::Item::Module(node) => self.collect_module(scope, node, decls),
            ast::Item::Import(node) => decls.imports.push((node, scope.clone())),
            ast::Item::FromImport(node) => decls.from_imports.push((node, scope.clone())),
            ast::Item::Test(node) => self.collect_test(scope, node, decls),
        }
    }

    fn collect_module(&mut self, scope: &ItemScope, node: ast::ModuleItem, decls: &mut Decls) {
        let Some((name, span)) = named(scope, node.name()) else { return };
        if let Some(&other) = self.program.modules[scope.module].modules.get(&name) {
            let first = self.scopes[other].nested_at;
            self.diags.push(problems::defined_twice("module", name, span, first));
            return;
        }
        let path = format!("{}.{name}", self.module_path(scope.module));
        let file = self.files[&scope.file];
        let module = self.add_module(path, file, Some(scope.module));
        self.scopes[module].nested_at = Some(span);
        self.scopes[module].is_private = !node.is_pub();
        self.program.modules[scope.module].modules.insert(name, module);
        self.collect_items(ItemScope::of_module(module, scope.file), node.items(), decls);
    }

    fn collect_fn(&mut self, scope: &ItemScope, clauses: Vec<ast::FnItem>, decls: &mut Decls) {
        let Some(first) = clauses.first() else { return };
        let Some((name, span)) = named(scope, first.name()) else { return };
        for clause in &clauses {
            self.check_attrs(scope, clause);
        }
        let is_std = self.program.modules[scope.module].is_std;
        if !is_std && scope.made.is_none() && first.name().is_some_and(|n| n.is_reserved_word()) {
            self.diags.push(problems::reserved_word(name, span));
            return;
        }
        if !is_std {
            self.check_fixed_name(name, span);
        }
        let Some(id) = self.add_fn(scope, &clauses, Container::Module) else { return };
        if self.define_value(scope.module, name, span, ValueNs::Fn(id), Some(arity(first))) {
            self.mark_lang_fn(scope, first, id);
        }
        decls.fns.push(FnDecl { id, clauses, scope: scope.clone() });
    }

    /// Reports a definition or a local of a name that can't be hidden.
    pub(crate) fn check_fixed_name(&mut self, name: Name, span: Span) {
        if FIXED_NAMES.contains(&name.as_str()) {
            self.diags.push(problems::fixed_name(name, span));
        }
    }

    /// Gives a function its id; parameters and body come later.
    pub(crate) fn add_fn(
        &mut self,
        scope: &ItemScope,
        clauses: &[ast::FnItem],
        container: Container,
    ) -> Option<FnId> {
        let first = clauses.first()?;
        let (name, span) = named(scope, first.name())?;
        let params = first.param_list().map(|list| list.params().collect::<Vec<_>>()).unwrap_or_default();
        let has_self = container != Container::Module && params.first().is_some_and(is_self);
        Some(self.program.fns.alloc(FnDef {
            is_pub: clauses.iter().any(|c| c.is_pub()) || container != Container::Module,
            container,
            has_self,
            doc: first.doc(),
            ..FnDef::new(name, span, scope.module)
        }))
    }

    fn collect_actor(&mut self, scope: &ItemScope, node: ast::ActorItem, decls: &mut Decls) {
        let Some((name, span)) = named(scope, node.name()) else { return };
        self.check_attrs(scope, &node);
        self.check_fixed_name(name, span);
        let id = self.program.fns.alloc(FnDef {
            is_pub: node.is_pub(),
            kind: FnKind::Actor,
            doc: node.doc(),
            ..FnDef::new(name, span, scope.module)
        });
        self.define_value(scope.module, name, span, ValueNs::Fn(id), None);
        decls.actors.push((id, node, scope.clone()));
    }

    fn collect_test(&mut self, scope: &ItemScope, node: ast::TestItem, decls: &mut Decls) {
        let Some(title) = node.title() else { return };
        let id = self.program.fns.alloc(FnDef {
            kind: FnKind::Test(title.plain_text().unwrap_or_default()),
            ..FnDef::new(Name::new("test"), scope.span(&title), scope.module)
        });
        decls.tests.push((id, node, scope.clone()));
    }

    fn collect_const(&mut self, scope: &ItemScope, node: ast::LetItem, decls: &mut Decls) {
        let Some((name, span)) = named(scope, node.name()) else { return };
        self.check_attrs(scope, &node);
        self.check_fixed_name(name, span);
        if let (None, Some(ast::Expr::Fn(value)), false) = (node.ty(), node.value(), name == "main") {
            let id = self.program.fns.alloc(FnDef {
                kind: FnKind::Let,
                is_pub: node.is_pub(),
                doc: node.doc(),
                ..FnDef::new(name, span, scope.module)
            });
            self.define_value(scope.module, name, span, ValueNs::Fn(id), None);
            decls.let_fns.push((id, value, scope.clone()));
            return;
        }
        let body = self.reserve_body(BodyOwner::Const(next_id(&self.program.consts)), scope.module);
        let is_pub = node.is_pub();
        let id =
            self.program.consts.alloc(ConstDef { name, span, module: scope.module, is_pub, ty: None, body });
        self.define_value(scope.module, name, span, ValueNs::Const(id), None);
        decls.consts.push((id, node, scope.clone()));
    }

    fn collect_struct(&mut self, scope: &ItemScope, node: ast::StructItem, decls: &mut Decls) {
        let Some((name, span)) = named(scope, node.name()) else { return };
        let kind = TypeDefKind::Struct(Variant { name, span, fields: Vec::new() });
        let id = self.add_type(scope, (name, span), &node, kind);
        decls.structs.push((id, node, scope.clone()));
    }

    fn collect_type(&mut self, scope: &ItemScope, node: ast::TypeItem, decls: &mut Decls) {
        let Some((name, span)) = named(scope, node.name()) else { return };
        if let Some(alias) = node.alias() {
            return self.collect_alias(scope, (name, span), (node, alias), decls);
        }
        let builtin = node.attr("builtin").and_then(|a| a.argument()?.plain_text());
        let kind = match builtin.as_deref().map(BuiltinTy::by_name) {
            Some(Some(builtin)) => TypeDefKind::Builtin(builtin),
            Some(None) => {
                self.diags.push(problems::unknown_attr_argument(span));
                return;
            }
            None if node.is_sum() => TypeDefKind::Sum(self.collect_variants(scope, &node)),
            None => return, // neither a body nor `=`: the parser has reported it
        };
        let id = self.add_type(scope, (name, span), &node, kind);
        if let TypeDefKind::Builtin(builtin) = self.program.types[id].kind {
            self.program.lang.builtins.insert(builtin, id);
        }
        let variants: Vec<Name> = self.program.types[id].variants().iter().map(|v| v.name).collect();
        let ctors = &mut self.program.modules[scope.module].ctors;
        for (i, variant) in variants.into_iter().enumerate() {
            ctors.entry(variant).or_default().push(CtorId { ty: id, variant: i as u32 });
        }
        decls.types.push((id, node, scope.clone()));
    }

    fn collect_variants(&mut self, scope: &ItemScope, node: &ast::TypeItem) -> Vec<Variant> {
        let mut variants: Vec<Variant> = Vec::new();
        for variant in node.variants() {
            let Some((name, span)) = named(scope, variant.name()) else { continue };
            match variants.iter().find(|v| v.name == name) {
                Some(first) => {
                    self.diags.push(problems::defined_twice("variant", name, span, Some(first.span)))
                }
                None => variants.push(Variant { name, span, fields: Vec::new() }),
            }
        }
        if let Some(variant) = variants.get(MAX_VARIANTS) {
            self.diags.push(problems::too_many("variants", MAX_VARIANTS, variant.span));
        }
        variants
    }

    fn collect_alias(
        &mut self,
        scope: &ItemScope,
        (name, span): (Name, Span),
        (node, alias): (ast::TypeItem, ast::Type),
        decls: &mut Decls,
    ) {
        self.check_attrs(scope, &node);
        let ty = TypeRef { kind: TypeRefKind::Error, span };
        let generics = Generics::default();
        let (module, is_pub) = (scope.module, node.is_pub());
        let id = self.program.aliases.alloc(AliasDef { name, span, module, is_pub, generics, ty });
        self.define_type(module, name, span, TypeNs::Alias(id));
        decls.aliases.push((id, alias, node.generic_params(), scope.clone()));
    }

    fn add_type<N: HasHead>(
        &mut self,
        scope: &ItemScope,
        (name, span): (Name, Span),
        node: &N,
        kind: TypeDefKind,
    ) -> TypeId {
        self.check_attrs(scope, node);
        let id = self.program.types.alloc(TypeDef {
            name,
            span,
            module: scope.module,
            is_pub: node.is_pub(),
            generics: Generics::default(),
            kind,
            deriving: Deriving::Auto,
            doc: node.doc(),
        });
        self.define_type(scope.module, name, span, TypeNs::Type(id));
        if let Some(item) = self.lang_item(scope, node, LangKind::Type) {
            self.program.lang.types.insert(item, id);
        }
        id
    }

    fn collect_interface(&mut self, scope: &ItemScope, node: ast::InterfaceItem, decls: &mut Decls) {
        let Some((name, span)) = named(scope, node.name()) else { return };
        self.check_attrs(scope, &node);
        let lang = self.lang_item(scope, &node, LangKind::Trait);
        let id = self.program.traits.alloc(TraitDef {
            name,
            span,
            module: scope.module,
            is_pub: node.is_pub(),
            generics: Generics { parent_count: 1, params: Vec::new(), preds: Vec::new(), is_refused: false },
            methods: Vec::new(),
            lang,
        });
        if let Some(item) = lang {
            self.program.lang.traits.insert(item, id);
        }
        self.define_type(scope.module, name, span, TypeNs::Trait(id));
        let mut inner = scope.clone();
        inner.self_meaning = SelfMeaning::Interface;
        let methods = self.collect_methods(&inner, node.functions(), Container::Trait(id));
        self.program.traits[id].methods = methods.iter().map(|m| m.id).collect();
        decls.fns.extend(methods);
        decls.traits.push((id, node, scope.clone()));
    }

    /// Gives the methods of an interface or impl their ids, clauses joined.
    pub(crate) fn collect_methods(
        &mut self,
        scope: &ItemScope,
        functions: impl Iterator<Item = ast::FnItem>,
        container: Container,
    ) -> Vec<FnDecl> {
        let mut groups: Vec<Vec<ast::FnItem>> = Vec::new();
        for clause in functions {
            self.check_attrs(scope, &clause);
            match groups.last_mut() {
                Some(group) if same_function(&group[0], &clause) => group.push(clause),
                _ => groups.push(vec![clause]),
            }
        }
        let mut methods: Vec<FnDecl> = Vec::new();
        for clauses in groups {
            let Some(id) = self.add_fn(scope, &clauses, container) else { continue };
            let (name, span) = (self.program.fns[id].name, self.program.fns[id].span);
            let earlier = methods.iter().find(|m| self.program.fns[m.id].name == name);
            if let Some(earlier) = earlier {
                let first = self.program.fns[earlier.id].span;
                if self.torn.insert(earlier.id) {
                    let (one, other) = (arity(&earlier.clauses[0]), arity(&clauses[0]));
                    self.diags.push(problems::clash(name, span, first, one, other));
                }
                continue;
            }
            methods.push(FnDecl { id, clauses, scope: scope.clone() });
        }
        methods
    }

    fn define_type(&mut self, module: ModuleId, name: Name, span: Span, meaning: TypeNs) {
        match self.program.modules[module].types.get(&name) {
            Some(&other) => {
                let first = self.type_span(other);
                self.diags.push(problems::defined_twice("type", name, span, Some(first)));
            }
            None => {
                self.program.modules[module].types.insert(name, meaning);
            }
        }
    }

    /// Puts a value into its module's table; says whether the name was free.
    fn define_value(
        &mut self,
        module: ModuleId,
        name: Name,
        span: Span,
        meaning: ValueNs,
        arity: Option<usize>,
    ) -> bool {
        let Some(&other) = self.program.modules[module].values.get(&name) else {
            self.program.modules[module].values.insert(name, meaning);
            if let (ValueNs::Fn(_), Some(arity)) = (meaning, arity) {
                self.scopes[module].arities.insert(name, arity);
            }
            return true;
        };
        let first = self.value_span(other);
        let first_arity = self.scopes[module].arities.get(&name).copied();
        if let (ValueNs::Fn(torn), Some(_)) = (other, arity) {
            if let ValueNs::Fn(own) = meaning {
                self.torn.insert(own);
            }
            if !self.torn.insert(torn) {
                // A third piece of the function: the mistake is told already.
                return false;
            }
        }
        self.diags.push(match (first_arity, arity) {
            (Some(first_arity), Some(arity)) => problems::clash(name, span, first, first_arity, arity),
            _ => problems::defined_twice("value", name, span, Some(first)),
        });
        false
    }

    /// Where the name of a type, alias or interface stands.
    pub(crate) fn type_span(&self, meaning: TypeNs) -> Span {
        match meaning {
            TypeNs::Type(id) => self.program.types[id].span,
            TypeNs::Alias(id) => self.program.aliases[id].span,
            TypeNs::Trait(id) => self.program.traits[id].span,
        }
    }

    /// Where the name of a function or constant stands.
    pub(crate) fn value_span(&self, meaning: ValueNs) -> Span {
        match meaning {
            ValueNs::Fn(id) => self.program.fns[id].span,
            ValueNs::Const(id) => self.program.consts[id].span,
        }
    }

    fn check_attrs<N: HasHead>(&mut self, scope: &ItemScope, node: &N) {
        if self.program.modules[scope.module].is_std {
            return;
        }
        if let Some(attr) = node.attrs().next() {
            self.diags.push(problems::attr_outside_std(scope.span(&attr)));
        }
    }

    fn lang_item<N: HasHead>(&mut self, scope: &ItemScope, node: &N, kind: LangKind) -> Option<LangItem> {
        if !self.program.modules[scope.module].is_std {
            return None;
        }
        let attr = node.attr("lang")?;
        let item = attr.argument().and_then(|a| LangItem::by_name(&a.plain_text()?));
        match item {
            Some(item) if item.kind() == kind => Some(item),
            _ => {
                self.diags.push(problems::unknown_attr_argument(scope.span(&attr)));
                None
            }
        }
    }

    fn mark_lang_fn(&mut self, scope: &ItemScope, node: &ast::FnItem, id: FnId) {
        if let Some(item) = self.lang_item(scope, node, LangKind::Fn) {
            self.program.lang.fns.insert(item, id);
        }
    }
}

/// Is it the parameter `self`?
pub(crate) fn is_self(param: &ast::Param) -> bool {
    matches!(param.pattern(), Some(ast::Pattern::Name(name)) if name.text() == "self")
}

/// How many parameters a clause has.
pub(crate) fn arity(clause: &ast::FnItem) -> usize {
    clause.param_list().map_or(0, |list| list.params().count())
}

/// Are two neighbours clauses of one function?
pub(crate) fn same_function(a: &ast::FnItem, b: &ast::FnItem) -> bool {
    let name = |f: &ast::FnItem| f.name().map(|n| n.text());
    name(a) == name(b) && arity(a) == arity(b)
}
