//! The middle of the compiler: from checked bodies to counted MIR.
//!
//! - [`layout`]: how values lie in registers and memory;
//! - [`mir`]: the data.

pub mod layout;
pub mod mir;
