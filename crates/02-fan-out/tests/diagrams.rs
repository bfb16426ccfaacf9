//! Draws the talk's picture and the timelines of the variants from runs in virtual time.

use std::time::Duration;

use diagram::{Block, Flow, Node, assert_snapshot};
use fan_out::hedged::Hedged;
use fan_out::{Page, Part};
use timeline::{Parameter, Recording, Sweep, Timeline, record};

mod services;

use services::Reply::{Answers, Hangs};
use services::{Services, answered, ms, page_with_cd, ready};

/// The patience of the pages in the pictures.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a service may take before it is asked again, in the pictures.
const DELAY: Duration = Duration::from_millis(320);

/// Records a variant's page.
async fn recorded(
    variant: impl AsyncFnOnce(&Services, Duration) -> Page,
    services: Services,
) -> (Recording, Page) {
    let mut page = None;
    let recording = record(async |timeline| {
        let services = services.recorded(&timeline);
        page = Some(answered(variant(&services, PATIENCE)).await);
    });
    (recording.await, page.expect("the variant returned"))
}

/// Draws a variant's page for the talk's services. Returns how long it took, in milliseconds.
async fn drawn(name: &str, variant: impl AsyncFnOnce(&Services, Duration) -> Page) -> f64 {
    let (recording, page) = recorded(variant, Services::of_the_talk()).await;
    assert_eq!(page, page_with_cd(ready("CD status")));
    assert_snapshot!(name, recording.gantt());
    recording.total_ms
}

#[tokio::test(start_paused = true)]
async fn sequential_takes_650_ms() {
    assert_eq!(drawn("sequential", fan_out::sequential::page).await, 650.0);
}

#[tokio::test(start_paused = true)]
async fn joined_takes_300_ms() {
    assert_eq!(drawn("joined", fan_out::joined::page).await, 300.0);
}

#[tokio::test(start_paused = true)]
async fn spawned_takes_300_ms() {
    assert_eq!(drawn("spawned", fan_out::spawned::page).await, 300.0);
}

async fn hedged(services: &Services, patience: Duration) -> Page {
    Hedged { delay: DELAY }.page(services, patience).await
}

#[tokio::test(start_paused = true)]
async fn hedged_takes_300_ms_if_no_service_is_slow() {
    let (recording, _) = recorded(hedged, Services::of_the_talk()).await;
    assert_eq!((recording.total_ms, recording.spans.len()), (300.0, 3));
}

/// The first request meets a replica of the CD service that is slow today. The second goes to another one, which takes
/// the usual 300 ms.
#[tokio::test(start_paused = true)]
async fn hedged_takes_620_ms_if_the_first_request_would_take_900() {
    let services = Services::with_cd([Answers { after_ms: 900 }, Answers { after_ms: 300 }]);
    let (recording, page) = recorded(hedged, services.clone()).await;
    assert_eq!(page, page_with_cd(ready("CD status")));
    assert_eq!(recording.total_ms, 620.0);
    let (joined, _) = recorded(
        fan_out::joined::page,
        Services::with_cd([Answers { after_ms: 900 }]),
    )
    .await;
    let mut gantt = recording.gantt();
    let saved = joined.total_ms - recording.total_ms;
    gantt.notes.push(format!(
        "Without the second request: {}ms, {saved}ms later",
        joined.total_ms
    ));
    assert_snapshot!("hedged", gantt);
}

/// A service that hangs costs the page its patience, and one part.
#[tokio::test(start_paused = true)]
async fn a_late_part_is_dropped_at_the_patience() {
    let (recording, page) = recorded(fan_out::joined::page, Services::with_cd([Hangs])).await;
    assert_eq!(page, page_with_cd(Part::Late));
    let mut gantt = recording.gantt();
    for (name, part) in page.parts() {
        let words = match part {
            Part::Ready(_) => "ready".to_owned(),
            part => part.to_string(),
        };
        gantt.notes.push(format!("{name}   {words}"));
    }
    assert_snapshot!("late", gantt);
}

