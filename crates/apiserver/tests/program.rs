//! The program: what it prints, and what it says of bad input.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apiserver"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// The program's status, and what it says.
fn fails(arguments: &[&str]) -> (Option<i32>, String) {
    let output = program(arguments).output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// Ends the program with the test, whatever happens.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn it_prints_its_address_and_writes_a_kubeconfig() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("program.kubeconfig");
    let _ = std::fs::remove_file(&path);
    let arguments = [
        "--load",
        "talk",
        "--latency-ms",
        "1..5",
        "--token",
        "--kubeconfig",
    ];
    let mut command = program(&arguments);
    let running = command.arg(&path).stdout(Stdio::piped()).spawn().unwrap();
    let mut running = Running(running);
    let mut line = String::new();
    let stdout = running.0.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    assert!(line.starts_with("https://127.0.0.1:"), "{line}");
    // Written before the address is printed.
    let kubeconfig = std::fs::read_to_string(&path).unwrap();
    assert!(kubeconfig.contains(line.trim()), "{kubeconfig}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "the token is for the owner alone");
    }
}

/// A client without a library.
#[cfg(unix)]
fn get(address: &str, path: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[cfg(unix)]
#[test]
fn a_signal_stops_it_and_it_says_what_it_was_asked() {
    let mut command = program(&["--load", "talk", "--fault", "503@1"]);
    let spawned = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut running = Running(spawned);
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line.trim().strip_prefix("http://").unwrap();
    let path = "/apis/apps/v1/namespaces/talk/deployments/web-01";
    assert!(get(address, path).starts_with("HTTP/1.1 503 "));
    assert!(get(address, path).starts_with("HTTP/1.1 200 "));
    let id = running.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    assert!(running.0.wait().unwrap().success());
    let mut said = String::new();
    std::io::Read::read_to_string(&mut running.0.stderr.take().unwrap(), &mut said).unwrap();
    assert_eq!(said, "apiserver: 2 requests\n        2 get deployments\n");
}

/// Each cluster has its own objects and faults, and its context in the kubeconfig.
#[cfg(unix)]
#[test]
fn many_clusters_are_one_process_and_one_kubeconfig() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fleet.kubeconfig");
    let arguments = ["--clusters", "3", "--fault", "c02:503", "--kubeconfig"];
    let mut command = program(&arguments);
    let running = command.arg(&path).stdout(Stdio::piped()).spawn().unwrap();
    let mut running = Running(running);
    let lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let urls: Vec<String> = lines.take(3).map(Result::unwrap).collect();
    let kubeconfig: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(kubeconfig["current-context"], "c01");
    for (index, (url, status)) in urls.iter().zip(["200", "503", "200"]).enumerate() {
        let name = format!("c{:02}", index + 1);
        assert_eq!(kubeconfig["contexts"][index]["name"], *name);
        assert_eq!(kubeconfig["contexts"][index]["context"]["cluster"], *name);
        assert_eq!(kubeconfig["clusters"][index]["name"], *name);
        assert_eq!(kubeconfig["clusters"][index]["cluster"]["server"], **url);
        let address = url.strip_prefix("http://").unwrap();
        let answer = get(address, "/api/v1/namespaces/default");
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{name}: {answer}"
        );
    }
    assert_eq!(kubeconfig["users"].as_array().unwrap().len(), 3);
}

#[test]
fn bad_input_gets_one_sentence() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (arguments, words) in [
        (
            vec!["--listen", "here"],
            "invalid value 'here' for '--listen <ADDR>'",
        ),
        (vec!["--listen", &taken], "can't listen on 127.0.0.1:"),
        (
            vec!["--load", "everything"],
            "invalid value 'everything' for '--load <LOAD>'",
        ),
        (vec!["--latency-ms", "80..20"], "or a range such as 20..80"),
        (vec!["--latency-ms", "-1"], "unexpected argument '-1' found"),
        (vec!["--fault", "418"], "expected a fault (429=SECONDS, 403"),
        (
            vec!["--fault", "429@200%"],
            "expected a fault (429=SECONDS, 403",
        ),
        (
            vec!["--fault", "reset@0"],
            "expected a fault (429=SECONDS, 403",
        ),
        (
            vec!["--kubeconfig", "/no/such/folder/file"],
            "can't write /no/such/folder/file",
        ),
        (
            vec!["--token"],
            "the following required arguments were not provided",
        ),
        (vec!["--clusters", "0"], "invalid value '0' for '--clusters"),
        (
            vec!["--clusters", "2", "--fault", "c3:503"],
            "there is no cluster c3 to have a fault",
        ),
        (
            vec!["--clusters", "2", "--listen", "127.0.0.1:8001"],
            "2 servers can't share one port",
        ),
        (vec!["extra"], "unexpected argument 'extra' found"),
    ] {
        let (status, said) = fails(&arguments);
        assert_eq!(status, Some(2), "{arguments:?}: {said}");
        assert!(
            said.starts_with("apiserver: ") && said.contains(words),
            "{arguments:?}: {said}"
        );
        assert_eq!(said.trim_end().lines().count(), 1, "{arguments:?}: {said}");
    }
}
