//! Rollouts of a bad change on several threads, on which clusters really fail at once.

use deploy::{Budget, Plan, Settings, Strategy};
use tokio::task::yield_now;

mod fleet;

use fleet::Refusal;

const CLUSTERS: usize = 40;
const LIMIT: usize = 8;
const FAILURES: usize = 5;

/// The failures are the budget and at most those in flight when it was spent, of which one spent it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_budget_holds_however_many_fail_at_once() {
    for round in 0..50 {
        for (strategy, limit) in [
            (Strategy::Batches, LIMIT),
            (Strategy::Window, LIMIT),
            (Strategy::Sequential, 1),
        ] {
            let settings = Settings {
                limit: LIMIT,
                budget: Budget::clusters(FAILURES as u64).unwrap(),
                ..Settings::default()
            };
            let apply = |_| async {
                yield_now().await;
                Err(Refusal::Invalid)
            };
            let plan = Plan::new(settings).unwrap();
            let clusters = (0..CLUSTERS).collect();
            let rollout = strategy.deploy(clusters, plan, apply).await;
            let failures = rollout.failures();
            let most = FAILURES + limit - 1;
            assert!(
                (FAILURES..=most).contains(&failures),
                "{strategy}, round {round}: {failures}"
            );
            assert_eq!(rollout.reached(), failures);
            assert_eq!(rollout.outcomes.len(), CLUSTERS);
        }
    }
}
