//! Server-side apply. What is expected is what Kubernetes' documentation says:
//! <https://kubernetes.io/docs/reference/using-api/server-side-apply/>

use apiserver::{Cluster, Options};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{Api, Patch, PatchParams, PostParams};
use kube::core::Status;
use kube::{Client, Error, ResourceExt};
use serde_json::{Value, json};

fn client() -> Client {
    Client::new(Cluster::new(Options::default()), "default")
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> Box<Status> {
    match answer {
        Err(Error::Api(status)) => status,
        other => panic!("expected a refusal, found {other:?}"),
    }
}

/// Applies a ConfigMap with these labels and this data.
async fn apply_map(client: &Client, manager: &str, map: Value) -> Result<ConfigMap, Error> {
    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    maps.patch(
        "test-cm",
        &PatchParams::apply(manager),
        &Patch::Apply(config_map(map)),
    )
    .await
}

fn config_map(map: Value) -> Value {
    let mut config = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": { "name": "test-cm" },
    });
    for (field, value) in map.as_object().unwrap() {
        match field.as_str() {
            "labels" => config["metadata"]["labels"] = value.clone(),
            field => config[field] = value.clone(),
        }
    }
    config
}

/// The managers of an object: name, operation, and fields.
fn managers(object: &impl ResourceExt) -> Value {
    let entries = object.managed_fields().iter().map(|entry| {
        let mut json = json!({
            "manager": entry.manager,
            "operation": entry.operation,
            "fields": entry.fields_v1.as_ref().map(|fields| &fields.0),
        });
        if let Some(part) = &entry.subresource {
            json["subresource"] = part.as_str().into();
        }
        json
    });
    entries.collect::<Vec<Value>>().into()
}

fn deployment(replicas: Option<i32>, image: &str) -> Value {
    let mut object = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "nginx-deployment", "labels": { "app": "nginx" } },
        "spec": {
            "selector": { "matchLabels": { "app": "nginx" } },
            "template": {
                "metadata": { "labels": { "app": "nginx" } },
                "spec": { "containers": [{ "name": "nginx", "image": image }] },
            },
        },
    });
    if let Some(replicas) = replicas {
        object["spec"]["replicas"] = replicas.into();
    }
    object
}

struct Deployments(Api<Deployment>);

impl Deployments {
    fn new(client: &Client) -> Deployments {
        Deployments(Api::default_namespaced(client.clone()))
    }

    async fn apply(&self, manager: &str, object: &Value) -> Result<Deployment, Error> {
        let params = PatchParams::apply(manager);
        self.0
            .patch("nginx-deployment", &params, &Patch::Apply(object))
            .await
    }

    async fn force(&self, manager: &str, object: &Value) -> Result<Deployment, Error> {
        let params = PatchParams::apply(manager).force();
        self.0
            .patch("nginx-deployment", &params, &Patch::Apply(object))
            .await
    }
}

/// "Field management", example: the `managedFields` of an object that was created by an apply.
#[tokio::test]
async fn the_manager_that_applies_owns_what_it_applied() {
    let client = client();
    let map = json!({ "labels": { "test-label": "test" }, "data": { "key": "some value" } });
    let applied = apply_map(&client, "kubectl", map).await.unwrap();
    assert_eq!(
        managers(&applied),
        json!([{
            "manager": "kubectl",
            "operation": "Apply",
            "fields": {
                "f:metadata": { "f:labels": { "f:test-label": {} } },
                "f:data": { "f:key": {} },
            },
        }])
    );
    let entry = &applied.managed_fields()[0];
    assert_eq!(entry.api_version.as_deref(), Some("v1"));
    assert_eq!(entry.fields_type.as_deref(), Some("FieldsV1"));
    assert!(entry.time.is_some());
}

