//! From a path on the command line to the source files of a program.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use snow_base::SourceMap;
use snow_diagnostics::{Diagnostic, render_text};
use snow_hir::FileInPackage;
use snow_pkg::{MANIFEST, PkgError};

use crate::packages::{Packages, add_packages};
use crate::phase::{Phase, enter};

/// A source file as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// How messages name it.
    pub shown: String,
    /// The module that it is, `Math.Vector`.
    pub module: String,
    /// Its text.
    pub text: String,
    /// Whether it holds `main`.
    pub is_root: bool,
    /// Its package, in a project that has a `snow.toml`.
    pub package: Option<FileInPackage>,
}

/// Why a program couldn't be read. Its text is for the user.
#[derive(Debug)]
pub struct LoadError(Box<(Diagnostic, SourceMap)>);

impl LoadError {
    /// An error that is in no file, or in the whole of one.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> LoadError {
        LoadError(Box::new((Diagnostic::without_place(code, message), SourceMap::default())))
    }

    /// Adds what the user can do.
    pub(crate) fn help(mut self, help: &str) -> LoadError {
        self.0.0.help.push(help.to_owned());
        self
    }

    /// Adds a fact.
    pub(crate) fn note(mut self, note: String) -> LoadError {
        self.0.0.notes.push(note);
        self
    }

    /// The error, and the files that it speaks of.
    pub fn diagnostic(&self) -> (&Diagnostic, &SourceMap) {
        (&self.0.0, &self.0.1)
    }
}

impl From<PkgError> for LoadError {
    fn from(error: PkgError) -> LoadError {
        LoadError(Box::new(error.diagnostic()))
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(render_text(&self.0.0, &self.0.1, false).trim_end())
    }
}

impl std::error::Error for LoadError {}

/// Files larger than this are refused: positions are 32-bit, and no source is that long.
const MAX_BYTES: u64 = 1 << 30;

/// Reads the program at `path`: a directory with `main.snow`, or a file. A file of a project (`snow.toml` or
/// `main.snow` beside or above it) brings the project's other files along; any other file is a program of its own.
///
/// # Errors
/// A file or directory can't be read, isn't UTF-8, or has no usable name.
pub fn load(path: &Path) -> Result<Vec<InputFile>, LoadError> {
    load_with(path, Packages::default())
}

/// The same, with packages chosen and fetched as `how` says.
///
/// # Errors
/// As for [`load`].
pub fn load_with(path: &Path, how: Packages) -> Result<Vec<InputFile>, LoadError> {
    enter(Phase::Load);
    let meta = fs::metadata(path).map_err(|e| cannot_read(path, &e))?;
    if meta.is_dir() {
        let entry = path.join("main.snow");
        if !entry.is_file() && path.join(MANIFEST).is_file() {
            return load_project(path, None, how);
        }
        if !entry.is_file() {
            let message = format!("the directory `{}` has no `main.snow`", path.display());
            return Err(LoadError::new("E0821", message)
                .help("name a file, or create `main.snow` with `fn main() do … end`"));
        }
        return load_project(path, Some(&entry), how);
    }
    if path.extension().is_none_or(|e| e != "snow") {
        let message = format!("`{}` is not a Snow file", path.display());
        return Err(LoadError::new("E0821", message).help("Snow files end in `.snow`"));
    }
    match project_root(path) {
        Some(root) => load_project(&root, Some(path), how),
        None => Ok(vec![read_file(path, module_of_file(path)?, true)?]),
    }
}

/// The nearest directory at or above the file's that has `snow.toml` or `main.snow`.
fn project_root(file: &Path) -> Option<PathBuf> {
    let absolute = fs::canonicalize(file).ok()?;
    let dir = absolute.parent()?;
    let found = dir.ancestors().find(|d| d.join("snow.toml").is_file() || d.join("main.snow").is_file())?;
    if found == dir {
        // Keep the path as it was typed, for messages.
        let parent = file.parent().filter(|p| !p.as_os_str().is_empty());
        return Some(parent.map_or_else(|| PathBuf::from("."), Path::to_path_buf));
    }
    Some(found.to_path_buf())
}

