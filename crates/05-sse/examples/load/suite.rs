//! The chapter's comparison: the server and its peers, in turns.

use std::fs::{self, OpenOptions};

use crate::figures::{Figures, Name, grouped, median, yes_or_no};
use crate::flags::{Flags, Kind, Plan};
use crate::run;
use crate::server::{self, Programs};
use crate::watch::Watch;

/// The number of runs of each server; their median counts.
const RUNS: usize = 5;

/// The longest bar.
const BAR: f64 = 20.0;

/// Measures everything, and writes the results to the file.
pub(crate) fn run(flags: &Flags, programs: &Programs, watch: &Watch) -> Result<(), String> {
    let out = flags.out.as_deref().ok_or("--out is missing")?;
    let failed = |error| format!("{}: {error}", out.display());
    // Fails now, not after an hour. The file keeps its contents until the results are complete.
    let file = OpenOptions::new().create(true).append(true).open(out);
    file.map_err(failed)?;
    let mut suite = Suite {
        programs,
        watch,
        quick: flags.quick,
        runs: if flags.quick { 1 } else { RUNS },
        go: server::has_go(),
        nats: server::has_nats(),
        text: "$ scripts/bench sse\n".to_owned(),
        targets: Vec::new(),
    };
    for line in [&flags.machine, &flags.compilers].into_iter().flatten() {
        suite.line(line);
    }
    suite.describe_method();
    if flags.over_nats {
        suite.over_nats()?;
    } else {
        suite.hold()?;
        suite.memory()?;
        suite.each_by_itself(1_000, 300)?;
        suite.each_by_itself(10_000, 60)?;
        suite.burst(1_000, 1_000)?;
        suite.burst(10_000, 200)?;
        suite.stalled()?;
    }
    suite.line("\nTargets");
    for target in std::mem::take(&mut suite.targets) {
        suite.line(&target);
    }
    fs::write(out, suite.text).map_err(failed)
}

struct Suite<'a> {
    programs: &'a Programs,
    watch: &'a Watch,
    quick: bool,
    runs: usize,
    /// Whether Go is installed.
    go: bool,
    /// Whether NATS is installed.
    nats: bool,
    text: String,
    targets: Vec<String>,
}

