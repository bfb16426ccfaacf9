//! What is a manifest, and what isn't.

use deploy::kubernetes::Manifest;
use proptest::prelude::*;
use serde_json::json;

fn parse(text: &str) -> Manifest {
    Manifest::parse(text).unwrap()
}

#[test]
fn documents_know_their_lines_and_names() {
    let text = "# A comment.\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n---\n---\n# Nothing here.\n---\n
apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart, namespace: shop}\n...\n";
    let manifest = parse(text);
    let found = manifest
        .documents()
        .iter()
        .map(|document| (document.line, document.to_string()));
    let expected = [
        (3, "Namespace shop".to_owned()),
        (12, "Deployment shop/cart".to_owned()),
    ];
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

#[test]
fn json_is_yaml_and_anchors_are_resolved() {
    let text = r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"b": "c"}}"#;
    let yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: &a a}\ndata: {b: c}\n";
    assert_eq!(parse(text).digest(), parse(yaml).digest());
    let anchors = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: &a a}\ndata: {b: *a}\n";
    assert_eq!(
        parse(anchors).documents()[0].object["data"],
        json!({ "b": "a" })
    );
}

#[test]
fn the_digest_is_that_of_the_content() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {b: c, d: e}\n";
    let other = "# The same.\n\nkind: ConfigMap\napiVersion:   v1\nmetadata:\n  name: a\ndata: {d: e, b: c}\n";
    assert_eq!(parse(text).digest(), parse(other).digest());
    assert_ne!(
        parse(text).digest(),
        parse(&text.replace("e}", "f}")).digest()
    );
    let two = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n";
    let swapped = two
        .replace("name: a", "name: x")
        .replace("name: b", "name: a")
        .replace("name: x", "name: b");
    assert_ne!(
        parse(two).digest(),
        parse(&swapped).digest(),
        "they are applied in another order"
    );
}

#[test]
fn a_name_that_is_more_than_one_segment_of_a_path_is_refused() {
    for name in ["web/status", "web?force=true", "..", "a b", "%2e"] {
        let text = format!("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: \"{name}\"}}}}\n");
        let error = Manifest::parse(&text).unwrap_err().to_string();
        assert!(
            error.contains(&format!("'{name}' in metadata is no name")),
            "{error}"
        );
    }
    parse(
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: 'system:a.b-c@d'}}\n",
    );
}

#[test]
fn the_same_object_in_another_version_is_the_same_object() {
    let text = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}\n---\n{apiVersion: apps/v1beta1, kind: Deployment, metadata: {name: a}}\n";
    let error = Manifest::parse(text).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 3: Deployment a is in the manifest already, at line 1"
    );
    // In two namespaces, there are two.
    parse(&text.replacen("name: a", "name: a, namespace: b", 1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a file contains, it is a manifest or a sentence.
    #[test]
    fn no_text_is_a_panic(text in "[a-z:{}\\[\\]&*!|>'\"#\\-\n \t0-9,%@`]{0,200}") {
        if let Err(error) = Manifest::parse(&text) {
            let said = error.to_string();
            prop_assert_eq!(said.lines().count(), 1, "{}", said);
            prop_assert!(!said.is_empty());
        }
    }
}
