//! Do simulated runs give what they must?
//!
//! - `tests/simulated/*.snow` with a `.out`: programs about time, which run in simulations only, unoptimised and optimised.
//! - `tests/run/{actors,endings,programs,services,supervisors}`: the programs with processes give their output in simulations too.
//! - `races`: programs whose output depends on the seed. A race is found by some seed, and its seed shows it again; so it is with
//!   the clock and with random numbers.

use std::path::{Path, PathBuf};
use std::process::Command;

use snow_tests::corpus::{Expected, files, read, root, shown};
use snow_tests::exec::{LIMIT, Outcome, run, snow, snow_binary};
use snow_tests::pool::{Check, run_all};

/// How many seeds may be tried to find a race.
const SEEDS: u32 = 200;

#[test]
fn programs_about_time_give_their_output() {
    let folder = root().join("tests/simulated");
    check_all(&folder, &[&[], &["--release"]], 1..=5);
}

#[test]
fn programs_with_processes_give_their_output() {
    for folder in ["actors", "endings", "programs", "services", "supervisors"] {
        check_all(&root().join("tests/run").join(folder), &[&[]], 1..=2);
    }
}

#[test]
fn a_lost_update_is_found_and_shown_again() {
    found_and_shown_again("races/lost_update.snow", "2\n", "1\n");
}

/// Others may run between what two functions of the runtime do, with nothing of the program's own in between.
#[test]
fn an_end_before_it_is_watched_is_found() {
    found_and_shown_again("races/ended_before_watched.snow", "Shutdown\n", "NoProcess\n");
}

/// Some seed shows one output of a program, another seed the other one, and the same each time.
fn found_and_shown_again(file: &str, usual: &str, rare: &str) {
    let folder = root().join("tests/simulated");
    let program = Program::build(&folder, file, &[]).unwrap_or_else(|e| panic!("{e}"));
    let simulate = |seed: u32| {
        let outcome = program.simulate(seed).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(outcome.code, Some(0), "seed {seed}: {}", outcome.stderr);
        outcome.stdout
    };
    let first = |wanted: &str| (1..=SEEDS).find(|seed| simulate(*seed) == wanted);
    let (good, bad) = (first(usual), first(rare));
    assert!(good.is_some(), "no seed up to {SEEDS} gives {usual}");
    let again: Vec<String> = bad.iter().flat_map(|seed| [*seed; 5]).map(simulate).collect();
    assert!(bad.is_some(), "no seed up to {SEEDS} gives {rare}");
    assert!(again.iter().all(|output| output == rare), "seed {bad:?} gave {again:?}");
}

#[test]
fn clock_and_random_numbers_depend_on_the_seed_alone() {
    let folder = root().join("tests/simulated");
    let program = Program::build(&folder, "races/clock.snow", &[]).unwrap_or_else(|e| panic!("{e}"));
    let simulate = |seed: u32| program.simulate(seed).unwrap_or_else(|e| panic!("{e}")).stdout;
    let first = simulate(1);
    assert_eq!(first, simulate(1));
    assert_ne!(first, simulate(2));
    assert!(first.starts_with("2000-01-01T00:00:00"), "{first}");
}

/// Nothing else runs while a process waits for something outside: where that takes long, it must be said.
#[test]
fn who_stands_still_says_so() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let text = "fn main() do\n  println(System.run(\"sleep\", [\"2\"]).unwrap().status)\nend\n";
    std::fs::write(place.path().join("still.snow"), text).expect("the file can be written");
    let program = Program::build(place.path(), "still.snow", &[]).unwrap_or_else(|e| panic!("{e}"));
    let outcome = program.simulate(1).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(outcome.stdout, "0\n", "{}", outcome.stderr);
    let said = "process <0.1.0> (main) waits for something outside of the program; nothing else runs";
    assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
}

fn check_all(folder: &Path, builds: &[&'static [&'static str]], seeds: std::ops::RangeInclusive<u32>) {
    let mut checks = Vec::new();
    for path in files(folder, "snow").unwrap_or_else(|e| panic!("{e}")) {
        if path.parent().is_some_and(|parent| parent.ends_with("races")) {
            continue;
        }
        for &flags in builds {
            let (folder, path, seeds) = (folder.to_path_buf(), path.clone(), seeds.clone());
            let name = format!("{} {}", shown(&path, &folder), flags.concat());
            let name = name.trim_end().to_owned();
            checks.push(Check::new(name, move || check(&folder, &path, flags, seeds.clone())));
        }
    }
    run_all(checks).unwrap_or_else(|report| panic!("\n{report}"));
}

fn check(
    folder: &Path,
    path: &Path,
    flags: &[&str],
    mut seeds: std::ops::RangeInclusive<u32>,
) -> Result<(), String> {
    let expected = Expected::read(&read(path)?, read(&path.with_extension("out"))?)?;
    let program = Program::build(folder, &shown(path, folder), flags)?;
    seeds.try_for_each(|seed| {
        expected.check(&program.simulate(seed)?).map_err(|problem| format!("seed {seed}: {problem}"))
    })
}

/// A built program, which goes with this value.
struct Program(PathBuf);

impl Program {
    fn build(folder: &Path, file: &str, flags: &[&str]) -> Result<Program, String> {
        let name = format!("{}{}", file.replace(['/', '.'], "-"), flags.concat());
        let program = std::env::temp_dir().join(format!("snow-simulated-{}-{name}", std::process::id()));
        let out = program.to_string_lossy();
        let args = ["build", "-o", &out].into_iter().chain(flags.iter().copied()).chain([file]);
        let built = run(&mut snow(&snow_binary()?, folder, args), LIMIT)?;
        match built.code {
            Some(0) => Ok(Program(program)),
            _ => Err(built.stderr),
        }
    }

    fn simulate(&self, seed: u32) -> Result<Outcome, String> {
        let mut command = Command::new(&self.0);
        command.env("SNOW_SIM", seed.to_string()).env("SNOW_CHECK", "leaks");
        run(&mut command, LIMIT).map_err(|e| format!("seed {seed}: {e}"))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A test that fails has more to say than that a file stays behind.
        let _removed = std::fs::remove_file(&self.0);
    }
}
