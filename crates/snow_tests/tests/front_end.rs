//! Names and types on the project's programs, whole and damaged: std is free of mistakes, nothing panics.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use snow_base::SourceMap;
use snow_diagnostics::{Diagnostic, Severity, render_json, render_text};
use snow_hir::{ParsedFile, lower_program};
use snow_syntax::parse;
use snow_tests::clock::Seeds;
use snow_tests::corpus::{files, read, root, shown};
use snow_tests::exec::{run, snow, snow_binary};
use snow_tests::generate::program;
use snow_tests::mutate::{Random, mutate};
use snow_tests::reference::blocks;
use snow_tests::twist::twist;
use snow_typeck::check_program;

/// The standard library, parsed.
fn std_files(sources: &mut SourceMap) -> Vec<ParsedFile> {
    snow_std::files().iter().map(|(module, text)| parse_file(sources, module, text, true)).collect()
}

fn parse_file(sources: &mut SourceMap, module: &str, text: &str, is_std: bool) -> ParsedFile {
    let path = format!("{module}.snow");
    let file = sources.add(path.as_str(), text);
    let tree = parse(text, file).tree();
    ParsedFile { file, path, module_path: module.to_owned(), tree, is_std, is_root: !is_std }
}

/// Errors as text.
fn errors(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error);
    errors.map(|d| render_text(d, sources, false) + "\n").collect()
}

/// The programs of one file, and those of the reference: where they stand, and their text.
fn programs() -> Vec<(String, String)> {
    let folder = root().join("tests/run");
    let found = files(&folder, "snow").unwrap_or_else(|e| panic!("{e}"));
    let single = found.iter().filter(|file| !file.ends_with("main.snow"));
    let mut programs: Vec<_> =
        single.map(|file| (shown(file, &folder), read(file).unwrap_or_else(|e| panic!("{e}")))).collect();
    let pages = root().join("docs/reference");
    for page in files(&pages, "md").unwrap_or_else(|e| panic!("{e}")) {
        let found = read(&page).and_then(|text| blocks(&text)).unwrap_or_else(|e| panic!("{e}"));
        let good = found.into_iter().filter(|block| block.fail.is_none());
        programs.extend(good.map(|block| (format!("{}:{}", shown(&page, &pages), block.line), block.source)));
    }
    programs
}

/// Lowers and checks programs, each a module of its own, together with std.
fn check(std: &[ParsedFile], sources: &mut SourceMap, programs: &[(String, String)]) -> Vec<Diagnostic> {
    let mut files = std.to_vec();
    for (index, (_, text)) in programs.iter().enumerate() {
        files.push(parse_file(sources, &format!("Program{index}"), text, false));
    }
    let (program, mut diagnostics) = lower_program(&files);
    diagnostics.extend(check_program(&program, &[]).1);
    diagnostics
}

