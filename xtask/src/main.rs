//! Chores of this workspace: `cargo xtask bench`, `cargo xtask bench-compiler`, `cargo xtask project`.

mod bench;
mod compile;
mod project;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.split_first() {
        Some((command, rest)) if command == "bench" => bench::run(rest),
        Some((command, [])) if command == "bench-compiler" => compile::run(),
        Some((command, rest)) if command == "project" => project::run(rest),
        _ => {
            eprintln!(
                "usage: cargo xtask bench [--runs N] [NAME…]\n       cargo xtask project DIR [MODULES [ITEMS]]"
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
