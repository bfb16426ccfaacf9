//! A moving average of latencies. Each sample moves it a quarter of the way, and no sample may be
//! lost.
//!
//! No single `fetch_` operation computes an average (`fetch_update` is a loop).

use workshop::Verdict;
use workshop::sync::atomic::{AtomicU64, Ordering};

struct Average {
    value: AtomicU64,
}

impl Average {
    fn new() -> Average {
        Average {
            value: AtomicU64::new(0),
        }
    }

    /// Moves the average a quarter of the way to the sample.
    fn record(&self, sample: u64) {
        // TODO: lose no sample, whatever other threads record in the meantime.
        let average = self.value.load(Ordering::Relaxed);
        self.value
            .store((3 * average + sample) / 4, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.value.load(Ordering::Relaxed)
    }
}

fn main() -> Verdict {
    workshop::atomics::atomics3(Average::new, Average::record, Average::get)
}
