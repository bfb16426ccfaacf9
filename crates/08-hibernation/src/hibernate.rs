//! Scales workloads to 0, and notes in an annotation how many replicas they had.

use kube::Client;

use crate::calls::Calls;
use crate::change::{Step, change};
use crate::write::{annotate, get, scale};
use crate::{Answer, Change, Failure, Limits, Resource};

/// Hibernates the workloads that can be, and aren't, at most `in_flight` at once. Returns what became of each resource, in
/// their order.
///
/// Calling it again changes nothing, or completes what an interrupted run has begun: the annotation comes first, so
/// that a workload at 0 always has it.
pub async fn hibernate(
    client: &Client,
    resources: &[Resource],
    limits: Limits,
) -> Vec<(Resource, Change)> {
    change(client, resources, limits, Hibernate).await
}

#[derive(Clone, Copy)]
struct Hibernate;

impl Step for Hibernate {
    // ANCHOR: step
    async fn step(
        self,
        calls: &Calls,
        resource: &Resource,
        begun: &mut Option<Change>,
    ) -> Result<Option<Answer>, Failure> {
        let object = get(calls, resource).await?;
        let from = match Answer::of(&resource.kind, &object) {
            Answer::Running {
                replicas: from @ 1..,
            } => from,
            other => return Ok(Some(other)),
        };
        let noted = annotate(calls, resource, &object.metadata, Some(from)).await?;
        *begun = Some(Change::Scaled { from, to: 0 });
        scale(calls, resource, &noted, 0).await?;
        Ok(None)
    }
    // ANCHOR_END: step
}
