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

#[test]
fn what_is_used_is_described_in_the_notation_of_what_is_allowed() {
    let said = typed(&[
        "kubectl create quota q --hard=requests.memory=1Gi,requests.cpu=2,requests.storage=10G",
        "echo '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: nginx, resources: {requests: \
         {cpu: 100m, memory: 257949696}}}]}}' | kubectl apply -f -",
        "sleep 5",
        "kubectl describe quota q | grep requests | awk '{print $1, $2, $3}'",
    ]);
    assert_eq!(said[3], "requests.cpu 100m 2\nrequests.memory 246Mi 1Gi\nrequests.storage 0 10G");
}

#[test]
fn a_quota_with_scopes_is_for_the_pods_of_these_scopes() {
    let class = "echo '{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: CLASS}, value: 10}' | kubectl apply -f -";
    let scoped = |selector: &str| {
        format!(
            "echo '{{apiVersion: v1, kind: ResourceQuota, metadata: {{name: q}}, spec: {{hard: {{pods: 0}}, {selector}}}}}' | kubectl apply -f -"
        )
    };
    let priority =
        |operator: &str| scoped(&format!("scopeSelector: {{matchExpressions: [{{scopeName: PriorityClass, operator: {operator}}}]}}"));
    let pods = [
        pod("high", "priorityClassName: high,"),
        pod("low", "priorityClassName: low,"),
        pod("none", ""),
        pod("brief", "activeDeadlineSeconds: 60,"),
    ];
    for (quota, refused) in [
        (priority("In, values: [high]"), &["high"][..]),
        (priority("NotIn, values: [high]"), &["low", "none", "brief"]),
        (priority("Exists"), &["high", "low"]),
        (priority("DoesNotExist"), &["none", "brief"]),
        (scoped("scopeSelector: {matchExpressions: [{scopeName: Terminating, operator: Exists}]}"), &["brief"]),
        (
            scoped("scopes: [NotTerminating], scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: Exists}]}"),
            &["high", "low"],
        ),
        (scoped("scopes: [BestEffort]"), &["high", "low", "none", "brief"]),
        (scoped("scopes: [NotBestEffort]"), &[]),
    ] {
        let mut lines = vec![class.replace("CLASS", "high"), class.replace("CLASS", "low"), quota.clone()];
        lines.extend(pods.clone());
        let said = typed(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        let answers = ["high", "low", "none", "brief"].into_iter().zip(&said[3..]);
        let denied: Vec<&str> = answers.filter(|(_, said)| said.contains("exceeded quota: q")).map(|(name, _)| name).collect();
        assert_eq!(denied, refused, "{quota}\n{said:?}");
    }
}
