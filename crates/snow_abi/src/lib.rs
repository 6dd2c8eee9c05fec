//! The contract between compiled Snow code and the runtime: every fact that both sides must agree on
//! stands here once.
//!
//! - [`layout`]: the objects in a process's heap and the static tables of a program, `#[repr(C)]` with asserts;
//! - [`runtime_fns`]: the functions that the runtime offers to compiled code, one row each;
//! - [`io_fns`]: those of its part for files, standard input and other programs;
//! - [`intrinsics`]: the operations that std asks for by name and that code generation expands in place;
//! - [`lang_items`]: the items of std that the compiler itself refers to;
//! - [`shape`]: how reports show messages;
//! - [`signals`]: the system signals, numbered.
//!
//! This crate holds no code that runs in a program; it depends on nothing.

#![no_std]

pub mod intrinsics;
pub mod io_fns;
pub mod lang_items;
pub mod layout;
pub mod runtime_fns;
pub mod shape;
pub mod signals;

pub use intrinsics::Intrinsic;
pub use lang_items::{LangItem, LangKind};
pub use runtime_fns::{AbiTy, RuntimeFn};
