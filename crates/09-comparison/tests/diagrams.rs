//! Draws the talk's three pictures from runs in virtual time, each with what the run cost.

use std::num::NonZeroUsize;
use std::time::Duration;

use comparison::descriptors::Descriptors;
use comparison::measured::{Clock, Measured, measure};
use comparison::strategy::Strategy;
use comparison::table::DESCRIPTORS;
use diagram::{Bar, Gantt, Row, assert_snapshot};
use timeline::{Recording, record};
use tokio::time::sleep;

const ITEM: Duration = Duration::from_millis(50);
const LIMIT: NonZeroUsize = NonZeroUsize::new(10).unwrap();

/// Records the strategy over 100 items of 50 ms, and measures what it costs.
async fn recorded(strategy: Strategy) -> (Recording, Measured) {
    let recording = record(async |timeline| {
        let items: Vec<usize> = (1..=100).collect();
        let work = move |item| {
            let timeline = timeline.clone();
            async move { timeline.span(format!("Item {item}"), sleep(ITEM)).await }
        };
        strategy.run(items, LIMIT, work).await;
    })
    .await;
    let measured = cost(strategy, 100).await;
    assert_eq!(recording.total_ms, measured.ms);
    assert_eq!(recording.most_in_flight(), measured.in_flight);
    (recording, measured)
}

/// Measures the strategy. On a thread of its own, because it starts a runtime.
async fn cost(strategy: Strategy, items: usize) -> Measured {
    let run = move || {
        let descriptors = Descriptors::counted(DESCRIPTORS);
        let durations = vec![ITEM; items];
        measure(strategy, durations, LIMIT, descriptors, Clock::Virtual)
    };
    std::thread::spawn(run).join().unwrap()
}

/// The figures that take the place of the talk's words. The risk is what fails with ten times the items.
async fn notes(strategy: Strategy, measured: &Measured) -> Vec<String> {
    let more = cost(strategy, 1_000).await;
    vec![
        format!("Tasks: {}", measured.tasks),
        format!("In flight: {} at most", measured.in_flight),
        format!(
            "Failures, with {DESCRIPTORS} descriptors: {} of 100 items, {} of 1,000",
            measured.failed, more.failed
        ),
    ]
}

#[tokio::test(start_paused = true)]
async fn one_after_another_takes_5000_ms_and_one_task() {
    let (recording, measured) = recorded(Strategy::Sequential).await;
    assert_eq!((measured.ms, measured.tasks), (5_000.0, 1));
    let mut gantt = recording.gantt().elide(3, 1);
    gantt.notes = notes(Strategy::Sequential, &measured).await;
    assert_snapshot!("sequential", gantt);
}

#[tokio::test(start_paused = true)]
async fn all_at_once_takes_50_ms_and_100_tasks() {
    let (recording, measured) = recorded(Strategy::Unlimited).await;
    assert_eq!((measured.ms, measured.tasks), (50.0, 100));
    let mut gantt = recording.gantt().elide(3, 1);
    gantt.notes = notes(Strategy::Unlimited, &measured).await;
    assert_snapshot!("unlimited", gantt);
}

#[tokio::test(start_paused = true)]
async fn ten_at_a_time_takes_500_ms_and_10_tasks() {
    let (recording, measured) = recorded(Strategy::Batches).await;
    assert_eq!((measured.ms, measured.tasks), (500.0, 10));
    let mut gantt = by_batch(&recording);
    gantt.notes = notes(Strategy::Batches, &measured).await;
    assert_snapshot!("batches", gantt);
}

/// One row per batch, which is what starts together.
fn by_batch(recording: &Recording) -> Gantt {
    let batches = recording.spans.chunk_by(|a, b| a.start_ms == b.start_ms);
    let row = |(number, batch): (usize, &[timeline::SpanRecord])| {
        let end = batch.iter().map(|span| span.end_ms).fold(0.0, f64::max);
        let first = number * LIMIT.get() + 1;
        Row::Bars {
            label: format!("Items {first} to {}", first + batch.len() - 1),
            bars: vec![Bar::finished(batch[0].start_ms, end)],
        }
    };
    Gantt {
        rows: batches.enumerate().map(row).collect(),
        ..Gantt::default()
    }
}
