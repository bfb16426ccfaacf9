//! The server as a process: what it prints first, how it shuts down, and what it prints about bad flags.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// Returns the command that starts the example, which Cargo builds for the tests.
fn server(arguments: &[&str]) -> Command {
    let this = std::env::current_exe().unwrap();
    let folder = this.parent().and_then(|deps| deps.parent()).unwrap();
    let server: PathBuf = folder.join("examples/server");
    let mut command = Command::new(&server);
    command
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn started(arguments: &[&str]) -> (Child, String) {
    let mut child = server(arguments).spawn().unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("http://").unwrap().to_owned();
    (child, address)
}

#[test]
fn a_signal_ends_every_stream_and_the_process_and_the_user_sees_it() {
    for signal in ["TERM", "INT"] {
        let (child, address) = started(&["--listen", "127.0.0.1:0"]);
        let mut stream = TcpStream::connect(&address).unwrap();
        stream
            .write_all(b"GET /events HTTP/1.1\r\nhost: x\r\n\r\n")
            .unwrap();
        let mut first = [0; 1];
        stream.read_exact(&mut first).unwrap();
        let mut kill = Command::new("kill");
        kill.args(["-s", signal, &child.id().to_string()]);
        assert!(kill.status().unwrap().success());
        let mut rest = String::new();
        stream.read_to_string(&mut rest).unwrap();
        assert!(
            rest.ends_with("\r\n0\r\n\r\n"),
            "the end of the stream: {rest}"
        );
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{signal}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            said,
            "server: shutting down; open streams: 1\nserver: done\n"
        );
    }
}

#[test]
fn a_bad_flag_is_one_line_and_status_2() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (arguments, words) in [
        (&["--listen", "nowhere"][..], "'nowhere'"),
        (
            &["--listen", &taken],
            "; choose another with --listen 127.0.0.1:0",
        ),
        (
            &["--listen", "192.0.2.1:80"],
            "can't listen on 192.0.2.1:80",
        ),
        (&["--buffer", "0"], "0 is not in 1.."),
        (&["--buffer", "many"], "'many'"),
        (&["--heartbeat", "0"], "expected a number of seconds"),
        (&["--write-timeout", "-1"], "-1"),
        (&["--send-buffer", "1"], "--send-buffer"),
        (&["--max-client", "1"], "--max-client"),
        (&["--listen"], "--listen"),
    ] {
        let output = server(arguments).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains(words), "{arguments:?}: {error}");
        assert_eq!(error.lines().count(), 1, "{arguments:?}: {error}");
        assert!(output.stdout.is_empty());
    }
}
