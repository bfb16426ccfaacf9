//! 100,000 runs with errors and panics at random, in virtual time, and as many that are dropped at random.

use std::num::NonZeroUsize;
use std::panic;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use error_handling::{Cause, Outcome, all_errors, error_channel, first_error};
use oorandom::Rand32;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::time::{sleep, timeout};

const RUNS: u64 = 100_000;
/// Runs on one runtime. A paused clock that has run for years is slower.
const RUNS_PER_RUNTIME: u64 = 1_000;
const PLANNED: &str = "a planned panic";

/// How an item ends, after its time.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ends {
    Well,
    Failing,
    Panicking,
    /// Before its future is made.
    PanickingAtOnce,
}

/// What happened to the items of one run, in the order in which it happened.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Events>>);

#[derive(Default)]
struct Events {
    started: usize,
    /// Items whose futures still exist.
    alive: usize,
    failed: Vec<usize>,
}

/// Counts an item as alive.
struct Alive(Log);

impl Alive {
    fn new(log: &Log) -> Alive {
        log.0.lock().unwrap().alive += 1;
        Alive(log.clone())
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.0.lock().unwrap().alive -= 1;
    }
}

#[derive(Clone)]
struct Item {
    index: usize,
    /// In milliseconds. An item of 0 ms never waits.
    length: u32,
    ends: Ends,
    log: Log,
}

fn work(item: Item) -> impl Future<Output = Result<usize, usize>> + Send {
    let Item {
        index,
        length,
        ends,
        log,
    } = item;
    log.0.lock().unwrap().started += 1;
    let fails = || log.0.lock().unwrap().failed.push(index);
    if ends == Ends::PanickingAtOnce {
        fails();
        panic!("{PLANNED}");
    }
    async move {
        let _alive = Alive::new(&log);
        if length > 0 {
            sleep(Duration::from_millis(length.into())).await;
        }
        let fails = || log.0.lock().unwrap().failed.push(index);
        match ends {
            Ends::Well => Ok(index),
            Ends::Failing => {
                fails();
                Err(index)
            }
            _ => {
                fails();
                panic!("{PLANNED}")
            }
        }
    }
}

/// A run that a seed determines.
struct Plan {
    items: Vec<Item>,
    limit: NonZeroUsize,
    log: Log,
    /// When to drop the run, in milliseconds.
    drop_after: u32,
}

fn plan(seed: u64) -> Plan {
    let mut random = Rand32::new(seed);
    let log = Log::default();
    let count = random.rand_range(0..9) as usize;
    let limit = NonZeroUsize::new(random.rand_range(1..6) as usize).unwrap();
    // In one run out of four, nothing fails.
    let risk = random.rand_range(0..4);
    let item = |index| Item {
        index,
        length: random.rand_range(0..20),
        ends: match random.rand_range(0..16) {
            0 if risk > 0 => Ends::Panicking,
            1 if risk > 0 => Ends::PanickingAtOnce,
            2..5 if risk > 0 => Ends::Failing,
            _ => Ends::Well,
        },
        log: log.clone(),
    };
    let items = (0..count).map(item).collect();
    let drop_after = random.rand_range(0..60);
    Plan {
        items,
        limit,
        log,
        drop_after,
    }
}

/// Runs a future in virtual time, for each seed.
fn in_every_run(run: impl AsyncFn(u64)) {
    print_no_planned_panics();
    for first in (0..RUNS).step_by(RUNS_PER_RUNTIME as usize) {
        paused().block_on(async {
            for seed in first..first + RUNS_PER_RUNTIME {
                run(seed).await;
            }
        });
    }
}

fn paused() -> Runtime {
    Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
}

fn print_no_planned_panics() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if panic.payload_as_str() != Some(PLANNED) {
                before(panic);
            }
        }));
    });
}

fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

