//! Chores of this workspace: `cargo xtask bench`, `bench-compiler`, `repeat`, `races`, `grammar`, `project`.

mod bench;
mod compile;
mod project;
mod races;
mod repeat;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.split_first() {
        Some((command, rest)) if command == "bench" => bench::run(rest),
        Some((command, [])) if command == "bench-compiler" => compile::run(),
        Some((command, rest)) if command == "repeat" => repeat::run(rest),
        Some((command, rest)) if command == "races" => races::run(rest),
        Some((command, [])) if command == "grammar" => grammar(),
        Some((command, rest)) if command == "project" => project::run(rest),
        _ => {
            eprintln!(
                "usage: cargo xtask bench [--runs N] [--tokio] [NAME…]\n       cargo xtask bench-compiler\n       cargo xtask repeat [N] [--seeds N] [--release] FILE…\n       cargo xtask races [N] FILE…\n       cargo xtask grammar\n       cargo xtask project DIR [MODULES [ITEMS]]"
            );
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("error: {text}");
            ExitCode::from(1)
        }
    }
}

/// Writes the reference's page about the grammar.
fn grammar() -> Result<(), String> {
    use snow_tests::grammar::{PAGE, SOURCE, page};
    let text = std::fs::read_to_string(SOURCE).map_err(|e| format!("{SOURCE}: {e}"))?;
    std::fs::write(PAGE, page(&text)).map_err(|e| format!("{PAGE}: {e}"))
}
