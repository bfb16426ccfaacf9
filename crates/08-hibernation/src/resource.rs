//! What a check asks about.

use std::fmt;

use kube::Resource as _;
use kube::core::{ApiResource, DynamicObject, Request};

/// A resource of a cluster, by its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Resource {
    /// Its kind, and where the API has it.
    pub kind: ApiResource,
    /// Its namespace. `None` if its kind has none.
    pub namespace: Option<String>,
    /// Its name, unique among those of its kind in its namespace.
    pub name: String,
}

impl Resource {
    /// Returns the resource that an object describes.
    pub fn of(kind: &ApiResource, object: &DynamicObject) -> Resource {
        Resource {
            kind: kind.clone(),
            namespace: object.metadata.namespace.clone(),
            name: object.metadata.name.clone().unwrap_or_default(),
        }
    }

    /// Returns the requests of its kind in its namespace.
    pub(crate) fn requests(&self) -> Request {
        requests(&self.kind, self.namespace.as_deref())
    }
}

/// Returns the requests of a kind in a namespace, or in all of them.
pub(crate) fn requests(kind: &ApiResource, namespace: Option<&str>) -> Request {
    Request::new(DynamicObject::url_path(kind, namespace))
}

/// `Deployment shop/cart`
impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind.kind)?;
        match &self.namespace {
            Some(namespace) => write!(f, "{namespace}/{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}
