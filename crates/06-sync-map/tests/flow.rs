//! Draws the talk's picture from a run: three workers store into one map, and all results are there.

use std::num::NonZeroUsize;
use std::time::Duration;

use diagram::{Block, Flow, Node, assert_snapshot};
use sync_map::mutex_map;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

/// How long each cluster takes to answer, in milliseconds.
const CLUSTERS: [(&str, u64); 3] = [("cluster1", 100), ("cluster2", 60), ("cluster3", 80)];

/// A result: how many pods of the cluster are ready.
type Ready = u64;

/// The lines of a source between two that contain these words, without their common indentation.
fn part<'a>(source: &'a str, after: &str, before: &str) -> Vec<&'a str> {
    let lines = source
        .lines()
        .skip_while(|line| !line.contains(after))
        .skip(1);
    let lines: Vec<&str> = lines.take_while(|line| !line.contains(before)).collect();
    assert!(
        !lines.is_empty(),
        "there is nothing between {after:?} and {before:?}"
    );
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let common = lines.iter().map(indent).min().unwrap();
    lines.into_iter().map(|line| &line[common..]).collect()
}

#[tokio::test(start_paused = true)]
async fn three_workers_store_into_one_map() {
    let start = Instant::now();
    let (sender, mut stored) = mpsc::unbounded_channel();
    let work = move |(cluster, ms): (&'static str, u64)| {
        let sender = sender.clone();
        async move {
            sleep(Duration::from_millis(ms)).await;
            let ready: Ready = cluster.bytes().map(u64::from).sum::<u64>() % 50;
            let worker = tokio::task::id();
            sender
                .send((worker, cluster, ready, start.elapsed()))
                .unwrap();
            ready
        }
    };
    let limit = NonZeroUsize::new(CLUSTERS.len()).unwrap();
    let results = mutex_map::collect(CLUSTERS.to_vec(), limit, work).await;

    let source = include_str!("../src/mutex_map.rs");
    let collect = Block::titled("mutex_map::collect")
        .text(part(source, "// ANCHOR: stores", "// ANCHOR_END: stores").join("\n"))
        .left();
    let mut stores = Vec::new();
    while let Some(store) = stored.recv().await {
        stores.push(store);
    }
    stores.sort_by_key(|(_, cluster, ..)| *cluster);
    let workers: std::collections::HashSet<_> = stores.iter().map(|(worker, ..)| worker).collect();
    assert_eq!(workers.len(), 3, "three tasks stored");
    let boxes = stores
        .iter()
        .zip(1..)
        .map(|((_, cluster, ready, at), number)| {
            let text = format!(
                "Worker {number}\n\n{cluster}: {ready} pods\n↓\ninsert() at\n{} ms",
                at.as_millis()
            );
            Node::new(number.to_string(), text)
        });
    let mut content: Vec<String> = results
        .iter()
        .map(|((cluster, _), ready)| format!("{cluster} → {ready} pods"))
        .collect();
    content.sort();
    let map = Block::titled("The map").text(content.join("\n"));
    let names: Vec<String> = (1..=stores.len())
        .map(|number| number.to_string())
        .collect();
    let names = || names.iter().map(String::as_str);
    let flow = Flow::new()
        .layer([Node::new("collect", collect)])
        .layer(boxes)
        .layer([Node::new("map", map)])
        .fan_out("collect", names())
        .fan_in(names(), "map")
        .note(format!(
            "All {} results are there after {} ms.",
            results.len(),
            start.elapsed().as_millis()
        ));
    assert_snapshot!("flow", flow);
}
