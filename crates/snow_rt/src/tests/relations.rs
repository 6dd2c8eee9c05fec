//! Links, monitors, names, exits, `terminate`, one-shot addresses.

use std::sync::atomic::Ordering::Relaxed;

use snow_abi::layout::{
    Ctx, DownSignal, ExitSignal, LIST_ELEMENTS, ListVal, NO_MESSAGES, exit_kind, signal_kind, status,
};

use super::harness::*;
use crate::fns;
use crate::process::Process;
use crate::release::drop_ref;
use crate::string;

fn of(ctx: *mut Ctx) -> *mut Process {
    ctx.cast()
}

const DOWN: u32 = 1 << signal_kind::DOWN;
const EXIT: u32 = 1 << signal_kind::EXIT;

/// Waits for a signal of `kind` and calls `f` with its value.
unsafe fn take_signal<T>(
    p: *mut Process,
    kind: i64,
    timeout: i64,
    f: impl FnOnce(*mut u8) -> T,
) -> Option<T> {
    // SAFETY: compiled code's protocol.
    unsafe {
        fns::recv_start(p, timeout);
        fns::recv_signals(p, 1 << kind);
        loop {
            let value = fns::recv_next(p);
            if value.is_null() {
                return None;
            }
            if fns::recv_kind(p) == kind {
                let result = f(value);
                fns::recv_take(p);
                return Some(result);
            }
            fns::recv_skip(p);
        }
    }
}

/// The kind and text of a reason; drops the text.
unsafe fn reason(p: *mut Process, kind: u8, text: *mut snow_abi::layout::StrObj) -> String {
    // SAFETY: compiled code's protocol.
    unsafe {
        if text.is_null() {
            return kind.to_string();
        }
        let shown = format!("{kind} {}", string::text(text));
        drop_ref(p, text.cast());
        shown
    }
}

unsafe fn take_down(p: *mut Process, timeout: i64) -> Option<(i64, i64, String)> {
    // SAFETY: compiled code's protocol.
    unsafe {
        take_signal(p, signal_kind::DOWN, timeout, |value| {
            let down = value.cast::<DownSignal>().read();
            (down.reference, down.pid, reason(p, down.kind, down.text))
        })
    }
}

unsafe fn take_exit(p: *mut Process) -> Option<(i64, String)> {
    // SAFETY: compiled code's protocol.
    unsafe {
        take_signal(p, signal_kind::EXIT, -1, |value| {
            let exit = value.cast::<ExitSignal>().read();
            (exit.pid, reason(p, exit.kind, exit.text))
        })
    }
}

unsafe fn spawn(p: *mut Process, handler: snow_abi::layout::Handler, signals: u32, n: i64) -> i64 {
    let mut n = n;
    // SAFETY: compiled code's protocol.
    unsafe { fns::spawn(p, recv_signals(handler, INT, INT, "child", signals), (&raw mut n).cast()) }
}

unsafe fn exit(p: *mut Process, pid: i64, kind: i64, why: &str) {
    // SAFETY: compiled code's protocol.
    unsafe {
        let why = text(p, why);
        fns::proc_exit(p, pid, kind, why);
        drop_ref(p, why.cast());
    }
}

/// Waits for ever, without a stack.
unsafe extern "C" fn waits(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
    // SAFETY: compiled code's protocol.
    unsafe {
        fns::suspend(of(ctx), recv(waits, INT, INT, "waits"), -1).cast::<i64>().write(0);
    }
    status::WAITING
}

/// Waits for ever, with a stack.
unsafe extern "C" fn blocks(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
    // SAFETY: compiled code's protocol.
    unsafe {
        fns::recv_start(of(ctx), -1);
        fns::recv_next(of(ctx));
    }
    status::DONE
}

/// Never looks at its mailbox.
unsafe extern "C" fn spins(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
    loop {
        // SAFETY: what compiled code does at a loop's back edge.
        unsafe {
            if (*ctx).stack_limit.load(std::sync::atomic::Ordering::Relaxed) == usize::MAX {
                fns::stack_check(of(ctx));
            }
        }
        std::hint::spin_loop();
    }
}

unsafe extern "C" fn crashes(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
    // SAFETY: compiled code's protocol.
    unsafe { fns::fail(of(ctx), 1, 0, 0, std::ptr::null_mut()) }
}

