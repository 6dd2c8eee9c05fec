//! From syntax trees to items and bodies with resolved names: modules, scopes, desugaring, deriving.
//!
//! It doesn't know types: methods, fields, operators and ambiguous constructors stay open for the checker.

mod body;
mod collect;
mod cycles;
mod derive;
mod edits;
mod exprs;
mod imports;
mod items;
mod lower;
mod made;
mod packages;
mod pretty;
mod problems;
mod resolve;
mod scope;
mod signatures;
#[cfg(test)]
mod tests;
mod types;
mod unused;

pub use body::*;
pub use derive::is_derivable;
pub use items::*;
pub use lower::{ParsedFile, lower_bodies_of, lower_packages, lower_program};
pub use made::{BEGIN_OF_SERVICE, function_of_request};
pub use packages::{FileInPackage, PackageScope};
pub use pretty::{pretty_body, pretty_fn, pretty_program};
