//! The server over sockets: how a client can go, and what the server sees of it.

use std::io;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, timeout};

#[path = "../examples/jobs/board.rs"]
mod board;
#[path = "../examples/jobs/service.rs"]
mod service;

use board::{Board, State, Variant};

const VARIANTS: [Variant; 5] = [
    Variant::Ignored,
    Variant::Polled,
    Variant::Raced,
    Variant::Dropped,
    Variant::Tree,
];

const PATIENCE: Duration = Duration::from_secs(30);

async fn server() -> (SocketAddr, Board) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let board = Board::default();
    let router = service::router(board.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, board)
}

fn path(variant: Variant, query: &str) -> String {
    let variant = format!("{variant:?}").to_lowercase();
    format!("/process/{variant}?{query}")
}

async fn connect(address: SocketAddr, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Returns the status and the body of an answer.
async fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let mut answer = String::new();
    let mut stream = connect(address, path).await;
    timeout(PATIENCE, stream.read_to_string(&mut answer))
        .await
        .expect("an answer")
        .unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

/// Waits until the newest job is as wanted.
async fn until(board: &Board, what: &str, wanted: impl Fn(&State) -> bool) -> State {
    let start = Instant::now();
    loop {
        let newest = board.states().pop();
        if let Some(state) = &newest
            && wanted(state)
        {
            return state.clone();
        }
        assert!(start.elapsed() < PATIENCE, "{what}: {newest:?}");
        sleep(Duration::from_millis(1)).await;
    }
}

async fn has_gone(board: &Board) -> State {
    until(board, "the server sees that the client has gone", |state| {
        state.gone_ms.is_some()
    })
    .await
}

async fn has_ended(board: &Board) -> State {
    until(board, "the work ends", |state| state.ended_ms.is_some()).await
}

async fn has_begun(board: &Board) {
    until(board, "the work begins", |state| state.begun > 0).await;
}

#[tokio::test]
async fn every_variant_answers_a_client_that_stays() {
    let (address, board) = server().await;
    for variant in VARIANTS {
        let (status, body) = get(address, &path(variant, "items=4&item_ms=1")).await;
        let answer: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &answer["done"]), (200, &Value::from(4)), "{body}");
        assert_eq!(
            (&answer["answered"], &answer["gone_ms"]),
            (&true.into(), &Value::Null)
        );
        // A client that was answered has not gone, although its connection is closed.
        let state = board.states().pop().unwrap();
        assert!(state.answered && state.gone_ms.is_none(), "{state:?}");
    }
}

/// The server's clock is in milliseconds, and begins with the request.
#[tokio::test]
async fn a_job_takes_as_long_as_its_items() {
    let (address, _) = server().await;
    for (path, at_least) in [
        ("/process/raced?items=2&item_ms=30", 60),
        // The two tasks of the scope share the items.
        ("/process/tree?items=2&item_ms=30", 30),
        ("/process/dropped?items=1", 200),
    ] {
        let start = Instant::now();
        let (_, body) = get(address, path).await;
        let took = start.elapsed().as_millis() as u64;
        let answer: Value = serde_json::from_str(&body).unwrap();
        let ended = answer["ended_ms"].as_u64().unwrap();
        assert!((at_least..=took).contains(&ended), "{took} ms, {body}");
    }
}

#[tokio::test]
async fn a_job_has_30_items_unless_it_is_told_otherwise() {
    let (address, board) = server().await;
    let _client = connect(address, "/process/dropped").await;
    has_begun(&board).await;
    assert_eq!(board.states()[0].items, 30);
}

/// An item that nothing but a cancellation ends in time.
const ENDLESS: &str = "items=2&item_ms=60000";

#[tokio::test]
async fn an_item_that_is_interrupted_is_not_done() {
    let (address, board) = server().await;
    for variant in [Variant::Raced, Variant::Dropped, Variant::Tree] {
        let client = connect(address, &path(variant, ENDLESS)).await;
        // The scope has a task for each half.
        let begun = if variant == Variant::Tree { 2 } else { 1 };
        until(&board, "the items begin", |state| {
            state.variant == variant && state.begun == begun
        })
        .await;
        drop(client);
        has_gone(&board).await;
        let ended = has_ended(&board).await;
        assert_eq!((ended.begun, ended.done), (begun, 0), "{ended:?}");
    }
}

/// Hyper's connections have a task each. `dropped` adds none: hyper drops its work with the handler's future.
#[tokio::test]
async fn only_dropped_works_in_the_handlers_own_task() {
    let (address, board) = server().await;
    let alive = || Handle::current().metrics().num_alive_tasks();
    let mut tasks = Vec::new();
    for variant in [Variant::Dropped, Variant::Raced, Variant::Tree] {
        let client = connect(address, &path(variant, ENDLESS)).await;
        until(&board, "the job begins", |state| {
            state.variant == variant && state.begun > 0
        })
        .await;
        tasks.push(alive());
        drop(client);
        until(&board, "no task of the connection is left", |_| {
            alive() == 1
        })
        .await;
    }
    let connection = tasks[0];
    assert_eq!(tasks, [connection, connection + 1, connection + 3]);
}

