//! Draws the talk's picture from a run over a real socket: a browser leaves, and the work stops before the next item.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use cancellation::{Ended, Processed, Token, polled};
use diagram::{Block, Flow, Node, assert_snapshot};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

const ITEMS: usize = 5;
/// The browser leaves while this item is in flight, counted from 1.
const LEAVES_DURING: usize = 3;

/// What the handler and the test share.
#[derive(Clone)]
struct Shared {
    /// An item is finished when it gets a permit.
    permits: Arc<Semaphore>,
    seen: mpsc::UnboundedSender<Seen>,
}

#[derive(Debug, PartialEq)]
enum Seen {
    Begun(usize),
    Gone,
    Ended(Processed<usize>),
}

/// Cancels the token when the client goes.
struct Client {
    token: Token,
    seen: mpsc::UnboundedSender<Seen>,
}

impl Drop for Client {
    fn drop(&mut self) {
        self.token.cancel();
        let _ = self.seen.send(Seen::Gone);
    }
}

async fn handler(State(shared): State<Shared>) {
    let seen = shared.seen.clone();
    // Drawn: from here
    let token = Token::new();
    let client = Client { token, seen };
    let work = service(client.token.clone(), shared);
    tokio::spawn(work).await.expect("no item panics");
    // Drawn: to here
    drop(client);
}

async fn service(token: Token, shared: Shared) {
    let seen = shared.seen.clone();
    let work = |item| {
        let shared = shared.clone();
        async move {
            let _ = shared.seen.send(Seen::Begun(item));
            shared
                .permits
                .acquire()
                .await
                .expect("it isn't closed")
                .forget();
            item
        }
    };
    let processed = polled::process((1..=ITEMS).collect(), &token, work).await;
    let _ = seen.send(Seen::Ended(processed));
}

/// Returns the lines of the source between two lines, without their common indentation.
fn part(source: &str, from: &str, to: &str) -> String {
    let lines = source
        .lines()
        .skip_while(|line| line.trim() != from)
        .skip(1);
    let lines: Vec<&str> = lines.take_while(|line| line.trim() != to).collect();
    assert!(
        !lines.is_empty(),
        "there is nothing between {from:?} and {to:?}"
    );
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let common = lines.iter().map(indent).min().unwrap();
    let cut: Vec<&str> = lines.iter().map(|line| &line[common..]).collect();
    cut.join("\n")
}

#[tokio::test]
async fn a_browser_leaves_and_the_work_stops_before_the_next_item() {
    let (sender, mut seen) = mpsc::unbounded_channel();
    let shared = Shared {
        permits: Arc::new(Semaphore::new(LEAVES_DURING - 1)),
        seen: sender,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new()
        .route("/", get(handler))
        .with_state(shared.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut next = async || {
        let next = timeout(Duration::from_secs(30), seen.recv()).await;
        next.expect("something happens within 30 s").unwrap()
    };

    let mut browser = TcpStream::connect(address).await.unwrap();
    browser
        .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    for item in 1..=LEAVES_DURING {
        assert_eq!(next().await, Seen::Begun(item));
    }
    drop(browser);
    assert_eq!(next().await, Seen::Gone);
    // The item in flight is finished, and there would be permits for the others.
    shared.permits.add_permits(ITEMS);
    let Seen::Ended(processed) = next().await else {
        panic!("another item begins");
    };
    assert_eq!(processed.ended, Ended::Cancelled);

    let own = include_str!("flow.rs");
    let service = include_str!("../src/polled.rs");
    let dropping = Block::titled("Drop for Client: hyper drops this future when the client goes")
        .text(part(
            own,
            "fn drop(&mut self) {",
            "let _ = self.seen.send(Seen::Gone);",
        ))
        .left();
    let handler = Block::titled("HTTP handler")
        .text(part(own, "// Drawn: from here", "// Drawn: to here"))
        .holding(dropping)
        .left();
    let service = Block::titled("Service: polled::process")
        .text(part(service, "let mut done = Vec::new();", "Processed {"))
        .left();
    let done = processed.done.len();
    let result = format!(
        "The browser closed its connection during item {LEAVES_DURING} of {ITEMS}.\n{done} items were done, and {} never began.",
        ITEMS - done
    );
    let flow = Flow::new()
        .layer([Node::new("browser", "Browser")])
        .layer([Node::new("handler", handler)])
        .layer([Node::new("service", service)])
        .layer([Node::plain("result", Block::from(result).left())])
        .arrow_labelled("browser", "handler", "HTTP request")
        .arrow("handler", "service")
        .arrow("service", "result");
    assert_snapshot!("flow", flow);
}
