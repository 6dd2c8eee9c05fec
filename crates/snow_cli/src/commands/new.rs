//! `snow new`: makes a project.

use std::path::Path;
use std::process::ExitCode;

use snow_pkg::{Kind, pascal};

use crate::report::{self, Style};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  snow new hello             a program\n  snow new json_text --lib   a package for others"
)]
pub(crate) struct Args {
    /// The project's name and folder, in snake_case
    name: String,
    /// Make a package that others use, not a program
    #[arg(long)]
    lib: bool,
}

pub(crate) fn run(args: &Args) -> ExitCode {
    let kind = if args.lib { Kind::Library } else { Kind::Program };
    let dir = match snow_pkg::create(Path::new("."), &args.name, kind) {
        Ok(dir) => dir,
        Err(e) => return report::not_loaded(&e.into(), Style::default()),
    };
    let dir = dir.display();
    match kind {
        Kind::Program => println!("Made the program `{dir}`. Run it:\n\n  cd {dir}\n  snow run ."),
        Kind::Library => println!(
            "Made the package `{dir}`. Look for mistakes:\n\n  cd {dir}\n  snow check .\n\n\
             Use it from a project beside it, as `import {}`:\n\n  snow add {} --path ../{dir}",
            pascal(&args.name),
            args.name
        ),
    }
    ExitCode::SUCCESS
}
