//! Watches: each change once and in order, or 410 Gone. What is expected is what Kubernetes' documentation says:
//! <https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes>

use std::time::Duration;

use apiserver::{Cluster, Load, Options, talk};
use futures::{StreamExt, TryStreamExt};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{
    Api, DeleteParams, ListParams, Patch, PatchParams, PostParams, WatchEvent, WatchParams,
};
use kube::runtime::{WatchStreamExt, reflector, watcher};
use kube::{Client, ResourceExt};
use serde_json::{Value, json};
use tokio::time::timeout;

/// No test waits longer than this for an event. On the paused clock it takes no time.
const DEADLINE: Duration = Duration::from_secs(30);

fn maps(options: Options) -> (Cluster, Api<ConfigMap>) {
    let cluster = Cluster::new(options);
    (
        cluster.clone(),
        Api::default_namespaced(Client::new(cluster, "default")),
    )
}

async fn create(maps: &Api<ConfigMap>, name: &str, color: &str) -> ConfigMap {
    let map = json!({ "metadata": { "name": name, "labels": { "color": color } } });
    maps.create(
        &PostParams::default(),
        &serde_json::from_value(map).unwrap(),
    )
    .await
    .unwrap()
}

async fn paint(maps: &Api<ConfigMap>, name: &str, color: &str) -> ConfigMap {
    let patch = Patch::Merge(json!({ "metadata": { "labels": { "color": color } } }));
    maps.patch(name, &PatchParams::default(), &patch)
        .await
        .unwrap()
}

/// An event in one line.
fn line(event: &WatchEvent<ConfigMap>) -> String {
    let of = |kind: &str, map: &ConfigMap| {
        let color = map.labels().get("color").map(String::as_str);
        format!("{kind} {} {}", map.name_any(), color.unwrap_or("none"))
    };
    match event {
        WatchEvent::Added(map) => of("added", map),
        WatchEvent::Modified(map) => of("modified", map),
        WatchEvent::Deleted(map) => of("deleted", map),
        WatchEvent::Bookmark(mark) => {
            let end = mark
                .metadata
                .annotations
                .contains_key("k8s.io/initial-events-end");
            format!("bookmark{}", if end { " end" } else { "" })
        }
        WatchEvent::Error(status) => format!("error {} {}", status.code, status.reason),
    }
}

/// Watches from a revision, and returns the first events.
async fn events(
    maps: &Api<ConfigMap>,
    params: &WatchParams,
    from: &str,
    count: usize,
) -> Vec<String> {
    let stream = maps.watch(params, from).await.unwrap();
    let lines = stream
        .map_ok(|event| line(&event))
        .take(count)
        .try_collect();
    timeout(DEADLINE, lines)
        .await
        .expect("an event before the deadline")
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_watch_has_the_changes_after_its_revision_and_those_to_come() {
    let (_cluster, maps) = maps(Options::default());
    let first = create(&maps, "a", "red").await;
    create(&maps, "b", "red").await;
    let later = maps.clone();
    let writer = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        paint(&later, "a", "blue").await;
        later.delete("b", &DeleteParams::default()).await.unwrap();
    });
    let from = first.resource_version().unwrap();
    let seen = events(&maps, &WatchParams::default(), &from, 3).await;
    assert_eq!(seen, ["added b red", "modified a blue", "deleted b red"]);
    writer.await.unwrap();
    // Without a revision, or from 0: what is there comes first, as events of its own.
    assert_eq!(
        events(&maps, &WatchParams::default(), "0", 1).await,
        ["added a blue"]
    );
}

