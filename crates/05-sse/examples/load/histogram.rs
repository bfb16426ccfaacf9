//! A histogram of times, each within 1 %.

/// Each doubling is split into 2 to the power of this many equal parts.
const PARTS: u32 = 7;

/// Counts how often each number of nanoseconds was added.
pub(crate) struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Histogram {
    pub(crate) fn new() -> Histogram {
        Histogram {
            counts: vec![0; (64 - PARTS as usize + 1) << PARTS],
            total: 0,
        }
    }

    pub(crate) fn add(&mut self, nanoseconds: u64) {
        self.counts[index(nanoseconds)] += 1;
        self.total += 1;
    }

    pub(crate) fn merge(&mut self, other: &Histogram) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.total += other.total;
    }

    /// Returns the time in nanoseconds that this share of all times doesn't exceed.
    pub(crate) fn percentile(&self, share: f64) -> Option<f64> {
        let rank = ((self.total as f64 * share).ceil() as u64).max(1);
        let mut below = 0;
        let index = self.counts.iter().position(|count| {
            below += count;
            below >= rank
        })?;
        Some(middle(index))
    }
}

fn index(nanoseconds: u64) -> usize {
    if nanoseconds < 1 << PARTS {
        return nanoseconds as usize;
    }
    let shift = nanoseconds.ilog2() - PARTS;
    (((shift as usize) + 1) << PARTS) + (nanoseconds >> shift) as usize - (1 << PARTS)
}

fn middle(index: usize) -> f64 {
    if index < 1 << PARTS {
        return index as f64;
    }
    let shift = (index >> PARTS) - 1;
    let least = ((index & ((1 << PARTS) - 1)) + (1 << PARTS)) as f64;
    (least + 0.5) * (1u64 << shift) as f64
}
