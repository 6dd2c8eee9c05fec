//! A [`Session`]: loads files, runs the stages in order, links. It prints nothing and never exits.

pub mod cache;
mod cascade;
pub mod link;
pub mod load;
mod objects;
pub mod packages;
mod parsing;
pub mod phase;
mod recheck;
pub mod runtime;
mod session;
mod std_places;
mod store;

pub use objects::Objects;
pub use session::{Checked, Failed, Session};
