//! The branches of a page run on threads of their own, and no thread waits for
//! them: the branch that finishes last sends the page. So one branch gets all the
//! parts, and the others get nothing.
//!
//! `Mutex` and `AtomicUsize` work as in `std::sync`.

use workshop::Verdict;
use workshop::sync::Mutex;
use workshop::sync::atomic::{AtomicUsize, Ordering};

struct Page {
    /// The branches that haven't finished.
    missing: AtomicUsize,
    parts: Mutex<Vec<u32>>,
}

impl Page {
    /// Makes a page of this many branches.
    fn new(branches: usize) -> Page {
        Page {
            missing: AtomicUsize::new(branches),
            parts: Mutex::new(Vec::new()),
        }
    }

    /// Finishes a branch with its part. Returns all the parts if this branch is the
    /// last, and `None` if it isn't.
    fn finish(&self, part: u32) -> Option<Vec<u32>> {
        // TODO: exactly one branch returns the parts, and no part is missing.
        self.missing.fetch_sub(1, Ordering::AcqRel);
        self.parts.lock().unwrap().push(part);
        if self.missing.load(Ordering::Acquire) == 0 {
            return Some(self.parts.lock().unwrap().clone());
        }
        None
    }
}

fn main() -> Verdict {
    workshop::fan_out::fan_out1(Page::new, Page::finish)
}
