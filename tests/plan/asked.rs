//! What people asked before or after a change in public threads, and were surprised by: each with the manifest before and after.

use super::deletions;
use std::fs;
use std::path::Path;

use ordinal::api::object::Object;
use ordinal::api::release::V1_37;
use ordinal::base::time::Span;
use ordinal::base::value::Value;
use ordinal::plan::course::{Act, End};
use ordinal::plan::{self, Change, Finding, Plan, case, report};
use ordinal::playground::{EXAMPLE, Playground};
use ordinal::text::Lang;
use ordinal::text::plan::Says;

fn text(name: &str, file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plan/asked").join(name).join(file);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn planned(name: &str) -> Plan {
    let world = case::world(&text(name, "before.yaml"), &V1_37).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
    plan::of(&world, &Change::Manifest(text(name, "after.yaml")))
}

/// A manifest, applied and quiet.
fn quiet(manifest: &str) -> Playground {
    case::world(manifest, &V1_37).expect("a world")
}

fn lines(lines: &[&str]) -> Change {
    Change::Lines(lines.iter().map(|line| (*line).to_owned()).collect())
}

fn said(plan: &Plan) -> String {
    report::text(plan, "after.yaml")
}

fn says_all(plan: &Plan, all: &[&str]) {
    let told = said(plan);
    assert!(all.iter().all(|words| told.contains(words)), "{told}");
}

/// groundhog2k/helm-charts#224: the names below the new Service resolve only once each pod is made anew.
#[test]
fn a_service_that_is_renamed_leaves_the_pods_their_old_names() {
    let plan = planned("service-renamed");
    let rounds: Vec<_> = plan.offered().map(|course| (course.outcome.end, course.acts.len(), course.outcome.summary().replaced)).collect();
    assert_eq!(rounds, [(End::Amiss, 2, 0), (End::Settled, 3, 2)], "{}", said(&plan));
    let restart = plan.offered().nth(1).and_then(|course| course.acts.last().cloned());
    assert_eq!(restart, Some(Act::Line("kubectl rollout restart statefulset/shop-postgres".to_owned())));
    says_all(&plan, &["Still with the subdomain shop-postgres: shop-postgres-0, shop-postgres-1.", "lacks: svc/shop-postgres."]);
}

/// dirsigler/uptime-kuma-helm#227: the set begins with an empty claim, the Deployment runs on beside it, and Helm would delete the data.
#[test]
fn a_deployment_that_becomes_a_set_leaves_its_data_behind() {
    let plan = planned("deployment-to-set");
    assert_eq!((plan.given.outcome.end, plan.findings()), (End::Amiss, vec![Finding::Stuck]), "{}", said(&plan));
    says_all(
        &plan,
        &[
            "Empty at the start: pvc/storage-kuma-0. The data stays in pvc/kuma-pvc.",
            "sts/kuma also matches pods of deployment/kuma. Pods of both are behind svc/kuma.",
            "lacks: pvc/kuma-pvc, deployment/kuma. Helm",
            "With them go pvc/kuma-pvc and, by reclaim policy Delete, their data.",
        ],
    );
}

/// jfrog/charts#1436: a second set beside the old one, whose claims keep the data.
#[test]
fn a_set_that_is_renamed_begins_empty_beside_the_old_one() {
    let plan = planned("set-renamed");
    assert_eq!(plan.given.outcome.end, End::Amiss, "{}", said(&plan));
    says_all(
        &plan,
        &[
            "Empty at the start: pvc/volume-registry-0. The data stays in pvc/volume-registry-primary-0.",
            "sts/registry also matches pods of sts/registry-primary. Pods of both are behind svc/registry.",
            "lacks: sts/registry-primary. Helm",
        ],
    );
    // Helm deletes the set, and not its claims.
    assert!(!plan.given.outcome.notes.iter().any(|says| matches!(says, Says::Pruned { .. })), "{}", said(&plan));
}

