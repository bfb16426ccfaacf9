//! What a deadline promises: it cancels its token and nothing above it, and leaves no timer behind.

use std::time::Duration;

use cancellation::Token;
use cancellation::deadline::Deadline;
use futures::FutureExt;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, timeout};

async fn no_timer_is_left() {
    let metrics = Handle::current().metrics();
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(metrics.num_alive_tasks(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_cancels_its_token_when_the_limit_has_passed() {
    for limit in [Duration::ZERO, Duration::from_millis(70)] {
        let (parent, start) = (Token::new(), Instant::now());
        let deadline = Deadline::new(&parent, limit);
        // In virtual time: if nobody is woken, the minute passes at once.
        let ended = timeout(Duration::from_secs(60), deadline.token().cancelled()).await;
        assert!(ended.is_ok(), "the deadline wakes nobody");
        // A sleep of zero may last until the timer's next tick.
        let late = start.elapsed() - limit;
        assert!(late <= Duration::from_millis(1), "{late:?} late");
        assert!(!parent.is_cancelled());
        no_timer_is_left().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_can_be_cancelled_before_its_limit() {
    let parent = Token::new();
    let deadline = Deadline::new(&parent, Duration::MAX);
    sleep(Duration::from_millis(1)).await;
    assert!(deadline.token().cancelled().now_or_never().is_none());
    deadline.cancel();
    assert!(deadline.token().is_cancelled() && !parent.is_cancelled());
    no_timer_is_left().await;
}

#[tokio::test(start_paused = true)]
async fn a_deadline_ends_with_its_parent() {
    let parent = Token::new();
    let deadline = Deadline::new(&parent, Duration::MAX);
    parent.cancel();
    assert!(deadline.token().is_cancelled());
    no_timer_is_left().await;
    // Below a token that is cancelled already, too.
    let deadline = Deadline::new(&parent, Duration::MAX);
    assert!(deadline.token().is_cancelled());
    no_timer_is_left().await;
}

/// The token and its children are cancelled when the deadline is dropped.
#[tokio::test(start_paused = true)]
async fn a_dropped_deadline_cancels_its_token() {
    let parent = Token::new();
    let deadline = Deadline::new(&parent, Duration::MAX);
    let below = deadline.token().child();
    drop(deadline);
    assert!(below.is_cancelled() && !parent.is_cancelled());
    assert_eq!(parent.listeners(), 1, "the deadline's token, for its child");
    no_timer_is_left().await;
    drop(below);
    assert_eq!(parent.listeners(), 0);
}

#[test]
#[should_panic(expected = "must be called from the context of a Tokio")]
fn a_deadline_outside_a_runtime_is_refused() {
    let _ = Deadline::new(&Token::new(), Duration::from_secs(1));
}
