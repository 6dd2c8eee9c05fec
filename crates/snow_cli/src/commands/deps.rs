//! `snow deps`: shows the packages of a project.

use std::path::PathBuf;
use std::process::ExitCode;

use snow_driver::packages::{self, Packages};

use super::options::PackageArgs;
use crate::report::{self, Style};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  snow deps            the packages, their versions and where they come from\n  snow deps --update   take the newest versions that fit"
)]
pub(crate) struct Args {
    /// The project's folder, or one inside it
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Take the newest versions that fit, whatever snow.lock says
    #[arg(long, conflicts_with_all = ["locked", "offline"])]
    update: bool,
    /// Print an error as one JSON object on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    packages: PackageArgs,
}

pub(crate) fn run(args: &Args) -> ExitCode {
    let root = snow_pkg::project_root(&args.path);
    let how = Packages { update: args.update, ..args.packages.how() };
    match packages::resolve(root.as_deref().unwrap_or(&args.path), how) {
        Ok(resolved) => {
            for change in &resolved.changes {
                println!("{change}");
            }
            print!("{}", snow_pkg::tree(&resolved));
            ExitCode::SUCCESS
        }
        Err(e) => report::not_loaded(&e, Style { json: args.json, ..Style::default() }),
    }
}
