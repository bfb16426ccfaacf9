//! Sets of fields, as `fieldsV1` has them: who owns what.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

use crate::schema::{self, List};

/// One step of the way to a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// A field of an object, or a key of a map.
    Field(String),
    /// An element of a list, by its key as JSON.
    Key(String),
    /// An element of a set, as JSON.
    Value(String),
}

/// The way to a field.
pub(crate) type Path = Vec<Step>;

/// A set of fields, and of elements of lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(pub(crate) BTreeSet<Path>);

impl Fields {
    /// All fields of a value: its leaves, and the elements of its lists.
    pub(crate) fn of(value: &Value) -> Fields {
        let mut fields = Fields::default();
        fields.add("", value, &mut Vec::new());
        fields
    }

    fn add(&mut self, name: &str, value: &Value, path: &mut Path) {
        match (value, schema::list(name)) {
            (Value::Object(map), _) if !map.is_empty() && !schema::is_atomic_map(name) => {
                for (name, value) in map {
                    path.push(Step::Field(name.clone()));
                    self.add(name, value, path);
                    path.pop();
                }
            }
            (Value::Array(elements), List::Map(keys)) if !elements.is_empty() => {
                for element in elements {
                    if let Some(key) = schema::key(keys, element) {
                        path.push(Step::Key(key));
                        self.0.insert(path.clone());
                        self.add("", element, path);
                        path.pop();
                    }
                }
            }
            (Value::Array(elements), List::Set) if !elements.is_empty() => {
                for element in elements {
                    path.push(Step::Value(element.to_string()));
                    self.0.insert(path.clone());
                    path.pop();
                }
            }
            _ => drop(self.0.insert(path.clone())),
        }
    }

    /// Whether it has a field, or any below it.
    pub(crate) fn has_below(&self, path: &Path) -> bool {
        let next = self.0.range(path.clone()..).next();
        next.is_some_and(|next| next.starts_with(path))
    }

    /// Reads `fieldsV1`.
    pub(crate) fn parse(json: &Value) -> Fields {
        let mut fields = Fields::default();
        fields.read(json, &mut Vec::new());
        fields
    }

    fn read(&mut self, json: &Value, path: &mut Path) {
        let children = json.as_object();
        let children = children
            .into_iter()
            .flatten()
            .filter(|(name, _)| *name != ".");
        let mut leaf = json.get(".").is_some();
        let mut any = false;
        for (name, child) in children {
            let step = match name.split_once(':') {
                Some(("f", name)) => Step::Field(name.to_owned()),
                Some(("k", key)) => Step::Key(key.to_owned()),
                Some(("v", value)) => Step::Value(value.to_owned()),
                _ => continue,
            };
            any = true;
            path.push(step);
            self.read(child, path);
            path.pop();
        }
        leaf |= !any;
        if leaf && !path.is_empty() {
            self.0.insert(path.clone());
        }
    }

    /// Writes `fieldsV1`.
    pub(crate) fn to_json(&self) -> Value {
        let mut json = Value::Object(Map::new());
        // A field comes before those below it, so that the mark of the field itself isn't forgotten.
        let mut paths = self.0.iter().peekable();
        while let Some(path) = paths.next() {
            let mut node = &mut json;
            for step in path {
                let name = match step {
                    Step::Field(name) => format!("f:{name}"),
                    Step::Key(key) => format!("k:{key}"),
                    Step::Value(value) => format!("v:{value}"),
                };
                let map = node.as_object_mut().expect("every node is an object");
                node = map.entry(name).or_insert_with(|| Value::Object(Map::new()));
            }
            if paths.peek().is_some_and(|next| next.starts_with(path)) {
                node["."] = Value::Object(Map::new());
            }
        }
        json
    }
}

/// Finds the value at the end of a path.
pub(crate) fn look<'a>(value: &'a Value, path: &[Step]) -> Option<&'a Value> {
    let mut name = "";
    path.iter().try_fold(value, |value, step| match step {
        Step::Field(field) => {
            name = field;
            value.get(field)
        }
        _ => value.get(index(name, value, step)?),
    })
}

/// Removes what is at the end of a path, and the maps and lists that are empty without it.
pub(crate) fn remove(value: &mut Value, path: &[Step]) {
    remove_below("", value, path);
}

/// Returns whether the value is empty now.
fn remove_below(name: &str, value: &mut Value, path: &[Step]) -> bool {
    let Some((step, rest)) = path.split_first() else {
        return true;
    };
    match step {
        Step::Field(field) => {
            let Some(map) = value.as_object_mut() else {
                return false;
            };
            if map
                .get_mut(field)
                .is_some_and(|value| remove_below(field, value, rest))
            {
                map.remove(field);
            }
            map.is_empty()
        }
        Step::Key(_) | Step::Value(_) => {
            let Some(index) = index(name, value, step) else {
                return false;
            };
            let list = value.as_array_mut().expect("only a list has an index");
            if remove_below("", &mut list[index], rest) {
                list.remove(index);
            }
            list.is_empty()
        }
    }
}

/// The index of a list's element.
fn index(list: &str, value: &Value, step: &Step) -> Option<usize> {
    let elements = value.as_array()?;
    match (step, schema::list(list)) {
        (Step::Key(key), List::Map(keys)) => elements
            .iter()
            .position(|element| schema::key(keys, element).as_ref() == Some(key)),
        (Step::Value(json), _) => {
            let wanted: Value = serde_json::from_str(json).ok()?;
            elements.iter().position(|element| *element == wanted)
        }
        _ => None,
    }
}

/// A path as the words of a conflict have it: `.spec.template.spec.containers[name="web"].image`.
pub(crate) struct Shown<'a>(pub(crate) &'a [Step]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in self.0 {
            match step {
                Step::Field(name) => write!(f, ".{name}")?,
                Step::Value(value) => write!(f, "[={value}]")?,
                Step::Key(key) => {
                    let key: Map<String, Value> = serde_json::from_str(key).unwrap_or_default();
                    let parts = key.iter().map(|(name, value)| format!("{name}={value}"));
                    write!(f, "[{}]", parts.collect::<Vec<_>>().join(","))?;
                }
            }
        }
        Ok(())
    }
}
