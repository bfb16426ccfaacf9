//! Rejected by Clippy: the explorer doesn't see it: use workshop::sync::atomic

//! Each worker of a pool asks for the number of the next item. Two of them must never get the same.
//!
//! The types of `workshop::sync` are those of `std::sync`; behind them, every order is tried.

use std::sync::atomic::AtomicUsize as Number;

use workshop::sync::atomic::{AtomicUsize, Ordering};

struct Claims {
    next: Number,
    seen: AtomicUsize,
}

impl Claims {
    fn new() -> Claims {
        Claims {
            next: Number::new(0),
            seen: AtomicUsize::new(0),
        }
    }

    /// The number of the next item.
    fn claim(&self) -> usize {
        self.seen.load(Ordering::Relaxed);
        // TODO: whoever calls this, whenever, must get a number that nobody else got.
        let claimed = self.next.load(Ordering::Relaxed);
        self.next.store(claimed + 1, Ordering::Relaxed);
        claimed
    }
}

fn main() {
    workshop::pool::pool1(Claims::new, Claims::claim)
}
