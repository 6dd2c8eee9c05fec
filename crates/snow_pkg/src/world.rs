//! What do folders and repositories offer to the solver?
//!
//! Invariant: a package of git is read from the commit that the lock file names, if it names one, and its content is
//! what the lock file says.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use semver::Version;

use crate::content;
use crate::error::{PkgError, Place};
use crate::lock::{LOCK, Lock};
use crate::manifest::{Dependency, MANIFEST, Manifest, Pin, SourceSpec, is_local};
use crate::paths::shown_path;
use crate::solve::{Key, Need, Needs, Offers, Source};
use crate::store::Store;

/// One version of a package as it was read.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) manifest: Manifest,
    pub(crate) dir: PathBuf,
    /// For packages of git: the commit and what names the content.
    pub(crate) state: Option<(String, String)>,
}

/// Where a package's files are.
struct Files {
    dir: PathBuf,
    state: Option<(String, String)>,
}

/// All that is known of folders and repositories.
pub(crate) struct World<'a> {
    /// The project's folder, for messages.
    pub(crate) shown_root: &'a Path,
    /// The same in full.
    pub(crate) root: PathBuf,
    pub(crate) compiler: Version,
    pub(crate) store: Store,
    pub(crate) lock: Lock,
    read: RefCell<BTreeMap<(Key, Version), Rc<Loaded>>>,
    /// Who asked first, for messages.
    places: RefCell<BTreeMap<Key, Place>>,
}

impl<'a> World<'a> {
    pub(crate) fn new(
        shown_root: &'a Path,
        compiler: Version,
        store: Store,
        lock: Lock,
    ) -> Result<Self, PkgError> {
        let root = fs::canonicalize(shown_root).map_err(|e| PkgError::io("read", shown_root, &e))?;
        let (read, places) = Default::default();
        Ok(World { shown_root, root, compiler, store, lock, read, places })
    }

    /// A folder seen from the project's, as the user would write it.
    pub(crate) fn shown_dir(&self, dir: &Path) -> PathBuf {
        let common = self.root.components().zip(dir.components()).take_while(|(a, b)| a == b).count();
        if common <= 1 {
            return dir.to_owned();
        }
        let up = self.root.components().skip(common).map(|_| Component::ParentDir);
        up.chain(dir.components().skip(common)).collect()
    }

    /// A file of a folder as messages name it.
    fn shown_file(&self, dir: &Path, file: &str) -> String {
        shown_path(self.shown_root, &self.shown_dir(dir).join(file)).display().to_string()
    }

    /// Reads the manifest in a folder.
    pub(crate) fn manifest_in(&self, dir: &Path) -> Result<Manifest, PkgError> {
        read_manifest(dir, &self.shown_file(dir, MANIFEST))
    }

    /// A version that was read before.
    pub(crate) fn loaded(&self, key: &Key, version: &Version) -> Option<Rc<Loaded>> {
        self.read.borrow().get(&(key.clone(), version.clone())).cloned()
    }

    fn at_first_asker(&self, key: &Key, error: PkgError) -> PkgError {
        match self.places.borrow().get(key) {
            Some(place) if error.place().is_none() => error.at(place.clone()),
            _ => error,
        }
    }

    /// Brings the files of a package.
    fn fetch(&self, key: &Key, version: Option<&Version>) -> Result<Files, PkgError> {
        let (url, pin) = match &key.source {
            Source::Path { dir, .. } => return Ok(Files { dir: dir.clone(), state: None }),
            Source::Git { url, pin } => (url, pin),
        };
        let locked = self.lock.find(&key.name, url, pin).filter(|l| version.is_none_or(|v| *v == l.version));
        let commit = match locked {
            Some(locked) => locked.commit.clone(),
            None => self.store.commit(url, pin, version)?,
        };
        let mut dir = self.store.files(&key.name, url, &commit)?;
        let mut hash = content::hash(&dir)?;
        if let Some(locked) = locked.filter(|l| l.hash != hash) {
            dir = self.store.files_anew(&key.name, url, &commit)?;
            hash = content::hash(&dir)?;
            if locked.hash != hash {
                return Err(other_content(&key.name, &locked.version, (&locked.hash, &hash)));
            }
        }
        Ok(Files { dir, state: Some((commit, hash)) })
    }

