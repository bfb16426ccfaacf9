//! Rejected: Two claims go right, and a third does not

//! Each worker of a pool asks for the number of the next item. Two of them must never get the same.
//!
//! The types of `workshop::sync` are those of `std::sync`; behind them, every order is tried.

use workshop::sync::atomic::{AtomicUsize, Ordering};

struct Claims {
    next: AtomicUsize,
}

impl Claims {
    fn new() -> Claims {
        Claims {
            next: AtomicUsize::new(0),
        }
    }

    /// The number of the next item.
    fn claim(&self) -> usize {
        self.next.swap(1, Ordering::Relaxed)
    }
}

fn main() {
    workshop::pool::pool1(Claims::new, Claims::claim)
}
