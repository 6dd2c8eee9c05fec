//! Is the embedded library complete, and does every file of it parse?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use snow_base::SourceMap;

fn source_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../std/src")
}

#[test]
fn the_list_is_the_directory() {
    let listed: BTreeSet<String> = crate::PATHS.iter().map(|p| (*p).to_owned()).collect();
    let found: BTreeSet<String> = std::fs::read_dir(source_dir())
        .expect("std/src can be read")
        .map(|entry| entry.expect("an entry of std/src").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".snow"))
        .collect();
    assert_eq!(listed, found);
}

#[test]
fn every_file_parses() {
    let mut sources = SourceMap::default();
    let mut problems = String::new();
    for ((_, text), path) in crate::files().iter().zip(crate::PATHS) {
        let file = sources.add(format!("std/src/{path}"), *text);
        let parsed = snow_syntax::parse(text, file);
        assert_eq!(parsed.syntax().text().to_string(), *text);
        for diagnostic in &parsed.diagnostics {
            problems.push_str(&snow_diagnostics::render_text(diagnostic, &sources, false));
        }
    }
    assert!(problems.is_empty(), "{problems}");
}
