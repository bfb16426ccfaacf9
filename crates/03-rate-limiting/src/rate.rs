//! How often something may happen.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

/// A rate, stored as the interval between two events: from one event a day to 10⁹ a second.
///
/// The interval is rounded up to a whole nanosecond, so the rate is never higher than what was asked for: 3 a second are
/// one every 333,333,334 ns. Up to 10⁶ a second, it is lower by less than 0.1 %. Above that, the steps are coarse: any
/// rate from 5 × 10⁸ up to just below 10⁹ a second is 5 × 10⁸.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    /// From 1 ns to one day, both included.
    interval_ns: u64,
}

/// The error of [`Rate::every`]: the interval isn't between 1 ns and one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange;

impl Rate {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    /// Returns the rate of one event per `interval`.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] if the interval is shorter than 1 ns or longer than a day.
    pub fn every(interval: Duration) -> Result<Rate, OutOfRange> {
        if interval.is_zero() || interval > Rate::DAY {
            return Err(OutOfRange);
        }
        let interval_ns = interval.as_nanos() as u64;
        Ok(Rate { interval_ns })
    }

    /// Returns the rate of `events` per second.
    ///
    /// # Panics
    ///
    /// If there are more than 10⁹.
    pub const fn per_second(events: NonZeroU32) -> Rate {
        assert!(events.get() <= 1_000_000_000, "at most 10⁹ a second");
        let interval_ns = 1_000_000_000_u64.div_ceil(events.get() as u64);
        Rate { interval_ns }
    }

    pub(crate) const fn interval_ns(self) -> u64 {
        self.interval_ns
    }

    /// Returns the interval between two events.
    pub const fn interval(self) -> Duration {
        Duration::from_nanos(self.interval_ns)
    }
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the interval is not between 1 ns and one day")
    }
}

impl std::error::Error for OutOfRange {}
