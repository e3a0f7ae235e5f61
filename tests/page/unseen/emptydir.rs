//! Unseen manifests: emptyDir volumes, under which pod they are drawn, and how long they live.

use super::{come_up, has, has_none, own, strangers};
use crate::page::Visit;

const SEARCH: &str = include_str!("../manifests/unseen/emptydir-1.yaml");
const GRAFANA: &str = include_str!("../manifests/unseen/emptydir-2.yaml");

/// What is told of a volume of a pod's own.
fn told(visit: &Visit, pod: &str, volume: &str) -> String {
    let own = own(visit, pod);
    own.iter().find(|(name, _)| name == volume).unwrap_or_else(|| panic!("{pod} has no {volume}: {own:?}")).1.clone()
}

#[test]
fn every_empty_dir_is_drawn_under_its_own_pod() {
    let visit = come_up(SEARCH);
    assert_eq!(visit.pods()[..2], ["search-0 1/1 Ready", "search-1 1/1 Ready"]);
    let side = visit.cluster().side.expect("the Deployment");
    assert_eq!((side.title().as_str(), side.ready.as_str()), ("deployment/edge", "4 of 4 Ready"));
    let edges = strangers(&visit);
    assert_eq!(edges.len(), 4);
    let mut nodes: Vec<String> = edges.iter().map(|pod| visit.node_of(pod)).collect();
    nodes.sort();
    nodes.dedup();
    assert!(nodes.len() < 4, "two pods share a node: {nodes:?}");
    let volumes = |pod: &str| own(&visit, pod).into_iter().map(|(volume, _)| volume).collect::<Vec<_>>();
    for pod in &edges {
        assert_eq!(volumes(pod), ["html", "cache"], "{pod}");
        assert_eq!(told(&visit, pod, "html"), format!("“{pod}”"), "the init container wrote the name of its own pod");
    }
    for pod in ["search-0", "search-1"] {
        assert_eq!(volumes(pod), ["dumps"], "{pod}: what a claim holds stands by itself");
    }
    let claims: Vec<String> = visit.storage().rows.into_iter().map(|row| row.claim).collect();
    assert_eq!(claims, ["index-search-0", "index-search-1"]);
    assert_eq!(visit.cluster().disks.len(), 2, "the volumes of the claims");
}

#[test]
fn a_deleted_pod_of_a_set_keeps_its_claim_and_not_its_empty_dir() {
    let mut visit = come_up(SEARCH);
    visit.shows("kubectl exec search-1 -- sh -c 'echo kept > /meili_data/kept; echo note > /dumps/note'");
    assert_eq!(told(&visit, "search-1", "dumps"), "“note”");
    let volume = visit.storage().rows.remove(1).volume;
    visit.say("kubectl delete pod search-1");
    assert_eq!(visit.pods()[1], "search-1 1/1 Ready");
    assert_eq!(visit.storage().rows.remove(1).volume, volume);
    has(&visit.shows("kubectl exec search-1 -- cat /meili_data/kept"), &["kept"]);
    has(&visit.shows("kubectl exec search-1 -- cat /dumps/note"), &["No such file or directory"]);
    assert_eq!(told(&visit, "search-1", "dumps"), "empty");
}

#[test]
fn while_a_pod_goes_its_bytes_stay_under_it_and_not_under_its_successor() {
    let mut visit = come_up(SEARCH);
    let olds = strangers(&visit);
    let (gone, rest) = olds.split_first().expect("four pods");
    visit.shows(&format!("kubectl exec {gone} -- touch /var/cache/nginx/mine"));
    let kept: Vec<_> = rest.iter().map(|pod| own(&visit, pod)).collect();
    visit.type_line(&format!("kubectl delete pod {gone} --wait=false"));
    let successor = |visit: &Visit| strangers(visit).into_iter().find(|pod| !olds.contains(pod));
    visit.step_until(|visit| successor(visit).is_some_and(|pod| !own(visit, &pod).is_empty()));
    assert_eq!(strangers(&visit).len(), 5, "old and new are there at once");
    assert_eq!(told(&visit, gone, "html"), format!("“{gone}”"));
    let new = successor(&visit).expect("a new pod");
    assert_ne!(told(&visit, &new, "html"), format!("“{gone}”"));
    visit.run_until_quiet();
    assert!(own(&visit, gone).is_empty(), "{gone} is gone");
    assert_eq!(told(&visit, &new, "html"), format!("“{new}”"));
    has(&visit.shows(&format!("kubectl exec {new} -- cat /usr/share/nginx/html/index.html")), &[new.as_str()]);
    has_none(&visit.shows(&format!("kubectl exec {new} -- ls /var/cache/nginx")), &["mine"]);
    assert_eq!(rest.iter().map(|pod| own(&visit, pod)).collect::<Vec<_>>(), kept, "the other three keep their bytes");
}

