//! Runs the models of a chapter's fixes.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use weakening::switch;

/// How long a model may take once another one has seen the change.
const SEEN_PATIENCE: Duration = Duration::from_secs(3);

/// The time between two checks whether the models are done.
const POLL: Duration = Duration::from_millis(5);

/// What the models make of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Every fix still holds.
    Passed,
    /// These models found an execution that fails, deadlocks or panics. A model that takes long may be missing here.
    Failed(Vec<String>),
    /// The changed source doesn't compile, so the compiler guards it.
    Refused,
    /// The models didn't end in this time.
    Endless(Duration),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Passed => f.write_str("passed"),
            Verdict::Failed(models) => write!(f, "fails {}", models.join(", ")),
            Verdict::Refused => f.write_str("doesn't compile"),
            Verdict::Endless(patience) => write!(f, "not done after {} s", patience.as_secs()),
        }
    }
}

/// A test program with a chapter's models.
pub(crate) struct Models {
    program: PathBuf,
    /// The chapter's folder in the copy.
    folder: PathBuf,
    /// How long a model may take. A change that makes it run longer counts as seen.
    patience: Duration,
    models: Vec<Model>,
}

#[derive(Clone)]
struct Model {
    name: String,
    /// The numbers of the changes to code that the model runs.
    reaches: BTreeSet<usize>,
    duration: Duration,
}

/// One run of one model.
struct Run {
    outcome: Outcome,
    reached: BTreeSet<usize>,
    duration: Duration,
}

#[derive(PartialEq)]
enum Outcome {
    Passed,
    Failed,
    Endless,
}

impl Models {
    /// Lists the `fix_` models of a program.
    ///
    /// # Errors
    ///
    /// The program can't be run, or it has no such model.
    pub(crate) fn new(
        program: PathBuf,
        folder: PathBuf,
        patience: Duration,
    ) -> Result<Models, String> {
        let listed = Command::new(&program)
            .args(["fix_", "--list", "--format", "terse"])
            .output()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let models: Vec<Model> = listed
            .lines()
            .filter_map(|line| line.strip_suffix(": test"))
            .map(|name| Model {
                name: name.to_owned(),
                reaches: BTreeSet::new(),
                duration: Duration::ZERO,
            })
            .collect();
        match models.is_empty() {
            true => Err("there is no model named fix_…".to_owned()),
            false => Ok(Models {
                program,
                folder,
                patience,
                models,
            }),
        }
    }

    /// Copies the program, so that the next build doesn't replace it.
    pub(crate) fn kept(self, to: &Path) -> Result<Models, String> {
        std::fs::copy(&self.program, to).map_err(|error| format!("{}: {error}", to.display()))?;
        Ok(Models {
            program: to.to_owned(),
            ..self
        })
    }

    /// Runs every model without a change, and records which changes it reaches. From then on, a change is tried on
    /// the models that reach it, the quickest first: without reaching it, a model does the same as before.
    ///
    /// # Errors
    ///
    /// Those of [`Models::verdicts`].
    pub(crate) fn unchanged(&mut self) -> Result<Verdict, String> {
        let jobs = (0..self.models.len()).map(|model| (0, model)).collect();
        let mut runs = Vec::new();
        self.run_all(&[switch::RECORD.to_owned()], jobs, |_, model, run| {
            runs.push((model, run));
            Ok(())
        })?;
        let outcomes = runs
            .iter()
            .map(|(model, run)| (&*self.models[*model].name, &run.outcome));
        let verdict = self.verdict(outcomes);
        for (model, run) in runs {
            self.models[model].reaches = run.reached;
            self.models[model].duration = run.duration;
        }
        self.models.sort_by_key(|model| model.duration);
        Ok(verdict)
    }

    /// Runs the models with each of the changes that the program was compiled with, several at once, and passes on
    /// each verdict when it is known. Pictures are drawn anew in the copy, not compared: a change draws other pictures,
    /// and what counts is the outcome.
    ///
    /// # Errors
    ///
    /// The program can't be run, a test fails for another reason than an execution, or `report` fails.
    pub(crate) fn verdicts(
        &self,
        changes: &[usize],
        mut report: impl FnMut(usize, Verdict) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut jobs = Vec::new();
        let mut open = vec![0; changes.len()];
        for (index, change) in changes.iter().enumerate() {
            for (model, _) in self
                .models
                .iter()
                .enumerate()
                .filter(|(_, it)| it.reaches.contains(change))
            {
                jobs.push((index, model));
                open[index] += 1;
            }
            if open[index] == 0 {
                report(*change, Verdict::Passed)?;
            }
        }
        let values: Vec<String> = changes.iter().map(usize::to_string).collect();
        let mut outcomes: Vec<Vec<(&str, Outcome)>> = changes.iter().map(|_| Vec::new()).collect();
        self.run_all(&values, jobs, |index, model, run| {
            outcomes[index].push((&self.models[model].name, run.outcome));
            open[index] -= 1;
            match open[index] {
                0 => {
                    let outcomes = outcomes[index].iter().map(|(name, it)| (*name, it));
                    report(changes[index], self.verdict(outcomes))
                }
                _ => Ok(()),
            }
        })
    }

