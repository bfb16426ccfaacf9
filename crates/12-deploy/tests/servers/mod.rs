//! Clusters in this process, each with an API server of its own behind a real client, on the paused clock.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use apiserver::{Faults, Load, Options};
use deploy::{ApplyError, Change};
use kube::api::{Patch, PatchParams};
use kube::core::DynamicObject;
use kube::discovery::ApiResource;
use kube::{Api, Client};
use serde_json::json;

/// What a call takes in the talk.
pub(crate) const LATENCY: Duration = Duration::from_secs(2);

/// A cluster.
#[derive(Clone)]
pub(crate) struct Server {
    /// `C1`, as in the talk.
    pub(crate) name: String,
    pub(crate) server: apiserver::Cluster,
    pub(crate) client: Client,
}

/// Starts clusters with these faults, without sockets.
pub(crate) fn servers(clusters: usize, faults: impl Fn(usize) -> Faults) -> Vec<Server> {
    let server = |index: usize| {
        let server = apiserver::Cluster::new(Options {
            load: Load::Empty,
            faults: faults(index),
            ..Options::default()
        });
        Server {
            name: format!("C{}", index + 1),
            client: Client::new(server.clone(), "default"),
            server,
        }
    };
    (0..clusters).map(server).collect()
}

/// Why a cluster didn't take the change.
#[derive(Debug)]
pub(crate) struct Refused(kube::Error);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            kube::Error::Api(status) => write!(f, "{} {}", status.code, status.reason),
            error => error.fmt(f),
        }
    }
}

impl Error for Refused {}

impl ApplyError for Refused {
    fn is_transient(&self) -> bool {
        match &self.0 {
            kube::Error::Api(status) => matches!(status.code, 429 | 502..=504),
            _ => true,
        }
    }
}

/// The kind of what is applied.
fn config_map() -> ApiResource {
    ApiResource {
        group: String::new(),
        version: "v1".to_owned(),
        api_version: "v1".to_owned(),
        kind: "ConfigMap".to_owned(),
        plural: "configmaps".to_owned(),
    }
}

/// Applies a manifest to a cluster, with one PATCH.
pub(crate) async fn apply(server: Server) -> Result<Change, Refused> {
    let manifest = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": { "name": "release" },
        "data": { "version": "2" },
    });
    let api = Api::<DynamicObject>::default_namespaced_with(server.client, &config_map());
    let parameters = PatchParams::apply("deploy");
    api.patch("release", &parameters, &Patch::Apply(manifest))
        .await
        .map_err(Refused)?;
    Ok(Change::Applied)
}

/// Reads back which version a cluster has.
pub(crate) async fn version(server: &Server) -> Option<String> {
    let api = Api::<DynamicObject>::default_namespaced_with(server.client.clone(), &config_map());
    let object = api.get_opt("release").await.expect("a read succeeds")?;
    object.data["data"]["version"].as_str().map(str::to_owned)
}
