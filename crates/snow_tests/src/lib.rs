//! Tests of the whole: what is compared with what, and how a failure is shown.
//!
//! A file is a test; nothing is registered. The tests call the built `snow`: run `cargo build -p snow_cli` first.
//! `SNOW_TEST=part` runs only tests whose name contains `part`; `UPDATE_EXPECT=1` rewrites expected diagnostics.

pub mod clock;
pub mod corpus;
pub mod diff;
pub mod examples;
pub mod exec;
pub mod generate;
pub mod grammar;
pub mod library;
pub mod marks;
pub mod mutate;
pub mod parts;
pub mod pool;
pub mod project;
pub mod reference;
pub mod soup;
pub mod structure;
pub mod twist;
