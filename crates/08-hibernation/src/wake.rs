//! Scales hibernated workloads to the replicas that they had.

use kube::Client;

use crate::answer::had;
use crate::calls::Calls;
use crate::change::{AsyncChange, change};
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

impl AsyncChange for Wake {
    // ANCHOR: change
    async fn change(
        self,
        calls: &Calls,
        resource: &Resource,
        begun: &mut Option<Change>,
    ) -> Result<Change, Failure> {
        let object = get(calls, resource).await?;
        let (metadata, change) = match Answer::of(&resource.kind, &object) {
            Answer::Hibernated { replicas: to } => {
                let scaled = Change::Scaled { from: 0, to };
                *begun = Some(scaled.clone());
                (scale(calls, resource, &object.metadata, to).await?, scaled)
            }
            Answer::Running { .. } if had(&object.metadata).is_some() => {
                (object.metadata, Change::Tidied)
            }
            other => return Ok(Change::Unchanged(other)),
        };
        annotate(calls, resource, &metadata, None).await?;
        Ok(change)
    }
    // ANCHOR_END: change
}
