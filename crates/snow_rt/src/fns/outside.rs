//! What compiled code calls after it has called something outside.

use snow_abi::layout::StrObj;

use crate::extra::Extra;
use crate::process::Process;
use crate::string;

/// `io_take`: the next text that was left.
pub(crate) unsafe fn io_take(p: *mut Process) -> *mut StrObj {
    // SAFETY: see the parent module.
    unsafe {
        let Some(text) = Extra::of(p).answers.pop_front() else {
            crate::io::internal_error("nothing has left a text to take")
        };
        string::from_bytes(p, &text)
    }
}
