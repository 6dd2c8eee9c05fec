//! Processes, messages, waits, crashes and ends.

use std::ptr::null_mut;
use std::sync::atomic::{AtomicI64, AtomicPtr, Ordering::SeqCst};

use snow_abi::layout::{Ctx, Handler, NO_MESSAGES, ObjHeader, status};

use super::harness::*;
use crate::fns;
use crate::process::Process;
use crate::release::drop_ref;

/// The process behind a context.
fn of(ctx: *mut Ctx) -> *mut Process {
    ctx.cast()
}

/// A handler's descriptions, made once.
struct Recv {
    made: AtomicPtr<u8>,
    handler: Handler,
    state: u32,
    message: u32,
    name: &'static str,
}

impl Recv {
    const fn new(handler: Handler, state: u32, message: u32, name: &'static str) -> Recv {
        Recv { made: AtomicPtr::new(null_mut()), handler, state, message, name }
    }

    fn get(&self) -> *mut u8 {
        let made = self.made.load(SeqCst);
        if !made.is_null() {
            return made;
        }
        let recv = recv(self.handler, self.state, self.message, self.name);
        self.made.store(recv, SeqCst);
        recv
    }
}

unsafe fn send_int(p: *mut Process, pid: i64, n: i64) {
    let mut n = n;
    // SAFETY: compiled code's protocol.
    unsafe { fns::send(p, pid, i64::from(INT), (&raw mut n).cast()) };
}

unsafe fn spawn_int(p: *mut Process, recv: &Recv, n: i64) -> i64 {
    let mut n = n;
    // SAFETY: compiled code's protocol.
    unsafe { fns::spawn(p, recv.get(), (&raw mut n).cast()) }
}

/// Saves one integer and waits.
unsafe fn wait_with(p: *mut Process, recv: &Recv, timeout: i64, n: i64) -> i64 {
    // SAFETY: compiled code's protocol.
    unsafe { fns::suspend(p, recv.get(), timeout).cast::<i64>().write(n) };
    status::WAITING
}

#[test]
fn main_prints() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe { print(of(ctx), "hello") };
        status::DONE
    }
    assert_eq!(run(1, main), (0, "hello\n".into()));
}

/// Adds up what it gets; at 0 it prints the sum and ends.
static ADDER: Recv = Recv::new(adder, INT, INT, "adder");
unsafe extern "C" fn adder(ctx: *mut Ctx, state: *mut u8, message: *mut u8) -> i64 {
    // SAFETY: compiled code's protocol.
    unsafe {
        let sum = *state.cast::<i64>();
        if message.is_null() {
            return wait_with(of(ctx), &ADDER, -1, sum);
        }
        let n = *message.cast::<i64>();
        if n == 0 {
            print(of(ctx), &format!("sum {sum}"));
            return status::DONE;
        }
        wait_with(of(ctx), &ADDER, -1, sum + n)
    }
}

#[test]
fn messages_arrive_in_order_on_any_number_of_workers() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let adder = spawn_int(of(ctx), &ADDER, 100);
            for n in (1..=100_000).chain([0, 5]) {
                send_int(of(ctx), adder, n);
            }
        }
        status::DONE
    }
    for workers in [1, 2, 4] {
        assert_eq!(run(workers, main), (0, format!("sum {}\n", 100 + 100_000 * 100_001_i64 / 2)));
    }
}

/// Sends back to the pid that it gets, one less, until 0.
static PONG: Recv = Recv::new(pong, INT, PAIR, "pong");
unsafe extern "C" fn pong(ctx: *mut Ctx, _: *mut u8, message: *mut u8) -> i64 {
    // SAFETY: compiled code's protocol.
    unsafe {
        if !message.is_null() {
            let [from, n] = *message.cast::<[i64; 2]>();
            if n == 0 {
                print(of(ctx), "done");
                return status::DONE;
            }
            let mut answer = [fns::self_pid(of(ctx)), n - 1];
            fns::send(of(ctx), from, i64::from(PAIR), (&raw mut answer).cast());
        }
        wait_with(of(ctx), &PONG, -1, 0)
    }
}

#[test]
fn ping_pong() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            for _ in 0..4 {
                let (a, b) = (spawn_int(of(ctx), &PONG, 0), spawn_int(of(ctx), &PONG, 0));
                let mut first = [a, 50_000];
                fns::send(of(ctx), b, i64::from(PAIR), (&raw mut first).cast());
            }
        }
        status::DONE
    }
    assert_eq!(run(2, main), (0, "done\n".repeat(4)));
}

