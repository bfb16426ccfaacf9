//! What became of every cluster, in words and in JSON.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use deploy::kubernetes::{Failure, Manifest, Step};
use deploy::{Kind, Outcome, Rollout};
use serde_json::{Value, json};

use crate::arguments::Arguments;
use crate::clusters::Target;

/// What became of every cluster, in the order of the clusters.
pub(crate) struct Report {
    lines: Vec<Line>,
    /// How the rollout went about the clusters.
    how: Value,
    /// The documents of the manifest.
    documents: Vec<String>,
    took: Duration,
}

struct Line {
    name: String,
    url: String,
    /// `None` if the cluster has the manifest from an earlier run.
    outcome: Option<Outcome<Failure>>,
    steps: Vec<Step>,
}

impl Report {
    /// Puts the clusters of this rollout and of earlier ones in their order.
    pub(crate) async fn new(
        arguments: &Arguments,
        manifest: &Manifest,
        targets: &[Target],
        rollout: Rollout<Target, Failure>,
        took: Duration,
    ) -> Report {
        let outcomes = rollout.outcomes.into_iter();
        let mut outcomes: HashMap<_, _> = outcomes
            .map(|(target, outcome)| (target.name, outcome))
            .collect();
        let mut lines = Vec::with_capacity(targets.len());
        for target in targets {
            lines.push(Line {
                name: target.name.to_string(),
                url: target.url.to_string(),
                outcome: outcomes.remove(&target.name),
                steps: target.cluster.steps().await,
            });
        }
        Report {
            lines,
            how: json!({
                "file": arguments.file.display().to_string(),
                "manifest": manifest.digest(),
                "strategy": arguments.strategy().to_string(),
                "limit": arguments.limit,
                "budget": arguments.budget.to_string(),
                "dryRun": arguments.dry_run,
            }),
            documents: manifest
                .documents()
                .iter()
                .map(ToString::to_string)
                .collect(),
            took,
        }
    }

    /// Returns how many clusters have the manifest, and how many don't.
    fn have(&self) -> (usize, usize) {
        let has = |line: &&Line| match &line.outcome {
            None => true,
            Some(outcome) => outcome.kind().is_success(),
        };
        let have = self.lines.iter().filter(has).count();
        (have, self.lines.len() - have)
    }

    fn of(&self, kind: Option<Kind>) -> impl Iterator<Item = &Line> {
        let is = move |line: &&Line| line.outcome.as_ref().map(Outcome::kind) == kind;
        self.lines.iter().filter(is)
    }

    /// Returns the exit status. `signal` is that of a signal that was caught. If nothing was left to stop, it doesn't
    /// matter.
    pub(crate) fn status(&self, signal: Option<u8>) -> u8 {
        match (self.have(), signal) {
            ((_, 1..), Some(status)) if self.of(Some(Kind::Stopped)).next().is_some() => status,
            ((_, 0), _) => 0,
            ((0, _), _) => 4,
            _ => 3,
        }
    }

    pub(crate) fn json(&self) -> Value {
        let mut json = self.how.clone();
        let count = |kind| self.of(kind).count();
        let (have, _) = self.have();
        json["milliseconds"] = (self.took.as_millis() as u64).into();
        json["have"] = have.into();
        json["counts"] = json!({ "total": self.lines.len(), "applied earlier": count(None) });
        for kind in Kind::ALL {
            json["counts"][kind.to_string()] = count(Some(kind)).into();
        }
        json["clusters"] = self.lines.iter().map(|line| self.json_of(line)).collect();
        json
    }

    fn json_of(&self, line: &Line) -> Value {
        let mut json = json!({ "cluster": line.name, "server": line.url });
        let Some(outcome) = &line.outcome else {
            json["outcome"] = "applied earlier".into();
            return json;
        };
        json["outcome"] = outcome.kind().to_string().into();
        json["tries"] = outcome.tries().into();
        if !outcome.kind().is_success() {
            json["why"] = outcome.to_string().into();
        }
        let documents = self.documents.iter().enumerate().map(|(index, document)| {
            let step = line.steps.get(index);
            json!({ "document": document, "step": step.map(|step| step_word(*step)) })
        });
        json["documents"] = documents.collect();
        json
    }
}

fn step_word(step: Step) -> &'static str {
    match step {
        Step::Created => "created",
        Step::Changed => "changed",
        Step::Unchanged => "unchanged",
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |field: &str| self.how[field].as_str().unwrap_or_default();
        let all = self.lines.len();
        let dry = self.how["dryRun"] == true;
        let clusters = if all == 1 { "cluster" } else { "clusters" };
        writeln!(
            f,
            "{all} {clusters}, {}: {:.1} s{}",
            word("strategy"),
            self.took.as_secs_f64(),
            if dry { ", dry run" } else { "" },
        )?;
        let kinds = [None].into_iter().chain(Kind::ALL.map(Some));
        for kind in kinds {
            let count = self.of(kind).count();
            if count == 0 {
                continue;
            }
            let heading = kind.map_or("applied earlier".to_owned(), |kind| kind.to_string());
            writeln!(f, "  {heading:<16} {count:>4}")?;
            if kind.is_none_or(Kind::is_success) {
                continue;
            }
            let (reached, unreached): (Vec<&Line>, Vec<&Line>) = self
                .of(kind)
                .partition(|line| line.outcome.as_ref().is_some_and(|it| it.tries() > 0));
            for line in reached {
                if let Some(outcome) = &line.outcome {
                    writeln!(f, "    {}: {outcome}", line.name)?;
                }
            }
            if let (Some(first), Some(last)) = (unreached.first(), unreached.last()) {
                let why = first
                    .outcome
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                let names = unreached
                    .iter()
                    .map(|line| line.name.as_str())
                    .collect::<Vec<_>>();
                match names.len() {
                    1..=10 => writeln!(f, "    {}: {why}", names.join(", "))?,
                    several => {
                        writeln!(f, "    {} … {} ({several}): {why}", first.name, last.name)?
                    }
                }
            }
        }
        let (have, _) = self.have();
        let verb = if dry { "would have" } else { "have" };
        write!(f, "{have} of {all} clusters {verb} the manifest")?;
        match self.of(None).count() {
            0 => writeln!(f),
            earlier => writeln!(f, " ({earlier} had it earlier, and weren't asked)"),
        }
    }
}
