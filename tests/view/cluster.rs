//! The matrix at one moment of ordered creation.

use ordinal::causes::Identity;
use ordinal::view::cluster::{CellKey, Cluster, ColumnKey, ItemKey, RowKey, Towards, project};

use crate::view::example::{self, Example, web_name};

fn drawn(example: &Example) -> Cluster {
    project(&example.snapshot(), Some(&web_name()))
}

/// The matrix as text: one line per cell that is not empty.
fn cells(cluster: &Cluster) -> Vec<String> {
    let item = |key: &ItemKey| match key {
        ItemKey::Pod(uid) => cluster.pods.get(uid).map_or(String::new(), |t| format!("{} {} {}", t.identity.pod, t.ready, t.word)),
        ItemKey::Slot(pod) => cluster.slots.get(pod).map_or(String::new(), |s| format!("({pod} {}: {})", s.word, s.reason.plain())),
        ItemKey::Disk(volume) => {
            cluster.disks.get(volume).map_or(String::new(), |d| format!("[{}{}]", d.claim, if d.mounted { " mounted" } else { "" }))
        }
        ItemKey::Node(name) => name.clone(),
    };
    let row = |row: &RowKey| match row {
        RowKey::Waiting => "-".to_owned(),
        RowKey::Node(name) | RowKey::Class(name) => name.clone(),
    };
    let cell = |(key, items): (&CellKey, &Vec<ItemKey>)| {
        let column = if let ColumnKey::Ordinal(ordinal) = key.column { ordinal.to_string() } else { "side".to_owned() };
        format!("{} {column}: {}", row(&key.row), items.iter().map(item).collect::<Vec<_>>().join(" "))
    };
    cluster.cells.iter().map(cell).collect()
}

#[test]
fn a_pod_stands_in_its_ordinals_column_and_its_nodes_row() {
    let want = [
        "- 2: (web-2 not created: web-1 is not Ready)",
        "node-a 1: web-1 0/1 Running, not Ready [data-web-1 mounted]",
        "node-b 0: web-0 1/1 Ready [data-web-0 mounted]",
    ];
    assert_eq!(cells(&drawn(&example::ordered_creation())), want);
}

#[test]
fn a_disk_stays_in_its_row_when_its_pod_goes() {
    let mut example = example::ordered_creation();
    example.remove_pod("web-0");
    let cluster = drawn(&example);
    assert_eq!(cells(&cluster)[0], "- 0: (web-0 not recreated: web-1 is not Ready)");
    assert!(cells(&cluster).contains(&"node-b 0: [data-web-0]".to_owned()));
    assert!(!cluster.columns[0].empty);
}

#[test]
fn a_claim_keeps_its_column_after_scale_in() {
    let mut example = example::ordered_creation();
    example.scale(1);
    example.remove_pod("web-1");
    let cluster = drawn(&example);
    assert_eq!(cluster.columns.iter().map(|column| column.ordinal).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(cells(&cluster), ["node-a 1: [data-web-1]", "node-b 0: web-0 1/1 Ready [data-web-0 mounted]"]);
}

#[test]
fn a_tile_is_one_sentence_to_the_ear() {
    let cluster = drawn(&example::ordered_creation());
    let spoken: Vec<&str> = cluster.pods.values().map(|tile| tile.spoken.as_str()).collect();
    assert!(spoken.contains(&"web-1, Running, not Ready, ready 0 of 1, node-a, 10.244.1.3"), "{spoken:?}");
}

#[test]
fn arrow_keys_go_to_the_nearest_tile_in_their_direction() {
    let cluster = drawn(&example::ordered_creation());
    let item = |pod: &str| cluster.item_of(&Identity { namespace: "default".into(), pod: pod.into() });
    let go = |from: &str, towards| cluster.neighbour(&item(from).expect("it is shown"), towards);
    assert_eq!(go("web-0", Towards::Right), item("web-1"));
    assert_eq!(go("web-1", Towards::Right), item("web-2"));
    assert_eq!(go("web-1", Towards::Down), item("web-0"));
    assert_eq!(go("web-0", Towards::Left), Some(ItemKey::Node("node-b".into())));
    assert_eq!(cluster.first(), item("web-0"));
    assert_eq!(cluster.unready().iter().map(|identity| identity.pod.as_str()).collect::<Vec<_>>(), ["web-1", "web-2"]);
}
