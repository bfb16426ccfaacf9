//! Which lists and maps of the server's kinds are merged, for server-side apply. The types say so with `+listType`,
//! `+listMapKey` and `+mapType`; a list or a map that isn't here is one value, except that maps are merged.
//!
//! <https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy>

use serde_json::{Map, Value};

/// The way to tell the elements of a list apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// They aren't: the list is one value.
    Atomic,
    /// They are objects, told apart by these fields, in alphabetical order.
    Map(&'static [&'static str]),
    /// They are values, each at most once.
    Set,
}

/// Returns the type of a list. No two merged lists in the server's kinds share a name but not a type.
pub(crate) fn list(name: &str) -> List {
    match name {
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "env"
        | "volumes"
        | "imagePullSecrets"
        | "resourceClaims"
        | "schedulingGates" => List::Map(&["name"]),
        "ports" => List::Map(&["containerPort", "protocol"]),
        "volumeMounts" => List::Map(&["mountPath"]),
        "volumeDevices" => List::Map(&["devicePath"]),
        "hostAliases" => List::Map(&["ip"]),
        "topologySpreadConstraints" => List::Map(&["topologyKey", "whenUnsatisfiable"]),
        "conditions" => List::Map(&["type"]),
        "ownerReferences" => List::Map(&["uid"]),
        "finalizers" => List::Set,
        _ => List::Atomic,
    }
}

/// Whether a map is one value.
pub(crate) fn is_atomic_map(name: &str) -> bool {
    matches!(
        name,
        "selector"
            | "labelSelector"
            | "namespaceSelector"
            | "nodeSelector"
            | "fieldRef"
            | "resourceFieldRef"
            | "secretKeyRef"
            | "configMapKeyRef"
    )
}

/// The key of a list's element as JSON, or `None` if the element lacks a part of it.
pub(crate) fn key(keys: &[&str], element: &Value) -> Option<String> {
    let mut key = Map::new();
    for name in keys {
        let value = match (element.get(name), *name) {
            (Some(value), _) => value.clone(),
            // The default, as `+default` says.
            (None, "protocol") => "TCP".into(),
            (None, _) => return None,
        };
        key.insert((*name).to_owned(), value);
    }
    Some(Value::Object(key).to_string())
}
