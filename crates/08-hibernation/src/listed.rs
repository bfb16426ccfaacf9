//! Lists each kind, and finds the resources in the lists.

use std::collections::HashMap;
use std::sync::Arc;

use kube::Client;
use kube::core::ApiResource;
use kube::core::params::ListParams;

use crate::check::Check;
use crate::{Answer, Failure, Limits, Reason, Report, Resource, Tally, pages};

/// A resource and its place in the order of the resources.
type Numbered = (usize, Resource);

/// The answers for the objects of a kind, by namespace and name; or why there are none.
type Listed = Result<HashMap<(Option<String>, String), Answer>, Failure>;

/// Checks the resources with a LIST for each kind, in pages, `in_flight` kinds at once.
pub async fn check(client: &Client, resources: &[Resource], limits: Limits) -> Report {
    check_counting(client, resources, limits, Arc::default()).await
}

/// Checks the resources, and counts those of a kind in an empty tally as soon as the kind is listed.
// ANCHOR: check
pub async fn check_counting(
    client: &Client,
    resources: &[Resource],
    limits: Limits,
    tally: Arc<Tally>,
) -> Report {
    let check = Check::begin(client, limits, tally);
    let asking = check.clone();
    let list = move |(kind, of_kind): (ApiResource, Vec<Numbered>)| {
        let check = asking.clone();
        async move {
            let listed = list(&check, &kind, namespace(&of_kind)).await;
            let found = of_kind.into_iter().map(|(index, resource)| {
                let answer = find(&listed, &resource);
                check.count(&answer);
                (index, (resource, answer))
            });
            found.collect::<Vec<_>>()
        }
    };
    let found = pool::window::run(by_kind(resources), limits.in_flight, list).await;
    let mut found = found.concat();
    found.sort_by_key(|(index, _)| *index);
    check.report(found.into_iter().map(|(_, answer)| answer).collect())
}
// ANCHOR_END: check

/// Returns the resources of each kind. The kinds are in the order in which they come first.
fn by_kind(resources: &[Resource]) -> Vec<(ApiResource, Vec<Numbered>)> {
    let mut kinds: Vec<(ApiResource, Vec<Numbered>)> = Vec::new();
    for numbered in resources.iter().cloned().enumerate() {
        let kind = &numbered.1.kind;
        match kinds.iter_mut().find(|(known, _)| known == kind) {
            Some((_, of_kind)) => of_kind.push(numbered),
            None => kinds.push((kind.clone(), vec![numbered])),
        }
    }
    kinds
}

/// Returns the namespace of all resources, if they have the same.
fn namespace(resources: &[Numbered]) -> Option<&str> {
    let mut namespaces = resources.iter().map(|(_, resource)| &resource.namespace);
    let first = namespaces.next()?.as_deref();
    namespaces
        .all(|namespace| namespace.as_deref() == first)
        .then_some(first)?
}

async fn list(check: &Check, kind: &ApiResource, namespace: Option<&str>) -> Listed {
    let objects = pages::list(&check.calls, kind, namespace, ListParams::default()).await?;
    let answers = objects.iter().map(|object| {
        let Resource {
            namespace, name, ..
        } = Resource::of(kind, object);
        ((namespace, name), Answer::of(kind, object))
    });
    Ok(answers.collect())
}

fn find(listed: &Listed, resource: &Resource) -> Answer {
    match listed {
        Ok(answers) => {
            let key = (resource.namespace.clone(), resource.name.clone());
            answers
                .get(&key)
                .cloned()
                .unwrap_or(Answer::CannotBe(Reason::Gone))
        }
        Err(failure) => Answer::of_failure(failure.clone()),
    }
}
