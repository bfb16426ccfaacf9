//! As `half_std`, with a name that doesn't say where the type is from.

use std::sync::atomic::AtomicUsize as Number;

use workshop::Verdict;
use workshop::sync::atomic::{AtomicUsize, Ordering};

pub fn main() -> Verdict {
    workshop::pool::pool1(
        || (Number::new(1), AtomicUsize::new(0)),
        |(next, seen)| {
            seen.load(Ordering::Relaxed);
            let claimed = next.load(Ordering::Relaxed);
            next.store(claimed + 1, Ordering::Relaxed);
            claimed
        },
    )
}
