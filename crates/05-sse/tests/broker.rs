//! What the broker, its registry and its history promise, one at a time and in virtual time.

use std::time::Duration;

use futures::FutureExt;
use sse::blocking;
use sse::broker::{Broker, Stats, Subscription};
use sse::event::{Event, Message};
use sse::history::History;
use sse::registry::Registry;
use sse::service::heartbeats;
use sse::{Closed, Options, SubscribeError};
use tokio::runtime::Builder;
use tokio::time::{Instant, timeout};

fn options() -> Options {
    Options {
        start: "run".to_owned(),
        ..Options::default()
    }
}

/// Returns the client's next event, or `None` at the end. Panics if neither arrives within a day of virtual time.
async fn next(client: &mut Subscription) -> Option<String> {
    let day = Duration::from_secs(86_400);
    let event = timeout(day, client.next())
        .await
        .expect("an event or the end");
    event.map(|event| String::from_utf8(event.frame.to_vec()).unwrap())
}

/// The loop may be busy with an event, so the shutdown doesn't wait for the loop to close the clients.
#[tokio::test(start_paused = true)]
async fn shutdown_closes_the_clients_before_the_loop_runs() {
    let broker = Broker::start(options());
    let mut client = broker.subscribe(None).await.unwrap();
    // One poll, and no other task runs meanwhile.
    assert_eq!(broker.shutdown().now_or_never(), None);
    assert!(client.next().now_or_never().expect("the end").is_none());
    let late = broker.subscribe(None).now_or_never();
    assert_eq!(late.unwrap().unwrap_err(), SubscribeError::Closed);

    broker.shutdown().await;
    assert_eq!(broker.publish(Message::new("x")).await, Err(Closed));
    assert_eq!(broker.heartbeat().await, Err(Closed));
}

/// The broken broker ends too, as long as no client stalls it.
#[tokio::test(start_paused = true)]
async fn shutdown_ends_the_clients_of_the_blocking_broker() {
    let broker = blocking::Broker::start(options());
    let mut client = broker.subscribe(None).await.unwrap();
    let day = Duration::from_secs(86_400);
    let shut_down = timeout(day, broker.shutdown()).await;
    shut_down.expect("the loop ends");
    let end = timeout(day, client.next()).await;
    assert!(end.expect("the client's end").is_none());
    assert_eq!(broker.publish(Message::new("x")).await, Err(Closed));
    assert_eq!(Closed.to_string(), "the broker has shut down");
}

#[test]
fn the_clients_are_closed_if_the_loop_ends_with_its_runtime() {
    let runtime = Builder::new_current_thread().build().unwrap();
    let broker = runtime.block_on(async { Broker::start(options()) });
    let mut client = runtime.block_on(broker.subscribe(None)).unwrap();
    drop(runtime);
    assert!(client.next().now_or_never().expect("the end").is_none());
    let late = broker.subscribe(None).now_or_never();
    assert_eq!(late.unwrap().unwrap_err(), SubscribeError::Closed);
}

