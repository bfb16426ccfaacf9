//! The explorer finds the missed cancellation and the orphaned child in the broken tokens, and neither in the real one.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Wake, Waker};

use diagram::assert_snapshot;
use interleave::future::block_on;
use interleave::sync::atomic::{AtomicU32, Ordering::Relaxed};
use interleave::thread::named;
use interleave::{explore, variants};

use crate::{Cancelled, Token, missed_cancel, orphaned_child};

variants! {
    /// A token on which tasks wait.
    trait Awaited {
        fn new() -> Self;
        fn cancel(&self);
        fn cancelled(&self) -> impl Future<Output = ()>;
    }
    for Token, missed_cancel::Token
}

variants! {
    /// A token that has children.
    trait Parent {
        fn new() -> Self;
        fn child(&self) -> Self;
        fn cancel(&self);
        fn is_cancelled(&self) -> bool;
    }
    for Token, orphaned_child::Token
}

/// A task waits for a token while another thread cancels it.
// ANCHOR: waiting
fn a_task_waits_during_a_cancellation<T: Awaited>() {
    let token = Arc::new(T::new());
    let task = {
        let token = token.clone();
        named("task", move || block_on(token.cancelled()))
    };
    let watcher = named("watcher", move || token.cancel());
    watcher.join().unwrap();
    task.join().unwrap();
}
// ANCHOR_END: waiting

#[test]
fn race_a_task_misses_the_cancellation() {
    let missed = explore(a_task_waits_during_a_cancellation::<missed_cancel::Token>)
        .worded(|()| "the task stops".to_owned(), "")
        .blocking();
    assert_snapshot!("missed-cancel", missed.simplest());
    assert_snapshot!(
        "missed-cancel-outcomes",
        missed.outcomes(|()| "the task stops".to_owned(), "the task waits forever")
    );
}

#[test]
fn fix_a_task_that_waits_is_woken() {
    let passing = explore(a_task_waits_during_a_cancellation::<Token>)
        .worded(|()| "the task stops".to_owned(), "")
        .always(|()| true);
    let woken = passing.simplest_such_that(|execution| execution.wake_ups() > 0);
    assert_snapshot!("token", woken);
}

/// A handler makes a child while the token is cancelled. Returns whether the child is cancelled in the end.
// ANCHOR: child
fn a_child_is_made_during_a_cancellation<T: Parent>() -> bool {
    let token = Arc::new(T::new());
    let handler = {
        let token = token.clone();
        named("handler", move || token.child())
    };
    let watcher = named("watcher", move || token.cancel());
    watcher.join().unwrap();
    handler.join().unwrap().is_cancelled()
}
// ANCHOR_END: child

fn told(cancelled: &bool) -> String {
    match cancelled {
        true => "the child is cancelled".to_owned(),
        false => "the child is not cancelled".to_owned(),
    }
}

#[test]
fn race_a_child_misses_the_cancellation() {
    let orphaned = explore(a_child_is_made_during_a_cancellation::<orphaned_child::Token>)
        .worded(told, "its parent is")
        .failing(|cancelled| !cancelled);
    assert_snapshot!("orphaned-child", orphaned.simplest());
}

#[test]
fn fix_a_child_of_a_cancelled_token_is_cancelled() {
    let passing = explore(a_child_is_made_during_a_cancellation::<Token>)
        .worded(told, "its parent is")
        .always(|cancelled| *cancelled);
    assert_snapshot!("child", passing.simplest());
}

/// A grandchild is made while the root is cancelled. The token between them has no handle any more.
fn a_grandchild_is_made_during_a_cancellation() -> bool {
    let token = Token::new();
    let child = token.child();
    let handler = named("handler", move || child.child());
    token.cancel();
    handler.join().unwrap().is_cancelled()
}

#[test]
fn fix_a_grandchild_of_a_cancelled_token_is_cancelled() {
    explore(a_grandchild_is_made_during_a_cancellation)
        .worded(told, "its grandparent is")
        .always(|cancelled| *cancelled);
}

