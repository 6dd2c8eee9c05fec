//! `docs/reference/*.md`: the language reference does what it says.

use std::path::Path;

use snow_tests::corpus::{Expected, files, read, root, shown};
use snow_tests::exec::{LIMIT, run, snow, snow_binary};
use snow_tests::pool::{Check, run_all};
use snow_tests::reference::{Block, blocks};

#[test]
fn the_reference_holds() {
    let folder = root().join("docs/reference");
    let binary = snow_binary().unwrap_or_else(|e| panic!("{e}"));
    let mut checks = Vec::new();
    for path in files(&folder, "md").unwrap_or_else(|e| panic!("{e}")) {
        let name = shown(&path, &folder);
        match read(&path).and_then(|page| blocks(&page)) {
            Ok(found) => checks.extend(found.into_iter().map(|block| {
                let binary = binary.clone();
                Check::new(format!("{name}:{}", block.line), move || check(&binary, &block))
            })),
            Err(problem) => checks.push(Check::new(name, move || Err(problem.clone()))),
        }
    }
    run_all(checks).unwrap_or_else(|report| panic!("\n{report}"));
}

fn check(binary: &Path, block: &Block) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| format!("no temporary folder: {e}"))?;
    let file = folder.path().join("example.snow");
    std::fs::write(&file, &block.source).map_err(|e| format!("{}: {e}", file.display()))?;
    let mode = if block.prints().is_some() { "run" } else { "check" };
    let outcome = run(&mut snow(binary, folder.path(), [mode, "example.snow"]), LIMIT)?;
    match (&block.fail, block.prints()) {
        (Some(code), _) => check_code(code, &outcome.stderr),
        (None, Some(stdout)) => Expected { stdout, exit: 0, stderr: Vec::new() }.check(&outcome),
        (None, None) if outcome.code == Some(0) => Ok(()),
        (None, None) => Err(outcome.stderr),
    }
}

fn check_code(code: &str, stderr: &str) -> Result<(), String> {
    let found: Vec<&str> = stderr.lines().filter(|line| line.starts_with("error[")).collect();
    let head = format!("error[{code}]");
    if !found.is_empty() && found.iter().all(|line| line.starts_with(&head)) {
        return Ok(());
    }
    Err(format!("expected {code}, got:\n{stderr}"))
}
