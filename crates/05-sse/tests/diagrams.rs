//! Draws the chapter's pictures: the broker from its source, what a broadcast did, what two encoders write, and two
//! runs in virtual time.

use std::sync::Arc;
use std::time::Duration;

use diagram::{Block, Drawing, Flow, Gantt, Node, assert_snapshot};
use futures::StreamExt;
use futures::stream::{BoxStream, unfold};
use sse::Options;
use sse::event::{Event, Message};
use timeline::{Parameter, Recording, Sweep, Timeline, record};
use tokio::time::{sleep, timeout};

#[path = "eventsource/mod.rs"]
mod eventsource;

/// The third client stalls at this event, counted from 1, where a picture lets it stall.
const STALLS_AT: usize = 1;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn options(buffer: usize) -> Options {
    Options {
        buffer,
        start: "run".to_owned(),
        ..Options::default()
    }
}

fn drawing(lines: &[String]) -> Drawing {
    let text = lines.join("\n") + "\n";
    Drawing { text }
}

/// Returns the part of the source between two lines.
fn part<'a>(source: &'a str, from: &str, to: &str) -> impl Iterator<Item = &'a str> {
    let lines = source.lines().skip_while(move |line| line.trim() != from);
    lines.skip(1).take_while(move |line| line.trim() != to)
}

/// Returns each call of the registry in the source, with the function that makes it: `Owner::drop: close()`.
fn registry_calls(source: &str) -> Vec<String> {
    let (mut of, mut function) = ("", "");
    let mut calls = Vec::new();
    for line in source.lines() {
        if let Some(rest) = line.strip_prefix("impl ") {
            let name = rest.rsplit(" for ").next().unwrap();
            of = name.split([' ', '<']).next().unwrap();
        }
        if let Some((_, rest)) = line.split_once("fn ") {
            function = rest.split(['(', '<']).next().unwrap();
        }
        if let Some((_, call)) = line.split_once(".registry.") {
            let call = call.trim_end_matches([';', '?', ' ']);
            calls.push(format!("{of}::{function}: {call}"));
        }
    }
    calls
}

/// The talk's first picture, from the source: the inputs, the loop, and the calls of the registry.
#[test]
fn the_broker_is_a_loop_and_a_registry() {
    let source = include_str!("../src/broker.rs");
    let inputs: Vec<&str> = part(source, "struct Owner {", "}")
        .filter(|line| line.contains("Receiver<"))
        .map(|line| line.trim().trim_end_matches(','))
        .collect();
    assert_eq!(inputs.len(), 3);
    let calls = registry_calls(source);
    assert_eq!(calls.len(), 6);
    let code = part(source, "async fn run(mut self) {", "// ANCHOR: broadcast");
    let code: Vec<&str> = code
        .map(|line| line.split(" // ").next().unwrap().trim_end())
        .filter(|line| !line.is_empty() && *line != "    }")
        .map(|line| line.strip_prefix("        ").unwrap_or(line))
        .collect();

    let broker = Block::titled("SSE broker")
        .text(format!(
            "Inputs of the loop:\n  • {}",
            inputs.join("\n  • ")
        ))
        .text("")
        .holding(code.join("\n"))
        .text("")
        .text(format!(
            "Calls of the registry:\n  • {}",
            calls.join("\n  • ")
        ));
    let client = |number: u32| Node::new(number.to_string(), format!("Client {number}"));
    let flow = Flow::new()
        .layer([Node::new("broker", broker)])
        .layer([1, 2, 3].map(client))
        .fan_out("broker", ["1", "2", "3"]);
    assert_snapshot!("architecture", flow);
}

