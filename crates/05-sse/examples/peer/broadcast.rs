//! One broadcast channel for all clients. A client that falls behind by more than the buffer is disconnected.

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use tokio::sync::broadcast::{self, Sender};

use crate::http;

pub(crate) struct Clients {
    sender: Sender<Bytes>,
}

impl Clients {
    pub(crate) fn new(buffer: usize) -> Self {
        Clients {
            sender: broadcast::channel(buffer).0,
        }
    }
}

impl http::Clients for Clients {
    type Queue = BoxStream<'static, Bytes>;

    fn publish(&self, event: Bytes) {
        // Fails if there are no clients.
        let _ = self.sender.send(event);
    }

    fn subscribe(&self) -> Self::Queue {
        // An error means that the client lags; its stream ends.
        stream::unfold(self.sender.subscribe(), |mut receiver| async {
            let event = receiver.recv().await.ok()?;
            Some((event, receiver))
        })
        .boxed()
    }
}
