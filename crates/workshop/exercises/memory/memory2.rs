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
        // TODO: a task whose last owner has left must stay freed. As long as it has an owner, joining must succeed.
        if self.count.load(Ordering::Relaxed) == 0 {
            return false;
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// Leaves. Returns whether the caller is the last one, which frees the task.
    fn leave(&self) -> bool {
        self.count.fetch_sub(1, Ordering::AcqRel) == 1
    }
}

fn main() -> Verdict {
    workshop::memory::memory2(Owners::new, Owners::join, Owners::leave)
}
