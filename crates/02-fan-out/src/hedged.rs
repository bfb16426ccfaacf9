//! A second request for a part that takes unusually long: the first answer wins.

use std::pin::pin;
use std::time::Duration;

use futures::future::{Either, select};
use tokio::time::{sleep, timeout};

use crate::caught::caught;
use crate::{Error, Page, Part, Sources};

/// Fetches parts with a second request, in a task of the caller's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hedged {
    /// How long a source may take before it is asked again: its 95th percentile, so that one request in twenty is sent
    /// twice. With 0, a source that isn't ready at its first poll is asked twice.
    pub delay: Duration,
}

impl Hedged {
    /// Fetches the three parts at once, as [`joined`](crate::joined) does. A source that hasn't answered after the
    /// delay is asked again. The first answer wins, and the other request is dropped. If one of two requests fails or
    /// panics, the part is what comes of the other. A request that fails before the delay is not repeated.
    ///
    /// Each source must allow that a request is sent twice, and dropped half-way.
    ///
    /// # Cancellation
    ///
    /// Dropping the future drops every request at the `await` that it has reached.
    // ANCHOR: page
    pub async fn page<S>(&self, sources: &S, patience: Duration) -> Page
    where
        S: Sources + Clone + Send + Sync + 'static,
    {
        let mut page = Page::late();
        let fetches = async {
            tokio::join!(
                async { page.ci = self.fetch(|| sources.ci()).await },
                async { page.cd = self.fetch(|| sources.cd()).await },
                async { page.user = self.fetch(|| sources.user()).await },
            );
        };
        // An error means that a part is late, which is what the page says of it then.
        let _ = timeout(patience, fetches).await;
        page
    }

    /// Fetches one part, as [`Hedged::page`] fetches three. It is never late.
    // ANCHOR: fetch
    pub async fn fetch<T, F>(&self, ask: impl Fn() -> F) -> Part<T>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut first = pin!(caught(&ask));
        tokio::select! {
            biased;
            part = &mut first => return part,
            () = sleep(self.delay) => {}
        }
        let second = pin!(caught(&ask));
        let (Either::Left((part, other)) | Either::Right((part, other))) =
            select(first, second).await;
        match part {
            Part::Ready(_) => part,
            _ => other.await,
        }
    }
    // ANCHOR_END: fetch
    // ANCHOR_END: page
}