/// The same of a dump, of which nobody knows what else the manifest is meant to have.
#[test]
fn a_set_that_is_renamed_beside_a_dump_begins_empty_and_one_that_stays_does_not_count() {
    let tables_of = |world: &Playground| {
        let tables = world.tables();
        let objects = tables.kinds().flat_map(|kind| tables.all(kind)).map(Object::encode);
        Value::of([("kind", Value::from("List")), ("items", Value::list(objects))]).to_json()
    };
    let (before, after) = (text("set-renamed", "before.yaml"), text("set-renamed", "after.yaml"));
    let dump = tables_of(&quiet(&before));
    let renamed = plan::of(&quiet(&dump), &Change::Manifest(after.clone()));
    says_all(&renamed, &["Empty at the start: pvc/volume-registry-0. The data stays in pvc/volume-registry-primary-0."]);
    let both = plan::of(&quiet(&before), &Change::Manifest(format!("{before}---\n{after}")));
    assert!(!said(&both).contains("Empty at the start") && said(&both).contains("also matches pods of"), "{}", said(&both));
}

/// elastic/cloud-on-k8s#1619: the new pod is below the partition, and so it begins at the old revision.
#[test]
fn a_new_pod_below_the_partition_begins_at_the_old_revision() {
    let plan = planned("partition-and-one-more");
    assert_eq!((plan.given.outcome.end, plan.findings()), (End::Held, vec![]), "{}", said(&plan));
    says_all(
        &plan,
        &[
            "New, at the old revision with elasticsearch:7.17.0, because of partition 4: es-3.",
            "No pod gets the new revision: the partition is 4.",
        ],
    );
    assert!(plan.given.outcome.notes.is_empty(), "{}", said(&plan));
}

/// A silent node confirms nothing: a pod that is deleted by force there, or with the node, may go on writing beside the new one.
#[test]
fn two_writers_are_no_good_end() {
    let dump = include_str!("../data/diagnose/24-node-silent-terminating/cluster.yaml");
    let world = case::world(dump, &V1_37).expect("a world");
    for line in ["kubectl -n session delete pod hazelcast-1 --force --grace-period=0", "kubectl delete node node-d"] {
        let plan = plan::of(&world, &Change::Lines(vec![line.to_owned()]));
        assert_eq!((plan.given.outcome.end, plan.findings()), (End::Amiss, vec![Finding::Stuck]), "{}", said(&plan));
        says_all(&plan, &["Nobody has confirmed that the old hazelcast-1 stopped. While it runs, both it and the new one write."]);
    }
    // Where a kubelet ends what was deleted, two write for less than the grace period.
    let world = case::world(&text("set-renamed", "before.yaml"), &V1_37).expect("a world");
    let forced = plan::of(&world, &Change::Lines(vec!["kubectl delete pod registry-primary-0 --force --grace-period=0".to_owned()]));
    assert_eq!(forced.given.outcome.end, End::Amiss, "{}", said(&forced));
    says_all(&forced, &["Two processes run as registry-primary-0 for "]);
    let gently = plan::of(&world, &Change::Lines(vec!["kubectl delete pod registry-primary-0".to_owned()]));
    assert_eq!((gently.given.outcome.end, gently.given.outcome.notes.len()), (End::Settled, 0), "{}", said(&gently));
}

#[test]
fn what_kubectl_does_not_do_is_no_refusal_and_the_rest_is_typed_all_the_same() {
    let before = quiet(EXAMPLE);
    // Of each line that fails: whether the server refused it.
    for (fails, by_server) in [
        ("kubectl apply -f after.yaml", false),
        ("kubectl wait --for=delete pod/web-1 --timeout=5s", false),
        ("kubectl scale sts web", false),
        ("kubectl delete pod web-9", true),
        (r#"kubectl patch sts web -p '{"spec":{"serviceName":"other"}}'"#, true),
    ] {
        let plan = plan::of(&before, &lines(&["kubectl delete pod web-2", fails, "kubectl delete sts web"]));
        let outcome = &plan.given.outcome;
        let [refused] = outcome.refused.as_slice() else { panic!("{fails}: {:?}", outcome.refused) };
        assert_eq!((refused.by_server(), outcome.end), (by_server, End::Amiss), "{refused:?}");
        let refused = if by_server { vec![Finding::Stuck, Finding::Refused] } else { vec![Finding::Stuck] };
        assert_eq!(plan.findings(), refused, "{fails}");
        assert_eq!(outcome.notes, [Says::GoesOn { lines: vec!["kubectl delete sts web".to_owned()] }]);
        assert!(outcome.sets[0].is_gone(), "{fails}");
        // Whoever stops there has the set.
        let stopped = &plan.stopped().expect("a course").outcome.sets[0];
        assert!(!stopped.is_gone() && deletions(&stopped.watched).count() == 1);
        let told = report::text(&plan, "");
        assert_eq!(told.contains("The API server refuses this:"), by_server, "{told}");
    }
}

#[test]
fn objects_of_a_kind_that_nothing_defines_are_named_and_left_out() {
    let monitor = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: web}\nspec: {}\n---\n";
    let after = EXAMPLE.replace("nginx:1.27", "nginx:1.28");
    for [first, second] in [[monitor, ""], ["", monitor], [monitor, monitor]] {
        let world = case::world(&format!("{first}{EXAMPLE}"), &V1_37).expect("a world");
        let plan = plan::of(&world, &Change::Manifest(format!("{second}{after}")));
        let outcome = &plan.given.outcome;
        assert_eq!((outcome.refused.as_slice(), outcome.end, outcome.summary().replaced), (&[][..], End::Settled, 3));
        assert_eq!(outcome.notes, [Says::LeftOut { objects: vec!["ServiceMonitor/web".to_owned()] }]);
    }
    // A kind of Kubernetes' own in a version that is gone is no such object.
    let gone = EXAMPLE.replace("apps/v1", "apps/v1beta2");
    assert_eq!(case::world(&gone, &V1_37).expect("a world").tables().stateful_sets().count(), 0);
    assert_eq!(plan::of(&quiet(EXAMPLE), &Change::Manifest(gone)).given.outcome.refused.len(), 1);
}

