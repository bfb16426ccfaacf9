//! Runs every strategy over 100 to a million items in virtual time, and draws how time, items in flight and bytes grow.
//!
//! Run it with `cargo run --release -p comparison --example growth`. It takes about ten seconds and 700 MB.
//! `scripts/bench comparison` keeps what it prints in `benches/growth.txt`, and `scripts/redraw comparison` draws the
//! page's pictures from that file.

mod recorded;

use std::env;

use comparison::descriptors::Descriptors;
use comparison::measured::{Clock, measure};
use comparison::strategy::Strategy;
use peak_alloc::PeakAlloc;
use recorded::{Growth, ITEMS, LIMIT, Row, WORKLOAD};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// Runs the strategy over items of 50 ms, with a descriptor for each.
fn cost(strategy: Strategy, items: usize) -> Row {
    let durations = WORKLOAD.durations(items, 7);
    let descriptors = Descriptors::counted(items);
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    let measured = measure(strategy, durations, LIMIT, descriptors, Clock::Virtual);
    Row {
        strategy: strategy.to_string(),
        items,
        ms: measured.ms.round() as usize,
        in_flight: measured.in_flight,
        bytes: ALLOCATED.peak_usage() - before,
    }
}

fn main() {
    let rows = Strategy::ASYNC
        .into_iter()
        .flat_map(|strategy| ITEMS.map(|items| cost(strategy, items)));
    let growth = Growth {
        // scripts/bench says what it runs on.
        machine: env::var("MACHINE").ok(),
        rows: rows.collect(),
    };
    print!("{growth}");
    for (_, curve) in growth.curves() {
        print!("\n{curve}");
    }
}
