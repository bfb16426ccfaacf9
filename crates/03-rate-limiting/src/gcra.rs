//! The arithmetic of a token bucket: the generic cell rate algorithm, on whole nanoseconds.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::{Rate, Refused};

/// What a bucket's rate and burst allow, given the one number that the bucket stores: when it will be full again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gcra {
    /// Between two tokens.
    interval_ns: u64,
    /// How far ahead a bucket may be full again if it still has a token: `burst - 1` intervals.
    ahead_ns: u64,
}

impl Gcra {
    pub(crate) fn new(rate: Rate, burst: NonZeroU32) -> Gcra {
        let interval_ns = rate.interval_ns();
        Gcra {
            interval_ns,
            // Saturated, it is longer than the clock lasts.
            ahead_ns: interval_ns.saturating_mul(u64::from(burst.get()) - 1),
        }
    }

    /// Takes a token at `now`. Returns when the bucket will be full again.
    // ANCHOR: take
    #[inline]
    pub(crate) fn take(&self, full_at: u64, now: u64) -> Result<u64, Refused> {
        let at = full_at.saturating_sub(self.ahead_ns);
        if now < at {
            return Err(Refused {
                at: Duration::from_nanos(at),
            });
        }
        let full_at = full_at.max(now).checked_add(self.interval_ns);
        full_at.ok_or(Refused { at: Duration::MAX })
    }
    // ANCHOR_END: take

    /// Returns when the next token can be taken, at `now` or later.
    #[inline]
    pub(crate) fn next(&self, full_at: u64, now: u64) -> u64 {
        full_at.saturating_sub(self.ahead_ns).max(now)
    }
}

/// Returns the time in nanoseconds, or the largest number if that is too small.
#[inline]
pub(crate) fn nanos(time: Duration) -> u64 {
    // The compiler sees that this undoes `Duration::from_nanos`. Of a product that saturates, it doesn't.
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
