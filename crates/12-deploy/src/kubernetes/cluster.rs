//! A cluster, and how far a manifest has got there.

use std::fmt;
use std::sync::Arc;

use http::Request;
use kube::Client;
use kube::core::params::{GetParams, Patch, PatchParams, ValidationDirective};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::Change;
use crate::kubernetes::discovery::{Found, discover};
use crate::kubernetes::send::send;
use crate::kubernetes::{Document, Failure, Manifest, Mode, Reason, Step};

/// The name that the clusters know this program by: the owner of the fields that it applies.
pub const FIELD_MANAGER: &str = "concurrency-at-scale-deploy";

/// A cluster, and how far a manifest has got there. A try goes on where the one before it failed.
pub struct Cluster {
    client: Client,
    namespace: String,
    manifest: Arc<Manifest>,
    mode: Mode,
    /// A try holds the lock from its beginning to its end. The tries of a cluster follow each other, so nobody waits.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The documents' requests, once the cluster has said which kinds it has.
    found: Option<Vec<Found>>,
    /// What became of the documents until now, in their order.
    steps: Vec<Step>,
    /// The object of the next document as it was before the first try to apply it, and `Null` if there was none. An
    /// apply can land although its answer is lost: compared with this, the next try still says that it was applied.
    before: Option<Value>,
}

impl Cluster {
    /// A cluster that is asked by this client. A document without a namespace goes to `namespace`.
    pub fn new(client: Client, namespace: &str, manifest: Arc<Manifest>, mode: Mode) -> Cluster {
        Cluster {
            client,
            namespace: namespace.to_owned(),
            manifest,
            mode,
            state: Mutex::default(),
        }
    }

    /// Finds out whether the manifest fits the cluster, without changing anything.
    ///
    /// # Errors
    ///
    /// Why it doesn't, or why the cluster doesn't say.
    pub async fn look(&self) -> Result<(), Failure> {
        let state = &mut *self.state.lock().await;
        self.found(&mut state.found).await.map(drop)
    }

    /// Applies the documents, one after another. The first that fails ends the try.
    ///
    /// Dropping the future drops the request that is under way: that document may be applied or not.
    ///
    /// # Errors
    ///
    /// Why a document isn't applied. Those before it are.
    // ANCHOR: apply
    pub async fn apply(&self) -> Result<Change, Failure> {
        let state = &mut *self.state.lock().await;
        let found = self.found(&mut state.found).await?;
        let left = self
            .manifest
            .documents()
            .iter()
            .zip(found)
            .skip(state.steps.len());
        for (document, found) in left {
            let step = self.apply_one(document, found, &mut state.before).await;
            state.steps.push(step.map_err(|reason| Failure {
                document: Some(document.to_string()),
                reason,
            })?);
            state.before = None;
        }
        match state.steps.iter().all(|step| *step == Step::Unchanged) {
            true => Ok(Change::Unchanged),
            false => Ok(Change::Applied),
        }
    }
    // ANCHOR_END: apply

    /// Returns what became of each document that was applied, in their order.
    pub async fn steps(&self) -> Vec<Step> {
        self.state.lock().await.steps.clone()
    }

    async fn found<'a>(&self, found: &'a mut Option<Vec<Found>>) -> Result<&'a [Found], Failure> {
        if found.is_none() {
            *found = Some(discover(&self.client, &self.manifest, &self.namespace).await?);
        }
        Ok(found.as_deref().unwrap_or_default())
    }

    // ANCHOR: apply_one
    async fn apply_one(
        &self,
        document: &Document,
        found: &Found,
        before: &mut Option<Value>,
    ) -> Result<Step, Reason> {
        if before.is_none() {
            let get = found.requests.get(&document.name, &GetParams::default());
            *before = match self.send(get).await {
                Err(Reason::Refused { status: 404, .. }) => Some(Value::Null),
                other => Some(other?),
            };
        }
        // Not forced: a field that somebody else owns is a conflict.
        let params = PatchParams {
            dry_run: self.mode == Mode::DryRun,
            field_manager: Some(FIELD_MANAGER.to_owned()),
            field_validation: Some(ValidationDirective::Strict),
            ..PatchParams::default()
        };
        let mut object = document.object.clone();
        if let Some(namespace) = &found.namespace {
            object["metadata"]["namespace"] = namespace.as_str().into();
        }
        let patch = found
            .requests
            .patch(&document.name, &params, &Patch::Apply(object));
        let after = self.send(patch).await?;
        let before = before.as_ref().unwrap_or(&Value::Null);
        Ok(Step::between(before, &after, self.mode))
    }
    // ANCHOR_END: apply_one

    async fn send(
        &self,
        request: Result<Request<Vec<u8>>, kube::core::request::Error>,
    ) -> Result<Value, Reason> {
        let request = request.map_err(|error| Reason::Invalid(error.to_string()))?;
        send(&self.client, request).await
    }
}

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster")
            .field("namespace", &self.namespace)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}
