//! Draws the talk's timelines from runs in virtual time, and what a thousand dropped deadlines leave behind.

use std::pin::Pin;
use std::time::Duration;

use cancellation::tree::Scope;
use cancellation::{Ended, Processed, Stopped, Token};
use diagram::assert_snapshot;
use timeline::{Parameter, Recording, Sweep, Timeline};
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};

/// The browser leaves after this many milliseconds in the pictures, and the items take [`ITEM_MS`] each.
const LEAVES_AT_MS: u64 = 250;
const ITEM_MS: u64 = 100;
const ITEMS: usize = 5;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// An item that sleeps for `length`, and the timeline that records it as a span.
struct Item {
    number: usize,
    length: Duration,
    timeline: Timeline,
}

/// The work on an item. It captures nothing, so its type has a name, which the type of a variant needs.
type Work = fn(Item) -> Pin<Box<dyn Future<Output = usize> + Send>>;

/// When a variant returned, and what it had done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Returned {
    at_ms: u64,
    done: usize,
    ended: Ended,
}

/// Runs a variant over [`ITEMS`] items, and cancels its token when the browser leaves.
async fn run(
    variant: impl AsyncFnOnce(Vec<Item>, &Token, Work) -> Processed<usize>,
    leaves_at_ms: u64,
    item_ms: u64,
    timeline: Timeline,
) -> Returned {
    let token = Token::new();
    let start = Instant::now();
    let browser = async {
        timeline.span("Browser", sleep(ms(leaves_at_ms))).await;
        token.cancel();
    };
    let work: Work = |item| {
        Box::pin(async move {
            let name = format!("Item {}", item.number);
            item.timeline.span(name, sleep(item.length)).await;
            item.number
        })
    };
    let item = |number| Item {
        number,
        length: ms(item_ms),
        timeline: timeline.clone(),
    };
    let service = async {
        let Processed { done, ended } =
            variant((1..=ITEMS).map(item).collect(), &token, work).await;
        assert_eq!(done, (1..=done.len()).collect::<Vec<_>>());
        Returned {
            at_ms: start.elapsed().as_millis() as u64,
            done: done.len(),
            ended,
        }
    };
    let ((), returned) = tokio::join!(browser, service);
    returned
}

/// Draws a variant for a browser that leaves at 250 ms.
async fn drawn(
    name: &str,
    variant: impl AsyncFnOnce(Vec<Item>, &Token, Work) -> Processed<usize>,
) -> Returned {
    let timeline = Timeline::start();
    let returned = run(variant, LEAVES_AT_MS, ITEM_MS, timeline.clone()).await;
    let mut gantt = timeline.record().gantt();
    let Returned { at_ms, done, .. } = returned;
    gantt.notes.push(format!(
        "Returned at {at_ms}ms, with {done} of {ITEMS} items done"
    ));
    assert_snapshot!(name, gantt);
    returned
}

fn returned(at_ms: u64, done: usize, ended: Ended) -> Returned {
    Returned { at_ms, done, ended }
}

#[tokio::test(start_paused = true)]
async fn ignored_goes_on_to_the_end() {
    let ignored = drawn("ignored", cancellation::ignored::process).await;
    assert_eq!(ignored, returned(500, 5, Ended::Finished));
}

#[tokio::test(start_paused = true)]
async fn polled_stops_at_300_ms() {
    let polled = drawn("polled", cancellation::polled::process).await;
    assert_eq!(polled, returned(300, 3, Ended::Cancelled));
}

#[tokio::test(start_paused = true)]
async fn raced_stops_at_250_ms() {
    let raced = drawn("raced", cancellation::raced::process).await;
    assert_eq!(raced, returned(250, 2, Ended::Cancelled));
}

#[tokio::test(start_paused = true)]
async fn dropped_stops_at_250_ms() {
    let dropped = drawn("dropped", cancellation::dropped::process).await;
    assert_eq!(dropped, returned(250, 2, Ended::Cancelled));
}

