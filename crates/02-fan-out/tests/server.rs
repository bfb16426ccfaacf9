//! The handler over sockets: what each service can do to the page.

use std::net::SocketAddr;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::time::timeout;

mod client;
#[path = "../examples/page/handler.rs"]
mod handler;
#[path = "../examples/page/remote.rs"]
mod remote;
#[path = "../examples/page/service.rs"]
mod service;

use service::Service;

const VARIANTS: [&str; 4] = ["sequential", "joined", "spawned", "hedged"];

/// More patience than any answer needs, so that no part is late on a slow machine.
const PATIENT: &str = "patience_ms=60000&ci_ms=5&cd_ms=10&user_ms=1";

/// The server, and the services behind it.
struct Server {
    address: SocketAddr,
    _services: [Service; 3],
}

impl Server {
    async fn start() -> Server {
        let services = [
            Service::start("passed").await.unwrap(),
            Service::start("deployed").await.unwrap(),
            Service::start("Ada").await.unwrap(),
        ];
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = handler::router(services.each_ref().map(Service::address));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Server {
            address,
            _services: services,
        }
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let answer = timeout(Duration::from_secs(60), client::get(self.address, path)).await;
        answer.expect("an answer in time").unwrap()
    }

    /// Returns the requests that a page sent, as the timeline has them.
    async fn requests(&self, variant: &str, query: &str) -> Vec<Span> {
        let (status, body) = self.get(&format!("/page/{variant}?{query}")).await;
        assert_eq!(status, 200, "{variant}?{query}: {body}");
        let mut page: Value = serde_json::from_str(&body).unwrap();
        serde_json::from_value(page["requests"]["spans"].take()).unwrap()
    }

    /// Returns the state and the text of each part, and the time that the page took.
    async fn page(&self, variant: &str, query: &str) -> ([(String, String); 3], u64) {
        let (status, body) = self.get(&format!("/page/{variant}?{query}")).await;
        assert_eq!(status, 200, "{variant}?{query}: {body}");
        let page: Value = serde_json::from_str(&body).unwrap();
        let text =
            |index: usize, field: &str| page["parts"][index][field].as_str().unwrap().to_owned();
        let parts = [0, 1, 2].map(|index| (text(index, "state"), text(index, "text")));
        (parts, page["took_ms"].as_u64().unwrap())
    }
}

/// A request to a service.
#[derive(Debug, Deserialize)]
struct Span {
    name: String,
    start_ms: f64,
    end_ms: f64,
    end: String,
}

impl Span {
    fn took_ms(&self) -> f64 {
        self.end_ms - self.start_ms
    }
}

fn part(state: &str, text: &str) -> (String, String) {
    (state.to_owned(), text.to_owned())
}

#[tokio::test]
async fn every_variant_makes_a_page_from_three_services() {
    let server = Server::start().await;
    let expected = [
        part("ready", "passed"),
        part("ready", "deployed"),
        part("ready", "Ada"),
    ];
    for variant in VARIANTS {
        let (parts, took_ms) = server.page(variant, PATIENT).await;
        assert_eq!(parts, expected, "{variant}");
        assert!(took_ms >= 10, "{variant} took {took_ms} ms");
    }
}

#[tokio::test]
async fn a_service_that_hangs_is_late_when_the_patience_ends() {
    let server = Server::start().await;
    for variant in VARIANTS {
        let query = "cd=hangs&patience_ms=300&ci_ms=0&user_ms=0";
        let ([_, cd, _], took_ms) = server.page(variant, query).await;
        assert_eq!(cd, part("late", "late"), "{variant}");
        assert!(took_ms >= 300, "{variant} took {took_ms} ms");
    }
}

#[tokio::test]
async fn a_service_that_fails_costs_its_own_part() {
    let server = Server::start().await;
    for variant in VARIANTS {
        for (does, state, says) in [
            (
                "fails",
                "failed",
                "failed: answered 503 Service Unavailable",
            ),
            ("resets", "failed", "failed: "),
            (
                "garbles",
                "panicked",
                "panicked: there is no answer in {\"anwser\":42}",
            ),
        ] {
            let (parts, _) = server.page(variant, &format!("{PATIENT}&cd={does}")).await;
            let [ci, cd, user] = parts;
            assert_eq!(
                (ci, user),
                (part("ready", "passed"), part("ready", "Ada")),
                "{variant}, {does}"
            );
            assert!(
                cd.0 == state && cd.1.starts_with(says),
                "{variant}, {does}: {cd:?}"
            );
        }
    }
}

