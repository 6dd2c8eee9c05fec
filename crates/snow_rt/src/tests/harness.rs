//! What the tests share: a small program's descriptions, and how to run one.

use std::ptr::null_mut;

use snow_abi::layout::{
    ABI_VERSION, Ctx, DescKind, Handler, ListVal, NO_MESSAGES, Program, REF_LIST, RecvDesc, StrObj, TypeDesc,
};

use crate::entry;
use crate::fns;
use crate::options::Options;
use crate::output::Output;
use crate::process::Process;
use crate::runtime::Runtime;
use crate::sched::worker::Worker;
use crate::string;

/// A value of one integer.
pub(super) const INT: u32 = 1;
/// A cell with an integer at 8 and a reference at 16.
pub(super) const NODE: u32 = 2;
/// A value of one reference.
pub(super) const REF: u32 = 3;
/// The buffer of a list of references.
pub(super) const LIST_OF_REFS: u32 = 4;
/// The buffer of a list of integers.
pub(super) const LIST_OF_INTS: u32 = 5;
/// A value of no bytes.
pub(super) const UNIT: u32 = 6;
/// A value of two integers.
pub(super) const PAIR: u32 = 7;
/// A value of two references.
pub(super) const TWO_REFS: u32 = 8;

/// A value of two lists of integers and of a reference.
pub(super) const LISTS: u32 = 9;

const fn desc(kind: DescKind, size: u32, refs: &'static [u16], name: &'static str) -> TypeDesc {
    TypeDesc {
        size,
        ref_count: refs.len() as u16,
        kind,
        reserved: 0,
        refs: refs.as_ptr(),
        name: name.as_ptr(),
        name_len: name.len(),
    }
}

static DESCS: [TypeDesc; 10] = [
    desc(DescKind::Str, 0, &[], "String"),
    desc(DescKind::Value, 8, &[], "Int"),
    desc(DescKind::Cell, 24, &[16], "Node"),
    desc(DescKind::Value, 8, &[0], "ref"),
    desc(DescKind::ListBuf, 8, &[0], "List<Node>"),
    desc(DescKind::ListBuf, 8, &[], "List<Int>"),
    desc(DescKind::Value, 0, &[], "()"),
    desc(DescKind::Value, 16, &[], "(Int, Int)"),
    desc(DescKind::Value, 16, &[0, 8], "(ref, ref)"),
    desc(DescKind::Value, 40, &[REF_LIST, 16 | REF_LIST, 32], "(List<Int>, List<Int>, ref)"),
];

/// A place to start or wait at.
pub(super) fn recv(handler: Handler, state_desc: u32, msg_desc: u32, name: &'static str) -> *mut u8 {
    recv_signals(handler, state_desc, msg_desc, name, 0)
}

/// [`recv`] that takes signals too, by a bit for each kind.
pub(super) fn recv_signals(
    handler: Handler,
    state_desc: u32,
    msg_desc: u32,
    name: &'static str,
    signals: u32,
) -> *mut u8 {
    let (name, name_len) = (name.as_ptr(), name.len());
    let fingerprint = u64::from(msg_desc) + 1;
    let recv = RecvDesc {
        handler,
        state_desc,
        msg_desc,
        name,
        name_len,
        fingerprint,
        signals,
        flags: 0,
        shape: std::ptr::null(),
    };
    (&raw mut *Box::leak(Box::new(recv))).cast()
}

unsafe extern "C" fn no_constants(_: *mut Ctx) {}

/// A `main` that takes messages of one integer, and signals.
pub(super) fn main_with(main: Handler, signals: u32) -> *mut u8 {
    recv_signals(main, UNIT, INT, "main", signals)
}

fn program(main: *mut u8) -> &'static Program {
    Box::leak(Box::new(Program {
        abi_version: ABI_VERSION,
        descs: DESCS.as_ptr(),
        desc_count: DESCS.len(),
        init: no_constants,
        main: main.cast(),
    }))
}

/// Runs a program with that `main`; status and output.
pub(super) fn run(workers: usize, main: Handler) -> (i32, String) {
    run_recv(workers, recv(main, UNIT, NO_MESSAGES, "main"))
}

