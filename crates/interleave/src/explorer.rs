//! Runs a model again and again, until every order has been tried.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, Hash, RandomState};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use crate::execution::Execution;
use crate::exploration::{Coverage, Exploration, fail};
use crate::panics;
use crate::run::{self, Ending, Gaps, Orderings, Progress, Settings, Trace};
use crate::{describe, thread};

/// How to explore a model: completely, or within a stated bound.
///
/// Nothing is read from the environment, and there is no bound on time or on the number of executions:
/// such a bound would let a search end early without a word.
#[derive(Clone, Debug)]
pub struct Explorer {
    coverage: Coverage,
    max_operations: usize,
    patience: Duration,
}

impl Default for Explorer {
    fn default() -> Explorer {
        Explorer::new()
    }
}

impl Explorer {
    /// Tries every order of the recorded operations, and with each order every write that a read may
    /// return.
    pub fn new() -> Explorer {
        Explorer {
            coverage: Coverage::Complete,
            max_operations: 1_000,
            patience: Duration::from_secs(10),
        }
    }

    /// Tries only orders in which a thread that could go on is interrupted at most `bound` times; 255
    /// at most. For a model that is too large to be explored whole; what it finds says so.
    pub fn preemptions(self, bound: u8) -> Explorer {
        Explorer {
            coverage: Coverage::Preemptions(bound),
            ..self
        }
    }

    /// Leaves the choice of orders to loom's own reduction, which misses some. For a model that is too
    /// large even with a bound; what it finds says so.
    pub fn reduced(self) -> Explorer {
        Explorer {
            coverage: Coverage::Reduced,
            ..self
        }
    }

    /// How many operations an execution may have before the model is refused; 1,000 unless told.
    pub fn max_operations(self, operations: usize) -> Explorer {
        Explorer {
            max_operations: operations,
            ..self
        }
    }

    /// How long the model may go without finishing one operation before it is refused as stuck; 10 s
    /// unless told. A model is stuck when it waits for something that the explorer doesn't know, such
    /// as a lock of std's.
    pub fn patience(self, patience: Duration) -> Explorer {
        Explorer { patience, ..self }
    }

    /// Explores the model.
    ///
    /// # Panics
    ///
    /// With the words of [`Refused`], and no backtrace, if the model can't be explored.
    #[track_caller]
    pub fn explore<T, F>(&self, model: F) -> Exploration<T>
    where
        T: Eq + Hash + fmt::Debug + Send + 'static,
        F: Fn() -> T + Send + Sync + 'static,
    {
        match self.try_explore(model) {
            Ok(exploration) => exploration,
            Err(refused) => fail(&refused.to_string()),
        }
    }

    /// Explores the model.
    ///
    /// It runs on an OS thread of its own. If it is stuck, that thread is left behind.
    ///
    /// # Errors
    ///
    /// [`Refused`], if nothing could be said of the model.
    pub fn try_explore<T, F>(&self, model: F) -> Result<Exploration<T>, Refused>
    where
        T: Eq + Hash + fmt::Debug + Send + 'static,
        F: Fn() -> T + Send + Sync + 'static,
    {
        let progress = Arc::new(Mutex::new(Progress::default()));
        let settings = Settings {
            reduced: self.coverage == Coverage::Reduced,
            seq_cst: true,
            max_operations: self.max_operations,
            progress: progress.clone(),
        };
        let builder = self.builder();
        let (sender, explored) = mpsc::channel();
        std::thread::Builder::new()
            .name("explorer".to_owned())
            .spawn(move || {
                // Whoever waits has gone only if it gave up on this very thread.
                let _ = sender.send(run_all(&builder, settings, model));
            })
            .expect("a thread to explore on");

        let mut operations = 0;
        let collected = loop {
            match explored.recv_timeout(self.patience) {
                Ok(result) => break result?,
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    return Err(Refused("the explorer's thread died".to_owned()));
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    let now = *progress.lock().expect("no panic while it is held");
                    if now.operations == operations {
                        return Err(stuck(now, self.patience));
                    }
                    operations = now.operations;
                }
            }
        };
        collected.exploration(self.coverage)
    }

    /// Loom's settings, all of them set: its own defaults come from the environment.
    fn builder(&self) -> loom::model::Builder {
        let mut builder = loom::model::Builder::new();
        builder.max_threads = loom::MAX_THREADS;
        // Some branches an operation, for the choices that are not explored too.
        builder.max_branches = self.max_operations.saturating_mul(16).max(10_000);
        builder.max_permutations = None;
        builder.max_duration = None;
        builder.preemption_bound = match self.coverage {
            Coverage::Preemptions(bound) => Some(usize::from(bound)),
            Coverage::Complete | Coverage::Reduced => None,
        };
        builder.checkpoint_file = None;
        builder.checkpoint_interval = usize::MAX;
        builder.expect_explicit_explore = false;
        builder.location = false;
        builder.log = false;
        builder
    }
}

