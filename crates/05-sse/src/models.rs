//! What the explorer finds in the broken kernels, and that the fixed ones pass.

use diagram::assert_snapshot;
use interleave::sync::atomic::{AtomicBool, Ordering::SeqCst};
use interleave::sync::{Arc, Notify};
use interleave::thread::named;
use interleave::{Explorer, explore};

use crate::{late_event, registry, rendezvous, unclosed_client, unheard_goodbye};

type End = Arc<Notify>;

/// What both registries do when a broker shuts down.
trait Closing: Send + Sync + 'static {
    fn new() -> Self;
    fn register(&self, number: u64, client: End) -> bool;
    fn close(&self) -> Vec<End>;
}

impl Closing for registry::Registry<End> {
    fn new() -> Self {
        Self::new(10)
    }
    fn register(&self, number: u64, client: End) -> bool {
        self.register(number, client).is_ok()
    }
    fn close(&self) -> Vec<End> {
        self.close()
    }
}

impl Closing for unclosed_client::Registry<End> {
    fn new() -> Self {
        Self::new()
    }
    fn register(&self, number: u64, client: End) -> bool {
        self.register(number, client).is_ok()
    }
    fn close(&self) -> Vec<End> {
        self.close()
    }
}

/// A client registers while the broker shuts down. Returns whether it was registered.
// ANCHOR: shutdown
fn a_client_and_shutdown<R: Closing>() -> bool {
    let registry = Arc::new(R::new());
    let client = {
        let registry = registry.clone();
        named("client", move || {
            let end = Arc::new(Notify::new());
            let registered = registry.register(1, end.clone());
            if registered {
                end.wait(); // until the client is closed
            }
            registered
        })
    };
    let shutdown = named("shutdown", move || {
        for end in registry.close() {
            end.notify();
        }
    });
    shutdown.join().unwrap();
    client.join().unwrap()
}
// ANCHOR_END: shutdown

fn registered(registered: &bool) -> String {
    match registered {
        true => "the client was registered, and closed".to_owned(),
        false => "the client was turned away".to_owned(),
    }
}

#[test]
fn race_a_client_is_registered_and_never_closed() {
    let unclosed =
        explore(a_client_and_shutdown::<unclosed_client::Registry<End>>).worded(registered, "");
    let unclosed = unclosed.blocking();
    assert_snapshot!("unclosed-client", unclosed.simplest());
    assert_snapshot!(
        "unclosed-client-outcomes",
        unclosed.outcomes(registered, "the client waits forever")
    );
}

#[test]
fn fix_every_client_is_closed_or_turned_away() {
    let passing = explore(a_client_and_shutdown::<registry::Registry<End>>)
        .worded(registered, "")
        .always(|_| true);
    assert_snapshot!("registry", passing.simplest_where(|registered| *registered));
    let turned_away = passing.exploration().executions();
    assert!(turned_away.iter().any(|end| end.outcome() == Some(&false)));
}

/// Whether a client has dropped its queue's receiving end.
type Gone = Arc<AtomicBool>;

/// What both registries do when a client leaves.
trait Leaving: Send + Sync + 'static {
    fn with_one(client: Gone) -> Self;
    fn unregister(&self, number: u64);
    fn broadcast(&self, offer: impl FnMut(&Gone) -> bool) -> (usize, usize);
}

impl Leaving for registry::Registry<Gone> {
    fn with_one(client: Gone) -> Self {
        let registry = Self::new(10);
        registry.register(1, client).unwrap();
        registry
    }
    fn unregister(&self, number: u64) {
        self.unregister(number);
    }
    fn broadcast(&self, offer: impl FnMut(&Gone) -> bool) -> (usize, usize) {
        self.broadcast(offer)
    }
}

impl Leaving for late_event::Registry<Gone> {
    fn with_one(client: Gone) -> Self {
        let registry = Self::new();
        registry.register(1, client);
        registry
    }
    fn unregister(&self, number: u64) {
        self.unregister(number);
    }
    fn broadcast(&self, offer: impl FnMut(&Gone) -> bool) -> (usize, usize) {
        self.broadcast(offer)
    }
}

/// A client leaves while an event is broadcast. Returns what the broadcast reports.
fn a_client_leaves_during_a_broadcast<R: Leaving>() -> (usize, usize) {
    let gone = Arc::new(AtomicBool::new(false));
    let registry = Arc::new(R::with_one(gone.clone()));
    let client = {
        let registry = registry.clone();
        named("client", move || {
            registry.unregister(1);
            gone.store(true, SeqCst); // drops its queue
        })
    };
    let broker = named("broker", move || {
        registry.broadcast(|gone| !gone.load(SeqCst)) // its queue is never full
    });
    client.join().unwrap();
    broker.join().unwrap()
}

fn reported((queued, slow): &(usize, usize)) -> String {
    format!("queued for {queued}, dropped {slow} as slow")
}

#[test]
fn race_a_client_that_left_is_dropped_as_slow() {
    let late = explore(a_client_leaves_during_a_broadcast::<late_event::Registry<Gone>>)
        .worded(reported, "none was slow")
        .failing(|(_, slow)| *slow > 0);
    assert_snapshot!("late-event", late.simplest());
}

