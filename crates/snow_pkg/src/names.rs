//! How packages are called, and which module a file is.
//!
//! One rule for the project's own files and for those of packages, so that both sides read the same names.

use std::path::Path;

use crate::PkgError;

/// Names that mean something else in a project's folder.
const RESERVED: &[&str] = &["main", "std", "target", "test"];

/// Checks a package's name: lower-case letters, digits and single `_` between them, a letter first.
///
/// # Errors
/// It isn't one, or it is reserved; with the nearest name that would do.
pub fn check_package_name(name: &str) -> Result<(), PkgError> {
    if RESERVED.contains(&name) {
        return Err(PkgError::new("E0805", format!("a package can't be called `{name}`"))
            .note("that name has a meaning of its own in every project")
            .help(format!("call it `{name}_app`, for example")));
    }
    let fixed = snake(name);
    if !name.is_empty() && fixed == name {
        return Ok(());
    }
    let error = PkgError::new("E0805", format!("`{name}` is not a package's name"))
        .note("a name is written in snake_case: lower-case letters, digits and `_`, a letter first");
    if fixed.is_empty() || RESERVED.contains(&fixed.as_str()) {
        return Err(error);
    }
    Err(error.help(format!("call it `{fixed}`")))
}

/// The nearest snake_case name; empty if no letter is left.
fn snake(text: &str) -> String {
    let mut out = String::new();
    let mut after_lower = false;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            if c.is_ascii_uppercase() && after_lower {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    out.trim_end_matches('_').trim_start_matches(|c: char| !c.is_ascii_lowercase()).to_owned()
}

/// The module of a file by its path from the project's root: `math/vector.snow` is `Math.Vector`. Characters that
/// can't stand in a module's name become nothing, and start a new word: `http_server.snow` is `HttpServer`.
/// `None`: a name isn't UTF-8.
pub fn module_of(relative: &Path) -> Option<String> {
    let path = relative.with_extension("");
    let words: Option<Vec<String>> =
        path.components().map(|part| Some(pascal(part.as_os_str().to_str()?))).collect();
    Some(words?.join("."))
}

/// The word of a module's name that a file, a folder or a package gives: `http_server` is `HttpServer`.
pub fn pascal(part: &str) -> String {
    let words = part.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    let name: String = words
        .map(|w| {
            let (first, rest) = w.split_at(1);
            first.to_ascii_uppercase() + rest
        })
        .collect();
    if name.starts_with(|c: char| c.is_ascii_uppercase()) { name } else { format!("M{name}") }
}

/// The module's name outside its package: what isn't called like the package already stands under the package's name.
/// In `json`, `Json` and `Json.Text` stay, `Parser` is `Json.Parser`.
pub fn outside(package: &str, module: &str) -> String {
    let root = pascal(package);
    let below =
        module.strip_prefix(root.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    if below { module.to_owned() } else { format!("{root}.{module}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_names() {
        for name in ["a", "json", "json_lines", "http2", "a_1"] {
            assert!(check_package_name(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn bad_names_get_a_better_one() {
        let help = |name: &str| {
            let text = check_package_name(name).unwrap_err().to_string();
            text.rsplit_once("call it `")
                .map(|(_, rest)| rest.split('`').next().unwrap_or_default().to_owned())
        };
        assert_eq!(help("MyApp").as_deref(), Some("my_app"));
        assert_eq!(help("my-app").as_deref(), Some("my_app"));
        assert_eq!(help("_a__b_").as_deref(), Some("a_b"));
        assert_eq!(help("2048").as_deref(), None);
        assert_eq!(help("../x").as_deref(), Some("x"));
        assert_eq!(help("").as_deref(), None);
        assert_eq!(help("test").as_deref(), Some("test_app"));
    }

    #[test]
    fn modules() {
        let module = |path: &str| module_of(Path::new(path)).unwrap_or_default();
        assert_eq!(module("math/vector.snow"), "Math.Vector");
        assert_eq!(module("http_server.snow"), "HttpServer");
        assert_eq!(module("01_closures.snow"), "M01Closures");
    }

    #[test]
    fn modules_outside_their_package() {
        assert_eq!(outside("json", "Json"), "Json");
        assert_eq!(outside("json", "Json.Text"), "Json.Text");
        assert_eq!(outside("json", "JsonText"), "Json.JsonText");
        assert_eq!(outside("json_lines", "Parser"), "JsonLines.Parser");
    }
}
