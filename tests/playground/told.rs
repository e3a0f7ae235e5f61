//! Who holds a wait, and what ends it, where both are easily told amiss.

use super::questions::{at_first_sight, check, on_the_page, passes};
use super::ways::{MOUNTS, follow, offered, placed, template, with};
use super::*;

/// The paragraph that stands there where nobody asked.
pub(super) fn paragraph(playground: &Playground) -> String {
    why::project(&playground.snapshot(LANG), Some(&web_name()), None, None).paragraph.plain()
}

#[test]
fn a_readiness_gate_is_opened_by_whoever_sets_its_condition() {
    let mut playground = on_the_page(&placed("      readinessGates: [{conditionType: example.com/x}]\n"));
    passes(&mut playground, 60);
    let set = |status: &str| {
        let conditions = format!(r#"{{"status":{{"conditions":[{{"status":"{status}","type":"example.com/x"}}]}}}}"#);
        format!("kubectl patch pod web-0 --subresource=status -p '{conditions}'")
    };
    let parts = [
        "web-0 is running, but not Ready.",
        "of the conditions they name, example.com/x is missing.",
        "Decided by: spec.template.spec.readinessGates, line 28",
        "Ends when: somebody sets example.com/x to True",
        &format!("$ {}", set("True")),
    ];
    check(&mut playground, "why web-0", &parts);
    playground.type_line(&set("False"), LANG);
    passes(&mut playground, 60);
    check(&mut playground, "why web-0", &[parts[0], "of the conditions they name, example.com/x is False."]);
    follow(&mut playground, 3);
}

#[test]
fn a_scheduling_gate_is_taken_away_by_whoever_set_it() {
    let mut playground = on_the_page(&placed("      schedulingGates: [{name: example.com/x}, {name: example.com/y}]\n"));
    passes(&mut playground, 60);
    let gated = "It has scheduling gates: example.com/x, example.com/y.";
    check(
        &mut playground,
        "why web-0",
        &[
            "web-0 is not scheduled yet.",
            gated,
            "New pods of web have what its template says.",
            "Decided by: spec.template.spec.schedulingGates, line 28",
            "Ends when: its scheduling gates are removed",
            r#"$ kubectl patch pod web-0 --type=json -p '[{"op":"remove","path":"/spec/schedulingGates"}]'"#,
        ],
    );
    assert_eq!(at_first_sight(&playground).0, "web-0 is not scheduled yet.");
    playground.type_line(r#"kubectl patch pod web-0 --type=json -p '[{"op":"remove","path":"/spec/schedulingGates/0"}]'"#, LANG);
    passes(&mut playground, 10);
    check(&mut playground, "why web-0", &["web-0 is not scheduled yet.", "It has scheduling gates: example.com/y."]);
    follow(&mut playground, 3);
}

#[test]
fn a_name_that_no_image_can_have_is_left_and_not_waited_for() {
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    playground.type_line("kubectl set image sts/web nginx=nginx:1.28:foo", LANG);
    passes(&mut playground, 300);
    check(
        &mut playground,
        "why web-2",
        &[
            "web-2 does not start: nginx:1.28:foo is not a valid image name.",
            "tries again every 10 to 15 s",
            "Ends when: the pod or a new one names another image",
        ],
    );
    assert_eq!(offered(&playground), ["kubectl rollout undo statefulset/web && kubectl delete pod web-2"]);
    follow(&mut playground, 1);
    for (image, better) in [("nginx:1.28:foo", "nginx:1.28"), ("Nginx:1.27", "nginx:1.27")] {
        let mut playground = on_the_page(&with(image, ""));
        passes(&mut playground, 300);
        assert_eq!(offered(&playground), [format!("kubectl set image statefulset/web nginx={better} && kubectl delete pod web-0")]);
        follow(&mut playground, 1);
    }
    let mut playground = on_the_page(EXAMPLE);
    let alone = "{apiVersion: v1, kind: Pod, metadata: {name: alone}, spec: {containers: [{name: alone, image: \"nginx:\"}]}}";
    playground.type_line(&format!("echo '{alone}' | kubectl apply -f -"), LANG);
    passes(&mut playground, 60);
    let line = "$ kubectl set image pod/alone alone=nginx";
    check(&mut playground, "why alone", &["alone does not start: nginx: is not a valid image name.", line]);
    playground.type_line(&line[2..], LANG);
    passes(&mut playground, 60);
    check(&mut playground, "why alone", &["alone is Ready."]);
}

#[test]
fn an_image_that_must_not_be_pulled_may_be() {
    let mut playground = on_the_page(&with("nginx:1.27", "        imagePullPolicy: Never\n"));
    passes(&mut playground, 60);
    check(&mut playground, "why web-0", &["web-0 does not start: its image is not on its node, and must not be pulled."]);
    assert_eq!(offered(&playground), [template(r#""containers":[{"imagePullPolicy":"IfNotPresent","name":"nginx"}]"#)]);
    follow(&mut playground, 1);
}

#[test]
fn what_is_missing_is_named_and_only_volumes_back_off() {
    let mounted = format!("{MOUNTS}        - name: settings\n          mountPath: /settings\n");
    let volume = placed("      volumes: [{name: settings, configMap: {name: settings}}]\n").replace(MOUNTS, &mounted);
    let key = "        env: [{name: A, valueFrom: {secretKeyRef: {name: nginx, key: word}}}]\n";
    let secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: nginx}\n";
    for (manifest, lacks, again, ends) in [
        (
            with("nginx:1.27", "        envFrom: [{configMapRef: {name: settings}}]\n"),
            "ConfigMap settings does not exist",
            PACE,
            "ConfigMap settings exists",
        ),
        (volume, "ConfigMap settings does not exist", "looks again, waiting longer each time.", "ConfigMap settings exists"),
        (with("nginx:1.27", key) + secret, "Secret nginx has no key word", PACE, "Secret nginx has a key word"),
    ] {
        let mut playground = on_the_page(&manifest);
        passes(&mut playground, 60);
        let ends = format!("Ends when: {ends}, or a new pod does without");
        check(&mut playground, "why web-0", &[&format!("web-0 does not start: {lacks}."), again, &ends]);
        follow(&mut playground, 1);
    }
}

/// At what pace the kubelet looks at a container that it cannot create.
const PACE: &str = "looks again every 10 to 15 s.";

#[test]
fn a_volume_that_was_refused_is_not_said_to_be_on_its_way() {
    let mut playground = on_the_page(&EXAMPLE.replace("ReadWriteOnce", "ReadWriteMany"));
    passes(&mut playground, 300);
    let ends = "Ends when: the claim asks for what its class can provide, or a volume is made for it by hand";
    let says = "The provisioner says ";
    check(&mut playground, "why web-0", &["web-0 waits for its volume.", says, ends]);
    for question in ["why web-0", "why", "why web-1"] {
        let before = playground.terminal().lines().len();
        playground.type_line(question, LANG);
        let said: String = playground.terminal().lines()[before..].iter().map(|line| line.text.as_str()).collect();
        assert!(said.contains(says) && !said.contains("is provisioning one"), "{question}: {said}");
    }
}

#[test]
fn an_ordinal_below_the_first_one_is_not_wanted_however_many_pods_there_are() {
    let mut playground = on_the_page(&EXAMPLE.replace("replicas: 3", "replicas: 3\n  ordinals: {start: 5}"));
    settle(&mut playground);
    for below in ["why web-0", "why web-4"] {
        check(&mut playground, below, &["web-", "ordinals.start is 5", "Decided by: spec.ordinals.start, line 17"]);
    }
    check(&mut playground, "why web-8", &["web-8 is not among", "replicas is 3.", "Decided by: spec.replicas, line 16"]);
}

#[test]
fn a_set_that_is_updated_by_deletion_is_up_to_date_once_all_its_pods_are() {
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    let verdict = |playground: &Playground| at_first_sight(playground).0;
    for (line, want) in [
        (
            r#"kubectl patch sts web --type=merge -p '{"spec":{"updateStrategy":{"type":"OnDelete","rollingUpdate":null}}}'"#,
            "web is up to date.",
        ),
        ("kubectl set image sts/web nginx=nginx:1.28", "3 pods of web keep the old revision."),
        ("kubectl rollout undo sts/web", "web is up to date."),
        ("kubectl set image sts/web nginx=nginx:1.29", "3 pods of web keep the old revision."),
        ("kubectl delete pod web-0 web-1 web-2", "web is up to date."),
    ] {
        playground.type_line(line, LANG);
        settle(&mut playground);
        assert_eq!(verdict(&playground), want, "{line}");
    }
}

#[test]
fn a_volume_that_is_kept_says_for_whom_and_how_another_gets_it() {
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    let volume = playground.tables().claim("default", "data-web-2").expect("a claim").spec.volume.to_string();
    for line in [
        &*format!("kubectl patch pv {volume} -p '{{\"spec\":{{\"persistentVolumeReclaimPolicy\":\"Retain\"}}}}'"),
        "kubectl scale sts web --replicas=2",
        "kubectl delete pvc data-web-2",
    ] {
        playground.type_line(line, LANG);
        settle(&mut playground);
    }
    let free = format!("kubectl patch persistentvolume {volume} --type=json -p '[{{\"op\":\"remove\",\"path\":\"/spec/claimRef\"}}]'");
    for question in [format!("why pv/{volume}"), format!("why bound pv/{volume}")] {
        let verdict = format!("{volume} is Released, and no claim can bind to it.");
        let line = format!("$ {free}");
        let ends = "Ends when: somebody removes its claimRef, or deletes it";
        check(&mut playground, &question, &[&verdict, "The reclaim policy is Retain", "spec.claimRef.uid = ", ends, &line]);
    }
    let phase = |playground: &Playground| playground.tables().volume("", &volume).expect("it is kept").status.phase.word();
    assert_eq!(phase(&playground), "Released");
    playground.type_line(&free, LANG);
    settle(&mut playground);
    assert_eq!(phase(&playground), "Available");
}

#[test]
fn of_the_highest_ordinal_nothing_is_said_that_holds_of_lower_ones() {
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    playground.type_line("kubectl set image sts/web nginx=nginx:broken", LANG);
    settle(&mut playground);
    let last = "The controller waits for web-2 to become Ready. Until then it adds, updates and removes no pod.";
    assert!(paragraph(&playground).ends_with(last), "{}", paragraph(&playground));
    playground.type_line("kubectl rollout undo sts/web", LANG);
    settle(&mut playground);
    let trapped = "A newer revision exists, but it will not reach web-2: with OrderedReady, the controller replaces no pod until web-2 is \
                   Ready. web waits for web-2.";
    assert_eq!(paragraph(&playground), trapped);
    playground.type_line("playground unready pod web-0", LANG);
    playground.type_line("kubectl delete pod web-2", LANG);
    passes(&mut playground, 60);
    assert!(paragraph(&playground).ends_with("With OrderedReady, web-2 waits for web-0."), "{}", paragraph(&playground));
    check(&mut playground, "why web-2", &["web-2 is not recreated.", "only when every lower ordinal is Running and Ready. web-0 is not."]);
}

#[test]
fn where_all_pods_are_there_none_is_said_to_be_created_next() {
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    playground.type_line("playground unready pod web-0", LANG);
    passes(&mut playground, 60);
    let all = "The controller waits for web-0 to become Ready. Until then it adds, updates and removes no pod.";
    assert!(paragraph(&playground).ends_with(all), "{}", paragraph(&playground));
}

#[test]
fn of_the_last_pod_to_be_removed_no_next_one_is_told() {
    let busy = EXAMPLE.replace("httpGet: {path: /, port: 80}", "exec: {command: [ls]}");
    let mut playground = on_the_page(&busy.replace("nginx:1.27", "busybox\n        command: [sleep, infinity]"));
    settle(&mut playground);
    playground.type_line("kubectl scale sts/web --replicas=2", LANG);
    passes(&mut playground, 5);
    assert_eq!(at_first_sight(&playground).0, "web-2 is being removed.");
    assert_eq!(paragraph(&playground), "Pods are removed one at a time, the highest ordinal first.");
}

#[test]
fn who_types_a_program_that_is_not_here_is_told_what_does_the_same() {
    let mut playground = started(EXAMPLE);
    for (line, instead) in [
        ("vim web.yaml", "cat > FILE <<'EOF'"),
        ("helm install web ./chart", "helm template"),
        ("kubens db", "kubectl config set-context --current --namespace"),
        ("nslookup web-0.nginx", "kubectl run -it --rm"),
        ("frobnicate", "kubectl, playground and common shell tools are."),
    ] {
        let before = playground.terminal().lines().len();
        playground.type_line(line, LANG);
        let said: Vec<String> = playground.terminal().lines()[before..].iter().map(|line| line.text.clone()).collect();
        assert!(said.last().is_some_and(|last| last.contains(instead)), "{line}: {said:?}");
    }
}

#[test]
fn where_everything_was_deleted_the_last_workload_is_told_of_and_when_it_went() {
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    playground.type_line("kubectl delete statefulset web", LANG);
    passes(&mut playground, 60);
    check(&mut playground, "why", &["web was deleted (at 0:", "No workload is left."]);
    assert_eq!(paragraph(&playground), "No workload is left.");
    // While another one is there, it is not said of the one that went.
    playground.type_line("kubectl create deployment api --image=nginx", LANG);
    let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
    assert!(!why.verdict.plain().contains("was deleted"), "{why:?}");
}

#[test]
fn a_pod_without_a_node_for_want_of_a_volume_waits_for_what_its_claim_waits_for() {
    let mut playground = on_the_page(&EXAMPLE.replace("accessModes", "storageClassName: gp3\n      accessModes"));
    passes(&mut playground, 60);
    check(&mut playground, "why web-0", &["web-0 has no node.", "Ends when: gp3 exists, or the claim is recreated with another"]);
}

#[test]
fn a_pod_that_asks_for_a_scheduler_that_is_not_there_is_said_to() {
    let mut playground = on_the_page(&placed("      schedulerName: my-scheduler\n"));
    passes(&mut playground, 60);
    let parts =
        ["web-0 has no node.", "It asks for the scheduler my-scheduler, and none", "Ends when: a new pod has another schedulerName"];
    check(&mut playground, "why web-0", &parts);
    assert_eq!(at_first_sight(&playground).0, "web-0 has no node.");
    assert!(paragraph(&playground).starts_with("It asks for the scheduler my-scheduler, and none"), "{}", paragraph(&playground));
}

#[test]
fn of_a_pod_whose_machine_is_out_it_is_told_what_the_api_server_believes_and_what_is_so() {
    for (verb, is_so) in [("stop", LANG.text().node.is_off()), ("cut", LANG.text().node.is_cut())] {
        let mut playground = on_the_page(EXAMPLE);
        settle(&mut playground);
        let node = playground.tables().pod("default", "web-1").and_then(|pod| pod.node.clone()).expect("it runs");
        playground.type_line(&format!("playground {verb} node {node}"), LANG);
        passes(&mut playground, 2);
        check(&mut playground, "why web-1", &["As far as the API server knows, web-1 is Ready.", &format!("{node} is silent. {is_so}")]);
        check(&mut playground, "why web-0", &["web-0 is Ready."]);
        passes(&mut playground, 60);
        check(&mut playground, "why web-1", &["Nobody knows whether web-1 is still running."]);
        playground.type_line("kubectl delete pod web-1 --force", LANG);
        let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
        let words = why.hazard.expect("it may run").words.plain();
        assert_eq!(words.contains("its side of the cut"), verb == "cut", "{words}");
        assert_eq!(words.contains("If it does, clients there could"), verb == "stop", "{words}");
    }
}

#[test]
fn a_pod_that_no_node_takes_at_any_revision_is_not_freed_by_a_newer_one() {
    let apart = "    spec:\n      affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: \
                 kubernetes.io/hostname, labelSelector: {matchLabels: {app: nginx}}}]}}\n";
    let crowded = EXAMPLE.replacen("    spec:\n", apart, 1).replacen("replicas: 3", "replicas: 4", 1);
    let mut playground = on_the_page(&crowded);
    settle(&mut playground);
    playground.type_line("kubectl set image sts/web nginx=nginx:1.28", LANG);
    settle(&mut playground);
    let says = paragraph(&playground);
    assert!(!says.contains("will not reach") && says.contains("anti-affinity"), "{says}");
    // A newer revision that asks for less of a node would free the pod.
    playground.type_line("kubectl patch sts web --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/template/spec/affinity\"}]'", LANG);
    settle(&mut playground);
    assert!(paragraph(&playground).contains("will not reach web-3"), "{}", paragraph(&playground));
}
