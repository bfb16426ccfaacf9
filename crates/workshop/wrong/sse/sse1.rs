//! Wrong answers to `sse1`.

use std::collections::BTreeMap;

use workshop::sync::Mutex;
use workshop::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::{Connection, sse1};
use crate::answer::answers;

/// The connection of each tab, with something that tells it from others.
type Connections = Mutex<BTreeMap<u32, (u64, Connection)>>;

fn connected(connections: &Connections) -> Vec<Connection> {
    let connections = connections.lock().unwrap();
    connections.values().map(|(_, it)| it.clone()).collect()
}

/// With a number that is never the same twice, `unregister` can be right.
fn numbered(unregister: fn(&(Connections, AtomicU64), (u32, u64))) -> workshop::Verdict {
    sse1(
        Default::default,
        |(connections, next), tab, connection| {
            let number = next.fetch_add(1, Relaxed);
            connections
                .lock()
                .unwrap()
                .insert(tab, (number, connection));
            (tab, number)
        },
        unregister,
        |(connections, _)| connected(connections),
    )
}

answers! {
    "The tab has reconnected but gets no events: the cleanup of its first connection takes the second off the list.":
    the_starter = sse1(
        Connections::default,
        |connections, tab, connection| {
            connections.lock().unwrap().insert(tab, (0, connection));
            tab
        },
        |connections, tab| {
            connections.lock().unwrap().remove(&tab);
        },
        connected,
    );

    "The cleanup checks that connection 1 is still the tab's, and releases the lock. Then the tab registers \
     connection 2, and the cleanup removes that.":
    a_lock_released_after_the_check = numbered(|(connections, _), (tab, number)| {
        let current = connections.lock().unwrap().get(&tab).map(|it| it.0);
        if current == Some(number) {
            connections.lock().unwrap().remove(&tab);
        }
    });

    "Connections 1 and 2 have both ended, but one of them stays on the list forever.":
    a_cleanup_that_does_nothing = numbered(|(connections, _), _| drop(connections.lock()));

    "Your code panics before the threads start: in `new`, or in something else that runs first.":
    a_panic_if_a_connection_is_replaced = sse1(
        Connections::default,
        |connections, tab, connection| {
            assert!(connections.lock().unwrap().insert(tab, (0, connection)).is_none());
        },
        |connections, ()| drop(connections.lock()),
        connected,
    );

    "Connection 9 belongs to another tab and is still open. It has to stay on the list.":
    a_cleanup_of_every_tab = numbered(|(connections, _), _| connections.lock().unwrap().clear());

    "Connection 9 replaces connection 8, but it wasn't on the list after that.":
    the_first_connection_stays = sse1(
        Connections::default,
        |connections, tab, connection| {
            let mut connections = connections.lock().unwrap();
            connections.entry(tab).or_insert((0, connection));
        },
        |connections, ()| drop(connections.lock()),
        connected,
    );

    "Connection 9 replaces connection 8, but both were on the list: the tab would get every event twice.":
    a_list_of_all_connections = sse1(
        || (Connections::default(), AtomicU64::new(0)),
        |(connections, next), _, connection| {
            let number = next.fetch_add(1, Relaxed) as u32;
            connections.lock().unwrap().insert(number, (0, connection));
            number
        },
        |(connections, _), number| {
            connections.lock().unwrap().remove(&number);
        },
        |(connections, _)| connected(connections),
    );

    "Connection 1 ended long ago, and its late cleanup takes connection 3 off the list: it can't tell the two apart.":
    a_count_that_starts_again = sse1(
        Connections::default,
        |connections, tab, connection| {
            let mut connections = connections.lock().unwrap();
            let count = connections.get(&tab).map_or(1, |it| it.0 + 1);
            connections.insert(tab, (count, connection));
            (tab, count)
        },
        |connections, (tab, count)| {
            let mut connections = connections.lock().unwrap();
            if connections.get(&tab).is_some_and(|it| it.0 == count) {
                connections.remove(&tab);
            }
        },
        connected,
    );

    "Connection 2 replaced connection 1 and has ended, but it stays on the list: the cleanup took off another \
     connection.":
    a_cleanup_of_the_oldest_connection = sse1(
        Mutex::<BTreeMap<u32, Vec<Connection>>>::default,
        |connections, tab, connection| {
            connections.lock().unwrap().entry(tab).or_default().push(connection);
            tab
        },
        |connections, tab| {
            let mut connections = connections.lock().unwrap();
            let list = connections.get_mut(&tab).unwrap();
            if !list.is_empty() {
                list.remove(0);
            }
        },
        |connections| {
            let connections = connections.lock().unwrap();
            connections.values().filter_map(|list| list.last().cloned()).collect()
        },
    );

    "✓ Explored 4 executions, none fails (every order).":
    a_number_is_right = numbered(|(connections, _), (tab, number)| {
        let mut connections = connections.lock().unwrap();
        if connections.get(&tab).is_some_and(|it| it.0 == number) {
            connections.remove(&tab);
        }
    });
}
