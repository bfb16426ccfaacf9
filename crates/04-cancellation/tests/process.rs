//! The programs under `examples/`: what they print about bad flags, and the heap that one of them counts.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// Returns the command that starts an example, which Cargo builds for the tests.
fn program(name: &str, arguments: &[&str]) -> Command {
    let this = std::env::current_exe().unwrap();
    let folder = this.parent().and_then(|deps| deps.parent()).unwrap();
    let program: PathBuf = folder.join("examples").join(name);
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

fn error(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_bad_flag_is_named_and_is_status_2() {
    for (name, arguments, words) in [
        ("jobs", &["--listen", "nonsense"][..], "'nonsense'"),
        ("jobs", &["--listen", "127.0.0.1:-1"], "'127.0.0.1:-1'"),
        (
            "jobs",
            &["--listen", "127.0.0.1:65536"],
            "'127.0.0.1:65536'",
        ),
        ("jobs", &["--listen"], "--listen <ADDR>"),
        ("jobs", &["--listne"], "'--listne'"),
        ("jobs", &["extra"], "'extra'"),
        ("vanish", &["--listen"], "'--listen'"),
        ("bytes", &["1000"], "'1000'"),
        (
            "measure_stops",
            &["--bytes", "x", "--rounds", "0"],
            "1..=100",
        ),
        ("measure_stops", &[], "--bytes <PROGRAM>"),
    ] {
        let output = program(name, arguments).output().unwrap();
        let error = error(&output);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{name} {arguments:?}: {error}"
        );
        assert!(error.contains(words), "{name} {arguments:?}: {error}");
        assert!(output.stdout.is_empty());
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
        let output = program("jobs", &["--listen", address]).output().unwrap();
        let error = error(&output);
        assert_eq!(output.status.code(), Some(1), "{error}");
        let begin = format!("jobs: can't listen on {address}: ");
        assert!(
            error.starts_with(&begin) && error.ends_with(way_out),
            "{error}"
        );
        assert_eq!(error.lines().count(), 1);
    }
}

/// A program that can't run is found before the first round, which takes a minute.
#[test]
fn a_missing_program_is_found_before_anything_is_measured() {
    let output = program("measure_stops", &["--bytes", "/nowhere/bytes"]).output();
    let output = output.unwrap();
    let error = error(&output);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(
        error.starts_with("measure_stops: /nowhere/bytes: "),
        "{error}"
    );
}

#[test]
fn the_server_says_where_it_listens_and_answers_there() {
    let mut server = program("jobs", &["--listen", "127.0.0.1:0"]);
    let mut server = server.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(server.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let address = line.trim_end().strip_prefix("http://").unwrap();
    let mut answer = String::new();
    let mut client = TcpStream::connect(address).unwrap();
    client
        .write_all(b"GET /jobs HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .unwrap();
    client.read_to_string(&mut answer).unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\n[]"),
        "{answer}"
    );
}

/// Heap is counted, not timed: the same on every run.
#[test]
fn tokens_take_at_most_the_heap_of_tokio_utils() {
    let output = program("bytes", &[]).output().unwrap();
    assert!(output.status.success(), "{}", error(&output));
    let printed = String::from_utf8(output.stdout).unwrap();
    let figures: HashMap<&str, f64> = printed
        .lines()
        .map(|line| line.split_once(' ').unwrap())
        .map(|(name, value)| (name, value.parse().unwrap()))
        .collect();
    for (ours, most) in [
        ("ours_child", "tokio_child"),
        ("ours_waiting", "tokio_waiting"),
    ] {
        assert!(figures[ours] <= figures[most], "{printed}");
    }
    // A dropped deadline leaves its slot in the parent's list behind, which the next one takes.
    assert!(figures["ours_dropped"] < 32.0, "{printed}");
    assert!(figures["lost_dropped"] > 320.0, "{printed}");
}