    /// Reads a package's manifest. A tag counts for what it says, whatever version the manifest under it names.
    fn load(&self, key: &Key, version: Option<&Version>, files: Files) -> Result<Rc<Loaded>, PkgError> {
        let manifest = match &key.source {
            Source::Path { dir, .. } => self.manifest_in(dir)?,
            Source::Git { .. } => read_manifest(&files.dir, &format!("{MANIFEST} of {}", key.name))?,
        };
        if manifest.name != key.name {
            return Err(other_name(&key.name, &manifest.name));
        }
        let version = version.unwrap_or(&manifest.version).clone();
        let loaded = Rc::new(Loaded { manifest, dir: files.dir, state: files.state });
        self.read.borrow_mut().insert((key.clone(), version), loaded.clone());
        Ok(loaded)
    }

    /// The only version of a folder, or of a state of a repository.
    fn only_version(&self, key: &Key) -> Result<Version, PkgError> {
        let loaded = self.load(key, None, self.fetch(key, None)?)?;
        Ok(loaded.manifest.version.clone())
    }

    /// A version that was offered; the inner error makes the solver look at others.
    fn offered(&self, key: &Key, version: &Version) -> Result<Result<Rc<Loaded>, String>, PkgError> {
        if let Some(known) = self.loaded(key, version) {
            return Ok(Ok(known));
        }
        let has_others = matches!(&key.source, Source::Git { pin: Pin::Versions, .. });
        let loaded = self.load(key, Some(version), self.fetch(key, Some(version))?);
        match loaded {
            Err(e) if has_others => Ok(Err(e.message().to_owned())),
            Err(e) => Err(e),
            Ok(loaded) => Ok(Ok(loaded)),
        }
    }

    /// What a manifest asks for, with sources that can be compared.
    pub(crate) fn needs_of(
        &self,
        asking: &Key,
        dir: &Path,
        manifest: &Manifest,
    ) -> Result<Vec<Need>, PkgError> {
        manifest.dependencies.iter().map(|dependency| self.need(asking, dir, dependency)).collect()
    }

    fn need(&self, asking: &Key, dir: &Path, dependency: &Dependency) -> Result<Need, PkgError> {
        let place = dependency.place.clone();
        let source = match &dependency.source {
            SourceSpec::Git { url, pin } => {
                self.git_source(asking, url, pin).map_err(|e| e.at(place.clone()))?
            }
            SourceSpec::Path(path) => self.path_source(asking, dir, dependency, path)?,
        };
        let key = Key { name: dependency.name.clone(), source };
        self.places.borrow_mut().entry(key.clone()).or_insert_with(|| place.clone());
        Ok(Need { key, requirement: dependency.version.clone(), place })
    }

    fn git_source(&self, asking: &Key, url: &str, pin: &Pin) -> Result<Source, PkgError> {
        let remote = match &asking.source {
            Source::Git { url: own, .. } => !is_local(own),
            Source::Path { fence, .. } => fence.is_some(),
        };
        if remote && is_local(url) {
            return Err(PkgError::new(
                "E0818",
                format!("the package `{}` looks out of its folder", asking.name),
            )
            .note(format!("it asks for a repository of this machine: {url}"))
            .help("use another version of it, or tell its authors"));
        }
        Ok(Source::Git { url: self.store.normal(url), pin: pin.clone() })
    }

