//! Draws the talk's picture, and the timelines of the strategies, from runs in virtual time.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use apiserver::{Cluster, Fault, Faults, Rule, When};
use diagram::{Block, Flow, Gantt, Node, Row, assert_snapshot};
use hibernation::{Answer, Counts, Limits, Reason, Report, Resource, Strategy, error_as_no};
use http::Request;
use kube::Client;
use kube::client::Body;
use rate_limiting::{Rate, TokenBucket};
use timeline::{Parameter, Recording, Sweep, Timeline, record};
use tokio::time::{Instant, sleep_until};

mod talk;

use talk::{LATENCY, LIMITS, resources};

/// What a request asks for: `web-01`, or for a list `deployments`.
fn name(request: &Request<Body>) -> String {
    let path = request.uri().path();
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

/// Returns a client that records each call.
fn recorded_by(timeline: &Timeline, client: Client) -> Client {
    let timeline = timeline.clone();
    let service = tower::service_fn(move |request: Request<Body>| {
        let (client, timeline) = (client.clone(), timeline.clone());
        async move {
            let name = name(&request);
            timeline.span(&name, client.send(request)).await
        }
    });
    Client::new(service, "default")
}

/// Records a check of some resources.
async fn recorded(
    strategy: Strategy,
    resources: &[Resource],
    faults: Faults,
    limits: Limits,
) -> (Recording, Report) {
    let mut report = None;
    let recording = record(async |timeline| {
        let (_, client) = talk::cluster(faults);
        let client = recorded_by(&timeline, client);
        report = Some(
            strategy
                .check(&client, resources, limits, Arc::default())
                .await,
        );
    });
    (recording.await, report.expect("the check returned"))
}

/// Records a check of the talk's resources. Returns its recording and its picture.
async fn of_the_talk(strategy: Strategy) -> (Recording, Gantt) {
    let faults = Faults::latency(LATENCY);
    let (recording, report) = recorded(strategy, &resources(), faults, LIMITS).await;
    assert_eq!((report.can_be_hibernated(), report.hibernated()), (85, 42));
    let mut gantt = recording.gantt();
    let calls = recording.spans.len();
    assert_eq!(calls as u64, report.tries);
    gantt.notes.push(format!(
        "Calls: {calls}, most in flight: {}",
        recording.most_in_flight()
    ));
    (recording, gantt)
}

#[tokio::test(start_paused = true)]
async fn a_hundred_calls_one_after_another_take_5000_ms() {
    let (recording, gantt) = of_the_talk(Strategy::Sequential).await;
    assert_eq!(recording.total_ms, 5_000.0);
    assert_snapshot!("sequential", gantt.elide(4, 2));
}

#[tokio::test(start_paused = true)]
async fn a_hundred_calls_in_batches_of_ten_take_500_ms() {
    let (recording, gantt) = of_the_talk(Strategy::Batches).await;
    assert_eq!(recording.total_ms, 500.0);
    assert_snapshot!("batches", gantt.elide(12, 2));
}

#[tokio::test(start_paused = true)]
async fn a_hundred_calls_through_a_window_of_ten_take_500_ms() {
    let (recording, _) = of_the_talk(Strategy::Window).await;
    assert_eq!(recording.total_ms, 500.0);
}

#[tokio::test(start_paused = true)]
async fn six_lists_take_50_ms() {
    let (recording, gantt) = of_the_talk(Strategy::Listed).await;
    assert_eq!((recording.total_ms, recording.spans.len()), (50.0, 6));
    assert_snapshot!("listed", gantt);
}

/// The talk's picture: everything in a box is from the run.
#[tokio::test(start_paused = true)]
async fn the_talks_picture_is_drawn_from_a_run() {
    let all = resources();
    let faults = Faults::latency(LATENCY);
    let (recording, report) = recorded(Strategy::Batches, &all, faults, LIMITS).await;
    let mut kinds: Vec<(String, usize)> = Vec::new();
    for resource in &all {
        match kinds.last_mut() {
            Some((kind, count)) if *kind == resource.kind.kind => *count += 1,
            _ => kinds.push((resource.kind.kind.clone(), 1)),
        }
    }
    let kinds: Vec<String> = kinds
        .iter()
        .map(|(kind, count)| format!("{count} {kind}s"))
        .collect();
    let found = Block::titled(format!("{} resources", all.len())).text(format!(
        "{}\n{}",
        kinds[..3].join(", "),
        kinds[3..].join(", ")
    ));
    let mut batches: Vec<(f64, f64, usize)> = Vec::new();
    for span in &recording.spans {
        match batches.last_mut() {
            Some((start, _, calls)) if *start == span.start_ms => *calls += 1,
            _ => batches.push((span.start_ms, span.end_ms, 1)),
        }
    }
    let last = batches.len();
    assert_eq!(last, 10);
    let batch = |number: usize| {
        let (start, end, calls) = batches[number - 1];
        let answers = &report.answers[(number - 1) * 10..number * 10];
        let counts: Counts = answers.iter().map(|(_, answer)| answer.counts()).sum();
        let text = format!(
            "Batch {number}\n{calls} calls\n{start} to {end} ms\n\nTally::add\ncan be: {}\nhibernated: {}",
            counts.can_be_hibernated, counts.hibernated
        );
        Node::new(format!("batch {number}"), text)
    };
    let shown = [1, 2, last];
    let names: Vec<String> = shown.map(|number| format!("batch {number}")).into();
    let names = || names.iter().map(String::as_str);
    let cannot = |matches: fn(&Reason) -> bool| {
        let answers = report.answers.iter().map(|(_, answer)| answer);
        answers
            .filter(|answer| matches!(answer, Answer::CannotBe(reason) if matches(reason)))
            .count()
    };
    let tally = Block::titled("Tally::counts").text(format!(
        "can be hibernated: {}\nhibernated: {}\n\nbelong to a controller: {}\nhave no replicas: {}",
        report.can_be_hibernated(),
        report.hibernated(),
        cannot(|reason| matches!(reason, Reason::Owned { .. })),
        cannot(|reason| *reason == Reason::NoReplicas),
    ));
    let flow = Flow::new()
        .layer([Node::new("found", found)])
        .layer(shown.map(batch))
        .layer([Node::new("tally", tally)])
        .layer([Node::new("status", format!("Status\n{}", report.status()))])
        .fan_out("found", names())
        .fan_in(names(), "tally")
        .arrow("tally", "status")
        .note(format!("Batches 3 to {} are left out.", last - 1))
        .note(format!(
            "{} calls took {} ms.",
            recording.spans.len(),
            recording.total_ms
        ));
    assert_snapshot!("flow", flow);
}

/// In production: one workload is hibernated, and the call for the other one fails.
#[tokio::test(start_paused = true)]
async fn an_error_that_counts_as_a_no_is_a_wrong_status() {
    let running: Vec<Resource> = resources()
        .into_iter()
        .filter(|resource| ["web-01", "web-40"].contains(&resource.name.as_str()))
        .collect();
    let rule = Rule {
        fault: Fault::Error(500),
        when: When::Always,
        method: None,
        path: "/web-40".to_owned(),
    };
    let faults = Faults {
        rules: vec![rule],
        ..Faults::latency(LATENCY)
    };
    let (_, report) = recorded(Strategy::Window, &running, faults, LIMITS).await;
    let [broken, fixed] = [error_as_no::counts, Answer::counts].map(|counts| {
        report
            .answers
            .iter()
            .map(|(_, answer)| counts(answer))
            .sum::<Counts>()
    });
    assert_eq!(fixed, report.counts);
    let call = |(number, (resource, answer)): (usize, &(Resource, Answer))| {
        let answer = answer.to_string();
        let answer = answer
            .replace("unknown: ", "unknown:\n")
            .replace(": 500", ":\n500");
        let answer = answer.replace(", ", ",\n");
        Node::new(
            number.to_string(),
            format!("GET {}\n\n{answer}", resource.name),
        )
    };
    let counted = |name: &str, counts: Counts| {
        let words = counts.to_string().replace(", ", ",\n");
        Node::new(name, format!("{name}\n\n{words}\n↓\n{}", counts.status()))
    };
    let flow = Flow::new()
        .layer(report.answers.iter().enumerate().map(call))
        .layer([
            counted("error_as_no::counts", broken),
            counted("Answer::counts", fixed),
        ])
        .fan_out("0", ["error_as_no::counts", "Answer::counts"])
        .fan_out("1", ["error_as_no::counts", "Answer::counts"]);
    assert_snapshot!("error-as-no", flow);
}

/// Returns a client that waits for a token before each call, as client-go's does by default.
fn throttled(client: Client) -> Client {
    let burst = NonZeroU32::new(10).unwrap();
    let bucket = Arc::new(TokenBucket::new(
        Rate::per_second(NonZeroU32::new(5).unwrap()),
        burst,
    ));
    let start = Instant::now();
    let service = tower::service_fn(move |request: Request<Body>| {
        let (client, bucket) = (client.clone(), bucket.clone());
        async move {
            let at = bucket.take_at(start.elapsed()).expect("no overflow");
            sleep_until(start + at).await;
            client.send(request).await
        }
    });
    Client::new(service, "default")
}

/// client-go admits 5 requests a second, after a burst of 10, unless it is told otherwise.
#[tokio::test(start_paused = true)]
async fn a_throttle_takes_18_s_whatever_the_pool() {
    let mut lines = Vec::new();
    for strategy in [
        Strategy::Sequential,
        Strategy::Batches,
        Strategy::Window,
        Strategy::Listed,
    ] {
        let (cluster, client) = talk::cluster(Faults::latency(LATENCY));
        let start = Instant::now();
        strategy
            .check(&throttled(client), &resources(), LIMITS, Arc::default())
            .await;
        let (calls, took) = (cluster.requests().total(), start.elapsed().as_millis());
        lines.push(format!("{strategy:<12} {calls:>4} calls {took:>7} ms\n"));
    }
    assert_snapshot!("throttled", lines.concat());
}

/// How long each call takes in the slider's pictures, in milliseconds.
const LATENCIES: [(&str, std::ops::RangeInclusive<u64>); 3] = [
    ("50 ms each", 50..=50),
    ("20 to 80 ms", 20..=80),
    ("0 to 200 ms", 0..=200),
];
const IN_FLIGHT: [usize; 4] = [1, 2, 5, 10];

fn uneven(latency: usize) -> Faults {
    let range = &LATENCIES[latency].1;
    Faults {
        latency: Duration::from_millis(*range.start())..=Duration::from_millis(*range.end()),
        ..Faults::default()
    }
}

/// Every fifth of the talk's resources.
fn twenty() -> Vec<Resource> {
    resources().into_iter().step_by(5).collect()
}

/// In the order of the resources, and of the kinds.
fn in_order(recording: &Recording) -> Gantt {
    let names: Vec<String> = twenty().into_iter().map(|resource| resource.name).collect();
    let place = |row: &Row| match row {
        Row::Bars { label, .. } => names.iter().position(|name| name == label),
        _ => None,
    };
    let mut gantt = recording.gantt();
    gantt.rows.sort_by_key(place);
    gantt
}

/// Records three strategies for every number of calls in flight and all latencies: for the page's sliders.
#[tokio::test(start_paused = true)]
async fn every_number_in_flight_and_every_latency() {
    let mut sweep = Sweep::over([
        Parameter::new("In flight", IN_FLIGHT),
        Parameter::new("A call takes", LATENCIES.map(|(words, _)| words)),
    ]);
    let mut took = Vec::new();
    for strategy in [Strategy::Batches, Strategy::Window, Strategy::Listed] {
        let run = async |[in_flight, latency]: [usize; 2], timeline: Timeline| {
            let (_, client) = talk::cluster(uneven(latency));
            let client = recorded_by(&timeline, client);
            let limits = Limits {
                in_flight: NonZeroUsize::new(IN_FLIGHT[in_flight]).unwrap(),
                ..LIMITS
            };
            let report = strategy
                .check(&client, &twenty(), limits, Arc::default())
                .await;
            assert_eq!(report.unknown().count(), 0);
        };
        let name = format!("uneven-{strategy}");
        sweep.record(&name, run, in_order).await;
        sweep.show(&name, &name, [2, 2]);
        let limits = Limits {
            in_flight: NonZeroUsize::new(5).unwrap(),
            ..LIMITS
        };
        let (recording, _) = recorded(strategy, &twenty(), uneven(2), limits).await;
        assert_snapshot!(&name, in_order(&recording));
        took.push(recording.total_ms);
    }
    assert!(took[0] > took[1] && took[1] > took[2], "{took:?}");
    assert_snapshot!("sweep", sweep);
}

/// What the pictures take for granted: a call of the server takes its latency, and nothing else.
#[tokio::test(start_paused = true)]
async fn a_call_takes_its_latency() {
    let (cluster, client): (Cluster, Client) = talk::cluster(Faults::latency(LATENCY));
    let start = Instant::now();
    client.apiserver_version().await.unwrap();
    assert_eq!((start.elapsed(), cluster.requests().total()), (LATENCY, 1));
}
