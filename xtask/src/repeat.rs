//! `cargo xtask repeat [N] [--seeds N] [--release] FILE…`: runs programs again and again, looking for a run that differs.
//!
//! A file `x.snow` has its output in `x.out`; the first lines of the program may say more, as for the tests. Each run has
//! another number of workers, and the leak check. With `--seeds` the runs are simulations with the seeds 1 to N instead.
//! A folder stands for all programs in it that have an output.

use std::path::{Path, PathBuf};
use std::process::Command;

use snow_tests::corpus::{Expected, all_files, read};
use snow_tests::exec::{LIMIT, run as run_program};

/// Numbers of workers, in turns.
const WORKERS: [&str; 4] = ["2", "1", "4", "8"];

struct Options {
    times: u32,
    seeds: Option<u32>,
    release: bool,
    paths: Vec<PathBuf>,
}

/// Runs the programs named in `args`.
///
/// # Errors
/// The first run that differs, with what it needs to be repeated.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let options = parse(args)?;
    let compiler = std::env::var("SNOW_BIN").unwrap_or_else(|_| "target/debug/snow".to_owned());
    for path in &options.paths {
        let expected = Expected::read(&read(path)?, read(&path.with_extension("out"))?)?;
        let program = build(&compiler, path, options.release)?;
        let runs = options.seeds.unwrap_or(options.times);
        for n in 1..=runs {
            let mut command = Command::new(&program);
            let setting = match options.seeds {
                Some(_) => ("SNOW_SIM", n.to_string()),
                None => ("SNOW_WORKERS", WORKERS[n as usize % WORKERS.len()].to_owned()),
            };
            command.env("SNOW_CHECK", "leaks").env(setting.0, &setting.1);
            let found = run_program(&mut command, LIMIT).and_then(|outcome| expected.check(&outcome));
            found
                .map_err(|e| format!("{}, run {n} with {}={}: {e}", path.display(), setting.0, setting.1))?;
        }
        println!("{}: {runs} runs", path.display());
    }
    Ok(())
}

fn parse(args: &[String]) -> Result<Options, String> {
    let mut options = Options { times: 200, seeds: None, release: false, paths: Vec::new() };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--release" => options.release = true,
            "--seeds" => {
                let seeds = args.next().and_then(|n| n.parse().ok()).ok_or("--seeds takes a number")?;
                options.seeds = Some(seeds);
            }
            arg => match arg.parse() {
                Ok(times) => options.times = times,
                Err(_) => add(Path::new(arg), &mut options.paths)?,
            },
        }
    }
    if options.paths.is_empty() { Err("repeat needs programs or folders".into()) } else { Ok(options) }
}

fn add(path: &Path, paths: &mut Vec<PathBuf>) -> Result<(), String> {
    if path.is_dir() {
        let files = all_files(path, "snow")?;
        paths.extend(files.into_iter().filter(|file| file.with_extension("out").is_file()));
    } else {
        paths.push(path.to_path_buf());
    }
    Ok(())
}

fn build(compiler: &str, path: &Path, release: bool) -> Result<PathBuf, String> {
    let folder = PathBuf::from("target/repeat");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let program = folder.join(path.file_stem().ok_or("a program has a name")?);
    let mut command = Command::new(compiler);
    command.arg("build").args(release.then_some("--release")).arg("-o").arg(&program).arg(path);
    let status = command.status().map_err(|e| format!("{compiler}: {e}"))?;
    if status.success() { Ok(program) } else { Err(format!("{} doesn't compile", path.display())) }
}