/// Records every variant for every moment of leaving and every length of an item: for the page's sliders.
#[tokio::test(start_paused = true)]
async fn every_variant_for_every_moment_of_leaving() {
    const MOMENTS_MS: [u64; 5] = [50, 150, 250, 350, 450];
    const LENGTHS_MS: [u64; 5] = [60, 80, 100, 120, 140];
    let values = |all: [u64; 5]| all.map(|it| format!("{it} ms"));
    let mut sweep = Sweep::over([
        Parameter::new("The browser leaves at", values(MOMENTS_MS)),
        Parameter::new("Each item takes", values(LENGTHS_MS)),
    ]);
    /// When a variant should return, if the browser leaves at the first time and an item takes the second.
    type Expected = fn(u64, u64) -> u64;
    macro_rules! record {
        ($variant:ident, $expected:expr) => {
            let expected: Expected = $expected;
            let run = async |[moment, length]: [usize; 2], timeline| {
                let (leaves_at_ms, item_ms) = (MOMENTS_MS[moment], LENGTHS_MS[length]);
                // On an item's end, the order of the polls would decide which comes first.
                assert_ne!(
                    leaves_at_ms % item_ms,
                    0,
                    "the browser would leave on an item's end"
                );
                let variant = cancellation::$variant::process;
                let returned = run(variant, leaves_at_ms, item_ms, timeline).await;
                let all = ITEMS as u64 * item_ms;
                assert_eq!(returned.at_ms, expected(leaves_at_ms, item_ms).min(all));
            };
            sweep
                .record(stringify!($variant), run, Recording::gantt)
                .await;
            sweep.show(stringify!($variant), stringify!($variant), [2, 2]);
        };
    }
    record!(ignored, |_, _| u64::MAX);
    record!(polled, |leaves_at_ms, item_ms| leaves_at_ms
        .next_multiple_of(item_ms));
    record!(raced, |leaves_at_ms, _| leaves_at_ms);
    record!(dropped, |leaves_at_ms, _| leaves_at_ms);
    assert_snapshot!("sweep", sweep);
}

/// Four tasks that take the same 500 ms, if nothing stops them, in a scope with a grace period of 100 ms.
#[tokio::test(start_paused = true)]
async fn a_scope_accounts_for_every_task() {
    let timeline = Timeline::start();
    let browser = Token::new();
    let mut scope = Scope::new(&browser).grace(ms(100));

    let spans = timeline.clone();
    scope.spawn("races", move |token| async move {
        let work = spans.span("races", sleep(ms(500)));
        token.race(work).await
    });
    let spans = timeline.clone();
    scope.spawn("polls", move |token| {
        let work = async move {
            for _ in 0..5 {
                if token.is_cancelled() {
                    return Err(Stopped);
                }
                sleep(ms(100)).await;
            }
            Ok(())
        };
        spans.span("polls", work)
    });
    let spans = timeline.clone();
    scope.spawn("is nearly done", move |_| {
        let work = async {
            sleep(ms(290)).await;
            Ok(())
        };
        spans.span("is nearly done", work)
    });
    let spans = timeline.clone();
    scope.spawn("panics", move |token| {
        let work = async move {
            token.cancelled().await;
            panic!("no browser");
        };
        spans.span("panics", work)
    });
    let spans = timeline.clone();
    scope.spawn("never looks", move |_| {
        let work = async {
            sleep(ms(500)).await;
            Ok(())
        };
        spans.span("never looks", work)
    });

    let leaves = async {
        timeline.span("Browser", sleep(ms(LEAVES_AT_MS))).await;
        browser.cancel();
    };
    let start = Instant::now();
    let ((), report) = tokio::join!(leaves, scope.finish());
    assert_eq!(start.elapsed(), ms(350));
    let mut gantt = timeline.record().gantt();
    for task in &report.tasks {
        gantt
            .notes
            .push(format!("{:<15} {}", task.name, task.outcome));
    }
    assert_snapshot!("scope", gantt);
}

/// Tokio's number of tasks, once those that are ending have ended.
async fn alive() -> usize {
    for _ in 0..10_000 {
        tokio::task::yield_now().await;
    }
    Handle::current().metrics().num_alive_tasks()
}

/// Makes a thousand calls with a deadline of 60 s each, one after the other, and counts the tasks that still wait for a
/// deadline: while the request runs, and after it has ended.
macro_rules! a_thousand_calls {
    ($deadline:ident, $after_each:expr) => {{
        use cancellation::$deadline::Deadline;
        let after_each: fn(Deadline) = $after_each;
        let mut counts = Vec::new();
        for request_ends in [false, true] {
            let request = Token::new();
            for _ in 0..1_000 {
                let deadline = Deadline::new(&request, Duration::from_secs(60));
                // The call that the deadline is for.
                deadline.token().race(sleep(ms(1))).await.unwrap();
                after_each(deadline);
            }
            if request_ends {
                request.cancel();
            }
            counts.push(alive().await);
            sleep(Duration::from_secs(60)).await;
            assert_eq!(alive().await, 0);
        }
        counts
    }};
}

#[tokio::test(start_paused = true)]
async fn a_thousand_dropped_deadlines_leave_a_thousand_timers() {
    let rows = [
        (
            "never cancelled",
            a_thousand_calls!(dropped_cancel, |deadline| drop(deadline)),
        ),
        (
            "cancelled by the caller",
            a_thousand_calls!(dropped_cancel, |deadline| deadline.cancel()),
        ),
        (
            "cancelled by its drop",
            a_thousand_calls!(deadline, |deadline| drop(deadline)),
        ),
    ];
    let mut text = format!(
        "{:<24}   {:>18}   {:>15}\n",
        "1,000 deadlines of 60 s", "the request runs", "it has ended"
    );
    for (name, counts) in rows {
        text += &format!(
            "{name:<24}   {:>11} timers   {:>8} timers\n",
            counts[0], counts[1]
        );
    }
    assert_snapshot!("dropped-cancel", text);
}