#[tokio::test(start_paused = true)]
async fn to_a_selector_an_object_that_stops_matching_is_deleted() {
    let (_cluster, maps) = maps(Options::default());
    let first = create(&maps, "a", "blue").await;
    for color in ["red", "crimson", "red"] {
        paint(&maps, "a", color).await;
    }
    create(&maps, "b", "blue").await;
    maps.delete("a", &DeleteParams::default()).await.unwrap();
    let red = WatchParams::default().labels("color=red");
    let seen = events(&maps, &red, &first.resource_version().unwrap(), 4).await;
    assert_eq!(
        seen,
        [
            "added a red",
            "deleted a red",
            "added a red",
            "deleted a red"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_revision_that_is_forgotten_is_gone() {
    let (_cluster, maps) = maps(Options {
        history: 3,
        ..Options::default()
    });
    let first = create(&maps, "a", "red").await;
    let from = first.resource_version().unwrap();
    for color in ["blue", "green", "white"] {
        paint(&maps, "a", color).await;
    }
    assert_eq!(
        events(&maps, &WatchParams::default(), &from, 3).await.len(),
        3
    );
    paint(&maps, "a", "black").await;
    let stream = maps.watch(&WatchParams::default(), &from).await.unwrap();
    let seen: Vec<String> = stream
        .map_ok(|event| line(&event))
        .try_collect()
        .await
        .unwrap();
    assert_eq!(seen, ["error 410 Expired"]);
}

/// A watcher that is slower than the changes are forgotten has a gap. It is told so.
#[tokio::test(start_paused = true)]
async fn a_watcher_sees_each_change_once_and_in_order_or_is_told_that_it_missed_some() {
    let (_cluster, maps) = maps(Options {
        history: 50,
        ..Options::default()
    });
    create(&maps, "a", "0").await;
    let mut random = oorandom::Rand32::new(25);
    let (mut missed, mut complete) = (0, 0);
    for _ in 0..10 {
        let start: usize = maps.get("a").await.unwrap().labels()["color"]
            .parse()
            .unwrap();
        let from = maps.get("a").await.unwrap().resource_version().unwrap();
        let stream = maps.watch(&WatchParams::default(), &from).await.unwrap();
        let mut stream = std::pin::pin!(stream);
        let mut seen = Vec::new();
        let mut number = start;
        // Some watchers are as fast as the writer, and some are not.
        let slowness = random.rand_range(1..4);
        while number < start + 150 {
            for _ in 0..random.rand_range(1..20) {
                number += 1;
                paint(&maps, "a", &number.to_string()).await;
            }
            for _ in 0..random.rand_range(0..40 / slowness) {
                if seen.len() == number - start {
                    break;
                }
                let event = timeout(DEADLINE, stream.next()).await.expect("an event");
                let Some(event) = event else { break };
                seen.push(line(&event.unwrap()));
            }
        }
        while seen.len() < number - start && !seen.iter().any(|line| line.starts_with("error")) {
            let event = timeout(DEADLINE, stream.next()).await.expect("an event");
            seen.push(line(&event.unwrap().unwrap()));
        }
        if seen.last().is_some_and(|line| line == "error 410 Expired") {
            seen.pop();
            assert!(stream.next().await.is_none(), "the watch is over");
            missed += 1;
        } else {
            complete += 1;
        }
        let in_order = (start + 1..)
            .take(seen.len())
            .map(|n| format!("modified a {n}"));
        assert_eq!(seen, in_order.collect::<Vec<_>>());
    }
    assert!(
        missed > 0 && complete > 0,
        "{missed} missed some, {complete} saw all"
    );
}

/// "Streaming lists": what is there, a bookmark with the annotation `k8s.io/initial-events-end`, and then the changes.
#[tokio::test(start_paused = true)]
async fn a_list_can_be_streamed() {
    let (_cluster, maps) = maps(Options::default());
    create(&maps, "a", "red").await;
    let params = WatchParams::default().initial_events();
    assert_eq!(
        events(&maps, &params, "", 2).await,
        ["added a red", "bookmark end"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_watch_has_bookmarks_and_ends_when_the_client_wants() {
    let (_cluster, maps) = maps(Options::default());
    let params = WatchParams::default().timeout(150);
    let stream = maps.watch(&params, "1").await.unwrap();
    let seen: Vec<String> = stream
        .map_ok(|event| line(&event))
        .try_collect()
        .await
        .unwrap();
    // One each minute, and one at the end.
    assert_eq!(seen, ["bookmark"; 3]);
}

/// `kube`'s reflector lists once, and then needs nothing but its watch.
#[tokio::test(start_paused = true)]
async fn a_reflector_follows_the_cluster() {
    for streaming in [false, true] {
        let cluster = Cluster::new(Options {
            load: Load::Talk,
            ..Options::default()
        });
        let client = Client::new(cluster.clone(), talk::NAMESPACE);
        let deployments: Api<Deployment> = Api::default_namespaced(client);
        let (store, writer) = reflector::store();
        let config = match streaming {
            true => watcher::Config::default().streaming_lists(),
            false => watcher::Config::default(),
        };
        let reflector = watcher(deployments.clone(), config).default_backoff();
        let reflector = reflector.reflect(writer).for_each(async |_| {});
        let reflector = tokio::spawn(reflector);
        timeout(DEADLINE, store.wait_until_ready())
            .await
            .expect("a full store")
            .unwrap();
        assert_eq!(store.len(), 58);
        let warm = cluster.requests().total();
        let patch = Patch::Merge(json!({ "spec": { "replicas": 9 } }));
        deployments
            .patch("web-50", &PatchParams::default(), &patch)
            .await
            .unwrap();
        deployments
            .delete("web-51", &DeleteParams::default())
            .await
            .unwrap();
        let followed = async {
            loop {
                let scaled = store.find(|d| d.name_any() == "web-50" && d.spec.replicas == Some(9));
                if scaled.is_some() && store.len() == 57 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(DEADLINE, followed)
            .await
            .expect("the changes in the store");
        assert_eq!(cluster.requests().total(), warm + 2, "the two writes");
        reflector.abort();
    }
}

/// Clients that ask for tables, or for metadata alone, get them from lists and from watches.
#[tokio::test]
async fn objects_come_as_tables_or_as_metadata() {
    let cluster = Cluster::new(Options {
        load: Load::Talk,
        ..Options::default()
    });
    let client = Client::new(cluster, talk::NAMESPACE);
    let deployments: Api<Deployment> = Api::default_namespaced(client.clone());
    let metadata = deployments
        .list_metadata(&ListParams::default().limit(2))
        .await
        .unwrap();
    assert_eq!(metadata.items[0].name_any(), "web-01");
    let one = deployments.get_metadata("web-02").await.unwrap();
    assert_eq!(one.annotations()[talk::REPLICAS_ANNOTATION], "2");

    let table = |path: &str| {
        let accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
        http::Request::get(path)
            .header("accept", accept)
            .body(Vec::new())
            .unwrap()
    };
    let list: Value = client
        .request(table("/apis/apps/v1/namespaces/talk/deployments?limit=1"))
        .await
        .unwrap();
    assert_eq!(
        (list["kind"].as_str(), list["apiVersion"].as_str()),
        (Some("Table"), Some("meta.k8s.io/v1"))
    );
    let columns = list["columnDefinitions"].as_array().unwrap();
    let shown = columns
        .iter()
        .filter(|column| column["priority"] == 0)
        .map(|column| &column["name"]);
    let shown: Vec<_> = shown.collect();
    assert_eq!(shown, ["Name", "Ready", "Up-to-date", "Available", "Age"]);
    assert_eq!(list["rows"][0]["cells"][1], "0/0");
    assert_eq!(list["rows"][0]["object"]["kind"], "PartialObjectMetadata");
    assert!(list["metadata"]["continue"].is_string());
    let events: Value = client
        .request(table("/api/v1/namespaces/talk/events"))
        .await
        .unwrap();
    assert_eq!(events["rows"], json!([]));
}
