//! Runs a model repeatedly until every order has been explored.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::hash::{BuildHasher, Hash, RandomState};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use crate::execution::{End, Execution};
use crate::exploration::{Coverage, Exploration, fail};
use crate::panics;
use crate::refused::{Reason, Refused};
use crate::replay::Replay;
use crate::run::{self, Candidate, Ending, Gaps, Orderings, Progress, Settings, Trace};
use crate::{coherence, source, thread};

/// How to explore a model: completely, or within a bound.
///
/// The explorer reads nothing from the environment. It has no bound on time or on the number of
/// executions, which would let a search end early without notice.
#[derive(Clone, Debug)]
pub struct Explorer {
    coverage: Coverage,
    spurious: u8,
    max_operations: usize,
    patience: Duration,
}

impl Default for Explorer {
    fn default() -> Explorer {
        Explorer::new()
    }
}

impl Explorer {
    /// Creates an explorer for every order of the recorded operations and, with each order, every write
    /// that a read may return.
    pub fn new() -> Explorer {
        Explorer {
            coverage: Coverage::Complete,
            spurious: 0,
            max_operations: 1_000,
            patience: Duration::from_secs(10),
        }
    }

    /// Explores only orders with at most `bound` preemptions, which interrupt a thread that could continue.
    /// For models that are too large to explore completely. Every picture then states the bound.
    pub fn preemptions(self, bound: u8) -> Explorer {
        Explorer {
            coverage: Coverage::Preemptions(bound),
            ..self
        }
    }

    /// Explores only the orders that loom's own reduction keeps, which misses some. For models that are too
    /// large even with a bound. Every picture then says so.
    pub fn reduced(self) -> Explorer {
        Explorer {
            coverage: Coverage::Reduced,
            ..self
        }
    }

    /// Also explores spurious failures of `compare_exchange_weak` and spurious wake-ups of `Condvar`, with at
    /// most `bound` of these events in an execution. The default is none. Every picture then states the bound.
    ///
    /// Up to the bound, nothing is left out: any such operation may fail or wake up spuriously, in every order.
    /// `fetch_update` repeats `compare_exchange_weak`, so its attempts may fail too. `Notify` and `block_on` have
    /// no spurious wake-ups.
    ///
    /// The model is explored once for each set of at most `bound` such events. If an execution has N operations
    /// that may be one, that is N explorations more for a bound of 1, and about N²/2 more for a bound of 2.
    pub fn spurious(self, bound: u8) -> Explorer {
        Explorer {
            spurious: bound,
            ..self
        }
    }

    /// Sets how many operations an execution may have before the model is refused. The default is 1,000.
    ///
    /// Loom reserves about 11 kB of address space for each operation of the limit.
    pub fn max_operations(self, operations: usize) -> Explorer {
        Explorer {
            max_operations: operations,
            ..self
        }
    }

    /// Sets how long the model may take for one operation before it is refused as stuck. The default is
    /// 10 seconds. The refusal comes after one to two times this duration.
    ///
    /// A model is stuck if it waits for something that the explorer doesn't control, such as a lock of
    /// `std::sync`.
    pub fn patience(self, patience: Duration) -> Explorer {
        Explorer { patience, ..self }
    }

