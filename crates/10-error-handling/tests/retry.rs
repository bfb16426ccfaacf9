//! Which errors deserve a retry, and what backoff and jitter do, in virtual time.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use diagram::{Bar, Gantt, Row, assert_snapshot};
use error_handling::{Outcome, all_errors};
use futures::future::join_all;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

// ANCHOR: error
/// Why a deployment failed.
#[derive(Debug, PartialEq)]
enum Error {
    /// The server has no room now.
    Busy,
    /// There is nothing to deploy, now or later.
    NoSuchPipeline,
}

impl Error {
    /// Whether the same call may succeed later.
    fn is_transient(&self) -> bool {
        match self {
            Error::Busy => true,
            Error::NoSuchPipeline => false,
        }
    }
}
// ANCHOR_END: error

// ANCHOR: backoff
/// Waits 100, 200 and 400 ms, and then gives up.
fn backoff() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(ms(100))
        .with_factor(2.0)
        .with_max_times(3)
}
// ANCHOR_END: backoff

/// The calls of one run, each in the row of its caller.
#[derive(Clone)]
struct Calls {
    start: Instant,
    rows: Arc<Mutex<Vec<Vec<Bar>>>>,
}

impl Calls {
    fn of(callers: usize) -> Calls {
        Calls {
            start: Instant::now(),
            rows: Arc::new(Mutex::new(vec![Vec::new(); callers])),
        }
    }

    fn now(&self) -> f64 {
        self.start.elapsed().as_millis() as f64
    }

    /// Notes a call that has just ended. A call that failed is drawn as cut off.
    fn note<E>(&self, caller: usize, begun: f64, result: &Result<(), E>) {
        let bar = match result {
            Ok(()) => Bar::finished(begun, self.now()),
            Err(_) => Bar::cut_off(begun, self.now()),
        };
        self.rows.lock().unwrap()[caller].push(bar);
    }

    fn rows(&self, label: impl Fn(usize) -> String) -> Vec<Row> {
        let rows = self.rows.lock().unwrap().clone();
        rows.into_iter()
            .enumerate()
            .map(|(caller, bars)| Row::Bars {
                label: label(caller),
                bars,
            })
            .collect()
    }

    fn count(&self) -> usize {
        self.rows.lock().unwrap().iter().map(Vec::len).sum()
    }
}

/// A call takes 40 ms. Its item decides how many calls fail first, and with what.
async fn deploy(item: usize, calls: Calls) -> Result<(), Error> {
    let begun = calls.now();
    let before = calls.rows.lock().unwrap()[item].len();
    sleep(ms(40)).await;
    let result = match item {
        1 if before < 2 => Err(Error::Busy),
        2 => Err(Error::NoSuchPipeline),
        3 => Err(Error::Busy),
        _ => Ok(()),
    };
    calls.note(item, begun, &result);
    result
}

#[tokio::test(start_paused = true)]
async fn only_a_transient_error_is_retried() {
    let calls = Calls::of(4);
    let shared = calls.clone();
    // ANCHOR: retry
    let work = move |item| {
        let calls = shared.clone();
        let call = move || deploy(item, calls.clone());
        call.retry(backoff()).when(Error::is_transient)
    };
    // ANCHOR_END: retry
    let outcomes = all_errors::run((0..4).collect(), NonZeroUsize::MAX, work).await;
    let expected = [
        Outcome::Done(()),
        Outcome::Done(()),
        Outcome::Failed(Error::NoSuchPipeline),
        Outcome::Failed(Error::Busy),
    ];
    assert_eq!(outcomes, expected);
    let starts: Vec<Vec<f64>> = (calls.rows.lock().unwrap().iter())
        .map(|bars| bars.iter().map(|bar| bar.start_ms).collect())
        .collect();
    // Each delay begins when a call ends. The longer ones are a hair above 200 and 400 ms, because `backon` computes
    // with single precision, and the timer rounds up.
    let all = vec![0.0, 140.0, 381.0, 822.0];
    assert_eq!(starts, [vec![0.0], all[..3].to_vec(), vec![0.0], all]);
    let gantt = Gantt {
        rows: calls.rows(|item| format!("Item {}", item + 1)),
        notes: (1..)
            .zip(&outcomes)
            .map(|(item, outcome)| match outcome {
                Outcome::Failed(error) => format!("Item {item}  failed: {error:?}"),
                _ => format!("Item {item}  done"),
            })
            .collect(),
        ..Gantt::default()
    };
    assert_snapshot!("retry", gantt);
}

const CLIENTS: usize = 4;

/// Four clients call a server that has room for one, all at the same time. A call takes 40 ms, or fails after 10 ms if
/// there is no room. Returns the calls.
async fn herd(backoff: impl Fn(usize) -> ExponentialBuilder) -> Calls {
    let calls = Calls::of(CLIENTS);
    let room = Semaphore::new(1);
    let client = async |client: usize| {
        let call = async || {
            let begun = calls.now();
            let result = match room.try_acquire() {
                Ok(_permit) => {
                    sleep(ms(40)).await;
                    Ok(())
                }
                Err(_) => {
                    sleep(ms(10)).await;
                    Err(Error::Busy)
                }
            };
            calls.note(client, begun, &result);
            result
        };
        call.retry(backoff(client)).when(Error::is_transient).await
    };
    let results = join_all((0..CLIENTS).map(client)).await;
    assert!(results.iter().all(Result::is_ok));
    calls
}

#[tokio::test(start_paused = true)]
async fn jitter_spreads_the_retries() {
    let plain = herd(|_| backoff()).await;
    // ANCHOR: jitter
    let jitter = herd(|client| backoff().with_jitter().with_jitter_seed(client as u64)).await;
    // ANCHOR_END: jitter
    let mut gantt = Gantt::default();
    for (heading, calls) in [("Without jitter", &plain), ("With jitter", &jitter)] {
        gantt.rows.push(Row::Heading(heading.to_owned()));
        gantt
            .rows
            .extend(calls.rows(|client| format!("Client {}", client + 1)));
        gantt
            .notes
            .push(format!("{heading}: {} calls", calls.count()));
    }
    assert_eq!(plain.count(), 10);
    assert!(jitter.count() < plain.count());
    assert_snapshot!("jitter", gantt);
}
