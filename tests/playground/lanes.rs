//! The lanes of a timeline.

use ordinal::base::time::Time;
use ordinal::causes::pod::PodState;
use ordinal::playground::{Playground, setup};
use ordinal::sim::Setup;
use ordinal::text::Lang;
use ordinal::view::cluster::Cluster;
use ordinal::view::side;

fn typed(lines: &[&str]) -> Playground {
    let set = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  replicas: 3\n  selector: {matchLabels: {app: web}}\n  \
               template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: 'nginx:1.27'}]}}\n";
    let mut playground = Playground::new(&Setup::default(), set);
    for line in std::iter::once(&"kubectl apply -f manifest.yaml").chain(lines) {
        playground.type_line(line, Lang::English);
        playground.run(Time(playground.now().0 + 90_000), || true);
    }
    playground
}

#[test]
fn only_nodes_that_were_silent_have_a_lane() {
    let quiet = typed(&[]);
    assert_eq!(quiet.timeline().lanes().nodes(|_| false).count(), 0);
    let stopped = typed(&["playground stop node node-2", "playground start node node-2"]);
    let lanes: Vec<_> = stopped
        .timeline()
        .lanes()
        .nodes(|_| false)
        .map(|(name, spans)| (&**name, spans.iter().map(|s| s.state).collect::<Vec<_>>()))
        .collect();
    assert_eq!(lanes, [("node-2", vec![PodState::Ready, PodState::Unknown, PodState::Ready])]);
    let labels = stopped.timeline().moments().iter().map(|moment| moment.label(Lang::English.text()));
    let told: Vec<String> = labels.filter(|label| label.starts_with("node-2")).collect();
    assert_eq!(told, ["node-2 NotReady", "node-2 Ready"]);
}

#[test]
fn a_node_has_its_lane_once_it_is_stopped_and_not_when_that_is_noticed() {
    let mut playground = typed(&[]);
    playground.type_line("playground stop node node-2", Lang::English);
    let shot = playground.snapshot(Lang::English);
    let lanes: Vec<_> = playground.timeline().lanes().nodes(|node| shot.is_out(node)).map(|(name, _)| &**name).collect();
    assert_eq!(lanes, ["node-2"]);
}

#[test]
fn the_area_counts_ready_pods_of_a_set() {
    let playground = typed(&["kubectl scale statefulset web --replicas=1"]);
    let counts: Vec<usize> = playground.timeline().lanes().ready("default", "web").into_iter().map(|(_, pods)| pods).collect();
    assert_eq!(counts, [1, 2, 3, 2, 1]);
}

#[test]
fn a_deployments_lane_says_how_many_pods_it_had_of_each_revision() {
    let playground =
        typed(&["kubectl create deployment side --image=nginx:1.27 --replicas=2", "kubectl set image deployment/side nginx=nginx:1.28"]);
    let shot = playground.snapshot(Lang::English);
    let mut drawn = Cluster::default();
    side::add(&mut drawn, &shot, None);
    let words: Vec<String> =
        playground.timeline().lanes().mixes(&shot, &drawn.side.expect("one").workload).into_iter().map(|mix| mix.words).collect();
    assert!(words.iter().any(|words| words == "r1 ×2"), "{words:?}");
    assert!(words.iter().any(|words| words.contains("r1") && words.contains("r2")), "{words:?}");
    assert_eq!(words.last().map(String::as_str), Some("r2 ×2"));
}

#[test]
fn a_row_has_its_line_while_one_of_its_claims_is_bound() {
    let claim = |name: &str| {
        format!("  - metadata: {{name: {name}}}\n    spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}\n")
    };
    let set = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  replicas: 1\n  selector: {matchLabels: {app: web}}\n  \
               template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: 'nginx:1.27', volumeMounts: \
               [{name: a, mountPath: /a}, {name: b, mountPath: /b}]}]}}\n  volumeClaimTemplates:\n";
    let mut playground = Playground::new(&setup(), &format!("{set}{}{}", claim("a"), claim("b")));
    let mut line = |line: &str| {
        playground.type_line(line, Lang::English);
        playground.run(Time(playground.now().0 + 90_000), || true);
        playground.timeline().track("default", "web-0").claim.iter().map(|claim| claim.to.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(line("kubectl apply -f manifest.yaml"), [false]);
    assert_eq!(line("kubectl scale statefulset web --replicas=0"), [false]);
    assert_eq!(line("kubectl delete pvc a-web-0"), [false], "the other claim is still bound");
    assert_eq!(line("kubectl delete pvc b-web-0"), [true]);
}
