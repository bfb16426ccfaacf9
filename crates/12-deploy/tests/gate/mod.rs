//! Servers at which every PATCH waits until the test lets it go.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use apiserver::{Cluster, Options};
use http::{Method, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::ServiceExt;

/// Servers at which every PATCH waits until the gate is open. They stop with the test's runtime.
pub(crate) struct Gate {
    pub(crate) kubeconfig: String,
    open: watch::Sender<bool>,
    waiting: watch::Sender<usize>,
}

impl Gate {
    /// Starts `c01`, `c02` and so on.
    pub(crate) async fn start(count: usize) -> Gate {
        let gate = Gate {
            kubeconfig: String::new(),
            open: watch::Sender::new(false),
            waiting: watch::Sender::new(0),
        };
        let mut lists = [Vec::new(), Vec::new()];
        for name in apiserver::Fleet::names(count) {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            lists[0]
                .push(json!({ "name": name, "context": { "cluster": name, "user": "nobody" } }));
            lists[1].push(json!({ "name": name, "cluster": { "server": url } }));
            let cluster = Cluster::new(Options::default());
            tokio::spawn(serve(
                listener,
                cluster,
                gate.open.clone(),
                gate.waiting.clone(),
            ));
        }
        let [contexts, clusters] = lists;
        let users = json!([{ "name": "nobody", "user": {} }]);
        let kubeconfig = json!({ "contexts": contexts, "clusters": clusters, "users": users });
        Gate {
            kubeconfig: kubeconfig.to_string(),
            ..gate
        }
    }

    /// Waits until so many requests wait.
    pub(crate) async fn waiting(&self, count: usize) {
        let mut waiting = self.waiting.subscribe();
        let arrived = waiting.wait_for(|waiting| *waiting >= count);
        tokio::time::timeout(Duration::from_secs(60), arrived)
            .await
            .unwrap()
            .unwrap();
    }

    /// Lets all of them go, and all that come later.
    pub(crate) fn open(&self) {
        self.open.send_replace(true);
    }
}

async fn serve(
    listener: TcpListener,
    cluster: Cluster,
    open: watch::Sender<bool>,
    waiting: watch::Sender<usize>,
) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (cluster, open, waiting) = (cluster.clone(), open.clone(), waiting.clone());
        let answer = service_fn(move |request: Request<Incoming>| {
            let (cluster, mut open, waiting) = (cluster.clone(), open.subscribe(), waiting.clone());
            async move {
                if request.method() == Method::PATCH {
                    waiting.send_modify(|waiting| *waiting += 1);
                    open.wait_for(|open| *open).await.unwrap();
                }
                Ok::<_, Infallible>(cluster.oneshot(request).await.unwrap())
            }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
    }
}

/// Waits until something holds.
pub(crate) async fn until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "waited in vain until {what}"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
