//! Types: signatures, inference with interfaces, exhaustiveness, message types.
//!
//! It takes a [`snow_hir::Program`] and gives a [`Typed`] program and diagnostics. What it found out is carried to
//! the stages behind; they never guess it again.

mod checker;
mod consts;
mod errors;
mod generalise;
mod graph;
mod groups;
mod impls;
mod infer;
mod lower_ty;
mod mailbox;
pub mod matching;
mod recheck;
mod results;
mod show;
mod sig;
mod solve;
#[cfg(test)]
mod tests;
mod traits;
mod ty;
mod unify;

use snow_base::Span;
use snow_diagnostics::Diagnostic;
use snow_hir::Program;

pub use recheck::{Record, Recorded, check_again, check_recording};
pub use results::*;
pub use traits::{TraitEnv, resolve_method};
pub use ty::*;

/// Checks a program. With errors among the diagnostics, the result isn't fit for later stages.
///
/// `unread`: pieces of source that couldn't be read as a whole. Of a function in one of them only what is annotated is
/// believed: what was read of its body doesn't tell its type.
///
/// It recurses as deep as expressions are nested: callers give it a stack that fits their limit.
pub fn check_program(program: &Program, unread: &[Span]) -> (Typed, Vec<Diagnostic>) {
    checker::Checker::new(program, unread).run()
}
