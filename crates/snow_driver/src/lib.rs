//! A [`Session`]: loads files, runs the stages in order, links. It prints nothing and never exits.

pub mod cache;
mod cascade;
pub mod link;
pub mod load;
pub mod packages;
pub mod phase;
pub mod runtime;
mod session;

pub use session::{Checked, Failed, Session};
