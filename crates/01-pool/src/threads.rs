//! The window on OS threads, for work that computes or blocks.

use std::num::NonZeroUsize;
use std::panic::{self, AssertUnwindSafe};
use std::thread;

use crate::items::{Items, Slot};

/// Works on `limit` items at once, each on a thread; blocks the caller until all are done.
///
/// Results are in the order of the items; no items, no results at once and no thread; never more
/// threads than items. Beyond items and results it holds at most three words an item.
///
/// # Panics
///
/// If `work` panics, with its payload, after the other threads have ended the item that each is at:
/// nobody takes another. And if the system refuses a thread.
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
    let worked: thread::Result<()> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|_| {
                let work = work.clone();
                scope.spawn(move || {
                    let take_all = || {
                        while let Some((slot, item)) = shared.take() {
                            *slot = Slot::Result(work(item));
                        }
                    };
                    // A panic must stop the others too, and not only when it is joined.
                    panic::catch_unwind(AssertUnwindSafe(take_all)).inspect_err(|_| shared.close())
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| worker.join()?)
    });
    match worked {
        Ok(()) => items.into_results(),
        Err(payload) => panic::resume_unwind(payload),
    }
}
// ANCHOR_END: run
