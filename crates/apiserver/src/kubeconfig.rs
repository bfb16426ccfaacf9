//! The file that tells clients where the server is, and how to trust it.

use k8s_openapi::ByteString;
use serde_json::{Value, json};

/// Writes a kubeconfig for a server. It is JSON, which is YAML, too.
pub(crate) fn write(url: &str, authority: Option<&str>, token: Option<&str>) -> String {
    let mut cluster = json!({ "server": url });
    if let Some(authority) = authority {
        // Serialized as base64, as the file has it.
        cluster["certificate-authority-data"] = json!(ByteString(authority.as_bytes().to_vec()));
    }
    let user = match token {
        Some(token) => json!({ "token": token }),
        None => json!({}),
    };
    let name = "embedded";
    let config: Value = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "contexts": [{
            "name": name,
            "context": { "cluster": name, "user": name, "namespace": "default" },
        }],
        "clusters": [{ "name": name, "cluster": cluster }],
        "users": [{ "name": name, "user": user }],
    });
    let mut words = serde_json::to_string_pretty(&config).expect("JSON can be written");
    words.push('\n');
    words
}
