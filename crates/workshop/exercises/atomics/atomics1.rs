//! One thread stores a value and then raises a flag. A thread that sees the flag must also see the
//! value.

use workshop::Verdict;
use workshop::sync::atomic::{AtomicBool, AtomicU64, Ordering};

struct Slot {
    value: AtomicU64,
    ready: AtomicBool,
}

impl Slot {
    fn new() -> Slot {
        Slot {
            value: AtomicU64::new(0),
            ready: AtomicBool::new(false),
        }
    }

    /// Publishes the value.
    fn publish(&self, value: u64) {
        // TODO: make sure that a reader that sees the flag also sees the value.
        self.value.store(value, Ordering::Relaxed);
        self.ready.store(true, Ordering::Relaxed);
    }

    /// Returns the value, or `None` if it isn't published yet. Never waits.
    fn get(&self) -> Option<u64> {
        if self.ready.load(Ordering::Relaxed) {
            Some(self.value.load(Ordering::Relaxed))
        } else {
            None
        }
    }
}

fn main() -> Verdict {
    workshop::atomics::atomics1(Slot::new, Slot::publish, Slot::get)
}
