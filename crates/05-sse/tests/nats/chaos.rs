//! Three brokers and NATS are killed and started again at random, while publishers publish and clients read.
//!
//! A broker's runtime is dropped in the middle of whatever it does, and its clients lose what was in their queues. NATS
//! gets SIGKILL.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use oorandom::Rand32;
use sse::broker::Subscription;
use sse::event::{Event, Message};
use sse::nats::{Broker, Options, PublishError};
use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

use super::process::Nats;

const BROKERS: usize = 3;
const PUBLISHERS: u64 = 8;

/// The data of the last event.
const END: u64 = u64::MAX;

/// Far longer than a passing test needs.
const HANGS: Duration = Duration::from_secs(900);

/// How much happens.
#[derive(Clone, Copy)]
struct Size {
    clients: u64,
    events: u64,
    /// How often something is killed: each broker and NATS, at least this often.
    rounds: u32,
}

#[test]
fn killed_at_random_each_client_gets_each_event_once_or_is_told() {
    let size = Size {
        clients: 200,
        events: 10_000,
        rounds: 2,
    };
    run(size, 7);
}

/// Prints the seed first, and then what happened.
#[test]
#[ignore = "takes minutes; run it with --release, and perhaps with SEED"]
fn killed_at_random_with_3_000_clients_and_100_000_events() {
    let seed = std::env::var("SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let size = Size {
        clients: 3_000,
        events: 100_000,
        rounds: 5,
    };
    run(size, seed.unwrap_or(1));
}

fn run(size: Size, seed: u64) {
    let Some(nats) = Nats::start() else {
        return;
    };
    eprintln!("seed {seed}");
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    let world = Arc::new(World::new(size, nats.url()));
    runtime.block_on(async {
        let run = world.clone().run(nats, seed);
        timeout(HANGS, run).await.expect("somebody waits forever");
    });
    world.check();
}

/// Where a broker runs, or doesn't.
#[derive(Default)]
struct Slot {
    up: Mutex<Option<(Broker, Arc<AtomicBool>)>>,
}

struct World {
    size: Size,
    url: String,
    slots: [Slot; BROKERS],
    /// The mark of the value that each number has; 0 while no client has got that number.
    values: Vec<AtomicU64>,
    /// The number under which each value was accepted; 0 if it was not.
    accepted: Vec<AtomicU64>,
    /// The values that were refused, and not tried again.
    refused: Mutex<Vec<u64>>,
    next: AtomicU64,
    published: AtomicU64,
    received: AtomicU64,
    missed: AtomicU64,
    gaps: AtomicU64,
    resumed: AtomicU64,
    unconfirmed: AtomicU64,
}

impl World {
    fn new(size: Size, url: String) -> World {
        let zeros = |count: u64| (0..count).map(|_| AtomicU64::new(0)).collect();
        World {
            size,
            url,
            slots: Default::default(),
            values: zeros(size.events + 10),
            accepted: zeros(size.events),
            refused: Mutex::default(),
            next: AtomicU64::new(0),
            published: AtomicU64::new(0),
            received: AtomicU64::new(0),
            missed: AtomicU64::new(0),
            gaps: AtomicU64::new(0),
            resumed: AtomicU64::new(0),
            unconfirmed: AtomicU64::new(0),
        }
    }

    async fn run(self: Arc<Self>, nats: Nats, seed: u64) {
        let runtimes = (0..BROKERS).map(|slot| Some(self.clone().start(slot)));
        let runtimes = runtimes.collect();
        let first = loop {
            if let Some((broker, _)) = self.broker(0) {
                break broker.publish(Message::new("first")).await.unwrap().id;
            }
            sleep(Duration::from_millis(1)).await;
        };
        let seeds = (0..self.size.clients).map(|client| seed << 32 | client);
        let clients: Vec<_> = seeds
            .map(|seed| tokio::spawn(self.clone().client(first.clone(), Rand32::new(seed))))
            .collect();
        let seeds = (0..PUBLISHERS).map(|publisher| seed << 32 | publisher << 16);
        let publishers: Vec<_> = seeds
            .map(|seed| tokio::spawn(self.clone().publisher(Rand32::new(seed))))
            .collect();
        let killer = tokio::spawn(self.clone().killer(nats, runtimes, Rand32::new(seed)));
        for publisher in publishers {
            publisher.await.unwrap();
        }
        let (_nats, runtimes) = killer.await.unwrap();
        while !self
            .try_publish(END, 0)
            .await
            .is_ok_and(|number| number > 0)
        {
            sleep(Duration::from_millis(5)).await;
        }
        for client in clients {
            client.await.unwrap();
        }
        for runtime in runtimes.into_iter().flatten() {
            runtime.shutdown_background();
        }
    }

