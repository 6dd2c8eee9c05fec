//! `cargo xtask bench-compiler`: how long the compiler takes for a made project of 20,000 lines in 200 modules, cold and
//! after an edit inside one function's body, and how much memory.
//!
//! Cold means that nothing is kept from earlier runs. Medians; processor time beside elapsed time, since it hardly
//! depends on what else the machine does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::project;

/// Runs of each kind.
const RUNS: usize = 5;

/// What one run took.
#[derive(Clone, Copy)]
struct Run {
    elapsed: Duration,
    processor: Duration,
    /// Kilobytes.
    peak: u64,
}

/// Measures.
///
/// # Errors
/// The compiler doesn't build, or refuses the project.
pub(crate) fn run() -> Result<(), String> {
    crate::bench::build_compiler()?;
    let place = PathBuf::from("target/bench/project");
    let _ = fs::remove_dir_all(&place);
    let app = place.join("app");
    let mut modules = snow_tests::project::project(project::SIZE.0, project::SIZE.1, 1);
    project::write(&app, &modules)?;
    let lines: usize = modules.iter().map(|m| m.text.lines().count()).sum();
    println!("{lines} lines in {} modules", modules.len());
    for command in ["check", "build"] {
        let (mut cold, mut unchanged, mut edited) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..RUNS {
            let _ = fs::remove_dir_all(place.join("cache"));
            cold.push(compile(command, &place)?);
            unchanged.push(compile(command, &place)?);
            let module = &mut modules[100 + round];
            module.text = edit(&module.text, round);
            project::write(&app, std::slice::from_ref(module))?;
            edited.push(compile(command, &place)?);
        }
        show(command, "cold", &cold);
        show(command, "nothing changed", &unchanged);
        show(command, "after an edit", &edited);
    }
    Ok(())
}

/// Another number inside the body of `light`.
fn edit(text: &str, round: usize) -> String {
    text.replacen("% 1009", &format!("% {}", 1010 + round), 1)
}

fn compile(command: &str, place: &Path) -> Result<Run, String> {
    let mut snow = Command::new("/usr/bin/time");
    snow.args(["-f", "%U %S %M"]).arg(crate::bench::compiler()).arg(command).arg(place.join("app"));
    if command == "build" {
        snow.arg("-o").arg(place.join("program"));
    }
    let cache = fs::canonicalize(place).map_err(|e| e.to_string())?.join("cache");
    let start = Instant::now();
    let output = snow.env("XDG_CACHE_HOME", cache).output().map_err(|e| format!("/usr/bin/time: {e}"))?;
    let elapsed = start.elapsed();
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("snow {command} fails:\n{text}"));
    }
    let figures: Vec<f64> =
        text.lines().last().unwrap_or_default().split(' ').filter_map(|n| n.parse().ok()).collect();
    let [user, system, peak] = figures[..] else { return Err(format!("no figures in:\n{text}")) };
    Ok(Run { elapsed, processor: Duration::from_secs_f64(user + system), peak: peak as u64 })
}

fn show(command: &str, what: &str, runs: &[Run]) {
    let median = |of: fn(&Run) -> Duration| {
        let mut times: Vec<Duration> = runs.iter().map(of).collect();
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1e3
    };
    let peak = runs.iter().map(|run| run.peak).max().unwrap_or(0) as f64 / 1024.0;
    println!(
        "  {command} {what:<16} elapsed {:>7.0} ms  processor {:>7.0} ms  peak {peak:>6.0} MB",
        median(|run| run.elapsed),
        median(|run| run.processor),
    );
}
