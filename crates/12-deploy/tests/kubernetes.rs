//! One cluster: what is applied, and what a failure says. On the paused clock, without a socket.

use std::sync::Arc;
use std::time::Duration;

use apiserver::{Cluster as Server, Faults, Options};
use deploy::kubernetes::{Cluster, Conflict, FIELD_MANAGER, Failure, Manifest, Mode, Reason, Step};
use deploy::{ApplyError, Change, Outcome, Plan, Settings, Strategy};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{Api, Patch, PatchParams};
use kube::{Client, ResourceExt};
use serde_json::json;

const MANIFEST: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cart, namespace: shop}
data: {color: red}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: list}
data: {color: red}
";

fn server(faults: &[&str]) -> Server {
    let rules = faults.iter().map(|rule| rule.parse().unwrap()).collect();
    Server::new(Options {
        faults: Faults {
            rules,
            ..Faults::default()
        },
        ..Options::default()
    })
}

/// A cluster, with a client that has no retries of its own.
fn cluster(server: &Server, manifest: &str, mode: Mode) -> Arc<Cluster> {
    let manifest = Arc::new(Manifest::parse(manifest).unwrap());
    let client = Client::new(server.clone(), "default");
    Arc::new(Cluster::new(client, "default", manifest, mode))
}

fn maps(server: &Server, namespace: &str) -> Api<ConfigMap> {
    Api::namespaced(Client::new(server.clone(), "default"), namespace)
}

async fn color(server: &Server, namespace: &str, name: &str) -> Option<String> {
    let found = maps(server, namespace).get_opt(name).await.unwrap()?;
    found.data?.get("color").cloned()
}

/// Applies in a rollout of one cluster.
async fn roll_out(cluster: &Arc<Cluster>) -> Outcome<Failure> {
    let plan = Plan::new(Settings {
        cluster_deadline: Some(Duration::from_secs(60)),
        ..Settings::default()
    });
    let apply = |cluster: Arc<Cluster>| async move { cluster.apply().await };
    let rollout = Strategy::Window
        .deploy(vec![cluster.clone()], plan.unwrap(), apply)
        .await;
    let [(_, outcome)] = <[_; 1]>::try_from(rollout.outcomes).unwrap();
    outcome
}

#[tokio::test(start_paused = true)]
async fn what_is_applied_is_there_and_applied_again_it_changes_nothing() {
    let server = server(&[]);
    let first = cluster(&server, MANIFEST, Mode::Apply);
    assert_eq!(first.apply().await, Ok(Change::Applied));
    assert_eq!(first.steps().await, [Step::Created; 3]);
    assert_eq!(color(&server, "shop", "cart").await.as_deref(), Some("red"));
    // A document without a namespace goes to the context's.
    let list = maps(&server, "default").get("list").await.unwrap();
    let managers = list
        .managed_fields()
        .iter()
        .map(|entry| entry.manager.as_deref());
    assert_eq!(managers.collect::<Vec<_>>(), [Some(FIELD_MANAGER)]);

    let again = cluster(&server, MANIFEST, Mode::Apply);
    assert_eq!(again.apply().await, Ok(Change::Unchanged));
    let now = maps(&server, "default").get("list").await.unwrap();
    assert_eq!(now.resource_version(), list.resource_version());

    // A change of one document is a change. A field that isn't in the manifest any more is removed.
    let blue = MANIFEST.replace(
        "name: cart, namespace: shop}\ndata: {color: red}",
        "name: cart, namespace: shop}\ndata: {size: S}",
    );
    let changed = cluster(&server, &blue, Mode::Apply);
    assert_eq!(changed.apply().await, Ok(Change::Applied));
    assert_eq!(
        changed.steps().await,
        [Step::Unchanged, Step::Changed, Step::Unchanged]
    );
    assert_eq!(color(&server, "shop", "cart").await, None);
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_says_the_same_and_changes_nothing() {
    let server = server(&[]);
    let maps_only = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: list}\ndata: {color: red}\n";
    let dry = cluster(&server, maps_only, Mode::DryRun);
    assert_eq!(dry.apply().await, Ok(Change::Applied));
    assert_eq!(dry.steps().await, [Step::Created]);
    assert_eq!(color(&server, "default", "list").await, None);
    cluster(&server, maps_only, Mode::Apply)
        .apply()
        .await
        .unwrap();
    let before = maps(&server, "default").get("list").await.unwrap();
    let dry = cluster(&server, maps_only, Mode::DryRun);
    assert_eq!(dry.apply().await, Ok(Change::Unchanged));
    let blue = cluster(&server, &maps_only.replace("red", "blue"), Mode::DryRun);
    assert_eq!(blue.apply().await, Ok(Change::Applied));
    assert_eq!(blue.steps().await, [Step::Changed]);
    assert_eq!(maps(&server, "default").get("list").await.unwrap(), before);
}

