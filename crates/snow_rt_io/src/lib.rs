//! Input and output of Snow programs: files, standard input, other programs, the environment.
//!
//! An optional part of the runtime: programs whose code doesn't name its functions are linked without it. It stands on
//! [`snow_rt::part`] alone.
//!
//! - [`driver`]: how a worker sleeps in tokio's reactor; [`blocking`]: the threads for what can only be waited for by blocking;
//! - [`failure`]: the texts of errors;
//! - [`stdin`], [`file`], [`change`], [`open`], [`system`], [`env`]: the bodies; [`lines`]: lines out of blocks.
//!
//! Invariant: a body copies its arguments before it waits, and holds nothing that needs dropping while it does.

pub mod blocking;
mod change;
mod driver;
mod env;
mod failure;
mod file;
mod lines;
mod open;
mod stdin;
mod system;

use snow_rt::export_part;

/// Which body stands behind which row.
mod bodies {
    pub(crate) use crate::change::{file_ask, file_change, file_list, file_temp_dir};
    pub(crate) use crate::env::{env_get, env_set};
    pub(crate) use crate::file::{file_read, file_write};
    pub(crate) use crate::open::{file_line, file_open};
    pub(crate) use crate::stdin::stdin_read;
    pub(crate) use crate::system::{system_run, system_text};
}

snow_abi::for_each_io_fn!(export_part);
