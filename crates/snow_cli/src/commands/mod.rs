//! The subcommands, one file each.

pub(crate) mod add;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod deps;
pub(crate) mod explain;
pub(crate) mod fix;
pub(crate) mod later;
pub(crate) mod new;
mod options;
pub(crate) mod remove;
pub(crate) mod run;
