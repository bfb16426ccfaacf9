//! What a pool holds beyond items and results. One test, because the allocator counts for all.

use std::num::NonZeroUsize;

use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

const ITEMS: usize = 100_000;
const LIMIT: NonZeroUsize = NonZeroUsize::new(8).unwrap();
/// A runtime, threads and tasks: nothing that grows with the items.
const FIXED: usize = 64 * 1024;

/// The peak while `f` runs, less what was there before.
fn peak<R>(f: impl FnOnce() -> R) -> usize {
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    f();
    ALLOCATED.peak_usage() - before
}

#[test]
fn at_most_three_words_an_item_beyond_items_and_results() {
    let word = size_of::<usize>();
    // The items were there before, and the results take a word each.
    let most = ITEMS * word + 3 * ITEMS * word + FIXED;

    let items: Vec<usize> = (0..ITEMS).collect();
    let threads = peak(|| pool::threads::run(items, LIMIT, |item| item));
    assert!(
        threads <= most,
        "{threads} bytes on threads, of at most {most}"
    );

    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let items: Vec<usize> = (0..ITEMS).collect();
    let window =
        peak(|| runtime.block_on(pool::window::run(items, LIMIT, |item| async move { item })));
    assert!(
        window <= most,
        "{window} bytes in the window, of at most {most}"
    );
}
