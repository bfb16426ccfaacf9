//! Draws the talk's timelines from runs in virtual time, and what a thousand dropped deadlines leave behind.

use std::time::Duration;

use cancellation::tree::Scope;
use cancellation::{Ended, Stopped, Token};
use diagram::{Gantt, assert_snapshot};
use timeline::{Parameter, Recording, Run, Selection, Sweep, Timeline};
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};

/// The browser leaves after this many milliseconds in the pictures, and the items take [`ITEM_MS`] each.
const LEAVES_AT_MS: u64 = 250;
const ITEM_MS: u64 = 100;
const ITEMS: usize = 5;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// What a variant did for a browser that left.
struct Drawn {
    recording: Recording,
    /// When the variant returned.
    ended_ms: u128,
    done: usize,
    ended: Ended,
}

/// Runs a variant over items that each sleep, and cancels its token when the browser leaves. A macro, because the
/// variants share a signature but not a type.
macro_rules! record {
    ($variant:ident, $leaves_at_ms:expr, $item_ms:expr) => {{
        let timeline = Timeline::start();
        let token = Token::new();
        let start = Instant::now();
        let browser = async {
            timeline.span("Browser", sleep(ms($leaves_at_ms))).await;
            token.cancel();
        };
        let work = |item: usize| timeline.span(format!("Item {item}"), sleep(ms($item_ms)));
        let service = async {
            let items = (1..=ITEMS).collect();
            let processed = cancellation::$variant::process(items, &token, work).await;
            (processed, start.elapsed().as_millis())
        };
        let ((), (processed, ended_ms)) = tokio::join!(browser, service);
        Drawn {
            recording: timeline.record(),
            ended_ms,
            done: processed.done.len(),
            ended: processed.ended,
        }
    }};
}

/// The recording's picture, with how many items were done, and when the variant returned.
fn picture(drawn: &Drawn) -> Gantt {
    let Drawn { done, ended_ms, .. } = drawn;
    let mut gantt = drawn.recording.gantt();
    gantt.notes.push(format!(
        "Returned at {ended_ms}ms, with {done} of {ITEMS} items done"
    ));
    gantt
}

#[tokio::test(start_paused = true)]
async fn ignored_goes_on_to_the_end() {
    let drawn = record!(ignored, LEAVES_AT_MS, ITEM_MS);
    assert_snapshot!("ignored", picture(&drawn));
    assert_eq!(
        (drawn.ended_ms, drawn.done, drawn.ended),
        (500, 5, Ended::Finished)
    );
}

#[tokio::test(start_paused = true)]
async fn polled_stops_at_300_ms() {
    let drawn = record!(polled, LEAVES_AT_MS, ITEM_MS);
    assert_snapshot!("polled", picture(&drawn));
    assert_eq!(
        (drawn.ended_ms, drawn.done, drawn.ended),
        (300, 3, Ended::Cancelled)
    );
}

#[tokio::test(start_paused = true)]
async fn raced_stops_at_250_ms() {
    let drawn = record!(raced, LEAVES_AT_MS, ITEM_MS);
    assert_snapshot!("raced", picture(&drawn));
    assert_eq!(
        (drawn.ended_ms, drawn.done, drawn.ended),
        (250, 2, Ended::Cancelled)
    );
}

#[tokio::test(start_paused = true)]
async fn dropped_stops_at_250_ms() {
    let drawn = record!(dropped, LEAVES_AT_MS, ITEM_MS);
    assert_snapshot!("dropped", picture(&drawn));
    assert_eq!(
        (drawn.ended_ms, drawn.done, drawn.ended),
        (250, 2, Ended::Cancelled)
    );
}

/// Records every variant for every moment of leaving and every length of an item: for the page's sliders.
#[tokio::test(start_paused = true)]
async fn every_variant_for_every_moment_of_leaving() {
    let moments = [50, 150, 250, 350, 450];
    let lengths = [60, 80, 100, 120, 140];
    let mut sweep = Sweep {
        parameters: vec![
            Parameter {
                name: "The browser leaves at".to_owned(),
                values: moments.map(|moment| format!("{moment} ms")).to_vec(),
            },
            Parameter {
                name: "Each item takes".to_owned(),
                values: lengths.map(|length| format!("{length} ms")).to_vec(),
            },
        ],
        ..Sweep::default()
    };
    for (moment, leaves_at_ms) in moments.into_iter().enumerate() {
        for (length, item_ms) in lengths.into_iter().enumerate() {
            // On an item's end, the order of the polls would decide which comes first.
            assert_ne!(
                leaves_at_ms % item_ms,
                0,
                "the browser would leave on an item's end"
            );
            let mut add = |variant: &str, drawn: Drawn| {
                let at = [Some(moment), Some(length)];
                let run = Run::new(variant, at, &drawn.recording, drawn.recording.gantt());
                sweep.runs.push(run);
                drawn.ended_ms
            };
            let all = item_ms * ITEMS as u64;
            let leaving = u128::from(leaves_at_ms.min(all));
            let late = u128::from(leaves_at_ms.next_multiple_of(item_ms).min(all));
            assert_eq!(
                add("ignored", record!(ignored, leaves_at_ms, item_ms)),
                u128::from(all)
            );
            assert_eq!(add("polled", record!(polled, leaves_at_ms, item_ms)), late);
            assert_eq!(add("raced", record!(raced, leaves_at_ms, item_ms)), leaving);
            assert_eq!(
                add("dropped", record!(dropped, leaves_at_ms, item_ms)),
                leaving
            );
        }
    }
    for variant in ["ignored", "polled", "raced", "dropped"] {
        let selection = Selection {
            at: vec![2, 2],
            variant: variant.to_owned(),
        };
        sweep.pictures.insert(variant.to_owned(), selection);
    }
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

/// Makes a thousand calls with a deadline of 60 s each, and counts the tasks that wait for a deadline after the last
/// call, after the parent is cancelled, and after 60 s.
macro_rules! a_thousand_calls {
    ($deadline:path, $cancels:expr) => {{
        use $deadline as deadline;
        let mut counts = Vec::new();
        for request_ends in [false, true] {
            let request = Token::new();
            for _ in 0..1_000 {
                let deadline = deadline::Deadline::new(&request, Duration::from_secs(60));
                // The call that the deadline is for.
                deadline.token().race(sleep(ms(1))).await.unwrap();
                if $cancels {
                    deadline.cancel();
                }
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
            "a deadline that nobody cancels",
            a_thousand_calls!(cancellation::dropped_cancel, false),
        ),
        (
            "the same, cancelled after its call",
            a_thousand_calls!(cancellation::dropped_cancel, true),
        ),
        (
            "a deadline that cancels when dropped",
            a_thousand_calls!(cancellation::deadline, false),
        ),
    ];
    let mut text = format!(
        "{:<38} {:>14} {:>20}\n",
        "Timers left by 1,000 calls", "request runs", "request has ended"
    );
    for (name, counts) in rows {
        text += &format!("{name:<38} {:>14} {:>20}\n", counts[0], counts[1]);
    }
    assert_snapshot!("dropped-cancel", text);
}
