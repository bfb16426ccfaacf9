use workshop::Verdict;
use workshop::sync::atomic::{AtomicU64, Ordering::Relaxed};

struct Tally {
    /// The lower half counts what can be hibernated, and the upper half what is.
    word: AtomicU64,
}

impl Tally {
    fn new() -> Tally {
        Tally {
            word: AtomicU64::new(0),
        }
    }

    /// Counts a workload that can be hibernated, and whether it is.
    fn count(&self, is_hibernated: bool) {
        // One addition changes both halves, so no reader sees one without the other.
        let hibernated = u64::from(is_hibernated);
        self.word.fetch_add(1 | hibernated << 32, Relaxed);
    }

    /// Returns how many workloads can be hibernated, and how many are. There are fewer than 2³².
    fn counts(&self) -> (u64, u64) {
        // One load reads both.
        let word = self.word.load(Relaxed);
        (word & 0xffff_ffff, word >> 32)
    }
}

fn main() -> Verdict {
    workshop::hibernation::hibernation1(Tally::new, Tally::count, Tally::counts)
}
