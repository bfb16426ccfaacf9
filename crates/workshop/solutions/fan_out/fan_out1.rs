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

    /// Finishes a branch with its part. Returns all the parts if this branch is the last, and `None`
    /// if it isn't.
    fn finish(&self, part: u32) -> Option<Vec<u32>> {
        // The part comes first: a branch that is counted as finished has its part in the list.
        self.parts.lock().unwrap().push(part);
        // One operation counts down and tells who was the last. Only one branch finds a 1.
        if self.missing.fetch_sub(1, Ordering::AcqRel) == 1 {
            return Some(self.parts.lock().unwrap().clone());
        }
        None
    }
}

fn main() -> Verdict {
    workshop::fan_out::fan_out1(Page::new, Page::finish)
}
