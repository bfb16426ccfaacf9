//! `sse1`: a tab opens a new connection while the server cleans up the old one.

use interleave::sync::Arc;

use crate::call::locks;
use crate::deliver::deliver;
use crate::race::{Check, Failure, Model, both, explored, praise};
use crate::verdict::{Means, Verdict};

/// A connection of a browser tab, as a broker knows it: an answer can keep it, clone it and drop it, and only the
/// grader reads its number, so that no answer can tell a new connection from an old one by looking at it.
#[derive(Clone, Debug)]
pub struct Connection {
    number: u32,
}

/// The numbers of the connections that the next event goes to, during a run and after it.
type Connected = (Vec<u32>, Vec<u32>);

/// Grades a registry. `register` takes a tab and its new connection, and returns a ticket. `unregister` gets the ticket
/// of a connection that has ended.
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
    let register = move |registry: &R, tab, number| register(registry, tab, Connection { number });
    // Connections 1 and 2 are tab 1's, connections 8 and 9 are tab 2's. Tab 2 is there to check that a new connection
    // replaces the old one, and that the cleanup of one tab leaves the other alone.
    let reconnected = move |stays: bool| {
        let registry = Arc::new(new());
        register(&registry, 2, 8);
        register(&registry, 2, 9);
        let replaced = numbers(&registry);
        let first = register(&registry, 1, 1);
        let browser = move |registry: &R| {
            let second = register(registry, 1, 2);
            if !stays {
                unregister(registry, second);
            }
        };
        let cleanup = move |registry: &R| unregister(registry, first);
        both(&registry, ("browser", browser), ("cleanup", cleanup));
        (replaced, numbers(&registry))
    };
    // Connections 1, 2 and 3 are tab 1's. The server notices late that the first has ended.
    let reconnected_twice = move || {
        let registry = Arc::new(new());
        let first = register(&registry, 1, 1);
        let second = register(&registry, 1, 2);
        unregister(&registry, second);
        let ended = numbers(&registry);
        let browser = move |registry: &R| drop(register(registry, 1, 3));
        let cleanup = move |registry: &R| unregister(registry, first);
        both(&registry, ("browser", browser), ("cleanup", cleanup));
        (ended, numbers(&registry))
    };
    // Connections 1 and 2 are tab 1's, and one of them replaces the other.
    let at_once = move || {
        let registry = Arc::new(new());
        let connects = |number| move |registry: &R| register(registry, 1, number);
        let tickets = both(
            &registry,
            ("browser 1", connects(1)),
            ("browser 2", connects(2)),
        );
        let stays = numbers(&registry);
        let replaced = if stays == [1] { tickets.1 } else { tickets.0 };
        unregister(&registry, replaced);
        (stays, numbers(&registry))
    };
    graded([
        Box::new(move || reconnected(true)),
        Box::new(move || reconnected(false)),
        Box::new(reconnected_twice),
        Box::new(at_once),
    ])
}

fn graded([stays, leaves, reconnected_twice, at_once]: [Model<Connected>; 4]) -> Verdict {
    let said: fn(&Connected) -> String =
        |(_, connected)| format!("on the list: connections {connected:?}");
    deliver(Means::Explored, move || {
        explored(
            stays,
            Check {
                said,
                expected: "should be [2, 9]",
                holds: |(replaced, connected)| *replaced == [9] && *connected == [2, 9],
                because: came_back,
            },
        )?;
        explored(
            leaves,
            Check {
                said,
                expected: "should be [9]",
                holds: |(_, connected)| *connected == [9],
                because: |failure| {
                    let sentence = "Connections 1 and 2 have both ended, but one of them stays on the list forever.";
                    let (_, connected) = failure.outcome()?;
                    connected.iter().any(|it| *it < 8).then(|| sentence.into())
                },
            },
        )?;
        let exploration = explored(
            reconnected_twice,
            Check {
                said,
                expected: "should be [3]",
                holds: |(ended, connected)| !ended.contains(&2) && *connected == [3],
                because: |failure| {
                    let (ended, connected) = failure.outcome()?;
                    if ended.contains(&2) {
                        return Some(
                            "Connection 2 replaced connection 1 and has ended, but it stays on the list: the cleanup \
                             took off another connection."
                                .into(),
                        );
                    }
                    let sentence = "Connection 1 ended long ago, and its late cleanup takes connection 3 off the list: \
                                    it can't tell the two apart.";
                    connected.is_empty().then(|| sentence.into())
                },
            },
        )?;
        explored(
            at_once,
            Check {
                said,
                expected: "should be the one that replaced the other",
                holds: |(stays, connected)| stays.len() == 1 && connected == stays,
                because: |failure| {
                    let sentence = "The tab opens two connections at once. One replaces the other, and the cleanup of \
                                    the one that was replaced takes the newer one off the list: do their tickets \
                                    differ?";
                    let (stays, connected) = failure.outcome()?;
                    (stays.len() == 1 && connected.is_empty()).then(|| sentence.into())
                },
            },
        )?;
        Ok(praise(&exploration))
    })
}

fn came_back(failure: &Failure<Connected>) -> Option<String> {
    let (replaced, connected) = failure.outcome()?;
    let locks = failure
        .calls_of("cleanup")
        .filter(|(_, call)| locks(call))
        .count();
    let sentence = if replaced.len() > 1 {
        "Connection 9 replaces connection 8, but both were on the list: the tab would get every event twice."
    } else if *replaced != [9] {
        "Connection 9 replaces connection 8, but it wasn't on the list after that."
    } else if !connected.contains(&9) {
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
        "The tab has reconnected but gets no events: the cleanup of its first connection takes the second off the list."
    };
    Some(sentence.into())
}
