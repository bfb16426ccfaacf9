//! Draws the talk's five items from runs in virtual time: when each variant returns, and what it leaves.

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::time::Duration;

use diagram::{Gantt, Row, assert_snapshot};
use error_handling::{Cause, Failure, Outcome, all_errors, error_channel, first_error, leaked};
use timeline::{Parameter, Recording, Sweep, Timeline};
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, sleep_until};

/// How long an item takes, in milliseconds.
const ITEM_MS: u64 = 200;
const ITEMS: usize = 5;
/// When the second item fails in the pictures, in milliseconds.
const FAILS_AT_MS: u64 = 120;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn limit(limit: usize) -> NonZeroUsize {
    NonZeroUsize::new(limit).unwrap()
}

/// How an item ends, after its time.
#[derive(Clone, Copy)]
enum Ends {
    Well,
    Failing,
    Panicking,
}

/// An item, and the timeline that records it as a span.
struct Item {
    number: usize,
    length: Duration,
    ends: Ends,
    timeline: Timeline,
}

type Result = std::result::Result<usize, &'static str>;

/// The work on an item. It captures nothing, so its type has a name, which the type of a variant needs.
type Work = fn(Item) -> Pin<Box<dyn Future<Output = Result> + Send>>;

const WORK: Work = |item| {
    Box::pin(async move {
        let Item {
            number,
            length,
            ends,
            timeline,
        } = item;
        timeline.span(format!("Item {number}"), sleep(length)).await;
        match ends {
            Ends::Well => Ok(number),
            Ends::Failing => Err("no such pipeline"),
            Ends::Panicking => panic!("no such cluster"),
        }
    })
};

/// Five items, of which the second fails at `fails_at_ms`.
fn items(fails_at_ms: u64, timeline: &Timeline) -> Vec<Item> {
    let item = |number| Item {
        number,
        length: ms(if number == 2 { fails_at_ms } else { ITEM_MS }),
        ends: if number == 2 {
            Ends::Failing
        } else {
            Ends::Well
        },
        timeline: timeline.clone(),
    };
    (1..=ITEMS).map(item).collect()
}

/// The chart, in the order of the items, not of their starts. The item that failed says so.
fn chart(recording: &Recording) -> Gantt {
    let mut chart = recording.gantt();
    chart.rows.sort_by_key(|row| match row {
        Row::Bars { label, .. } => label.clone(),
        _ => String::new(),
    });
    for row in &mut chart.rows {
        if let Row::Bars { label, bars } = row
            && label == "Item 2"
            && bars[0].end == diagram::End::Finished
        {
            bars[0].label = Some("fails".to_owned());
        }
    }
    chart
}

fn failed() -> Failure<&'static str> {
    Failure {
        index: 1,
        cause: Cause::Error("no such pipeline"),
    }
}

/// Runs the error channel, and returns what to write below the picture.
async fn channel(fails_at_ms: u64, at_once: usize, timeline: &Timeline) -> String {
    let start = Instant::now();
    let failures = error_channel::run(items(fails_at_ms, timeline), limit(at_once), WORK).await;
    assert_eq!(failures, [failed()]);
    let at = start.elapsed().as_millis();
    format!(
        "Returned at {at}ms, with {} failure: item 2",
        failures.len()
    )
}

/// Runs the group, and returns what to write below the picture.
async fn group(fails_at_ms: u64, at_once: usize, timeline: &Timeline) -> String {
    let start = Instant::now();
    let result = first_error::run(items(fails_at_ms, timeline), limit(at_once), WORK).await;
    assert_eq!(result, Err(failed()));
    let alive = Handle::current().metrics().num_alive_tasks();
    assert_eq!(alive, 0);
    let at = start.elapsed().as_millis();
    format!("Returned at {at}ms, with the failure of item 2; {alive} tasks are left")
}

#[tokio::test(start_paused = true)]
async fn the_channel_ends_with_the_slowest_item() {
    let timeline = Timeline::start();
    let note = channel(FAILS_AT_MS, ITEMS, &timeline).await;
    let mut gantt = chart(&timeline.record());
    assert_eq!(gantt.total_ms(), 200.0);
    gantt.notes.push(note);
    assert_snapshot!("error-channel", gantt);
}

