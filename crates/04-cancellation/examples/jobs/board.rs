//! What the server knows of its jobs.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use cancellation::Token;
use serde::{Deserialize, Serialize};

/// How many jobs the board keeps.
const KEPT: usize = 100;

/// The variants of the chapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Variant {
    Ignored,
    Polled,
    Raced,
    Dropped,
    Tree,
}

/// The newest jobs, oldest first. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Board(Arc<Mutex<Jobs>>);

#[derive(Default)]
struct Jobs {
    newest: VecDeque<Arc<Job>>,
    opened: u64,
}

/// A job behind one request.
pub(crate) struct Job {
    opened: Instant,
    state: Mutex<State>,
}

/// What has happened to a job so far. Times are milliseconds since the request.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct State {
    pub(crate) number: u64,
    pub(crate) variant: Variant,
    pub(crate) items: usize,
    pub(crate) begun: usize,
    pub(crate) done: usize,
    /// The items that were begun after the server had seen that the client was gone.
    pub(crate) begun_after: usize,
    /// When the server saw that the client was gone; `None` if it was answered, or is still there.
    pub(crate) gone_ms: Option<u64>,
    /// When the work ended, by itself or not.
    pub(crate) ended_ms: Option<u64>,
    pub(crate) answered: bool,
    /// The scope's report, if the variant has one: a name and an outcome per task.
    pub(crate) report: Vec<(String, String)>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Board {
    pub(crate) fn open(&self, variant: Variant, items: usize) -> Arc<Job> {
        let mut jobs = lock(&self.0);
        jobs.opened += 1;
        let state = State {
            number: jobs.opened,
            variant,
            items,
            begun: 0,
            done: 0,
            begun_after: 0,
            gone_ms: None,
            ended_ms: None,
            answered: false,
            report: Vec::new(),
        };
        let job = Arc::new(Job {
            opened: Instant::now(),
            state: Mutex::new(state),
        });
        if jobs.newest.len() == KEPT {
            jobs.newest.pop_front();
        }
        jobs.newest.push_back(job.clone());
        job
    }

    pub(crate) fn states(&self) -> Vec<State> {
        let jobs: Vec<_> = lock(&self.0).newest.iter().cloned().collect();
        jobs.iter().map(|job| job.state()).collect()
    }
}

impl Job {
    pub(crate) fn state(&self) -> State {
        lock(&self.state).clone()
    }

    pub(crate) fn begin(&self) {
        let mut state = lock(&self.state);
        state.begun += 1;
        state.begun_after += usize::from(state.gone_ms.is_some());
    }

    pub(crate) fn finish(&self) {
        lock(&self.state).done += 1;
    }

    pub(crate) fn report(&self, report: Vec<(String, String)>) {
        lock(&self.state).report = report;
    }

    fn now(&self) -> Option<u64> {
        Some(self.opened.elapsed().as_millis() as u64)
    }
}

/// Writes down that a job's work has ended, when it is dropped: at the work's end, or with the work.
pub(crate) struct Working(pub(crate) Arc<Job>);

impl Drop for Working {
    fn drop(&mut self) {
        lock(&self.0.state).ended_ms = self.0.now();
    }
}

/// A client that waits for its answer. If this is dropped before [`Client::answer`], the client has gone: then the
/// job's token is cancelled.
// ANCHOR: client
pub(crate) struct Client {
    pub(crate) job: Arc<Job>,
    pub(crate) token: Token,
}

impl Drop for Client {
    fn drop(&mut self) {
        let mut state = lock(&self.job.state);
        if !state.answered {
            state.gone_ms = self.job.now();
            drop(state);
            self.token.cancel();
        }
    }
}
// ANCHOR_END: client

impl Client {
    pub(crate) fn answer(self) -> State {
        lock(&self.job.state).answered = true;
        self.job.state()
    }
}
