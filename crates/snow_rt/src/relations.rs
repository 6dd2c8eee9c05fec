//! Who is linked to whom, who watches whom, who has which names? One record for each process that has any of it.
//!
//! Protocol: a record stands in the shard of its pid, under the shard's lock; never are two shards locked at once. Before
//! a record is made, `related` of the process is set and then its pid is checked; a process that ends gives up its pid
//! and then looks at `related`. So either the maker sees that the process has ended, or the end sees the record.
//!
//! A link or monitor is held by its receiver: a signal that arrives when the receiver's record doesn't know it any
//! more is dropped. So nothing of it comes after `unlink` and `demonitor`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Mutex, MutexGuard};

use crate::ask;
use crate::process::{Pid, Process};
use crate::reason::ExitReason;
use crate::runtime::Runtime;

const SHARDS: usize = 64;

/// What ties a process to others.
#[derive(Default)]
pub(crate) struct Relations {
    /// Processes linked to it.
    pub(crate) links: BTreeSet<i64>,
    /// Monitors of it: their numbers (for one-shot addresses: the address), and who holds them.
    pub(crate) watchers: BTreeMap<i64, i64>,
    /// Monitors that it holds: numbers and whom they watch.
    pub(crate) watching: BTreeMap<i64, i64>,
    /// Its registered names.
    pub(crate) names: Vec<String>,
    /// Jobs that it has made and that live.
    pub(crate) jobs: BTreeSet<i64>,
    /// Crash reports of its jobs that it hasn't asked for yet.
    pub(crate) job_reports: BTreeMap<i64, JobReport>,
}

/// How a job crashed, kept for its maker.
pub(crate) struct JobReport {
    /// What is written if the maker never asks.
    pub(crate) text: String,
    /// What the maker is told who begins to wait after the end.
    pub(crate) reason: ExitReason,
}

type Shard = HashMap<i64, Relations>;

/// All records.
pub(crate) struct AllRelations {
    shards: Box<[Mutex<Shard>]>,
}

impl AllRelations {
    pub(crate) fn new() -> AllRelations {
        AllRelations { shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }

    fn lock(&self, pid: i64) -> MutexGuard<'_, Shard> {
        self.shards[pid as usize % SHARDS].lock().unwrap_or_else(|e| e.into_inner())
    }

    /// Calls `f` with the record of a process, if it has one.
    pub(crate) fn existing<R>(&self, pid: i64, f: impl FnOnce(&mut Relations) -> R) -> Option<R> {
        self.lock(pid).get_mut(&pid).map(f)
    }

    /// Takes the record of a process that has given up its pid.
    pub(crate) fn take(&self, pid: i64) -> Option<Relations> {
        self.lock(pid).remove(&pid)
    }
}

/// Calls `f` with the record of a living process; `None`: it has ended.
pub(crate) fn of_living<R>(rt: &Runtime, pid: i64, f: impl FnOnce(&mut Relations) -> R) -> Option<R> {
    let p = living(rt, pid)?;
    let mut shard = rt.relations.lock(pid);
    // SAFETY: slots are never freed; both fields may be touched by anybody.
    let alive = unsafe {
        (*p).related.store(true, SeqCst);
        (*p).pid.load(SeqCst) == pid
    };
    alive.then(|| f(shard.entry(pid).or_default()))
}

/// The slot where messages for a pid or one-shot address go; `None`: nobody lives there. The maker of an address may have
/// ended: the next one in its slot drops the message.
pub(crate) fn receiver(rt: &Runtime, to: i64) -> Option<*mut Process> {
    if to >= 0 {
        return living(rt, to);
    }
    Some(rt.table.slot(Pid::new(ask::slot_of(to), 0))).filter(|p| !p.is_null())
}

/// The slot of a process that lived a moment ago.
pub(crate) fn living(rt: &Runtime, pid: i64) -> Option<*mut Process> {
    if pid < 0 {
        return None;
    }
    let p = rt.table.slot(Pid(pid));
    // SAFETY: slots are never freed.
    (!p.is_null() && unsafe { (*p).pid.load(SeqCst) } == pid).then_some(p)
}
