//! The entries for a write to a pod.

use std::rc::Rc;

use serde::Serialize;

use super::objects::Subject;
use crate::json::Entry;
use api::object::Pod;
use api::object::pod::{Condition, ContainerState, DISRUPTION_TARGET, POD_SCHEDULED, READY, Truth};
use api::well_known::{CONTROLLER_REVISION_HASH, POD_INDEX};

/// What changed; everything for a new pod.
pub(super) fn entries(subject: &Subject, before: Option<&Rc<Pod>>, pod: &Pod) -> Vec<Entry> {
    let mut out = Vec::new();
    if before.is_none() {
        out.push(created(subject, pod));
    }
    if let Some(node) = &pod.node
        && before.is_none_or(|b| b.node.is_none())
    {
        out.push(subject.entry("bound").with("node", &**node));
    }
    let was = before.map(|b| b.status.phase).unwrap_or_default();
    if was != pod.status.phase {
        let entry = subject.entry("phase").with("phase", pod.status.phase.word()).with("was", was.word());
        out.push(entry.with_text("reason", &pod.status.reason));
    }
    let containers = Container::all(pod);
    if before.map(|b| Container::all(b)).unwrap_or_default() != containers {
        out.push(subject.entry("containers").with("containers", containers));
    }
    for condition in pod.status.conditions.iter().filter(|c| told(c)) {
        let same = |old: &Condition| old.status == condition.status && old.reason == condition.reason && old.message == condition.message;
        if !before.and_then(|b| b.condition(&condition.kind)).is_some_and(same) {
            let entry = subject.entry("condition").with("type", &*condition.kind).with("status", condition.status.word());
            let message = subject.names.text(&condition.message);
            out.push(entry.with_text("reason", &condition.reason).with_text("message", &message));
        }
    }
    if let Some(before) = before
        && image(before) != image(pod)
    {
        out.push(subject.entry("image").with("image", image(pod)));
    }
    out
}

/// Whether this condition is traced.
fn told(c: &Condition) -> bool {
    c.kind == READY || c.kind == DISRUPTION_TARGET || c.kind == POD_SCHEDULED && c.status == Truth::False
}

fn created(subject: &Subject, pod: &Pod) -> Entry {
    // Those that a pod names; ephemeral volumes name none.
    let claims: Vec<&str> = pod.claim_volumes().filter(|c| !c.ephemeral).map(|c| &*c.claim).collect();
    let label = |key: &str| pod.meta.label(key).map_or("", |l| &**l);
    subject
        .created(&pod.meta)
        .with_some("image", image(pod))
        .with_text("hostname", &pod.spec.hostname)
        .with_text("subdomain", &pod.spec.subdomain)
        .with_text("revision", &subject.names.name(label(CONTROLLER_REVISION_HASH)))
        .with_text("index", label(POD_INDEX))
        .with_list("claims", &claims)
}

fn image(pod: &Pod) -> Option<&str> {
    pod.spec.template.containers.first().map(|c| &*c.image)
}

/// A container as in a trace.
#[derive(PartialEq, Eq, Serialize)]
struct Container<'a> {
    name: &'a str,
    state: String,
    ready: bool,
    restarts: i64,
}

impl<'a> Container<'a> {
    fn all(pod: &'a Pod) -> Vec<Self> {
        let show = |c: &'a api::object::pod::ContainerStatus| Container {
            name: &c.name,
            state: state(&c.state),
            ready: c.ready,
            restarts: c.restarts,
        };
        pod.status.containers.iter().map(show).collect()
    }
}

/// `waiting:CrashLoopBackOff`, `running`, `terminated:Error:1`.
fn state(state: &ContainerState) -> String {
    match state {
        ContainerState::Waiting { reason, .. } => format!("waiting:{reason}"),
        ContainerState::Running { .. } => "running".into(),
        ContainerState::Terminated(t) => format!("terminated:{}:{}", t.reason, t.exit_code),
    }
}
