//! Random programs: unoptimised and optimised code agree, and nothing leaks. `SNOW_FUZZ_ROUNDS` says how many.

use std::path::Path;

use snow_tests::diff::diff;
use snow_tests::exec::{LIMIT, Outcome, run, snow, snow_binary};
use snow_tests::generate::program;
use snow_tests::pool::{Check, run_all};

#[test]
fn optimised_programs_do_the_same() {
    let rounds: u64 = std::env::var("SNOW_FUZZ_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(8);
    let first: u64 = std::env::var("SNOW_FUZZ_FIRST").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let binary = snow_binary().unwrap_or_else(|e| panic!("{e}"));
    let checks = (first..first + rounds).map(|seed| {
        let binary = binary.clone();
        Check::new(format!("seed {seed}"), move || check(&binary, seed))
    });
    run_all(checks.collect()).unwrap_or_else(|report| panic!("\n{report}"));
}

fn check(binary: &Path, seed: u64) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| format!("no temporary folder: {e}"))?;
    let text = program(seed);
    let file = folder.path().join("generated.snow");
    std::fs::write(&file, &text).map_err(|e| format!("{}: {e}", file.display()))?;
    let outcome = |args: &[&str]| {
        let args = ["run"].iter().chain(args).chain(&["generated.snow"]);
        run(snow(binary, folder.path(), args).env("SNOW_CHECK", "leaks"), LIMIT)
    };
    let (plain, fast) = (outcome(&[])?, outcome(&["--release"])?);
    let problem = judge(&plain, &fast);
    problem.map_or(Ok(()), |problem| Err(format!("{problem}\n{text}")))
}

fn judge(plain: &Outcome, fast: &Outcome) -> Option<String> {
    // Status 1 without `error[`: the program itself crashed, which it may.
    if !matches!(plain.code, Some(0 | 1)) || plain.stderr.contains("error[") {
        let at = plain.stderr.find("error").unwrap_or(0);
        return Some(format!("exit code {:?}\n{}", plain.code, &plain.stderr[at..]));
    }
    if plain.code != fast.code {
        return Some(format!("exit code {:?}, optimised {:?}: {}", plain.code, fast.code, fast.stderr));
    }
    diff(&plain.stdout, &fast.stdout).map(|diff| format!("optimised code prints something else:\n{diff}"))
}
