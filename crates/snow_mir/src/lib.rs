//! The middle of the compiler: from checked bodies to counted MIR.
//!
//! - [`layout`]: how values lie in registers and memory;
//! - [`mir`]: the data;
//! - [`build`]: from bodies to MIR, instance by instance ([`mono`]);
//! - [`mod@print`]: MIR as text;
//! - [`passes`]: what happens to it.

pub mod build;
pub mod layout;
pub mod mir;
mod mono;
pub mod passes;
pub mod print;
mod visit;
