//! The example server as a process: what it prints about bad flags, and where it answers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Returns the command that starts the example, which Cargo builds for the tests.
fn program(arguments: &[&str]) -> Command {
    let this = std::env::current_exe().unwrap();
    let folder = this.parent().and_then(|deps| deps.parent()).unwrap();
    let mut command = Command::new(folder.join("examples").join("page"));
    command
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs the example, which should refuse its arguments. Returns its status and what it printed about them.
fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let mut running = Running(program(arguments).spawn().unwrap());
    // A server that listens prints its address. One that doesn't closes its output.
    let mut line = String::new();
    let mut output = BufReader::new(running.0.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "", "{arguments:?} are accepted");
    let mut error = String::new();
    let mut errors = running.0.stderr.take().unwrap();
    errors.read_to_string(&mut error).unwrap();
    (running.0.wait().unwrap().code(), error)
}

#[test]
fn a_bad_flag_is_named_and_is_status_2() {
    for (arguments, words) in [
        (&["--listen", "nonsense"][..], "'nonsense'"),
        (&["--listen", "localhost:8080"], "'localhost:8080'"),
        (&["--listen", "127.0.0.1:-1"], "'127.0.0.1:-1'"),
        (&["--listen", "127.0.0.1:65536"], "'127.0.0.1:65536'"),
        (&["--listen", ""], "--listen <ADDR>"),
        (&["--listen"], "--listen <ADDR>"),
        (&["--listne", "127.0.0.1:0"], "'--listne'"),
        (&["--patience", "1"], "'--patience'"),
        (&["extra"], "'extra'"),
    ] {
        let (status, error) = refused(arguments);
        assert_eq!(status, Some(2), "{arguments:?}: {error}");
        assert!(error.contains(words), "{arguments:?}: {error}");
    }
}

#[test]
fn an_address_that_is_taken_or_not_here_is_named_with_a_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (address, way_out) in [
        (&*taken, "; choose another with --listen 127.0.0.1:0\n"),
        ("192.0.2.1:80", "\n"),
    ] {
        let (status, error) = refused(&["--listen", address]);
        assert_eq!(status, Some(1), "{error}");
        let begin = format!("page: can't listen on {address}: ");
        assert!(
            error.starts_with(&begin) && error.ends_with(way_out),
            "{error}"
        );
        assert_eq!(error.lines().count(), 1, "{error}");
        assert_eq!(error.contains("--listen"), address == taken, "{error}");
    }
}

#[test]
fn the_server_says_where_it_listens_and_answers_there() {
    let mut server = Running(program(&["--listen", "127.0.0.1:0"]).spawn().unwrap());
    let mut output = BufReader::new(server.0.stdout.take().unwrap());
    let (lines, first) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let _ = lines.send(line);
    });
    let line = first.recv_timeout(Duration::from_secs(60));
    let line = line.expect("the server says where it listens");
    let address = line.trim_end().strip_prefix("http://").unwrap();
    for (path, words) in [
        ("/", "<title>A page from three services</title>"),
        ("/page/joined?patience_ms=60000", r#""text":"deployed""#),
    ] {
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.contains(words),
            "{path}: {answer}"
        );
    }
}
