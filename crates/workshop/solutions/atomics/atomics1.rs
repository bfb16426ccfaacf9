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
        // Release: a thread whose Acquire load reads this `true` also sees everything before it.
        self.ready.store(true, Ordering::Release);
    }

    /// Returns the value, or `None` if it isn't published yet. Never waits.
    fn get(&self) -> Option<u64> {
        // Acquire: the other half. Neither half orders anything alone.
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