    /// Explores the model.
    ///
    /// # Panics
    ///
    /// If the model can't be explored, with the message of [`Refused`] and without a backtrace.
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
    /// The model runs on a separate OS thread. If the model is stuck, that thread is left running.
    ///
    /// # Errors
    ///
    /// [`Refused`] if the model can't be explored.
    pub fn try_explore<T, F>(&self, model: F) -> Result<Exploration<T>, Refused>
    where
        T: Eq + Hash + fmt::Debug + Send + 'static,
        F: Fn() -> T + Send + Sync + 'static,
    {
        let progress = Arc::new(Mutex::new(Progress::default()));
        let settings = Settings {
            reduced: self.coverage == Coverage::Reduced,
            seq_cst: true,
            forced: Arc::default(),
            max_operations: self.max_operations,
            progress: progress.clone(),
        };
        let (builder, spurious) = (self.builder(), self.spurious);
        let (sender, explored) = mpsc::channel();
        std::thread::Builder::new()
            .name("explorer".to_owned())
            .spawn(move || {
                // The receiver is gone only if it gave up on this thread.
                let _ = sender.send(run_all(&builder, settings, spurious, model));
            })
            .expect("the explorer's thread can be spawned");

        let mut operations = 0;
        let collected = loop {
            match explored.recv_timeout(self.patience) {
                Ok(result) => break result?,
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    return Err(Refused::new(
                        Reason::Internal,
                        "The explorer's thread ended without a result.",
                    ));
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
        collected.exploration(self.coverage, self.spurious)
    }

    /// Returns loom's settings. Sets all of them, because loom reads its defaults from the environment.
    fn builder(&self) -> loom::model::Builder {
        let mut builder = loom::model::Builder::new();
        builder.max_threads = loom::MAX_THREADS;
        // Each operation has several branches, including choices that aren't explored.
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
/// Like [`Explorer::explore`].
#[track_caller]
pub fn explore<T, F>(model: F) -> Exploration<T>
where
    T: Eq + Hash + fmt::Debug + Send + 'static,
    F: Fn() -> T + Send + Sync + 'static,
{
    Explorer::new().explore(model)
}

/// The payload of the panic that stops loom's search.
struct Stop;

/// Runs the model in every order with exact `SeqCst`. If the model also has weaker accesses, restarts with
/// loom's approximation, which explores `SeqCst` as acquire and release.
fn run_all<T, F>(
    builder: &loom::model::Builder,
    settings: Settings,
    spurious: u8,
    model: F,
) -> Result<Collected<T>, Refused>
where
    T: Eq + Hash + fmt::Debug + Send + 'static,
    F: Fn() -> T + Send + Sync + 'static,
{
    let model = Arc::new(model);
    let rehearsed = rehearse(builder, &settings, &model)?;
    let collected = search_all(builder, &settings, spurious, &model, rehearsed)?;
    if !collected.orderings.mixed() {
        return Ok(collected);
    }
    let settings = Settings {
        seq_cst: false,
        ..settings
    };
    search_all(builder, &settings, spurious, &model, None)
}

/// Runs the model once, in the order that every search begins with.
///
/// The first search compares its own first run with this one. Its later runs are compared only up to loom's
/// next choice, which can't tell that the first run of all initialised a `static`.
fn rehearse<T, F>(
    builder: &loom::model::Builder,
    settings: &Settings,
    model: &Arc<F>,
) -> Result<Option<Replay>, Refused>
where
    T: Eq + Hash + fmt::Debug + Send + 'static,
    F: Fn() -> T + Send + Sync + 'static,
{
    let rehearsal = Collected {
        rehearses: true,
        ..Collected::default()
    };
    let rehearsal = search(builder, settings.clone(), model.clone(), rehearsal)?;
    Ok(rehearsal.latest)
}

/// Runs the model in every order, once for each set of at most `spurious` forced events. The sets grow by the
/// operations that ran in an exploration and may be spurious events.
///
/// An execution with the spurious events a, b and c, in this order, is found: without any, the model reaches
/// a. With a forced, it reaches b, and so on.
fn search_all<T, F>(
    builder: &loom::model::Builder,
    settings: &Settings,
    spurious: u8,
    model: &Arc<F>,
    rehearsed: Option<Replay>,
) -> Result<Collected<T>, Refused>
where
    T: Eq + Hash + fmt::Debug + Send + 'static,
    F: Fn() -> T + Send + Sync + 'static,
{
    let mut collected = Collected {
        rehearsed,
        ..Collected::default()
    };
    let mut sets = vec![BTreeSet::new()];
    let mut explored = 0;
    while let Some(forced) = sets.get(explored).cloned() {
        explored += 1;
        let settings = Settings {
            forced: forced.iter().copied().collect(),
            ..settings.clone()
        };
        collected = search(builder, settings.clone(), model.clone(), collected)?;
        if settings.seq_cst && collected.orderings.mixed() {
            break;
        }
        // Loom starts anew, and other events are forced.
        collected.latest = None;
        let candidates = std::mem::take(&mut collected.candidates);
        if forced.len() == usize::from(spurious) {
            continue;
        }
        for candidate in candidates {
            let mut larger = forced.clone();
            if larger.insert(candidate) && !sets.contains(&larger) {
                sets.push(larger);
            }
        }
    }
    Ok(collected)
}

/// Runs the model in every order with the forced events of `settings`, and adds to what is collected.
fn search<T, F>(
    builder: &loom::model::Builder,
    settings: Settings,
    model: Arc<F>,
    collected: Collected<T>,
) -> Result<Collected<T>, Refused>
where
    T: Eq + Hash + fmt::Debug + Send + 'static,
    F: Fn() -> T + Send + Sync + 'static,
{
    static EXECUTIONS: AtomicU64 = AtomicU64::new(0);

    panics::keep();
    let collected = Arc::new(Mutex::new(collected));
    let collecting = collected.clone();
    let seq_cst = settings.seq_cst;
    let searched = panic::catch_unwind(AssertUnwindSafe(|| {
        builder.check(move || {
            run::begin(settings.clone(), EXECUTIONS.fetch_add(1, Relaxed));
            let outcome = thread::body(0, &*model).ok();
            let _ = thread::body(0, || run::join_all(0));
            run::finish(0);
            let trace = run::finalize();
            let mut collecting = collecting.lock().expect("a panic in here ends the search");
            let go_on = collecting.add(trace, outcome);
            let again = seq_cst && collecting.orderings.mixed();
            drop(collecting);
            if !go_on || again {
                panic::resume_unwind(Box::new(Stop));
            }
        });
    }));
    // Poisoned if comparing or hashing an outcome panicked.
    let mut collected = collected.lock().unwrap_or_else(PoisonError::into_inner);
    let collected = std::mem::take(&mut *collected);
    match (searched, &collected.refused) {
        (_, Some(refused)) => Err(refused.clone()),
        (Ok(()), None) => Ok(collected),
        (Err(payload), None) if payload.is::<Stop>() => Ok(collected),
        (Err(payload), None) => {
            let message = panics::take(&*payload).message;
            Err(panics::refusal().unwrap_or_else(|| {
                Refused::new(
                    Reason::OutsidePanic,
                    format!(
                        "The exploration ended with a panic outside the model's threads: {message}"
                    ),
                )
            }))
        }
    }
}

fn stuck(progress: Progress, patience: Duration) -> Refused {
    let after = match progress.last {
        Some(site) => format!("after {}", source::location(site.file(), site.line())),
        None => "before its first operation".to_owned(),
    };
    let message = format!(
        "The model is stuck {after}: no operation finished within {patience:?}. It waits for something that \
         the explorer doesn't control, or it loops forever. Look for `std::sync` (Mutex, Condvar, mpsc, \
         Barrier), `std::thread` (spawn, sleep, park) and the types of a runtime in the code that the model \
         calls, and use interleave's types instead. A `static` that remembers the previous run can have the same \
         effect."
    );
    Refused::new(Reason::Stuck, message)
}

/// The executions found so far.
struct Collected<T> {
    executions: Vec<Execution<T>>,
    /// Indices into `executions`, by hash.
    indices: HashMap<u64, Vec<usize>>,
    hasher: RandomState,
    runs: u64,
    gaps: Gaps,
    orderings: Orderings,
    /// The operations of the latest exploration that may be spurious events.
    candidates: BTreeSet<Candidate>,
    refused: Option<Refused>,
    /// Whether to stop after one run.
    rehearses: bool,
    /// The run that the next one must repeat.
    rehearsed: Option<Replay>,
    /// The latest run of this search.
    latest: Option<Replay>,
}

impl<T> Default for Collected<T> {
    fn default() -> Collected<T> {
        Collected {
            executions: Vec::new(),
            indices: HashMap::new(),
            hasher: RandomState::new(),
            runs: 0,
            gaps: Gaps::default(),
            orderings: Orderings::default(),
            candidates: BTreeSet::new(),
            refused: None,
            rehearses: false,
            rehearsed: None,
            latest: None,
        }
    }
}

impl<T: Eq + Hash + fmt::Debug> Collected<T> {
    /// Adds the execution unless it is known. Of two equal executions, keeps the one with fewer stale reads.
    /// Returns whether to continue the search.
    fn add(&mut self, trace: Trace, outcome: Option<T>) -> bool {
        self.runs += 1;
        self.gaps.history |= trace.gaps.history;
        self.gaps.handles |= trace.gaps.handles;
        self.orderings.seq_cst |= trace.orderings.seq_cst;
        self.orderings.weaker |= trace.orderings.weaker;
        self.candidates.extend(&trace.candidates);
        match &trace.ending {
            Some(Ending::Refused(refused)) => {
                self.refused = Some(refused.clone());
                return false;
            }
            Some(Ending::Pruned | Ending::Blocked(_)) | None => {}
        }
        if !self.follows(&trace) {
            self.refused = Some(panics::not_deterministic());
            return false;
        }
        if matches!(trace.ending, Some(Ending::Pruned)) {
            return !self.rehearses;
        }
        if !coherence::is_coherent(&trace.events) {
            return !self.rehearses;
        }
        let execution = Execution::new(trace, outcome);
        let indices = self
            .indices
            .entry(self.hasher.hash_one(&execution))
            .or_default();
        match indices
            .iter()
            .find(|&&index| self.executions[index] == execution)
        {
            Some(&index) => {
                let known = &mut self.executions[index];
                if execution.stale_reads() < known.stale_reads() {
                    *known = execution;
                }
            }
            None => {
                indices.push(self.executions.len());
                self.executions.push(execution);
            }
        }
        !self.rehearses
    }

    /// Whether the model did what its earlier runs foretell.
    fn follows(&mut self, trace: &Trace) -> bool {
        let run = Replay::new(trace);
        let repeats = self.rehearsed.take().is_none_or(|it| it.repeats(&run));
        let latest = self.latest.as_ref();
        let follows = repeats && latest.is_none_or(|it| it.precedes(&run));
        self.latest = Some(run);
        follows
    }

    fn exploration(self, coverage: Coverage, spurious: u8) -> Result<Exploration<T>, Refused> {
        let mut executions = self.executions.iter();
        let alone = executions.all(|execution| execution.threads().len() == 1);
        // A model that panics or waits before it spawns a thread fails, so it can't pass by mistake.
        if alone && self.executions.iter().any(|it| it.outcome().is_some()) {
            return Err(Refused::new(
                Reason::OneThread,
                "The model has only one thread, so there is only one order. Spawn its other threads with \
                 `interleave::thread`, not `std::thread`.",
            ));
        }
        // A model that panics before its threads share anything fails, so it can't pass by mistake.
        let panics = |execution: &Execution<T>| matches!(execution.end(), End::Panicked(_));
        if !alone && !shares_an_object(&self.executions) && !self.executions.iter().any(panics) {
            return Err(Refused::new(
                Reason::NothingShared,
                "The model's threads have no object in common while more than one of them can run, so their \
                 order can't matter. Either each thread works alone (`main` too, if it only joins), or they \
                 share something that the explorer can't see. Import `interleave::sync` instead of \
                 `std::sync` (Mutex, atomics).",
            ));
        }
        Ok(Exploration::new(
            self.executions,
            self.runs,
            coverage,
            spurious,
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
