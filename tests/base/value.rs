//! Values: JSON, maps in their order, paths.

use ordinal::base::value::{Map, Value};
use std::rc::Rc;

#[test]
fn json_is_written_as_go_writes_it() {
    let v = Value::of([("b", Value::from("a<b>&\"\n")), ("a", Value::list([1, 2]))]);
    assert_eq!(v.to_json(), r#"{"a":[1,2],"b":"a\u003cb\u003e\u0026\"\n"}"#);
}

#[test]
fn a_map_as_written_keeps_its_order_and_finds_every_key() {
    let keys: Vec<Rc<str>> = (10..40).rev().map(|n| format!("k{n}").into()).collect();
    let mut map = Map::as_written(keys.iter().zip(&[const { Value::Int(1) }; 30]));
    assert!(map.iter().map(|(key, _)| key).eq(&keys));
    assert!(keys.iter().all(|key| map.get(key) == Some(&Value::Int(1)) && map.contains(key)));
    assert_eq!((map.insert("k39", 2), map.insert("a", 3), map.get_mut("k39")), (Some(Value::Int(1)), None, Some(&mut Value::Int(2))));
    assert_eq!((map.remove("k10"), map.len(), map.iter().next_back()), (Some(Value::Int(1)), 30, Some((&"a".into(), &Value::Int(3)))));
}

#[test]
fn paths_are_set_and_removed_without_touching_a_clone() {
    let mut v = Value::map();
    v.set(&["spec", "replicas"], 3);
    let before = v.clone();
    assert_eq!(v.remove(&["spec", "replicas"]), Some(Value::Int(3)));
    assert_eq!(v.remove(&["spec", "nothing"]), None);
    assert_eq!(before.int_at(&["spec", "replicas"]), Some(3));
}
