//! What the explorer finds: a client that nobody closes, an event after goodbye, and neither once it is mended.

use diagram::held;
use interleave::explore;
use interleave::sync::atomic::{AtomicU64, Ordering::SeqCst};
use interleave::sync::{Arc, Notify};
use interleave::thread::named;

use crate::{late_event, registry, unclosed_client};

type End = Arc<Notify>;

/// What the kernel does, and the broken one too.
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

/// A client registers while the broker shuts down. Says whether it was let in.
// ANCHOR: shutdown
fn a_client_and_shutdown<R: Closing>() -> bool {
    let registry = Arc::new(R::new());
    let client = {
        let registry = registry.clone();
        named("client", move || {
            let end = Arc::new(Notify::new());
            let registered = registry.register(1, end.clone());
            if registered {
                end.wait(); // until it is closed
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

fn let_in(registered: &bool) -> String {
    match registered {
        true => "the client was let in, and closed".to_owned(),
        false => "the client was turned away".to_owned(),
    }
}

#[test]
fn race_a_client_is_registered_and_never_closed() {
    let unclosed =
        explore(a_client_and_shutdown::<unclosed_client::Registry<End>>).worded(let_in, "");
    let unclosed = unclosed.blocking();
    held!("unclosed-client", unclosed.simplest());
}

#[test]
fn fix_every_client_is_closed_or_turned_away() {
    let passing = explore(a_client_and_shutdown::<registry::Registry<End>>)
        .worded(let_in, "")
        .always(|_| true);
    held!("registry", passing.simplest_where(|registered| *registered));
    let turned_away = passing.exploration().executions();
    assert!(turned_away.iter().any(|end| end.outcome() == Some(&false)));
}

/// How many events a client got.
type Got = Arc<AtomicU64>;

/// What the kernel does, and the broken one too.
trait Leaving: Send + Sync + 'static {
    fn with_one(client: Got) -> Self;
    fn unregister(&self, number: u64);
    fn broadcast(&self, offer: impl FnMut(&Got) -> bool);
}

impl Leaving for registry::Registry<Got> {
    fn with_one(client: Got) -> Self {
        let registry = Self::new(10);
        registry.register(1, client).unwrap();
        registry
    }
    fn unregister(&self, number: u64) {
        self.unregister(number);
    }
    fn broadcast(&self, offer: impl FnMut(&Got) -> bool) {
        self.broadcast(offer);
    }
}

impl Leaving for late_event::Registry<Got> {
    fn with_one(client: Got) -> Self {
        let registry = Self::new();
        registry.register(1, client);
        registry
    }
    fn unregister(&self, number: u64) {
        self.unregister(number);
    }
    fn broadcast(&self, offer: impl FnMut(&Got) -> bool) {
        self.broadcast(offer);
    }
}

/// A client leaves while an event is broadcast. Says what it had got when it had left, and in the end.
// ANCHOR: leaving
fn goodbye_and_an_event<R: Leaving>() -> (u64, u64) {
    let got = Arc::new(AtomicU64::new(0));
    let registry = Arc::new(R::with_one(got.clone()));
    let client = {
        let (registry, got) = (registry.clone(), got.clone());
        named("client", move || {
            registry.unregister(1);
            got.load(SeqCst)
        })
    };
    let broker = named("broker", move || {
        registry.broadcast(|got| {
            got.fetch_add(1, SeqCst);
            true
        });
    });
    broker.join().unwrap();
    (client.join().unwrap(), got.load(SeqCst))
}
// ANCHOR_END: leaving

fn events((left, end): &(u64, u64)) -> String {
    format!("{left} events when it had left, {end} in the end")
}

#[test]
fn race_an_event_comes_after_goodbye() {
    let late = explore(goodbye_and_an_event::<late_event::Registry<Got>>)
        .worded(events, "should be as many")
        .failing(|(left, end)| left != end);
    held!("late-event", late.simplest());
}

#[test]
fn fix_nothing_comes_after_goodbye() {
    let passing = explore(goodbye_and_an_event::<registry::Registry<Got>>)
        .worded(events, "should be as many")
        .always(|(left, end)| left == end);
    held!("goodbye", passing.simplest());
}