/// Counts how often it is called. Counting is no operation of the model: nothing depends on the count until the end.
#[derive(Default)]
struct Calls(AtomicUsize);

impl Wake for Calls {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// A task that waits for a token, polled by hand.
struct Waiting {
    calls: Arc<Calls>,
    /// Whether the first poll was pending.
    pending: bool,
}

impl Waiting {
    fn poll(cancelled: &mut Cancelled<'_>) -> Waiting {
        let calls = Arc::new(Calls::default());
        let waker = Waker::from(calls.clone());
        let mut context = Context::from_waker(&waker);
        let pending = Pin::new(cancelled).poll(&mut context).is_pending();
        Waiting { calls, pending }
    }

    /// Whether the task was woken once if it had to wait, and never otherwise.
    fn is_woken_once(&self) -> bool {
        self.calls.0.load(SeqCst) == usize::from(self.pending)
    }
}

/// Two threads cancel a token and its parent, while a task waits for the token's child.
fn two_cancellations() -> bool {
    let root = Token::new();
    let token = root.child();
    let child = token.child();
    let mut cancelled = child.cancelled();
    let waiting = Waiting::poll(&mut cancelled);
    let handler = named("handler", move || token.cancel());
    root.cancel();
    handler.join().unwrap();
    waiting.is_woken_once() && child.is_cancelled()
}

#[test]
fn fix_two_cancellations_wake_a_task_once() {
    explore(two_cancellations)
        .worded(|once| format!("woken once: {once}"), "should be true")
        .always(|once| *once);
}

/// A task begins to wait while its token is cancelled twice.
fn a_task_waits_during_two_cancellations() -> bool {
    let token = Token::new();
    let watcher = {
        let token = token.clone();
        named("watcher", move || {
            token.cancel();
            token.cancel();
        })
    };
    let mut cancelled = token.cancelled();
    let waiting = Waiting::poll(&mut cancelled);
    watcher.join().unwrap();
    waiting.is_woken_once()
}

#[test]
fn fix_a_task_that_waits_is_woken_once() {
    explore(a_task_waits_during_two_cancellations)
        .worded(|once| format!("woken once: {once}"), "should be true")
        .always(|once| *once);
}

/// A task stops waiting, and its token's last handle is dropped, while the parent is cancelled.
fn a_waiter_leaves_during_a_cancellation() -> bool {
    let root = Token::new();
    let child = root.child();
    let task = named("task", move || {
        let calls = Waker::from(Arc::new(Calls::default()));
        let mut context = Context::from_waker(&calls);
        let ready = std::pin::pin!(child.cancelled())
            .poll(&mut context)
            .is_ready();
        ready || !child.is_cancelled() || child.child().is_cancelled()
    });
    let watcher = {
        let root = root.clone();
        named("watcher", move || root.cancel())
    };
    watcher.join().unwrap();
    task.join().unwrap() && root.child().is_cancelled()
}

#[test]
fn fix_a_waiter_may_leave_during_a_cancellation() {
    explore(a_waiter_leaves_during_a_cancellation)
        .worded(|kept| format!("consistent: {kept}"), "should be true")
        .always(|kept| *kept);
}

/// A watcher writes down why it cancels. Returns what a thread reads that sees the cancellation, by looking or by
/// waiting.
fn a_reason(wait: bool) -> Option<u32> {
    let token = Token::new();
    let reason = Arc::new(AtomicU32::new(0));
    let watcher = {
        let (token, reason) = (token.clone(), reason.clone());
        named("watcher", move || {
            reason.store(7, Relaxed);
            token.cancel();
        })
    };
    if wait {
        block_on(token.cancelled());
    }
    let read = token.is_cancelled().then(|| reason.load(Relaxed));
    watcher.join().unwrap();
    read
}

#[test]
fn fix_what_happened_before_a_cancellation_is_visible_after_it() {
    for wait in [false, true] {
        explore(move || a_reason(wait))
            .worded(|read| format!("the reason is {read:?}"), "should be 7")
            .always(|read| read.is_none_or(|reason| reason == 7));
    }
}
