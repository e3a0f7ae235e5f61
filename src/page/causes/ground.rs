//! What is behind a state or an absence: a decision in the log, what the object itself shows, or a rule.

use std::rc::Rc;

use crate::pod::{PodState, pod_word};
use crate::{Instant, MAX_ORDINALS, rollout};
use api::kind::Kind;
use api::object::pod::{
    CRASH_LOOP_BACK_OFF, ContainerState, ContainerStatus, DEADLINE_EXCEEDED, ERR_IMAGE_PULL, IMAGE_PULL_BACK_OFF, START_ERROR, Terminated,
    Truth,
};
use api::object::storage::ClaimPhase;
use api::object::{Name, Pod, StatefulSet};
use cluster::inside::cause_of;
use server::tables::Tables;
use text::diagnose::Told;
use text::why::{Because, Case, Explanation, Standing, Unwanted};
use why::explain::Link;
use why::log::Entry;
use why::{Component, Reason, Trouble, Verdict};

/// What stands behind an absence or a state.
pub enum Ground<'a> {
    /// A decision of the log.
    Entry(&'a Entry),
    /// What the object itself shows.
    Shown(Reason),
    /// It is to go, and its node is silent.
    Stranded(Name, Reason),
    /// It was to leave its node, a budget refused, and nobody asks any more.
    NoLongerEvicted(Name, Name),
    /// The set does not want the ordinal.
    NotWanted(Unwanted),
    /// It asks for a scheduler that is not there.
    NobodySchedules(Name),
}

impl Ground<'_> {
    /// The ground as the tables of sentences take it.
    pub fn because(&self) -> Because<'_> {
        match self {
            Ground::Entry(entry) => Because::Decided(&entry.decision.because),
            Ground::Shown(reason) => Because::Decided(reason),
            Ground::Stranded(node, _) => Because::Stranded { node },
            Ground::NoLongerEvicted(node, budget) => Because::NoLongerEvicted { node, budget },
            Ground::NotWanted(by) => Because::NotWanted(by),
            Ground::NobodySchedules(scheduler) => Because::NobodySchedules { scheduler },
        }
    }

    /// The reason, where the ground is one.
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Ground::Entry(entry) => Some(&entry.decision.because),
            Ground::Shown(reason) | Ground::Stranded(_, reason) => Some(reason),
            Ground::NoLongerEvicted(..) | Ground::NotWanted(_) | Ground::NobodySchedules(_) => None,
        }
    }
}

/// Whether something is wrong, as whoever found it says; and not only unfinished.
pub fn is_wrong(ground: &Ground) -> bool {
    matches!(ground, Ground::NobodySchedules(_)) || ground.reason().is_some_and(|reason| reason.rule().trouble.is_some())
}

/// Tells of something that exists, in the words of the instant's language. `set` is the name of its set, or empty.
pub fn tell(shot: &Instant, set: &str, subject: &str, because: Because) -> Explanation {
    shot.text().why.tell(&Case { subject, standing: Standing::Exists, set, because })
}

/// What is to be told of a link of a chain: of a pod what it shows, of anything else what was decided about it.
pub fn of_link(shot: &Instant, link: &Link) -> Told {
    let about = &link.about;
    let set = if about.kind == Kind::StatefulSet { shot.set(&about.namespace, &about.name) } else { shot.set_of(about) };
    let pod = if about.kind == Kind::Pod { shot.tables.pod(&about.namespace, &about.name) } else { None };
    let ground = pod.and_then(|pod| why_so(shot, pod));
    let decided = || link.entry.as_ref().map_or(Because::NotLookedAt, |entry| Because::Decided(&entry.decision.because));
    let absent = set.filter(|_| about.kind == Kind::Pod && pod.is_none());
    let standing = absent.map_or(Standing::Exists, |set| standing(shot, set, &about.name));
    let because = ground.as_ref().map_or_else(decided, Ground::because);
    let set = set.map_or("", |set| &set.meta.name);
    shot.text().why.row(&Case { subject: &about.name, standing, set, because })
}

