//! Draws the chapter's pictures: the broker as its source has it, what a broadcast did, and two runs in
//! virtual time.

use std::time::Duration;

use diagram::{Gantt, check_boxes, held};
use sse::Options;
use sse::event::Message;
use timeline::{Parameter, Recording, Run, Selection, Sweep, Timeline};
use tokio::time::{sleep, timeout};

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

/// A line with a right border: `│ words    │`.
fn row(words: &str, width: usize) -> String {
    let blanks = width - words.chars().count();
    format!("│ {words}{} │", " ".repeat(blanks))
}

fn boxed(lines: &[String], width: usize) -> Vec<String> {
    let line = "─".repeat(width + 2);
    let mut drawn = vec![format!("┌{line}┐")];
    drawn.extend(lines.iter().map(|words| row(words, width)));
    drawn.push(format!("└{line}┘"));
    drawn
}

/// The part of the source from one line to another, both excluded.
fn part<'a>(source: &'a str, from: &str, to: &str) -> impl Iterator<Item = &'a str> {
    let lines = source.lines().skip_while(move |line| line.trim() != from);
    lines.skip(1).take_while(move |line| line.trim() != to)
}

/// The talk's first picture, with what stands in the source: the inputs and the loop.
#[test]
fn the_broker_is_one_loop_with_four_inputs() {
    let source = include_str!("../src/broker.rs");
    let inputs: Vec<String> = part(source, "struct Owner {", "}")
        .filter(|line| line.contains("Receiver<"))
        .map(|line| format!("• {}", line.trim().trim_end_matches(',')))
        .collect();
    assert_eq!(inputs.len(), 4);
    let code = part(
        source,
        "async fn run(mut self) {",
        "// Dropping `self` closes all clients.",
    );
    let code: Vec<String> = code
        .map(|line| line.split(" // ").next().unwrap().trim_end())
        .filter(|line| !line.is_empty())
        .map(|line| line.strip_prefix("        ").unwrap_or(line).to_owned())
        .collect();
    let width = code.iter().map(|line| line.chars().count()).max().unwrap();

    let mut lines = vec!["SSE broker".to_owned(), String::new(), "Inputs:".to_owned()];
    lines.extend(inputs.iter().map(|input| format!("  {input}")));
    lines.push(String::new());
    lines.extend(boxed(&code, width));
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap();
    let mut drawn = boxed(&lines, width);

    // Three clients below it.
    let columns = [10, 30, 50];
    let place = |glyphs: &str, row: &mut Vec<char>, column: usize| {
        for (offset, glyph) in glyphs.chars().enumerate() {
            row[column + offset - glyphs.chars().count() / 2] = glyph;
        }
    };
    let mut below = vec![vec![' '; width + 4]; 5];
    for (number, column) in (1..).zip(columns) {
        let client = format!("│ Client {number} │");
        place("│", &mut below[0], column);
        place("↓", &mut below[1], column);
        place("┌──────────┐", &mut below[2], column);
        place(&client, &mut below[3], column);
        place("└──────────┘", &mut below[4], column);
        let border = drawn.last_mut().unwrap();
        let mut glyphs: Vec<char> = border.chars().collect();
        glyphs[column] = '┬';
        *border = glyphs.into_iter().collect();
    }
    drawn.extend(
        below
            .iter()
            .map(|row| String::from_iter(row).trim_end().to_owned()),
    );
    let drawn = drawn.join("\n") + "\n";
    check_boxes(&drawn).unwrap_or_else(|loose| panic!("{drawn}\n{loose:?}"));
    held!("architecture", drawn);
}

