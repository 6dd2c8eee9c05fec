//! `snow add`: one more line in `[dependencies]`, everything else of the file as it was.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, InlineTable, Item, Table, Value};

use crate::error::PkgError;
use crate::manifest::{MANIFEST, Manifest, Pin, SourceSpec};
use crate::paths::tidy;
use crate::resolve::project_root;

/// What is to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDependency {
    /// The package's name.
    pub name: String,
    /// Where it comes from.
    pub source: SourceSpec,
    /// Which versions will do, as it is to be written.
    pub version: Option<String>,
}

/// Adds a dependency to the nearest manifest at or above `dir`, or replaces it there; a path is seen from `dir`. Gives the manifest's path and the
/// text that it had, to go back to if solving fails.
///
/// # Errors
/// There is no manifest, it is wrong, or what is added is.
pub fn add(dir: &Path, new: &NewDependency) -> Result<(PathBuf, String), PkgError> {
    let path = own_manifest(dir)?;
    let new = &from_root(path.parent().unwrap_or(dir), dir, new)?;
    let before = fs::read_to_string(&path).map_err(|e| PkgError::io("read", &path, &e))?;
    let after = with_dependency(&before, new)?;
    fs::write(&path, after).map_err(|e| PkgError::io("write", &path, &e))?;
    Ok((path, before))
}

/// The nearest manifest at or above `dir`.
pub(crate) fn own_manifest(dir: &Path) -> Result<PathBuf, PkgError> {
    let root = project_root(dir).ok_or_else(|| {
        PkgError::new("E0807", format!("there is no {MANIFEST} here or in a folder above"))
            .help("go to a project's folder, or make one: `snow new NAME`")
    })?;
    Ok(root.join(MANIFEST))
}

/// The same, with a path that is seen from the manifest's folder instead of `dir`.
fn from_root(root: &Path, dir: &Path, new: &NewDependency) -> Result<NewDependency, PkgError> {
    let SourceSpec::Path(path) = &new.source else { return Ok(new.clone()) };
    let here = fs::canonicalize(dir).map_err(|e| PkgError::io("read", dir, &e))?;
    let home = fs::canonicalize(root).map_err(|e| PkgError::io("read", root, &e))?;
    let below = here.strip_prefix(&home).unwrap_or(Path::new(""));
    let seen = tidy(&below.join(path));
    let source = SourceSpec::Path(seen.display().to_string());
    Ok(NewDependency { source, ..new.clone() })
}

/// A manifest's text with one dependency more.
fn with_dependency(text: &str, new: &NewDependency) -> Result<String, PkgError> {
    let manifest = Manifest::parse(text, MANIFEST)?;
    if manifest.name == new.name {
        return Err(PkgError::new("E0808", format!("`{}` is the project itself", new.name))
            .help("a project uses its own modules as they are: there is nothing to add"));
    }
    let mut document: DocumentMut = text
        .parse()
        .map_err(|e| PkgError::internal(format!("{MANIFEST} was read but can't be changed: {e}")))?;
    let dependencies = document.entry("dependencies").or_insert_with(|| Item::Table(Table::new()));
    let table = dependencies
        .as_table_like_mut()
        .ok_or_else(|| PkgError::internal("`dependencies` was read but is no table"))?;
    table.insert(&new.name, Item::Value(Value::InlineTable(line_of(new))));
    let changed = document.to_string();
    // What the user typed is checked as if it stood in the file.
    Manifest::parse(&changed, MANIFEST)?;
    Ok(changed)
}

fn line_of(new: &NewDependency) -> InlineTable {
    let mut line = InlineTable::new();
    match &new.source {
        SourceSpec::Path(path) => {
            line.insert("path", path.as_str().into());
        }
        SourceSpec::Git { url, pin } => {
            line.insert("git", url.as_str().into());
            let pin = match pin {
                Pin::Versions => None,
                Pin::Tag(tag) => Some(("tag", tag)),
                Pin::Rev(rev) => Some(("rev", rev)),
                Pin::Branch(branch) => Some(("branch", branch)),
            };
            if let Some((key, value)) = pin {
                line.insert(key, value.as_str().into());
            }
        }
    }
    if let Some(version) = &new.version {
        line.insert("version", version.as_str().into());
    }
    line
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    const BEFORE: &str = "# mine\n[package]\nname = \"app\" # short\nversion = \"0.1.0\"\n";

    fn new(name: &str, source: SourceSpec) -> NewDependency {
        NewDependency { name: name.to_owned(), source, version: None }
    }

    #[test]
    fn comments_stay() {
        let first = with_dependency(BEFORE, &new("math", SourceSpec::Path("../math".into()))).unwrap();
        let git = SourceSpec::Git { url: "https://a.example/json".into(), pin: Pin::Tag("v1.0.0".into()) };
        let second =
            with_dependency(&first, &NewDependency { version: Some("1".into()), ..new("json", git) })
                .unwrap();
        expect![[r#"
            # mine
            [package]
            name = "app" # short
            version = "0.1.0"

            [dependencies]
            math = { path = "../math" }
            json = { git = "https://a.example/json", tag = "v1.0.0", version = "1" }
        "#]]
        .assert_eq(&second);
        let replaced = with_dependency(&second, &new("math", SourceSpec::Path("m".into()))).unwrap();
        assert!(replaced.contains("math = { path = \"m\" }\njson"), "{replaced}");
    }

    #[test]
    fn paths_are_seen_from_the_manifest() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join(MANIFEST), BEFORE).unwrap();
        fs::create_dir_all(place.path().join("a/b")).unwrap();
        for (dir, path, expected) in
            [(".", "../m", "../m"), ("a/b", "../../../m", "../m"), ("a/b", "./c", "a/b/c")]
        {
            let (manifest, _) =
                add(&place.path().join(dir), &new("m", SourceSpec::Path(path.into()))).unwrap();
            let text = fs::read_to_string(manifest).unwrap();
            assert!(text.contains(&format!("m = {{ path = \"{expected}\" }}")), "{text}");
        }
    }

    #[test]
    fn what_is_typed_is_checked() {
        let error = |name: &str, source| with_dependency(BEFORE, &new(name, source)).unwrap_err().to_string();
        assert!(error("app", SourceSpec::Path("x".into())).contains("is the project itself"));
        assert!(error("Json", SourceSpec::Path("x".into())).contains("call it `json`"));
        let git = SourceSpec::Git { url: "ext::sh -c x".into(), pin: Pin::Versions };
        assert!(error("json", git).contains("is not the address of a git repository"));
    }
}
