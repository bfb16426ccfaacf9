//! A list of all tasks owns none of them. To wake a task, a thread first becomes one of its owners, unless the last owner
//! has left: then the task is freed. In some orders, the thread gets a task that is freed.
//!
//! `AtomicUsize` works as in `std::sync`.

use workshop::Verdict;
use workshop::sync::atomic::{AtomicUsize, Ordering};

struct Owners {
    count: AtomicUsize,
}

impl Owners {
    fn new(count: usize) -> Owners {
        Owners {
            count: AtomicUsize::new(count),
        }
    }

    /// Becomes an owner, unless there is none any more. Returns whether it has.
    fn join(&self) -> bool {
        let mut count = self.count.load(Ordering::Relaxed);
        while count != 0 {
            // Adds only if the count is still the one that was checked.
            match self.count.compare_exchange(
                count,
                count + 1,
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                Ok(_) => return true,
                // Another owner has come or gone: check again.
                Err(newer) => count = newer,
            }
        }
        false
    }

    /// Leaves. Returns whether the caller is the last one, which frees the task.
    fn leave(&self) -> bool {
        self.count.fetch_sub(1, Ordering::AcqRel) == 1
    }
}

fn main() -> Verdict {
    workshop::memory::memory2(Owners::new, Owners::join, Owners::leave)
}