#[test]
fn the_first_error_is_the_first_in_time_and_nothing_is_left() {
    in_every_run(async |seed| {
        let Plan {
            items, limit, log, ..
        } = plan(seed);
        let count = items.len();
        let ends: Vec<Ends> = items.iter().map(|item| item.ends).collect();
        let result = first_error::run(items, limit, work).await;
        assert_eq!(tasks(), 0, "seed {seed}");
        let events = log.0.lock().unwrap();
        assert_eq!(events.alive, 0, "seed {seed}");
        match (result, events.failed.first()) {
            (Ok(results), None) => assert!(results.into_iter().eq(0..count), "seed {seed}"),
            (Err(failure), Some(first)) => {
                assert_eq!(failure.index, *first, "seed {seed}");
                match failure.cause {
                    Cause::Error(index) => {
                        assert_eq!((index, ends[index]), (*first, Ends::Failing))
                    }
                    Cause::Panic(panic) => assert_eq!(panic.message, PLANNED),
                }
            }
            (result, first) => panic!("seed {seed}: {result:?}, {first:?}"),
        }
    });
}

#[test]
fn each_item_has_exactly_one_outcome_and_nothing_is_left() {
    in_every_run(async |seed| {
        let Plan {
            items, limit, log, ..
        } = plan(seed);
        let outcomes = all_errors::run(items.clone(), limit, work).await;
        assert_eq!(tasks(), 0, "seed {seed}");
        assert_eq!(log.0.lock().unwrap().alive, 0, "seed {seed}");
        assert_eq!(outcomes.len(), items.len(), "seed {seed}");
        for (item, outcome) in items.iter().zip(outcomes) {
            let right = match outcome {
                Outcome::Done(index) => index == item.index && item.ends == Ends::Well,
                Outcome::Failed(index) => index == item.index && item.ends == Ends::Failing,
                Outcome::Panicked(panic) => {
                    panic.message == PLANNED
                        && matches!(item.ends, Ends::Panicking | Ends::PanickingAtOnce)
                }
                Outcome::Stopped => false,
            };
            assert!(right, "seed {seed}, item {}", item.index);
        }
    });
}

#[test]
fn the_channel_returns_the_failures_in_the_order_in_which_they_happen() {
    in_every_run(async |seed| {
        let Plan {
            items, limit, log, ..
        } = plan(seed);
        let failures = error_channel::run(items, limit, work).await;
        assert_eq!(tasks(), 0, "seed {seed}");
        let events = log.0.lock().unwrap();
        let failed: Vec<usize> = failures.iter().map(|failure| failure.index).collect();
        assert_eq!(failed, events.failed, "seed {seed}");
    });
}

/// Drops a run after a random time, and checks that nothing starts later and that nothing is left.
async fn dropped<F: Future>(seed: u64, run: F, log: &Log, after: u32) {
    let finished = timeout(Duration::from_millis(after.into()), run)
        .await
        .is_ok();
    let started = log.0.lock().unwrap().started;
    // Tokio drops the tasks when it runs them next.
    sleep(Duration::from_millis(1)).await;
    assert_eq!(tasks(), 0, "seed {seed}");
    sleep(Duration::from_secs(1)).await;
    let events = log.0.lock().unwrap();
    assert_eq!(
        (events.started, events.alive),
        (started, 0),
        "seed {seed}, finished: {finished}"
    );
}

#[test]
fn a_dropped_run_starts_nothing_and_leaves_nothing() {
    in_every_run(async |seed| {
        let Plan {
            items,
            limit,
            log,
            drop_after,
        } = plan(seed);
        match seed % 3 {
            0 => dropped(seed, first_error::run(items, limit, work), &log, drop_after).await,
            1 => dropped(seed, all_errors::run(items, limit, work), &log, drop_after).await,
            _ => {
                dropped(
                    seed,
                    error_channel::run(items, limit, work),
                    &log,
                    drop_after,
                )
                .await
            }
        }
    });
}
