//! The talk's cluster in this process, and its 100 resources.

use std::num::NonZeroUsize;
use std::sync::LazyLock;
use std::time::Duration;

use apiserver::{Cluster, Faults, Load, Options};
use hibernation::{Limits, Resource, Scope};
use kube::Client;
use kube::core::DynamicObject;

/// The talk's limits, with a minute for all of it.
pub(crate) const LIMITS: Limits = Limits {
    in_flight: NonZeroUsize::new(10).unwrap(),
    deadline: Duration::from_secs(60),
};

/// Every call takes as long as in the talk.
pub(crate) const LATENCY: Duration = Duration::from_millis(50);

/// Starts the talk's cluster, without a socket. Returns it and a client of it.
pub(crate) fn cluster(faults: Faults) -> (Cluster, Client) {
    let cluster = Cluster::new(Options {
        load: Load::Talk,
        faults,
        ..Options::default()
    });
    (cluster.clone(), Client::new(cluster, "default"))
}

/// Returns the talk's 100 resources.
pub(crate) fn resources() -> Vec<Resource> {
    static RESOURCES: LazyLock<Vec<Resource>> = LazyLock::new(read);
    RESOURCES.clone()
}

fn read() -> Vec<Resource> {
    let kinds = Scope::of_the_talk().kinds;
    let resources = apiserver::talk::resources().into_iter().map(|resource| {
        let object: DynamicObject = serde_json::from_value(resource).unwrap();
        let name = object.types.as_ref().unwrap().kind.clone();
        let kind = kinds.iter().find(|kind| kind.kind == name).unwrap();
        Resource::of(kind, &object)
    });
    resources.collect()
}
