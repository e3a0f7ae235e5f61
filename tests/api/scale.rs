//! The scale of an object.

use ordinal::api::scale::scale_of;
use ordinal::base::value::Value;

#[test]
fn a_scale_shows_what_there_is_and_what_is_wanted() {
    let mut set = Value::map();
    set.set(&["metadata", "name"], "web");
    set.set(&["spec", "replicas"], 3);
    set.set(&["status", "replicas"], 2);
    set.set(&["spec", "selector", "matchLabels", "app"], "nginx");
    let scale = scale_of(&set);
    assert_eq!((scale.int_at(&["spec", "replicas"]), scale.int_at(&["status", "replicas"])), (Some(3), Some(2)));
    assert_eq!(scale.text_at(&["status", "selector"]), Some("app=nginx"));
}