#[test]
fn monitors_tell_how_processes_end() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let p = of(ctx);
            for handler in [waits, blocks, spins] {
                let pid = spawn(p, handler, 0, 0);
                let reference = fns::proc_monitor(p, pid);
                exit(p, pid, exit_kind::NORMAL, "");
                exit(p, pid, exit_kind::CUSTOM, "no need");
                let down = take_down(p, -1).unwrap();
                assert_eq!((down.0, down.1), (reference, pid));
                print(p, &down.2);
            }
            let pid = spawn(p, crashes, 0, 0);
            fns::proc_monitor(p, pid);
            print(p, &take_down(p, -1).unwrap().2);
            assert!(!fns::proc_is_alive(p, pid));
            fns::proc_monitor(p, pid);
            print(p, &take_down(p, -1).unwrap().2);
            // Nothing comes after `demonitor`, whether it was on its way or not.
            let gone = fns::proc_monitor(p, pid);
            fns::proc_demonitor(p, gone);
            assert!(take_down(p, 0).is_none());
            let alive = spawn(p, waits, 0, 0);
            let reference = fns::proc_monitor(p, alive);
            exit(p, alive, exit_kind::KILLED, "");
            fns::sleep(p, 20);
            fns::recv_start(p, 0);
            assert!(fns::recv_next(p).is_null());
            fns::proc_demonitor(p, reference);
            assert!(take_down(p, 0).is_none());
        }
        status::DONE
    }
    for workers in [1, 2] {
        let main = main_with(main, DOWN);
        assert_eq!(
            run_recv(workers, main),
            (0, "6 no need\n6 no need\n6 no need\n5 division by zero\n4\n".into())
        );
    }
}

#[test]
fn links_end_both_unless_trapped() {
    unsafe extern "C" fn linked(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let mut n = 0_i64;
            fns::spawn_link(of(ctx), recv(crashes, INT, INT, "crashes"), (&raw mut n).cast());
            blocks(ctx, std::ptr::null_mut(), std::ptr::null_mut())
        }
    }
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let p = of(ctx);
            fns::proc_trap_exit(p, true);
            let mut n = 0_i64;
            let pid = fns::spawn_link(p, recv(linked, INT, INT, "linked"), (&raw mut n).cast());
            let (from, why) = take_exit(p).unwrap();
            assert_eq!(from, pid);
            print(p, &why);
            fns::proc_link(p, pid);
            print(p, &take_exit(p).unwrap().1);
            let other = spawn(p, waits, 0, 0);
            fns::proc_link(p, other);
            fns::proc_unlink(p, other);
            exit(p, other, exit_kind::KILLED, "");
            fns::sleep(p, 10);
            fns::recv_start(p, 0);
            fns::recv_signals(p, EXIT.into());
            assert!(fns::recv_next(p).is_null());
            fns::proc_trap_exit(p, false);
            exit(p, fns::self_pid(p), exit_kind::CUSTOM, "done");
            print(p, "not reached");
        }
        status::DONE
    }
    let (status, out) = run_recv(2, main_with(main, EXIT));
    assert_eq!((status, out.as_str()), (1, "5 division by zero\n4\n"));
}

#[test]
fn names_go_with_their_processes() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let p = of(ctx);
            let (a, name) = (spawn(p, waits, 0, 0), text(p, "a"));
            assert!(fns::proc_register(p, name, a));
            assert!(!fns::proc_register(p, name, fns::self_pid(p)));
            assert_eq!(fns::proc_whereis(p, name, 0), a);
            assert_eq!(fns::proc_whereis(p, name, i64::from(INT) + 1), a);
            assert_eq!(fns::proc_whereis(p, name, 99), -1);
            fns::proc_monitor(p, a);
            exit(p, a, exit_kind::SHUTDOWN, "");
            assert_eq!(take_down(p, -1).unwrap().2, "1");
            assert_eq!(fns::proc_whereis(p, name, 0), -1);
            assert!(fns::proc_register(p, name, fns::self_pid(p)));
            let mut n = 7_i64;
            fns::send_named(p, name, 0, i64::from(INT), (&raw mut n).cast());
            fns::recv_start(p, -1);
            print(p, &(*fns::recv_next(p).cast::<i64>()).to_string());
            fns::recv_take(p);
            fns::send_named(p, name, 5, i64::from(INT), (&raw mut n).cast());
        }
        status::DONE
    }
    assert_eq!(run_recv(2, main_with(main, DOWN)), (1, "7\n".into()));
}

