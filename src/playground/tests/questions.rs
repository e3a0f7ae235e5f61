//! Questions typed into the terminal, and what they are answered.

use super::*;

/// What is answered to a line, without the line.
fn asked(playground: &mut Playground, line: &str, lang: Lang) -> Vec<String> {
    let before = playground.terminal().lines().len();
    playground.type_line(line, lang);
    playground.terminal().lines()[before + 1..].iter().map(|line| line.text.clone()).collect()
}

/// Asks, and looks for each part among the lines of the answer; the first is how it begins.
fn check(playground: &mut Playground, question: &str, parts: &[&str]) {
    let said = asked(playground, question, LANG);
    assert!(said.first().is_some_and(|line| line.starts_with(parts[0])), "{question}: {said:#?}");
    for part in parts {
        assert!(said.iter().any(|line| line.contains(part)), "{question}: no {part:?} in {said:#?}");
    }
}

fn passes(playground: &mut Playground, seconds: u64) {
    playground.run(Time(playground.now().0 + seconds * 1000), || true);
}

#[test]
fn an_absent_pod_is_explained_down_to_its_root_with_what_was_seen_and_what_ends_the_wait() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    playground.type_line("playground unready pod web-0", LANG);
    playground.type_line("kubectl delete pod web-1", LANG);
    passes(&mut playground, 60);
    check(
        &mut playground,
        "why web-1",
        &[
            "web-1 is not created.",
            "web-0 runs and is not Ready",
            "status.conditions[Ready] = False, resourceVersion ",
            "Decided by: spec.podManagementPolicy, line 17",
            "Ends when: web-0 is Ready",
            "$ playground ready pod web-0",
            "$ why deleted web-1",
            "Docs: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/",
            "needs a network",
        ],
    );
    playground.type_line("playground ready pod web-0", LANG);
    settle(&mut playground);
    check(&mut playground, "why web-1", &["web-1 is Ready.", "$ why bound web-1"]);
    check(&mut playground, "why web-7", &["web-7 is not wanted.", "Decided by: spec.replicas, line 16"]);
}

#[test]
fn who_deleted_something_is_read_from_the_log() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    check(&mut playground, "why deleted web-1", &["Nobody has deleted web-1."]);
    playground.type_line("kubectl delete pod web-1", LANG);
    check(
        &mut playground,
        "why deleted web-1",
        &["web-1 is being deleted: you, with kubectl delete pod web-1", "set metadata.deletionTimestamp"],
    );
    settle(&mut playground);
    let removed = ["web-1 was deleted: you, with", "the kubelet on node-", "removed the object #"];
    check(&mut playground, "why deleted pod web-1", &removed);
    for (line, question, parts) in [
        (
            "kubectl scale sts web --replicas=2",
            "why deleted web-2",
            ["web-2 was deleted: the statefulset-controller", "beyond the wanted ordinals", "Decided by: spec.replicas, line 16"],
        ),
        (
            "kubectl set image sts/web nginx=nginx:1.28",
            "why deleted web-0",
            ["web-0 was deleted: the statefulset-controller", "to be made at the new revision", "Decided by: spec.updateStrategy"],
        ),
        (
            "kubectl delete pvc data-web-2",
            "why deleted data-web-2",
            ["data-web-2 was deleted: you, with kubectl delete pvc data-web-2", "removed the object", "resourceVersion"],
        ),
        (
            "kubectl delete sts web",
            "why deleted web-1",
            ["web-1 was deleted: the garbage-collector", "owner", "Decided by: metadata.ownerReferences"],
        ),
    ] {
        playground.type_line(line, LANG);
        settle(&mut playground);
        check(&mut playground, question, &parts);
    }
    check(&mut playground, "why web-1", &["web-1 was deleted"]);
    check(&mut playground, "why deleted nobody", &["The log knows of no nobody."]);
}

