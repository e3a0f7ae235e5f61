//! Questions typed into the terminal, and what they are answered.

use super::*;
use ordinal::api::kind::Kind;
use ordinal::text::Hue;

/// What is answered to a line, without the line.
pub(super) fn asked(playground: &mut Playground, line: &str, lang: Lang) -> Vec<String> {
    let before = playground.terminal().lines().len();
    playground.type_line(line, lang);
    playground.terminal().lines()[before + 1..].iter().map(|line| line.text.clone()).collect()
}

/// Asks, and looks for each part among the lines of the answer; the first is how it begins.
pub(super) fn check(playground: &mut Playground, question: &str, parts: &[&str]) {
    let said = asked(playground, question, LANG);
    assert!(said.first().is_some_and(|line| line.starts_with(parts[0])), "{question}: {said:#?}");
    for part in parts {
        assert!(said.iter().any(|line| line.contains(part)), "{question}: no {part:?} in {said:#?}");
    }
}

pub(super) fn passes(playground: &mut Playground, seconds: u64) {
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
            "web-1 is not recreated.",
            "web-0 is running, but not Ready",
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
    check(&mut playground, "why web-7", &["web-7 is not among the desired replicas.", "Decided by: spec.replicas, line 16"]);
}

#[test]
fn a_line_of_the_manifest_decides_as_long_as_it_says_what_is() {
    let mut playground = started(EXAMPLE);
    for (replicas, decided_by) in [(3, "spec.replicas, line 16"), (2, "spec.replicas"), (3, "spec.replicas, line 16")] {
        playground.type_line(&format!("kubectl scale statefulset web --replicas={replicas}"), LANG);
        settle(&mut playground);
        let said = asked(&mut playground, "why web-7", LANG);
        assert!(said.iter().any(|line| line.ends_with(&format!("Decided by: {decided_by}"))), "{replicas}: {said:#?}");
    }
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
            ["web-2 was deleted: the statefulset-controller", "not among the desired ordinals", "Decided by: spec.replicas"],
        ),
        (
            "kubectl set image sts/web nginx=nginx:1.28",
            "why deleted web-0",
            ["web-0 was deleted: the statefulset-controller", "to be recreated at the new revision", "Decided by: spec.updateStrategy"],
        ),
        (
            "kubectl delete pvc data-web-2",
            "why deleted data-web-2",
            ["data-web-2 was deleted: you, with kubectl delete pvc data-web-2", "removed the object", "resourceVersion"],
        ),
        (
            "kubectl delete sts web",
            "why deleted web-1",
            ["web-1 was deleted: the garbage-collector-controller", "owner", "Decided by: metadata.ownerReferences"],
        ),
    ] {
        playground.type_line(line, LANG);
        settle(&mut playground);
        check(&mut playground, question, &parts);
    }
    check(&mut playground, "why web-1", &["web-1 was deleted"]);
    check(&mut playground, "why deleted nobody", &["There is no nobody in the log."]);
}

#[test]
fn a_binding_is_explained_by_filters_scores_and_classes() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    let node = playground.tables().pod("default", "web-1").and_then(|pod| pod.node.clone()).expect("it runs");
    let scored = format!("- {node}: ");
    check(
        &mut playground,
        "why bound web-1",
        &["web-1 is assigned to", &scored, "NodeResourcesFit", "PodTopologySpread", "kube-scheduler"],
    );
    let made = format!("volume.kubernetes.io/selected-node = {node}");
    check(
        &mut playground,
        "why bound pvc/data-web-1",
        &[
            "data-web-1 is bound to",
            "rancher.io/local-path provisioned",
            "volumeBindingMode = WaitForFirstConsumer",
            &made,
            "spec.claimRef.name",
        ],
    );
    let volume = playground.tables().claim("default", "data-web-1").map(|claim| claim.spec.volume.to_string()).expect("it is bound");
    check(&mut playground, &format!("why pv/{volume}"), &["data-web-1 is bound to"]);
    // The disk pins the pod: every other node is refused.
    playground.type_line("kubectl delete pod web-1", LANG);
    settle(&mut playground);
    check(&mut playground, "why bound web-1", &["web-1 is assigned to", "ruled out: VolumeBinding: node(s) didn't match PersistentVolume"]);
}

