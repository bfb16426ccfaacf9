//! A broker whose events are numbered elsewhere: what its clients get if it is late, or numbers are skipped.

use std::time::Duration;

use futures::FutureExt;
use sse::broker::{Broker, Subscription};
use sse::event::Message;
use sse::{Closed, Options};
use tokio::time::timeout;

/// A broker whose stream is at the event with this number.
fn following(newest: u64) -> Broker {
    Broker::start(Options {
        start: "run".to_owned(),
        follows: Some(newest),
        buffer: 2,
        ..Options::default()
    })
}

async fn publish(broker: &Broker, number: u64) {
    let receipt = broker.publish_as(number, Message::new("x")).await.unwrap();
    assert_eq!(receipt.id, format!("run-{number}"));
}

async fn next(client: &mut Subscription) -> String {
    let day = Duration::from_secs(86_400);
    let event = timeout(day, client.next()).await.expect("an event");
    String::from_utf8(event.expect("more events").frame.to_vec()).unwrap()
}

fn event(number: u64) -> String {
    format!("id: run-{number}\ndata: x\n\n")
}

fn gap(last: u64, missed: u64) -> String {
    format!("id: run-{last}\nevent: gap\ndata: {{\"missed\": {missed}}}\n\n")
}

#[tokio::test(start_paused = true)]
async fn skipped_numbers_are_told_to_each_client_by_what_it_has_seen() {
    let broker = following(3);
    let mut client = broker.subscribe(None).await.unwrap();
    let mut ahead = broker.subscribe(Some("run-6")).await.unwrap();
    let mut behind = broker.subscribe(Some("run-1")).await.unwrap();
    publish(&broker, 4).await;
    assert_eq!(next(&mut client).await, event(4));
    assert_eq!(next(&mut behind).await, gap(3, 2));
    assert_eq!(next(&mut behind).await, event(4));
    publish(&broker, 9).await;
    assert_eq!(next(&mut client).await, gap(8, 4));
    // This client had 5 and 6 from another broker, which was faster.
    assert_eq!(next(&mut ahead).await, gap(8, 2));
    assert_eq!(next(&mut behind).await, gap(8, 4));
    for client in [&mut client, &mut ahead, &mut behind] {
        assert_eq!(next(client).await, event(9));
        assert!(client.next().now_or_never().is_none());
    }
    // What was before the gap is gone for those who come later, too.
    let mut late = broker.subscribe(Some("run-4")).await.unwrap();
    assert_eq!(next(&mut late).await, gap(8, 4));
    assert_eq!(next(&mut late).await, event(9));
    assert_eq!(broker.stats().history, 1);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_was_served_by_a_faster_broker_gets_nothing_twice() {
    let broker = following(0);
    let mut client = broker.subscribe(Some("run-2")).await.unwrap();
    for number in 1..=3 {
        publish(&broker, number).await;
        // Two events of three are not for this client.
        tokio::task::yield_now().await;
        if number < 3 {
            assert!(client.next().now_or_never().is_none());
        }
    }
    assert_eq!(next(&mut client).await, event(3));
    assert_eq!(broker.stats().delivered, 1);
    // An id that a number can't be followed by is none.
    let last = format!("run-{}", u64::MAX);
    let mut stranger = broker.subscribe(Some(&last)).await.unwrap();
    assert!(next(&mut stranger).await.contains(r#"{"missed": null}"#));
}

#[tokio::test(start_paused = true)]
async fn there_is_no_room_while_a_queue_is_full() {
    let broker = following(0);
    assert!(broker.has_room());
    let mut client = broker.subscribe(None).await.unwrap();
    publish(&broker, 1).await;
    assert!(broker.has_room());
    publish(&broker, 2).await;
    assert!(!broker.has_room());
    assert_eq!(next(&mut client).await, event(1));
    assert!(broker.has_room());
    assert_eq!(broker.stats().clients, 1);
}

#[tokio::test(start_paused = true)]
async fn a_comment_is_one_line_that_clients_ignore() {
    let broker = following(0);
    let mut client = broker.subscribe(None).await.unwrap();
    broker
        .comment(" NATS is lost\ndata: forged\n\n")
        .await
        .unwrap();
    assert_eq!(next(&mut client).await, ": NATS is lost\n\n");
    broker.heartbeat().await.unwrap();
    assert_eq!(next(&mut client).await, ":\n\n");
}

/// Tokio prints the loop's panic.
#[tokio::test(start_paused = true)]
async fn a_number_that_was_given_before_ends_the_broker() {
    let broker = following(5);
    let mut client = broker.subscribe(None).await.unwrap();
    let again = broker.publish_as(5, Message::new("x")).await;
    assert_eq!(again, Err(Closed));
    broker.ended().await;
    assert!(client.next().await.is_none());
}
