//! Broken on purpose: the last owner knows that it is the last, but nothing orders its free after the other owners'
//! accesses.

use crate::count::Count;
use crate::sync::{AtomicUsize, Ordering::Relaxed};

/// A number of owners whose decrement publishes nothing.
#[derive(Debug)]
pub struct Owners {
    /// The owners that have not left. The count is right; it is what it doesn't order that is wrong.
    count: AtomicUsize,
}

impl Count for Owners {
    fn one() -> Owners {
        Owners {
            count: AtomicUsize::new(1),
        }
    }

    fn add(&self) {
        self.count.fetch_add(1, Relaxed);
    }

    fn add_unless_zero(&self) -> bool {
        self.count
            .fetch_update(Relaxed, Relaxed, |count| (count != 0).then(|| count + 1))
            .is_ok()
    }

    // ANCHOR: remove
    fn remove(&self) -> bool {
        self.count.fetch_sub(1, Relaxed) == 1
    }
    // ANCHOR_END: remove
}
