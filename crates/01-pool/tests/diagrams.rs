//! Draws the talk's pictures from runs in virtual time, and holds them against the files.

use std::num::NonZeroUsize;
use std::time::Duration;

use diagram::{Gantt, Picture, Row};
use expect_test::{ExpectFile, expect_file};
use timeline::{Recording, Timeline};
use tokio::time::sleep;

/// Runs `run` over numbered items, each asleep for 100 ms, and records them. A macro, because the
/// variants have one signature but no common type.
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

/// A recording's picture, with what was in flight at most.
fn picture(recording: &Recording) -> Gantt {
    let mut gantt = recording.gantt();
    gantt
        .notes
        .push(format!("Most in flight: {}", recording.most_in_flight()));
    gantt
}

/// Puts a heading before the rows of each batch: those that start together.
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

fn held(gantt: Gantt, text: ExpectFile, data: ExpectFile) {
    text.assert_eq(&gantt.to_string());
    data.assert_eq(&(serde_json::to_string(&Picture::Gantt(gantt)).unwrap() + "\n"));
}

#[tokio::test(start_paused = true)]
async fn five_items_one_after_the_other_take_500_ms() {
    let recording = record!(pool::sequential::run, 5, 3);
    held(
        picture(&recording),
        expect_file!["../diagrams/sequential.txt"],
        expect_file!["../diagrams/sequential.json"],
    );
    assert_eq!(recording.total_ms, 500.0);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_items_at_once_take_100_ms() {
    let recording = record!(pool::unlimited::run, 1000, 3);
    held(
        picture(&recording).elide(5, 1),
        expect_file!["../diagrams/unlimited.txt"],
        expect_file!["../diagrams/unlimited.json"],
    );
    assert_eq!(recording.total_ms, 100.0);
}

#[tokio::test(start_paused = true)]
async fn five_items_in_batches_of_3_take_200_ms() {
    let recording = record!(pool::batches::run, 5, 3);
    held(
        with_batches(picture(&recording)),
        expect_file!["../diagrams/batches.txt"],
        expect_file!["../diagrams/batches.json"],
    );
    assert_eq!(recording.total_ms, 200.0);
}

#[tokio::test(start_paused = true)]
async fn five_items_through_a_window_of_3_take_200_ms() {
    let recording = record!(pool::window::run, 5, 3);
    held(
        picture(&recording),
        expect_file!["../diagrams/window.txt"],
        expect_file!["../diagrams/window.json"],
    );
    assert_eq!(recording.total_ms, 200.0);
}
