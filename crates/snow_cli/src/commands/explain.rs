//! `snow explain`: the long form of an error or warning.

use std::process::ExitCode;

#[derive(clap::Args)]
#[command(after_help = "Example:\n  snow explain E0301")]
pub(crate) struct Args {
    /// The code in the brackets of the message: `E0301`, `W0101`
    code: String,
}

pub(crate) fn run(args: &Args) -> ExitCode {
    let code = args.code.to_ascii_uppercase();
    match snow_diagnostics::registry::explain(&code) {
        Some(explanation) => {
            println!("{}: {}\n\n{}", explanation.code, explanation.title, explanation.text.trim_end());
            ExitCode::SUCCESS
        }
        None => {
            eprintln!("error: there is no error or warning `{}`", args.code);
            eprintln!("  = help: codes look like `E0301` or `W0101`; messages show them in brackets");
            ExitCode::from(2)
        }
    }
}
