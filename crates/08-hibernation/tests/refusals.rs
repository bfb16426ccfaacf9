//! What a server may answer beside the talk's faults: small pages, a list that it has forgotten, a refusal that no retry
//! helps, and a watch that breaks off.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use apiserver::{Cluster, Fault, Faults, When};
use hibernation::watched::Watch;
use hibernation::{Answer, Change, Limits, Scope, Status, Strategy, find, hibernate, window};
use http::{Request, Response, Uri};
use kube::Client;
use kube::client::Body;
use tower::ServiceExt;

mod talk;

use talk::{LATENCY, LIMITS, resources};

/// Returns a client of the cluster. The request for a URI is refused with the status that `refused` returns, if it returns
/// one. A page has at most 20 objects.
fn refusing(
    cluster: &Cluster,
    refused: impl Fn(&str) -> Option<u16> + Send + Sync + 'static,
) -> Client {
    let (cluster, refused) = (cluster.clone(), Arc::new(refused));
    let service = tower::service_fn(move |mut request: Request<Body>| {
        let (cluster, refused) = (cluster.clone(), refused.clone());
        async move {
            let uri = request.uri().to_string();
            if let Some(status) = refused(&uri) {
                let refusal = Response::builder().status(status);
                return Ok(refusal.body(Default::default()).unwrap());
            }
            *request.uri_mut() = uri.replace("limit=500", "limit=20").parse::<Uri>().unwrap();
            cluster.oneshot(request).await
        }
    });
    Client::new(service, "default")
}

#[tokio::test(start_paused = true)]
async fn a_list_has_all_pages() {
    let (cluster, _) = talk::cluster(Faults::default());
    let client = refusing(&cluster, |_| None);
    let report = listed(&client).await;
    assert_eq!((report.can_be_hibernated(), report.hibernated()), (85, 42));
    // 58 Deployments are three pages, and 20 StatefulSets are one.
    assert_eq!(cluster.requests().count("list", "deployments"), 3);
    assert_eq!(cluster.requests().count("list", "statefulsets"), 1);
    assert_eq!(
        find(&client, &Scope::of_the_talk(), LIMITS).await,
        Ok(resources())
    );
}

async fn listed(client: &Client) -> hibernation::Report {
    Strategy::Listed
        .check(client, &resources(), LIMITS, Arc::default())
        .await
}

/// The server forgets the list between two pages, twice: the list begins again, and no object is there twice. A list that
/// is forgotten each time is begun three times.
#[tokio::test(start_paused = true)]
async fn a_list_that_the_server_forgets_begins_again_at_most_twice() {
    for (forgets, known) in [(2, true), (u64::MAX, false)] {
        let (cluster, _) = talk::cluster(Faults::latency(LATENCY));
        let forgotten = AtomicU64::new(0);
        let client = refusing(&cluster, move |uri| {
            let forgets = uri.contains("continue=") && forgotten.fetch_add(1, Relaxed) < forgets;
            forgets.then_some(410)
        });
        let report = listed(&client).await;
        let pages = if known { 5 } else { 3 };
        assert_eq!(cluster.requests().count("list", "deployments"), pages);
        assert_eq!(report.unknown().count(), if known { 0 } else { 58 });
        assert!(
            report
                .unknown()
                .all(|(_, failure)| failure.status() == Some(410))
        );
    }
}

/// An answer that may be another one next time is asked for again, and no other one is.
#[tokio::test(start_paused = true)]
async fn only_what_may_pass_is_tried_again() {
    let one = &resources()[..1];
    for (status, tries) in [
        (400, 1),
        (401, 1),
        (403, 1),
        (408, 2),
        (422, 1),
        (429, 2),
        (500, 2),
        (501, 1),
        (502, 2),
        (503, 2),
        (504, 2),
    ] {
        let (cluster, _) = talk::cluster(Faults::default());
        let tried = AtomicU64::new(0);
        let client = refusing(&cluster, move |_| {
            (tried.fetch_add(1, Relaxed) == 0).then_some(status)
        });
        let report = window::check(&client, one, LIMITS).await;
        assert_eq!(report.tries, tries, "{status}");
        let answer = &report.answers[0].1;
        let unknown = matches!(answer, Answer::Unknown(it) if it.status() == Some(status));
        assert_eq!(unknown, tries == 1, "{status}: {answer}");
    }
}

/// A change that conflicts each time is begun five times, and then it has failed.
#[tokio::test(start_paused = true)]
async fn a_change_that_always_conflicts_is_given_up() {
    let (cluster, _) = talk::cluster(Faults::latency(LATENCY));
    let client = refusing(&cluster, |uri| uri.contains("/scale").then_some(409));
    let all = resources();
    let running: Vec<_> = all.into_iter().filter(|it| it.name == "web-40").collect();
    let changes = hibernate(&client, &running, LIMITS).await;
    assert!(matches!(&changes[0].1, Change::Failed(it) if it.status() == Some(409)));
    assert_eq!(cluster.requests().count("get", "deployments"), 5);
}

/// A list of what could be found would say nothing of the rest.
#[tokio::test(start_paused = true)]
async fn nothing_is_found_if_a_kind_cannot_be_listed() {
    let (cluster, _) = talk::cluster(Faults::default());
    let client = refusing(&cluster, |uri| uri.contains("/cronjobs").then_some(403));
    let failure = find(&client, &Scope::of_the_talk(), LIMITS)
        .await
        .unwrap_err();
    assert_eq!(failure.status(), Some(403));
}

/// One try may take a quarter of the deadline, so a server that hangs once is asked again.
#[tokio::test(start_paused = true)]
async fn a_try_that_hangs_is_not_the_last() {
    for fault in [Fault::Hang, Fault::Truncated] {
        let (cluster, client) = talk::cluster(Faults::default().with(fault, When::Tries(1..=1)));
        let report = window::check(&client, &resources()[..10], LIMITS).await;
        assert_eq!(report.unknown().count(), 0, "{fault:?}");
        assert_eq!(cluster.requests().total(), 20, "{fault:?}");
    }
}

/// The watches end, and the server refuses new ones: what the copy says is old, so everything is unknown, and the report
/// says why. Once the server answers again, so does the copy.
#[tokio::test(start_paused = true)]
async fn a_watch_that_is_interrupted_is_unknown_until_it_goes_on() {
    let (cluster, _) = talk::cluster(Faults::default());
    let status = Arc::new(AtomicU16::new(0));
    let refused = status.clone();
    let client = refusing(&cluster, move |_| {
        Some(refused.load(Relaxed)).filter(|status| *status > 0)
    });
    let resources = resources();
    let watch = Watch::start(&client, &resources);
    let known = watch.check(&resources, LIMITS).await;
    assert_eq!(known.status(), Status::PartiallyHibernated);

    status.store(503, Relaxed);
    // The server ends a watch after 5 minutes.
    tokio::time::sleep(Duration::from_secs(400)).await;
    let limits = Limits {
        deadline: Duration::from_secs(40),
        ..LIMITS
    };
    let report = watch.check(&resources, limits).await;
    assert_eq!(report.unknown().count(), 100);
    for (_, failure) in report.unknown() {
        assert!(failure.to_string().contains("503"), "{failure}");
    }

    status.store(0, Relaxed);
    let known = watch.check(&resources, LIMITS).await;
    assert_eq!(known.status(), Status::PartiallyHibernated);
}
