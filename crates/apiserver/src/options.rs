//! The options of a server.

use std::net::SocketAddr;
use std::time::Duration;

use crate::faults::Faults;

/// The options of a server. The default is an empty cluster without faults on a free port of the loopback
/// interface.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name of the cluster, of its context and of its user in the kubeconfig. A cluster that is used in its own
    /// process has none.
    pub name: String,
    /// The address to listen on; port 0 chooses a free port. A cluster that is used in its own process has none.
    pub listen: SocketAddr,
    /// Whether the connection is encrypted, and the token that a request needs. A cluster that is used in its own
    /// process has neither.
    pub security: Security,
    /// The objects that are there from the start.
    pub load: Load,
    /// The latency and the faults.
    pub faults: Faults,
    /// The number of changes that the server remembers. A watch or a list that needs an older one gets 410 Gone.
    pub history: usize,
    /// The time between two bookmarks of a watch.
    pub bookmarks: Duration,
}

/// The protection of a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    /// HTTP: anybody who reaches the port may ask.
    #[default]
    Plain,
    /// HTTPS, with a certificate of an authority that the kubeconfig names. Anybody may ask.
    Tls,
    /// The same, and a request needs the token in the kubeconfig. There is no token without TLS: it would be sent in
    /// the clear, and `kubectl` doesn't send it over HTTP.
    Token,
}

/// The objects that are there from the start, beside the Namespaces `default` and `kube-system`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Load {
    /// None.
    #[default]
    Empty,
    /// The talk's 100 resources in the Namespace `talk`; see [`talk`](crate::talk).
    Talk,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            name: "embedded".to_owned(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            security: Security::Plain,
            load: Load::Empty,
            faults: Faults::default(),
            history: 10_000,
            bookmarks: Duration::from_secs(60),
        }
    }
}
