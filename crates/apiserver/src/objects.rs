//! The objects that clients send: how they are read, their defaults, and their checks.

use serde_json::{Map, Value, json};

use crate::kinds::Kind;
use crate::refusal::Refusal;
use crate::target::Target;

/// Reads what a client sent as an object of the target's kind, in the target's namespace. Returns the object, and the
/// paths of the fields that the kind's type doesn't have.
pub(crate) fn read(target: &Target, sent: Value) -> Result<(Value, Vec<String>), Refusal> {
    let kind = target.kind;
    let sent = addressed(target, sent)?;
    let mut object = kind
        .normal(sent.clone())
        .map_err(|why| cannot(kind, &why.to_string()))?;
    let mut unknown = Vec::new();
    compare("", &sent, &object, &mut unknown);
    defaults(kind, &mut object);
    Ok((object, unknown))
}

/// Adds the fields of `sent` that `normal` lacks.
fn compare(path: &str, sent: &Value, normal: &Value, unknown: &mut Vec<String>) {
    match (sent, normal) {
        (Value::Object(sent), Value::Object(normal)) => {
            for (name, value) in sent.iter().filter(|(_, value)| !value.is_null()) {
                let path = match path {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                };
                match normal.get(name) {
                    Some(normal) => compare(&path, value, normal, unknown),
                    None => unknown.push(path),
                }
            }
        }
        (Value::Array(sent), Value::Array(normal)) => {
            for (index, (sent, normal)) in sent.iter().zip(normal).enumerate() {
                compare(&format!("{path}[{index}]"), sent, normal, unknown);
            }
        }
        _ => {}
    }
}

fn cannot(kind: &Kind, why: &str) -> Refusal {
    let name = kind.kind;
    let words = format!(
        "{name} in version {:?} cannot be handled as a {name}: {why}",
        kind.version
    );
    Refusal::bad_request(words)
}

/// Completes the type and the namespace of an object, or says that they are not those of the path.
fn addressed(target: &Target, mut sent: Value) -> Result<Value, Refusal> {
    let kind = target.kind;
    let cannot = |why: &str| cannot(kind, why);
    let Some(object) = sent.as_object_mut() else {
        return Err(cannot("it is not an object"));
    };
    for (field, expected) in [
        ("apiVersion", kind.api_version()),
        ("kind", kind.kind.to_owned()),
    ] {
        let found = object
            .entry(field)
            .or_insert_with(|| expected.clone().into());
        if *found != expected {
            return Err(cannot(&format!("its {field} is {found}, not {expected:?}")));
        }
    }
    let metadata = object.entry("metadata").or_insert_with(|| json!({}));
    let Some(metadata) = metadata.as_object_mut() else {
        return Err(cannot("its metadata is not an object"));
    };
    if let Some(namespace) = &target.namespace {
        let found = metadata
            .entry("namespace")
            .or_insert_with(|| namespace.clone().into());
        if found.as_str().is_some_and(|found| found != namespace) {
            return Err(Refusal::bad_request(format!(
                "the namespace of the provided object does not match the namespace sent on the request: \
                 {found} is not {namespace:?}"
            )));
        }
        *found = namespace.clone().into();
    } else {
        metadata.remove("namespace");
    }
    Ok(sent)
}

/// Sets the defaults without which an object can't be counted or scaled. Kubernetes sets more.
fn defaults(kind: &Kind, object: &mut Value) {
    if kind.scales {
        let spec = field(object, "spec");
        spec.entry("replicas").or_insert_with(|| 1.into());
    }
}

/// The field of an object as an object, which is made if it isn't there.
pub(crate) fn field<'a>(object: &'a mut Value, name: &str) -> &'a mut Map<String, Value> {
    let field = &mut object[name];
    if !field.is_object() {
        *field = json!({});
    }
    field.as_object_mut().expect("made an object above")
}

/// Checks what Kubernetes would refuse, too: names, selectors that don't fit, negative replicas.
pub(crate) fn check(kind: &Kind, object: &Value) -> Result<(), Refusal> {
    let metadata = &object["metadata"];
    let name = metadata["name"].as_str().unwrap_or_default();
    let invalid = |field: &str, what: &str| Err(Refusal::invalid(kind, name, field, what));
    if name.is_empty() {
        return invalid(
            "metadata.name",
            "Required value: name or generateName is required",
        );
    }
    if !is_subdomain(name) {
        let what = format!(
            "Invalid value: {name:?}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric \
             characters, '-' or '.', and must start and end with an alphanumeric character"
        );
        return invalid("metadata.name", &what);
    }
    if kind.scales {
        let replicas = object["spec"]["replicas"].as_i64().unwrap_or_default();
        if replicas < 0 {
            let what = format!("Invalid value: {replicas}: must be greater than or equal to 0");
            return invalid("spec.replicas", &what);
        }
    }
    if kind.group == "apps" {
        let selector = object["spec"]["selector"]["matchLabels"].as_object();
        let labels = &object["spec"]["template"]["metadata"]["labels"];
        match selector {
            None if object["spec"]["selector"]["matchExpressions"].is_null() => {
                return invalid("spec.selector", "Required value");
            }
            Some(selector)
                if selector
                    .iter()
                    .any(|(label, value)| labels[label] != *value) =>
            {
                let what =
                    format!("Invalid value: {labels}: `selector` does not match template `labels`");
                return invalid("spec.template.metadata.labels", &what);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a name is a DNS subdomain (RFC 1123), as the names of nearly all kinds have to be.
fn is_subdomain(name: &str) -> bool {
    name.len() <= 253
        && name.split('.').all(|part| {
            let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            !part.is_empty()
                && part.bytes().all(inner)
                && !part.starts_with('-')
                && !part.ends_with('-')
        })
}

/// Parses a body, which has to be an object: JSON, or if the media type says so YAML.
pub(crate) fn parse(media_type: &str, body: &[u8]) -> Result<Value, Refusal> {
    let parsed = match media_type {
        "application/json" => serde_json::from_slice(body).map_err(|why| why.to_string()),
        "application/yaml" | "application/apply-patch+yaml" => {
            // Most clients send JSON all the same, which is YAML, too, and which is read much faster.
            let parsed = serde_json::from_slice(body).or_else(|_| serde_saphyr::from_slice(body));
            parsed.map_err(|why: serde_saphyr::Error| why.to_string())
        }
        other => {
            let supported = "application/json, application/yaml";
            return Err(Refusal::unsupported_media_type(other, supported));
        }
    };
    let checked = parsed.and_then(|value: Value| match value.get("metadata") {
        _ if !value.is_object() => Err("it is not an object".to_owned()),
        Some(metadata) if !metadata.is_object() => Err("its metadata is not an object".to_owned()),
        _ => Ok(value),
    });
    checked.map_err(|why| {
        // The reader of YAML draws where it stopped; its first line says why.
        let why = why.lines().next().unwrap_or_default();
        Refusal::bad_request(format!("the object provided is unrecognized: {why}"))
    })
}
