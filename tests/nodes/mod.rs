//! What happens to pods when nodes become unreachable, lose power, come back or are removed, and who may evict them.

mod lag;
mod story;
mod volumes;

use story::tell;

/// Plays a story and compares its report.
fn check(lines: &str, want: &[&str]) {
    let told = tell(lines);
    assert_eq!(told.lines().collect::<Vec<_>>(), want, "\n{lines}\n{told}");
}

#[test]
fn a_healthy_cluster_has_nothing_ahead() {
    check("wait 60; quiet; pods; running", &["quiet", "web-0@1 ready, web-1@2 ready, web-2@3 ready", "1: web-0; 2: web-1; 3: web-2"]);
}

#[test]
fn a_pod_of_a_silent_node_is_unready_then_leaving_and_stays_so() {
    check(
        "cut node-2; wait 7; nodes; wait 3; nodes; pods; wait 6; pods; wait 300; pods; running; quiet",
        &[
            "1 True [], 2 True [], 3 True []",
            "1 True [], 2 Unknown [unreachable:NoSchedule unreachable:NoExecute], 3 True []",
            "web-0@1 ready, web-1@2 unready, web-2@3 ready",
            "web-0@1 ready, web-1@2 unready leaving, web-2@3 ready",
            "web-0@1 ready, web-1@2 unready leaving, web-2@3 ready",
            "1: web-0; 2: web-1; 3: web-2",
            "quiet",
        ],
    );
}

#[test]
fn a_node_that_was_cut_off_for_a_short_time_goes_on_as_if_nothing_had_been() {
    check(
        "cut node-2; wait 12; pods; heal node-2; wait 3; pods; nodes; said TaintManagerEviction; said NodeNotReady; quiet",
        &[
            "web-0@1 ready, web-1@2 unready, web-2@3 ready",
            "web-0@1 ready, web-1@2 ready, web-2@3 ready",
            "1 True [], 2 True [], 3 True []",
            "Normal x1: Cancelling deletion of Pod default/web-1",
            "Normal x1: Node node-2 status is now: NodeNotReady",
            "Warning x1: Node is not ready",
            "quiet",
        ],
    );
}

#[test]
fn the_kubelet_that_comes_back_ends_what_was_deleted_meanwhile() {
    check(
        "cut node-2; wait 17; pods; running; heal node-2; wait 3; pods; running; nodes",
        &[
            "web-0@1 ready, web-1@2 unready leaving, web-2@3 ready",
            "1: web-0; 2: web-1; 3: web-2",
            "web-0@1 ready, web-1@2 ready, web-2@3 ready",
            "1: web-0; 2: web-1; 3: web-2",
            "1 True [], 2 True [], 3 True []",
        ],
    );
}

#[test]
fn a_pod_deleted_by_force_runs_twice_until_its_node_comes_back() {
    check(
        "cut node-2; wait 12; force web-1; wait 5; pods; running; heal node-2; wait 2; running",
        &["web-0@1 ready, web-1@3 ready, web-2@3 ready", "1: web-0; 2: web-1; 3: web-1 web-2", "1: web-0; 2: ; 3: web-1 web-2"],
    );
    check(
        "workstation; cut node-2; wait 62; force web-1; wait 5; said Killing; heal node-2; wait 1; said Killing",
        &["", "Normal x1: Stopping container nginx"],
    );
}

#[test]
fn a_pod_deleted_by_force_on_a_healthy_node_is_still_told_to_end() {
    check(
        "workstation; force web-1; blink; pods; running; wait 6; pods; running",
        &[
            "web-0@1 ready, web-1@2 unready, web-2@3 ready",
            "1: web-0; 2: web-1; 3: web-2",
            "web-0@1 ready, web-1@2 ready, web-2@3 ready",
            "1: web-0; 2: web-1; 3: web-2",
        ],
    );
}

