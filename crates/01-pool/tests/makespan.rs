//! The total time of a pool, in virtual time: against list scheduling, and batches against a window.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::num::NonZeroUsize;
use std::time::Duration;

use diagram::{Bar, Bars, Gantt, Measurement, Row, assert_snapshot};
use oorandom::Rand64;
use pool::workload::Workload;
use timeline::{Parameter, Recording, Sweep, record};
use tokio::time::{Instant, sleep};

#[path = "variants/mod.rs"]
mod variants;

use variants::{Item, Work};

const ITEMS: usize = 100;
const LIMIT: NonZeroUsize = NonZeroUsize::new(10).unwrap();
const LIMITS: [usize; 3] = [5, LIMIT.get(), 20];

/// The total time under list scheduling: each item, in order, goes to the worker that is free first.
fn list_schedule(durations: &[Duration], limit: usize) -> Duration {
    let mut free_at = BinaryHeap::from(vec![Reverse(Duration::ZERO); limit]);
    for duration in durations {
        let Reverse(start) = free_at.pop().unwrap();
        free_at.push(Reverse(start + *duration));
    }
    free_at.into_iter().map(|Reverse(end)| end).max().unwrap()
}

async fn took<R>(run: impl Future<Output = R>) -> Duration {
    let start = Instant::now();
    run.await;
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_window_takes_exactly_as_long_as_list_scheduling() {
    let mut random = Rand64::new(7);
    for workload in 0..10_000 {
        let items = random.rand_range(0..16) as usize;
        let limit = NonZeroUsize::new(random.rand_range(1..6) as usize).unwrap();
        let durations: Vec<Duration> = (0..items)
            .map(|_| Duration::from_millis(random.rand_range(1..40)))
            .collect();
        let expected = list_schedule(&durations, limit.get());
        let window = took(pool::window::run(durations.clone(), limit, sleep)).await;
        assert_eq!(
            window, expected,
            "workload {workload}: {durations:?} by {limit}"
        );
    }
}

/// The time that batches take, divided by the time that a window takes.
async fn ratio(durations: &[Duration], limit: NonZeroUsize) -> f64 {
    let batches = took(pool::batches::run(durations.to_vec(), limit, sleep)).await;
    let window = took(pool::window::run(durations.to_vec(), limit, sleep)).await;
    batches.as_secs_f64() / window.as_secs_f64()
}

/// The ratios of 1,000 seeds, from the smallest to the largest, each with its seed.
async fn ratios(workload: Workload) -> Vec<(f64, u64)> {
    let mut ratios = Vec::new();
    for seed in 0..1_000 {
        ratios.push((ratio(&workload.durations(ITEMS, seed), LIMIT).await, seed));
    }
    ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
    ratios
}

/// The recording with one row per slot. An item goes to the first slot that is free when it starts.
fn by_slot(recording: &Recording) -> Gantt {
    let mut slots: Vec<Vec<Bar>> = Vec::new();
    for span in &recording.spans {
        let bar = Bar {
            label: None,
            ..Bar::finished(span.start_ms, span.end_ms)
        };
        let free = slots
            .iter_mut()
            .find(|bars| bars.last().unwrap().end_ms <= span.start_ms);
        match free {
            Some(bars) => bars.push(bar),
            None => slots.push(vec![bar]),
        }
    }
    let rows = slots
        .into_iter()
        .enumerate()
        .map(|(index, bars)| Row::Bars {
            label: format!("Slot {}", index + 1),
            bars,
        });
    Gantt {
        title: None,
        rows: rows.collect(),
        notes: Vec::new(),
    }
}

/// Draws the variant's run of the last workload by 10, and adds its runs of all workloads by all limits to the sweep.
async fn add(
    sweep: &mut Sweep,
    name: &str,
    variant: impl AsyncFn(Vec<Item>, NonZeroUsize, Work) -> Vec<String>,
    seed: u64,
) {
    let run = async |[limit, workload]: [usize; 2], timeline| {
        let durations = Workload::ALL[workload].durations(ITEMS, seed);
        variants::run(&variant, durations, LIMITS[limit], timeline).await;
    };
    let shown = [1, Workload::ALL.len() - 1];
    let picture = format!("stragglers-{name}");
    let stragglers = record(async |timeline| run(shown, timeline).await).await;
    assert_snapshot!(&picture, by_slot(&stragglers));
    sweep.record(name, run, by_slot).await;
    sweep.show(&picture, name, shown);
}

#[tokio::test(start_paused = true)]
async fn batches_take_longer_the_more_uneven_the_items_are() {
    let talk = vec![Duration::from_millis(100); 5];
    let talk = ratio(&talk, NonZeroUsize::new(3).unwrap()).await;
    let mut rows = vec![Measurement::new("the talk's five items", talk)];
    let mut median_seed = 0;
    for workload in Workload::ALL {
        let ratios = ratios(workload).await;
        // The run of the last workload with this seed is drawn below.
        median_seed = ratios[500].1;
        let (low, median, high) = (ratios[0].0, ratios[500].0, ratios[999].0);
        rows.push(Measurement::new(workload.to_string(), median).between(low, high));
    }
    assert_eq!(rows[0].value, 1.0);
    assert_eq!(rows[1].value, 1.0);
    let bars = Bars {
        title: Some("Batches' time as a multiple of a window's".to_owned()),
        unit: String::new(),
        rows,
        baseline: None,
        notes: vec![
            "100 items by 10; the median of 1,000 seeds (the smallest to the largest)".into(),
        ],
    };
    assert_snapshot!("batches-or-window", bars);

    // These workloads with other limits, for the page's slider.
    let mut sweep = Sweep::over([
        Parameter::new("Limit", LIMITS),
        Parameter::new("Durations", Workload::ALL),
    ]);
    add(&mut sweep, "batches", pool::batches::run, median_seed).await;
    add(&mut sweep, "window", pool::window::run, median_seed).await;
    assert_snapshot!("stragglers-sweep", sweep);
}