#[test]
fn programs_have_no_errors() {
    let mut sources = SourceMap::default();
    let std = std_files(&mut sources);
    let programs = programs();
    let mut diagnostics = check(&std, &mut sources, &programs);
    for (path, text) in &programs {
        diagnostics.extend(parse(text, sources.add(path.as_str(), text.as_str())).diagnostics);
    }
    let report = errors(&diagnostics, &sources);
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn damaged_programs_are_no_reason_to_panic() {
    let mut sources = SourceMap::default();
    let std = std_files(&mut sources);
    let panics = |programs: &[(String, String)]| {
        catch_unwind(AssertUnwindSafe(|| check(&std, &mut sources.clone(), programs))).is_err()
    };
    for seed in Seeds::new(2) {
        let mut programs = programs();
        for (_, text) in &mut programs {
            *text = mutate(text, &mut Random::new(seed));
        }
        // All at once, since std takes most of the time; one by one to find the culprit.
        if panics(&programs) {
            let culprit = programs.iter().find(|program| panics(std::slice::from_ref(program)));
            let (path, text) = culprit.unwrap_or(&programs[0]);
            panic!("{path}, seed {seed}: a panic on:\n{text}");
        }
    }
}

/// How many changed programs are checked together with std.
const BATCH: usize = 12;

/// How long checking them may take, on a machine that does other things, too.
const CHECKING: Duration = Duration::from_secs(120);

/// Stack of the thread that checks, as `snow` has it.
const STACK: usize = 512 << 20;

/// What was done in how many steps.
#[derive(Default)]
struct Tally {
    programs: usize,
    parsed: usize,
    accepted: usize,
    run: usize,
}

#[test]
fn twisted_programs_are_accepted_or_refused() {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(twisted_programs);
    let failures = thread.expect("a thread").join().expect("no panic");
    assert!(failures.is_empty(), "seeds {failures:?}");
}

fn twisted_programs() -> Vec<u64> {
    let mut sources = SourceMap::default();
    let std = std_files(&mut sources);
    let programs = programs();
    let (mut seeds, mut tally, mut failures) = (Seeds::new(2), Tally::default(), Vec::new());
    let timed = seeds.is_timed();
    for seed in seeds.by_ref() {
        let mut random = Random::new(seed.wrapping_mul(0x9e37_79b9));
        let batch: Vec<(String, String)> = (0..BATCH)
            .map(|at| {
                // Generated programs are large; one is enough.
                let (name, text) = match at {
                    0 if timed => (format!("generated {seed}"), program(seed)),
                    _ => programs[random.below(programs.len())].clone(),
                };
                (name, twist(&text, &mut random))
            })
            .collect();
        if let Err(problem) = check_batch(&std, &sources, &batch, &mut random, &mut tally) {
            println!("seed {seed}: {problem}");
            failures.push(seed);
        }
    }
    println!(
        "{} programs in {} s: {} without mistakes in their syntax, {} accepted, {} of those compiled and run",
        tally.programs,
        seeds.seconds(),
        tally.parsed,
        tally.accepted,
        tally.run
    );
    failures
}

fn check_batch(
    std: &[ParsedFile],
    sources: &SourceMap,
    batch: &[(String, String)],
    random: &mut Random,
    tally: &mut Tally,
) -> Result<(), String> {
    let start = Instant::now();
    let checked = |programs: &[(String, String)]| {
        let mut sources = sources.clone();
        let found = catch_unwind(AssertUnwindSafe(|| check(std, &mut sources, programs))).ok()?;
        Some((found, sources))
    };
    let Some((found, all)) = checked(batch) else {
        let culprit = batch.iter().find(|program| checked(std::slice::from_ref(program)).is_none());
        let (name, text) = culprit.unwrap_or(&batch[0]);
        return Err(format!("a panic on {name}, changed to:\n{text}"));
    };
    let time = start.elapsed();
    let shown = places(&found, &all, std.len())?;
    if time > CHECKING {
        return Err(format!("checking took {} s", time.as_secs()));
    }
    if random.below(4) == 0 {
        let (again, sources) = checked(batch).ok_or("a second run panics")?;
        if places(&again, &sources, std.len())? != shown {
            return Err("a second run finds something else".to_owned());
        }
    }
    let refused: HashSet<usize> =
        found.iter().filter(|d| d.is_error()).map(|d| d.span().file.0 as usize - std.len()).collect();
    let good = |text: &str| parse(text, snow_base::FileId(0)).diagnostics.is_empty();
    let parsed: Vec<usize> = (0..batch.len()).filter(|&at| good(&batch[at].1)).collect();
    let accepted: Vec<usize> = parsed.iter().copied().filter(|at| !refused.contains(at)).collect();
    tally.programs += batch.len();
    tally.parsed += parsed.len();
    tally.accepted += accepted.len();
    // One of each sort goes through the whole compiler.
    for chosen in [&accepted, &parsed] {
        if !chosen.is_empty() {
            let (name, text) = &batch[chosen[random.below(chosen.len())]];
            compile_and_run(text, tally).map_err(|problem| format!("{name}: {problem}\nin:\n{text}"))?;
        }
    }
    Ok(())
}

/// All that was found, as users see it. Every error stands in the programs, not in std.
fn places(found: &[Diagnostic], sources: &SourceMap, std: usize) -> Result<String, String> {
    let mut text = String::new();
    for diagnostic in found {
        let span = diagnostic.span();
        let file = sources.file(span.file);
        let shown = render_text(diagnostic, sources, false);
        if diagnostic.is_error() && (span.file.0 as usize) < std {
            return Err(format!("an error in std:\n{shown}"));
        }
        let ranges = diagnostic.labels.iter().map(|label| label.span);
        let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.0);
        for place in ranges.chain(edits) {
            if usize::from(place.text_range().end()) > sources.file(place.file).text.len() {
                return Err(format!("a place outside of {}:\n{diagnostic:?}", file.path));
            }
        }
        text += &(render_json(diagnostic, sources) + &shown);
    }
    Ok(text)
}

/// `snow build` may refuse a program, and what it builds may crash; but nothing fails by a mistake of the compiler or
/// leaks.
fn compile_and_run(text: &str, tally: &mut Tally) -> Result<(), String> {
    let binary = snow_binary()?;
    let folder = tempfile::tempdir().map_err(|e| format!("no temporary folder: {e}"))?;
    let file = folder.path().join("twisted.snow");
    std::fs::write(&file, text).map_err(|e| format!("{}: {e}", file.display()))?;
    let built = run(&mut snow(&binary, folder.path(), ["build", "-o", "twisted", "twisted.snow"]), CHECKING)?;
    match built.code {
        Some(0) => {}
        Some(1) if built.stderr.contains("--> twisted.snow:") => return Ok(()),
        code => return Err(format!("compiling: {code:?}\n{}", built.stderr)),
    }
    tally.run += 1;
    run_program(folder.path())
}

fn run_program(folder: &Path) -> Result<(), String> {
    // It may ask for memory without end now.
    let mut program = std::process::Command::new("sh");
    program.args(["-c", "ulimit -v 12000000; exec ./twisted"]).current_dir(folder);
    program.env("SNOW_CHECK", "leaks").env("NO_COLOR", "1").env_remove("SNOW_SIM");
    // It may wait for ever, too.
    let Ok(outcome) = run(&mut program, Duration::from_secs(5)) else { return Ok(()) };
    let internal = outcome.stderr.contains("internal error") || outcome.stderr.contains("bug in Snow");
    if internal || outcome.code.is_none() || outcome.stderr.contains("leak") {
        return Err(format!("running: {:?}\n{}", outcome.code, outcome.stderr));
    }
    Ok(())
}
