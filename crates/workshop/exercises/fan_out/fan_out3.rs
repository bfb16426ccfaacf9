//! Several replicas have the same data. Any of them may be slow or down, so a reader
//! asks all of them at once and takes the first `needed` answers, in the order in
//! which they arrive. This reader asks one replica after another, and waits for all
//! of them.
//!
//! `replica.ask().await` returns a replica's answer, or an error. It can also
//! panic, which counts as an error. Time is virtual.

#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use workshop::Verdict;
use workshop::fan_out::Replica;

/// Returns the first `needed` answers as soon as they are there, or `None` as soon
/// as too many replicas have failed. After it returns, no replica is still working.
async fn read(replicas: Vec<Replica>, needed: usize) -> Option<Vec<u32>> {
    // TODO: wait for nothing that isn't needed, and leave nothing behind.
    let mut answers = Vec::new();
    for replica in replicas {
        if let Ok(answer) = replica.ask().await {
            answers.push(answer);
        }
    }
    answers.truncate(needed);
    (answers.len() == needed).then_some(answers)
}

fn main() -> Verdict {
    workshop::fan_out::fan_out3(read)
}
