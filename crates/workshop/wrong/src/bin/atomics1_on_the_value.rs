//! Rejected: The orderings are on the value, and the flag has none.

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

    fn publish(&self, value: u64) {
        self.value.store(value, Ordering::Release);
        self.ready.store(true, Ordering::Relaxed);
    }

    fn get(&self) -> Option<u64> {
        self.ready
            .load(Ordering::Relaxed)
            .then(|| self.value.load(Ordering::Acquire))
    }
}

fn main() {
    workshop::atomics::atomics1(Slot::new, Slot::publish, Slot::get)
}