#[tokio::test(start_paused = true)]
async fn the_group_ends_with_the_first_error() {
    let timeline = Timeline::start();
    let note = group(FAILS_AT_MS, ITEMS, &timeline).await;
    let mut gantt = chart(&timeline.record());
    assert_eq!(gantt.total_ms(), 120.0);
    gantt.notes.push(note);
    assert_snapshot!("first-error", gantt);
}

/// Counts at 400 ms, when every item has long ended.
#[tokio::test(start_paused = true)]
async fn the_leak_leaves_senders_behind() {
    let alive = async || {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        Handle::current().metrics().num_alive_tasks()
    };
    let timeline = Timeline::start();
    let start = Instant::now();
    let leaked = leaked::run(items(FAILS_AT_MS, &timeline), limit(ITEMS), WORK).await;
    let returned = start.elapsed().as_millis();
    assert_eq!(leaked.first, Some(failed()));
    sleep_until(start + ms(400)).await;
    let left = alive().await;
    let recording = timeline.record();
    // The reader has received one message.
    let unsent = recording.spans.len() - 1 - leaked.unread.len();
    let mut gantt = chart(&recording);
    gantt.notes = vec![
        format!("Returned at {returned}ms, with the failure of item 2"),
        format!("At 400ms: {unsent} workers wait to send, and {left} tasks are left"),
    ];
    drop(leaked);
    gantt.notes.push(format!(
        "The receiver is dropped at 400ms: {} tasks are left",
        alive().await
    ));
    assert_eq!((returned, unsent, left), (120, 3, 4));
    assert_snapshot!("leaked", gantt);
}

/// One item of each outcome, and a deadline.
#[tokio::test(start_paused = true)]
async fn every_item_has_an_outcome() {
    let timeline = Timeline::start();
    let items = [
        (200, Ends::Well),
        (120, Ends::Failing),
        (200, Ends::Well),
        (60, Ends::Panicking),
        (300, Ends::Well),
    ];
    let item = |(index, (length, ends))| Item {
        number: index + 1,
        length: ms(length),
        ends,
        timeline: timeline.clone(),
    };
    let items = items.into_iter().enumerate().map(item).collect();
    let start = Instant::now();
    let outcomes = all_errors::run_until(sleep(ms(250)), items, limit(ITEMS), WORK).await;
    assert_eq!(start.elapsed(), ms(250));
    let mut gantt = chart(&timeline.record());
    gantt.notes = (1..)
        .zip(&outcomes)
        .map(|(number, outcome)| {
            let words = match outcome {
                // Without its place, which moves with the lines of this file.
                Outcome::Panicked(panic) => format!("panicked: {}", panic.message),
                outcome => outcome.to_string(),
            };
            format!("Item {number}  {words}")
        })
        .collect();
    assert_snapshot!("all-errors", gantt);
}

const MOMENTS_MS: [u64; 4] = [40, 80, 120, 160];

/// Records both patterns for every moment of the failure and every limit: for the page's sliders.
#[tokio::test(start_paused = true)]
async fn both_patterns_for_every_moment_and_limit() {
    let mut sweep = Sweep::over([
        Parameter::new(
            "Item 2 fails after",
            MOMENTS_MS.map(|at| format!("{at} ms")),
        ),
        Parameter::new("Limit", 1..=ITEMS),
    ]);
    let run = async |[moment, limit]: [usize; 2], timeline: Timeline| {
        channel(MOMENTS_MS[moment], limit + 1, &timeline).await;
    };
    sweep.record("error_channel", run, chart).await;
    sweep.show("error-channel", "error_channel", [2, ITEMS - 1]);
    let run = async |[moment, limit]: [usize; 2], timeline: Timeline| {
        group(MOMENTS_MS[moment], limit + 1, &timeline).await;
    };
    sweep.record("first_error", run, chart).await;
    sweep.show("first-error", "first_error", [2, ITEMS - 1]);
    assert_snapshot!("sweep", sweep);
}
