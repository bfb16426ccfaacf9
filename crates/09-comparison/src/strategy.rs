//! The strategies by name.

use std::fmt;
use std::num::NonZeroUsize;
use std::time::Duration;

use crate::{buffer_unordered, law};

/// A way to run many items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// One item after another.
    Sequential,
    /// All items at once.
    Unlimited,
    /// A batch of at most `limit` at a time.
    Batches,
    /// At most `limit` at once, each worker in its own task.
    Window,
    /// At most `limit` at once, all in one task.
    BufferUnordered,
    /// At most `limit` at once, each worker on its own OS thread.
    Threads,
}

impl Strategy {
    /// The strategies that run on a runtime, and so in virtual time, too.
    pub const ASYNC: [Strategy; 5] = [
        Strategy::Sequential,
        Strategy::Unlimited,
        Strategy::Batches,
        Strategy::Window,
        Strategy::BufferUnordered,
    ];

    /// Runs `work` on each item, and returns the results in the order of the items.
    ///
    /// # Panics
    ///
    /// If this is [`Strategy::Threads`], which needs work that blocks; if the chosen strategy panics, because `work`
    /// does or because there is no runtime.
    pub async fn run<T, R, Fut>(
        self,
        items: Vec<T>,
        limit: NonZeroUsize,
        work: impl Fn(T) -> Fut + Clone + Send + 'static,
    ) -> Vec<R>
    where
        T: Send + 'static,
        R: Send + 'static,
        Fut: Future<Output = R> + Send + 'static,
    {
        match self {
            Strategy::Sequential => pool::sequential::run(items, limit, work).await,
            Strategy::Unlimited => pool::unlimited::run(items, limit, work).await,
            Strategy::Batches => pool::batches::run(items, limit, work).await,
            Strategy::Window => pool::window::run(items, limit, work).await,
            Strategy::BufferUnordered => buffer_unordered::run(items, limit, work).await,
            Strategy::Threads => panic!("threads need work that blocks"),
        }
    }

    /// Returns how long the strategy takes if nothing runs out, by the law for it.
    pub fn law(self, durations: &[Duration], limit: NonZeroUsize) -> Duration {
        match self {
            Strategy::Sequential => law::sequential(durations),
            Strategy::Unlimited => law::unlimited(durations),
            Strategy::Batches => law::batches(durations, limit),
            Strategy::Window | Strategy::BufferUnordered | Strategy::Threads => {
                law::window(durations, limit)
            }
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Strategy::Sequential => "sequential",
            Strategy::Unlimited => "unlimited",
            Strategy::Batches => "batches",
            Strategy::Window => "window",
            Strategy::BufferUnordered => "buffer_unordered",
            Strategy::Threads => "threads",
        })
    }
}
