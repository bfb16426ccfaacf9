//! The commands of `kubectl` against the server: get, describe, scale, apply, conflict, watch.
//!
//! Without `kubectl` on PATH, these tests say that they were skipped. With `CI=true` they fail.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use apiserver::{Load, Options, Security, Server};

/// No test waits longer than this for a line.
const DEADLINE: Duration = Duration::from_secs(30);

/// A server, and a home for `kubectl` that knows only this server.
struct Kubectl {
    home: PathBuf,
    _server: Server,
    _runtime: tokio::runtime::Runtime,
}

impl Kubectl {
    /// Starts a server with the talk's resources, or says why the test is skipped.
    fn start(test: &str, security: Security) -> Option<Kubectl> {
        let version = Command::new("kubectl")
            .args(["version", "--client", "--output=json"])
            .output();
        let Ok(version) = version else {
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "kubectl is not on PATH"
            );
            eprintln!("{test}: SKIPPED, kubectl is not on PATH");
            return None;
        };
        let version = String::from_utf8_lossy(&version.stdout).into_owned();
        let version = version.lines().find(|line| line.contains("gitVersion"));
        println!(
            "kubectl: {}",
            version.unwrap_or("of an unknown version").trim()
        );
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let guard = runtime.enter();
        let server = Server::start(Options {
            security,
            load: Load::Talk,
            ..Options::default()
        });
        drop(guard);
        let server = server.unwrap();
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("kubectl-{test}"));
        std::fs::create_dir_all(&home).unwrap();
        std::fs::write(home.join("kubeconfig"), &server.kubeconfig).unwrap();
        Some(Kubectl {
            home,
            _server: server,
            _runtime: runtime,
        })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("kubectl");
        command
            .env("HOME", &self.home)
            .env("KUBECONFIG", self.home.join("kubeconfig"))
            .arg("--namespace=talk")
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    /// Runs `kubectl`, which has to succeed, and returns what it prints.
    fn run(&self, arguments: &[&str]) -> String {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&stderr);
        assert!(status.success(), "kubectl {arguments:?}: {said}");
        String::from_utf8(stdout).unwrap()
    }

    /// Runs `kubectl`, which has to fail, and returns what it says.
    fn fail(&self, arguments: &[&str]) -> String {
        let Output { status, stderr, .. } = self.command(arguments).output().unwrap();
        assert!(!status.success(), "kubectl {arguments:?} succeeds");
        String::from_utf8(stderr).unwrap()
    }

    /// Writes the manifest of the documentation's Deployment, and returns its path.
    fn manifest(&self, replicas: u32) -> String {
        let path = self.home.join(format!("nginx-{replicas}.yaml"));
        let manifest = include_str!("nginx-deployment.yaml");
        let manifest = manifest.replace("replicas: 3", &format!("replicas: {replicas}"));
        std::fs::write(&path, manifest).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// The words of a line.
fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

#[test]
fn gets_and_describes() {
    let Some(kubectl) = Kubectl::start("gets_and_describes", Security::Plain) else {
        return;
    };
    let table = kubectl.run(&["get", "deployments"]);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(
        words(lines[0]),
        ["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"]
    );
    assert_eq!(words(lines[1])[..4], ["web-01", "0/0", "0", "0"]);
    assert_eq!(words(lines[58])[..4], ["web-58", "2/2", "2", "2"]);
    // The short names and the categories come from discovery.
    let table = kubectl.run(&[
        "get",
        "sts,ds,cj,cm",
        "--selector=app in (db-12,log-01,report-01,settings-01)",
    ]);
    for name in [
        "statefulset.apps/db-12",
        "daemonset.apps/log-01",
        "cronjob.batch/report-01",
        "configmap/settings-01",
    ] {
        assert!(table.contains(name), "{table}");
    }
    let replicas = kubectl.run(&[
        "get",
        "deployment",
        "web-40",
        "--output=jsonpath={.spec.replicas}",
    ]);
    assert_eq!(replicas, "2");
    let described = kubectl.run(&["describe", "deployment", "web-40"]);
    assert!(
        described.contains("2 desired | 2 updated | 2 total | 2 available"),
        "{described}"
    );
    let events = described.lines().last().unwrap_or_default();
    assert_eq!(words(events), ["Events:", "<none>"], "{described}");
    let missing = kubectl.fail(&["get", "deployment", "web-99"]);
    assert!(
        missing.contains("(NotFound): deployments.apps \"web-99\" not found"),
        "{missing}"
    );
}

#[test]
fn scales_and_deletes() {
    let Some(kubectl) = Kubectl::start("scales_and_deletes", Security::Plain) else {
        return;
    };
    let scaled = kubectl.run(&["scale", "deployment", "web-40", "--replicas=5"]);
    assert_eq!(scaled, "deployment.apps/web-40 scaled\n");
    let replicas = kubectl.run(&[
        "get",
        "deployment",
        "web-40",
        "--output=jsonpath={.spec.replicas}",
    ]);
    assert_eq!(replicas, "5");
    let wrong = kubectl.fail(&[
        "scale",
        "deployment",
        "web-40",
        "--current-replicas=2",
        "--replicas=1",
    ]);
    assert!(wrong.contains("xpected replicas to be 2, was 5"), "{wrong}");
    kubectl.run(&["annotate", "deployment", "web-40", "by=kubectl"]);
    kubectl.run(&[
        "patch",
        "deployment",
        "web-40",
        "--patch={\"spec\":{\"replicas\":6}}",
    ]);
    let both = "--output=jsonpath={.metadata.annotations.by} {.spec.replicas}";
    assert_eq!(
        kubectl.run(&["get", "deployment", "web-40", both]),
        "kubectl 6"
    );
    // Waits until the object is gone.
    kubectl.run(&["delete", "deployment", "web-41"]);
    kubectl.fail(&["get", "deployment", "web-41"]);
}

#[test]
fn applies_on_the_server_and_sees_conflicts() {
    let Some(kubectl) = Kubectl::start("applies_on_the_server", Security::Token) else {
        return;
    };
    let (three, four) = (kubectl.manifest(3), kubectl.manifest(4));
    let apply = ["apply", "--server-side", "--validate=false", "--filename"];
    let applied = kubectl.run(&[&apply[..], &[&three]].concat());
    assert_eq!(
        applied,
        "deployment.apps/nginx-deployment serverside-applied\n"
    );
    let other = "--field-manager=other";
    let conflict = kubectl.fail(&[&apply[..], &[&four, other]].concat());
    assert!(
        conflict
            .contains("Apply failed with 1 conflict: conflict with \"kubectl\": .spec.replicas"),
        "{conflict}"
    );
    kubectl.run(&[&apply[..], &[&four, other, "--force-conflicts"]].concat());
    let replicas = "--output=jsonpath={.spec.replicas}";
    assert_eq!(
        kubectl.run(&["get", "deployment", "nginx-deployment", replicas]),
        "4"
    );
}

#[test]
fn watches() {
    let Some(kubectl) = Kubectl::start("watches", Security::Plain) else {
        return;
    };
    let mut watch = kubectl.command(&["get", "deployment", "web-40", "--watch", "--no-headers"]);
    let mut watch = watch.stdout(Stdio::piped()).spawn().unwrap();
    let (sender, lines) = mpsc::channel();
    let stdout = BufReader::new(watch.stdout.take().unwrap());
    let reader = std::thread::spawn(move || {
        stdout
            .lines()
            .map_while(Result::ok)
            .try_for_each(|line| sender.send(line))
    });
    let first = lines.recv_timeout(DEADLINE).expect("a line");
    assert_eq!(words(&first)[..2], ["web-40", "2/2"]);
    kubectl.run(&["scale", "deployment", "web-40", "--replicas=3"]);
    let second = lines.recv_timeout(DEADLINE).expect("a line");
    assert_eq!(words(&second)[..2], ["web-40", "2/3"]);
    watch.kill().unwrap();
    watch.wait().unwrap();
    let _ = reader.join().unwrap();
}
