//! Measures how long a group takes from the first error to its return. 1,000 items run at once on two threads. One is in
//! a part that can't be stopped, 20 ms of computing, when another one fails. The rest waits.

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use error_handling::first_error;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Barrier;
use tokio::task::{JoinSet, yield_now};

const ITEMS: usize = 1_000;
const ROUNDS: usize = 50;
/// How long the part that can't be stopped takes.
const PART: Duration = Duration::from_millis(20);

/// What the items of one round share.
struct Round {
    /// Every item is running.
    all_run: Barrier,
    /// The part that can't be stopped has begun.
    begun: AtomicBool,
    /// How many items' futures exist.
    left: AtomicUsize,
    /// When that part began and ended, and when the other item failed.
    part: Mutex<Option<(Instant, Instant)>>,
    failed: Mutex<Option<Instant>>,
}

/// Counts an item as left until it is dropped.
struct Left(Arc<Round>);

impl Left {
    fn new(round: &Arc<Round>) -> Left {
        round.left.fetch_add(1, SeqCst);
        Left(round.clone())
    }
}

impl Drop for Left {
    fn drop(&mut self) {
        self.0.left.fetch_sub(1, SeqCst);
    }
}

async fn work(item: usize, round: Arc<Round>) -> Result<(), &'static str> {
    let _left = Left::new(&round);
    round.all_run.wait().await;
    match item {
        0 => {
            let start = Instant::now();
            round.begun.store(true, SeqCst);
            while start.elapsed() < PART {
                std::hint::spin_loop();
            }
            *round.part.lock().expect("no panic") = Some((start, Instant::now()));
            // The group has stopped this item by now, at the next await.
            std::future::pending().await
        }
        1 => {
            while !round.begun.load(SeqCst) {
                yield_now().await;
            }
            *round.failed.lock().expect("no panic") = Some(Instant::now());
            Err("failed")
        }
        _ => std::future::pending().await,
    }
}

/// The time from the error to the return, the time from the error to the end of the part, and the items that are left.
struct Measured {
    to_return: Duration,
    to_part: Duration,
    left: usize,
}

fn measure<F: Future>(runtime: &Runtime, run: impl Fn(Arc<Round>) -> F) -> Vec<Measured> {
    (0..ROUNDS)
        .map(|_| runtime.block_on(measure_one(&run)))
        .collect()
}

async fn measure_one<F: Future>(run: &impl Fn(Arc<Round>) -> F) -> Measured {
    let round = Arc::new(Round {
        all_run: Barrier::new(ITEMS),
        begun: AtomicBool::new(false),
        left: AtomicUsize::new(0),
        part: Mutex::new(None),
        failed: Mutex::new(None),
    });
    run(round.clone()).await;
    let returned = Instant::now();
    let left = round.left.load(SeqCst);
    let failed = round
        .failed
        .lock()
        .expect("no panic")
        .expect("an item failed");
    // A group that doesn't wait returns before the part ends.
    while round.part.lock().expect("no panic").is_none() {
        yield_now().await;
    }
    let (_, ended) = round.part.lock().expect("no panic").expect("it has ended");
    Measured {
        to_return: returned - failed,
        to_part: ended.saturating_duration_since(failed),
        left,
    }
}

async fn group(round: Arc<Round>) {
    let limit = NonZeroUsize::new(ITEMS).expect("it isn't 0");
    let result = first_error::run((0..ITEMS).collect(), limit, move |item| {
        work(item, round.clone())
    });
    assert!(result.await.is_err());
}

/// Aborts the rest at the first error, and waits for all of it.
async fn join_set(round: Arc<Round>) {
    let mut tasks = JoinSet::new();
    for item in 0..ITEMS {
        tasks.spawn(work(item, round.clone()));
    }
    while let Some(result) = tasks.join_next().await {
        if result.expect("no item panics").is_err() {
            tasks.shutdown().await;
        }
    }
}

/// Prints the ratios of the rounds in which the error came during the first half of the part. In the others, both items
/// were on one thread.
fn report(name: &str, measured: &[Measured]) {
    let early = || measured.iter().filter(|it| it.to_part > PART / 2);
    let ratios = early().map(|it| it.to_return.as_secs_f64() / it.to_part.as_secs_f64());
    let mut ratios: Vec<f64> = ratios.collect();
    ratios.sort_by(f64::total_cmp);
    let left = measured.iter().map(|it| it.left).max().unwrap_or(0);
    let Some((least, most)) = ratios.first().zip(ratios.last()) else {
        println!("{name:<20} no round in which the error came early");
        return;
    };
    let median = ratios[ratios.len() / 2];
    let rounds = ratios.len();
    println!("{name:<20} {rounds:>8} {least:>10.3} {median:>10.3} {most:>10.3} {left:>10}");
}

fn main() -> ExitCode {
    let runtime = match Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("stopping: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("From the error to the return, divided by what was left of a part of 20 ms");
    println!(
        "that can't be stopped. {ROUNDS} rounds of {ITEMS} items. A round counts if the error"
    );
    println!("came early in that part.");
    println!();
    let heading = ["", "rounds", "least", "median", "most", "items left"];
    let [name, rounds, least, median, most, left] = heading;
    println!("{name:<20} {rounds:>8} {least:>10} {median:>10} {most:>10} {left:>10}");
    report("first_error", &measure(&runtime, group));
    report("JoinSet::shutdown", &measure(&runtime, join_set));
    ExitCode::SUCCESS
}
