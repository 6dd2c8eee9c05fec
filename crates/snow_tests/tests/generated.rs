//! Random programs: they have no mistakes, unoptimised and optimised code agree, and nothing leaks.
//!
//! `SNOW_FUZZ_ROUNDS` says how many programs, or `SNOW_FUZZ_SECONDS` how long; `SNOW_FUZZ_FIRST` the first seed.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use snow_tests::clock::Seeds;
use snow_tests::diff::diff;
use snow_tests::exec::{Outcome, run, snow, snow_binary};
use snow_tests::generate::program;

/// How many programs are compiled side by side.
const THREADS: usize = 2;

/// How long compiling one may take, on a machine that does other things, too.
const COMPILING: Duration = Duration::from_secs(300);

/// How long a program may run. They are no loops without end, but loops in loops in loops may take long: that's no failure.
const RUNNING: Duration = Duration::from_secs(20);

#[derive(Default)]
struct Tally {
    done: AtomicUsize,
    too_slow: AtomicUsize,
}

#[test]
fn optimised_programs_do_the_same() {
    let binary = snow_binary().unwrap_or_else(|e| panic!("{e}"));
    let seeds = Mutex::new(Seeds::new(4));
    let next = || seeds.lock().unwrap_or_else(|e| e.into_inner()).next();
    let (tally, failures) = (Tally::default(), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(seed) = next() {
                    if let Err(problem) = check(&binary, seed, &tally) {
                        println!("seed {seed}: {problem}");
                        failures.lock().unwrap_or_else(|e| e.into_inner()).push(seed);
                    }
                    tally.done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let seconds = seeds.into_inner().unwrap_or_else(|e| e.into_inner()).seconds();
    let done = tally.done.into_inner();
    println!("{done} programs in {seconds} s, {} ran too long to compare", tally.too_slow.into_inner());
    let failures = failures.into_inner().unwrap_or_else(|e| e.into_inner());
    assert!(
        failures.is_empty(),
        "seeds {failures:?}; `cargo run -p snow_tests --example generate -- SEED` shows one"
    );
}

fn check(binary: &Path, seed: u64, tally: &Tally) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| format!("no temporary folder: {e}"))?;
    let file = folder.path().join("generated.snow");
    std::fs::write(&file, program(seed)).map_err(|e| format!("{}: {e}", file.display()))?;
    let plain = outcome(binary, folder.path(), &[])?;
    let fast = outcome(binary, folder.path(), &["--release"])?;
    let (Some(plain), Some(fast)) = (plain, fast) else {
        tally.too_slow.fetch_add(1, Ordering::Relaxed);
        return Ok(());
    };
    judge(&plain, &fast).map_or(Ok(()), Err)
}

/// What the program does, compiled this way; `None` if it runs too long.
fn outcome(binary: &Path, folder: &Path, options: &[&str]) -> Result<Option<Outcome>, String> {
    let args = ["build", "-o", "generated"].iter().chain(options).chain(&["generated.snow"]);
    let built = run(&mut snow(binary, folder, args), COMPILING)?;
    if built.code != Some(0) {
        let at = built.stderr.find("error").unwrap_or(0);
        return Err(format!("compiling with {options:?}: {:?}\n{}", built.code, &built.stderr[at..]));
    }
    let mut program = std::process::Command::new(folder.join("generated"));
    program.env("SNOW_CHECK", "leaks").env("NO_COLOR", "1").env_remove("SNOW_SIM").current_dir(folder);
    Ok(run(&mut program, RUNNING).ok())
}

fn judge(plain: &Outcome, fast: &Outcome) -> Option<String> {
    // Status 1: the program itself crashed, which it may while constants are computed.
    if !matches!(plain.code, Some(0 | 1)) {
        return Some(format!("exit code {:?}\n{}", plain.code, plain.stderr));
    }
    if plain.code != fast.code {
        return Some(format!("exit code {:?}, optimised {:?}: {}", plain.code, fast.code, fast.stderr));
    }
    diff(&plain.stdout, &fast.stdout).map(|diff| format!("optimised code prints something else:\n{diff}"))
}
