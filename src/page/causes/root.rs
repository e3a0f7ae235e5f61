//! The root of a wait: the pod of a set that everything else hangs on, and that does not come up by itself.

use crate::ground::{Ground, controller, is_wrong, why_so};
use crate::{Instant, remedy};
use api::kind::Kind;
use api::object::pod::{ContainerState, READY};
use api::object::{Pod, StatefulSet};
use base::time::{Span, Time};
use why::log::Entry;
use why::{Reason, Verdict};

/// What takes no longer may end by itself: a program that starts, and an init container that works.
pub const ENDS_BY_ITSELF: Span = Span::seconds(20);

/// The pod that a set waits for in the end, where that is stuck.
pub fn root<'a>(shot: &Instant<'a>, set: &StatefulSet) -> Option<&'a Pod> {
    let links = shot.explain(&set.key()).links;
    let pods = links.iter().rev().map(|link| &link.about).filter(|about| about.kind == Kind::Pod);
    let own = pods.filter_map(|about| shot.tables.pod(&about.namespace, &about.name)).filter(|pod| pod.meta.is_controlled_by(set.meta.uid));
    own.map(|pod| &**pod).find(|pod| is_stuck(shot, pod))
}

/// What a set is stuck at.
pub enum Stuck<'a> {
    /// A pod that does not come up by itself.
    Pod(&'a Pod),
    /// What its controller asked for and was refused.
    Refused(&'a Entry),
}

impl<'a> Stuck<'a> {
    /// The pod.
    pub fn pod(&self) -> Option<&'a Pod> {
        match self {
            Stuck::Pod(pod) => Some(pod),
            Stuck::Refused(_) => None,
        }
    }
}

/// What a set is stuck at: the pod it waits for in the end, the first that does not come up, or a refusal.
pub fn stuck<'a>(shot: &Instant<'a>, set: &StatefulSet) -> Option<Stuck<'a>> {
    let first = || shot.pods_of(set).find(|pod| !pod.ready() && is_stuck(shot, pod));
    let refused = || controller(shot, set).filter(|entry| entry.decision.verdict == Verdict::Refused).map(Stuck::Refused);
    root(shot, set).or_else(first).map(Stuck::Pod).or_else(refused)
}

/// Whether a pod that is not Ready will not be by itself, as far as one can tell.
pub fn is_stuck(shot: &Instant, pod: &Pod) -> bool {
    let Some(ground) = why_so(shot, pod) else { return false };
    let lasts = |since: Time| shot.now.since(since) >= ENDS_BY_ITSELF;
    match (ground.reason(), &ground) {
        (Some(Reason::ProbeFails { .. } | Reason::NotReadyYet | Reason::InitContainerRuns { .. } | Reason::HookRuns { .. }), _) => {
            lasts(unchanged_since(pod))
        }
        (Some(Reason::Unschedulable { .. } | Reason::WaitsForVolumes { .. }), Ground::Entry(entry)) => match &entry.decision.blocked_by {
            Some(blocker) => lasts(entry.first) || !remedy::ways(shot, blocker).is_empty(),
            None => is_wrong(&ground),
        },
        (Some(Reason::WaitsForDetach { .. } | Reason::WaitsForUnmount { .. }), Ground::Entry(entry)) => lasts(entry.first),
        (Some(Reason::HeldByFinalizer { .. }), _) => true,
        _ => is_wrong(&ground),
    }
}

/// Since when a pod's containers are as they are: since the last of them started, or it ceased to be Ready.
fn unchanged_since(pod: &Pod) -> Time {
    let started = pod.status.init_containers.iter().chain(&pod.status.containers).filter_map(|container| match container.state {
        ContainerState::Running { started } => Some(started),
        ContainerState::Waiting { .. } | ContainerState::Terminated(_) => None,
    });
    let unready = pod.condition(READY).map(|condition| condition.since);
    started.chain(unready).max().unwrap_or(pod.meta.created)
}
