//! Kubernetes' strategic merge patch: a merge patch that merges some lists by a key.
//!
//! <https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md>

use serde_json::{Map, Value};

/// The way to merge a list. A list without a strategy is replaced.
enum Strategy {
    /// Its elements are objects, told apart by this field.
    ByKey(&'static str),
    /// Its elements are values, each at most once.
    Set,
}

/// The merge strategies of the lists in the kinds of this server, from the field `patchMergeKey` of their types.
/// No two of these lists share a name but not a strategy.
fn strategy(list: &str) -> Option<Strategy> {
    Some(match list {
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "env"
        | "volumes"
        | "imagePullSecrets"
        | "resourceClaims"
        | "secrets" => Strategy::ByKey("name"),
        "ports" => Strategy::ByKey("containerPort"),
        "volumeMounts" => Strategy::ByKey("mountPath"),
        "volumeDevices" => Strategy::ByKey("devicePath"),
        "hostAliases" => Strategy::ByKey("ip"),
        "topologySpreadConstraints" => Strategy::ByKey("topologyKey"),
        "conditions" => Strategy::ByKey("type"),
        "ownerReferences" => Strategy::ByKey("uid"),
        "finalizers" => Strategy::Set,
        _ => return None,
    })
}

/// Merges a patch into an object.
///
/// # Errors
///
/// Why the patch can't be: an element of a list that is merged by a key lacks the key, or `$patch` has a value that
/// it can't.
pub(crate) fn merge(target: &mut Value, patch: &Value) -> Result<(), String> {
    let Some(patch) = patch.as_object() else {
        *target = patch.clone();
        return Ok(());
    };
    let object = as_object(target);
    match patch
        .get("$patch")
        .map(|directive| directive.as_str().unwrap_or_default())
    {
        None | Some("merge") => {}
        Some("replace") => object.clear(),
        Some(other) => return Err(format!("unknown $patch directive {other:?}")),
    }
    for (name, value) in patch {
        match name.strip_prefix('$') {
            None => merge_field(object, name, value)?,
            Some(directive) => obey(object, directive, value),
        }
    }
    // After all fields: the order is that of the merged lists.
    for (name, order) in patch {
        if let Some(list) = name.strip_prefix("$setElementOrder/")
            && let Some(elements) = object.get_mut(list).and_then(Value::as_array_mut)
        {
            sort(
                elements,
                order.as_array().map_or(&[], Vec::as_slice),
                strategy(list),
            );
        }
    }
    Ok(())
}

fn as_object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    value.as_object_mut().expect("made an object above")
}

fn merge_field(object: &mut Map<String, Value>, name: &str, value: &Value) -> Result<(), String> {
    match (value, strategy(name)) {
        (Value::Null, _) => drop(object.remove(name)),
        (Value::Object(patch), _) if patch.get("$patch").is_some_and(|patch| patch == "delete") => {
            object.remove(name);
        }
        (Value::Array(patch), Some(strategy)) => {
            let list = object.entry(name).or_insert(Value::Null);
            let mut elements = list.as_array().cloned().unwrap_or_default();
            merge_list(name, &mut elements, patch, &strategy)?;
            *list = elements.into();
        }
        (Value::Object(_), _) => merge(object.entry(name).or_insert(Value::Null), value)?,
        _ => drop(object.insert(name.to_owned(), value.clone())),
    }
    Ok(())
}

/// Obeys a directive, a field of a patch whose name starts with `$`. Ignores those that it doesn't know.
fn obey(object: &mut Map<String, Value>, directive: &str, value: &Value) {
    let values = value.as_array().map_or(&[] as &[Value], Vec::as_slice);
    match directive.split_once('/') {
        None if directive == "retainKeys" => {
            object.retain(|name, _| values.iter().any(|kept| kept == name));
        }
        Some(("deleteFromPrimitiveList", list)) => {
            if let Some(elements) = object.get_mut(list).and_then(Value::as_array_mut) {
                elements.retain(|element| !values.contains(element));
            }
        }
        _ => {}
    }
}

fn merge_list(
    name: &str,
    elements: &mut Vec<Value>,
    patch: &[Value],
    strategy: &Strategy,
) -> Result<(), String> {
    if patch.iter().any(|element| element["$patch"] == "replace") {
        elements.clear();
    }
    for element in patch
        .iter()
        .filter(|element| element["$patch"] != "replace")
    {
        match strategy {
            Strategy::Set if elements.contains(element) => {}
            Strategy::Set => elements.push(element.clone()),
            Strategy::ByKey(key) => {
                let id = element.get(key);
                let id = id.ok_or_else(|| format!("an element of {name} has no {key}"))?;
                let found = elements.iter().position(|existing| existing[key] == *id);
                match (element["$patch"] == "delete", found) {
                    (true, Some(index)) => drop(elements.remove(index)),
                    (true, None) => {}
                    (false, Some(index)) => merge(&mut elements[index], element)?,
                    (false, None) => {
                        let mut new = Value::Null;
                        merge(&mut new, element)?;
                        elements.push(new);
                    }
                }
            }
        }
    }
    Ok(())
}

/// Sorts the elements that the order names. The others stay where they are.
fn sort(elements: &mut [Value], order: &[Value], strategy: Option<Strategy>) {
    let place = |element: &Value| {
        order.iter().position(|named| match &strategy {
            Some(Strategy::ByKey(key)) => named[key] == element[key],
            _ => named == element,
        })
    };
    let slots: Vec<usize> = (0..elements.len())
        .filter(|i| place(&elements[*i]).is_some())
        .collect();
    let mut named: Vec<Value> = slots.iter().map(|slot| elements[*slot].clone()).collect();
    named.sort_by_key(place);
    for (slot, element) in slots.into_iter().zip(named) {
        elements[slot] = element;
    }
}
