//! One run: start the server, connect, publish, count.

use std::thread;
use std::time::{Duration, Instant};

use crate::clients::{Crowd, Orders};
use crate::clock::Clock;
use crate::figures::{Figures, Name};
use crate::flags::{Kind, Plan};
use crate::publisher::Publisher;
use crate::server::{Programs, Server};
use crate::stalled::Stalled;
use crate::watch::Watch;

/// The number of events that are published before the run and aren't measured: they use every buffer once.
const WARM: u64 = 5;

/// If nothing arrives for this long, nothing more will.
const QUIET: Duration = Duration::from_secs(5);

/// Memory is flat if it grows by no more than the larger of these two.
const GROWTH: f64 = 0.02;
const GROWTH_BYTES: f64 = 1024.0 * 1024.0;

/// Runs the plan within its time limit.
pub(crate) fn run(plan: &Plan, programs: &Programs, watch: &Watch) -> Result<Figures, String> {
    if let Some(wrong) = plan.wrong() {
        return Err(wrong);
    }
    let publishing = if plan.burst.is_some() {
        0
    } else {
        plan.seconds
    };
    let seconds = plan.deadline.unwrap_or(publishing + 120);
    watch.limit(Duration::from_secs(seconds.into()));
    watch.phase(format!("starting the server {}", plan.server.name()));
    let server = Server::start(plan, programs, watch)?;
    thread::sleep(Duration::from_millis(200));
    let before = Usage::of(&server);

    let clock = Clock::start();
    let orders = Orders {
        address: server.address,
        clock,
        bytes: plan.bytes as usize,
        from: WARM,
    };
    let crowd = Crowd::gather(plan.reading(), plan.threads as usize, orders);
    let stalled = Stalled::gather(
        plan.stalling(),
        server.address,
        plan.receive_buffer,
        plan.stalled_return,
    );
    watch.phase(format!("connecting {} clients", plan.clients));
    while !crowd.is_complete()? || stalled.connected() < plan.stalling() {
        if let Some(ended) = watch.child_ended() {
            return Err(ended);
        }
        thread::sleep(Duration::from_millis(1));
    }
    let mut run = Run {
        plan,
        watch,
        server,
        crowd,
        publisher: Publisher::connect(orders.address, clock, orders.bytes)
            .map_err(|error| format!("the publisher can't connect: {error}"))?,
        figures: Figures::default(),
    };
    run.warm_up()?;
    run.remember_connected(&before);
    let begun = run.publish(clock)?;
    run.finish(begun, stalled, &before)
}

/// The server's resources.
struct Usage {
    resident: Option<f64>,
    descriptors: Option<u64>,
}

impl Usage {
    fn of(server: &Server) -> Usage {
        Usage {
            resident: server.resident().map(|bytes| bytes as f64),
            descriptors: server.descriptors(),
        }
    }
}

struct Run<'a> {
    plan: &'a Plan,
    watch: &'a Watch,
    server: Server,
    crowd: Crowd,
    publisher: Publisher,
    figures: Figures,
}

