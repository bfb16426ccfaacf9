//! Databases that go away, cut an answer short, are full, or refuse the client.

use std::net::SocketAddr;
use std::time::Duration;

use futures::future::join_all;
use rate_limiting::{CheckError, Limits, Permission};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tokio::io::{AsyncReadExt, copy};
use tokio::net::TcpStream;

use crate::client::{Client, check_error};
use crate::database::Target;
use crate::experiment::{Outcome, Variant};
use crate::listening::Listening;
use crate::observer::{Observer, Seen};
use crate::over_both;
use crate::targets::{URL, over_embedded, over_postgresql, take_all};

over_both! {
    a_database_that_goes_away_leaves_no_check_without_a_reason
    a_full_database_says_so
    a_stopped_database_refuses_connections
}

async fn a_database_that_goes_away_leaves_no_check_without_a_reason(target: Target) {
    // The variants share the connections, and wait at the same time.
    let connections = (target.connections().min(10) / Variant::ALL.len()).max(1);
    let limits = Limits {
        connections: connections.try_into().unwrap(),
        batch: 3.try_into().unwrap(),
        ..Limits::TALK
    };
    join_all(Variant::ALL.map(|variant| goes_away(&target, variant, limits))).await;
}

/// Lets the database go away while the last checks but `limits.connections` wait for their answers. The last checks find
/// that it has gone.
async fn goes_away(target: &Target, variant: Variant, limits: Limits) {
    // Enough for six batches and two checks more.
    const CHECKS: usize = 20;
    let connections = limits.connections.get();
    let answers = CHECKS - 2 * connections;
    let observer = Observer::holding_after(answers, Duration::from_millis(1));
    let mut database = target.start(observer.clone()).await.unwrap();
    let patience = Duration::from_secs(2);
    let client = Client::pool(database.options(), limits.connections, patience).await;
    let client = client.unwrap();
    let (outcome, ()) = tokio::join!(variant.check_all(CHECKS, limits, &client), async {
        let all_wait = |seen: &Seen| seen.answers == answers && seen.in_flight == connections;
        observer.until(all_wait).await;
        database.go_away().await;
    });
    // A check that finds that the database has gone may lose a connection that is about to be accepted.
    assert!(
        outcome.disconnected >= connections,
        "{variant:?}: {outcome:?}"
    );
    let expected = Outcome {
        answers,
        disconnected: outcome.disconnected,
        timed_out: 2 * connections - outcome.disconnected,
        ..Outcome::default()
    };
    assert_eq!(outcome, expected, "{variant:?}");
}

async fn a_full_database_says_so(target: Target) {
    let database = target.start(Observer::new(Duration::ZERO)).await.unwrap();
    let _taken = take_all(&target, &database.options()).await;
    let permission = Permission::all(1).remove(0);
    let client = Client::own(database.options());
    let error = client.check(permission).await.unwrap_err();
    assert_eq!(error, CheckError::TooManyConnections);
    assert_eq!(error.to_string(), "too many connections");
}

async fn a_stopped_database_refuses_connections(target: Target) {
    let database = target.start(Observer::new(Duration::ZERO)).await.unwrap();
    let mut connection = database.options().connect().await.unwrap();
    let options = database.options();
    drop(database);
    // Dropping stops the task that listens, which happens soon.
    let refused = loop {
        match options.connect().await {
            Err(sqlx::Error::Io(error))
                if error.kind() == std::io::ErrorKind::ConnectionRefused =>
            {
                break sqlx::Error::Io(error);
            }
            _ => tokio::task::yield_now().await,
        }
    };
    let words = check_error(&refused);
    assert!(matches!(words, CheckError::Failed(_)), "{words:?}");
    let lost = connection.ping().await.unwrap_err();
    assert_eq!(check_error(&lost), CheckError::Disconnected);
}

/// Starts a relay that closes the connection after so many bytes from the database.
async fn cut(database: SocketAddr, bytes: u64) -> Listening {
    let serve = move |client: TcpStream| async move {
        let server = TcpStream::connect(database).await?;
        let (mut from_client, mut to_client) = client.into_split();
        let (from_server, mut to_server) = server.into_split();
        let mut from_server = from_server.take(bytes);
        tokio::select! {
            result = copy(&mut from_client, &mut to_server) => result.map(drop),
            result = copy(&mut from_server, &mut to_client) => result.map(drop),
        }
    };
    Listening::start(serve).await.unwrap()
}

