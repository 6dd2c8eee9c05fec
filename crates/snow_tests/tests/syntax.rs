//! The parser on all Snow files of the project, whole and damaged: no complaint about good ones, nothing lost, no
//! panic.

use snow_base::{FileId, SourceMap};
use snow_diagnostics::render_text;
use snow_syntax::parse;
use snow_tests::corpus::{all_files, read, root, shown};
use snow_tests::mutate::{Random, mutate};

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
        for diagnostic in &parse.diagnostics {
            report += &(render_text(diagnostic, &sources, false) + "\n");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn damaged_programs_keep_their_text() {
    let rounds = std::env::var("SNOW_FUZZ_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(4);
    let programs: Vec<_> = programs().into_iter().collect();
    for seed in 0..rounds {
        for (path, text) in &programs {
            let damaged = mutate(text, &mut Random::new(seed));
            let tree = std::panic::catch_unwind(|| parse(&damaged, FileId(0)).syntax().text().to_string());
            match tree {
                Ok(tree) => assert_eq!(tree, damaged, "{path}, seed {seed}"),
                Err(_) => panic!("{path}, seed {seed}: the parser panicked on:\n{damaged}"),
            }
        }
    }
}
