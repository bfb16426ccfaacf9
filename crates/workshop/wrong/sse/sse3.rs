//! Wrong answers to `sse3`.

use std::time::Duration;

use super::sse3;
use crate::answer::answers;

answers! {
    "Event 3 never reaches client 2: the broadcast waits forever for room in the queue of the stalled client.":
    the_starter = sse3(async |clients, event| {
        for client in clients {
            let _ = client.send(event).await;
        }
    });

    "The stalled client is still connected, but it has missed events and doesn't know. If it were disconnected, it \
     could come back and ask for them.":
    an_event_that_is_dropped = sse3(async |clients, event| {
        for client in clients {
            let _ = client.try_send(event);
        }
    });

    "4 sends are still waiting for room in the queue of the stalled client, and every broadcast adds another. Nothing \
     limits that: disconnect the client.":
    a_send_for_each_event_in_a_task = sse3(async |clients, event| {
        for client in clients.clone() {
            tokio::spawn(async move { client.send(event).await });
        }
    });

    "Event 3 reaches client 2 with a delay of 50 ms: the broadcast waits, and the clients wait with it.":
    a_send_with_a_timeout = sse3(async |clients, event| {
        let mut kept = Vec::new();
        for client in clients.drain(..) {
            let limit = Duration::from_millis(50);
            if client.send_timeout(event, limit).await.is_ok() {
                kept.push(client);
            }
        }
        *clients = kept;
    });

    "Event 3 never reaches client 2, although the client keeps up: it was skipped or disconnected.":
    everybody_is_disconnected = sse3(async |clients, event| {
        if clients.iter().any(|client| client.try_send(event).is_err()) {
            clients.clear();
        }
    });

    "No client gets any event: it isn't sent, or every client is disconnected.":
    nothing_is_sent = sse3(async |_, _| {});

    "Event 1 reaches client 2 twice.":
    an_event_sent_twice = sse3(async |clients, event| {
        clients.retain(|client| client.try_send(event).is_ok());
        clients.retain(|client| client.try_send(event).is_ok());
    });

    "This works if client 1 has stalled, but not if client 3 has, with room for four events. Event 3 never reaches \
     client 1, although the client keeps up: it was skipped or disconnected.":
    made_for_the_first_client = sse3(async |clients, event| {
        if event == 3 {
            clients.remove(0);
        }
        for client in clients {
            let _ = client.send(event).await;
        }
    });

    "This doesn't work if each queue has room for only one event. Event 2 never reaches client 1, although the client \
     keeps up: it was skipped or disconnected.":
    disconnected_when_the_queue_is_filled = sse3(async |clients, event| {
        clients.retain(|client| client.try_send(event).is_ok() && client.capacity() > 0);
    });
}
