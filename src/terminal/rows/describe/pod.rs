//! What is a pod's own. Models k8s.io/kubectl/pkg/describe/describe.go describePod.

use crate::describe::layout::Page;
use api::view::{self, NONE, View, age, condition, is_terminating, text};
use base::value::Value;

/// `worker-1/172.18.0.2`.
pub(super) fn node_of_pod(pod: &Value) -> String {
    match text(pod, &["spec", "nodeName"]) {
        "" => NONE.to_owned(),
        node => format!("{node}/{}", text(pod, &["status", "hostIP"])),
    }
}

pub(super) fn phase(page: &mut Page, level: usize, title: &str, pod: &Value, view: &View) {
    let phase = text(pod, &["status", "phase"]);
    if is_terminating(pod) && !matches!(phase, "Succeeded" | "Failed") {
        let leaving = text(pod, &["metadata", "deletionTimestamp"]);
        page.field(level, title, format!("Terminating (lasts {})", age(view.now, leaving)));
        let grace = view::int(pod, &["metadata", "deletionGracePeriodSeconds"]);
        page.field(level, "Termination Grace Period", format!("{grace}s"));
    } else {
        page.field(level, title, phase);
    }
}

pub(super) fn addresses_of_pod(page: &mut Page, level: usize, title: &str, all: &Value) {
    let all = all.as_list().unwrap_or_default();
    page.line(level, format!("{title}:{}", if all.is_empty() { "\t<none>" } else { "" }));
    for ip in all {
        page.field(level + 1, "IP", text(ip, &["ip"]));
    }
}

pub(super) fn gates(page: &mut Page, level: usize, title: &str, pod: &Value, _: &View) {
    let status = |gate: &Value| condition(pod, text(gate, &["conditionType"])).map_or(NONE, |c| text(c, &["status"]));
    let gates = pod.list_at(&["spec", "readinessGates"]).iter();
    table(page, level, title, gates.map(|gate| (text(gate, &["conditionType"]), status(gate))));
}

pub(super) fn short_conditions(page: &mut Page, level: usize, title: &str, pod: &Value, _: &View) {
    let conditions = pod.list_at(&["status", "conditions"]).iter();
    table(page, level, title, conditions.map(|c| (text(c, &["type"]), text(c, &["status"]))));
}

/// Types and statuses, if there are any.
fn table<'a>(page: &mut Page, level: usize, title: &str, rows: impl Iterator<Item = (&'a str, &'a str)>) {
    for (i, (kind, status)) in rows.enumerate() {
        if i == 0 {
            page.line(level, format!("{title}:\n  Type\tStatus"));
        }
        page.line(level + 1, format!("{kind} \t{status} "));
    }
}
