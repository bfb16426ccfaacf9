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
    deliver(move || {
        let words = Words {
            expected: "should be as many closed as let in",
            fails: "`register` and `close` disagree: who is let in is closed, and who is turned away is not on the list.",
            again: false,
            torn: false,
        };
        let one = move || shut_down(new, register, close, ["client"]);
        let said = |([let_in], closed): &([bool; 1], usize)| match (let_in, closed) {
            (true, 1) => "the client was let in, and closed".to_owned(),
            (false, 0) => "the client was turned away".to_owned(),
            (let_in, closed) => format!("let in: {let_in}, closed: {closed}"),
        };
        let agree =
            |let_in: &[bool], closed: usize| let_in.iter().filter(|it| **it).count() == closed;
        explored(one, said, |(let_in, closed)| agree(let_in, *closed), &words).map_err(waiting)?;
        let exploration = Explorer::new().try_explore(one).map_err(refused)?;
        let mut ends = exploration.executions().iter();
        if !ends.any(|end| end.outcome() == Some(&([true], 1))) {
            let sentence = "Nobody is ever let in, whatever the order: a client that comes before the end must be.";
            return Err(Wrong::new("", sentence));
        }
        // Two, in case the answer was made for one.
        let two = move || shut_down(new, register, close, ["client 1", "client 2"]);
        let said = |(let_in, closed): &([bool; 2], usize)| {
            let count = let_in.iter().filter(|it| **it).count();
            format!("{count} let in, {closed} closed")
        };
        let right = explored(two, said, |(let_in, closed)| agree(let_in, *closed), &words)
            .map_err(|wrong| match wrong.picture.contains("forever") {
                true => {
                    let sentence = "With one client it is right, and with two one waits forever: all that are let in \
                                    must be closed.";
                    Wrong::new(wrong.picture, sentence)
                }
                false => wrong,
            })?;
        let exploration = Explorer::new().try_explore(two).map_err(refused)?;
        let mut ends = exploration.executions().iter();
        if !ends.any(|end| end.outcome() == Some(&([true; 2], 2))) {
            let sentence =
                "Two clients come before the end, and one of them is turned away in every order.";
            return Err(Wrong::new("", sentence));
        }
        Ok(right)
    })
}

/// Clients register while the broker shuts down: who was let in, and how many were closed.
fn shut_down<R: Send + Sync + 'static, const N: usize>(
    new: fn() -> R,
    register: fn(&R, Client) -> bool,
    close: fn(&R) -> Vec<Client>,
    names: [&str; N],
) -> ([bool; N], usize) {
    let registry = Arc::new(new());
    let clients = names.map(|name| {
        let registry = registry.clone();
        named(name, move || {
            let end = Arc::new(Notify::new());
            let registered = register(&registry, Client(end.clone()));
            if registered {
                end.wait();
            }
            registered
        })
    });
    let shutdown = named("shutdown", move || {
        let clients = close(&registry);
        for Client(end) in &clients {
            end.notify();
        }
        clients.len()
    });
    let closed = joined(shutdown);
    (clients.map(joined), closed)
}

/// Why a client of `sse1` waits forever.
fn waiting(wrong: Wrong) -> Wrong {
    let Wrong { picture, lanes, .. } = &wrong;
    let lane = |name: &str| lanes.lanes.iter().position(|lane| lane == name);
    let (client, shutdown) = (lane("client"), lane("shutdown"));
    let waits = |step: &diagram::Step| step.mark == Some(diagram::Mark::Blocked);
    let Some(blocked) = lanes.steps.iter().find(|step| waits(step)) else {
        return wrong;
    };
    if blocked.text.contains(".lock(") {
        return wrong;
    }
    let of = |lane: Option<usize>| {
        let own =
            move |(_, step): &(usize, &diagram::Step)| Some(step.lane) == lane && !waits(step);
        lanes
            .steps
            .iter()
            .enumerate()
            .filter(own)
            .map(|(place, _)| place)
    };
    let before = |one, other| of(one).max() < of(other).min();
    let sentence = if of(shutdown).next().is_none() || before(client, shutdown) {
        "The client waits forever. It was there before the shutdown began: `close` must return everybody who was let \
         in."
    } else if before(shutdown, client) {
        "The client waits forever. It came when the shutdown was over, and was let in: `close` must leave word that \
         this is the end."
    } else if picture.contains(".load(") {
        "The client waits forever. A flag beside the lock can change between the look and the push, whatever \
         its ordering: it belongs under the lock."
    } else {
        "The client waits forever. The lock is let go of between the look and the push: whoever closes comes in \
         between."
    };
    Wrong::new(wrong.picture, sentence)
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
    /// Whether the broker itself waited in the end.
    stuck: bool,
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
            // Whoever waits for the stalled client waits forever.
            let patience = Duration::from_millis(5_000);
            let stuck = tokio::time::timeout(patience, send).await.is_err();
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
            Seen {
                came,
                connected,
                stuck,
            }
        };
        let (seen, recording) = recorded(run)?;
        let picture = format!("Yours:\n{}", drawn(&recording));
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
                    None if !seen.stuck
                        && seen.came.is_empty()
                        && seen.connected.contains(&stalls) =>
                    {
                        "Nothing comes to anybody: was the event sent?".to_owned()
                    }
                    None if !seen.stuck => format!(
                        "Client {client} was disconnected though it reads, or left out: event {event} never came."
                    ),
                    None => format!(
                        "Event {event} never comes to client {client}: the broker waits for room in the queue of a \
                         client that has stalled."
                    ),
                };
                return Err(Wrong::new(picture, sentence));
            }
        }
        if seen.connected.contains(&stalls) {
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
        // A queue that is full and is read in time is no stalled client's.
        graded(2, 1).map_err(|wrong| {
            let sentence = format!(
                "With room for one event it is not right. {}",
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
                            "It is told that {} are gone, and {} are.",
                            yours.gone, wanted.gone
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
