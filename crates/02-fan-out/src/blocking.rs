//! The page on threads: its sources block, and a thread waits for each of them.

use crate::wait_group::fetch_all;
use crate::{Error, Page};

/// The three services that a page is made from, called by functions that block their thread.
pub trait Sources {
    /// Fetches the status of the CI pipeline.
    fn ci(&self) -> Result<String, Error>;

    /// Fetches the status of the CD pipeline.
    fn cd(&self) -> Result<String, Error>;

    /// Fetches the user's data.
    fn user(&self) -> Result<String, Error>;
}

type Fetch<S> = fn(&S) -> Result<String, Error>;

/// Fetches the three parts on a thread each. Blocks until the last one is there: a thread can't be stopped, so there is
/// no patience, and no part is ever late.
// ANCHOR: page
pub fn page<S>(sources: &S) -> Page
where
    S: Sources + Clone + Send + 'static,
{
    let fetches: [Fetch<S>; 3] = [S::ci, S::cd, S::user];
    let [ci, cd, user] = fetch_all(fetches.map(|fetch| {
        let sources = sources.clone();
        move || fetch(&sources)
    }));
    Page { ci, cd, user }
}
// ANCHOR_END: page