/// The client sees the reset itself, not only that the connection ended.
#[cfg(unix)]
#[tokio::test]
async fn a_connection_that_is_reset_is_called_so() {
    let server = Server::start().await;
    for variant in VARIANTS {
        let (parts, _) = server.page(variant, &format!("{PATIENT}&ci=resets")).await;
        let [(state, text), ..] = parts;
        assert!(
            state == "failed" && text.contains("reset by peer"),
            "{variant}: {text}"
        );
    }
}

/// The sequential page has asked one service when its patience ends. The others have asked all three.
#[tokio::test]
async fn each_variant_answers_under_its_own_name() {
    let server = Server::start().await;
    let hang = "ci=hangs&cd=hangs&user=hangs&patience_ms=1000";
    for (variant, asked) in VARIANTS.into_iter().zip([1, 3, 3, 3]) {
        let requests = server
            .requests(variant, &format!("{hang}&delay_ms=60000"))
            .await;
        assert_eq!(requests.len(), asked, "{variant}: {requests:?}");
    }
    let requests = server
        .requests("hedged", &format!("{hang}&delay_ms=0"))
        .await;
    assert_eq!(requests.len(), 6, "{requests:?}");
}

/// What a request doesn't ask for is as in the talk. No request takes less, however fast the machine is.
#[tokio::test]
async fn the_defaults_are_the_talks_times() {
    let server = Server::start().await;
    let requests = server.requests("sequential", "patience_ms=60000").await;
    let names: Vec<_> = requests.iter().map(|request| &*request.name).collect();
    assert_eq!(names, ["CI status", "CD status", "user data"]);
    for (request, least) in requests.iter().zip([200.0, 300.0, 150.0]) {
        assert!(request.took_ms() >= least, "{request:?}");
    }
    let requests = server.requests("hedged", "cd=hangs").await;
    let cd: Vec<_> = requests
        .iter()
        .filter(|request| request.name.starts_with("CD status"))
        .collect();
    let [first, second] = &*cd else {
        panic!("{requests:?}")
    };
    assert!(first.took_ms() >= 1_000.0, "{first:?}");
    assert!(second.start_ms - first.start_ms >= 320.0, "{second:?}");
}

/// The first request to a service takes three times as long, the second doesn't.
#[tokio::test]
async fn a_hedged_page_asks_a_slow_service_again() {
    for (cd_ms, delay_ms, ends) in [
        // The second answer is there 1.9 s before the first would be.
        (1_000, 100, &["cut-off", "finished"][..]),
        // The first answer is there long before the delay ends.
        (5, 60_000, &["finished"]),
    ] {
        let server = Server::start().await;
        let query = format!(
            "patience_ms=60000&cd=stumbles&cd_ms={cd_ms}&delay_ms={delay_ms}&ci_ms=0&user_ms=0"
        );
        let mut requests = server.requests("hedged", &query).await;
        requests.retain(|request| request.name.starts_with("CD status"));
        let ended: Vec<_> = requests.iter().map(|request| &*request.end).collect();
        assert_eq!(ended, ends, "{requests:?}");
    }
}

#[tokio::test]
async fn bad_requests_are_refused_and_the_page_is_served() {
    let server = Server::start().await;
    for path in [
        "/page/wrong",
        "/page/joined?cd=explodes",
        "/page/joined?cd_ms=-1",
        "/page/joined?cd_ms=1.5",
        "/page/joined?cd_ms=",
        "/page/joined?cd_ms=1&cd_ms=2",
        "/page/joined?patience_ms=60001",
        "/page/joined?delay_ms=60001",
        "/page/joined?ci_ms=60001",
        "/page/joined?cd_ms=60001",
        "/page/joined?user_ms=60001",
        "/page/joined?patience_ms=18446744073709551616",
        "/page/joined?wrong=1",
    ] {
        let (status, body) = server.get(path).await;
        assert_eq!(status, 400, "{path}: {body}");
    }
    let (status, page) = server.get("/").await;
    assert!(status == 200 && page.contains("<title>A page from three services</title>"));
}
