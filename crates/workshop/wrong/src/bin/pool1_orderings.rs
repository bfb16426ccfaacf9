//! Rejected: These orderings are strong, and the order above is still possible

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
        let claimed = self.next.load(SeqCst);
        self.next.store(claimed + 1, SeqCst);
        claimed
    }
}

fn main() {
    workshop::pool::pool1(Claims::new, Claims::claim)
}
