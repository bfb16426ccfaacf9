//! Rejected: Only one side orders anything.

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
        self.value.store(value, Ordering::Relaxed);
        self.ready.store(true, Ordering::Release);
    }

    fn get(&self) -> Option<u64> {
        self.ready
            .load(Ordering::Relaxed)
            .then(|| self.value.load(Ordering::Relaxed))
    }
}

fn main() {
    workshop::atomics::atomics1(Slot::new, Slot::publish, Slot::get)
}
