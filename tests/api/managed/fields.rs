//! Sets of fields, and their paths as words.

use ordinal::api::managed::fields::{difference, intersection, of, outside, paths, union};
use ordinal::base::value::{Map, Value};

fn set(paths: &[&[&str]]) -> Map {
    paths.iter().fold(Map::new(), |all, path| union(&all, &of(path)))
}

#[test]
fn a_parent_and_its_children_are_in_a_set_each_for_itself() {
    let both = set(&[&["a"], &["a", "b"]]);
    assert_eq!(Value::from(both.clone()).to_json(), r#"{"f:a":{".":{},"f:b":{}}}"#);
    assert_eq!(difference(&both, &of(&["a"])), of(&["a", "b"]));
    assert_eq!(difference(&both, &of(&["a", "b"])), of(&["a"]));
    assert_eq!(difference(&of(&["a", "b"]), &of(&["a"])), of(&["a", "b"]));
    assert_eq!(outside(&of(&["a", "b"]), &of(&["a"])), Map::new());
    assert_eq!(outside(&both, &of(&["a", "b"])), of(&["a"]));
    assert_eq!(intersection(&both, &of(&["a"])), of(&["a"]));
    assert_eq!(intersection(&both, &of(&["a", "c"])), Map::new());
    assert_eq!(union(&of(&["a", "b"]), &of(&["a"])), both);
}

#[test]
fn paths_read_as_conflicts_show_them() {
    let mut ports = Map::new();
    for port in [443, 80] {
        ports.insert(format!(r#"k:{{"containerPort":{port},"protocol":"T,C\"P"}}"#), of(&["name"]));
    }
    ports.insert(r#"v:"a""#, Map::new());
    let mut all = of(&["x"]);
    all.insert("f:ports", ports);
    assert_eq!(
        paths(&all),
        [
            ".x",
            r#".ports[="a"]"#,
            r#".ports[containerPort=80,protocol="T,C\"P"].name"#,
            r#".ports[containerPort=443,protocol="T,C\"P"].name"#,
        ]
    );
}
