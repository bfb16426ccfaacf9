//! Runs a million items of 1 ms on the real clock, through a window of 100 and then all at once, and prints what each
//! takes.
//!
//! Run it with `cargo run --release -p comparison --example million`. It takes about 25 seconds and 700 MB.

use std::env;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use comparison::in_flight::InFlight;
use comparison::strategy::Strategy;
use comparison::table::grouped;
use peak_alloc::PeakAlloc;
use tokio::runtime::Builder;
use tokio::time::sleep;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

const ITEMS: usize = 1_000_000;
const LIMIT: NonZeroUsize = NonZeroUsize::new(100).unwrap();

fn main() {
    // scripts/bench says what it runs on.
    if let Ok(machine) = env::var("MACHINE") {
        println!("{machine}");
    }
    println!(
        "{} items of 1 ms, limit {LIMIT}, real time\n",
        grouped(ITEMS)
    );
    println!("{:<12}{:>11}{:>12}{:>15}", "", "time", "in flight", "bytes");
    for strategy in [Strategy::Window, Strategy::Unlimited] {
        let runtime = Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime without I/O needs nothing from the system");
        let items: Vec<usize> = (0..ITEMS).collect();
        let gauge = Arc::new(InFlight::new());
        let shared = gauge.clone();
        let work = move |item: usize| {
            let gauge = shared.clone();
            async move {
                gauge.during(sleep(Duration::from_millis(1))).await;
                item
            }
        };
        let before = ALLOCATED.current_usage();
        ALLOCATED.reset_peak_usage();
        let start = Instant::now();
        let results = runtime.block_on(strategy.run(items, LIMIT, work));
        let took = format!("{:.2} s", start.elapsed().as_secs_f64());
        let bytes = grouped(ALLOCATED.peak_usage() - before);
        assert_eq!(results.len(), ITEMS);
        let most = grouped(gauge.peak());
        println!("{strategy:<12}{took:>11}{most:>12}{bytes:>15}");
    }
    let allowed = ITEMS * 4 * size_of::<usize>() + 64 * 1024;
    println!(
        "\nThe results, three words per item and 64 KiB: {} bytes",
        grouped(allowed)
    );
}
