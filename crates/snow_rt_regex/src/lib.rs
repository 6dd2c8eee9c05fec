//! Regular expressions for Snow programs that use them: the bodies behind std's `Regex`.
//!
//! A `Regex` of Snow is its pattern, so it is copied into messages like any text; what was compiled from a pattern is kept
//! here, by [`cache`]. The engine's time is linear in the text.

mod bodies;
mod cache;

use snow_rt::export_part;

snow_abi::for_each_regex_fn!(export_part);
