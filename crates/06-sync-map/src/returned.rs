//! Each task returns its result, and nothing is shared.

use std::collections::HashMap;
use std::hash::Hash;
use std::num::NonZeroUsize;

/// Runs `work` on each cluster, on at most `limit` at once, and returns the results by cluster.
///
/// Of a cluster that is listed twice, the later result stays. If `work` panics, this panics with the same payload after
/// aborting the other workers. Dropping the future aborts them as well. Panics outside a Tokio runtime, unless there
/// are no clusters.
// ANCHOR: collect
pub async fn collect<K, R, Fut>(
    clusters: Vec<K>,
    limit: NonZeroUsize,
    work: impl Fn(K) -> Fut + Clone + Send + 'static,
) -> HashMap<K, R>
where
    K: Clone + Eq + Hash + Send + 'static,
    R: Send + 'static,
    Fut: Future<Output = R> + Send + 'static,
{
    let results = pool::window::run(clusters.clone(), limit, work).await;
    clusters.into_iter().zip(results).collect()
}
// ANCHOR_END: collect