#[test]
fn a_kind_is_named_as_kubectl_takes_it() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    for kind in ["pod", "po", "Pods", "pods.v1."] {
        check(&mut playground, &format!("why {kind}/web-0"), &["web-0 is Ready."]);
    }
    check(&mut playground, "why pods.nonsense/web-0", &["why [KIND/]NAME"]);
}

#[test]
fn a_name_is_explained_by_its_service_its_slice_and_its_pod() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    let ip = playground.tables().pod("default", "web-0").and_then(|pod| pod.status.ip).expect("it runs").to_string();
    let answers = format!("web-0.nginx resolves to {ip}.");
    for question in ["why dns web-0.nginx", "why web-0.nginx"] {
        check(&mut playground, question, &[&answers, "nginx selects app=nginx", "conditions.ready = true", "web-0 is Running and Ready"]);
    }
    playground.type_line("playground unready pod web-0", LANG);
    passes(&mut playground, 60);
    check(
        &mut playground,
        "why dns web-0.nginx",
        &[
            "web-0.nginx does not resolve: NXDOMAIN.",
            "Not Ready, so not published.",
            "endpoint web-0 is not published",
            "conditions.ready = false, resourceVersion",
            "Ends when: an EndpointSlice",
            "$ playground ready pod web-0",
        ],
    );
    check(&mut playground, "why dns web-0.ngin", &["web-0.ngin does not resolve", "No Service ngin; the pods are behind nginx."]);
    check(&mut playground, "why dns nginx.other", &["nginx.other does not resolve"]);
}

#[test]
fn any_object_can_be_asked_about_by_any_of_its_names() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    for (question, answer) in [
        ("why", "web is up to date."),
        ("why sts web", "web is up to date."),
        ("why statefulset.apps/web", "web is up to date."),
        ("why svc/nginx", "nginx resolves to"),
        ("why node-1", "node-1 is Ready."),
        ("why sc/local-path", "local-path exists."),
        ("why data-web-0", "data-web-0 is bound to"),
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
        let [english, korean] = [LANG, Lang::Korean].map(|lang| asked(&mut playground, &format!("why {words}"), lang));
        assert!(!english.is_empty() && english != korean, "why {words}: {english:?} {korean:?}");
    }
    check(&mut playground, "why web-0", &["web-0"]);
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
    check(&mut playground, "why web-1", &["web-1 has a container that is being restarted.", "nginx failed its liveness probe", line]);
}

/// The page's own cluster, where images answer their probes.
pub(super) fn on_the_page(manifest: &str) -> Playground {
    let mut playground = Playground::new(&setup(), manifest);
    playground.type_line(&command::apply(), LANG);
    playground
}

/// What is said of the set where nobody asked about anything.
pub(super) fn at_first_sight(playground: &Playground) -> (String, Vec<String>) {
    let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
    (why.verdict.plain(), why.evidence.iter().map(|fact| fact.fact.plain()).collect())
}

#[test]
fn who_waits_for_a_pod_is_told_at_once_what_is_wrong_with_it() {
    let probe = EXAMPLE.replace("httpGet: {path: /, port: 80}", "httpGet: {path: /, port: 8080}");
    let image = EXAMPLE.replace("nginx:1.27", "nginx:broken");
    let huge =
        EXAMPLE.replace("        ports: [{containerPort", "        resources: {requests: {cpu: 99}}\n        ports: [{containerPort");
    for (manifest, verdict, wrong) in [
        (probe, "web-0 is running, but not Ready.", "The readiness probe of nginx fails. Get \"http://10.244."),
        (image, "web-0 does not start: its image cannot be pulled.", "nginx:broken is not available."),
        (huge, "web-0 has no node.", "The scheduler found none: 0/3 nodes are available: 3 Insufficient cpu."),
    ] {
        let mut playground = on_the_page(&manifest);
        settle(&mut playground);
        let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
        assert_eq!(why.verdict.plain(), verdict);
        assert!(why.paragraph.plain().starts_with(wrong), "{wrong}: {why:#?}");
        // Who is asked about says the same in its facts.
        check(&mut playground, "why web-1", &["web-1 is not created.", wrong]);
    }
    // An update that waits is no different.
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    playground.type_line("kubectl set image sts/web nginx=nginx:unready", LANG);
    settle(&mut playground);
    let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
    assert_eq!(why.verdict.plain(), "web-2 is running, but not Ready.");
    assert!(why.paragraph.plain().starts_with("The readiness probe of nginx fails."), "{why:#?}");
    assert!(why.paragraph.plain().ends_with(" Until then it adds, updates and removes no pod."), "{why:#?}");
    // A pod that only takes its time has nothing wrong with it.
    let mut playground = on_the_page(EXAMPLE);
    passes(&mut playground, 3);
    assert_eq!(at_first_sight(&playground).1.len(), 2);
}

