//! What the strategies have in common: one step changes one cluster.

use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use futures::FutureExt;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::panics::message;
use crate::{ApplyError, Cause, Change, Event, FailureBudget, Kind, Outcome, Plan};

/// As good as no deadline: 30 years.
const FAR: Duration = Duration::from_secs(86_400 * 365 * 30);

/// Returns the moment after so much time from now.
fn after(time: Option<Duration>) -> Instant {
    let now = Instant::now();
    time.and_then(|time| now.checked_add(time))
        .unwrap_or(now + FAR)
}

/// The steps of a rollout.
pub(crate) struct Steps<A> {
    apply: A,
    plan: Plan,
    pub(crate) budget: FailureBudget,
    /// That of the rollout.
    deadline: Instant,
}

impl<A> Steps<A> {
    /// Begins the steps of a rollout to so many clusters. Its deadline counts from now.
    pub(crate) fn begin(clusters: usize, plan: Plan, apply: A) -> Arc<Steps<A>> {
        Arc::new(Steps {
            apply,
            budget: FailureBudget::new(plan.settings.budget.failures(clusters)),
            deadline: after(plan.settings.deadline),
            plan,
        })
    }

    /// How many clusters may be in flight at once.
    pub(crate) fn limit(&self) -> NonZeroUsize {
        self.plan.limit
    }

    // ANCHOR: step
    /// Changes a cluster, unless the rollout has to stop before.
    pub(crate) async fn step<C, E, Fut>(
        self: Arc<Self>,
        (index, cluster): (usize, C),
    ) -> (C, Outcome<E>)
    where
        A: Fn(C) -> Fut,
        C: Clone,
        E: ApplyError,
        Fut: Future<Output = Result<Change, E>>,
    {
        let outcome = if self.plan.stop.is_cancelled() {
            Outcome::Stopped {
                tries: 0,
                error: None,
            }
        } else if self.deadline <= Instant::now() {
            Outcome::TimedOut {
                tries: 0,
                error: None,
            }
        } else if self.budget.is_spent() {
            Outcome::Skipped
        } else {
            self.observe(index, Event::Began);
            self.tries(index, cluster.clone()).await
        };
        if outcome.is_failure() && self.budget.fail() {
            self.observe(index, Event::Spent);
        }
        self.end(index, outcome.kind(), &outcome);
        (cluster, outcome)
    }
    // ANCHOR_END: step

    // ANCHOR: tries
    /// Tries until the cluster is changed, another try can't help, or there is no time for it.
    async fn tries<C, E, Fut>(&self, index: usize, cluster: C) -> Outcome<E>
    where
        A: Fn(C) -> Fut,
        C: Clone,
        E: ApplyError,
        Fut: Future<Output = Result<Change, E>>,
    {
        let deadline = self
            .deadline
            .min(after(self.plan.settings.cluster_deadline));
        let mut waits = self.waits(index);
        let (mut tries, mut last) = (0, None);
        loop {
            tries += 1;
            // The block catches a panic of the call, too, not only one of its future.
            let (apply, cluster) = (&self.apply, cluster.clone());
            let attempt = async move { apply(cluster).await };
            let attempt = AssertUnwindSafe(attempt).catch_unwind();
            let error = match timeout_at(deadline, attempt).await {
                Err(_) => return Outcome::TimedOut { tries, error: last },
                Ok(Err(panic)) => {
                    let cause = Cause::Panic(message(panic));
                    return Outcome::Failed { tries, cause };
                }
                Ok(Ok(Ok(change))) => return Outcome::of(change, tries),
                Ok(Ok(Err(error))) => error,
            };
            let next = error.is_transient().then(|| waits.next()).flatten();
            let Some(wait) = next else {
                let cause = Cause::Error(error);
                return Outcome::Failed { tries, cause };
            };
            let wait = wait.saturating_add(error.retry_after().unwrap_or_default());
            let at = after(Some(wait));
            if self.plan.stop.is_cancelled() {
                return Outcome::Stopped {
                    tries,
                    error: Some(error),
                };
            }
            if at >= deadline {
                return Outcome::TimedOut {
                    tries,
                    error: Some(error),
                };
            }
            self.observe(
                index,
                Event::Retrying {
                    tries,
                    error: &error,
                    wait,
                },
            );
            let stopped = self.plan.stop.run_until_cancelled(sleep_until(at)).await;
            if stopped.is_none() {
                return Outcome::Stopped {
                    tries,
                    error: Some(error),
                };
            }
            last = Some(error);
        }
    }
    // ANCHOR_END: tries

    // ANCHOR: waits
    /// The waits between the tries of a cluster: they double, and each is lengthened at random, by up to as much again.
    fn waits(&self, index: usize) -> impl Iterator<Item = Duration> + use<A> {
        let settings = &self.plan.settings;
        ExponentialBuilder::default()
            .with_min_delay(settings.first_wait)
            .with_max_delay(settings.longest_wait)
            .with_max_times(settings.retries as usize)
            .with_jitter()
            .with_jitter_seed(settings.seed.wrapping_add(index as u64))
            .build()
    }
    // ANCHOR_END: waits

    /// Ends a cluster: every cluster ends once.
    fn end(&self, index: usize, kind: Kind, outcome: &dyn std::fmt::Display) {
        self.plan.progress.end(kind);
        self.observe(index, Event::Ended { kind, outcome });
    }

    fn observe(&self, index: usize, event: Event<'_>) {
        if let Some(observer) = &self.plan.observer {
            observer(index, event);
        }
    }
}
