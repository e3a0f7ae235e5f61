//! What was told and was not so on a real cluster: small manifests whose true answers were written down before the search was tried.

use ordinal::risks::{Finding, Search, told};
use ordinal::text::Lang;

use super::{found, search};

/// A set behind a headless Service, with a volume for each pod: of its image, and with further fields of the set.
fn set(image: &str, replicas: u32, more: &str) -> String {
    format!(
        r#"apiVersion: v1
kind: Service
metadata: {{name: db}}
spec: {{clusterIP: None, selector: {{app: db}}, ports: [{{port: 6379}}]}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {{name: db}}
spec:
  serviceName: db
  replicas: {replicas}
  selector: {{matchLabels: {{app: db}}}}
{more}  template:
    metadata: {{labels: {{app: db}}}}
    spec:
      containers:
      - name: db
        image: {image}
        env: [{{name: POSTGRES_PASSWORD, value: x}}]
        ports: [{{containerPort: 6379}}]
        volumeMounts: [{{name: data, mountPath: {folder}}}]
  volumeClaimTemplates:
  - metadata: {{name: data}}
    spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}
"#,
        folder = if image.starts_with("postgres") { "/var/lib/postgresql/data" } else { "/data" },
    )
}

/// A manifest whose claims are of a class that it names, which is taken to be of disks that every node reaches.
fn on_network(manifest: &str) -> String {
    manifest.replace("accessModes: [ReadWriteOnce]", "storageClassName: fast, accessModes: [ReadWriteOnce]")
}

fn of_kind<'a>(search: &'a Search, kind: &'a str) -> impl Iterator<Item = &'a Finding> {
    search.findings().iter().filter(move |finding| finding.shown.kind == kind)
}

/// The changes that were tried against a finding.
fn tried(finding: &Finding) -> Vec<&str> {
    finding.prevention.change.iter().chain(&finding.prevention.in_vain).map(|change| change.word).collect()
}

#[test]
fn a_pod_that_waits_in_the_trap_loses_nothing_that_its_volume_keeps() {
    for image in ["redis:7", "postgres:16"] {
        let search = search(&set(image, 3, ""), &[]);
        assert_eq!(found(&search, "rollback-trap").words().collect::<Vec<_>>(), ["broken"]);
        // Deleting the pod brings it back with its claim: nothing is lost but with a claim or a volume.
        for lost in of_kind(&search, "data-lost").chain(of_kind(&search, "volume-deleted")) {
            let words: Vec<&str> = lost.words().collect();
            assert!(["claim-deleted", "volume-lost", "moved"].contains(&words[0]), "{image}: {} by {words:?}", lost.shown.kind);
        }
    }
}

#[test]
fn two_processes_are_two_writers_only_where_they_share_a_volume_and_no_probe_keeps_them_apart() {
    let with = on_network(&set("example.com/db:1", 1, ""));
    let (plain, _) = with.split_once("        volumeMounts:").expect("volumes");
    assert_eq!(of_kind(&search(plain, &[]), "two-writers").count(), 0, "nothing is shared");
    let shared = search(&with, &[]);
    let writers = found(&shared, "two-writers");
    assert_eq!(writers.words().collect::<Vec<_>>(), ["forced"]);
    let said = told::sentence(writers, Lang::English).plain();
    assert!(said.contains("while this lasts"), "the node is silent until it comes back: {said}");
    assert!(!tried(writers).contains(&"readiness") && !tried(writers).contains(&"liveness"), "{:?}", tried(writers));
    // On a disk of the node both run there, until the kubelet that comes back has ended the old one.
    let here = search(&set("redis:7", 1, ""), &[]);
    for writers in of_kind(&here, "two-writers") {
        let said = told::sentence(writers, Lang::English).plain();
        assert!(said.contains("for about"), "{said}");
        assert!(writers.prevention.change.is_none(), "{:?}", tried(writers));
    }
}
