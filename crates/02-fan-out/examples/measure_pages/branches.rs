//! Branches that do nothing, and branches that wait.

use std::hint::black_box;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::time::sleep;

use crate::peers::{Async, Threads};

/// The branches of a large fan-out.
pub(crate) const MANY: usize = 1_000;

/// How many branches are run for one figure, in all.
const BRANCHES: usize = 30_000;

/// How long a branch waits: a tenth of the talk's times.
const WAITS: [Duration; 3] = [
    Duration::from_millis(20),
    Duration::from_millis(30),
    Duration::from_millis(15),
];

/// Returns the nanoseconds per branch of `n` futures that are ready at once. Runs on a worker of the runtime.
pub(crate) fn futures(runtime: &Runtime, peer: Async, n: usize) -> f64 {
    let fan_out = move || async move { drop(black_box(peer.run(n, async |number| number).await)) };
    timed(runtime, BRANCHES / n, fan_out) / n as f64
}

/// Like [`futures`], with `join!`, which has three branches.
pub(crate) fn join(runtime: &Runtime) -> f64 {
    let fan_out = || async {
        let branch = async |number: usize| number;
        black_box(tokio::join!(branch(0), branch(1), branch(2)));
    };
    timed(runtime, BRANCHES / 3, fan_out) / 3.0
}

/// Returns the nanoseconds of one of `rounds` runs.
pub(crate) fn timed<Fut>(
    runtime: &Runtime,
    rounds: usize,
    run: impl Fn() -> Fut + Send + 'static,
) -> f64
where
    Fut: Future<Output = ()> + Send,
{
    let task = runtime.spawn(async move {
        let start = Instant::now();
        for _ in 0..rounds {
            run().await;
        }
        start.elapsed()
    });
    let took = runtime.block_on(task).expect("no branch panics");
    took.as_nanos() as f64 / rounds as f64
}

/// Returns the nanoseconds per branch of `N` threads that do nothing.
pub(crate) fn threads<const N: usize>(peer: Threads) -> f64 {
    let rounds = (BRANCHES / 10 / N).max(1);
    let start = Instant::now();
    for _ in 0..rounds {
        peer.run::<N>(|number| {
            black_box(number);
        });
    }
    start.elapsed().as_nanos() as f64 / (rounds * N) as f64
}

/// Returns the time of `n` futures that wait, divided by the time of the slowest.
pub(crate) fn futures_ratio(runtime: &Runtime, peer: Async, n: usize) -> f64 {
    let task = runtime.spawn(async move {
        let start = Instant::now();
        let took = peer.run(n, waiting).await;
        ratio(start, took)
    });
    runtime.block_on(task).expect("no branch panics")
}

pub(crate) fn join_ratio(runtime: &Runtime) -> f64 {
    let task = runtime.spawn(async move {
        let start = Instant::now();
        let (ci, cd, user) = tokio::join!(waiting(0), waiting(1), waiting(2));
        ratio(start, vec![ci, cd, user])
    });
    runtime.block_on(task).expect("no branch panics")
}

async fn waiting(number: usize) -> Duration {
    let begun = Instant::now();
    sleep(WAITS[number % WAITS.len()]).await;
    begun.elapsed()
}

/// Like [`futures_ratio`], for `N` threads.
pub(crate) fn threads_ratio<const N: usize>(peer: Threads) -> f64 {
    let took = Arc::new(Mutex::new(Vec::with_capacity(N)));
    let ends = took.clone();
    let start = Instant::now();
    peer.run::<N>(move |number| {
        let begun = Instant::now();
        thread::sleep(WAITS[number % WAITS.len()]);
        let took = begun.elapsed();
        ends.lock().expect("no branch panics").push(took);
    });
    let took = took.lock().expect("no branch panics").clone();
    ratio(start, took)
}

fn ratio(start: Instant, took: Vec<Duration>) -> f64 {
    let wall = start.elapsed();
    let slowest = took.into_iter().max().expect("a branch");
    wall.as_secs_f64() / slowest.as_secs_f64()
}
