//! The program's environment: the variables that it was started with, and those that it sets.
//!
//! The system's own table isn't written, since other threads may read it at any time; programs that are run get a copy of
//! this one. Protocol: the table is behind a lock that is held for one look or change.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use snow_abi::io_fns::FAILED;
use snow_rt::part::{Caller, Text};

use crate::failure::owned;

/// Names and values.
pub(crate) type Table = BTreeMap<OsString, OsString>;

static TABLE: OnceLock<Mutex<Table>> = OnceLock::new();

/// The environment.
pub(crate) fn table() -> MutexGuard<'static, Table> {
    let table = TABLE.get_or_init(|| Mutex::new(std::env::vars_os().collect()));
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `env_get`: 1: leaves the value; 0: there is none.
pub(crate) fn env_get(caller: &Caller, name: Text<'_>) -> i64 {
    caller.note_outside("the environment");
    let Some(value) = table().get(OsStr::from_bytes(name.bytes())).cloned() else { return 0 };
    match value.into_string() {
        Ok(value) => {
            caller.answer(value.into_bytes());
            1
        }
        Err(_) => {
            caller.answer(format!("the value of {} isn't text in UTF-8", owned(name)).into_bytes());
            FAILED
        }
    }
}

/// `env_set`; std has checked both.
pub(crate) fn env_set(_: &Caller, name: Text<'_>, value: Text<'_>) {
    table().insert(owned(name).into(), owned(value).into());
}

/// All that is text: name, zero byte, value, zero byte.
pub(crate) fn all() -> Vec<u8> {
    let mut all = Vec::new();
    for (name, value) in
        table().iter().filter(|(name, value)| name.to_str().is_some() && value.to_str().is_some())
    {
        for text in [name, value] {
            all.extend_from_slice(text.as_bytes());
            all.push(0);
        }
    }
    all
}
