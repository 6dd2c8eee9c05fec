//! `std/src`: every public function has an example, and every example holds.

use std::path::Path;

use snow_tests::corpus::{files, read, root, shown};
use snow_tests::examples::{examples, program, undocumented};
use snow_tests::exec::{LIMIT, run, snow};
use snow_tests::pool::check_files;

#[test]
fn every_function_has_an_example() {
    let folder = root().join("std/src");
    let mut problems = String::new();
    for path in files(&folder, "snow").unwrap_or_else(|e| panic!("{e}")) {
        let source = read(&path).unwrap_or_else(|e| panic!("{e}"));
        for function in undocumented(&source) {
            problems.push_str(&format!("{}: {function}\n", shown(&path, &folder)));
        }
    }
    assert!(problems.is_empty(), "without doc comment or example:\n{problems}");
}

#[test]
fn the_examples_hold() {
    check_files("std/src", check);
}

fn check(binary: &Path, _: &Path, path: &Path) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let found = examples(&read(path)?);
    if found.is_empty() {
        return Ok(());
    }
    let text = program(&found);
    std::fs::write(folder.path().join("examples.snow"), &text).map_err(|e| e.to_string())?;
    let mut command = snow(binary, folder.path(), ["run", "examples.snow"]);
    let outcome = run(command.env("SNOW_CHECK", "leaks"), LIMIT)?;
    let last = outcome.stdout.lines().last();
    let only_checked = !outcome.stdout.lines().any(|line| line.starts_with("line "));
    if outcome.code == Some(0) && last == Some("checked") && only_checked {
        return Ok(());
    }
    Err(format!("exit code {:?}\n{}{}", outcome.code, outcome.stdout, outcome.stderr))
}
