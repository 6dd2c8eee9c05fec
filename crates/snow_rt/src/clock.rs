//! What time is it? The only place that reads the system's clock and the only source of the scheduler's choices,
//! so that a seeded simulation can stand in for both.
//!
//! Times are nanoseconds since the runtime started; [`NEVER`] is later than all.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A moment that doesn't come.
pub(crate) const NEVER: u64 = u64::MAX;

/// Seconds from 1970 to the moment at which virtual time starts, 2000-01-01T00:00:00Z.
const VIRTUAL_START: u64 = 946_684_800;

/// The source of time.
pub(crate) enum Clock {
    /// The system's, from this origin.
    Real(Instant),
    /// Time that only passes when nothing else is to be done.
    Virtual(AtomicU64),
}

impl Clock {
    /// The system's clock, or a virtual one.
    pub(crate) fn new(is_virtual: bool) -> Clock {
        if is_virtual { Clock::Virtual(AtomicU64::new(0)) } else { Clock::Real(Instant::now()) }
    }

    /// Nanoseconds since the start.
    pub(crate) fn now(&self) -> u64 {
        match self {
            Clock::Real(origin) => origin.elapsed().as_nanos() as u64,
            Clock::Virtual(now) => now.load(SeqCst),
        }
    }

    /// Lets virtual time pass up to `moment`; false: time passes by itself.
    pub(crate) fn pass(&self, moment: u64) -> bool {
        match self {
            Clock::Real(_) => false,
            Clock::Virtual(now) => {
                now.fetch_max(moment, SeqCst);
                true
            }
        }
    }

    /// [`Clock::now`] for programs: in virtual time, looking costs a microsecond, so that who waits by looking again and again
    /// comes to an end.
    pub(crate) fn look(&self) -> u64 {
        let now = self.now();
        self.pass(now + 1000);
        now
    }

    /// Nanoseconds since 1970 for programs; saturates in the year 2262. In virtual time, the program starts with the year 2000.
    pub(crate) fn unix(&self) -> i64 {
        let nanos = match self {
            Clock::Real(_) => match SystemTime::now().duration_since(UNIX_EPOCH) {
                Ok(since) => i128::try_from(since.as_nanos()),
                Err(error) => i128::try_from(error.duration().as_nanos()).map(|n| -n),
            },
            Clock::Virtual(_) => Ok(i128::from(VIRTUAL_START) * 1_000_000_000 + i128::from(self.look())),
        };
        let clamped = nanos.unwrap_or(i128::MAX).clamp(i128::from(i64::MIN), i128::from(i64::MAX));
        clamped as i64
    }

    /// The moment `ms` milliseconds from now; negative counts as 0.
    pub(crate) fn after_ms(&self, ms: i64) -> u64 {
        self.now().saturating_add((ms.max(0) as u64).saturating_mul(1_000_000)).min(NEVER - 1)
    }
}

/// The choices of one worker: whom to steal from first; in a simulation, what runs next and for how long.
pub(crate) struct Choices(u64);

impl Choices {
    pub(crate) fn new(seed: u64) -> Choices {
        Choices(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `n` (n > 0).
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}
