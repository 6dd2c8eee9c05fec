//! Commands that Snow doesn't have yet: each says so, where clap would only say that it knows no such command.

use std::process::ExitCode;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Whatever stands behind the command
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<std::ffi::OsString>,
}

pub(crate) fn run(name: &str, _: &Args) -> ExitCode {
    eprintln!("error[E0901]: `snow {name}` is not supported yet");
    ExitCode::from(2)
}
