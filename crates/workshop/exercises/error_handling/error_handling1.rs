//! Several workers can fail. The first one to report its error is told so, and its error is kept.
//! In some orders, two workers are both told that they are the first.
//!
//! `AtomicUsize` works as in `std::sync`. Item numbers start at 1; 0 means that no item has failed.

use workshop::Verdict;
use workshop::sync::atomic::{AtomicUsize, Ordering};

struct FirstError {
    item: AtomicUsize,
}

impl FirstError {
    fn new() -> FirstError {
        FirstError {
            item: AtomicUsize::new(0),
        }
    }

    /// Reports that an item has failed. Returns whether it is the first.
    fn set(&self, item: usize) -> bool {
        // TODO: the first error must stay, and only one worker may be told that it is the first.
        let is_first = self.get() == 0;
        if is_first {
            self.item.store(item, Ordering::Relaxed);
        }
        is_first
    }

    /// Returns the item that failed first, or 0.
    fn get(&self) -> usize {
        self.item.load(Ordering::Relaxed)
    }
}

fn main() -> Verdict {
    workshop::error_handling::error_handling1(FirstError::new, FirstError::set, FirstError::get)
}
