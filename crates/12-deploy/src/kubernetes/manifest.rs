//! Reads a manifest, and says what is wrong with it.

use std::error::Error;
use std::fmt;

use ring::digest::{SHA256, digest};
use serde_json::Value;
use serde_saphyr::Spanned;

use crate::kubernetes::Document;

/// The objects that a cluster should have. There is at least one, and no two are the same object of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    documents: Vec<Document>,
    digest: String,
}

/// Why a text isn't a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// The line of the text, if one is to blame; the first one is 1.
    pub line: Option<u64>,
    /// What is wrong.
    pub what: String,
}

impl Manifest {
    /// Reads a manifest: YAML with `---` between the documents, or JSON. Empty documents don't count.
    ///
    /// # Errors
    ///
    /// If it isn't YAML, if a document has no `apiVersion`, `kind` or name, if two are the same object, or if there is none.
    pub fn parse(text: &str) -> Result<Manifest, ManifestError> {
        let options = serde_saphyr::options! { with_snippet: false };
        let read: Result<Vec<Spanned<Value>>, _> =
            serde_saphyr::from_multiple_with_options(text, options);
        let read = read.map_err(|error| ManifestError {
            line: error.location().map(|location| location.line()),
            what: sentence(&error),
        })?;
        let mut documents: Vec<Document> = Vec::with_capacity(read.len());
        for Spanned {
            value, referenced, ..
        } in read
        {
            let line = referenced.line();
            let at = |what| ManifestError {
                line: Some(line),
                what,
            };
            let document = Document::read(line, value).map_err(at)?;
            if let Some(first) = documents.iter().find(|other| other.is(&document)) {
                let what = format!(
                    "{document} is in the manifest already, at line {}",
                    first.line
                );
                return Err(at(what));
            }
            documents.push(document);
        }
        if documents.is_empty() {
            let what = "there is no object in it".to_owned();
            return Err(ManifestError { line: None, what });
        }
        let digest = digest_of(&documents);
        Ok(Manifest { documents, digest })
    }

    /// Returns the documents, in their order.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// Returns the SHA-256 of the objects, in hexadecimal digits. Comments, blanks and the order of the fields don't
    /// change it.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

fn digest_of(documents: &[Document]) -> String {
    // The fields of a JSON object are sorted: a `Value` keeps them in a `BTreeMap`.
    let objects: Value = documents
        .iter()
        .map(|document| document.object.clone())
        .collect();
    let digest = digest(&SHA256, objects.to_string().as_bytes());
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Returns what a YAML error says, on one line and without the place, which is said before it.
fn sentence(error: &serde_saphyr::Error) -> String {
    let words = error.to_string();
    let first = words.lines().next().unwrap_or_default();
    let first = first.trim_start_matches("error: ");
    match first.rsplit_once(" at line ") {
        Some((what, _)) => what.to_owned(),
        None => first.to_owned(),
    }
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.what)
    }
}

impl Error for ManifestError {}
