//! `snow build --emit`: every stage can be shown, and shows the program.

use snow_tests::exec::{LIMIT, Outcome, run, snow, snow_binary};

const PROGRAM: &str = "\
fn twice(n :: Int) -> Int = n * 2

fn main() do
  println(List.map([1, 2, 3], twice))
end
";

struct Place {
    binary: std::path::PathBuf,
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        let place = Place {
            binary: snow_binary().unwrap_or_else(|e| panic!("{e}")),
            dir: tempfile::tempdir().expect("a temporary folder"),
        };
        std::fs::write(place.dir.path().join("main.snow"), PROGRAM).expect("the file can be written");
        place
    }

    fn emit(&self, stage: &str, release: bool) -> Outcome {
        let emit = format!("--emit={stage}");
        let args = ["build", &emit, "main.snow"].into_iter().chain(release.then_some("--release"));
        let outcome = run(&mut snow(&self.binary, self.dir.path(), args), LIMIT);
        outcome.unwrap_or_else(|e| panic!("{stage}: {e}"))
    }

    fn files(&self) -> usize {
        std::fs::read_dir(self.dir.path()).map_or(0, |entries| entries.count())
    }
}

#[test]
fn every_stage_shows_the_program() {
    let place = Place::new();
    for (stage, expected) in [
        ("hir", "twice"),
        ("mir:build", "twice#"),
        ("mir:count", "twice#"),
        ("mir", "twice#"),
        ("llvm", "@\"snow$twice#"),
        ("asm", "snow$twice#"),
    ] {
        let outcome = place.emit(stage, false);
        assert_eq!(outcome.code, Some(0), "{stage}: {}", outcome.stderr);
        assert!(outcome.stdout.contains(expected), "{stage}:\n{}", outcome.stdout);
    }
    assert_eq!(place.files(), 1, "nothing is written beside the program");
}

#[test]
fn a_pass_that_doesnt_run_is_told() {
    let place = Place::new();
    let outcome = place.emit("mir:unroll", false);
    assert_eq!(
        (outcome.code, outcome.stderr.as_str()),
        (Some(1), "error: the pass `unroll` runs in optimised builds only\n  = help: add `--release`\n")
    );
    assert_eq!(place.emit("mir:unroll", true).code, Some(0));
    let outcome = place.emit("mir:nothing", false);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stderr.contains("the passes are build, "), "{}", outcome.stderr);
}

#[test]
fn short_functions_have_no_check() {
    let place = Place::new();
    let program = "\
fn twice(n :: Int) -> Int = n * 2
fn short(n :: Int) -> Int = twice(n) + twice(n + 1)
fn ping(n :: Int) -> Int = if n < 1 do 0 else 1 + pong(n - 1) end
fn pong(n :: Int) -> Int = if n < 1 do 0 else 1 + ping(n - 1) end
fn calls_long(n :: Int) -> Int = ping(n) + 1
fn main() do println(short(1) + calls_long(3)) end
";
    std::fs::write(place.dir.path().join("main.snow"), program).expect("the file can be written");
    let polls = |stage: &str, func: &str| {
        let text = place.emit(stage, true).stdout;
        let body = text.split("\nfn ").find(|body| body.starts_with(func)).map(str::to_string);
        body.unwrap_or_else(|| panic!("{stage} has no {func}:\n{text}")).contains("  poll\n")
    };
    assert!(polls("mir:unroll", "short#"));
    assert!(!polls("mir:short", "short#"));
    let checks = ["ping#", "pong#"].into_iter().any(|func| polls("mir:short", func));
    assert!(checks, "functions that call each other could go on for ever");
    assert!(!polls("mir:short", "calls_long#"), "what it calls checks");
}

#[test]
fn merging_chooses_without_branches() {
    let place = Place::new();
    let program = "fn main() do println(List.sort([3, 1, 2])) end\n";
    std::fs::write(place.dir.path().join("main.snow"), program).expect("the file can be written");
    let text = place.emit("llvm", true).stdout;
    let told =
        text.lines().filter(|line| line.contains(" = select ") && line.contains("!unpredictable")).count();
    assert!(told > 0, "LLVM would make branches of choices in loops:\n{text}");
}

#[test]
fn lists_of_literals_are_no_code() {
    let place = Place::new();
    let item = r#"(1, "a", [2, 3], Some(4.5))"#;
    let program =
        format!("fn main() do\n  let xs = [{}]\n  println(xs.length())\nend\n", [item; 500].join(", "));
    std::fs::write(place.dir.path().join("main.snow"), program).expect("the file can be written");
    let text = place.emit("mir:build", false).stdout;
    let main = text.split("\nfn ").find(|body| body.starts_with("main#")).unwrap_or_default();
    assert!(main.contains("literal ["), "{text}");
    assert!(main.lines().count() < 20, "a list of literals isn't put together:\n{main}");
}

#[test]
fn little_is_inlined_into_long_functions() {
    let place = Place::new();
    let program = format!("fn main() do\n{}end\n", "  println(1)\n".repeat(2100));
    std::fs::write(place.dir.path().join("main.snow"), program).expect("the file can be written");
    let text = place.emit("llvm", true).stdout;
    let blocks = text.lines().filter(|line| line.ends_with(':') || line.contains("; preds = ")).count();
    assert!(blocks < 1000, "{blocks} blocks");
}