/// The talk's picture, with the count, the durations and the sums of two runs.
#[tokio::test(start_paused = true)]
async fn the_talks_picture_is_drawn_from_two_runs() {
    let (one_by_one, _) = recorded(fan_out::sequential::page, Services::of_the_talk()).await;
    let (at_once, page) = recorded(fan_out::spawned::page, Services::of_the_talk()).await;
    let names = ["ci", "cd", "user"];
    let fetches = &at_once.spans;
    let took: Vec<f64> = fetches
        .iter()
        .map(|span| span.end_ms - span.start_ms)
        .collect();
    let fetch = |(index, name): (usize, &str)| {
        let text = format!("Fetch\n{}\n({} ms)", fetches[index].name, took[index]);
        Node::new(name, text)
    };
    let parts = page.parts().map(|(name, part)| match part {
        Part::Ready(_) => format!("{name} ✓"),
        part => format!("{name} × {part}"),
    });
    let listed = took.iter().map(f64::to_string).collect::<Vec<_>>();
    let sum: f64 = took.iter().sum();
    let slowest = took.iter().copied().fold(0.0, f64::max);
    // What is written below the picture is what the two runs took.
    assert_eq!((sum, slowest), (one_by_one.total_ms, at_once.total_ms));
    assert_eq!((sum, slowest), (650.0, 300.0));

    let tasks = format!("JoinSet\n{} tasks", at_once.most_in_flight());
    let flow = Flow::new()
        .layer([Node::new("request", "Request\n(handler)")])
        .layer([Node::new("set", tasks)])
        .layer(names.into_iter().enumerate().map(fetch))
        .layer([Node::new(
            "wait",
            Block::from("join_next()\nuntil no task is left").centred(),
        )])
        .layer([Node::new(
            "page",
            Block::titled("Page").text(parts.join("\n")),
        )])
        .layer([Node::new("response", "Response")])
        .arrow("request", "set")
        .fan_out("set", names)
        .fan_in(names, "wait")
        .chain(["wait", "page", "response"])
        .note(format!("Sequential: {} = {sum} ms", listed.join(" + ")))
        .note(format!(
            "Concurrent: max({}) = {slowest} ms, {:.1} times faster",
            listed.join(", "),
            sum / slowest
        ));
    assert_snapshot!("fan-out", flow);
}

const CD_MS: [u64; 6] = [100, 200, 300, 400, 500, 700];
const PATIENCE_MS: [u64; 3] = [240, 480, 1_000];

/// Adds the variant's pages to the sweep. `expected` gets the CD service's time and returns how long the page takes if
/// its patience doesn't end first. The picture with the variant's name shows the values of the talk.
async fn add(
    sweep: &mut Sweep,
    name: &str,
    variant: impl AsyncFn(&Services, Duration) -> Page,
    expected: fn(u64) -> u64,
) {
    let run = async |[cd, patience]: [usize; 2], timeline: Timeline| {
        let (after_ms, patience_ms) = (CD_MS[cd], PATIENCE_MS[patience]);
        let services = Services::with_cd([Answers { after_ms }]).recorded(&timeline);
        variant(&services, ms(patience_ms)).await;
        // An aborted task ends when it is polled next.
        tokio::task::yield_now().await;
        let took = timeline.record().total_ms;
        assert_eq!(took, expected(after_ms).min(patience_ms) as f64);
    };
    sweep.record(name, run, Recording::gantt).await;
    sweep.show(name, name, [2, 2]);
}

/// Records the first three variants for every time of the CD service and every patience: for the page's sliders.
#[tokio::test(start_paused = true)]
async fn every_variant_for_every_time_of_the_cd_service() {
    let values = |all: &[u64]| all.iter().map(|it| format!("{it} ms")).collect::<Vec<_>>();
    let mut sweep = Sweep::over([
        Parameter::new("CD status takes", values(&CD_MS)),
        Parameter::new("Patience", values(&PATIENCE_MS)),
    ]);
    let slowest = |cd_ms: u64| cd_ms.max(200);
    add(
        &mut sweep,
        "sequential",
        fan_out::sequential::page,
        |cd_ms| cd_ms + 350,
    )
    .await;
    add(&mut sweep, "joined", fan_out::joined::page, slowest).await;
    add(&mut sweep, "spawned", fan_out::spawned::page, slowest).await;
    assert_snapshot!("sweep", sweep);
}

const DELAYS_MS: [u64; 3] = [120, 320, 500];
const FIRST_MS: [u64; 3] = [300, 600, 900];

/// Records the hedged page for every delay and every time of the first request to the CD service.
#[tokio::test(start_paused = true)]
async fn the_hedged_page_for_every_delay() {
    let values = |all: &[u64]| all.iter().map(|it| format!("{it} ms")).collect::<Vec<_>>();
    let mut sweep = Sweep::over([
        Parameter::new("Asked again after", values(&DELAYS_MS)),
        Parameter::new("First CD request takes", values(&FIRST_MS)),
    ]);
    let run = async |[delay, first]: [usize; 2], timeline: Timeline| {
        let (delay_ms, after_ms) = (DELAYS_MS[delay], FIRST_MS[first]);
        let services = Services::with_cd([Answers { after_ms }, Answers { after_ms: 300 }]);
        let services = services.recorded(&timeline);
        let hedged = Hedged {
            delay: ms(delay_ms),
        };
        hedged.page(&services, PATIENCE).await;
        let took = timeline.record().total_ms;
        assert_eq!(took, after_ms.min(delay_ms + 300) as f64);
    };
    sweep.record("hedged", run, Recording::gantt).await;
    sweep.show("hedged", "hedged", [1, 2]);
    assert_snapshot!("hedged-sweep", sweep);
}
