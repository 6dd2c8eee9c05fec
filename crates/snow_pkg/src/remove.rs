//! `snow remove`: one line less in `[dependencies]`, everything else of the file as it was.

use std::fs;
use std::path::{Path, PathBuf};

use snow_diagnostics::nearest;
use toml_edit::DocumentMut;

use crate::add::own_manifest;
use crate::error::PkgError;
use crate::manifest::{MANIFEST, Manifest};

/// Takes a dependency out of the nearest manifest at or above `dir`. Gives the manifest's path and the text that it had, to
/// go back to if solving fails.
///
/// # Errors
/// There is no manifest, it is wrong, or it has no such dependency.
pub fn remove(dir: &Path, name: &str) -> Result<(PathBuf, String), PkgError> {
    let path = own_manifest(dir)?;
    let before = fs::read_to_string(&path).map_err(|e| PkgError::io("read", &path, &e))?;
    let after = without_dependency(&before, name)?;
    fs::write(&path, after).map_err(|e| PkgError::io("write", &path, &e))?;
    Ok((path, before))
}

/// A manifest's text with one dependency less.
fn without_dependency(text: &str, name: &str) -> Result<String, PkgError> {
    let manifest = Manifest::parse(text, MANIFEST)?;
    if !manifest.dependencies.iter().any(|d| d.name == name) {
        let error = PkgError::new("E0808", format!("`{name}` is no dependency of `{}`", manifest.name));
        let names: Vec<String> = manifest.dependencies.iter().map(|d| format!("`{}`", d.name)).collect();
        if names.is_empty() {
            return Err(error.note("it has none"));
        }
        let error = error.note(format!("it has {}", names.join(", ")));
        let near = nearest(name, manifest.dependencies.iter().map(|d| d.name.as_str()));
        return Err(match near {
            Some(near) => error.help(format!("did you mean `{}`?", near.name)),
            None => error,
        });
    }
    let mut document: DocumentMut = text
        .parse()
        .map_err(|e| PkgError::internal(format!("{MANIFEST} was read but can't be changed: {e}")))?;
    let table = document
        .get_mut("dependencies")
        .and_then(|item| item.as_table_like_mut())
        .ok_or_else(|| PkgError::internal("`dependencies` was read but is no table"))?;
    table.remove(name);
    let changed = document.to_string();
    Manifest::parse(&changed, MANIFEST)?;
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "[package]\nname = \"app\"\nversion = \"0.1.0\"\n\n[dependencies]\n# both are ours\na = { path = \"../a\" }\nb = { path = \"../b\" } # needed\n";

    #[test]
    fn the_rest_stays() {
        let after = without_dependency(BEFORE, "a").unwrap();
        assert!(after.ends_with("[dependencies]\nb = { path = \"../b\" } # needed\n"), "{after}");
        let last = without_dependency(&after, "b").unwrap();
        assert!(last.ends_with("[dependencies]\n"), "{last}");
    }

    #[test]
    fn what_isnt_there_is_told() {
        let error = without_dependency(BEFORE, "c").unwrap_err().to_string();
        assert_eq!(error, "error[E0808]: `c` is no dependency of `app`\n |\n = note: it has `a`, `b`");
    }
}
