//! Which modules of the program does a module see? Those of its own package, by the names that they have in it, and
//! those of the packages that its own names as dependencies.
//!
//! Invariant: modules are called by their names outside their package everywhere else, and these names are unique.

use std::sync::Arc;

use snow_base::{FileId, FxHashMap, Name};

use crate::items::ModuleId;
use crate::lower::Lowerer;

/// A package and what it may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageScope {
    /// Its name; empty for the project itself.
    pub name: String,
    /// The names of the packages that it may use.
    pub uses: Vec<String>,
}

/// A file as part of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileInPackage {
    /// The package.
    pub package: Arc<PackageScope>,
    /// The module's name inside the package; [`crate::ParsedFile::module_path`] is the one outside.
    pub module: String,
}

/// What is known of packages; empty for a program without any.
#[derive(Debug, Default)]
pub(crate) struct Packages {
    files: FxHashMap<FileId, FileInPackage>,
    /// Modules by package and name inside.
    inside: FxHashMap<(String, String), ModuleId>,
}

impl Packages {
    pub(crate) fn new(files: FxHashMap<FileId, FileInPackage>) -> Packages {
        Packages { files, inside: FxHashMap::default() }
    }

    /// Remembers the module of a file.
    pub(crate) fn add_module(&mut self, file: FileId, module: ModuleId) {
        if let Some(place) = self.files.get(&file) {
            let key = (place.package.name.clone(), place.module.clone());
            self.inside.entry(key).or_insert(module);
        }
    }
}

impl Lowerer<'_> {
    fn package_of(&self, module: ModuleId) -> Option<&FileInPackage> {
        self.packages.files.get(&self.program.modules[module].file)
    }

    fn may_use(&self, from: ModuleId, module: ModuleId) -> bool {
        match (self.package_of(from), self.package_of(module)) {
            (Some(from), Some(used)) => from.package.uses.contains(&used.package.name),
            (from, used) => from.is_none() && used.is_none(),
        }
    }

    /// The module that `from` calls so, if it is one of the project or of a package: not of std.
    pub(crate) fn project_module(&self, from: ModuleId, path: &str) -> Option<ModuleId> {
        if self.program.modules[from].is_std {
            return None;
        }
        let own = self.package_of(from).and_then(|place| {
            self.packages.inside.get(&(place.package.name.clone(), path.to_owned())).copied()
        });
        own.or_else(|| self.project_modules.get(path).copied().filter(|&module| self.may_use(from, module)))
    }

    /// The name by which its own package calls a module.
    pub(crate) fn inside_path(&self, module: ModuleId) -> String {
        let path = &self.program.modules[module].path;
        let Some(place) = self.package_of(module) else { return path.clone() };
        let file_module = self.chain(module).last().map_or(path, |&m| &self.program.modules[m].path);
        format!("{}{}", place.module, path.strip_prefix(file_module.as_str()).unwrap_or_default())
    }

    /// The names of all modules that `from` could import.
    pub(crate) fn importable(&self, from: ModuleId) -> Vec<Name> {
        let own = |module: &ModuleId| match (self.package_of(from), self.package_of(*module)) {
            (Some(from), Some(place)) if from.package.name == place.package.name => {
                Some(place.module.clone())
            }
            _ => self.may_use(from, *module).then(|| self.program.modules[*module].path.clone()),
        };
        let project = self.project_modules.values().filter_map(own);
        project.chain(self.std_modules.keys().cloned()).map(|path| Name::new(&path)).collect()
    }

    /// The package that a module would come from if `from`'s package named it as a dependency.
    pub(crate) fn undeclared_package(&self, from: ModuleId, path: &str) -> Option<&str> {
        let module = *self.project_modules.get(path)?;
        let (from, used) = (self.package_of(from)?, self.package_of(module)?);
        let name = used.package.name.as_str();
        let declared =
            name.is_empty() || name == from.package.name || from.package.uses.contains(&used.package.name);
        (!declared).then_some(name)
    }
}
