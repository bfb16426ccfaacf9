//! The file that tells clients where the server is.

/// Writes a kubeconfig for a server.
pub(crate) fn write(url: &str) -> String {
    format!(
        "\
apiVersion: v1
kind: Config
current-context: embedded
contexts:
- name: embedded
  context:
    cluster: embedded
    namespace: default
    user: embedded
clusters:
- name: embedded
  cluster:
    server: {url}
users:
- name: embedded
  user: {{}}
"
    )
}
