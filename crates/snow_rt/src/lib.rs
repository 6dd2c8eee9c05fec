//! The runtime of Snow programs: what compiled code calls, and the processes it runs in.
//!
//! Layers, lowest first; each uses only those above it in this list:
//! - atomics: [`sync`];
//! - [`pool`]: recycled memory blocks; [`clock`]; [`io`], [`output`]: standard output and error;
//! - [`heap`], [`release`], [`shared`], [`list`], [`string`], [`copy`], [`long`]: one process's memory (only its owner touches it);
//! - [`mailbox`], [`process`], [`table`], [`timer`]: one process among others;
//! - [`reason`], [`relations`], [`names`], [`signals`], [`ask`], [`extra`]: how processes know of each other;
//! - [`outside`], [`resources`], [`driver`]: waiting for what happens outside, and what must be closed;
//! - [`carrier`], [`watched`], [`sched`], [`crash`]: running processes on threads, and their ends;
//! - [`observe`], [`interrupts`]: what is seen from outside, and what the operating system asks for;
//! - [`part`]: what optional parts of the runtime are made with;
//! - [`entry`]: the C symbols; [`fns`]: which body stands behind which symbol.
//!
//! Invariants: a process's private fields belong to the worker that runs it, or, while it waits, to nobody; nothing unwinds
//! through compiled code or across a stack switch; no thread-local address is kept across a switch.

mod ask;
mod carrier;
mod clock;
mod copy;
mod crash;
mod driver;
mod entry;
mod extra;
mod fns;
mod hash;
mod heap;
mod interrupts;
mod io;
mod leaks;
mod list;
mod long;
mod mailbox;
mod math;
mod names;
mod number;
mod observe;
mod options;
mod output;
mod outside;
pub mod part;
mod pool;
mod process;
mod random;
mod reason;
mod relations;
mod release;
mod resources;
mod runtime;
mod sched;
mod shared;
mod shown;
mod signals;
mod string;
mod sync;
mod table;
mod text;
mod timer;
mod watched;
mod words;

#[cfg(all(test, snow_loom))]
mod models;
#[cfg(all(test, not(snow_loom)))]
mod tests;

pub use entry::{address, snow_rt_main};
