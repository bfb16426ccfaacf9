//! Lists all objects of a kind, page by page.

use kube::core::params::ListParams;
use kube::core::{ApiResource, DynamicObject, ObjectList};

use crate::Failure;
use crate::calls::Calls;
use crate::resource::requests;

/// How many objects a page has at most.
const PAGE: u32 = 500;
/// How often a list is begun, if the server forgets it between two pages.
const BEGINNINGS: u32 = 3;

/// Lists all objects of a kind, as they were at one moment. Begins again if the server no longer knows that moment (410
/// Gone), which can happen between two pages.
pub(crate) async fn list(
    calls: &Calls,
    kind: &ApiResource,
    namespace: Option<&str>,
    parameters: ListParams,
) -> Result<Vec<DynamicObject>, Failure> {
    let mut beginnings = 1;
    loop {
        match pages(calls, kind, namespace, parameters.clone()).await {
            Err(failure) if failure.status() == Some(410) && beginnings < BEGINNINGS => {
                beginnings += 1;
            }
            listed => return listed,
        }
    }
}

// ANCHOR: pages
async fn pages(
    calls: &Calls,
    kind: &ApiResource,
    namespace: Option<&str>,
    parameters: ListParams,
) -> Result<Vec<DynamicObject>, Failure> {
    let mut objects = Vec::new();
    let mut parameters = parameters.limit(PAGE);
    loop {
        let request = requests(kind, namespace).list(&parameters);
        let page: ObjectList<DynamicObject> = calls.send(request).await?;
        objects.extend(page.items);
        match page.metadata.continue_ {
            Some(token) if !token.is_empty() => parameters = parameters.continue_token(&token),
            _ => return Ok(objects),
        }
    }
}
// ANCHOR_END: pages