#[test]
fn fix_a_client_that_left_is_not_offered_anything() {
    let passing = explore(a_client_leaves_during_a_broadcast::<registry::Registry<Gone>>)
        .worded(reported, "none was slow")
        .always(|(_, slow)| *slow == 0);
    assert_snapshot!("goodbye", passing.simplest());
}

/// What both channels do.
trait Channel: 'static {
    type Sender: Send;
    type Receiver: Send;
    fn channel() -> (Self::Sender, Self::Receiver);
    /// Returns whether the value was received.
    fn send(sender: &Self::Sender) -> bool;
    fn receive(receiver: &Self::Receiver);
}

/// Named after the module with the channel.
struct UnheardGoodbye;

impl Channel for UnheardGoodbye {
    type Sender = unheard_goodbye::Sender<()>;
    type Receiver = unheard_goodbye::Receiver<()>;
    fn channel() -> (Self::Sender, Self::Receiver) {
        unheard_goodbye::channel()
    }
    fn send(sender: &Self::Sender) -> bool {
        sender.send(()).is_ok()
    }
    fn receive(receiver: &Self::Receiver) {
        receiver.receive();
    }
}

/// Named after the module with the channel.
struct Rendezvous;

impl Channel for Rendezvous {
    type Sender = rendezvous::Sender<()>;
    type Receiver = rendezvous::Receiver<()>;
    fn channel() -> (Self::Sender, Self::Receiver) {
        rendezvous::channel()
    }
    fn send(sender: &Self::Sender) -> bool {
        sender.send(()).is_ok()
    }
    fn receive(receiver: &Self::Receiver) {
        receiver.receive();
    }
}

/// The loop closes every client and ends. A handler says goodbye. Returns whether the loop received it.
fn a_goodbye_after_shutdown<C: Channel>() -> bool {
    let (unregister, goodbyes) = C::channel();
    let closed = Arc::new(Notify::new());
    let handler = {
        let closed = closed.clone();
        named("handler", move || {
            closed.wait(); // for the end of its client's queue
            C::send(&unregister)
        })
    };
    let broker = named("loop", move || {
        closed.notify();
        drop(goodbyes); // the loop returns
    });
    broker.join().unwrap();
    handler.join().unwrap()
}

fn heard(heard: &bool) -> String {
    match heard {
        true => "the goodbye was received".to_owned(),
        false => "the handler left: there was no receiver any more".to_owned(),
    }
}

#[test]
fn race_a_handler_waits_forever_at_its_goodbye() {
    let waiting = explore(a_goodbye_after_shutdown::<UnheardGoodbye>).worded(heard, "");
    let waiting = waiting.blocking();
    let exploration = waiting.exploration();
    assert_eq!(waiting.count(), exploration.executions().len());
    assert_snapshot!("unheard-goodbye", waiting.simplest());
}

#[test]
fn fix_a_handler_leaves_when_the_loop_has_ended() {
    let passing = explore(a_goodbye_after_shutdown::<Rendezvous>)
        .worded(heard, "")
        .always(|heard| !heard);
    assert_snapshot!("rendezvous", passing.simplest());
}

/// A stream's producer reports that it is done, and returns. The handler then tells the producer to stop.
fn a_goodbye_after_the_last_event<C: Channel>() -> bool {
    let (done, dones) = C::channel();
    let (stop, stops) = C::channel();
    let producer = named("producer", move || {
        C::send(&done);
        drop(stops);
    });
    let handler = named("handler", move || {
        C::receive(&dones);
        C::send(&stop)
    });
    producer.join().unwrap();
    handler.join().unwrap()
}

#[test]
fn race_a_handler_waits_forever_for_a_producer_that_is_done() {
    let waiting = explore(a_goodbye_after_the_last_event::<UnheardGoodbye>).worded(heard, "");
    let waiting = waiting.blocking();
    let exploration = waiting.exploration();
    assert_eq!(waiting.count(), exploration.executions().len());
}

#[test]
fn fix_a_handler_leaves_when_its_producer_is_done() {
    explore(a_goodbye_after_the_last_event::<Rendezvous>)
        .worded(heard, "")
        .always(|heard| !heard);
}

/// Both ends of the rendezvous wait on a condition variable, and both may wake up spuriously.
#[test]
fn fix_a_rendezvous_that_wakes_up_spuriously_waits_again() {
    let explorer = Explorer::new().spurious(2);
    explorer
        .explore(a_goodbye_after_shutdown::<Rendezvous>)
        .always(|heard| !heard);
    let explorer = Explorer::new().spurious(1);
    explorer
        .explore(a_goodbye_after_the_last_event::<Rendezvous>)
        .always(|heard| !heard);
}

/// Two producers send at once. Returns what arrived, in the order of the values.
fn two_senders() -> [u64; 2] {
    let (sender, receiver) = rendezvous::channel();
    let sender = Arc::new(sender);
    let producers = [1, 2].map(|value| {
        let sender = sender.clone();
        named(format!("producer {value}"), move || {
            sender.send(value).is_ok()
        })
    });
    let mut arrived = [receiver.receive(), receiver.receive()];
    for producer in producers {
        assert!(producer.join().unwrap());
    }
    arrived.sort_unstable();
    arrived
}

#[test]
fn fix_two_senders_are_both_received() {
    let explorer = Explorer::new().preemptions(1);
    explorer
        .explore(two_senders)
        .always(|arrived| *arrived == [1, 2]);
}
