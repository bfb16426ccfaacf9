//! Rejected: These orderings are strong, and the order above is still possible

use workshop::sync::atomic::{AtomicUsize, Ordering::*};

struct Claims {
    number: AtomicUsize,
}

impl Claims {
    fn new() -> Claims {
        let number = AtomicUsize::new(0);
        Claims { number }
    }

    fn claim(&self) -> usize {
        let after = self.number.load(Acquire) + 1;
        self.number.store(after, Release);
        after - 1
    }
}

fn main() {
    workshop::pool::pool1(Claims::new, Claims::claim)
}
