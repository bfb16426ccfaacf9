//! The program against servers that stay: what it changes, what it says, and how it ends.

use std::process::Output;

use apiserver::Cluster;
use k8s_openapi::api::apps::v1::Deployment;
use kube::Error;
use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};

mod process;

use process::{Servers, deployments, path, replicas};

/// Somebody else takes the replicas.
async fn take_replicas(cluster: &Cluster) -> Result<Deployment, Error> {
    let labels = json!({ "app": "web" });
    let object = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "web" },
        "spec": {
            "replicas": 7,
            "selector": { "matchLabels": labels },
            "template": {
                "metadata": { "labels": labels },
                "spec": { "containers": [{ "name": "web", "image": "nginx:1.29" }] },
            },
        },
    });
    let params = PatchParams::apply("autoscaler").force();
    deployments(cluster)
        .patch("web", &params, &Patch::Apply(object))
        .await
}

/// What the program prints with `--json`.
fn printed(output: &Output) -> Value {
    match serde_json::from_slice(&output.stdout) {
        Ok(json) => json,
        Err(error) => panic!("{error}: {output:?}"),
    }
}

/// The outcome of a cluster, and why.
fn outcome<'a>(report: &'a Value, cluster: &str) -> (&'a str, &'a str) {
    let clusters = report["clusters"].as_array().unwrap();
    let found = clusters
        .iter()
        .find(|found| found["cluster"] == cluster)
        .unwrap();
    (
        found["outcome"].as_str().unwrap(),
        found["why"].as_str().unwrap_or_default(),
    )
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Each count of the report, if it isn't 0.
fn counts(report: &Value) -> Vec<(&str, u64)> {
    let counts = report["counts"].as_object().unwrap().iter();
    let counts = counts.map(|(name, count)| (name.as_str(), count.as_u64().unwrap()));
    counts
        .filter(|(name, count)| *count > 0 && *name != "total")
        .collect()
}

/// The five ways: forbidden, a conflict, out of service for ever, no answer, no server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_clusters_of_which_five_fail_in_five_ways() {
    let faults = [
        ("c03", "PATCH:403"),
        ("c27", "PATCH:503"),
        ("c35", "PATCH:hang@2"),
    ];
    let mut servers = Servers::start("fifty", 50, &faults);
    take_replicas(servers.cluster(11)).await.unwrap();
    let gone = servers.fleet.servers.remove(42);
    drop(gone);
    let state = path("fifty.state");
    let state = state.to_str().unwrap();
    let common = [
        "--json",
        "--budget",
        "unlimited",
        "--limit",
        "25",
        "--state",
        state,
    ];

    let first = servers.run(&[&common[..], &["--retries", "1", "--deadline", "5"]].concat());
    assert_eq!(first.status.code(), Some(3), "{first:?}");
    let report = printed(&first);
    assert_eq!(
        counts(&report),
        [("applied", 45), ("failed", 4), ("timed out", 1)]
    );
    assert_eq!(
        (&report["have"], &report["counts"]["total"]),
        (&45.into(), &50.into())
    );
    let named = |cluster| outcome(&report, cluster);
    let forbidden = "failed: Deployment web: 403 the server was told to fail: 403 Forbidden";
    assert_eq!(named("c03"), ("failed", forbidden));
    let conflict = "failed: Deployment web: 409 .spec.replicas belongs to \"autoscaler\"";
    assert_eq!(named("c11"), ("failed", conflict));
    let out = "failed: Deployment web: 503 the server was told to fail: 503 Service Unavailable (2 tries)";
    assert_eq!(named("c27"), ("failed", out));
    assert_eq!(named("c35"), ("timed out", "timed out"));
    let (kind, why) = named("c43");
    assert_eq!(kind, "failed");
    assert!(
        why.starts_with("failed: discovery: no connection: Connection refused")
            && why.ends_with(" (2 tries)"),
        "{why}"
    );
    for number in [1, 2, 26, 42] {
        assert_eq!(replicas(servers.cluster(number)).await, Some(3));
    }
    assert_eq!(replicas(servers.cluster(3)).await, None);
    assert_eq!(
        replicas(servers.cluster(11)).await,
        Some(7),
        "the other one's value"
    );

    // With the state file, only the five are asked. Nothing is tried again, so this takes no time.
    servers.cluster(1).reset_requests();
    let second = servers.run(&[&common[..], &["--retries", "0", "--deadline", "0.5"]].concat());
    assert_eq!(second.status.code(), Some(3), "{second:?}");
    let report = printed(&second);
    assert_eq!(report["counts"]["applied earlier"], 45);
    assert_eq!(
        (&report["have"], outcome(&report, "c01").0),
        (&45.into(), "applied earlier")
    );
    assert_eq!(servers.cluster(1).requests().total(), 0);

    // Without it, all are asked. By now, the one that hung answers.
    let again = [
        "--json",
        "--budget",
        "unlimited",
        "--limit",
        "25",
        "--retries",
        "0",
    ];
    let third = servers.run(&again);
    assert_eq!(third.status.code(), Some(3), "{third:?}");
    let report = printed(&third);
    assert_eq!(
        counts(&report),
        [("applied", 1), ("failed", 4), ("unchanged", 45)]
    );
    assert_eq!(outcome(&report, "c35").0, "applied");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_way_to_end_has_its_status_and_its_words() {
    let servers = Servers::start("ends", 4, &[("c02", "PATCH:403")]);
    let run = |arguments: &[&str]| {
        let output = servers.run(arguments);
        let said = words(&output.stdout);
        // The first line has the time.
        let (first, rest) = said.split_once('\n').unwrap();
        (output.status.code(), first.to_owned(), rest.to_owned())
    };
    let (status, first, rest) = run(&["--strategy", "sequential", "--budget", "1"]);
    assert!(first.starts_with("4 clusters, sequential: "), "{first}");
    assert_eq!(
        (status, rest.as_str()),
        (
            Some(3),
            "  applied             1
  failed              1
    c02: failed: Deployment web: 403 the server was told to fail: 403 Forbidden
  skipped             2
    c03, c04: skipped: the failure budget was spent
1 of 4 clusters have the manifest
"
        )
    );
    let none = ["--kubeconfig", &servers.kubeconfig, "--contexts", "c02"];
    let none = process::program(&none).output().unwrap();
    assert_eq!(none.status.code(), Some(4));
    assert!(
        words(&none.stdout).ends_with("\n0 of 1 clusters have the manifest\n"),
        "{none:?}"
    );
    let all = [
        "--kubeconfig",
        &servers.kubeconfig,
        "--contexts",
        "c01,c03,c04,c01",
    ];
    let all = process::program(&all).output().unwrap();
    let said = words(&all.stdout);
    assert_eq!(all.status.code(), Some(0), "{all:?}");
    assert!(said.starts_with("3 clusters, window: "), "{said}");
    assert!(
        said.contains("  applied             2\n  unchanged           1\n"),
        "{said}"
    );
    assert!(
        said.ends_with("\n3 of 3 clusters have the manifest\n"),
        "{said}"
    );
}

/// A report that a program reads has a place for everything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn json_names_the_rollout_every_cluster_and_every_document() {
    let servers = Servers::start("json", 2, &[("c02", "PATCH:429=0@1")]);
    let state = path("json.state");
    let arguments = [
        "--json",
        "--strategy",
        "batches",
        "--limit",
        "2",
        "--state",
        state.to_str().unwrap(),
    ];
    let output = servers.run(&arguments);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let report = printed(&output);
    let url = |index: usize| format!("{}/", servers.fleet.servers[index].url);
    let documents = json!([{ "document": "Deployment web", "step": "created" }]);
    let expected = json!({
        "file": concat!(env!("CARGO_MANIFEST_DIR"), "/manifest.yaml"),
        "manifest": report["manifest"],
        "strategy": "batches",
        "limit": 2,
        "budget": "10%",
        "dryRun": false,
        "milliseconds": report["milliseconds"],
        "have": 2,
        "counts": {
            "total": 2, "applied": 2, "unchanged": 0, "applied earlier": 0,
            "failed": 0, "timed out": 0, "skipped": 0, "stopped": 0,
        },
        "clusters": [
            { "cluster": "c01", "server": url(0), "outcome": "applied", "tries": 1, "documents": documents },
            { "cluster": "c02", "server": url(1), "outcome": "applied", "tries": 2, "documents": documents },
        ],
    });
    assert_eq!(report, expected);
    assert_eq!(report["manifest"].as_str().unwrap().len(), 64);
    assert!(report["milliseconds"].is_u64());
    // The lines for people are on standard error.
    let said = words(&output.stderr);
    assert!(said.contains("  c02: Deployment web: 429 "), "{said}");
    assert!(said.contains("; trying again in "), "{said}");
    assert!(
        said.trim_end()
            .ends_with("  c02: applied (2 tries) (2 of 2)"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_says_what_would_happen_and_changes_nothing() {
    let servers = Servers::start("dry", 3, &[]);
    take_replicas(servers.cluster(2)).await.unwrap();
    let only = ["--kubeconfig", &servers.kubeconfig, "--contexts", "c03"];
    assert!(process::program(&only).output().unwrap().status.success());
    let state = path("dry.state");
    let arguments = [
        "--dry-run",
        "--budget",
        "3",
        "--state",
        state.to_str().unwrap(),
    ];
    let output = servers.run(&arguments);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let said = words(&output.stdout);
    assert!(
        said.contains("s, dry run\n  applied             1\n  unchanged           1\n"),
        "{said}"
    );
    assert!(
        said.contains(
            "    c02: failed: Deployment web: 409 .spec.replicas belongs to \"autoscaler\"\n"
        ),
        "{said}"
    );
    assert!(
        said.ends_with("\n2 of 3 clusters would have the manifest\n"),
        "{said}"
    );
    assert_eq!(replicas(servers.cluster(1)).await, None);
    assert_eq!(replicas(servers.cluster(2)).await, Some(7));
    assert!(!state.exists());
}

/// Another manifest, another server behind a context: the file doesn't say that they are the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_state_file_is_about_one_manifest_and_its_servers() {
    let servers = Servers::start("state", 2, &[]);
    let state = path("state.state");
    let state = state.to_str().unwrap();
    let text = include_str!("../manifest.yaml");
    let run = |text: &str| {
        let manifest = process::file("state.yaml", text);
        let output = servers.run(&["--json", "--state", state, "--file", &manifest]);
        let said = words(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
        (printed(&output), said)
    };
    assert_eq!(counts(&run(text).0), [("applied", 2)]);
    // A comment is no change.
    let (report, said) = run(&format!("# The same.\n{text}"));
    assert_eq!(counts(&report), [("applied earlier", 2)]);
    assert!(
        said.contains("2 clusters have the manifest from an earlier run"),
        "{said}"
    );
    let (report, said) = run(&text.replace("replicas: 3", "replicas: 4"));
    assert_eq!(counts(&report), [("applied", 2)]);
    assert!(
        said.contains(" is about another manifest; beginning anew\n"),
        "{said}"
    );
    // The first manifest isn't there any more, so the file doesn't remember it.
    assert_eq!(counts(&run(text).0), [("applied", 2)]);
    let moved = std::fs::read_to_string(state)
        .unwrap()
        .replace("http://127.0.0.1", "http://127.0.0.2");
    std::fs::write(state, moved).unwrap();
    assert_eq!(counts(&run(text).0), [("unchanged", 2)]);
}

/// The embedded servers, as the README has them, but faster.
#[test]
fn without_contexts_there_are_fifty_embedded_servers() {
    let arguments = [
        "--json",
        "--patch-ms",
        "1",
        "--fault",
        "c07:403",
        "--limit",
        "50",
    ];
    let output = process::program(&arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let report = printed(&output);
    assert_eq!(counts(&report), [("applied", 49), ("failed", 1)]);
    assert_eq!(outcome(&report, "c07").0, "failed");
}

/// Such as `head -1`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_that_leave_early_are_no_failure() {
    let servers = Servers::start("readers", 1, &[]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut program = servers.program(&["--json"]);
    let status = program
        .stdout(writer.try_clone().unwrap())
        .stderr(writer)
        .status();
    assert_eq!(status.unwrap().code(), Some(0));
}
