//! Ways out fit the cause: what is offered for a wait ends it, and what would not end it is not offered.

use std::rc::Rc;

use super::questions::{at_first_sight, on_the_page, passes};
use super::told::paragraph;
use super::*;
use ordinal::api::kind::Kind;
use ordinal::api::object::storage::{ClaimPhase, VolumePhase};
use ordinal::api::object::{Object, ObjectKey};

/// What is offered where nobody asked about anything.
pub(super) fn offered(playground: &Playground) -> Vec<String> {
    let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
    why.ways.into_iter().map(|way| way.entry.line).collect()
}

/// Types the only line that is offered, for as long as there is one, and expects the set to be as wanted after so many.
pub(super) fn follow(playground: &mut Playground, times: usize) {
    for _ in 0..times {
        let lines = offered(playground);
        assert_eq!(lines.len(), 1, "{lines:?} {:?}", at_first_sight(playground));
        playground.type_line(&lines[0], LANG);
        passes(playground, 400);
    }
    assert_eq!(at_first_sight(playground).0, "web is up to date.", "{:?}", offered(playground));
}

/// The example with another image and further lines for its container.
pub(super) fn with(image: &str, lines: &str) -> String {
    EXAMPLE.replace("image: nginx:1.27\n", &format!("image: {image}\n{lines}"))
}

/// A command that ends, and the probe of a port that nobody listens on.
const EXITS: &str = "        command: [sh, -c, 'exit 1']\n";
const ASKS_AMISS: &str = "        livenessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 2, failureThreshold: 1}\n";

#[test]
fn an_image_is_to_be_repaired_only_where_it_is_what_is_wrong() {
    let drop =
        r#"kubectl patch statefulset web --type=json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/livenessProbe"}]'"#;
    for (text, want) in [
        (with("nginx:crash", ""), "playground mend image nginx:crash".to_owned()),
        (with("nginx:leaky", "        resources: {limits: {memory: 64Mi}}\n"), "playground mend image nginx:leaky".to_owned()),
        (with("nginx:1.27", ASKS_AMISS), format!("{drop} && kubectl delete pod web-0")),
    ] {
        let mut playground = on_the_page(&text);
        passes(&mut playground, 300);
        assert_eq!(offered(&playground), [want]);
        follow(&mut playground, 1);
    }
}

