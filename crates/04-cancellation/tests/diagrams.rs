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

const MOMENTS_MS: [u64; 5] = [50, 150, 250, 350, 450];
const LENGTHS_MS: [u64; 5] = [60, 80, 100, 120, 140];

/// Adds the variant's runs to the sweep, and checks when each returns: `expected` gets the moment at which the browser
/// leaves and the length of an item. The picture with the variant's name shows the values of the pictures above.
async fn add(
    sweep: &mut Sweep,
    name: &str,
    variant: impl AsyncFn(Vec<Item>, &Token, Work) -> Processed<usize>,
    expected: fn(u64, u64) -> u64,
) {
    let run = async |[moment, length]: [usize; 2], timeline| {
        let (leaves_at_ms, item_ms) = (MOMENTS_MS[moment], LENGTHS_MS[length]);
        // On an item's end, the order of the polls would decide which comes first.
        assert_ne!(
            leaves_at_ms % item_ms,
            0,
            "the browser would leave on an item's end"
        );
        let returned = run(&variant, leaves_at_ms, item_ms, timeline).await;
        let all = ITEMS as u64 * item_ms;
        assert_eq!(returned.at_ms, expected(leaves_at_ms, item_ms).min(all));
    };
    sweep.record(name, run, Recording::gantt).await;
    sweep.show(name, name, [2, 2]);
}

/// Records every variant for every moment of leaving and every length of an item: for the page's sliders.
#[tokio::test(start_paused = true)]
async fn every_variant_for_every_moment_of_leaving() {
    use cancellation::{dropped, ignored, polled, raced};

    let values = |all: [u64; 5]| all.map(|it| format!("{it} ms"));
    let mut sweep = Sweep::over([
        Parameter::new("The browser leaves at", values(MOMENTS_MS)),
        Parameter::new("Each item takes", values(LENGTHS_MS)),
    ]);
    let leaves = |leaves_at_ms, _| leaves_at_ms;
    add(&mut sweep, "ignored", ignored::process, |_, _| u64::MAX).await;
    add(&mut sweep, "polled", polled::process, u64::next_multiple_of).await;
    add(&mut sweep, "raced", raced::process, leaves).await;
    add(&mut sweep, "dropped", dropped::process, leaves).await;
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
async fn a_thousand_calls<D>(
    new: fn(&Token, Duration) -> D,
    token: fn(&D) -> &Token,
    after_each: fn(D),
) -> [usize; 2] {
    let mut counts = [0; 2];
    for (request_ends, count) in [false, true].into_iter().zip(&mut counts) {
        let request = Token::new();
        for _ in 0..1_000 {
            let deadline = new(&request, Duration::from_secs(60));
            // The call that the deadline is for.
            token(&deadline).race(sleep(ms(1))).await.unwrap();
            after_each(deadline);
        }
        if request_ends {
            request.cancel();
        }
        *count = alive().await;
        sleep(Duration::from_secs(60)).await;
        assert_eq!(alive().await, 0);
    }
    counts
}

#[tokio::test(start_paused = true)]
async fn a_thousand_dropped_deadlines_leave_a_thousand_timers() {
    use cancellation::{deadline::Deadline, dropped_cancel};

    let lost = async |after_each| {
        let (new, token) = (
            dropped_cancel::Deadline::new,
            dropped_cancel::Deadline::token,
        );
        a_thousand_calls(new, token, after_each).await
    };
    let rows = [
        ("never cancelled", lost(drop).await),
        (
            "cancelled by the caller",
            lost(|deadline| deadline.cancel()).await,
        ),
        (
            "cancelled by its drop",
            a_thousand_calls(Deadline::new, Deadline::token, drop).await,
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
