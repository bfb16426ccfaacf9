//! The clusters of a rollout: contexts of a kubeconfig, or embedded servers.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use apiserver::{Fault, Faults, Fleet, Options, Rule, When};
use deploy::kubernetes::{Cluster, Manifest};
use http::Method;
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};

use crate::arguments::Arguments;

/// The clusters of a rollout, in its order.
pub(crate) struct Clusters {
    pub(crate) targets: Vec<Target>,
    /// The embedded servers run as long as this lives.
    _fleet: Option<Fleet>,
}

/// A cluster, and its names.
#[derive(Clone)]
pub(crate) struct Target {
    /// The context.
    pub(crate) name: Arc<str>,
    pub(crate) url: Arc<str>,
    pub(crate) namespace: Arc<str>,
    pub(crate) cluster: Arc<Cluster>,
}

/// Makes a client for each cluster. Asks none of them anything. Returns a sentence if one can't be had.
pub(crate) async fn connect(
    arguments: &Arguments,
    manifest: &Manifest,
) -> Result<Clusters, String> {
    let (fleet, kubeconfig, names) = if arguments.contexts.is_empty() {
        let fleet = embedded(arguments)?;
        let kubeconfig = Kubeconfig::from_yaml(&fleet.kubeconfig).map_err(sentence)?;
        let names = Fleet::names(arguments.clusters.into());
        (Some(fleet), kubeconfig, names)
    } else {
        let kubeconfig = match &arguments.kubeconfig {
            Some(path) => Kubeconfig::read_from(path),
            None => Kubeconfig::read(),
        };
        let kubeconfig = kubeconfig.map_err(sentence)?;
        let names = chosen(&arguments.contexts, &kubeconfig)?;
        (None, kubeconfig, names)
    };
    let manifest = Arc::new(manifest.clone());
    let mut targets = Vec::with_capacity(names.len());
    for name in names {
        let client = client(&kubeconfig, &name).await;
        let (client, url) = client.map_err(|why| format!("context '{name}': {why}"))?;
        let namespace = client.default_namespace().to_owned();
        let cluster = Cluster::new(client, &namespace, manifest.clone(), arguments.mode());
        targets.push(Target {
            name: name.into(),
            url: url.into(),
            namespace: namespace.into(),
            cluster: Arc::new(cluster),
        });
    }
    Ok(Clusters {
        targets,
        _fleet: fleet,
    })
}

/// Returns the contexts that the patterns choose, each once, or a sentence that names the patterns which choose none.
fn chosen(patterns: &[String], kubeconfig: &Kubeconfig) -> Result<Vec<String>, String> {
    let (mut names, mut missing) = (Vec::new(), Vec::new());
    for pattern in patterns {
        let fits = |name: &str| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == pattern,
        };
        let found: Vec<_> = kubeconfig
            .contexts
            .iter()
            .filter(|context| fits(&context.name))
            .collect();
        if found.is_empty() {
            missing.push(format!("'{pattern}'"));
        }
        for context in found {
            if !names.contains(&context.name) {
                names.push(context.name.clone());
            }
        }
    }
    match missing.as_slice() {
        [] => Ok(names),
        [one] => Err(format!("the kubeconfig has no context {one}")),
        several => Err(format!(
            "the kubeconfig has no contexts {}",
            several.join(", ")
        )),
    }
}

/// Returns a client for a context, and where its cluster is.
async fn client(kubeconfig: &Kubeconfig, name: &str) -> Result<(Client, String), String> {
    let options = KubeConfigOptions {
        context: Some(name.to_owned()),
        ..KubeConfigOptions::default()
    };
    let config = Config::from_custom_kubeconfig(kubeconfig.clone(), &options).await;
    let mut config = config.map_err(sentence)?;
    // The rollout has its own retries.
    config.default_retry = false;
    if config.cluster_url.scheme_str() == Some("http") {
        // Nobody shows a certificate. Without this, each client would read all that the machine trusts.
        config.root_cert.get_or_insert_default();
    }
    let url = config.cluster_url.to_string();
    let client = Client::try_from(config).map_err(first_line)?;
    Ok((client, url))
}

fn embedded(arguments: &Arguments) -> Result<Fleet, String> {
    let names = Fleet::names(arguments.clusters.into());
    let mut named = arguments.fault.iter().map(|(name, _)| name);
    if let Some(unknown) = named.find(|name| !names.contains(name)) {
        return Err(format!(
            "there is no embedded server '{unknown}' to have a fault"
        ));
    }
    let slow = Rule {
        fault: Fault::Slow(Duration::from_millis(arguments.patch_ms.into())),
        when: When::Always,
        method: Some(Method::PATCH),
        path: String::new(),
    };
    // A seed of its own for each server, or one request would fail at all of them or at none.
    let options = names.into_iter().zip(0..).map(|(name, seed)| {
        let faults = arguments.fault.iter().filter(|(of, _)| *of == name);
        let rules = faults
            .map(|(_, rule)| rule)
            .chain([&slow])
            .cloned()
            .collect();
        Options {
            name,
            faults: Faults {
                rules,
                seed,
                ..Faults::default()
            },
            ..Options::default()
        }
    });
    Fleet::start(options).map_err(|error| format!("can't start a server: {error}"))
}

fn sentence(error: KubeconfigError) -> String {
    match error {
        KubeconfigError::ReadConfig(error, path) => {
            format!("can't read the kubeconfig {}: {error}", path.display())
        }
        KubeconfigError::FindPath => "there is no kubeconfig: set KUBECONFIG".to_owned(),
        error => format!("can't use the kubeconfig: {}", first_line(error)),
    }
}

/// Some errors quote the file below their first line.
fn first_line(error: impl Display) -> String {
    let words = error.to_string();
    words.lines().next().unwrap_or_default().to_owned()
}
