//! What a scope promises: every task accounted for, nothing begun after the end, and no hanging on what can't be stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use cancellation::tree::{GRACE, SETTLE, Scope};
use cancellation::{Cause, Outcome, Report, Stopped, Token};
use futures::FutureExt;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, timeout};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Fails with a message, instead of hanging.
async fn within_ten_seconds<F: Future>(future: F) -> F::Output {
    timeout(Duration::from_secs(10), future)
        .await
        .expect("the scope ends within ten seconds")
}

fn outcomes<R: Clone>(report: &Report<R>) -> Vec<(&str, Outcome<R>)> {
    report
        .tasks
        .iter()
        .map(|task| (&*task.name, task.outcome.clone()))
        .collect()
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
    let report = scope.finish().await;
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
    let report = scope.finish().await;
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
    assert_eq!(scope.finish().await.cause, Cause::Finished);
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
    let report = scope.finish().await;
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
        let report = scope.finish().await;
        assert_eq!(report.cause, Cause::Cancelled);
        assert_eq!(outcomes(&report), [("never looks", Outcome::Aborted)]);
        assert_eq!(start.elapsed(), grace.unwrap_or(GRACE));
        no_task_is_left().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_one_tasks_outcome_and_stops_no_other() {
    let mut scope = Scope::new(&Token::new());
    scope.spawn("text", |_| async { panic!("no {}", "luck") });
    scope.spawn("literal", |_| async { panic!("no luck") });
    scope.spawn("value", |_| async { std::panic::panic_any(7) });
    scope.spawn("work", |_| async {
        sleep(ms(10)).await;
        Ok(())
    });
    let report = scope.finish().await;
    let panicked = |message: &str| Outcome::Panicked(message.to_owned());
    assert_eq!(
        outcomes(&report),
        [
            ("text", panicked("no luck")),
            ("literal", panicked("no luck")),
            ("value", panicked("a value that isn't text")),
            ("work", Outcome::Done(())),
        ]
    );
    assert_eq!(report.tasks[0].outcome.to_string(), "panicked: no luck");
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

/// A thread that is blocked until the test releases it.
struct Blocked {
    release: Arc<AtomicBool>,
    begun: Arc<AtomicBool>,
}

impl Blocked {
    fn new() -> Blocked {
        let (release, begun) = (Arc::default(), Arc::default());
        Blocked { release, begun }
    }

    fn work(&self) -> impl FnOnce() + Send + 'static {
        let (release, begun) = (self.release.clone(), self.begun.clone());
        move || {
            begun.store(true, SeqCst);
            while !release.load(SeqCst) {
                thread::sleep(ms(1));
            }
        }
    }

    async fn has_begun(&self) {
        while !self.begun.load(SeqCst) {
            sleep(ms(1)).await;
        }
    }
}

/// Releases the thread even if the test fails: the runtime waits for its threads.
impl Drop for Blocked {
    fn drop(&mut self) {
        self.release.store(true, SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_never_yields_is_reported_by_name() {
    let token = Token::new();
    let mut scope = Scope::new(&token).grace(ms(50));
    let blocked = Blocked::new();
    let work = blocked.work();
    scope.spawn("never yields", move |_| async move {
        work();
        Ok(())
    });
    scope.spawn("waits", |token| async move {
        token.cancelled().await;
        Err(Stopped)
    });
    within_ten_seconds(blocked.has_begun()).await;
    token.cancel();
    let start = Instant::now();
    let report = within_ten_seconds(scope.finish()).await;
    assert!(start.elapsed() >= ms(50) + SETTLE);
    assert_eq!(
        outcomes(&report),
        [
            ("never yields", Outcome::StillRunning),
            ("waits", Outcome::Stopped)
        ]
    );
}

#[tokio::test]
async fn a_task_that_blocks_a_thread_is_reported_by_name() {
    let token = Token::new();
    let mut scope = Scope::new(&token).grace(ms(50));
    let blocked = Blocked::new();
    let work = blocked.work();
    scope.spawn_blocking("blocks", move |_| {
        work();
        Ok(())
    });
    scope.spawn_blocking("looks", |token| {
        while !token.is_cancelled() {
            thread::sleep(ms(1));
        }
        Err(Stopped)
    });
    within_ten_seconds(blocked.has_begun()).await;
    token.cancel();
    let report = within_ten_seconds(scope.finish()).await;
    assert_eq!(
        outcomes(&report),
        [
            ("blocks", Outcome::StillRunning),
            ("looks", Outcome::Stopped)
        ]
    );
    let mut late = Scope::<()>::new(&token);
    late.spawn_blocking("never begins", |_| panic!("begun"));
    let report = within_ten_seconds(late.finish()).await;
    assert_eq!(outcomes(&report), [("never begins", Outcome::Stopped)]);
}

#[tokio::test]
#[should_panic(expected = "set the deadline before the first task is spawned")]
async fn a_deadline_after_the_first_task_is_refused() {
    let mut scope = Scope::new(&Token::new());
    scope.spawn("early", |_| async { Ok(()) });
    let _ = scope.deadline(ms(10));
}
