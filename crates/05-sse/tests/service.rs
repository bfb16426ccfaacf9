//! The server over real sockets: what clients get, what bad input gets, and how the server shuts down.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use sse::Options;
use sse::broker::Broker;
use sse::serve::{Transport, is_passing, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

#[path = "eventsource/mod.rs"]
mod eventsource;
use eventsource::{Message, Parser};

/// Far longer than a passing test needs.
const HANGS: Duration = Duration::from_secs(60);

struct Server {
    address: SocketAddr,
    broker: Broker,
    end: oneshot::Sender<()>,
    served: JoinHandle<std::io::Result<()>>,
}

impl Server {
    async fn start(options: Options) -> Server {
        Server::with_timeouts(options, HANGS, HANGS).await
    }

    async fn with_timeouts(
        options: Options,
        head_timeout: Duration,
        write_timeout: Duration,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let broker = Broker::start(options);
        let (end, ended) = oneshot::channel();
        let transport = Transport {
            head_timeout,
            write_timeout,
            send_buffer: Some(4_096),
        };
        let ended = async {
            let _ = ended.await;
        };
        let served = tokio::spawn(serve(listener, broker.clone(), transport, ended));
        Server {
            address,
            broker,
            end,
            served,
        }
    }

    /// Shuts the server down.
    async fn end(self) {
        self.end.send(()).unwrap();
        let served = timeout(HANGS, self.served).await;
        served.expect("the server returns").unwrap().unwrap();
    }

    /// Waits until so many clients are registered.
    async fn registered(&self, clients: usize) {
        let registered = async {
            while self.broker.stats().clients != clients {
                tokio::task::yield_now().await;
            }
        };
        let waited = timeout(HANGS, registered).await;
        waited.unwrap_or_else(|_| panic!("{:?}, not {clients} clients", self.broker.stats()));
    }

    /// Sends one request on a new connection, and returns the whole answer.
    async fn request(&self, head: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let length = body.len();
        let head =
            format!("{head}\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
        // The server may answer, and close, before it has read everything.
        let _ = stream.write_all(&[head.as_bytes(), body].concat()).await;
        let mut answer = Vec::new();
        let _ = timeout(HANGS, stream.read_to_end(&mut answer))
            .await
            .unwrap();
        String::from_utf8(answer).unwrap()
    }

    async fn publish(&self, json: &str) -> String {
        let head = "POST /publish HTTP/1.1\r\ncontent-type: application/json";
        self.request(head, json.as_bytes()).await
    }

    async fn events(&self, last: Option<&str>) -> Client {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let mut client = Client::over(stream);
        client.ask(last).await;
        client.head().await;
        client
    }
}

/// A client that reads a stream of events in HTTP chunks.
struct Client {
    stream: TcpStream,
    raw: Vec<u8>,
    parser: Parser,
    messages: std::collections::VecDeque<Message>,
}

impl Client {
    fn over(stream: TcpStream) -> Client {
        Client {
            stream,
            raw: Vec::new(),
            parser: Parser::default(),
            messages: Default::default(),
        }
    }

    async fn ask(&mut self, last: Option<&str>) {
        let last = last.map_or(String::new(), |id| format!("last-event-id: {id}\r\n"));
        let head = format!("GET /events HTTP/1.1\r\nhost: x\r\n{last}\r\n");
        self.stream.write_all(head.as_bytes()).await.unwrap();
    }

    async fn more(&mut self) -> bool {
        let read = timeout(HANGS, self.stream.read_buf(&mut self.raw)).await;
        read.expect("the server sends something").unwrap_or(0) > 0
    }

    async fn head(&mut self) -> String {
        loop {
            if let Some(end) = self.raw.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = self.raw.drain(..end + 4).collect();
                return String::from_utf8(head).unwrap();
            }
            assert!(self.more().await, "the connection ended within the head");
        }
    }

    /// Returns the next message, or `None` at the end of the stream, whether it was complete or cut off.
    async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some(message) = self.messages.pop_front() {
                return Some(message);
            }
            match self.chunk() {
                Some(chunk) if chunk.is_empty() => return None,
                Some(chunk) => self.messages.extend(self.parser.feed(&chunk)),
                None if self.more().await => {}
                None => return None,
            }
        }
    }

    /// Returns a chunk of the body, if all of it has arrived.
    fn chunk(&mut self) -> Option<Vec<u8>> {
        let line = self.raw.windows(2).position(|two| two == b"\r\n")?;
        let length = std::str::from_utf8(&self.raw[..line]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        let end = line + 2 + length + 2;
        if self.raw.len() < end {
            return None;
        }
        let chunk = self.raw[line + 2..end - 2].to_vec();
        self.raw.drain(..end);
        Some(chunk)
    }
}

