//! Server-side apply: a manager says which fields it wants, and the server merges them.
//!
//! <https://kubernetes.io/docs/reference/using-api/server-side-apply/>

use serde_json::{Map, Value};

use crate::fields::{Fields, Path, Step, look, remove};
use crate::managers::{Manager, Managers, fields_of};
use crate::refusal::Refusal;
use crate::schema::{self, List};
use crate::target::Target;

/// Applies a configuration to an object. Returns the new object, and its managers.
///
/// # Errors
///
/// If it would change a field that another manager has, unless it is forced to.
pub(crate) fn apply(
    target: &Target,
    live: &Value,
    configuration: &Value,
    manager: &Manager,
    force: bool,
) -> Result<(Value, Managers), Refusal> {
    let wanted = fields_of(configuration, manager.part);
    let mut managers = Managers::of(live).before_first_apply(target.kind, live);
    let mut merged = merge("", live, configuration);
    for path in given_up(&managers, manager, &wanted) {
        remove(&mut merged, &path);
    }

    let mut changes = wanted.clone();
    changes.0.retain(|path| {
        // That an element is in the list isn't a value that somebody else can set differently.
        !matches!(path.last(), Some(Step::Key(_) | Step::Value(_)))
            && look(live, path) != look(&merged, path)
    });
    match managers.conflicts(manager, &changes, target.kind, target.name()) {
        Some(refusal) if !force => return Err(refusal),
        _ => managers.take_from_others(manager, &changes),
    }
    managers.set(manager, wanted);
    Ok((merged, managers))
}

/// The fields that the manager had and no longer wants, and that nobody else has: they are removed.
fn given_up(managers: &Managers, manager: &Manager, wanted: &Fields) -> Vec<Path> {
    let had = managers.fields(manager).0;
    let given_up = had.into_iter().filter(|path| {
        !wanted.has_below(path) && !managers.others_have(manager, path) && !is_key(path)
    });
    given_up.collect()
}

/// Whether a field is part of the key of a list's element: it goes when the element goes.
fn is_key(path: &Path) -> bool {
    match path.as_slice() {
        [.., Step::Key(key), Step::Field(name)] => {
            let key: Map<String, Value> = serde_json::from_str(key).unwrap_or_default();
            key.contains_key(name)
        }
        _ => false,
    }
}

/// Merges what is applied into what is there. `name` is the field that both are the value of.
fn merge(name: &str, live: &Value, applied: &Value) -> Value {
    match (live, applied) {
        (Value::Object(live), Value::Object(applied)) if !schema::is_atomic_map(name) => {
            let mut merged = live.clone();
            for (name, value) in applied {
                let old = live.get(name).unwrap_or(&Value::Null);
                merged.insert(name.clone(), merge(name, old, value));
            }
            Value::Object(merged)
        }
        (Value::Array(live), Value::Array(applied)) => match schema::list(name) {
            List::Atomic => Value::Array(applied.clone()),
            List::Set => {
                let new = applied.iter().filter(|element| !live.contains(element));
                live.iter().chain(new).cloned().collect()
            }
            List::Map(keys) => merge_by_key(keys, live, applied),
        },
        _ => applied.clone(),
    }
}

/// Elements that are there keep their places; new ones come after them.
fn merge_by_key(keys: &[&str], live: &[Value], applied: &[Value]) -> Value {
    let mut merged = live.to_vec();
    for element in applied {
        let key = schema::key(keys, element);
        let place = merged
            .iter()
            .position(|old| key.is_some() && schema::key(keys, old) == key);
        match place {
            Some(index) => merged[index] = merge("", &merged[index], element),
            None => merged.push(element.clone()),
        }
    }
    Value::Array(merged)
}

/// Removes the nulls from a configuration: a field without a value isn't applied.
pub(crate) fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(without_nulls);
        }
        Value::Array(elements) => elements.iter_mut().for_each(without_nulls),
        _ => {}
    }
}