/// Explores the model completely: every order of its recorded operations.
///
/// # Panics
///
/// As [`Explorer::explore`].
#[track_caller]
pub fn explore<T, F>(model: F) -> Exploration<T>
where
    T: Eq + Hash + fmt::Debug + Send + 'static,
    F: Fn() -> T + Send + Sync + 'static,
{
    Explorer::new().explore(model)
}

/// Why nothing can be said of a model. Its words say what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub(crate) String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// Ends loom's search from within.
struct Stop;

/// Runs the model in every order, with `SeqCst` for what it is. If weaker accesses turn up beside
/// `SeqCst` ones, loom's view of the model is the only one there is, and the search begins again.
fn run_all<T, F>(
    builder: &loom::model::Builder,
    settings: Settings,
    model: F,
) -> Result<Collected<T>, Refused>
where
    T: Eq + Hash + fmt::Debug + Send + 'static,
    F: Fn() -> T + Send + Sync + 'static,
{
    let model = Arc::new(model);
    let collected = search(builder, settings.clone(), model.clone())?;
    if !collected.orderings.mixed() {
        return Ok(collected);
    }
    let settings = Settings {
        seq_cst: false,
        ..settings
    };
    search(builder, settings, model)
}

fn search<T, F>(
    builder: &loom::model::Builder,
    settings: Settings,
    model: Arc<F>,
) -> Result<Collected<T>, Refused>
where
    T: Eq + Hash + fmt::Debug + Send + 'static,
    F: Fn() -> T + Send + Sync + 'static,
{
    static EXECUTIONS: AtomicU64 = AtomicU64::new(0);

    panics::keep();
    let collected = Arc::new(Mutex::new(Collected::default()));
    let collecting = collected.clone();
    let seq_cst = settings.seq_cst;
    let searched = panic::catch_unwind(AssertUnwindSafe(|| {
        builder.check(move || {
            run::begin(settings.clone(), EXECUTIONS.fetch_add(1, Relaxed));
            let outcome = thread::body(0, &*model).ok();
            let _ = thread::body(0, || run::join_all(0));
            run::finish(0);
            let trace = run::finalize();
            let mut collecting = collecting.lock().expect("no panic while it is held");
            let go_on = collecting.add(trace, outcome);
            let again = seq_cst && collecting.orderings.mixed();
            drop(collecting);
            if !go_on || again {
                panic::resume_unwind(Box::new(Stop));
            }
        });
    }));
    let collected = std::mem::take(&mut *collected.lock().expect("no panic while it is held"));
    match (searched, &collected.refused) {
        (_, Some(words)) => Err(Refused(words.clone())),
        (Ok(()), None) => Ok(collected),
        (Err(payload), None) if payload.is::<Stop>() => Ok(collected),
        (Err(payload), None) => {
            let words = panics::take(&*payload).message;
            Err(Refused(
                panics::of_loom(&words).unwrap_or(format!("loom gave up: {words}")),
            ))
        }
    }
}

