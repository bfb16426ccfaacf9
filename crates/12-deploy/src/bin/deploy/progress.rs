//! Shows a rollout while it runs: a bar on a terminal, a line for each cluster elsewhere.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write, stderr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deploy::{Event, Kind};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::clusters::Target;

/// Shows a rollout. Clones show the same one.
#[derive(Clone)]
pub(crate) struct Progress(Arc<Shown>);

struct Shown {
    names: Vec<Arc<str>>,
    start: Instant,
    /// Hidden where there is no terminal.
    bar: ProgressBar,
    live: Mutex<Live>,
}

#[derive(Default)]
struct Live {
    in_flight: BTreeSet<usize>,
    ended: usize,
    failed: usize,
    /// Whether a line says so.
    spent: bool,
    over: bool,
}

impl Progress {
    /// Shows that a rollout to these clusters begins, and that some have the manifest from an earlier one.
    pub(crate) fn new(targets: &[Target], earlier: usize) -> Progress {
        let target = match stderr().is_terminal() {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(Some(targets.len() as u64), target);
        let style =
            ProgressStyle::with_template("{elapsed:>4} [{bar:24}] {pos} of {len} {wide_msg}");
        bar.set_style(style.expect("the template is right").progress_chars("█▌ "));
        bar.enable_steady_tick(Duration::from_millis(100));
        let progress = Progress(Arc::new(Shown {
            names: targets.iter().map(|target| target.name.clone()).collect(),
            start: Instant::now(),
            bar,
            live: Mutex::default(),
        }));
        if earlier > 0 {
            progress.line(&format!(
                "{earlier} clusters have the manifest from an earlier run"
            ));
        }
        progress
    }

    /// Shows what happens to a cluster.
    pub(crate) fn observe(&self, index: usize, event: &Event<'_>) {
        let name = &self.0.names[index];
        let mut live = self.live();
        match event {
            Event::Began => drop(live.in_flight.insert(index)),
            Event::Retrying { error, wait, .. } => {
                self.line(&format!(
                    "{name}: {error}; trying again in {:.1} s",
                    wait.as_secs_f64()
                ));
            }
            Event::Spent => self.spent(&mut live),
            Event::Ended { kind, outcome } => {
                let began = live.in_flight.remove(&index);
                live.ended += 1;
                live.failed += usize::from(matches!(kind, Kind::Failed | Kind::TimedOut));
                let (ended, all) = (live.ended, self.0.names.len());
                if *kind == Kind::Skipped {
                    self.spent(&mut live);
                }
                if !began {
                    // The report names it.
                } else if self.0.bar.is_hidden() {
                    self.line(&format!("{name}: {outcome} ({ended} of {all})"));
                } else if !kind.is_success() {
                    self.line(&format!("{name}: {outcome}"));
                }
                self.0.bar.set_position(ended as u64);
            }
            _ => {}
        }
        self.message(&live);
    }

    /// Shows that nothing new begins, and what is waited for.
    pub(crate) fn stopping(&self) {
        let live = self.live();
        if live.over {
            return;
        }
        let names: Vec<&str> = live
            .in_flight
            .iter()
            .map(|index| &*self.0.names[*index])
            .collect();
        self.line(&match names.as_slice() {
            [] => "stopping".to_owned(),
            names => format!(
                "stopping: waiting for {}; the same signal again ends it at once",
                names.join(", ")
            ),
        });
    }

    /// Shows nothing any more.
    pub(crate) fn finish(&self) {
        self.live().over = true;
        self.0.bar.finish_and_clear();
    }

    fn spent(&self, live: &mut Live) {
        if !live.spent {
            live.spent = true;
            self.line("the failure budget is spent: nothing new begins");
        }
    }

    fn message(&self, live: &Live) {
        let first = live
            .in_flight
            .first()
            .map_or("", |index| &*self.0.names[*index]);
        let mut words = match live.in_flight.len() {
            0 => String::new(),
            1 => format!("in flight: {first}"),
            several => format!("in flight: {first} and {} more", several - 1),
        };
        if live.failed > 0 {
            words = format!("({} failed) {words}", live.failed);
        }
        self.0.bar.set_message(words);
    }

    /// Writes a line, above the bar if there is one.
    fn line(&self, words: &str) {
        let line = format!("{:6.1} s  {words}", self.0.start.elapsed().as_secs_f64());
        self.0.bar.suspend(|| {
            // Nobody may be there to read it.
            let _ = writeln!(stderr(), "{line}");
        });
    }

    fn live(&self) -> std::sync::MutexGuard<'_, Live> {
        self.0.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
