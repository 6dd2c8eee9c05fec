//! Chores of this workspace: `cargo xtask bench`.

mod bench;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.split_first() {
        Some((command, rest)) if command == "bench" => match bench::run(rest) {
            Ok(()) => ExitCode::SUCCESS,
            Err(text) => {
                eprintln!("error: {text}");
                ExitCode::from(1)
            }
        },
        _ => {
            eprintln!("usage: cargo xtask bench [--runs N] [NAME…]");
            ExitCode::from(2)
        }
    }
}
