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
        let mut average = self.value.load(Ordering::Relaxed);
        // If another thread has recorded a sample in the meantime, the exchange fails and returns
        // the new average. The next round starts from that one. `Relaxed` is enough: the average
        // says nothing about any other memory.
        while let Err(newer) = self.value.compare_exchange(
            average,
            (3 * average + sample) / 4,
            Ordering::Relaxed,
            Ordering::Relaxed,
        ) {
            average = newer;
        }
    }

    fn get(&self) -> u64 {
        self.value.load(Ordering::Relaxed)
    }
}

fn main() -> Verdict {
    workshop::atomics::atomics3(Average::new, Average::record, Average::get)
}
