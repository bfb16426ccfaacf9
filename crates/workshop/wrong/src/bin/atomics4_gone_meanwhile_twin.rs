//! Rejected: A reader saw a lower value

//! A gauge remembers the highest value that anybody recorded. Build `record` from what the page tells: whatever two
//! threads do at the same time, the highest value stays.

use workshop::sync::atomic::{AtomicU64, Ordering};

struct Highest {
    value: AtomicU64,
}

impl Highest {
    fn new() -> Highest {
        Highest {
            value: AtomicU64::new(0),
        }
    }

    fn get(&self) -> u64 {
        self.value.load(Ordering::Relaxed)
    }

    /// Remembers the value if it is the highest so far.
    fn record(&self, value: u64) {
        let mut mine = value;
        let mut theirs = self.value.swap(mine, Ordering::AcqRel);
        while theirs > mine {
            mine = theirs;
            theirs = self.value.swap(mine, Ordering::AcqRel);
        }
    }
}

fn main() {
    workshop::atomics::atomics4(Highest::new, Highest::record, Highest::get)
}
