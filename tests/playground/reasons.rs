//! Waits whose cause no component records in so many words: the page names it, and what it offers ends the wait.

use super::questions::{at_first_sight, check, on_the_page, passes};
use super::*;
use ordinal::causes::Identity;
use ordinal::view::why::Why;

fn first_sight(playground: &Playground) -> Why {
    why::project(&playground.snapshot(LANG), Some(&web_name()), None, None)
}

/// What is offered, as buttons and lines.
fn offers(playground: &Playground) -> Vec<(String, String)> {
    first_sight(playground).ways.into_iter().map(|way| (way.entry.label, way.entry.line)).collect()
}

/// How many of the set's pods are Ready.
fn ready(playground: &Playground) -> usize {
    playground.tables().pods().filter(|pod| pod.ready()).count()
}

/// The example with a probe that asks something of a shell.
fn probing(script: &str, policy: &str) -> String {
    let probe = "httpGet: {path: /, port: 80}";
    let asked = EXAMPLE.replace(probe, &format!("exec: {{command: [sh, -c, \"{script}\"]}}")).replace("nginx:1.27", "busybox:1.28");
    let asked = asked.replacen("        image: busybox:1.28\n", "        image: busybox:1.28\n        command: [sleep, infinity]\n", 1);
    asked.replace("podManagementPolicy: OrderedReady", &format!("podManagementPolicy: {policy}"))
}

#[test]
fn of_a_selected_pod_that_is_gone_it_is_said_which_one_took_its_place() {
    let mut playground = on_the_page(EXAMPLE);
    passes(&mut playground, 60);
    playground.type_line(&command::beside("web", &command::Naming::default()), LANG);
    passes(&mut playground, 60);
    let strangers = |playground: &Playground| -> Vec<String> {
        let names = playground.tables().pods().map(|pod| pod.meta.name.to_string());
        names.filter(|name| name.len() > "web-0".len()).collect()
    };
    let before = strangers(&playground);
    playground.type_line(&format!("kubectl delete pod {}", before[0]), LANG);
    passes(&mut playground, 60);
    let heir = strangers(&playground).into_iter().find(|name| !before.contains(name)).expect("another pod");
    let gone = Identity { namespace: "default".into(), pod: before[0].clone() };
    let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, Some(&gone));
    let told = (why.verdict.plain(), why.paragraph.plain());
    let want = format!("{0} was deleted: you, with kubectl delete pod {0}, asked for it.", before[0]);
    assert_eq!(told, (want, format!("{heir} took its place.")));
}

