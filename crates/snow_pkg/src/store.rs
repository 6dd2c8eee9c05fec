//! The user's copies of git repositories and of the packages in them.
//!
//! In the cache: `git/<url>` is a repository without files, `packages/<url>/<commit>` the files of one commit.
//! Both are made beside their place and moved there when they are whole, so that several `snow` may run at once.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use semver::Version;

use crate::content::{self, stays_below};
use crate::error::PkgError;
use crate::git;
use crate::manifest::Pin;
use crate::version::version_of_tag;

/// Gives out packages from git repositories. Asks each server once at most.
#[derive(Debug)]
pub(crate) struct Store {
    cache: PathBuf,
    /// Addresses as they are written, by their normal form.
    written: RefCell<BTreeMap<String, String>>,
    /// What was fetched by this store.
    fresh: RefCell<BTreeSet<String>>,
    /// Whether servers are left alone.
    offline: bool,
}

/// The form of an address that is equal for equal repositories.
pub(crate) fn normal_url(url: &str) -> String {
    let url = url.trim_end_matches('/');
    url.strip_suffix(".git").unwrap_or(url).to_owned()
}

impl Store {
    pub(crate) fn new(cache: &Path, offline: bool) -> Store {
        Store { cache: cache.to_owned(), written: RefCell::default(), fresh: RefCell::default(), offline }
    }

    /// The normal form of an address, whose written form is used to fetch.
    pub(crate) fn normal(&self, url: &str) -> String {
        let normal = normal_url(url);
        self.written.borrow_mut().entry(normal.clone()).or_insert_with(|| url.to_owned());
        normal
    }

    fn written(&self, url: &str) -> String {
        self.written.borrow().get(url).cloned().unwrap_or_else(|| url.to_owned())
    }

    fn repository(&self, url: &str) -> PathBuf {
        self.cache.join("git").join(content::short_name(url))
    }

    fn failed(&self, url: &str, said: &str) -> PkgError {
        let error = PkgError::new("E0810", format!("can't fetch {}", self.written(url)));
        if said == git::NOT_INSTALLED {
            return error.note(said).help("install git: packages are fetched with it");
        }
        error
            .note(format!("git says: {said}"))
            .help("check the address and that you may read it: `git ls-remote ADDRESS` must work")
    }

    /// The repository, copied if it isn't there yet.
    fn copied(&self, url: &str) -> Result<PathBuf, PkgError> {
        let repository = self.repository(url);
        if repository.is_dir() {
            return Ok(repository);
        }
        if self.offline {
            return Err(PkgError::new("E0810", format!("{} was never fetched", self.written(url)))
                .help("leave out `--offline` once: what is fetched stays in the user's cache"));
        }
        let parent = self.cache.join("git");
        let unfinished = temporary_in(&parent)?;
        let copy = unfinished.path().join("repository");
        git::clone(&self.written(url), &copy).map_err(|said| self.failed(url, &said))?;
        move_to(&copy, &repository)?;
        self.fresh.borrow_mut().insert(url.to_owned());
        Ok(repository)
    }

    /// The repository as it is now on the server.
    fn current(&self, url: &str) -> Result<PathBuf, PkgError> {
        let repository = self.copied(url)?;
        if !self.offline && self.fresh.borrow_mut().insert(url.to_owned()) {
            git::fetch(&repository, &self.written(url)).map_err(|said| self.failed(url, &said))?;
        }
        Ok(repository)
    }

    /// The versions that a repository offers.
    pub(crate) fn versions(&self, url: &str) -> Result<Vec<Version>, PkgError> {
        let repository = self.current(url)?;
        let tags = git::tags(&repository).map_err(|said| self.failed(url, &said))?;
        Ok(tags.iter().filter_map(|tag| version_of_tag(tag)).collect())
    }

    /// The commit of a version, or of the state that `pin` names.
    pub(crate) fn commit(&self, url: &str, pin: &Pin, version: Option<&Version>) -> Result<String, PkgError> {
        let name = match (pin, version) {
            (Pin::Rev(rev), _) => return self.commit_of_rev(url, rev),
            (Pin::Branch(branch), _) => format!("refs/heads/{branch}"),
            (Pin::Tag(tag), _) => format!("refs/tags/{tag}"),
            (Pin::Versions, Some(version)) => format!("refs/tags/v{version}"),
            (Pin::Versions, None) => {
                return Err(PkgError::internal(format!("a commit of {url} without a version")));
            }
        };
        let repository = self.current(url)?;
        git::commit(&repository, &name).ok_or_else(|| self.no_such(url, &name))
    }

