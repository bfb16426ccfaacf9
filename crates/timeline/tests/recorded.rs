//! Recording a run, and a run for every combination of a sweep's parameters.

use std::time::Duration;

use timeline::{Parameter, Recording, Sweep, Timeline, record};
use tokio::time::sleep;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[tokio::test(start_paused = true)]
async fn a_recording_starts_with_the_run_and_ends_with_it() {
    sleep(ms(50)).await;
    let recording = record(async |timeline| {
        let still_running = timeline.clone();
        tokio::spawn(async move { still_running.span("left behind", sleep(ms(300))).await });
        timeline.span("awaited", sleep(ms(100))).await;
    })
    .await;
    assert_eq!(recording.total_ms, 100.0);
    let spans: Vec<_> = recording
        .spans
        .iter()
        .map(|span| (span.name.as_str(), span.end))
        .collect();
    assert_eq!(
        spans,
        [
            ("awaited", diagram::End::Finished),
            ("left behind", diagram::End::Unfinished)
        ]
    );
}

const DURATIONS: [u64; 3] = [100, 200, 300];

/// Returns a sweep over a limit of 1 or 2 and three durations.
fn limits_and_durations() -> Sweep {
    Sweep::over([
        Parameter::new("Limit", 1..=2),
        Parameter::new("Duration", DURATIONS.map(|ms| format!("{ms} ms"))),
    ])
}

/// Returns each run's variant, position and total time.
fn runs(sweep: &Sweep) -> Vec<(&str, [Option<usize>; 2], f64)> {
    let runs = sweep.runs.iter();
    runs.map(|run| {
        (
            &run.variant[..],
            run.at[..].try_into().unwrap(),
            run.total_ms,
        )
    })
    .collect()
}

#[tokio::test(start_paused = true)]
async fn a_sweep_records_every_combination() {
    let mut sweep = limits_and_durations();
    let run = async |[limit, duration]: [usize; 2], timeline: Timeline| {
        for _ in limit..2 {
            timeline.span("Item", sleep(ms(DURATIONS[duration]))).await;
        }
    };
    sweep.record("window", run, Recording::gantt).await;
    sweep.show("picture", "window", [1, 0]);
    assert_eq!(
        runs(&sweep),
        [
            ("window", [Some(0), Some(0)], 200.0),
            ("window", [Some(0), Some(1)], 400.0),
            ("window", [Some(0), Some(2)], 600.0),
            ("window", [Some(1), Some(0)], 100.0),
            ("window", [Some(1), Some(1)], 200.0),
            ("window", [Some(1), Some(2)], 300.0),
        ]
    );
    assert_eq!(sweep.parameters[0].values, ["1", "2"]);
    assert_eq!(sweep.pictures["picture"].at, [1, 0]);
    assert_eq!(sweep.check(), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_parameter_that_changes_nothing_is_left_out_of_the_runs() {
    let mut sweep = limits_and_durations();
    let run = async |[_, duration]: [usize; 2], timeline: Timeline| {
        timeline.span("Item", sleep(ms(DURATIONS[duration]))).await;
    };
    sweep.record("sequential", run, Recording::gantt).await;
    // The same for two durations of three: the runs still depend on the duration.
    let run = async |[limit, duration]: [usize; 2], timeline: Timeline| {
        let longer = if duration == 2 { 0 } else { limit as u64 };
        timeline.span("Item", sleep(ms(100 + longer))).await;
    };
    sweep.record("window", run, Recording::gantt).await;
    sweep
        .record("nothing", async |[_, _], _| {}, Recording::gantt)
        .await;
    assert_eq!(
        runs(&sweep),
        [
            ("sequential", [None, Some(0)], 100.0),
            ("sequential", [None, Some(1)], 200.0),
            ("sequential", [None, Some(2)], 300.0),
            ("window", [Some(0), Some(0)], 100.0),
            ("window", [Some(0), Some(1)], 100.0),
            ("window", [Some(0), Some(2)], 100.0),
            ("window", [Some(1), Some(0)], 101.0),
            ("window", [Some(1), Some(1)], 101.0),
            ("window", [Some(1), Some(2)], 100.0),
            ("nothing", [None, None], 0.0),
        ]
    );
    assert_eq!(sweep.check(), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_parameter_with_one_value_stays() {
    let mut sweep = Sweep::over([Parameter::new("Limit", [3])]);
    sweep
        .record("window", async |[_], _| {}, Recording::gantt)
        .await;
    assert_eq!(sweep.runs[0].at, [Some(0)]);
}

#[tokio::test]
#[should_panic(expected = "an index for each parameter")]
async fn a_run_takes_an_index_for_each_parameter() {
    let mut sweep = Sweep::over([Parameter::new("Limit", [3])]);
    sweep
        .record("window", async |[_, _], _| {}, Recording::gantt)
        .await;
}
