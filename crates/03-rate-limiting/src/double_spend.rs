//! Broken on purpose: two requests load the same time before either stores the next one, and both spend one token.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::gcra::{Gcra, nanos};
use crate::sync::{AtomicU64, Ordering::Relaxed};
use crate::{Rate, Refused};

/// A bucket that sometimes admits more than its rate.
#[derive(Debug)]
pub struct TokenBucket {
    /// When the bucket will be full again, in nanoseconds, unless another request stores an older time.
    full_at: AtomicU64,
    gcra: Gcra,
}

impl TokenBucket {
    /// Returns a full bucket: it holds `burst` tokens, and gets a new one at the `rate`.
    pub fn new(rate: Rate, burst: NonZeroU32) -> TokenBucket {
        TokenBucket {
            full_at: AtomicU64::new(0),
            gcra: Gcra::new(rate, burst),
        }
    }

    /// Takes a token at `now`.
    ///
    /// # Errors
    ///
    /// [`Refused`] if it sees no token.
    // ANCHOR: try_take
    pub fn try_take(&self, now: Duration) -> Result<(), Refused> {
        let full_at = self.full_at.load(Relaxed);
        let later = self.gcra.take(full_at, nanos(now))?;
        self.full_at.store(later, Relaxed);
        Ok(())
    }
    // ANCHOR_END: try_take

    /// Reserves the next token. Returns when it can be used, `now` or later. `None` if the bucket's clock ends before.
    pub fn take_at(&self, now: Duration) -> Option<Duration> {
        let full_at = self.full_at.load(Relaxed);
        let at = self.gcra.next(full_at, nanos(now));
        let later = self.gcra.take(full_at, at).ok()?;
        self.full_at.store(later, Relaxed);
        Some(Duration::from_nanos(at))
    }
}
