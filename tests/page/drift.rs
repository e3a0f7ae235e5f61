//! A manifest that the cluster no longer agrees with: which lines, and what Apply does to them.

use super::Visit;
use ordinal::playground::EXAMPLE;

/// The line of the manifest that contains something.
fn at(visit: &Visit, with: &str) -> usize {
    visit.manifest().lines().position(|line| line.contains(with)).map_or(0, |at| at + 1)
}

#[test]
fn what_was_scaled_updated_and_patched_differs_from_the_manifest_until_it_is_applied() {
    let mut visit = Visit::quiet();
    assert_eq!(visit.drift(), []);
    visit.say("kubectl scale statefulset web --replicas=4");
    visit.say("kubectl set image statefulset/web nginx=nginx:1.28");
    visit.say(r#"kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}'"#);
    visit.say("kubectl patch service nginx --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/selector\"}]'");
    let told = |live: &str, written: &str| format!("The cluster has {live} by now. Apply sets {written} again.");
    let want = [
        (at(&visit, "selector: {app: nginx}"), "The cluster has no such value by now. Apply sets nginx again.".to_owned()),
        (at(&visit, "replicas: 3"), told("4", "3")),
        (at(&visit, "partition: 0"), told("2", "0")),
        (at(&visit, "image: nginx:1.27"), told("nginx:1.28", "nginx:1.27")),
    ];
    let mut found = visit.drift();
    found.sort();
    assert_eq!(found, want);
    visit.apply();
    visit.run_until_quiet();
    assert_eq!(visit.drift(), []);
}

#[test]
fn what_the_server_reads_otherwise_is_no_difference() {
    let odd = EXAMPLE.replace("requests: {storage: 1Gi}", "requests: {storage: 1024Mi}").replace(
        "        ports: [{containerPort",
        "        resources: {requests: {cpu: \"1000m\", memory: 128974848}}\n        ports: [{containerPort",
    );
    let secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {a: b}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: \
                  {name: conf, labels: {}}\ndata: {a: \"1\"}\n";
    for manifest in [
        format!("{odd}{secret}"),
        include_str!("manifests/three.yaml").to_owned(),
        include_str!("manifests/anti.yaml").to_owned(),
        include_str!("beside.yaml").to_owned(),
        include_str!("../browser/manifests/seed-003.yaml").to_owned(),
    ] {
        let mut visit = Visit::with(&manifest);
        visit.pass(120);
        assert_eq!(visit.drift(), [], "{manifest}");
    }
}

#[test]
fn a_text_that_is_being_edited_is_compared_with_nothing() {
    let mut visit = Visit::quiet();
    visit.say("kubectl scale statefulset web --replicas=4");
    visit.edit(&EXAMPLE.replace("replicas: 3", "replicas: 5"));
    assert_eq!(visit.drift(), []);
}