/// The figures of every run, under the server's name.
type Measured = Vec<(&'static str, Vec<Figures>)>;

impl Suite<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Returns the number of clients; in a quick comparison, a tenth of them.
    fn clients(&self, clients: u32) -> u32 {
        if self.quick { clients / 10 } else { clients }
    }

    fn describe_method(&mut self) {
        let runs = match self.runs {
            1 => "One run".to_owned(),
            runs => format!("Medians of {runs} runs, in turns (lowest to highest)"),
        };
        self.line(&format!("\n{runs}. The clients share the cores"));
        self.line("with the server; one thread receives. Each event has 128 bytes of data.");
        if !self.go {
            self.line("Go's broker was not measured: there is no go on PATH.");
        }
    }

    fn kinds(&self, kinds: &[Kind]) -> Vec<Kind> {
        let there = |kind: &Kind| match kind {
            Kind::Go => self.go,
            Kind::Nats => self.nats,
            _ => true,
        };
        kinds.iter().copied().filter(there).collect()
    }

    /// Returns the same plan for each server.
    fn servers(&self, kinds: &[Kind], plan: &Plan) -> Vec<(&'static str, Plan)> {
        let with = |server: Kind| {
            let plan = plan.clone();
            (server.name(), Plan { server, ..plan })
        };
        self.kinds(kinds).into_iter().map(with).collect()
    }

    /// Runs the plans in turns.
    fn measure(&self, what: &str, plans: &[(&'static str, Plan)]) -> Result<Measured, String> {
        let mut measured: Measured = plans.iter().map(|(name, _)| (*name, Vec::new())).collect();
        for round in 0..self.runs {
            for turn in 0..plans.len() {
                // Each plan begins a round in turn, so that none always follows the same other one.
                let at = (round + turn) % plans.len();
                let (name, plan) = &plans[at];
                eprintln!("{what}, run {} of {}: {name}", round + 1, self.runs);
                let figures = run::run(plan, self.programs, self.watch)
                    .map_err(|error| format!("{what}, {name}: {error}"))?;
                measured[at].1.push(figures);
            }
        }
        Ok(measured)
    }

    /// (a) Holds many clients for a minute.
    fn hold(&mut self) -> Result<(), String> {
        let plan = Plan {
            clients: self.clients(10_000),
            rate: 1.0,
            seconds: if self.quick { 5 } else { 60 },
            ..Plan::usual()
        };
        let (clients, seconds) = (grouped(plan.clients.into()), plan.seconds);
        let measured = self.measure("hold", &[("ours", plan)])?;
        let ours = Figures::of_runs(&measured[0].1);
        self.line(&format!(
            "\nours, {clients} clients for {seconds} s, 1 event per second\n"
        ));
        let lost = ours.get(Name::EventsLost);
        let flat = ours.get(Name::MemoryFlat);
        let rows = [
            ("deliveries lost, worst run", lost.map(grouped)),
            ("memory flat, every run", flat.map(|f| yes_or_no(f).into())),
            (
                "resident at the start, bytes",
                ours.get(Name::ResidentAtTheStart).map(grouped),
            ),
            (
                "resident at the end, bytes",
                ours.get(Name::ResidentAtTheEnd).map(grouped),
            ),
            (
                "p99 from publish to receipt, ms",
                ours.get(Name::P99).map(|time| format!("{time:.1}")),
            ),
        ];
        for (words, value) in rows {
            let value = value.unwrap_or("not measured".to_owned());
            self.line(&format!("{words:<36} {value:>12}"));
        }
        let target = format!("{clients} clients for {seconds} s");
        self.target(&format!("{target}: no event lost"), lost.map(|n| n == 0.0));
        self.target(&format!("{target}: memory flat"), flat.map(|f| f > 0.0));
        Ok(())
    }

    /// (b) Measures the memory of a client.
    fn memory(&mut self) -> Result<(), String> {
        let plan = Plan {
            clients: self.clients(10_000),
            rate: 1.0,
            seconds: 1,
            ..Plan::usual()
        };
        let clients = grouped(plan.clients.into());
        let kinds = [Kind::Ours, Kind::Hyper, Kind::Broadcast, Kind::Go];
        let measured = self.measure("memory", &self.servers(&kinds, &plan))?;
        self.line(&format!(
            "\nresident bytes per client, {clients} clients, buffer {}\n",
            plan.buffer
        ));
        self.rows(&measured, Name::ResidentPerClient, "hyper", grouped);
        let of = |name| middle(&measured, name, Name::ResidentPerClient);
        let (ours, hyper, go) = (of("ours"), of("hyper"), of("go"));
        let ratio = ours.zip(hyper).map(|(ours, hyper)| ours / hyper);
        self.ratio("resident per client at most 1.25 × hyper's", ratio, |r| {
            r <= 1.25
        });
        let ratio = ours.zip(go).map(|(ours, go)| ours / go);
        self.ratio("resident per client below Go's", ratio, |r| r < 1.0);
        Ok(())
    }

    /// (c) Publishes each event once every client has received the one before, so each is flushed by itself.
    fn each_by_itself(&mut self, clients: u32, events: u32) -> Result<(), String> {
        let plan = Plan {
            clients: self.clients(clients),
            burst: Some(events),
            one_at_a_time: true,
            ..Plan::usual()
        };
        let clients = grouped(plan.clients.into());
        let kinds = [
            Kind::Ours,
            Kind::Raw,
            Kind::Hyper,
            Kind::Broadcast,
            Kind::Go,
        ];
        let what = format!("one at a time, {clients} clients");
        let measured = self.measure(&what, &self.servers(&kinds, &plan))?;
        self.line(&format!(
            "\ndeliveries per second, {clients} clients, each event flushed by itself"
        ));
        self.line(&format!(
            "({events} events, each published once every client has received the one before)\n"
        ));
        self.rows(&measured, Name::DeliveriesPerSecond, "raw", grouped);
        let of = |name| middle(&measured, name, Name::DeliveriesPerSecond);
        let ratio = of("ours").zip(of("raw")).map(|(ours, raw)| ours / raw);
        let words = format!("flushed by itself, {clients} clients: at least 0.7 × raw");
        self.ratio(&words, ratio, |r| r >= 0.7);
        Ok(())
    }

    /// (c) Publishes events back to back.
    fn burst(&mut self, clients: u32, events: u32) -> Result<(), String> {
        let plan = Plan {
            clients: self.clients(clients),
            burst: Some(events),
            // No client is dropped: a queue has room for the whole burst.
            buffer: events + 24,
            ..Plan::usual()
        };
        let clients = grouped(plan.clients.into());
        let kinds = [Kind::Ours, Kind::Hyper, Kind::Broadcast, Kind::Go];
        let what = format!("burst, {clients} clients");
        let measured = self.measure(&what, &self.servers(&kinds, &plan))?;
        let (events, buffer) = (grouped(events.into()), grouped(plan.buffer.into()));
        self.line(&format!(
            "\ndeliveries per second, {clients} clients, a burst of {events} events"
        ));
        self.line(&format!(
            "(sent {} requests at a time; every server has a buffer of {buffer} events",
            plan.pipeline
        ));
        self.line("per client, which holds the whole burst: no client is dropped)\n");
        self.rows(&measured, Name::DeliveriesPerSecond, "go", grouped);
        let of = |name| middle(&measured, name, Name::DeliveriesPerSecond);
        let ratio = of("ours").zip(of("go")).map(|(ours, go)| ours / go);
        let words = format!("burst, {clients} clients: at least 5 × Go's");
        self.ratio(&words, ratio, |r| r >= 5.0);
        Ok(())
    }

    /// (d) Measures the same number of reading clients, without and with others that stall.
    fn stalled(&mut self) -> Result<(), String> {
        let reading = self.clients(1_000);
        let none = Plan {
            clients: reading,
            rate: 50.0,
            seconds: if self.quick { 5 } else { 10 },
            buffer: 64,
            // Small, so that a client that stalls is noticed soon, and again when it is back.
            send_buffer: Some(4_096),
            write_timeout: Some(1.0),
            ..Plan::usual()
        };
        let some = Plan {
            clients: (f64::from(reading) / 0.9).round() as u32,
            stalled: 0.1,
            stalled_return: true,
            ..none.clone()
        };
        let stalling = grouped(some.stalling() as f64);
        let reading = grouped(reading.into());
        let (rate, seconds) = (none.rate, none.seconds);
        let measured = self.measure("stalled", &[("none", none), ("10 %", some)])?;
        self.line(&format!(
            "\np99 from publish to receipt in ms, ours, {reading} clients that read,"
        ));
        self.line("without stalled clients, and with 10 % that never read and reconnect when cut");
        self.line(&format!(
            "({rate} events per second for {seconds} s; a queue of 64 events, a send buffer of\n4,096 bytes, and a write timeout of 1 s for each client)\n"
        ));
        self.rows(&measured, Name::P99, "none", |time| format!("{time:.2}"));
        let worst = Figures::of_runs(&measured[1].1);
        self.line("");
        let rows = [
            ("stalled clients", Name::StalledClients),
            ("cut off, worst run", Name::StalledCut),
            ("cut off, counting each reconnection", Name::CutsSeen),
            ("their descriptors still open", Name::DescriptorsKept),
            (
                "still open once all have left",
                Name::DescriptorsAfterAllLeft,
            ),
        ];
        for (words, name) in rows {
            let value = worst.get(name).map_or("not measured".to_owned(), grouped);
            self.line(&format!("{words:<36} {value:>12}"));
        }
        let of = |name| middle(&measured, name, Name::P99);
        let ratio = of("10 %").zip(of("none")).map(|(some, none)| some / none);
        let words = "p99 with stalled clients at most 1.1 × without";
        self.ratio(words, ratio, |r| r <= 1.1);
        let cut = worst.get(Name::StalledCut);
        let all = cut.map(|cut| grouped(cut) == stalling);
        self.target("all stalled clients are cut off", all);
        let kept = worst.get(Name::DescriptorsKept);
        let left = worst.get(Name::DescriptorsAfterAllLeft);
        let back = kept.zip(left).map(|(kept, left)| kept + left == 0.0);
        self.target("their descriptors are closed", back);
        Ok(())
    }

    /// (e) Measures the server alone, and as one of those that follow a stream in NATS.
    fn over_nats(&mut self) -> Result<(), String> {
        if !self.nats {
            return Err("there is no nats-server on PATH".to_owned());
        }
        let kinds = [Kind::Ours, Kind::Nats];
        let burst = Plan {
            clients: self.clients(1_000),
            burst: Some(1_000),
            buffer: 1_024,
            ..Plan::usual()
        };
        let clients = grouped(burst.clients.into());
        let measured = self.measure("over NATS, burst", &self.servers(&kinds, &burst))?;
        self.line(&format!(
            "\ndeliveries per second, ours, alone and over NATS, {clients} clients, a burst of"
        ));
        self.line("1,000 events (NATS shares the cores, too, and writes each event to a file)\n");
        self.rows(&measured, Name::DeliveriesPerSecond, "ours", grouped);
        let of = |name| middle(&measured, name, Name::DeliveriesPerSecond);
        let ratio = of("nats").zip(of("ours")).map(|(nats, ours)| nats / ours);
        let words = format!("over NATS, burst, {clients} clients: at least 0.8 × ours alone");
        self.ratio(&words, ratio, |r| r >= 0.8);

        let steady = Plan {
            clients: self.clients(1_000),
            rate: 50.0,
            seconds: if self.quick { 2 } else { 5 },
            ..Plan::usual()
        };
        let measured = self.measure("over NATS, steady", &self.servers(&kinds, &steady))?;
        self.line(&format!(
            "\np99 from publish to receipt in ms, ours, alone and over NATS, {clients} clients"
        ));
        self.line(&format!(
            "({} events per second for {} s)\n",
            steady.rate, steady.seconds
        ));
        self.rows(&measured, Name::P99, "ours", |time| format!("{time:.2}"));
        Ok(())
    }

    /// Adds a row for each server, the largest first: name, bar, median, range, and ratio to the base's median.
    fn rows(&mut self, measured: &Measured, name: Name, base: &str, show: fn(f64) -> String) {
        let base = middle(measured, base, name);
        let mut rows: Vec<(&str, Vec<f64>, Option<f64>)> = measured
            .iter()
            .map(|(label, runs)| {
                let values = sorted(runs, name);
                let middle = median(&values);
                (*label, values, middle)
            })
            .collect();
        rows.sort_by(|(_, _, one), (_, _, other)| other.partial_cmp(one).unwrap());
        let most = rows.iter().filter_map(|row| row.2).fold(0.0, f64::max);
        for (label, values, middle) in rows {
            let Some(middle) = middle else {
                self.line(&format!("{label:<10} not measured"));
                continue;
            };
            let bar = "▆".repeat((middle / most * BAR).round().max(1.0) as usize);
            let range = match self.runs {
                1 => String::new(),
                _ => format!(
                    "({} to {})",
                    show(values[0]),
                    show(values[values.len() - 1])
                ),
            };
            let ratio = base.map_or(String::new(), |base| format!("{:.2}×", middle / base));
            let line = format!(
                "{label:<10} {bar:<20} {:>10}  {range:<24} {ratio:>7}",
                show(middle)
            );
            self.line(line.trim_end());
        }
        for (label, runs) in measured {
            let lost = Figures::of_runs(runs).get(Name::EventsLost);
            if let Some(lost) = lost.filter(|lost| *lost != 0.0) {
                self.line(&format!(
                    "{label} lost {} deliveries in a run",
                    grouped(lost)
                ));
            }
        }
    }

    fn ratio(&mut self, words: &str, ratio: Option<f64>, met: fn(f64) -> bool) {
        match ratio {
            Some(ratio) => self.target(&format!("{words} ({ratio:.2})"), Some(met(ratio))),
            None => self.target(words, None),
        }
    }

    fn target(&mut self, words: &str, met: Option<bool>) {
        let verdict = match met {
            Some(true) => "met",
            Some(false) => "missed",
            None => "not measured",
        };
        self.targets.push(format!("{words}: {verdict}"));
    }
}

fn sorted(runs: &[Figures], name: Name) -> Vec<f64> {
    let mut values: Vec<f64> = runs.iter().filter_map(|run| run.get(name)).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Returns the median of a server's runs.
fn middle(measured: &Measured, label: &str, name: Name) -> Option<f64> {
    let (_, runs) = measured.iter().find(|(known, _)| *known == label)?;
    median(&sorted(runs, name))
}