#[test]
fn a_name_without_its_service_is_ended_by_the_service() {
    let mut playground = started(&EXAMPLE.replacen("  name: nginx\n", "  name: web-svc\n", 1));
    settle(&mut playground);
    let make = r#"$ echo '{"apiVersion":"v1","kind":"Service","metadata":{"name":"nginx","namespace":"default"},"spec":{"clusterIP":"None","selector":{"app":"nginx"}}}' | kubectl apply -f -"#;
    check(
        &mut playground,
        "why dns web-0.nginx",
        &["web-0.nginx does not resolve", "No Service nginx; the pods are behind web-svc.", "Ends when: a headless Service nginx", make],
    );
    playground.type_line(&make[2..], LANG);
    settle(&mut playground);
    check(
        &mut playground,
        "why dns web-0.nginx",
        &["web-0.nginx resolves to 10.244.", "  A headless Service resolves to its published endpoints"],
    );
}

/// The example with a budget named `few`.
pub(super) fn with_budget(kept: &str) -> String {
    format!(
        "{EXAMPLE}---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: few}}\nspec:\n  {kept}\n  selector: {{matchLabels: {{app: nginx}}}}\n"
    )
}

#[test]
fn a_budget_that_lets_nobody_go_does_not_wait_for_more_pods() {
    for (kept, unready, ends) in [
        ("maxUnavailable: 0", false, "few requires fewer"),
        ("maxUnavailable: 1", true, "more pods are healthy"),
        ("minAvailable: 2", true, "more pods are healthy"),
    ] {
        let mut playground = started(&with_budget(kept));
        settle(&mut playground);
        if unready {
            playground.type_line("playground unready pod web-1", LANG);
            passes(&mut playground, 60);
        }
        check(&mut playground, "why pdb/few", &["No pod may be evicted.", &format!("Ends when: {ends}")]);
    }
}

#[test]
fn a_drain_that_a_budget_stops_is_told_at_first_sight_with_what_lets_it_go_on() {
    let patch = r#"kubectl patch poddisruptionbudget few --type=merge -p '{"spec":{"minAvailable":null,"maxUnavailable":1}}'"#;
    let refused = "web-1 is not evicted: few allows no disruption";
    for (kept, unready, verdict, cure) in [
        ("maxUnavailable: 0", false, "web-1 is not evicted: few allows no disruption.", patch),
        ("minAvailable: 100%", false, "web-1 is not evicted: few allows no disruption.", patch),
        ("minAvailable: 2", true, "web-0 is running, but not Ready.", "playground ready pod web-0"),
    ] {
        let mut playground = started(&with_budget(kept));
        settle(&mut playground);
        if unready {
            playground.type_line("playground unready pod web-0", LANG);
            passes(&mut playground, 60);
        }
        let node = playground.tables().pod("default", "web-1").and_then(|pod| pod.node.clone()).expect("it runs");
        playground.type_line(&format!("kubectl drain {node} --ignore-daemonsets"), LANG);
        // Whoever runs until quiet does not wait for ever.
        settle(&mut playground);
        assert!(playground.is_busy() && playground.now() < Time(300_000), "{:?}", playground.now());
        let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
        assert_eq!((why.verdict.plain().as_str(), why.mark.map(|mark| mark.1)), (verdict, Some(Hue::Wait)));
        let facts: Vec<_> = why.evidence.iter().map(|fact| fact.fact.plain()).collect();
        assert!(!unready || facts.iter().any(|fact| fact == refused), "{facts:#?}");
        assert_eq!(why.ways.first().map(|way| way.entry.line.as_str()), Some(cure));
        let line = format!("$ {cure}");
        check(&mut playground, &format!("why {node}"), &["", refused, &line]);
        check(&mut playground, "why web-1", &[refused, "status.disruptionsAllowed is 0", &line, "https://kubernetes.io/docs/"]);
        assert!(asked(&mut playground, "why web-1", Lang::Korean)[0].starts_with("few가 중단을 허용하지 않아 web-1은"));
        playground.type_line(cure, LANG);
        settle(&mut playground);
        let said = printed(&playground);
        assert!(said.contains(&format!("node/{node} drained").as_str()), "{kept}: {said:#?}");
        assert_ne!(at_first_sight(&playground).0, verdict);
    }
}

