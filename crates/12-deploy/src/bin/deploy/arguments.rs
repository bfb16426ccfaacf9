//! The command line.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::path::PathBuf;
use std::time::Duration;

use apiserver::Rule;
use clap::{Parser, ValueEnum};
use deploy::kubernetes::Mode;
use deploy::{Budget, Plan, Settings, Strategy};

/// Applies a manifest to many clusters, by server-side apply
///
/// Without --contexts, the clusters are 50 embedded servers, which take 2 s for each object, and which are gone when the
/// program ends.
///
/// Nothing is changed anywhere unless the manifest can be read, the contexts exist, and each cluster that answers knows the
/// kinds of the objects. A field that somebody else owns is left as it is, and named.
///
/// Ctrl-C or SIGTERM stops the rollout: nothing new begins, and what is under way goes on to its end. The second one ends
/// the program at once.
///
/// The exit status is 0 if all clusters have the manifest, 3 if some have, 4 if none has, 1 if nothing was begun, 2 for a
/// wrong command line, 5 if all have it but the report or the state file could not be written, 130 if Ctrl-C stopped it,
/// and 143 if SIGTERM did.
#[derive(Parser)]
#[command(name = "deploy")]
pub(crate) struct Arguments {
    /// The manifest: YAML or JSON
    #[arg(long, value_name = "PATH")]
    pub(crate) file: PathBuf,
    /// The contexts of the kubeconfig that name the clusters, in the order of the rollout; prod-* is all whose names begin
    /// with prod-
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub(crate) contexts: Vec<String>,
    /// Another kubeconfig file than $KUBECONFIG or ~/.kube/config
    #[arg(long, value_name = "PATH", requires = "contexts")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// How to go about the clusters
    #[arg(long, value_enum, default_value = "window")]
    strategy: Chosen,
    /// How many clusters may be in flight at once
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) limit: usize,
    /// How many clusters have to fail before nothing new begins: a number, a share such as 10%, or unlimited
    #[arg(long, value_name = "N", default_value = "10%")]
    pub(crate) budget: Budget,
    /// How long a cluster may take with all its tries [default: 60 s, or as long as all of them]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    deadline: Option<Duration>,
    /// How long all of them may take together, from the first to the last [default: as long as they like]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    deadline_all: Option<Duration>,
    /// How often a cluster is tried again, if that can help
    #[arg(long, value_name = "N", default_value_t = 3)]
    retries: u32,
    /// Only ask the servers what would happen. An object in a namespace that the manifest creates counts as failed, because
    /// the namespace isn't there yet
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Where to remember which clusters have this manifest. The next run with this file doesn't ask them: use it to go on
    /// after a run that stopped, not after somebody else has changed them
    #[arg(long, value_name = "PATH", requires = "contexts")]
    pub(crate) state: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The number of embedded servers: c01, c02 and so on
    #[arg(long, value_name = "N", default_value_t = 50, conflicts_with = "contexts", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) clusters: u16,
    /// How many milliseconds an embedded server takes for a PATCH
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 2000,
        conflicts_with = "contexts"
    )]
    pub(crate) patch_ms: u32,
    /// A fault of an embedded server, such as c07:503, c07:PATCH:hang or c07:429=1@2 (the first two tries); may be given
    /// more than once
    #[arg(long, value_name = "CLUSTER:RULE", conflicts_with = "contexts", value_parser = fault)]
    pub(crate) fault: Vec<(String, Rule)>,
}

/// A strategy's name on the command line.
#[derive(Clone, Copy, ValueEnum)]
enum Chosen {
    /// One after another
    Sequential,
    /// As many as the limit, then the next as many
    Batches,
    /// As many as the limit, and the next one when one has ended
    Window,
    /// One, then two, four, eight and so on; if the first one fails, nothing else begins
    Waves,
}

impl Arguments {
    /// Returns the plan, or a sentence if it makes no sense.
    pub(crate) fn plan(&self) -> Result<Plan, String> {
        let settings = Settings {
            limit: self.limit,
            budget: self.budget,
            retries: self.retries,
            // Two runs at the same time shouldn't try again at the same time.
            seed: RandomState::new().build_hasher().finish(),
            cluster_deadline: Some(self.cluster_deadline()),
            deadline: self.deadline_all,
            ..Settings::default()
        };
        Plan::new(settings).map_err(|error| error.to_string())
    }

    pub(crate) fn strategy(&self) -> Strategy {
        Strategy::ALL[self.strategy as usize]
    }

    pub(crate) fn mode(&self) -> Mode {
        match self.dry_run {
            true => Mode::DryRun,
            false => Mode::Apply,
        }
    }

    /// How long a cluster may take to say which kinds it has, before anything begins.
    pub(crate) fn patience(&self) -> Duration {
        self.cluster_deadline().min(Duration::from_secs(10))
    }

    fn cluster_deadline(&self) -> Duration {
        let default = Duration::from_secs(60);
        let default = self.deadline_all.map_or(default, |all| all.min(default));
        self.deadline.unwrap_or(default)
    }
}

fn seconds(words: &str) -> Result<Duration, String> {
    let seconds = words
        .parse()
        .ok()
        .filter(|seconds| *seconds > 0.0 && *seconds <= 86_400.0);
    let seconds = seconds.ok_or("expected seconds, such as 30 or 0.5, up to 86400")?;
    Ok(Duration::from_secs_f64(seconds))
}

fn fault(words: &str) -> Result<(String, Rule), String> {
    let (cluster, rule) = words
        .split_once(':')
        .ok_or("expected a cluster and a rule, such as c07:503")?;
    Ok((cluster.to_owned(), rule.parse()?))
}
