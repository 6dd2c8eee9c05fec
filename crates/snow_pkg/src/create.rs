//! `snow new`: the files of a new project.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::PkgError;
use crate::manifest::MANIFEST;
use crate::names::{check_package_name, pascal};

/// What kind of project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One that runs.
    Program,
    /// One that others use.
    Library,
}

/// Makes the folder of a new project below `parent` and gives its path. What was written before a failure is taken away.
///
/// # Errors
/// The name is no package's name, something of that name is there already, or a file can't be written.
pub fn create(parent: &Path, name: &str, kind: Kind) -> Result<PathBuf, PkgError> {
    check_package_name(name)?;
    let dir = parent.join(name);
    let shown = dir.strip_prefix(".").unwrap_or(&dir).to_owned();
    if fs::symlink_metadata(&dir).is_ok() {
        return Err(PkgError::new("E0820", format!("there is a `{}` already", shown.display()))
            .help("take another name, or remove it"));
    }
    fs::create_dir(&dir).map_err(|e| PkgError::io("create", &dir, &e))?;
    for (file, text) in files(name, kind) {
        let path = dir.join(file);
        if let Err(e) = fs::write(&path, text) {
            // The first failure is the one to tell.
            let _ = fs::remove_dir_all(&dir);
            return Err(PkgError::io("write", &path, &e));
        }
    }
    Ok(shown)
}

fn files(name: &str, kind: Kind) -> [(String, String); 3] {
    let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n\n[dependencies]\n");
    let source = match kind {
        Kind::Program => ("main.snow".to_owned(), program(name)),
        Kind::Library => (format!("{name}.snow"), library(name)),
    };
    [(MANIFEST.to_owned(), manifest), source, (".gitignore".to_owned(), "/target/\n".to_owned())]
}

fn program(name: &str) -> String {
    format!("fn main() do\n  println(\"Hello from {name}!\")\nend\n")
}

fn library(name: &str) -> String {
    let module = pascal(name);
    format!(
        "# A greeting. Others write `import {module}`, then `{module}.greet(\"you\")`.\npub fn greet(name :: String) -> String do\n  \"Hello, ${{name}}!\"\nend\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Manifest;

    #[test]
    fn a_program_and_a_library() {
        let parent = tempfile::tempdir().unwrap();
        for (name, kind, source) in
            [("app", Kind::Program, "main.snow"), ("my_lib", Kind::Library, "my_lib.snow")]
        {
            let dir = create(parent.path(), name, kind).unwrap();
            let manifest = fs::read_to_string(dir.join(MANIFEST)).unwrap();
            assert_eq!(Manifest::parse(&manifest, MANIFEST).unwrap().name, name);
            assert!(dir.join(source).is_file() && dir.join(".gitignore").is_file());
        }
    }

    #[test]
    fn what_is_there_stays() {
        let parent = tempfile::tempdir().unwrap();
        fs::write(parent.path().join("app"), "mine").unwrap();
        let error = create(parent.path(), "app", Kind::Program).unwrap_err();
        assert!(error.message().contains("already"));
        assert_eq!(fs::read_to_string(parent.path().join("app")).unwrap(), "mine");
        assert!(create(parent.path(), "My App", Kind::Program).unwrap_err().to_string().contains("my_app"));
    }
}
