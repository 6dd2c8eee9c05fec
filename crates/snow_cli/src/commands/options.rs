//! The options that several subcommands have.

use snow_driver::packages::Packages;

#[derive(clap::Args, Clone, Copy)]
pub(crate) struct PackageArgs {
    /// Fail if snow.lock doesn't fit snow.toml, instead of writing it anew
    #[arg(long)]
    locked: bool,
    /// Ask no server: what was fetched before must do
    #[arg(long)]
    offline: bool,
}

impl PackageArgs {
    /// What was asked for.
    pub(crate) fn how(self) -> Packages {
        Packages { update: false, locked: self.locked, offline: self.offline }
    }
}

/// What `build`, `check` and `run` have in common.
#[derive(clap::Args, Clone, Copy)]
pub(crate) struct CompileArgs {
    /// Treat warnings as errors
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    #[command(flatten)]
    pub(crate) packages: PackageArgs,
    /// Print the time of each stage on standard error
    #[arg(long)]
    pub(crate) timings: bool,
}
