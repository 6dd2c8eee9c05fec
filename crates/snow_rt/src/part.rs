//! What is an optional part of the runtime made of? A crate whose functions stand in a list of their own in
//! `snow_abi::runtime_fns`, with safe bodies: [`export_part!`](crate::export_part) makes the C symbols.
//!
//! A body gets the [`Caller`] and values that live as long as the call. It must not run long without [`Caller::breathe`], and must need
//! less stack than compiled code leaves for the runtime (256 KB). Invariant: only `export_part!` makes these values, from what
//! compiled code passed. What bodies do that wait or keep something open is in [`outside`].

mod outside;

use std::marker::PhantomData;

use snow_abi::layout::{Ctx, LIST_ELEMENTS, ListVal, StrObj};

pub use crate::driver::Driver;
pub use crate::outside::{Cancel, Completion};
pub use outside::start_program;

use crate::process::Process;
use crate::{fns, list, string};

/// The process that calls.
pub struct Caller(*mut Process);

/// A string or bytes that the caller holds.
#[derive(Clone, Copy)]
pub struct Text<'a>(*mut StrObj, PhantomData<&'a Caller>);

/// A list of integers.
pub struct Ints<'a>(ListVal, PhantomData<&'a Caller>);

/// A new string, to be given back.
pub struct NewText(*mut StrObj);

impl Caller {
    /// The caller of an exported function.
    ///
    /// # Safety
    /// `ctx` is the context that compiled code passed, and the result isn't used after the call.
    pub unsafe fn new(ctx: *mut Ctx) -> Caller {
        Caller(ctx.cast())
    }

    /// A new string or bytes.
    pub fn text(&self, bytes: impl AsRef<[u8]>) -> NewText {
        // SAFETY: a caller is a process that runs.
        NewText(unsafe { string::from_bytes(self.0, bytes.as_ref()) })
    }

    /// The list with more at its end.
    pub fn push<'a>(&'a self, ints: Ints<'a>, more: &[i64]) -> Ints<'a> {
        // SAFETY: the list is the caller's, of words, and given up; it has room afterwards.
        unsafe { Ints(push_words(self.0, ints.0, more), PhantomData) }
    }

    /// Ends the process as `panic` does.
    ///
    /// # Safety
    /// The caller's stack holds nothing that needs dropping.
    pub unsafe fn crash(&self, text: String) -> ! {
        crate::crash::raise(self.0, text, None)
    }

    /// Lets others run, if it is their turn.
    pub fn breathe(&self) {
        // SAFETY: a caller is a process that runs.
        unsafe { fns::breathe(self.0) }
    }
}

impl<'a> Text<'a> {
    /// An argument of an exported function.
    ///
    /// # Safety
    /// The caller of the function holds `text` at least for `'a`.
    pub unsafe fn new(text: *mut StrObj, _: &'a Caller) -> Text<'a> {
        Text(text, PhantomData)
    }

    /// Its bytes.
    pub fn bytes(self) -> &'a [u8] {
        // SAFETY: a text is live for `'a`.
        unsafe { string::bytes(self.0) }
    }

    /// Its text, unless it is bytes that are none.
    pub fn text(self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()).ok()
    }
}

