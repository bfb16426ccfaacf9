//! Whether a model does the same when it runs again in the same order.
//!
//! Loom explores orders depth first. Two runs that follow each other agree up to loom's next choice: another
//! thread runs, or a load returns another write. If they part at anything else, the model has changed. Loom
//! itself may not notice, and then explores forever, or mixes two models.

use crate::event::{Event, Site};
use crate::run::Trace;

/// A run of a model, to compare the next one with.
pub(crate) struct Replay {
    events: Vec<Event>,
    threads: usize,
    /// Whether all threads returned. If not, the record may be cut short.
    returned: bool,
}

impl Replay {
    /// Notes a run.
    pub(crate) fn new(trace: &Trace) -> Replay {
        Replay {
            events: trace.events.clone(),
            threads: trace.names.len(),
            returned: trace.ending.is_none() && trace.panic.is_none(),
        }
    }

    /// Whether the next run did the same, operation by operation. Loom made the same choices for both.
    pub(crate) fn repeats(&self, next: &Replay) -> bool {
        let same = self.same(next);
        let ends = |it: &Replay| (it.events.len(), it.threads, it.returned);
        same == self.events.len() && ends(self) == ends(next)
    }

    /// Whether one model can have done both this and the next run. Loom made another choice in the next run.
    pub(crate) fn precedes(&self, next: &Replay) -> bool {
        let same = self.same(next);
        match (self.events.get(same), next.events.get(same)) {
            (Some(a), Some(b)) => a.thread != b.thread || operation(a) == operation(b),
            (Some(_), None) => !next.returned,
            (None, Some(_)) => !self.returned,
            (None, None) => true,
        }
    }

    /// Counts the operations before the first that differs.
    fn same(&self, next: &Replay) -> usize {
        let both = std::iter::zip(&self.events, &next.events);
        both.take_while(|(a, b)| a.identity() == b.identity())
            .count()
    }
}

/// Returns what a thread decides before an operation: the object, and the line.
fn operation(event: &Event) -> impl Eq + use<> {
    let place = |site: Site| (site.file(), site.line(), site.column());
    (event.object, event.site.map(place))
}
