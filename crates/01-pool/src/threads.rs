//! The window on OS threads, for work that computes or blocks.

use std::num::NonZeroUsize;
use std::panic::{self, AssertUnwindSafe};
use std::thread;

use crate::items::{Items, Slot};

/// Runs `work` on at most `limit` items at once: `limit` threads claim the items one after another, in their
/// order. Blocks the caller until all items are finished.
///
/// Returns the results in the order of the items, and an empty `Vec` at once, without starting a thread, if there
/// are no items. Never starts more threads than there are items. Uses at most three words per item beyond the items
/// and the results.
///
/// # Panics
///
/// If `work` panics, this panics with the same payload. The other threads first finish their current items, and
/// claim no more. It also panics if the system can't start a thread.
// ANCHOR: run
pub fn run<T, R>(
    items: Vec<T>,
    limit: NonZeroUsize,
    work: impl Fn(T) -> R + Clone + Send + 'static,
) -> Vec<R>
where
    T: Send + 'static,
    R: Send + 'static,
{
    let workers = limit.get().min(items.len());
    let items = Items::new(items);
    let shared = &items;
    let outcome: thread::Result<()> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|_| {
                let work = work.clone();
                scope.spawn(move || {
                    let run_all = || {
                        while let Some((slot, item)) = shared.take() {
                            *slot = Slot::Result(work(item));
                        }
                    };
                    // Closes now: the join of this thread may come much later.
                    panic::catch_unwind(AssertUnwindSafe(run_all)).inspect_err(|_| shared.close())
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| worker.join()?)
    });
    match outcome {
        Ok(()) => items.into_results(),
        Err(payload) => panic::resume_unwind(payload),
    }
}
// ANCHOR_END: run
