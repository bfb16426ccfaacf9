//! How spans begin, end, nest and draw.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use diagram::End;
use expect_test::expect;
use timeline::{Recording, Timeline};
use tokio::time::{sleep, timeout};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn ends(recording: &Recording) -> Vec<(&str, f64, f64, End)> {
    recording
        .spans
        .iter()
        .map(|span| (span.name.as_str(), span.start_ms, span.end_ms, span.end))
        .collect()
}

async fn two_and_one() -> Recording {
    let timeline = Timeline::start();
    tokio::join!(
        timeline.span("first", sleep(ms(100))),
        timeline.span("second", sleep(ms(250))),
        async {
            sleep(ms(100)).await;
            timeline.span("third", sleep(ms(50))).await;
        },
    );
    timeline.record()
}

#[tokio::test(start_paused = true)]
async fn spans_are_exact_in_whole_milliseconds() {
    let recording = two_and_one().await;
    assert_eq!(
        ends(&recording),
        [
            ("first", 0.0, 100.0, End::Finished),
            ("second", 0.0, 250.0, End::Finished),
            ("third", 100.0, 150.0, End::Finished),
        ]
    );
    // The third begins when the first ends: never three at once.
    assert_eq!(recording.most_in_flight(), 2);
    expect![[r#"
        Time →   0ms         50ms        100ms       150ms       200ms       250ms
        first    [██████████████████████]
        second   [██████████████████████████████████████████████████████████]
        third                            [██████████]
        Total: 250ms
    "#]]
    .assert_eq(&recording.gantt().to_string());
}

#[test]
fn the_same_run_draws_the_same_bytes() {
    let draw = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let recording = runtime.block_on(two_and_one());
        (
            recording.gantt().to_string(),
            serde_json::to_string(&recording).unwrap(),
        )
    };
    let first = draw();
    for _ in 1..100 {
        assert_eq!(draw(), first);
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_future_is_cut_off_and_one_that_runs_is_unfinished() {
    let timeline = Timeline::start();
    let running = tokio::spawn(timeline.span("running", pending::<()>()));
    timeout(ms(80), timeline.span("dropped", pending::<()>()))
        .await
        .unwrap_err();
    drop(timeline.span("never polled", sleep(ms(10))));
    sleep(ms(40)).await;
    let recording = timeline.record();
    running.abort();
    let mut ends = ends(&recording);
    ends.sort_by_key(|(name, ..)| *name);
    assert_eq!(
        ends,
        [
            ("dropped", 0.0, 80.0, End::CutOff),
            ("running", 0.0, 120.0, End::Unfinished)
        ]
    );
    expect![[r#"
        Time →    0ms       20ms      40ms      60ms      80ms      100ms     120ms
        dropped   [██████████████████████████████████████×
        running   [██████████████████████████████████████████████████████████→
        Total: 120ms
    "#]]
    .assert_eq(&recording.gantt().to_string());
}

#[tokio::test(start_paused = true)]
async fn a_span_within_a_span_is_its_child() {
    let timeline = Timeline::start();
    let page = async {
        tokio::join!(
            timeline.span("query", sleep(ms(60))),
            timeline.span("render", async {
                sleep(ms(30)).await;
                timeline.span("template", sleep(ms(20))).await;
            }),
        );
    };
    tokio::join!(
        timeline.span("page", page),
        timeline.span("other", sleep(ms(90)))
    );
    let recording = timeline.record();
    // What waits for its children is not in flight itself: query, template (or render), other.
    assert_eq!(recording.most_in_flight(), 3);
    expect![[r#"
        Time →         0ms         20ms        40ms        60ms        80ms
        page           [██████████████████████████████████]
          query        [██████████████████████████████████]
          render       [████████████████████████████]
            template                     [██████████]
        other          [████████████████████████████████████████████████████]
        Total: 90ms
    "#]]
    .assert_eq(&recording.gantt().to_string());
}

#[tokio::test(start_paused = true)]
async fn a_panic_cuts_off_and_spoils_nothing() {
    let timeline = Timeline::start();
    let task = tokio::spawn(timeline.span("panics", async {
        sleep(ms(20)).await;
        panic!("on purpose");
    }));
    task.await.unwrap_err();
    timeline.span("after", sleep(ms(10))).await;
    let recording = timeline.record();
    assert_eq!(
        ends(&recording),
        [
            ("panics", 0.0, 20.0, End::CutOff),
            ("after", 20.0, 30.0, End::Finished)
        ]
    );
    assert!(recording.spans.iter().all(|span| span.parent.is_none()));
}

#[test]
fn threads_enter_spans() {
    let timeline = Timeline::start();
    std::thread::scope(|scope| {
        for worker in 1..=2 {
            let timeline = &timeline;
            scope.spawn(move || drop(timeline.enter(format!("worker {worker}"))));
        }
    });
    catch_unwind(AssertUnwindSafe(|| {
        let _entered = timeline.enter("unwinds");
        panic!("on purpose");
    }))
    .unwrap_err();
    let recording = timeline.record();
    let ends: Vec<_> = recording.spans.iter().map(|span| span.end).collect();
    assert_eq!(ends, [End::Finished, End::Finished, End::CutOff]);
}
