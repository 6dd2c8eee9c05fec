//! How many random inputs a test tries: a few, `SNOW_FUZZ_ROUNDS` of them, or all that fit in `SNOW_FUZZ_SECONDS`.
//!
//! Seeds count from `SNOW_FUZZ_FIRST`, else from 0. The number of inputs is printed at the end, for those who run a test for long.

use std::time::{Duration, Instant};

/// The seeds to try, in order.
#[derive(Debug)]
pub struct Seeds {
    next: u64,
    /// The seed to stop before; none where the time decides.
    end: Option<u64>,
    start: Instant,
    limit: Duration,
}

impl Seeds {
    /// What the environment asks for; `rounds` seeds where it asks for nothing.
    ///
    /// # Panics
    /// If a variable holds no number.
    pub fn new(rounds: u64) -> Seeds {
        let first = number("SNOW_FUZZ_FIRST").unwrap_or(0);
        let seconds = number("SNOW_FUZZ_SECONDS");
        let rounds = number("SNOW_FUZZ_ROUNDS").unwrap_or(rounds);
        let end = seconds.is_none().then(|| first + rounds);
        let limit = Duration::from_secs(seconds.unwrap_or(0));
        Seeds { next: first, end, start: Instant::now(), limit }
    }

    /// Whether the time of this run is bounded: it should then say what it did.
    pub fn is_timed(&self) -> bool {
        self.end.is_none()
    }

    /// Seconds since the start.
    pub fn seconds(&self) -> u64 {
        self.start.elapsed().as_secs()
    }
}

impl Iterator for Seeds {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let over = self.end.map_or_else(|| self.start.elapsed() >= self.limit, |end| self.next >= end);
        if over {
            return None;
        }
        self.next += 1;
        Some(self.next - 1)
    }
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text}: that's no number")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_or_time() {
        let start = Instant::now();
        let rounds = Seeds { next: 3, end: Some(5), start, limit: Duration::ZERO };
        assert_eq!(rounds.collect::<Vec<_>>(), [3, 4]);
        let mut timed = Seeds { next: 0, end: None, start, limit: Duration::from_secs(3600) };
        assert!(timed.is_timed());
        assert_eq!((timed.next(), timed.next()), (Some(0), Some(1)));
        timed.limit = Duration::ZERO;
        assert_eq!(timed.next(), None);
    }
}
