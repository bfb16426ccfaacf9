//! Latency and faults: what a client sees of them, and what the server counts.

use std::time::Duration;

use apiserver::{Cluster, Fault, Faults, Load, Options, Rule, Server, When, talk};
use http::Method;
use k8s_openapi::api::apps::v1::Deployment;
use kube::api::{Api, Patch, PatchParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config, Error};
use serde_json::json;
use tokio::time::Instant;

/// The talk's Deployments in a cluster in this process, without a socket.
fn deployments(options: Options) -> (Cluster, Api<Deployment>) {
    let options = Options {
        load: Load::Talk,
        ..options
    };
    let cluster = Cluster::new(options);
    (
        cluster.clone(),
        Api::default_namespaced(Client::new(cluster, talk::NAMESPACE)),
    )
}

/// The status that the server refused a request with.
fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> (u16, String) {
    match answer {
        Err(Error::Api(status)) => (status.code, status.reason.clone()),
        other => panic!("expected a refusal, found {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn latency_is_exact_on_the_paused_clock() {
    let (_cluster, deployments) = deployments(Options {
        faults: Faults::latency(Duration::from_millis(50)),
        ..Options::default()
    });
    let start = Instant::now();
    for _ in 0..10 {
        deployments.get("web-01").await.unwrap();
    }
    assert_eq!(start.elapsed(), Duration::from_millis(500));
}

#[tokio::test(start_paused = true)]
async fn faults_happen_to_the_requests_that_the_rules_name() {
    let (cluster, deployments) = deployments(Options {
        faults: Faults::default()
            .with(Fault::TooManyRequests(2), When::Tries(1..=1))
            .with(Fault::Error(503), When::Tries(2..=2))
            .with(Fault::Truncated, When::Tries(3..=3))
            .with(Fault::Reset, When::Tries(4..=4))
            .with(Fault::Hang, When::Tries(5..=5)),
        ..Options::default()
    });
    let get = || deployments.get("web-01");
    let Err(Error::Api(status)) = get().await else {
        panic!("expected 429");
    };
    assert_eq!(status.code, 429);
    assert_eq!(status.details.unwrap().retry_after_seconds, 2);
    assert_eq!(refused(get().await).0, 503);
    assert!(matches!(get().await, Err(Error::SerdeError(_))));
    let error = get().await.unwrap_err();
    assert!(matches!(error, Error::Service(_)), "{error:?}");
    assert!(
        tokio::time::timeout(Duration::from_secs(3_600), get())
            .await
            .is_err()
    );
    get().await.unwrap();
    let tries: Vec<_> = cluster.requests().tries().map(|(_, tries)| tries).collect();
    assert_eq!(tries, [6]);
}

#[tokio::test]
async fn two_servers_with_one_seed_fail_in_the_same_way() {
    let outcomes = async |seed| {
        let mut faults = Faults::default().with(Fault::Error(500), When::Percent(30.0));
        faults.seed = seed;
        let (_cluster, deployments) = deployments(Options {
            faults,
            ..Options::default()
        });
        let mut outcomes = Vec::new();
        for number in 1..=58 {
            outcomes.push(deployments.get(&format!("web-{number:02}")).await.is_ok());
        }
        outcomes
    };
    let first = outcomes(7).await;
    assert_eq!(first, outcomes(7).await);
    assert_ne!(first, outcomes(8).await);
    let failed = first.iter().filter(|ok| !**ok).count();
    assert!(
        (8..=28).contains(&failed),
        "{failed} of 58 failed, about 17 should"
    );
}

#[tokio::test(start_paused = true)]
async fn a_rule_is_for_the_paths_that_it_names_and_the_first_that_holds_decides() {
    let rule = |fault, path: &str| Rule {
        fault,
        when: When::Always,
        method: None,
        path: path.to_owned(),
    };
    let (cluster, deployments) = deployments(Options {
        faults: Faults {
            latency: Duration::from_millis(10)..=Duration::from_millis(20),
            rules: vec![
                rule(Fault::Slow(Duration::from_secs(1)), "/web-01"),
                rule(Fault::Error(500), "/web-01"),
                rule(Fault::Error(502), "/web-02"),
            ],
            seed: 1,
        },
        ..Options::default()
    });
    let start = Instant::now();
    deployments.get("web-01").await.unwrap();
    let took = start.elapsed().as_millis();
    assert!((1_010..=1_020).contains(&took), "{took} ms");
    assert_eq!(refused(deployments.get("web-02").await).0, 502);
    deployments.get("web-03").await.unwrap();
    let gets = ["web-04", "web-05", "web-06"].map(|name| deployments.get(name));
    futures::future::try_join_all(gets).await.unwrap();
    assert_eq!(cluster.requests().most_in_flight(), 3);
    cluster.reset_requests();
    assert_eq!(cluster.requests().total(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_rule_is_for_the_method_that_it_names() {
    let (_cluster, deployments) = deployments(Options {
        faults: Faults {
            rules: vec!["PATCH:403@1/web-01".parse().unwrap()],
            ..Faults::default()
        },
        ..Options::default()
    });
    let patch = Patch::Merge(json!({ "spec": { "replicas": 7 } }));
    let params = PatchParams::default();
    deployments.get("web-01").await.unwrap();
    let forbidden = refused(deployments.patch("web-01", &params, &patch).await);
    assert_eq!(forbidden, (403, "Forbidden".to_owned()));
    deployments.patch("web-02", &params, &patch).await.unwrap();
    deployments.patch("web-01", &params, &patch).await.unwrap();
}

/// A request whose answer is lost was performed, one that was reset was not.
#[tokio::test]
async fn a_reset_over_a_socket_is_a_reset() {
    for (fault, replicas) in [(Fault::Reset, 2), (Fault::Lost, 7)] {
        let server = Server::start(Options {
            load: Load::Talk,
            faults: Faults::default().with(fault, When::Tries(1..=1)),
            ..Options::default()
        });
        let server = server.unwrap();
        let kubeconfig = Kubeconfig::from_yaml(&server.kubeconfig).unwrap();
        let options = KubeConfigOptions::default();
        let mut config = Config::from_custom_kubeconfig(kubeconfig, &options)
            .await
            .unwrap();
        config.default_retry = false;
        let client = Client::try_from(config).unwrap();
        let deployments: Api<Deployment> = Api::namespaced(client, talk::NAMESPACE);
        let patch = Patch::Merge(json!({ "spec": { "replicas": 7 } }));
        let patched = deployments
            .patch("web-40", &PatchParams::default(), &patch)
            .await;
        let error = patched.unwrap_err();
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        let mut words = Vec::new();
        while let Some(error) = cause {
            words.push(error.to_string());
            cause = error.source();
        }
        let words = words.join(": ").to_lowercase();
        assert!(words.contains("connection reset"), "{words}");
        // The first try of a GET has the fault, too.
        deployments.get("web-40").await.unwrap_err();
        let now = deployments.get("web-40").await.unwrap().spec.replicas;
        assert_eq!(now, Some(replicas), "{fault:?}");
    }
}

#[test]
fn a_rule_is_read_as_the_command_line_has_it() {
    let read = |words: &str| words.parse::<Rule>();
    let rule = |fault, when, path: &str| {
        Ok(Rule {
            fault,
            when,
            method: None,
            path: path.to_owned(),
        })
    };
    assert_eq!(read("503"), rule(Fault::Error(503), When::Always, ""));
    assert_eq!(
        read("429=2@10%"),
        rule(Fault::TooManyRequests(2), When::Percent(10.0), "")
    );
    assert_eq!(
        read("reset@3/web-01"),
        rule(Fault::Reset, When::Tries(1..=3), "/web-01")
    );
    let slow = Fault::Slow(Duration::from_millis(200));
    assert_eq!(
        read("slow=200@0.5%/talk/deployments"),
        rule(slow, When::Percent(0.5), "/talk/deployments")
    );
    let forbidden = Rule {
        fault: Fault::Error(403),
        when: When::Tries(1..=2),
        method: Some(Method::PATCH),
        path: "/web-01".to_owned(),
    };
    assert_eq!(read("PATCH:403@2/web-01"), Ok(forbidden));
    for wrong in [
        "",
        "patch:503",
        "PATCH:",
        ":503",
        "401",
        "429",
        "slow",
        "slow=fast",
        "hang=1",
        "499",
        "600",
        "503@",
        "503@-1",
        "503@101%",
        "503@0",
    ] {
        assert!(
            read(wrong).unwrap_err().contains("expected a fault"),
            "{wrong}"
        );
    }
}
