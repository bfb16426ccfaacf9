//! Random sequences of what clients and publishers do, on three tasks. No task hangs, no client gets an event twice
//! or out of order, and every client is closed in the end.
//!
//! A sequence depends on its number alone, and its tasks run on one thread in the same order each time.
//! `SEQUENCE=123 cargo test -p sse --test sequences -- --nocapture` runs one sequence.

use std::cell::RefCell;
use std::env;
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use oorandom::Rand32;
use sse::broker::{Broker, Subscription};
use sse::event::Message;
use sse::{Options, SubscribeError};
use tokio::runtime::Builder;
use tokio::task::{LocalSet, yield_now};
use tokio::time::timeout;

const SEQUENCES: u64 = 100_000;
const TASKS: usize = 3;
const BUFFER: usize = 4;
const HISTORY: usize = 8;
const MAX_CLIENTS: usize = 6;

/// A day of virtual time. The clock advances only when no task can run.
const HANGS: Duration = Duration::from_secs(86_400);

/// How often one operation happened during another.
#[derive(Debug, Default)]
struct Windows {
    registering_at_shutdown: u64,
    publishing_at_shutdown: u64,
    leaving_during_publish: u64,
    registering_during_publish: u64,
    refused_full: u64,
    refused_closed: u64,
    dropped_slow: u64,
    resumed_with_gap: u64,
    resumed_without_gap: u64,
}

/// The operations that are under way in one sequence.
#[derive(Debug, Default)]
struct UnderWay {
    registering: u64,
    publishing: u64,
    shut_down: bool,
    windows: Windows,
}

/// A client, and the newest event that it saw.
struct Client {
    subscription: Subscription,
    seen: Option<u64>,
    /// The event after which it asked to resume: then its first event is the next one, or a gap.
    resumed: Option<u64>,
}

impl Client {
    /// Checks that an event follows what the client saw. Returns whether the client resumed, and with a gap.
    fn saw(&mut self, number: Option<u64>, frame: &str) -> Option<bool> {
        let Some(number) = number else {
            assert!(
                frame.contains("event: gap\n") && self.seen.is_none(),
                "{frame}"
            );
            self.resumed = None;
            return Some(true);
        };
        let mut caught_up = None;
        match (self.seen, self.resumed.take()) {
            (Some(seen), _) => assert_eq!(number, seen + 1, "no event is lost or repeated"),
            (None, Some(after)) => {
                assert_eq!(number, after + 1, "the client resumes where it stopped");
                caught_up = Some(false);
            }
            (None, None) => {}
        }
        self.seen = Some(number);
        caught_up
    }
}

async fn task(broker: Broker, mut random: Rand32, steps: u32, state: Rc<RefCell<UnderWay>>) {
    let mut clients: Vec<Client> = Vec::new();
    let mut last_seen = 0;
    for _ in 0..steps {
        for _ in 0..random.rand_range(0..3) {
            yield_now().await;
        }
        match random.rand_range(0..100) {
            0..25 => {
                let resumed = (random.rand_range(0..2) == 0).then_some(last_seen);
                let last = resumed.map(|number| format!("run-{number}"));
                state.borrow_mut().registering += 1;
                if state.borrow().publishing > 0 {
                    state.borrow_mut().windows.registering_during_publish += 1;
                }
                let registered = broker.subscribe(last.as_deref()).await;
                state.borrow_mut().registering -= 1;
                let windows = &mut state.borrow_mut().windows;
                match registered {
                    Ok(subscription) => clients.push(Client {
                        subscription,
                        seen: None,
                        resumed,
                    }),
                    Err(SubscribeError::Full { max }) => {
                        assert_eq!(max, MAX_CLIENTS);
                        windows.refused_full += 1;
                    }
                    Err(SubscribeError::Closed) => windows.refused_closed += 1,
                }
            }
            25..40 if !clients.is_empty() => {
                let leaves = random.rand_range(0..clients.len() as u32) as usize;
                if state.borrow().publishing > 0 {
                    state.borrow_mut().windows.leaving_during_publish += 1;
                }
                drop(clients.swap_remove(leaves));
            }
            40..60 if !clients.is_empty() => {
                let reads = random.rand_range(0..clients.len() as u32) as usize;
                read(&mut clients[reads], &mut last_seen, &state);
            }
            60..99 => {
                state.borrow_mut().publishing += 1;
                let published = broker.publish(Message::new("x")).await;
                state.borrow_mut().publishing -= 1;
                if published.is_err() {
                    assert!(state.borrow().shut_down, "an open broker refuses a message");
                }
            }
            99 => shutdown(&broker, &state).await,
            _ => {}
        }
    }
    // Whichever task shuts the broker down, every client then comes to its end.
    shutdown(&broker, &state).await;
    for mut client in clients {
        while let Some(event) = client.subscription.next().await {
            let frame = std::str::from_utf8(&event.frame).expect("events are UTF-8");
            client.saw(event.number, frame);
        }
        assert!(
            client.subscription.next().await.is_none(),
            "the end is final"
        );
    }
}

