//! Rejected: Something here sleeps.

use std::time::Duration;

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
        let claimed = self.next.load(Relaxed);
        std::thread::sleep(Duration::from_millis(2));
        self.next.store(claimed + 1, Relaxed);
        claimed
    }
}

fn main() {
    workshop::pool::pool1(Claims::new, Claims::claim)
}
