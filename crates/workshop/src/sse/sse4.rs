//! `sse4`: a client resumes while the broker publishes, and gets each event once, in order.

use std::collections::BTreeMap;
use std::sync::Mutex;

use diagram::{Lanes, Step};
use interleave::Call;
use interleave::sync::Arc;
use interleave::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, both, explored, praise};
use crate::verdict::{Means, Verdict};

/// A client that gets events. A clone is the same client.
#[derive(Clone)]
pub struct Client {
    /// The number of events sent. The operand of each addition also has the event, for the picture.
    sent: Arc<AtomicU64>,
    events: std::sync::Arc<Mutex<BTreeMap<u64, u32>>>,
}

/// The position of the event in an operand. Below it is 1, for one send.
const SHIFT: u32 = 32;

impl Client {
    fn new() -> Client {
        Client {
            sent: Arc::new(AtomicU64::new(0)),
            events: std::sync::Arc::default(),
        }
    }

    /// Sends an event to the client. Never waits.
    #[track_caller]
    pub fn send(&self, event: u32) {
        let before = self
            .sent
            .fetch_add((u64::from(event) << SHIFT) + 1, Relaxed);
        let place = before & u64::from(u32::MAX);
        self.events.lock().unwrap().insert(place, event);
    }

    fn events(&self) -> Vec<u32> {
        self.events.lock().unwrap().values().copied().collect()
    }
}

/// Grades a broker. `resume` takes the last event that the client has seen.
pub fn sse4<B: Send + Sync + 'static>(
    new: fn() -> B,
    publish: fn(&B, u32),
    resume: fn(&B, u32, Client),
) -> Verdict {
    let resumed = move || {
        let broker = Arc::new(new());
        publish(&broker, 1);
        publish(&broker, 2);
        let client = Client::new();
        let handle = client.clone();
        let publisher = move |broker: &B| publish(broker, 3);
        let resuming = move |broker: &B| resume(broker, 1, handle);
        both(&broker, ("publisher", publisher), ("client", resuming));
        client.events()
    };
    let alongside = move || {
        let broker = Arc::new(new());
        publish(&broker, 1);
        let (connected, back) = (Client::new(), Client::new());
        resume(&broker, 1, connected.clone());
        let handle = back.clone();
        let publisher = move |broker: &B| publish(broker, 2);
        let resuming = move |broker: &B| resume(broker, 0, handle);
        both(&broker, ("publisher", publisher), ("client", resuming));
        (connected.events(), back.events())
    };
    graded(Box::new(resumed), Box::new(alongside))
}

fn graded(resumed: Model<Vec<u32>>, alongside: Model<(Vec<u32>, Vec<u32>)>) -> Verdict {
    deliver(Means::Explored, move || {
        explored(
            resumed,
            Check {
                said: |events| format!("the client got {events:?}"),
                expected: "should be [2, 3]",
                holds: |events| *events == [2, 3],
                because: |failure| because(failure.outcome()?, failure),
            },
        )
        .map_err(|verdict| verdict.redrawn(name_sends))?;
        let exploration = explored(
            alongside,
            Check {
                said: |(connected, back)| {
                    format!("one client got {connected:?}, the other {back:?}")
                },
                expected: "should be [2] and [1, 2]",
                holds: |(connected, back)| *connected == [2] && *back == [1, 2],
                because: |failure| {
                    let (connected, _) = failure.outcome()?;
                    let sentence = match connected.len() {
                        0 => "Another client was connected all along, and doesn't get event 2.",
                        1 => "This works for one client, but not if another is already connected.",
                        _ => "Another client was connected all along, and gets more than event 2.",
                    };
                    Some(sentence.into())
                },
            },
        )
        .map_err(|verdict| verdict.redrawn(name_sends))?;
        Ok(praise(&exploration))
    })
}

fn because<T>(events: &[u32], failure: &Failure<T>) -> Option<String> {
    let times = |event| events.iter().filter(|it| **it == event).count();
    let sentence = match (times(1), times(2), times(3)) {
        (1.., _, _) => "The client has already seen event 1, and gets it again.",
        (_, 0, _) => {
            "Event 2 is in the history when the client comes back, but the client doesn't get it."
        }
        (_, _, 0) if failure.always => "The client doesn't get event 3, in any order.",
        (_, _, 0) => {
            "Event 3 is published while the client resumes, and never reaches it: it is missing from the history \
             that was read, and isn't sent to the client either."
        }
        (_, 1, 1) => "The client gets event 3 before event 2.",
        (_, 2.., _) => {
            "The client gets event 2 more than once, although it is published only before the client comes back."
        }
        _ => "The client gets event 3 twice: once from the history, and once when it is published.",
    };
    Some(sentence.into())
}

/// Draws what `send` does as `client.send(3)`.
fn name_sends(lanes: &mut Lanes, calls: &[Call]) {
    for (step, call) in lanes.steps.iter_mut().zip(calls) {
        let operand = call
            .arguments
            .first()
            .and_then(|operand| operand.parse::<u64>().ok());
        let event = operand.unwrap_or(0) >> SHIFT;
        if event > 0 {
            let client = call.object.as_deref().unwrap_or("client");
            *step = Step::new(step.lane, format!("{client}.send({event})"));
        }
    }
}
