//! How spans start, end, nest and are drawn.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use diagram::{Bar, End, Row};
use expect_test::expect;
use timeline::{Recording, SpanRecord, Timeline};
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
    // The third starts when the first ends, so three are never in flight together.
    assert_eq!(recording.most_in_flight(), 2);
    expect![[r#"
        Time →   0ms         50ms        100ms       150ms       200ms       250ms
        first    [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]
        second   [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]
        third                            [▆▆▆▆▆▆▆▆▆▆]
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
async fn a_dropped_future_is_cut_off_and_a_running_one_is_unfinished() {
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
        dropped   [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆×
        running   [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆→
        Total: 120ms
    "#]]
    .assert_eq(&recording.gantt().to_string());
}

#[tokio::test(start_paused = true)]
async fn a_span_inside_a_span_is_its_child() {
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
    // A parent doesn't count while a child runs. In flight are query, render or template, and other.
    assert_eq!(recording.most_in_flight(), 3);
    expect![[r#"
        Time →         0ms         20ms        40ms        60ms        80ms
        page           [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]
          query        [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]
          render       [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]
            template                     [▆▆▆▆▆▆▆▆▆▆]
        other          [▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆]
        Total: 90ms
    "#]]
    .assert_eq(&recording.gantt().to_string());
}

#[tokio::test(start_paused = true)]
async fn a_panic_cuts_its_span_off_and_leaves_the_timeline_usable() {
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
fn threads_can_enter_spans() {
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

#[tokio::test(start_paused = true)]
async fn every_whole_millisecond_is_exact() {
    let timeline = Timeline::start();
    for step in 0..2_000 {
        timeline.span(step.to_string(), sleep(ms(1))).await;
    }
    for (step, span) in timeline.record().spans.iter().enumerate() {
        assert_eq!(
            (span.start_ms, span.end_ms),
            (step as f64, (step + 1) as f64)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_loser_of_a_select_is_cut_off_when_the_winner_is_ready() {
    let timeline = Timeline::start();
    tokio::select! {
        () = timeline.span("fast", sleep(ms(30))) => {}
        () = timeline.span("slow", sleep(ms(90))) => {}
    }
    sleep(ms(10)).await;
    let recording = timeline.record();
    let mut ends = ends(&recording);
    // `select!` polls its branches in random order.
    ends.sort_by_key(|(name, ..)| *name);
    assert_eq!(
        ends,
        [
            ("fast", 0.0, 30.0, End::Finished),
            ("slow", 0.0, 30.0, End::CutOff)
        ]
    );
    assert_eq!(recording.total_ms, 30.0);
}

#[tokio::test(start_paused = true)]
async fn a_caught_panic_ends_its_span_immediately() {
    let timeline = Timeline::start();
    let mut span = Box::pin(timeline.span("outer", async {
        timeline.span("inner", async { panic!("on purpose") }).await
    }));
    let poll = std::future::poll_fn(|context| {
        let poll = catch_unwind(AssertUnwindSafe(|| span.as_mut().poll(context).is_ready()));
        std::task::Poll::Ready(poll.is_err())
    });
    assert!(poll.await);
    sleep(ms(50)).await;
    timeline.span("after", async {}).await;
    let recording = timeline.record();
    let expected = [
        ("outer", 0.0, 0.0, End::CutOff),
        ("inner", 0.0, 0.0, End::CutOff),
        ("after", 50.0, 50.0, End::Finished),
    ];
    assert_eq!(ends(&recording), expected);
    // The span that panicked is no longer a parent.
    assert_eq!(recording.spans[2].parent, None);
    drop(span);
}

#[tokio::test(start_paused = true)]
async fn a_child_that_is_dropped_ends_before_its_parent() {
    let timeline = Timeline::start();
    let parent = timeline.span("parent", timeline.span("child", pending::<()>()));
    timeout(ms(20), parent).await.unwrap_err();
    let recording = timeline.record();
    assert_eq!(recording.spans[1].parent, Some(0));
    assert!(
        recording
            .spans
            .iter()
            .all(|span| span.end == End::CutOff && span.end_ms == 20.0)
    );
    assert_eq!(recording.most_in_flight(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_spawned_task_and_a_span_of_another_timeline_are_not_children() {
    let (timeline, other) = (Timeline::start(), Timeline::start());
    let spawned = timeline.span("spawned", sleep(ms(10)));
    let elsewhere = other.span("elsewhere", sleep(ms(10)));
    let parent = async {
        elsewhere.await;
        tokio::spawn(spawned).await.unwrap();
        drop(timeline.enter("entered"));
    };
    timeline.span("parent", parent).await;
    let recording = timeline.record();
    let parents: Vec<_> = recording
        .spans
        .iter()
        .map(|span| (span.name.as_str(), span.parent))
        .collect();
    assert_eq!(
        parents,
        [("parent", None), ("spawned", None), ("entered", Some(0))]
    );
    assert_eq!(other.record().spans[0].parent, None);
}

#[tokio::test(start_paused = true)]
async fn a_parent_is_in_flight_while_none_of_its_children_are() {
    let timeline = Timeline::start();
    let alone = timeline.span("alone", async {
        sleep(ms(10)).await;
        timeline.span("child", sleep(ms(10))).await;
        sleep(ms(10)).await;
    });
    let early = timeline.span("early", sleep(ms(10)));
    tokio::join!(alone, early);
    assert_eq!(timeline.record().most_in_flight(), 2);

    let timeline = Timeline::start();
    timeline.span("instant", async {}).await;
    assert_eq!(timeline.record().most_in_flight(), 0);
    assert_eq!(Timeline::start().record().most_in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn spans_may_nest_deeply() {
    fn nest(timeline: &Timeline, depth: usize) -> std::pin::Pin<Box<dyn Future<Output = ()> + '_>> {
        Box::pin(async move {
            if depth > 0 {
                timeline.span("level", nest(timeline, depth - 1)).await;
            }
        })
    }
    let timeline = Timeline::start();
    nest(&timeline, 200).await;
    let rows = timeline.record().gantt().rows;
    assert_eq!(rows.len(), 200);
    let last = Row::Bars {
        label: format!("{}level", " ".repeat(398)),
        bars: vec![Bar::finished(0.0, 0.0)],
    };
    assert_eq!(rows[199], last);
}

#[test]
fn impossible_parents_in_a_deserialised_recording_are_ignored() {
    let span = |parent| SpanRecord {
        name: "x".into(),
        start_ms: 0.0,
        end_ms: 1.0,
        end: End::Finished,
        parent,
    };
    let parents = [Some(0), Some(2), Some(1), Some(usize::MAX), None];
    let recording = Recording {
        spans: parents.map(span).to_vec(),
        total_ms: 1.0,
    };
    assert_eq!(recording.gantt().rows.len(), 5);
    assert_eq!(recording.most_in_flight(), 4);

    let later = SpanRecord {
        start_ms: f64::NAN,
        ..span(None)
    };
    let recording = Recording {
        spans: vec![later, span(None)],
        total_ms: 1.0,
    };
    assert_eq!(recording.most_in_flight(), 1);
    assert!(recording.gantt().check().is_err());
}

#[test]
fn threads_can_share_a_timeline() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    shared::<Timeline>();
    let timeline = Timeline::start();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..100).for_each(|item| drop(timeline.enter(item.to_string()))));
        }
    });
    let recording = timeline.record();
    assert_eq!(recording.spans.len(), 400);
    assert!(
        recording
            .spans
            .iter()
            .all(|span| span.start_ms <= span.end_ms)
    );
    assert!(
        recording
            .spans
            .is_sorted_by(|a, b| a.start_ms <= b.start_ms)
    );
}

/// A span between two moments.
fn between(start_ms: f64, end_ms: f64, parent: Option<usize>) -> SpanRecord {
    SpanRecord {
        name: "x".into(),
        start_ms,
        end_ms,
        end: End::Finished,
        parent,
    }
}

#[test]
fn each_of_several_children_counts_and_their_parent_only_once_they_are_done() {
    let recording = Recording {
        spans: vec![
            between(0.0, 100.0, None),
            between(10.0, 50.0, Some(0)),
            between(20.0, 60.0, Some(0)),
            between(30.0, 40.0, Some(0)),
        ],
        total_ms: 100.0,
    };
    assert_eq!(recording.most_in_flight(), 3);
}

#[test]
fn a_child_that_outlives_its_parent_counts_once() {
    let recording = Recording {
        spans: vec![
            between(0.0, 10.0, None),
            between(5.0, 20.0, Some(0)),
            between(12.0, 30.0, Some(0)),
            between(40.0, 50.0, None),
        ],
        total_ms: 50.0,
    };
    assert_eq!(recording.most_in_flight(), 2);
}
