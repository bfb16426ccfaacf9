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
        let number = value;
        self.value.store(number, Ordering::SeqCst);
        self.ready.store(true, Ordering::Relaxed);
    }

    fn get(&self) -> Option<u64> {
        let ready = self.ready.load(Ordering::Relaxed);
        let value = self.value.load(Ordering::SeqCst);
        ready.then_some(value)
    }
}

fn main() {
    workshop::atomics::atomics1(Slot::new, Slot::publish, Slot::get)
}
