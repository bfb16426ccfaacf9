//! What the variants and their maps promise: every result once, under any limit, and a panic that reaches the caller.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use futures::FutureExt;
use tokio::time::{Instant, sleep};

fn at_most(limit: usize) -> NonZeroUsize {
    NonZeroUsize::new(limit).unwrap()
}

/// The same tests for each variant.
macro_rules! variant {
    ($($variant:ident)*) => {$(
        mod $variant {
            use super::*;
            use sync_map::$variant::collect;

            #[tokio::test(start_paused = true)]
            async fn every_cluster_has_its_result() {
                let work = |cluster: u64| async move {
                    sleep(Duration::from_millis(cluster % 7)).await;
                    cluster * cluster
                };
                let results = collect((0..1_000).collect(), at_most(10), work).await;
                let expected: HashMap<u64, u64> = (0..1_000).map(|it| (it, it * it)).collect();
                assert_eq!(results, expected);
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn every_result_is_there_on_four_threads() {
                let work = |cluster: u64| async move { cluster + 1 };
                let results = collect((0..10_000).collect(), at_most(64), work).await;
                assert_eq!(results.len(), 10_000);
                assert!(results.iter().all(|(cluster, result)| *result == cluster + 1));
            }

            #[tokio::test(start_paused = true)]
            async fn five_clusters_three_at_once_take_200_ms() {
                let start = Instant::now();
                let work = |cluster: u8| async move {
                    sleep(Duration::from_millis(100)).await;
                    cluster
                };
                collect((0..5).collect(), at_most(3), work).await;
                assert_eq!(start.elapsed(), Duration::from_millis(200));
            }

            #[tokio::test]
            async fn no_clusters_give_no_results() {
                let none = collect(vec![], at_most(1), |cluster: u8| async move { cluster });
                assert_eq!(none.now_or_never(), Some(HashMap::new()));
            }

            #[tokio::test(start_paused = true)]
            async fn a_cluster_listed_twice_has_one_result() {
                let work = |cluster: &'static str| async move { cluster.len() };
                let results = collect(vec!["blue", "blue"], at_most(2), work).await;
                assert_eq!(results, HashMap::from([("blue", 4)]));
            }

            #[tokio::test(start_paused = true)]
            async fn a_panic_reaches_the_caller() {
                let work = |cluster: u8| async move {
                    sleep(Duration::from_millis(1)).await;
                    assert!(cluster != 3, "cluster 3 is down");
                    cluster
                };
                let collected = AssertUnwindSafe(collect((0..5).collect(), at_most(2), work));
                let panic = collected.catch_unwind().await.unwrap_err();
                assert_eq!(panic.downcast_ref(), Some(&"cluster 3 is down"));
            }

            #[tokio::test(start_paused = true)]
            async fn no_work_continues_after_the_future_is_dropped() {
                let begun = Arc::new(AtomicUsize::new(0));
                let work = {
                    let begun = begun.clone();
                    move |cluster: u8| {
                        begun.fetch_add(1, SeqCst);
                        async move {
                            sleep(Duration::from_millis(100)).await;
                            cluster
                        }
                    }
                };
                let limit = Duration::from_millis(150);
                let collected = collect((0..100).collect(), at_most(3), work);
                tokio::time::timeout(limit, collected).await.unwrap_err();
                sleep(Duration::from_secs(60)).await;
                assert_eq!(begun.load(SeqCst), 6);
            }
        }
    )*};
}

variant! { mutex_map sharded concurrent returned }

/// The same tests for each map.
macro_rules! map {
    ($($test:ident: $map:expr;)*) => {$(
        mod $test {
            use super::*;

            #[test]
            fn a_value_can_be_stored_changed_and_removed() {
                let map = $map;
                assert_eq!(map.get(&"blue"), None);
                assert_eq!(map.update("blue", |value| value + 1), None);
                assert_eq!(map.remove(&"blue"), None);
                assert_eq!(map.insert("blue", 1), None);
                assert_eq!(map.insert("blue", 2), Some(1));
                assert_eq!(map.update("blue", |value| value + 40), Some(42));
                assert_eq!(map.get(&"blue"), Some(42));
                assert_eq!(map.insert("green", 7), None);
                assert_eq!(map.remove(&"green"), Some(7));
                assert_eq!(map.get(&"green"), None);
                assert_eq!(map.into_map(), HashMap::from([("blue", 42)]));
            }

            #[test]
            fn no_change_is_lost() {
                let map = $map;
                map.insert("blue", 0);
                thread::scope(|scope| {
                    for _ in 0..4 {
                        scope.spawn(|| {
                            for _ in 0..1_000 {
                                map.update("blue", |value| value + 1);
                            }
                        });
                    }
                });
                assert_eq!(map.get(&"blue"), Some(4_000));
            }

            #[test]
            fn each_removal_takes_its_own_value() {
                let map = $map;
                let keys: Vec<String> = (0..1_000).map(|number| number.to_string()).collect();
                let keys: Vec<&'static str> = keys.into_iter().map(|key| &*key.leak()).collect();
                let removed = AtomicUsize::new(0);
                thread::scope(|scope| {
                    for _ in 0..4 {
                        scope.spawn(|| {
                            for &key in &keys {
                                map.insert(key, 1);
                                removed.fetch_add(usize::from(map.remove(&key).is_some()), SeqCst);
                            }
                        });
                    }
                });
                // A value that is replaced is never removed.
                assert!((1..=4_000).contains(&removed.load(SeqCst)));
                assert!(map.into_map().is_empty());
            }

            #[test]
            fn a_change_that_panics_changes_nothing() {
                let map = $map;
                map.insert("blue", 1);
                let panics = || map.update("blue", |_| panic!("no change"));
                assert!(std::panic::catch_unwind(AssertUnwindSafe(panics)).is_err());
                assert_eq!(map.get(&"blue"), Some(1));
                assert_eq!(map.update("blue", |value| value + 1), Some(2));
                assert_eq!(map.insert("green", 7), None);
                assert_eq!(map.remove(&"blue"), Some(2));
                assert_eq!(map.into_map(), HashMap::from([("green", 7)]));
            }

            #[test]
            fn every_value_is_found_after_the_map_has_grown() {
                let map = $map;
                let keys: Vec<String> = (0..1_000).map(|number| number.to_string()).collect();
                let keys: Vec<&'static str> = keys.into_iter().map(|key| &*key.leak()).collect();
                for (value, key) in (0..).zip(&keys) {
                    assert_eq!(map.insert(*key, value), None);
                }
                for (value, key) in (0..).zip(&keys) {
                    assert_eq!(map.get(key), Some(value));
                }
            }
        }
    )*};
}

map! {
    mutex_map_map: sync_map::mutex_map::Map::<&str, i32>::new();
    sharded_map: sync_map::sharded::Map::<&str, i32>::new();
    sharded_map_with_one_shard: sync_map::sharded::Map::with_shards(at_most(1), std::hash::RandomState::new());
    concurrent_map: sync_map::concurrent::Map::<&str, i32>::new();
}

#[test]
fn the_number_of_shards_is_a_power_of_two() {
    let map = sync_map::sharded::Map::with_shards(at_most(5), std::hash::RandomState::new());
    assert_eq!(format!("{map:?}"), "Map { shards: 8, .. }");
    for key in 0..1_000 {
        map.insert(key, key);
    }
    assert_eq!(map.into_map().len(), 1_000);
}
