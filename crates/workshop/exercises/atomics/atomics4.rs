//! A gauge shows the lowest and the highest temperature so far. Each end is correct by itself, but
//! a reader can see a range that never existed: one end from before a change, and the other from
//! after it.

use workshop::Verdict;
use workshop::sync::atomic::{AtomicU32, Ordering};

struct Range {
    // TODO: let readers see only ranges that existed at some moment.
    lowest: AtomicU32,
    highest: AtomicU32,
}

impl Range {
    fn new(first: u32) -> Range {
        Range {
            lowest: AtomicU32::new(first),
            highest: AtomicU32::new(first),
        }
    }

    /// Extends the range to include the value.
    fn record(&self, value: u32) {
        self.lowest.fetch_min(value, Ordering::Relaxed);
        self.highest.fetch_max(value, Ordering::Relaxed);
    }

    /// Returns the lowest and the highest value.
    fn get(&self) -> (u32, u32) {
        let lowest = self.lowest.load(Ordering::Relaxed);
        let highest = self.highest.load(Ordering::Relaxed);
        (lowest, highest)
    }
}

fn main() -> Verdict {
    workshop::atomics::atomics4(Range::new, Range::record, Range::get)
}