/// Tells of one of a set's pods, or of the set. A wait for a pod that is trapped on an old revision ends as that pod's own does.
pub fn tell_in(shot: &Instant, set: &StatefulSet, subject: &str, standing: Standing, because: Because) -> Explanation {
    let because = if matches!(because, Because::Decided(Reason::UpToDate)) && is_unseen(shot, set) { Because::NotSeen } else { because };
    let told = shot.text().why.tell(&Case { subject, standing, set: &set.meta.name, because });
    let (Because::Decided(reason) | Because::Keeps { by: reason, .. }) = because else { return told };
    if moved_on(shot, set, reason) {
        let ask = shot.text().ask;
        let [paragraph, brief, ends_when] = [ask.moved_on(), ask.moved_on_brief(), ask.moved_on_ends()].map(str::to_owned);
        return Explanation { brief, paragraph, ends_when, ..told };
    }
    let ask = &shot.text().ask;
    if *reason == Reason::UpToDate {
        return Explanation { paragraph: ask.all_newest(set.spec.replicas), ..told };
    }
    let Reason::WaitsForPodToBeReady { ordinal } = reason else { return told };
    let told = if absent(shot, set).next().is_none() {
        Explanation { paragraph: ask.waits_for_last(&set.pod_name(*ordinal)), ..told }
    } else {
        told
    };
    let waited_for = shot.tables.pod(&set.meta.namespace, &set.pod_name(*ordinal)).filter(|pod| rollout::is_trapped(shot, set, pod));
    let ground = waited_for.and_then(|pod| Some((pod, why_so(shot, pod)?)));
    let Some((pod, by)) = ground.as_ref().and_then(|(pod, ground)| Some((pod, ground.reason()?))) else { return told };
    let ends_when = tell(shot, &set.meta.name, &pod.meta.name, Because::Trapped { by }).ends_when;
    Explanation { paragraph: ask.waits_in_vain(&pod.meta.name), ends_when, ..told }
}

/// Whether a set, or which pods it has, was changed since its controller looked: what it decided is then not said of what there is.
pub fn is_unseen(shot: &Instant, set: &StatefulSet) -> bool {
    let pods = |tables: &Tables| -> Vec<_> {
        let own = tables.pods().filter(|pod| pod.meta.is_controlled_by(set.meta.uid));
        own.map(|pod| (pod.meta.uid, pod.meta.terminating())).collect()
    };
    set.meta.generation != set.status.observed_generation || pods(shot.tables) != pods(shot.names)
}

/// The decision that the StatefulSet controller took last about a set.
pub fn controller<'a>(shot: &Instant<'a>, set: &StatefulSet) -> Option<&'a Entry> {
    let key = set.key();
    shot.decisions.by(&key, Component::StatefulSet)
}

/// The lowest wanted ordinal that has no pod because the controller waits for another one.
pub fn first_waiting(shot: &Instant, set: &StatefulSet) -> Option<String> {
    waiting(shot, set).next()
}

/// The wanted ordinals that have no pod because the controller waits for another one, in their order.
pub fn waiting(shot: &Instant, set: &StatefulSet) -> impl Iterator<Item = String> {
    let waits = controller(shot, set).is_some_and(|entry| entry.decision.verdict == Verdict::Waits);
    absent(shot, set).filter(move |_| waits)
}

/// The wanted ordinals that have no pod because the request for the first of them was refused, in their order.
pub fn refused_pods(shot: &Instant, set: &StatefulSet) -> impl Iterator<Item = String> {
    let is_refusal = |entry: &&Entry| matches!(entry.decision.because, Reason::SyncFailed { obstacle: Some(_), .. });
    controller(shot, set).filter(is_refusal).map(|_| absent(shot, set)).into_iter().flatten()
}

/// The wanted ordinals that have no pod, in their order.
fn absent(shot: &Instant, set: &StatefulSet) -> impl Iterator<Item = String> {
    let wanted = set.ordinals();
    let mut there = vec![false; usize::try_from(set.spec.replicas).unwrap_or(0).min(MAX_ORDINALS)];
    let namespace = shot.tables.within(Kind::Pod, &set.meta.namespace);
    for ordinal in namespace.filter_map(|pod| set.ordinal_of(&pod.meta().name)) {
        if let Some(place) = usize::try_from(ordinal - wanted.start).ok().and_then(|at| there.get_mut(at)) {
            *place = true;
        }
    }
    wanted.zip(there).filter(|(_, there)| !there).map(|(ordinal, _)| set.pod_name(ordinal).to_string())
}

