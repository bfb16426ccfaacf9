//! A scope that owns its tasks: each has a child token, and at the end each is accounted for.

use std::collections::HashMap;
use std::mem;
use std::time::Duration;

use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::timeout;

use crate::deadline::Deadline;
use crate::{Cause, Outcome, Report, Stopped, Task, Token};

/// How long tasks may take to stop by themselves, unless [`Scope::grace`] sets another period.
pub const GRACE: Duration = Duration::from_secs(1);

/// How long a scope waits, after the grace period, for the tasks that it has aborted. Most are gone in microseconds.
pub const SETTLE: Duration = Duration::from_millis(100);

/// Owns tasks and accounts for each of them.
///
/// The scope's token is a child of its parent's, and each task gets a child of the scope's.
///
/// # Cancellation
///
/// Dropping a scope, or the future of [`Scope::finish`], cancels its token and aborts its tasks: each stops at its next
/// `await` that yields, and one that hasn't started never does. A task that never yields, or that blocks a thread,
/// can't be aborted, and ends when its own code does.
#[derive(Debug)]
pub struct Scope<R> {
    token: Token,
    grace: Duration,
    deadline: Option<Deadline>,
    running: JoinSet<Result<R, Stopped>>,
    /// The index in `tasks` of each task in `running`.
    indices: HashMap<Id, usize>,
    /// All tasks, in the order of their spawning. The outcome of a task that hasn't ended is `StillRunning`.
    tasks: Vec<Task<R>>,
}

impl<R: Send + 'static> Scope<R> {
    /// Returns a scope without tasks and without a deadline. Its token is a child of `parent`.
    pub fn new(parent: &Token) -> Scope<R> {
        Scope {
            token: parent.child(),
            grace: GRACE,
            deadline: None,
            running: JoinSet::new(),
            indices: HashMap::new(),
            tasks: Vec::new(),
        }
    }

    /// Sets how long the tasks may take to stop by themselves once the scope is cancelled. 0 is allowed.
    pub fn grace(mut self, grace: Duration) -> Scope<R> {
        self.grace = grace;
        self
    }

    /// Cancels the tasks once `limit` from now has passed, whatever the scope's owner is doing then.
    ///
    /// # Panics
    ///
    /// If the scope has tasks already, and outside a Tokio runtime.
    pub fn deadline(mut self, limit: Duration) -> Scope<R> {
        assert!(
            self.tasks.is_empty(),
            "set the deadline before the first task is spawned"
        );
        self.deadline = Some(Deadline::new(&self.token, limit));
        self
    }

    /// Returns the scope's token: cancelling it cancels all tasks of the scope, and nothing outside of it.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Spawns a task under a name, which needn't be unique. `work` gets a token of its own.
    ///
    /// If the scope is cancelled before the task's first poll, `work` is never called. The task then counts as stopped, or
    /// as aborted if the grace period ends before that poll.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    // ANCHOR: spawn
    pub fn spawn<F, Fut>(&mut self, name: impl Into<String>, work: F)
    where
        F: FnOnce(Token) -> Fut + Send + 'static,
        Fut: Future<Output = Result<R, Stopped>> + Send + 'static,
    {
        let token = self.limited().child();
        let task = async move {
            if token.is_cancelled() {
                return Err(Stopped);
            }
            work(token).await
        };
        let id = self.running.spawn(task).id();
        self.list(id, name.into());
    }
    // ANCHOR_END: spawn

    /// Like [`Scope::spawn`], on a thread that may block. Such a task can't be aborted once it has started: it has to
    /// check its token. A task that still waits for a thread when the scope ends counts as running, but never starts.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    pub fn spawn_blocking<F>(&mut self, name: impl Into<String>, work: F)
    where
        F: FnOnce(Token) -> Result<R, Stopped> + Send + 'static,
    {
        let token = self.limited().child();
        let task = move || match token.is_cancelled() {
            true => Err(Stopped),
            false => work(token),
        };
        let id = self.running.spawn_blocking(task).id();
        self.list(id, name.into());
    }

    fn list(&mut self, id: Id, name: String) {
        self.indices.insert(id, self.tasks.len());
        self.tasks.push(Task {
            name,
            outcome: Outcome::StillRunning,
        });
    }

    /// Waits for the tasks, and accounts for each of them.
    ///
    /// If the scope is cancelled, or its deadline passes, waits for at most the grace period, then aborts the tasks
    /// that are left and waits for at most [`SETTLE`]. A task that has still not ended is reported as running: it
    /// never yields, or it blocks a thread. On a runtime with a single thread, a task that never yields stops this
    /// function, too.
    // ANCHOR: finish
    pub async fn finish(mut self) -> Report<R> {
        let token = self.limited().clone();
        let cause = tokio::select! {
            biased;
            () = token.cancelled() => {
                let cause = self.cause();
                let _ = timeout(self.grace, self.join_all()).await;
                self.running.abort_all();
                let _ = timeout(SETTLE, self.join_all()).await;
                cause
            }
            () = self.join_all() => Cause::Finished,
        };
        let tasks = mem::take(&mut self.tasks);
        Report { cause, tasks }
    }

    /// Waits until no task is running. Loses nothing if it is dropped: `join_next_with_id` is cancel safe.
    async fn join_all(&mut self) {
        while let Some(ended) = self.running.join_next_with_id().await {
            self.note(ended);
        }
    }
    // ANCHOR_END: finish

    fn note(&mut self, ended: Result<(Id, Result<R, Stopped>), JoinError>) {
        let (id, outcome) = match ended {
            Ok((id, Ok(result))) => (id, Outcome::Done(result)),
            Ok((id, Err(Stopped))) => (id, Outcome::Stopped),
            Err(error) if error.is_panic() => {
                let id = error.id();
                (id, Outcome::panicked(error.into_panic()))
            }
            Err(error) => (error.id(), Outcome::Aborted),
        };
        if let Some(index) = self.indices.remove(&id) {
            self.tasks[index].outcome = outcome;
        }
    }

    /// The token that the deadline cancels, or the scope's if there is no deadline.
    fn limited(&self) -> &Token {
        match &self.deadline {
            Some(deadline) => deadline.token(),
            None => &self.token,
        }
    }

    fn cause(&self) -> Cause {
        match self.token.is_cancelled() {
            true => Cause::Cancelled,
            false => Cause::Deadline,
        }
    }
}

impl<R> Drop for Scope<R> {
    fn drop(&mut self) {
        self.token.cancel();
        // The set aborts its tasks when it is dropped, after this.
    }
}
