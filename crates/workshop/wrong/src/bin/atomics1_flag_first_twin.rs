//! Rejected: The flag is raised before the value is there

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
        let before = self.ready.swap(true, Ordering::AcqRel);
        if !before {
            self.value.store(value, Ordering::SeqCst);
        }
    }

    fn get(&self) -> Option<u64> {
        match self.ready.load(Ordering::SeqCst) {
            true => Some(self.value.load(Ordering::SeqCst)),
            false => None,
        }
    }
}

fn main() {
    workshop::atomics::atomics1(Slot::new, Slot::publish, Slot::get)
}