/// [`run`] for a `main` that takes messages.
pub(super) fn run_recv(workers: usize, main: *mut u8) -> (i32, String) {
    run_options(Options { workers, ..OPTIONS }, main)
}

const OPTIONS: Options =
    Options { workers: 1, check_leaks: true, stats: true, hash_seed: 0, sim: None, exit_process: false };

/// [`run_recv`] as a simulation.
pub(super) fn simulate(seed: u64, main: *mut u8) -> (i32, String) {
    run_options(Options { sim: Some(seed), ..OPTIONS }, main)
}

fn run_options(options: Options, main: *mut u8) -> (i32, String) {
    // SAFETY: the tests keep the contract of compiled code.
    let (status, rt) = unsafe { entry::run(program(main), options, Output::captured()) };
    (status, rt.output.text())
}

/// A process that no worker runs, for calls that can't switch or crash. At the end it must hold nothing.
pub(super) fn with_process(test: impl FnOnce(*mut Process)) {
    unsafe extern "C" fn unused(_: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        0
    }
    let options = Options { stats: false, ..OPTIONS };
    let program = program(recv(unused, UNIT, NO_MESSAGES, "main"));
    let rt = Runtime::new(program, options, Output::captured());
    // SAFETY: this thread's own worker and process.
    unsafe {
        let w = Worker::new(rt, 0);
        let p = fns::make_process(w, null_mut(), program.main, null_mut());
        (*p).worker = w;
        test(p);
        crate::leaks::check(p);
        assert!(!rt.leaked.load(std::sync::atomic::Ordering::SeqCst), "the process leaked");
    }
}

/// A string.
pub(super) unsafe fn text(p: *mut Process, text: &str) -> *mut StrObj {
    // SAFETY: the caller runs `p`.
    unsafe { string::from_bytes(p, text.as_bytes()) }
}

/// Prints a line.
pub(super) unsafe fn print(p: *mut Process, line: &str) {
    // SAFETY: the caller runs `p`.
    unsafe {
        let s = text(p, &format!("{line}\n"));
        fns::print(p, s);
        crate::release::drop_ref(p, s.cast());
    }
}

/// A node; takes over `next`.
pub(super) unsafe fn node(p: *mut Process, n: i64, next: usize) -> usize {
    // SAFETY: the caller runs `p`; the new cell is ours.
    unsafe {
        let cell = fns::alloc(p, 24);
        cell.cast::<u64>().write(1 | u64::from(NODE << 8) << 32);
        cell.add(8).cast::<i64>().write(n);
        cell.add(16).cast::<usize>().write(next);
        cell as usize
    }
}

/// The number and the successor of a node.
pub(super) unsafe fn read_node(node: usize) -> (i64, usize) {
    // SAFETY: the caller holds the node.
    unsafe { (*((node + 8) as *const i64), *((node + 16) as *const usize)) }
}

/// Pushes one element as compiled code does.
pub(super) unsafe fn push(p: *mut Process, xs: ListVal, element: i64) -> ListVal {
    // SAFETY: the caller runs `p` and gives up `xs`.
    unsafe {
        let mut xs = xs;
        let end = xs.offset() + xs.len();
        let buf = xs.buf;
        if (*buf).header.rc != 1 || (*buf).hi != end || (*buf).hi == (*buf).cap {
            xs = fns::list_reserve_back(p, xs, 1);
        }
        let buf = xs.buf;
        at(xs, xs.len()).write(element);
        (*buf).hi += 1;
        ListVal { buf, view: ListVal::view(xs.offset(), xs.len() + 1) }
    }
}

/// Where an element of 8 bytes stands.
pub(super) unsafe fn at(xs: ListVal, index: u32) -> *mut i64 {
    // SAFETY: the caller stays within the buffer.
    unsafe {
        xs.buf
            .cast::<u8>()
            .add(snow_abi::layout::LIST_ELEMENTS)
            .cast::<i64>()
            .add((xs.offset() + index) as usize)
    }
}