fn stuck(progress: Progress, patience: Duration) -> Refused {
    let after = match progress.last {
        Some(site) => format!("after {}", describe::source_line(site.file(), site.line())),
        None => "before its first operation".to_owned(),
    };
    Refused(format!(
        "the model is stuck {after}: no operation for {patience:?}. It waits for something that the \
         explorer doesn't know. Look for std::sync (Mutex, Condvar, mpsc, Barrier), std::thread \
         (spawn, sleep, park) or a runtime's own in what the model calls, and import interleave's \
         instead."
    ))
}

/// The executions found so far.
struct Collected<T> {
    executions: Vec<Execution<T>>,
    /// Indices into `executions`, by hash.
    places: HashMap<u64, Vec<usize>>,
    hasher: RandomState,
    runs: u64,
    gaps: Gaps,
    orderings: Orderings,
    refused: Option<String>,
}

impl<T> Default for Collected<T> {
    fn default() -> Collected<T> {
        Collected {
            executions: Vec::new(),
            places: HashMap::new(),
            hasher: RandomState::new(),
            runs: 0,
            gaps: Gaps::default(),
            orderings: Orderings::default(),
            refused: None,
        }
    }
}

impl<T: Eq + Hash + fmt::Debug> Collected<T> {
    /// Keeps the execution unless it is known, and of two that are alike the one with fewer stale
    /// reads. Says whether to go on.
    fn add(&mut self, trace: Trace, outcome: Option<T>) -> bool {
        self.runs += 1;
        self.gaps.history |= trace.gaps.history;
        self.gaps.handles |= trace.gaps.handles;
        self.orderings.seq_cst |= trace.orderings.seq_cst;
        self.orderings.weaker |= trace.orderings.weaker;
        match &trace.ending {
            Some(Ending::Pruned) => return true,
            Some(Ending::Refused(words)) => {
                self.refused = Some(words.clone());
                return false;
            }
            Some(Ending::Blocked(_)) | None => {}
        }
        let execution = Execution::new(trace, outcome);
        let places = self
            .places
            .entry(self.hasher.hash_one(&execution))
            .or_default();
        match places
            .iter()
            .find(|&&place| self.executions[place] == execution)
        {
            Some(&place) => {
                let known = &mut self.executions[place];
                if execution.stale_reads() < known.stale_reads() {
                    *known = execution;
                }
            }
            None => {
                places.push(self.executions.len());
                self.executions.push(execution);
            }
        }
        true
    }

    fn exploration(self, coverage: Coverage) -> Result<Exploration<T>, Refused> {
        if self
            .executions
            .iter()
            .all(|execution| execution.threads().len() == 1)
        {
            return Err(Refused(
                "the model has one thread, so there is no order to explore: spawn the others with \
                 interleave::thread, not std::thread"
                    .to_owned(),
            ));
        }
        // Who panics before anything is shared fails: that is no empty green.
        let panics = |execution: &Execution<T>| matches!(execution.end(), crate::End::Panicked(_));
        if !shares_an_object(&self.executions) && !self.executions.iter().any(panics) {
            return Err(Refused(
                "the model's threads touch nothing in common while more than one of them can run, so \
                 no order can matter. Either each works alone (main, too, if it only joins), or they \
                 share something that the explorer doesn't see: look for std::sync (Mutex, atomics) \
                 where interleave::sync should be imported"
                    .to_owned(),
            ));
        }
        Ok(Exploration::new(
            self.executions,
            self.runs,
            coverage,
            self.gaps,
            self.orderings,
        ))
    }
}

fn shares_an_object<T>(executions: &[Execution<T>]) -> bool {
    let mut touched = HashMap::new();
    executions
        .iter()
        .flat_map(|execution| &execution.events)
        .filter(|event| !event.solo)
        .any(|event| {
            let Some(object) = event.object else {
                return false;
            };
            *touched.entry(object).or_insert(event.thread) != event.thread
        })
}