/// Whether a pod that a set lacks was there before, by what it left: disks that stay when it goes.
pub fn standing(shot: &Instant, set: &StatefulSet, pod: &str) -> Standing {
    let used = |ordinal: i64| {
        let names = set.spec.claim_templates.iter().map(|template| template.claim_name(&set.meta.name, ordinal));
        let mut claims = names.filter_map(|name| shot.tables.claim(&set.meta.namespace, &name));
        claims.any(|claim| claim.status.phase != ClaimPhase::Pending)
    };
    if set.ordinal_of(pod).is_some_and(used) { Standing::NotRecreated } else { Standing::NotCreated }
}

/// Why one of a set's pods does not exist, or why the pod that has its name is as it is.
pub fn why_absent<'a>(shot: &Instant<'a>, set: &StatefulSet, pod: &str) -> Option<Ground<'a>> {
    // The object of a pod that may still run keeps its place.
    let keeps = |pod: &&Rc<Pod>| pod.meta.terminating() || pod.meta.is_controlled_by(set.meta.uid);
    if let Some(old) = shot.tables.pod(&set.meta.namespace, pod).filter(keeps) {
        return why_so(shot, old);
    }
    let ordinal = set.ordinal_of(pod)?;
    if !set.ordinals().contains(&ordinal) {
        let wanted = set.ordinals();
        let below = ordinal < wanted.start;
        return Some(Ground::NotWanted(if below { Unwanted::Below(wanted) } else { Unwanted::Above(set.spec.replicas) }));
    }
    controller(shot, set).map(Ground::Entry)
}

/// Why a pod that exists is as it is.
pub fn why_so<'a>(shot: &Instant<'a>, pod: &Pod) -> Option<Ground<'a>> {
    if let Some(reason) = ended(pod).filter(|_| !pod.meta.terminating()) {
        return Some(Ground::Shown(reason));
    }
    let silent = pod.node.as_ref().filter(|node| shot.tables.node("", node).is_some_and(|node| node.ready() != Truth::True));
    if let Some(node) = silent {
        let reason = Reason::NodeIsSilent { node: node.clone() };
        return Some(if pod.meta.terminating() { Ground::Stranded(node.clone(), reason) } else { Ground::Shown(reason) });
    }
    let key = pod.key();
    if let Some(finalizer) = pod.held_by() {
        return Some(Ground::Shown(Reason::HeldByFinalizer { finalizer: finalizer.clone() }));
    }
    if pod.meta.terminating() {
        let preempted = shot.decisions.by(&key, Component::Preemption).filter(|e| pod.preempted() && e.last >= pod.meta.created);
        return Some(preempted.map_or(Ground::Shown(Reason::StoppingContainers), Ground::Entry));
    }
    if pod.node.is_none() {
        let other = pod.spec.template.scheduling.other_scheduler().cloned();
        return other.map(Ground::NobodySchedules).or_else(|| shot.decisions.by(&key, Component::Scheduler).map(Ground::Entry));
    }
    let volume = shot.decisions.by(&key, Component::AttachDetach).filter(|e| e.decision.verdict == Verdict::Waits);
    if let Some(entry) = volume.filter(|e| e.last >= pod.meta.created) {
        return Some(Ground::Entry(entry));
    }
    if let Some(entry) = shot.held_by_budget(pod).filter(|_| pod.ready()) {
        return Some(Ground::Entry(entry));
    }
    if let Some((node, budget)) = let_be(shot, pod) {
        return Some(Ground::NoLongerEvicted(node, budget));
    }
    let told = shot.decisions.by(&key, Component::Kubelet).filter(|e| e.decision.because.rule().only_its_kubelet_knows);
    if let Some(entry) = told.filter(|e| e.last >= pod.meta.created) {
        return Some(Ground::Entry(entry));
    }
    let trouble = pod.status.containers.iter().chain(&pod.status.init_containers).find_map(trouble);
    Some(Ground::Shown(trouble.unwrap_or(match pod_word(pod, false).state {
        PodState::Creating => initializing(pod).unwrap_or(Reason::StartingContainers),
        PodState::Ready => Reason::PodIsReady,
        PodState::Running => Reason::NotReadyYet,
        _ => Reason::StartingContainers,
    })))
}