impl<'a> Ints<'a> {
    /// An argument of an exported function.
    ///
    /// # Safety
    /// A list of integers that the caller holds at least for `'a`, or gives up.
    pub unsafe fn new(ints: ListVal, _: &'a Caller) -> Ints<'a> {
        Ints(ints, PhantomData)
    }

    /// Its elements.
    pub fn as_slice(&self) -> &[i64] {
        // SAFETY: a list of words shows `len` of them from its offset on.
        unsafe {
            let first = self.0.buf.cast::<u8>().add(LIST_ELEMENTS).cast::<i64>();
            std::slice::from_raw_parts(first.add(self.0.offset() as usize), self.0.len() as usize)
        }
    }

    /// What the exported function gives back.
    pub fn into_raw(self) -> ListVal {
        self.0
    }
}

impl NewText {
    /// What the exported function gives back.
    pub fn into_raw(self) -> *mut StrObj {
        self.0
    }
}

/// Ends the program with a report: something happened that can't.
pub fn internal_error(what: &str) -> ! {
    crate::io::internal_error(what)
}

/// Appends to a list of words.
///
/// # Safety
/// The caller runs `p` and gives up `words`, a list of 8-byte values without references.
pub(crate) unsafe fn push_words(p: *mut Process, words: ListVal, more: &[i64]) -> ListVal {
    // SAFETY: as the contract says; the list has room for `more` behind its end.
    unsafe {
        let list = list::list_reserve_back(p, words, more.len() as i64);
        let buf = list.buf;
        let end = (*buf).hi as usize;
        let at = buf.cast::<u8>().add(LIST_ELEMENTS).cast::<i64>().add(end);
        std::ptr::copy_nonoverlapping(more.as_ptr(), at, more.len());
        (*buf).hi += more.len() as u32;
        ListVal { buf, view: ListVal::view(list.offset(), list.len() + more.len() as u32) }
    }
}

/// The Rust type of a value in a row of `snow_abi::runtime_fns`.
#[macro_export]
macro_rules! abi_type {
    (i64) => { i64 };
    (f64) => { f64 };
    (bool) => { bool };
    (ptr) => { *mut u8 };
    (str) => { *mut ::snow_abi::layout::StrObj };
    (str_own) => { *mut ::snow_abi::layout::StrObj };
    (obj) => { *mut ::snow_abi::layout::ObjHeader };
    (obj_own) => { *mut ::snow_abi::layout::ObjHeader };
    (list) => { ::snow_abi::layout::ListVal };
    (list_own) => { ::snow_abi::layout::ListVal };
    (unit) => { () };
    (never) => { ! };
}

/// The type of a parameter. A byte in a register may have anything above it: C compilers differ on who clears that.
#[macro_export]
macro_rules! abi_param {
    (bool) => {
        u32
    };
    ($ty:tt) => {
        $crate::abi_type!($ty)
    };
}

/// The value that a body gets.
#[macro_export]
macro_rules! part_argument {
    ($caller:ident $value:ident bool) => {
        $value as u8 != 0
    };
    ($caller:ident $value:ident str) => {
        $crate::part::Text::new($value, &$caller)
    };
    ($caller:ident $value:ident list) => {
        $crate::part::Ints::new($value, &$caller)
    };
    ($caller:ident $value:ident list_own) => {
        $crate::part::Ints::new($value, &$caller)
    };
    ($caller:ident $value:ident $ty:ident) => {
        $value
    };
}

/// What compiled code gets of a body's result.
#[macro_export]
macro_rules! part_result {
    ($value:expr, str) => {
        $value.into_raw()
    };
    ($value:expr, list) => {
        $value.into_raw()
    };
    ($value:expr, $ty:ident) => {
        $value
    };
}

/// The C symbols of a part: `snow_abi::for_each_…_fn!(snow_rt::export_part)`. For each row there is a function of its name in
/// a module `bodies` beside it, which takes the [`Caller`](crate::part::Caller) first.
#[macro_export]
macro_rules! export_part {
    ($($name:ident($($param:ident: $ty:tt),*) -> $ret:tt [$($flag:ident),*];)*) => {
        /// The exported functions.
        mod exported {
            $(
                #[unsafe(export_name = concat!("snow_rt_", stringify!($name)))]
                pub(super) unsafe extern "C" fn $name(
                    ctx: *mut ::snow_abi::layout::Ctx, $($param: $crate::abi_param!($ty)),*
                ) -> $crate::abi_type!($ret) {
                    // SAFETY: the caller is compiled code, which passes what the row says and holds it during the call.
                    unsafe {
                        let caller = $crate::part::Caller::new(ctx);
                        let result = $crate::part_result!(
                            super::bodies::$name(&caller, $($crate::part_argument!(caller $param $ty)),*), $ret
                        );
                        result
                    }
                }
            )*
        }

        /// The address of a function of this part, for compilers that run code in their own process.
        pub fn address(function: ::snow_abi::RuntimeFn) -> Option<usize> {
            match function {
                $(::snow_abi::RuntimeFn::$name => Some(exported::$name as *const () as usize),)*
                _ => None,
            }
        }
    };
}
