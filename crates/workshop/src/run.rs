//! Runs an answer in virtual time: a sleep takes no time, and the same run gives the same timeline.

use std::time::Duration;

use timeline::{Recording, Timeline};

use crate::verdict::Wrong;

/// So long that only a run that waits for nothing takes it: a day of virtual time.
const FOR_EVER: Duration = Duration::from_secs(86_400);

/// Runs the future on Tokio's paused clock and records its spans.
pub(crate) fn recorded<F: Future>(
    run: impl FnOnce(Timeline) -> F,
) -> Result<(F::Output, Recording), Wrong> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let timeline = Timeline::start();
        let ran = tokio::time::timeout(FOR_EVER, run(timeline.clone())).await;
        let recording = timeline.record();
        match ran {
            Ok(output) => Ok((output, recording)),
            Err(_) => Err(Wrong::new(
                "",
                "It waits for something that never comes: after a day of virtual time it had not ended.",
            )),
        }
    })
}

/// Two timelines, one below the other.
pub(crate) fn beside(yours: &Recording, wanted: &Recording) -> String {
    format!("Yours:\n{}\nWanted:\n{}", drawn(yours), drawn(wanted))
}

/// A timeline, or words if nothing was done in it.
pub(crate) fn drawn(recording: &Recording) -> String {
    match recording.spans.is_empty() {
        true => "(nothing was done)\n".to_owned(),
        false => recording.gantt().to_string(),
    }
}
