//! The variants against a database: the same tests over the embedded one and over a PostgreSQL.
//!
//! The PostgreSQL is the one at `DATABASE_URL`, or a private one that `scripts/postgres` starts. If there is none, its
//! tests say that they were skipped. With `CI=true` they fail.

use std::time::Duration;

use rate_limiting::{CheckError, Limits, Permission, Rate, token_bucket, unlimited};
use sqlx::postgres::PgPoolOptions;
use tokio::sync::watch;

use client::{Client, check_error};
use database::Target;
use experiment::{Outcome, Run, Variant};
use observer::{Observer, Seen};

#[path = "../examples/permissions/client.rs"]
mod client;
#[path = "../examples/permissions/database.rs"]
mod database;
#[path = "../examples/permissions/embedded.rs"]
mod embedded;
#[path = "../examples/permissions/experiment.rs"]
mod experiment;
#[path = "../examples/permissions/listening.rs"]
mod listening;
#[path = "../examples/permissions/messages.rs"]
mod messages;
#[path = "../examples/permissions/observer.rs"]
mod observer;
#[path = "../examples/permissions/proxy.rs"]
mod proxy;
#[path = "../examples/permissions/question.rs"]
mod question;

#[path = "databases/faults.rs"]
mod faults;
#[path = "databases/targets.rs"]
mod targets;