/// The talk's second picture, from a run: two events for three clients with room for one event each, the second of
/// which reads none.
#[tokio::test(start_paused = true)]
async fn a_client_whose_queue_is_full_is_disconnected() {
    let broker = sse::broker::Broker::start(options(1));
    let mut clients = Vec::new();
    for _ in 0..3 {
        clients.push(broker.subscribe(None).await.unwrap());
    }
    broker.publish(Message::new("first")).await.unwrap();
    for index in [0, 2] {
        clients[index].next().await.unwrap();
    }
    let receipt = broker.publish(Message::new("second")).await.unwrap();
    assert_eq!(receipt.clients, 2);
    assert_eq!(broker.stats().dropped_slow, 1);

    let mut outcomes = Vec::new();
    for (number, client) in (1..).zip(&mut clients) {
        // What was queued before the end is still returned: the second client gets the first event.
        let mut got = Vec::new();
        while let Ok(Some(event)) = timeout(ms(1), client.next()).await {
            got.push(event.number.unwrap());
        }
        let outcome = match got.contains(&2) {
            true => "there was room      ✓ the event is queued",
            false => "the queue was full  × the client is disconnected",
        };
        outcomes.push(format!("Client {number}: {outcome}"));
    }
    let result = format!(
        "Queued for {} of {} clients",
        receipt.clients,
        clients.len()
    );
    let each = Block::from("For each client: try_send").branches(outcomes);
    let flow = Flow::new()
        .layer([Node::plain(
            "event",
            Block::from("Broker receives an event").left(),
        )])
        .layer([Node::plain("each", each)])
        .layer([Node::plain("result", Block::from(result).left())])
        .chain(["event", "each", "result"]);
    assert_snapshot!("broadcast", flow);
}

/// One message, as two encoders write it, and as the same parser reads it.
#[test]
fn a_line_end_in_the_data_forges_an_event() {
    const WIDTH: usize = 34;
    let data = "build 7 failed\n\nevent: approved\ndata: build 7";
    let message = Message::new(data).named("status").unwrap();
    let forged = sse::forged_event::encode(&message, "run-1", Some(1));
    let event = Event::encode(&message, "run-1", Some(1));
    let read = |event: &Event| eventsource::Parser::default().feed(&event.frame);
    assert_eq!((read(&forged).len(), read(&event).len()), (2, 1));
    assert_eq!(read(&event)[0].data, data);

    let column = |title: &str, event: &Event| {
        let mut lines = vec![title.to_owned(), String::new()];
        let text = std::str::from_utf8(&event.frame).unwrap();
        lines.extend(text.trim_end().lines().map(str::to_owned));
        lines.resize(9, String::new());
        for message in read(event) {
            lines.push(format!("Event \"{}\":", message.event));
            lines.extend(message.data.lines().map(|line| format!("  {line}")));
        }
        lines
    };
    let left = column("Data as it is", &forged);
    let mut right = column("data: before each line", &event);
    right.resize(left.len().max(right.len()), String::new());
    let mut drawn = vec![format!("Event \"status\", data {data:?}"), String::new()];
    for (index, right) in right.iter().enumerate() {
        let left = left.get(index).map_or("", String::as_str);
        drawn.push(format!("{left:<WIDTH$}{right}"));
    }
    assert_snapshot!("forged-event", drawing(&drawn));
}

/// The room in a client's queue, and the third client's time for an event in milliseconds. With `None` the third client
/// stalls at [`STALLS_AT`].
#[derive(Clone, Copy)]
struct Setting {
    room: usize,
    third: Option<u64>,
}

/// Publishes six events, one every 100 ms, for three clients. The first two work 50 ms on each event.
async fn six_events<P: Future<Output = ()> + Send>(
    third: Option<u64>,
    timeline: Timeline,
    clients: Vec<BoxStream<'static, Arc<Event>>>,
    publish: impl Fn(Message) -> P + Send + Sync + 'static,
) {
    assert_eq!(clients.len(), 3);
    for (number, mut client) in (1..).zip(clients) {
        let spans = timeline.clone();
        tokio::spawn(async move {
            let mut events = 0;
            while client.next().await.is_some() {
                events += 1;
                let work = async {
                    match third {
                        None if number == 3 && events == STALLS_AT => std::future::pending().await,
                        Some(third) if number == 3 => sleep(ms(third)).await,
                        _ => sleep(ms(50)).await,
                    }
                };
                spans.span(format!("Client {number}"), work).await;
            }
        });
    }
    tokio::spawn(async move {
        for number in 1..=6 {
            let published = async {
                publish(Message::new(number.to_string())).await;
                sleep(ms(20)).await; // gives its bar a width
            };
            timeline.span("Publish", published).await;
            sleep(ms(80)).await;
        }
        std::future::pending::<()>().await;
    });
    sleep(ms(600)).await;
}

