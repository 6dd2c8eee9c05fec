//! `docs/library` says what the doc comments of `std/src` say. `UPDATE_EXPECT=1` writes it anew.

use std::fmt::Write as _;
use std::path::PathBuf;

use snow_tests::corpus::{files, read, root, shown};
use snow_tests::library::page;

#[test]
fn the_pages_follow_the_comments() {
    let pages = pages().unwrap_or_else(|e| panic!("{e}"));
    let folder = root().join("docs/library");
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut stale = Vec::new();
    for (name, text) in &pages {
        let path = folder.join(name);
        if update {
            std::fs::create_dir_all(&folder)
                .and_then(|()| std::fs::write(&path, text))
                .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        } else if read(&path).ok().as_ref() != Some(text) {
            stale.push(name.clone());
        }
    }
    let known = files(&folder, "md").unwrap_or_else(|e| panic!("{e}"));
    let left: Vec<PathBuf> =
        known.into_iter().filter(|p| !pages.iter().any(|(name, _)| folder.join(name) == **p)).collect();
    assert!(
        stale.is_empty() && left.is_empty(),
        "not what the comments say: {stale:?}; of no module: {left:?}\n\
         `UPDATE_EXPECT=1 cargo test -p snow_tests --test library` writes the pages anew"
    );
}

/// The name and text of each page: one a module, and the list of them all.
fn pages() -> Result<Vec<(String, String)>, String> {
    let folder = root().join("std/src");
    let mut pages = Vec::new();
    let mut list = String::from(
        "# The standard library\n\nMade from the comments of the library; the examples are run by the tests. A function of numbers, texts\n\
         or collections that names no complexity takes constant time, beside what the functions take that it is given.\n\n",
    );
    for path in files(&folder, "snow")? {
        let source = read(&path)?;
        let file = shown(&path, &folder).replace(".snow", "").replace('/', "_");
        let module: String = file.split('_').map(capital).collect();
        let first = source.lines().next().and_then(|l| l.strip_prefix("##! ")).unwrap_or_default();
        let what = first.split(". ").next().unwrap_or(first).trim_end_matches('.');
        let _ = writeln!(list, "- [{module}]({file}.md): {what}");
        pages.push((format!("{file}.md"), format!("# {module}\n\n{}", page(&source))));
    }
    pages.push(("README.md".to_owned(), list));
    Ok(pages)
}

fn capital(word: &str) -> String {
    if word == "io" {
        return "IO".to_owned();
    }
    let mut chars = word.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}
