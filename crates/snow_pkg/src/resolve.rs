//! From a project's folder to the folders of all packages that it needs.
//!
//! Invariant: each name stands for one package, packages don't need each other in a circle, and `snow.lock` says what
//! was chosen.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use semver::Version;

use crate::error::PkgError;
use crate::lock::{LOCK, Lock, Locked};
use crate::manifest::{MANIFEST, Pin};
use crate::solve::{Key, Need, Solution, Source, solve};
use crate::store::Store;
use crate::world::World;

/// What solving needs to know beside the project.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The user's folder for fetched packages.
    pub cache: &'a Path,
    /// The version of the compiler.
    pub compiler: &'a str,
    /// What to do with `snow.lock`.
    pub lock: LockUse,
    /// Whether no server may be asked: what was fetched before must do.
    pub offline: bool,
}

/// What to do with `snow.lock`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockUse {
    /// Take the versions that it names where they fit.
    Keep,
    /// Take the newest versions.
    Update,
    /// Take what it names; if that doesn't do, that is an error.
    Locked,
}

/// A project with all that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The project itself, then its packages by name.
    pub packages: Vec<Package>,
    /// What is different from the `snow.lock` that was there, one line a package.
    pub changes: Vec<String>,
}

/// A package of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// Its files.
    pub dir: PathBuf,
    /// Where it comes from.
    pub origin: Origin,
    /// The packages that it names in its manifest, as indices into [`Resolved::packages`]: only their modules it sees.
    pub uses: Vec<usize>,
}

/// Where a package comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is the project.
    Project,
    /// A folder, seen from the project's.
    Folder(PathBuf),
    /// A git repository.
    Git {
        /// Its address.
        url: String,
        /// What was asked for.
        pin: Pin,
        /// The commit that was chosen.
        commit: String,
    },
}

/// Finds the packages of the project in `root`, which has a `snow.toml`. Fetches what is missing, and writes
/// `snow.lock` if it says something else than before.
///
/// # Errors
/// A manifest or the lock file is wrong, something can't be fetched, no versions fit together, or a package looks out
/// of its folder.
pub fn resolve(root: &Path, cx: &Context<'_>) -> Result<Resolved, PkgError> {
    let compiler = Version::parse(cx.compiler)
        .map_err(|e| PkgError::internal(format!("the compiler's version `{}`: {e}", cx.compiler)))?;
    let old = read_lock(root, cx.lock)?;
    let kept = if cx.lock == LockUse::Update { Lock::default() } else { old.clone() };
    let world = World::new(root, compiler, Store::new(cx.cache, cx.offline), kept)?;
    if !world.root.join(MANIFEST).is_file() {
        return Err(PkgError::new(
            "E0807",
            format!("there is no {MANIFEST} in `{}` or a folder above", root.display()),
        )
        .help("go to a project's folder, or make one: `snow new NAME`"));
    }
    let manifest = world.manifest_in(&world.root)?;
    if let (Some(reason), Some((_, place))) = (world.too_old(&manifest), &manifest.snow) {
        return Err(PkgError::new("E0814", format!("`{}` can't be compiled: {reason}", manifest.name))
            .at(place.clone())
            .help("install a newer Snow"));
    }
    let project = Key { name: manifest.name, source: Source::Path { dir: world.root.clone(), fence: None } };
    let solution = solve(&project, &manifest.version, &world)?;
    check_one_source(&solution)?;
    check_circles(&project, &solution)?;
    let packages = packages(&project, &solution, &world)?;
    let new = lock_of(&solution, &world)?;
    if cx.lock == LockUse::Locked && old != new {
        return Err(PkgError::new("E0816", format!("{LOCK} doesn't fit {MANIFEST}"))
            .note(old.changes(&new).join("\n"))
            .help(format!("leave out `--locked` once, and keep the new {LOCK} in your version control")));
    }
    write_lock(root, &old, &new)?;
    Ok(Resolved { packages, changes: old.changes(&new) })
}

/// The lock file; to solve anew, it need not be readable.
fn read_lock(root: &Path, lock: LockUse) -> Result<Lock, PkgError> {
    let path = root.join(LOCK);
    let read = match fs::read_to_string(&path) {
        Ok(text) => {
            let shown = path.strip_prefix(".").unwrap_or(&path).display().to_string();
            Lock::parse(&text, &shown)
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Lock::default()),
        Err(e) => Err(PkgError::io("read", &path, &e)),
    };
    if lock == LockUse::Update { Ok(read.unwrap_or_default()) } else { read }
}

fn write_lock(root: &Path, old: &Lock, new: &Lock) -> Result<(), PkgError> {
    let path = root.join(LOCK);
    if old == new || (new.packages.is_empty() && !path.exists()) {
        return Ok(());
    }
    let mut file = tempfile::NamedTempFile::new_in(root).map_err(|e| PkgError::io("write", &path, &e))?;
    std::io::Write::write_all(&mut file, new.text().as_bytes())
        .map_err(|e| PkgError::io("write", &path, &e))?;
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    fs::set_permissions(file.path(), readable).map_err(|e| PkgError::io("write", &path, &e))?;
    file.persist(&path).map_err(|e| PkgError::io("write", &path, &e.error))?;
    Ok(())
}

