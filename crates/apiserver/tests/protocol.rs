//! The protocol, as a client without a library speaks it.

use apiserver::{Cluster, Load, Options};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use oorandom::Rand32;
use serde_json::{Value, json};
use tower::ServiceExt;

const MAPS: &str = "/api/v1/namespaces/talk/configmaps";
const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/talk/deployments";

fn cluster() -> Cluster {
    Cluster::new(Options {
        load: Load::Talk,
        ..Options::default()
    })
}

/// Sends `METHOD PATH` with a body of a media type.
async fn send(
    cluster: &Cluster,
    what: &str,
    media: &str,
    body: impl Into<Body>,
) -> (u16, HeaderMap, Value) {
    let (method, path) = what.split_once(' ').unwrap();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", media);
    let request = request.body(body.into()).unwrap();
    let response = cluster.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let answer = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    (parts.status.as_u16(), parts.headers, answer)
}

async fn json(cluster: &Cluster, what: &str, body: Value) -> (u16, Value) {
    let (status, _, answer) = send(cluster, what, "application/json", body.to_string()).await;
    (status, answer)
}

async fn get(cluster: &Cluster, path: &str) -> (u16, Value) {
    let (status, _, answer) = send(cluster, &format!("GET {path}"), "application/json", "").await;
    (status, answer)
}

