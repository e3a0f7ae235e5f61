//! What quotas count, in a terminal of the playground.

use crate::by_hand::typed;

/// A line that makes a pod with these fields of a spec.
fn pod(name: &str, spec: &str) -> String {
    format!(
        "echo '{{apiVersion: v1, kind: Pod, metadata: {{name: {name}}}, spec: {{{spec} containers: [{{name: a, image: nginx}}]}}}}' | kubectl apply -f -"
    )
}

#[test]
fn a_pod_that_has_ended_still_counts_among_those_that_are_stored() {
    let said = typed(&[
        "kubectl create quota q --hard=count/pods=1,pods=1",
        "kubectl run a --image=busybox --restart=Never -- sh -c 'exit 0'",
        "kubectl wait pod a --for=jsonpath='{.status.phase}'=Succeeded",
        "sleep 30",
        "kubectl get quota q -o jsonpath='{.status.used}{\"\\n\"}'",
        "kubectl run b --image=nginx",
        "kubectl delete pod a",
        "kubectl run b --image=nginx",
    ]);
    assert_eq!(
        said[4..],
        [
            "{\"count/pods\":\"1\",\"pods\":\"0\"}",
            "Error from server (Forbidden): pods \"b\" is forbidden: exceeded quota: q, requested: count/pods=1, used: count/pods=1, \
             limited: count/pods=1",
            "pod \"a\" deleted from default namespace",
            "pod/b created",
        ]
    );
}
