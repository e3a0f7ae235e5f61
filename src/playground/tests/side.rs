//! What stands beside a set.

use super::web_name;
use crate::Playground;
use base::sort::Sort;
use base::time::Time;
use sim::Setup;
use text::Lang;
use view::cluster::project;
use view::side::add;

#[test]
fn a_sets_pod_without_a_column_stands_beside_the_set() {
    let set = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: web}}\n  \
               template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: 'nginx:1.27'}]}}\n";
    let mut playground = Playground::new(&Setup::default(), set);
    for line in ["kubectl apply -f manifest.yaml", "kubectl run web-01 --image=nginx --labels=app=web"] {
        playground.type_line(line, Lang::English);
        playground.run(Time(playground.now().0 + 60_000), || true);
    }
    let shot = playground.snapshot(Lang::English);
    let mut drawn = project(&shot, Some(&web_name()));
    add(&mut drawn, &shot, None);
    let (mut strangers, mut own) = (Vec::new(), Vec::new());
    for tile in drawn.pods.values() {
        if tile.stranger { &mut strangers } else { &mut own }.push(tile.identity.pod.as_str());
    }
    own.sort_small();
    assert_eq!((own, strangers), (vec!["web-0", "web-1"], vec!["web-01"]));
    assert!(shot.tables.pod("default", "web-01").is_some_and(|pod| pod.meta.controller().is_some()), "the set has adopted it");
    assert_eq!(drawn.side.map(|side| (side.workload.title(), side.lack)), Some(("pods".to_owned(), "")));
}