unsafe extern "C" fn says_goodbye(ctx: *mut Ctx, state: *mut u8, _: *mut u8) -> i64 {
    // SAFETY: compiled code's protocol.
    unsafe { print(of(ctx), &format!("goodbye {}", *state.cast::<i64>())) };
    status::DONE
}

/// Has a clause, waits.
unsafe extern "C" fn polite(ctx: *mut Ctx, state: *mut u8, _: *mut u8) -> i64 {
    // SAFETY: compiled code's protocol.
    unsafe {
        let n = *state.cast::<i64>();
        fns::set_terminate(of(ctx), recv(says_goodbye, INT, INT, "polite")).cast::<i64>().write(n);
        if n < 0 {
            return status::DONE;
        }
        waits(ctx, state, std::ptr::null_mut())
    }
}

#[test]
fn terminate_runs_once() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let p = of(ctx);
            for (n, kind) in [(-1, exit_kind::NORMAL), (2, exit_kind::SHUTDOWN), (3, exit_kind::KILLED)] {
                let pid = spawn(p, polite, 0, n);
                fns::proc_monitor(p, pid);
                fns::sleep(p, 10);
                exit(p, pid, kind, "");
                let why = take_down(p, -1).unwrap().2;
                print(p, &why);
            }
            spawn(p, polite, 0, 5);
        }
        status::DONE
    }
    let expected = "goodbye -1\n4\n";
    let (status, out) = run_recv(2, main_with(main, DOWN));
    // The first may have ended before it was watched.
    let out = out.replacen("goodbye -1\n0\n", expected, 1);
    assert_eq!((status, out.as_str()), (0, "goodbye -1\n4\ngoodbye 2\n1\n2\ngoodbye 5\n"));
}

/// Answers the address that it gets with a text, twice.
unsafe extern "C" fn answers(ctx: *mut Ctx, _: *mut u8, message: *mut u8) -> i64 {
    // SAFETY: compiled code's protocol.
    unsafe {
        let p = of(ctx);
        if message.is_null() {
            fns::suspend(p, recv(answers, INT, INT, "answers"), -1).cast::<i64>().write(0);
            return status::WAITING;
        }
        let mut answer = text(p, "an answer");
        for _ in 0..2 {
            fns::send(p, *message.cast::<i64>(), i64::from(REF), (&raw mut answer).cast());
        }
        drop_ref(p, answer.cast());
        status::DONE
    }
}

#[test]
fn questions_are_answered_or_fail() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let p = of(ctx);
            let why = |p| {
                let why = fns::ask_error_text(p);
                let shown = format!("{} {}", fns::ask_error_kind(p), string::text(why));
                drop_ref(p, why.cast());
                shown
            };
            let pid = spawn(p, answers, 0, 0);
            let mut address = fns::ask_begin(p, pid);
            fns::send(p, pid, i64::from(INT), (&raw mut address).cast());
            let answer = *fns::ask_wait(p, address, 5000).cast::<*mut snow_abi::layout::StrObj>();
            print(p, string::text(answer));
            drop_ref(p, answer.cast());
            fns::ask_end(p, address);
            assert!(fns::ask_wait(p, address, 10).is_null());
            for (handler, limit) in [(crashes as snow_abi::layout::Handler, 5000), (waits, 20)] {
                let pid = spawn(p, handler, 0, 0);
                let address = fns::ask_begin(p, pid);
                assert!(fns::ask_wait(p, address, limit).is_null());
                print(p, &why(p).replace("4 ", "5 division by zero"));
                fns::ask_end(p, address);
            }
            let job = recv(crashes, INT, NO_MESSAGES, "job");
            let mut n = 0_i64;
            let pid = fns::spawn_job(p, job, (&raw mut n).cast());
            // Time enough for the job to end: its reason is told all the same.
            fns::sleep(p, 50);
            let address = fns::ask_begin(p, -1);
            fns::ask_watch(p, address, pid);
            assert!(fns::ask_wait(p, address, -1).is_null());
            print(p, &why(p));
        }
        status::DONE
    }
    let expected = "an answer\n5 division by zero\n6 timeout\n5 division by zero\n";
    assert_eq!(run_recv(2, main_with(main, 0)), (0, expected.into()));
}

