//! What was changed, in words and in JSON.

use std::fmt;

use hibernation::{Change, Resource};
use serde_json::{Value, json};

pub(crate) struct Changes {
    pub(crate) changes: Vec<(Resource, Change)>,
}

impl Changes {
    /// Whether no change failed.
    pub(crate) fn all_known(&self) -> bool {
        self.count(|change| matches!(change, Change::Failed(_))) == 0
    }

    fn count(&self, matches: fn(&Change) -> bool) -> usize {
        self.changes
            .iter()
            .filter(|(_, change)| matches(change))
            .count()
    }

    pub(crate) fn json(&self) -> Value {
        let changes = self.changes.iter().map(|(resource, change)| {
            json!({
                "kind": resource.kind.kind,
                "namespace": resource.namespace,
                "name": resource.name,
                "outcome": change.to_string(),
                "failed": matches!(change, Change::Failed(_)),
            })
        });
        changes.collect()
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (resource, change) in &self.changes {
            if !matches!(change, Change::Unchanged(_)) {
                writeln!(f, "  {resource}: {change}")?;
            }
        }
        let scaled = self.count(|change| matches!(change, Change::Scaled { .. }));
        let unchanged = self.count(|change| matches!(change, Change::Unchanged(_)));
        let failed = self.count(|change| matches!(change, Change::Failed(_)));
        writeln!(f, "{scaled} scaled, {unchanged} unchanged, {failed} failed")
    }
}
