//! What the compiler says to its user: one [`Diagnostic`] a mistake, and how it is shown.
//!
//! No stage prints: stages give diagnostics back, the driver renders them. Every code is listed in
//! [`registry`] with its long explanation; a diagnostic with an unlisted code is a bug of the compiler.

mod codes;
mod diagnostic;
pub mod foreign;
mod json;
mod nearest;
pub mod registry;
mod text;

pub use diagnostic::{Diagnostic, Fix, FixTexts, Label, Severity, join_alike, not_supported, sort};
pub use foreign::{in_snow_case, nearest_function};
pub use json::render_json;
pub use nearest::{Near, nearest};
pub use text::{render_text, render_within};
