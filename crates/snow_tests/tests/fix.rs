//! `tests/fix/**.snow`: what `snow fix` makes of a program stands in the `.fixed` beside it (`UPDATE_EXPECT=1` rewrites
//! it), and is left as it is by a second run.

use std::fs;
use std::path::Path;

use snow_tests::corpus::read;
use snow_tests::diff::diff;
use snow_tests::exec::{LIMIT, run, snow};
use snow_tests::pool::check_files;

#[test]
fn fixes_are_applied_once() {
    check_files("tests/fix", check);
}

fn check(binary: &Path, _: &Path, path: &Path) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let copy = folder.path().join("program.snow");
    fs::write(&copy, read(path)?).map_err(|e| e.to_string())?;
    let fix = |flags: &[&str]| {
        let args = ["fix"].into_iter().chain(flags.iter().copied()).chain(["program.snow"]);
        run(&mut snow(binary, folder.path(), args), LIMIT)
    };
    let before = read(&copy)?;
    let shown = fix(&["--dry-run"])?;
    if read(&copy)? != before || !shown.stdout.starts_with("--- program.snow") {
        return Err(format!("`--dry-run` shows the changes and writes nothing\n{}", shown.stdout));
    }
    let outcome = fix(&[])?;
    if outcome.code != Some(0) {
        return Err(format!("exit code {:?}\n{}", outcome.code, outcome.stderr));
    }
    let fixed = read(&copy)?;
    let again = fix(&[])?;
    if read(&copy)? != fixed || !again.stderr.contains("nothing to change") {
        return Err(format!("the second run changes it again\n{}", again.stderr));
    }
    let expected = path.with_extension("fixed");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        return fs::write(&expected, &fixed).map_err(|e| format!("{}: {e}", expected.display()));
    }
    let known = read(&expected).map_err(|e| format!("{e}\nit is now:\n{fixed}"))?;
    diff(&known, &fixed).map_or(Ok(()), |diff| Err(format!("the result differs:\n{diff}")))
}
