//! The three kinds of patch. What is expected of strategic merge patches is what Kubernetes' documentation says:
//! <https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md>

use apiserver::{Cluster, Load, Options, talk};
use k8s_openapi::api::apps::v1::Deployment;
use kube::api::{Api, Patch, PatchParams};
use kube::{Client, Error, ResourceExt};
use serde_json::{Value, json};

/// The talk's Deployments in a cluster in this process, without a socket.
fn deployments(options: Options) -> (Cluster, Api<Deployment>) {
    let options = Options {
        load: Load::Talk,
        ..options
    };
    let cluster = Cluster::new(options);
    (
        cluster.clone(),
        Api::default_namespaced(Client::new(cluster, talk::NAMESPACE)),
    )
}

/// The status that the server refused a request with.
fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> (u16, String) {
    match answer {
        Err(Error::Api(status)) => (status.code, status.reason.clone()),
        other => panic!("expected a refusal, found {other:?}"),
    }
}

#[tokio::test]
async fn three_kinds_of_patch_change_an_object() {
    let (_cluster, deployments) = deployments(Options::default());
    let params = PatchParams::default();
    let merge = json!({ "metadata": { "labels": { "tier": "front", "app": null } } });
    let merged = deployments
        .patch("web-40", &params, &Patch::Merge(merge))
        .await
        .unwrap();
    let labels = merged.metadata.labels.unwrap();
    assert_eq!(
        labels.into_iter().collect::<Vec<_>>(),
        [("tier".to_owned(), "front".to_owned())]
    );
    assert_eq!(merged.metadata.generation, Some(1));

    let operations = serde_json::from_value(json!([
        { "op": "test", "path": "/spec/replicas", "value": 2 },
        { "op": "replace", "path": "/spec/replicas", "value": 3 },
    ]))
    .unwrap();
    let json: Patch<()> = Patch::Json(operations);
    let patched = deployments.patch("web-40", &params, &json).await.unwrap();
    assert_eq!(patched.spec.replicas, Some(3));
    assert_eq!(patched.metadata.generation, Some(2));
    let (code, reason) = refused(deployments.patch("web-40", &params, &json).await);
    assert_eq!((code, reason.as_str()), (422, "Invalid"));

    // "… containers … patchMergeKey is name": the list is merged, not replaced.
    // https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
    let strategic = json!({ "spec": { "template": { "spec": { "containers": [
        { "name": "patch-demo-ctr-2", "image": "redis" },
    ] } } } });
    let patched = deployments
        .patch("web-40", &params, &Patch::Strategic(strategic))
        .await
        .unwrap();
    let containers = patched.spec.template.spec.unwrap().containers;
    let names: Vec<_> = containers
        .iter()
        .map(|container| container.name.as_str())
        .collect();
    assert_eq!(names, ["main", "patch-demo-ctr-2"]);
    let (code, _) = refused(
        deployments
            .patch(
                "web-40",
                &params,
                &Patch::Merge(json!({ "spec": { "replicas": -1 } })),
            )
            .await,
    );
    assert_eq!(code, 422);
}

/// Patches the Pod template's containers, volumes and so on, and returns the template's `spec`.
async fn patched(deployments: &Api<Deployment>, template: Value) -> Value {
    let patch = Patch::Strategic(json!({ "spec": { "template": { "spec": template } } }));
    let patched = deployments
        .patch("web-40", &PatchParams::default(), &patch)
        .await
        .unwrap();
    serde_json::to_value(patched.spec.template.spec).unwrap()
}

fn names(list: &Value) -> Vec<&str> {
    let list = list.as_array().map_or(&[] as &[Value], Vec::as_slice);
    list.iter()
        .map(|element| element["name"].as_str().unwrap())
        .collect()
}

