//! Asks every cluster whether the manifest fits it, before any of them is changed.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::StreamExt;
use tokio::time::timeout;

use crate::clusters::Target;

/// How many clusters are asked at once. They are only read.
const AT_ONCE: usize = 64;

/// Asks every cluster which kinds it has. Returns a sentence if the manifest doesn't fit one of them.
///
/// A cluster that doesn't answer is none of them: it has its tries later, and its line in the report.
pub(crate) async fn look(targets: &[Target], patience: Duration) -> Result<(), String> {
    let looks =
        futures::stream::iter(targets.iter().enumerate()).map(|(index, target)| async move {
            (index, timeout(patience, target.cluster.look()).await)
        });
    let mut looks = looks.buffer_unordered(AT_ONCE);
    let mut unfit: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    while let Some((index, look)) = looks.next().await {
        if let Ok(Err(failure)) = look
            && failure.is_unfit()
        {
            unfit.entry(failure.to_string()).or_default().push(index);
        }
    }
    let sentences = unfit.into_iter().map(|(failure, mut of)| {
        of.sort_unstable();
        let names: Vec<&str> = of.iter().map(|index| &*targets[*index].name).collect();
        match names.len() == targets.len() {
            true => format!("{failure} (all clusters)"),
            false => format!("{failure} ({})", names.join(", ")),
        }
    });
    let sentences: Vec<String> = sentences.collect();
    match sentences.is_empty() {
        true => Ok(()),
        false => Err(sentences.join("; ")),
    }
}
