//! Rejected: Something here sleeps.

use std::time::{Duration, Instant};

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
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(3) {}
        let number = self.next.load(Relaxed);
        self.next.store(number + 1, Relaxed);
        number
    }
}

fn main() {
    workshop::pool::pool1(Claims::new, Claims::claim)
}
