//! Draws the talk's pictures from runs in virtual time and checks them against the files.

use std::num::NonZeroUsize;
use std::time::Duration;

use diagram::{Gantt, Row, assert_snapshot};
use timeline::{Parameter, Recording, Run, Selection, Sweep, Timeline};
use tokio::time::sleep;

/// Runs `run` over numbered items that each sleep for 100 ms, and records them. A macro, because the variants share a
/// signature but not a type.
macro_rules! record {
    ($run:path, $items:expr, $limit:expr) => {{
        let timeline = Timeline::start();
        let spans = timeline.clone();
        let limit = NonZeroUsize::new($limit).unwrap();
        let results = $run((1..=$items).collect(), limit, move |item: usize| {
            let work = async move {
                sleep(Duration::from_millis(100)).await;
                item
            };
            spans.span(format!("Item {item}"), work)
        })
        .await;
        assert_eq!(results, (1..=$items).collect::<Vec<_>>());
        timeline.record()
    }};
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
    let recording = record!(pool::sequential::run, 5, 3);
    assert_snapshot!("sequential", picture(&recording));
    assert_eq!(recording.total_ms, 500.0);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_items_at_once_take_100_ms() {
    let recording = record!(pool::unlimited::run, 1000, 3);
    assert_snapshot!("unlimited", picture(&recording).elide(5, 1));
    assert_eq!(recording.total_ms, 100.0);
}

#[tokio::test(start_paused = true)]
async fn five_items_in_batches_of_3_take_200_ms() {
    let recording = record!(pool::batches::run, 5, 3);
    assert_snapshot!("batches", with_batches(picture(&recording)));
    assert_eq!(recording.total_ms, 200.0);
}

#[tokio::test(start_paused = true)]
async fn five_items_through_a_window_of_3_take_200_ms() {
    let recording = record!(pool::window::run, 5, 3);
    assert_snapshot!("window", picture(&recording));
    assert_eq!(recording.total_ms, 200.0);
}

/// Records the talk's five items, from even to very uneven, for every limit up to five: for the page's slider.
#[tokio::test(start_paused = true)]
async fn every_variant_at_every_limit() {
    const LIMITS: usize = 5;
    let durations = [
        ("100 ms each", [100, 100, 100, 100, 100]),
        ("60 to 140 ms", [60, 140, 80, 120, 100]),
        ("20 to 180 ms", [20, 180, 60, 140, 100]),
        ("one of 300 ms, four of 50", [300, 50, 50, 50, 50]),
        ("one of 460 ms, four of 10", [460, 10, 10, 10, 10]),
    ];
    let mut sweep = Sweep {
        parameters: vec![
            Parameter {
                name: "Limit".to_owned(),
                values: (1..=LIMITS).map(|limit| limit.to_string()).collect(),
            },
            Parameter {
                name: "Durations".to_owned(),
                values: durations.map(|(words, _)| words.to_owned()).to_vec(),
            },
        ],
        ..Sweep::default()
    };
    macro_rules! record {
        ($run:path, $durations:expr, $limit:expr) => {{
            let timeline = Timeline::start();
            let spans = timeline.clone();
            let work = move |(number, ms): (usize, u64)| {
                spans.span(format!("Item {number}"), sleep(Duration::from_millis(ms)))
            };
            let limit = NonZeroUsize::new($limit).unwrap();
            $run((1..).zip($durations).collect(), limit, work).await;
            timeline.record()
        }};
    }
    let mut add = |variant: &str, limit: Option<usize>, spread: usize, recording: Recording| {
        let mut chart = recording.gantt();
        // In the order of the items, not of their starts.
        chart.rows.sort_by_key(|row| match row {
            Row::Bars { label, .. } => label.clone(),
            _ => String::new(),
        });
        let at = [limit.map(|limit| limit - 1), Some(spread)];
        sweep.runs.push(Run::new(variant, at, &recording, chart));
    };
    for (spread, (_, durations)) in durations.into_iter().enumerate() {
        add(
            "sequential",
            None,
            spread,
            record!(pool::sequential::run, durations, 1),
        );
        add(
            "unlimited",
            None,
            spread,
            record!(pool::unlimited::run, durations, 1),
        );
        for limit in 1..=LIMITS {
            add(
                "batches",
                Some(limit),
                spread,
                record!(pool::batches::run, durations, limit),
            );
            add(
                "window",
                Some(limit),
                spread,
                record!(pool::window::run, durations, limit),
            );
        }
    }
    for variant in ["sequential", "unlimited", "batches", "window"] {
        let selection = Selection {
            at: vec![2, 0],
            variant: variant.to_owned(),
        };
        sweep.pictures.insert(variant.to_owned(), selection);
    }
    assert_snapshot!("sweep", sweep);
}
