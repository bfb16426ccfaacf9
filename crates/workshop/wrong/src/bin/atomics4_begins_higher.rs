//! Rejected: Before anything was recorded the highest value is 0

//! A gauge remembers the highest value that anybody recorded. Build `record` from what the page tells: whatever two
//! threads do at the same time, the highest value stays.

use workshop::sync::atomic::{AtomicU64, Ordering};

struct Highest {
    value: AtomicU64,
}

impl Highest {
    fn new() -> Highest {
        Highest {
            value: AtomicU64::new(2),
        }
    }

    fn get(&self) -> u64 {
        self.value.load(Ordering::Relaxed)
    }

    /// Remembers the value if it is the highest so far.
    fn record(&self, value: u64) {
        self.value.fetch_max(value, Ordering::Relaxed);
    }
}

fn main() {
    workshop::atomics::atomics4(Highest::new, Highest::record, Highest::get)
}