fn needs(solution: &Solution) -> impl Iterator<Item = (&Key, &Need)> {
    solution.iter().flat_map(|(key, (_, needs))| needs.iter().map(move |need| (key, need)))
}

/// A name can't stand for two packages: its modules would be there twice.
fn check_one_source(solution: &Solution) -> Result<(), PkgError> {
    let mut sources: BTreeMap<&str, &Key> = BTreeMap::new();
    for key in solution.keys() {
        let Some(other) = sources.insert(&key.name, key) else { continue };
        let asking: Vec<(&Key, &Need)> =
            needs(solution).filter(|(_, need)| need.key.name == key.name).collect();
        let lines: Vec<String> =
            asking.iter().map(|(from, need)| format!("`{from}` asks for {}", need.key.source)).collect();
        let mut error = PkgError::new("E0812", format!("the package `{}` comes from two places", other.name));
        for (from, need) in asking.iter().rev() {
            error = error.label(need.place.clone(), format!("asked for by `{from}`"));
        }
        return Err(error
            .note(lines.join("\n"))
            .help("a project has one package of each name: name one source"));
    }
    Ok(())
}

/// Packages that need each other are one package.
fn check_circles(project: &Key, solution: &Solution) -> Result<(), PkgError> {
    let mut path: Vec<(&Key, usize)> = vec![(project, 0)];
    let mut done = std::collections::BTreeSet::new();
    while let Some((key, next)) = path.pop() {
        let Some(need) = solution.get(key).and_then(|(_, needs)| needs.get(next)) else {
            done.insert(key);
            continue;
        };
        path.push((key, next + 1));
        if let Some(start) = path.iter().position(|(on_path, _)| **on_path == need.key) {
            let names: Vec<&str> =
                path[start..].iter().map(|(k, _)| k.name.as_str()).chain([need.key.name.as_str()]).collect();
            return Err(PkgError::new(
                "E0813",
                format!("packages need each other in a circle: {}", names.join(" -> ")),
            )
            .at(need.place.clone())
            .help("move what both need into a package of its own"));
        }
        if !done.contains(&need.key) {
            path.push((&need.key, 0));
        }
    }
    Ok(())
}

fn missing(key: &Key) -> PkgError {
    PkgError::internal(format!("the package `{key}` was chosen but not read"))
}

fn packages(project: &Key, solution: &Solution, world: &World<'_>) -> Result<Vec<Package>, PkgError> {
    let others = solution.keys().filter(|key| *key != project);
    let order: Vec<&Key> = [project].into_iter().chain(others).collect();
    let index: BTreeMap<&Key, usize> = order.iter().enumerate().map(|(i, key)| (*key, i)).collect();
    let package = |key: &&Key| {
        let (version, needs) = solution.get(*key).ok_or_else(|| missing(key))?;
        let loaded = world.loaded(key, version).ok_or_else(|| missing(key))?;
        let origin = match (&key.source, &loaded.state) {
            _ if *key == project => Origin::Project,
            (Source::Git { url, pin }, Some((commit, _))) => {
                Origin::Git { url: url.clone(), pin: pin.clone(), commit: commit.clone() }
            }
            _ => Origin::Folder(world.shown_dir(&loaded.dir)),
        };
        let uses = needs.iter().map(|need| index.get(&need.key).copied().ok_or_else(|| missing(&need.key)));
        Ok(Package {
            name: key.name.clone(),
            version: version.clone(),
            dir: if *key == project { world.shown_root.to_owned() } else { loaded.dir.clone() },
            origin,
            uses: uses.collect::<Result<_, PkgError>>()?,
        })
    };
    order.iter().map(package).collect()
}

fn lock_of(solution: &Solution, world: &World<'_>) -> Result<Lock, PkgError> {
    let mut lock = Lock::default();
    for (key, (version, _)) in solution {
        let Source::Git { url, pin } = &key.source else { continue };
        let loaded = world.loaded(key, version).ok_or_else(|| missing(key))?;
        let (commit, hash) = loaded.state.clone().ok_or_else(|| missing(key))?;
        let (name, version) = (key.name.clone(), version.clone());
        lock.packages.push(Locked { name, version, git: url.clone(), pin: pin.clone(), commit, hash });
    }
    lock.packages.sort_by(|a, b| (&a.name, &a.git, &a.pin).cmp(&(&b.name, &b.git, &b.pin)));
    Ok(lock)
}

/// The nearest folder at or above `dir` with a manifest; `dir` itself as it is written.
pub fn project_root(dir: &Path) -> Option<PathBuf> {
    if dir.join(MANIFEST).is_file() {
        return Some(dir.to_owned());
    }
    let absolute = fs::canonicalize(dir).ok()?;
    absolute.ancestors().find(|d| d.join(MANIFEST).is_file()).map(Path::to_path_buf)
}
