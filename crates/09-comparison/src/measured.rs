//! Runs one strategy on one list of items, and measures what it costs.

use std::collections::HashSet;
use std::io;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::runtime::{Builder, Handle};
use tokio::time::sleep;

use crate::descriptors::Descriptors;
use crate::in_flight::InFlight;
use crate::strategy::Strategy;

/// What a run cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// How long it took, in milliseconds.
    pub ms: f64,
    /// The most tasks that existed at once, or OS threads. A strategy that spawns none runs on the caller's: 1.
    pub tasks: usize,
    /// The most items in flight at once.
    pub in_flight: usize,
    /// The number of items that failed, because they got no descriptor.
    pub failed: usize,
}

/// The gauges of one run. An item carries them, because a strategy's work may outlive its caller.
struct Gauges {
    in_flight: InFlight,
    /// The most tasks seen by an item.
    tasks: AtomicUsize,
    /// The threads on which items have run.
    threads: Mutex<HashSet<ThreadId>>,
    descriptors: Descriptors,
}

impl Gauges {
    // ANCHOR: item
    /// An item: opens a descriptor, and holds it for as long as it sleeps. Fails at once if there is none left.
    async fn item(&self, length: Duration) -> io::Result<()> {
        let alive = Handle::current().metrics().num_alive_tasks();
        self.tasks.fetch_max(alive, Relaxed);
        let _open = self.descriptors.open()?;
        self.in_flight.during(sleep(length)).await;
        Ok(())
    }
    // ANCHOR_END: item

    /// The same on an OS thread.
    fn blocking_item(&self, length: Duration) -> io::Result<()> {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        threads.insert(thread::current().id());
        drop(threads);
        let _open = self.descriptors.open()?;
        let _entered = self.in_flight.enter();
        thread::sleep(length);
        Ok(())
    }
}

/// Which clock a run uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Tokio's paused clock: sleeping takes no time, and the same run takes the same time every time.
    Virtual,
    /// The machine's clock.
    Real,
}

/// Runs the strategy over items of these durations on a runtime with one thread, or on OS threads.
///
/// # Panics
///
/// If [`Strategy::Threads`] is to run in virtual time, or if the system can't start a thread.
pub fn measure(
    strategy: Strategy,
    durations: Vec<Duration>,
    limit: NonZeroUsize,
    descriptors: Descriptors,
    clock: Clock,
) -> Measured {
    let gauges = Arc::new(Gauges {
        in_flight: InFlight::new(),
        tasks: AtomicUsize::new(0),
        threads: Mutex::default(),
        descriptors,
    });
    let shared = gauges.clone();
    let (results, took) = if strategy == Strategy::Threads {
        assert_eq!(clock, Clock::Real, "threads have no virtual clock");
        let start = Instant::now();
        let work = move |length| shared.blocking_item(length);
        let results = pool::threads::run(durations, limit, work);
        (results, start.elapsed())
    } else {
        let runtime = Builder::new_current_thread()
            .enable_time()
            .start_paused(clock == Clock::Virtual)
            .build()
            .expect("a runtime without I/O needs nothing from the system");
        runtime.block_on(async {
            let start = tokio::time::Instant::now();
            let work = move |length| {
                let gauges = shared.clone();
                async move { gauges.item(length).await }
            };
            let results = strategy.run(durations, limit, work).await;
            (results, start.elapsed())
        })
    };
    let threads = gauges
        .threads
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    Measured {
        // Divide whole nanoseconds: multiplying fractional seconds would not be exact.
        ms: took.as_nanos() as f64 / 1e6,
        tasks: gauges.tasks.load(Relaxed).max(threads.len()).max(1),
        in_flight: gauges.in_flight.peak(),
        failed: results.iter().filter(|result| result.is_err()).count(),
    }
}
