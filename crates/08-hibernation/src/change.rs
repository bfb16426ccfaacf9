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

/// What turns a workload into another state.
pub(crate) trait Step: Copy + Send + Sync + 'static {
    /// Reads the workload, and changes it. Returns what the workload is if there is nothing left to do, and `None` if it
    /// has done what `begun` says.
    ///
    /// A call can land although its answer is lost. So what it does is written into `begun` before.
    fn step(
        self,
        calls: &Calls,
        resource: &Resource,
        begun: &mut Option<Change>,
    ) -> impl Future<Output = Result<Option<Answer>, Failure>> + Send;
}

/// Changes each resource, at most `in_flight` at once. Returns what became of each, in their order.
pub(crate) async fn change(
    client: &Client,
    resources: &[Resource],
    limits: Limits,
    step: impl Step,
) -> Vec<(Resource, Change)> {
    let calls = Calls::new(client, limits);
    let one = move |resource: Resource| {
        let calls = calls.clone();
        async move {
            let change = one(&calls, &resource, step).await;
            (resource, change)
        }
    };
    pool::window::run(resources.to_vec(), limits.in_flight, one).await
}

/// Changes one resource. If another client changes it between our reading and our writing, the server refuses the write
/// (409 Conflict), and the change begins again with what is there now.
// ANCHOR: one
async fn one(calls: &Calls, resource: &Resource, step: impl Step) -> Change {
    let (mut begun, mut beginnings) = (None, 1);
    loop {
        match step.step(calls, resource, &mut begun).await {
            Err(failure) if failure.status() == Some(409) && beginnings < BEGINNINGS => {
                beginnings += 1;
            }
            result => return outcome(result, begun),
        }
    }
}
// ANCHOR_END: one

fn outcome(result: Result<Option<Answer>, Failure>, begun: Option<Change>) -> Change {
    let answer = match (result, begun) {
        (Ok(None), Some(begun)) => return begun,
        (Ok(Some(answer)), Some(begun)) if begun.has_made(&answer) => return begun,
        (Ok(answer), _) => answer.expect("a step that changes something says so"),
        (Err(failure), _) => Answer::of_failure(failure),
    };
    match answer {
        Answer::Unknown(failure) => Change::Failed(failure),
        answer => Change::Unchanged(answer),
    }
}

impl Change {
    /// Whether the workload is what this change has made it, if it has landed.
    fn has_made(&self, answer: &Answer) -> bool {
        match (self, answer) {
            (Change::Scaled { to, .. }, Answer::Running { replicas }) => to == replicas,
            (Change::Scaled { to, .. }, Answer::Hibernated { .. }) => *to == 0,
            (Change::Tidied, Answer::Running { .. }) => true,
            _ => false,
        }
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
