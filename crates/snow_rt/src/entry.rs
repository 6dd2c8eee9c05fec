//! The C symbols: one `snow_rt_<name>` for each row of `snow_abi::runtime_fns`, and the program's entry.
//!
//! A row without a body of its name and types in [`crate::fns`] is a compile error here.

use snow_abi::layout::{Ctx, Program, RecvDesc, status};

use crate::fns;
use crate::interrupts;
use crate::options::Options;
use crate::output::Output;
use crate::process::{MAIN, Process};
use crate::runtime::Runtime;
use crate::sched::worker::Worker;

macro_rules! to_body {
    ($value:ident bool) => {
        $value as u8 != 0
    };
    ($value:ident $ty:tt) => {
        $value
    };
}

macro_rules! define_entries {
    ($($name:ident($($param:ident: $ty:tt),*) -> $ret:tt [$($flag:ident),*];)*) => {
        /// The exported functions.
        mod exported {
            use super::*;
            $(
                #[unsafe(export_name = concat!("snow_rt_", stringify!($name)))]
                pub(super) unsafe extern "C" fn $name(
                    ctx: *mut Ctx, $($param: $crate::abi_param!($ty)),*
                ) -> $crate::abi_type!($ret) {
                    // SAFETY: the caller is compiled code; a context is the head of its process.
                    unsafe { fns::$name(ctx.cast::<Process>(), $(to_body!($param $ty)),*) }
                }
            )*
        }

        /// The address of a runtime function, for compilers that run code in their own process; `None`: it is in an
        /// optional part.
        pub fn address(function: snow_abi::RuntimeFn) -> Option<usize> {
            match function {
                $(snow_abi::RuntimeFn::$name => Some(exported::$name as *const () as usize),)*
                _ => None,
            }
        }
    };
}

snow_abi::for_each_runtime_fn!(define_entries);

/// Runs a program to its end. Called by the C `main` that code generation emits; gives the exit status.
///
/// # Safety
/// `program` is the description that code generation emitted, and its code keeps the contract of `snow_abi`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn snow_rt_main(_argc: i32, _argv: *const *const u8, program: *const Program) -> i32 {
    // SAFETY: as the contract says; a closed pipe shows as an error of the write.
    unsafe {
        libc::signal(libc::SIGPIPE, libc::SIG_IGN);
        crate::io::occupy_streams();
        run(&*program, Options::from_env(), Output::system()).0
    }
}

/// Runs a program on this thread and as many more as it needs; the exit status, and what its parts shared.
///
/// # Safety
/// As [`snow_rt_main`].
pub(crate) unsafe fn run(
    program: &'static Program,
    options: Options,
    output: Output,
) -> (i32, &'static Runtime) {
    let rt = Runtime::new(program, options, output);
    if rt.options.exit_process {
        interrupts::watch(rt);
    }
    // SAFETY: this thread's worker is number 0; the first process is known to nobody else.
    unsafe {
        let w = Worker::new(rt, 0);
        let first = fns::make_process(w, std::ptr::null_mut(), &raw const INIT, std::ptr::null_mut());
        start_main_process(rt, w, first);
        Worker::run(w);
    }
    (rt.status(), rt)
}

unsafe fn start_main_process(rt: &Runtime, w: *mut Worker, p: *mut Process) {
    // SAFETY: the process isn't queued yet.
    unsafe {
        (*p).flags |= MAIN;
        rt.main.store(p, std::sync::atomic::Ordering::SeqCst);
        Worker::push_next(w, p);
    }
}

/// The process that evaluates constants. Its state is empty, as that of strings' description isn't, so it has none.
static INIT: RecvDesc = RecvDesc {
    handler: init,
    state_desc: crate::process::NO_STATE,
    msg_desc: snow_abi::layout::NO_MESSAGES,
    name: INIT_NAME.as_ptr(),
    name_len: INIT_NAME.len(),
    fingerprint: 0,
    signals: 0,
    flags: 0,
    shape: std::ptr::null(),
};

const INIT_NAME: &str = "constants";

unsafe extern "C" fn init(ctx: *mut Ctx, _state: *mut u8, _message: *mut u8) -> i64 {
    let p = ctx.cast::<Process>();
    // SAFETY: the worker runs this process; `main` is known to nobody else yet.
    unsafe {
        let rt = Process::runtime(p);
        (rt.program.init)(ctx);
        let w = (*p).worker;
        let main = fns::make_process(w, p, rt.program.main, std::ptr::null_mut());
        start_main_process(rt, w, main);
    }
    status::DONE
}
