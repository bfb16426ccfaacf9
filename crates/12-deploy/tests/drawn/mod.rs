//! Draws a rollout whose tries were recorded as spans, each with the name of its cluster.

use deploy::{Kind, Outcome, Rollout};
use diagram::{Bar, End, Gantt, Row};
use timeline::Recording;

/// A cluster.
pub(crate) trait Named {
    /// `C1`, as in the talk.
    fn name(&self) -> &str;
}

/// The bars of a cluster: one for each try.
pub(crate) fn bars(recording: &Recording, name: &str) -> Vec<Bar> {
    let spans = recording.spans.iter().filter(|span| span.name == name);
    spans
        .map(|span| Bar {
            start_ms: span.start_ms,
            end_ms: span.end_ms,
            end: span.end,
            label: None,
        })
        .collect()
}

/// A row for each cluster, in their order. Its label says what became of it, unless it was changed. The bar of one that
/// timed out is cut off, and one that never began has no bar.
pub(crate) fn of_clusters<C: Named, E>(recording: &Recording, rollout: &Rollout<C, E>) -> Gantt {
    let row = |(cluster, outcome): &(C, Outcome<E>)| {
        let name = cluster.name();
        let bars = bars(recording, name);
        let kind = outcome.kind();
        let was_dropped = bars.last().is_some_and(|bar| bar.end == End::CutOff);
        assert_eq!(was_dropped, kind == Kind::TimedOut, "{name}");
        assert_eq!(bars.len(), outcome.tries() as usize, "{name}");
        let label = match kind {
            Kind::Applied => name.to_owned(),
            _ => format!("{name} {kind}"),
        };
        Row::Bars { label, bars }
    };
    Gantt {
        rows: rollout.outcomes.iter().map(row).collect(),
        notes: vec![rollout.counts().to_string()],
        ..Gantt::default()
    }
}
