//! Several brokers over one NATS, which is killed and started again. Without `nats-server` on PATH, nothing is tested.

use std::sync::mpsc;
use std::time::Duration;

use sse::broker::Subscription;
use sse::event::Message;
use sse::nats::{Broker, Options, PublishError, StartError};
use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

#[path = "nats/chaos.rs"]
mod chaos;
#[path = "nats/picture.rs"]
mod picture;
#[path = "nats/process.rs"]
mod process;
use process::Nats;

/// Far longer than a passing test needs.
const HANGS: Duration = Duration::from_secs(30);

/// Starts NATS, or ends the test.
macro_rules! nats {
    () => {
        match Nats::start() {
            Some(nats) => nats,
            None => return,
        }
    };
}

fn options(nats: &Nats) -> Options {
    Options {
        url: nats.url(),
        subject: "test.events".to_owned(),
        keep: 1_000,
        patience: HANGS,
    }
}

async fn broker(nats: &Nats) -> Broker {
    broker_with(nats, sse::Options::default()).await
}

async fn broker_with(nats: &Nats, own: sse::Options) -> Broker {
    let started = Broker::start(own, options(nats));
    timeout(HANGS, started).await.unwrap().unwrap()
}

async fn publish(broker: &Broker, data: &str) -> String {
    let published = broker.publish(Message::new(data));
    timeout(HANGS, published).await.unwrap().unwrap().id
}

/// Returns the next event's bytes, or panics at the end of the stream.
async fn next(client: &mut Subscription) -> String {
    let event = timeout(HANGS, client.next()).await.expect("an event");
    String::from_utf8(event.expect("more events").frame.to_vec()).unwrap()
}

fn event(id: &str, data: &str) -> String {
    format!("id: {id}\ndata: {data}\n\n")
}

fn gap(id: &str, missed: u64) -> String {
    format!("id: {id}\nevent: gap\ndata: {{\"missed\": {missed}}}\n\n")
}