#[test]
fn the_constraint_that_decides_is_named_and_not_the_volume() {
    let constraint = |key: &str| {
        format!(
            "      topologySpreadConstraints:\n      - {{maxSkew: 1, topologyKey: {key}, whenUnsatisfiable: DoNotSchedule, \
             labelSelector: {{matchLabels: {{app: nginx}}}}}}\n      containers:\n"
        )
    };
    let four = EXAMPLE.replace("  replicas: 3\n", "  replicas: 4\n");
    let mut before = quiet(&four);
    // The zone of the node whose disk has two of the volumes gets another node, so that three of four pods are there.
    let pods = || before.tables().pods().map(|pod| pod.node.clone().expect("a node")).collect::<Vec<_>>();
    let crowded =
        pods().into_iter().find(|node| pods().iter().filter(|one| *one == node).count() == 2).expect("two of four on three nodes");
    let far = pods().into_iter().find(|node| *node != crowded).expect("another node");
    before.type_line(&format!("kubectl label node --all zone=a && kubectl label node {far} zone=b --overwrite"), Lang::English);
    before.run(before.now() + Span::seconds(5), || true);
    let plan = plan::of(&before, &Change::Manifest(four.replace("      containers:\n", &constraint("zone"))));
    assert_eq!(plan.given.outcome.end, End::Stuck, "{:?}", plan.given.outcome);
    let Some(Says::Unplaced { pod, said, without, counts }) = &plan.given.outcome.sets[0].unplaced else { panic!("{plan:?}") };
    assert_eq!(
        (&**pod, without.as_slice(), counts.as_slice()),
        ("web-3", &["topologySpreadConstraints".to_owned()][..], &["a 2".to_owned(), "b 1".to_owned()][..])
    );
    assert!(said.contains("1 node(s) didn't match pod topology spread constraints"), "{said}");
    let told = report::text(&plan, "");
    assert!(told.contains("web-3 has no node: 0/3 nodes") && told.contains("The spread decides: a 2, b 1."), "{told}");
    assert!(!told.contains("Volume out of reach") && told.contains("$ kubectl -n default rollout undo sts/web\n"), "{told}");
}

#[test]
fn a_name_that_no_longer_resolves_is_no_good_end_though_no_pod_moves() {
    let plan = plan::of(&quiet(EXAMPLE), &lines(&["kubectl delete svc nginx"]));
    assert_eq!((plan.given.outcome.end, plan.given.outcome.sets.len()), (End::Amiss, 0));
    says_all(&plan, &["Names of web-0, web-1, web-2 do not resolve: no Service nginx leads there."]);
}

