//! From syntax trees to items and bodies with resolved names: modules, scopes, desugaring, deriving.
//!
//! It doesn't know types: methods, fields, operators and ambiguous constructors stay open for the checker.

mod body;
mod items;

pub use body::*;
pub use items::*;
