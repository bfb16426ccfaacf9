//! `cancellation2`: items that are rolled back when their client leaves, in virtual time.

use std::time::Duration;

use cancellation::Token;
use diagram::End;
use timeline::{Recording, Timeline};
use tokio::time::{Instant, sleep};

use crate::deliver::deliver;
use crate::verdict::{Means, Verdict};
use crate::virtual_time::{Boxed, recorded};

/// How long an item is rolled back, in milliseconds.
const ROLL_BACK: u64 = 20;

/// The work on items.
#[derive(Clone, Debug)]
pub struct Work {
    timeline: Timeline,
}

impl Work {
    /// Works on an item for `ms` milliseconds. Items are numbered from 1.
    pub async fn on(&self, number: usize, ms: u64) {
        let work = sleep(Duration::from_millis(ms));
        self.timeline.span(format!("Item {number}"), work).await;
    }

    /// Rolls back what was done for an item. Takes 20 ms.
    pub async fn roll_back(&self, number: usize) {
        let work = sleep(Duration::from_millis(ROLL_BACK));
        self.timeline
            .span(format!("Roll back {number}"), work)
            .await;
    }
}

/// Grades `run`, which gets the milliseconds that each item takes, the token, and the work.
pub fn cancellation2<F: Future<Output = ()> + 'static>(
    run: fn(Vec<u64>, Token, Work) -> F,
) -> Verdict {
    graded(Box::new(move |items, token, work| {
        Box::pin(run(items, token, work))
    }))
}

type Run = dyn Fn(Vec<u64>, Token, Work) -> Boxed<'static, ()> + Send;

fn graded(run: Box<Run>) -> Verdict {
    let graded = move |items: &'static [u64], leaves: u64| {
        let run = |timeline: Timeline| {
            let token = Token::new();
            let begun = Instant::now();
            let work = Work {
                timeline: timeline.clone(),
            };
            let service = run(items.to_vec(), token.clone(), work);
            let run: Boxed<u64> = Box::pin(async move {
                if leaves == 0 {
                    token.cancel();
                }
                let client = async {
                    timeline
                        .span("Client", sleep(Duration::from_millis(leaves)))
                        .await;
                    token.cancel();
                };
                let service = async {
                    service.await;
                    begun.elapsed().as_millis() as u64
                };
                tokio::join!(client, service).1
            });
            run
        };
        let (returned, yours) = recorded(run)?;
        Verdict::unless(wrong(&yours, items, leaves, returned), yours)
    };
    deliver(Means::VirtualTime, move || {
        graded(&[100, 100, 100, 100, 100], 250)?;
        // Catches answers that are made for those items.
        graded(&[30, 70, 200], 170).map_err(|verdict| {
            verdict.prefixed("This works for those items, but not for these.")
        })?;
        graded(&[50, 50], 300).map_err(|verdict| {
            verdict.prefixed("This doesn't work for a client that stays until the end.")
        })?;
        graded(&[50, 50], 0).map_err(|verdict| {
            verdict.prefixed("This doesn't work for a client that has left before the first item.")
        })?;
        Ok(
            "✓ The item in flight stops at once and is rolled back, and no other begins."
                .to_owned(),
        )
    })
}

/// What should happen to each item, and what is wrong.
fn wrong(yours: &Recording, items: &[u64], leaves: u64, returned: u64) -> Option<String> {
    let mut begins = 0;
    let mut ends = 0;
    for (number, ms) in (1_usize..).zip(items) {
        let item = span(yours, &format!("Item {number}"));
        let rolled_back = span(yours, &format!("Roll back {number}"));
        let finishes = begins + ms < leaves;
        let is_in_flight = !finishes && begins < leaves;
        let sentence = match (item, rolled_back) {
            (Spans::Many, _) => format!("Item {number} is worked on more than once."),
            (_, Spans::Many) => format!("Item {number} is rolled back more than once."),
            (Spans::One(_), _) if !finishes && !is_in_flight => {
                format!("Item {number} begins after the client has left.")
            }
            (Spans::None, _) if finishes || is_in_flight => {
                format!("Nothing works on item {number}, although the client is still there.")
            }
            (Spans::One((_, _, End::Unfinished)), _) => format!(
                "Item {number} is still running when `run` returns: dropping a task's handle doesn't stop the task."
            ),
            (Spans::One((_, end, _)), _) if is_in_flight && end > leaves => format!(
                "Item {number} goes on for {} ms after the client has left. It should stop at its `await`.",
                end - leaves
            ),
            (Spans::One((_, end, End::CutOff)), _) if is_in_flight && end < leaves => format!(
                "Item {number} is cut off {} ms before the client leaves.",
                leaves - end
            ),
            (Spans::One((_, _, End::CutOff)), _) if finishes => {
                format!("Item {number} is cut off while the client is still there.")
            }
            (_, Spans::None) if is_in_flight => {
                format!(
                    "Item {number} is cut off and never rolled back: what it has done stays half-done. (If you spawn \
                     the roll-back, `run` returns before it runs. If you race it against the token, the cancelled \
                     token wins.)"
                )
            }
            (_, Spans::One((_, _, end))) if is_in_flight && end != End::Finished => format!(
                "The roll-back of item {number} doesn't finish. It has to, although the client has left: don't race \
                 it against the token."
            ),
            (_, Spans::One(_)) if !is_in_flight => {
                format!("Item {number} is rolled back, although it wasn't interrupted.")
            }
            _ => {
                begins += ms;
                ends = if is_in_flight {
                    leaves + ROLL_BACK
                } else if finishes {
                    begins
                } else {
                    ends
                };
                continue;
            }
        };
        return Some(sentence);
    }
    (returned > ends).then(|| {
        format!(
            "`run` returns {} ms after it has nothing left to do.",
            returned - ends
        )
    })
}

/// The spans with a name: the start, the end, and how it ended.
enum Spans {
    None,
    One((u64, u64, End)),
    Many,
}

fn span(yours: &Recording, name: &str) -> Spans {
    let mut spans = yours.spans.iter().filter(|span| span.name == name);
    match (spans.next(), spans.next()) {
        (None, _) => Spans::None,
        (Some(span), None) => Spans::One((span.start_ms as u64, span.end_ms as u64, span.end)),
        (Some(_), Some(_)) => Spans::Many,
    }
}
