//! Wrong answers to `sse4`, and a right one.

use workshop::Verdict;
use workshop::sync::Mutex;

use super::{Client, sse4};
use crate::answer::answers;

#[derive(Default)]
struct Broker {
    history: Mutex<Vec<u32>>,
    clients: Mutex<Vec<Client>>,
}

impl Broker {
    /// As in the exercise.
    fn publish(&self, event: u32) {
        self.history.lock().unwrap().push(event);
        for client in self.clients.lock().unwrap().iter() {
            client.send(event);
        }
    }

    fn add(&self, client: &Client) {
        self.clients.lock().unwrap().push(client.clone());
    }

    fn send_missed(&self, last: u32, client: &Client) {
        for event in self.history.lock().unwrap().iter() {
            if *event > last {
                client.send(*event);
            }
        }
    }
}

fn with_resume(resume: fn(&Broker, u32, Client)) -> Verdict {
    sse4(Broker::default, Broker::publish, resume)
}

answers! {
    "Event 3 is published while the client resumes, and never reaches it: it is missing from the history that was \
     read, and isn't sent to the client either.":
    the_starter = with_resume(|broker, last, client| {
        broker.send_missed(last, &client);
        broker.add(&client);
    });
    history_written_after_sending = sse4(
        Broker::default,
        |broker, event| {
            for client in broker.clients.lock().unwrap().iter() {
                client.send(event);
            }
            broker.history.lock().unwrap().push(event);
        },
        |broker, last, client| {
            broker.send_missed(last, &client);
            broker.add(&client);
        },
    );
    not_on_the_list = with_resume(|broker, last, client| broker.send_missed(last, &client));

    "The client gets event 3 twice: once from the history, and once when it is published.":
    on_the_list_first = with_resume(|broker, last, client| {
        broker.add(&client);
        broker.send_missed(last, &client);
    });

    "The client gets event 2 more than once, although it is published only before the client comes back.":
    the_history_twice = with_resume(|broker, last, client| {
        broker.send_missed(last, &client);
        broker.add(&client);
        broker.send_missed(last, &client);
    });

    "The client has already seen event 1, and gets it again.":
    the_last_event_again = with_resume(|broker, last, client| {
        broker.send_missed(last - 1, &client);
        broker.add(&client);
    });

    "Event 2 is in the history when the client comes back, but the client doesn't get it.":
    no_history = with_resume(|broker, _, client| broker.add(&client));

    "A thread waits forever for a lock. Either it already holds that lock, or the thread that holds it is waiting, \
     too.":
    locks_in_another_order = sse4(
        Broker::default,
        |broker, event| {
            let mut history = broker.history.lock().unwrap();
            history.push(event);
            for client in broker.clients.lock().unwrap().iter() {
                client.send(event);
            }
        },
        |broker, last, client| {
            let mut clients = broker.clients.lock().unwrap();
            broker.send_missed(last, &client);
            clients.push(client);
        },
    );

    "The client gets event 3 before event 2.":
    sent_without_the_lock = sse4(
        Mutex::<(Vec<u32>, Vec<Client>)>::default,
        |broker, event| {
            let mut broker = broker.lock().unwrap();
            broker.0.push(event);
            broker.1.iter().for_each(|client| client.send(event));
        },
        |broker, last, client| {
            let mut state = broker.lock().unwrap();
            state.1.push(client.clone());
            let missed = state.0[last as usize..].to_vec();
            drop(state);
            missed.iter().for_each(|event| client.send(*event));
        },
    );

    "Another client was connected all along, and gets more than event 2.":
    to_every_client = sse4(
        Mutex::<(Vec<u32>, Vec<Client>)>::default,
        |broker, event| {
            let mut broker = broker.lock().unwrap();
            broker.0.push(event);
            broker.1.iter().for_each(|client| client.send(event));
        },
        |broker, last, client| {
            let mut broker = broker.lock().unwrap();
            broker.1.push(client);
            for event in &broker.0[last as usize..] {
                broker.1.iter().for_each(|client| client.send(*event));
            }
        },
    );

    "✓ Explored 2 executions, none fails (every order).":
    the_lock_of_the_history_over_both_is_right = sse4(
        Broker::default,
        |broker, event| {
            let mut history = broker.history.lock().unwrap();
            history.push(event);
            for client in broker.clients.lock().unwrap().iter() {
                client.send(event);
            }
        },
        |broker, last, client| {
            let history = broker.history.lock().unwrap();
            for event in history.iter().filter(|event| **event > last) {
                client.send(*event);
            }
            broker.add(&client);
        },
    );
}