/// Declares each test twice: over the embedded database, and over PostgreSQL.
macro_rules! over_both {
    ($($test:ident)*) => {
        mod over_embedded {
            $(#[test] fn $test() { crate::targets::over_embedded(super::$test); })*
        }
        mod over_postgresql {
            $(#[test] fn $test() { crate::targets::over_postgresql(super::$test); })*
        }
    };
}
pub(crate) use over_both;

over_both! {
    unlimited_with_a_connection_each_is_refused
    unlimited_with_a_pool_waits_in_vain
    the_limited_variants_answer_all
    a_rate_bounds_no_connections
    a_pool_bounds_the_connections_of_a_rate
    a_pool_hides_a_refusal
}

const LATENCY: Duration = Duration::from_millis(15);
/// Longer than any check waits.
const LONG: Duration = Duration::from_secs(60);

/// A client that counts the checks that have ended.
#[derive(Clone)]
struct Counting {
    client: Client,
    ended: watch::Sender<usize>,
}

impl Counting {
    fn new(client: Client) -> Counting {
        let ended = watch::Sender::default();
        Counting { client, ended }
    }

    async fn check(self, permission: Permission) -> Result<bool, CheckError> {
        let answer = self.client.check(permission).await;
        self.ended.send_modify(|ended| *ended += 1);
        answer
    }

    /// Waits until this many checks have ended.
    async fn until(&self, checks: usize) {
        let mut ended = self.ended.subscribe();
        ended.wait_for(|ended| *ended >= checks).await.unwrap();
    }
}

/// Returns the limits of the talk, with at most 10 of the target's connections.
fn limits(target: &Target) -> Limits {
    let connections = target.connections().min(10).try_into().unwrap();
    Limits {
        connections,
        ..Limits::TALK
    }
}

async fn unlimited_with_a_connection_each_is_refused(target: Target) {
    // The embedded database gets the talk's 1,000. PostgreSQL starts a process for each, and its queue of new connections
    // is short.
    let (checks, refused) = match target {
        Target::Embedded { .. } => (1_000, 990),
        Target::Postgres { .. } => (target.connections() + 15, 5),
    };
    // No check is answered before so many others have ended.
    let observer = Observer::holding_after(0, LATENCY);
    let database = target.start(observer.clone()).await.unwrap();
    let client = Counting::new(Client::own(database.options()));
    let check = {
        let client = client.clone();
        move |permission| client.clone().check(permission)
    };
    let (results, ()) = tokio::join!(
        unlimited::check_all(Permission::all(checks), limits(&target), check),
        async {
            client.until(refused).await;
            observer.release();
        }
    );
    let outcome = Outcome::of(checks, &results);
    let seen = observer.seen();
    if let Target::Embedded { .. } = target {
        assert_eq!((outcome.answers, outcome.refused), (10, 990));
        assert_eq!((seen.answers, seen.refusals), (10, 990));
    }
    // PostgreSQL may refuse more: connections that it is about to refuse can take the last slots. And it may close a
    // connection before it has read all that was sent, so that its reason is lost.
    assert!(outcome.refused > 0, "{outcome:?}");
    let ended = outcome.answers + outcome.refused + outcome.disconnected;
    assert_eq!(ended, checks, "{outcome:?}");
    assert!(seen.most_connections <= target.connections(), "{seen:?}");
}

async fn unlimited_with_a_pool_waits_in_vain(target: Target) {
    const CHECKS: usize = 1_000;
    let limits = limits(&target);
    let observer = Observer::holding_after(0, LATENCY);
    let database = target.start(observer.clone()).await.unwrap();
    let patience = Duration::from_millis(200);
    let client = Client::pool(database.options(), limits.connections, patience).await;
    let client = Counting::new(client.unwrap());
    let check = {
        let client = client.clone();
        move |permission| client.clone().check(permission)
    };
    let late = CHECKS - limits.connections.get();
    let (results, ()) = tokio::join!(
        unlimited::check_all(Permission::all(CHECKS), limits, check),
        async {
            client.until(late).await;
            observer.release();
        }
    );
    let outcome = Outcome::of(CHECKS, &results);
    assert!(outcome.timed_out >= late, "{outcome:?}");
    assert_eq!(outcome.answers + outcome.timed_out, CHECKS, "{outcome:?}");
    let seen = observer.seen();
    assert_eq!(seen.answers, outcome.answers);
    if let Target::Embedded { .. } = target {
        assert_eq!(seen.refusals, 0, "the pool keeps to its limit: {seen:?}");
    }
    assert!(
        seen.most_connections <= limits.connections.get(),
        "{seen:?}"
    );
}

async fn the_limited_variants_answer_all(target: Target) {
    for variant in [Variant::Batches, Variant::Window, Variant::TokenBucket] {
        if let Target::Postgres { .. } = target {
            targets::wait_until_free(targets::URL.as_ref().unwrap()).await;
        }
        let run = Run {
            variant,
            pool: Some(LONG),
            permissions: 1_000,
            limits: Limits {
                rate: Rate::per_second(1_000.try_into().unwrap()),
                ..limits(&target)
            },
            // The example measures the talk's 15 ms. What is checked here doesn't depend on it.
            latency: Duration::from_millis(2),
            gone_after: None,
        };
        let report = run.against(&target).await.unwrap();
        let all_answered = Outcome {
            answers: 1_000,
            ..Outcome::default()
        };
        assert_eq!(report.outcome, all_answered, "{variant:?}");
        let Seen {
            answers,
            refusals,
            most_connections,
            most_in_flight,
            ..
        } = report.seen;
        assert_eq!(answers, 1_000, "{variant:?}");
        // PostgreSQL may still be closing the connections of an earlier run. The pool asks again.
        if let Target::Embedded { .. } = target {
            assert_eq!(refusals, 0, "{variant:?}");
        }
        assert!(most_connections <= 10, "{variant:?}: {most_connections}");
        assert!(most_in_flight <= 10, "{variant:?}: {most_in_flight}");
        println!("{} took {:?}", report.run.variant.name(), report.time);
    }
}

#[test]
fn batches_and_a_window_need_no_pool_to_keep_to_their_limit() {
    targets::over_embedded(async |_| {
        // The database admits, and the pool has, twice as many connections as the limit.
        let target = Target::Embedded { connections: 20 };
        for variant in [Variant::Batches, Variant::Window] {
            let observer = Observer::new(Duration::from_millis(1));
            let database = target.start(observer.clone()).await.unwrap();
            let pool = 20.try_into().unwrap();
            let client = Client::pool(database.options(), pool, LONG).await.unwrap();
            let outcome = variant.check_all(500, Limits::TALK, &client).await;
            assert_eq!(outcome.answers, 500, "{variant:?}: {outcome:?}");
            let most = observer.seen().most_in_flight;
            assert!(most <= 10, "{variant:?} has {most} checks in flight");
        }
    });
}

/// Starts 10,000 checks a second. No check is answered before `early` others have ended. However long an answer takes,
/// the bucket doesn't slow down.
async fn at_a_rate(
    target: &Target,
    checks: usize,
    early: usize,
    pool: Option<Duration>,
) -> (Outcome, Seen) {
    let limits = Limits {
        rate: Rate::every(Duration::from_micros(100)).unwrap(),
        ..limits(target)
    };
    let observer = Observer::holding_after(0, LATENCY);
    let database = target.start(observer.clone()).await.unwrap();
    let client = match pool {
        Some(patience) => Client::pool(database.options(), limits.connections, patience).await,
        None => Ok(Client::own(database.options())),
    };
    let client = Counting::new(client.unwrap());
    let check = {
        let client = client.clone();
        move |permission| client.clone().check(permission)
    };
    let (results, ()) = tokio::join!(
        token_bucket::check_all(Permission::all(checks), limits, check),
        async {
            client.until(early).await;
            observer.release();
        }
    );
    (Outcome::of(checks, &results), observer.seen())
}

async fn a_rate_bounds_no_connections(target: Target) {
    let checks = target.connections() + 40;
    // Not all 40: PostgreSQL may have had a connection more than it said, which it was about to close.
    let (outcome, seen) = at_a_rate(&target, checks, 30, None).await;
    assert!(outcome.refused > 0, "{outcome:?}");
    assert!(seen.most_connections <= target.connections(), "{seen:?}");
    assert!(seen.refusals >= outcome.refused, "{outcome:?} {seen:?}");
}

async fn a_pool_bounds_the_connections_of_a_rate(target: Target) {
    let (outcome, seen) = at_a_rate(&target, 50, 0, Some(LONG)).await;
    assert_eq!(outcome.answers, 50, "{outcome:?}");
    assert!(seen.most_connections <= 10, "{seen:?}");
    if let Target::Embedded { .. } = target {
        assert_eq!(seen.refusals, 0, "{seen:?}");
    }
}

async fn a_pool_hides_a_refusal(target: Target) {
    let observer = Observer::new(LATENCY);
    let database = target.start(observer.clone()).await.unwrap();
    let _taken = targets::take_all(&target, &database.options()).await;
    let before = observer.seen().refusals;
    let pool = PgPoolOptions::new()
        .acquire_timeout(Duration::from_millis(200))
        .connect_lazy_with(database.options());
    // On a busy machine the first attempts may be given up before they are refused.
    while observer.seen().refusals == before {
        let error = pool.acquire().await.unwrap_err();
        assert_eq!(check_error(&error), CheckError::TimedOut);
    }
}
