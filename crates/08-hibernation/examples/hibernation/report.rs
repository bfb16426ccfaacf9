//! A check in words and in JSON.

use std::fmt;
use std::time::Duration;

use hibernation::{Answer, Report, Resource, Strategy};
use serde_json::{Value, json};

use crate::arguments::Command;

pub(crate) struct Checked {
    pub(crate) strategy: Strategy,
    pub(crate) report: Report,
    pub(crate) took: Duration,
    /// What `--yes` would do.
    pub(crate) would: Command,
}

impl Checked {
    /// Returns what the command would change, and how.
    fn planned(&self) -> impl Iterator<Item = (&Resource, u32, u32)> {
        let would = self.would;
        self.report
            .answers
            .iter()
            .filter_map(move |(resource, answer)| match (would, answer) {
                (
                    Command::Hibernate,
                    Answer::Running {
                        replicas: from @ 1..,
                    },
                ) => Some((resource, *from, 0)),
                (Command::Wake, Answer::Hibernated { replicas: to }) => Some((resource, 0, *to)),
                _ => None,
            })
    }

    pub(crate) fn json(&self) -> Value {
        let report = &self.report;
        let named = |resource: &Resource| {
            json!({
                "kind": resource.kind.kind,
                "namespace": resource.namespace,
                "name": resource.name,
            })
        };
        let answers = report.answers.iter().map(|(resource, answer)| {
            let mut named = named(resource);
            let (word, key, more) = match answer {
                Answer::CannotBe(reason) => {
                    ("cannot be hibernated", "why", json!(reason.to_string()))
                }
                Answer::Running { replicas } => ("running", "replicas", json!(replicas)),
                Answer::Hibernated { replicas } => ("hibernated", "replicas", json!(replicas)),
                Answer::Unknown(failure) => ("unknown", "why", json!(failure.to_string())),
            };
            named["answer"] = word.into();
            named[key] = more;
            named
        });
        let planned = self.planned().map(|(resource, from, to)| {
            let mut named = named(resource);
            named["from"] = from.into();
            named["to"] = to.into();
            named
        });
        let mut json = json!({
            "strategy": self.strategy.to_string(),
            "status": report.status(),
            "canBeHibernated": report.can_be_hibernated(),
            "hibernated": report.hibernated(),
            "unknown": report.unknown().count(),
            "requests": report.tries,
            "milliseconds": self.took.as_millis() as u64,
            "answers": answers.collect::<Vec<_>>(),
        });
        if self.would != Command::Check {
            json["wouldScale"] = planned.collect();
        }
        json
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = &self.report;
        let (found, took) = (report.answers.len(), self.took.as_millis());
        writeln!(
            f,
            "{found} resources, {}: {} requests in {took} ms",
            self.strategy, report.tries
        )?;
        writeln!(f, "  can be hibernated: {}", report.can_be_hibernated())?;
        writeln!(f, "  hibernated:        {}", report.hibernated())?;
        writeln!(f, "  unknown:           {}", report.counts.unknown)?;
        for (resource, failure) in report.unknown() {
            writeln!(f, "    {resource}: {failure}")?;
        }
        writeln!(f, "Status: {}", report.status())?;
        if self.would == Command::Check {
            return Ok(());
        }
        for (resource, from, to) in self.planned() {
            writeln!(f, "  {resource}: would be scaled from {from} to {to}")?;
        }
        match self.planned().next() {
            Some(_) => writeln!(f, "Nothing was changed. With --yes, it would be."),
            None => writeln!(f, "There is nothing to scale."),
        }
    }
}