/// The talk's second picture, from a run: three clients with room for one event each, of which the second takes
/// none; two events.
#[tokio::test(start_paused = true)]
async fn a_full_queue_means_goodbye() {
    let broker = sse::broker::Broker::start(options(1));
    let mut clients = Vec::new();
    for _ in 0..3 {
        clients.push(broker.subscribe(None).await.unwrap());
    }
    broker.publish(Message::new("first")).await.unwrap();
    for place in [0, 2] {
        clients[place].next().await.unwrap();
    }
    let receipt = broker.publish(Message::new("second")).await.unwrap();
    assert_eq!(receipt.clients, 2);
    assert_eq!(broker.stats().dropped_slow, 1);

    let mut drawn = vec![
        "Broker receives an event".to_owned(),
        "    ╷".to_owned(),
        "    ↓".to_owned(),
        "For each client: try_send".to_owned(),
        "    ╷".to_owned(),
    ];
    for (number, client) in (1..).zip(&mut clients) {
        // What was queued before goodbye is still given: the second client finds the first event.
        let mut got = Vec::new();
        while let Ok(Some(event)) = timeout(ms(1), client.next()).await {
            got.push(event.number.unwrap());
        }
        let came = match got.contains(&2) {
            true => "there was room      ✓ the event is queued",
            false => "the queue is full   × disconnect the client, and go on",
        };
        drawn.push(format!("    ├──→ Client {number}: {came}"));
    }
    drawn.push("    │".to_owned());
    drawn.push("    ↓".to_owned());
    drawn.push(format!(
        "Queued for {} of {} clients",
        receipt.clients,
        clients.len()
    ));
    let drawn = drawn.join("\n") + "\n";
    check_boxes(&drawn).unwrap_or_else(|loose| panic!("{drawn}\n{loose:?}"));
    held!("broadcast", drawn);
}

/// Six events, one each 100 ms, for three clients that work 50 ms on each; the third works longer, or without a
/// time stalls at its first.
macro_rules! three_clients {
    ($broker:path, $room:expr, $third:expr) => {{
        use $broker as broker;
        let third: Option<u64> = $third;
        let broker = broker::Broker::start(options($room));
        let timeline = Timeline::start();
        for number in 1..=3 {
            let mut client = broker.subscribe(None).await.unwrap();
            let spans = timeline.clone();
            tokio::spawn(async move {
                while client.next().await.is_some() {
                    let work = async {
                        match third {
                            None if number == 3 => std::future::pending().await,
                            Some(third) if number == 3 => sleep(ms(third)).await,
                            _ => sleep(ms(50)).await,
                        }
                    };
                    spans.span(format!("Client {number}"), work).await;
                }
            });
        }
        let publisher = timeline.clone();
        tokio::spawn(async move {
            for number in 1..=6 {
                let message = Message::new(number.to_string());
                let published = async {
                    broker.publish(message).await.unwrap();
                    sleep(ms(20)).await; // so that it is seen
                };
                publisher.span("Publish", published).await;
                sleep(ms(80)).await;
            }
            std::future::pending::<()>().await;
        });
        sleep(ms(600)).await;
        timeline.record()
    }};
}

/// Each name's spans in one row.
fn in_rows(gantt: Gantt) -> Gantt {
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

#[tokio::test(start_paused = true)]
async fn one_stalled_client_stops_all_if_the_broker_waits() {
    let recording = three_clients!(sse::blocking, 2, None);
    held!("blocking", in_rows(recording.gantt()));
}

#[tokio::test(start_paused = true)]
async fn one_stalled_client_stops_nobody_else() {
    let recording = three_clients!(sse::broker, 2, None);
    held!("broker", in_rows(recording.gantt()));
}

/// More or less room, and a third client that is more or less slow: for a reader to slide through.
#[tokio::test(start_paused = true)]
async fn both_brokers_with_every_room_and_every_slowness() {
    const ROOMS: usize = 4;
    let third = [
        ("50 ms, as the others", Some(50)),
        ("150 ms", Some(150)),
        ("300 ms", Some(300)),
        ("forever", None),
    ];
    let mut sweep = Sweep {
        parameters: vec![
            Parameter {
                name: "Room in a client's queue".to_owned(),
                values: (1..=ROOMS).map(|room| room.to_string()).collect(),
            },
            Parameter {
                name: "Client 3's time for an event".to_owned(),
                values: third.map(|(words, _)| words.to_owned()).to_vec(),
            },
        ],
        ..Sweep::default()
    };
    for room in 1..=ROOMS {
        for (slowness, (_, third)) in third.into_iter().enumerate() {
            let mut add = |variant: &str, recording: Recording| {
                let chart = in_rows(recording.gantt());
                let at = [Some(room - 1), Some(slowness)];
                sweep.runs.push(Run::new(variant, at, &recording, chart));
            };
            add("blocking", three_clients!(sse::blocking, room, third));
            add("broker", three_clients!(sse::broker, room, third));
        }
    }
    for variant in ["blocking", "broker"] {
        let place = Selection {
            at: vec![1, third.len() - 1],
            variant: variant.to_owned(),
        };
        sweep.pictures.insert(variant.to_owned(), place);
    }
    held!("sweep", sweep);
}

/// What a subscriber to Tokio's channel is told, who comes too late for some.
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
    held!("lagging", (text.trim_end().to_owned() + "\n"));
}
