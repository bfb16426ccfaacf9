//! What the strategies have in common: they ask, they count, and they report.

use std::sync::Arc;

use kube::Client;
use kube::core::DynamicObject;
use kube::core::params::GetParams;

use crate::calls::Calls;
use crate::{Answer, Limits, Report, Resource, Tally};

/// A check that runs.
#[derive(Clone)]
pub(crate) struct Check {
    pub(crate) calls: Calls,
    tally: Arc<Tally>,
}

impl Check {
    /// Begins a check. Its deadline counts from now. The tally is empty.
    pub(crate) fn begin(client: &Client, limits: Limits, tally: Arc<Tally>) -> Check {
        Check {
            calls: Calls::new(client, limits),
            tally,
        }
    }

    // ANCHOR: get
    /// Gets a resource, and counts what it is.
    pub(crate) async fn get(self, resource: Resource) -> (Resource, Answer) {
        let request = resource
            .requests()
            .get(&resource.name, &GetParams::default());
        let answer = match self.calls.send::<DynamicObject>(request).await {
            Ok(object) => Answer::of(&resource.kind, &object),
            Err(failure) => Answer::of_failure(failure),
        };
        self.count(&answer);
        (resource, answer)
    }
    // ANCHOR_END: get

    /// Counts an answer. Call it once for each resource.
    pub(crate) fn count(&self, answer: &Answer) {
        self.tally.add(answer.counts());
    }

    /// Ends the check.
    pub(crate) fn report(&self, answers: Vec<(Resource, Answer)>) -> Report {
        Report {
            answers,
            counts: self.tally.counts(),
            tries: self.calls.tries(),
        }
    }
}
