//! How hard a check may try.

use std::num::NonZeroUsize;
use std::time::Duration;

/// How hard a check may try.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many calls may be in flight at once.
    pub in_flight: NonZeroUsize,
    /// How long the check may take. What has no answer by then is unknown. A single try may take a quarter of it.
    pub deadline: Duration,
}
