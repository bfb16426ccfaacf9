//! How much memory a pool uses beyond the items and the results. One test, because all tests would share the allocator's count.

use std::num::NonZeroUsize;

use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

const ITEMS: usize = 100_000;
const LIMIT: NonZeroUsize = NonZeroUsize::new(8).unwrap();
/// Bytes for the runtime, threads and tasks, which don't grow with the items.
const FIXED: usize = 64 * 1024;

/// Bytes at the peak while `f` runs, minus the bytes in use before.
fn peak<R>(f: impl FnOnce() -> R) -> usize {
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    f();
    ALLOCATED.peak_usage() - before
}

#[test]
fn at_most_three_words_per_item_beyond_items_and_results() {
    let word = size_of::<usize>();
    // The items were allocated before; the results are a word each.
    let most = ITEMS * word + 3 * ITEMS * word + FIXED;

    let items: Vec<usize> = (0..ITEMS).collect();
    let threads = peak(|| pool::threads::run(items, LIMIT, |item| item));
    assert!(
        threads <= most,
        "`threads` used {threads} bytes, more than {most}"
    );

    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let items: Vec<usize> = (0..ITEMS).collect();
    let window =
        peak(|| runtime.block_on(pool::window::run(items, LIMIT, |item| async move { item })));
    assert!(
        window <= most,
        "`window` used {window} bytes, more than {most}"
    );
}
