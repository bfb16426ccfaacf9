//! Rejected: The threads touch nothing in common

use std::sync::atomic::{AtomicUsize, Ordering::*};

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
        self.next.fetch_add(1, SeqCst)
    }
}

fn main() {
    workshop::pool::pool1(Claims::new, Claims::claim)
}
