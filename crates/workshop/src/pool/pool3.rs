//! `pool3`: items in a window, in virtual time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use diagram::End;
use timeline::{Recording, Timeline};
use tokio::task::JoinSet;

use crate::deliver::deliver;
use crate::verdict::{Means, Picture, Verdict};
use crate::virtual_time::{Boxed, recorded};

/// The work on items.
#[derive(Clone, Debug)]
pub struct Work {
    timeline: Timeline,
}

impl Work {
    /// Works on an item for `ms` milliseconds. Items are numbered from 1.
    pub async fn on(&self, number: usize, ms: u64) {
        let work = tokio::time::sleep(Duration::from_millis(ms));
        self.timeline.span(format!("Item {number}"), work).await;
    }
}

/// Grades `run`, which gets the milliseconds that each item takes, the limit, and the work.
pub fn pool3<F: Future<Output = ()> + 'static>(run: fn(Vec<u64>, usize, Work) -> F) -> Verdict {
    graded(Box::new(move |items, limit, work| {
        Box::pin(run(items, limit, work))
    }))
}

type Run = dyn Fn(Vec<u64>, usize, Work) -> Boxed<'static, ()> + Send;

fn graded(run: Box<Run>) -> Verdict {
    let graded = move |items: &'static [u64], limit: usize| {
        let (_, wanted) = recorded(|timeline| Box::pin(window(items, limit, Work { timeline })))?;
        let (_, yours) = recorded(|timeline| run(items.to_vec(), limit, Work { timeline }))?;
        let sentence = wrong_item(&yours, items).or_else(|| wrong_window(&yours, &wanted, limit));
        let ms = yours.total_ms;
        let picture = Picture::Timeline {
            yours,
            wanted: Some(wanted),
        };
        sentence.map_or(Ok(ms), |sentence| Err(Verdict::wrong(picture, sentence)))
    };
    deliver(Means::VirtualTime, move || {
        let five = graded(&[400, 100, 100, 100, 100], 2)?;
        // Catches answers that are made for those five.
        let seven = graded(&[100, 100, 300, 100, 200, 100, 100], 3).map_err(|verdict| {
            verdict.prefixed(
                "This works for those five items, but not for these seven, three at a time.",
            )
        })?;
        Ok(format!(
            "✓ Five items, two at a time: {five} ms. Seven items, three at a time: {seven} ms."
        ))
    })
}

/// Runs the items as they should run: a worker that finishes takes the next item.
async fn window(items: &'static [u64], limit: usize, work: Work) {
    let items = Arc::new(Mutex::new((1..).zip(items)));
    let mut workers = JoinSet::new();
    for _ in 0..limit {
        let (work, items) = (work.clone(), items.clone());
        workers.spawn(async move {
            let next = || items.lock().unwrap().next();
            while let Some((number, ms)) = next() {
                work.on(number, *ms).await;
            }
        });
    }
    workers.join_all().await;
}

/// Returns what is wrong with an item. Each has to be worked on once and to the end.
fn wrong_item(yours: &Recording, items: &[u64]) -> Option<String> {
    if yours.spans.iter().any(|span| span.name == "Item 0") {
        return Some("There is an item 0 here, but items are numbered from 1.".to_owned());
    }
    (1..).zip(items).find_map(|(number, ms)| {
        let name = format!("Item {number}");
        let spans: Vec<_> = yours
            .spans
            .iter()
            .filter(|span| span.name == name)
            .collect();
        match spans[..] {
            [] => Some(format!("Nothing works on item {number}.")),
            [span] if span.end != End::Finished => Some(format!(
                "Item {number} starts but doesn't finish: `run` returns without waiting for it."
            )),
            [span] if span.end_ms - span.start_ms != *ms as f64 => {
                let took = span.end_ms - span.start_ms;
                Some(format!(
                    "Item {number} took {took} ms but should take {ms}."
                ))
            }
            [_] => None,
            _ => Some(format!("Item {number} is worked on {} times.", spans.len())),
        }
    })
}

/// Returns what is wrong with the number of items in flight.
fn wrong_window(yours: &Recording, wanted: &Recording, limit: usize) -> Option<String> {
    let most = yours.most_in_flight();
    let late = yours.total_ms - wanted.total_ms;
    if most > limit {
        Some(format!(
            "{most} items are in flight at once, but the limit is {limit}. If you use permits, each has to live \
             until its item is done: `let _ = …` drops it at once, and so does the end of the block that acquires it."
        ))
    } else if late <= 0.0 {
        None
    } else if most < limit {
        let are = if most == 1 { "is" } else { "are" };
        Some(format!(
            "At most {most} of the {limit} slots {are} ever in use."
        ))
    } else if late < 100.0 {
        Some(
            "Almost: a free slot stays empty for a few milliseconds, as if something checked it only now and then. \
             Wait for the slot, not for the clock."
                .to_owned(),
        )
    } else {
        Some(
            "A slot stays empty while there are items left. The next item should start as soon as any slot is free."
                .to_owned(),
        )
    }
}