/// "To delete an element of a list that should be merged", "to override the container list to be strictly replaced".
#[tokio::test]
async fn a_strategic_patch_deletes_and_replaces() {
    let (_cluster, deployments) = deployments(Options::default());
    let two = json!({ "containers": [
        { "name": "nginx", "image": "nginx-1.0" },
        { "name": "log-tailer", "image": "log-tailer-1.0" },
    ] });
    assert_eq!(
        names(&patched(&deployments, two).await["containers"]),
        ["main", "nginx", "log-tailer"]
    );
    let delete = json!({ "containers": [
        { "name": "nginx", "image": "nginx-1.1" },
        { "$patch": "delete", "name": "log-tailer" },
    ] });
    let left = patched(&deployments, delete).await;
    assert_eq!(names(&left["containers"]), ["main", "nginx"]);
    assert_eq!(left["containers"][1]["image"], "nginx-1.1");
    let replace = json!({ "containers": [
        { "name": "nginx", "image": "nginx-1.0" },
        { "$patch": "replace" },
    ] });
    assert_eq!(
        names(&patched(&deployments, replace).await["containers"]),
        ["nginx"]
    );

    // "Applying this patch will delete the … map. … An equivalent way to delete this map is" null.
    let security = json!({ "securityContext": { "runAsUser": 1 } });
    assert!(patched(&deployments, security.clone()).await["securityContext"].is_object());
    let delete = json!({ "securityContext": { "$patch": "delete" } });
    assert!(
        patched(&deployments, delete)
            .await
            .get("securityContext")
            .is_none()
    );
    patched(&deployments, security).await;
    let null = json!({ "securityContext": null });
    assert!(
        patched(&deployments, null)
            .await
            .get("securityContext")
            .is_none()
    );
}

/// "The relative order specified in this directive will be retained."
#[tokio::test]
async fn a_strategic_patch_sets_the_order() {
    let (_cluster, deployments) = deployments(Options::default());
    let three = json!({ "containers": [
        { "name": "a", "image": "a" }, { "name": "b", "image": "b" }, { "name": "c", "image": "c" },
    ] });
    patched(&deployments, three).await;
    let order = json!({ "$setElementOrder/containers": [
        { "name": "b" }, { "name": "c" }, { "name": "a" },
    ] });
    let sorted = patched(&deployments, order).await;
    assert_eq!(names(&sorted["containers"]), ["main", "b", "c", "a"]);
}

/// "When this directive is present in the patch, all the fields not in this directive will be cleared."
#[tokio::test]
async fn a_strategic_patch_retains_keys() {
    let (_cluster, deployments) = deployments(Options::default());
    let volume = json!({ "volumes": [{ "name": "cache", "emptyDir": {} }] });
    patched(&deployments, volume).await;
    let other = json!({ "volumes": [{
        "name": "cache",
        "$retainKeys": ["name", "configMap"],
        "configMap": { "name": "settings-01" },
    }] });
    let volumes = patched(&deployments, other).await["volumes"].clone();
    assert_eq!(volumes[0]["configMap"]["name"], "settings-01");
    assert!(volumes[0].get("emptyDir").is_none(), "{volumes}");
}

/// "`finalizers` uses `merge` as patch strategy." An object that has some is marked, and goes with the last of them:
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/>
#[tokio::test]
async fn finalizers_are_a_set_and_hold_an_object_back() {
    let (_cluster, deployments) = deployments(Options::default());
    let params = PatchParams::default();
    let set = async |metadata: Value| {
        let patch = Patch::Strategic(json!({ "metadata": metadata }));
        deployments.patch("web-40", &params, &patch).await.unwrap()
    };
    let found = set(json!({ "finalizers": ["talk/a", "talk/b"] })).await;
    assert_eq!(found.finalizers(), ["talk/a", "talk/b"]);
    let found = set(json!({ "finalizers": ["talk/b", "talk/c"] })).await;
    assert_eq!(found.finalizers(), ["talk/a", "talk/b", "talk/c"]);
    let gone = json!({ "$deleteFromPrimitiveList/finalizers": ["talk/b", "talk/c"] });
    assert_eq!(set(gone).await.finalizers(), ["talk/a"]);

    let marked = deployments
        .delete("web-40", &Default::default())
        .await
        .unwrap()
        .left()
        .unwrap();
    assert!(marked.metadata.deletion_timestamp.is_some());
    deployments.get("web-40").await.unwrap();
    let last = json!({ "$deleteFromPrimitiveList/finalizers": ["talk/a"] });
    set(last).await;
    assert_eq!(refused(deployments.get("web-40").await).0, 404);
}