/// Sums the nodes of each chain that it gets, lets them go, ends after the limit that it starts with.
static CHAINS: Recv = Recv::new(chains, INT, REF, "chains");
unsafe extern "C" fn chains(ctx: *mut Ctx, state: *mut u8, message: *mut u8) -> i64 {
    // SAFETY: compiled code's protocol.
    unsafe {
        let left = *state.cast::<i64>();
        if message.is_null() {
            return wait_with(of(ctx), &CHAINS, -1, left);
        }
        let chain = *message.cast::<usize>();
        let (mut sum, mut at) = (0, chain);
        while at != 0 {
            let (n, next) = read_node(at);
            sum += n;
            at = next;
        }
        drop_ref(of(ctx), chain as *mut ObjHeader);
        if left == 1 {
            print(of(ctx), &format!("last {sum}"));
            return status::DONE;
        }
        wait_with(of(ctx), &CHAINS, -1, left - 1)
    }
}

#[test]
fn messages_with_references_are_copied() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let p = of(ctx);
            let to = spawn_int(p, &CHAINS, 1000);
            for round in 0..1000 {
                let mut chain = 0;
                for n in 0..round {
                    chain = node(p, n, chain);
                }
                let chain = node(p, 0, chain);
                let mut message = chain;
                fns::send(p, to, i64::from(REF), (&raw mut message).cast());
                drop_ref(p, chain as *mut ObjHeader);
            }
        }
        status::DONE
    }
    assert_eq!(run(2, main), (0, format!("last {}\n", 998 * 999 / 2)));
}

/// Receives in the middle of a computation: the first message above 10, then one within 20 ms, then the first.
unsafe extern "C" fn blocking_main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
    // SAFETY: compiled code's protocol.
    unsafe {
        let p = of(ctx);
        let me = fns::self_pid(p);
        for n in [1, 2, 11, 3] {
            send_int(p, me, n);
        }
        let mut out = Vec::new();
        fns::recv_start(p, -1);
        loop {
            let n = *fns::recv_next(p).cast::<i64>();
            if n > 10 {
                fns::recv_take(p);
                out.push(n);
                break;
            }
            fns::recv_skip(p);
        }
        fns::recv_start(p, 20);
        loop {
            let value = fns::recv_next(p);
            if value.is_null() {
                break;
            }
            fns::recv_skip(p);
        }
        spawn_int(p, &SENDER, me);
        fns::recv_start(p, -1);
        loop {
            let n = *fns::recv_next(p).cast::<i64>();
            if n == 42 {
                fns::recv_take(p);
                out.push(n);
                break;
            }
            fns::recv_skip(p);
        }
        for _ in 0..3 {
            fns::recv_start(p, 0);
            let n = *fns::recv_next(p).cast::<i64>();
            fns::recv_take(p);
            out.push(n);
        }
        print(p, &format!("{out:?}"));
    }
    status::DONE
}

/// Sleeps, then sends 42 to the pid it starts with.
static SENDER: Recv = Recv::new(sender, INT, NO_MESSAGES, "sender");
unsafe extern "C" fn sender(ctx: *mut Ctx, state: *mut u8, _: *mut u8) -> i64 {
    // SAFETY: compiled code's protocol.
    unsafe {
        let to = *state.cast::<i64>();
        fns::sleep(of(ctx), 5);
        send_int(of(ctx), to, 42);
    }
    status::DONE
}

#[test]
fn blocking_receive_is_selective_and_keeps_order() {
    for workers in [1, 2] {
        assert_eq!(run(workers, blocking_main), (0, "[11, 42, 1, 2, 3]\n".into()));
    }
}

/// Takes even numbers first, odd ones when 0 has come.
static EVEN: Recv = Recv::new(even, INT, INT, "even");
static ODD: Recv = Recv::new(odd, INT, INT, "odd");
unsafe extern "C" fn even(ctx: *mut Ctx, state: *mut u8, message: *mut u8) -> i64 {
    // SAFETY: compiled code's protocol.
    unsafe {
        let seen = *state.cast::<i64>();
        if message.is_null() {
            return wait_with(of(ctx), &EVEN, -1, seen);
        }
        match *message.cast::<i64>() {
            0 => wait_with(of(ctx), &ODD, 10, seen),
            n if n % 2 == 0 => wait_with(of(ctx), &EVEN, -1, seen * 10 + n),
            _ => status::UNMATCHED,
        }
    }
}
unsafe extern "C" fn odd(ctx: *mut Ctx, state: *mut u8, message: *mut u8) -> i64 {
    // SAFETY: compiled code's protocol.
    unsafe {
        let seen = *state.cast::<i64>();
        if message.is_null() {
            print(of(ctx), &format!("seen {seen}"));
            return status::DONE;
        }
        match *message.cast::<i64>() {
            n if n % 2 == 1 => wait_with(of(ctx), &ODD, 10, seen * 10 + n),
            _ => status::UNMATCHED,
        }
    }
}

#[test]
fn handlers_select_and_time_out() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let pid = spawn_int(of(ctx), &EVEN, 0);
            for n in [1, 2, 3, 4, 5, 0, 6, 7] {
                send_int(of(ctx), pid, n);
            }
        }
        status::DONE
    }
    assert_eq!(run(2, main), (0, "seen 241357\n".into()));
}

