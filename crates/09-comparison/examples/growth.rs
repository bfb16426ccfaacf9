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
    println!("2 is the run with 10^2 items, and so on up to 6 with 10^6. * is several of them.");
    plot(&costs, "time, in ms", 1, |cost| cost.ms);
    plot(&costs, "items in flight", 0, |cost| cost.in_flight);
    plot(&costs, "bytes at the peak", 3, |cost| cost.bytes);
    println!("\na million items              time   in flight   bytes at the peak");
    for (strategy, costs) in &costs {
        let Cost {
            ms,
            in_flight,
            bytes,
        } = &costs[ITEMS.len() - 1];
        let time = format!("{} ms", grouped(*ms));
        let [in_flight, bytes] = [*in_flight, *bytes].map(grouped);
        println!("{strategy:<18}{time:>15}{in_flight:>12}{bytes:>20}");
    }
}

/// The cells of a power of ten.
const DECADE: usize = 8;
/// The powers of ten on an axis.
const DECADES: usize = 7;

/// Draws one figure of all runs on a logarithmic axis that begins at a power of ten.
fn plot(costs: &[(Strategy, Vec<Cost>)], name: &str, first: usize, figure: fn(&Cost) -> usize) {
    let scale = |decade| format!("{:<DECADE$}", format!("|10^{}", first + decade));
    let axis: String = (0..=DECADES).map(scale).collect();
    println!(
        "\n{name}, on a logarithmic axis\n{:<18}{}",
        "",
        axis.trim_end()
    );
    for (strategy, costs) in costs {
        let mut cells = vec![' '; DECADES * DECADE + 1];
        for (mark, cost) in ('2'..).zip(costs) {
            let decades = (figure(cost) as f64).log10() - first as f64;
            let cell = &mut cells[(decades * DECADE as f64).round() as usize];
            *cell = if *cell == ' ' { mark } else { '*' };
        }
        let line: String = cells.iter().collect();
        println!("{strategy:<18}{}", line.trim_end());
    }
}