#[test]
fn a_binding_is_explained_by_filters_scores_and_classes() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    let node = playground.tables().pod("default", "web-1").and_then(|pod| pod.node.clone()).expect("it runs");
    let scored = format!("- {node}: ");
    check(&mut playground, "why bound web-1", &["web-1 has its node", &scored, "NodeResourcesFit", "PodTopologySpread", "kube-scheduler"]);
    let made = format!("volume.kubernetes.io/selected-node = {node}");
    check(
        &mut playground,
        "why bound pvc/data-web-1",
        &[
            "data-web-1 has its volume",
            "rancher.io/local-path made",
            "volumeBindingMode = WaitForFirstConsumer",
            &made,
            "spec.claimRef.name",
        ],
    );
    let volume = playground.tables().claim("default", "data-web-1").map(|claim| claim.volume.to_string()).expect("it is bound");
    check(&mut playground, &format!("why pv/{volume}"), &["data-web-1 has its volume"]);
    // The disk pins the pod: every other node is refused.
    playground.type_line("kubectl delete pod web-1", LANG);
    settle(&mut playground);
    check(&mut playground, "why bound web-1", &["web-1 has its node", "refused: VolumeBinding: node(s) didn't match PersistentVolume"]);
}

#[test]
fn a_name_is_explained_by_its_service_its_slice_and_its_pod() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    let ip = playground.tables().pod("default", "web-0").and_then(|pod| pod.status.ip).expect("it runs").to_string();
    let answers = format!("web-0.nginx answers {ip}.");
    for question in ["why dns web-0.nginx", "why web-0.nginx"] {
        check(&mut playground, question, &[&answers, "nginx selects app=nginx", "conditions.ready = true", "web-0 is Running and Ready"]);
    }
    playground.type_line("playground unready pod web-0", LANG);
    passes(&mut playground, 60);
    check(
        &mut playground,
        "why dns web-0.nginx",
        &[
            "web-0.nginx has no answer: NXDOMAIN.",
            "Not Ready, so not published.",
            "endpoint web-0 is not published",
            "conditions.ready = false, resourceVersion",
            "Ends when: an EndpointSlice",
            "$ playground ready pod web-0",
        ],
    );
    check(&mut playground, "why dns web-0.ngin", &["web-0.ngin has no answer", "No Service ngin; the pods are behind nginx."]);
    check(&mut playground, "why dns nginx.other", &["nginx.other has no answer"]);
}

#[test]
fn any_object_can_be_asked_about_by_any_of_its_names() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    for (question, answer) in [
        ("why", "web is as wanted."),
        ("why sts web", "web is as wanted."),
        ("why statefulset.apps/web", "web is as wanted."),
        ("why svc/nginx", "nginx answers"),
        ("why node-1", "node-1 is Ready."),
        ("why sc/local-path", "local-path is there."),
        ("why data-web-0", "data-web-0 has its volume"),
        ("why -n other web-0", "web-0 does not exist."),
        ("playground why web-0", "web-0 is Ready."),
        ("why cm/nothing", "nothing does not exist."),
        ("why this and that and more", "why [KIND/]NAME"),
        ("why --what web-0", "why [KIND/]NAME"),
    ] {
        check(&mut playground, question, &[answer]);
    }
    assert_eq!(asked(&mut playground, "why web-0", Lang::Korean)[0], "web-0은 Ready입니다.");
    assert_eq!(asked(&mut playground, "why web-0 | head -n 1", LANG), ["web-0 is Ready."]);
}

#[test]
fn no_question_breaks_anything() {
    let mut playground = started(EXAMPLE);
    passes(&mut playground, 2);
    for words in
        ["", "deleted", "bound", "dns", "dns .", "dns ....", "/", "pod/", "/web-0", "-n", "bound sts/web", "bound node-1", "deleted pv/x"]
    {
        asked(&mut playground, &format!("why {words}"), LANG);
        asked(&mut playground, &format!("why {words}"), Lang::Korean);
    }
}

#[test]
fn a_container_that_was_ended_because_it_did_not_answer_did_not_crash() {
    let probe = "        livenessProbe: {tcpSocket: {port: 80}, periodSeconds: 5, failureThreshold: 1}\n        volumeMounts:\n";
    let mut playground = Playground::new(&setup(), &EXAMPLE.replacen("        volumeMounts:\n", probe, 1));
    playground.type_line(&command::apply(), LANG);
    settle(&mut playground);
    playground.type_line("playground freeze pod web-1", LANG);
    while !pods(&playground).iter().any(|pod| pod.starts_with("web-1 Error")) {
        assert!(playground.step(|| true) == Pace::Reached && playground.now() < Time(600_000), "{:?}", pods(&playground));
    }
    let line = "Decided by: kubelet, line 35";
    check(&mut playground, "why web-1", &["web-1 has a container that is started again.", "nginx failed its liveness probe", line]);
}