/// "Whenever a field's value does change, ownership moves from its current manager to the manager making the change."
/// The documentation's object with two managers: `kube-controller-manager` updates `data.key`.
#[tokio::test]
async fn a_manager_that_updates_a_field_takes_it_from_the_one_that_applied_it() {
    let client = client();
    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    let map = json!({ "labels": { "test-label": "test" }, "data": { "key": "some value" } });
    apply_map(&client, "kubectl", map).await.unwrap();
    let params = PatchParams {
        field_manager: Some("kube-controller-manager".to_owned()),
        ..PatchParams::default()
    };
    let patch = Patch::Merge(json!({ "data": { "key": "new value" } }));
    let updated = maps.patch("test-cm", &params, &patch).await.unwrap();
    assert_eq!(
        managers(&updated),
        json!([
            {
                "manager": "kubectl",
                "operation": "Apply",
                "fields": { "f:metadata": { "f:labels": { "f:test-label": {} } } },
            },
            {
                "manager": "kube-controller-manager",
                "operation": "Update",
                "fields": { "f:data": { "f:key": {} } },
            },
        ])
    );
}

/// "A *conflict* is a special status error that occurs when an `Apply` operation tries to change a field that another
/// manager also claims to manage." The applier has three options.
#[tokio::test]
async fn changing_a_field_that_another_manager_has_is_a_conflict() {
    let client = client();
    let deployments = Deployments::new(&client);
    deployments
        .apply("first", &deployment(Some(3), "nginx:1.14.2"))
        .await
        .unwrap();

    let other = deployment(Some(5), "nginx:1.14.2");
    let conflict = refused(deployments.apply("second", &other).await);
    assert_eq!((conflict.code, conflict.reason.as_str()), (409, "Conflict"));
    assert_eq!(
        conflict.message,
        "Apply failed with 1 conflict: conflict with \"first\": .spec.replicas"
    );

    // "Don't overwrite value, become shared manager": apply the same value.
    let shared = deployments
        .apply("second", &deployment(Some(3), "nginx:1.14.2"))
        .await
        .unwrap();
    assert_eq!(shared.managed_fields().len(), 2);

    // "Overwrite value, become sole manager": force.
    let forced = deployments.force("second", &other).await.unwrap();
    assert_eq!(forced.spec.replicas, Some(5));
    let entries = managers(&forced);
    assert!(
        entries[0]["fields"]["f:spec"].get("f:replicas").is_none(),
        "{entries}"
    );
    assert_eq!(entries[1]["fields"]["f:spec"]["f:replicas"], json!({}));

    // "Don't overwrite value, give up management claim": remove the field from the configuration.
    let kept = deployments
        .apply("first", &deployment(None, "nginx:1.14.2"))
        .await
        .unwrap();
    assert_eq!(kept.spec.replicas, Some(5));
}

#[tokio::test]
async fn several_conflicts_are_named_in_one_answer() {
    let client = client();
    let deployments = Deployments::new(&client);
    deployments
        .apply("first", &deployment(Some(3), "nginx:1.14.2"))
        .await
        .unwrap();
    let conflict = refused(
        deployments
            .apply("second", &deployment(Some(4), "nginx:1.16"))
            .await,
    );
    assert_eq!(
        conflict.message,
        "Apply failed with 2 conflicts: conflicts with \"first\":\n\
         - .spec.replicas\n\
         - .spec.template.spec.containers[name=\"nginx\"].image"
    );
    let causes = conflict.details.unwrap().causes;
    assert_eq!(causes[0].reason, "FieldManagerConflict");
    assert_eq!(
        causes[1].field,
        ".spec.template.spec.containers[name=\"nginx\"].image"
    );
}

