//! The five ways to check.

use std::fmt;
use std::sync::Arc;

use kube::Client;

use crate::{Limits, Report, Resource, Tally, batches, listed, sequential, watched, window};

/// A way to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// [`sequential`]
    Sequential,
    /// [`batches`]
    Batches,
    /// [`window`]
    Window,
    /// [`listed`]
    Listed,
    /// [`watched`]
    Watched,
}

impl Strategy {
    /// All of them, in the order of the chapter.
    pub const ALL: [Strategy; 5] = [
        Strategy::Sequential,
        Strategy::Batches,
        Strategy::Window,
        Strategy::Listed,
        Strategy::Watched,
    ];

    /// Checks the resources, and counts each in an empty tally as soon as it is known.
    ///
    /// # Panics
    ///
    /// If there are more than [`Tally::MOST`] resources.
    pub async fn check(
        self,
        client: &Client,
        resources: &[Resource],
        limits: Limits,
        tally: Arc<Tally>,
    ) -> Report {
        match self {
            Strategy::Sequential => {
                sequential::check_counting(client, resources, limits, tally).await
            }
            Strategy::Batches => batches::check_counting(client, resources, limits, tally).await,
            Strategy::Window => window::check_counting(client, resources, limits, tally).await,
            Strategy::Listed => listed::check_counting(client, resources, limits, tally).await,
            Strategy::Watched => watched::check_counting(client, resources, limits, tally).await,
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Strategy::Sequential => "sequential",
            Strategy::Batches => "batches",
            Strategy::Window => "window",
            Strategy::Listed => "listed",
            Strategy::Watched => "watched",
        })
    }
}