#[tokio::test]
async fn discovery_names_every_kind() {
    let cluster = cluster();
    let (_, groups) = get(&cluster, "/apis").await;
    let mut lists = vec!["/api/v1".to_owned()];
    for group in groups["groups"].as_array().unwrap() {
        let version = group["preferredVersion"]["groupVersion"].as_str().unwrap();
        lists.push(format!("/apis/{version}"));
    }
    assert_eq!(lists, ["/api/v1", "/apis/apps/v1", "/apis/batch/v1"]);
    let mut found = 0;
    for list in lists {
        let (status, resources) = get(&cluster, &list).await;
        assert_eq!(
            (status, &resources["kind"]),
            (200, &json!("APIResourceList"))
        );
        for resource in resources["resources"].as_array().unwrap() {
            let name = resource["name"].as_str().unwrap();
            if !name.contains('/') {
                // Each kind that discovery names can be listed in all Namespaces.
                let (status, items) = get(&cluster, &format!("{list}/{name}")).await;
                assert_eq!(
                    (status, items["items"].is_array()),
                    (200, true),
                    "{list}/{name}"
                );
                found += 1;
            }
        }
    }
    assert_eq!(found, 9);
    assert_eq!(get(&cluster, "/version").await.1["major"], "1");
    assert_eq!(get(&cluster, "/api").await.1["versions"], json!(["v1"]));
    assert_eq!(get(&cluster, "/readyz").await.0, 200);
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_a_status() {
    let cluster = cluster();
    let patch = format!("PATCH {MAPS}/settings-01");
    let one = format!("{MAPS}/settings-01");
    for (what, media, body, code, reason) in [
        ("GET /apis/apps/v2/deployments", "", "", 404, "NotFound"),
        ("GET /apis/apps/v1/elephants", "", "", 404, "NotFound"),
        ("GET /nowhere", "", "", 404, "NotFound"),
        (&format!("GET {one}/scale"), "", "", 404, "NotFound"),
        (
            &format!("POST {one}"),
            "application/json",
            "{}",
            405,
            "MethodNotAllowed",
        ),
        (
            "POST /api/v1/namespaces/talk/events",
            "application/json",
            "{}",
            405,
            "MethodNotAllowed",
        ),
        (
            &format!("POST {MAPS}"),
            "application/json",
            "{",
            400,
            "BadRequest",
        ),
        (
            &format!("POST {MAPS}"),
            "application/json",
            "[]",
            400,
            "BadRequest",
        ),
        (
            &format!("POST {MAPS}"),
            "application/json",
            "{\"kind\": \"Pod\"}",
            400,
            "BadRequest",
        ),
        (
            &format!("POST {MAPS}"),
            "application/json",
            "{}",
            422,
            "Invalid",
        ),
        (
            &format!("POST {MAPS}"),
            "application/vnd.kubernetes.protobuf",
            "k8s",
            415,
            "UnsupportedMediaType",
        ),
        (
            &format!("PUT {one}"),
            "application/json",
            "{}",
            400,
            "BadRequest",
        ),
        (
            &patch,
            "application/json",
            "{}",
            415,
            "UnsupportedMediaType",
        ),
        (
            &patch,
            "application/merge-patch+json",
            "[]",
            400,
            "BadRequest",
        ),
        (
            &patch,
            "application/json-patch+json",
            "{}",
            400,
            "BadRequest",
        ),
        (
            &format!("{patch}?force=true"),
            "application/merge-patch+json",
            "{}",
            422,
            "Invalid",
        ),
        (
            &format!("{patch}?fieldManager=me"),
            "application/apply-patch+yaml",
            "- a\n- b",
            400,
            "BadRequest",
        ),
        (&format!("GET {MAPS}?limit=some"), "", "", 400, "BadRequest"),
        (
            &format!("GET {MAPS}?continue=here"),
            "",
            "",
            400,
            "BadRequest",
        ),
        (
            &format!("GET {MAPS}?resourceVersion=old"),
            "",
            "",
            400,
            "BadRequest",
        ),
        (
            &format!("GET {MAPS}?resourceVersion=999999"),
            "",
            "",
            504,
            "Timeout",
        ),
        (
            &format!("GET {MAPS}?resourceVersionMatch=Exact"),
            "",
            "",
            400,
            "BadRequest",
        ),
        (
            &format!("DELETE {one}?dryRun=Some"),
            "",
            "",
            400,
            "BadRequest",
        ),
    ] {
        let (status, _, answer) = send(&cluster, what, media, body).await;
        assert_eq!(
            (status, &answer["kind"], &answer["reason"]),
            (code, &json!("Status"), &json!(reason)),
            "{what} {body}: {answer}"
        );
        assert_eq!(
            (&answer["status"], &answer["code"]),
            (&json!("Failure"), &json!(code)),
            "{what}"
        );
        assert!(
            answer["message"]
                .as_str()
                .is_some_and(|words| !words.is_empty()),
            "{what}"
        );
    }
    let large = format!("{{\"data\": {{\"a\": {:?}}}}}", "a".repeat(3 << 20));
    let (status, _, answer) =
        send(&cluster, &format!("POST {MAPS}"), "application/json", large).await;
    assert_eq!(
        (status, &answer["reason"]),
        (413, &json!("RequestEntityTooLarge"))
    );
}

/// `fieldValidation`: "Ignore", "Warn" (the default) and "Strict".
/// <https://kubernetes.io/docs/reference/using-api/api-concepts/#setting-the-field-validation-level>
#[tokio::test]
async fn unknown_fields_are_ignored_warned_of_or_refused() {
    let cluster = cluster();
    let map = json!({ "metadata": { "name": "x" }, "data": { "a": "1" }, "dada": { "b": "1" } });
    let create = |validation: &str| format!("POST {MAPS}?dryRun=All&fieldValidation={validation}");
    for (validation, warned) in [("Ignore", false), ("Warn", true), ("", true)] {
        let (status, headers, answer) = send(
            &cluster,
            &create(validation),
            "application/json",
            map.to_string(),
        )
        .await;
        assert_eq!((status, answer.get("dada")), (201, None));
        let warning = headers.get("warning").map(|value| value.to_str().unwrap());
        let expected = warned.then_some(r#"299 - "unknown field \"dada\"""#);
        assert_eq!(warning, expected, "{validation}");
    }
    let (status, answer) = json(&cluster, &create("Strict"), map).await;
    assert_eq!(status, 400);
    let words = answer["message"].as_str().unwrap();
    assert!(
        words.ends_with("strict decoding error: unknown field \"dada\""),
        "{words}"
    );
}

#[tokio::test]
async fn an_apply_may_be_yaml() {
    let cluster = cluster();
    let yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  key: value\n";
    let apply = format!("PATCH {MAPS}/yaml?fieldManager=me");
    let (status, _, answer) = send(&cluster, &apply, "application/apply-patch+yaml", yaml).await;
    assert_eq!((status, &answer["data"]["key"]), (201, &json!("value")));
    let (status, ..) = send(&cluster, &apply, "application/apply-patch+yaml", yaml).await;
    assert_eq!(status, 200);
}

/// A write to `status` changes nothing else, and a write to the object doesn't change its status.
#[tokio::test]
async fn a_status_is_written_through_its_subresource() {
    let cluster = cluster();
    let path = format!("{DEPLOYMENTS}/web-40");
    let (_, mut object) = get(&cluster, &path).await;
    object["spec"]["replicas"] = 9.into();
    object["status"]["readyReplicas"] = 1.into();
    let (status, answer) = json(&cluster, &format!("PUT {path}/status"), object.clone()).await;
    assert_eq!(
        (
            status,
            &answer["spec"]["replicas"],
            &answer["status"]["readyReplicas"]
        ),
        (200, &json!(2), &json!(1))
    );
    assert_eq!(answer["metadata"]["generation"], 1);
    object["metadata"]["resourceVersion"] = answer["metadata"]["resourceVersion"].clone();
    object["status"]["readyReplicas"] = 5.into();
    let (status, answer) = json(&cluster, &format!("PUT {path}"), object).await;
    assert_eq!(
        (
            status,
            &answer["spec"]["replicas"],
            &answer["status"]["readyReplicas"]
        ),
        (200, &json!(9), &json!(1))
    );
    assert_eq!(answer["metadata"]["generation"], 2);
}

#[tokio::test]
async fn a_deletion_can_have_preconditions_or_a_selector() {
    let cluster = cluster();
    let path = format!("{MAPS}/settings-01");
    let delete = format!("DELETE {path}");
    for wrong in [
        json!({ "uid": "another" }),
        json!({ "resourceVersion": "1" }),
    ] {
        let (status, answer) = json(&cluster, &delete, json!({ "preconditions": wrong })).await;
        assert_eq!((status, &answer["reason"]), (409, &json!("Conflict")));
    }
    let (_, object) = get(&cluster, &path).await;
    let right = json!({ "preconditions": { "uid": object["metadata"]["uid"] } });
    let (status, answer) = json(&cluster, &delete, right).await;
    assert_eq!((status, &answer["status"]), (200, &json!("Success")));
    let select = format!("DELETE {MAPS}?labelSelector=app%3Dsettings-02");
    assert_eq!(json(&cluster, &select, json!({})).await.0, 200);
    let (_, left) = get(&cluster, MAPS).await;
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
    assert_eq!(left["items"][0]["metadata"]["name"], "settings-03");
}

#[tokio::test]
async fn names_can_be_generated() {
    let cluster = cluster();
    let map = json!({ "metadata": { "generateName": "made-" } });
    let (_, first) = json(&cluster, &format!("POST {MAPS}"), map.clone()).await;
    let (_, second) = json(&cluster, &format!("POST {MAPS}"), map).await;
    let name = |object: &Value| object["metadata"]["name"].as_str().unwrap().to_owned();
    assert!(name(&first).starts_with("made-") && name(&first).len() == 10);
    assert_ne!(name(&first), name(&second));
}

/// Replaces something in a body by something else.
fn spoil(value: &mut Value, random: &mut Rand32) {
    let children = match value {
        Value::Object(map) => map.len(),
        Value::Array(list) => list.len(),
        _ => 0,
    };
    if children > 0 && random.rand_range(0..6) > 0 {
        let chosen = random.rand_range(0..children as u32) as usize;
        match value {
            Value::Object(map) => spoil(map.values_mut().nth(chosen).unwrap(), random),
            Value::Array(list) => spoil(&mut list[chosen], random),
            _ => unreachable!("it has children"),
        }
        return;
    }
    let others = [
        json!(null),
        json!(-1),
        json!(1e300),
        json!("x"),
        json!(true),
        json!([]),
        json!({}),
        json!([{}]),
    ];
    *value = others[random.rand_range(0..others.len() as u32) as usize].clone();
}

#[tokio::test]
async fn no_body_breaks_the_server() {
    let cluster = cluster();
    let mut random = Rand32::new(25);
    let path = format!("{DEPLOYMENTS}/web-40");
    let (_, whole) = get(&cluster, &path).await;
    let (_, scale) = get(&cluster, &format!("{path}/scale")).await;
    let operations = json!([
        { "op": "replace", "path": "/spec/replicas", "value": 1 },
        { "op": "remove", "path": "/metadata" },
    ]);
    let apply = "application/apply-patch+yaml";
    let mut accepted = 0;
    for round in 0..200 {
        for (what, media, body) in [
            (
                format!("POST {DEPLOYMENTS}?dryRun=All"),
                "application/json",
                &whole,
            ),
            (format!("PUT {path}"), "application/json", &whole),
            (format!("PUT {path}/status"), "application/json", &whole),
            (format!("PUT {path}/scale"), "application/json", &scale),
            (
                format!("PATCH {path}"),
                "application/merge-patch+json",
                &whole,
            ),
            (
                format!("PATCH {path}"),
                "application/strategic-merge-patch+json",
                &whole,
            ),
            (
                format!("PATCH {path}"),
                "application/json-patch+json",
                &operations,
            ),
            (
                format!("PATCH {path}?fieldManager=me&force=true"),
                apply,
                &whole,
            ),
            (
                format!("PATCH {path}/scale?fieldManager=me&force=true"),
                apply,
                &scale,
            ),
        ] {
            let mut body = body.clone();
            if let Some(metadata) = body.get_mut("metadata").and_then(Value::as_object_mut) {
                // With the revision that was read, nearly everything would be a conflict.
                metadata.remove("resourceVersion");
                metadata.remove("managedFields");
            }
            spoil(&mut body, &mut random);
            let (status, _, answer) = send(&cluster, &what, media, body.to_string()).await;
            assert!(
                status < 500 && answer.is_object(),
                "{round} {what} {body}: {status} {answer}"
            );
            accepted += usize::from(status < 300);
        }
        let (status, object) = get(&cluster, &path).await;
        assert_eq!((status, &object["kind"]), (200, &json!("Deployment")));
        assert!(object["spec"]["replicas"].is_u64(), "{object}");
    }
    assert!(
        (200..1_600).contains(&accepted),
        "{accepted} of 1,800 were accepted"
    );
}
