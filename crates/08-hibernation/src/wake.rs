//! Scales hibernated workloads to the replicas that they had.

use kube::Client;

use crate::answer::had;
use crate::calls::Calls;
use crate::change::{Step, change};
use crate::write::{annotate, get, scale};
use crate::{Answer, Change, Failure, Limits, Resource};

/// Wakes the hibernated workloads, at most `in_flight` at once. Returns what became of each resource, in their order.
///
/// Calling it again changes nothing, or completes what an interrupted run has begun: the annotation goes last, because
/// until the workload is scaled only the annotation says to how many replicas.
pub async fn wake(
    client: &Client,
    resources: &[Resource],
    limits: Limits,
) -> Vec<(Resource, Change)> {
    change(client, resources, limits, Wake).await
}

#[derive(Clone, Copy)]
struct Wake;

impl Step for Wake {
    // ANCHOR: step
    async fn step(
        self,
        calls: &Calls,
        resource: &Resource,
        begun: &mut Option<Change>,
    ) -> Result<Option<Answer>, Failure> {
        let object = get(calls, resource).await?;
        let metadata = match Answer::of(&resource.kind, &object) {
            Answer::Hibernated { replicas: to } => {
                *begun = Some(Change::Scaled { from: 0, to });
                scale(calls, resource, &object.metadata, to).await?
            }
            Answer::Running { .. } if had(&object.metadata).is_some() => {
                begun.get_or_insert(Change::Tidied);
                object.metadata
            }
            other => return Ok(Some(other)),
        };
        annotate(calls, resource, &metadata, None).await?;
        Ok(None)
    }
    // ANCHOR_END: step
}
