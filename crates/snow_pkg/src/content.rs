//! The files of a package: which there are, what they hash to, and whether all stay in its folder.
//!
//! Symbolic links are never followed into folders: what a link leads to is in the folder anyway, or refused.

use std::fmt::Write as _;
use std::fs;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::PkgError;
use crate::manifest::MANIFEST;
use crate::names::{module_of, outside};

/// A source file of a package and the module that it is for those that use the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageFile {
    /// Where it is.
    pub path: PathBuf,
    /// The module inside the package, `Text`.
    pub module: String,
    /// The module outside it, `Json.Text`.
    pub outside: String,
}

/// One entry of a folder's tree.
struct Entry {
    path: PathBuf,
    relative: PathBuf,
    is_link: bool,
}

/// The source files of a package that others use: all `.snow` files below its folder; hidden folders, `test/`,
/// `target/`, packages of their own and the program `main.snow` apart.
///
/// # Errors
/// A folder can't be read, a link leaves the package, two files are one module.
pub fn package_files(name: &str, dir: &Path) -> Result<Vec<PackageFile>, PkgError> {
    let mut entries = Vec::new();
    walk(dir, Path::new(""), &mut entries, &is_source_folder)?;
    let mut files: Vec<PackageFile> = Vec::new();
    for entry in entries {
        let is_source =
            entry.relative.extension().is_some_and(|e| e == "snow") && !is_hidden(&entry.relative);
        if !is_source || entry.relative == Path::new("main.snow") {
            continue;
        }
        if entry.is_link {
            check_link(name, dir, &entry)?;
        }
        let module = module_of(&entry.relative).ok_or_else(|| {
            PkgError::new("E0820", format!("the name of `{}` is not valid UTF-8", entry.path.display()))
        })?;
        let outside = outside(name, &module);
        if let Some(other) = files.iter().find(|f| f.outside == outside) {
            return Err(two_files(name, &outside, &other.path, &entry.path));
        }
        files.push(PackageFile { path: entry.path, module, outside });
    }
    Ok(files)
}

fn two_files(package: &str, module: &str, first: &Path, second: &Path) -> PkgError {
    PkgError::new("E0819", format!("two files of the package `{package}` are the module `{module}`"))
        .note(format!("`{}` and\n`{}`", first.display(), second.display()))
        .help("rename one of them")
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'))
}

fn is_source_folder(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    !is_hidden(path) && name != "test" && name != "target" && !path.join(MANIFEST).is_file()
}

/// All entries below a folder in the order of their names; folders only where `enter` says so.
fn walk(
    dir: &Path,
    relative: &Path,
    out: &mut Vec<Entry>,
    enter: &dyn Fn(&Path) -> bool,
) -> Result<(), PkgError> {
    let cannot = |e: std::io::Error| PkgError::io("read", dir, &e);
    let mut found = fs::read_dir(dir).map_err(cannot)?.collect::<Result<Vec<_>, _>>().map_err(cannot)?;
    found.sort_by_key(fs::DirEntry::file_name);
    for entry in found {
        let (path, relative) = (entry.path(), relative.join(entry.file_name()));
        let kind = entry.file_type().map_err(|e| PkgError::io("read", &path, &e))?;
        if !kind.is_dir() {
            out.push(Entry { path, relative, is_link: kind.is_symlink() });
        } else if enter(&path) {
            walk(&path, &relative, out, enter)?;
        }
    }
    Ok(())
}

/// Refuses a link that leads out of the package's folder, or nowhere.
fn check_link(package: &str, dir: &Path, entry: &Entry) -> Result<(), PkgError> {
    let home = fs::canonicalize(dir).map_err(|e| PkgError::io("read", dir, &e))?;
    let inside = fs::canonicalize(&entry.path).is_ok_and(|target| target.starts_with(&home));
    if inside { Ok(()) } else { Err(leaves(package, &entry.relative)) }
}

