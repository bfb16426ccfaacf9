//! Measures on the real clock how close a pool comes to the lower bound: 100 items of 200 ms, ten at a time, take at
//! least 2 s.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use futures::{StreamExt, stream};
use measure::SamplingMode;
use tokio::time::sleep;

const ITEMS: usize = 100;
const LIMIT: NonZeroUsize = NonZeroUsize::new(10).unwrap();
const ITEM: Duration = Duration::from_millis(200);

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let items = || vec![ITEM; ITEMS];
    measure::main(|criterion| {
        let mut group = criterion.benchmark_group("100 items of 200 ms by 10");
        group
            .sample_size(10)
            .sampling_mode(SamplingMode::Flat)
            .warm_up_time(Duration::from_millis(1));
        group.measurement_time(Duration::from_secs(20));
        // First, because the others are compared with it: the sum of the durations divided by the limit, as one sleep.
        group.bench_function("the bound", |bencher| {
            let bound = ITEM * ITEMS as u32 / LIMIT.get() as u32;
            bencher.iter(|| {
                let start = Instant::now();
                while let Some(left) = bound
                    .checked_sub(start.elapsed())
                    .filter(|left| !left.is_zero())
                {
                    std::thread::sleep(left);
                }
            });
        });
        group.bench_function("window", |bencher| {
            bencher.iter(|| runtime.block_on(pool::window::run(items(), LIMIT, sleep)));
        });
        group.bench_function("batches", |bencher| {
            bencher.iter(|| runtime.block_on(pool::batches::run(items(), LIMIT, sleep)));
        });
        group.bench_function("buffer_unordered", |bencher| {
            bencher.iter(|| {
                let waits = stream::iter(items())
                    .map(sleep)
                    .buffer_unordered(LIMIT.get());
                runtime.block_on(waits.count())
            });
        });
    });
}