#[tokio::test(start_paused = true)]
async fn the_broker_shuts_down_when_the_last_handle_is_dropped() {
    let broker = Broker::start(options());
    let mut client = broker.subscribe(None).await.unwrap();
    let second = broker.clone();
    drop(broker);
    second.publish(Message::new("x")).await.unwrap();
    drop(second);
    assert_eq!(next(&mut client).await.unwrap(), "id: run-1\ndata: x\n\n");
    assert_eq!(next(&mut client).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_is_a_comment_for_every_client_and_not_an_event() {
    let broker = Broker::start(options());
    let mut clients = [
        broker.subscribe(None).await.unwrap(),
        broker.subscribe(None).await.unwrap(),
    ];
    broker.heartbeat().await.unwrap();
    for client in &mut clients {
        assert_eq!(next(client).await.unwrap(), ":\n\n");
    }
    let stats = broker.stats();
    assert_eq!((stats.published, stats.delivered, stats.history), (0, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn heartbeats_are_sent_at_the_interval_until_the_shutdown() {
    let every = Duration::from_secs(15);
    let broker = Broker::start(options());
    let mut client = broker.subscribe(None).await.unwrap();
    let start = Instant::now();
    let beating = tokio::spawn(heartbeats(broker.clone(), every));
    for beat in 1..=3 {
        assert_eq!(next(&mut client).await.unwrap(), ":\n\n");
        assert_eq!(start.elapsed(), every * beat);
    }
    broker.shutdown().await;
    let day = Duration::from_secs(86_400);
    timeout(day, beating).await.expect("it returns").unwrap();
    assert_eq!(next(&mut client).await, None);
}

#[tokio::test(start_paused = true)]
async fn the_figures_count_what_happened() {
    let broker = Broker::start(Options {
        buffer: 2,
        history: 3,
        ..options()
    });
    let mut reads = broker.subscribe(None).await.unwrap();
    let never_reads = [
        broker.subscribe(None).await.unwrap(),
        broker.subscribe(None).await.unwrap(),
    ];
    let mut expected = Stats {
        clients: 3,
        published: 0,
        delivered: 0,
        dropped_slow: 0,
        history: 0,
    };
    assert_eq!(broker.stats(), expected);
    for number in 1..=5_u64 {
        let receipt = broker.publish(Message::new("x")).await.unwrap();
        next(&mut reads).await.unwrap();
        if number == 3 {
            // The queues of the two clients that never read have room for two events.
            expected.clients = 1;
            expected.dropped_slow = 2;
        }
        expected.published = number;
        expected.delivered = number;
        expected.history = number.min(3) as usize;
        assert_eq!(broker.stats(), expected);
        assert_eq!(receipt.clients, expected.clients);
        assert_eq!(receipt.id, format!("run-{number}"));
    }
    drop(never_reads);
    assert_eq!(broker.stats(), expected);
    drop(reads);
    assert_eq!(broker.stats().clients, 0);
}

#[tokio::test(start_paused = true)]
async fn a_client_too_many_is_refused_until_another_leaves() {
    let broker = Broker::start(Options {
        max_clients: 2,
        ..options()
    });
    let full = SubscribeError::Full { max: 2 };
    let first = broker.subscribe(None).await.unwrap();
    let _second = broker.subscribe(None).await.unwrap();
    assert_eq!(broker.subscribe(None).await.unwrap_err(), full);
    assert_eq!(full.to_string(), "all 2 slots for clients are taken");
    drop(first);
    broker.subscribe(None).await.unwrap();
}

#[test]
fn a_registry_has_its_slots_and_no_more() {
    let registry = Registry::new(2);
    assert!(registry.is_empty());
    registry.register(7, "a").unwrap();
    registry.register(3, "b").unwrap();
    let full = SubscribeError::Full { max: 2 };
    assert_eq!(registry.register(9, "c"), Err(full));
    assert_eq!((registry.len(), registry.is_empty()), (2, false));
    assert_eq!(registry.unregister(9), None);
    assert_eq!(registry.unregister(7), Some("a"));
    assert_eq!(registry.unregister(7), None);
    registry.register(9, "c").unwrap();
    assert_eq!(registry.close(), ["b", "c"]);
    assert_eq!(registry.register(1, "d"), Err(SubscribeError::Closed));
    assert!(registry.is_empty());
    assert!(registry.close().is_empty());
}

#[test]
fn a_broadcast_removes_the_clients_that_refuse() {
    let registry = Registry::new(9);
    for number in [4, 1, 3, 2, 5] {
        registry.register(number, number).unwrap();
    }
    let mut offered = Vec::new();
    let counts = registry.broadcast(|number| {
        offered.push(*number);
        number % 2 == 1
    });
    assert_eq!((counts, &offered[..]), ((3, 2), &[1, 2, 3, 4, 5][..]));
    assert_eq!(registry.broadcast(|_| true), (3, 0));
    assert_eq!(registry.close(), [1, 3, 5]);
    assert_eq!(registry.broadcast(|_| true), (0, 0));
}

#[test]
fn a_history_keeps_the_newest_events() {
    let mut history = History::new("run".to_owned(), 2);
    assert!(history.is_empty());
    for (number, kept) in [(1, 1), (2, 2), (3, 2)] {
        let event = history.add(&Message::new("x"));
        assert_eq!(event.number, Some(number));
        assert_eq!((history.len(), history.is_empty()), (kept, false));
    }
    assert_eq!(history.id(3), "run-3");
    let numbers = |last| -> Vec<Option<u64>> {
        let missed = history.missed(last);
        missed.iter().map(|event| event.number).collect()
    };
    assert_eq!(numbers("run-3"), []);
    assert_eq!(numbers("run-2"), [Some(3)]);
    assert_eq!(numbers("run-1"), [Some(2), Some(3)]);
    // A gap has no number.
    assert_eq!(numbers("run-0"), [None, Some(2), Some(3)]);
    assert_eq!(numbers("run-4"), [None, Some(2), Some(3)]);
}

#[test]
fn a_history_without_room_keeps_nothing() {
    let mut history = History::new("run".to_owned(), 0);
    history.add(&Message::new("x"));
    assert!(history.is_empty());
    let missed = history.missed("run-0");
    let frames: Vec<&[u8]> = missed
        .iter()
        .map(|event: &std::sync::Arc<Event>| &event.frame[..])
        .collect();
    assert_eq!(
        frames,
        [b"id: run-1\nevent: gap\ndata: {\"missed\": 1}\n\n"]
    );
    assert!(history.missed("run-1").is_empty());
}
