//! Types: signatures, inference with interfaces, exhaustiveness, message types.
//!
//! It takes a [`snow_hir::Program`] and gives a [`Typed`] program and diagnostics. What it found out is carried to
//! the stages behind; they never guess it again.

pub mod matching;
mod results;
mod ty;

pub use results::*;
pub use ty::*;
