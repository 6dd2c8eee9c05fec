//! The codes, one file a stage. To add a code, add an entry to the `CODES` of its file.

mod actors;
mod interfaces;
mod limits;
mod names;
mod packages;
mod patterns;
mod syntax;
mod types;
mod warnings;

use crate::registry::Explanation;

/// The codes of each stage.
pub(crate) const STAGES: &[&[Explanation]] = &[
    syntax::CODES,
    names::CODES,
    types::CODES,
    patterns::CODES,
    interfaces::CODES,
    actors::CODES,
    packages::CODES,
    limits::CODES,
    warnings::CODES,
];
