//! What differs from the manifest after kubectl has changed it, which pods that reached, and what Apply does to both.

use crate::page::Visit;

const SITE: &str = include_str!("../manifests/unseen/drift-1.yaml");
const FEED: &str = include_str!("../manifests/unseen/drift-2.yaml");

/// The lines that differ, in order.
fn lines(visit: &Visit) -> Vec<usize> {
    let mut lines: Vec<usize> = visit.drift().into_iter().map(|(line, _)| line).collect();
    lines.sort_unstable();
    lines
}

/// Asserts that what is said of a line names both values.
#[track_caller]
fn says(visit: &Visit, line: usize, values: [&str; 2]) {
    let drift = visit.drift();
    let (_, words) = drift.iter().find(|(at, _)| *at == line).unwrap_or_else(|| panic!("line {line} is not in {drift:?}"));
    assert!(values.iter().all(|value| words.contains(value)), "{values:?}: {words}");
}

/// A field of a pod.
fn field(visit: &mut Visit, pod: &str, path: &str) -> String {
    visit.shows(&format!("kubectl get pod {pod} -o jsonpath='{{{path}}}'"))
}

/// The first manifest after the set was scaled and has got another image.
fn changed_site() -> Visit {
    let mut visit = Visit::with(SITE);
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ["site-0 1/1 Ready", "site-1 1/1 Ready"]);
    assert_eq!(visit.drift(), []);
    visit.say("kubectl scale sts site --replicas=3");
    visit.say("kubectl set image sts/site caddy=caddy:2.8-alpine");
    visit
}

#[test]
fn the_replicas_and_the_image_differ_and_nothing_else() {
    let mut visit = changed_site();
    assert_eq!(lines(&visit), [29, 40], "{:?}", visit.drift());
    says(&visit, 29, ["3", "2"]);
    says(&visit, 40, ["caddy:2.8-alpine", "caddy:2.7-alpine"]);
    // The update went from the highest ordinal to the lowest.
    let born = ["site-2", "site-1", "site-0"].map(|pod| field(&mut visit, pod, ".metadata.creationTimestamp"));
    assert!(born[0] < born[1] && born[1] < born[2], "{born:?}");
}

#[test]
fn kubectl_tells_the_same_two_differences() {
    let mut visit = changed_site();
    let diff = visit.shows("kubectl diff -f manifest.yaml; echo exit $?");
    let has = |line: &str| diff.lines().any(|found| found.split_whitespace().collect::<Vec<_>>().join(" ") == line);
    assert!(has("- replicas: 3") && has("+ replicas: 2"), "{diff}");
    assert!(has("- - image: caddy:2.8-alpine") || has("- image: caddy:2.8-alpine"), "{diff}");
    assert!(has("+ - image: caddy:2.7-alpine") || has("+ image: caddy:2.7-alpine"), "{diff}");
    assert!(diff.ends_with("exit 1"), "{diff}");
}

#[test]
fn apply_undoes_both_and_leaves_no_mark() {
    let mut visit = changed_site();
    visit.apply();
    visit.run_until_quiet();
    assert_eq!(visit.drift(), []);
    assert_eq!(visit.pods(), ["site-0 1/1 Ready", "site-1 1/1 Ready"]);
    for pod in ["site-0", "site-1"] {
        assert_eq!(field(&mut visit, pod, ".spec.containers[0].image"), "caddy:2.7-alpine");
    }
    let claims = visit.shows("kubectl get pvc --no-headers");
    let kept = claims.lines().find(|line| line.starts_with("www-site-2 "));
    assert!(kept.is_some_and(|line| line.contains("Bound")), "{claims}");
}

/// The second manifest with a partition of 2, another variable, feed-0 deleted, and the reader scaled to what it has.
fn changed_feed() -> Visit {
    let mut visit = Visit::with(FEED);
    visit.run_until_quiet();
    assert_eq!(visit.drift(), []);
    visit.say(r#"kubectl patch sts feed --type merge -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}'"#);
    visit.say("kubectl set env sts/feed FEED_LEVEL=debug");
    visit.say("kubectl delete pod feed-0");
    visit.say("kubectl scale deploy/reader --replicas=2");
    visit
}

/// The pods of the set with the revision of each, by ordinal.
fn revisions(visit: &Visit) -> Vec<(String, String)> {
    let own = |pod: &str| pod.starts_with("feed-");
    let tiles = visit.tiles().into_iter().filter(|(_, tile)| own(&tile.identity.pod));
    tiles.map(|(_, tile)| (tile.identity.pod, tile.revision)).collect()
}

#[test]
fn the_partition_and_one_of_two_variables_differ_and_nothing_of_the_reader() {
    let visit = changed_feed();
    assert_eq!(lines(&visit), [19, 33], "{:?}", visit.drift());
    says(&visit, 19, ["2", "0"]);
    says(&visit, 33, ["debug", "info"]);
}

#[test]
fn only_the_pod_at_the_partition_is_new_and_one_below_it_comes_back_old() {
    let mut visit = changed_feed();
    for (pod, level) in [("feed-0", "info"), ("feed-1", "info"), ("feed-2", "debug")] {
        assert_eq!(visit.shows(&format!("kubectl exec {pod} -- printenv FEED_LEVEL")), level, "{pod}");
    }
    let revisions = revisions(&visit);
    let [(_, zero), (_, one), (_, two)] = &revisions[..] else { panic!("{revisions:?}") };
    assert!(zero == one && one != two, "{revisions:?}");
    let status = visit.shows("kubectl rollout status sts/feed");
    assert!(status.contains("partitioned roll out complete: 1 new pods have been updated..."), "{status}");
}

#[test]
fn apply_replaces_only_the_pod_that_is_new() {
    let mut visit = changed_feed();
    let pods = ["feed-0", "feed-1", "feed-2"];
    let before = pods.map(|pod| field(&mut visit, pod, ".metadata.uid"));
    visit.apply();
    visit.run_until_quiet();
    assert_eq!(visit.drift(), []);
    let after = pods.map(|pod| field(&mut visit, pod, ".metadata.uid"));
    assert_eq!(before[..2], after[..2]);
    assert_ne!(before[2], after[2]);
    for pod in pods {
        assert_eq!(visit.shows(&format!("kubectl exec {pod} -- printenv FEED_LEVEL")), "info", "{pod}");
    }
    assert!(revisions(&visit).windows(2).all(|two| two[0].1 == two[1].1), "{:?}", revisions(&visit));
}
