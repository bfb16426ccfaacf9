//! `sse1`: a tab opens a new connection while the server cleans up after the old one.

use interleave::sync::Arc;

use crate::call::Call;
use crate::deliver::deliver;
use crate::race::{Check, Failure, explored, joined, praise, spawned};
use crate::verdict::{Means, Verdict};

#[cfg(test)]
#[path = "../../wrong/sse/sse1.rs"]
mod wrong;

/// A connection of some browser tab.
#[derive(Clone, Debug)]
pub struct Connection {
    number: u32,
}

/// The numbers of the connections that the next event goes to.
type Connected = Vec<u32>;

/// Grades a registry. `register` takes a tab and its new connection, and returns a ticket, of any type, which
/// `unregister` is given back when that connection has ended.
pub fn sse1<R: Send + Sync + 'static, T: Send + 'static>(
    new: fn() -> R,
    register: fn(&R, u32, Connection) -> T,
    unregister: fn(&R, T),
    connected: fn(&R) -> Vec<Connection>,
) -> Verdict {
    let numbers = move |registry: &R| {
        let mut numbers = Vec::from_iter(connected(registry).iter().map(|it| it.number));
        numbers.sort();
        numbers
    };
    // Connections 1 and 2 are tab 1's, one after the other; connection 9 is tab 2's.
    let reconnected = move |stays: bool| {
        let registry = Arc::new(new());
        register(&registry, 2, Connection { number: 9 });
        let first = register(&registry, 1, Connection { number: 1 });
        let browser = spawned("browser", &registry, move |registry| {
            let second = register(registry, 1, Connection { number: 2 });
            if !stays {
                unregister(registry, second);
            }
        });
        let cleanup = spawned("cleanup", &registry, move |it| unregister(it, first));
        joined(browser);
        joined(cleanup);
        numbers(&registry)
    };
    // Connections 1, 2 and 3 are all of one tab; the server is slow to notice that the first has ended.
    let reconnected_twice = move || {
        let registry = Arc::new(new());
        let first = register(&registry, 1, Connection { number: 1 });
        let second = register(&registry, 1, Connection { number: 2 });
        let replaced = numbers(&registry);
        unregister(&registry, second);
        let browser = spawned("browser", &registry, move |registry| {
            register(registry, 1, Connection { number: 3 });
        });
        let cleanup = spawned("cleanup", &registry, move |it| unregister(it, first));
        joined(browser);
        joined(cleanup);
        (replaced, numbers(&registry))
    };
    deliver(Means::Explored, move || {
        explored(
            move || reconnected(true),
            Check {
                said: |connected| format!("on the list: connections {connected:?}"),
                expected: "should be [2, 9]",
                holds: |connected| *connected == [2, 9],
                because: came_back,
            },
        )?;
        explored(
            move || reconnected(false),
            Check {
                said: |connected| format!("on the list: connections {connected:?}"),
                expected: "should be [9]",
                holds: |connected| *connected == [9],
                because: |failure: &Failure<Connected>| {
                    let sentence = "Connections 1 and 2 have both ended, but one of them stays on the list forever.";
                    failure
                        .outcome()?
                        .iter()
                        .any(|it| *it < 9)
                        .then(|| sentence.to_owned())
                },
            },
        )?;
        let exploration = explored(
            reconnected_twice,
            Check {
                said: |(replaced, connected)| {
                    format!("on the list: connections {replaced:?}, and in the end {connected:?}")
                },
                expected: "should be [2], then [3]",
                holds: |(replaced, connected)| *replaced == [2] && *connected == [3],
                because: came_back_twice,
            },
        )?;
        Ok(Verdict::right(praise(&exploration)))
    })
}

fn came_back(failure: &Failure<Connected>) -> Option<String> {
    let connected = failure.outcome()?;
    let locks = failure
        .calls_of("cleanup")
        .into_iter()
        .filter(Call::locks)
        .count();
    let sentence = if !connected.contains(&9) {
        "Connection 9 belongs to another tab and is still open. It has to stay on the list."
    } else if connected.contains(&1) && connected.contains(&2) {
        "Both of the tab's connections are on the list, although the first has ended."
    } else if connected.contains(&1) {
        "Connection 1 has ended but is still on the list, and connection 2 isn't on it."
    } else if failure.always {
        "Connection 2 is never on the list, in any order."
    } else if locks > 1 {
        "The cleanup checks that connection 1 is still the tab's, and releases the lock. Then the tab registers \
         connection 2, and the cleanup removes that."
    } else {
        "The tab has reconnected but gets no events: the cleanup of its first connection takes the second off the \
         list."
    };
    Some(sentence.to_owned())
}

fn came_back_twice(failure: &Failure<(Connected, Connected)>) -> Option<String> {
    let (replaced, connected) = failure.outcome()?;
    let sentence = if replaced.len() > 1 {
        "Connection 2 replaces connection 1, but both are on the list: the tab would get every event twice."
    } else if *replaced != [2] {
        "Connection 2 replaces connection 1, but it isn't on the list."
    } else if connected.is_empty() {
        "Connection 1 ended long ago, and its late cleanup takes connection 3 off the list: it can't tell the two \
         apart."
    } else {
        "Only connection 3 is still open."
    };
    Some(sentence.to_owned())
}