#[test]
fn timers_deliver_and_can_be_cancelled() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let p = of(ctx);
            let me = fns::self_pid(p);
            let after = |ms, n: i64| {
                let mut n = n;
                fns::timer_send_after(p, me, ms, i64::from(INT), (&raw mut n).cast())
            };
            after(30, 3);
            after(10, 1);
            let gone = after(15, 9);
            after(20, 2);
            assert!(fns::timer_cancel(p, gone));
            assert!(!fns::timer_cancel(p, gone));
            let reference = fns::timer_start(p, 40);
            let mut n = 7_i64;
            let every = fns::timer_send_every(p, me, 25, i64::from(INT), (&raw mut n).cast());
            let mut out = Vec::new();
            while out.len() < 6 {
                fns::recv_start(p, 1000);
                fns::recv_signals(p, 1 << signal_kind::TIMER);
                let value = fns::recv_next(p).cast::<i64>();
                let timer = fns::recv_kind(p) == signal_kind::TIMER;
                out.push(if timer { *value - reference } else { *value });
                fns::recv_take(p);
            }
            assert!(fns::timer_cancel(p, every));
            print(p, &format!("{out:?}"));
            after(10_000_000, 1);
        }
        status::DONE
    }
    let (status, out) = run_recv(2, main_with(main, 1 << signal_kind::TIMER));
    assert_eq!((status, out.as_str()), (0, "[1, 2, 7, 3, 0, 7]\n"));
}

#[test]
fn what_is_there_can_be_seen() {
    use snow_abi::layout::{ListVal, ObjHeader};
    use snow_abi::runtime_fns::{proc_info, runtime_stat};
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let p = of(ctx);
            let me = fns::self_pid(p);
            let (pid, name) = (spawn(p, waits, 0, 0), text(p, "observed"));
            fns::proc_register(p, name, pid);
            drop_ref(p, name.cast());
            fns::proc_link(p, pid);
            fns::proc_monitor(p, pid);
            fns::sleep(p, 5);
            for n in 0..3_i64 {
                let mut n = n;
                fns::send(p, me, i64::from(INT), (&raw mut n).cast());
            }
            assert_eq!(fns::proc_info_int(p, me, proc_info::MAILBOX), 3);
            fns::recv_start(p, 0);
            fns::recv_next(p);
            fns::recv_take(p);
            assert_eq!(fns::proc_info_int(p, me, proc_info::MAILBOX), 2);
            assert_eq!(fns::proc_info_int(p, me, proc_info::STATE), 2);
            assert_eq!(fns::proc_info_int(p, pid, proc_info::STATE), 0);
            assert!(fns::proc_info_int(p, me, proc_info::HEAP) >= 256);
            assert_eq!(fns::runtime_stat(p, runtime_stat::PROCESSES, 0), 2);
            assert!(fns::runtime_stat(p, runtime_stat::MEMORY, 0) > 0);
            for what in [proc_info::NAME, proc_info::ACTOR] {
                let shown = fns::proc_info_text(p, pid, what);
                print(p, string::text(shown));
                drop_ref(p, shown.cast());
            }
            let length = |list: ListVal| {
                drop_ref(p, list.buf.cast::<ObjHeader>());
                list.len()
            };
            let empty = || fns::list_new(p, i64::from(LIST_OF_INTS), 0);
            assert_eq!(length(fns::proc_list(p, empty())), 2);
            assert_eq!(length(fns::proc_info_pids(p, pid, proc_info::LINKS, empty())), 1);
            assert_eq!(length(fns::proc_info_pids(p, pid, proc_info::WATCHERS, empty())), 1);
            assert_eq!(length(fns::proc_info_pids(p, pid, proc_info::WATCHING, empty())), 0);
            print(p, &crate::observe::table(Process::runtime(p)).lines().count().to_string());
            fns::proc_unlink(p, pid);
        }
        status::DONE
    }
    assert_eq!(run_recv(2, main_with(main, DOWN)), (0, "observed\nchild\n4\n".into()));
}