#[test]
fn a_reboot_restarts_containers_in_place() {
    check(
        "off node-2; running; wait 2; pods; on node-2; wait 2; pods; said Rebooted; running",
        &[
            "1: web-0; 2: ; 3: web-2",
            "web-0@1 ready, web-1@2 ready, web-2@3 ready",
            "web-0@1 ready, web-1@2 ready x1, web-2@3 ready",
            "",
            "1: web-0; 2: web-1; 3: web-2",
        ],
    );
    check(
        "workstation; off node-2; wait 2; on node-2; wait 5; said Rebooted; said SandboxChanged",
        &[
            "Warning x1: Node node-2 has been rebooted, boot id: 5c9529d2-1328-47a8-a970-95a015094c88",
            "Normal x1: Pod sandbox changed, it will be killed and re-created.",
        ],
    );
    check("reboot node-2; wait 2; pods", &["web-0@1 ready, web-1@2 ready x1, web-2@3 ready"]);
}

#[test]
fn a_kubelet_says_what_becomes_of_its_node_with_its_next_status() {
    check(
        "workstation; kubelets; cordon node-2; wait 9; kubelets; wait 1; said NodeNotSchedulable; uncordon node-2; wait 10; said NodeSchedulable",
        &["", "", "Normal x1: Node node-2 status is now: NodeNotSchedulable", "Normal x1: Node node-2 status is now: NodeSchedulable"],
    );
    check(
        "workstation; cut node-2; wait 62; heal node-2; wait 7; nodes; kubelets; wait 7; nodes; kubelets; said NodeReady; wait 60; quiet",
        &[
            "1 True [], 2 Unknown [unreachable:NoSchedule unreachable:NoExecute], 3 True []",
            "",
            "1 True [], 2 True [], 3 True []",
            "NodeHasNoDiskPressure x1, NodeHasSufficientMemory x1, NodeHasSufficientPID x1, NodeReady x1",
            "Normal x1: Node node-2 status is now: NodeReady",
            "quiet",
        ],
    );
    check(
        "workstation; cordon node-2; off node-2; wait 2; on node-2; wait 15; kubelets",
        &["NodeAllocatableEnforced x1, NodeHasNoDiskPressure x1, NodeHasSufficientMemory x1, NodeHasSufficientPID x1, \
           NodeNotSchedulable x1, Rebooted x1, Starting x1"],
    );
    check(
        "workstation; add; wait 3; kubelets; said NodeAllocatableEnforced",
        &[
            "NodeAllocatableEnforced x1, NodeHasNoDiskPressure x2, NodeHasSufficientMemory x2, NodeHasSufficientPID x2, NodeReady x1, Starting x1",
            "Normal x1: Updated Node Allocatable limit across pods",
        ],
    );
}

#[test]
fn a_node_that_lost_its_power_finishes_deletions_when_it_is_switched_on() {
    check(
        "off node-2; wait 17; pods; on node-2; wait 2; pods; running",
        &[
            "web-0@1 ready, web-1@2 unready leaving, web-2@3 ready",
            "web-0@1 ready, web-1@2 ready, web-2@3 ready",
            "1: web-0; 2: web-1; 3: web-2",
        ],
    );
}

#[test]
fn nothing_is_evicted_while_no_node_is_heard_of() {
    check(
        "cut node-1; cut node-2; cut node-3; wait 60; nodes; pods; heal node-1; wait 3; nodes; wait 30; nodes; pods",
        &[
            "1 Unknown [unreachable:NoSchedule], 2 Unknown [unreachable:NoSchedule], 3 Unknown [unreachable:NoSchedule]",
            "web-0@1 unready, web-1@2 unready, web-2@3 unready",
            "1 True [], 2 Unknown [unreachable:NoSchedule], 3 Unknown [unreachable:NoSchedule]",
            "1 True [], 2 Unknown [unreachable:NoSchedule unreachable:NoExecute], 3 Unknown [unreachable:NoSchedule unreachable:NoExecute]",
            "web-0@1 ready, web-1@2 unready leaving, web-2@3 unready leaving",
        ],
    );
}

#[test]
fn a_node_that_is_exempt_does_not_count_among_those_heard_of() {
    check(
        "exempt node-1; cut node-2; cut node-3; wait 60; nodes; pods",
        &[
            "1 True [], 2 Unknown [unreachable:NoSchedule], 3 Unknown [unreachable:NoSchedule]",
            "web-0@1 ready, web-1@2 unready, web-2@3 unready",
        ],
    );
}

