//! Manifests that run nowhere: what a new cluster does with them, or why a server refuses them.

use ordinal::api::kind::Kind;
use ordinal::api::release::V1_37;
use ordinal::base::slices::{Slices, whole};
use ordinal::causes::blame::Sure;
use ordinal::intake::{Door, Report, diagnose, told};
use ordinal::plan::manifest::diagnosis;
use ordinal::why::Cause;

/// A Service, and the set of it.
fn set(name: &str, replicas: &str, spec: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{clusterIP: None, selector: {{app: {name}}}}}\n---\napiVersion: \
         apps/v1\nkind: StatefulSet\nmetadata: {{name: {name}}}\nspec:\n  serviceName: {name}\n  replicas: {replicas}\n  selector: \
         {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n{spec}"
    )
}

/// Pods that may not share a node.
const APART: &str = "      affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: \
                     kubernetes.io/hostname, labelSelector: {matchLabels: {app: ring}}}]}}\n";
const NGINX: &str = "      containers:\n      - {name: web, image: \"nginx:1.27\"}\n";

fn read(text: &str) -> Option<Report> {
    diagnosis(text, &V1_37, Slices::WHOLE).map(|work| whole(work.within()))
}

#[test]
fn what_a_new_cluster_does_with_a_manifest_is_told_with_what_each_tool_says() {
    let waits = |name: &str| {
        format!(
            "      initContainers:\n      - {{name: wait, image: \"busybox:1.36\", command: [sh, -c, \"until nslookup {name}; do sleep 2; done\"]}}\n{NGINX}"
        )
    };
    for (text, object, says) in [
        (
            set("ring", "4", &format!("{APART}{NGINX}")),
            "pod/ring-3",
            vec!["share a node", "Waiting for 1 pods to be ready...", "Ready: 3/4"],
        ),
        (set("app", "2", &waits("db-0.db")), "pod/app-0", vec!["still initializing", "db-0.db: NXDOMAIN", ".svc.cluster.local"]),
        (
            set("db", "1", "      containers:\n      - {name: db, image: \"mysql:8.0\"}\n"),
            "pod/db-0",
            vec!["its log says", "password option is not specified", "1 pods have failed", "MYSQL_ROOT_PASSWORD"],
        ),
        (
            set(
                "web",
                "2",
                "      containers:\n      - {name: web, image: \"nginx:1.27\", readinessProbe: {httpGet: {port: 8081, path: /}}}\n",
            ),
            "pod/web-0",
            vec!["8081", "Waiting for 2 pods to be ready..."],
        ),
    ] {
        let report = read(&text).expect("a manifest");
        let first = &report.verdicts[0];
        let all = told::text(&report);
        assert_eq!((report.door, told::short(&first.object).as_str()), (Door::Manifest, object), "{all}");
        assert!(report.verdicts.iter().all(|one| one.sure != Sure::Certain && one.since.is_none() && one.missing.is_empty()), "{all}");
        assert!(all.starts_with("Assumed:\n  the manifest was applied to a new cluster of 3 nodes"), "{all}");
        let lacks: Vec<&&str> = says.iter().filter(|words| !all.contains(**words)).collect();
        assert!(lacks.is_empty(), "{lacks:?} in {all}");
    }
}

#[test]
fn what_no_file_brings_is_missing_first_and_added_in_a_second_answer() {
    let lent = NGINX.replace("\"}", "\", envFrom: [{secretRef: {name: keys}}]}");
    let report = read(&[set("web", "2", NGINX), set("ring", "5", &format!("{APART}{lent}"))].join("---\n")).expect("a manifest");
    let all = told::text(&report);
    assert_eq!(report.well.iter().map(told::short).collect::<Vec<_>>(), ["sts/web"], "{all}");
    let causes = |report: &Report| report.verdicts.iter().map(|one| one.cause).collect::<Vec<_>>();
    assert_eq!(causes(&report), [Cause::ConfigMissing, Cause::AntiAffinityTooFewNodes], "{all}");
    let (added, with) = report.with.as_ref().expect("a second answer");
    assert_eq!((added.as_slice(), causes(with)), (&["Secret keys".to_owned()][..], vec![Cause::AntiAffinityTooFewNodes]), "{all}");
    let elsewhere = set("web", "2", NGINX).replace("metadata: {name: web}", "metadata: {name: web, namespace: shop}");
    let all = told::text(&read(&elsewhere).expect("a manifest"));
    assert!(all.contains("the namespaces exist"), "{all}");
}

#[test]
fn what_a_server_refuses_is_told_with_its_line_and_nothing_is_tried() {
    for (right, wrong, line, says) in [
        ("replicas: 1", "replicas: \"1\"", 11, "cannot unmarshal string"),
        ("labels: {app: web}}\n    spec", "labels: {app: other}}\n    spec", 14, "its selector does not match the labels of its template"),
        ("  selector: {matchLabels: {app: web}}\n", "", 9, "lacks the required field spec.selector"),
        ("replicas: 1", "replicas: 1: 2", 11, "Change refused: the manifest is no YAML"),
        ("containers:", "container:", 16, "There is no field spec.template.spec.container"),
    ] {
        let text = set("web", "1", NGINX).replacen(right, wrong, 1);
        let report = read(&text).expect("a manifest");
        let all = told::text(&report);
        assert!(report.verdicts.iter().any(|one| one.quoted == line && one.object.kind == Kind::StatefulSet), "{line}: {all}");
        assert!(all.contains(says) && report.assumed.is_empty() && report.verdicts.iter().all(|one| one.cures.is_empty()), "{all}");
    }
}

#[test]
fn other_texts_are_no_manifests() {
    let web = set("web", "1", NGINX);
    for (name, text) in [
        ("what people write", format!("Why does it hang?\n\n{web}")),
        ("a state", web.clone() + "status: {replicas: 1}\n"),
        (
            "what a server wrote",
            web.replacen("kind: StatefulSet\nmetadata: {name: web}", "kind: StatefulSet\nmetadata: {name: web, uid: x}", 1),
        ),
        ("no set", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {clusterIP: None}\n".to_owned()),
        ("none of YAML, and a question", format!("Why is it refused?\n{}", web.replace("  replicas: 1", "  replicas: 1: 2"))),
        ("nothing", String::new()),
    ] {
        assert!(read(&text).is_none(), "{name}");
    }
}

#[test]
fn a_service_of_another_set_is_not_blamed_and_what_parts_documents_is_read() {
    let sets: String = ["one", "two"].map(|name| set(name, "1", NGINX)).join("---\n");
    let report = diagnose([&*format!("Our two sets:\n\n```yaml\n{sets}```\n")]);
    let all = told::text(&report);
    assert!(!all.contains("selects none") && report.unread.is_empty(), "{all}");
    let wrong = sets.replacen("selector: {app: one}", "selector: {app: none}", 1);
    let all = told::text(&diagnose([&*format!("Our two sets:\n\n```yaml\n{wrong}```\n")]));
    assert!(all.contains("the Service of one selects none of its pods") && !all.contains("the Service of two"), "{all}");
}
