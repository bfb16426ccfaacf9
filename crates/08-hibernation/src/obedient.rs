//! A client that comes back when the server says, for requests that kube sends by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use backon::BackoffBuilder;
use http::{Request, Response};
use kube::Client;
use kube::client::Body;
use tokio::time::sleep;

use crate::calls::{backoff, retry_after};
use crate::health::Health;

/// Wraps a client. Counts the requests, and says when one was answered. Waits if the server asks for that, and then tries
/// again; other failures are the caller's.
pub(crate) fn obedient(client: &Client, tries: Arc<AtomicU64>, health: Health) -> Client {
    let namespace = client.default_namespace().to_owned();
    let inner = client.clone();
    let service = tower::service_fn(move |request: Request<Body>| {
        let (client, tries, health) = (inner.clone(), tries.clone(), health.clone());
        async move { send(&client, request, &tries, &health).await }
    });
    Client::new(service, namespace)
}

async fn send(
    client: &Client,
    request: Request<Body>,
    tries: &AtomicU64,
    health: &Health,
) -> kube::Result<Response<Body>> {
    let (head, body) = request.into_parts();
    let mut backoff = backoff().build();
    loop {
        // Only a body that comes bit by bit can't be cloned. A list and a watch have none.
        let body = body.try_clone().unwrap_or_else(Body::empty);
        // Relaxed: a count, which publishes nothing.
        tries.fetch_add(1, Relaxed);
        let response = client.send(Request::from_parts(head.clone(), body)).await?;
        if response.status().is_success() {
            health.answered();
        }
        match retry_after(response.status(), response.headers()) {
            Some(wait) => sleep(wait + backoff.next().unwrap_or_default()).await,
            None => return Ok(response),
        }
    }
}
