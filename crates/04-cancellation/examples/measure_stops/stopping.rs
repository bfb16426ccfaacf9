//! From the cancellation to the moment in which the waiting task runs.

use std::future::pending;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::tokens::Cancels;

const SAMPLES: usize = 4_000;

/// The median and the 99th percentile, in nanoseconds.
#[derive(Clone, Copy)]
pub(crate) struct Latency {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

/// Cancels a token on which a task waits.
pub(crate) fn cancelled<T: Cancels>() -> Latency {
    samples(|| async {
        let token = T::new();
        let (waiting, waits) = oneshot::channel();
        let (stopped, stops) = oneshot::channel();
        let waiter = token.clone();
        tokio::spawn(async move {
            let _ = waiting.send(());
            waiter.cancelled().await;
            let _ = stopped.send(Instant::now());
        });
        let _ = waits.await;
        spin(Duration::from_micros(20));
        let start = Instant::now();
        token.cancel();
        stops.await.expect("the task stops") - start
    })
}

/// Aborts the task, so that its future is dropped.
pub(crate) fn aborted() -> Latency {
    struct Stopped(Option<oneshot::Sender<Instant>>);
    impl Drop for Stopped {
        fn drop(&mut self) {
            if let Some(stopped) = self.0.take() {
                let _ = stopped.send(Instant::now());
            }
        }
    }
    samples(|| async {
        let (waiting, waits) = oneshot::channel();
        let (stopped, stops) = oneshot::channel();
        let task = tokio::spawn(async move {
            let _stopped = Stopped(Some(stopped));
            let _ = waiting.send(());
            pending::<()>().await;
        });
        let _ = waits.await;
        spin(Duration::from_micros(20));
        let start = Instant::now();
        task.abort();
        stops.await.expect("the future is dropped") - start
    })
}

/// Both tasks are in one runtime with a thread per core, like Go's goroutines.
fn samples<F, Fut>(sample: F) -> Latency
where
    F: Fn() -> Fut + Send + 'static,
    Fut: Future<Output = Duration> + Send,
{
    let runtime = Builder::new_multi_thread().build().expect("a runtime");
    let sampling = runtime.spawn(async move {
        let mut took = Vec::with_capacity(SAMPLES);
        for _ in 0..SAMPLES {
            took.push(sample().await.as_nanos() as f64);
        }
        took
    });
    let mut took = runtime.block_on(sampling).expect("no sample panics");
    took.sort_by(f64::total_cmp);
    Latency {
        p50: took[SAMPLES / 2],
        p99: took[SAMPLES * 99 / 100],
    }
}

fn spin(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {
        std::hint::spin_loop();
    }
}