impl Run<'_> {
    fn warm_up(&mut self) -> Result<(), String> {
        self.watch.phase("waiting for the first events");
        for _ in 0..WARM {
            self.publish_one_and_wait()?;
        }
        Ok(())
    }

    fn publish_one_and_wait(&mut self) -> Result<u64, String> {
        let time = self.publisher.publish(1)?;
        if self.crowd.wait_for(self.publisher.published(), QUIET) {
            return Ok(time);
        }
        let gone = self.crowd.gone();
        let why = self.crowd.is_complete().err().unwrap_or_default();
        Err(format!(
            "some clients did not receive event {}; {gone} lost their connection. {why}",
            self.publisher.published()
        ))
    }

    fn remember_connected(&mut self, before: &Usage) {
        let resident = Usage::of(&self.server).resident;
        let clients = f64::from(self.plan.clients);
        let each = resident
            .zip(before.resident)
            .map(|(with, without)| (with - without) / clients);
        self.figures.set(Name::ResidentBefore, before.resident);
        self.figures.set(Name::ResidentWithClients, resident);
        self.figures.set(Name::ResidentPerClient, each);
    }

    /// Publishes all events, and returns the time of the first.
    fn publish(&mut self, clock: Clock) -> Result<u64, String> {
        self.watch.phase("publishing");
        let events = self.plan.events();
        let begun = clock.now();
        if self.plan.one_at_a_time {
            for _ in 0..events {
                self.publish_one_and_wait()?;
            }
        } else if self.plan.burst.is_some() {
            let mut left = events;
            while left > 0 {
                let count = left.min(self.plan.pipeline.into());
                self.publisher.publish(count)?;
                left -= count;
            }
        } else {
            self.publish_at_the_rate(events, clock, begun)?;
        }
        Ok(begun)
    }

    fn publish_at_the_rate(&mut self, events: u64, clock: Clock, begun: u64) -> Result<(), String> {
        let mut start = None;
        for event in 0..events {
            let due = begun + (event as f64 / self.plan.rate * 1e9) as u64;
            thread::sleep(clock.at(due).saturating_duration_since(Instant::now()));
            // The first tenth isn't the steady phase.
            if event >= events / 10 && start.is_none() {
                start = Some(Usage::of(&self.server).resident);
            }
            self.publisher.publish(1)?;
        }
        let last = begun + (events as f64 / self.plan.rate * 1e9) as u64;
        thread::sleep(clock.at(last).saturating_duration_since(Instant::now()));
        let (start, end) = (start.flatten(), Usage::of(&self.server).resident);
        self.figures.set(Name::ResidentAtTheStart, start);
        self.figures.set(Name::ResidentAtTheEnd, end);
        let flat = start
            .zip(end)
            .map(|(start, end)| end <= start + GROWTH_BYTES.max(GROWTH * start))
            .map(|flat| f64::from(u8::from(flat)));
        self.figures.set(Name::MemoryFlat, flat);
        Ok(())
    }

    fn finish(mut self, begun: u64, stalled: Stalled, before: &Usage) -> Result<Figures, String> {
        self.watch.phase("waiting for the last events");
        let published = self.publisher.published();
        self.crowd.wait_for(published, QUIET);
        let readers_cut = self.crowd.gone();
        let last = self.crowd.last_receipt();
        if self.plan.stalling() > 0 {
            self.count_stalled(&stalled, before);
        }
        let garbled = self.crowd.is_complete().err();
        let received = self.crowd.dismiss();
        if let Some(error) = garbled {
            return Err(error);
        }
        let readers = self.plan.reading() as u64;
        let delivered = received.events.saturating_sub(WARM * readers) as f64;
        let seconds = last.saturating_sub(begun) as f64 / 1e9;
        let rate = (delivered > 0.0).then_some(delivered / seconds);
        let milliseconds = |share| received.times.percentile(share).map(|time| time / 1e6);
        let figures = &mut self.figures;
        figures.set(Name::DeliveriesPerSecond, rate);
        figures.set(Name::P50, milliseconds(0.5));
        figures.set(Name::P99, milliseconds(0.99));
        figures.set(Name::EventsPublished, (published - WARM) as f64);
        let lost = (published * readers) as f64 - received.events as f64;
        figures.set(Name::EventsLost, lost);
        figures.set(Name::EventsOutOfOrder, received.out_of_order as f64);
        figures.set(Name::ReadersCut, readers_cut as f64);
        stalled.dismiss();
        drop(self.publisher);
        if self.plan.stalling() > 0 && self.plan.server != Kind::Raw {
            // The servers notice without a write that a client left; the raw loop doesn't.
            self.watch
                .phase("waiting for the server to notice that all clients left");
            let left = wait_for_descriptors(&self.server, before, Duration::from_secs(5), || 0);
            self.figures.set(Name::DescriptorsAfterAllLeft, left);
        }
        Ok(self.figures)
    }

    /// Counts the stalled clients that were cut off, and their descriptors that the server still has.
    fn count_stalled(&mut self, stalled: &Stalled, before: &Usage) {
        self.watch
            .phase("waiting until the stalled clients are cut off");
        stalled.stay_away();
        let timeout = match self.plan.server {
            Kind::Ours | Kind::Nats => self.plan.write_timeout.unwrap_or(10.0),
            _ => 0.0,
        };
        let patience = Duration::from_secs_f64(timeout) + QUIET;
        let (stalling, reading) = (self.plan.stalling(), self.plan.reading());
        let returns = self.plan.stalled_return;
        let expected = || {
            // One is the publisher's. Clients that reconnect may be stalled again, and count.
            let open = if returns { stalled.open() } else { 0 };
            (reading + 1 + open) as u64
        };
        let begun = Instant::now();
        while returns && stalled.cut() < stalling && begun.elapsed() < patience {
            thread::sleep(Duration::from_millis(20));
        }
        let kept = wait_for_descriptors(&self.server, before, patience, expected);
        // If a server closes without a reset, a client that doesn't read can't notice.
        let seen = stalled.cut() as f64;
        let cut = match kept {
            Some(kept) if !returns => seen.max(stalling as f64 - kept),
            _ => seen,
        };
        let figures = &mut self.figures;
        figures.set(Name::StalledClients, stalling as f64);
        figures.set(Name::StalledCut, cut);
        figures.set(Name::CutsSeen, stalled.cuts() as f64);
        figures.set(Name::DescriptorsKept, kept);
        if self.plan.server.is_ours() {
            let stats = self.publisher.stats();
            let dropped = stats.and_then(|stats| stats["dropped_slow"].as_f64());
            figures.set(Name::DroppedSlow, dropped);
        }
    }
}

/// Waits until the server has no more descriptors than before the clients connected, apart from those that are
/// expected. Returns how many more it has.
fn wait_for_descriptors(
    server: &Server,
    before: &Usage,
    patience: Duration,
    expected: impl Fn() -> u64,
) -> Option<f64> {
    let begun = Instant::now();
    loop {
        let more = server
            .descriptors()?
            .saturating_sub(before.descriptors? + expected());
        if more == 0 || begun.elapsed() > patience {
            return Some(more as f64);
        }
        thread::sleep(Duration::from_millis(20));
    }
}