/// The node that a Ready pod was to leave, and the budget that did not let it go, where nobody asks for that any more.
fn let_be(shot: &Instant, pod: &Pod) -> Option<(Name, Name)> {
    let entry = shot.no_longer_evicted(pod).filter(|_| pod.ready())?;
    Some((pod.node.clone()?, entry.decision.blocked_by.as_ref()?.name.clone()))
}

/// Why a pod runs no more, where it has ended.
fn ended(pod: &Pod) -> Option<Reason> {
    let deadline = pod.spec.template.deadline.filter(|_| *pod.status.reason == *DEADLINE_EXCEEDED);
    let reason = deadline.map_or(Reason::ProcessesEnded, |seconds| Reason::PastDeadline { seconds });
    pod.status.phase.terminal().then_some(reason)
}

/// Whether the pod that a set's controller waits for is by now as it should be, which the controller has not seen yet.
fn moved_on(shot: &Instant, set: &StatefulSet, reason: &Reason) -> bool {
    let pod = |ordinal| shot.tables.pod(&set.meta.namespace, &set.pod_name(ordinal));
    match *reason {
        Reason::WaitsForPodToBeReady { ordinal } => pod(ordinal).is_some_and(|pod| pod_word(pod, false).state == PodState::Ready),
        Reason::WaitsForPodToGo { ordinal } | Reason::WaitsForRemovedPod { ordinal } | Reason::RecreateWaitsForPodToGo { ordinal } => {
            pod(ordinal).is_none()
        }
        _ => false,
    }
}

/// The init container that the others wait for.
fn initializing(pod: &Pod) -> Option<Reason> {
    let sidecar = |name: &Name| pod.spec.template.init_containers.iter().any(|c| c.sidecar && c.name == *name);
    let holds = |c: &&ContainerStatus| if sidecar(&c.name) { !c.started } else { !c.ready };
    let first = pod.status.init_containers.iter().find(holds)?;
    matches!(first.state, ContainerState::Running { .. }).then(|| Reason::InitContainerRuns { container: first.name.clone() })
}

/// What keeps a container from running.
fn trouble(container: &ContainerStatus) -> Option<Reason> {
    let crash = |exit_code| Reason::CrashLoop { container: container.name.clone(), exit_code };
    let could_not_start = |end: &Terminated| *end.reason == *START_ERROR;
    let cannot_start =
        |end: &Terminated| Some(Reason::CannotStart { container: container.name.clone(), error: cause_of(&end.message).to_owned().into() });
    match &container.state {
        ContainerState::Waiting { reason, .. } if [ERR_IMAGE_PULL, IMAGE_PULL_BACK_OFF].contains(&&**reason) => {
            Some(Reason::ImagePullFails { image: container.image.clone() })
        }
        ContainerState::Waiting { .. } if container.last.as_ref().is_some_and(could_not_start) => cannot_start(container.last.as_ref()?),
        ContainerState::Terminated(end) if could_not_start(end) => cannot_start(end),
        ContainerState::Waiting { reason, .. } if **reason == *CRASH_LOOP_BACK_OFF => {
            Some(crash(container.last.as_ref().map_or(1, |last| last.exit_code)))
        }
        ContainerState::Terminated(end) if end.exit_code != 0 => Some(crash(end.exit_code)),
        _ => None,
    }
}

/// Whether it is a pod's own template that keeps it from being Ready, as far as one can tell.
pub fn fails_by_itself(shot: &Instant, pod: &Pod) -> bool {
    match why_so(shot, pod) {
        Some(Ground::Entry(entry)) if entry.decision.blocked_by.is_some() => false,
        ground => ground.as_ref().and_then(Ground::reason).and_then(|reason| reason.rule().trouble) == Some(Trouble::Template),
    }
}
