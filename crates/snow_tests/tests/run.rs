//! `tests/run/**.snow` and `examples/*.snow`: programs and their output, unoptimised and optimised, both with the
//! leak check.

use std::path::Path;

use snow_tests::corpus::{Expected, files, read, root, shown};
use snow_tests::exec::{LIMIT, run_with, snow, snow_binary};
use snow_tests::pool::{Check, run_all};

#[test]
fn programs_give_their_output() {
    check_all("tests/run");
}

#[test]
fn examples_give_their_output() {
    check_all("examples");
}

fn check_all(folder: &str) {
    let folder = root().join(folder);
    let binary = snow_binary().unwrap_or_else(|e| panic!("{e}"));
    let mut checks = Vec::new();
    for path in files(&folder, "snow").unwrap_or_else(|e| panic!("{e}")) {
        for flags in [&[][..], &["--release"]] {
            let (binary, path, folder) = (binary.clone(), path.clone(), folder.clone());
            let name = format!("{} {}", shown(&path, &folder), flags.concat());
            checks.push(Check::new(name.trim_end(), move || check(&binary, &folder, &path, flags)));
        }
    }
    run_all(checks).unwrap_or_else(|report| panic!("\n{report}"));
}

fn check(binary: &Path, folder: &Path, path: &Path, flags: &[&str]) -> Result<(), String> {
    let expected = Expected::read(&read(path)?, read(&path.with_extension("out"))?)?;
    let file = shown(path, folder);
    let args = ["run"].into_iter().chain(flags.iter().copied()).chain([file.as_str()]);
    let mut command = snow(binary, folder, args);
    // What stands beside it as `name.in` is its standard input.
    let input = std::fs::read(path.with_extension("in")).ok();
    expected.check(&run_with(command.env("SNOW_CHECK", "leaks"), input, LIMIT)?)
}
