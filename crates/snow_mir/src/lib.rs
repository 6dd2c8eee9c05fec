//! The middle of the compiler: from checked bodies to counted MIR.
//!
//! - [`layout`]: how values lie in registers and memory;
//! - [`mir`]: the data;
//! - [`passes`]: what happens to it.

pub mod layout;
pub mod mir;
pub mod passes;