#[test]
fn a_command_that_ends_gives_way_to_one_that_waits_or_to_the_revision_before() {
    let mut playground = on_the_page(&with("busybox", EXITS));
    passes(&mut playground, 300);
    assert_eq!(at_first_sight(&playground).0, "web-0 does not stay up.");
    assert!(paragraph(&playground).contains("exits with code 1"), "{}", paragraph(&playground));
    let waits = template(r#""containers":[{"args":null,"command":["sleep","infinity"],"name":"nginx"}]"#);
    assert_eq!(offered(&playground), std::slice::from_ref(&waits));
    playground.type_line(&waits, LANG);
    passes(&mut playground, 60);
    assert_eq!(at_first_sight(&playground).0, "web-0 is running, but not Ready.");
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    playground.edit(with("busybox", EXITS), LANG);
    playground.type_line(&command::apply(), LANG);
    passes(&mut playground, 300);
    assert_eq!(offered(&playground), ["kubectl rollout undo statefulset/web && kubectl delete pod web-2"]);
    follow(&mut playground, 1);
}

#[test]
fn a_program_that_is_not_there_gives_way_to_the_images_own_or_to_one_that_waits() {
    let amiss = "        command: [ngnix, -g, 'daemon off;']\n";
    let mut playground = on_the_page(&with("nginx:1.27", amiss));
    passes(&mut playground, 300);
    let told = paragraph(&playground);
    assert!(told.contains("exec: \"ngnix\": executable file not found in $PATH"), "{told}");
    assert_eq!(offered(&playground), [template(r#""containers":[{"args":null,"command":null,"name":"nginx"}]"#)]);
    follow(&mut playground, 1);
    let mut playground = on_the_page(&with("busybox", amiss));
    passes(&mut playground, 20);
    assert_eq!(offered(&playground), [template(r#""containers":[{"args":null,"command":["sleep","infinity"],"name":"nginx"}]"#)]);
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    playground.edit(with("nginx:1.27", amiss), LANG);
    playground.type_line(&command::apply(), LANG);
    passes(&mut playground, 300);
    assert_eq!(offered(&playground), ["kubectl rollout undo statefulset/web && kubectl delete pod web-2"]);
    follow(&mut playground, 1);
    let before = "      initContainers: [{name: first, image: busybox, command: [nope]}]\n      containers:\n";
    let mut playground = on_the_page(&EXAMPLE.replacen("      containers:\n", before, 1));
    passes(&mut playground, 300);
    assert_eq!(offered(&playground), [template(r#""initContainers":[{"args":null,"command":["true"],"name":"first"}]"#)]);
    follow(&mut playground, 1);
}

/// The line that patches the pod spec of the template, and makes the first pod anew.
pub(super) fn template(patch: &str) -> String {
    format!(r#"kubectl patch statefulset web -p '{{"spec":{{"template":{{"spec":{{{patch}}}}}}}}}' && kubectl delete pod web-0"#)
}

#[test]
fn an_init_container_that_fails_is_passed_over() {
    let before = "      initContainers: [{name: first, image: busybox, command: [sh, -c, exit 3]}]\n      containers:\n";
    let mut playground = on_the_page(&EXAMPLE.replacen("      containers:\n", before, 1));
    passes(&mut playground, 300);
    assert_eq!(offered(&playground), [template(r#""initContainers":[{"args":null,"command":["true"],"name":"first"}]"#)]);
    follow(&mut playground, 1);
}

#[test]
fn a_pod_that_asks_for_more_than_any_node_has_is_to_ask_for_less() {
    for (asks, less) in [("requests: {cpu: 100}", "cpu=100m"), ("limits: {cpu: 100, memory: 1Ti}", "cpu=100m,memory=64Mi")] {
        let mut playground = on_the_page(&with("nginx:1.27", &format!("        resources: {{{asks}}}\n")));
        passes(&mut playground, 60);
        let edit = format!("kubectl set resources statefulset web --requests={less} && kubectl delete pod web-0");
        // With no pods at all the wait would end, too; nobody wants that.
        assert_eq!(offered(&playground), [edit.as_str()]);
        playground.type_line(&edit, LANG);
        passes(&mut playground, 400);
        assert_eq!(at_first_sight(&playground).0, "web is up to date.", "{:?}", offered(&playground));
    }
}

#[test]
fn a_claim_that_its_provisioner_refuses_gets_a_volume_by_hand_or_is_made_anew() {
    let many = EXAMPLE.replace("ReadWriteOnce", "ReadWriteMany");
    let mut playground = on_the_page(&many);
    passes(&mut playground, 300);
    let line = &offered(&playground)[0];
    for part in ["\"kind\":\"PersistentVolume\"", "\"accessModes\":[\"ReadWriteMany\"]", "\"claimRef\":{\"name\":\"data-web-0\""] {
        assert!(line.contains(part), "{line}");
    }
    let mut corrected = playground.clone();
    follow(&mut playground, 3);
    corrected.type_line("kubectl delete statefulset web --cascade=orphan", LANG);
    passes(&mut corrected, 30);
    corrected.edit(EXAMPLE.to_owned(), LANG);
    corrected.type_line(&command::apply(), LANG);
    passes(&mut corrected, 300);
    assert_eq!(offered(&corrected), ["kubectl delete persistentvolumeclaim data-web-0 --wait=false && kubectl delete pod web-0"]);
    follow(&mut corrected, 1);
}

#[test]
fn a_provisioner_that_runs_nowhere_is_run_by_a_button() {
    let (head, tail) = EXAMPLE.split_once("accessModes").expect("a claim template");
    for mode in ["Immediate", "WaitForFirstConsumer"] {
        let class = format!(
            "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: far}}\nprovisioner: example.com/nfs\nvolumeBindingMode: {mode}\n"
        );
        let indent = " ".repeat(head.len() - head.trim_end_matches(' ').len());
        let mut playground = on_the_page(&format!("{class}---\n{head}storageClassName: far\n{indent}accessModes{tail}"));
        passes(&mut playground, 60);
        assert_eq!(offered(&playground), ["playground run provisioner example.com/nfs"], "{mode}");
        follow(&mut playground, 1);
    }
}

#[test]
fn a_set_whose_stale_claim_is_gone_is_brought_to_its_controllers_notice() {
    let retention = "replicas: 4\n  persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}";
    let mut playground = on_the_page(&EXAMPLE.replace("replicas: 3", retention));
    settle(&mut playground);
    let finalizers = |list: &str| format!("kubectl patch pod web-2 -p '{{\"metadata\":{{\"finalizers\":{list}}}}}'");
    for line in [
        &*finalizers("[\"example.com/hold\"]"),
        "kubectl scale sts web --replicas=1",
        "kubectl scale sts web --replicas=4",
        "kubectl set image sts/web nginx=nginx:1.26",
    ] {
        playground.type_line(line, LANG);
        passes(&mut playground, 60);
    }
    assert_eq!(offered(&playground), ["kubectl patch pod web-2 --type=merge -p '{\"metadata\":{\"finalizers\":null}}'"]);
    playground.type_line(&finalizers("null"), LANG);
    passes(&mut playground, 400);
    assert_eq!(at_first_sight(&playground).0, "web-2 is not created.");
    assert!(offered(&playground)[0].starts_with("kubectl annotate statefulset web look-again="), "{:?}", offered(&playground));
    follow(&mut playground, 1);
}

#[test]
fn without_a_partition_what_is_offered_updates_the_lowest_ordinals_too() {
    let strategy = "    rollingUpdate:\n      partition: 0\n";
    let mut playground = on_the_page(&with("nginx:1.27", ASKS_AMISS).replace(strategy, ""));
    passes(&mut playground, 300);
    let lower = r#"kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}' && "#;
    assert!(offered(&playground)[0].starts_with(lower), "{:?}", offered(&playground));
    follow(&mut playground, 1);
}

#[test]
fn a_rollout_that_only_ever_sees_a_resize_goes_on_once_the_size_is_noted() {
    let mut playground = on_the_page(EXAMPLE);
    for line in [
        "create deployment shop --image=nginx:1.27 --replicas=2",
        "set image deployment shop nginx=nginx:broken",
        r#"patch deployment shop -p '{"spec":{"replicas":4,"strategy":{"type":"Recreate","rollingUpdate":null}}}'"#,
        "set image deployment shop nginx=nginx:1.28",
    ] {
        playground.type_line(&format!("kubectl {line}"), LANG);
        passes(&mut playground, 60);
    }
    let shop = why::Question::Object(ObjectKey::new(Kind::Deployment, &"default".into(), &"shop".into()));
    let answer = why::answer(&playground.snapshot(LANG), &shop);
    let lines: Vec<String> = answer.ways.into_iter().map(|way| way.entry.line).collect();
    let [line] = &lines[..] else { panic!("{lines:?} {:?}", answer.verdict) };
    assert!(line.starts_with("kubectl annotate replicaset shop-") && line.ends_with("desired-replicas=4 --overwrite"), "{line}");
    playground.type_line(line, LANG);
    passes(&mut playground, 300);
    let running = playground.tables().pods().filter(|pod| pod.ready() && *pod.spec.template.containers[0].image == *"nginx:1.28");
    assert_eq!(running.count(), 4);
}

/// Where the container has its disk.
pub(super) const MOUNTS: &str = "        volumeMounts:\n        - name: data\n          mountPath: /data\n";

/// The example with rules for where its pods go.
pub(super) fn placed(rules: &str) -> String {
    EXAMPLE.replace("    spec:\n      containers:\n", &format!("    spec:\n{rules}      containers:\n"))
}

#[test]
fn pods_that_are_to_be_spread_over_zones_get_nodes_that_say_where_they_are() {
    let by_zone = "labelSelector: {matchLabels: {app: nginx}}, topologyKey: topology.kubernetes.io/zone";
    for rules in [
        format!("      topologySpreadConstraints: [{{maxSkew: 1, whenUnsatisfiable: DoNotSchedule, {by_zone}}}]\n"),
        format!("      affinity: {{podAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: [{{{by_zone}}}]}}}}\n"),
    ] {
        let mut playground = on_the_page(&placed(&rules));
        passes(&mut playground, 60);
        let line = |n: u8| format!("kubectl label nodes node-{n} topology.kubernetes.io/zone=zone-{n}");
        assert_eq!(offered(&playground), [[1, 2, 3].map(line).join(" && ")]);
        playground.type_line(&offered(&playground)[0], LANG);
        passes(&mut playground, 60);
        assert_ne!(pods(&playground)[0], "web-0 Pending", "{:?}", at_first_sight(&playground));
        // One that comes later does not say so; another one would not help.
        playground.type_line("playground add nodes 1", LANG);
        passes(&mut playground, 60);
        assert!(!offered(&playground).contains(&"playground add nodes 1".to_owned()));
    }
}

#[test]
fn where_each_pod_wants_a_node_to_itself_another_node_is_offered() {
    let apart = "      affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: \
                 [{labelSelector: {matchLabels: {app: nginx}}, topologyKey: kubernetes.io/hostname}]}}\n";
    let mut playground = on_the_page(&placed(apart).replace("replicas: 3", "replicas: 4"));
    passes(&mut playground, 120);
    assert_eq!(offered(&playground), ["playground add nodes 1", "kubectl scale statefulset web --replicas=3"]);
    playground.type_line("playground add nodes 1", LANG);
    passes(&mut playground, 400);
    assert_eq!(at_first_sight(&playground).0, "web is up to date.", "{:?}", offered(&playground));
}

#[test]
fn a_claim_whose_volume_was_deleted_between_two_writes_is_to_be_made_anew() {
    let mut playground = on_the_page(EXAMPLE);
    let volume = loop {
        let taken =
            playground.tables().all(Kind::PersistentVolume).filter_map(Object::as_volume).find(|v| v.status.phase == VolumePhase::Bound);
        if let Some(volume) = taken {
            break Rc::clone(volume);
        }
        assert!(playground.world_mut().sim.step());
    };
    let claim = |playground: &Playground| playground.tables().claim("default", "data-web-0").cloned().expect("the set made it");
    assert_eq!((&*claim(&playground).spec.volume, volume.spec.claim.as_ref().map(|of| &*of.name)), ("", Some("data-web-0")));
    // What changes the claim now makes the controller's own write of it a conflict.
    playground.type_line("kubectl annotate pvc data-web-0 seen=yes", LANG);
    playground.type_line("kubectl delete pv --all --wait=false", LANG);
    passes(&mut playground, 120);
    assert_eq!(claim(&playground).status.phase, ClaimPhase::Pending);
    let question = why::Question::Object(ObjectKey::new(Kind::PersistentVolumeClaim, &"default".into(), &"data-web-0".into()));
    let answer = why::answer(&playground.snapshot(LANG), &question);
    assert!(format!("{answer:?}").contains("is being deleted. It was"), "{answer:?}");
    assert_eq!(offered(&playground), ["kubectl delete persistentvolumeclaim data-web-0"]);
    follow(&mut playground, 1);
}

/// What is offered where nobody asked, and whether it may do harm.
fn offered_with_harm(playground: &Playground) -> Vec<(String, bool)> {
    let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
    why.ways.into_iter().map(|way| (way.entry.line, way.entry.danger)).collect()
}

#[test]
fn a_pod_whose_node_object_is_gone_gets_its_disk_back_with_the_machine_or_else_an_empty_one() {
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    let node = playground.tables().pod("default", "web-1").and_then(|pod| pod.node.clone()).expect("it runs");
    playground.type_line(&format!("kubectl delete node {node}"), LANG);
    passes(&mut playground, 120);
    let empty = "kubectl delete persistentvolumeclaim data-web-1 --wait=false && kubectl delete pod web-1";
    let want = [(format!("playground start node {node}"), false), (empty.to_owned(), true)];
    assert_eq!(offered_with_harm(&playground), want);
    super::questions::check(&mut playground, "why web-1", &["web-1 has no node.", "  # Delete data-web-1 and web-1: the data is lost"]);
    let volume = |playground: &Playground| playground.tables().claim("default", "data-web-1").expect("a claim").spec.volume.clone();
    for (line, keeps) in [(&want[0].0, true), (&want[1].0, false)] {
        let mut cured = playground.clone();
        cured.type_line(line, LANG);
        passes(&mut cured, 400);
        assert_eq!(at_first_sight(&cured).0, "web is up to date.", "{line}");
        assert_eq!(volume(&cured) == volume(&playground), keeps, "{line}");
    }
}

#[test]
fn pods_that_are_ready_are_given_up_only_where_nothing_else_helps() {
    let apart = "      affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: \
                 [{labelSelector: {matchLabels: {app: nginx}}, topologyKey: kubernetes.io/hostname}]}}\n";
    let with_disks = placed(apart);
    let without = with_disks.split("  volumeClaimTemplates:").next().expect("a manifest").replace(MOUNTS, "");
    let scale_in = ("kubectl scale statefulset web --replicas=1".to_owned(), true);
    for (manifest, want) in [(with_disks.clone(), scale_in), (without, ("playground add nodes 1".to_owned(), false))] {
        let mut playground = on_the_page(&manifest);
        settle(&mut playground);
        let node = playground.tables().pod("default", "web-1").and_then(|pod| pod.node.clone()).expect("it runs");
        let spec = format!("{{nodeName: {node}, containers: [{{name: a, image: nginx}}]}}");
        let other = format!("{{apiVersion: v1, kind: Pod, metadata: {{name: other, labels: {{app: nginx}}}}, spec: {spec}}}");
        playground.type_line(&format!("echo '{other}' | kubectl apply -f - && kubectl delete pod web-1"), LANG);
        passes(&mut playground, 120);
        assert_eq!(offered_with_harm(&playground), [want]);
    }
}

#[test]
fn where_neither_of_two_labels_helps_alone_both_are_set_one_after_the_other() {
    let spread = "      topologySpreadConstraints:\n      - maxSkew: 1\n        topologyKey: topology.kubernetes.io/zone\n        \
                  whenUnsatisfiable: DoNotSchedule\n        labelSelector: {matchLabels: {app: nginx}}\n";
    for replicas in [1, 2] {
        let text =
            placed(&format!("      nodeSelector: {{disktype: ssd}}\n{spread}")).replace("replicas: 3", &format!("replicas: {replicas}"));
        let mut playground = on_the_page(&text);
        passes(&mut playground, 60);
        let lines = offered(&playground);
        let [line] = &lines[..] else { panic!("{lines:?}") };
        let parts: Vec<&str> = line.split(" && ").collect();
        assert_eq!(parts[0], "kubectl label nodes node-1 disktype=ssd --overwrite");
        assert_eq!(parts[1], "kubectl label nodes node-1 topology.kubernetes.io/zone=zone-1");
        assert_eq!(parts.len(), 4);
        follow(&mut playground, 1);
    }
}

#[test]
fn nobody_is_told_to_have_no_pods_at_all_and_what_fewer_pods_mean_is_said() {
    let selector = placed(
        "      affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: \
                           [{matchExpressions: [{key: nobody, operator: In, values: [has]}]}]}}}\n",
    );
    for text in [selector.clone(), selector.replace("replicas: 3", "replicas: 1")] {
        let mut playground = on_the_page(&text);
        passes(&mut playground, 60);
        assert_eq!(offered(&playground), [""; 0]);
    }
    let apart = placed(
        "      affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: \
                        [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: nginx}}}]}}\n",
    );
    let mut playground = on_the_page(&apart.replace("replicas: 3", "replicas: 4"));
    passes(&mut playground, 120);
    let ways = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None).ways;
    let notes: Vec<(&str, String)> = ways.iter().map(|way| (&*way.entry.line, way.note.plain())).collect();
    let fewer = ("kubectl scale statefulset web --replicas=3", "web-3 is not among the desired replicas".to_owned());
    assert_eq!(notes, [("playground add nodes 1", "a node fits".to_owned()), fewer]);
}
