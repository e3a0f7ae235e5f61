//! What can go wrong: whether the search finds what is known to go wrong with manifests that people start from, and what prevents it;
//! whether it covers what it says.

mod cores;
mod coverage;
mod faults;
mod forms;
mod granted;
mod lines;
mod protect;
mod public;
mod same;
mod truths;

use std::fs;
use std::path::Path;
use std::rc::Rc;

use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::api::release::V1_37;
use ordinal::base::time::{Span, Time};
use ordinal::causes::waits::waits;
use ordinal::plan::lack::Lack;
use ordinal::playground::history::History;
use ordinal::playground::{self, EXAMPLE, examples::Example};
use ordinal::risks::acts::Deed;
use ordinal::risks::course::When;
use ordinal::risks::judge::Detail;
use ordinal::risks::{Finding, Level, Options, Phase, Search, Start, told};
use ordinal::text::{ANALYSIS, Lang};

fn tutorial(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/terminal/console/library").join(name);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A search to its end: each act alone, and of courses of two acts those of these words.
fn search(manifest: &str, pairs: &[[&'static str; 2]]) -> Search {
    let any = ObjectKey::global(Kind::Node, &"".into());
    let like = |pair: &[&'static str; 2]| pair.iter().map(|word| (Deed::named(word).expect("a deed"), any.clone(), When::AtOnce)).collect();
    let only = Some(pairs.iter().map(like).collect());
    let depth = if pairs.is_empty() { 1 } else { 2 };
    let mut search = Search::new(Start::manifest(manifest, &V1_37), Options { depth, only, ..Options::default() });
    search.finish();
    let covered = search.covered();
    assert!(search.is_accepted() && covered.iter().all(|one| one.visited + one.same == one.courses), "{covered:?}");
    search
}

/// The finding of a kind.
fn found<'a>(search: &'a Search, kind: &str) -> &'a Finding {
    let kinds: Vec<&str> = search.findings().iter().map(|finding| finding.shown.kind.word()).collect();
    search.findings().iter().find(|finding| finding.shown.kind.word() == kind).unwrap_or_else(|| panic!("no {kind} among {kinds:?}"))
}

/// The words of what happens in a finding, and the change that prevents it.
fn told_of(finding: &Finding) -> (Vec<&str>, Option<&str>) {
    (finding.deeds().map(Deed::word).collect(), finding.prevention.change.as_ref().map(|change| change.guard.word()))
}

#[test]
fn every_act_is_told() {
    for deed in Deed::ALL {
        for told in [ANALYSIS.risks.act(deed.word(), "web"), ANALYSIS.risks.likely(deed.word())] {
            assert!(!told.starts_with("risks."), "{}: {told}", deed.word());
        }
    }
}

#[test]
fn the_first_visits_set_has_a_trap_a_pinned_pod_and_one_that_stays_terminating() {
    let search = search(EXAMPLE, &[]);
    assert_eq!(told_of(found(&search, "rollback-trap")), (vec!["broken"], Some("parallel")));
    assert_eq!(told_of(found(&search, "volume-deleted")), (vec!["claim-deleted"], Some("reclaim")));
    let terminating = found(&search, "terminating");
    assert_eq!(told_of(terminating), (vec!["silent"], None));
    assert!(!terminating.prevention.in_vain.is_empty() && told::no_help(terminating).is_some());
    // Volumes that every node reaches would free the pod, and let a second process write once somebody forces its deletion.
    let pinned = found(&search, "volume-pinned");
    let (change, worse) = pinned.prevention.trade.as_ref().expect("a change that is no good");
    assert_eq!((told_of(pinned).1, change.guard.word(), worse.kind.word()), (None, "anywhere", "two-writers"));
    let levels: Vec<Level> = search.findings().iter().map(|finding| finding.shown.level()).collect();
    assert!(levels.is_sorted(), "the worst is told first: {levels:?}");
}

#[test]
fn no_finding_is_without_a_cure_before_one_was_looked_for() {
    let mut search = Search::new(Start::manifest(EXAMPLE, &V1_37), Options { depth: 1, ..Options::default() });
    let mut open = 0;
    while search.progress().phase != Phase::Done {
        search.step();
        if !search.has_tried_changes() && !search.findings().is_empty() {
            let list = told::text(&search);
            assert!(!list.contains(ANALYSIS.risks.not_prevented()), "{list}");
            open += list.matches(ANALYSIS.risks.not_yet_tried()).count();
        }
    }
    assert!(open > 0);
}

#[test]
fn a_forced_deletion_lets_two_processes_write() {
    let search = search(Example::Replicas.manifest(), &[]);
    let writers = found(&search, "two-writers");
    assert_eq!(told_of(writers).0, ["forced"]);
    assert_eq!(told_of(found(&search, "data-lost")).0, ["claim-deleted"]);
    assert_eq!(search.findings()[0].shown.level(), Level::Data);
}

#[test]
fn members_that_are_published_once_ready_wait_for_each_other() {
    let (plain, _) = EXAMPLE.split_once("        volumeMounts:").expect("volumes");
    let asks = plain.replace("httpGet: {path: /, port: 80}", "exec: {command: [nslookup, nginx]}").replace("nginx:1.27", "busybox:1.28");
    let asks = asks.replacen("        image: busybox:1.28\n", "        image: busybox:1.28\n        command: [sleep, infinity]\n", 1);
    let search = search(&asks, &[]);
    assert_eq!(told_of(found(&search, "readiness-deadlock")), (vec![], Some("publish")));
}

#[test]
fn what_a_manifest_names_and_does_not_bring_is_taken_to_be_there() {
    let named = EXAMPLE.replacen("      accessModes", "      storageClassName: fast-ssd\n      accessModes", 1);
    let named = named.replace("metadata:\n  name: ", "metadata:\n  namespace: shop\n  name: ");
    assert!(named.contains("fast-ssd") && named.contains("namespace: shop"), "{named}");
    let search = search(&named, &[]);
    assert!(matches!(search.lacks(), [Lack::Class { name }] if **name == *"fast-ssd"));
    assert!(search.findings().iter().all(|finding| !finding.acts.is_empty()), "the start is well");
    assert!(told::text(&search).contains("StorageClass fast-ssd"));
    let brought = format!(
        "{named}---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: fast-ssd}}\nprovisioner: example.com/p\n"
    );
    assert!(matches!(&Start::manifest(&brought, &V1_37).lacks()[..], [Lack::Driver { name }] if **name == *"example.com/p"));
}

#[test]
fn what_has_no_readiness_probe_is_never_running_and_not_ready() {
    let probe = "        readinessProbe:\n          httpGet: {path: /, port: 80}\n          periodSeconds: 5\n";
    let without = EXAMPLE.replace(probe, "");
    assert!(!without.contains("Probe"), "{without}");
    let words = |manifest: &str| search(manifest, &[]).acts().iter().map(|act| act.kind.deed.word()).collect::<Vec<_>>();
    assert!(words(EXAMPLE).contains(&"unready") && !words(&without).contains(&"unready"));
}

#[test]
fn a_set_that_waits_before_anything_happens_is_in_no_trap_of_what_happens() {
    let published = EXAMPLE.replacen("  clusterIP: None", "  clusterIP: None\n  publishNotReadyAddresses: true", 1);
    let nowhere =
        published.replacen("ports: [{containerPort: 80}]", "ports: [{containerPort: 80}]\n        resources: {requests: {cpu: 64}}", 1);
    let search = search(&nowhere, &[]);
    let kinds: Vec<&str> = search.findings().iter().map(|finding| finding.shown.kind.word()).collect();
    let by_rollout = |finding: &Finding| finding.deeds().map(Deed::word).eq(["rollout"]);
    assert!(!search.findings().iter().any(by_rollout) && !kinds.contains(&"readiness-deadlock"), "{kinds:?}");
    assert!(search.acts().iter().any(|act| act.kind.deed.word() == "unpublished"));
    let start = found(&search, "stuck");
    assert_eq!((start.shown.detail_word(), start.acts.len()), ("insufficient-resources", 0));
}

#[test]
fn a_quorum_whose_members_share_a_node_is_lost_with_it() {
    let reaches = Example::Quorum.manifest().replace("      accessModes:", "      storageClassName: network-disk\n      accessModes:");
    let search = search(&reaches, &[["drained", "silent"]]);
    let lost = found(&search, "quorum-lost");
    assert_eq!(told_of(lost), (vec!["drained", "silent"], Some("anti-affinity")));
    assert_ne!(lost.acts[1].2, When::AtOnce, "one fault at a time");
    // Where every node reaches the volumes, none pins its pod; where none does, they keep the members apart.
    assert!(search.findings().iter().all(|finding| finding.shown.kind.word() != "volume-pinned"));
    let apart = self::search(Example::Quorum.manifest(), &[["drained", "silent"]]);
    assert!(apart.findings().iter().all(|finding| finding.shown.kind.word() != "quorum-lost"));
    found(&apart, "volume-pinned");
}

#[test]
fn a_second_drain_waits_for_the_budget() {
    let search = search(&tutorial("zookeeper.yaml"), &[["drained", "drained"], ["scaled-in", "silent"]]);
    // That is what the budget is for. The tutorial's members share no node, so that one fault never takes the quorum; that fewer members
    // bear fewer faults is no news.
    let kinds = || search.findings().iter().map(|finding| finding.shown.kind.word());
    assert!(kinds().all(|kind| kind != "drain-endless" && kind != "quorum-lost"), "{:?}", kinds().collect::<Vec<_>>());
}

#[test]
fn a_budget_that_lets_nobody_go_is_replaced_by_one_that_does() {
    let strict = tutorial("zookeeper.yaml").replace("  maxUnavailable: 1\n", "  minAvailable: 3\n");
    let search = search(&strict, &[]);
    assert_eq!(told_of(found(&search, "drain-endless")), (vec!["drained"], Some("budget")));
}

#[test]
fn nobody_finishes_a_rollout_under_on_delete() {
    let search = search(&tutorial("web.yaml").replace("  serviceName:", "  updateStrategy: {type: OnDelete}\n  serviceName:"), &[]);
    assert_eq!(told_of(found(&search, "on-delete")), (vec!["rollout"], Some("rolling")));
}

#[test]
fn a_finding_plays_on_a_timeline() {
    let search = search(EXAMPLE, &[]);
    for finding in search.findings() {
        let mut run = History::new(&playground::setup(), EXAMPLE, Lang::English);
        for input in &finding.inputs {
            run.run(input.at, || true);
            run.choose_tab(input.tab);
            run.act(input.act.clone(), Lang::English);
        }
        let last = finding.inputs.last().map_or(Time(0), |input| input.at);
        run.run(last + Span::seconds(900), || true);
        let waiting = waits(run.present().sim(), &finding.shown.workload).map(|(cause, _)| Detail::Waits(cause.cause));
        if finding.shown.detail.is_some() {
            assert_eq!(waiting, finding.shown.detail, "{}", finding.shown.kind.word());
        }
    }
}

#[test]
fn sliced_and_resumed_or_not_the_bytes_are_the_same() {
    let text = |search: &Search| (told::json(search).to_json(), told::text(search));
    let once = search(EXAMPLE, &[]);
    let mut other = Search::new(once.start().clone(), Options { depth: 1, only: Some(Vec::new()), ..Options::default() });
    for slices in [3, 50, 400] {
        (0..slices).for_each(|_| drop(Rc::new(other.step())));
        // What goes on is a copy: nothing of the search is anywhere else.
        other = other.clone();
    }
    other.finish();
    assert_eq!(text(&once), text(&other));
}