/// Recurses for ever.
static DEEP: Recv = Recv::new(deep, INT, NO_MESSAGES, "deep");
unsafe extern "C" fn deep(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
    fn recurse(ctx: *mut Ctx, n: i64) -> i64 {
        let here = [n; 16];
        // SAFETY: compiled code's protocol: the check of a prologue.
        unsafe {
            if (&raw const here as usize) < (*ctx).stack_limit.load(SeqCst) {
                fns::stack_check(of(ctx));
            }
        }
        if n < 0 { n } else { recurse(ctx, n + 1) + std::hint::black_box(here)[3] }
    }
    std::hint::black_box(recurse(ctx, 0))
}

#[test]
fn runaway_recursion_crashes_one_process() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            spawn_int(of(ctx), &DEEP, 0);
            let adder = spawn_int(of(ctx), &ADDER, 0);
            fns::sleep(of(ctx), 30);
            send_int(of(ctx), adder, 3);
            send_int(of(ctx), adder, 0);
        }
        status::DONE
    }
    assert_eq!(run(2, main), (0, "sum 3\n".into()));
}

/// Computes for ever, checking at back edges, until told to stop by the flag.
static SPIN: Recv = Recv::new(spin, INT, NO_MESSAGES, "spin");
static STOP: AtomicI64 = AtomicI64::new(0);
unsafe extern "C" fn spin(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
    let here = 0_u8;
    while STOP.load(SeqCst) == 0 {
        // SAFETY: compiled code's protocol: the check of a back edge.
        unsafe {
            if (&raw const here as usize) < (*ctx).stack_limit.load(SeqCst) {
                fns::stack_check(of(ctx));
            }
        }
    }
    status::DONE
}

#[test]
fn no_process_keeps_others_from_running() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            for _ in 0..3 {
                spawn_int(of(ctx), &SPIN, 0);
            }
            fns::sleep(of(ctx), 20);
            print(of(ctx), "main ran");
            STOP.store(1, SeqCst);
        }
        status::DONE
    }
    assert_eq!(run(1, main), (0, "main ran\n".into()));
}

#[test]
fn waiting_for_nobody_is_a_deadlock() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            spawn_int(of(ctx), &ADDER, 0);
            fns::recv_start(of(ctx), -1);
            fns::recv_next(of(ctx));
        }
        status::DONE
    }
    for workers in [1, 2] {
        assert_eq!(run(workers, main).0, 1);
    }
}

#[test]
fn waiting_in_tail_position_for_nobody_is_a_deadlock() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe { wait_with(of(ctx), &ADDER, -1, 0) }
    }
    assert_eq!(run(2, main).0, 1);
}

#[test]
fn a_crash_of_main_ends_the_program() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            print(of(ctx), "before");
            fns::fail(of(ctx), 2, 5, 3, null_mut())
        }
    }
    assert_eq!(run(2, main), (1, "before\n".into()));
}

#[test]
fn leaks_are_found() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol, but for the leak.
        unsafe {
            node(of(ctx), 1, 0);
            text(of(ctx), &"long".repeat(1000));
        }
        status::DONE
    }
    assert_eq!(run(1, main).0, 70);
}

#[test]
fn many_processes() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let pids: Vec<_> = (0..20_000).map(|n| spawn_int(of(ctx), &ADDER, n)).collect();
            for round in [1, 2] {
                for &pid in &pids[1..] {
                    send_int(of(ctx), pid, round);
                }
            }
            send_int(of(ctx), pids[0], 7);
            send_int(of(ctx), pids[0], 0);
        }
        status::DONE
    }
    assert_eq!(run(2, main), (0, "sum 7\n".into()));
}

/// Drops each string that it gets; ends at the first empty one.
static READER: Recv = Recv::new(reader, INT, REF, "reader");
unsafe extern "C" fn reader(ctx: *mut Ctx, _: *mut u8, message: *mut u8) -> i64 {
    // SAFETY: compiled code's protocol.
    unsafe {
        if message.is_null() {
            return wait_with(of(ctx), &READER, -1, 0);
        }
        let s = *message.cast::<*mut snow_abi::layout::StrObj>();
        let len = crate::string::text(s).len();
        drop_ref(of(ctx), s.cast());
        if len == 0 {
            return status::DONE;
        }
        wait_with(of(ctx), &READER, -1, 0)
    }
}

#[test]
fn shared_strings_outlive_their_maker_and_the_dead_take_nothing() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let p = of(ctx);
            let mut old = Vec::new();
            for round in 0..300 {
                let long = text(p, &format!("{round} ").repeat(100));
                let empty = text(p, "");
                old.extend((0..4).map(|_| spawn_int(p, &READER, 0)));
                for s in [long, long, empty, long] {
                    for &pid in &old {
                        let mut message = s;
                        fns::send(p, pid, i64::from(REF), (&raw mut message).cast());
                    }
                }
                if old.len() > 40 {
                    old.drain(..30);
                }
                drop_ref(p, long.cast());
                drop_ref(p, empty.cast());
            }
        }
        status::DONE
    }
    for workers in [1, 3] {
        assert_eq!(run(workers, main), (0, String::new()));
    }
}
