//! The jobs behind HTTP.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use axum::{Json, Router};
use cancellation::tree::Scope;
use cancellation::{Ended, Stopped, Token, dropped, ignored, polled, raced};
use serde::Deserialize;
use tokio::time::sleep;

use crate::board::{Board, Client, Job, State as JobState, Variant, Working};

/// How long the tasks of a scope have to stop by themselves.
const GRACE: Duration = Duration::from_millis(100);

/// What a request asks for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default = "items")]
    items: usize,
    #[serde(default = "item_ms")]
    item_ms: u64,
    /// The deadline of the variant `tree`.
    deadline_ms: Option<u64>,
}

fn items() -> usize {
    30
}

fn item_ms() -> u64 {
    200
}

/// Returns the router: `/` is the page, `/process/{variant}` runs a job, and `/jobs` shows the newest jobs.
pub(crate) fn router(board: Board) -> Router {
    Router::new()
        .route("/", get(|| async { Html(include_str!("page.html")) }))
        .route("/jobs", get(jobs))
        .route("/process/{variant}", get(process))
        .with_state(board)
}

async fn jobs(State(board): State<Board>) -> Json<Vec<JobState>> {
    Json(board.states())
}

/// Runs a job, and answers with what became of it. Hyper drops this function's future when the client goes.
// ANCHOR: handler
async fn process(
    State(board): State<Board>,
    Path(variant): Path<Variant>,
    Query(asked): Query<Asked>,
) -> Result<Json<JobState>, (StatusCode, &'static str)> {
    if asked.items > 1_000 || asked.item_ms > 60_000 {
        let limits = "at most 1000 items, and at most 60000 ms per item\n";
        return Err((StatusCode::BAD_REQUEST, limits));
    }
    let job = board.open(variant, asked.items);
    let token = Token::new();
    let client = Client {
        job: job.clone(),
        token: token.clone(),
    };
    let work = work(variant, job, token, asked);
    match variant {
        // Part of this future, and dropped with it.
        Variant::Dropped => work.await,
        // In a task of its own: this future can be dropped, and the work goes on until it sees the token.
        _ => {
            let ended = tokio::spawn(work).await;
            ended.map_err(|_| (StatusCode::INTERNAL_SERVER_ERROR, "the job failed\n"))?;
        }
    }
    Ok(Json(client.answer()))
}
// ANCHOR_END: handler

async fn work(variant: Variant, job: Arc<Job>, token: Token, asked: Asked) {
    let _working = Working(job.clone());
    let item_ms = asked.item_ms;
    let all: Vec<usize> = (0..asked.items).collect();
    let one = {
        let job = job.clone();
        move |_item: usize| item(job.clone(), item_ms)
    };
    match variant {
        Variant::Ignored => drop(ignored::process(all, &token, one).await),
        Variant::Polled => drop(polled::process(all, &token, one).await),
        Variant::Raced => drop(raced::process(all, &token, one).await),
        Variant::Dropped => drop(dropped::process(all, &token, one).await),
        Variant::Tree => tree(all, job, token, asked).await,
    }
}

async fn item(job: Arc<Job>, item_ms: u64) {
    job.begin();
    sleep(Duration::from_millis(item_ms)).await;
    job.finish();
}

/// Two tasks of a scope do half of the items each.
async fn tree(mut items: Vec<usize>, job: Arc<Job>, token: Token, asked: Asked) {
    let mut scope = Scope::new(&token).grace(GRACE);
    if let Some(deadline_ms) = asked.deadline_ms {
        scope = scope.deadline(Duration::from_millis(deadline_ms));
    }
    let second = items.split_off(items.len() / 2);
    for (name, items) in [("first half", items), ("second half", second)] {
        let job = job.clone();
        scope.spawn(name, move |token| async move {
            let one = |_item: usize| item(job.clone(), asked.item_ms);
            match raced::process(items, &token, one).await.ended {
                Ended::Finished => Ok(()),
                Ended::Cancelled => Err(Stopped),
            }
        });
    }
    let report = scope.finish().await;
    let words = |task: cancellation::Task<()>| (task.name, task.outcome.to_string());
    job.report(report.tasks.into_iter().map(words).collect());
}
