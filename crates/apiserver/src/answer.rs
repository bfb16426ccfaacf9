//! Objects in the form in which a client wants them.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::kinds::Kind;
use crate::parameters::{Form, Parameters};
use crate::read::List;

/// How objects are written.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    form: Form,
}

impl Shape {
    pub(crate) fn new(form: Form, _parameters: &Parameters) -> Shape {
        Shape { form }
    }

    /// One object.
    pub(crate) fn of_one(&self, _kind: &Kind, object: &Value) -> Value {
        match self.form {
            Form::Metadata => metadata_only(object),
            Form::Objects | Form::Table => object.clone(),
        }
    }

    /// A list of objects.
    pub(crate) fn of_list(&self, list: List) -> Value {
        let (name, version, items) = match self.form {
            Form::Metadata => {
                let items = list.items.iter().map(|item| metadata_only(item));
                let version = "meta.k8s.io/v1".to_owned();
                (
                    "PartialObjectMetadataList".to_owned(),
                    version,
                    items.collect(),
                )
            }
            Form::Objects | Form::Table => {
                let items = list.items.into_iter().map(without_type);
                let name = format!("{}List", list.kind.kind);
                (name, list.kind.api_version(), items.collect::<Vec<Value>>())
            }
        };
        json!({
            "kind": name,
            "apiVersion": version,
            "metadata": list.metadata,
            "items": items,
        })
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

fn metadata_only(object: &Value) -> Value {
    json!({
        "kind": "PartialObjectMetadata",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": object["metadata"],
    })
}
