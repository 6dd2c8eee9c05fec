//! What does the operating system ask for? A thread waits for signals: SIGTERM and SIGINT begin the orderly end (a second one
//! ends the program at once), SIGUSR1 prints a table of what is there.
//!
//! The signals are blocked in all threads, so that only this one gets them; it is started before any other. Threads that start
//! another program unblock them for that moment.

use crate::observe;
use crate::runtime::Runtime;
use crate::sched::monitor::Monitor;
use crate::sched::shutdown;
use crate::table::LocalSlots;

const STACK: usize = 256 << 10;

/// What is waited for.
const SIGNALS: [i32; 3] = [libc::SIGTERM, libc::SIGINT, libc::SIGUSR1];

fn watched() -> libc::sigset_t {
    // SAFETY: the set is initialised before it is used.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        for signal in SIGNALS {
            libc::sigaddset(&raw mut set, signal);
        }
        set
    }
}

/// Called where a signal hits a thread that has it unblocked for a moment: the thread that waits gets it.
extern "C" fn pass_on(signal: i32) {
    // SAFETY: both may be called in a handler.
    unsafe { libc::kill(libc::getpid(), signal) };
}

/// Does something, as starting a program, with none of these signals blocked in this thread: programs inherit that.
pub(crate) fn unblocked<R>(act: impl FnOnce() -> R) -> R {
    let set = watched();
    // SAFETY: the sets are initialised, the second by the first call.
    unsafe {
        let mut before = std::mem::zeroed();
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const set, &raw mut before);
        let result = act();
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, std::ptr::null_mut());
        result
    }
}

/// Starts the thread.
pub(crate) fn watch(rt: &'static Runtime) {
    let set = watched();
    // SAFETY: the set is initialised; the handler does only what a handler may.
    unsafe {
        for signal in SIGNALS {
            libc::signal(signal, pass_on as extern "C" fn(i32) as libc::sighandler_t);
        }
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
    }
    let started = std::thread::Builder::new()
        .name("snow-signals".into())
        .stack_size(STACK)
        .spawn(move || wait_for_signals(rt, &set));
    if let Err(error) = started {
        crate::io::fatal(&format!("can't start the thread for signals: {error}"));
    }
}

fn wait_for_signals(rt: &'static Runtime, set: &libc::sigset_t) {
    let mut slots = LocalSlots::default();
    let mut asked = false;
    loop {
        let mut signal = 0;
        // SAFETY: both are valid.
        if unsafe { libc::sigwait(set, &raw mut signal) } != 0 {
            continue;
        }
        if signal == libc::SIGUSR1 {
            rt.output.report(&observe::table(rt));
            continue;
        }
        let status = 128 + signal;
        if asked {
            rt.output.flush();
            // SAFETY: ends the process.
            unsafe { libc::_exit(status) }
        }
        asked = true;
        Monitor::ensure(rt);
        // SAFETY: the ender is ours until it is queued.
        if let Some(ender) = unsafe { shutdown::prepare(rt, &mut slots, status) } {
            rt.scheduler.inject(rt, ender);
        }
    }
}