/// "Transferring ownership": a user hands the replicas to an autoscaler, with a temporary manager that shares them.
#[tokio::test]
async fn ownership_of_the_replicas_is_handed_to_an_autoscaler() {
    let client = client();
    let deployments = Deployments::new(&client);
    deployments
        .apply("kubectl", &deployment(Some(3), "nginx:1.14.2"))
        .await
        .unwrap();
    let only_replicas = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "nginx-deployment" },
        "spec": { "replicas": 3 },
    });
    deployments
        .apply("handover-to-hpa", &only_replicas)
        .await
        .unwrap();
    let left = deployments
        .apply("kubectl", &deployment(None, "nginx:1.14.2"))
        .await
        .unwrap();
    assert_eq!(left.spec.replicas, Some(3), "not the default");

    // "Note that whenever the HPA controller sets the `replicas` field to a new value, the temporary field manager
    // will no longer own any fields and will be automatically deleted."
    let params = PatchParams {
        field_manager: Some("kube-controller-manager".to_owned()),
        ..PatchParams::default()
    };
    let scale = Patch::Merge(json!({ "spec": { "replicas": 7 } }));
    deployments
        .0
        .patch_scale("nginx-deployment", &params, &scale)
        .await
        .unwrap();
    let scaled = deployments.0.get("nginx-deployment").await.unwrap();
    let entries = managers(&scaled);
    let names: Vec<_> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["manager"])
        .collect();
    assert_eq!(names, ["kubectl", "kube-controller-manager"]);
    assert_eq!(
        entries[1],
        json!({
            "manager": "kube-controller-manager",
            "operation": "Update",
            "subresource": "scale",
            "fields": { "f:spec": { "f:replicas": {} } },
        })
    );
}

/// A manager that writes through a subresource is another manager, even if it has the same name:
/// <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/#System>
#[tokio::test]
async fn applying_a_scale_conflicts_with_the_manager_of_the_replicas() {
    let client = client();
    let deployments = Deployments::new(&client);
    deployments
        .apply("user", &deployment(Some(3), "nginx:1.14.2"))
        .await
        .unwrap();
    let scale = Patch::Apply(json!({
        "apiVersion": "autoscaling/v1",
        "kind": "Scale",
        "metadata": { "name": "nginx-deployment", "namespace": "default" },
        "spec": { "replicas": 7 },
    }));
    let params = PatchParams::apply("user");
    let refusal = refused(
        deployments
            .0
            .patch_scale("nginx-deployment", &params, &scale)
            .await,
    );
    assert_eq!(
        refusal.message,
        "Apply failed with 1 conflict: conflict with \"user\": .spec.replicas"
    );
    let params = params.force();
    let scaled = deployments
        .0
        .patch_scale("nginx-deployment", &params, &scale)
        .await
        .unwrap();
    assert_eq!(scaled.spec.unwrap().replicas, Some(7));
    let refusal = refused(
        deployments
            .apply("user", &deployment(Some(3), "nginx:1.14.2"))
            .await,
    );
    assert_eq!(
        refusal.message,
        "Apply failed with 1 conflict: conflict with \"user\" with subresource \"scale\": .spec.replicas"
    );
}

/// "If you remove a field from a manifest and apply that manifest, Server-Side Apply checks if there are any other
/// field managers that also own the field. If the field is not owned by any other field managers, it is either
/// deleted from the live object or reset to its default value, if it has one. The same rule applies to associative
/// list or map items."
#[tokio::test]
async fn a_field_that_is_no_longer_applied_is_removed_unless_somebody_else_has_it() {
    let client = client();
    let both = json!({ "labels": { "a": "1", "b": "1" }, "data": { "key": "value" } });
    apply_map(&client, "first", both).await.unwrap();
    apply_map(&client, "second", json!({ "labels": { "b": "1" } }))
        .await
        .unwrap();
    let left = apply_map(&client, "first", json!({ "data": { "key": "value" } }))
        .await
        .unwrap();
    let labels: Vec<_> = left.labels().iter().collect();
    assert_eq!(labels, [(&"b".to_owned(), &"1".to_owned())]);
    let left = apply_map(&client, "second", json!({ "data": {} }))
        .await
        .unwrap();
    assert!(left.labels().is_empty());

    let deployments = Deployments::new(&client);
    deployments
        .apply("user", &deployment(Some(3), "nginx:1.14.2"))
        .await
        .unwrap();
    let reset = deployments
        .apply("user", &deployment(None, "nginx:1.14.2"))
        .await
        .unwrap();
    assert_eq!(reset.spec.replicas, Some(1), "the default");
}

