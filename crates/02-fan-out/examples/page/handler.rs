//! The handler: a page from the three services, by one of the chapter's variants.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use axum::{Json, Router};
use fan_out::hedged::Hedged;
use fan_out::{Page, Part, joined, sequential, spawned};
use serde::{Deserialize, Serialize};
use timeline::{Recording, Timeline};

use crate::remote::Remote;
use crate::service::{Asked, Does};

/// The variants of the chapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    Sequential,
    Joined,
    Spawned,
    Hedged,
}

/// What a request asks for. The defaults are the talk's times.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Wanted {
    patience_ms: u64,
    /// How long a service may take before it is asked again.
    delay_ms: u64,
    ci_ms: u64,
    cd_ms: u64,
    user_ms: u64,
    ci: Does,
    cd: Does,
    user: Does,
}

impl Default for Wanted {
    fn default() -> Wanted {
        Wanted {
            patience_ms: 1_000,
            delay_ms: 320,
            ci_ms: 200,
            cd_ms: 300,
            user_ms: 150,
            ci: Does::default(),
            cd: Does::default(),
            user: Does::default(),
        }
    }
}

/// The answer: the parts, and the requests that were sent for them.
#[derive(Debug, Serialize)]
struct Answer {
    took_ms: u64,
    parts: Vec<AnsweredPart>,
    requests: Recording,
}

#[derive(Debug, Serialize)]
struct AnsweredPart {
    name: &'static str,
    state: &'static str,
    text: String,
}

/// Returns the router: `/` is the browser's page, and `/page/{variant}` makes a page from the services.
pub(crate) fn router(services: [SocketAddr; 3]) -> Router {
    Router::new()
        .route("/", get(|| async { Html(include_str!("page.html")) }))
        .route("/page/{variant}", get(page))
        .with_state(services)
}

async fn page(
    State(addresses): State<[SocketAddr; 3]>,
    Path(variant): Path<Variant>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Answer>, (StatusCode, &'static str)> {
    let times = [
        wanted.patience_ms,
        wanted.delay_ms,
        wanted.ci_ms,
        wanted.cd_ms,
        wanted.user_ms,
    ];
    if times.into_iter().any(|ms| ms > 60_000) {
        return Err((StatusCode::BAD_REQUEST, "at most 60000 ms\n"));
    }
    let asked = |after_ms, does| Asked {
        after_ms,
        does,
        number: 0,
    };
    let timeline = Timeline::start();
    let remote = Remote {
        addresses,
        asked: Arc::new([
            asked(wanted.ci_ms, wanted.ci),
            asked(wanted.cd_ms, wanted.cd),
            asked(wanted.user_ms, wanted.user),
        ]),
        requests: Arc::default(),
        timeline: timeline.clone(),
    };
    let start = Instant::now();
    let patience = Duration::from_millis(wanted.patience_ms);
    // ANCHOR: handler
    let page = match variant {
        Variant::Sequential => sequential::page(&remote, patience).await,
        Variant::Joined => joined::page(&remote, patience).await,
        Variant::Spawned => spawned::page(&remote, patience).await,
        Variant::Hedged => {
            let delay = Duration::from_millis(wanted.delay_ms);
            Hedged { delay }.page(&remote, patience).await
        }
    };
    // ANCHOR_END: handler
    Ok(Json(Answer {
        took_ms: start.elapsed().as_millis() as u64,
        parts: parts(&page),
        requests: timeline.record(),
    }))
}

fn parts(page: &Page) -> Vec<AnsweredPart> {
    let answered = |(name, part): (&'static str, &Part<String>)| AnsweredPart {
        name,
        state: match part {
            Part::Ready(_) => "ready",
            Part::Failed(_) => "failed",
            Part::Late => "late",
            Part::Panicked(_) => "panicked",
        },
        text: part.to_string(),
    };
    page.parts().map(answered).into()
}
