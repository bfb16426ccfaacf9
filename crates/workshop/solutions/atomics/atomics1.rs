//! One thread stores a value and then raises a flag. A thread that sees the flag must see the value, too.

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
        self.value.store(value, Ordering::Relaxed);
        // Release: an Acquire load that reads this `true` sees everything that came before it.
        self.ready.store(true, Ordering::Release);
    }

    /// Returns the value, or `None` if it isn't there yet. Never waits.
    fn get(&self) -> Option<u64> {
        // Acquire: the other half. Neither orders anything alone.
        if self.ready.load(Ordering::Acquire) {
            Some(self.value.load(Ordering::Relaxed))
        } else {
            None
        }
    }
}

fn main() -> Verdict {
    workshop::atomics::atomics1(Slot::new, Slot::publish, Slot::get)
}