    fn no_such(&self, url: &str, name: &str) -> PkgError {
        let name = name.replace("refs/heads/", "branch ").replace("refs/tags/", "tag ");
        PkgError::new("E0810", format!("{} has no {name}", self.written(url)))
            .help("`git ls-remote ADDRESS` lists its branches and tags")
    }

    fn commit_of_rev(&self, url: &str, rev: &str) -> Result<String, PkgError> {
        if let Some(commit) = git::commit(&self.copied(url)?, rev) {
            return Ok(commit);
        }
        let repository = self.current(url)?;
        if let Some(commit) = git::commit(&repository, rev) {
            return Ok(commit);
        }
        // Servers give out commits that nothing leads to by their whole names only, and not all do.
        if !self.offline {
            let _ = git::fetch_commit(&repository, &self.written(url), rev);
        }
        git::commit(&repository, rev).ok_or_else(|| {
            PkgError::new("E0810", format!("{} has no commit {rev}", self.written(url))).help(
                "was the history rewritten? `snow deps --update` looks for the versions that are there now",
            )
        })
    }

    /// The folder with the files of a commit.
    pub(crate) fn files(&self, package: &str, url: &str, commit: &str) -> Result<PathBuf, PkgError> {
        let folder = self.cache.join("packages").join(content::short_name(url));
        let place = folder.join(commit);
        if place.is_dir() {
            return Ok(place);
        }
        self.commit_of_rev(url, commit)?;
        let unfinished = temporary_in(&folder)?;
        let copy = unfinished.path().join("files");
        write_files(package, &self.repository(url), commit, &copy)?;
        content::check_links(package, &copy)?;
        move_to(&copy, &place)?;
        Ok(place)
    }

    /// The same, written anew: what is in the cache was changed by somebody.
    pub(crate) fn files_anew(&self, package: &str, url: &str, commit: &str) -> Result<PathBuf, PkgError> {
        let place = self.cache.join("packages").join(content::short_name(url)).join(commit);
        fs::remove_dir_all(&place).map_err(|e| PkgError::io("remove", &place, &e))?;
        self.files(package, url, commit)
    }
}

fn temporary_in(folder: &Path) -> Result<tempfile::TempDir, PkgError> {
    fs::create_dir_all(folder).map_err(|e| PkgError::io("create", folder, &e))?;
    tempfile::tempdir_in(folder).map_err(|e| PkgError::io("create a folder in", folder, &e))
}

/// Moves a folder to its place; another `snow` may have been faster.
fn move_to(from: &Path, to: &Path) -> Result<(), PkgError> {
    match fs::rename(from, to) {
        Err(e) if !to.is_dir() => Err(PkgError::io("create", to, &e)),
        _ => Ok(()),
    }
}

/// Files first, links last: no file is written through a link.
fn write_files(package: &str, repository: &Path, commit: &str, to: &Path) -> Result<(), PkgError> {
    let unreadable =
        |said: String| PkgError::new("E0810", format!("the files of `{package}` can't be read: {said}"));
    fs::create_dir_all(to).map_err(|e| PkgError::io("create", to, &e))?;
    let mut entries = git::files(repository, commit).map_err(unreadable)?;
    entries.sort_by_key(|entry| entry.is_link);
    let mut objects = git::Objects::open(repository).map_err(unreadable)?;
    for entry in entries {
        if !stays_below(&entry.path) {
            let error = PkgError::new("E0818", format!("the package `{package}` looks out of its folder"));
            return Err(error.note(format!("it has a file that is called `{}`", entry.path.escape_debug())));
        }
        let content = objects.read(&entry.object).map_err(unreadable)?;
        let path = to.join(&entry.path);
        let written = if entry.is_link { write_link(&path, &content) } else { write_file(&path, &content) };
        written.map_err(|e| PkgError::io("write", &path, &e))?;
    }
    Ok(())
}

fn write_file(path: &Path, content: &[u8]) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(content)
}

fn write_link(path: &Path, target: &[u8]) -> std::io::Result<()> {
    let target = std::str::from_utf8(target).map_err(std::io::Error::other)?;
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    std::os::unix::fs::symlink(target, path)
}
