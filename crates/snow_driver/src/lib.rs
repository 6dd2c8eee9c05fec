//! A compilation from sources to an executable.

pub mod link;
