//! What stands beside a set.

use super::{settle, started, web_name};
use ordinal::base::sort::Sort;
use ordinal::base::time::Time;
use ordinal::playground::{EXAMPLE, Playground};
use ordinal::sim::Setup;
use ordinal::text::Lang;
use ordinal::view::cluster::project;
use ordinal::view::side::add;

#[test]
fn a_sets_pod_without_a_column_stands_beside_the_set() {
    let set = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: web}}\n  \
               template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: 'nginx:1.27'}]}}\n";
    let mut playground = Playground::new(&Setup::default(), set);
    // The set takes the newcomer, and deletes the newcomer as soon as that is Ready.
    for (line, takes) in [("kubectl apply -f manifest.yaml", 60_000), ("kubectl run web-01 --image=nginx --labels=app=web", 500)] {
        playground.type_line(line, Lang::English);
        playground.run(Time(playground.now().0 + takes), || true);
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

#[test]
fn a_disk_that_a_pod_has_to_itself_comes_empty_and_goes_with_the_pod() {
    let mut playground = started(EXAMPLE);
    let disks = |playground: &Playground| {
        let shot = playground.snapshot(Lang::English);
        let mut cluster = project(&shot, Some(&web_name()));
        add(&mut cluster, &shot, None);
        let own = cluster.pods.iter().flat_map(|(uid, tile)| tile.own.iter().map(move |disk| (uid.clone(), disk.told.clone())));
        own.collect::<Vec<_>>()
    };
    playground.type_line("playground beside statefulset web | kubectl apply -f -", Lang::English);
    settle(&mut playground);
    assert!(disks(&playground).iter().all(|(_, told)| told == "empty") && disks(&playground).len() == 3, "{:?}", disks(&playground));
    let write = "for pod in $(kubectl get pods -o name); do kubectl exec $pod -- sh -c 'hostname > /data/name'; done";
    playground.type_line(write, Lang::English);
    settle(&mut playground);
    let written = disks(&playground);
    assert!(written.iter().all(|(_, told)| told.starts_with("“web-")), "{written:?}");
    playground.type_line("kubectl delete $(kubectl get pods -l app=nginx-deployment -o name | head -1)", Lang::English);
    settle(&mut playground);
    let after = disks(&playground);
    assert_eq!(
        after.iter().filter(|(key, _)| !written.iter().any(|(known, _)| known == key)).map(|(_, told)| &**told).collect::<Vec<_>>(),
        ["empty"]
    );
    assert_eq!(after.len(), 3);
}
