//! Changes one cluster after another.

use crate::steps::Steps;
use crate::{ApplyError, Change, Plan, Rollout};

/// Changes one cluster after another, whatever the limit.
///
/// [The crate](crate#what-a-rollout-promises) says what is the same in all strategies.
// ANCHOR: deploy
pub async fn deploy<C, E, Fut>(
    clusters: Vec<C>,
    plan: Plan,
    apply: impl Fn(C) -> Fut + Send + Sync + 'static,
) -> Rollout<C, E>
where
    C: Clone + Send + 'static,
    E: ApplyError,
    Fut: Future<Output = Result<Change, E>> + Send + 'static,
{
    let steps = Steps::begin(clusters.len(), plan, apply);
    let limit = steps.limit();
    let clusters = clusters.into_iter().enumerate().collect();
    let step = move |cluster| steps.clone().step(cluster);
    Rollout {
        outcomes: pool::sequential::run(clusters, limit, step).await,
    }
}
// ANCHOR_END: deploy
