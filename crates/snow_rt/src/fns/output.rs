//! What compiled code calls to print.

use snow_abi::layout::StrObj;

use crate::process::Process;
use crate::string::bytes;

/// `print`: to standard output, in one piece.
pub(crate) unsafe fn print(p: *mut Process, text: *mut StrObj) {
    // SAFETY: see the parent module.
    unsafe { Process::runtime(p).output.print(bytes(text)) }
}

/// `eprint`: to standard error, in one piece, behind what was printed before.
pub(crate) unsafe fn eprint(p: *mut Process, text: *mut StrObj) {
    // SAFETY: see the parent module.
    unsafe {
        Process::runtime(p).output.flush();
        crate::io::eprint(bytes(text));
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