/// `listType`: "If configured as `atomic`, the entire list is replaced during merge. […] If `set` or `map`, different
/// managers can manage entries separately." The key of a container and of a variable is its name, that of a port its
/// number with the protocol; arguments are atomic.
#[tokio::test]
async fn lists_are_merged_by_their_keys() {
    let client = client();
    let deployments = Deployments::new(&client);
    let mut first = deployment(None, "nginx:1.14.2");
    let container = &mut first["spec"]["template"]["spec"]["containers"][0];
    container["env"] = json!([{ "name": "A", "value": "1" }, { "name": "B", "value": "1" }]);
    container["ports"] = json!([{ "containerPort": 80, "name": "http" }]);
    container["args"] = json!(["one", "two"]);
    deployments.apply("first", &first).await.unwrap();

    let mut second = deployment(None, "nginx:1.14.2");
    second["spec"]["template"]["spec"]["containers"] = json!([
        {
            "name": "nginx",
            "env": [{ "name": "C", "value": "1" }],
            "ports": [{ "containerPort": 80, "protocol": "UDP" }],
        },
        { "name": "proxy", "image": "envoy" },
    ]);
    let merged = deployments.apply("second", &second).await.unwrap();
    let containers = merged.spec.template.spec.unwrap().containers;
    let names: Vec<_> = containers
        .iter()
        .map(|container| container.name.as_str())
        .collect();
    assert_eq!(names, ["nginx", "proxy"]);
    let env = containers[0].env.as_deref().unwrap_or_default();
    assert_eq!(
        env.iter().map(|v| v.name.as_str()).collect::<Vec<_>>(),
        ["A", "B", "C"]
    );
    assert_eq!(containers[0].ports.as_ref().unwrap().len(), 2);
    assert_eq!(containers[0].image.as_deref(), Some("nginx:1.14.2"));

    // The first manager no longer wants B, and wants other arguments: they are replaced as a whole.
    let container = &mut first["spec"]["template"]["spec"]["containers"][0];
    container["env"] = json!([{ "name": "A", "value": "1" }]);
    container["args"] = json!(["three"]);
    let merged = deployments.apply("first", &first).await.unwrap();
    let containers = merged.spec.template.spec.unwrap().containers;
    let env = containers[0].env.as_deref().unwrap_or_default();
    assert_eq!(
        env.iter().map(|v| v.name.as_str()).collect::<Vec<_>>(),
        ["A", "C"]
    );
    assert_eq!(containers[0].args.as_deref().unwrap_or_default(), ["three"]);

    // The second gives its container up: it was its only manager.
    second["spec"]["template"]["spec"]["containers"]
        .as_array_mut()
        .unwrap()
        .pop();
    let merged = deployments.apply("second", &second).await.unwrap();
    assert_eq!(merged.spec.template.spec.unwrap().containers.len(), 1);
}

/// "Clearing `managedFields`": an entry that is empty strips them; "setting the `managedFields` to an empty list will
/// not reset the field". What is there when somebody applies for the first time belongs to `before-first-apply`.
#[tokio::test]
async fn managers_can_be_cleared() {
    let client = client();
    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    apply_map(&client, "first", json!({ "data": { "key": "value" } }))
        .await
        .unwrap();
    let clear = |list: Value| Patch::Merge(json!({ "metadata": { "managedFields": list } }));
    let params = PatchParams::default();
    let same = maps
        .patch("test-cm", &params, &clear(json!([])))
        .await
        .unwrap();
    assert_eq!(same.managed_fields().len(), 1);
    let cleared = maps
        .patch("test-cm", &params, &clear(json!([{}])))
        .await
        .unwrap();
    assert_eq!(cleared.managed_fields().len(), 0);
    let refusal = refused(apply_map(&client, "second", json!({ "data": { "key": "x" } })).await);
    assert_eq!(
        refusal.message,
        "Apply failed with 1 conflict: conflict with \"before-first-apply\" using v1: .data.key"
    );
}

