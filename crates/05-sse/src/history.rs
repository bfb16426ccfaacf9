//! Numbers the events, keeps the last ones, and says what somebody missed.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::event::{Event, Message};

/// The last events of one run of a broker.
#[derive(Debug)]
pub struct History {
    start: String,
    /// The number of the newest event; 0 before the first.
    newest: u64,
    /// The newest events, at most `most`, the last of them numbered `newest`.
    kept: VecDeque<Arc<Event>>,
    most: usize,
}

impl History {
    /// Nothing has been sent in the run that `start` names; the last `most` events will be kept.
    pub fn new(start: String, most: usize) -> History {
        History {
            start,
            newest: 0,
            kept: VecDeque::new(),
            most,
        }
    }

    /// Gives a message the next number, writes it and keeps it.
    pub fn add(&mut self, message: &Message) -> Arc<Event> {
        self.newest += 1;
        let event = Event::encode(message, &self.id(self.newest), Some(self.newest));
        let event = Arc::new(event);
        self.kept.push_back(event.clone());
        if self.kept.len() > self.most {
            self.kept.pop_front();
        }
        event
    }

    /// The id of the event with that number.
    pub fn id(&self, number: u64) -> String {
        format!("{}-{number}", self.start)
    }

    /// How many events are kept.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    // ANCHOR: missed
    /// What somebody missed who saw the event with the id `last` last. If not all of that is kept, the first of it
    /// is an event `gap`, whose data says how many are gone: `{"missed": 3}`, or `{"missed": null}` if that
    /// can't be known, because the id is not of this run.
    pub fn missed(&self, last: &str) -> Vec<Arc<Event>> {
        let oldest = self.newest + 1 - self.kept.len() as u64;
        let (from, gone) = match self.number(last) {
            Some(seen) if seen + 1 >= oldest => (seen + 1, None),
            Some(seen) => (oldest, Some((oldest - seen - 1).to_string())),
            None => (oldest, Some("null".to_owned())),
        };
        let gap = gone.map(|count| {
            // Its id says that what came before is dealt with.
            Arc::new(Event::gap(&count, Some(&self.id(from - 1))))
        });
        let kept = self.kept.iter().skip((from - oldest) as usize).cloned();
        gap.into_iter().chain(kept).collect()
    }
    // ANCHOR_END: missed

    /// The number in an id that this run has given.
    fn number(&self, id: &str) -> Option<u64> {
        let (start, number) = id.rsplit_once('-')?;
        let number = number.parse().ok()?;
        (start == self.start && number <= self.newest && self.id(number) == id).then_some(number)
    }
}
