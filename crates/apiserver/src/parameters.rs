//! The parameters of a request's query, and the form of the answer.

use axum::extract::Query;
use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use serde::Deserialize;
use serde_json::Value;

use crate::refusal::Refusal;

/// The query's parameters that the server knows. Kubernetes ignores others, and so does this server.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Parameters {
    pub(crate) limit: Option<usize>,
    #[serde(rename = "continue")]
    pub(crate) from: String,
    pub(crate) label_selector: String,
    pub(crate) field_selector: String,
    pub(crate) resource_version: String,
    pub(crate) resource_version_match: String,
    watch: Option<String>,
    allow_watch_bookmarks: Option<String>,
    send_initial_events: Option<String>,
    pub(crate) timeout_seconds: Option<u64>,
    dry_run: String,
    /// The part of an object that the rows of a table carry.
    pub(crate) include_object: String,
    /// The manager that owns the fields which the request writes.
    pub(crate) field_manager: Option<String>,
    /// The treatment of unknown fields: `Ignore`, `Warn` (the default) or `Strict`.
    pub(crate) field_validation: String,
    force: Option<String>,
}

impl Parameters {
    /// Reads the query.
    pub(crate) fn parse(request: &Parts) -> Result<Parameters, Refusal> {
        let Query(parameters) = Query::<Parameters>::try_from_uri(&request.uri)
            .map_err(|rejection| Refusal::bad_request(rejection.body_text()))?;
        check_dry_run(&parameters.dry_run)?;
        Ok(parameters)
    }

    /// Adds the `dryRun` of a `DeleteOptions`.
    pub(crate) fn add_dry_run(&mut self, options: &Value) -> Result<(), Refusal> {
        if let Some(dry_run) = options["dryRun"][0].as_str() {
            check_dry_run(dry_run)?;
            self.dry_run = dry_run.to_owned();
        }
        Ok(())
    }

    pub(crate) fn watch(&self) -> bool {
        is_true(&self.watch)
    }

    pub(crate) fn bookmarks(&self) -> bool {
        is_true(&self.allow_watch_bookmarks)
    }

    pub(crate) fn initial_events(&self) -> bool {
        is_true(&self.send_initial_events)
    }

    /// `None` if the request doesn't say.
    pub(crate) fn force(&self) -> Option<bool> {
        self.force.as_ref().map(|_| is_true(&self.force))
    }

    pub(crate) fn dry_run(&self) -> bool {
        !self.dry_run.is_empty()
    }
}

fn check_dry_run(value: &str) -> Result<(), Refusal> {
    match value {
        "" | "All" => Ok(()),
        other => Err(Refusal::bad_request(format!(
            "dryRun: Unsupported value: {other:?}: supported values: \"All\""
        ))),
    }
}

/// Kubernetes takes any value but `false` and `0` for true, even none: `?watch`.
fn is_true(value: &Option<String>) -> bool {
    !matches!(value.as_deref(), None | Some("false" | "0"))
}

/// The form in which the client wants objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Objects,
    /// Only their metadata.
    Metadata,
    /// Rows and columns, as `kubectl get` prints them.
    Table,
}

impl Form {
    /// Reads the header `Accept`: the first form in it that the server knows.
    pub(crate) fn parse(request: &Parts) -> Form {
        let accepted = request.headers.get_all(ACCEPT).iter();
        let accepted = accepted.filter_map(|value| value.to_str().ok());
        accepted
            .flat_map(|value| value.split(','))
            .find_map(|media| {
                let mut parameters = media.split(';').map(str::trim);
                let json = matches!(parameters.next(), Some("application/json" | "*/*"));
                let form = parameters.find_map(|parameter| parameter.strip_prefix("as="));
                match form {
                    _ if !json => None,
                    Some("Table") => Some(Form::Table),
                    Some("PartialObjectMetadata" | "PartialObjectMetadataList") => {
                        Some(Form::Metadata)
                    }
                    Some(_) => None,
                    None => Some(Form::Objects),
                }
            })
            .unwrap_or(Form::Objects)
    }
}
