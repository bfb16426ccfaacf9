//! The requests of `kube`'s client.

use apiserver::{Cluster, Load, Options, Server, talk};
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::autoscaling::v1::Scale;
use k8s_openapi::api::batch::v1::CronJob;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace};
use kube::api::{Api, DeleteParams, ListParams, Patch, PatchParams, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::core::params::VersionMatch;
use kube::{Client, Config, Error};
use serde_json::json;

/// A client of a cluster in this process, without a socket.
fn client(options: Options) -> (Cluster, Client) {
    let cluster = Cluster::new(options);
    (cluster.clone(), Client::new(cluster, talk::NAMESPACE))
}

fn loaded() -> Options {
    Options {
        load: Load::Talk,
        ..Options::default()
    }
}

fn config_map(name: &str, value: &str) -> ConfigMap {
    let map = json!({ "metadata": { "name": name }, "data": { "value": value } });
    serde_json::from_value(map).unwrap()
}

/// The status that the server refused a request with.
fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> (u16, String, String) {
    match answer {
        Err(Error::Api(status)) => (status.code, status.reason.clone(), status.message.clone()),
        other => panic!("expected a refusal, found {other:?}"),
    }
}

#[tokio::test]
async fn the_talks_resources_are_there() {
    let (cluster, client) = client(loaded());
    let all = ListParams::default();
    let deployments: Api<Deployment> = Api::default_namespaced(client.clone());
    let sets: Api<StatefulSet> = Api::default_namespaced(client.clone());
    let replica_sets: Api<ReplicaSet> = Api::default_namespaced(client.clone());
    let daemons: Api<DaemonSet> = Api::default_namespaced(client.clone());
    let jobs: Api<CronJob> = Api::default_namespaced(client.clone());
    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    let found = [
        deployments.list(&all).await.unwrap().items.len(),
        sets.list(&all).await.unwrap().items.len(),
        replica_sets.list(&all).await.unwrap().items.len(),
        daemons.list(&all).await.unwrap().items.len(),
        jobs.list(&all).await.unwrap().items.len(),
        maps.list(&all).await.unwrap().items.len(),
    ];
    assert_eq!(found, [58, 20, 12, 4, 3, 3]);
    assert_eq!(found.iter().sum::<usize>(), talk::resources().len());
    assert_eq!(cluster.requests().total(), 6);
    assert_eq!(cluster.requests().count("list", "deployments"), 1);
    let owned = replica_sets.get("web-01-5d59d67564").await.unwrap();
    let owner = deployments.get("web-01").await.unwrap();
    assert_eq!(
        owned.metadata.owner_references.unwrap()[0].uid,
        owner.metadata.uid.unwrap()
    );
    let annotations = owner.metadata.annotations.unwrap();
    assert_eq!(annotations[talk::REPLICAS_ANNOTATION], "2");
    assert_eq!(owner.spec.replicas, Some(0));
}

#[tokio::test]
async fn pages_show_one_revision_whatever_is_written_in_between() {
    let (_cluster, client) = client(loaded());
    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    let first = maps.list(&ListParams::default().limit(2)).await.unwrap();
    assert_eq!(first.items.len(), 2);
    assert_eq!(first.metadata.remaining_item_count, Some(1));
    let token = first.metadata.continue_.clone().unwrap();
    maps.create(&PostParams::default(), &config_map("zzz", "new"))
        .await
        .unwrap();
    maps.delete("settings-03", &DeleteParams::default())
        .await
        .unwrap();
    let rest = maps
        .list(&ListParams::default().limit(2).continue_token(&token))
        .await
        .unwrap();
    assert_eq!(
        rest.metadata.resource_version,
        first.metadata.resource_version
    );
    assert_eq!(rest.items[0].metadata.name.as_deref(), Some("settings-03"));
    assert_eq!((rest.items.len(), &rest.metadata.continue_), (1, &None));

    let at = ListParams::default()
        .at(first.metadata.resource_version.as_deref().unwrap())
        .matching(VersionMatch::Exact);
    let names = maps.list(&at).await.unwrap();
    let names: Vec<_> = names
        .items
        .iter()
        .map(|map| map.metadata.name.clone().unwrap())
        .collect();
    assert_eq!(names, ["settings-01", "settings-02", "settings-03"]);
}

#[tokio::test]
async fn a_page_that_starts_too_long_ago_is_gone() {
    let (_cluster, client) = client(Options {
        history: 2,
        ..loaded()
    });
    let maps: Api<ConfigMap> = Api::default_namespaced(client);
    let first = maps.list(&ListParams::default().limit(1)).await.unwrap();
    for name in ["a", "b", "c"] {
        maps.create(&PostParams::default(), &config_map(name, "1"))
            .await
            .unwrap();
    }
    let token = first.metadata.continue_.unwrap();
    let next = ListParams::default().limit(1).continue_token(&token);
    let Err(Error::Api(status)) = maps.list(&next).await else {
        panic!("expected 410");
    };
    assert_eq!((status.code, status.reason.as_str()), (410, "Expired"));
    // The answer has a token with which the client may go on, in the newest revision.
    let token = status.metadata.unwrap().continue_.unwrap();
    let next = ListParams::default().limit(1).continue_token(&token);
    let next = maps.list(&next).await.unwrap();
    assert_eq!(next.items[0].metadata.name.as_deref(), Some("settings-02"));
}

#[tokio::test]
async fn selectors_choose_by_labels_and_names() {
    let (_cluster, client) = client(loaded());
    let deployments: Api<Deployment> = Api::default_namespaced(client);
    let count = async |params: ListParams| deployments.list(&params).await.unwrap().items.len();
    let labels = |words: &str| ListParams::default().labels(words);
    let fields = |words: &str| ListParams::default().fields(words);
    assert_eq!(count(labels("app=web-01")).await, 1);
    assert_eq!(count(labels("app==web-01,app")).await, 1);
    assert_eq!(
        count(labels("app in (web-01, web-02),app notin (web-02)")).await,
        1
    );
    // "… resources … without the key" match != and notin, too.
    // https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
    assert_eq!(count(labels("tier!=frontend")).await, 58);
    assert_eq!(count(labels("tier notin (frontend)")).await, 58);
    assert_eq!(count(labels("!tier")).await, 58);
    assert_eq!(count(labels("tier")).await, 0);
    assert_eq!(count(fields("metadata.name=web-03")).await, 1);
    assert_eq!(
        count(fields("metadata.name!=web-03,metadata.namespace=talk")).await,
        57
    );
    for wrong in ["app in web", "a b c", "="] {
        assert_eq!(
            refused(deployments.list(&labels(wrong)).await).0,
            400,
            "{wrong}"
        );
    }
    let (code, _, words) = refused(deployments.list(&fields("spec.replicas=0")).await);
    assert_eq!(
        (code, words.as_str()),
        (400, "field label not supported: spec.replicas")
    );
}

#[tokio::test]
async fn writes_are_refused_for_the_reasons_that_clients_know() {
    let (_cluster, client) = client(loaded());
    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    let post = PostParams::default();
    let (code, reason, words) = refused(maps.get("none").await);
    assert_eq!((code, reason.as_str()), (404, "NotFound"));
    assert_eq!(words, "configmaps \"none\" not found");
    let (code, reason, _) = refused(maps.create(&post, &config_map("settings-01", "")).await);
    assert_eq!((code, reason.as_str()), (409, "AlreadyExists"));
    let (code, reason, _) = refused(maps.create(&post, &config_map("Capital", "")).await);
    assert_eq!((code, reason.as_str()), (422, "Invalid"));
    let elsewhere: Api<ConfigMap> = Api::namespaced(client.clone(), "nowhere");
    let (code, _, words) = refused(elsewhere.create(&post, &config_map("a", "")).await);
    assert_eq!(
        (code, words.as_str()),
        (404, "namespaces \"nowhere\" not found")
    );

    let read = maps.create(&post, &config_map("a", "1")).await.unwrap();
    let mut mine = read.clone();
    mine.data
        .get_or_insert_default()
        .insert("value".to_owned(), "2".to_owned());
    maps.replace("a", &post, &mine).await.unwrap();
    let (code, reason, words) = refused(maps.replace("a", &post, &mine).await);
    assert_eq!((code, reason.as_str()), (409, "Conflict"));
    assert_eq!(
        words,
        "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; \
         please apply your changes to the latest version and try again"
    );
    // An update that changes nothing writes nothing.
    let newest = maps.get("a").await.unwrap();
    let same = maps.replace("a", &post, &newest).await.unwrap();
    assert_eq!(
        same.metadata.resource_version,
        newest.metadata.resource_version
    );
}

#[tokio::test]
async fn scale_changes_the_replicas_and_nothing_else() {
    let (cluster, client) = client(loaded());
    let deployments: Api<Deployment> = Api::default_namespaced(client);
    let scale: Scale = deployments.get_scale("web-40").await.unwrap();
    assert_eq!(scale.spec.as_ref().unwrap().replicas, Some(2));
    assert_eq!(
        scale.status.as_ref().unwrap().selector.as_deref(),
        Some("app=web-40")
    );
    let patch = Patch::Merge(json!({ "spec": { "replicas": 0 } }));
    deployments
        .patch_scale("web-40", &PatchParams::default(), &patch)
        .await
        .unwrap();
    assert_eq!(
        deployments.get("web-40").await.unwrap().spec.replicas,
        Some(0)
    );
    let (code, reason, _) = refused(
        deployments
            .replace_scale("web-40", &PostParams::default(), &scale)
            .await,
    );
    assert_eq!((code, reason.as_str()), (409, "Conflict"));
    assert_eq!(cluster.requests().count("patch", "deployments/scale"), 1);
}

#[tokio::test]
async fn a_dry_run_changes_nothing() {
    let (_cluster, client) = client(loaded());
    let maps: Api<ConfigMap> = Api::default_namespaced(client);
    let before = maps.list(&ListParams::default()).await.unwrap();
    let dry = PostParams {
        dry_run: true,
        ..PostParams::default()
    };
    maps.create(&dry, &config_map("new", "1")).await.unwrap();
    let mut changed = before.items[0].clone();
    changed.data = None;
    let answer = maps.replace("settings-01", &dry, &changed).await.unwrap();
    assert_eq!(answer.data, None);
    maps.delete("settings-02", &DeleteParams::default().dry_run())
        .await
        .unwrap();
    let after = maps.list(&ListParams::default()).await.unwrap();
    assert_eq!(before.items, after.items);
    assert_eq!(
        before.metadata.resource_version,
        after.metadata.resource_version
    );
}

#[tokio::test]
async fn a_namespace_is_deleted_with_all_that_is_in_it() {
    let (_cluster, client) = client(loaded());
    let namespaces: Api<Namespace> = Api::all(client.clone());
    let deployments: Api<Deployment> = Api::all(client);
    assert_eq!(
        deployments
            .list(&ListParams::default())
            .await
            .unwrap()
            .items
            .len(),
        58
    );
    namespaces
        .delete(talk::NAMESPACE, &DeleteParams::default())
        .await
        .unwrap();
    assert_eq!(
        deployments
            .list(&ListParams::default())
            .await
            .unwrap()
            .items
            .len(),
        0
    );
}

#[tokio::test]
async fn the_kubeconfig_leads_to_the_server_until_it_is_dropped() {
    let server = Server::start(loaded()).unwrap();
    let kubeconfig = Kubeconfig::from_yaml(&server.kubeconfig).unwrap();
    let chosen = KubeConfigOptions::default();
    let mut config = Config::from_custom_kubeconfig(kubeconfig, &chosen)
        .await
        .unwrap();
    config.default_retry = false;
    let client = Client::try_from(config).unwrap();
    let version = client.apiserver_version().await.unwrap();
    assert_eq!(version.minor, "37");
    let groups = client.list_api_groups().await.unwrap();
    let names: Vec<_> = groups
        .groups
        .iter()
        .map(|group| group.name.as_str())
        .collect();
    assert_eq!(names, ["apps", "batch"]);
    let resources = client.list_api_group_resources("apps/v1").await.unwrap();
    let scale = resources
        .resources
        .iter()
        .find(|resource| resource.name == "deployments/scale");
    assert_eq!(scale.unwrap().kind, "Scale");
    let deployments: Api<Deployment> = Api::namespaced(client, talk::NAMESPACE);
    deployments.get("web-01").await.unwrap();
    assert_eq!(server.requests().count("get", "deployments"), 1);
    drop(server);
    assert!(deployments.get("web-01").await.is_err());
}
