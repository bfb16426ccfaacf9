#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use tokio::task::JoinSet;
use workshop::Verdict;
use workshop::fan_out::Replica;

/// Returns the first `needed` answers as soon as they are there, or `None` as soon
/// as too many replicas have failed. After it returns, no replica is still working.
async fn read(replicas: Vec<Replica>, needed: usize) -> Option<Vec<u32>> {
    let mut asked: JoinSet<_> = replicas.into_iter().map(Replica::ask).collect();
    let mut answers = Vec::new();
    // All replicas that are left could still answer. If even that isn't enough, stop waiting.
    while answers.len() < needed && answers.len() + asked.len() >= needed {
        // The outer `Ok` says that the task didn't panic, the inner one that the replica answered.
        if let Some(Ok(Ok(answer))) = asked.join_next().await {
            answers.push(answer);
        }
    }
    // Dropping the set aborts the tasks in it.
    (answers.len() == needed).then_some(answers)
}

fn main() -> Verdict {
    workshop::fan_out::fan_out3(read)
}