async fn is_connected(broker: &Broker, connected: bool) {
    let changed = async {
        while broker.stats().nats.connected != connected {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(HANGS, changed).await.expect("a change");
}

/// Waits until the broker has got this number.
async fn has_got(broker: &Broker, number: u64) {
    let got = async {
        while broker.stats().nats.newest < number {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(HANGS, got).await.expect("the broker catches up");
}

#[tokio::test]
async fn an_event_arrives_at_every_broker_once_and_in_one_order() {
    let nats = nats!();
    let mut brokers = Vec::new();
    let mut clients = Vec::new();
    for _ in 0..3 {
        let broker = broker(&nats).await;
        clients.push(broker.subscribe(None).await.unwrap());
        brokers.push(broker);
    }
    let mut publishers = Vec::new();
    for broker in &brokers {
        let broker = broker.clone();
        publishers.push(tokio::spawn(async move {
            for number in 0..10 {
                publish(&broker, &number.to_string()).await;
            }
        }));
    }
    for publisher in publishers {
        publisher.await.unwrap();
    }
    let mut first = Vec::new();
    for _ in 0..30 {
        first.push(next(&mut clients[0]).await);
    }
    for client in &mut clients[1..] {
        for event in &first {
            assert_eq!(next(client).await, *event);
        }
    }
    for (index, client) in clients.iter_mut().enumerate() {
        assert!(
            timeout(Duration::from_millis(20), client.next())
                .await
                .is_err()
        );
        let stats = brokers[index].stats();
        assert_eq!(stats.broker.published, 30);
        assert_eq!((stats.nats.newest, stats.nats.behind), (30, 0));
    }
}

#[tokio::test]
async fn a_client_resumes_at_another_broker_and_after_a_restart() {
    let nats = nats!();
    let (one, other) = (broker(&nats).await, broker(&nats).await);
    let mut client = one.subscribe(None).await.unwrap();
    let first = publish(&other, "first").await;
    assert_eq!(next(&mut client).await, event(&first, "first"));
    drop(client);
    one.shutdown().await;
    let second = publish(&other, "second").await;
    let mut client = other.subscribe(Some(&first)).await.unwrap();
    assert_eq!(next(&mut client).await, event(&second, "second"));
    other.shutdown().await;
    // No broker is left. The events are in the stream.
    let again = broker(&nats).await;
    assert_eq!(again.stats().broker.history, 2);
    let mut client = again.subscribe(Some(&first)).await.unwrap();
    assert_eq!(next(&mut client).await, event(&second, "second"));
    let third = publish(&again, "third").await;
    assert_eq!(next(&mut client).await, event(&third, "third"));
}

#[tokio::test]
async fn a_gap_has_the_number_of_the_events_that_no_broker_has() {
    let nats = nats!();
    let few = sse::Options {
        history: 10,
        ..sse::Options::default()
    };
    let one = broker_with(&nats, few.clone()).await;
    let mut ids = Vec::new();
    for number in 0..30 {
        ids.push(publish(&one, &number.to_string()).await);
    }
    let other = broker_with(&nats, few).await;
    for broker in [one, other] {
        has_got(&broker, 30).await;
        let mut client = broker.subscribe(Some(&ids[4])).await.unwrap();
        assert_eq!(next(&mut client).await, gap(&ids[19], 15));
        assert_eq!(next(&mut client).await, event(&ids[20], "20"));
        // An id that no event of this stream had.
        let mut stranger = broker.subscribe(Some("0-5")).await.unwrap();
        assert!(next(&mut stranger).await.contains(r#"{"missed": null}"#));
    }
}

#[tokio::test]
async fn a_broker_that_loses_nats_keeps_its_clients_and_goes_on() {
    let mut nats = nats!();
    let (one, other) = (broker(&nats).await, broker(&nats).await);
    let mut client = one.subscribe(None).await.unwrap();
    let first = publish(&one, "first").await;
    assert_eq!(next(&mut client).await, event(&first, "first"));
    for lost in 1..=2 {
        let connected = one.stats().nats;
        nats.kill();
        let told = timeout(HANGS, one.next_change(&connected)).await.unwrap();
        assert!(!told.unwrap().connected);
        assert!(
            next(&mut client)
                .await
                .starts_with(": NATS can't be reached")
        );
        let refused = one.publish(Message::new("lost")).await;
        assert!(matches!(refused, Err(PublishError::Unreachable(_))));
        assert_eq!(one.stats().broker.clients, 1);

        nats.start_again();
        let back = next(&mut client).await;
        assert!(back.starts_with(": NATS is back after "), "{back}");
        is_connected(&one, true).await;
        is_connected(&other, true).await;
        assert_eq!(one.stats().nats.lost, lost);
        let id = publish(&other, "next").await;
        assert_eq!(next(&mut client).await, event(&id, "next"));
    }
}

#[tokio::test]
async fn a_key_is_published_once_at_whichever_broker() {
    let nats = nats!();
    let (one, other) = (broker(&nats).await, broker(&nats).await);
    let mut client = one.subscribe(None).await.unwrap();
    let message = || Message::new("once");
    let first = one.publish_once(message(), "key").await.unwrap();
    let again = other.publish_once(message(), "key").await.unwrap();
    assert!(!first.duplicate && again.duplicate);
    assert_eq!(first.id, again.id);
    let last = publish(&other, "last").await;
    assert_eq!(next(&mut client).await, event(&first.id, "once"));
    assert_eq!(next(&mut client).await, event(&last, "last"));
}

/// Returns a runtime with one thread.
fn runtime() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().unwrap()
}

/// Keeps the runtime's only thread busy until the sender is dropped.
fn stick(runtime: &Runtime) -> mpsc::Sender<()> {
    let (go_on, wait) = mpsc::channel();
    runtime.spawn(async move {
        let _ = wait.recv();
    });
    go_on
}

#[test]
fn clients_are_not_too_slow_because_a_broker_catches_up() {
    let nats = nats!();
    let (stuck, free) = (runtime(), runtime());
    let small = sse::Options {
        buffer: 4,
        ..sse::Options::default()
    };
    let late = stuck.block_on(broker_with(&nats, small));
    let mut client = stuck.block_on(late.subscribe(None)).unwrap();
    let mut stalled = stuck.block_on(late.subscribe(None)).unwrap();
    let go_on = stick(&stuck);
    let ids = free.block_on(async {
        let broker = broker(&nats).await;
        let mut ids = Vec::new();
        for number in 0..500 {
            ids.push(publish(&broker, &number.to_string()).await);
        }
        ids
    });
    drop(go_on);
    stuck.block_on(async {
        for (number, id) in ids.iter().enumerate() {
            assert_eq!(next(&mut client).await, event(id, &number.to_string()));
        }
        // The other client never reads. It held everybody up once, and was disconnected.
        while timeout(HANGS, stalled.next()).await.unwrap().is_some() {}
        assert_eq!(late.stats().broker.dropped_slow, 1);
    });
}

#[test]
fn a_stuck_broker_does_not_slow_another() {
    let nats = nats!();
    let (stuck, free) = (runtime(), runtime());
    let late = stuck.block_on(broker(&nats));
    let go_on = stick(&stuck);
    free.block_on(async {
        let broker = broker(&nats).await;
        let mut client = broker.subscribe(None).await.unwrap();
        for number in 0..500 {
            let id = publish(&broker, &number.to_string()).await;
            assert_eq!(next(&mut client).await, event(&id, &number.to_string()));
        }
    });
    assert_eq!(late.stats().nats.newest, 0);
    drop(go_on);
    stuck.block_on(has_got(&late, 500));
}

#[tokio::test]
async fn what_is_no_message_counts_as_missed() {
    let nats = nats!();
    let broker = broker(&nats).await;
    let mut client = broker.subscribe(None).await.unwrap();
    let first = publish(&broker, "first").await;
    let other = async_nats::connect(nats.url()).await.unwrap();
    for junk in [
        "",
        "plain",
        "[]",
        r#"{"data": 1}"#,
        r#"{"event": "gap", "data": ""}"#,
        r#"{"event": "a\nb", "data": ""}"#,
    ] {
        other.publish("test.events", junk.into()).await.unwrap();
    }
    other
        .publish("test.events", r#"{"event": "tick", "data": "a\nb"}"#.into())
        .await
        .unwrap();
    let start = first.strip_suffix("-1").unwrap();
    assert_eq!(next(&mut client).await, event(&first, "first"));
    assert_eq!(next(&mut client).await, gap(&format!("{start}-7"), 6));
    assert_eq!(
        next(&mut client).await,
        format!("id: {start}-8\nevent: tick\ndata: a\ndata: b\n\n")
    );
}

#[tokio::test]
async fn a_broker_ends_if_the_stream_is_another_one() {
    let mut nats = nats!();
    let old = broker(&nats).await;
    let mut client = old.subscribe(None).await.unwrap();
    let id = publish(&old, "old").await;
    assert_eq!(next(&mut client).await, event(&id, "old"));
    nats.kill();
    nats.forget();
    nats.start_again();
    let new = broker(&nats).await;
    let connected = old.stats().nats;
    // Its numbers would mean other events.
    let ended = async {
        let mut last = connected;
        while let Some(now) = old.next_change(&last).await {
            last = now;
        }
        while client.next().await.is_some() {}
    };
    timeout(HANGS, ended).await.expect("the old broker ends");
    assert_eq!(
        old.publish(Message::new("x")).await,
        Err(PublishError::Closed)
    );
    let mut client = new.subscribe(Some(&id)).await.unwrap();
    assert!(next(&mut client).await.contains(r#"{"missed": null}"#));
}

#[tokio::test]
async fn a_broker_without_nats_does_not_start() {
    let mut nats = nats!();
    nats.kill();
    let briefly = Options {
        patience: Duration::from_millis(10),
        ..options(&nats)
    };
    let started = Broker::start(sse::Options::default(), briefly.clone()).await;
    assert!(matches!(started, Err(StartError::Unreachable(_))));
    for subject in ["", "a b", "a..b", "a.*", "é"] {
        let subject = subject.to_owned();
        let wrong = Options {
            subject,
            ..briefly.clone()
        };
        let started = Broker::start(sse::Options::default(), wrong).await;
        assert!(matches!(started, Err(StartError::Wrong(_))), "{started:?}");
    }
    let url = "nats://:x".to_owned();
    let started = Broker::start(sse::Options::default(), Options { url, ..briefly }).await;
    assert!(matches!(started, Err(StartError::Wrong(_))), "{started:?}");
}
