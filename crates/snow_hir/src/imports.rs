//! What do modules import, and what do all of them see without an import?
//!
//! Invariant: a name whose import failed is marked broken in its module, so that its uses are not reported again.

use snow_abi::LangItem;
use snow_base::{FxHashMap, FxHashSet, Name, Span};
use snow_diagnostics::Diagnostic;
use snow_syntax::ast::{self, AstNode};

use crate::collect::Decls;
use crate::edits;
use crate::items::*;
use crate::lower::{Lowerer, named, token_span};
use crate::problems::names as problems;
use crate::problems::nearest;
use crate::resolve::{ImportUse, Prelude, dotted};
use crate::scope::ItemScope;

/// Which module of the project imports which, and where.
type Edges = FxHashMap<ModuleId, Vec<(ModuleId, Span)>>;

impl Lowerer<'_> {
    /// Resolves all imports.
    pub(crate) fn resolve_imports(&mut self, decls: &Decls) {
        let mut edges = Edges::default();
        for (node, scope) in &decls.imports {
            self.import_module(node, scope, &mut edges);
        }
        for (node, scope) in &decls.from_imports {
            self.import_names(node, scope, &mut edges);
        }
        self.report_import_cycles(&edges);
    }

    fn imported_path(
        &mut self,
        path: Option<ast::Path>,
        scope: &ItemScope,
        edges: &mut Edges,
    ) -> Option<(ModuleId, Vec<Name>, Span)> {
        let path = path?;
        let (names, span) = (path.names(), scope.span(&path));
        if names.is_empty() {
            return None;
        }
        let Some(module) = self.module_by_path(scope.module, &names, span) else {
            self.report_missing_import(scope.module, &names, span);
            return None;
        };
        let root = |m: ModuleId| *self.chain(m).last().unwrap_or(&m);
        let (importer, imported) = (root(scope.module), root(module));
        if !self.program.modules[imported].is_std && (importer != imported || module == imported) {
            edges.entry(importer).or_default().push((imported, span));
        }
        Some((module, names, span))
    }

    /// The module that an import names: a file's or one nested in it.
    fn module_by_path(&mut self, from: ModuleId, names: &[Name], span: Span) -> Option<ModuleId> {
        for taken in (1..=names.len()).rev() {
            let full = dotted(&names[..taken]);
            let base = self.project_module(from, &full).or_else(|| self.std_modules.get(&full).copied());
            if let Some(found) = base.and_then(|base| self.nested(from, base, &names[taken..], span)) {
                return Some(found);
            }
        }
        None
    }

    fn report_missing_import(&mut self, from: ModuleId, names: &[Name], span: Span) {
        let full = dotted(names);
        let broken = &mut self.scopes[from].broken;
        broken.extend(names.first());
        if let Some(problem) = self.import_of_a_name(from, names, span) {
            return self.diags.push(problem);
        }
        let problem = match self.undeclared_package(from, &full) {
            Some(package) => problems::undeclared_package(&full, package, span),
            None => {
                let near = nearest(Name::new(&full), self.importable(from));
                // Who misspells a module in the import only uses it by its right name.
                let meant = near.as_ref().and_then(|near| near.name.rsplit('.').next()).map(Name::new);
                self.scopes[from].broken.extend(meant);
                problems::unknown_module(&full, span, near)
            }
        };
        self.diags.push(problem);
    }

    /// `import Math.Vector.Point`, whose last name is one that the module defines.
    fn import_of_a_name(&mut self, from: ModuleId, names: &[Name], span: Span) -> Option<Diagnostic> {
        let (&last, path) = names.split_last().filter(|(_, path)| !path.is_empty())?;
        let module = self.module_by_path(from, path, span)?;
        let def = &self.program.modules[module];
        if !def.types.contains_key(&last) && !def.ctors.contains_key(&last) {
            return None;
        }
        // What the program calls by this name is told of here.
        self.scopes[from].broken.insert(last);
        Some(problems::import_of_a_name(&dotted(path), last, span))
    }

    fn new_import(
        &mut self,
        scope: &ItemScope,
        (name, span): (Name, Span),
        (item, cut): (Span, Option<Span>),
    ) -> usize {
        let warn = !self.program.modules[scope.module].is_std;
        self.import_uses.push(ImportUse { name, span, used: false, warn, item, cut });
        self.import_uses.len() - 1
    }

    fn import_module(&mut self, node: &ast::ImportItem, scope: &ItemScope, edges: &mut Edges) {
        let alias = named(scope, node.alias());
        let Some((module, names, span)) = self.imported_path(node.path(), scope, edges) else {
            let last = node.path().and_then(|p| p.names().last().copied());
            self.scopes[scope.module].broken.extend(alias.map(|a| a.0).or(last));
            return;
        };
        let (local, local_span) = alias.unwrap_or((names[names.len() - 1], span));
        let import =
            self.new_import(scope, (local, span), (edits::whole_import(node.syntax(), scope.file), None));
        let clash = self.program.modules[scope.module].modules.get(&local).map(|&m| self.scopes[m].nested_at);
        let clash = clash.or_else(|| {
            let (other, first) = *self.scopes[scope.module].modules.get(&local)?;
            (other != module).then(|| Some(self.import_uses[first].span))
        });
        if let Some(first) = clash {
            self.diags.push(problems::import_clash(local, local_span, first));
            return;
        }
        let own = &mut self.scopes[scope.module];
        own.modules.insert(local, (module, import));
        own.paths.insert(dotted(&names), (module, import));
    }

    fn import_names(&mut self, node: &ast::FromImportItem, scope: &ItemScope, edges: &mut Edges) {
        let found = self.imported_path(node.path(), scope, edges);
        let names: Vec<ast::Name> = node.names().collect();
        let item = edits::whole_import(node.syntax(), scope.file);
        for (index, name) in names.iter().enumerate() {
            let cut = edits::one_of_names(&names, index, scope.file);
            let Some(token) = name.token() else { continue };
            let (text, span) = (name.text(), token_span(scope, &token));
            match found {
                Some((module, ..)) => self.import_name(module, (text, span), scope, (item, cut)),
                None => {
                    self.scopes[scope.module].broken.insert(text);
                }
            }
        }
    }

    fn import_name(
        &mut self,
        module: ModuleId,
        (name, span): (Name, Span),
        scope: &ItemScope,
        place: (Span, Option<Span>),
    ) {
        let from = scope.module;
        let import = self.new_import(scope, (name, span), place);
        let value = self.value_in(from, module, name, span);
        let ty = self.type_in(from, module, name, span);
        let inner = self.program.modules[module].modules.get(&name).copied();
        if value.is_none() && ty.is_none() && inner.is_none() {
            self.import_constructor(module, name, span, (from, import));
            return;
        }
        let own = &self.program.modules[from];
        let taken_value = value.and_then(|_| own.values.get(&name)).map(|&v| self.value_span(v));
        let taken_type = ty.and_then(|_| own.types.get(&name)).map(|&t| self.type_span(t));
        let other = |first: usize| self.import_uses[first].span;
        let own = &self.scopes[from];
        let taken = taken_value
            .or(taken_type)
            .or_else(|| value.and_then(|v| own.values.get(&name).filter(|o| o.0 != v).map(|o| other(o.1))))
            .or_else(|| ty.and_then(|t| own.types.get(&name).filter(|o| o.0 != t).map(|o| other(o.1))));
        if let Some(first) = taken {
            self.import_uses[import].used = true;
            self.diags.push(problems::import_clash(name, span, Some(first)));
            return;
        }
        if let Some(value) = value {
            self.scopes[from].values.insert(name, (value, import));
        }
        if let Some(inner) = inner {
            self.scopes[from].modules.insert(name, (inner, import));
        }
        if let Some(ty) = ty {
            self.scopes[from].types.insert(name, (ty, import));
            self.import_variants(ty, from, import);
        }
    }

    fn import_variants(&mut self, ty: TypeNs, from: ModuleId, import: usize) {
        let TypeNs::Type(id) = ty else { return };
        let def = &self.program.types[id];
        if !matches!(def.kind, TypeDefKind::Sum(_)) {
            return;
        }
        for (i, variant) in def.variants().iter().enumerate() {
            let ctor = CtorId { ty: id, variant: i as u32 };
            let ctors = self.scopes[from].ctors.entry(variant.name).or_default();
            if ctors.iter().all(|c| c.0 != ctor) {
                ctors.push((ctor, import));
            }
        }
    }

    /// A single constructor, or nothing.
    fn import_constructor(
        &mut self,
        module: ModuleId,
        name: Name,
        span: Span,
        (from, import): (ModuleId, usize),
    ) {
        let ctors = self.program.modules[module].ctors.get(&name).cloned().unwrap_or_default();
        let visible: Vec<CtorId> = ctors.into_iter().filter(|c| self.program.types[c.ty].is_pub).collect();
        if !visible.is_empty() {
            let own = self.scopes[from].ctors.entry(name).or_default();
            own.extend(visible.into_iter().map(|c| (c, import)));
            return;
        }
        self.import_uses[import].used = true;
        self.scopes[from].broken.insert(name);
        if self.scopes[module].broken.contains(&name) {
            return;
        }
        let problem = problems::not_in_module(self.named_kind(module), name, span, &self.pub_names(module));
        self.diags.push(problem);
    }

    /// The names that other modules may use of a module.
    pub(crate) fn pub_names(&self, module: ModuleId) -> Vec<Name> {
        let def = &self.program.modules[module];
        let values = def.values.iter().filter(|(_, v)| match v {
            ValueNs::Fn(id) => self.program.fns[*id].is_pub,
            ValueNs::Const(id) => self.program.consts[*id].is_pub,
        });
        let types = def.types.iter().filter(|(_, t)| self.type_is_pub(**t));
        values.map(|v| *v.0).chain(types.map(|t| *t.0)).collect()
    }

    /// The other modules of the standard library that have a function of that name, if `module` is one.
    pub(crate) fn std_modules_with(&self, module: ModuleId, name: Name) -> Vec<Name> {
        if !self.program.modules[module].is_std {
            return Vec::new();
        }
        let fns = self.program.in_std(name).filter(|(_, value)| matches!(value, ValueNs::Fn(_)));
        let others =
            fns.filter(|&(id, _)| id != module).map(|(id, _)| Name::new(&self.program.modules[id].path));
        others.filter(|path| path.as_str() != "Prelude").collect()
    }

    fn type_is_pub(&self, meaning: TypeNs) -> bool {
        match meaning {
            TypeNs::Type(id) => self.program.types[id].is_pub,
            TypeNs::Alias(id) => self.program.aliases[id].is_pub,
            TypeNs::Trait(id) => self.program.traits[id].is_pub,
        }
    }

    /// Fills the prelude: what std's module `Prelude` defines and imports by name, each type of std that is called like its
    /// module, and the constructors of Option, Result and Ordering.
    pub(crate) fn build_prelude(&mut self) {
        let mut prelude = Prelude::default();
        for &module in self.std_modules.values() {
            let def = &self.program.modules[module];
            let own = Name::new(&def.path);
            if let Some(&ty) = def.types.get(&own).filter(|t| self.type_is_pub(**t)) {
                prelude.types.insert(own, ty);
            }
        }
        for item in [LangItem::Option, LangItem::Result, LangItem::Ordering] {
            let Some(&id) = self.program.lang.types.get(&item) else { continue };
            self.add_prelude_type(&mut prelude, self.program.types[id].name, TypeNs::Type(id));
        }
        if let Some(&module) = self.std_modules.get("Prelude") {
            let def = &self.program.modules[module];
            for (&name, &ty) in def.types.iter().filter(|(_, t)| self.type_is_pub(**t)) {
                self.add_prelude_type(&mut prelude, name, ty);
            }
            prelude.values.extend(def.values.iter().filter(|(_, v)| match v {
                ValueNs::Fn(id) => self.program.fns[*id].is_pub,
                ValueNs::Const(id) => self.program.consts[*id].is_pub,
            }));
            for (&name, &(ty, _)) in &self.scopes[module].types {
                self.add_prelude_type(&mut prelude, name, ty);
            }
            prelude.values.extend(self.scopes[module].values.iter().map(|(n, v)| (*n, v.0)));
        }
        // Tables have no order of their own.
        prelude.ctors.values_mut().for_each(|candidates| candidates.sort());
        self.prelude = prelude;
    }

    fn add_prelude_type(&self, prelude: &mut Prelude, name: Name, ty: TypeNs) {
        prelude.types.insert(name, ty);
        let TypeNs::Type(id) = ty else { return };
        let def = &self.program.types[id];
        if matches!(def.kind, TypeDefKind::Sum(_)) {
            for (i, variant) in def.variants().iter().enumerate() {
                let ctor = CtorId { ty: id, variant: i as u32 };
                let ctors = prelude.ctors.entry(variant.name).or_default();
                if !ctors.contains(&ctor) {
                    ctors.push(ctor);
                }
            }
        }
    }

    fn report_import_cycles(&mut self, edges: &Edges) {
        let mut done = FxHashSet::default();
        let mut reported = FxHashSet::default();
        let starts: Vec<ModuleId> = self.program.modules.iter().map(|m| m.0).collect();
        for start in starts {
            let mut stack = vec![(start, 0usize)];
            while let Some((module, next)) = stack.pop() {
                let Some(&(target, span)) = edges.get(&module).and_then(|e| e.get(next)) else {
                    done.insert(module);
                    continue;
                };
                stack.push((module, next + 1));
                if let Some(at) = stack.iter().position(|s| s.0 == target) {
                    let cycle: Vec<ModuleId> = stack[at..].iter().map(|s| s.0).collect();
                    if !cycle.iter().any(|m| reported.contains(m)) {
                        let names =
                            cycle.iter().chain([&target]).map(|&m| self.module_path(m)).collect::<Vec<_>>();
                        let problem = problems::import_cycle(&names, span);
                        self.diags.push(problem);
                        reported.extend(cycle);
                    }
                } else if !done.contains(&target) {
                    stack.push((target, 0));
                }
            }
        }
    }
}
