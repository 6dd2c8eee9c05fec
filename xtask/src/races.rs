//! `cargo xtask races [N] FILE…`: runs programs with a runtime that the thread sanitizer watches, N times with 2, 4 and 8 workers.
//!
//! The runtime's archive is built with the sanitizer, its standard library too (`rustup component add rust-src`). A script
//! that stands in for the linker puts that archive in the place of the usual one. Compiled Snow code isn't watched: what
//! it touches belongs to one process, and the runtime's copies, counts and hand-overs are what could go wrong.
//!
//! What programs print isn't compared: `repeat` does that.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const TARGET: &str = "x86_64-unknown-linux-gnu";
const FOLDER: &str = "target/races";
const WORKERS: [&str; 3] = ["2", "4", "8"];
/// With what a program ends that had a race.
const RACED: i32 = 66;

/// The deque reads what may be stolen before it knows whether it was: whoever loses throws the value away.
const KNOWN: &str = "race:crossbeam_deque\n";

/// Runs the programs named in `args`.
///
/// # Errors
/// Where something can't be built, and the first race or crash of the sanitizer, with where its report is.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let times = args.first().and_then(|n| n.parse::<u32>().ok());
    let paths: Vec<&String> = args.iter().skip(usize::from(times.is_some())).collect();
    if paths.is_empty() {
        return Err("races needs programs".into());
    }
    let folder = std::path::absolute(FOLDER).map_err(|e| e.to_string())?;
    let linker = prepare(&folder)?;
    for path in paths {
        let program = build(Path::new(path), &folder, &linker)?;
        for n in 0..times.unwrap_or(1) {
            for workers in WORKERS {
                watch(&program, &folder, workers).map_err(|e| format!("{path}, run {}: {e}", n + 1))?;
            }
        }
        println!("{path}: no race");
    }
    Ok(())
}

/// Builds the watched runtime and the script that links with it; gives the folder of the script.
fn prepare(folder: &Path) -> Result<PathBuf, String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "build",
        "--quiet",
        "--release",
        "-Zbuild-std",
        "--package",
        "snow_rt_archive",
        "--target",
        TARGET,
    ]);
    cargo.arg("--target-dir").arg(folder);
    cargo.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Zsanitizer=thread --cfg snow_tsan");
    succeed(&mut cargo)?;
    let archive = folder.join(TARGET).join("release/libsnow_rt_archive.a");
    let root = text_of(Command::new("rustc").args(["--print", "sysroot"]))?;
    let sanitizer =
        Path::new(root.trim()).join(format!("lib/rustlib/{TARGET}/lib/librustc-stable_rt.tsan.a"));
    let real =
        text_of(Command::new("sh").args(["-c", "command -v mold || command -v ld.lld-19 || command -v ld"]))?;
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).map_err(|e| e.to_string())?;
    let script = format!(
        "#!/bin/bash\nargs=()\nfor arg in \"$@\"; do\n  case \"$arg\" in\n    */runtime-*.a) args+=('{}' --whole-archive '{}' \
         --no-whole-archive --export-dynamic -lrt);;\n    --gc-sections) ;;\n    *) args+=(\"$arg\");;\n  esac\ndone\nexec '{}' \
         \"${{args[@]}}\"\n",
        archive.display(),
        sanitizer.display(),
        real.trim()
    );
    let linker = bin.join("mold");
    fs::write(&linker, script).map_err(|e| e.to_string())?;
    fs::set_permissions(&linker, fs::Permissions::from_mode(0o755)).map_err(|e| e.to_string())?;
    fs::write(folder.join("known"), KNOWN).map_err(|e| e.to_string())?;
    Ok(bin)
}

fn build(path: &Path, folder: &Path, linker: &Path) -> Result<PathBuf, String> {
    let compiler = std::env::var("SNOW_BIN").unwrap_or_else(|_| "target/debug/snow".to_owned());
    let program = folder.join("program");
    let search = format!("{}:{}", linker.display(), std::env::var("PATH").unwrap_or_default());
    succeed(Command::new(compiler).arg("build").arg(path).arg("-o").arg(&program).env("PATH", search))?;
    let bytes = fs::read(&program).map_err(|e| e.to_string())?;
    let mark: &[u8] = b"ThreadSanitizer";
    if !bytes.windows(mark.len()).any(|part| part == mark) {
        return Err(format!("{} was linked without the sanitizer", path.display()));
    }
    Ok(program)
}

fn watch(program: &Path, folder: &Path, workers: &str) -> Result<(), String> {
    let report = folder.join("report");
    let file = fs::File::create(&report).map_err(|e| e.to_string())?;
    let known = folder.join("known");
    let mut command = Command::new(program);
    command.env("SNOW_WORKERS", workers).stdin(Stdio::null()).stdout(Stdio::null()).stderr(file);
    command.env("TSAN_OPTIONS", format!("exitcode={RACED} history_size=4 suppressions={}", known.display()));
    let status = command.status().map_err(|e| e.to_string())?;
    if status.code() == Some(RACED) {
        return Err(format!("with {workers} workers: see {}", report.display()));
    }
    Ok(())
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|e| format!("{command:?}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}")) }
}

fn text_of(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|e| format!("{command:?}: {e}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{command:?}: {}", output.status))
    }
}
