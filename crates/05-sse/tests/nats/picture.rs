//! Draws what happened to three events at three brokers, one of which is shut down, while NATS is killed once.

use diagram::{Block, Flow, Node, assert_snapshot};
use sse::broker::Subscription;
use sse::event::Message;
use sse::nats::Broker;

use super::process::Nats;
use super::{broker, is_connected, next};

/// Publishes, and returns a line for the picture.
async fn publish(broker: &Broker, data: &str) -> String {
    match broker.publish(Message::new(data)).await {
        Ok(receipt) => format!("{data}: accepted as {}", number(&receipt.id)),
        Err(error) => {
            let words = error.to_string();
            format!("{data}: {}", words.split([';', ':']).next().unwrap())
        }
    }
}

fn number(id: &str) -> &str {
    id.rsplit_once('-').unwrap().1
}

/// Adds words in parentheses, on two lines.
fn note(lines: &mut Vec<String>, words: &str) {
    let half = words.match_indices(' ').map(|(at, _)| at);
    let at = half.min_by_key(|at| at.abs_diff(words.len() / 2)).unwrap();
    lines.push(format!("({}", &words[..at]));
    lines.push(format!(" {})", &words[at + 1..]));
}

/// Reads one event, and returns its id and a line for the picture. Comments are lines without an id.
async fn read(client: &mut Subscription, lines: &mut Vec<String>) -> String {
    loop {
        let text = next(client).await;
        if let Some(words) = text.strip_prefix(": ") {
            // It ends in a time, or in a hint.
            let words = words.split([';', '\n']).next().unwrap();
            let words = words.split(" after ").next().unwrap();
            note(lines, words);
            continue;
        }
        let mut fields = text.lines();
        let id = fields
            .next()
            .unwrap()
            .strip_prefix("id: ")
            .unwrap()
            .to_owned();
        let data = fields.next().unwrap().strip_prefix("data: ").unwrap();
        lines.push(format!("{} {data}", number(&id)));
        return id;
    }
}

#[tokio::test]
async fn three_events_at_three_brokers() {
    let Some(mut nats) = Nats::start() else {
        return;
    };
    let [one, two, three] = [
        broker(&nats).await,
        broker(&nats).await,
        broker(&nats).await,
    ];
    let mut clients = Vec::new();
    for broker in [&one, &two, &three] {
        clients.push((broker.subscribe(None).await.unwrap(), Vec::new()));
    }
    let mut publishers = [Vec::new(), Vec::new()];

    publishers[0].push(publish(&one, "a").await);
    let mut last = String::new();
    for (client, lines) in &mut clients {
        last = read(client, lines).await;
    }
    three.shutdown().await;
    while clients[2].0.next().await.is_some() {}
    note(&mut clients[2].1, "broker 3 is shut down");
    publishers[1].push(publish(&two, "b").await);
    for (client, lines) in &mut clients[..2] {
        read(client, lines).await;
    }

    nats.kill();
    is_connected(&one, false).await;
    publishers[0].push(publish(&one, "c").await);
    nats.start_again();
    is_connected(&one, true).await;
    is_connected(&two, true).await;
    publishers[1].push(publish(&two, "c").await);
    for (client, lines) in &mut clients[..2] {
        read(client, lines).await;
    }
    clients[2].0 = two.subscribe(Some(&last)).await.unwrap();
    for _ in 0..2 {
        let (client, lines) = &mut clients[2];
        read(client, lines).await;
    }
    let stream = two.stats().nats;
    assert_eq!((stream.newest, stream.lost), (3, 1));

    let boxed = |name: String, title: String, lines: &[String]| {
        let block = Block::titled(title).text(lines.join("\n")).left();
        Node::new(name, block)
    };
    let published = (1..).zip(&publishers).map(|(number, lines)| {
        boxed(
            format!("publisher {number}"),
            format!("Published at broker {number}"),
            lines,
        )
    });
    let got = (1..).zip(&clients).map(|(number, (_, lines))| {
        boxed(
            format!("client {number}"),
            format!("Client {number}"),
            lines,
        )
    });
    let brokers = (1..=3).map(|number| Node::new(number.to_string(), format!("Broker {number}")));
    let kept = format!("NATS: one stream, events 1 to {}", stream.newest);
    let flow = Flow::new()
        .layer(published)
        .layer([Node::new("stream", kept)])
        .layer(brokers)
        .layer(got)
        .fan_in(["publisher 1", "publisher 2"], "stream")
        .fan_out("stream", ["1", "2", "3"])
        .arrow("1", "client 1")
        .arrow("2", "client 2")
        .arrow_labelled("2", "client 3", "later")
        .arrow("3", "client 3");
    assert_snapshot!("nats", flow);
}