/// Of a dump, which shows what others applied, only what is of the same release counts as left.
#[test]
fn what_a_chart_no_longer_has_is_told_of_a_dump_and_what_is_of_others_is_not() {
    let object = |kind: &str, name: &str, release: &str| {
        let spec = if kind == "Service" {
            "{clusterIP: None, ports: [{port: 80}]}"
        } else {
            "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}"
        };
        format!(
            "- apiVersion: v1\n  kind: {kind}\n  metadata:\n    name: {name}\n    namespace: default\n    resourceVersion: '7'\n    \
             uid: 00000000-0000-4000-8000-{name:0>12}\n    creationTimestamp: '2026-11-26T10:00:00Z'\n    annotations: {{meta.helm.sh/release-name: \
             {release}}}\n  spec: {spec}\n  status: {{}}\n"
        )
    };
    let after = "apiVersion: v1\nkind: Service\nmetadata: {name: a0}\nspec: {ports: [{port: 80}]}\n";
    let own = object("Service", "a0", "shop") + &object("Service", "b0", "shop") + &object("PersistentVolumeClaim", "c0", "shop");
    let dump = format!("apiVersion: v1\nkind: List\nitems:\n{own}{}", object("Service", "d0", "blog"));
    let plan = plan::of(&quiet(&dump), &Change::Manifest(after.to_owned()));
    let left =
        plan.given.outcome.notes.iter().find_map(|says| if let Says::Unapplied { objects } = says { Some(objects.clone()) } else { None });
    let left = left.unwrap_or_else(|| panic!("{}", said(&plan)));
    assert!(left.len() == 2 && ["svc/b0", "pvc/c0"].iter().all(|one| left.iter().any(|left| left == one)), "{left:?}");
}

#[test]
fn what_goes_on_without_its_set_and_what_goes_with_its_pod_is_told() {
    let planned = |line: &str| plan::of(&quiet(EXAMPLE), &lines(&[line]));
    let orphaned = planned("kubectl delete statefulset web --cascade=orphan");
    says_all(&orphaned, &["The set itself is deleted.", "no controller owns them", "does not come back: web-0, web-1, web-2."]);
    assert!(!said(&planned("kubectl delete statefulset web")).contains("owns them"));
    let doomed = planned("kubectl delete pvc data-web-1 --wait=false");
    says_all(&doomed, &["is only kept by web-1. When that pod is next deleted, the claim goes, and the disk and its data with it."]);
    let lost = planned("kubectl delete node node-3");
    says_all(&lost, &["The data on claim data-web-"]);
}

#[test]
fn a_claim_template_that_is_renamed_leaves_the_data_in_the_old_claims() {
    let other =
        EXAMPLE.replace("- name: data\n          mountPath", "- name: disk\n          mountPath").replace("{name: data}", "{name: disk}");
    let plan = plan::of(&quiet(EXAMPLE), &lines(&["kubectl delete sts web", &format!("kubectl apply -f - <<'END'\n{other}END")]));
    assert_eq!((plan.given.outcome.end, plan.given.outcome.sets[0].watched.ready_after), (End::Amiss, 3), "{}", said(&plan));
    says_all(
        &plan,
        &[
            "Empty at the start: pvc/disk-web-0, pvc/disk-web-1, pvc/disk-web-2.",
            " The data stays in pvc/data-web-0, pvc/data-web-1, pvc/data-web-2.",
            // The garbage collector deletes in no order that is known, and the set makes its pods from the lowest ordinal on.
            "Deleted with their owner: web-",
            "Created, in this order: web-0, web-1, web-2.",
        ],
    );
    assert!(!said(&plan).contains("Removed, in") && !said(&plan).contains("Replaced, in"), "{}", said(&plan));
}

/// Which of equally good nodes a pod gets is drawn, and goes otherwise next time.
#[test]
fn a_drawn_node_is_no_move_and_a_drained_one_is() {
    let bare = EXAMPLE.split("        volumeMounts:").next().expect("a manifest").replace("  replicas: 3\n", "  replicas: 4\n");
    let before = quiet(&bare);
    let moves = |plan: &Plan| {
        let rows = plan.given.outcome.sets.iter().flat_map(|set| &set.watched.replaced);
        let nodes = rows.filter_map(|row| Some((row.before.as_ref()?.node.clone()?, row.after.as_ref()?.node.clone()?)));
        nodes.filter(|(from, to)| from != to).count()
    };
    let restarted = plan::of(&before, &lines(&["kubectl rollout restart sts/web"]));
    assert!(moves(&restarted) > 0 && !said(&restarted).contains(" moves from "), "{}", said(&restarted));
    let drained = plan::of(&before, &lines(&["kubectl drain node-1 --ignore-daemonsets"]));
    assert_eq!(said(&drained).matches(" moves from node-1 ").count(), moves(&drained), "{}", said(&drained));
    assert!(moves(&drained) > 0);
    // On a real plane, no address is given again soon.
    assert!(said(&restarted).contains("4 pods come back with another address."), "{}", said(&restarted));
}
