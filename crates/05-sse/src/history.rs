//! Numbers the events, keeps the newest, and finds what a client missed.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::event::{Event, Message};

/// The newest events of one run of a broker.
#[derive(Debug)]
pub struct History {
    start: String,
    /// The number of the newest event; 0 before the first.
    newest: u64,
    /// At most `limit` events, in order; the last is numbered `newest`.
    kept: VecDeque<Arc<Event>>,
    limit: usize,
    /// Whether others give the numbers, and may have given some that this history hasn't got yet.
    follows: bool,
}

impl History {
    /// Returns an empty history of the run named `start`, which will keep the newest `limit` events.
    pub fn new(start: String, limit: usize) -> History {
        History {
            start,
            newest: 0,
            kept: VecDeque::new(),
            limit,
            follows: false,
        }
    }

    /// Returns an empty history of a run whose events are numbered elsewhere, and come after the number `newest`.
    pub fn following(start: String, limit: usize, newest: u64) -> History {
        History {
            newest,
            follows: true,
            ..History::new(start, limit)
        }
    }

    /// Gives a message the next number, encodes it and keeps it. The oldest event goes if there is no room.
    pub fn add(&mut self, message: &Message) -> Arc<Event> {
        self.add_as(self.newest + 1, message)
    }

    /// Encodes a message under its number, and keeps it. If numbers were skipped, these events are gone, and so is
    /// everything before them.
    ///
    /// # Panics
    ///
    /// If the number isn't above that of the newest event.
    pub fn add_as(&mut self, number: u64, message: &Message) -> Arc<Event> {
        assert!(number > self.newest, "{number} has been given before");
        if number != self.newest + 1 {
            self.kept.clear();
        }
        self.newest = number;
        let event = Event::encode(message, &self.id(self.newest), Some(self.newest));
        let event = Arc::new(event);
        self.kept.push_back(event.clone());
        if self.kept.len() > self.limit {
            self.kept.pop_front();
        }
        event
    }

    /// Returns the id of the event with this number.
    pub fn id(&self, number: u64) -> String {
        format!("{}-{number}", self.start)
    }

    /// Returns the number of the newest event, or 0 before the first.
    pub fn newest(&self) -> u64 {
        self.newest
    }

    /// Returns the number of events that are kept.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Returns whether no event is kept.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Returns the events after the one with the id `last`. If some of them are gone, an event `gap` precedes the
    /// others. Its data is `{"missed": 3}` if three are gone, or `{"missed": null}` if the id is not from this run,
    /// so that their number isn't known.
    pub fn missed(&self, last: &str) -> Vec<Arc<Event>> {
        let oldest = self.oldest();
        let from = self.position(last) + 1;
        let gone = match self.number(last) {
            Some(seen) if seen + 1 >= oldest => None,
            Some(seen) => Some((oldest - seen - 1).to_string()),
            None => Some("null".to_owned()),
        };
        let gap = gone.map(|count| {
            // Its id is that of the last event that is gone: a client that returns isn't told twice.
            Arc::new(Event::gap(&count, Some(&self.id(from - 1))))
        });
        let kept = self.kept.iter().skip((from - oldest) as usize).cloned();
        gap.into_iter().chain(kept).collect()
    }

    /// Returns the number of the last event that a client with the id `last` has seen, or been told is gone, before
    /// it gets the events that it [missed](History::missed).
    pub fn position(&self, last: &str) -> u64 {
        let gone = self.oldest() - 1;
        self.number(last).map_or(gone, |seen| seen.max(gone))
    }

    /// Returns the number of the oldest event that is kept, or of the next one if none is.
    fn oldest(&self) -> u64 {
        self.newest + 1 - self.kept.len() as u64
    }

    /// Returns the number in an id, if this run has given that id to an event, or may have.
    fn number(&self, id: &str) -> Option<u64> {
        let (start, number) = id.rsplit_once('-')?;
        let number = number.parse().ok().filter(|number| *number < u64::MAX)?;
        let given = self.follows || number <= self.newest;
        (start == self.start && given && self.id(number) == id).then_some(number)
    }
}
