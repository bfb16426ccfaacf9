//! Two ways to do the same calls with what the libraries have: without retries, budget, deadlines or a stop.

use std::sync::Arc;

use deploy::Change;
use futures::{StreamExt, stream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::simulated::{Kind, Refusal, Simulated};

/// Returns how many clusters have a result.
fn count(results: &[Result<Change, Refusal>]) -> usize {
    results.len()
}

/// One stream of futures, of which at most `limit` are polled at once.
pub(crate) async fn buffered(clusters: usize, limit: usize) -> usize {
    let simulated = Simulated::new(clusters, Kind::Good);
    let calls = stream::iter(0..clusters).map(|cluster| simulated.clone().apply(cluster));
    count(&calls.buffered(limit).collect::<Vec<_>>().await)
}

/// A task for each cluster, all spawned at once, and a permit for each of those that call.
pub(crate) async fn semaphore(clusters: usize, limit: usize) -> usize {
    let simulated = Simulated::new(clusters, Kind::Good);
    let permits = Arc::new(Semaphore::new(limit));
    let mut tasks = JoinSet::new();
    for cluster in 0..clusters {
        let (simulated, permits) = (simulated.clone(), permits.clone());
        tasks.spawn(async move {
            let _permit = permits.acquire().await.expect("it isn't closed");
            (cluster, simulated.apply(cluster).await)
        });
    }
    let mut results = tasks.join_all().await;
    results.sort_by_key(|(cluster, _)| *cluster);
    let results: Vec<_> = results.into_iter().map(|(_, result)| result).collect();
    count(&results)
}
