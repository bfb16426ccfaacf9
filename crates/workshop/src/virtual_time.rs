//! Runs an answer on a paused clock: a sleep takes no time, and the same run gives the same timeline.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use timeline::{Recording, Timeline};
use tokio::time::{Instant, timeout};

use crate::verdict::{Kind, Picture, Verdict};

/// A day of virtual time. Only a run that waits for something that never happens takes that long.
const FOREVER: Duration = Duration::from_secs(86_400);

/// A future that is polled this often at one moment is a loop that only yields.
const LOOPS: u32 = 10_000;

/// A future. It is boxed, so that the runtime is compiled with the grader, and not with every answer.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Runs the future and records its spans.
pub(crate) fn recorded<F: Future>(
    run: impl FnOnce(Timeline) -> F,
) -> Result<(F::Output, Recording), Verdict> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let timeline = Timeline::start();
        let mut run = pin!(run(timeline.clone()));
        let (mut moment, mut polls) = (Instant::now(), 0);
        let ran = poll_fn(|context| {
            if moment < Instant::now() {
                (moment, polls) = (Instant::now(), 0);
            }
            polls += 1;
            match polls {
                LOOPS => Poll::Ready(None),
                _ => run.as_mut().poll(context).map(Some),
            }
        });
        let endless = |sentence| Verdict::of(Kind::Endless, Picture::None, sentence);
        match timeout(FOREVER, ran).await {
            Ok(Some(output)) => Ok((output, timeline.record())),
            Ok(None) => Err(endless(
                "A loop never ends. Time is virtual: it stands still while any task is running, even if the task \
                 only yields.",
            )),
            Err(_) => Err(endless(
                "It waits for something that never happens: after a day of virtual time, it still hasn't returned.",
            )),
        }
    })
}