/// The second manifest after some seconds, and the name of its pod of Grafana.
fn grafana() -> (Visit, String) {
    let mut visit = Visit::with(GRAFANA);
    visit.pass(120);
    let pod = the_grafana(&visit);
    (visit, pod)
}

fn the_grafana(visit: &Visit) -> String {
    let pods = strangers(visit);
    assert_eq!(pods.len(), 1, "{pods:?}");
    pods.into_iter().next().unwrap_or_default()
}

/// How many of a pod's containers are Ready.
fn ready(visit: &Visit, pod: &str) -> String {
    visit.tiles().into_iter().find(|(_, tile)| tile.identity.pod == pod).map_or(String::new(), |(_, tile)| tile.ready)
}

#[test]
fn a_deployment_with_a_claim_and_a_bystander_come_up() {
    let (mut visit, pod) = grafana();
    assert_eq!(ready(&visit, &pod), "2/2");
    assert_eq!(visit.pods()[..3], ["loki-0 1/1 Ready", "loki-1 1/1 Ready", "loki-2 1/1 Ready"]);
    let claims = visit.shows("kubectl get pvc");
    has(&claims, &["grafana-data", "storage-loki-0", "storage-loki-1", "storage-loki-2"]);
    assert_eq!(claims.lines().count(), 1 + 4, "{claims}");
    let volumes: Vec<String> = own(&visit, &pod).into_iter().map(|(volume, _)| volume).collect();
    assert_eq!(volumes, ["scratch"], "the claim is no disk of the pod's own");
    has(&visit.shows("kubectl exec deploy/grafana -c grafana -- ls /scratch"), &["ticks"]);
}

#[test]
fn an_empty_dir_outlives_its_container_so_that_the_container_ends_again_and_again() {
    let (mut visit, pod) = grafana();
    visit.shows("kubectl exec deploy/grafana -c ticker -- touch /scratch/stop");
    visit.pass(55);
    assert_eq!(the_grafana(&visit), pod, "the pod is the same");
    assert_eq!(ready(&visit, &pod), "1/2");
    has(&visit.shows("kubectl logs deploy/grafana -c ticker"), &["found /scratch/stop, leaving"]);
    has(&visit.shows("kubectl exec deploy/grafana -c grafana -- ls /scratch"), &["stop", "ticks"]);
    let restarts = "kubectl get pods -l app=grafana \
                    -o jsonpath='{range .items[*].status.containerStatuses[*]}{.name}={.restartCount} {end}'";
    let restarts = visit.shows(restarts);
    has(&restarts, &["grafana=0 ", "ticker="]);
    has_none(&restarts, &["ticker=0 ", "ticker=1 "]);
    let code = "kubectl get pods -l app=grafana \
                -o jsonpath='{range .items[*].status.containerStatuses[*]}{.name}:{.lastState.terminated.exitCode} {end}'";
    has(&visit.shows(code), &["ticker:0 "]);
    let side = visit.cluster().side.expect("the Deployment");
    assert_eq!(side.ready, "0 of 1 Ready");
}

#[test]
fn the_container_that_ends_is_the_cause_and_neither_the_claim_nor_a_probe() {
    let (mut visit, pod) = grafana();
    visit.shows("kubectl exec deploy/grafana -c ticker -- touch /scratch/stop");
    visit.pass(55);
    visit.pick(&pod);
    has(&visit.whole_why(), &["ticker"]);
    has_none(&visit.verdict(), &["grafana-data", "probe", "loki"]);
    if let Some(line) = visit.why().line {
        assert!((39..=52).contains(&line), "{line} is no line of the container ticker: {:#?}", visit.why());
    }
}

#[test]
fn an_empty_dir_ends_with_its_pod_and_the_claim_is_kept() {
    let (mut visit, pod) = grafana();
    visit.shows("kubectl exec deploy/grafana -c ticker -- touch /scratch/stop");
    visit.pass(55);
    visit.shows("kubectl exec deploy/grafana -c grafana -- sh -c 'echo x > /var/lib/grafana/mine'");
    visit.type_line("kubectl delete pod -l app=grafana");
    visit.pass(120);
    let new = the_grafana(&visit);
    assert_ne!(new, pod);
    assert_eq!(ready(&visit, &new), "2/2");
    has_none(&visit.shows("kubectl exec deploy/grafana -c grafana -- ls /scratch"), &["stop"]);
    has(&visit.shows("kubectl exec deploy/grafana -c grafana -- cat /var/lib/grafana/mine"), &["x"]);
    assert_eq!(visit.pods()[..3], ["loki-0 1/1 Ready", "loki-1 1/1 Ready", "loki-2 1/1 Ready"]);
}
