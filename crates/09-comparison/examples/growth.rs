//! Runs every strategy over 100 to a million items in virtual time, and prints how time, items in flight and bytes grow.
//!
//! Run it with `cargo run --release -p comparison --example growth`. It takes about ten seconds and 700 MB.

use std::num::NonZeroUsize;

use comparison::descriptors::Descriptors;
use comparison::measured::{Clock, measure};
use comparison::strategy::Strategy;
use comparison::table::grouped;
use peak_alloc::PeakAlloc;
use pool::workload::Workload;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

const LIMIT: NonZeroUsize = NonZeroUsize::new(10).unwrap();
const ITEMS: [usize; 5] = [100, 1_000, 10_000, 100_000, 1_000_000];

/// The three figures of one run.
struct Cost {
    ms: usize,
    in_flight: usize,
    bytes: usize,
}

/// Runs the strategy over items of 50 ms, with a descriptor for each.
fn cost(strategy: Strategy, items: usize) -> Cost {
    let durations = Workload::Constant.durations(items, 7);
    let descriptors = Descriptors::counted(items);
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    let measured = measure(strategy, durations, LIMIT, descriptors, Clock::Virtual);
    Cost {
        ms: measured.ms.round() as usize,
        in_flight: measured.in_flight,
        bytes: ALLOCATED.peak_usage() - before,
    }
}

fn main() {
    let costs: Vec<(Strategy, Vec<Cost>)> = Strategy::ASYNC
        .map(|strategy| (strategy, ITEMS.map(|items| cost(strategy, items)).into()))
        .into();
    println!("items of 50 ms, limit {LIMIT}, virtual time");
    print(&costs, "time, in ms", |cost| cost.ms);
    print(&costs, "most in flight", |cost| cost.in_flight);
    print(&costs, "bytes at the peak", |cost| cost.bytes);
}

/// Prints one figure of all runs: a line for each strategy, and a column for each number of items.
fn print(costs: &[(Strategy, Vec<Cost>)], name: &str, figure: fn(&Cost) -> usize) {
    let row = |label: &str, cells: Vec<String>| {
        let cells: String = cells.iter().map(|cell| format!("{cell:>12}")).collect();
        println!("{label:<20}{cells}");
    };
    println!();
    row(name, ITEMS.map(grouped).into());
    for (strategy, costs) in costs {
        let cells = costs.iter().map(|cost| grouped(figure(cost)));
        row(&strategy.to_string(), cells.collect());
    }
}
