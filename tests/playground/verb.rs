//! How a line is called in the timeline.

use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::playground::label::label;

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
        ("sleep 5; kubectl delete pod web-0", "delete pod web-0"),
        ("kubectl get pods && kubectl scale sts web --replicas=2", "scale sts web"),
        ("kubectl delete pod web-0; kubectl get pods", "delete pod web-0"),
        ("kubectl get pod web-0 -o yaml | kubectl replace -f -", "replace"),
        ("kubectl get pods -o name | xargs kubectl delete", "delete"),
        ("kubectl get pods | grep web", "get pods"),
        ("for n in 1 2; do kubectl delete pod web-$n; done", "delete pod"),
        ("echo 'a; kubectl delete pod web-0'", "echo"),
        ("cat <<EOF | kubectl apply -f -\na: b; c | d\nkubectl delete x\nEOF", "apply"),
        ("kubectl apply -f - <<EOF\na: b; c | d\nkubectl delete x\nEOF", "apply"),
        ("playground stop node $(kubectl get pod web-0 -o name)", "stop node"),
        ("kubectl delete pod \"$(kubectl get pods -o name | head -n 1)\"", "delete pod"),
        ("kubectl delete pod `kubectl get pods -o name`", "delete pod"),
    ] {
        assert_eq!(label(line, &[]), told, "{line}");
    }
}

#[test]
fn what_a_shell_put_in_is_named_by_the_object_that_came_of_it() {
    let node = |name: &str| ObjectKey::new(Kind::Node, &"".into(), &name.into());
    for line in ["playground stop node $(kubectl get pod web-0 -o jsonpath={.spec.nodeName})", "n=node-1; playground stop node \"$n\""] {
        assert_eq!(label(line, &[node("node-1")]), "stop node node-1", "{line}");
        assert_eq!(label(line, &[node("node-1"), node("node-2")]), "stop node", "{line}");
    }
    assert_eq!(label("kubectl drain node-1", &[node("node-2")]), "drain node-1");
}
