//! How a line is called in the timeline.

use ordinal::playground::verb::label;

#[test]
fn a_label_is_a_verb_and_its_object() {
    for (line, told) in [
        ("kubectl scale statefulset web --replicas=4", "scale statefulset web"),
        ("k -n shop delete pod web-0", "delete pod web-0"),
        ("kubectl --namespace=shop -v8 delete pod web-0", "delete pod web-0"),
        ("playground cut node node-2", "cut node node-2"),
        ("curl localhost:8080", "curl localhost:8080"),
        ("sleep 5", "sleep 5"),
        ("kubectl -n", ""),
    ] {
        assert_eq!(label(line), told, "{line}");
    }
}
