//! The objects that are there from the start.

use std::cell::RefCell;

use serde_json::{Value, json};

use crate::cluster::State;
use crate::kinds::Kind;
use crate::options::Load;
use crate::parameters::Parameters;
use crate::store::Key;
use crate::talk;
use crate::target::{Part, Target};
use crate::write::Write;

/// Puts the objects that are there from the start into the store.
pub(crate) fn load(state: &State, load: Load) {
    let mut objects: Vec<Value> = ["default", "kube-system"].map(namespace).into();
    if load == Load::Talk {
        objects.push(namespace(talk::NAMESPACE));
        objects.extend(talk::resources());
    }
    let mut store = state.store.lock();
    for mut object in objects {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let kind = Kind::of(&text(&object["apiVersion"]), &text(&object["kind"]));
        let kind = kind.expect("the server has the kinds of these objects");
        let target = Target {
            kind,
            namespace: object["metadata"]["namespace"].as_str().map(str::to_owned),
            name: None,
            part: Part::Whole,
        };
        if let Some(owner) = object["metadata"]["ownerReferences"].get_mut(0) {
            let key = Key {
                plural: "deployments",
                ..target.key_of(&text(&owner["name"]))
            };
            owner["uid"] = store.get(&key).expect("loaded before")["metadata"]["uid"].clone();
        }
        let write = Write {
            target: &target,
            parameters: &Parameters::default(),
            uid: state.uid(),
            manager: "apiserver",
            warnings: RefCell::default(),
        };
        let created = write.new_object(object, None);
        let (key, mut object) = created.expect("these objects are valid");
        object["status"] = status(kind, &object);
        let object = kind.normal(object).expect("these statuses are valid");
        store.put(key, object);
    }
}

fn namespace(name: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": { "name": name, "labels": { "kubernetes.io/metadata.name": name } },
    })
}

/// The status that a controller would have written: all replicas are ready.
fn status(kind: &Kind, object: &Value) -> Value {
    let replicas = &object["spec"]["replicas"];
    match kind.kind {
        "Namespace" => json!({ "phase": "Active" }),
        "Deployment" => json!({
            "observedGeneration": 1,
            "replicas": replicas,
            "updatedReplicas": replicas,
            "readyReplicas": replicas,
            "availableReplicas": replicas,
        }),
        "StatefulSet" | "ReplicaSet" => json!({
            "observedGeneration": 1,
            "replicas": replicas,
            "readyReplicas": replicas,
            "availableReplicas": replicas,
        }),
        "DaemonSet" => json!({
            "observedGeneration": 1,
            "currentNumberScheduled": 3,
            "desiredNumberScheduled": 3,
            "updatedNumberScheduled": 3,
            "numberAvailable": 3,
            "numberMisscheduled": 0,
            "numberReady": 3,
        }),
        _ => json!({}),
    }
}
