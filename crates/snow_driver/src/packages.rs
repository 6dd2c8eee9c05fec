//! The files of a project's packages, and who may use whom.
//!
//! Invariant: no two modules have one name outside their packages.

use std::path::Path;
use std::sync::Arc;

use snow_hir::{FileInPackage, PackageScope};
use snow_pkg::{Context, LockUse, Origin, Package, Resolved, pascal, shown_path};

use crate::cache;
use crate::load::{InputFile, LoadError, read_file};

/// How packages are chosen and fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Packages {
    /// Take the newest versions, whatever `snow.lock` says.
    pub update: bool,
    /// `snow.lock` must fit as it is.
    pub locked: bool,
    /// Ask no server.
    pub offline: bool,
}

/// Finds the packages of the project in `root`.
///
/// # Errors
/// What is wrong with the manifests, the lock file, or the packages; its text is for the user.
pub fn resolve(root: &Path, how: Packages) -> Result<Resolved, LoadError> {
    let cache = cache::dir()
        .map_err(|e| LoadError::new("E0820", format!("cannot create a folder for packages: {e}")))?
        .join("packages");
    let lock = match how {
        Packages { update: true, .. } => LockUse::Update,
        Packages { locked: true, .. } => LockUse::Locked,
        _ => LockUse::Keep,
    };
    let cx = Context { cache: &cache, compiler: env!("CARGO_PKG_VERSION"), lock, offline: how.offline };
    Ok(snow_pkg::resolve(root, &cx)?)
}

/// Adds the files of the packages to `own`, the project's.
pub(crate) fn add_packages(
    root: &Path,
    mut own: Vec<InputFile>,
    how: Packages,
) -> Result<Vec<InputFile>, LoadError> {
    let resolved = resolve(root, how)?;
    let scopes: Vec<Arc<PackageScope>> = scopes(&resolved);
    for file in &mut own {
        check_clash(file, &resolved.packages)?;
        let package = scopes.first().cloned();
        file.package = package.map(|package| FileInPackage { package, module: file.module.clone() });
    }
    for (package, scope) in resolved.packages.iter().zip(&scopes).skip(1) {
        let files = snow_pkg::package_files(&package.name, &package.dir);
        for source in files? {
            let relative = source.path.strip_prefix(&package.dir).unwrap_or(&source.path);
            let place = FileInPackage { package: scope.clone(), module: source.module };
            let file = read_file(&source.path, source.outside, false)?;
            own.push(InputFile { shown: shown(root, package, relative), package: Some(place), ..file });
        }
    }
    Ok(own)
}

fn scopes(resolved: &Resolved) -> Vec<Arc<PackageScope>> {
    let name = |index: &usize| resolved.packages.get(*index).map(|p| p.name.clone());
    let scope = |(index, package): (usize, &Package)| {
        let own = if index == 0 { String::new() } else { package.name.clone() };
        Arc::new(PackageScope { name: own, uses: package.uses.iter().filter_map(name).collect() })
    };
    resolved.packages.iter().enumerate().map(scope).collect()
}

/// A file of a folder by its path, one from git by the package's version and the path in it.
fn shown(root: &Path, package: &Package, relative: &Path) -> String {
    let path = match &package.origin {
        Origin::Project => shown_path(root, relative),
        Origin::Folder(folder) => shown_path(root, &folder.join(relative)),
        Origin::Git { .. } => Path::new(&format!("{}-{}", package.name, package.version)).join(relative),
    };
    path.display().to_string()
}

fn check_clash(file: &InputFile, packages: &[Package]) -> Result<(), LoadError> {
    let first = file.module.split('.').next().unwrap_or_default();
    let Some(package) = packages.iter().skip(1).find(|p| pascal(&p.name) == first) else { return Ok(()) };
    let message = format!("the module `{}` is called like the package `{}`", file.module, package.name);
    Err(LoadError::new("E0819", message)
        .note(format!("the module is the file `{}`", file.shown))
        .help("rename the file: the modules of a package stand under its name"))
}