#[test]
fn the_decisions_of_a_cluster_in_which_all_goes_well_name_no_failure() {
    let mut playground = on_the_page(EXAMPLE);
    passes(&mut playground, 60);
    let told: Vec<String> = why::decisions(&playground.snapshot(LANG)).iter().map(|one| one.verdict.plain()).collect();
    assert!(told.iter().any(|verdict| verdict == "web is up to date."), "{told:#?}");
    assert_eq!(told.iter().filter(|verdict| verdict.contains("failed")).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn a_probe_that_asks_for_peers_is_told_whose_names_dns_has_and_what_publishes_them() {
    let policies = [
        ("OrderedReady", "nslookup web-2.nginx.default.svc.cluster.local", "this one waits for them"),
        (
            "Parallel",
            "nslookup web-2.nginx.default.svc.cluster.local",
            "unless publishNotReadyAddresses is true. The readiness probe of nginx fails.",
        ),
    ];
    for (policy, script, said) in policies {
        let mut playground = on_the_page(&probing(script, policy));
        passes(&mut playground, 60);
        assert_eq!(ready(&playground), 0, "{policy}");
        let (_, mut told) = at_first_sight(&playground);
        told.push(first_sight(&playground).paragraph.plain());
        assert!(told.iter().any(|words| words.contains("The probe asks for names under the Service nginx.")), "{policy}: {told:#?}");
        let first = Identity { namespace: "default".into(), pod: "web-0".into() };
        let why = why::project(&playground.snapshot(LANG), Some(&web_name()), None, Some(&first));
        assert!(why.paragraph.plain().contains(said), "{policy}: {}", why.paragraph.plain());
        let offered = offers(&playground);
        assert_eq!(offered.len(), 2, "{policy}: {offered:#?}");
        assert!(offered[1].0.starts_with("Override: count web-"), "what does not mend the cause says so: {offered:#?}");
        let (label, line) = &offered[0];
        assert_eq!(line.contains("--cascade=orphan"), policy == "OrderedReady", "{label}");
        let uid = playground.tables().pod("default", "web-0").expect("it is there").meta.uid;
        playground.type_line(line, LANG);
        passes(&mut playground, 120);
        assert_eq!(ready(&playground), 3, "{policy}: {:?}", printed(&playground));
        assert_eq!(playground.tables().pod("default", "web-0").map(|pod| pod.meta.uid), Some(uid), "{policy}: the pod stays");
    }
}

#[test]
fn a_probe_that_asks_for_no_peer_is_told_nothing_of_names() {
    for script in ["exit 1", "nslookup nobody.example", "cat /etc/nginx.conf"] {
        let mut playground = on_the_page(&probing(script, "OrderedReady"));
        passes(&mut playground, 60);
        let (_, facts) = at_first_sight(&playground);
        assert!(!facts.iter().any(|fact| fact.contains("names under the Service")), "{script}: {facts:#?}");
        assert!(offers(&playground).iter().all(|(label, _)| label.starts_with("Override: ")), "{script}");
    }
}

#[test]
fn a_pod_that_somebody_made_unready_is_made_ready_again_and_not_overridden() {
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    playground.type_line("playground unready pod web-1", LANG);
    passes(&mut playground, 60);
    assert_eq!(offers(&playground)[0].0, "Make web-1 Ready again");
}

#[test]
fn a_quota_is_raised_by_what_is_missing_or_deleted() {
    let quotas = ["pods=1", "persistentvolumeclaims=1,pods=2", "requests.storage=1Gi", "count/pods=0"];
    for hard in quotas {
        for which in [0, 1] {
            let mut playground = on_the_page("");
            playground.type_line(&format!("kubectl create quota q --hard={hard}"), LANG);
            passes(&mut playground, 5);
            playground.edit(EXAMPLE.to_owned(), LANG);
            playground.type_line(&command::apply(), LANG);
            passes(&mut playground, 60);
            let offered = offers(&playground);
            assert_eq!(offered.len(), 2, "{hard}: {offered:#?}");
            assert!(offered[0].0.starts_with("Raise q to ") && offered[1].0 == "Delete q", "{offered:#?}");
            playground.type_line(&offered[which].1, LANG);
            passes(&mut playground, 700);
            assert_eq!(ready(&playground), 3, "{hard} and {}", offered[which].0);
        }
    }
}

#[test]
fn an_image_that_no_image_can_be_called_is_replaced_by_one() {
    for image in ["'@docker.image@'", "'${IMAGE}:1'", "'-x'"] {
        let mut playground = on_the_page(&EXAMPLE.replace("nginx:1.27", image));
        passes(&mut playground, 60);
        let offered = offers(&playground);
        assert_eq!(offered.first().map(|(label, _)| label.as_str()), Some("Use nginx and delete web-0"), "{image}: {offered:#?}");
        playground.type_line(&offered[0].1, LANG);
        passes(&mut playground, 120);
        assert_eq!(ready(&playground), 3, "{image}");
    }
}

#[test]
fn a_claim_that_may_not_grow_is_told_by_its_class_and_grows_when_that_allows_it() {
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    playground.type_line(r#"kubectl patch pvc data-web-0 -p '{"spec":{"resources":{"requests":{"storage":"5Gi"}}}}'"#, LANG);
    passes(&mut playground, 5);
    let why = first_sight(&playground);
    assert_eq!(why.verdict.plain(), "data-web-0 is not expanded to 5Gi.");
    assert!(why.paragraph.plain().contains("does not have allowVolumeExpansion: true"), "{why:#?}");
    assert_eq!((why.decided_by.as_str(), why.ways.len()), ("allowVolumeExpansion", 1));
    check(&mut playground, "why pvc/data-web-0", &["data-web-0 is not expanded to 5Gi.", "Ends when"]);
    check(&mut playground, "why pvc/data-web-1", &["data-web-1"]);
    playground.type_line(&why.ways[0].entry.line, LANG);
    passes(&mut playground, 60);
    assert_eq!(playground.tables().claim("default", "data-web-0").map(|claim| claim.spec.request.to_string()), Some("5Gi".to_owned()));
    assert_eq!(first_sight(&playground).verdict.plain(), "web is up to date.");
}
