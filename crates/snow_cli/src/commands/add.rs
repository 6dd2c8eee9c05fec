//! `snow add`: adds a package to the project.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use snow_driver::load::LoadError;
use snow_driver::packages::{self, Packages};
use snow_pkg::{NewDependency, Pin, SourceSpec, pascal};

use crate::report::{self, Style};

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  snow add math --path ../math\n  snow add json --git https://example.org/json\n  snow add json --git https://example.org/json --branch main"
)]
#[command(group = clap::ArgGroup::new("source").required(true).args(["path", "git"]))]
#[command(group = clap::ArgGroup::new("state").args(["tag", "rev", "branch"]).conflicts_with("path"))]
pub(crate) struct Args {
    /// The package's name
    name: String,
    /// A folder with the package
    #[arg(long)]
    path: Option<String>,
    /// A git repository with the package; the newest tag `vX.Y.Z` is taken
    #[arg(long, value_name = "URL")]
    git: Option<String>,
    /// The tag to take
    #[arg(long)]
    tag: Option<String>,
    /// The commit to take
    #[arg(long)]
    rev: Option<String>,
    /// The branch to take
    #[arg(long)]
    branch: Option<String>,
    /// Which versions will do: `1.2`, `=1.2.3`, `>=1.2, <3`
    #[arg(long, value_name = "REQUIREMENT")]
    version: Option<String>,
}

pub(crate) fn run(args: &Args) -> ExitCode {
    match add(args) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(e) => report::not_loaded(&e, Style::default()),
    }
}

fn source(args: &Args) -> SourceSpec {
    let pins = [
        args.tag.clone().map(Pin::Tag),
        args.rev.clone().map(Pin::Rev),
        args.branch.clone().map(Pin::Branch),
    ];
    let pin = pins.into_iter().flatten().next().unwrap_or(Pin::Versions);
    match (&args.git, &args.path) {
        (Some(url), _) => SourceSpec::Git { url: url.clone(), pin },
        (None, path) => SourceSpec::Path(path.clone().unwrap_or_default()),
    }
}

/// Adds and fetches; if that fails, the manifest is as it was.
fn add(args: &Args) -> Result<String, LoadError> {
    let here = Path::new(".");
    let mut new =
        NewDependency { name: args.name.clone(), source: source(args), version: args.version.clone() };
    let (manifest, before) = snow_pkg::add(here, &new)?;
    let undo = |error: LoadError| {
        // What went wrong first is what matters.
        let _ = fs::write(&manifest, &before);
        error
    };
    let root = manifest.parent().unwrap_or(here);
    let resolved = packages::resolve(root, Packages::default()).map_err(undo)?;
    let package = resolved.packages.iter().skip(1).find(|p| p.name == args.name);
    let version = package.map(|p| p.version.to_string()).unwrap_or_default();
    if new.version.is_none() && matches!(&new.source, SourceSpec::Git { pin: Pin::Versions, .. }) {
        new.version = Some(version.clone());
        snow_pkg::add(here, &new).map_err(|e| undo(e.into()))?;
    }
    Ok(format!("Added `{}` {version}: `import {}`", args.name, pascal(&args.name)))
}
