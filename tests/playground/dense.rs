//! Sets with more pods than columns.

use super::web_name;
use ordinal::base::time::Time;
use ordinal::causes::pod::PodState;
use ordinal::playground::Playground;
use ordinal::sim::Setup;
use ordinal::text::Lang;
use ordinal::view::cluster::{self, Towards};
use ordinal::view::dense::*;

/// A set of this many pods, half a minute after it was applied.
fn playground(replicas: usize) -> Playground {
    of(&manifest(replicas))
}

fn manifest(replicas: usize) -> String {
    format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: web}}\nspec:\n  replicas: {replicas}\n  podManagementPolicy: Parallel\n  \
         selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    spec: {{containers: [{{name: c, image: 'nginx:1.27'}}]}}\n"
    )
}

fn of(manifest: &str) -> Playground {
    let mut playground = Playground::new(&Setup::default(), manifest);
    playground.type_line("kubectl apply -f manifest.yaml", Lang::English);
    run(&mut playground, 30);
    playground
}

fn run(playground: &mut Playground, seconds: u64) {
    playground.run(Time(playground.now().0 + seconds * 1000), || true);
}

fn dense(playground: &Playground) -> Dense {
    cluster::project(&playground.snapshot(Lang::English), Some(&web_name())).dense.expect("many")
}

fn counted(dense: &Dense) -> Vec<String> {
    dense.counts.iter().map(|count| format!("{} {}", count.cells, count.word)).collect()
}

#[test]
fn more_ordinals_than_columns_are_cells() {
    let few = playground(MAX_COLUMNS);
    let drawn = cluster::project(&few.snapshot(Lang::English), Some(&web_name()));
    assert_eq!((drawn.columns.len(), drawn.dense), (MAX_COLUMNS, None));
    let many = playground(120);
    let drawn = cluster::project(&many.snapshot(Lang::English), Some(&web_name()));
    assert!(drawn.columns.is_empty() && drawn.unready().is_empty());
    assert_eq!(drawn.identities().count(), 120);
    let dense = drawn.dense.expect("many");
    assert_eq!(dense.lines(Arrangement::ByOrdinal).iter().map(|line| line.ordinals.len()).collect::<Vec<_>>(), [20; 6]);
    assert_eq!(counted(&dense), ["120 Ready"]);
}

#[test]
fn rows_are_as_long_as_their_cells_are_large() {
    let mut drawn = dense(&playground(MAX_COLUMNS + 1));
    let in_row = |pods: usize| {
        drawn.cells = vec![drawn.cells[0]; pods];
        drawn.cells_in_row()
    };
    let sizes = [25, 33, 34, 100, 133, 200, 209, 1000, 5000];
    assert_eq!(sizes.map(in_row), [10, 10, 20, 20, 20, 25, 50, 50, 50]);
}

#[test]
fn by_node_every_cell_stands_in_the_row_of_its_pods_node() {
    let mut many = playground(400);
    let drawn = dense(&many);
    let lines = drawn.lines(Arrangement::ByNode);
    assert_eq!(lines.iter().map(|line| &*line.heading).collect::<Vec<_>>(), ["", "node-1", "node-2", "node-3"]);
    assert_eq!(lines.iter().map(|line| line.ordinals.len()).sum::<usize>(), 400);
    let node_of =
        |ordinal: i64| many.tables().pod("default", &drawn.pod(drawn.cell(ordinal).expect("one"))).and_then(|pod| pod.node.clone());
    for line in &lines {
        assert!(line.ordinals.iter().all(|ordinal| node_of(*ordinal).as_deref().unwrap_or("") == line.heading));
    }
    many.type_line("kubectl scale statefulset web --replicas=90", Lang::English);
    run(&mut many, 120);
    assert!(dense(&many).lines(Arrangement::ByNode).iter().all(|line| !line.heading.is_empty()), "nothing waits");
}

#[test]
fn what_is_not_ready_is_counted_by_state_and_listed_with_its_neighbours() {
    let mut many = playground(400);
    // Three nodes take 110 pods each, all of this set.
    let drawn = dense(&many);
    assert_eq!(counted(&drawn), ["330 Ready", "70 Pending"]);
    assert_eq!(drawn.exceptions.iter().map(|e| e.cells).sum::<usize>() + drawn.unlisted, 70);
    many.type_line("kubectl scale statefulset web --replicas=100", Lang::English);
    run(&mut many, 120);
    assert_eq!(dense(&many).exceptions, []);
    many.type_line("playground break image nginx:broken", Lang::English);
    many.type_line("kubectl set image statefulset/web c=nginx:broken", Lang::English);
    run(&mut many, 30);
    let drawn = dense(&many);
    assert_eq!(counted(&drawn)[0], "99 Ready");
    let [one] = drawn.exceptions.as_slice() else { panic!("{:?}", drawn.exceptions) };
    assert_eq!((&*one.pods, one.cells), ("web-99", 1));
    assert!(["ErrImagePull", "ImagePullBackOff"].contains(&&*one.word), "{one:?}");
    assert_eq!(counted(&drawn)[2..], ["99 r1", "1 r2"], "fill is the revision");
}

