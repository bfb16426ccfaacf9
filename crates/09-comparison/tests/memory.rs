//! Many items on the real clock: how many are in flight, and how many bytes that takes. One test, because all tests would
//! share the allocator's count.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use comparison::in_flight::InFlight;
use comparison::strategy::Strategy;
use peak_alloc::PeakAlloc;
use tokio::runtime::Builder;
use tokio::time::sleep;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// A million with `cargo test --release`, and fewer where the code isn't optimised.
const ITEMS: usize = if cfg!(debug_assertions) {
    20_000
} else {
    1_000_000
};
const LIMIT: NonZeroUsize = NonZeroUsize::new(100).unwrap();
const ITEM: Duration = Duration::from_millis(1);
/// Bytes for the runtime and the tasks, which don't grow with the items.
const FIXED: usize = 64 * 1024;

/// Bytes at the peak above those before, and the most items in flight.
fn cost(strategy: Strategy) -> (usize, usize) {
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let items: Vec<usize> = (0..ITEMS).collect();
    let gauge = Arc::new(InFlight::new());
    let shared = gauge.clone();
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    let work = move |item: usize| {
        let gauge = shared.clone();
        async move {
            gauge.during(sleep(ITEM)).await;
            item
        }
    };
    let results = runtime.block_on(strategy.run(items, LIMIT, work));
    let bytes = ALLOCATED.peak_usage() - before;
    assert_eq!(results.len(), ITEMS);
    assert_eq!(gauge.now(), 0);
    (bytes, gauge.peak())
}

#[test]
fn a_window_takes_at_most_the_results_and_three_words_per_item() {
    let word = size_of::<usize>();
    // A result is a word.
    let most = ITEMS * word + 3 * ITEMS * word + FIXED;
    let (bytes, in_flight) = cost(Strategy::Window);
    println!("window: {bytes} bytes of {most}, {in_flight} in flight");
    assert_eq!(in_flight, LIMIT.get());
    assert!(bytes <= most, "{bytes} bytes, more than {most}");

    let (bytes, in_flight) = cost(Strategy::Unlimited);
    println!("unlimited: {bytes} bytes, {in_flight} in flight");
    assert!(in_flight > LIMIT.get());
    assert!(bytes > most, "{bytes} bytes, not more than {most}");
}
