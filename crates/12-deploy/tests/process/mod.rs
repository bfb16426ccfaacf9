//! Servers of Kubernetes' API for the program, and the program as a process.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::path::PathBuf;
use std::process::{Command, Output};

use apiserver::{Cluster, Faults, Fleet, Options};
use k8s_openapi::api::apps::v1::Deployment;
use kube::Client;
use kube::api::Api;

/// The program, with the chapter's manifest if the arguments name no other.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/manifest.yaml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_deploy"));
    if !arguments.contains(&"--file") {
        command.args(["--file", manifest]);
    }
    command.args(arguments);
    command
}

/// A path of this test program's own, at which there is nothing.
pub(crate) fn path(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("deploy-{name}"));
    let _ = std::fs::remove_file(&path);
    path
}

/// A path of this test program's own, with a file.
pub(crate) fn file(name: &str, contents: &str) -> String {
    let path = path(name);
    std::fs::write(&path, contents).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Servers that are there before the program begins, and after it has ended.
pub(crate) struct Servers {
    pub(crate) fleet: Fleet,
    pub(crate) kubeconfig: String,
}

impl Servers {
    /// Starts `c01`, `c02` and so on, with faults as the command line has them.
    pub(crate) fn start(test: &str, count: usize, faults: &[(&str, &str)]) -> Servers {
        let options = Fleet::names(count).into_iter().map(|name| {
            let of = faults.iter().filter(|(of, _)| *of == name);
            let rules = of.map(|(_, rule)| rule.parse().unwrap()).collect();
            Options {
                name,
                faults: Faults {
                    rules,
                    ..Faults::default()
                },
                ..Options::default()
            }
        });
        let fleet = Fleet::start(options).unwrap();
        let kubeconfig = file(&format!("{test}.kubeconfig"), &fleet.kubeconfig);
        Servers { fleet, kubeconfig }
    }

    /// Runs the program against all of them, to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.program(arguments).output().unwrap()
    }

    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let all = ["--contexts", "c*", "--kubeconfig", &self.kubeconfig];
        program(&[&all, arguments].concat())
    }

    /// The cluster with this name.
    pub(crate) fn cluster(&self, number: usize) -> &Cluster {
        &self.fleet.servers[number - 1].cluster
    }
}

/// Another client's view of the Deployment that the manifest names.
pub(crate) fn deployments(cluster: &Cluster) -> Api<Deployment> {
    Api::default_namespaced(Client::new(cluster.clone(), "default"))
}

/// How many replicas the Deployment of the manifest should have, read by another client; `None` if there is none.
pub(crate) async fn replicas(cluster: &Cluster) -> Option<i32> {
    let found = deployments(cluster).get_opt("web").await.unwrap();
    found.map(|found| found.spec.replicas.unwrap())
}
