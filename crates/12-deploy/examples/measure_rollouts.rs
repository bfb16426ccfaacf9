//! Measures what a rollout costs this program, beside two peers that do less, in virtual time, and prints
//! `benches/results.txt`. `scripts/bench deploy` runs it.

use std::process::ExitCode;
use std::time::Instant;

use ::rounds::Rounds;
use clap::Parser;
use deploy::Strategy;
use peak_alloc::PeakAlloc;

#[path = "measure_rollouts/page.rs"]
mod page;
#[path = "measure_rollouts/peers.rs"]
mod peers;
#[path = "rollouts_at_scale/simulated.rs"]
#[allow(dead_code)] // it is the other example's, too
mod simulated;

use simulated::{Kind, in_virtual_time, rolled_out};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

pub(crate) const CLUSTERS: usize = 50_000;
/// The talk's limit, its share of the clusters, and all at once.
pub(crate) const LIMITS: [usize; 3] = [10, CLUSTERS / 5, CLUSTERS];

/// Measures rollouts to 50,000 clusters, in turns, and prints the results
#[derive(Parser)]
#[command(name = "measure_rollouts")]
struct Arguments {
    /// The line that names the machine
    #[arg(long, value_name = "TEXT", default_value = "")]
    machine: String,
    /// The line that names the compilers
    #[arg(long, value_name = "TEXT", default_value = "")]
    compilers: String,
    /// How often each rollout is measured
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
}

/// Something that is measured: its name, and a function that rolls out with a limit, and returns how many clusters
/// were changed.
type Subject = (&'static str, fn(usize) -> usize);

pub(crate) const SUBJECTS: [Subject; 6] = [
    ("sequential", |limit| ours(Strategy::Sequential, limit)),
    ("batches", |limit| ours(Strategy::Batches, limit)),
    ("window", |limit| ours(Strategy::Window, limit)),
    ("waves", |limit| ours(Strategy::Waves, limit)),
    ("buffered", |limit| {
        in_virtual_time(peers::buffered(CLUSTERS, limit)).0
    }),
    ("semaphore", |limit| {
        in_virtual_time(peers::semaphore(CLUSTERS, limit)).0
    }),
];

fn ours(strategy: Strategy, limit: usize) -> usize {
    let (rollout, _) = rolled_out(strategy, CLUSTERS, limit, Kind::Good);
    rollout.outcomes.len()
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut rounds = Rounds::default();
    for round in 1..=arguments.rounds {
        eprintln!("round {round} of {}", arguments.rounds);
        for limit in LIMITS {
            for (name, roll_out) in SUBJECTS {
                let before = ALLOCATED.current_usage();
                ALLOCATED.reset_peak_usage();
                let start = Instant::now();
                let clusters = roll_out(limit);
                let took = start.elapsed();
                assert_eq!(clusters, CLUSTERS, "{name}");
                let bytes = ALLOCATED.peak_usage().saturating_sub(before);
                rounds.add(format!("{name} {limit} s"), took.as_secs_f64());
                let per_cluster = bytes as f64 / CLUSTERS as f64;
                // Counted, not timed: the same in every round.
                if round == 1 {
                    rounds.add(format!("{name} {limit} bytes"), per_cluster);
                }
            }
        }
    }
    print!(
        "{}",
        page::page(
            &arguments.machine,
            &arguments.compilers,
            arguments.rounds,
            &rounds
        )
    );
    ExitCode::SUCCESS
}
