//! Benchmarks: Snow beside its peers, interleaved, medians, as ratios.
//!
//! Each folder of `benchmarks/` holds one program in several languages: `fib/fib.snow`, `fib/fib.c`, …. All must
//! print the same. `fib_x4.snow`, where there is one, does four times the work: its row shows how time grows.
//! `--tokio` adds the programs of `benchmarks/tokio`, a crate of its own that needs tokio; they are built only then.
//! Languages whose toolchain isn't here are named and left out. Where the Snow program starts processes, it also runs
//! on one worker. The peak of memory is looked up while a program runs: what grows in its last
//! milliseconds isn't seen.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A language that a benchmark may be written in.
struct Language {
    name: &'static str,
    extension: &'static str,
    /// The command that compiles, `{src}` and `{out}` replaced.
    compile: &'static [&'static str],
    /// The command that runs what was compiled, if that doesn't run by itself: `{stem}` replaced.
    run: Option<&'static str>,
}

const LANGUAGES: &[Language] = &[
    Language {
        name: "Snow",
        extension: "snow",
        compile: &["{snow}", "build", "--release", "-o", "{out}", "{src}"],
        run: None,
    },
    Language {
        name: "C",
        extension: "c",
        compile: &["gcc", "-O2", "-o", "{out}", "{src}", "-lm"],
        run: None,
    },
    Language { name: "Rust", extension: "rs", compile: &["rustc", "-O", "-o", "{out}", "{src}"], run: None },
    Language { name: "Go", extension: "go", compile: &["go", "build", "-o", "{out}", "{src}"], run: None },
    Language {
        name: "Erlang",
        extension: "erl",
        compile: &["erlc", "-o", "target/bench", "{src}"],
        run: Some("exec erl +P 2000000 -noshell -pa target/bench -s {stem} main -s erlang halt"),
    },
];

/// The crate with the peers that use tokio, and the folder for what is built of it.
const TOKIO: [&str; 2] = ["benchmarks/tokio", "target/bench-tokio"];

/// The benchmark of idle processes, how many it has, and the one whose memory a program has anyway.
const IDLE: (&str, u64, &str) = ("idle", 1_000_000, "hello");

/// What is to be run.
struct Options {
    runs: usize,
    tokio: bool,
    names: Vec<String>,
}

struct Contender {
    label: String,
    program: PathBuf,
    workers: Option<&'static str>,
    times: Vec<Duration>,
    /// Kilobytes.
    peak: u64,
    output: Option<Vec<u8>>,
}

/// Runs the benchmarks named in `args`, or all.
///
/// # Errors
/// A program doesn't compile, fails, or prints something else than the others.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let options = parse(args)?;
    let mut folders: Vec<PathBuf> = fs::read_dir("benchmarks")
        .map_err(|e| format!("benchmarks: {e}; run this at the root of the workspace"))?
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.is_dir() && !p.ends_with("tokio"))
        .collect();
    folders.sort();
    build_compiler()?;
    if options.tokio {
        build_tokio()?;
    }
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if options.names.is_empty() || options.names.contains(&name) {
            bench(&name, &folder, &options)?;
        }
    }
    Ok(())
}

fn parse(args: &[String]) -> Result<Options, String> {
    let mut options = Options { runs: 5, tokio: false, names: Vec::new() };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--runs" {
            options.runs = args.next().and_then(|n| n.parse().ok()).ok_or("--runs takes a number")?;
        } else if arg == "--tokio" {
            options.tokio = true;
        } else {
            options.names.push(arg.clone());
        }
    }
    Ok(options)
}

/// The compiler to measure: `SNOW_BIN`, else the one built here.
pub(crate) fn compiler() -> String {
    std::env::var("SNOW_BIN").unwrap_or_else(|_| "target/release/snow".to_owned())
}

pub(crate) fn build_compiler() -> Result<(), String> {
    if std::env::var_os("SNOW_BIN").is_some() {
        return Ok(());
    }
    let args = [
        "build",
        "--quiet",
        "--release",
        "-p",
        "snow_cli",
        "--no-default-features",
        "--features",
        "static-llvm",
    ];
    let status = Command::new("cargo").args(args).status().map_err(|e| e.to_string())?;
    if status.success() { Ok(()) } else { Err("the compiler doesn't build".into()) }
}

fn build_tokio() -> Result<(), String> {
    let manifest = format!("{}/Cargo.toml", TOKIO[0]);
    let args = ["build", "--quiet", "--release", "--manifest-path", &manifest, "--target-dir", TOKIO[1]];
    let status = Command::new("cargo").args(args).status().map_err(|e| e.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("{} doesn't build", TOKIO[0])) }
}

/// The program with tokio for a benchmark, where there is one.
fn tokio_peer(name: &str) -> Option<Contender> {
    let source = Path::new(TOKIO[0]).join("src/bin").join(format!("{name}.rs"));
    let program = Path::new(TOKIO[1]).join("release").join(name);
    source.is_file().then(|| Contender::new("Rust, tokio", program))
}

