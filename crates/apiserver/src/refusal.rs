//! The answer to a request that the server refuses: a `Status`.

use axum::Json;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{
    ListMeta, Status, StatusCause, StatusDetails,
};

use crate::fields::{Path, Shown};
use crate::kinds::Kind;

/// The reason for refusing a request. The `Status` is boxed, because it is much larger than the usual answers.
#[derive(Clone, Debug)]
pub(crate) struct Refusal(pub(crate) Box<Status>);

impl Refusal {
    /// A refusal with a code, a reason from Kubernetes' list of reasons, and a sentence.
    pub(crate) fn new(code: StatusCode, reason: &str, message: impl Into<String>) -> Refusal {
        Refusal(Box::new(Status {
            status: Some("Failure".to_owned()),
            code: Some(i32::from(code.as_u16())),
            reason: Some(reason.to_owned()),
            message: Some(message.into()),
            metadata: ListMeta::default(),
            details: None,
        }))
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// There is nothing at this path.
    pub(crate) fn no_path() -> Refusal {
        let words = "the server could not find the requested resource";
        Refusal::new(StatusCode::NOT_FOUND, "NotFound", words)
    }

    pub(crate) fn not_found(kind: &Kind, name: &str) -> Refusal {
        let words = format!("{} {name:?} not found", kind.resource());
        Refusal::new(StatusCode::NOT_FOUND, "NotFound", words).about(kind, name)
    }

    pub(crate) fn already_exists(kind: &Kind, name: &str) -> Refusal {
        let words = format!("{} {name:?} already exists", kind.resource());
        Refusal::new(StatusCode::CONFLICT, "AlreadyExists", words).about(kind, name)
    }

    pub(crate) fn conflict(kind: &Kind, name: &str, why: &str) -> Refusal {
        let words = format!(
            "Operation cannot be fulfilled on {} {name:?}: {why}",
            kind.resource()
        );
        Refusal::new(StatusCode::CONFLICT, "Conflict", words).about(kind, name)
    }

    /// The object was changed since the client read it.
    pub(crate) fn modified(kind: &Kind, name: &str) -> Refusal {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        Refusal::conflict(kind, name, why)
    }

    /// A field of the object has a value that can't be. `what` is `Required value`, `Invalid value: …` and the like.
    pub(crate) fn invalid(kind: &Kind, name: &str, field: &str, what: &str) -> Refusal {
        let group = match kind.group {
            "" => String::new(),
            group => format!(".{group}"),
        };
        let words = format!("{}{group} {name:?} is invalid: {field}: {what}", kind.kind);
        let mut refusal =
            Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "Invalid", words).about(kind, name);
        let reason = match what {
            what if what.starts_with("Required") => "FieldValueRequired",
            what if what.starts_with("Forbidden") => "FieldValueForbidden",
            _ => "FieldValueInvalid",
        };
        let details = refusal.0.details.get_or_insert_default();
        // Kubernetes names the kind here, not the resource.
        details.kind = Some(kind.kind.to_owned());
        refusal.cause(reason, what, field)
    }

    pub(crate) fn unsupported_media_type(found: &str, supported: &str) -> Refusal {
        let words = format!(
            "the body of the request was in an unknown format - accepted media types include: {supported}; \
             found {found:?}"
        );
        Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            words,
        )
    }

    /// The request has no token, or the wrong one.
    pub(crate) fn unauthorized() -> Refusal {
        Refusal::new(StatusCode::UNAUTHORIZED, "Unauthorized", "Unauthorized")
    }

    /// The method can't be used here.
    pub(crate) fn wrong_method() -> Refusal {
        let words = "the server does not allow this method on the requested resource";
        Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", words)
    }

    /// A parameter of the request is wrong. `options` is the type whose field it is.
    pub(crate) fn options(options: &str, field: &str, what: &str) -> Refusal {
        let words = format!("{options}.meta.k8s.io \"\" is invalid: {field}: {what}");
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "Invalid", words).cause(
            "FieldValueInvalid",
            what,
            field,
        )
    }

    /// An apply would change fields that others manage; `None` if there are no such fields.
    pub(crate) fn apply_conflicts(
        kind: &Kind,
        name: &str,
        conflicts: &[(String, &Path)],
    ) -> Option<Refusal> {
        let words = match conflicts {
            [] => return None,
            [(manager, path)] => format!(
                "Apply failed with 1 conflict: conflict with {manager}: {}",
                Shown(path)
            ),
            several => {
                let mut words = format!("Apply failed with {} conflicts:", several.len());
                let mut before = None;
                for (manager, path) in several {
                    if before != Some(manager) {
                        let space = if before.is_none() { " " } else { "\n" };
                        words += &format!("{space}conflicts with {manager}:");
                        before = Some(manager);
                    }
                    words += &format!("\n- {}", Shown(path));
                }
                words
            }
        };
        let refusal = Refusal::new(StatusCode::CONFLICT, "Conflict", words).about(kind, name);
        Some(conflicts.iter().fold(refusal, |refusal, (manager, path)| {
            let words = format!("conflict with {manager}");
            refusal.cause("FieldManagerConflict", &words, &Shown(path).to_string())
        }))
    }

    /// The revision is older than what the server remembers.
    pub(crate) fn expired(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::GONE, "Expired", message)
    }

    /// Says which object the refusal is about.
    pub(crate) fn about(mut self, kind: &Kind, name: &str) -> Refusal {
        let details = self.0.details.get_or_insert_default();
        details.name = Some(name.to_owned()).filter(|name| !name.is_empty());
        details.group = Some(kind.group.to_owned()).filter(|group| !group.is_empty());
        details.kind = Some(kind.plural.to_owned());
        self
    }

    /// Adds a cause.
    pub(crate) fn cause(mut self, reason: &str, message: &str, field: &str) -> Refusal {
        let details = self.0.details.get_or_insert_default();
        details.causes.get_or_insert_default().push(StatusCause {
            reason: Some(reason.to_owned()),
            message: Some(message.to_owned()),
            field: Some(field.to_owned()),
        });
        self
    }

    /// Tells the client to come back after some seconds, in the details and as a header.
    pub(crate) fn retry_after(mut self, seconds: u32) -> Refusal {
        let details: &mut StatusDetails = self.0.details.get_or_insert_default();
        details.retry_after_seconds = i32::try_from(seconds).ok();
        self
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let code = self.0.code.and_then(|code| u16::try_from(code).ok());
        let code = code.and_then(|code| StatusCode::from_u16(code).ok());
        let seconds = (self.0.details.as_ref()).and_then(|details| details.retry_after_seconds);
        let code = code.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (code, Json(*self.0)).into_response();
        if let Some(seconds) = seconds {
            let seconds = HeaderValue::from(seconds);
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response
    }
}
