//! Changes one cluster first, the canary, and then waves of clusters, each twice as large as the one before.

use crate::steps::Steps;
use crate::{ApplyError, Change, Plan, Rollout};

/// Changes 1 cluster, then 2, 4, 8 and so on. A wave begins when the one before it has ended; within a wave, at most
/// `limit` clusters are in flight. If the canary fails, the failure budget is spent, however large it was.
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
    let mut outcomes = Vec::with_capacity(clusters.len());
    let mut clusters = clusters.into_iter().enumerate();
    let mut size = 1;
    while clusters.len() > 0 {
        let wave = clusters.by_ref().take(size).collect();
        let stepping = steps.clone();
        let step = move |cluster| stepping.clone().step(cluster);
        let ended = pool::window::run(wave, steps.limit(), step).await;
        if let [(_, canary)] = &ended[..]
            && size == 1
            && canary.is_failure()
        {
            steps.budget.spend();
        }
        outcomes.extend(ended);
        size = size.saturating_mul(2);
    }
    Rollout { outcomes }
}
// ANCHOR_END: deploy
