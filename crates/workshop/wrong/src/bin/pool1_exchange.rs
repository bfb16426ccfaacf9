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
        let claimed = self.next.load(Relaxed);
        let _ = self
            .next
            .compare_exchange(claimed, claimed + 1, Relaxed, Relaxed);
        claimed
    }
}

fn main() {
    workshop::pool::pool1(Claims::new, Claims::claim)
}
