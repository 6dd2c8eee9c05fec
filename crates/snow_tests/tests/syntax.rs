//! The parser on all Snow files of the project, whole and damaged: no complaint about good ones, nothing lost, no
//! panic.

use std::panic::catch_unwind;
use std::time::{Duration, Instant};

use snow_base::SourceMap;
use snow_diagnostics::render_text;
use snow_syntax::ast::{Literal, StringExpr};
use snow_syntax::{AstNode, SyntaxKind, first_incomplete, parse};
use snow_tests::clock::Seeds;
use snow_tests::corpus::{all_files, read, root, shown};
use snow_tests::mutate::{Random, mutate};
use snow_tests::soup::{NESTS, text};

/// All programs that must be free of mistakes: path and text.
fn programs() -> Vec<(String, String)> {
    let root = root();
    let mut programs = Vec::new();
    for folder in ["std/src", "std/tests", "tests/run", "examples", "benchmarks"] {
        let folder = root.join(folder);
        if folder.is_dir() {
            let files = all_files(&folder, "snow").unwrap_or_else(|e| panic!("{e}"));
            programs.extend(
                files.iter().map(|file| (shown(file, &root), read(file).unwrap_or_else(|e| panic!("{e}")))),
            );
        }
    }
    programs
}

#[test]
fn programs_parse() {
    let mut report = String::new();
    for (path, text) in programs() {
        let mut sources = SourceMap::default();
        let file = sources.add(path, text.as_str());
        let parse = parse(&text, file);
        assert_eq!(parse.syntax().text().to_string(), text, "the tree keeps the text");
        for diagnostic in parse.diagnostics.iter().take(50) {
            report += &(render_text(diagnostic, &sources, false) + "\n");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn damaged_programs_keep_their_text() {
    let programs = programs();
    for seed in Seeds::new(4) {
        for (path, text) in &programs {
            check(&mutate(text, &mut Random::new(seed)), &format!("{path}, seed {seed}"));
        }
    }
}

#[test]
fn random_texts_are_kept() {
    let mut programs = programs();
    for folder in ["tests/fail", "tests/stress"] {
        let files = all_files(&root().join(folder), "snow").unwrap_or_else(|e| panic!("{e}"));
        programs.extend(files.iter().filter_map(|file| Some((shown(file, &root()), read(file).ok()?))));
    }
    let mut seeds = Seeds::new(2000);
    let mut done = 0;
    for seed in seeds.by_ref() {
        check(&text(&programs, &mut Random::new(seed)), &format!("seed {seed}"));
        done += 1;
    }
    if seeds.is_timed() {
        println!("{done} texts in {} s", seeds.seconds());
    }
}

#[test]
fn nesting_is_bounded() {
    for piece in NESTS {
        check(&format!("fn main() do\n{}", piece.repeat(10_000)), &format!("{piece:?}, nested"));
    }
}

/// The tree of a text holds it; nothing panics; mistakes are reported where they are, and can be shown.
fn check(text: &str, name: &str) {
    let start = Instant::now();
    if let Err(cause) = catch_unwind(|| check_parse(text)) {
        let cause = cause.downcast_ref::<String>().cloned().unwrap_or_default();
        panic!("{name}: {cause}\nin:\n{text}\nthat is {text:?}");
    }
    let time = start.elapsed();
    assert!(time < Duration::from_secs(10), "{name}: {} s for:\n{text}", time.as_secs());
}

fn check_parse(text: &str) {
    let mut sources = SourceMap::default();
    let file = sources.add("damaged.snow", text);
    let parse = parse(text, file);
    let root = parse.syntax();
    assert_eq!(root.text().to_string(), text, "the tree keeps the text");
    let has_error_node = root.descendants().any(|n| n.kind() == SyntaxKind::ERROR);
    assert!(!has_error_node || !parse.diagnostics.is_empty(), "a mistake isn't reported");
    if parse.diagnostics.is_empty() {
        let incomplete = first_incomplete(&root);
        assert!(incomplete.is_none(), "a part is missing without a report: {incomplete:?}");
    }
    // Values must be readable in any tree.
    for node in root.descendants() {
        if let Some(string) = StringExpr::cast(node.clone()) {
            string.parts();
        }
        if let Some(literal) = Literal::cast(node) {
            literal.value();
        }
    }
    for diagnostic in parse.diagnostics.iter().take(50) {
        let place = diagnostic.span();
        assert!(
            usize::from(place.text_range().end()) <= text.len(),
            "a place outside the file: {diagnostic:?}"
        );
        assert!(!render_text(diagnostic, &sources, false).is_empty());
    }
    let twice = snow_syntax::parse(text, file);
    assert!(twice.diagnostics == parse.diagnostics && twice.green == parse.green, "a second run differs");
}