/// Runs six events through the broker that waits.
async fn blocking(Setting { room, third }: Setting, timeline: Timeline) {
    let broker = sse::blocking::Broker::start(options(room));
    let mut clients = Vec::new();
    for _ in 0..3 {
        let client = broker.subscribe(None).await.unwrap();
        let next = async |mut it: sse::blocking::Subscription| Some((it.next().await?, it));
        clients.push(unfold(client, next).boxed());
    }
    let publish = move |message| {
        let broker = broker.clone();
        async move { drop(broker.publish(message).await.unwrap()) }
    };
    six_events(third, timeline, clients, publish).await;
}

/// Runs six events through the broker that never waits.
async fn broker(Setting { room, third }: Setting, timeline: Timeline) {
    let broker = sse::broker::Broker::start(options(room));
    let mut clients = Vec::new();
    for _ in 0..3 {
        let client = broker.subscribe(None).await.unwrap();
        let next = async |mut it: sse::broker::Subscription| Some((it.next().await?, it));
        clients.push(unfold(client, next).boxed());
    }
    let publish = move |message| {
        let broker = broker.clone();
        async move { drop(broker.publish(message).await.unwrap()) }
    };
    six_events(third, timeline, clients, publish).await;
}

/// Puts all spans of a name into one row.
fn in_rows(recording: &Recording) -> Gantt {
    let gantt = recording.gantt();
    let mut rows: Vec<diagram::Row> = Vec::new();
    for row in gantt.rows {
        let diagram::Row::Bars { label, bars } = row else {
            rows.push(row);
            continue;
        };
        let same = rows.iter_mut().find_map(|known| match known {
            diagram::Row::Bars { label: known, bars } if *known == label => Some(bars),
            _ => None,
        });
        match same {
            Some(known) => known.extend(bars),
            None => rows.push(diagram::Row::Bars { label, bars }),
        }
    }
    rows.sort_by_key(|row| match row {
        diagram::Row::Bars { label, .. } => (label != "Publish", label.clone()),
        _ => (true, String::new()),
    });
    Gantt { rows, ..gantt }
}

const STALLED: Setting = Setting {
    room: 2,
    third: None,
};

#[tokio::test(start_paused = true)]
async fn a_stalled_client_stops_all_others_if_the_broker_waits() {
    let recording = record(async |timeline| blocking(STALLED, timeline).await).await;
    assert_snapshot!("blocking", in_rows(&recording));
}

#[tokio::test(start_paused = true)]
async fn a_stalled_client_stops_no_other_client() {
    let recording = record(async |timeline| broker(STALLED, timeline).await).await;
    assert_snapshot!("broker", in_rows(&recording));
}

/// Runs both brokers with more and less room, and a third client that is more and less slow.
#[tokio::test(start_paused = true)]
async fn both_brokers_with_every_room_and_every_slowness() {
    let third = [
        ("50 ms, like the others", Some(50)),
        ("150 ms", Some(150)),
        ("300 ms", Some(300)),
        ("forever", None),
    ];
    let mut sweep = Sweep::over([
        Parameter::new("Room in a client's queue", 1..=4),
        Parameter::new(
            "Client 3's time for an event",
            third.map(|(words, _)| words),
        ),
    ]);
    let setting = |[room, slowness]: [usize; 2]| Setting {
        room: room + 1,
        third: third[slowness].1,
    };
    sweep
        .record(
            "blocking",
            async |at, timeline| blocking(setting(at), timeline).await,
            in_rows,
        )
        .await;
    sweep
        .record(
            "broker",
            async |at, timeline| broker(setting(at), timeline).await,
            in_rows,
        )
        .await;
    for variant in ["blocking", "broker"] {
        sweep.show(variant, variant, [1, third.len() - 1]);
    }
    assert_snapshot!("sweep", sweep);
}

/// Draws what a subscriber to Tokio's channel gets that reads too late for some events.
#[tokio::test]
async fn a_lagging_client_is_told_how_much_it_missed() {
    let broker = sse::lagging::Broker::start(options(2));
    let mut client = broker.subscribe(None).await.unwrap();
    for number in 1..=5 {
        broker
            .publish(Message::new(number.to_string()))
            .await
            .unwrap();
    }
    broker.shutdown().await;
    let mut text = String::new();
    while let Some(event) = client.next().await {
        text += std::str::from_utf8(&event.frame).unwrap();
    }
    assert_snapshot!("lagging", text.trim_end().to_owned() + "\n");
}
