//! Pods. Models k8s.io/kubectl/pkg/describe/describe.go describePod.

use crate::describe::common::{controlled_by, head, labels, labels_and_annotations, resources};
use crate::describe::containers::{ListContext, containers, tolerations, topology_spread};
use crate::describe::layout::Page;
use crate::describe::view::View;
use crate::describe::volumes::volumes;
use crate::view::{self, NONE, age, condition, is_terminating, long_date, map_at, scalar, text};
use base::value::Value;

/// Describes a pod, up to its events.
pub fn pod(page: &mut Page, pod: &Value, view: &View) {
    let spec = pod.get("spec").cloned().unwrap_or_default();
    let status = pod.get("status").cloned().unwrap_or_default();
    let optional = |page: &mut Page, label: &str, value: Option<&Value>| {
        page.field_some(0, label, value.map(scalar).filter(|v| !v.is_empty()));
    };
    head(page, pod);
    optional(page, "Priority", spec.get("priority"));
    optional(page, "Priority Class Name", spec.get("priorityClassName"));
    optional(page, "Runtime Class Name", spec.get("runtimeClassName"));
    optional(page, "Service Account", spec.get("serviceAccountName"));
    match text(&spec, &["nodeName"]) {
        "" => page.field(0, "Node", NONE),
        node => page.field(0, "Node", format!("{node}/{}", text(&status, &["hostIP"]))),
    }
    page.field_some(0, "Start Time", status.text_at(&["startTime"]).map(long_date));
    labels_and_annotations(page, pod);
    phase(page, pod, view);
    optional(page, "Reason", status.get("reason"));
    optional(page, "Message", status.get("message"));
    optional(page, "SeccompProfile", spec.at(&["securityContext", "seccompProfile", "type"]));
    addresses(page, &status);
    controlled_by(page, pod);
    optional(page, "NominatedNodeName", status.get("nominatedNodeName"));
    if let Some(all) = spec.get("resources") {
        page.line(0, "Resources:");
        resources(page, 1, "Limits", map_at(all, &["limits"]));
        resources(page, 1, "Requests", map_at(all, &["requests"]));
    }
    for (title, field, states) in [
        ("Init Containers", "initContainers", "initContainerStatuses"),
        ("Containers", "containers", "containerStatuses"),
        ("Ephemeral Containers", "ephemeralContainers", "ephemeralContainerStatuses"),
    ] {
        let all = spec.list_at(&[field]);
        if field == "containers" || !all.is_empty() {
            containers(page, "", title, all, &ListContext { release: view.release, statuses: status.list_at(&[states]), pod: Some(pod) });
        }
    }
    gates_and_conditions(page, pod);
    volumes(page, "", spec.list_at(&["volumes"]));
    page.field(0, "QoS Class", text(&status, &["qosClass"]));
    labels(page, "", "Node-Selectors", map_at(&spec, &["nodeSelector"]));
    tolerations(page, "", &spec);
    topology_spread(page, "", &spec);
}

fn phase(page: &mut Page, pod: &Value, view: &View) {
    let phase = text(pod, &["status", "phase"]);
    if is_terminating(pod) && !matches!(phase, "Succeeded" | "Failed") {
        let leaving = text(pod, &["metadata", "deletionTimestamp"]);
        page.field(0, "Status", format!("Terminating (lasts {})", age(view.now, leaving)));
        let grace = view::int(pod, &["metadata", "deletionGracePeriodSeconds"]);
        page.field(0, "Termination Grace Period", format!("{grace}s"));
    } else {
        page.field(0, "Status", phase);
    }
}

fn addresses(page: &mut Page, status: &Value) {
    page.field(0, "IP", text(status, &["podIP"]));
    let all = status.list_at(&["podIPs"]);
    if all.is_empty() {
        page.field(0, "IPs", NONE);
        return;
    }
    page.line(0, "IPs:");
    for ip in all {
        page.field(1, "IP", text(ip, &["ip"]));
    }
}

fn gates_and_conditions(page: &mut Page, pod: &Value) {
    let gates = pod.list_at(&["spec", "readinessGates"]);
    if !gates.is_empty() {
        page.line(0, "Readiness Gates:\n  Type\tStatus");
        for gate in gates {
            let kind = text(gate, &["conditionType"]);
            let status = condition(pod, kind).map_or(NONE, |c| text(c, &["status"]));
            page.line(1, format!("{kind} \t{status} "));
        }
    }
    let conditions = pod.list_at(&["status", "conditions"]);
    if !conditions.is_empty() {
        page.line(0, "Conditions:\n  Type\tStatus");
        for c in conditions {
            page.line(1, format!("{} \t{} ", text(c, &["type"]), text(c, &["status"])));
        }
    }
}
