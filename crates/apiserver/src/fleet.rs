//! Several servers in one process.

use std::io;

use crate::kubeconfig;
use crate::options::Options;
use crate::server::Server;

/// Several running servers, which know nothing of each other. Dropping the fleet stops them.
#[derive(Debug)]
pub struct Fleet {
    /// The servers, in the order of their names.
    pub servers: Vec<Server>,
    /// The contents of a kubeconfig file with a context for each server.
    pub kubeconfig: String,
}

impl Fleet {
    /// Returns the names of the servers of a fleet: `c01` to `c50`, if there are 50.
    pub fn names(count: usize) -> Vec<String> {
        let width = count.to_string().len().max(2);
        (1..=count)
            .map(|number| format!("c{number:0width$}"))
            .collect()
    }

    /// Starts a server for each of the options, which have different names, in the current runtime.
    ///
    /// # Errors
    ///
    /// As [`Server::start`]. The servers that were started before are stopped.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    pub fn start(options: impl IntoIterator<Item = Options>) -> io::Result<Fleet> {
        let servers = options.into_iter().map(Server::start);
        let servers = servers.collect::<io::Result<Vec<Server>>>()?;
        let kubeconfigs = servers.iter().map(|server| server.kubeconfig.as_str());
        let kubeconfig = kubeconfig::join(kubeconfigs);
        Ok(Fleet {
            servers,
            kubeconfig,
        })
    }
}
