//! `snow check`: looks for mistakes without compiling.

use std::path::PathBuf;
use std::process::ExitCode;

use snow_driver::{Session, cache, load};

use super::options::CompileArgs;
use crate::report::{self, Style};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  snow check hello.snow\n  snow check --json .     one JSON object a line, for editors"
)]
pub(crate) struct Args {
    /// A `.snow` file, or a directory with `main.snow`
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Print one JSON object a line on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    compile: CompileArgs,
}

pub(crate) fn run(args: &Args) -> ExitCode {
    let style = Style { json: args.json, deny_warnings: args.compile.deny_warnings };
    let files = match load::load_with(&args.path, args.compile.packages.how()) {
        Ok(files) => files,
        Err(e) => return report::not_loaded(&e, style),
    };
    let mut session = Session::default();
    // Without a place to keep anything all of it is checked.
    let checked = session.check_only(&files, cache::dir().ok().as_deref());
    if args.compile.timings {
        report::show_timings();
    }
    match checked {
        Ok(()) => ExitCode::from(u8::from(report::show(&session, style))),
        Err(failed) => report::failed(&session, &failed, style),
    }
}
