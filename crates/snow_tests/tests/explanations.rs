//! The long explanations: each has an example that gives exactly what it explains. And every code has a program under
//! `tests/fail` that shows its rendered text.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use snow_diagnostics::registry::{Explanation, all};
use snow_tests::corpus::{all_files, read, root};
use snow_tests::exec::{LIMIT, run, snow, snow_binary};
use snow_tests::parts::parts;
use snow_tests::pool::{Check, run_all};

/// Codes whose example would be hundreds of brackets or variants, a mistake of the compiler, or more than files: another command, a
/// repository, a folder that can't be read. Those of packages are shown by `tests/packages` and the tests of `snow_pkg`.
const NO_EXAMPLE: [&str; 12] = [
    "E0190", "E0807", "E0808", "E0812", "E0816", "E0817", "E0818", "E0819", "E0820", "E0821", "E0911",
    "E0999",
];

/// Codes that only building gives.
const BUILT: [&str; 2] = ["E0290", "E0910"];

/// Codes that nothing under `tests/fail` and `tests/packages` gives: a mistake of the compiler, and a
/// repository whose content was changed, which the tests of `snow_pkg` make.
const NOT_SHOWN: [&str; 2] = ["E0817", "E0999"];

#[test]
fn examples_give_what_they_explain() {
    let binary = snow_binary().unwrap_or_else(|e| panic!("{e}"));
    let explained = all().filter(|e| !NO_EXAMPLE.contains(&e.code));
    let checks = explained.map(|e| {
        let binary = binary.clone();
        Check::new(e.code.to_owned(), move || check(&binary, e))
    });
    run_all(checks.collect()).unwrap_or_else(|report| panic!("\n{report}"));
}

fn check(binary: &Path, explanation: &Explanation) -> Result<(), String> {
    let fence = format!("```snow fail {}\n", explanation.code);
    let (_, rest) = explanation.text.split_once(&fence).ok_or("it has no example")?;
    let example = rest.split("```").next().unwrap_or_default();
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    for (name, text) in parts(example, "main.snow") {
        fs::write(folder.path().join(name), text).map_err(|e| e.to_string())?;
    }
    let command = if BUILT.contains(&explanation.code) { "build" } else { "check" };
    let mut args = vec![command, "main.snow"];
    if command == "build" {
        args.push("--emit=mir");
    }
    let text = run(&mut snow(binary, folder.path(), args), LIMIT)?.stderr;
    let codes: Vec<&str> = text.lines().filter_map(code).collect();
    if codes == [explanation.code] { Ok(()) } else { Err(format!("the example gives {codes:?}\n{text}")) }
}

/// `E0301` of `error[E0301]: …`.
fn code(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("error[").or_else(|| line.strip_prefix("warning["))?;
    rest.split_once(']').map(|(code, _)| code)
}

#[test]
fn every_code_has_a_rejected_program() {
    let mut shown = BTreeSet::new();
    for folder in ["tests/fail", "tests/packages"] {
        for path in all_files(&root().join(folder), "txt").unwrap_or_else(|e| panic!("{e}")) {
            let text = read(&path).unwrap_or_else(|e| panic!("{e}"));
            shown.extend(text.lines().filter_map(code).map(str::to_owned));
        }
    }
    let checked = all().map(|e| e.code).filter(|c| !NOT_SHOWN.contains(c) && !BUILT.contains(c));
    let lacking: Vec<&str> = checked.filter(|&c| !shown.contains(c)).collect();
    assert!(lacking.is_empty(), "nothing under tests/fail and tests/packages gives {}", lacking.join(", "));
}

#[test]
fn commands_that_are_to_come_say_so() {
    let binary = snow_binary().unwrap_or_else(|e| panic!("{e}"));
    for name in ["test", "fmt", "repl", "lsp"] {
        let outcome =
            run(&mut snow(&binary, &root(), [name, "--all", "."]), LIMIT).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(outcome.code, Some(2));
        assert_eq!(outcome.stderr, format!("error[E0901]: `snow {name}` is not supported yet\n"));
    }
}
