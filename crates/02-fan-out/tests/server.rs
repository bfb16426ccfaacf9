//! The handler over sockets: what each service can do to the page.

use std::net::SocketAddr;
use std::time::Duration;

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

/// The first request to a service takes three times as long, the second doesn't.
#[tokio::test]
async fn a_hedged_page_asks_a_slow_service_again() {
    let server = Server::start().await;
    let query = "patience_ms=60000&cd=stumbles&cd_ms=400&delay_ms=100&ci_ms=0&user_ms=0";
    let (status, body) = server.get(&format!("/page/hedged?{query}")).await;
    let page: Value = serde_json::from_str(&body).unwrap();
    let ends: Vec<&str> = page["requests"]["spans"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|span| span["name"].as_str().unwrap().starts_with("CD status"))
        .map(|span| span["end"].as_str().unwrap())
        .collect();
    assert_eq!((status, ends), (200, vec!["cut-off", "finished"]), "{body}");
}

#[tokio::test]
async fn bad_requests_are_refused_and_the_page_is_served() {
    let server = Server::start().await;
    for path in [
        "/page/wrong",
        "/page/joined?cd=explodes",
        "/page/joined?cd_ms=-1",
        "/page/joined?cd_ms=60001",
        "/page/joined?patience_ms=18446744073709551616",
        "/page/joined?wrong=1",
    ] {
        let (status, body) = server.get(path).await;
        assert_eq!(status, 400, "{path}: {body}");
    }
    let (status, page) = server.get("/").await;
    assert!(status == 200 && page.contains("<title>A page from three services</title>"));
}