fn bench(name: &str, folder: &Path, options: &Options) -> Result<(), String> {
    let mut contenders = Vec::new();
    let mut missing = Vec::new();
    for language in LANGUAGES {
        let source = folder.join(format!("{name}.{}", language.extension));
        if !source.is_file() {
            continue;
        }
        match compile(language, &source, language.name)? {
            Some(contender) => contenders.push(contender),
            None => missing.push(language.name),
        }
    }
    contenders.extend(tokio_peer(name).filter(|_| options.tokio));
    let grown = folder.join(format!("{name}_x4.snow"));
    let grown =
        if grown.is_file() { compile(&LANGUAGES[0], &grown, "Snow, 4 times the work")? } else { None };
    let peers = contenders.len();
    let program = folder.join(format!("{name}.snow"));
    if starts_processes(&program)? {
        let single = compile(&LANGUAGES[0], &program, "Snow, one worker")?;
        contenders.extend(single.map(|c| Contender { workers: Some("1"), ..c }));
    }
    contenders.extend(grown);
    for _ in 0..options.runs {
        for contender in &mut contenders {
            measure(contender)?;
        }
    }
    if let Some(odd) = contenders[..peers].iter().find(|c| c.output != contenders[0].output) {
        return Err(format!("{name}: {} prints something else than {}", odd.label, contenders[0].label));
    }
    print_table(name, &contenders);
    if name == IDLE.0 {
        print_bytes(&contenders, folder)?;
    }
    if !missing.is_empty() {
        println!("  not here: {}", missing.join(", "));
    }
    Ok(())
}

/// Whether a Snow program starts processes besides `main`.
fn starts_processes(program: &Path) -> Result<bool, String> {
    let text = fs::read_to_string(program).map_err(|e| format!("{}: {e}", program.display()))?;
    Ok(["spawn(", ".start(", "Job."].iter().any(|word| text.contains(word)))
}

fn compile(language: &Language, source: &Path, label: &str) -> Result<Option<Contender>, String> {
    let out = PathBuf::from("target/bench");
    fs::create_dir_all(&out).map_err(|e| e.to_string())?;
    let stem = source.file_stem().unwrap_or_default().to_string_lossy();
    let out = out.join(format!("{stem}-{}", language.extension));
    let fill = |word: &&str| match *word {
        "{snow}" => compiler(),
        "{src}" => source.display().to_string(),
        "{out}" => out.display().to_string(),
        word => word.to_owned(),
    };
    let words: Vec<String> = language.compile.iter().map(fill).collect();
    let status = match Command::new(&words[0]).args(&words[1..]).status() {
        Ok(status) => status,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(format!("{}: {e}", words[0])),
    };
    if !status.success() {
        return Err(format!("{} doesn't compile", source.display()));
    }
    if let Some(run) = language.run {
        write_script(&out, &run.replace("{stem}", &stem))?;
    }
    Ok(Some(Contender::new(label, out)))
}

impl Contender {
    fn new(label: &str, program: PathBuf) -> Contender {
        let label = label.to_owned();
        Contender { label, program, workers: None, times: Vec::new(), peak: 0, output: None }
    }
}

fn write_script(path: &Path, line: &str) -> Result<(), String> {
    let write = || {
        fs::write(path, format!("#!/bin/sh\n{line}\n"))?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))
    };
    write().map_err(|e| format!("{}: {e}", path.display()))
}

fn measure(contender: &mut Contender) -> Result<(), String> {
    let fail = |e: std::io::Error| format!("{}: {e}", contender.program.display());
    let mut command = Command::new(&contender.program);
    if let Some(workers) = contender.workers {
        command.env("SNOW_WORKERS", workers);
    }
    let start = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(fail)?;
    let ended = Arc::new(AtomicBool::new(false));
    let watcher = watch_peak(child.id(), Arc::clone(&ended));
    let output = child.wait_with_output().map_err(fail)?;
    contender.times.push(start.elapsed());
    ended.store(true, Ordering::Relaxed);
    contender.peak = contender.peak.max(watcher.join().unwrap_or(0));
    if !output.status.success() {
        return Err(format!("{} fails: {}", contender.program.display(), output.status));
    }
    contender.output = Some(output.stdout);
    Ok(())
}

/// Looks up the peak of a process's memory, in kilobytes, until it has ended; 0 where the system doesn't tell.
fn watch_peak(process: u32, ended: Arc<AtomicBool>) -> JoinHandle<u64> {
    let status = format!("/proc/{process}/status");
    std::thread::spawn(move || {
        let mut peak = 0;
        while !ended.load(Ordering::Relaxed) {
            let text = fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let now = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            peak = peak.max(now.unwrap_or(0));
            std::thread::sleep(Duration::from_millis(5));
        }
        peak
    })
}

fn print_table(name: &str, contenders: &[Contender]) {
    println!("{name}");
    let snow = median(&contenders[0].times);
    for contender in contenders {
        let median = median(&contender.times);
        let min = contender.times.iter().min().copied().unwrap_or_default();
        println!(
            "  {:<24} median {:>8.1} ms  min {:>8.1} ms  peak {:>7.1} MB  Snow takes {:>5.2} x",
            contender.label,
            median.as_secs_f64() * 1e3,
            min.as_secs_f64() * 1e3,
            contender.peak as f64 / 1024.0,
            snow.as_secs_f64() / median.as_secs_f64()
        );
    }
}

/// What an idle process takes: the peak without that of an empty program, divided by their number.
fn print_bytes(contenders: &[Contender], folder: &Path) -> Result<(), String> {
    let (_, count, empty) = IDLE;
    let empty = folder.with_file_name(empty).join(format!("{empty}.snow"));
    let Some(mut empty) = compile(&LANGUAGES[0], &empty, "empty")? else { return Ok(()) };
    measure(&mut empty)?;
    for contender in contenders {
        let bytes = contender.peak.saturating_sub(empty.peak) * 1024 / count;
        println!("  {:<24} {bytes:>8} bytes each", contender.label);
    }
    Ok(())
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[times.len() / 2]
}