fn leaves(package: &str, path: &Path) -> PkgError {
    PkgError::new("E0818", format!("the package `{package}` looks out of its folder"))
        .note(format!("its file `{}` is a link that leads outside, or nowhere", path.display()))
        .help("a package may only read its own files; use another version of it, or tell its authors")
}

/// Refuses a fetched package with links that leave it, wherever they are.
pub(crate) fn check_links(package: &str, dir: &Path) -> Result<(), PkgError> {
    let mut entries = Vec::new();
    walk(dir, Path::new(""), &mut entries, &|_| true)?;
    entries.iter().filter(|e| e.is_link).try_for_each(|e| check_link(package, dir, e))
}

/// Whether a path of a repository's file is one below the repository's folder.
pub(crate) fn stays_below(path: &str) -> bool {
    let is_name = |part: Component<'_>| matches!(part, Component::Normal(_));
    !path.is_empty() && Path::new(path).components().all(is_name) && !path.contains(['\\', '\0'])
}

/// What names a folder's whole content: paths, files, links. The same on every machine.
pub(crate) fn hash(dir: &Path) -> Result<String, PkgError> {
    let mut entries = Vec::new();
    walk(dir, Path::new(""), &mut entries, &|_| true)?;
    entries.sort_by(|a, b| a.relative.as_os_str().cmp(b.relative.as_os_str()));
    let mut hasher = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    for entry in &entries {
        let cannot = |e: std::io::Error| PkgError::io("read", &entry.path, &e);
        part(entry.relative.as_os_str().as_encoded_bytes());
        if entry.is_link {
            part(b"link");
            part(fs::read_link(&entry.path).map_err(cannot)?.as_os_str().as_encoded_bytes());
        } else {
            part(b"file");
            part(&fs::read(&entry.path).map_err(cannot)?);
        }
    }
    let mut text = "sha256:".to_owned();
    for byte in hasher.finalize() {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// A short name for a text, for folders of the cache.
pub(crate) fn short_name(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(12).fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        dir
    }

    #[test]
    fn files_of_a_package() {
        let dir = folder(&[
            "json.snow",
            "json/text.snow",
            "parser.snow",
            "main.snow",
            "test/a.snow",
            ".git/b.snow",
            "libs/inner/snow.toml",
            "libs/inner/inner.snow",
            "README.md",
        ]);
        let files = package_files("json", dir.path()).unwrap();
        let names: Vec<_> = files.iter().map(|f| (f.module.as_str(), f.outside.as_str())).collect();
        assert_eq!(names, [("Json.Text", "Json.Text"), ("Json", "Json"), ("Parser", "Json.Parser")]);
    }

    #[test]
    fn two_files_for_one_module() {
        let dir = folder(&["text.snow", "json/text.snow"]);
        let error = package_files("json", dir.path()).unwrap_err();
        assert_eq!(error.message(), "two files of the package `json` are the module `Json.Text`");
    }

    #[test]
    fn links_that_leave_are_refused() {
        let outside = folder(&["secret.snow"]);
        let dir = folder(&["a.snow"]);
        symlink("a.snow", dir.path().join("b.snow")).unwrap();
        assert!(check_links("p", dir.path()).is_ok());
        assert_eq!(package_files("p", dir.path()).unwrap().len(), 2);
        symlink(outside.path().join("secret.snow"), dir.path().join("c.snow")).unwrap();
        assert!(check_links("p", dir.path()).is_err());
        assert!(package_files("p", dir.path()).unwrap_err().message().contains("looks out of its folder"));
    }

    #[test]
    fn the_hash_sees_names_and_contents() {
        let dir = folder(&["a", "b/c"]);
        let first = hash(dir.path()).unwrap();
        assert_eq!(first, hash(folder(&["b/c", "a"]).path()).unwrap());
        fs::write(dir.path().join("a"), "other").unwrap();
        assert_ne!(first, hash(dir.path()).unwrap());
    }

    #[test]
    fn paths_below() {
        assert!(stays_below("a/b.snow"));
        for path in ["", "/a", "../a", "a/../../b", "./a"] {
            assert!(!stays_below(path), "{path}");
        }
    }
}
