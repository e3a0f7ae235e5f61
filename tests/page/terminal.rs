//! The terminal: a document typed from top to bottom, and a session that is copied.

use std::fs;

use ordinal::api::release::V1_37;
use ordinal::playground::history::scenario;
use rig::file::{Scenario, Step};
use rig::session;

use super::Visit;

#[test]
fn seed_003_is_typed_from_top_to_bottom() {
    let mut visit = Visit::quiet();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/seeds/seed-003.yaml");
    let scenario = Scenario::parse(&fs::read_to_string(path).expect("the seed")).expect("a scenario");
    for (name, text) in scenario.files.iter().filter(|(name, _)| !name.contains("://")) {
        visit.type_line(&format!("cat > {name} <<'EOF'"));
        text.lines().for_each(|line| visit.type_line(line));
        visit.say("EOF");
    }
    let mut typed = 0;
    for step in &scenario.steps {
        let Step::Shell { line, background: None } = step else { continue };
        // Skips names that the scenario substitutes, and addresses of other machines.
        if line.contains("${") || line.contains("://") && !line.contains("localhost") {
            continue;
        }
        visit.say(line);
        typed += 1;
    }
    assert!(typed > 40, "{typed} lines were typed");
    let said = visit.lines().join("\n");
    assert!(!said.contains("is not simulated"), "{said}");
    for words in [
        "clusterrole.rbac.authorization.k8s.io/local-path-provisioner-role created",
        "Address 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local",
        "pod \"dns-test\" deleted from default namespace",
        "web-sts-0\nweb-sts-1\n",
        "k8s.gcr.io/nginx-slim:0.7\nk8s.gcr.io/nginx-slim:0.7\nk8s.gcr.io/nginx-slim:0.7",
        "OrderedReady",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
}

#[test]
fn what_reads_differently_from_guides_is_told_once_until_it_is_printed_as_they_do() {
    let mut visit = Visit::quiet();
    visit.say("kubectl delete pod web-0 --wait=false");
    assert!(visit.answer().starts_with("pod \"web-0\" deleted from default namespace\nSince Kubernetes 1.34, "), "{}", visit.answer());
    // Another difference of the same kind is not told of: the way to the old output is known.
    visit.say("kubectl get pv; kubectl describe sts web; kubectl delete pod web-2 --wait=false");
    let told = visit.lines().iter().filter(|line| line.starts_with("Since Kubernetes ")).count();
    assert_eq!(told, 1, "{:#?}", visit.lines());
    visit.say("playground form classic");
    visit.say("kubectl delete pod web-1 --wait=false");
    assert_eq!(visit.answer(), "pod \"web-1\" deleted");
}

#[test]
fn a_session_is_copied_as_text_and_as_a_scenario_that_replays() {
    let mut visit = Visit::quiet();
    visit.say("kubectl scale sts web --replicas=2");
    visit.say("kubectl get pods | grep web-0");
    let text = visit.lines().join("\n");
    assert!(text.contains("\n$ kubectl get pods | grep web-0\nweb-0   1/1     Running"), "{text}");
    let scenario = Scenario::parse(&scenario::text(&visit.run)).expect("a scenario");
    let played = session::play(&scenario, &V1_37).expect("a session");
    let lines: Vec<&str> = played.terminal().lines().iter().map(|line| line.text.as_str()).collect();
    assert_eq!(lines.join("\n"), text);
}