#[test]
fn a_drain_that_was_stopped_holds_nobody_any_more() {
    let mut playground = started(&with_budget("maxUnavailable: 0"));
    settle(&mut playground);
    let node = playground.tables().pod("default", "web-1").and_then(|pod| pod.node.clone()).expect("it runs");
    let drain = format!("kubectl drain {node} --ignore-daemonsets --delete-emptydir-data");
    let stays = format!("web-1 stays on {node}: nothing asks for its eviction any longer.");
    for (line, stop) in [(drain.clone(), true), (format!("{drain} --timeout=12s"), false)] {
        playground.type_line(&line, LANG);
        settle(&mut playground);
        if stop {
            assert_eq!(at_first_sight(&playground).0, "web-1 is not evicted: few allows no disruption.");
            playground.interrupt();
        }
        // At once, and no time has to pass for it.
        let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
        assert_eq!((why.verdict.plain(), why.ends_when.plain()), (stays.clone(), String::new()), "{line}");
        let ways: Vec<_> = why.ways.iter().map(|way| way.entry.line.clone()).collect();
        assert_eq!(ways, [format!("kubectl uncordon {node}"), drain.clone()]);
        check(&mut playground, "why web-1", &[&stays, "few refused it", &format!("$ kubectl uncordon {node}")]);
        check(&mut playground, &format!("why {node}"), &["", &stays[..stays.len() - 1], &format!("$ kubectl uncordon {node}")]);
        assert!(asked(&mut playground, "why web-1", Lang::Korean)[0].starts_with("web-1은 축출을 요청하는 명령이 더는 없어"));
    }
    playground.type_line(&format!("kubectl uncordon {node}"), LANG);
    settle(&mut playground);
    assert_eq!(at_first_sight(&playground).0, "web is up to date.");
}

#[test]
fn a_pod_without_a_node_that_a_finalizer_holds_says_so() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    for line in ["kubectl cordon node-1 node-2 node-3", "kubectl delete pod web-2"] {
        playground.type_line(line, LANG);
        passes(&mut playground, 60);
    }
    playground.type_line(r#"kubectl patch pod web-2 -p '{"metadata":{"finalizers":["example.com/hold"]}}'"#, LANG);
    playground.type_line("kubectl delete pod web-2 --wait=false", LANG);
    passes(&mut playground, 60);
    let release = r#"kubectl patch pod web-2 --type=merge -p '{"metadata":{"finalizers":null}}'"#;
    check(&mut playground, "why web-2", &["web-2", "example.com/hold", release]);
    playground.type_line(release, LANG);
    passes(&mut playground, 60);
    check(&mut playground, "why web-2", &["web-2 has no node"]);
}

#[test]
fn what_an_autoscaler_did_is_told_after_it_lacks_metrics() {
    let hpa = "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: more}\nspec:\n  minReplicas: 4\n  maxReplicas: 6\n  scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: web}\n";
    let mut playground = started(&format!("{EXAMPLE}{hpa}"));
    settle(&mut playground);
    assert!(playground.world().is_at_rest(), "an autoscaler's rounds are not waited for");
    let parts = ["more only keeps its target within its bounds.", "- more scales its target from 3 to 4", "nothing else to go by"];
    check(&mut playground, "why hpa/more", &parts);
}

