//! Two owners share a log. Each writes its line and leaves. The last one to leave reads the lines.
//! In some executions, it misses a line that the other owner has written.
//!
//! `AtomicUsize` works as in `std::sync`. The lines use `Relaxed`, which orders nothing else.

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

    /// Leaves. Returns whether the caller is the last one. Everything that any owner did before it left happens before
    /// the last one continues.
    fn leave(&self) -> bool {
        // TODO: make the last owner see what the others have written.
        self.count.fetch_sub(1, Ordering::Relaxed) == 1
    }
}

fn main() -> Verdict {
    workshop::memory::memory1(Owners::new, Owners::leave)
}
