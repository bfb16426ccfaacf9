//! Chapter 5: the SSE broker.

use std::collections::BTreeSet;
use std::time::Duration;

use interleave::Explorer;
use interleave::sync::atomic::{AtomicU64, Ordering::SeqCst};
use interleave::sync::{Arc, Notify};
use timeline::Timeline;
use tokio::sync::mpsc;

use crate::pool::{joined, named};
use crate::race::{Words, explored, refused};
use crate::run::{drawn, recorded};
use crate::verdict::{Wrong, deliver, words};

#[path = "../../05-sse/src/late_event.rs"]
mod late_event;

/// A client of `sse1`, which waits until it is closed.
pub struct Client(Arc<Notify>);

/// `sse1`: a client registers while the broker shuts down.
pub fn sse1<R: Send + Sync + 'static>(
    new: fn() -> R,
    register: fn(&R, Client) -> bool,
    close: fn(&R) -> Vec<Client>,
) -> ! {
    let model = move || {
        let registry = Arc::new(new());
        let client = {
            let registry = registry.clone();
            named("client", move || {
                let end = Arc::new(Notify::new());
                let registered = register(&registry, Client(end.clone()));
                if registered {
                    end.wait();
                }
                registered
            })
        };
        let shutdown = named("shutdown", move || {
            for Client(end) in close(&registry) {
                end.notify();
            }
        });
        joined(shutdown);
        joined(client)
    };
    deliver(move || {
        let said = |registered: &bool| match registered {
            true => "the client was let in, and closed".to_owned(),
            false => "the client was turned away".to_owned(),
        };
        let words = Words {
            expected: "",
            fails: "",
            again: false,
            torn: false,
        };
        let right = explored(model, said, |_| true, &words).map_err(|wrong| {
            let flag = wrong.picture.contains(".load(");
            let sentence = if !wrong.picture.contains("for ever") {
                return wrong;
            } else if flag {
                "The client waits for ever. A flag beside the lock can change between the look and the push, whatever \
                 its ordering: it belongs under the lock."
            } else {
                "The client waits for ever. The lock is let go of between the look and the push: whoever closes comes in \
                 between."
            };
            Wrong::new(wrong.picture, sentence)
        })?;
        let exploration = Explorer::new().try_explore(model).map_err(refused)?;
        let mut ends = exploration.executions().iter();
        if !ends.any(|end| end.outcome() == Some(&true)) {
            let sentence = "Nobody is ever let in, whatever the order: a client that comes before the end must be.";
            return Err(Wrong::new("", sentence));
        }
        Ok(right)
    })
}

/// `sse2`: how many events does a client get that leaves?
pub fn sse2(possible: fn() -> Vec<(u64, u64)>) -> ! {
    let model = || {
        let got = Arc::new(AtomicU64::new(0));
        let registry = Arc::new(late_event::Registry::new());
        registry.register(1, got.clone());
        let client = {
            let (registry, got) = (registry.clone(), got.clone());
            named("client", move || {
                registry.unregister(1);
                got.load(SeqCst)
            })
        };
        let broker = named("broker", move || {
            for _ in 0..2 {
                registry.broadcast(|got| {
                    got.fetch_add(1, SeqCst);
                    true
                });
            }
        });
        joined(broker);
        (joined(client), got.load(SeqCst))
    };
    deliver(move || {
        let explored = Explorer::new().try_explore(model).map_err(refused)?;
        let outcomes = explored
            .executions()
            .iter()
            .filter_map(|end| end.outcome().copied());
        let outcomes: BTreeSet<(u64, u64)> = outcomes.collect();
        let answer = BTreeSet::from_iter(possible());
        if let Some(never) = answer.difference(&outcomes).next() {
            let sentence = format!(
                "Your list has {never:?}, and no execution ends so: each broadcast copies the list anew."
            );
            return Err(Wrong::new("", sentence));
        }
        let Some(missing) = outcomes.difference(&answer).next().copied() else {
            return Ok(format!(
                "✓ These are all {} outcomes, and no other.",
                outcomes.len()
            ));
        };
        let said = |(left, end): &(u64, u64)| format!("{left} when it had left, {end} in the end");
        let shown = explored.worded(said, "not in your list");
        let failing = shown.failing(|outcome| *outcome == missing);
        let sentence = match missing {
            (left, end) if left < end => {
                format!("{missing:?} is not in your list: an event that came after goodbye.")
            }
            (1, 1) => {
                format!("{missing:?} is not in your list: it left between the two broadcasts.")
            }
            _ => format!("{missing:?} is not in your list."),
        };
        Err(Wrong::new(failing.simplest().to_string(), sentence))
    })
}

const CLIENTS: usize = 3;
const EVENTS: u32 = 6;
const EVERY: u64 = 100;

/// When each event reached each client, and who was disconnected.
struct Seen {
    /// Client, event, and the millisecond at which it came.
    came: Vec<(usize, u32, u64)>,
    connected: Vec<usize>,
}

