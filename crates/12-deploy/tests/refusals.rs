//! What the program refuses before it changes anything, each in a sentence.

use std::process::Output;

mod process;

use process::{Servers, file, path, program, replicas};

/// Runs the program, which should refuse. Returns the only line that it says.
fn refused(status: i32, output: &Output) -> String {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(status), "{said}");
    assert!(output.stdout.is_empty(), "{output:?}");
    assert_eq!(said.lines().count(), 1, "{said}");
    let said = said.trim_end().strip_prefix("deploy: ");
    said.unwrap_or_else(|| panic!("{output:?}")).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manifest_that_cannot_be_used_is_refused_with_its_line() {
    let servers = Servers::start("manifests", 1, &[]);
    for (name, text, expected) in [
        ("yaml", "a: 1\nb: [1,\n", "line "),
        (
            "tabs",
            "kind: Deployment\nmetadata:\n\tname: web\n",
            "line 3: ",
        ),
        ("twice", "kind: A\nkind: B\n", "line 2: "),
        ("empty", "# nothing\n---\n", "there is no object in it"),
        (
            "list",
            "- a\n- b\n",
            "line 1: this isn't an object with apiVersion, kind and metadata",
        ),
        (
            "kind",
            "apiVersion: v1\nmetadata: {name: a}\n",
            "line 1: kind is missing",
        ),
        (
            "name",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\n",
            "line 5: metadata.name is missing",
        ),
        (
            "number",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 7}\n",
            "line 1: metadata.name is 7, which isn't text",
        ),
        (
            "same",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n",
            "line 3: ConfigMap a is in the manifest already, at line 1",
        ),
    ] {
        let path = file(&format!("refused-{name}.yaml"), text);
        let said = refused(1, &servers.run(&["--file", &path]));
        let after = said.strip_prefix(&format!("{path}: "));
        assert!(
            after.is_some_and(|said| said.starts_with(expected)),
            "{name}: {said}"
        );
    }
    let said = refused(1, &servers.run(&["--file", "no-such-file.yaml"]));
    assert!(said.starts_with("can't read no-such-file.yaml: "), "{said}");
    assert_eq!(servers.cluster(1).requests().total(), 0, "nobody was asked");
}

/// One document fits, one doesn't; one cluster doesn't answer at all. None is changed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kind_that_a_cluster_lacks_is_refused_before_anything_is_changed() {
    let servers = Servers::start("kinds", 3, &[("c02", "503")]);
    let good = include_str!("../manifest.yaml");
    for (name, more, expected) in [
        (
            "kind",
            "apiVersion: shop.example/v1\nkind: Widget\nmetadata: {name: a}\n",
            "Widget a: the cluster has no kind Widget in shop.example/v1 (c01, c03)",
        ),
        (
            "version",
            "apiVersion: apps/v1beta1\nkind: Deployment\nmetadata: {name: a}\n",
            "Deployment a: the cluster has no kind Deployment in apps/v1beta1 (c01, c03)",
        ),
        (
            "scope",
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: b}\n",
            "Namespace b/a: a Namespace is in no namespace (c01, c03)",
        ),
        (
            "verb",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n",
            "Pod a: the cluster lets nobody apply a Pod (c01, c03)",
        ),
    ] {
        let path = file(
            &format!("refused-kind-{name}.yaml"),
            &format!("{good}---\n{more}"),
        );
        assert_eq!(refused(1, &servers.run(&["--file", &path])), expected);
    }
    assert_eq!(replicas(servers.cluster(1)).await, None);
    assert_eq!(
        servers.cluster(1).requests().count("patch", "deployments"),
        0
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_context_that_is_not_there_is_refused() {
    let servers = Servers::start("contexts", 2, &[]);
    let run = |contexts: &str, kubeconfig: &str| {
        program(&["--contexts", contexts, "--kubeconfig", kubeconfig])
            .output()
            .unwrap()
    };
    let at = servers.kubeconfig.as_str();
    assert_eq!(
        refused(1, &run("c01,c3", at)),
        "the kubeconfig has no context 'c3'"
    );
    let said = refused(1, &run("c01,c3,prod-*,c02", at));
    assert_eq!(said, "the kubeconfig has no contexts 'c3', 'prod-*'");
    let said = refused(1, &run("c01", "no-such-file"));
    assert!(
        said.starts_with("can't read the kubeconfig no-such-file: "),
        "{said}"
    );
    let said = refused(1, &run("c01", &file("broken.kubeconfig", "contexts: [{")));
    assert!(said.starts_with("can't use the kubeconfig: "), "{said}");
    let half = "contexts: [{name: c01, context: {cluster: nowhere, user: nobody}}]\n";
    let said = refused(1, &run("c01", &file("half.kubeconfig", half)));
    assert!(
        said.starts_with("context 'c01': can't use the kubeconfig: "),
        "{said}"
    );
    assert_eq!(servers.cluster(1).requests().total(), 0, "nobody was asked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_state_file_that_cannot_be_used_is_refused() {
    let servers = Servers::start("states", 1, &[]);
    let state = file("broken.state", "{\"manifest\": 7}");
    let said = refused(1, &servers.run(&["--state", &state]));
    assert!(
        said.starts_with(&format!("{state} isn't a state file: ")),
        "{said}"
    );
    assert!(said.ends_with("; remove it to begin anew"), "{said}");
    let said = refused(1, &servers.run(&["--state", "/no/such/folder/state"]));
    assert!(
        said.starts_with("can't write /no/such/folder/state: "),
        "{said}"
    );
    assert_eq!(replicas(servers.cluster(1)).await, None);
    let folder = path("folder.state");
    let _ = std::fs::create_dir(&folder);
    let said = refused(1, &servers.run(&["--state", folder.to_str().unwrap()]));
    assert!(said.starts_with("can't read "), "{said}");
}

#[test]
fn a_wrong_command_line_has_status_2() {
    for (arguments, expected) in [
        (
            &["--limit", "0"][..],
            "with a limit of 0 nothing would begin; use at least 1",
        ),
        (
            &["--budget", "0"],
            "with a failure budget of 0 nothing would begin",
        ),
        (
            &["--budget", "101%"],
            "a failure budget of 101 % is more than all clusters",
        ),
        (&["--deadline", "0"], "expected seconds, such as 30 or 0.5"),
        (
            &["--deadline", "9", "--deadline-all", "3"],
            "a cluster may take 9s, but all of them together only 3s",
        ),
        (
            &["--strategy", "all"],
            "invalid value 'all' for '--strategy",
        ),
        (
            &["--fault", "503"],
            "expected a cluster and a rule, such as c07:503",
        ),
        (&["--state", "file"], "--contexts"),
        (
            &["--contexts", "a", "--clusters", "3"],
            "cannot be used with",
        ),
    ] {
        let output = program(arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(
            said.contains(expected) && output.stdout.is_empty(),
            "{arguments:?}: {said}"
        );
    }
    let output = program(&["--clusters", "2", "--fault", "c3:503"])
        .output()
        .unwrap();
    assert_eq!(
        refused(1, &output),
        "there is no embedded server 'c3' to have a fault"
    );
}

/// The rollout was done, and the exit status says that nobody was told.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_a_sentence() {
    let servers = Servers::start("full", 1, &[]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let output = servers.program(&[]).stdout(full.unwrap()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let last = said.lines().last().unwrap();
    assert!(last.starts_with("deploy: can't print: "), "{said}");
    assert_eq!(output.status.code(), Some(5), "{said}");
}
