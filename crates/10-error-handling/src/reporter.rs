//! Sends a message for each item that ends.

use tokio::sync::mpsc;

use crate::caught::catch;
use crate::{Failure, Outcome, Panic};

/// What became of an item: its failure, or `None` if it succeeded.
pub(crate) type Message<E> = Option<Failure<E>>;

/// Sends messages about items. Clones share the channel.
pub(crate) struct Reporter<E>(pub(crate) mpsc::Sender<Message<E>>);

impl<E> Reporter<E> {
    // ANCHOR: attempt
    /// Begins an item, unless the receiver is gone.
    pub(crate) fn begin<Fut>(&self, work: impl FnOnce() -> Fut) -> Option<Result<Fut, Panic>> {
        (!self.0.is_closed()).then(|| catch(work))
    }

    /// Ends the item that has begun, and sends a message about it.
    pub(crate) fn end<R, Fut>(
        &self,
        index: usize,
        begun: Option<Result<Fut, Panic>>,
    ) -> impl Future<Output = ()> + use<R, E, Fut>
    where
        Fut: Future<Output = Result<R, E>>,
    {
        let errors = self.0.clone();
        async move {
            if let Some(begun) = begun {
                let message = Outcome::of(begun).await.into_failure(index);
                // Fails if the receiver is dropped.
                let _ = errors.send(message).await;
            }
        }
    }
    // ANCHOR_END: attempt
}

impl<E> Clone for Reporter<E> {
    fn clone(&self) -> Reporter<E> {
        Reporter(self.0.clone())
    }
}
