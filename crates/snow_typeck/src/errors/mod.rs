//! What is said about mistakes: two types that don't fit, an interface that a type lacks, a type that nothing fixes.

mod mismatch;
mod unsolved;

pub(crate) use mismatch::{Why, a};
pub(crate) use unsolved::{Lacking, Refused};