#[test]
fn what_waits_for_room_gets_it_with_more_nodes() {
    let mut many = playground(400);
    many.type_line("playground add nodes 2", Lang::English);
    run(&mut many, 600);
    let drawn = dense(&many);
    assert_eq!(counted(&drawn), ["400 Ready"]);
    assert_eq!(drawn.nodes, ["node-1", "node-2", "node-3", "node-4", "node-5"]);
    many.type_line("playground add nodes 1000", Lang::English);
    assert!(many.terminal().lines().last().is_some_and(|line| line.text.contains("at most 250 nodes")));
}

#[test]
fn pods_of_a_silent_node_are_told_apart() {
    let mut many = playground(100);
    many.type_line("playground stop node node-2", Lang::English);
    run(&mut many, 60);
    let drawn = dense(&many);
    let silent = drawn.exceptions.iter().find(|e| e.word == "Unknown").expect("a silent node's pods");
    assert_eq!(silent.node, "node-2");
    assert_eq!(counted(&drawn), ["67 Ready", "33 Unknown"]);
}

#[test]
fn a_filter_takes_cells_by_state_revision_and_node() {
    let many = playground(400);
    let drawn = dense(&many);
    let taken = |sort: Option<Sort>, node: Option<&str>| {
        let filter = Filter { sort, node: node.map(str::to_owned) };
        drawn.cells.iter().filter(|cell| filter.takes(&drawn, cell)).count()
    };
    assert_eq!(taken(None, None), 400);
    assert_eq!(taken(Some(Sort::NotReady), None), 70);
    assert_eq!(taken(None, Some("")), 70, "what waits has no node");
    assert_eq!(taken(None, Some("node-1")), 110);
    assert_eq!(taken(Some(Sort::NotReady), Some("node-1")), 0);
    for count in &drawn.counts {
        assert_eq!(taken(Some(count.sort.clone()), None), count.cells, "{count:?}");
    }
}

#[test]
fn arrow_keys_go_from_cell_to_cell_that_is_looked_for_and_stop_at_the_edge() {
    let many = playground(400);
    let drawn = dense(&many);
    let reached = |by: Arrangement, filter: &Filter, from: Option<&str>, towards: Towards| {
        drawn.beside(&drawn.lines(by), filter, from, towards, drawn.cells_in_row())
    };
    let all = Filter::default();
    for (from, towards, to) in [
        (None, Towards::Right, Some(0)),
        (Some("web-7"), Towards::Down, Some(57)),
        (Some("web-57"), Towards::Up, Some(7)),
        (Some("web-49"), Towards::Right, Some(50)),
        (Some("web-0"), Towards::Left, None),
        (Some("web-399"), Towards::Right, None),
        (Some("web-399"), Towards::Down, None),
    ] {
        assert_eq!(reached(Arrangement::ByOrdinal, &all, from, towards), to, "{from:?} {towards:?}");
    }
    let waiting = Filter { sort: Some(Sort::NotReady), node: None };
    let first = reached(Arrangement::ByOrdinal, &waiting, None, Towards::Right).expect("one");
    assert_eq!(drawn.cell(first).and_then(|cell| cell.state), Some(PodState::Pending));
    let next = reached(Arrangement::ByNode, &waiting, Some(&format!("web-{first}")), Towards::Right).expect("another");
    assert!(next > first && drawn.cell(next).is_some_and(|cell| cell.node.is_none()));
}

#[test]
fn the_partition_is_a_line_before_the_first_cell_that_is_updated() {
    let mut playground = playground(120);
    let split = |playground: &Playground| -> Vec<i64> {
        dense(playground).cells.iter().filter(|cell| cell.split).map(|cell| cell.ordinal).collect()
    };
    assert_eq!(split(&playground), [] as [i64; 0]);
    let hold = r#"kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":70}}}}'"#;
    playground.type_line(hold, Lang::English);
    assert_eq!(split(&playground), [70]);
    playground.type_line(&hold.replace("70", "0"), Lang::English);
    assert_eq!(split(&playground), [] as [i64; 0]);
    playground.type_line("kubectl set image statefulset/web c=nginx:1.28", Lang::English);
    run(&mut playground, 2);
    assert_eq!(split(&playground), [] as [i64; 0], "the default holds nothing back");
}

#[test]
fn ordinals_that_nobody_wants_are_no_exceptions() {
    let claims =
        "  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}}]\n";
    let mut many = of(&format!("{}{claims}", manifest(60)));
    run(&mut many, 60);
    many.type_line("kubectl scale statefulset web --replicas=0", Lang::English);
    run(&mut many, 120);
    let drawn = dense(&many);
    assert_eq!((drawn.cells.len(), counted(&drawn), drawn.exceptions.as_slice()), (60, vec![], &[][..]), "claims are left");
    let missing = Filter { sort: Some(Sort::NotReady), node: None };
    assert!(!drawn.cells.iter().any(|cell| missing.takes(&drawn, cell)));
    many.type_line("kubectl scale statefulset web --replicas=2", Lang::English);
    assert_eq!(counted(&dense(&many)), ["2 not created"]);
}