#[test]
fn a_simulation_depends_on_its_seed_alone() {
    /// Sends its number thrice, sleeping in between.
    unsafe extern "C" fn teller(ctx: *mut Ctx, state: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let p = of(ctx);
            let [to, mut n] = *state.cast::<[i64; 2]>();
            for round in 0..3 {
                fns::send(p, to, i64::from(INT), (&raw mut n).cast());
                fns::sleep(p, round * 3_600_000);
            }
        }
        status::DONE
    }
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let p = of(ctx);
            for n in 0..8 {
                let mut args = [fns::self_pid(p), n];
                fns::spawn(p, recv(teller, PAIR, NO_MESSAGES, "teller"), (&raw mut args).cast());
            }
            let mut out = Vec::new();
            while out.len() < 24 {
                fns::recv_start(p, -1);
                out.push(*fns::recv_next(p).cast::<i64>());
                fns::recv_take(p);
            }
            print(p, &format!("{out:?}"));
        }
        status::DONE
    }
    let runs: Vec<_> = (0..6).map(|seed| simulate(seed, main_with(main, 0))).collect();
    let again: Vec<_> = (0..6).map(|seed| simulate(seed, main_with(main, 0))).collect();
    assert_eq!(runs, again);
    assert!(runs.iter().any(|run| run != &runs[0]));
}

#[test]
fn a_crowded_process_is_buried_in_steps() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let p = of(ctx);
            let pid = spawn(p, blocks, 0, 0);
            fns::sleep(p, 5);
            let long = text(p, &"long ".repeat(40));
            let mut message = long;
            exit(p, pid, exit_kind::NORMAL, "");
            for _ in 0..20_000 {
                fns::send(p, pid, i64::from(REF), (&raw mut message).cast());
            }
            fns::proc_monitor(p, pid);
            exit(p, pid, exit_kind::KILLED, "");
            take_down(p, -1);
            drop_ref(p, long.cast());
            print(p, "gone");
        }
        status::DONE
    }
    assert_eq!(run_recv(2, main_with(main, DOWN)), (0, "gone\n".into()));
}

#[test]
fn a_great_message_lets_others_run() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol.
        unsafe {
            let p = of(ctx);
            let mut chain = 0;
            for n in 0..1_000_000 {
                chain = node(p, n, chain);
            }
            let me = fns::self_pid(p);
            let other = spawn(p, spins, 0, 0);
            let mut message = chain;
            for _ in 0..3 {
                fns::send(p, me, i64::from(REF), (&raw mut message).cast());
            }
            drop_ref(p, chain as *mut _);
            fns::recv_start(p, -1);
            let (n, _) = read_node(*fns::recv_next(p).cast::<usize>());
            print(p, &n.to_string());
            exit(p, other, exit_kind::KILLED, "");
            fns::halt(p, 3);
        }
    }
    assert_eq!(run_recv(1, main_with(main, 0)), (3, "999999\n".into()));
}

#[test]
fn a_long_list_grows_in_pieces() {
    unsafe extern "C" fn main(ctx: *mut Ctx, _: *mut u8, _: *mut u8) -> i64 {
        // SAFETY: compiled code's protocol; the list's buffer is unique, and full of what was written.
        unsafe {
            let p = of(ctx);
            let xs = fns::list_new(p, i64::from(LIST_OF_INTS), 200_000);
            let cap = (*xs.buf).cap;
            let first = xs.buf.cast::<u8>().add(LIST_ELEMENTS).cast::<i64>();
            (0..cap as usize).for_each(|n| first.add(n).write(n as i64));
            (*xs.buf).hi = cap;
            // As the monitor does it when the turn is over.
            (*p).ctx.stack_limit.store(usize::MAX, Relaxed);
            let xs = fns::list_reserve_back(p, ListVal { buf: xs.buf, view: ListVal::view(0, cap) }, 1);
            let others_ran = (*p).ctx.stack_limit.load(Relaxed) != usize::MAX;
            let first = xs.buf.cast::<u8>().add(LIST_ELEMENTS).cast::<i64>();
            let same = (0..cap as usize).all(|n| *first.add(n) == n as i64);
            drop_ref(p, xs.buf.cast());
            print(p, &format!("{others_ran} {same}"));
        }
        status::DONE
    }
    assert_eq!(run_recv(1, main_with(main, 0)), (0, "true true\n".into()));
}
