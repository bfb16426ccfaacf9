//! A rollout in waves that trusts a change more with each wave that goes well. The first wave is one
//! cluster. If all clusters of a wave accept the change, the next wave is twice as large. If one
//! rejects it, the next wave is one cluster. So far, the code changes one cluster after another.
//!
//! `cluster.apply().await` changes a cluster, and returns whether the cluster accepts the change.
//! Time is virtual.

#![allow(clippy::disallowed_types)] // Nothing is explored here, so `std::sync` is fine.

use workshop::Verdict;
use workshop::deploy::Cluster;

/// Returns for each cluster, in order, whether it accepted the change.
async fn deploy(clusters: Vec<Cluster>) -> Vec<bool> {
    // TODO: change all clusters of a wave at once. A wave begins when the one before has ended.
    let mut accepted = Vec::new();
    for cluster in clusters {
        accepted.push(cluster.apply().await);
    }
    accepted
}

fn main() -> Verdict {
    workshop::deploy::deploy2(deploy)
}
