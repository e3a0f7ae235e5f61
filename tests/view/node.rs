//! Nodes: what is true of a machine, and what the API server believes.

use ordinal::base::time::Span;
use ordinal::playground::{EXAMPLE, Playground, setup};
use ordinal::text::Lang;
use ordinal::view::node::{Sight, rows};
use ordinal::view::{Snapshot, cluster};

use crate::view::example::web_name;

/// The row of a node: its sight, word and lines; with the header of the set.
fn seen(playground: &Playground, node: &str) -> (Sight, String, String, String) {
    let shot = Snapshot::of(playground.sim(), Lang::English);
    let row = rows(&shot).into_iter().find(|row| row.name == node).expect("a row");
    let ready = cluster::project(&shot, Some(&web_name())).object.expect("a set").ready;
    (row.sight, row.word, row.lines.join("; "), ready)
}

#[test]
fn a_machine_is_dark_at_once_and_silent_once_the_api_server_knows() {
    for (verb, word) in [("stop", "off"), ("cut", "cut off")] {
        let mut playground = Playground::new(&setup(), EXAMPLE);
        let say = |playground: &mut Playground, line: &str, seconds: u64| {
            playground.type_line(line, Lang::English);
            playground.run(playground.now() + Span::seconds(seconds), || true);
        };
        say(&mut playground, "kubectl apply -f manifest.yaml", 60);
        let node = playground.tables().pod("default", "web-1").and_then(|pod| pod.node.clone()).expect("a node");
        assert_eq!(seen(&playground, &node).0, Sight::Seen);
        say(&mut playground, &format!("playground {verb} node {node}"), 10);
        let dark = (Sight::Dark, word.to_owned(), "API server unaware, 10s".to_owned(), "3 of 3 Ready, 1 out of sight".to_owned());
        assert_eq!(seen(&playground, &node), dark);
        let shot = Snapshot::of(playground.sim(), Lang::English);
        let tile = cluster::project(&shot, Some(&web_name()));
        let spoken = tile.pods.values().find(|tile| tile.label == "web-1").map(|tile| tile.spoken.clone()).unwrap_or_default();
        assert!(spoken.contains("Ready") && spoken.contains("out of sight"), "{spoken}");
        say(&mut playground, "true", 60);
        let (sight, word, _, ready) = seen(&playground, &node);
        assert_eq!((sight, word.as_str(), ready.as_str()), (Sight::Silent, "NotReady", "2 of 3 Ready"));
        say(&mut playground, &format!("playground start node {node}"), 30);
        assert_eq!(seen(&playground, &node).0, Sight::Seen);
    }
}
