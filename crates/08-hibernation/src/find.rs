//! Finds the resources to check.

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::batch::v1::CronJob;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::Client;
use kube::core::ApiResource;
use kube::core::params::ListParams;

use crate::calls::Calls;
use crate::{Failure, Limits, Resource, pages};

/// Where to look for resources.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Their kinds.
    pub kinds: Vec<ApiResource>,
    /// Their namespace. `None` for all of them.
    pub namespace: Option<String>,
    /// A label selector, such as `app=cart`. `None` for all labels.
    pub selector: Option<String>,
}

impl Scope {
    /// The kinds of the talk's resources, in all namespaces.
    pub fn of_the_talk() -> Scope {
        let kinds = vec![
            ApiResource::erase::<Deployment>(&()),
            ApiResource::erase::<StatefulSet>(&()),
            ApiResource::erase::<ReplicaSet>(&()),
            ApiResource::erase::<DaemonSet>(&()),
            ApiResource::erase::<CronJob>(&()),
            ApiResource::erase::<ConfigMap>(&()),
        ];
        Scope {
            kinds,
            namespace: None,
            selector: None,
        }
    }
}

/// Returns the resources: those of the first kind first, each kind in the server's order.
///
/// # Errors
///
/// The failure of the first kind that couldn't be listed.
pub async fn find(
    client: &Client,
    scope: &Scope,
    limits: Limits,
) -> Result<Vec<Resource>, Failure> {
    let calls = Calls::new(client, limits);
    let (namespace, selector) = (scope.namespace.clone(), scope.selector.clone());
    let list = move |kind: ApiResource| {
        let (calls, namespace) = (calls.clone(), namespace.clone());
        let parameters = ListParams {
            label_selector: selector.clone(),
            ..ListParams::default()
        };
        async move {
            let objects = pages::list(&calls, &kind, namespace.as_deref(), parameters).await?;
            let resources = objects.iter().map(|object| Resource::of(&kind, object));
            Ok(resources.collect::<Vec<_>>())
        }
    };
    let found = pool::window::run(scope.kinds.clone(), limits.in_flight, list).await;
    let found: Result<Vec<_>, Failure> = found.into_iter().collect();
    Ok(found?.concat())
}
