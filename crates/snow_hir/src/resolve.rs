//! What does a name mean, seen from a module? Own items, then imports, then the enclosing module's, then the prelude.
//!
//! Local variables and type parameters are not known here. Lookups mark imports as used. Errors about names that can't be
//! found are reported here, each once: callers get `None` and stay silent.

use snow_base::{FxHashMap, FxHashSet, Name, Span};

use crate::items::*;
use crate::lower::Lowerer;
use crate::problems::names::{self as problems, Wanted};
use crate::problems::nearest;
use crate::scope::{DERIVE_TARGET, ItemScope, SelfMeaning};

/// What a module sees beside its own items. Imported things carry the number of their [`ImportUse`].
#[derive(Debug, Default)]
pub(crate) struct ModuleScope {
    /// For a nested module: the place of its name.
    pub(crate) nested_at: Option<Span>,
    /// The module behind a supervisor's name.
    pub(crate) is_supervisor: bool,
    /// Is it that of a service?
    pub(crate) is_service: bool,
    /// A nested module without `pub`.
    pub(crate) is_private: bool,
    /// Names whose definition or import failed; uses of them are not reported again.
    pub(crate) broken: FxHashSet<Name>,
    /// Numbers of parameters of the functions defined here.
    pub(crate) arities: FxHashMap<Name, usize>,
    pub(crate) modules: FxHashMap<Name, (ModuleId, usize)>,
    pub(crate) paths: FxHashMap<String, (ModuleId, usize)>,
    pub(crate) types: FxHashMap<Name, (TypeNs, usize)>,
    pub(crate) values: FxHashMap<Name, (ValueNs, usize)>,
    pub(crate) ctors: FxHashMap<Name, Vec<(CtorId, usize)>>,
}

/// One imported name.
#[derive(Debug)]
pub(crate) struct ImportUse {
    pub(crate) name: Name,
    pub(crate) span: Span,
    pub(crate) used: bool,
    /// The whole import, to be cut out.
    pub(crate) item: Span,
    /// Its own part of an import of several names.
    pub(crate) cut: Option<Span>,
    /// Whether an unused one is worth a warning: not in std.
    pub(crate) warn: bool,
}

/// What every module sees.
#[derive(Debug, Default)]
pub(crate) struct Prelude {
    pub(crate) types: FxHashMap<Name, TypeNs>,
    pub(crate) values: FxHashMap<Name, ValueNs>,
    pub(crate) ctors: FxHashMap<Name, Vec<CtorId>>,
}

/// What stands before a `.`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// A type parameter.
    Param(u32),
    /// `Self` in an impl.
    SelfTy,
    /// A module, a type, or both under one name.
    Place { module: Option<ModuleId>, ty: Option<TypeNs> },
    /// An error was reported.
    Broken,
}

/// The dotted spelling of a path.
pub(crate) fn dotted(path: &[Name]) -> String {
    path.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(".")
}