#[test]
fn a_pod_that_makes_room_and_the_one_it_makes_room_for_say_so_in_both_languages() {
    let class = |name: &str, value: i64| {
        format!("---\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {{name: {name}}}\nvalue: {value}\n")
    };
    let large = "    spec:\n      priorityClassName: low\n      terminationGracePeriodSeconds: 60\n      containers:\n      - resources: {requests: {cpu: 3}}\n        name: nginx\n";
    let set = EXAMPLE.replace("    spec:\n      containers:\n      - name: nginx\n", large).replace("nginx:1.27", "nginx:stubborn");
    let mut playground = started(&format!("{set}{}{}", class("low", 1), class("high", 1000)));
    settle(&mut playground);
    let resources = r#"{"requests":{"cpu":"4"}}"#;
    let spec = format!(r#"{{"priorityClassName":"high","containers":[{{"name":"c","image":"nginx:1.27","resources":{resources}}}]}}"#);
    playground.type_line(
        &format!(r#"echo '{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"urgent"}},"spec":{spec}}}' | kubectl apply -f -"#),
        LANG,
    );
    passes(&mut playground, 5);
    let leaving = pods(&playground).iter().find_map(|pod| pod.strip_suffix(" Terminating").map(str::to_owned)).expect("one makes room");
    let node = playground.tables().pod("default", &leaving).and_then(|pod| pod.node.clone()).expect("it runs");
    for (lang, question, [verdict, paragraph, ends]) in [
        (
            Lang::English,
            "why urgent",
            [format!("urgent takes the place of 1 pod on {node}."), "No node had room for it".into(), "they are gone".into()],
        ),
        (
            Lang::English,
            &format!("why {leaving}"),
            [
                format!("{leaving} is preempted by urgent."),
                format!("the scheduler deletes {leaving} to make room on {node}."),
                "its containers have stopped".into(),
            ],
        ),
        (
            Lang::Korean,
            "why urgent",
            [format!("urgent는 {node} 노드의 파드 1개를 선점합니다."), "우선순위가 더 높습니다".into(), "그 파드가 모두 사라질 때".into()],
        ),
        (
            Lang::Korean,
            &format!("why {leaving}"),
            [
                "urgent 파드에 선점됩니다.".into(),
                format!("스케줄러가 {node} 노드에 자리를 내려고 이 파드를 삭제합니다."),
                "컨테이너가 멈출 때".into(),
            ],
        ),
    ] {
        let said = asked(&mut playground, question, lang);
        assert!(said[0].ends_with(&verdict), "{verdict}: {said:#?}");
        assert!(said[1].contains(&paragraph), "{paragraph}: {said:#?}");
        assert!(said.iter().any(|line| line.ends_with(&ends)), "{ends}: {said:#?}");
    }
}

#[test]
fn a_probe_that_fails_and_an_image_that_is_supposed_to_answer_say_so_in_both_languages() {
    let of = |image: &str, port: &str| {
        let manifest =
            EXAMPLE.replace("nginx:1.27", image).replace("httpGet: {path: /, port: 80}", &format!("httpGet: {{path: /, port: {port}}}"));
        let mut playground = on_the_page(&manifest);
        settle(&mut playground);
        playground
    };
    let (mut failing, mut supposed) = (of("nginx:1.27", "8080"), of("example.com/own:1", "80"));
    for (lang, parts) in [
        (
            Lang::English,
            ["web-0 is running, but not Ready.", "The readiness probe of nginx fails. Get \"http://", "Ends when: the probe passes"],
        ),
        (
            Lang::Korean,
            [
                "web-0은 Running이지만 Ready가 아닙니다.",
                "nginx 컨테이너의 준비성 프로브가 실패하고 있습니다. Get \"http://",
                "끝나는 때: 프로브가 성공할 때",
            ],
        ),
    ] {
        let said = asked(&mut failing, "why web-0", lang).join("\n");
        for part in parts {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
    for (lang, parts) in [
        (Lang::English, ["web-0 is Ready.", "How example.com/own:1 handles requests is not simulated"]),
        (Lang::Korean, ["web-0은 Ready입니다.", "example.com/own:1"]),
    ] {
        let said = asked(&mut supposed, "why web-0", lang).join("\n");
        for part in parts {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
}

#[test]
fn who_failed_is_named_whichever_controller_it_is() {
    let mut playground = started(EXAMPLE);
    for line in ["create quota q --hard=pods=0", "create deployment api --image=nginx", "create job once --image=busybox"] {
        playground.type_line(&format!("kubectl {line}"), LANG);
    }
    passes(&mut playground, 5);
    check(&mut playground, "why job/once", &["The controller's last sync of once failed.", "It ended with ", "Decided by: job-controller"]);
    let job = playground.tables().find(Kind::Job, "default", "once").expect("a Job").encode();
    assert_eq!(job.at(&["status", "active"]), None, "what was refused is not active: {job:?}");
    let api = playground.tables().all(Kind::ReplicaSet).map(|set| set.meta().name.clone()).next().expect("a ReplicaSet");
    check(
        &mut playground,
        &format!("why rs/{api}"),
        &[&format!("The controller's last sync of {api} failed."), "Decided by: replicaset-controller"],
    );
}

#[test]
fn what_the_controller_has_not_seen_yet_is_not_said_to_be_as_wanted() {
    for line in [
        "kubectl scale statefulset web --replicas=4",
        "kubectl delete pod web-1 --wait=false",
        "kubectl scale statefulset web --replicas=2",
    ] {
        let mut playground = on_the_page(EXAMPLE);
        settle(&mut playground);
        assert_eq!(at_first_sight(&playground).0, "web is up to date.");
        playground.type_line(line, LANG);
        let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
        assert_eq!(why.verdict.plain(), "The controller has not seen the latest change yet.", "{line}");
        assert_eq!((why.ends_when.plain().as_str(), why.decided_by.as_str()), ("time goes on", ""));
        let drawn = cluster::project(&playground.snapshot(LANG), Some(&web_name()));
        for slot in drawn.slots.values() {
            assert_eq!(slot.reason.plain(), "the controller has not seen that yet", "{line}");
        }
        // A second later it has looked.
        playground.run(Time(playground.now().0 + 1_000), || true);
        assert_ne!(at_first_sight(&playground).0, why.verdict.plain(), "{line}");
        settle(&mut playground);
        assert_eq!(at_first_sight(&playground).0, "web is up to date.");
    }
}

#[test]
fn a_pod_whose_disk_is_there_is_not_recreated_in_the_slot_and_in_the_answer() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    let verdicts = |playground: &Playground| {
        [Lang::English, Lang::Korean].map(|lang| {
            let shot = playground.snapshot(lang);
            let drawn = cluster::project(&shot, Some(&web_name()));
            let said = why::project(&shot, Some(&web_name()), None, Some(&drawn.slots["web-1"].identity)).verdict.plain();
            (drawn.slots["web-1"].word.clone(), said)
        })
    };
    for line in ["playground unready pod web-0", "kubectl delete pod web-1"] {
        playground.type_line(line, LANG);
        passes(&mut playground, 40);
    }
    let told = [("not recreated", "web-1 is not recreated."), ("재생성 안 됨", "web-1은 재생성되지 않습니다.")];
    assert_eq!(verdicts(&playground), told.map(|(word, said)| (word.to_owned(), said.to_owned())));
}

#[test]
fn what_came_of_several_lines_comes_from_the_first() {
    let mut playground = Playground::new(&setup(), "");
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: 'nginx:broken'}]}";
    for line in ["kubectl apply -f - <<EOF"].into_iter().chain(pod.lines()).chain(["EOF"]) {
        playground.type_line(line, LANG);
    }
    passes(&mut playground, 30);
    check(&mut playground, "why p", &["p does not start", "  Comes from: $ kubectl apply -f - <<EOF"]);
    check(&mut playground, "help", &["why NAME", "playground stop|cut|start node NAME"]);
}
