//! The middle of the compiler: from checked bodies to counted MIR.
//!
//! - [`layout`]: how values lie in registers and memory;
//! - [`mir`]: the data;
//! - [`build`]: from bodies to MIR, instance by instance ([`mono`]);
//! - [`content`]: hashes of types that are the same in every run;
//! - [`mod@print`]: MIR as text;
//! - [`passes`]: what happens to it.

pub mod build;
pub mod content;
pub mod layout;
pub mod mir;
mod mono;
pub mod passes;
pub mod print;
mod visit;