fn options() -> Options {
    Options {
        start: "run".to_owned(),
        ..Options::default()
    }
}

#[tokio::test]
async fn what_is_published_arrives() {
    let server = Server::start(options()).await;
    let mut client = server.events(None).await;
    for (json, event, data) in [
        (r#"{"data":"hello"}"#, "message", "hello"),
        (r#"{"data":""}"#, "message", ""),
        (r#"{"data":"\n"}"#, "message", "\n"),
        (r#"{"data":" a\n\n  b\n"}"#, "message", " a\n\n  b\n"),
        (r#"{"data":"a\r\nb\rc"}"#, "message", "a\nb\nc"),
        (
            r#"{"data":": no comment\ndata: x\nid: 9"}"#,
            "message",
            ": no comment\ndata: x\nid: 9",
        ),
        (
            r#"{"data":"\ufeffé😀\u0000\u2028"}"#,
            "message",
            "\u{feff}é😀\0\u{2028}",
        ),
        (r#"{"event":"tick","data":"1"}"#, "tick", "1"),
        (r#"{"event":" a:b","data":"1"}"#, " a:b", "1"),
        (r#"{"event":"","data":"1"}"#, "message", "1"),
        (r#"{"event":null,"data":"1"}"#, "message", "1"),
    ] {
        let answer = server.publish(json).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{json}: {answer}");
        let message = client.next().await.unwrap();
        assert_eq!(
            (message.event.as_str(), message.data.as_str()),
            (event, data),
            "{json}"
        );
        let id = format!(r#"{{"id":"{}","clients":1}}"#, message.id);
        assert!(answer.ends_with(&id), "{answer}");
    }
    assert!(
        client
            .parser
            .retry()
            .is_some_and(|ms| (1_000..5_000).contains(&ms))
    );
    server.end().await;
    assert_eq!(client.next().await, None, "the stream ends with the server");
}

#[tokio::test]
async fn a_stream_forbids_caching_and_buffering() {
    let server = Server::start(options()).await;
    let mut client = Client::over(TcpStream::connect(server.address).await.unwrap());
    client.ask(None).await;
    let head = client.head().await;
    for header in [
        "content-type: text/event-stream",
        "cache-control: no-store, no-transform",
        "x-accel-buffering: no",
    ] {
        assert!(head.contains(header), "{head}");
    }
    server.end().await;
}

#[tokio::test]
async fn a_client_that_comes_back_gets_what_it_missed() {
    let server = Server::start(Options {
        history: 3,
        ..options()
    })
    .await;
    for number in 1..=5 {
        server.publish(&format!(r#"{{"data":"{number}"}}"#)).await;
    }
    for (last, expected) in [
        ("run-5", &[][..]),
        ("run-4", &["5"]),
        ("run-2", &["3", "4", "5"]),
        ("run-1", &[r#"{"missed": 1}"#, "3", "4", "5"]),
        ("run-0", &[r#"{"missed": 2}"#, "3", "4", "5"]),
        ("run-6", &[r#"{"missed": null}"#, "3", "4", "5"]),
        ("run-05", &[r#"{"missed": null}"#, "3", "4", "5"]),
        ("other-4", &[r#"{"missed": null}"#, "3", "4", "5"]),
        ("nonsense", &[r#"{"missed": null}"#, "3", "4", "5"]),
    ] {
        let mut client = server.events(Some(last)).await;
        for data in expected {
            let message = client.next().await.unwrap();
            assert_eq!(message.data, *data, "since {last}");
            let gap = data.starts_with('{');
            assert_eq!(message.event == "gap", gap);
            if gap {
                assert_eq!(message.id, "run-2", "no client is told of a gap twice");
            }
        }
    }
    // What was missed comes before what is new.
    let mut client = server.events(Some("run-4")).await;
    server.publish(r#"{"data":"6"}"#).await;
    assert_eq!(client.next().await.unwrap().data, "5");
    assert_eq!(client.next().await.unwrap().data, "6");
    server.end().await;
}

/// A browser's first request can't set a header, so a page puts the id into the address.
#[tokio::test]
async fn a_page_may_ask_by_its_address_for_what_it_missed() {
    let server = Server::start(options()).await;
    for number in 1..=3 {
        server.publish(&format!(r#"{{"data":"{number}"}}"#)).await;
    }
    for (query, next) in [("run-2", "3"), ("", "4")] {
        let stream = TcpStream::connect(server.address).await.unwrap();
        let mut client = Client::over(stream);
        let head = format!("GET /events?last_event_id={query} HTTP/1.1\r\nhost: x\r\n\r\n");
        client.stream.write_all(head.as_bytes()).await.unwrap();
        client.head().await;
        if query.is_empty() {
            server.publish(r#"{"data":"4"}"#).await;
        }
        assert_eq!(client.next().await.unwrap().data, next);
    }
    server.end().await;
}

#[tokio::test]
async fn the_page_reads_the_stream() {
    let server = Server::start(options()).await;
    let page = server.request("GET / HTTP/1.1", b"").await;
    assert!(page.contains("content-type: text/html"), "{page}");
    assert!(page.contains("new EventSource("), "{page}");
    server.end().await;
}

/// Too many open files, or a client that has gone already: neither ends the server.
#[test]
fn a_connection_that_fails_does_not_end_the_server() {
    let passing = [io::ErrorKind::ConnectionAborted, io::ErrorKind::Interrupted];
    assert!(passing.iter().all(|kind| is_passing(&(*kind).into())));
    let too_many_files = io::Error::from_raw_os_error(24);
    assert!(is_passing(&too_many_files));
    assert!(!is_passing(&io::ErrorKind::InvalidInput.into()));
}

#[tokio::test]
async fn bad_input_gets_the_reason() {
    let server = Server::start(options()).await;
    let post = "POST /publish HTTP/1.1\r\ncontent-type: application/json";
    let large = format!(r#"{{"data":"{}"}}"#, "x".repeat(1 << 20));
    for (head, body, status, words) in [
        (post, r#"{"event":"a\rb","data":""}"#, 400, "CR"),
        (post, r#"{"event":"a\nb","data":""}"#, 400, "LF"),
        (post, r#"{"event":"a\u0000b","data":""}"#, 400, "NUL"),
        (post, r#"{"event":"gap","data":""}"#, 400, "only the broker"),
        (post, r#"{"data":"","id":"1"}"#, 400, "unknown field `id`"),
        (post, r#"{"event":"x"}"#, 400, "missing field `data`"),
        (post, r#"{"data":1}"#, 400, "expected a string"),
        (post, r#"{"data":"#, 400, "EOF"),
        (
            post,
            r#"{"data":"","data":""}"#,
            400,
            "duplicate field `data`",
        ),
        (post, r#"[null,"hello"]"#, 400, "send a JSON object such as"),
        (
            post,
            r#" ["tick","hello"]"#,
            400,
            "send a JSON object such as",
        ),
        (post, r#""hello""#, 400, "send a JSON object such as"),
        (post, "null", 400, "send a JSON object such as"),
        (post, "", 400, "send a JSON object such as"),
        (post, "\u{1}", 400, "send a JSON object such as"),
        (post, &large, 413, "longer than 1048576 bytes"),
        (
            "POST /publish HTTP/1.1",
            r#"{"data":""}"#,
            415,
            "Content-Type",
        ),
        (
            "POST /publish HTTP/1.1\r\ncontent-type: text/plain",
            "x",
            415,
            "Content-Type",
        ),
        ("GET /publish HTTP/1.1", "", 405, "doesn't accept GET"),
        ("DELETE /events HTTP/1.1", "", 405, "doesn't accept DELETE"),
        ("GET /nothing HTTP/1.1", "", 404, "/nothing"),
        (
            "GET /events?last_event_id=a&last_event_id=b HTTP/1.1",
            "",
            400,
            "query",
        ),
    ] {
        let answer = server.request(head, body.as_bytes()).await;
        let line = format!("HTTP/1.1 {status} ");
        assert!(answer.starts_with(&line), "{head} {:.60}: {answer}", body);
        let json = answer.split("\r\n\r\n").nth(1).unwrap();
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        let error = json["error"].as_str().unwrap();
        assert!(error.contains(words), "{head} {:.60}: {error}", body);
        assert!(!error.contains("struct"), "an internal name: {error}");
    }
    let answer = server.request("GET /stats HTTP/1.1", b"").await;
    let nothing = r#"{"clients":0,"published":0,"delivered":0,"dropped_slow":0,"history":0}"#;
    assert!(answer.ends_with(nothing), "{answer}");
    server.end().await;
}

#[tokio::test]
async fn a_client_too_many_gets_503_and_when_to_come_back() {
    let server = Server::start(Options {
        max_clients: 1,
        ..options()
    })
    .await;
    let first = server.events(None).await;
    let answer = server.request("GET /events HTTP/1.1", b"").await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("retry-after: 5"), "{answer}");
    // A client that leaves frees its slot.
    drop(first);
    server.registered(0).await;
    let _second = server.events(None).await;
    server.end().await;
}

/// A client that never reads is disconnected, and its connection is reset.
#[tokio::test]
async fn a_stalled_client_is_cut_off_and_delays_nobody() {
    let write_timeout = Duration::from_millis(50);
    let server = Server::with_timeouts(options(), HANGS, write_timeout).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stalled = Client::over(socket.connect(server.address).await.unwrap());
    stalled.ask(None).await;
    server.registered(1).await;
    let mut fast = server.events(None).await;
    let json = format!(r#"{{"data":"{}"}}"#, "x".repeat(8_192));
    let mut published = 0;
    while server.broker.stats().clients == 2 {
        server.publish(&json).await;
        published += 1;
        assert_eq!(fast.next().await.unwrap().data.len(), 8_192);
        assert!(published < 100_000, "the stalled client is never cut off");
    }
    let closed = async {
        // The client has read nothing since; its system reports that the connection was reset.
        while stalled.stream.take_error().unwrap().is_none() {
            tokio::task::yield_now().await;
        }
    };
    timeout(HANGS, closed).await.expect("its socket is closed");
    server.publish(r#"{"data":"still here"}"#).await;
    assert_eq!(fast.next().await.unwrap().data, "still here");
    server.end().await;
}

/// With a stalled client, and no write timeout that would end it, the server shuts down all the same.
#[tokio::test]
async fn shutdown_does_not_wait_for_a_stalled_client() {
    let server = Server::start(Options {
        buffer: 4,
        ..options()
    })
    .await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stalled = Client::over(socket.connect(server.address).await.unwrap());
    stalled.ask(None).await;
    server.registered(1).await;
    let mut fast = server.events(None).await;
    let json = format!(r#"{{"data":"{}"}}"#, "x".repeat(65_536));
    let mut published = 0;
    while server.broker.stats().clients == 2 {
        server.publish(&json).await;
        fast.next().await.unwrap();
        published += 1;
        assert!(published < 10_000, "the stalled client's queue never fills");
    }
    server.end().await;
    assert_eq!(fast.next().await, None);
    drop(stalled);
}

#[tokio::test]
async fn what_was_queued_is_delivered_before_the_end() {
    let server = Server::start(options()).await;
    let mut client = server.events(None).await;
    for number in 0..10 {
        server.publish(&format!(r#"{{"data":"{number}"}}"#)).await;
    }
    server.end().await;
    for number in 0..10 {
        assert_eq!(client.next().await.unwrap().data, number.to_string());
    }
    assert_eq!(client.next().await, None);
}

#[tokio::test]
async fn half_a_head_is_cut_off() {
    let head_timeout = Duration::from_millis(50);
    let server = Server::with_timeouts(options(), head_timeout, HANGS).await;
    for head in ["", "GET /events HTTP/1.1\r\nhost:"] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let ended = timeout(HANGS, stream.read_to_end(&mut answer)).await;
        let _ = ended.expect("the connection is cut off");
        let answer = String::from_utf8(answer).unwrap();
        assert!(!answer.contains("200"), "{answer}");
    }
    server.end().await;
}
