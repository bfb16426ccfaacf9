//! Rejected: A compare_exchange says whether it succeeded.

use workshop::sync::atomic::{AtomicUsize, Ordering::*};

struct Claims {
    next: AtomicUsize,
}

impl Claims {
    fn new() -> Claims {
        Claims {
            next: AtomicUsize::new(0),
        }
    }

    fn claim(&self) -> usize {
        let seen = self.next.load(Acquire);
        match self.next.compare_exchange(seen, seen + 1, AcqRel, Acquire) {
            Ok(number) | Err(number) => number.min(seen),
        }
    }
}

fn main() {
    workshop::pool::pool1(Claims::new, Claims::claim)
}
