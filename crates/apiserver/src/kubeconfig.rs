//! The file that tells clients where the server is, and how to trust it.

use k8s_openapi::ByteString;
use serde_json::{Value, json};

/// Writes a kubeconfig for a server. It is JSON, which is YAML, too.
pub(crate) fn write(name: &str, url: &str, authority: Option<&str>, token: Option<&str>) -> String {
    let mut cluster = json!({ "server": url });
    if let Some(authority) = authority {
        // Serialized as base64, as the file has it.
        cluster["certificate-authority-data"] = json!(ByteString(authority.as_bytes().to_vec()));
    }
    let user = match token {
        Some(token) => json!({ "token": token }),
        None => json!({}),
    };
    to_words(&json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "contexts": [{
            "name": name,
            "context": { "cluster": name, "user": name, "namespace": "default" },
        }],
        "clusters": [{ "name": name, "cluster": cluster }],
        "users": [{ "name": name, "user": user }],
    }))
}

/// Writes one kubeconfig of several, each of which [`write`] has written. The first context is the current one.
pub(crate) fn join<'a>(kubeconfigs: impl Iterator<Item = &'a str>) -> String {
    let parsed = kubeconfigs.map(|words| -> Value {
        serde_json::from_str(words).expect("the kubeconfig of a server is JSON")
    });
    let joined = parsed.reduce(|mut joined, more| {
        for list in ["contexts", "clusters", "users"] {
            if let (Some(joined), Some(more)) = (joined[list].as_array_mut(), more[list].as_array())
            {
                joined.extend_from_slice(more);
            }
        }
        joined
    });
    to_words(&joined.unwrap_or_else(|| json!({ "apiVersion": "v1", "kind": "Config" })))
}

fn to_words(config: &Value) -> String {
    format!("{config:#}\n")
}
