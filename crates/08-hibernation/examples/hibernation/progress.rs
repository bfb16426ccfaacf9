//! Shows the counts while a check runs.

use std::io::{IsTerminal, Write, stderr};
use std::sync::Arc;
use std::time::Duration;

use hibernation::Tally;
use tokio::task::JoinHandle;

/// A line that is updated until this is dropped.
pub(crate) struct Progress(Option<JoinHandle<()>>);

/// Shows the counts on the terminal, if there is one.
pub(crate) fn show(tally: &Arc<Tally>, resources: usize) -> Progress {
    if !stderr().is_terminal() {
        return Progress(None);
    }
    let tally = tally.clone();
    Progress(Some(tokio::spawn(async move {
        let mut every = tokio::time::interval(Duration::from_millis(50));
        loop {
            every.tick().await;
            let counts = tally.counts();
            // Nobody reads a terminal that is gone.
            let _ = write!(stderr(), "\r{resources} resources: {counts} \x1b[K");
        }
    })))
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(showing) = &self.0 {
            showing.abort();
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}
