//! Measures what the gauge costs: an entry and a leave, on one thread and on all cores.

use std::sync::Mutex;

use comparison::{in_flight, lost_peak};

fn main() {
    measure::main(|criterion| {
        for (words, threads) in measure::threads() {
            let mut group = criterion.benchmark_group(format!("an entry and a leave, {words}"));
            let gauge = in_flight::InFlight::new();
            measure::on_threads(&mut group, "InFlight", threads, gauge, |gauge| {
                drop(gauge.enter());
            });
            let gauge = lost_peak::InFlight::new();
            measure::on_threads(
                &mut group,
                "load, compare, store",
                threads,
                gauge,
                |gauge| {
                    drop(gauge.enter());
                },
            );
            // The count and the peak under one lock.
            let gauge = Mutex::new((0_usize, 0_usize));
            measure::on_threads(&mut group, "Mutex", threads, gauge, |gauge| {
                let mut counts = gauge.lock().expect("never poisoned");
                counts.0 += 1;
                counts.1 = counts.1.max(counts.0);
                drop(counts);
                gauge.lock().expect("never poisoned").0 -= 1;
            });
        }
    });
}