/// The files of a project and of its packages. Without `entry` it is a library.
fn load_project(root: &Path, entry: Option<&Path>, how: Packages) -> Result<Vec<InputFile>, LoadError> {
    let mut paths = Vec::new();
    collect(root, &mut paths)?;
    paths.sort();
    let entry = entry.map(|e| fs::canonicalize(e).map_err(|error| cannot_read(e, &error))).transpose()?;
    let mut files = Vec::new();
    for path in paths {
        let is_root = entry.is_some() && fs::canonicalize(&path).ok() == entry;
        let module = module_of(path.strip_prefix(root).unwrap_or(&path))?;
        let shown = path.strip_prefix("./").unwrap_or(&path);
        files.push(InputFile { shown: shown.display().to_string(), ..read_file(&path, module, is_root)? });
    }
    if root.join(MANIFEST).is_file() { add_packages(root, files, how) } else { Ok(files) }
}

/// All `.snow` files below `dir`; hidden folders, `test`, `target` and packages of their own apart.
fn collect(dir: &Path, out: &mut Vec<PathBuf>) -> Result<(), LoadError> {
    for entry in fs::read_dir(dir).map_err(|e| cannot_read(dir, &e))? {
        let entry = entry.map_err(|e| cannot_read(dir, &e))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let path = entry.path();
        let kind = entry.file_type().map_err(|e| cannot_read(&path, &e))?;
        if kind.is_dir() {
            if !name.starts_with('.') && name != "test" && name != "target" && !path.join(MANIFEST).is_file()
            {
                collect(&path, out)?;
            }
        } else if name.ends_with(".snow") && !name.starts_with('.') {
            out.push(path);
        }
    }
    Ok(())
}

/// Reads one file.
pub(crate) fn read_file(path: &Path, module: String, is_root: bool) -> Result<InputFile, LoadError> {
    let size = fs::metadata(path).map_err(|e| cannot_read(path, &e))?.len();
    if size > MAX_BYTES {
        let message = format!("`{}` is too large: {size} bytes; the limit is 1 GiB", path.display());
        return Err(LoadError::new("E0820", message));
    }
    let bytes = fs::read(path).map_err(|e| cannot_read(path, &e))?;
    let text = String::from_utf8(bytes).map_err(|e| not_utf8(path, &e))?;
    Ok(InputFile { shown: path.display().to_string(), module, text, is_root, package: None })
}

fn not_utf8(path: &Path, error: &std::string::FromUtf8Error) -> LoadError {
    let at = error.utf8_error().valid_up_to();
    let line = error.as_bytes()[..at].iter().filter(|&&b| b == b'\n').count() + 1;
    let byte = error.as_bytes().get(at).copied().unwrap_or(0);
    let message = format!("`{}` is not valid UTF-8: byte 0x{byte:02x} in line {line}", path.display());
    LoadError::new("E0820", message).help("save the file as UTF-8")
}

fn cannot_read(path: &Path, error: &io::Error) -> LoadError {
    let cause = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    LoadError::new("E0820", format!("cannot read `{}`: {cause}", path.display()))
}

fn module_of_file(path: &Path) -> Result<String, LoadError> {
    module_of(Path::new(path.file_name().unwrap_or(path.as_os_str())))
}

fn module_of(relative: &Path) -> Result<String, LoadError> {
    let invalid =
        || LoadError::new("E0820", format!("the name of `{}` is not valid UTF-8", relative.display()));
    snow_pkg::module_of(relative).ok_or_else(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_file_is_a_program_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.snow"), "fn main() do end").unwrap();
        fs::write(dir.path().join("b.snow"), "nonsense").unwrap();
        let files = load(&dir.path().join("a.snow")).unwrap();
        assert_eq!(files.iter().map(|f| f.module.as_str()).collect::<Vec<_>>(), ["A"]);
    }

    #[test]
    fn a_directory_brings_all_its_modules() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("math")).unwrap();
        fs::create_dir_all(dir.path().join("target")).unwrap();
        fs::write(dir.path().join("main.snow"), "").unwrap();
        fs::write(dir.path().join("math/vector.snow"), "").unwrap();
        fs::write(dir.path().join("target/x.snow"), "").unwrap();
        let files = load(dir.path()).unwrap();
        assert_eq!(files.iter().map(|f| f.module.as_str()).collect::<Vec<_>>(), ["Main", "Math.Vector"]);
        assert!(files[0].is_root && !files[1].is_root);
    }

    #[test]
    fn unreadable_input_is_explained() {
        let dir = tempfile::tempdir().unwrap();
        assert!(load(dir.path()).unwrap_err().to_string().contains("has no `main.snow`"));
        let missing = load(&dir.path().join("no.snow")).unwrap_err().to_string();
        assert!(missing.contains("there is no such file"), "{missing}");
        let bad = dir.path().join("bad.snow");
        fs::write(&bad, b"a\n\xff").unwrap();
        assert!(load(&bad).unwrap_err().to_string().contains("byte 0xff in line 2"));
    }
}
