//! A permit for each connection to the database. There must never be more connections than permits.

use workshop::Verdict;
use workshop::sync::atomic::{AtomicUsize, Ordering};

struct Permits {
    free: AtomicUsize,
}

impl Permits {
    fn new(limit: usize) -> Permits {
        Permits {
            free: AtomicUsize::new(limit),
        }
    }

    /// Takes a permit, if one is free. Never waits.
    fn try_acquire(&self) -> bool {
        // TODO: make sure that two requests never take the same permit.
        if self.free.load(Ordering::Relaxed) == 0 {
            return false;
        }
        self.free.fetch_sub(1, Ordering::Acquire);
        true
    }

    /// Gives a permit back.
    fn release(&self) {
        self.free.fetch_add(1, Ordering::Release);
    }
}

fn main() -> Verdict {
    workshop::rate_limiting::rate_limiting1(Permits::new, Permits::try_acquire, Permits::release)
}
