//! Who is told of a process's end? All that are tied to it, in steps, so that the end of a process with very many links or
//! monitors keeps no other waiting.
//!
//! Order: monitors before those who wait for an answer, so that a client whose call failed finds its supervisor informed; then
//! links, then jobs. A worker that has news left doesn't sleep.

use std::collections::{btree_map, btree_set};

use super::end::unwatch;
use super::worker::Worker;
use crate::reason::ExitReason;
use crate::relations::Relations;
use crate::signals::{self, LINK_EXIT, RAW_DOWN, SENT_EXIT};

/// How many are told in one step.
const STEP: usize = 500;

/// The news of one process's end.
pub(crate) struct News {
    pid: i64,
    reason: ExitReason,
    monitors: btree_map::IntoIter<i64, i64>,
    asks: btree_map::IntoIter<i64, i64>,
    links: btree_set::IntoIter<i64>,
    watching: btree_map::IntoIter<i64, i64>,
    jobs: btree_set::IntoIter<i64>,
}

impl News {
    /// The news that `pid` has ended, for those in `relations`.
    pub(crate) fn new(pid: i64, mut relations: Relations, reason: &ExitReason) -> News {
        // Numbers of monitors aren't negative, addresses for answers are.
        let monitors = match relations.watchers.first_key_value() {
            Some((&first, _)) if first < 0 => relations.watchers.split_off(&0),
            _ => std::mem::take(&mut relations.watchers),
        };
        News {
            pid,
            reason: reason.clone(),
            monitors: monitors.into_iter(),
            asks: relations.watchers.into_iter(),
            links: relations.links.into_iter(),
            watching: relations.watching.into_iter(),
            jobs: relations.jobs.into_iter(),
        }
    }

    /// Tells some. Whether all have been told.
    ///
    /// # Safety
    /// `w` is this thread's worker.
    pub(crate) unsafe fn step(&mut self, w: *mut Worker) -> bool {
        // SAFETY: as the contract says.
        (0..STEP).any(|_| unsafe { !self.tell_one(w) })
    }

    /// Tells one. Whether there was one.
    unsafe fn tell_one(&mut self, w: *mut Worker) -> bool {
        // SAFETY: as the contract of `step` says.
        unsafe {
            if let Some((reference, watcher)) = self.monitors.next().or_else(|| self.asks.next()) {
                signals::send(w, RAW_DOWN, watcher, (self.pid, reference), &self.reason);
            } else if let Some(linked) = self.links.next() {
                signals::send(w, LINK_EXIT, linked, (self.pid, 0), &self.reason);
            } else if let Some((reference, target)) = self.watching.next() {
                unwatch((*w).rt, target, reference);
            } else if let Some(job) = self.jobs.next() {
                signals::send(w, SENT_EXIT, job, (self.pid, 0), &ExitReason::Killed);
            } else {
                return false;
            }
            true
        }
    }
}
