//! What a scope promises: every task accounted for, and nothing begun after the end. `blocked.rs` has the tasks that can't
//! be stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use cancellation::tree::Scope;
use cancellation::{Cause, Outcome, Report, Stopped, Token};
use futures::FutureExt;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, timeout};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn outcomes<R: Clone>(report: &Report<R>) -> Vec<(&str, Outcome<R>)> {
    report
        .tasks
        .iter()
        .map(|task| (&*task.name, task.outcome.clone()))
        .collect()
}

/// Finishes a scope in virtual time: if its tasks wait forever, the hour passes at once.
async fn finished<R: Send + 'static>(scope: Scope<R>) -> Report<R> {
    let hour = Duration::from_secs(3_600);
    let report = timeout(hour, scope.finish()).await;
    report.expect("the scope ends")
}

async fn no_task_is_left() {
    let metrics = Handle::current().metrics();
    for _ in 0..10_000 {
        if metrics.num_alive_tasks() == 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("{} tasks are left", metrics.num_alive_tasks());
}

#[tokio::test(start_paused = true)]
async fn tasks_that_finish_are_done_in_the_order_of_their_spawning() {
    let mut scope = Scope::new(&Token::new());
    for (name, after) in [("slow", 30), ("fast", 10)] {
        scope.spawn(name, move |_| async move {
            sleep(ms(after)).await;
            Ok(after)
        });
    }
    let start = Instant::now();
    let report = finished(scope).await;
    assert_eq!(report.cause, Cause::Finished);
    assert_eq!(
        outcomes(&report),
        [("slow", Outcome::Done(30)), ("fast", Outcome::Done(10))]
    );
    assert_eq!(start.elapsed(), ms(30));
    no_task_is_left().await;
}

#[tokio::test]
async fn a_scope_without_tasks_is_finished_at_once() {
    let report = Scope::<()>::new(&Token::new())
        .finish()
        .now_or_never()
        .unwrap();
    assert_eq!(
        report,
        Report {
            cause: Cause::Finished,
            tasks: vec![]
        }
    );
}

#[tokio::test(start_paused = true)]
async fn the_deadline_cancels_even_if_the_owner_is_busy() {
    let token = Token::new();
    let mut scope = Scope::new(&token).deadline(ms(100));
    scope.spawn("waits", |token| async move {
        token.cancelled().await;
        Err::<(), _>(Stopped)
    });
    let task = scope.token().clone();
    let start = Instant::now();
    sleep(ms(150)).await;
    let report = finished(scope).await;
    assert_eq!(report.cause, Cause::Deadline);
    assert_eq!(outcomes(&report), [("waits", Outcome::Stopped)]);
    assert_eq!(start.elapsed(), ms(150));
    assert!(!token.is_cancelled());
    // The scope is gone, so its token is cancelled, too.
    assert!(task.is_cancelled());
    no_task_is_left().await;
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_is_not_reached_leaves_no_timer() {
    let mut scope = Scope::new(&Token::new()).deadline(Duration::MAX);
    scope.spawn("quick", |_| async { Ok(()) });
    assert_eq!(finished(scope).await.cause, Cause::Finished);
    no_task_is_left().await;
}

#[tokio::test(start_paused = true)]
async fn a_task_that_never_looks_is_aborted_after_the_grace_period() {
    let token = Token::new();
    let mut scope = Scope::new(&token);
    scope.spawn("never looks", |_| async {
        sleep(Duration::from_secs(3_600)).await;
        Ok(())
    });
    token.cancel();
    let start = Instant::now();
    let report = finished(scope).await;
    // It never began: the token was cancelled before its first poll.
    assert_eq!(outcomes(&report), [("never looks", Outcome::Stopped)]);
    assert_eq!(start.elapsed(), ms(0));

    for grace in [None, Some(ms(0)), Some(ms(70))] {
        let token = Token::new();
        let mut scope = Scope::new(&token);
        if let Some(grace) = grace {
            scope = scope.grace(grace);
        }
        scope.spawn("never looks", |_| async {
            sleep(Duration::from_secs(3_600)).await;
            Ok(())
        });
        sleep(ms(1)).await;
        token.cancel();
        let start = Instant::now();
        let report = finished(scope).await;
        assert_eq!(report.cause, Cause::Cancelled);
        assert_eq!(outcomes(&report), [("never looks", Outcome::Aborted)]);
        assert_eq!(start.elapsed(), grace.unwrap_or(ms(1_000)));
        no_task_is_left().await;
    }
}

/// Several times: `select!` without `biased` finds the ended task first in half of them.
#[tokio::test]
async fn a_cancellation_is_the_cause_even_if_every_task_has_ended() {
    for _ in 0..64 {
        let token = Token::new();
        let mut scope = Scope::new(&token);
        scope.spawn("quick", |_| async { Ok(7) });
        no_task_is_left().await;
        token.cancel();
        let report = scope.finish().now_or_never().unwrap();
        assert_eq!(report.cause, Cause::Cancelled);
        assert_eq!(outcomes(&report), [("quick", Outcome::Done(7))]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_stays_the_cause_if_the_browser_leaves_during_the_grace_period() {
    let browser = Token::new();
    let mut scope = Scope::new(&browser).deadline(ms(100));
    scope.spawn("cleans up", |token| async move {
        token.cancelled().await;
        sleep(ms(900)).await;
        Ok(())
    });
    let leaves = async {
        sleep(ms(150)).await;
        browser.cancel();
    };
    let (report, ()) = tokio::join!(finished(scope), leaves);
    assert_eq!(report.cause, Cause::Deadline);
    assert_eq!(outcomes(&report), [("cleans up", Outcome::Done(()))]);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_cancels_its_token_stops_no_other() {
    let mut scope = Scope::new(&Token::new());
    scope.spawn("stops itself", |token| async move {
        token.cancel();
        Err(Stopped)
    });
    scope.spawn(
        "works",
        |token| async move { token.race(sleep(ms(10))).await },
    );
    scope.spawn_blocking("stops itself, too", |token| {
        token.cancel();
        Err(Stopped)
    });
    let report = finished(scope).await;
    assert_eq!(report.cause, Cause::Finished);
    assert_eq!(
        outcomes(&report),
        [
            ("stops itself", Outcome::Stopped),
            ("works", Outcome::Done(())),
            ("stops itself, too", Outcome::Stopped)
        ]
    );
}

/// Without a grace period, the tasks are aborted before anybody polls them.
#[tokio::test(start_paused = true)]
async fn a_cancelled_scope_begins_nothing_even_without_a_grace_period() {
    let token = Token::new();
    token.cancel();
    for (grace, outcome) in [(ms(1), Outcome::Stopped), (ms(0), Outcome::Aborted)] {
        let mut scope = Scope::<()>::new(&token).grace(grace);
        scope.spawn("never begins", |_| async { panic!("begun") });
        let report = finished(scope).await;
        assert_eq!(report.cause, Cause::Cancelled);
        assert_eq!(outcomes(&report), [("never begins", outcome)]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_of_zero_is_a_deadline() {
    let mut scope = Scope::<()>::new(&Token::new()).deadline(ms(0));
    scope.spawn("waits", |token| async move {
        token.cancelled().await;
        Err(Stopped)
    });
    let report = finished(scope).await;
    assert_eq!(report.cause, Cause::Deadline);
    assert_eq!(outcomes(&report), [("waits", Outcome::Stopped)]);
}

#[test]
fn every_outcome_has_its_words() {
    let outcomes = [
        (Outcome::Done(7), "done"),
        (Outcome::Stopped, "stopped"),
        (Outcome::Aborted, "aborted"),
        (Outcome::Panicked("no luck".to_owned()), "panicked: no luck"),
        (Outcome::StillRunning, "still running"),
    ];
    for (outcome, words) in outcomes {
        assert_eq!(outcome.to_string(), words);
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_one_tasks_outcome_and_stops_no_other() {
    let mut scope = Scope::new(&Token::new());
    scope.spawn("text", |_| async { panic!("no {}", "luck") });
    scope.spawn("literal", |_| async { panic!("no luck") });
    scope.spawn("value", |_| async { std::panic::panic_any(7) });
    scope.spawn_blocking("blocking", |_| panic!("no {}", "thread"));
    scope.spawn("work", |_| async {
        sleep(ms(10)).await;
        Ok(())
    });
    let report = finished(scope).await;
    let panicked = |message: &str| Outcome::Panicked(message.to_owned());
    assert_eq!(
        outcomes(&report),
        [
            ("text", panicked("no luck")),
            ("literal", panicked("no luck")),
            ("value", panicked("a value that isn't text")),
            ("blocking", panicked("no thread")),
            ("work", Outcome::Done(())),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_dropped_scope_starts_nothing_and_ends_its_tasks_at_their_await() {
    let begun = Arc::new(AtomicUsize::new(0));
    let token = Token::new();
    let mut scope = Scope::new(&token).deadline(Duration::from_secs(60));
    let count = begun.clone();
    scope.spawn("begun", move |_| async move {
        for _ in 0..10 {
            count.fetch_add(1, SeqCst);
            sleep(ms(100)).await;
        }
        Ok(())
    });
    sleep(ms(250)).await;
    assert_eq!(begun.load(SeqCst), 3);
    let count = begun.clone();
    scope.spawn("not begun", move |_| async move {
        count.fetch_add(100, SeqCst);
        Ok(())
    });
    let below = scope.token().child();
    drop(scope);
    assert!(below.is_cancelled() && !token.is_cancelled());
    no_task_is_left().await;
    sleep(ms(1_000)).await;
    assert_eq!(begun.load(SeqCst), 3);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_finish_ends_the_tasks() {
    let mut scope = Scope::<()>::new(&Token::new());
    scope.spawn("waits", |_| std::future::pending());
    assert!(timeout(ms(10), scope.finish()).await.is_err());
    no_task_is_left().await;
}

#[tokio::test]
#[should_panic(expected = "set the deadline before the first task is spawned")]
async fn a_deadline_after_the_first_task_is_refused() {
    let mut scope = Scope::new(&Token::new());
    scope.spawn("early", |_| async { Ok(()) });
    let _ = scope.deadline(ms(10));
}