    /// Starts a broker on a runtime of its own.
    fn start(self: Arc<Self>, slot: usize) -> Runtime {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        runtime.spawn(async move {
            let own = sse::Options {
                buffer: 256,
                history: 1_000,
                ..sse::Options::default()
            };
            let options = Options {
                url: self.url.clone(),
                subject: "chaos".to_owned(),
                keep: 5_000,
                patience: HANGS,
            };
            let broker = Broker::start(own, options).await.unwrap();
            *self.slots[slot].up.lock().unwrap() = Some((broker, Arc::default()));
        });
        runtime
    }

    fn broker(&self, slot: usize) -> Option<(Broker, Arc<AtomicBool>)> {
        self.slots[slot].up.lock().unwrap().clone()
    }

    /// Kills each broker and NATS in each round, alone or two at a time.
    async fn killer(
        self: Arc<Self>,
        mut nats: Nats,
        mut runtimes: Vec<Option<Runtime>>,
        mut random: Rand32,
    ) -> (Nats, Vec<Option<Runtime>>) {
        let steps = u64::from(self.size.rounds) * 4 + 1;
        for step in 1..steps {
            let due = self.size.events * step / steps;
            while self.published.load(SeqCst) < due {
                sleep(Duration::from_millis(1)).await;
            }
            sleep(Duration::from_millis(random.rand_range(0..20).into())).await;
            let mut victims = vec![(step % 4) as usize];
            if random.rand_range(0..2) == 0 {
                victims.push((step as usize + 1) % 4);
            }
            for victim in &victims {
                if *victim == BROKERS {
                    nats.kill();
                    continue;
                }
                let up = self.slots[*victim].up.lock().unwrap().take();
                // Its clients read nothing more.
                up.inspect(|(_, killed)| killed.store(true, SeqCst));
                let dead = runtimes[*victim].take().expect("it was started");
                dead.shutdown_background();
            }
            sleep(Duration::from_millis(random.rand_range(0..100).into())).await;
            for victim in victims {
                match victim {
                    BROKERS => nats.start_again(),
                    _ => runtimes[victim] = Some(self.clone().start(victim)),
                }
            }
        }
        (nats, runtimes)
    }

    async fn publisher(self: Arc<Self>, mut random: Rand32) {
        loop {
            let value = self.next.fetch_add(1, SeqCst);
            if value >= self.size.events {
                return;
            }
            // At most 500 events ahead of the average client.
            while self.published.load(SeqCst) > self.received.load(SeqCst) / self.size.clients + 500
            {
                sleep(Duration::from_millis(1)).await;
            }
            loop {
                let slot = random.rand_range(0..BROKERS as u32) as usize;
                match self.try_publish(value, slot).await {
                    Ok(0) => {}
                    Ok(number) => {
                        self.accepted[value as usize].store(number, SeqCst);
                        break;
                    }
                    // Some publishers give up, but only if they know that nothing was published.
                    Err(Known::Refused) if value.is_multiple_of(10) => {
                        self.refused.lock().unwrap().push(value);
                        break;
                    }
                    Err(Known::Refused) => {}
                    Err(Known::Nothing) => {
                        self.unconfirmed.fetch_add(1, SeqCst);
                        // It may have been published: from now on only the answer counts.
                        let number = self.until_published(value, &mut random).await;
                        self.accepted[value as usize].store(number, SeqCst);
                        break;
                    }
                }
                sleep(Duration::from_millis(2)).await;
            }
            self.published.fetch_add(1, SeqCst);
        }
    }

    async fn until_published(&self, value: u64, random: &mut Rand32) -> u64 {
        loop {
            let slot = random.rand_range(0..BROKERS as u32) as usize;
            match self.try_publish(value, slot).await {
                Ok(number) if number > 0 => return number,
                _ => sleep(Duration::from_millis(2)).await,
            }
        }
    }

    /// Returns the number, or 0 if there is no broker in the slot.
    async fn try_publish(&self, value: u64, slot: usize) -> Result<u64, Known> {
        let Some((broker, _)) = self.broker(slot) else {
            return Ok(0);
        };
        let message = Message::new(value.to_string());
        let published = broker.publish_once(message, &value.to_string()).await;
        match published {
            Ok(receipt) => Ok(number_in(&receipt.id)),
            Err(PublishError::Unconfirmed) => Err(Known::Nothing),
            Err(_) => Err(Known::Refused),
        }
    }

