//! The one start of a manifest, at each of its doors.

use std::fs;
use std::path::{Path, PathBuf};

use ordinal::api::release::V1_37;
use ordinal::base::slices::{Slices, whole};
use ordinal::plan::case::Case;
use ordinal::plan::manifest::diagnosis;
use ordinal::plan::{Change, Finding, Plan, report};
use ordinal::playground::EXAMPLE;
use ordinal::risks::{Options, Search, Start, told};
use ordinal::why::Cause;

const EMPTY: &str = "";

/// A set of one container, with more of its pod's spec, and with a Service of its name.
fn set(more: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {{clusterIP: None, selector: {{app: a}}, ports: [{{port: 80}}]}}\n---\n\
         apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: a}}\nspec:\n  serviceName: a\n  replicas: 2\n  selector: {{matchLabels: \
         {{app: a}}}}\n  template:\n    metadata: {{labels: {{app: a}}}}\n    spec:\n      containers: [{{name: c, image: \"nginx:1.25\"}}]\n{more}"
    )
}

fn first_apply(text: &str) -> Plan {
    Case::new(EMPTY, text, &V1_37).plan(&Change::Manifest(text.to_owned())).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn typed(text: &str, lines: &[&str]) -> Plan {
    let change = Change::Lines(lines.iter().map(|line| (*line).to_owned()).collect());
    Case::new(text, EMPTY, &V1_37).plan(&change).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// What waits, as the files stand.
fn bare(plan: &Plan) -> Vec<Cause> {
    plan.bare.iter().flat_map(|bare| &bare.waits).map(|one| one.cause).collect()
}

/// Each kind of what no file brings: what waits without it, what is added, and whether the plan is open with it.
const KINDS: [(&str, &str, Cause, &str, bool); 9] = [
    ("      serviceAccountName: reader\n", EMPTY, Cause::ServiceAccountMissing, "ServiceAccount reader", false),
    ("      priorityClassName: high\n", EMPTY, Cause::Refused, "PriorityClass high", false),
    ("      volumes: [{name: v, configMap: {name: conf}}]\n", EMPTY, Cause::MountConfigMissing, "ConfigMap conf", false),
    ("      volumes: [{name: v, secret: {secretName: keys}}]\n", EMPTY, Cause::MountConfigMissing, "Secret keys", false),
    (
        "      volumes: [{name: v, persistentVolumeClaim: {claimName: files}}]\n",
        EMPTY,
        Cause::PvcMissing,
        "PersistentVolumeClaim files",
        true,
    ),
    ("      nodeSelector: {role: db}\n", EMPTY, Cause::NodeSelectorNoMatch, "nodes with the label role=db", false),
    (
        EMPTY,
        "  volumeClaimTemplates: [{metadata: {name: d}, spec: {storageClassName: fast, accessModes: [ReadWriteOnce], resources: {requests: \
         {storage: 1Gi}}}}]\n",
        Cause::StorageClassNotFound,
        "StorageClass fast, whose volumes every node reaches",
        true,
    ),
    (
        EMPTY,
        "  volumeClaimTemplates: [{metadata: {name: d}, spec: {storageClassName: own, accessModes: [ReadWriteOnce], resources: {requests: \
         {storage: 1Gi}}}}]\n---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: own}\nprovisioner: ebs.csi.aws.com\n",
        Cause::ProvisionerNotRunning,
        "a provisioner ebs.csi.aws.com that runs",
        false,
    ),
    (EMPTY, EMPTY, Cause::InsufficientResources, "nodes with example.com/nic", false),
];

#[test]
fn what_no_file_brings_is_missing_at_every_door_and_added_in_the_second_answer() {
    for (spec, fields, cause, added, is_open) in KINDS {
        let mut text = set(&format!("{spec}{fields}"));
        if added.contains("example.com") {
            text = text.replace("\"nginx:1.25\"", "\"nginx:1.25\", resources: {limits: {example.com/nic: \"1\"}}");
        }
        if spec.contains("name: v") {
            text = text.replace("\"nginx:1.25\"", "\"nginx:1.25\", volumeMounts: [{name: v, mountPath: /v}]");
        }
        let plan = first_apply(&text);
        let said = report::text(&plan, "a.yaml");
        assert_eq!(bare(&plan), [cause], "{said}");
        assert_eq!(plan.added.iter().map(|lack| lack.told()).collect::<Vec<_>>(), [added], "{said}");
        assert!(said.starts_with("As the files stand:\n") && said.contains(&format!("With {added}, which no file brings:")), "{said}");
        assert_eq!(plan.findings().contains(&Finding::Unjudged), is_open, "{said}");
        // The same door after the first apply: a line shows in the second answer what the first cannot show.
        let scaled = typed(&text, &["kubectl scale sts/a --replicas=3"]);
        let said = report::text(&scaled, EMPTY);
        // Two pods on one claim are told, and nothing waits.
        assert_eq!((bare(&scaled), scaled.waits.len()), (vec![cause], 0), "{said}");
        assert!(said.contains("Created, in this order: a-2."), "{said}");
        let diagnosed = whole(diagnosis(&text, &V1_37, Slices::WHOLE).expect("a manifest").within());
        let (names, with) = diagnosed.with.as_ref().expect("a second answer");
        assert_eq!((diagnosed.verdicts[0].cause, names.as_slice()), (cause, &[added.to_owned()][..]));
        assert!(with.verdicts.iter().all(|verdict| verdict.cause == Cause::Complete), "{added}");
        let mut search = Search::new(Start::of_text(&text, &V1_37), Options { depth: 1, only: Some(Vec::new()), ..Options::default() });
        search.finish();
        let said = told::text(&search);
        assert!(said.contains(&format!("No file brings these, and so they were added: {added}.")), "{said}");
    }
}

#[test]
fn what_the_change_brings_is_not_added_and_comes_at_the_next_try() {
    let made = typed(&set("      serviceAccountName: reader\n"), &["kubectl create serviceaccount reader"]);
    let said = report::text(&made, EMPTY);
    assert!(made.bare.is_none() && made.given.outcome.refused.is_empty(), "{said}");
    assert!(said.contains("Created, in this order: a-0, a-1.") && made.findings().is_empty(), "{said}");
    let labelled = typed(&set("      nodeSelector: {role: db}\n"), &["kubectl label node node-2 role=db"]);
    assert!(labelled.bare.is_none() && labelled.findings().is_empty(), "{}", report::text(&labelled, EMPTY));
}

#[test]
fn what_the_server_refuses_before_the_change_is_left_out_and_hides_nothing() {
    let long = set("      volumes: []\n").replace("{name: c,", "{name: c, ports: [{name: metrics-and-more-1, containerPort: 80}],");
    let other = set(EMPTY).replace("name: a}", "name: b}").replace("app: a", "app: b").replace("serviceName: a", "serviceName: b");
    let before = format!("{long}---\n{other}");
    let after = before.replace("metrics-and-more-1", "metrics");
    let case = Case::new(&before, &after, &V1_37);
    let plan = case.plan(&Change::Manifest(after)).unwrap_or_else(|faults| panic!("{faults:?}"));
    let said = report::text(&plan, "after.yaml");
    assert!(said.starts_with("Left out before the change, as it is refused:") && said.contains("must be no more than 15"), "{said}");
    assert!(said.contains("Created, in this order: a-0, a-1.") && plan.findings().is_empty(), "{said}");
    // The other set was there.
    assert!(!said.contains("b-0"), "{said}");
}

#[test]
fn an_object_of_a_namespace_that_the_file_brings_is_added_there() {
    let mounts = "\"nginx:1.25\", volumeMounts: [{name: v, mountPath: /v}]";
    let within = set("      volumes: [{name: v, configMap: {name: conf}}]\n").replace("\"nginx:1.25\"", mounts);
    let within = within.replace("metadata: {name: a}", "metadata: {name: a, namespace: kv}");
    let plan = first_apply(&format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: kv}}\n---\n{within}"));
    let said = report::text(&plan, "a.yaml");
    assert_eq!((bare(&plan), plan.findings()), (vec![Cause::MountConfigMissing], Vec::new()), "{said}");
    assert!(said.contains("Created, in this order: a-0, a-1.") && !said.contains("namespaces \"kv\""), "{said}");
}

#[test]
fn the_class_that_most_clusters_have_by_default_is_there() {
    let claims = "  volumeClaimTemplates: [{metadata: {name: d}, spec: {storageClassName: standard, accessModes: [ReadWriteOnce], resources: \
                  {requests: {storage: 1Gi}}}}]\n";
    let plan = first_apply(&set(claims));
    assert!(plan.bare.is_none() && plan.findings().is_empty(), "{}", report::text(&plan, "a.yaml"));
}

#[test]
fn a_cluster_that_shows_its_nodes_and_classes_gets_none_invented() {
    let node = |name: &str| {
        format!(
            "apiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}\nstatus: {{capacity: {{cpu: 4, memory: 8Gi, pods: 110}}, \
                                     allocatable: {{cpu: 4, memory: 8Gi, pods: 110}}}}\n---\n"
        )
    };
    let class = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: own, annotations: {storageclass.kubernetes.io/is-default-class: \
                 \"true\"}}\nprovisioner: rancher.io/local-path\nvolumeBindingMode: WaitForFirstConsumer\n";
    let before = format!("{}{}{class}", node("n1"), node("n2"));
    let claims = "  volumeClaimTemplates: [{metadata: {name: d}, spec: {storageClassName: kv-ssds, accessModes: [ReadWriteOnce], resources: {requests: \
                  {storage: 1Gi}}}}]\n";
    for (after, cause) in
        [(set(claims), Cause::StorageClassNotFound), (set("      nodeSelector: {role: db}\n"), Cause::NodeSelectorNoMatch)]
    {
        let case = Case::new(&before, &after, &V1_37);
        let plan = case.plan(&Change::Manifest(after.clone())).unwrap_or_else(|faults| panic!("{faults:?}"));
        let said = report::text(&plan, "a.yaml");
        assert!(plan.bare.is_none() && plan.added.is_empty(), "{said}");
        assert_eq!((plan.waits[0].cause, plan.findings()), (cause, vec![Finding::Stuck]), "{said}");
    }
}

#[test]
fn a_line_that_only_asks_is_answered_and_two_ways_are_parted() {
    let asked = typed(EXAMPLE, &["kubectl get sts", "kubectl drain node-2 --ignore-daemonsets"]);
    let said = report::text(&asked, EMPTY);
    assert!(said.starts_with("kubectl get sts prints:\n  NAME   READY   AGE\n  web    3/3 "), "{said}");
    assert!(said.contains("\n    $ kubectl uncordon node-2\n    or:\n    $ kubectl"), "{said}");
}

/// Where the crates of the analysis make a cluster.
fn makers(folder: &Path, found: &mut Vec<(PathBuf, usize)>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            makers(&entry, found);
        } else if entry.extension().is_some_and(|ends| ends == "rs") {
            let text = fs::read_to_string(&entry).expect("a file");
            let count = text.matches("Playground::new(").count() + text.matches("Sim::new(").count();
            if count > 0 {
                found.push((entry, count));
            }
        }
    }
}

#[test]
fn one_function_makes_the_cluster_of_every_manifest() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["src/analysis", "src/bin/ordinal"] {
        makers(&root.join(folder), &mut found);
    }
    assert_eq!(found, [(root.join("src/analysis/plan/case.rs"), 1)], "a second way to make a world");
}