    /// Runs jobs on all cores. Each is the index of a value of the variable and the index of a model.
    fn run_all(
        &self,
        values: &[String],
        jobs: Vec<(usize, usize)>,
        mut done: impl FnMut(usize, usize, Run) -> Result<(), String>,
    ) -> Result<(), String> {
        let failed: Vec<AtomicBool> = values.iter().map(|_| AtomicBool::new(false)).collect();
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            let (sender, receiver) = mpsc::channel();
            for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
                let (next, failed, jobs, sender) = (&next, &failed, &jobs, sender.clone());
                scope.spawn(move || {
                    // Relaxed, here and below: `jobs` was written before the threads began, and a flag that is seen
                    // late costs only time.
                    while let Some(&(value, model)) = jobs.get(next.fetch_add(1, Relaxed)) {
                        let run =
                            self.run(&self.models[model].name, &values[value], &failed[value]);
                        if run.as_ref().is_ok_and(|run| run.outcome == Outcome::Failed) {
                            failed[value].store(true, Relaxed);
                        }
                        // After an error, nothing is received any more.
                        if sender.send((value, model, run)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            for (value, model, run) in receiver {
                done(value, model, run?)?;
            }
            Ok(())
        })
    }

    /// Runs one model. `seen` is set once another one has seen the change.
    fn run(&self, model: &str, value: &str, seen: &AtomicBool) -> Result<Run, String> {
        let error = |error: std::io::Error| format!("{}: {error}", self.program.display());
        let mut child = Command::new(&self.program)
            .args(["--exact", model])
            .current_dir(&self.folder)
            .env("CARGO_MANIFEST_DIR", &self.folder)
            .env("UPDATE_EXPECT", "1")
            .env(switch::VARIABLE, value)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(error)?;
        let stdout = reading(child.stdout.take().expect("it is piped"));
        let stderr = reading(child.stderr.take().expect("it is piped"));
        // The time of the waits, not the clock's: the machine may have been asleep.
        let mut duration = Duration::ZERO;
        let outcome = loop {
            if let Some(status) = child.try_wait().map_err(error)? {
                break match status.success() {
                    true => Outcome::Passed,
                    false => Outcome::Failed,
                };
            }
            if duration >= self.patience || seen.load(Relaxed) && duration >= SEEN_PATIENCE {
                let _ = child.kill();
                let _ = child.wait();
                break Outcome::Endless;
            }
            thread::sleep(POLL);
            duration += POLL;
        };
        let stdout = stdout.join().expect("reading doesn't panic");
        let stderr = stderr.join().expect("reading doesn't panic");
        if outcome == Outcome::Failed && !is_execution(&stdout) {
            return Err(format!(
                "{model} failed, but not by an execution:\n{stdout}{stderr}"
            ));
        }
        let reached = stderr
            .lines()
            .filter_map(|line| line.strip_prefix("reached "));
        Ok(Run {
            outcome,
            reached: reached.filter_map(|number| number.parse().ok()).collect(),
            duration,
        })
    }

    /// Sums up the outcomes of models.
    fn verdict<'a>(&self, outcomes: impl Iterator<Item = (&'a str, &'a Outcome)>) -> Verdict {
        let mut failed = Vec::new();
        let mut endless = false;
        for (name, outcome) in outcomes {
            match outcome {
                Outcome::Passed => {}
                Outcome::Failed => failed.push(name.rsplit("::").next().unwrap_or(name).to_owned()),
                Outcome::Endless => endless = true,
            }
        }
        failed.sort();
        match (failed.is_empty(), endless) {
            (false, _) => Verdict::Failed(failed),
            (true, true) => Verdict::Endless(self.patience),
            (true, false) => Verdict::Passed,
        }
    }
}

/// Whether a test's output is what the explorer prints of a failing execution, or when it refuses to go on with one.
fn is_execution(output: &str) -> bool {
    ["Explored: ", "must block", "is stuck"]
        .iter()
        .any(|said| output.contains(said))
}

fn reading(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut output = Vec::new();
        let _ = pipe.read_to_end(&mut output);
        String::from_utf8_lossy(&output).into_owned()
    })
}
