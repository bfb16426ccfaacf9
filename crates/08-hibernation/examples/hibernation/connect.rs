//! Connects to a cluster.

use std::time::Duration;

use apiserver::{Faults, Load, Options, Server};
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};

use crate::arguments::Arguments;

/// A client, and the cluster that it is connected to.
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) url: String,
    /// The embedded server runs as long as this lives.
    _server: Option<Server>,
}

/// Connects to the context's cluster, or to an embedded one. Returns a sentence if it can't.
pub(crate) async fn connect(arguments: &Arguments) -> Result<Connection, String> {
    let (server, kubeconfig) = match (&arguments.context, &arguments.kubeconfig) {
        (None, _) => {
            let server = embedded().map_err(|error| format!("can't start a server: {error}"))?;
            let kubeconfig = Kubeconfig::from_yaml(&server.kubeconfig);
            (Some(server), kubeconfig)
        }
        (Some(_), Some(path)) => (None, Kubeconfig::read_from(path)),
        (Some(_), None) => (None, Kubeconfig::read()),
    };
    let options = KubeConfigOptions {
        context: arguments.context.clone(),
        ..KubeConfigOptions::default()
    };
    let config = match kubeconfig {
        Ok(kubeconfig) => Config::from_custom_kubeconfig(kubeconfig, &options).await,
        Err(error) => Err(error),
    };
    let mut config = config.map_err(|error| sentence(&error))?;
    let url = config.cluster_url.to_string();
    // The check has its own retries.
    config.default_retry = false;
    let client = Client::try_from(config)
        .map_err(|error| format!("can't make a client for {url}: {}", first_line(&error)))?;
    Ok(Connection {
        client,
        url,
        _server: server,
    })
}

fn embedded() -> std::io::Result<Server> {
    Server::start(Options {
        load: Load::Talk,
        faults: Faults::latency(Duration::from_millis(50)),
        ..Options::default()
    })
}

fn sentence(error: &KubeconfigError) -> String {
    match error {
        KubeconfigError::ReadConfig(error, path) => {
            format!("can't read the kubeconfig {}: {error}", path.display())
        }
        KubeconfigError::FindPath => "there is no kubeconfig: set KUBECONFIG".to_owned(),
        KubeconfigError::LoadContext(name) => {
            format!("the kubeconfig has no context named '{name}'")
        }
        error => format!("can't use the kubeconfig: {}", first_line(error)),
    }
}

/// Some errors quote the file below their first line.
fn first_line(error: &impl std::fmt::Display) -> String {
    let words = error.to_string();
    words.lines().next().unwrap_or_default().to_owned()
}
