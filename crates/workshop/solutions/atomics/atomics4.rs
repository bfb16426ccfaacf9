use workshop::Verdict;
use workshop::sync::atomic::{AtomicU64, Ordering};

struct Range {
    /// The lowest value is in the upper half and the highest in the lower half, so they change
    /// together.
    both: AtomicU64,
}

impl Range {
    fn new(first: u32) -> Range {
        Range {
            both: AtomicU64::new(pack(first, first)),
        }
    }

    /// Extends the range to include the value.
    fn record(&self, value: u32) {
        let mut both = self.both.load(Ordering::Relaxed);
        loop {
            let (lowest, highest) = unpack(both);
            let extended = pack(lowest.min(value), highest.max(value));
            // The exchange fails if another thread has extended the range in the meantime. The next
            // round starts from that range.
            match self
                .both
                .compare_exchange(both, extended, Ordering::Relaxed, Ordering::Relaxed)
            {
                Ok(_) => return,
                Err(newer) => both = newer,
            }
        }
    }

    /// Returns the lowest and the highest value.
    fn get(&self) -> (u32, u32) {
        unpack(self.both.load(Ordering::Relaxed))
    }
}
fn pack(lowest: u32, highest: u32) -> u64 {
    u64::from(lowest) << 32 | u64::from(highest)
}

fn unpack(both: u64) -> (u32, u32) {
    ((both >> 32) as u32, both as u32)
}
fn main() -> Verdict {
    workshop::atomics::atomics4(Range::new, Range::record, Range::get)
}
