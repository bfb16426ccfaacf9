//! The four ways to roll out.

use std::fmt;

use crate::{ApplyError, Change, Plan, Rollout, batches, sequential, waves, window};

/// A way to roll out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// [`sequential`]
    Sequential,
    /// [`batches`]
    Batches,
    /// [`window`]
    Window,
    /// [`waves`]
    Waves,
}

impl Strategy {
    /// All of them, in the order of the chapter.
    pub const ALL: [Strategy; 4] = [
        Strategy::Sequential,
        Strategy::Batches,
        Strategy::Window,
        Strategy::Waves,
    ];

    /// Calls the `deploy` of the strategy's module.
    pub async fn deploy<C, E, Fut>(
        self,
        clusters: Vec<C>,
        plan: Plan,
        apply: impl Fn(C) -> Fut + Send + Sync + 'static,
    ) -> Rollout<C, E>
    where
        C: Clone + Send + 'static,
        E: ApplyError,
        Fut: Future<Output = Result<Change, E>> + Send + 'static,
    {
        match self {
            Strategy::Sequential => sequential::deploy(clusters, plan, apply).await,
            Strategy::Batches => batches::deploy(clusters, plan, apply).await,
            Strategy::Window => window::deploy(clusters, plan, apply).await,
            Strategy::Waves => waves::deploy(clusters, plan, apply).await,
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Strategy::Sequential => "sequential",
            Strategy::Batches => "batches",
            Strategy::Window => "window",
            Strategy::Waves => "waves",
        })
    }
}
