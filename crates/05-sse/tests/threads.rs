//! The broker on real threads: clients come, come back and leave while another thread publishes or shuts down.

use std::time::Duration;

use sse::Options;
use sse::broker::Broker;
use sse::event::Message;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::timeout;

const TASKS: usize = 4;
const EVENTS: usize = 20_000;
const SHUTDOWNS: usize = 2_000;

/// Far longer than a passing test needs.
const HANGS: Duration = Duration::from_secs(20);

/// A broker in which no client is ever too slow: each queue has room for all events, and so has the history.
fn broker() -> Broker {
    Broker::start(Options {
        buffer: EVENTS,
        history: EVENTS,
        start: "run".to_owned(),
        ..Options::default()
    })
}

/// Starts the same task a few times.
fn start<F: Future<Output = ()> + Send + 'static>(
    broker: &Broker,
    task: impl Fn(Broker) -> F,
) -> Vec<JoinHandle<()>> {
    let tasks = (0..TASKS).map(|_| tokio::spawn(task(broker.clone())));
    tasks.collect()
}

/// Waits until the tasks are done. A panic in one of them is a panic here.
async fn done(tasks: Vec<JoinHandle<()>>) {
    for task in tasks {
        timeout(HANGS, task).await.expect("a task hangs").unwrap();
    }
}

async fn publish_all_and_shut_down(broker: &Broker) {
    for _ in 0..EVENTS {
        broker.publish(Message::new("x")).await.unwrap();
    }
    broker.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_client_that_leaves_is_not_counted_as_slow() {
    let broker = broker();
    let tasks = start(&broker, |broker| async move {
        while let Ok(client) = broker.subscribe(None).await {
            yield_now().await;
            drop(client);
        }
    });
    publish_all_and_shut_down(&broker).await;
    done(tasks).await;
    let stats = broker.stats();
    assert_eq!((stats.dropped_slow, stats.clients), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_client_that_registers_at_shutdown_is_closed_or_turned_away() {
    for _ in 0..SHUTDOWNS {
        let broker = Broker::start(Options {
            max_clients: usize::MAX,
            ..Options::default()
        });
        let tasks = start(&broker, |broker| async move {
            let mut clients = Vec::new();
            while let Ok(client) = broker.subscribe(None).await {
                clients.push(client);
            }
            for mut client in clients {
                assert!(client.next().await.is_none());
            }
        });
        let registered = async {
            while broker.stats().clients < 100 {
                yield_now().await;
            }
        };
        let waited = timeout(HANGS, registered).await;
        waited.unwrap_or_else(|_| panic!("{:?}, not 100 clients", broker.stats()));
        broker.shutdown().await;
        done(tasks).await;
    }
}

/// An event that is published while a client comes back is in its queue, among what it missed, or in both.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_client_that_comes_back_gets_every_event_once() {
    let broker = broker();
    let tasks = start(&broker, |broker| async move {
        let mut seen = 0;
        while let Ok(mut client) = broker.subscribe(Some(&format!("run-{seen}"))).await {
            for _ in 0..10 {
                let Some(event) = client.next().await else {
                    break;
                };
                assert_eq!(event.number, Some(seen + 1));
                seen += 1;
            }
        }
    });
    publish_all_and_shut_down(&broker).await;
    done(tasks).await;
}
