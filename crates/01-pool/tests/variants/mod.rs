//! Runs any variant of the pool under a timeline. All variants have one signature, so a variant is an argument.

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::time::Duration;

use timeline::Timeline;
use tokio::time::sleep;

/// An item that sleeps for `length`, and the timeline that records it as a span.
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) length: Duration,
    pub(crate) timeline: Timeline,
}

/// The work on an item. It captures nothing, so its type has a name, which the type of a variant needs:
/// `impl AsyncFn(Vec<Item>, NonZeroUsize, Work) -> Vec<String>`.
pub(crate) type Work = fn(Item) -> Pin<Box<dyn Future<Output = String> + Send>>;

/// Runs the variant over items of these lengths, called "Item 1" and so on, and checks its results.
pub(crate) async fn run(
    variant: impl AsyncFnOnce(Vec<Item>, NonZeroUsize, Work) -> Vec<String>,
    lengths: impl IntoIterator<Item = Duration>,
    limit: usize,
    timeline: Timeline,
) {
    let item = |(number, length)| Item {
        name: format!("Item {number}"),
        length,
        timeline: timeline.clone(),
    };
    let items: Vec<Item> = (1_usize..).zip(lengths).map(item).collect();
    let names: Vec<String> = items.iter().map(|item| item.name.clone()).collect();
    let work: Work = |item| {
        Box::pin(async move {
            let sleeping = sleep(item.length);
            item.timeline.span(&item.name, sleeping).await;
            item.name
        })
    };
    let results = variant(items, NonZeroUsize::new(limit).unwrap(), work).await;
    assert_eq!(results, names);
}
