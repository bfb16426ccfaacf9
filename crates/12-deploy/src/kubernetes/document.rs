//! One object of a manifest.

use std::fmt;

use serde_json::Value;

/// One object of a manifest.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The line of the file where it begins; the first one is 1.
    pub line: u64,
    /// Such as `apps/v1`.
    pub api_version: String,
    /// Such as `Deployment`.
    pub kind: String,
    /// Its name. Never empty.
    pub name: String,
    /// Its namespace, if it says one.
    pub namespace: Option<String>,
    /// All of it.
    pub object: Value,
}

impl Document {
    /// Reads an object that begins at this line.
    ///
    /// # Errors
    ///
    /// A sentence, if it isn't an object that can be applied.
    pub(crate) fn read(line: u64, object: Value) -> Result<Document, String> {
        if !object.is_object() {
            return Err("this isn't an object with apiVersion, kind and metadata".to_owned());
        }
        let text = |pointer: &str| {
            let field = pointer[1..].replace('/', ".");
            match object.pointer(pointer) {
                None | Some(Value::Null) => Ok(None),
                Some(Value::String(text)) if text.is_empty() => Err(format!("{field} is empty")),
                Some(Value::String(text)) => Ok(Some(text.clone())),
                Some(other) => Err(format!("{field} is {other}, which isn't text")),
            }
        };
        let needed = |pointer: &str| {
            let missing = || format!("{} is missing", pointer[1..].replace('/', "."));
            text(pointer)?.ok_or_else(missing)
        };
        let (name, namespace) = (needed("/metadata/name")?, text("/metadata/namespace")?);
        if let Some(wrong) = [Some(&name), namespace.as_ref()]
            .into_iter()
            .flatten()
            .find(|name| !is_name(name))
        {
            return Err(format!(
                "'{wrong}' in metadata is no name: it would be another path on the server"
            ));
        }
        Ok(Document {
            line,
            api_version: needed("/apiVersion")?,
            kind: needed("/kind")?,
            name,
            namespace,
            object,
        })
    }

    /// Whether both are the same object of a cluster, in whatever version.
    pub(crate) fn is(&self, other: &Document) -> bool {
        let key = |document: &Document| {
            let group = document
                .api_version
                .rsplit_once('/')
                .map(|(group, _)| group.to_owned());
            let Document {
                kind,
                name,
                namespace,
                ..
            } = document;
            (group, kind.clone(), name.clone(), namespace.clone())
        };
        key(self) == key(other)
    }
}

/// Whether it is one segment of a path. The server says which of these are names of its objects.
fn is_name(name: &str) -> bool {
    let separates = |byte: u8| matches!(byte, b'/' | b'?' | b'#' | b'%');
    name.bytes()
        .all(|byte| byte.is_ascii_graphic() && !separates(byte))
        && name != "."
        && name != ".."
}

/// `Deployment shop/cart`
impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind)?;
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}/")?;
        }
        f.write_str(&self.name)
    }
}
