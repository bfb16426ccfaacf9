//! Ctrl-C and SIGTERM in the middle of a rollout: nothing new begins, and what is under way goes on to its end.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

mod gate;
mod process;

use gate::Gate;
use process::{Servers, file, path, program};

/// The program while it runs. It is killed if the test fails, and if it hangs.
struct Running {
    process: Child,
    stderr: BufReader<ChildStderr>,
    /// Ends the thread that kills a program which hangs.
    _ended: Sender<()>,
}

impl Running {
    fn start(mut program: Command) -> Running {
        program.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = program.spawn().unwrap();
        let stderr = BufReader::new(process.stderr.take().unwrap());
        let (ended, hangs) = channel::<()>();
        let id = process.id().to_string();
        thread::spawn(move || {
            if hangs.recv_timeout(Duration::from_secs(60)) == Err(RecvTimeoutError::Timeout) {
                let _ = Command::new("kill").args(["-KILL", &id]).status();
            }
        });
        Running {
            process,
            stderr,
            _ended: ended,
        }
    }

    fn signal(&self, signal: &str) {
        let kill = Command::new("kill")
            .args([signal, &self.process.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
    }

    /// Reads what it says until a line has these words.
    fn says(&mut self, words: &str) -> String {
        let mut said = String::new();
        while !said.contains(words) {
            let mut line = String::new();
            self.stderr.read_line(&mut line).unwrap();
            assert!(
                !line.is_empty(),
                "it ended without saying {words:?}: {said}"
            );
            said += &line;
        }
        said
    }

    /// Waits for its end. Returns its status and what it printed.
    fn ends(mut self) -> (ExitStatus, String) {
        let mut printed = String::new();
        let mut stdout = self.process.stdout.take().unwrap();
        stdout.read_to_string(&mut printed).unwrap();
        (self.process.wait().unwrap(), printed)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Two clusters are in flight, two have to wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_waits_for_what_is_under_way_and_the_next_run_goes_on() {
    for (signal, status) in [("-INT", 130), ("-TERM", 143)] {
        let gate = Gate::start(4).await;
        let kubeconfig = file("gate.kubeconfig", &gate.kubeconfig);
        let state = path("gate.state");
        let state = state.to_str().unwrap();
        let common = [
            "--contexts",
            "c*",
            "--kubeconfig",
            &kubeconfig,
            "--state",
            state,
        ];
        let run = |more: &[&str]| program(&[&common, more].concat());

        let mut running = Running::start(run(&["--limit", "2", "--json"]));
        gate.waiting(2).await;
        running.signal(signal);
        running.says("stopping: waiting for c01, c02; the same signal again ends it at once");
        gate.open();
        let (ended, printed) = running.ends();
        assert_eq!(ended.code(), Some(status), "{printed}");
        let report: Value = serde_json::from_str(&printed).unwrap();
        let outcomes = report["clusters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| &it["outcome"]);
        let outcomes: Vec<_> = outcomes.collect();
        assert_eq!(outcomes, ["applied", "applied", "stopped", "stopped"]);
        assert_eq!(report["clusters"][2]["why"], "stopped before it began");

        let (ended, printed) = Running::start(run(&["--json"])).ends();
        assert_eq!(ended.code(), Some(0), "{printed}");
        let report: Value = serde_json::from_str(&printed).unwrap();
        let counts = [
            &report["counts"]["applied earlier"],
            &report["counts"]["applied"],
        ];
        assert_eq!(counts, [&json!(2), &json!(2)]);
    }
}

/// A user who does not want to wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_signal_ends_it_at_once_and_leaves_a_state_file() {
    let gate = Gate::start(2).await;
    let kubeconfig = file("second.kubeconfig", &gate.kubeconfig);
    let state = path("second.state");
    let arguments = [
        "--contexts",
        "c*",
        "--kubeconfig",
        &kubeconfig,
        "--state",
        state.to_str().unwrap(),
    ];
    let mut running = Running::start(program(&arguments));
    gate.waiting(2).await;
    let other = program(&arguments).output().unwrap();
    let said = String::from_utf8(other.stderr).unwrap();
    assert_eq!(other.status.code(), Some(1), "{said}");
    assert!(said.contains("another run uses "), "{said}");
    running.signal("-INT");
    running.says("stopping: waiting for c01, c02");
    running.signal("-INT");
    let (ended, printed) = running.ends();
    assert_eq!((ended.code(), printed.as_str()), (Some(130), ""));
    let contents: Value = serde_json::from_slice(&std::fs::read(&state).unwrap()).unwrap();
    assert_eq!(contents["applied"], json!([]));
}

/// A cluster that waits for its next try isn't waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_ends_the_wait_between_two_tries() {
    let servers = Servers::start("wait", 1, &[("c01", "PATCH:429=5000")]);
    let mut running = Running::start(servers.program(&["--deadline", "9000"]));
    running.says("; trying again in 500");
    running.signal("-INT");
    let (ended, printed) = running.ends();
    assert_eq!(ended.code(), Some(130), "{printed}");
    assert!(
        printed.contains("    c01: stopped: Deployment web: 429 "),
        "{printed}"
    );
    assert!(
        printed.ends_with("\n0 of 1 clusters have the manifest\n"),
        "{printed}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_before_anything_was_begun_says_so() {
    let servers = Servers::start("look", 1, &[("c01", "GET:hang")]);
    let mut running = Running::start(servers.program(&[]));
    gate::until("it asks", || servers.cluster(1).requests().total() > 0).await;
    running.signal("-INT");
    assert_eq!(
        running.says("begun"),
        "deploy: stopped before anything was begun\n"
    );
    let (ended, printed) = running.ends();
    assert_eq!((ended.code(), printed.as_str()), (Some(130), ""));
}
