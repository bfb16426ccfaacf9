//! The objects that a path names.

use percent_encoding::percent_decode_str;

use crate::kinds::Kind;
use crate::store::Key;

/// The target of a path: a kind, and within it a namespace, an object, or a part of an object.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) kind: &'static Kind,
    /// `None` is all namespaces, or a kind that has none.
    pub(crate) namespace: Option<String>,
    /// `None` is the whole collection.
    pub(crate) name: Option<String>,
    pub(crate) part: Part,
}

/// The part of an object that a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    Scale,
    Status,
}

impl Part {
    /// The name of the subresource; empty for the whole object.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Part::Whole => "",
            Part::Scale => "scale",
            Part::Status => "status",
        }
    }
}

impl Target {
    /// Parses `/api/v1/…` and `/apis/GROUP/VERSION/…`. A path that names no kind is `None`.
    pub(crate) fn parse(path: &str) -> Option<Target> {
        let decoded: Option<Vec<String>> = path
            .trim_matches('/')
            .split('/')
            .map(|segment| Some(percent_decode_str(segment).decode_utf8().ok()?.into_owned()))
            .collect();
        let segments: Vec<&str> = decoded.iter().flatten().map(String::as_str).collect();
        let (group, version, rest) = match segments.as_slice() {
            ["api", version, rest @ ..] => ("", *version, rest),
            ["apis", group, version, rest @ ..] => (*group, *version, rest),
            _ => return None,
        };
        let in_all = |plural: &str| Kind::find(group, version, plural);
        let in_one = |plural: &str| in_all(plural).filter(|kind| kind.namespaced);
        let without = |plural: &str| in_all(plural).filter(|kind| !kind.namespaced);
        let target = |kind, namespace: Option<&str>, name: Option<&str>, part| {
            Some(Target {
                kind,
                namespace: namespace.map(str::to_owned),
                name: name.map(str::to_owned),
                part,
            })
        };
        match *rest {
            [plural] => target(in_all(plural)?, None, None, Part::Whole),
            [plural, name] => target(without(plural)?, None, Some(name), Part::Whole),
            ["namespaces", name, "status"] => {
                target(without("namespaces")?, None, Some(name), Part::Status)
            }
            ["namespaces", namespace, plural] => {
                target(in_one(plural)?, Some(namespace), None, Part::Whole)
            }
            ["namespaces", namespace, plural, name] => {
                target(in_one(plural)?, Some(namespace), Some(name), Part::Whole)
            }
            ["namespaces", namespace, plural, name, part] => {
                let kind = in_one(plural)?;
                let part = match part {
                    "scale" if kind.scales => Part::Scale,
                    "status" if kind.has_status => Part::Status,
                    _ => return None,
                };
                target(kind, Some(namespace), Some(name), part)
            }
            _ => None,
        }
    }

    /// Where the object is.
    pub(crate) fn key(&self) -> Key {
        self.key_of(self.name())
    }

    /// Where an object of this kind and namespace is.
    pub(crate) fn key_of(&self, name: &str) -> Key {
        Key {
            plural: self.kind.plural,
            namespace: self.namespace.clone().unwrap_or_default(),
            name: name.to_owned(),
        }
    }

    /// The name in the path; empty for a collection.
    pub(crate) fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }
}
