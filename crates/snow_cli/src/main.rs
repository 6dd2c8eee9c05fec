//! The command `snow`: reads the command line, runs one subcommand, and is the only place that prints or exits.
//!
//! Exit status: 0, 1 for a mistake in the program, 2 for a wrong command line, 101 for a mistake of the compiler.

mod commands;
mod report;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Exit status for a mistake of the compiler.
const INTERNAL: u8 = 101;

/// Stack of the thread that compiles: deeply nested sources need more than a main thread has.
const STACK: usize = 512 << 20;

#[derive(Parser)]
#[command(
    name = "snow",
    version,
    about = "The Snow programming language",
    after_help = "Examples:\n  snow run hello.snow            compile and run a program\n  snow run . -- --port 8080      run the project here, with arguments for it\n  snow build --release -o app .  make a fast executable\n  snow check .                   look for mistakes only\n  snow explain E0301             what an error means, with an example"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compile a program and run it
    Run(commands::run::Args),
    /// Compile a program to an executable
    Build(commands::build::Args),
    /// Look for mistakes without compiling
    Check(commands::check::Args),
    /// Apply the changes that messages propose
    Fix(commands::fix::Args),
    /// Make a project
    New(commands::new::Args),
    /// Add a package to the project
    Add(commands::add::Args),
    /// Take a package out of the project
    Remove(commands::remove::Args),
    /// Show the packages of the project
    Deps(commands::deps::Args),
    /// Explain an error or warning
    Explain(commands::explain::Args),
    #[command(hide = true)]
    Test(commands::later::Args),
    #[command(hide = true)]
    Fmt(commands::later::Args),
    #[command(hide = true)]
    Repl(commands::later::Args),
    #[command(hide = true)]
    Lsp(commands::later::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    report::install_panic_hook();
    let worker =
        std::thread::Builder::new().name("snow".into()).stack_size(STACK).spawn(move || match cli.command {
            Command::Run(args) => commands::run::run(args),
            Command::Build(args) => commands::build::run(&args),
            Command::Check(args) => commands::check::run(&args),
            Command::Fix(args) => commands::fix::run(&args),
            Command::New(args) => commands::new::run(&args),
            Command::Add(args) => commands::add::run(&args),
            Command::Remove(args) => commands::remove::run(&args),
            Command::Deps(args) => commands::deps::run(&args),
            Command::Explain(args) => commands::explain::run(&args),
            Command::Test(args) => commands::later::run("test", &args),
            Command::Fmt(args) => commands::later::run("fmt", &args),
            Command::Repl(args) => commands::later::run("repl", &args),
            Command::Lsp(args) => commands::later::run("lsp", &args),
        });
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        Ok(Err(_)) => ExitCode::from(INTERNAL),
        Err(e) => {
            eprintln!("error: cannot start a thread: {e}");
            ExitCode::from(1)
        }
    }
}
