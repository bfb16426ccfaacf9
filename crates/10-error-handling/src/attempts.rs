//! Runs items through `pool`'s window, keeps what became of each, and can stop the rest.

use std::convert::Infallible;
use std::future::pending;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use pool::window;
use takecell::TakeCell;
use tokio::sync::{Notify, mpsc};

use crate::caught::catch;
use crate::first::FirstError;
use crate::{Outcome, Panic};

/// The attempts at some items, and what became of them.
pub(crate) struct Attempts<R, E>(Arc<Shared<R, E>>);

struct Shared<R, E> {
    /// One outcome per item, `Stopped` until it ends. Only the worker that runs the item takes it.
    outcomes: Vec<TakeCell<Outcome<R, E>>>,
    /// The first failure, if it stops the rest.
    first: Option<FirstError>,
    /// Notified once, when that item fails.
    failed: Notify,
    /// Once true, stays true, and no item starts.
    stopped: AtomicBool,
}

/// What each worker keeps until its task is dropped. Fields are dropped in this order, so that once `_alive` is gone
/// for every worker, so is `shared`.
struct Worker<R, E> {
    shared: Arc<Shared<R, E>>,
    _alive: mpsc::Sender<Infallible>,
}

/// Stops the attempts when it is dropped.
struct StopOnDrop<'a>(&'a AtomicBool);

impl<R, E> Attempts<R, E>
where
    R: Send + 'static,
    E: Send + 'static,
{
    /// Returns attempts at so many items. Each failure is kept, and stops nothing.
    pub(crate) fn at(items: usize) -> Attempts<R, E> {
        Attempts::new(items, None)
    }

    /// Returns attempts at so many items. Once one has failed, no other starts.
    pub(crate) fn until_one_fails(items: usize) -> Attempts<R, E> {
        Attempts::new(items, Some(FirstError::new()))
    }

    fn new(items: usize, first: Option<FirstError>) -> Attempts<R, E> {
        let outcome = |_| TakeCell::new(Outcome::Stopped);
        Attempts(Arc::new(Shared {
            outcomes: (0..items).map(outcome).collect(),
            first,
            failed: Notify::new(),
            stopped: AtomicBool::new(false),
        }))
    }

    /// Waits until an item has failed. Waits forever if failures stop nothing.
    pub(crate) async fn first_failure(&self) {
        self.0.failed.notified().await;
    }

    // ANCHOR: run
    /// Runs `work` on at most `limit` items at once, until all have ended or `until` is ready. When it returns, no item
    /// is running. Call it once.
    pub(crate) async fn run<T, Fut>(
        &self,
        items: Vec<T>,
        limit: NonZeroUsize,
        work: impl Fn(T) -> Fut + Clone + Send + 'static,
        until: impl Future<Output = ()>,
    ) where
        T: Send + 'static,
        Fut: Future<Output = Result<R, E>> + Send + 'static,
    {
        let (alive, mut all_gone) = mpsc::channel(1);
        let worker = Worker {
            shared: self.0.clone(),
            _alive: alive,
        };
        let items = items.into_iter().enumerate().collect();
        let attempt = move |(index, item)| worker.end(index, worker.begin(|| work(item)));
        let stop = StopOnDrop(&self.0.stopped);
        tokio::select! {
            biased;
            () = until => {}
            _ = window::run(items, limit, attempt) => {}
        }
        // `select!` has dropped the window, which aborts its workers.
        drop(stop);
        let None = all_gone.recv().await;
    }
    // ANCHOR_END: run

    /// Returns the index of the item that failed first and what became of each item, in their order. Call it after
    /// [`Attempts::run`].
    pub(crate) fn into_outcomes(self) -> (Option<usize>, Vec<Outcome<R, E>>) {
        let shared = Arc::into_inner(self.0).expect("every worker is gone");
        let outcomes = shared.outcomes.into_iter().map(TakeCell::into_inner);
        let first = shared.first.and_then(|first| first.get());
        (first, outcomes.collect())
    }
}

impl<R, E> Worker<R, E> {
    // ANCHOR: attempt
    /// Begins an item, unless the attempts are stopped.
    fn begin<Fut>(&self, work: impl FnOnce() -> Fut) -> Option<Result<Fut, Panic>> {
        // Relaxed: an item that begins because it misses the store is aborted with its worker.
        let stopped = self.shared.stopped.load(Relaxed);
        (!stopped).then(|| catch(work))
    }

    /// Ends the item that has begun, and keeps what becomes of it.
    fn end<Fut>(
        &self,
        index: usize,
        begun: Option<Result<Fut, Panic>>,
    ) -> impl Future<Output = ()> + use<R, E, Fut>
    where
        Fut: Future<Output = Result<R, E>>,
    {
        let shared = self.shared.clone();
        async move {
            match begun {
                Some(begun) => shared.note(index, Outcome::of(begun).await),
                // Waits for the abort of this worker.
                None => pending().await,
            }
        }
    }
    // ANCHOR_END: attempt
}

impl<R, E> Shared<R, E> {
    /// Keeps the outcome of the item at `index`.
    fn note(&self, index: usize, outcome: Outcome<R, E>) {
        let failure = outcome.is_failure();
        *self.outcomes[index].take().expect("each item ends once") = outcome;
        if let Some(first) = &self.first
            && failure
            && first.set(index)
        {
            // Relaxed: see `Worker::begin`.
            self.stopped.store(true, Relaxed);
            self.failed.notify_one();
        }
    }
}

impl<R, E> Clone for Worker<R, E> {
    fn clone(&self) -> Worker<R, E> {
        Worker {
            shared: self.shared.clone(),
            _alive: self._alive.clone(),
        }
    }
}

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        // Relaxed: see `Worker::begin`.
        self.0.store(true, Relaxed);
    }
}
