//! The talk's check: gets a batch of resources, waits for all of it, and gets the next.

use std::sync::Arc;

use kube::Client;

use crate::check::Check;
use crate::{Limits, Report, Resource, Tally};

/// Checks the resources, in batches of `in_flight`, with a GET for each.
pub async fn check(client: &Client, resources: &[Resource], limits: Limits) -> Report {
    check_counting(client, resources, limits, Arc::default()).await
}

/// Checks the resources, and counts each in an empty tally as soon as it is known.
// ANCHOR: check
pub async fn check_counting(
    client: &Client,
    resources: &[Resource],
    limits: Limits,
    tally: Arc<Tally>,
) -> Report {
    let check = Check::begin(client, limits, tally);
    let asking = check.clone();
    let get = move |resource| asking.clone().get(resource);
    let answers = pool::batches::run(resources.to_vec(), limits.in_flight, get).await;
    check.report(answers)
}
// ANCHOR_END: check
