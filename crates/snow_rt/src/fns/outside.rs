//! What compiled code calls after it has called something outside.

use snow_abi::layout::StrObj;

use crate::extra::Extra;
use crate::process::Process;
use crate::string;

/// `io_take`: the next text that was left.
pub(crate) unsafe fn io_take(p: *mut Process) -> *mut StrObj {
    // SAFETY: see the parent module.
    unsafe {
        let text = Extra::of(p).answers.pop_front().unwrap_or_default();
        string::from_bytes(p, &text)
    }
}
