//! Which process has which name?
//!
//! Protocol: the map is under its lock, which is taken before the lock of a shard of [`crate::relations`], never
//! after. A process's record lists its names, so its end removes them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use crate::relations::of_living;
use crate::runtime::Runtime;

/// All registered names.
#[derive(Default)]
pub(crate) struct Names {
    pids: Mutex<HashMap<String, i64>>,
}

impl Names {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, i64>> {
        self.pids.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// Gives a living process a name that nobody has. Whether it worked.
    pub(crate) fn register(&self, rt: &Runtime, name: &str, pid: i64) -> bool {
        let mut pids = self.lock();
        if pids.contains_key(name) {
            return false;
        }
        let noted = of_living(rt, pid, |r| r.names.push(name.to_string()));
        if noted.is_some() {
            pids.insert(name.to_string(), pid);
        }
        noted.is_some()
    }

    /// Takes a name away.
    pub(crate) fn unregister(&self, rt: &Runtime, name: &str) {
        let mut pids = self.lock();
        if let Some(pid) = pids.remove(name) {
            rt.relations.existing(pid, |r| r.names.retain(|known| known != name));
        }
    }

    /// Who has the name.
    pub(crate) fn find(&self, name: &str) -> Option<i64> {
        self.lock().get(name).copied()
    }

    /// Takes the names of a process that has ended away.
    pub(crate) fn release(&self, names: &[String], pid: i64) {
        if names.is_empty() {
            return;
        }
        let mut pids = self.lock();
        for name in names {
            if pids.get(name) == Some(&pid) {
                pids.remove(name);
            }
        }
    }
}
