//! The middle of the compiler.
