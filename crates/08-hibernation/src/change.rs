//! What became of a workload that was to be changed.

use std::fmt;

use kube::Client;

use crate::calls::Calls;
use crate::{Answer, Failure, Limits, Resource};

/// What became of a workload that was to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It has other replicas now.
    Scaled {
        /// How many it had.
        from: u32,
        /// How many it should have.
        to: u32,
    },
    /// An interrupted run had left its annotation behind, which is gone now.
    Tidied,
    /// There was nothing to do, because it is this.
    Unchanged(Answer),
    /// A call failed. If that was the second one, the next run completes the change.
    Failed(Failure),
}

/// How often a change is begun, if others change the workload meanwhile.
const BEGINNINGS: u32 = 5;

/// Changes each resource, at most `in_flight` at once. Returns what became of each, in their order.
///
/// If another client changes the workload between our reading and our writing, the server refuses the write (409 Conflict),
/// and the change begins again with what is there now.
// ANCHOR: change
pub(crate) async fn change(
    client: &Client,
    resources: &[Resource],
    limits: Limits,
    once: impl AsyncChange,
) -> Vec<(Resource, Change)> {
    let calls = Calls::new(client, limits);
    let one = move |resource: Resource| {
        let calls = calls.clone();
        async move {
            let mut begun = None;
            for _ in 1..BEGINNINGS {
                match once.change(&calls, &resource, &mut begun).await {
                    Err(failure) if failure.status() == Some(409) => {}
                    result => return (resource, outcome(result, begun)),
                }
            }
            let result = once.change(&calls, &resource, &mut begun).await;
            (resource, outcome(result, begun))
        }
    };
    pool::window::run(resources.to_vec(), limits.in_flight, one).await
}
// ANCHOR_END: change

/// A change of one workload.
pub(crate) trait AsyncChange: Copy + Send + Sync + 'static {
    /// Reads the workload, and changes it. Before a call that may land although its answer is lost, writes into `begun`
    /// what the change will have been.
    fn change(
        self,
        calls: &Calls,
        resource: &Resource,
        begun: &mut Option<Change>,
    ) -> impl Future<Output = Result<Change, Failure>> + Send;
}

/// A change that has nothing left to do, but was begun before, had landed.
fn outcome(result: Result<Change, Failure>, begun: Option<Change>) -> Change {
    match (result, begun) {
        (Ok(Change::Tidied | Change::Unchanged(_)), Some(begun)) => begun,
        (Ok(change), _) => change,
        (Err(failure), _) => match Answer::of_failure(failure) {
            Answer::Unknown(failure) => Change::Failed(failure),
            gone => Change::Unchanged(gone),
        },
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Scaled { from, to } => write!(f, "scaled from {from} to {to}"),
            Change::Tidied => f.write_str("running already; removed the annotation"),
            Change::Unchanged(answer) => write!(f, "unchanged: {answer}"),
            Change::Failed(failure) => write!(f, "failed: {failure}"),
        }
    }
}
