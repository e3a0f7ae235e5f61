//! The kubeconfig, which holds only the current namespace here.

use crate::files::Files;

/// Its path.
pub const PATH: &str = "/.kube/config";

/// The name of the only cluster, user and context.
pub const CONTEXT: &str = "ordinal";

/// The API server's URL.
pub const SERVER: &str = "https://127.0.0.1:6443";

/// The namespace of a fresh kubeconfig.
pub const DEFAULT_NAMESPACE: &str = "default";

/// The namespace commands use by default.
pub fn current_namespace(files: &Files) -> &str {
    let line = files.get(PATH).and_then(|text| text.lines().find_map(|l| l.trim().strip_prefix("namespace: ")));
    line.map(|name| name.trim_matches('"')).filter(|name| !name.is_empty()).unwrap_or(DEFAULT_NAMESPACE)
}

/// A kubeconfig with this namespace, as `config view` shows it.
pub fn text(namespace: &str) -> String {
    format!(
        "apiVersion: v1\nclusters:\n- cluster:\n    server: {SERVER}\n  name: {CONTEXT}\ncontexts:\n- context:\n    \
         cluster: {CONTEXT}\n    namespace: {namespace}\n    user: {CONTEXT}\n  name: {CONTEXT}\ncurrent-context: {CONTEXT}\n\
         kind: Config\nusers:\n- name: {CONTEXT}\n  user: {{}}\n"
    )
}