/// Reads everything that is in the client's queue.
fn read(client: &mut Client, last_seen: &mut u64, state: &RefCell<UnderWay>) {
    while let Some(Some(event)) = client.subscription.next().now_or_never() {
        let frame = std::str::from_utf8(&event.frame).expect("events are UTF-8");
        let windows = &mut state.borrow_mut().windows;
        match client.saw(event.number, frame) {
            Some(true) => windows.resumed_with_gap += 1,
            Some(false) => windows.resumed_without_gap += 1,
            None => {}
        }
        *last_seen = (*last_seen).max(event.number.unwrap_or_default());
    }
}

async fn shutdown(broker: &Broker, state: &RefCell<UnderWay>) {
    {
        let state = &mut *state.borrow_mut();
        if !state.shut_down {
            state.windows.registering_at_shutdown += u64::from(state.registering > 0);
            state.windows.publishing_at_shutdown += u64::from(state.publishing > 0);
            state.windows.dropped_slow += broker.stats().dropped_slow;
        }
        state.shut_down = true;
    }
    broker.shutdown().await;
}

/// Runs one sequence, and adds its counts to `windows`.
fn run(runtime: &tokio::runtime::Runtime, sequence: u64, windows: &mut Windows) {
    let local = LocalSet::new();
    let state = Rc::new(RefCell::new(UnderWay::default()));
    let done = local.run_until(async {
        let broker = Broker::start(Options {
            buffer: BUFFER,
            history: HISTORY,
            max_clients: MAX_CLIENTS,
            start: "run".to_owned(),
            follows: None,
        });
        let mut random = Rand32::new(sequence);
        let steps = random.rand_range(20..201);
        let tasks = Vec::from_iter((0..TASKS).map(|_| {
            let random = Rand32::new(u64::from(random.rand_u32()));
            let steps = steps.div_ceil(TASKS as u32);
            tokio::task::spawn_local(task(broker.clone(), random, steps, state.clone()))
        }));
        for task in tasks {
            let ended = timeout(HANGS, task).await;
            let ended = ended.unwrap_or_else(|_| panic!("sequence {sequence} hangs"));
            ended.unwrap_or_else(|error| panic!("SEQUENCE={sequence} fails: {error}"));
        }
        assert_eq!(broker.stats().clients, 0, "sequence {sequence}");
    });
    runtime.block_on(done);
    let met = std::mem::take(&mut state.borrow_mut().windows);
    for (sum, met) in windows.all().into_iter().zip(met_all(met)) {
        *sum.1 += met;
    }
}

impl Windows {
    fn all(&mut self) -> [(&'static str, &mut u64); 9] {
        [
            ("registering at shutdown", &mut self.registering_at_shutdown),
            ("publishing at shutdown", &mut self.publishing_at_shutdown),
            ("leaving during a publish", &mut self.leaving_during_publish),
            (
                "registering during a publish",
                &mut self.registering_during_publish,
            ),
            ("refused, all slots taken", &mut self.refused_full),
            ("refused, shut down", &mut self.refused_closed),
            ("dropped because slow", &mut self.dropped_slow),
            ("resumed with a gap", &mut self.resumed_with_gap),
            ("resumed without", &mut self.resumed_without_gap),
        ]
    }
}

fn met_all(mut met: Windows) -> [u64; 9] {
    met.all().map(|(_, count)| *count)
}

#[test]
fn random_sequences_lose_no_event_and_never_hang() {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let one: Option<u64> = env::var("SEQUENCE").ok().and_then(|one| one.parse().ok());
    let mut windows = Windows::default();
    let sequences = one.map_or(0..SEQUENCES, |one| one..one + 1);
    println!("sequences {sequences:?}");
    for sequence in sequences {
        run(&runtime, sequence, &mut windows);
    }
    for (window, count) in windows.all() {
        println!("{count:>9} {window}");
        assert!(*count > 0 || one.is_some(), "never met: {window}");
    }
}
