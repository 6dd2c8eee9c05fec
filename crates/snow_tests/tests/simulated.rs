//! `tests/simulated`: does a simulated run find a race, and does its seed show it again?

use std::path::Path;

use snow_tests::corpus::root;
use snow_tests::exec::{LIMIT, run, snow, snow_binary};

/// How many seeds may be tried.
const SEEDS: u32 = 1000;

#[test]
fn a_lost_update_is_found_and_shown_again() {
    let folder = root().join("tests/simulated");
    let binary = snow_binary().unwrap_or_else(|e| panic!("{e}"));
    let program = std::env::temp_dir().join(format!("snow-lost-update-{}", std::process::id()));
    let args = ["build".as_ref(), "-o".as_ref(), program.as_os_str(), "lost_update.snow".as_ref()];
    let built = run(&mut snow(&binary, &folder, args), LIMIT).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(built.code, Some(0), "{}", built.stderr);
    let good = (1..=SEEDS).find(|seed| simulate(&program, *seed) == "2\n");
    let lost = (1..=SEEDS).find(|seed| simulate(&program, *seed) == "1\n");
    let again: Vec<String> = lost.iter().flat_map(|seed| [*seed; 5]).map(|s| simulate(&program, s)).collect();
    let removed = std::fs::remove_file(&program);
    assert!(removed.is_ok(), "{removed:?}");
    assert!(good.is_some(), "every seed loses the update");
    assert!(lost.is_some(), "no seed up to {SEEDS} loses the update");
    assert!(again.iter().all(|output| output == "1\n"), "seed {lost:?} gave {again:?}");
}

fn simulate(program: &Path, seed: u32) -> String {
    let mut command = std::process::Command::new(program);
    command.env("SNOW_SIM", seed.to_string()).env("SNOW_CHECK", "leaks");
    let outcome = run(&mut command, LIMIT).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
    assert_eq!(outcome.code, Some(0), "seed {seed}: {}", outcome.stderr);
    outcome.stdout
}
