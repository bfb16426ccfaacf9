//! Tasks that can't be stopped: the scope reports them by name, and doesn't wait for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use cancellation::tree::{SETTLE, Scope};
use cancellation::{Cause, Outcome, Report, Stopped, Token};
use futures::FutureExt;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::{advance, timeout};

/// What is waited for happens within milliseconds, and the test fails if it doesn't happen by then.
const PATIENCE: Duration = Duration::from_secs(60);

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

async fn until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "{what}");
        yield_now().await;
    }
}

/// A thread that is blocked until the test releases it.
#[derive(Default)]
struct Blocked {
    release: Arc<AtomicBool>,
    begun: Arc<AtomicBool>,
}

impl Blocked {
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
        until("the task begins", || self.begun.load(SeqCst)).await;
    }
}

/// Releases the thread even if the test fails: the runtime waits for its threads.
impl Drop for Blocked {
    fn drop(&mut self) {
        self.release.store(true, SeqCst);
    }
}

/// Blocks a thread until its token is cancelled.
fn looks(token: Token) -> Result<(), Stopped> {
    let start = Instant::now();
    while !token.is_cancelled() {
        assert!(start.elapsed() < PATIENCE, "the token isn't cancelled");
        thread::sleep(ms(1));
    }
    Err(Stopped)
}

/// A runtime in virtual time, which stands still while a thread is blocked: then only the test moves it on.
fn paused(threads: usize) -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().start_paused(true);
    builder.max_blocking_threads(threads).build().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_never_yields_is_reported_by_name() {
    let token = Token::new();
    let grace = ms(50);
    let mut scope = Scope::new(&token).grace(grace);
    let blocked = Blocked::default();
    let continued = Arc::new(AtomicBool::new(false));
    let (work, continues) = (blocked.work(), continued.clone());
    scope.spawn("never yields", move |_| async move {
        work();
        yield_now().await;
        continues.store(true, SeqCst);
        Ok(())
    });
    scope.spawn("waits", |token| async move {
        token.cancelled().await;
        Err(Stopped)
    });
    blocked.has_begun().await;
    token.cancel();
    // The task that waits ends before the periods begin, however slow the machine is.
    let alive = || Handle::current().metrics().num_alive_tasks();
    until("the task that waits ends", || alive() == 1).await;
    let start = Instant::now();
    let report = timeout(PATIENCE, scope.finish()).await;
    let report = report.expect("the scope doesn't wait for the task");
    assert!(start.elapsed() >= grace + SETTLE);
    assert_eq!(report.cause, Cause::Cancelled);
    assert_eq!(
        outcomes(&report),
        [
            ("never yields", Outcome::StillRunning),
            ("waits", Outcome::Stopped)
        ]
    );
    // It was aborted: it stops when it yields at last.
    drop(blocked);
    until("the task that never yields ends", || alive() == 0).await;
    assert!(!continued.load(SeqCst));
}

/// In virtual time: 100 ms after the grace period, to the millisecond.
#[test]
fn a_task_that_blocks_a_thread_is_reported_by_name() {
    let blocked = Blocked::default();
    paused(2).block_on(async {
        let token = Token::new();
        let mut scope = Scope::new(&token).grace(ms(50));
        let work = blocked.work();
        scope.spawn_blocking("blocks", move |_| {
            work();
            Ok(())
        });
        scope.spawn_blocking("looks", looks);
        blocked.has_begun().await;
        token.cancel();
        // Of two threads, one is blocked: the other is free for this once "looks" has ended.
        spawn_blocking(|| ()).await.unwrap();
        let mut finish = Box::pin(scope.finish());
        for wait in [ms(0), ms(49), ms(1), ms(99)] {
            advance(wait).await;
            assert!(finish.as_mut().now_or_never().is_none());
        }
        advance(ms(1)).await;
        let report = finish.now_or_never().expect("the scope ends at 150 ms");
        assert_eq!(
            outcomes(&report),
            [
                ("blocks", Outcome::StillRunning),
                ("looks", Outcome::Stopped)
            ]
        );
        drop(blocked);
    });
}

#[test]
fn a_deadline_reaches_a_task_on_a_thread() {
    paused(1).block_on(async {
        let mut scope = Scope::new(&Token::new()).deadline(ms(100));
        scope.spawn_blocking("looks", looks);
        yield_now().await; // the deadline's timer begins
        advance(ms(100)).await;
        let report = scope.finish().await;
        assert_eq!(report.cause, Cause::Deadline);
        assert_eq!(outcomes(&report), [("looks", Outcome::Stopped)]);
    });
}

#[test]
fn a_dropped_scope_reaches_a_task_on_a_thread() {
    paused(1).block_on(async {
        let mut scope = Scope::new(&Token::new());
        let begun = Arc::new(AtomicBool::new(false));
        let begins = begun.clone();
        let (ended, ends) = oneshot::channel();
        scope.spawn_blocking("looks", move |token| {
            begins.store(true, SeqCst);
            let _ = ended.send(looks(token));
            Ok(())
        });
        until("the task begins", || begun.load(SeqCst)).await;
        drop(scope);
        assert_eq!(ends.await, Ok(Err(Stopped)));
    });
}

/// There is one thread, and it is blocked. The task behind it in the queue counts as running, but never starts.
#[test]
fn a_task_that_never_gets_a_thread_is_accounted_for_and_never_starts() {
    let blocked = Blocked::default();
    let started = Arc::new(AtomicBool::new(false));
    paused(1).block_on(async {
        let token = Token::new();
        let mut scope = Scope::new(&token).grace(ms(0));
        let (work, starts) = (blocked.work(), started.clone());
        scope.spawn_blocking("blocks", move |_| {
            work();
            Ok(())
        });
        scope.spawn_blocking("never starts", move |_| {
            starts.store(true, SeqCst);
            Ok(())
        });
        blocked.has_begun().await;
        token.cancel();
        let mut finish = Box::pin(scope.finish());
        assert!(finish.as_mut().now_or_never().is_none());
        advance(ms(1)).await; // the grace period of zero ends at the timer's next tick
        assert!(finish.as_mut().now_or_never().is_none());
        advance(SETTLE).await;
        let report = finish.now_or_never().expect("the scope ends");
        assert_eq!(
            outcomes(&report),
            [
                ("blocks", Outcome::StillRunning),
                ("never starts", Outcome::StillRunning)
            ]
        );
        drop(blocked);
        spawn_blocking(|| ()).await.unwrap();
        assert!(!started.load(SeqCst));
    });
}
