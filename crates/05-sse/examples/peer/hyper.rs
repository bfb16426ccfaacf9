//! A bounded channel per client. A client whose channel is full is removed from the list; a write to it that blocks
//! never ends, because there are no timeouts.

use std::sync::Mutex;
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::http::{self, Queue};

pub(crate) struct Clients {
    buffer: usize,
    senders: Mutex<Vec<Sender<Bytes>>>,
}

impl Clients {
    pub(crate) fn new(buffer: usize) -> Self {
        Clients {
            buffer,
            senders: Mutex::default(),
        }
    }
}

impl http::Clients for Clients {
    type Queue = Receiver<Bytes>;

    fn publish(&self, event: Bytes) {
        self.senders
            .lock()
            .unwrap()
            .retain(|sender| sender.try_send(event.clone()).is_ok());
    }

    fn subscribe(&self) -> Receiver<Bytes> {
        let (sender, receiver) = mpsc::channel(self.buffer);
        self.senders.lock().unwrap().push(sender);
        receiver
    }
}

impl Queue for Receiver<Bytes> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        self.poll_recv(context)
    }
}