#[test]
fn a_deleted_node_takes_its_pods_along_after_a_time_of_grace() {
    check(
        "delete-node node-2; wait 30; pods; running; wait 60; pods; running; nodes; heal node-2; wait 3; nodes",
        &[
            "web-0@1 ready, web-1@2 ready, web-2@3 ready",
            "1: web-0; 2: web-1; 3: web-2",
            "web-0@1 ready, web-1@3 ready, web-2@3 ready",
            "1: web-0; 2: ; 3: web-1 web-2",
            "1 True [], 3 True []",
            "1 True [], 2 True [], 3 True []",
        ],
    );
}

#[test]
fn an_eviction_outlives_its_node_and_keeps_its_reason() {
    check(
        "cut node-2; wait 10; evictions; delete-node node-2; wait 6; evictions; pods",
        &["", "web-1 for unreachable:NoExecute", "web-0@1 ready, web-1@2 unready leaving, web-2@3 ready"],
    );
}

#[test]
fn a_cordoned_node_is_tainted() {
    check(
        "cordon node-2; wait 1; nodes; pods",
        &["1 True [], 2 True [unschedulable:NoSchedule], 3 True []", "web-0@1 ready, web-1@2 ready, web-2@3 ready"],
    );
}

#[test]
fn an_eviction_asks_the_budget() {
    check("evict web-1 dry; evict web-1; wait 3; pods", &["granted", "granted", "web-0@1 ready, web-1@2 ready, web-2@3 ready"]);
    check(
        "budget a minAvailable: 3; wait 1; evict web-1; evict web-1 dry; pods",
        &[
            "429 Cannot evict pod as it would violate the pod's disruption budget.",
            "429 Cannot evict pod as it would violate the pod's disruption budget.",
            "web-0@1 ready, web-1@2 ready, web-2@3 ready",
        ],
    );
    check(
        "budget a maxUnavailable: 1; evict web-1; wait 1; evict web-1 dry; evict web-1; evict web-2; wait 3; evict web-2",
        &[
            "429 Cannot evict pod as it would violate the pod's disruption budget.",
            "granted",
            "granted",
            "429 Cannot evict pod as it would violate the pod's disruption budget.",
            "granted",
        ],
    );
    check(
        "budget a maxUnavailable: 0; wait 1; patch-budget a maxUnavailable: 1; evict web-1; wait 1; evict web-1",
        &["429 Cannot evict pod as it would violate the pod's disruption budget.", "granted"],
    );
    check(
        "budget a minAvailable: 1; budget b minAvailable: 1; wait 1; evict web-1",
        &["500 This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."],
    );
}

#[test]
fn an_unhealthy_pod_may_go_where_the_budget_is_kept_or_says_so() {
    check(
        "unready web-1; budget a minAvailable: 3; wait 1; evict web-1",
        &["429 Cannot evict pod as it would violate the pod's disruption budget."],
    );
    check(
        "unready web-1; budget a minAvailable: 2; wait 1; evict web-1; evict web-0",
        &["granted", "429 Cannot evict pod as it would violate the pod's disruption budget."],
    );
    check(
        "unready web-1; budget a minAvailable: 3, unhealthyPodEvictionPolicy: AlwaysAllow; wait 1; evict web-1; evict web-0",
        &["granted", "429 Cannot evict pod as it would violate the pod's disruption budget."],
    );
}

#[test]
fn a_budget_does_not_hear_of_a_pod_that_its_selector_loses() {
    let said = "3 of 3 healthy, 1 may go";
    check("budget a minAvailable: 2; wait 1; budget-says a; relabel web-1; wait 60; budget-says a", &[said, said]);
    // Its counts are updated when one of its pods changes.
    check("budget a minAvailable: 2; wait 1; relabel web-1; wait 1; unready web-2; wait 1; budget-says a", &["1 of 2 healthy, 0 may go"]);
}

#[test]
fn a_namespace_goes_pods_first_and_takes_what_is_in_it() {
    check(
        "shop; wait 10; delete-namespace shop; wait 1; left shop; create-in shop; wait 5; left shop; wait 30; left shop",
        &[
            "shop: Pod ConfigMap ServiceAccount StatefulSet ControllerRevision",
            "403 configmaps \"late\" is forbidden: unable to create new content in namespace shop because it is being terminated",
            "shop: ConfigMap ServiceAccount StatefulSet ControllerRevision",
            "there is no shop",
        ],
    );
    check("delete-namespace default", &["403 namespaces \"default\" is forbidden: this namespace may not be deleted"]);
}
