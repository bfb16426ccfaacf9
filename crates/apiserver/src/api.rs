//! The API: a router over the state of a cluster.

use std::cell::RefCell;
use std::sync::Arc;

use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State as Shared};
use axum::http::header::{CONTENT_TYPE, HeaderValue, USER_AGENT, WARNING};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

use crate::answer::Shape;
use crate::cluster::State;
use crate::parameters::{Form, Parameters};
use crate::patch::Patch;
use crate::read;
use crate::refusal::Refusal;
use crate::scale;
use crate::target::{Part, Target};
use crate::watch;
use crate::write::Write;
use crate::{discovery, objects, openapi};

/// The size limit of a body in bytes: Kubernetes' own.
const MAX_BODY: usize = 3 << 20;

/// Returns the router.
pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new()
        .merge(discovery::router())
        .merge(openapi::router())
        .route("/healthz", get("ok"))
        .route("/livez", get("ok"))
        .route("/readyz", get("ok"))
        .fallback(answer)
        .with_state(state)
}

async fn answer(Shared(state): Shared<Arc<State>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        let words = format!("the body can't be read, or is longer than {MAX_BODY} bytes");
        return Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            words,
        )
        .into_response();
    };
    perform(&state, &parts, &body).unwrap_or_else(Refusal::into_response)
}

/// Performs a request: one lock of the store for all that it reads and writes.
fn perform(state: &Arc<State>, parts: &Parts, body: &Bytes) -> Result<Response, Refusal> {
    let target = Target::parse(parts.uri.path()).ok_or_else(Refusal::no_path)?;
    let mut parameters = Parameters::parse(parts)?;
    let form = Form::parse(parts);
    let shape = Shape::new(form, &parameters);
    let one = target.name.is_some();
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    if !reads && !target.kind.writable {
        return Err(Refusal::wrong_method());
    }
    if reads && !one && parameters.watch() {
        return watch::start(state, target, &parameters, shape);
    }
    let options = match parts.method {
        Method::DELETE if !body.is_empty() => object(parts, body)?,
        _ => Value::Null,
    };
    // The options of a deletion may be in its body.
    parameters.add_dry_run(&options)?;
    let write = Write {
        target: &target,
        parameters: &parameters,
        uid: state.uid(),
        manager: manager(parts, &parameters),
        warnings: RefCell::default(),
    };
    let mut store = state.store.lock();
    let answer = |status: StatusCode, object: &Value| {
        let object = match target.part {
            Part::Scale => scale::of(object),
            Part::Whole | Part::Status => shape.of_one(target.kind, object),
        };
        let mut response = (status, Json(object)).into_response();
        for warning in write.warnings.borrow().iter() {
            if let Ok(warning) = HeaderValue::from_str(&format!("299 - {warning:?}")) {
                response.headers_mut().append(WARNING, warning);
            }
        }
        Ok(response)
    };
    match parts.method {
        Method::GET | Method::HEAD if one => answer(StatusCode::OK, &*read::get(&store, &target)?),
        Method::GET | Method::HEAD => {
            let list = read::list(&store, &target, &parameters)?;
            drop(store);
            Ok(Json(shape.of_list(list)).into_response())
        }
        Method::POST if !one && (target.namespace.is_some() || !target.kind.namespaced) => {
            let created = write.create(&mut store, object(parts, body)?)?;
            answer(StatusCode::CREATED, &created)
        }
        Method::PUT if one => {
            let sent = object(parts, body)?;
            let updated = match target.part {
                Part::Scale => scale::update(&write, &mut store, &sent)?,
                Part::Whole | Part::Status => write.update(&mut store, sent)?,
            };
            answer(StatusCode::OK, &updated)
        }
        Method::PATCH if one && media_type(parts) == "application/apply-patch+yaml" => {
            let sent = object(parts, body)?;
            let applied = match target.part {
                Part::Scale => scale::apply(&write, &mut store, &sent)?,
                Part::Whole | Part::Status => write.apply(&mut store, sent)?,
            };
            let new = applied["metadata"]["uid"] == write.uid;
            let status = if new {
                StatusCode::CREATED
            } else {
                StatusCode::OK
            };
            answer(status, &applied)
        }
        Method::PATCH if one => {
            let patch = Patch::parse(media_type(parts), body)?;
            let patched = match target.part {
                Part::Scale => scale::patch(&write, &mut store, &patch)?,
                Part::Whole | Part::Status => write.patch(&mut store, &patch)?,
            };
            answer(StatusCode::OK, &patched)
        }
        Method::DELETE if one && target.part == Part::Whole => {
            Ok(Json(write.delete(&mut store, &options)?).into_response())
        }
        Method::DELETE if !one && target.kind.namespaced && target.namespace.is_some() => {
            let list = write.delete_all(&mut store)?;
            Ok(Json(shape.of_list(list)).into_response())
        }
        _ => Err(Refusal::wrong_method()),
    }
}

/// The media type of the body, without its parameters.
fn media_type(parts: &Parts) -> &str {
    let value = parts.headers.get(CONTENT_TYPE);
    let value = value
        .and_then(|value| value.to_str().ok())
        .unwrap_or("application/json");
    value.split(';').next().unwrap_or_default().trim()
}

/// Reads the body as an object.
fn object(parts: &Parts, body: &[u8]) -> Result<Value, Refusal> {
    objects::parse(media_type(parts), body)
}

/// The name of the field manager: as the request says, or the name of the client's program.
fn manager<'a>(parts: &'a Parts, parameters: &'a Parameters) -> &'a str {
    let agent = parts
        .headers
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok());
    let agent = agent.and_then(|agent| agent.split(['/', ' ']).next());
    let names = [parameters.field_manager.as_deref(), agent];
    names
        .into_iter()
        .flatten()
        .find(|name| !name.is_empty())
        .unwrap_or("unknown")
}
