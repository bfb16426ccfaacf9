//! Workers count workloads, and a reader asks for the counts meanwhile. The reader must get both
//! counts as they were at one moment.

use workshop::Verdict;
use workshop::sync::atomic::{AtomicU64, Ordering::Relaxed};

struct Tally {
    can_be_hibernated: AtomicU64,
    hibernated: AtomicU64,
}

impl Tally {
    fn new() -> Tally {
        Tally {
            can_be_hibernated: AtomicU64::new(0),
            hibernated: AtomicU64::new(0),
        }
    }

    /// Counts a workload that can be hibernated, and whether it is.
    fn count(&self, is_hibernated: bool) {
        self.can_be_hibernated.fetch_add(1, Relaxed);
        if is_hibernated {
            self.hibernated.fetch_add(1, Relaxed);
        }
    }

    /// Returns how many workloads can be hibernated, and how many are. There are fewer than 2³².
    fn counts(&self) -> (u64, u64) {
        // TODO: return the counts of one moment.
        let can_be_hibernated = self.can_be_hibernated.load(Relaxed);
        let hibernated = self.hibernated.load(Relaxed);
        (can_be_hibernated, hibernated)
    }
}

fn main() -> Verdict {
    workshop::hibernation::hibernation1(Tally::new, Tally::count, Tally::counts)
}