impl Lowerer<'_> {
    /// The module and those around it, innermost first.
    pub(crate) fn chain(&self, module: ModuleId) -> Vec<ModuleId> {
        let mut chain = vec![module];
        while let Some(parent) = self.program.modules[chain[chain.len() - 1]].parent {
            chain.push(parent);
        }
        chain
    }

    /// May `from` use an item of `module`?
    pub(crate) fn visible(&self, from: ModuleId, module: ModuleId, is_pub: bool) -> bool {
        is_pub || self.chain(from).contains(&module)
    }

    /// Was a failure of this name reported already?
    pub(crate) fn is_broken(&self, from: ModuleId, name: Name) -> bool {
        self.chain(from).iter().any(|&m| self.scopes[m].broken.contains(&name))
    }

    fn mark<T>(&mut self, (meaning, import): (T, usize)) -> T {
        self.import_uses[import].used = true;
        meaning
    }

    fn local_type(&mut self, module: ModuleId, name: Name) -> Option<TypeNs> {
        if let Some(&meaning) = self.program.modules[module].types.get(&name) {
            return Some(meaning);
        }
        let imported = self.scopes[module].types.get(&name).copied()?;
        Some(self.mark(imported))
    }

    /// The type or interface of that simple name.
    pub(crate) fn find_type(&mut self, from: ModuleId, name: Name) -> Option<TypeNs> {
        let chain = self.chain(from);
        chain
            .into_iter()
            .find_map(|m| self.local_type(m, name))
            .or_else(|| self.prelude.types.get(&name).copied())
    }

    /// The function or constant of that simple name.
    pub(crate) fn find_value(&mut self, from: ModuleId, name: Name) -> Option<ValueNs> {
        for module in self.chain(from) {
            if let Some(&meaning) = self.program.modules[module].values.get(&name) {
                return Some(meaning);
            }
            if let Some(imported) = self.scopes[module].values.get(&name).copied() {
                return Some(self.mark(imported));
            }
        }
        self.prelude.values.get(&name).copied()
    }

    /// The constructors of that simple name.
    pub(crate) fn find_ctors(&mut self, from: ModuleId, name: Name) -> Vec<CtorId> {
        for module in self.chain(from) {
            let mut found = self.program.modules[module].ctors.get(&name).cloned().unwrap_or_default();
            for imported in self.scopes[module].ctors.get(&name).cloned().unwrap_or_default() {
                found.push(self.mark(imported));
            }
            if !found.is_empty() {
                return found;
            }
        }
        self.prelude.ctors.get(&name).cloned().unwrap_or_default()
    }

    /// The nested or imported module that `module` itself calls `name`.
    fn local_module(&mut self, module: ModuleId, name: Name) -> Option<ModuleId> {
        if let Some(&nested) = self.program.modules[module].modules.get(&name) {
            return Some(nested);
        }
        let imported = self.scopes[module].modules.get(&name).copied()?;
        Some(self.mark(imported))
    }

    /// The module of that path, and how it was found doesn't matter.
    pub(crate) fn find_module(&mut self, from: ModuleId, path: &[Name], span: Span) -> Option<ModuleId> {
        let chain = self.chain(from);
        let local = chain.iter().find_map(|&m| self.local_module(m, path[0]));
        if let Some(found) = local.and_then(|base| self.nested(from, base, &path[1..], span)) {
            return Some(found);
        }
        for taken in (1..=path.len()).rev() {
            let full = dotted(&path[..taken]);
            let imported = chain.iter().find_map(|&m| self.scopes[m].paths.get(&full).copied());
            let base = match imported {
                Some(imported) => Some(self.mark(imported)),
                None => chain.iter().copied().find(|&m| self.calls_itself(m, &full)),
            };
            let base = base.or_else(|| self.std_module(from, &full));
            if let Some(found) = base.and_then(|base| self.nested(from, base, &path[taken..], span)) {
                return Some(found);
            }
        }
        None
    }

    /// Whether a module can name itself so; the root can't where std has that name.
    fn calls_itself(&self, module: ModuleId, path: &str) -> bool {
        let hidden = self.program.root == Some(module) && self.std_modules.contains_key(path);
        !hidden && self.inside_path(module) == path
    }

    /// The module of std of that path, where no module of the project hides it.
    fn std_module(&self, from: ModuleId, path: &str) -> Option<ModuleId> {
        if self.project_module(from, path).is_some() { None } else { self.std_modules.get(path).copied() }
    }

    /// Follows names of nested modules; a private one is reported and then used.
    pub(crate) fn nested(
        &mut self,
        from: ModuleId,
        base: ModuleId,
        rest: &[Name],
        span: Span,
    ) -> Option<ModuleId> {
        let mut module = base;
        for name in rest {
            let inner = *self.program.modules[module].modules.get(name)?;
            if self.scopes[inner].is_private && !self.visible(from, module, false) {
                let defined = self.scopes[inner].nested_at.unwrap_or(span);
                let problem = self.private(*name, module, span, defined);
                self.diags.push(problem);
            }
            module = inner;
        }
        Some(module)
    }

    /// Reports a path before a `.` that is neither module nor type.
    pub(crate) fn report_unknown_module(&mut self, from: ModuleId, path: &[Name], span: Span) {
        if self.is_broken(from, path[0]) {
            return;
        }
        let full = dotted(path);
        if self.project_module(from, &full).is_some() {
            self.diags.push(problems::not_imported(&full, span, self.head_of(span.file)));
            return;
        }
        if self.names_ctor(from, path, span) {
            self.diags.push(problems::ctor_as_module(&full, span));
            return;
        }
        let mut candidates = self.importable(from);
        for module in self.chain(from) {
            candidates.extend(self.program.modules[module].modules.keys());
            candidates.extend(self.program.modules[module].types.keys());
            candidates.extend(self.scopes[module].modules.keys());
        }
        self.diags.push(problems::unknown_module(&full, span, nearest(Name::new(&full), candidates)));
    }

    /// Is it a constructor: `Red`, `Color.Red`, `Paint.Red`?
    fn names_ctor(&mut self, from: ModuleId, path: &[Name], span: Span) -> bool {
        match *path {
            [name] => self.ctor_names(from).contains(&name),
            [ty, name] if let Some(TypeNs::Type(id)) = self.find_type(from, ty) => {
                self.program.types[id].variants().iter().any(|variant| variant.name == name)
            }
            [ref prefix @ .., name] => self
                .find_module(from, prefix, span)
                .is_some_and(|module| self.program.modules[module].ctors.contains_key(&name)),
            [] => false,
        }
    }

    /// What stands before a `.`: type parameters, modules and types, never constructors.
    pub(crate) fn resolve_head(&mut self, scope: &ItemScope, path: &[Name], span: Span) -> Head {
        let from = scope.module;
        if let [name] = *path {
            if let Some(head) = self.item_head(scope, name) {
                return head;
            }
            for module in self.chain(from) {
                let (inner, ty) = (self.local_module(module, name), self.local_type(module, name));
                if inner.is_some() || ty.is_some() {
                    return Head::Place { module: inner, ty };
                }
                if self.scopes[module].broken.contains(&name) {
                    return Head::Broken;
                }
            }
        }
        let module = self.find_module(from, path, span);
        let ty = match path {
            [name] => self.prelude.types.get(name).copied(),
            [prefix @ .., name] => match self.find_module(from, prefix, span) {
                Some(prefix) => self.type_in(from, prefix, *name, span),
                None => None,
            },
            [] => None,
        };
        if module.is_none() && ty.is_none() {
            self.report_unknown_module(from, path, span);
            return Head::Broken;
        }
        Head::Place { module, ty }
    }

    /// Type parameters, `Self`, and the type that code is derived for.
    fn item_head(&mut self, scope: &ItemScope, name: Name) -> Option<Head> {
        if let Some(number) = scope.param(name) {
            return Some(Head::Param(number));
        }
        if name == DERIVE_TARGET && scope.target.is_some() {
            return Some(Head::Place { module: None, ty: scope.target.map(TypeNs::Type) });
        }
        match scope.self_meaning {
            SelfMeaning::Interface if name == "Self" => Some(Head::Param(0)),
            SelfMeaning::Impl if name == "Self" => Some(Head::SelfTy),
            _ => None,
        }
    }

    /// A type of a module; a private one is reported and then used.
    pub(crate) fn type_in(
        &mut self,
        from: ModuleId,
        module: ModuleId,
        name: Name,
        span: Span,
    ) -> Option<TypeNs> {
        let meaning = *self.program.modules[module].types.get(&name)?;
        let is_pub = match meaning {
            TypeNs::Type(id) => self.program.types[id].is_pub,
            TypeNs::Alias(id) => self.program.aliases[id].is_pub,
            TypeNs::Trait(id) => self.program.traits[id].is_pub,
        };
        if !self.visible(from, module, is_pub) {
            let problem = self.private(name, module, span, self.type_span(meaning));
            self.diags.push(problem);
        }
        Some(meaning)
    }

    /// A value of a module; a private one is reported and then used.
    pub(crate) fn value_in(
        &mut self,
        from: ModuleId,
        module: ModuleId,
        name: Name,
        span: Span,
    ) -> Option<ValueNs> {
        let meaning = *self.program.modules[module].values.get(&name)?;
        let is_pub = match meaning {
            ValueNs::Fn(id) => self.program.fns[id].is_pub,
            ValueNs::Const(id) => self.program.consts[id].is_pub,
        };
        if !self.visible(from, module, is_pub) {
            let problem = self.private(name, module, span, self.value_span(meaning));
            self.diags.push(problem);
        }
        Some(meaning)
    }

    /// Reports a type or interface that can't be found, unless its failure was reported already.
    pub(crate) fn report_unknown_type(&mut self, scope: &ItemScope, wanted: Wanted, name: Name, span: Span) {
        if self.is_broken(scope.module, name) {
            return;
        }
        let mut candidates: Vec<Name> = scope.params.iter().map(|p| p.0).collect();
        for module in self.chain(scope.module) {
            candidates.extend(self.program.modules[module].types.keys());
            candidates.extend(self.scopes[module].types.keys());
        }
        candidates.extend(self.prelude.types.keys());
        self.diags.push(problems::unknown(wanted, name, span, nearest(name, candidates)));
    }

    /// The names of constructors that can be seen.
    pub(crate) fn ctor_names(&self, from: ModuleId) -> Vec<Name> {
        let mut names = Vec::new();
        for module in self.chain(from) {
            names.extend(self.program.modules[module].ctors.keys().copied());
            names.extend(self.scopes[module].ctors.keys().copied());
        }
        names.extend(self.prelude.ctors.keys().copied());
        names
    }

    /// The names of values that can be seen.
    pub(crate) fn value_names(&self, from: ModuleId) -> Vec<Name> {
        let mut names = Vec::new();
        for module in self.chain(from) {
            names.extend(self.program.modules[module].values.keys().copied());
            names.extend(self.scopes[module].values.keys().copied());
        }
        names.extend(self.prelude.values.keys().copied());
        names
    }

    /// The struct, sum type or builtin type behind a type's name, through aliases.
    pub(crate) fn type_behind(&self, meaning: TypeNs) -> Option<TypeId> {
        let mut meaning = meaning;
        // An alias of an alias …: cycles were cut when they were reported.
        for _ in 0..self.program.aliases.len() + 1 {
            match meaning {
                TypeNs::Type(id) => return Some(id),
                TypeNs::Trait(_) => return None,
                TypeNs::Alias(id) => match self.program.aliases[id].ty.kind {
                    TypeRefKind::Type(id, _) => return Some(id),
                    TypeRefKind::Alias(id, _) => meaning = TypeNs::Alias(id),
                    _ => return None,
                },
            }
        }
        None
    }
}
