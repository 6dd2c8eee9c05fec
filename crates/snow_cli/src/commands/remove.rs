//! `snow remove`: takes a package out of the project.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use snow_driver::load::LoadError;
use snow_driver::packages::{self, Packages};

use crate::report::{self, Style};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  snow remove json")]
pub(crate) struct Args {
    /// The package's name
    name: String,
}

pub(crate) fn run(args: &Args) -> ExitCode {
    match remove(&args.name) {
        Ok(()) => {
            println!("Removed `{}`", args.name);
            ExitCode::SUCCESS
        }
        Err(e) => report::not_loaded(&e, Style::default()),
    }
}

/// Removes, and solves for the others; if that fails, the manifest is as it was.
fn remove(name: &str) -> Result<(), LoadError> {
    let here = Path::new(".");
    let (manifest, before) = snow_pkg::remove(here, name)?;
    let root = manifest.parent().unwrap_or(here);
    packages::resolve(root, Packages::default()).map(drop).inspect_err(|_| {
        // What went wrong first is what matters.
        let _ = fs::write(&manifest, &before);
    })
}
