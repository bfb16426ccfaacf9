//! Objects in the form in which a client wants them.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::kinds::Kind;
use crate::parameters::{Form, Parameters};
use crate::read::List;
use crate::table::{self, Row};

/// The form of the objects in an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Objects,
    /// Only their metadata.
    Metadata,
    Table(Row),
}

impl Shape {
    pub(crate) fn new(form: Form, parameters: &Parameters) -> Shape {
        match (form, parameters.include_object.as_str()) {
            (Form::Objects, _) => Shape::Objects,
            (Form::Metadata, _) => Shape::Metadata,
            (Form::Table, "None") => Shape::Table(Row::Nothing),
            (Form::Table, "Object") => Shape::Table(Row::Whole),
            (Form::Table, _) => Shape::Table(Row::Metadata),
        }
    }

    /// One object.
    pub(crate) fn of_one(self, kind: &Kind, object: &Value) -> Value {
        match self {
            Shape::Objects => object.clone(),
            Shape::Metadata => metadata_only(object),
            Shape::Table(row) => {
                let revision = &object["metadata"]["resourceVersion"];
                let list = json!({ "resourceVersion": revision });
                table::of(kind, std::iter::once(object), &list, row)
            }
        }
    }

    /// A list of objects.
    pub(crate) fn of_list(self, list: List) -> Value {
        let kind = list.kind;
        let items = list.items;
        match self {
            Shape::Objects => json!({
                "kind": format!("{}List", kind.kind),
                "apiVersion": kind.api_version(),
                "metadata": list.metadata,
                "items": items.into_iter().map(without_type).collect::<Vec<_>>(),
            }),
            Shape::Metadata => json!({
                "kind": "PartialObjectMetadataList",
                "apiVersion": "meta.k8s.io/v1",
                "metadata": list.metadata,
                "items": items.iter().map(|item| metadata_only(item)).collect::<Vec<_>>(),
            }),
            Shape::Table(row) => {
                let items = items.iter().map(|item| &**item);
                table::of(kind, items, &list.metadata, row)
            }
        }
    }

    /// A bookmark: an object with nothing but its type and its metadata.
    pub(crate) fn of_bookmark(self, kind: &Kind, metadata: &Value) -> Value {
        let object = json!({
            "kind": kind.kind,
            "apiVersion": kind.api_version(),
            "metadata": metadata,
        });
        match self {
            Shape::Objects => object,
            Shape::Metadata => metadata_only(&object),
            Shape::Table(row) => table::of(kind, std::iter::empty(), metadata, row),
        }
    }
}

/// The list says what its items are; the items don't, as in Kubernetes.
fn without_type(object: Arc<Value>) -> Value {
    let mut object = Arc::unwrap_or_clone(object);
    if let Some(fields) = object.as_object_mut() {
        fields.remove("kind");
        fields.remove("apiVersion");
    }
    object
}

pub(crate) fn metadata_only(object: &Value) -> Value {
    json!({
        "kind": "PartialObjectMetadata",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": object["metadata"],
    })
}
