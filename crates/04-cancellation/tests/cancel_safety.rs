//! Which calls lose something when they are dropped half-way: one test for each row of the page's table.
//!
//! Each test begins a call, drops it before it is ready, and then checks what is left.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, duplex};
use tokio::sync::{Mutex, mpsc};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{Instant, interval, sleep, timeout};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Polls a future once and drops it, as `select!` does with a branch that isn't ready.
#[track_caller]
fn dropped_half_way<F: Future>(future: F) {
    assert!(
        future.now_or_never().is_none(),
        "the call was to be dropped before it is ready"
    );
}

#[tokio::test]
async fn receiving_from_a_channel_loses_nothing() {
    let (sender, mut receiver) = mpsc::channel(1);
    dropped_half_way(receiver.recv());
    sender.send(7).await.unwrap();
    assert_eq!(receiver.recv().await, Some(7));
}

#[tokio::test]
async fn sending_to_a_full_channel_loses_the_message() {
    let (sender, mut receiver) = mpsc::channel(1);
    sender.send(1).await.unwrap();
    dropped_half_way(sender.send(2));
    assert_eq!(receiver.recv().await, Some(1));
    drop(sender);
    assert_eq!(receiver.recv().await, None);
}

#[tokio::test]
async fn reserving_a_slot_in_a_channel_keeps_the_message() {
    let (sender, mut receiver) = mpsc::channel(1);
    sender.send(1).await.unwrap();
    let message = 2;
    dropped_half_way(sender.reserve());
    assert_eq!(receiver.recv().await, Some(1));
    sender.reserve().await.unwrap().send(message);
    assert_eq!(receiver.recv().await, Some(2));
}

#[tokio::test]
async fn reading_a_line_into_a_string_loses_half_a_line() {
    let (mut client, server) = duplex(64);
    let mut server = BufReader::new(server);
    client.write_all(b"half ").await.unwrap();
    let mut line = String::new();
    dropped_half_way(server.read_line(&mut line));
    client.write_all(b"a line\n").await.unwrap();
    server.read_line(&mut line).await.unwrap();
    assert_eq!(line, "a line\n");
}

#[tokio::test]
async fn the_next_of_lines_loses_nothing() {
    let (mut client, server) = duplex(64);
    let mut lines = BufReader::new(server).lines();
    client.write_all(b"half ").await.unwrap();
    dropped_half_way(lines.next_line());
    client.write_all(b"a line\n").await.unwrap();
    assert_eq!(lines.next_line().await.unwrap().unwrap(), "half a line");
}

#[tokio::test]
async fn reading_an_exact_number_of_bytes_loses_those_already_read() {
    let (mut client, mut server) = duplex(64);
    client.write_all(b"ab").await.unwrap();
    let mut four = [0; 4];
    dropped_half_way(server.read_exact(&mut four));
    client.write_all(b"cdef").await.unwrap();
    server.read_exact(&mut four).await.unwrap();
    assert_eq!(&four, b"cdef");
}

#[tokio::test]
async fn a_single_read_loses_nothing() {
    let (mut client, mut server) = duplex(64);
    let mut four = [0; 4];
    dropped_half_way(server.read(&mut four));
    client.write_all(b"abcd").await.unwrap();
    assert_eq!(server.read(&mut four).await.unwrap(), 4);
}

#[tokio::test]
async fn writing_all_of_a_buffer_leaves_half_of_it_on_the_wire() {
    let (mut client, mut server) = duplex(4);
    dropped_half_way(client.write_all(b"abcdef"));
    let mut four = [0; 4];
    server.read_exact(&mut four).await.unwrap();
    // A second try sends the beginning again.
    dropped_half_way(client.write_all(b"abcdef"));
    let mut again = [0; 4];
    server.read_exact(&mut again).await.unwrap();
    assert_eq!((&four, &again), (b"abcd", b"abcd"));
}

#[tokio::test]
async fn a_single_write_is_all_or_nothing() {
    let (mut client, mut server) = duplex(4);
    client.write_all(b"abcd").await.unwrap();
    dropped_half_way(client.write(b"ef"));
    let mut six = Vec::new();
    server.read_buf(&mut six).await.unwrap();
    client.write_all(b"ef").await.unwrap();
    drop(client);
    server.read_to_end(&mut six).await.unwrap();
    assert_eq!(six, b"abcdef");
}

/// Two tasks wait for a lock. The first stops waiting and begins again: now it is the last.
#[tokio::test]
async fn waiting_for_a_lock_loses_the_place_in_the_queue() {
    let lock = Arc::new(Mutex::new(Vec::new()));
    let mut held = lock.clone().lock_owned().await;
    let mut first = Box::pin(lock.lock());
    assert!((&mut first).now_or_never().is_none());
    let other = lock.clone();
    let second = tokio::spawn(async move { other.lock().await.push("second") });
    yield_now().await;
    drop(first);
    let other = lock.clone();
    let again = tokio::spawn(async move { other.lock().await.push("first") });
    yield_now().await;
    held.push("held");
    drop(held);
    second.await.unwrap();
    again.await.unwrap();
    assert_eq!(*lock.lock().await, ["held", "second", "first"]);
}

#[tokio::test(start_paused = true)]
async fn a_sleep_that_is_made_anew_never_ends() {
    let start = Instant::now();
    let (sender, mut receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        for _ in 0..10 {
            sleep(ms(60)).await;
            sender.send(()).await.unwrap();
        }
    });
    let mut beats = 0;
    loop {
        tokio::select! {
            received = receiver.recv() => match received {
                Some(()) => beats += 1,
                None => break,
            },
            // The limit for all beats was meant to be 100 ms.
            () = sleep(ms(100)) => panic!("a beat takes 60 ms"),
        }
    }
    assert_eq!((beats, start.elapsed()), (10, ms(600)));
}

#[tokio::test(start_paused = true)]
async fn a_tick_of_an_interval_loses_nothing() {
    let start = Instant::now();
    let mut ticks = interval(ms(100));
    ticks.tick().await;
    for _ in 0..3 {
        assert!(timeout(ms(30), ticks.tick()).await.is_err());
    }
    ticks.tick().await;
    assert_eq!(start.elapsed(), ms(100));
}

#[tokio::test]
async fn joining_the_next_task_of_a_set_loses_nothing() {
    let mut tasks = JoinSet::new();
    tasks.spawn(async {
        yield_now().await;
        7
    });
    dropped_half_way(tasks.join_next());
    assert_eq!(tasks.join_next().await.unwrap().unwrap(), 7);
}

/// The loop that `raced` is: the item in flight is dropped, with what it had done.
#[tokio::test(start_paused = true)]
async fn an_async_function_loses_what_it_has_read() {
    async fn sum_of_two(receiver: &mut mpsc::Receiver<u32>) -> u32 {
        let first = receiver.recv().await.unwrap();
        first + receiver.recv().await.unwrap()
    }
    let (sender, mut receiver) = mpsc::channel(3);
    sender.send(1).await.unwrap();
    dropped_half_way(sum_of_two(&mut receiver));
    sender.send(2).await.unwrap();
    sender.send(3).await.unwrap();
    assert_eq!(sum_of_two(&mut receiver).await, 5);
}
