//! Somebody with a rollout that does not move: what the page says, and whether what it offers ends the wait.

use super::questions::{at_first_sight, check, on_the_page, passes};
use super::*;
use ordinal::causes::Identity;

/// What is offered where nobody asked about anything.
fn offered(playground: &Playground) -> Vec<String> {
    let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
    why.ways.into_iter().map(|way| way.entry.line).collect()
}

/// What is said of the first pod.
fn why_of(playground: &Playground) -> why::Why {
    let first = Identity { namespace: "default".to_owned(), pod: "web-0".to_owned() };
    why::project(&playground.snapshot(LANG), Some(&web_name()), None, Some(&first))
}

#[test]
fn a_container_that_does_not_stay_up_is_told_by_how_often_it_was_started_again() {
    // With its probe it is never Ready; without one it is for a moment after each start.
    let unprobed = EXAMPLE.replace("        readinessProbe:\n          httpGet: {path: /, port: 80}\n          periodSeconds: 5\n", "");
    assert_ne!(unprobed, EXAMPLE);
    for manifest in [EXAMPLE, &unprobed] {
        let mut playground = on_the_page(&manifest.replace("nginx:1.27", "nginx:crash"));
        playground.run(Time(playground.now().0 + 45_000), || true);
        let told = |restarts: &str| {
            let why = why_of(&playground);
            assert_eq!((why.verdict.plain().as_str(), why.evidence[0].detail.as_str()), ("web-0 does not stay up.", restarts));
        };
        told("2 restarts");
        if manifest == EXAMPLE {
            let why = why::project(&playground.snapshot(Lang::Korean), Some(&web_name()), None, None);
            let told = (why.verdict.plain(), why.evidence[0].detail.as_str());
            assert_eq!(told, ("web-0은 계속 실행되지 못합니다.".to_owned(), "재시작 2회"));
            assert!(
                why.paragraph.plain().ends_with("`OrderedReady`이므로 web-1 외 파드 1개가 web-0을 기다립니다.".replace('`', "").as_str())
            );
        }
    }
}

/// The notes about the manifest, with their lines.
fn noted(playground: &Playground) -> Vec<(Option<usize>, String)> {
    playground.verdicts().notes.iter().map(|note| (note.place.as_ref().map(|place| place.line), note.words.plain())).collect()
}

/// The line of the manifest that contains something.
fn from_line(playground: &Playground, text: &str) -> Option<usize> {
    playground.manifest().lines().position(|line| line.contains(text)).map(|at| at + 1)
}

/// Applies another text, and lets happen what comes of it.
fn mend(playground: &mut Playground, manifest: String) {
    playground.edit(manifest, LANG);
    playground.type_line(&command::apply(), LANG);
    settle(playground);
}

/// Types what is offered first until nothing is, and expects the set to be as wanted.
fn follow(playground: &mut Playground, want: &[&str]) {
    for line in want {
        assert_eq!(offered(playground).first().map(String::as_str), Some(*line), "{:?}", at_first_sight(playground));
        playground.type_line(line, LANG);
        settle(playground);
    }
    assert_eq!(at_first_sight(playground).0, "web is up to date.");
}

#[test]
fn a_pod_that_cannot_become_ready_on_an_old_revision_is_to_be_deleted_whatever_holds_it() {
    let after = |line: &str, with: &str| EXAMPLE.replacen(line, &format!("{line}{with}"), 1);
    let from = |what: &str| after("        image: nginx:1.27\n", &format!("        envFrom: [{{{what}}}]\n"));
    for (broken, mended) in [
        (EXAMPLE.replace("nginx:1.27", "nginx:broken"), EXAMPLE.to_owned()),
        (EXAMPLE.replace("path: /, port: 80", "path: /, port: 8080"), EXAMPLE.to_owned()),
        (after("        image: nginx:1.27\n", "        resources: {requests: {cpu: 99}}\n"), EXAMPLE.to_owned()),
        (from("secretRef: {name: nobodys}"), EXAMPLE.to_owned()),
    ] {
        let mut playground = on_the_page(&broken);
        settle(&mut playground);
        assert_ne!(offered(&playground), ["kubectl delete pod web-0"]);
        mend(&mut playground, mended);
        let paragraph = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None).paragraph.plain();
        assert!(paragraph.starts_with("A newer revision exists"), "{paragraph}");
        check(&mut playground, "why web-0", &["web-0 ", "A newer revision exists"]);
        // Whoever is asked about: what it waits for ends in one way.
        for subject in ["web-0", "web-1", "sts/web"] {
            check(&mut playground, &format!("why {subject}"), &["web", "Ends when: you delete web-0"]);
        }
        follow(&mut playground, &["kubectl delete pod web-0"]);
    }
}