#[tokio::test]
async fn applying_the_same_again_changes_nothing() {
    let client = client();
    let map = json!({ "labels": { "a": "1" }, "data": { "key": "value" } });
    let first = apply_map(&client, "first", map.clone()).await.unwrap();
    let again = apply_map(&client, "first", map).await.unwrap();
    assert_eq!(first, again);
}

/// "When you Apply to a resource, the `fieldManager` parameter is required." "… when using the `Apply` operation you
/// cannot define `managedFields` in the body of the request that you submit."
#[tokio::test]
async fn an_apply_that_cannot_be_is_refused() {
    let client = client();
    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    let apply = Patch::Apply(config_map(json!({ "data": { "key": "value" } })));
    let refusal = refused(maps.patch("test-cm", &PatchParams::default(), &apply).await);
    assert_eq!(refusal.code, 422);
    assert!(
        refusal.message.contains("fieldManager: Required value"),
        "{}",
        refusal.message
    );

    let unknown = config_map(json!({ "dada": { "key": "value" } }));
    let params = PatchParams::apply("first");
    let refusal = refused(maps.patch("test-cm", &params, &Patch::Apply(unknown)).await);
    assert_eq!(refusal.code, 400);
    assert!(
        refusal
            .message
            .contains(".dada: field not declared in schema"),
        "{}",
        refusal.message
    );

    let mut foreign = config_map(json!({}));
    foreign["metadata"]["managedFields"] = json!([{ "manager": "me" }]);
    let refusal = refused(maps.patch("test-cm", &params, &Patch::Apply(foreign)).await);
    assert_eq!(refusal.message, "metadata.managedFields must be nil");

    // A configuration that names a revision that is no longer the newest.
    let stale = apply_map(&client, "first", json!({ "data": { "key": "1" } }))
        .await
        .unwrap();
    apply_map(&client, "first", json!({ "data": { "key": "2" } }))
        .await
        .unwrap();
    let mut old = config_map(json!({ "data": { "key": "3" } }));
    old["metadata"]["resourceVersion"] = stale.resource_version().into();
    let refusal = refused(maps.patch("test-cm", &params, &Patch::Apply(old)).await);
    assert_eq!((refusal.code, refusal.reason.as_str()), (409, "Conflict"));
}

#[tokio::test]
async fn a_dry_run_of_an_apply_says_what_would_be() {
    let client = client();
    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    let before = apply_map(&client, "first", json!({ "data": { "key": "1" } }))
        .await
        .unwrap();
    let apply = Patch::Apply(config_map(json!({ "data": { "key": "2" } })));
    let params = PatchParams::apply("first").dry_run();
    let would = maps.patch("test-cm", &params, &apply).await.unwrap();
    assert_eq!(would.data.unwrap()["key"], "2");
    assert_eq!(maps.get("test-cm").await.unwrap(), before);
}

/// A manager is recorded for a **create**, too, and its operation isn't `Apply`.
#[tokio::test]
async fn an_object_that_was_created_belongs_to_its_creator() {
    let client = client();
    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    let params = PostParams {
        field_manager: Some("creator".to_owned()),
        ..PostParams::default()
    };
    let map = serde_json::from_value(config_map(json!({ "data": { "key": "1" } }))).unwrap();
    maps.create(&params, &map).await.unwrap();
    let refusal = refused(apply_map(&client, "first", json!({ "data": { "key": "2" } })).await);
    assert_eq!(
        refusal.message,
        "Apply failed with 1 conflict: conflict with \"creator\" using v1: .data.key"
    );
}