/// A job so long that only a cancellation ends it in time.
const LONG: &str = "items=1000&item_ms=20";

#[tokio::test]
async fn a_killed_curl_has_gone() {
    let (address, board) = server().await;
    for variant in [
        Variant::Polled,
        Variant::Raced,
        Variant::Dropped,
        Variant::Tree,
    ] {
        let url = format!("http://{address}{}", path(variant, LONG));
        let curl = Command::new("curl")
            .args(["--silent", &url])
            .stdout(Stdio::null())
            .spawn();
        let mut curl = match curl {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                eprintln!("skipped: curl is not on PATH");
                return;
            }
            started => started.unwrap(),
        };
        until(&board, "curl's job begins", |state| {
            state.variant == variant && state.begun > 0
        })
        .await;
        curl.kill().await.unwrap();
        has_gone(&board).await;
        let ended = has_ended(&board).await;
        assert!(ended.done < 1_000, "{ended:?}");
        if variant == Variant::Tree {
            let stopped = |name: &str| (name.to_owned(), "stopped".to_owned());
            assert_eq!(
                ended.report,
                [stopped("first half"), stopped("second half")]
            );
        }
    }
}

#[tokio::test]
async fn ignored_works_on_for_a_client_that_has_gone() {
    let (address, board) = server().await;
    let stream = connect(address, &path(Variant::Ignored, "items=10&item_ms=20")).await;
    has_begun(&board).await;
    drop(stream);
    let gone = has_gone(&board).await;
    let ended = has_ended(&board).await;
    assert_eq!(ended.done, 10);
    assert!(
        ended.begun_after > 0 && gone.done < 10,
        "{gone:?}, {ended:?}"
    );
}

/// A client that has sent everything may close its sending half, and still wait for the answer. The server sees the
/// same end of the stream as for a client that has gone, and treats it as such.
#[tokio::test]
async fn a_half_closed_connection_counts_as_gone() {
    let (address, board) = server().await;
    let mut stream = connect(address, &path(Variant::Raced, LONG)).await;
    has_begun(&board).await;
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut answer))
        .await
        .expect("the server closes")
        .unwrap();
    assert_eq!(answer, b"", "there is no answer");
    has_gone(&board).await;
    has_ended(&board).await;
}

/// A client that neither reads nor closes looks like one that is patient.
#[tokio::test]
async fn a_stalled_client_is_not_seen_to_go_and_a_deadline_ends_its_work() {
    let (address, board) = server().await;
    let stalled = connect(address, &path(Variant::Raced, "items=3&item_ms=20")).await;
    let ended = has_ended(&board).await;
    assert_eq!((ended.done, ended.gone_ms), (3, None));
    drop(stalled);

    let stalled = connect(
        address,
        &path(Variant::Tree, "items=1000&item_ms=20&deadline_ms=50"),
    )
    .await;
    let ended = until(&board, "the deadline passes", |state| {
        state.variant == Variant::Tree && state.ended_ms.is_some()
    });
    let ended = ended.await;
    assert!(ended.done < 1_000 && ended.gone_ms.is_none(), "{ended:?}");
    drop(stalled);
}

#[tokio::test]
async fn bad_requests_are_refused() {
    let (address, board) = server().await;
    for (path, expected) in [
        ("/process/wrong", 400),
        ("/process/raced?items=x", 400),
        ("/process/raced?items=-1", 400),
        ("/process/raced?items=1001", 400),
        ("/process/raced?item_ms=60001", 400),
        ("/process/raced?item=1", 400),
        ("/process/tree?deadline_ms=18446744073709551616", 400),
        ("/nowhere", 404),
    ] {
        let (status, body) = get(address, path).await;
        assert_eq!(status, expected, "{path}: {body}");
    }
    assert!(board.states().is_empty());
    let (status, body) = get(
        address,
        "/process/tree?items=0&deadline_ms=18446744073709551615",
    )
    .await;
    assert_eq!(status, 200, "{body}");
    // The longest item is accepted.
    let (status, body) = get(address, "/process/raced?items=0&item_ms=60000").await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn the_page_and_the_newest_jobs_are_served() {
    let (address, _) = server().await;
    for _ in 0..103 {
        get(address, "/process/dropped?items=0").await;
    }
    let (status, jobs) = get(address, "/jobs").await;
    let jobs: Value = serde_json::from_str(&jobs).unwrap();
    assert_eq!((status, jobs.as_array().unwrap().len()), (200, 100));
    assert_eq!(
        (&jobs[0]["number"], &jobs[99]["number"]),
        (&4.into(), &103.into())
    );
    let (status, page) = get(address, "/").await;
    assert!(status == 200 && page.contains("<title>Jobs for browsers that leave</title>"));
}
