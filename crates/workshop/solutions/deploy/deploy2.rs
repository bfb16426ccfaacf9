//! A rollout in waves that trusts a change more with each wave that goes well. The first wave is one
//! cluster. If all clusters of a wave accept the change, the next wave is twice as large. If one
//! rejects it, the next wave is one cluster.
//!
//! `cluster.apply().await` changes a cluster, and returns whether the cluster accepts the change.
//! Time is virtual.

#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use workshop::Verdict;
use workshop::deploy::Cluster;

/// Returns for each cluster, in order, whether it accepted the change.
async fn deploy(clusters: Vec<Cluster>) -> Vec<bool> {
    let mut accepted = Vec::new();
    let mut clusters = clusters.into_iter();
    let mut size = 1;
    while clusters.len() > 0 {
        // `collect` starts all tasks of the wave before the first is awaited.
        let wave = clusters.by_ref().take(size);
        let wave: Vec<_> = wave.map(|cluster| tokio::spawn(cluster.apply())).collect();
        let begun = accepted.len();
        // The handles are in the order of the clusters, whichever task ends first.
        for task in wave {
            accepted.push(task.await.unwrap());
        }
        let all = accepted[begun..].iter().all(|accepted| *accepted);
        size = if all { 2 * size } else { 1 };
    }
    accepted
}

fn main() -> Verdict {
    workshop::deploy::deploy2(deploy)
}
