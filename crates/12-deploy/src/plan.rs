//! How a rollout goes about its clusters.

use std::error::Error;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{Budget, Event, Progress};

/// What a [`Plan`] is made from. All fields have defaults.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many clusters may be in flight at once. [`sequential`](crate::sequential) ignores it. 10 by default.
    pub limit: usize,
    /// How many clusters have to fail before nothing new begins. Unlimited by default.
    pub budget: Budget,
    /// How often a cluster is tried again, if that can help. 3 by default.
    pub retries: u32,
    /// How long to wait before the second try. Each wait is twice as long as the one before, up to `longest_wait`, and
    /// then lengthened by up to as much again, at random. 500 ms by default.
    pub first_wait: Duration,
    /// 10 s by default.
    pub longest_wait: Duration,
    /// The same seed gives the same waits.
    pub seed: u64,
    /// How long a cluster may take, with all its tries and waits. As long as it likes by default.
    pub cluster_deadline: Option<Duration>,
    /// How long the rollout may take. As long as it likes by default.
    pub deadline: Option<Duration>,
}

/// How a rollout goes about its clusters. It serves one rollout.
pub struct Plan {
    pub(crate) settings: Settings,
    /// `settings.limit`
    pub(crate) limit: NonZeroUsize,
    pub(crate) stop: CancellationToken,
    pub(crate) observer: Option<Observer>,
    pub(crate) progress: Arc<Progress>,
}

/// Is told what happens to the cluster at an index.
pub(crate) type Observer = Arc<dyn Fn(usize, Event<'_>) + Send + Sync>;

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanError {
    /// The limit is 0.
    Limit,
    /// A deadline is 0.
    Deadline,
    /// The deadline of a cluster is longer than that of the rollout.
    ClusterDeadline {
        /// That of a cluster.
        cluster: Duration,
        /// That of the rollout.
        all: Duration,
    },
    /// The first wait is longer than the longest one.
    Waits {
        /// The first.
        first: Duration,
        /// The longest.
        longest: Duration,
    },
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            limit: 10,
            budget: Budget::Unlimited,
            retries: 3,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(10),
            seed: 0,
            cluster_deadline: None,
            deadline: None,
        }
    }
}

impl Plan {
    /// Makes a plan, if the settings make sense.
    ///
    /// # Errors
    ///
    /// See [`PlanError`].
    pub fn new(settings: Settings) -> Result<Plan, PlanError> {
        let limit = NonZeroUsize::new(settings.limit).ok_or(PlanError::Limit)?;
        let (cluster, all) = (settings.cluster_deadline, settings.deadline);
        if [cluster, all].contains(&Some(Duration::ZERO)) {
            return Err(PlanError::Deadline);
        }
        if let (Some(cluster), Some(all)) = (cluster, all)
            && cluster > all
        {
            return Err(PlanError::ClusterDeadline { cluster, all });
        }
        let (first, longest) = (settings.first_wait, settings.longest_wait);
        if first > longest {
            return Err(PlanError::Waits { first, longest });
        }
        Ok(Plan {
            settings,
            limit,
            stop: CancellationToken::new(),
            observer: None,
            progress: Arc::new(Progress::new()),
        })
    }

    /// Stops the rollout once the token is cancelled: no cluster begins, and none is tried again. Tries in flight go on
    /// until they end or meet a deadline.
    #[must_use]
    pub fn stopped_by(self, stop: CancellationToken) -> Plan {
        Plan { stop, ..self }
    }

    /// Tells `observer` what happens to the cluster at each index. It is called on the tasks that change the clusters, so
    /// it shouldn't block. If it panics, so does the rollout.
    #[must_use]
    pub fn observed_by(self, observer: impl Fn(usize, Event<'_>) + Send + Sync + 'static) -> Plan {
        Plan {
            observer: Some(Arc::new(observer)),
            ..self
        }
    }

    /// Returns the counts, to read while the rollout runs.
    pub fn progress(&self) -> Arc<Progress> {
        self.progress.clone()
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PlanError::Limit => {
                f.write_str("with a limit of 0 nothing would begin; use at least 1")
            }
            PlanError::Deadline => f.write_str("a deadline of 0 has passed before anything begins"),
            PlanError::ClusterDeadline { cluster, all } => write!(
                f,
                "a cluster may take {cluster:?}, but all of them together only {all:?}"
            ),
            PlanError::Waits { first, longest } => write!(
                f,
                "the first wait of {first:?} is longer than the longest one of {longest:?}"
            ),
        }
    }
}

impl Error for PlanError {}
