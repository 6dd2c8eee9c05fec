//! What compiled code calls to print.

use snow_abi::layout::StrObj;

use super::process::block;
use crate::outside;
use crate::process::{Process, TRAPS};
use crate::sched::shutdown;
use crate::string::bytes;

/// `print`: to standard output, in one piece.
pub(crate) unsafe fn print(p: *mut Process, text: *mut StrObj) {
    // SAFETY: see the parent module; compiled code keeps the text meanwhile.
    unsafe {
        let output = &Process::runtime(p).output;
        while output.print(bytes(text)).is_err() {
            wait_for_room(p, libc::STDOUT_FILENO);
        }
    }
}

/// `eprint`: to standard error, in one piece, behind what was printed before.
pub(crate) unsafe fn eprint(p: *mut Process, text: *mut StrObj) {
    // SAFETY: as `print`.
    unsafe {
        let output = &Process::runtime(p).output;
        while output.eprint(bytes(text)).is_err() {
            wait_for_room(p, libc::STDERR_FILENO);
        }
    }
}

/// Waits until a stream that a slow reader reads has room.
#[cold]
unsafe fn wait_for_room(p: *mut Process, fd: i32) {
    // SAFETY: see the parent module; nothing is held.
    unsafe {
        let output = &Process::runtime(p).output;
        outside::wait_for(p, |waits| {
            output.when_room(fd, waits);
            None
        });
    }
}

/// `flush`: writes what was printed.
pub(crate) unsafe fn flush(p: *mut Process) {
    // SAFETY: as `wait_for_room`.
    unsafe {
        let output = &Process::runtime(p).output;
        output.flush();
        if output.is_draining() {
            outside::wait_for(p, |waits| {
                output.when_drained(waits);
                None
            });
        }
    }
}

/// `exit_code`: what the program's status is to be when it ends without a crash.
pub(crate) unsafe fn exit_code(p: *mut Process, code: i64) {
    // SAFETY: see the parent module.
    unsafe { Process::runtime(p).want_status(code as i32) }
}

/// `halt`: ends the program at once.
pub(crate) unsafe fn halt(p: *mut Process, code: i64) -> ! {
    // SAFETY: see the parent module; in tests, where the program's end doesn't end everything, the process ends.
    unsafe {
        Process::runtime(p).finish_with(code as i32);
        crate::signals::exit_now(p, crate::reason::ExitReason::Killed)
    }
}

/// `exit`: begins the orderly end of the program; this process waits for its turn in it.
pub(crate) unsafe fn exit(p: *mut Process, code: i64) -> ! {
    // SAFETY: see the parent module; a process that no longer takes exit signals as messages ends in `block`.
    unsafe {
        (*p).flags &= !TRAPS;
        shutdown::begin((*p).worker, code as i32);
        loop {
            block(p);
        }
    }
}