#[test]
fn an_answer_that_is_cut_short_anywhere_is_no_answer() {
    over_embedded(async |target| {
        let database = target.start(Observer::new(Duration::ZERO)).await.unwrap();
        let options = database.options();
        let address = format!("{}:{}", options.get_host(), options.get_port());
        let address = address.parse().unwrap();
        let mut answered_at = None;
        for bytes in 0..2_000 {
            let relay = cut(address, bytes).await;
            let options = options.clone().port(relay.address().port());
            let permission = Permission::all(1).remove(0);
            match Client::own(options).check(permission).await {
                Ok(answer) => {
                    assert!(answer, "a wrong answer after {bytes} bytes");
                    answered_at = Some(bytes);
                    break;
                }
                Err(error) => assert_eq!(error, CheckError::Disconnected, "{bytes} bytes"),
            }
        }
        let bytes = answered_at.expect("the answer fits into 2,000 bytes");
        assert!(bytes > 100, "the answer came after {bytes} bytes");
    });
}

#[test]
fn the_embedded_database_knows_one_question() {
    over_embedded(async |target| {
        let database = target.start(Observer::new(Duration::ZERO)).await.unwrap();
        let mut connection = database.options().connect().await.unwrap();
        let unknown = sqlx::query_scalar::<_, bool>("SELECT true").fetch_one(&mut connection);
        let error = check_error(&unknown.await.unwrap_err()).to_string();
        let expected = "the embedded database knows one question: SELECT right($1, 1)";
        assert!(error.starts_with(expected), "{error}");
        let simple = sqlx::raw_sql("SELECT true").execute(&mut connection).await;
        let error = check_error(&simple.unwrap_err()).to_string();
        assert_eq!(
            error,
            "the embedded database answers prepared statements only"
        );
        // Neither costs the connection.
        connection.ping().await.unwrap();
    });
}

#[test]
fn a_connection_that_postgresql_ends_is_lost() {
    over_postgresql(async |target| {
        let database = target.start(Observer::new(Duration::ZERO)).await.unwrap();
        let mut connection = database.options().connect().await.unwrap();
        // A role may end its own connections.
        let end = "SELECT pg_terminate_backend(pg_backend_pid())";
        let error = sqlx::query(end).execute(&mut connection).await.unwrap_err();
        assert_eq!(check_error(&error), CheckError::Disconnected);
    });
}

#[test]
fn a_wrong_address_is_told_in_one_sentence() {
    over_embedded(async |_| {
        for (url, expected) in [
            (
                "mysql://h/d",
                "the address of the database must begin with postgres://",
            ),
            (
                "postgres://h:99999/d",
                "the address of the database is wrong: invalid port number",
            ),
            (
                "postgres://h/d?sslmode=require",
                "this program has no TLS; use an address with sslmode=disable",
            ),
            (
                "postgres:///d?host=/tmp",
                "the address of the database must have a host name, because the proxy speaks TCP only",
            ),
        ] {
            let error = Target::postgres(url).await.unwrap_err();
            assert_eq!(error, expected);
        }
        let closed = "postgres://ada:secret@127.0.0.1:1/d";
        let error = Target::postgres(closed).await.unwrap_err();
        // The rest is the system's words.
        let expected = "the database at 127.0.0.1:1 can't be used: ";
        assert!(error.starts_with(expected), "{error}");
        assert!(!error.contains("secret"), "{error}");
    });
}

#[test]
fn postgresql_says_what_is_wrong() {
    over_postgresql(async |target| {
        let url = URL.as_ref().unwrap();
        let options: PgConnectOptions = url.parse().unwrap();
        let place = format!("{}:{}", options.get_host(), options.get_port());
        let role = options.get_username();

        let wrong = format!("postgres://{role}:wrong@{place}/{role}");
        let error = Target::postgres(&wrong).await.unwrap_err();
        let expected = format!(
            "the database at {place} can't be used: password authentication failed for user \"{role}\""
        );
        // A server that asks for no password says that there is no such database.
        let other =
            format!("the database at {place} can't be used: database \"{role}\" does not exist");
        assert!([expected, other].contains(&error), "{error}");

        let _taken = take_all(&target, &options).await;
        let error = Target::postgres(url).await.unwrap_err();
        let expected = format!("the database at {place} can't be used: ");
        assert!(error.starts_with(&expected), "{error}");
        assert!(
            error.contains("connection slots") || error.contains("too many"),
            "{error}"
        );
        assert!(!error.contains('\n'), "{error}");
    });
}