    async fn client(self: Arc<Self>, first: String, mut random: Rand32) {
        let start = first.rsplit_once('-').unwrap().0.to_owned();
        let mut seen = 1;
        loop {
            let slot = random.rand_range(0..BROKERS as u32) as usize;
            let Some((broker, killed)) = self.broker(slot) else {
                sleep(Duration::from_millis(5)).await;
                continue;
            };
            let last = format!("{start}-{seen}");
            let Ok(mut subscription) = broker.subscribe(Some(&last)).await else {
                sleep(Duration::from_millis(5)).await;
                continue;
            };
            // Else a broker that was killed would live on in its clients.
            drop(broker);
            self.resumed.fetch_add(1, SeqCst);
            // Leaves sooner or later, and sometimes stays away for long.
            let stays = u64::from(random.rand_range(100..20_000));
            if self
                .read(&mut subscription, &killed, &mut seen, stays)
                .await
            {
                return;
            }
            drop(subscription);
            if random.rand_range(0..10) == 0 {
                let back = self.published.load(SeqCst) + u64::from(random.rand_range(0..3_000));
                while self.published.load(SeqCst) < back.min(self.size.events) {
                    sleep(Duration::from_millis(5)).await;
                }
            }
        }
    }

    /// Reads at most so many events. Returns whether the last of all was among them.
    async fn read(
        &self,
        subscription: &mut Subscription,
        killed: &AtomicBool,
        seen: &mut u64,
        at_most: u64,
    ) -> bool {
        for _ in 0..at_most {
            let Some(event) = subscription.next().await else {
                return false;
            };
            if killed.load(SeqCst) {
                return false;
            }
            match event.number {
                Some(number) => {
                    assert_eq!(number, *seen + 1, "each event once, in order");
                    *seen = number;
                    let value = value_of(&event);
                    self.received.fetch_add(1, SeqCst);
                    self.compare(number, value);
                    if value == END {
                        return true;
                    }
                }
                None => self.count_gap(&event, seen),
            }
        }
        false
    }

    /// All clients get the same event under a number.
    fn compare(&self, number: u64, value: u64) {
        let before = self.values[number as usize].swap(mark(value), SeqCst);
        let same = before == 0 || before == mark(value);
        assert!(same, "two events are numbered {number}");
    }

    fn count_gap(&self, event: &Event, seen: &mut u64) {
        let text = std::str::from_utf8(&event.frame).unwrap();
        if text.starts_with(':') {
            return; // a comment: NATS is lost, or is back
        }
        let missed = text.split_once("{\"missed\": ").unwrap().1;
        let missed: u64 = missed.split_once('}').unwrap().0.parse().unwrap();
        let id = text.strip_prefix("id: ").unwrap();
        let last = number_in(id.split_once('\n').unwrap().0);
        assert_eq!(last - *seen, missed, "the number of a gap: {text}");
        *seen = last;
        self.gaps.fetch_add(1, SeqCst);
        self.missed.fetch_add(missed, SeqCst);
        self.received.fetch_add(missed, SeqCst);
    }

    /// What publishers know is right.
    fn check(&self) {
        let values: Vec<u64> = self.values.iter().map(|value| value.load(SeqCst)).collect();
        let times = |value: u64| values.iter().filter(|known| **known == mark(value)).count();
        for (value, number) in self.accepted.iter().enumerate() {
            let number = number.load(SeqCst) as usize;
            if number > 0 && values[number] != 0 {
                assert_eq!(values[number], mark(value as u64), "accepted as {number}");
            }
        }
        let mut all = values.clone();
        all.retain(|mark| *mark > 0);
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count, "a value was published twice");
        let refused = self.refused.lock().unwrap();
        for value in &*refused {
            assert_eq!(times(*value), 0, "refused, and published: {value}");
        }
        let [received, missed, gaps, resumed, unconfirmed] = [
            &self.received,
            &self.missed,
            &self.gaps,
            &self.resumed,
            &self.unconfirmed,
        ]
        .map(|count| count.load(SeqCst));
        eprintln!(
            "received: {}; missed: {missed}, in gaps: {gaps}; resumed: {resumed}; refused: {}; unconfirmed, then confirmed: {unconfirmed}",
            received - missed,
            refused.len(),
        );
    }
}

/// What a publisher knows after an error.
enum Known {
    /// Nothing was published.
    Refused,
    /// Nothing.
    Nothing,
}

/// Returns a number above 0 for each value.
fn mark(value: u64) -> u64 {
    value.wrapping_add(2)
}

fn number_in(id: &str) -> u64 {
    id.rsplit_once('-').unwrap().1.parse().unwrap()
}

fn value_of(event: &Event) -> u64 {
    let text = std::str::from_utf8(&event.frame).unwrap();
    let data = text.split_once("\ndata: ").unwrap().1.trim_end();
    data.parse().unwrap_or(0)
}
