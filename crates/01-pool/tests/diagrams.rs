//! Draws the talk's pictures from runs in virtual time and checks them against the files.

use std::num::NonZeroUsize;
use std::time::Duration;

use diagram::{Gantt, Row, assert_snapshot};
use timeline::{Parameter, Recording, Sweep, record};

#[path = "variants/mod.rs"]
mod variants;

use variants::{Item, Work};

/// Records a variant over items of 100 ms each.
async fn recorded(
    variant: impl AsyncFnOnce(Vec<Item>, NonZeroUsize, Work) -> Vec<String>,
    items: usize,
    limit: usize,
) -> Recording {
    let lengths = vec![Duration::from_millis(100); items];
    record(async |timeline| variants::run(variant, lengths, limit, timeline).await).await
}

/// The recording's picture, with the highest number of items in flight.
fn picture(recording: &Recording) -> Gantt {
    let mut gantt = recording.gantt();
    gantt
        .notes
        .push(format!("Most in flight: {}", recording.most_in_flight()));
    gantt
}

/// Adds a heading above the rows of each batch, which are those that start together.
fn with_batches(gantt: Gantt) -> Gantt {
    let mut rows: Vec<Row> = Vec::new();
    let mut batch = (0, None);
    for row in gantt.rows {
        if let Row::Bars { bars, .. } = &row {
            let start = bars.first().map(|bar| bar.start_ms);
            if batch.1 != start {
                batch = (batch.0 + 1, start);
                rows.push(Row::Heading(format!("Batch {}", batch.0)));
            }
        }
        rows.push(row);
    }
    Gantt { rows, ..gantt }
}

#[tokio::test(start_paused = true)]
async fn five_items_one_after_the_other_take_500_ms() {
    let recording = recorded(pool::sequential::run, 5, 3).await;
    assert_snapshot!("sequential", picture(&recording));
    assert_eq!(recording.total_ms, 500.0);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_items_at_once_take_100_ms() {
    let recording = recorded(pool::unlimited::run, 1000, 3).await;
    assert_snapshot!("unlimited", picture(&recording).elide(5, 1));
    assert_eq!(recording.total_ms, 100.0);
}

#[tokio::test(start_paused = true)]
async fn five_items_in_batches_of_3_take_200_ms() {
    let recording = recorded(pool::batches::run, 5, 3).await;
    assert_snapshot!("batches", with_batches(picture(&recording)));
    assert_eq!(recording.total_ms, 200.0);
}

#[tokio::test(start_paused = true)]
async fn five_items_through_a_window_of_3_take_200_ms() {
    let recording = recorded(pool::window::run, 5, 3).await;
    assert_snapshot!("window", picture(&recording));
    assert_eq!(recording.total_ms, 200.0);
}

/// How long the talk's five items take, from even to very uneven, in milliseconds.
const DURATIONS: [(&str, [u64; 5]); 5] = [
    ("100 ms each", [100, 100, 100, 100, 100]),
    ("60 to 140 ms", [60, 140, 80, 120, 100]),
    ("20 to 180 ms", [20, 180, 60, 140, 100]),
    ("one of 300 ms, four of 50", [300, 50, 50, 50, 50]),
    ("one of 460 ms, four of 10", [460, 10, 10, 10, 10]),
];

/// Adds the variant's runs to the sweep. The picture with the variant's name shows a limit of 3 and even items.
async fn add(
    sweep: &mut Sweep,
    name: &str,
    variant: impl AsyncFn(Vec<Item>, NonZeroUsize, Work) -> Vec<String>,
) {
    let run = async |[limit, spread]: [usize; 2], timeline| {
        let lengths = DURATIONS[spread].1.map(Duration::from_millis);
        variants::run(&variant, lengths, limit + 1, timeline).await;
    };
    // In the order of the items, not of their starts.
    let chart = |recording: &Recording| {
        let mut chart = recording.gantt();
        chart.rows.sort_by_key(|row| match row {
            Row::Bars { label, .. } => label.clone(),
            _ => String::new(),
        });
        chart
    };
    sweep.record(name, run, chart).await;
    sweep.show(name, name, [2, 0]);
}

/// Records every variant with every limit up to five: for the page's slider.
#[tokio::test(start_paused = true)]
async fn every_variant_at_every_limit() {
    let mut sweep = Sweep::over([
        Parameter::new("Limit", 1..=5),
        Parameter::new("Durations", DURATIONS.map(|(words, _)| words)),
    ]);
    add(&mut sweep, "sequential", pool::sequential::run).await;
    add(&mut sweep, "unlimited", pool::unlimited::run).await;
    add(&mut sweep, "batches", pool::batches::run).await;
    add(&mut sweep, "window", pool::window::run).await;
    assert_snapshot!("sweep", sweep);
}
