//! The answer of a bucket that is empty.

use std::fmt;
use std::time::Duration;

/// No token is left. Says when to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Refused {
    /// When there is a token, on the clock of the call. Another request may take it first. [`Duration::MAX`] if the
    /// bucket's clock, which lasts 584 years, ends before.
    pub at: Duration,
}

impl Refused {
    /// Returns the value for HTTP's header `Retry-After`: the whole seconds from `now`, rounded up.
    pub fn retry_after(&self, now: Duration) -> u64 {
        let wait = self.at.saturating_sub(now);
        wait.as_secs()
            .saturating_add(u64::from(wait.subsec_nanos() > 0))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no token until {:?}", self.at)
    }
}

impl std::error::Error for Refused {}