#[test]
fn what_a_pod_refers_to_is_made_by_a_line() {
    for (reference, kind, page) in [
        ("envFrom: [{configMapRef: {name: nobodys}}]", "ConfigMap", "ConfigMaps"),
        ("envFrom: [{secretRef: {name: nobodys}}]", "Secret", "Secrets"),
        ("env: [{name: A, valueFrom: {secretKeyRef: {name: nobodys, key: a, optional: false}}}]", "Secret", "Secrets"),
    ] {
        let from = format!("        image: nginx:1.27\n        {reference}\n");
        let mut playground = on_the_page(&EXAMPLE.replacen("        image: nginx:1.27\n", &from, 1));
        let note = format!("There is no {kind} nobodys. The API server does not check this: the containers that need it do not start.");
        assert_eq!(noted(&playground), [(from_line(&playground, reference), note)]);
        // What a kubelet looks for every ten seconds for ever is quiet some time.
        settle(&mut playground);
        assert_eq!(why_of(&playground).docs.map(|docs| docs.0), Some(page));
        if reference.contains("key: a") {
            playground.type_line("kubectl create secret generic nobodys", LANG);
            settle(&mut playground);
            // It is there, but not the key.
            assert_eq!((noted(&playground).len(), why_of(&playground).docs.map(|docs| docs.0)), (1, Some(page)));
            follow(&mut playground, &[r#"kubectl patch secret nobodys -p '{"stringData":{"a":"change-me"}}'"#]);
            continue;
        }
        let line = format!(
            r#"echo '{{"apiVersion":"v1","kind":"{kind}","metadata":{{"name":"nobodys","namespace":"default"}}}}' | kubectl apply -f -"#
        );
        follow(&mut playground, &[&line]);
        // Nobody knows what belongs into it.
        let empty = LANG.text().manifest.no_keys(kind, "nobodys").replace(['<', '>'], "");
        assert_eq!(noted(&playground), [(from_line(&playground, reference), empty)]);
    }
    let optional = "        image: nginx:1.27\n        envFrom: [{secretRef: {name: nobodys, optional: true}}]\n";
    assert_eq!(noted(&on_the_page(&EXAMPLE.replacen("        image: nginx:1.27\n", optional, 1))), []);
}

#[test]
fn no_line_of_the_manifest_is_pointed_at_once_the_container_has_another_image() {
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    playground.type_line("kubectl set image statefulset/web nginx=nginx:crash", LANG);
    settle(&mut playground);
    let last = Identity { namespace: "default".to_owned(), pod: "web-2".to_owned() };
    let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, Some(&last));
    assert_eq!((why.verdict.plain().as_str(), why.line), ("web-2 does not stay up.", None));
}

#[test]
fn the_line_pointed_at_is_that_of_the_container_or_class_in_question() {
    let helper = |list: &str, end: &str| {
        let helper = format!("      {list}:\n      - name: helper\n        image: busybox\n        command: [sh, -c, {end}]\n");
        EXAMPLE.replacen("      containers:\n", &helper, 1)
    };
    let class = EXAMPLE.replace("accessModes", "storageClassName: gp3\n      accessModes");
    for (manifest, line) in [
        (helper("initContainers", "exit 3").replacen("      - name: nginx", "      containers:\n      - name: nginx", 1), "exit 3"),
        (helper("containers", "exit 3"), "exit 3"),
        (class, "storageClassName: gp3"),
        (EXAMPLE.replace("nginx:1.27", "nginx:crash"), "image: nginx:crash"),
    ] {
        let mut playground = on_the_page(&manifest);
        settle(&mut playground);
        let why = why_of(&playground);
        assert_eq!(why.line, from_line(&playground, line), "{}\n{manifest}", why.verdict.plain());
        // What does not stay up is asked for its log.
        let log = why.asks.iter().map(|ask| ask.line.as_str()).find(|line| line.starts_with("kubectl logs"));
        assert_eq!(
            log,
            (line == "exit 3")
                .then_some("kubectl logs web-0 -c helper")
                .or((line.contains("crash")).then_some("kubectl logs web-0 -c nginx"))
        );
    }
}

#[test]
fn claims_of_a_class_that_the_template_names_no_more_are_made_anew() {
    let class = |name: &str| EXAMPLE.replace("accessModes", &format!("storageClassName: {name}\n      accessModes"));
    let mut playground = on_the_page(&class("gp3"));
    let note = "There is no StorageClass gp3. The API server does not check this: the claims stay Pending, and so do the pods.";
    assert_eq!(noted(&playground), [(Some(41), note.to_owned())]);
    settle(&mut playground);
    assert_eq!(playground.verdicts().notes.len(), 1);
    let mut with_class = playground.clone();
    with_class.type_line("kubectl get storageclass local-path -o yaml | sed s/local-path/gp3/ | kubectl create -f -", LANG);
    assert_eq!((with_class.tables().class("", "gp3").is_some(), with_class.verdicts().notes.as_slice()), (true, &[][..]));
    mend(&mut playground, class("local-path"));
    assert_eq!(playground.verdicts().refusals.len(), 1);
    let help = playground.verdicts().refusals[0].help.clone().expect("a line helps").line;
    playground.type_line(&help, LANG);
    settle(&mut playground);
    // What was refused would be accepted now, and nobody has to apply it to see that.
    assert_eq!(playground.verdicts().refusals, []);
    // Without its set, what is left of it is not nothing.
    let why = why::project(&playground.snapshot(LANG), None, None, None);
    assert_eq!(why.verdict.plain(), "");
    let mut drawn = cluster::project(&playground.snapshot(LANG), None);
    view::side::add(&mut drawn, &playground.snapshot(LANG), None);
    let side = drawn.side.expect("the pod that was left");
    let why = why::project(&playground.snapshot(LANG), None, Some(&side.workload), None);
    assert_eq!(why.verdict.plain(), "web-0 has no node.");
    mend(&mut playground, class("local-path"));
    follow(&mut playground, &["kubectl delete persistentvolumeclaim data-web-0 --wait=false && kubectl delete pod web-0"]);
}

#[test]
fn the_usual_mistakes_of_a_first_manifest_are_each_told_on_their_line() {
    let first = EXAMPLE
        .replace("  replicas: 3", "  replica: 3")
        .replace("        image: nginx:1.27", "        image: nginx:1.27\n        port: 80");
    let told = |text: &str| {
        let verdicts = started(text).verdicts().clone();
        let one = |refusal: &view::manifest::Refusal| (refusal.place.as_ref().map_or(0, |place| place.line), refusal.plain.plain());
        verdicts.refusals.iter().map(one).collect::<Vec<_>>()
    };
    let line = |text: &str, with: &str| text.lines().position(|line| line.contains(with)).map_or(0, |at| at + 1);
    let unknown = told(&first);
    assert_eq!(unknown.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [line(&first, "replica:"), line(&first, "        port: 80")]);
    assert!(unknown.iter().all(|(_, plain)| plain.starts_with("There is no field ")), "{unknown:?}");
    let mixed = EXAMPLE.replace("labels: {app: nginx}", "labels: {app: ngnix}");
    let second = told(&mixed);
    assert_eq!(second[0].1, LANG.text().manifest.not_selected().replace('`', ""));
    let unnamed = EXAMPLE.replace("metadata: {name: data}", "metadata: {name: datas}");
    let third = told(&unnamed);
    assert_eq!(third.last().map(|(_, plain)| plain.clone()), Some(LANG.text().manifest.no_volume("data").replace('`', "")), "{third:?}");
}

#[test]
fn a_budget_that_never_lets_a_pod_go_is_noted_before_anybody_drains() {
    for (kept, line) in [
        ("maxUnavailable: 0", Some("few requires 3 of 3 pods to be healthy, so a drain never finishes.")),
        ("minAvailable: 3", Some("few requires 3 of 3 pods to be healthy, so a drain never finishes.")),
        ("minAvailable: 90%", Some("few requires 3 of 3 pods to be healthy, so a drain never finishes.")),
        ("minAvailable: 2", None),
        ("maxUnavailable: 10%", None),
    ] {
        let playground = started(&super::questions::with_budget(kept));
        let notes: Vec<String> = playground.verdicts().notes.iter().map(|note| note.words.plain()).collect();
        assert_eq!(notes.first().map(String::as_str), line, "{kept}: {notes:?}");
    }
}

#[test]
fn a_set_that_is_done_and_not_ready_is_told_by_the_pod_that_is_not() {
    let mut playground = on_the_page(&EXAMPLE.replace("OrderedReady", "Parallel"));
    settle(&mut playground);
    assert_eq!(at_first_sight(&playground).0, "web is up to date.");
    playground.type_line("playground unready pod web-1", LANG);
    passes(&mut playground, 60);
    assert_eq!(at_first_sight(&playground).0, "web-1 is running, but not Ready.");
    follow(&mut playground, &["playground ready pod web-1"]);
}

#[test]
fn a_set_that_waits_for_a_silent_node_says_so_at_first_sight_with_every_way_out() {
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    let node = playground.tables().pod("default", "web-1").and_then(|pod| pod.node.clone()).expect("it runs");
    playground.type_line(&format!("playground stop node {node}"), LANG);
    passes(&mut playground, 500);
    let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
    assert_eq!(why.verdict.plain(), "web-1 stays Terminating, and no new web-1 is created.");
    let paragraph = why.paragraph.plain();
    assert!(paragraph.starts_with(&format!("{node} is silent, so its kubelet cannot confirm")), "{paragraph}");
    assert!(paragraph.ends_with("a StatefulSet runs at most one pod per identity."), "{paragraph}");
    // Since it was told to go, not since it was made.
    assert!(why.evidence[1].detail.starts_with("6:"), "{:?}", why.evidence);
    assert!(why.ways.len() == 4 && why.ways[3].entry.danger, "{:#?}", why.ways);
    // The disk is on the node: no way out but the node's return lets a new pod start, and each of the others says so.
    let told: Vec<bool> = why.ways.iter().map(|way| way.note.plain().ends_with(". The new pod stays Pending")).collect();
    assert_eq!(told, [false, true, true, true], "{:#?}", why.ways);
    assert_eq!(why.evidence.last().map(|fact| fact.fact.plain()), Some(format!("data-web-1: only on {node}")));
    assert!(why.hazard.is_some() && why.docs.expect("a page").0.starts_with("Force Delete"));
}

#[test]
fn under_either_policy_the_silent_node_is_the_cause_and_what_is_said_of_the_disk_is_so() {
    for policy in ["OrderedReady", "Parallel"] {
        let manifest = EXAMPLE.replace("podManagementPolicy: OrderedReady", &format!("podManagementPolicy: {policy}"));
        let mut playground = on_the_page(&manifest);
        settle(&mut playground);
        let node = playground.tables().pod("default", "web-1").and_then(|pod| pod.node.clone()).expect("it runs");
        playground.type_line(&format!("playground stop node {node}"), LANG);
        passes(&mut playground, 120);
        let early = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
        assert_eq!(early.verdict.plain(), "Nobody knows whether web-1 is still running.", "{policy}");
        passes(&mut playground, 500);
        let of_set = why::project(&playground.snapshot(LANG), Some(&web_name()), None, None);
        assert_eq!(of_set.verdict.plain(), "web-1 stays Terminating, and no new web-1 is created.", "{policy}");
        assert!(of_set.hazard.is_some() && of_set.decided_by == "node-lifecycle-controller", "{of_set:#?}");
        let node_says = view::node::why(&playground.snapshot(LANG), &node);
        let disks: Vec<String> =
            node_says.evidence.iter().map(|fact| fact.fact.plain()).filter(|fact| fact.starts_with("disks here")).collect();
        assert!(disks.len() == 1 && disks[0].contains("data-web-1"), "{disks:?}");
        playground.type_line(&of_set.ways[3].entry.line, LANG);
        passes(&mut playground, 60);
        let pod = playground.tables().pod("default", "web-1").expect("the new one");
        assert!(pod.node.is_none() && !pod.ready(), "{policy}: Pending, as the way out said");
    }
}

#[test]
fn what_was_copied_from_a_cluster_is_told_by_what_its_server_wrote() {
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    let copied = |written: &str| EXAMPLE.replace("kind: StatefulSet\nmetadata:\n", &format!("kind: StatefulSet\nmetadata:\n  {written}\n"));
    for (written, said) in [("resourceVersion: \"7\"", "the object has been modified"), ("uid: 0a1b", "")] {
        mend(&mut playground, copied(written));
        let refusal = playground.verdicts().refusals[0].clone();
        let line = copied(written).lines().position(|line| line.trim() == written).map(|at| at + 1);
        assert_eq!(refusal.place.map(|place| place.line), line, "{}", refusal.words);
        assert!(refusal.words.contains(said), "{}", refusal.words);
        let copied = LANG.text().manifest.copied().replace('`', "");
        assert_eq!(refusal.plain.plain() == copied, !said.is_empty(), "{:?}", refusal.plain);
    }
    // What is offered is the text without either.
    let both = copied("resourceVersion: \"7\"\n  uid: 2f6f3d0c-1b67-4d0c-9b6a-27a9c4c8a1de");
    mend(&mut playground, both.clone());
    let fix = playground.verdicts().refusals[0].fix.clone().expect("a correction");
    assert_eq!(fix.mend(&both), EXAMPLE);
}
