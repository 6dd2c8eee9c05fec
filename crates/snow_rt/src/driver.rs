//! How can a worker sleep and yet notice what happens outside? A driver, which some optional part of the runtime brings,
//! sleeps in its place. Programs that never wait for anything outside have none.
//!
//! Protocol: a worker's driver is made at its first need, on its thread, and kept. Only that thread calls it, on its own
//! stack (not a carrier's); [`Driver::waker`] may be used by any thread. A wake before the sleep ends the sleep
//! at once.

use std::task::Waker;
use std::time::Duration;

/// What sleeps in place of a worker.
pub trait Driver {
    /// Sleeps until it is woken, until it has noticed something, or for `limit`.
    fn park(&self, limit: Option<Duration>);

    /// Acts on what has happened, without sleeping.
    fn look(&self);

    /// What ends the sleep.
    fn waker(&self) -> Waker;

    /// What it is, for the part that made it.
    fn as_any(&self) -> &dyn std::any::Any;
}
