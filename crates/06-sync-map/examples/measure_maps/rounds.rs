//! Measures everything several times, in turns.

use std::io;
use std::process::Command;

use ::rounds::{Rounds, figures};
use dashmap::DashMap;
use sync_map::{concurrent, mutex_map, sharded};

use crate::Arguments;
use crate::collecting::collecting;
use crate::mixes::{MIXES, mixed};
use crate::stores::{Collects, Hasher, Lists, Locked, Returned};

/// How many results are collected, and how often in a round.
pub(crate) const SIZES: [(usize, usize); 3] = [(50, 2_001), (1_000, 301), (1_000_000, 3)];

/// Calls a function for each of several types. Adds its figure under the type's name.
macro_rules! each {
    ($function:ident $arguments:tt for $($store:ty),* => $add:expr) => {
        $({
            let value = $function::<$store> $arguments;
            $add(<$store as Collects>::NAME, value);
        })*
    };
}

type Mutexed = mutex_map::Map<u64, u64, Hasher>;
type Sharded = sharded::Map<u64, u64, Hasher>;
type Concurrent = concurrent::Map<u64, u64, Hasher>;
type Papaya = papaya::HashMap<u64, u64, Hasher>;
type Dash = DashMap<u64, u64, Hasher>;
type Scc = scc::HashMap<u64, u64, Hasher>;

/// Measures every figure once per round. Rust's and Go's figures are measured in turns.
pub(crate) fn measure(arguments: &Arguments) -> io::Result<Rounds> {
    let mut rounds = Rounds::default();
    let mut add = |name: String, value: f64| rounds.add(name, value);
    for round in 1..=arguments.rounds {
        eprintln!("round {round} of {}", arguments.rounds);
        for threads in [1, 2] {
            for (results, repetitions) in SIZES {
                each!(collecting(results, repetitions, threads)
                    for Returned, Lists, Mutexed, Locked, Sharded, Concurrent, Papaya, Dash, Scc
                    => |name, value| add(format!("collect/{results}/{threads}/{name}"), value));
            }
            for mix in &MIXES {
                each!(mixed(mix, threads)
                    for Mutexed, Locked, Sharded, Concurrent, Papaya, Dash, Scc
                    => |name, value| add(format!("mix/{}/{threads}/{name}", mix.name), value));
            }
        }
        if let Some(go) = &arguments.go {
            for (name, value) in figures(Command::new(go).arg("measure"))? {
                add(name, value);
            }
        }
    }
    // Counted, not timed: the same in every round.
    for (name, value) in figures(&mut Command::new(&arguments.bytes))? {
        add(name, value);
    }
    Ok(rounds)
}