    fn path_source(
        &self,
        asking: &Key,
        dir: &Path,
        dependency: &Dependency,
        path: &str,
    ) -> Result<Source, PkgError> {
        let (name, place) = (&dependency.name, &dependency.place);
        let fence = match &asking.source {
            Source::Git { .. } => Some(fs::canonicalize(dir).map_err(|e| PkgError::io("read", dir, &e))?),
            Source::Path { fence, .. } => fence.clone(),
        };
        let goes_up =
            |path: &Path| path.components().any(|c| !matches!(c, Component::Normal(_) | Component::CurDir));
        if fence.is_some() && goes_up(Path::new(path)) {
            return Err(leaves(&asking.name, path).at(place.clone()));
        }
        let found = fs::canonicalize(dir.join(path)).ok().filter(|found| found.is_dir());
        let found = found.ok_or_else(|| {
            PkgError::new("E0809", format!("there is no folder `{path}` for the package `{name}`"))
                .at(place.clone())
                .note("the path is seen from the folder of the snow.toml that names it")
                .help("correct the path")
        })?;
        if fence.as_ref().is_some_and(|fence| !found.starts_with(fence)) {
            return Err(leaves(&asking.name, path).at(place.clone()));
        }
        if !found.join(MANIFEST).is_file() {
            return Err(PkgError::new(
                "E0809",
                format!("the folder `{path}` is not a package: it has no {MANIFEST}"),
            )
            .at(place.clone())
            .help(format!(
                "create `{path}/{MANIFEST}` with\n[package]\nname = \"{name}\"\nversion = \"0.1.0\""
            )));
        }
        Ok(Source::Path { dir: found, fence })
    }

    /// Why this compiler can't compile the package, if it can't.
    pub(crate) fn too_old(&self, manifest: &Manifest) -> Option<String> {
        let (needed, _) = manifest.snow.as_ref()?;
        (*needed > self.compiler)
            .then(|| format!("it needs Snow {needed} or newer, this is {}", self.compiler))
    }
}

impl Offers for World<'_> {
    fn kept(&self, key: &Key) -> Option<Version> {
        let Source::Git { url, pin } = &key.source else { return None };
        self.lock.find(&key.name, url, pin).map(|locked| locked.version.clone())
    }

    fn versions(&self, key: &Key) -> Result<Vec<Version>, PkgError> {
        let versions = match &key.source {
            Source::Git { url, pin: Pin::Versions } => self
                .store
                .versions(url)
                .and_then(|v| if v.is_empty() { Err(no_versions(key, url)) } else { Ok(v) }),
            _ => self.only_version(key).map(|version| vec![version]),
        };
        versions.map_err(|e| self.at_first_asker(key, e))
    }

    fn needs(&self, key: &Key, version: &Version) -> Result<Needs, PkgError> {
        let loaded = match self.offered(key, version).map_err(|e| self.at_first_asker(key, e))? {
            Ok(loaded) => loaded,
            Err(reason) => return Ok(Err(reason)),
        };
        if let Some(reason) = self.too_old(&loaded.manifest) {
            return Ok(Err(reason));
        }
        Ok(Ok(self.needs_of(key, &loaded.dir, &loaded.manifest)?.into()))
    }
}

fn read_manifest(dir: &Path, shown: &str) -> Result<Manifest, PkgError> {
    let path = dir.join(MANIFEST);
    let bytes = fs::read(&path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => PkgError::new("E0807", format!("there is no {shown}")),
        _ => PkgError::io("read", &path, &e),
    })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| PkgError::new("E0801", format!("{shown} is not valid UTF-8")))?;
    Manifest::parse(&text, shown)
}

fn no_versions(key: &Key, url: &str) -> PkgError {
    PkgError::new("E0810", format!("{url} offers no version of `{}`", key.name))
        .note("a repository's versions are its tags `v1.2.3`; this one has no such tag")
        .help("name a state of it: add `branch = \"main\"`, `tag = \"…\"` or `rev = \"…\"`")
}

fn other_name(asked: &str, found: &str) -> PkgError {
    PkgError::new("E0809", format!("the package asked for as `{asked}` is called `{found}`"))
        .help(format!("write `{found} = …` in [dependencies], or correct its source"))
}

fn other_content(name: &str, version: &Version, (locked, found): (&str, &str)) -> PkgError {
    PkgError::new("E0817", format!("the content of `{name}` {version} is not the one that {LOCK} names"))
        .note(format!("{LOCK} says {locked}\nit is      {found}"))
        .help(format!(
            "bring {LOCK} back from your version control; \
             if you trust the content as it is now, `snow deps --update` takes it"
        ))
}

fn leaves(package: &str, path: &str) -> PkgError {
    PkgError::new("E0818", format!("the package `{package}` looks out of its folder"))
        .note(format!("it comes from git and asks for the folder `{path}`"))
        .help("a fetched package may only read its own files; use another version of it, or tell its authors")
}
