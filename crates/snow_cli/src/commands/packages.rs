//! The options for packages that several subcommands have.

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
