//! Applies a manifest to a cluster of Kubernetes: each document by server-side apply.
//!
//! | module | contents |
//! |---|---|
//! | `manifest` | reads a manifest, and says what is wrong with it |
//! | `document` | one object of a manifest |
//! | `discovery` | what a cluster calls the kinds of the documents |
//! | `cluster` | a cluster, and how far a manifest has got there |
//! | `step` | what became of a document |
//! | `send` | one request and its answer |
//! | `failure` | why a request failed, and whether another one may succeed |

mod cluster;
mod discovery;
mod document;
mod failure;
mod manifest;
mod send;
mod step;

pub use cluster::{Cluster, FIELD_MANAGER};
pub use document::Document;
pub use failure::{Conflict, Failure, Reason};
pub use manifest::{Manifest, ManifestError};
pub use step::{Mode, Step};
