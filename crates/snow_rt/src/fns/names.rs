//! What compiled code calls about registered names.

use std::sync::atomic::Ordering::SeqCst;

use snow_abi::layout::StrObj;

use crate::crash;
use crate::process::{NOBODY, Process};
use crate::relations::living;
use crate::runtime::Runtime;
use crate::string;

/// `proc_register`
pub(crate) unsafe fn proc_register(p: *mut Process, name: *mut StrObj, pid: i64) -> bool {
    // SAFETY: see the parent module.
    unsafe {
        let rt = Process::runtime(p);
        rt.names.register(rt, string::text(name), pid)
    }
}

/// `proc_unregister`
pub(crate) unsafe fn proc_unregister(p: *mut Process, name: *mut StrObj) {
    // SAFETY: see the parent module.
    unsafe {
        let rt = Process::runtime(p);
        rt.names.unregister(rt, string::text(name));
    }
}

/// The living process of that name, and whether it takes messages of the type with that fingerprint (0: any).
fn find(rt: &Runtime, name: &str, fingerprint: i64) -> Option<(i64, bool)> {
    takes(rt, rt.names.find(name)?, fingerprint)
}

/// A living process, and whether it takes messages of the type with that fingerprint (0: any).
fn takes(rt: &Runtime, pid: i64, fingerprint: i64) -> Option<(i64, bool)> {
    let target = living(rt, pid)?;
    // SAFETY: slots are never freed; a description is a constant, and the process's own if its pid is still there.
    let known = unsafe {
        let entry = (*target).entry.load(SeqCst);
        if (*target).pid.load(SeqCst) != pid {
            return None;
        }
        (*entry).fingerprint
    };
    Some((pid, fingerprint == 0 || known == fingerprint as u64))
}

/// `proc_whereis`
pub(crate) unsafe fn proc_whereis(p: *mut Process, name: *mut StrObj, fingerprint: i64) -> i64 {
    // SAFETY: see the parent module.
    unsafe {
        match find(Process::runtime(p), string::text(name), fingerprint) {
            Some((pid, true)) => pid,
            _ => NOBODY,
        }
    }
}

/// `proc_takes`
pub(crate) unsafe fn proc_takes(p: *mut Process, pid: i64, fingerprint: i64) -> bool {
    // SAFETY: see the parent module.
    unsafe { takes(Process::runtime(p), pid, fingerprint).is_some_and(|found| found.1) }
}

/// `send_named`
pub(crate) unsafe fn send_named(
    p: *mut Process,
    name: *mut StrObj,
    fingerprint: i64,
    desc: i64,
    message: *mut u8,
) {
    // SAFETY: see the parent module.
    unsafe {
        let name = string::text(name);
        match find(Process::runtime(p), name, fingerprint) {
            None => {}
            Some((pid, true)) => super::send(p, pid, desc, message),
            Some((_, false)) => crash::raise(p, format!("wrong message type for :{name}"), None),
        }
    }
}
