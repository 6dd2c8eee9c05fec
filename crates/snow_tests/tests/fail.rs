//! `tests/fail/**.snow`: rejected programs. The errors stand at the marked lines, and nowhere else; the text is as
//! in the `.txt` beside the program (`UPDATE_EXPECT=1` rewrites it).

use std::path::Path;

use snow_tests::corpus::{read, shown};
use snow_tests::diff::diff;
use snow_tests::exec::{LIMIT, run, snow};
use snow_tests::marks;
use snow_tests::pool::check_files;

#[test]
fn programs_are_rejected_with_their_diagnostics() {
    check_files("tests/fail", check);
}

fn check(binary: &Path, folder: &Path, path: &Path) -> Result<(), String> {
    let (source, file) = (read(path)?, shown(path, folder));
    let outcome = run(&mut snow(binary, folder, ["check", &file]), LIMIT)?;
    let text = outcome.stderr;
    let errors = marks::expected(&source).iter().any(|mark| mark.kind == "error");
    if outcome.code != Some(i32::from(errors)) {
        return Err(format!("exit code {:?}, expected {}\n{text}", outcome.code, i32::from(errors)));
    }
    marks::check(&source, &text, &file).map_err(|e| format!("{e}{text}"))?;
    let expected = path.with_extension("txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        return std::fs::write(&expected, &text).map_err(|e| format!("{}: {e}", expected.display()));
    }
    let known = read(&expected).map_err(|e| format!("{e}\nthe text is now:\n{text}"))?;
    diff(&known, &text).map_or(Ok(()), |diff| Err(format!("the diagnostics differ:\n{diff}")))
}
