//! Runs one variant against one database, and reports what both sides saw.

use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use rate_limiting::{CheckError, Limits, Permission, batches, token_bucket, unlimited, window};

use crate::client::Client;
use crate::database::Target;
use crate::observer::{Observer, Seen};
use crate::question::allows;

/// A way to check all permissions of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Variant {
    Unlimited,
    Batches,
    Window,
    #[value(name = "token_bucket", alias = "token-bucket")]
    TokenBucket,
}

impl Variant {
    pub(crate) const ALL: [Variant; 4] = [
        Variant::Unlimited,
        Variant::Batches,
        Variant::Window,
        Variant::TokenBucket,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Variant::Unlimited => "unlimited",
            Variant::Batches => "batches",
            Variant::Window => "window",
            Variant::TokenBucket => "token_bucket",
        }
    }

    /// Checks the first `count` permissions of the talk's request.
    pub(crate) async fn check_all(self, count: usize, limits: Limits, client: &Client) -> Outcome {
        let permissions = Permission::all(count);
        let client = client.clone();
        let check = move |permission| client.clone().check(permission);
        let answers = match self {
            Variant::Unlimited => unlimited::check_all(permissions, limits, check).await,
            Variant::Batches => batches::check_all(permissions, limits, check).await,
            Variant::Window => window::check_all(permissions, limits, check).await,
            Variant::TokenBucket => token_bucket::check_all(permissions, limits, check).await,
        };
        Outcome::of(count, &answers)
    }
}

/// What became of the permissions of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Checks with the right answer.
    pub(crate) answers: usize,
    /// Checks with a wrong answer. No run may have one.
    pub(crate) wrong: usize,
    /// Checks whose connection was refused.
    pub(crate) refused: usize,
    /// Checks that waited in vain for a connection of the pool.
    pub(crate) timed_out: usize,
    /// Checks that lost their connection.
    pub(crate) disconnected: usize,
    /// Other failures: how many had each reason.
    pub(crate) failed: BTreeMap<String, usize>,
}

impl Outcome {
    /// # Panics
    ///
    /// If a permission has no result.
    pub(crate) fn of(count: usize, results: &[Result<bool, CheckError>]) -> Outcome {
        assert_eq!(results.len(), count, "each permission has one result");
        let mut outcome = Outcome::default();
        for (permission, result) in Permission::all(count).iter().zip(results) {
            match result {
                Ok(answer) if *answer == allows(&permission.to_string()) => outcome.answers += 1,
                Ok(_) => outcome.wrong += 1,
                Err(CheckError::TooManyConnections) => outcome.refused += 1,
                Err(CheckError::TimedOut) => outcome.timed_out += 1,
                Err(CheckError::Disconnected) => outcome.disconnected += 1,
                Err(CheckError::Failed(why)) => {
                    *outcome.failed.entry(why.clone()).or_default() += 1
                }
            }
        }
        outcome
    }
}

/// What one run does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub(crate) variant: Variant,
    /// How long a check waits for a connection of the pool. If there is no pool, each check opens a connection.
    pub(crate) pool: Option<Duration>,
    pub(crate) permissions: usize,
    pub(crate) limits: Limits,
    /// How long the database takes for an answer.
    pub(crate) latency: Duration,
    /// The database goes away after this many answers.
    pub(crate) gone_after: Option<usize>,
}

/// What came of a run.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) run: Run,
    pub(crate) outcome: Outcome,
    pub(crate) seen: Seen,
    pub(crate) time: Duration,
}

impl Run {
    /// Starts the database, runs the variant, and stops the database.
    pub(crate) async fn against(self, target: &Target) -> io::Result<Report> {
        let observer = Observer::new(self.latency);
        let mut database = target.start(observer.clone()).await?;
        let client = match self.pool {
            Some(patience) => Client::pool(database.options(), self.limits.connections, patience)
                .await
                .map_err(io::Error::other)?,
            None => Client::own(database.options()),
        };
        let fault = async {
            match self.gone_after {
                Some(answers) => observer.until(|seen| seen.answers >= answers).await,
                None => std::future::pending().await,
            };
            database.go_away().await;
            std::future::pending().await
        };
        let begun = Instant::now();
        let outcome = tokio::select! {
            outcome = self.variant.check_all(self.permissions, self.limits, &client) => outcome,
            () = fault => unreachable!("the fault never completes"),
        };
        let time = begun.elapsed();
        client.close().await;
        let seen = observer.seen();
        Ok(Report {
            run: self,
            outcome,
            seen,
            time,
        })
    }
}
