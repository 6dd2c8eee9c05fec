//! Is the embedded library complete, and does every file of it parse?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use snow_base::SourceMap;
use snow_diagnostics::{Diagnostic, render_text};
use snow_hir::ParsedFile;

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

/// The library's files, parsed, with their mistakes.
fn parse(sources: &mut SourceMap) -> (Vec<ParsedFile>, Vec<Diagnostic>) {
    let mut files = Vec::new();
    let mut diagnostics = Vec::new();
    for ((module, text), path) in crate::files().iter().zip(crate::PATHS) {
        let path = format!("std/src/{path}");
        let file = sources.add(path.clone(), *text);
        let parsed = snow_syntax::parse(text, file);
        assert_eq!(parsed.syntax().text().to_string(), *text);
        files.push(ParsedFile {
            file,
            path,
            module_path: (*module).to_owned(),
            tree: parsed.tree(),
            is_std: true,
            is_root: false,
        });
        diagnostics.extend(parsed.diagnostics);
    }
    (files, diagnostics)
}

fn assert_none(diagnostics: &[Diagnostic], sources: &SourceMap) {
    let texts: Vec<String> = diagnostics.iter().map(|d| render_text(d, sources, false)).collect();
    assert!(texts.is_empty(), "{}", texts.join("\n"));
}

#[test]
fn every_file_parses() {
    let mut sources = SourceMap::default();
    let (_, diagnostics) = parse(&mut sources);
    assert_none(&diagnostics, &sources);
}

#[test]
fn every_name_is_resolved() {
    let mut sources = SourceMap::default();
    let (files, _) = parse(&mut sources);
    let (_, diagnostics) = snow_hir::lower_program(&files);
    assert_none(&diagnostics, &sources);
}

#[test]
fn the_types_fit() {
    let mut sources = SourceMap::default();
    let (files, _) = parse(&mut sources);
    let (program, _) = snow_hir::lower_program(&files);
    let (_, diagnostics) = snow_typeck::check_program(&program, &[]);
    assert_none(&diagnostics, &sources);
}
