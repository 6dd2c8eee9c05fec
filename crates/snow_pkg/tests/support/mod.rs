//! Folders and git repositories for a test, in a temporary folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use snow_pkg::{Context, LockUse, PkgError, Resolved, resolve};

/// A temporary folder with projects, repositories and a cache.
pub(crate) struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Place {
        Place { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Writes a manifest; in its dependencies `@` stands for this place.
    pub(crate) fn package(&self, dir: &str, version: &str, dependencies: &str) {
        let name = dir.rsplit('/').next().unwrap();
        let dependencies = dependencies.replace('@', &self.dir.path().display().to_string());
        self.write(
            &format!("{dir}/snow.toml"),
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"{version}\"\n\n[dependencies]\n{dependencies}\n"
            ),
        );
        self.write(&format!("{dir}/{name}.snow"), &format!("pub fn version() do \"{version}\" end\n"));
    }

    /// Commits a folder as it is, and gives the commit.
    pub(crate) fn commit(&self, dir: &str) -> String {
        let path = self.path(dir);
        if !path.join(".git").exists() {
            git(&path, &["init", "--quiet", "--initial-branch=main"]);
        }
        git(&path, &["add", "--all"]);
        git(&path, &["commit", "--quiet", "--allow-empty", "--message", "x"]);
        git(&path, &["rev-parse", "HEAD"]).trim().to_owned()
    }

    /// Writes, commits and tags a version of a package.
    pub(crate) fn release(&self, dir: &str, version: &str, dependencies: &str) {
        self.package(dir, version, dependencies);
        self.commit(dir);
        self.tag(dir, &format!("v{version}"));
    }

    pub(crate) fn tag(&self, dir: &str, tag: &str) {
        git(&self.path(dir), &["tag", "--force", tag]);
    }

    pub(crate) fn resolve(&self, dir: &str, lock: LockUse) -> Result<Resolved, PkgError> {
        let cache = self.path("cache");
        resolve(&self.path(dir), &Context { cache: &cache, compiler: "0.1.0", lock, offline: false })
    }

    /// The same without asking servers.
    pub(crate) fn resolve_offline(&self, dir: &str) -> Result<Resolved, PkgError> {
        let cache = self.path("cache");
        let cx = Context { cache: &cache, compiler: "0.1.0", lock: LockUse::Keep, offline: true };
        resolve(&self.path(dir), &cx)
    }

    /// `name version` of all packages but the project.
    pub(crate) fn versions(&self, dir: &str, lock: LockUse) -> Vec<String> {
        let resolved = self.resolve(dir, lock).unwrap_or_else(|e| panic!("{e}"));
        resolved.packages[1..].iter().map(|p| format!("{} {}", p.name, p.version)).collect()
    }

    /// The error with this place's path as `@`.
    pub(crate) fn error(&self, dir: &str) -> String {
        let error = self.resolve(dir, LockUse::Keep).expect_err("must be refused");
        let full = fs::canonicalize(self.dir.path()).unwrap();
        let text = error.to_string().replace(&full.display().to_string(), "@");
        text.replace(&self.dir.path().display().to_string(), "@")
    }
}

fn git(dir: &Path, args: &[&str]) -> String {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").current_dir(dir).args(identity).args(args).output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