/// `sse3`: six events for three clients, of which one has stalled.
pub fn sse3(
    broadcast: impl AsyncFn(&mut Vec<mpsc::Sender<u32>>, u32) + Clone + Send + 'static,
) -> ! {
    let graded = move |stalls: usize, capacity: usize| {
        let broadcast = broadcast.clone();
        let run = move |timeline: Timeline| async move {
            let begun = tokio::time::Instant::now();
            let (report, mut reports) = mpsc::unbounded_channel();
            let mut senders = Vec::new();
            let mut stalled = None;
            for number in 1..=CLIENTS {
                let (sender, mut events) = mpsc::channel(capacity);
                senders.push(sender);
                if number == stalls {
                    stalled = Some(events);
                    continue;
                }
                let (report, timeline) = (report.clone(), timeline.clone());
                tokio::spawn(async move {
                    while let Some(event) = events.recv().await {
                        let _ = report.send((number, event, begun.elapsed().as_millis() as u64));
                        let work = tokio::time::sleep(Duration::from_millis(50));
                        timeline
                            .span(format!("Client {number}, event {event}"), work)
                            .await;
                    }
                });
            }
            drop(report);
            let send = async {
                for event in 1..=EVENTS {
                    let due = begun + Duration::from_millis(EVERY * u64::from(event - 1));
                    tokio::time::sleep_until(due).await;
                    broadcast(&mut senders, event).await;
                }
            };
            // Whoever waits for the stalled client waits for ever.
            let _ = tokio::time::timeout(Duration::from_millis(5_000), send).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            let mut came = Vec::new();
            while let Ok(event) = reports.try_recv() {
                came.push(event);
            }
            // A client is connected as long as somebody has its sender.
            let mut connected = Vec::new();
            let mut of_the_stalled = stalled.expect("one has stalled");
            while of_the_stalled.try_recv().is_ok() {}
            if !of_the_stalled.is_closed() && of_the_stalled.sender_strong_count() > 0 {
                connected.push(stalls);
            }
            Seen { came, connected }
        };
        let (seen, recording) = recorded(run)?;
        let picture = format!("Yours:\n{}", drawn(&recording));
        // If the broker itself waits, the stalled client still has its place.
        let stuck = seen.connected.contains(&stalls);
        for client in (1..=CLIENTS).filter(|client| *client != stalls) {
            for event in 1..=EVENTS {
                let due = EVERY * u64::from(event - 1);
                let came = seen
                    .came
                    .iter()
                    .find(|(to, number, _)| (*to, *number) == (client, event));
                let sentence = match came {
                    Some((_, _, at)) if *at == due => continue,
                    Some((_, _, at)) => format!(
                        "Event {event} comes to client {client} {} ms late: the broker waits for the slow client, if \
                         only for a while.",
                        at - due
                    ),
                    None if seen.came.iter().any(|(_, number, _)| *number == event) || !stuck => {
                        format!(
                            "Client {client} was disconnected though it reads: event {event} never came."
                        )
                    }
                    None => format!(
                        "Event {event} never comes to client {client}: the broker waits for room in the queue of a \
                         client that has stalled."
                    ),
                };
                return Err(Wrong::new(picture, sentence));
            }
        }
        if stuck {
            let sentence = "The stalled client is still connected: it loses events, and never learns of it. Disconnect \
                            it, and it can come back and ask for them.";
            return Err(Wrong::new(picture, sentence));
        }
        Ok(())
    };
    deliver(move || {
        graded(1, 2)?;
        // Another one, in case the answer was made for the first.
        graded(3, 4).map_err(|wrong| {
            let sentence = format!(
                "Right where the first client has stalled, and not where the last has, with room for four. {}",
                wrong.sentence
            );
            Wrong::new(wrong.picture, sentence)
        })?;
        Ok(format!(
            "✓ {EVENTS} events on time, and the stalled client is disconnected, whichever it is."
        ))
    })
}

/// What a client of `sse4` missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// How many events it missed that are not kept any more.
    pub gone: u64,
    /// The events that it missed and that are kept, in their order.
    pub events: Vec<u64>,
}

/// `sse4`: what a client missed, for every small history and every client.
pub fn sse4(missed: fn(&[u64], u64, u64) -> Missed) -> ! {
    deliver(move || {
        let mut cases = 0;
        for newest in 0..=5_u64 {
            for length in 0..=newest {
                let kept = Vec::from_iter(newest - length + 1..=newest);
                for last in 0..=newest {
                    cases += 1;
                    let asked = format!(
                        "Events so far: {newest}   kept: {kept:?}   the client saw last: {last}"
                    );
                    let answer = || missed(&kept, newest, last);
                    let yours = std::panic::catch_unwind(answer).map_err(|payload| {
                        let words = words(&*payload).unwrap_or("no message");
                        Wrong::new(asked.clone(), format!("Your code panicked: {words}"))
                    })?;
                    let events = Vec::from_iter(kept.iter().copied().filter(|event| *event > last));
                    let gone = newest - last - events.len() as u64;
                    let wanted = Missed { gone, events };
                    if yours == wanted {
                        continue;
                    }
                    let picture = format!(
                        "{asked}\n\
                         Yours:  {} gone, then {:?}\nWanted: {} gone, then {:?}",
                        yours.gone, yours.events, wanted.gone, wanted.events
                    );
                    let sentence = if yours.events.iter().any(|event| *event <= last) {
                        "The client gets an event twice: it has seen that one.".to_owned()
                    } else if wanted
                        .events
                        .iter()
                        .any(|event| !yours.events.contains(event))
                    {
                        "The client lacks an event that is kept.".to_owned()
                    } else if yours.events == wanted.events {
                        format!(
                            "Gone are {}, and it is told that {} are.",
                            wanted.gone, yours.gone
                        )
                    } else {
                        "The events are not those that are kept, in their order.".to_owned()
                    };
                    return Err(Wrong::new(picture, sentence));
                }
            }
        }
        Ok(format!("✓ {cases} cases, each right."))
    })
}
