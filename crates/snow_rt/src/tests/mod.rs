//! Tests that play the role of compiled code: descriptions and handlers made by hand.

mod harness;
mod memory;
mod processes;
mod relations;