/// The field and its owner are named, the value stays, and nothing is tried again.
#[tokio::test(start_paused = true)]
async fn fields_that_somebody_else_owns_are_conflicts() {
    let server = server(&[]);
    let theirs = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "list" },
        "data": { "color": "green", "size": "L" },
    });
    let params = PatchParams::apply("kubectl-edit");
    let maps = maps(&server, "default");
    maps.patch("list", &params, &Patch::Apply(theirs))
        .await
        .unwrap();
    let ours =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: list}\ndata: {color: red, size: S}\n";
    let outcome = roll_out(&cluster(&server, ours, Mode::Apply)).await;
    let said = "failed: ConfigMap list: 409 .data.color belongs to \"kubectl-edit\", .data.size belongs to \"kubectl-edit\"";
    assert_eq!(outcome.to_string(), said);
    assert_eq!(outcome.tries(), 1);
    assert_eq!(
        color(&server, "default", "list").await.as_deref(),
        Some("green")
    );
    // To want what is there is no conflict.
    let same = ours.replace("red, size: S", "green");
    assert_eq!(
        cluster(&server, &same, Mode::Apply).apply().await,
        Ok(Change::Applied)
    );
    let failed = cluster(&server, ours, Mode::Apply)
        .apply()
        .await
        .unwrap_err();
    let Reason::Conflicts(conflicts) = failed.reason else {
        panic!("{failed}");
    };
    let expected = Conflict {
        field: ".data.color".to_owned(),
        owner: "\"kubectl-edit\"".to_owned(),
    };
    assert_eq!(conflicts[0], expected);
}

/// The answer to an apply is lost, the next try finds nothing to do: it was this run that applied it.
#[tokio::test(start_paused = true)]
async fn an_apply_whose_answer_is_lost_counts_as_applied() {
    for fault in ["PATCH:lost@1", "PATCH:truncated@1"] {
        let server = server(&[fault]);
        let cluster = cluster(&server, MANIFEST, Mode::Apply);
        assert_eq!(
            roll_out(&cluster).await.to_string(),
            "applied (4 tries)",
            "{fault}"
        );
        assert_eq!(cluster.steps().await, [Step::Created; 3]);
    }
}

/// Three documents fail once each: no document is applied again, and no kind is asked for again.
#[tokio::test(start_paused = true)]
async fn a_try_goes_on_where_the_one_before_it_failed() {
    let server = server(&["PATCH:503@1"]);
    let cluster = cluster(&server, MANIFEST, Mode::Apply);
    assert_eq!(roll_out(&cluster).await.to_string(), "applied (4 tries)");
    let requests = server.requests();
    assert_eq!(requests.count("get", "/api/v1"), 1);
    assert_eq!(requests.count("get", "configmaps"), 2);
    assert_eq!(requests.count("patch", "configmaps"), 4);
}

/// What a try can't help isn't tried again; what it can help is, after the time that the server wants.
#[tokio::test(start_paused = true)]
async fn only_what_another_try_can_help_is_tried_again() {
    for (fault, tries) in [
        ("PATCH:403", 1),
        ("PATCH:500", 4),
        ("PATCH:501", 1),
        ("PATCH:503", 4),
        ("PATCH:429=1", 4),
        ("PATCH:reset", 4),
        ("GET:503", 4),
    ] {
        let server = server(&[fault]);
        let outcome = roll_out(&cluster(&server, MANIFEST, Mode::Apply)).await;
        assert!(
            matches!(outcome, Outcome::Failed { .. }),
            "{fault}: {outcome}"
        );
        assert_eq!(outcome.tries(), tries, "{fault}: {outcome}");
    }
    let server = server(&["PATCH:429=7"]);
    let failure = cluster(&server, MANIFEST, Mode::Apply)
        .apply()
        .await
        .unwrap_err();
    assert_eq!(failure.retry_after(), Some(Duration::from_secs(7)));
    assert!(failure.is_transient());
    assert!(
        failure.to_string().starts_with("Namespace shop: 429 "),
        "{failure}"
    );
}

/// A selector can't be changed, and a typing error isn't swallowed.
#[tokio::test(start_paused = true)]
async fn what_the_server_finds_invalid_is_said_once() {
    let server = server(&[]);
    let text = include_str!("../manifest.yaml");
    let other = text.replace("app: web", "app: shop");
    assert_eq!(
        cluster(&server, &other, Mode::Apply).apply().await,
        Ok(Change::Applied)
    );
    let outcome = roll_out(&cluster(&server, text, Mode::Apply))
        .await
        .to_string();
    assert!(
        outcome.starts_with("failed: Deployment web: 422 "),
        "{outcome}"
    );
    assert!(
        outcome.contains("spec.selector") && !outcome.contains("tries"),
        "{outcome}"
    );
    let typo = text
        .replace("replicas:", "replcias:")
        .replace("name: web\n  labels", "name: typo\n  labels");
    let outcome = roll_out(&cluster(&server, &typo, Mode::Apply))
        .await
        .to_string();
    assert!(
        outcome.contains("400 ")
            && outcome.contains(".spec.replcias: field not declared in schema"),
        "{outcome}"
    );
    let found: Api<Deployment> = Api::default_namespaced(Client::new(server.clone(), "default"));
    assert!(found.get_opt("typo").await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_look_says_what_does_not_fit_and_changes_nothing() {
    let lists = server(&[]);
    cluster(&lists, MANIFEST, Mode::Apply).look().await.unwrap();
    assert_eq!(
        lists.requests().total(),
        1,
        "one request for each API version"
    );
    let widget = format!(
        "{MANIFEST}---\napiVersion: shop.example/v1\nkind: Widget\nmetadata: {{name: a}}\n"
    );
    let failure = cluster(&lists, &widget, Mode::Apply)
        .look()
        .await
        .unwrap_err();
    assert!(failure.is_unfit() && !failure.is_transient());
    assert_eq!(
        failure.to_string(),
        "Widget a: the cluster has no kind Widget in shop.example/v1"
    );
    let busy = server(&["GET:503"]);
    let failure = cluster(&busy, MANIFEST, Mode::Apply)
        .look()
        .await
        .unwrap_err();
    assert!(!failure.is_unfit() && failure.is_transient());
    assert_eq!(failure.document, None);
}
