//! `sse3`: a broadcast to three clients, one of which has stalled, in virtual time.

use std::sync::Arc;
use std::time::Duration;

use timeline::{Recording, Timeline};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::deliver::deliver;
use crate::verdict::{Means, Verdict};
use crate::virtual_time::{Boxed, recorded};

const CLIENTS: usize = 3;
const EVENTS: u32 = 6;
/// The time between two events, in milliseconds.
const EVERY: u64 = 100;

/// What happened in a run.
struct Seen {
    /// Each arrival: the client, the event, and the time in milliseconds.
    arrived: Vec<(usize, u32, u64)>,
    /// Whether a sender of the stalled client still exists.
    connected: bool,
    /// The number of the stalled client's senders, without the broker's.
    pending: usize,
    /// The event whose broadcast didn't return within five seconds.
    stuck: Option<u32>,
}

/// Grades a broadcast: six events for three clients.
pub fn sse3(
    broadcast: impl AsyncFn(&mut Vec<Sender>, u32) + Copy + Send + Sync + 'static,
) -> Verdict {
    graded(Arc::new(move |clients, event| {
        Box::pin(async move { broadcast(clients, event).await })
    }))
}

type Sender = mpsc::Sender<u32>;
type Broadcast = dyn Fn(&mut Vec<Sender>, u32) -> Boxed<()> + Send + Sync;

fn graded(broadcast: Arc<Broadcast>) -> Verdict {
    let graded = move |stalled: usize, capacity: usize| {
        let broadcast = broadcast.clone();
        let (seen, yours) =
            recorded(|timeline| Box::pin(run(broadcast, stalled, capacity, timeline)))?;
        Verdict::unless(wrong_run(&seen, &yours, stalled), yours)
    };
    deliver(Means::VirtualTime, move || {
        graded(1, 2)?;
        // Catches answers that know which client has stalled, or when its queue is full.
        graded(3, 4).map_err(|verdict| {
            verdict.prefixed("This works if client 1 has stalled, but not if client 3 has, with room for four events.")
        })?;
        graded(2, 1).map_err(|verdict| {
            verdict.prefixed("This doesn't work if each queue has room for only one event.")
        })?;
        Ok(format!(
            "✓ All {EVENTS} events arrive on time, and the stalled client is disconnected, whichever it is."
        ))
    })
}

async fn run(
    broadcast: Arc<Broadcast>,
    stalled: usize,
    capacity: usize,
    timeline: Timeline,
) -> Seen {
    let begun = Instant::now();
    let (report, mut reports) = mpsc::unbounded_channel();
    let (mut senders, mut queues) = (Vec::new(), Vec::new());
    for _ in 0..CLIENTS {
        let (sender, queue) = mpsc::channel(capacity);
        senders.push(sender);
        queues.push(queue);
    }
    let mut unread = queues.remove(stalled - 1);
    let own = senders[stalled - 1].downgrade();
    for (client, mut queue) in (1..).filter(|client| *client != stalled).zip(queues) {
        let (report, timeline) = (report.clone(), timeline.clone());
        tokio::spawn(async move {
            while let Some(event) = queue.recv().await {
                let _ = report.send((client, event, begun.elapsed().as_millis() as u64));
                let name = format!("Client {client}, event {event}");
                timeline.span(name, sleep(Duration::from_millis(50))).await;
            }
        });
    }
    let mut current = 0;
    let broadcasts = async {
        for event in 1..=EVENTS {
            current = event;
            sleep_until(begun + Duration::from_millis(due(event))).await;
            broadcast(&mut senders, event).await;
        }
    };
    let returned = timeout(Duration::from_secs(5), broadcasts).await.is_ok();
    sleep(Duration::from_millis(EVERY)).await;
    let is_stalled = |sender: &&Sender| own.upgrade().is_some_and(|own| own.same_channel(sender));
    let pending = unread.sender_strong_count() - senders.iter().filter(is_stalled).count();
    // A client is disconnected if no sender is left, whatever is still in its queue.
    while unread.try_recv().is_ok() {}
    let mut arrived = Vec::new();
    while let Ok(event) = reports.try_recv() {
        arrived.push(event);
    }
    Seen {
        arrived,
        connected: unread.sender_strong_count() > 0,
        pending,
        stuck: (!returned).then_some(current),
    }
}

/// Returns when an event is broadcast, in milliseconds.
fn due(event: u32) -> u64 {
    EVERY * u64::from(event - 1)
}

fn wrong_run(seen: &Seen, yours: &Recording, stalled: usize) -> Option<String> {
    let readers = (1..=CLIENTS).filter(|client| *client != stalled);
    let expected = readers.flat_map(|client| (1..=EVENTS).map(move |event| (client, event)));
    for (client, event) in expected {
        let mut arrivals = seen
            .arrived
            .iter()
            .filter(|it| (it.0, it.1) == (client, event));
        let late = arrivals.next().map(|(_, _, at)| at - due(event));
        return Some(match late {
            Some(0) if arrivals.next().is_some() => {
                format!("Event {event} reaches client {client} twice.")
            }
            Some(0) => continue,
            Some(late) => format!(
                "Event {event} reaches client {client} with a delay of {late} ms: the broadcast waits, and the \
                 clients wait with it."
            ),
            None if seen.stuck.is_some_and(|stuck| stuck <= event) => format!(
                "Event {event} never reaches client {client}: the broadcast waits forever for room in the queue of \
                 the stalled client."
            ),
            None if seen.pending > 0 => format!(
                "Event {event} never reaches client {client}: the task that sends it still waits for room in the \
                 queue of the stalled client."
            ),
            None if yours.spans.is_empty() => {
                "No client gets any event: it isn't sent, or every client is disconnected."
                    .to_owned()
            }
            None => format!(
                "Event {event} never reaches client {client}, although the client keeps up: it was skipped or \
                 disconnected."
            ),
        });
    }
    match (seen.connected, seen.pending) {
        (false, _) => None,
        (true, 0) => Some(
            "The stalled client is still connected, but it has missed events and doesn't know. If it were \
             disconnected, \
             it could come back and ask for them."
                .to_owned(),
        ),
        (true, pending) => Some(format!(
            "{pending} sends are still waiting for room in the queue of the stalled client, and every broadcast adds \
             another. Nothing limits that: disconnect the client."
        )),
    }
}
