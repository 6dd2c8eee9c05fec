//! Names and types on the project's programs, whole and damaged: std is free of mistakes, nothing panics.

use std::panic::{AssertUnwindSafe, catch_unwind};

use snow_base::SourceMap;
use snow_diagnostics::{Diagnostic, Severity, render_text};
use snow_hir::{ParsedFile, lower_program};
use snow_syntax::parse;
use snow_tests::corpus::{files, read, root, shown};
use snow_tests::mutate::{Random, mutate};
use snow_tests::reference::blocks;
use snow_typeck::check_program;

/// The standard library, parsed.
fn std_files(sources: &mut SourceMap) -> Vec<ParsedFile> {
    snow_std::files().iter().map(|(module, text)| parse_file(sources, module, text, true)).collect()
}

fn parse_file(sources: &mut SourceMap, module: &str, text: &str, is_std: bool) -> ParsedFile {
    let path = format!("{module}.snow");
    let file = sources.add(path.as_str(), text);
    let tree = parse(text, file).tree();
    ParsedFile { file, path, module_path: module.to_owned(), tree, is_std, is_root: !is_std }
}

/// Errors as text.
fn errors(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error);
    errors.map(|d| render_text(d, sources, false) + "\n").collect()
}

/// The programs of one file, and those of the reference: where they stand, and their text.
fn programs() -> Vec<(String, String)> {
    let folder = root().join("tests/run");
    let found = files(&folder, "snow").unwrap_or_else(|e| panic!("{e}"));
    let single = found.iter().filter(|file| !file.ends_with("main.snow"));
    let mut programs: Vec<_> =
        single.map(|file| (shown(file, &folder), read(file).unwrap_or_else(|e| panic!("{e}")))).collect();
    let pages = root().join("docs/reference");
    for page in files(&pages, "md").unwrap_or_else(|e| panic!("{e}")) {
        let found = read(&page).and_then(|text| blocks(&text)).unwrap_or_else(|e| panic!("{e}"));
        let good = found.into_iter().filter(|block| block.fail.is_none());
        programs.extend(good.map(|block| (format!("{}:{}", shown(&page, &pages), block.line), block.source)));
    }
    programs
}

/// Lowers and checks programs, each a module of its own, together with std.
fn check(std: &[ParsedFile], sources: &mut SourceMap, programs: &[(String, String)]) -> Vec<Diagnostic> {
    let mut files = std.to_vec();
    for (index, (_, text)) in programs.iter().enumerate() {
        files.push(parse_file(sources, &format!("Program{index}"), text, false));
    }
    let (program, mut diagnostics) = lower_program(&files);
    diagnostics.extend(check_program(&program, &[]).1);
    diagnostics
}

#[test]
fn programs_have_no_errors() {
    let mut sources = SourceMap::default();
    let std = std_files(&mut sources);
    let programs = programs();
    let mut diagnostics = check(&std, &mut sources, &programs);
    for (path, text) in &programs {
        diagnostics.extend(parse(text, sources.add(path.as_str(), text.as_str())).diagnostics);
    }
    let report = errors(&diagnostics, &sources);
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn damaged_programs_are_no_reason_to_panic() {
    let rounds: u64 = std::env::var("SNOW_FUZZ_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(2);
    let mut sources = SourceMap::default();
    let std = std_files(&mut sources);
    let panics = |programs: &[(String, String)]| {
        catch_unwind(AssertUnwindSafe(|| check(&std, &mut sources.clone(), programs))).is_err()
    };
    for seed in 0..rounds {
        let mut programs = programs();
        for (_, text) in &mut programs {
            *text = mutate(text, &mut Random::new(seed));
        }
        // All at once, since std takes most of the time; one by one to find the culprit.
        if panics(&programs) {
            let culprit = programs.iter().find(|program| panics(std::slice::from_ref(program)));
            let (path, text) = culprit.unwrap_or(&programs[0]);
            panic!("{path}, seed {seed}: a panic on:\n{text}");
        }
    }
}
