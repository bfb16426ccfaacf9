//! A true rate: each check starts when it gets a token.

use std::num::NonZeroU32;
use std::time::Duration;

use futures::future::join_all;
use tokio::time::{Instant, sleep_until};

use crate::gcra::{Gcra, nanos};
use crate::sync::{AtomicU64, Ordering::Relaxed};
use crate::{CheckError, Limits, Permission, Rate, Refused};

/// A bucket that holds up to `burst` tokens, and gets a new one at the rate. It is one number: when it will be full again.
///
/// Times are on a clock of the caller's choice, from its start. Calls that arrive with an older time than others are
/// admitted as if they came last. The clock lasts 2⁶⁴ ns, which are 584 years. After that, all calls are refused.
#[derive(Debug)]
pub struct TokenBucket {
    /// When the bucket will be full again, in nanoseconds. Never goes back.
    full_at: AtomicU64,
    gcra: Gcra,
}

impl TokenBucket {
    /// Returns a full bucket. What is rounded is said at [`Rate`].
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
    /// [`Refused`] if there is none. It says when there will be one.
    // ANCHOR: try_take
    #[inline]
    pub fn try_take(&self, now: Duration) -> Result<(), Refused> {
        let now = nanos(now);
        let mut full_at = self.full_at.load(Relaxed);
        loop {
            let later = self.gcra.take(full_at, now)?;
            // Relaxed: the bucket is this one number, and nothing else is published with it.
            let taken = self
                .full_at
                .compare_exchange_weak(full_at, later, Relaxed, Relaxed);
            match taken {
                Ok(_) => return Ok(()),
                Err(newer) => full_at = newer,
            }
        }
    }
    // ANCHOR_END: try_take

    /// Reserves the next token, before all calls that come later. Returns when it can be used, which is `now` or later.
    /// `None` if the bucket's clock ends before. A reservation can't be given back.
    pub fn take_at(&self, now: Duration) -> Option<Duration> {
        let now = nanos(now);
        let next = |full_at| self.gcra.take(full_at, self.gcra.next(full_at, now)).ok();
        // Relaxed: as in `try_take`.
        let before = self.full_at.fetch_update(Relaxed, Relaxed, next).ok()?;
        Some(Duration::from_nanos(self.gcra.next(before, now)))
    }
}

/// Starts the checks at the rate, after a burst. How many run at once depends on how long they take: nothing limits it.
///
/// Returns the answers in the order of the permissions: for each one the answer, or why there is none. A check whose
/// token is more than 584 years away fails.
///
/// # Panics
///
/// If `check` panics, this panics with the same payload, after dropping the other checks. It also panics outside a Tokio
/// runtime, if there are permissions.
///
/// # Cancellation
///
/// Dropping the future drops every check at the `await` that it has reached. No further check starts.
// ANCHOR: check_all
pub async fn check_all<F, Fut>(
    permissions: Vec<Permission>,
    limits: Limits,
    check: F,
) -> Vec<Result<bool, CheckError>>
where
    F: Fn(Permission) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<bool, CheckError>> + Send + 'static,
{
    let bucket = TokenBucket::new(limits.rate, limits.burst);
    let start = Instant::now();
    let checks = permissions.into_iter().map(async |permission| {
        let at = bucket.take_at(start.elapsed());
        match at.and_then(|at| start.checked_add(at)) {
            Some(at) => sleep_until(at).await,
            None => return Err(CheckError::TimedOut),
        }
        check(permission).await
    });
    join_all(checks).await
}
// ANCHOR_END: check_all
