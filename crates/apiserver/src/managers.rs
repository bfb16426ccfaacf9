//! The managers of an object: `metadata.managedFields`.

use serde_json::{Value, json};

use crate::fields::{Fields, Path, Step, look};
use crate::kinds::Kind;
use crate::refusal::Refusal;
use crate::target::Part;

/// A manager of fields, and how it writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Manager {
    pub(crate) name: String,
    pub(crate) applies: bool,
    pub(crate) api_version: String,
    pub(crate) part: Part,
}

/// All managers of an object and their fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Managers(Vec<Entry>);

#[derive(Clone, Debug, PartialEq)]
struct Entry {
    manager: Manager,
    time: String,
    fields: Fields,
}

impl Manager {
    /// Whether two writes have the same manager. An applier may change the version that it uses.
    fn is(&self, other: &Manager) -> bool {
        self.name == other.name
            && self.applies == other.applies
            && self.part == other.part
            && (self.applies || self.api_version == other.api_version)
    }

    /// The manager as the words of a conflict name it.
    fn shown(&self) -> String {
        let mut words = format!("{:?}", self.name);
        if self.part != Part::Whole {
            words += &format!(" with subresource {:?}", self.part.name());
        }
        if !self.applies {
            words += &format!(" using {}", self.api_version);
        }
        words
    }
}

/// The fields of an object that a write through a part of it can own. Nobody owns an object's identity.
pub(crate) fn fields_of(object: &Value, part: Part) -> Fields {
    let mut fields = Fields::of(object);
    fields.0.retain(|path| can_own(path, part));
    fields
}

fn can_own(path: &Path, part: Part) -> bool {
    let field = |index: usize| match path.get(index) {
        Some(Step::Field(name)) => name.as_str(),
        _ => "",
    };
    match (part, field(0), field(1)) {
        (Part::Status, first, _) => first == "status",
        (Part::Scale, first, second) => (first, second) == ("spec", "replicas"),
        (Part::Whole, "apiVersion" | "kind" | "status" | "", _) => false,
        (Part::Whole, "metadata", name) => !matches!(
            name,
            "" | "name"
                | "namespace"
                | "uid"
                | "resourceVersion"
                | "generation"
                | "creationTimestamp"
                | "deletionTimestamp"
                | "selfLink"
                | "managedFields"
        ),
        (Part::Whole, ..) => true,
    }
}

impl Managers {
    /// Reads the managers of an object.
    pub(crate) fn of(object: &Value) -> Managers {
        let entries = object["metadata"]["managedFields"]
            .as_array()
            .into_iter()
            .flatten();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let entries = entries.map(|entry| Entry {
            manager: Manager {
                name: text(&entry["manager"]),
                applies: entry["operation"] == "Apply",
                api_version: text(&entry["apiVersion"]),
                part: match entry["subresource"].as_str() {
                    Some("status") => Part::Status,
                    Some("scale") => Part::Scale,
                    _ => Part::Whole,
                },
            },
            time: text(&entry["time"]),
            fields: Fields::parse(&entry["fieldsV1"]),
        });
        Managers(entries.collect())
    }

    /// Writes the managers as `managedFields`, or `None` if there are none.
    pub(crate) fn to_json(&self) -> Option<Value> {
        let entries = self.0.iter().map(|entry| {
            let operation = if entry.manager.applies {
                "Apply"
            } else {
                "Update"
            };
            let mut json = json!({
                "manager": entry.manager.name,
                "operation": operation,
                "apiVersion": entry.manager.api_version,
                "time": entry.time,
                "fieldsType": "FieldsV1",
                "fieldsV1": entry.fields.to_json(),
            });
            if entry.manager.part != Part::Whole {
                json["subresource"] = entry.manager.part.name().into();
            }
            json
        });
        let entries: Vec<Value> = entries.collect();
        Some(entries)
            .filter(|entries| !entries.is_empty())
            .map(Value::Array)
    }

    /// An object that nobody manages yet, as the first apply finds it: what is there belongs to somebody.
    pub(crate) fn before_first_apply(mut self, kind: &Kind, live: &Value) -> Managers {
        if self.0.is_empty() {
            let manager = Manager {
                name: "before-first-apply".to_owned(),
                applies: false,
                api_version: kind.api_version(),
                part: Part::Whole,
            };
            self.set(&manager, fields_of(live, Part::Whole));
        }
        self
    }

    /// Whether any manager but this one has a field, or one below it.
    pub(crate) fn others_have(&self, manager: &Manager, path: &Path) -> bool {
        let mut others = self.0.iter().filter(|entry| !entry.manager.is(manager));
        others.any(|entry| entry.fields.has_below(path))
    }

    /// The fields of a manager.
    pub(crate) fn fields(&self, manager: &Manager) -> Fields {
        let entry = self.0.iter().find(|entry| entry.manager.is(manager));
        entry.map(|entry| entry.fields.clone()).unwrap_or_default()
    }

    /// Gives a manager these fields and no others.
    pub(crate) fn set(&mut self, manager: &Manager, fields: Fields) {
        let entry = self.0.iter_mut().find(|entry| entry.manager.is(manager));
        match entry {
            Some(entry) if entry.fields == fields => {}
            Some(entry) => {
                entry.fields = fields;
                entry.time = crate::write::now();
                entry.manager = manager.clone();
            }
            None => self.0.push(Entry {
                manager: manager.clone(),
                time: crate::write::now(),
                fields,
            }),
        }
    }

    /// Takes fields away from all managers but this one.
    pub(crate) fn take_from_others(&mut self, manager: &Manager, fields: &Fields) {
        for entry in self.0.iter_mut().filter(|entry| !entry.manager.is(manager)) {
            entry.fields.0.retain(|path| !fields.0.contains(path));
        }
    }

    /// Forgets the fields that the object doesn't have, and the managers that have none left. Puts those that apply
    /// first.
    pub(crate) fn tidy(&mut self, object: &Value) {
        for entry in &mut self.0 {
            entry.fields.0.retain(|path| look(object, path).is_some());
        }
        self.0.retain(|entry| !entry.fields.0.is_empty());
        self.0.sort_by_key(|entry| !entry.manager.applies);
    }

    /// Records a write that isn't an apply: the manager owns what it changed, and nobody else does.
    pub(crate) fn update(&mut self, manager: &Manager, live: &Value, new: &Value) {
        let mut changed = fields_of(new, manager.part);
        changed.0.retain(|path| match path.last() {
            // An element of a list belongs to the manager that adds it, whatever is in it.
            Some(Step::Key(_)) => look(live, path).is_none(),
            _ => look(live, path) != look(new, path),
        });
        if !changed.0.is_empty() {
            self.take_from_others(manager, &changed);
            let mut mine = self.fields(manager);
            mine.0.extend(changed.0);
            self.set(manager, mine);
        }
        self.tidy(new);
    }

    /// The fields of others that an apply would change, as a refusal; `None` if there are none.
    pub(crate) fn conflicts(
        &self,
        manager: &Manager,
        changes: &Fields,
        kind: &Kind,
        name: &str,
    ) -> Option<Refusal> {
        let others = self.0.iter().filter(|entry| !entry.manager.is(manager));
        let conflicts: Vec<(String, &Path)> = others
            .flat_map(|entry| {
                let fields = entry.fields.0.intersection(&changes.0);
                fields.map(|path| (entry.manager.shown(), path))
            })
            .collect();
        Refusal::apply_conflicts(kind, name, &conflicts)
    }
}
