//! Links to the documentation of Kubernetes.

use super::Lang;

/// The pages that links lead to, by the last words of their paths. Each has a name in every language.
pub const PAGES: [&str; 32] = [
    "assign-memory-resource",
    "configmap",
    "container-lifecycle-hooks",
    "controller",
    "daemonset",
    "delete-stateful-set",
    "deployment",
    "disruptions",
    "dns-pod-service",
    "dynamic-provisioning",
    "finalizers",
    "force-delete-stateful-set-pod",
    "garbage-collection",
    "images",
    "init-containers",
    "job",
    "kube-scheduler",
    "labels",
    "node-shutdown",
    "nodes",
    "persistent-volumes",
    "pod-lifecycle",
    "pod-priority-preemption",
    "pod-scheduling-readiness",
    "replicaset",
    "run-replicated-stateful-application",
    "secret",
    "service",
    "statefulset",
    "storage-classes",
    "taint-and-toleration",
    "working-with-objects",
];

/// The page and the place on it that a path below the root of the documentation leads to.
fn parts(path: &str) -> (&str, &str) {
    path.split_once('#').unwrap_or((path, ""))
}

/// The last words of the path of a page, by which [`PAGES`] has it.
pub fn slug(path: &str) -> &str {
    parts(path).0.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

impl Lang {
    /// The address of a page of Kubernetes' documentation, by its path below the root. All pages that are referred to exist in every
    /// language. The places on a page are the English ones: in another language the address is that of the page.
    pub fn docs(self, path: &str) -> String {
        match self {
            Lang::English => format!("https://kubernetes.io/docs/{path}"),
            Lang::Korean => format!("https://kubernetes.io/ko/docs/{}", parts(path).0),
        }
    }

    /// What a link to a page says: its name, and the place where the address has one.
    pub fn page(self, path: &str) -> String {
        let (name, place) = (self.text().docs.page(slug(path)), parts(path).1);
        if place.is_empty() || self != Lang::English { name } else { format!("{name}: {}", place.replace('-', " ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_english_addresses_have_places_and_every_name_is_in_its_language() {
        let path = "concepts/workloads/controllers/statefulset/#stable-network-id";
        assert_eq!(Lang::English.docs(path), format!("https://kubernetes.io/docs/{path}"));
        assert_eq!(Lang::Korean.docs(path), "https://kubernetes.io/ko/docs/concepts/workloads/controllers/statefulset/");
        assert_eq!(Lang::English.page(path), "StatefulSets: stable network id");
        assert_eq!(Lang::Korean.page(path), "스테이트풀셋");
    }
}
