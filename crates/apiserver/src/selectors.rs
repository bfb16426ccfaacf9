//! Label selectors and field selectors.

use serde_json::Value;

use crate::kinds::Kind;
use crate::refusal::Refusal;

/// The conditions that an object has to meet to be listed or watched.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selector {
    labels: Vec<Requirement>,
    fields: Vec<FieldRequirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    label: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    In(Vec<String>),
    /// Holds, too, if the object doesn't have the label.
    NotIn(Vec<String>),
    Exists,
    Absent,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct FieldRequirement {
    field: &'static str,
    value: String,
    equal: bool,
}

impl Selector {
    /// Parses the two selectors of a request.
    pub(crate) fn parse(kind: &Kind, labels: &str, fields: &str) -> Result<Selector, Refusal> {
        let labels = parse_labels(labels).map_err(|why| {
            Refusal::bad_request(format!(
                "unable to parse the label selector {labels:?}: {why}"
            ))
        })?;
        let fields = parse_fields(kind, fields).map_err(Refusal::bad_request)?;
        Ok(Selector { labels, fields })
    }

    /// Whether it selects everything.
    pub(crate) fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    pub(crate) fn matches(&self, object: &Value) -> bool {
        let metadata = &object["metadata"];
        self.labels.iter().all(|requirement| {
            let value = metadata["labels"][requirement.label.as_str()].as_str();
            match &requirement.test {
                Test::In(values) => value.is_some_and(|value| values.iter().any(|v| v == value)),
                Test::NotIn(values) => value.is_none_or(|value| values.iter().all(|v| v != value)),
                Test::Exists => value.is_some(),
                Test::Absent => value.is_none(),
            }
        }) && self.fields.iter().all(|requirement| {
            let value = metadata[requirement.field].as_str().unwrap_or_default();
            (value == requirement.value) == requirement.equal
        })
    }
}

/// Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k`.
fn parse_labels(words: &str) -> Result<Vec<Requirement>, String> {
    split(words).into_iter().map(parse_label).collect()
}

/// Splits at the commas that are in no parentheses.
fn split(words: &str) -> Vec<&str> {
    let mut depth = 0;
    let parts = words.split(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    });
    parts
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

fn parse_label(words: &str) -> Result<Requirement, String> {
    let requirement = |label: &str, test| {
        let label = label.trim();
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        match label.is_empty() || !label.chars().all(allowed) {
            true => Err(format!("{label:?} is no label's name")),
            false => Ok(Requirement {
                label: label.to_owned(),
                test,
            }),
        }
    };
    let one = |value: &str| vec![value.trim().to_owned()];
    if let Some(label) = words.strip_prefix('!') {
        return requirement(label, Test::Absent);
    }
    if let Some((label, value)) = words.split_once("!=") {
        return requirement(label, Test::NotIn(one(value)));
    }
    if let Some((label, value)) = words.split_once('=') {
        let value = value.strip_prefix('=').unwrap_or(value);
        return requirement(label, Test::In(one(value)));
    }
    let Some((label, set)) = words.split_once(char::is_whitespace) else {
        return requirement(words, Test::Exists);
    };
    let (operator, values) = set.trim().split_once('(').ok_or("expected '('")?;
    let values = values.strip_suffix(')').ok_or("expected ')'")?;
    let values = values
        .split(',')
        .map(|value| value.trim().to_owned())
        .collect();
    match operator.trim() {
        "in" => requirement(label, Test::In(values)),
        "notin" => requirement(label, Test::NotIn(values)),
        other => Err(format!("found {other:?}, expected in or notin")),
    }
}

/// Parses `metadata.name=a,metadata.namespace!=b`: the fields that every kind has.
fn parse_fields(kind: &Kind, words: &str) -> Result<Vec<FieldRequirement>, String> {
    let mut requirements = Vec::new();
    for part in words
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let (field, value, equal) = if let Some((field, value)) = part.split_once("!=") {
            (field, value, false)
        } else if let Some((field, value)) = part.split_once('=') {
            (field, value.strip_prefix('=').unwrap_or(value), true)
        } else {
            return Err(format!(
                "invalid field selector {part:?}: expected field=value"
            ));
        };
        let field = match field.trim() {
            "metadata.name" => "name",
            "metadata.namespace" => "namespace",
            // The lists of these kinds are empty, whatever is asked for.
            _ if !kind.writable => continue,
            other => return Err(format!("field label not supported: {other}")),
        };
        requirements.push(FieldRequirement {
            field,
            value: value.trim().to_owned(),
            equal,
        });
    }
    Ok(requirements)
}
