//! `comparison2`: no more tasks than items in flight, in virtual time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use diagram::End;
use timeline::{Recording, Timeline};
use tokio::runtime::Handle;
use tokio::time::sleep;

use crate::deliver::deliver;
use crate::verdict::{Means, Verdict};
use crate::virtual_time::{Boxed, recorded};

/// The work on items.
#[derive(Clone, Debug)]
pub struct Work {
    timeline: Timeline,
    /// The most tasks that an item has seen.
    tasks: Arc<AtomicUsize>,
}

impl Work {
    /// Works on an item for `ms` milliseconds. Items are numbered from 1.
    pub async fn on(&self, number: usize, ms: u64) {
        let alive = Handle::current().metrics().num_alive_tasks();
        self.tasks.fetch_max(alive, Relaxed);
        let work = sleep(Duration::from_millis(ms));
        self.timeline.span(format!("Item {number}"), work).await;
    }
}

/// Grades `run`, which gets the milliseconds that each item takes, the limit, and the work.
pub fn comparison2<F: Future<Output = ()> + 'static>(
    run: fn(Vec<u64>, usize, Work) -> F,
) -> Verdict {
    graded(Box::new(move |items, limit, work| {
        Box::pin(run(items, limit, work))
    }))
}

type Run = dyn Fn(Vec<u64>, usize, Work) -> Boxed<'static, ()> + Send;

fn graded(run: Box<Run>) -> Verdict {
    let graded = move |items: &'static [u64], limit: usize| {
        let tasks = Arc::new(AtomicUsize::new(0));
        let ((), yours) = recorded(|timeline| {
            let tasks = tasks.clone();
            run(items.to_vec(), limit, Work { timeline, tasks })
        })?;
        let complaint = wrong(&yours, items, limit, tasks.load(Relaxed));
        Verdict::unless(complaint, yours)
    };
    deliver(Means::VirtualTime, move || {
        graded(&[100, 300, 100, 100, 100, 200, 100, 100], 2)?;
        // Catches answers that are made for those eight, and those that wait for only one of the last tasks.
        graded(&[100, 100, 200, 100, 100, 100, 200], 3).map_err(|verdict| {
            verdict.prefixed(
                "This works for those eight items, but not for these seven, three at a time.",
            )
        })?;
        Ok("✓ As fast as before, and never more tasks than items in flight.".to_owned())
    })
}

/// Returns when the last item ends if each goes to the slot that is free first.
fn shortest(items: &[u64], limit: usize) -> u64 {
    let mut free_at = vec![0; limit];
    for ms in items {
        let first = free_at.iter_mut().min().expect("at least one slot");
        *first += ms;
    }
    free_at.into_iter().max().unwrap_or(0)
}

/// What is wrong with a run.
fn wrong(yours: &Recording, items: &[u64], limit: usize, tasks: usize) -> Option<String> {
    if yours.spans.iter().any(|span| span.name == "Item 0") {
        return Some("Items are numbered from 1, but an item 0 is worked on.".to_owned());
    }
    for (number, ms) in (1..).zip(items) {
        let name = format!("Item {number}");
        let spans = yours.spans.iter().filter(|span| span.name == name);
        match Vec::from_iter(spans)[..] {
            // The items before it are finished.
            [] if number > 1 && yours.spans.len() == number - 1 => {
                return Some(format!(
                    "Nothing works on item {number}. Does `run` wait for the last tasks?"
                ));
            }
            [] => return Some(format!("Nothing works on item {number}.")),
            [span] if span.end != End::Finished => {
                return Some(format!(
                    "Item {number} doesn't finish: `run` returns without waiting for it."
                ));
            }
            [span] if span.end_ms - span.start_ms != *ms as f64 => {
                return Some(format!("Item {number} should take {ms} ms."));
            }
            [_] => {}
            _ => return Some(format!("Item {number} is worked on more than once.")),
        }
    }
    let most = yours.most_in_flight();
    if most > limit {
        return Some(format!(
            "{most} items are in flight at once, but the limit is {limit}."
        ));
    }
    if tasks > limit {
        return Some(format!(
            "{tasks} tasks exist at once, but the limit is {limit}. A task that only waits takes memory, too."
        ));
    }
    let shortest = shortest(items, limit);
    (yours.total_ms > shortest as f64).then(|| {
        format!(
            "It takes {} ms, but {shortest} ms are enough: a slot stays empty while there are items left.",
            yours.total_ms
        )
    })
}
