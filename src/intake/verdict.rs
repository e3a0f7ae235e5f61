//! Decisions to verdicts: which family of causes a reason belongs to, and on which object it hangs.

use std::borrow::Cow;
use std::rc::Rc;

use super::cures::{self, Candidate, Goal, Tried};
use super::read::Dump;
use super::world::{Assumed, World};
use api::kind::Kind;
use api::object::pod::{Container, Pod};
use api::object::storage::VolumePhase;
use api::object::{Name, ObjectKey, StatefulSet};
use api::obstacle::Obstacle;
use api::well_known::CONTROLLER_REVISION_HASH;
use base::quantity::Quantity;
use base::sorted::SortedSet;
use base::time::{Span, Time};
use base::value::Value;
use sim::Sim;
use text::Lang;
use view::Snapshot;
use view::rollout::is_trapped;
use why::explain::{Link, explain};
use why::log::Entry;
use why::{Plugin, Reason};

/// For so long the world runs until whatever ends by itself has ended.
pub const SETTLES: Span = Span::seconds(900);
/// For so long it runs until every component has decided about what it found.
const LOOKS: Span = Span::seconds(30);
/// How many causes may stand one behind the other.
const CAUSES: usize = 3;

/// How sure a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sure {
    /// The objects say so.
    Certain,
    /// It follows from something that was assumed, or only the container knows more.
    Likely,
    /// The paste does not say.
    Unknown,
}

impl Sure {
    /// How it is written.
    pub fn word(self) -> &'static str {
        match self {
            Sure::Certain => "certain",
            Sure::Likely => "likely",
            Sure::Unknown => "unknown",
        }
    }
}

/// What is the matter with a workload.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The family of causes.
    pub cause: &'static str,
    /// The finer cause.
    pub detail: &'static str,
    /// The object it hangs on.
    pub object: ObjectKey,
    /// The workload that waits.
    pub workload: ObjectKey,
    pub sure: Sure,
    /// One sentence.
    pub sentence: String,
    /// Since when, as far as anything tells.
    pub since: Option<Time>,
    /// From the workload to the cause: an object, and what was decided about it.
    pub chain: Vec<(ObjectKey, String)>,
    /// What was tried and ended it, the least first.
    pub cures: Vec<Tried>,
    /// What looks right, was tried, and did not end it.
    pub not_cures: Vec<Tried>,
    /// The commands that print what is missing.
    pub missing: Vec<String>,
}

/// Everything that can be said of a paste.
#[derive(Clone, Debug)]
pub struct Report {
    pub verdicts: Vec<Verdict>,
    pub assumed: Vec<Assumed>,
    pub unread: Vec<String>,
    pub others: Vec<String>,
    /// The instant that the paste shows.
    pub at: Time,
    /// The workloads with which nothing is the matter.
    pub well: Vec<ObjectKey>,
}

/// What is the matter with the clusters of some texts, taken as one.
pub fn diagnose<'a>(texts: impl IntoIterator<Item = &'a str>) -> Report {
    report(&World::of(Dump::read(texts)))
}

/// A cause without its sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    pub family: &'static str,
    pub detail: &'static str,
    pub object: ObjectKey,
    pub sure: Sure,
}

impl Cause {
    fn of(family: &'static str, detail: &'static str, object: ObjectKey) -> Cause {
        Cause { family, detail, object, sure: Sure::Certain }
    }

    fn likely(self) -> Cause {
        Cause { sure: Sure::Likely, ..self }
    }
}

/// What is the matter with a world.
pub fn report(world: &World) -> Report {
    let now = world.sim.now();
    let mut looked = world.sim.clone();
    looked.run_until(now + LOOKS);
    let mut settled = looked.clone();
    settled.run_until(now + SETTLES);
    let (mut verdicts, mut well) = (Vec::new(), Vec::new());
    for set in world.sim.tables().stateful_sets() {
        match of_set(world, &looked, &settled, set) {
            Some(found) => verdicts.extend(found),
            None => well.push(set.key()),
        }
    }
    verdicts.extend(leaving(world, &settled, &verdicts));
    if verdicts.is_empty() {
        verdicts.extend(remarks(world));
    }
    if verdicts.is_empty() {
        verdicts.extend(nothing(world, &well));
    }
    verdicts.iter_mut().for_each(|verdict| verdict.sentence = super::told::sentence(world, verdict));
    let Dump { unread, others, .. } = world.dump.clone();
    Report { verdicts, assumed: world.assumed.clone(), unread, others, at: world.at, well }
}

/// Whether a set is what it should be.
pub fn is_well(sim: &Sim, key: &ObjectKey) -> bool {
    let Some(set) = sim.tables().stateful_set(&key.namespace, &key.name) else { return false };
    let update = &set.status.update_revision;
    let fits = |ordinal: i64| {
        sim.tables().pod(&key.namespace, &set.pod_name(ordinal)).is_some_and(|pod| {
            let new = pod.meta.label(CONTROLLER_REVISION_HASH).is_some_and(|hash| **hash == **update);
            pod.ready() && !pod.meta.terminating() && pod.meta.is_controlled_by(set.meta.uid) && new
        })
    };
    !set.meta.terminating() && set.ordinals().all(fits) && set.status.replicas == set.spec.replicas
}

/// What a set waits for; `None` if nothing is the matter.
fn of_set(world: &World, looked: &Sim, settled: &Sim, set: &Rc<StatefulSet>) -> Option<Vec<Verdict>> {
    let key = set.key();
    if is_well(looked, &key) && is_well(&world.sim, &key) {
        return None;
    }
    if is_well(settled, &key) {
        let (object, detail) = (key.clone(), by_itself(looked, &key));
        let cause = Cause::of("not-stuck", detail, object);
        let chain = chain_of(looked, &key);
        let mut verdict = verdict(world, cause.clone(), &key, chain);
        verdict.cures = cures::tried(world, &world.sim, &Goal::Well(key.clone()), &cause, |_| None).cures;
        return Some(vec![verdict]);
    }
    let goal = Goal::Well(key.clone());
    let (mut found, mut firsts): (Vec<Verdict>, Vec<Candidate>) = (Vec::new(), Vec::new());
    let (mut looked, mut from) = (Cow::Borrowed(settled), Cow::Borrowed(&world.sim));
    // Causes one behind the other: with the first one gone, the next one shows.
    for _ in 0..CAUSES {
        let chain = chain_of(&looked, &key);
        let is_new = |new: &Cause| found.iter().all(|old| old.cause != new.family || old.object != new.object);
        let Some(cause) = cause_of(&looked, &key, &chain).filter(is_new) else { break };
        let mut verdict = verdict(world, cause.clone(), &key, chain);
        let finds = |after: &Sim| cause_of(after, &key, &chain_of(after, &key));
        let tries = cures::tried(world, &from, &goal, &cause, finds);
        (verdict.cures, verdict.not_cures) = (tries.cures, tries.not_cures);
        let is_helpless = verdict.cures.is_empty();
        found.push(verdict);
        let Some((first, after)) = tries.partly.filter(|_| is_helpless) else { break };
        firsts.push(first);
        looked = Cow::Owned(after.clone());
        from = Cow::Owned(after);
    }
    cures::together(&world.sim, &goal, &firsts, &mut found);
    if found.is_empty() {
        let chain = chain_of(settled, &key);
        found.push(verdict(world, Cause { sure: Sure::Unknown, ..Cause::of("cannot-know", "no-reason", key.clone()) }, &key, chain));
    }
    Some(found)
}

/// What a set waits for that becomes well by itself.
fn by_itself(looked: &Sim, key: &ObjectKey) -> &'static str {
    let waits = |link: &Link| {
        matches!(
            link.entry.as_ref().map(|entry| &entry.decision.because),
            Some(Reason::WaitsForPodToBeAvailable { .. } | Reason::UpdateWaitsForUnavailable { .. })
        )
    };
    let set = looked.tables().stateful_set(&key.namespace, &key.name);
    let links = explain(looked.tables(), looked.decisions(), None, key).links;
    if set.is_some_and(|set| set.spec.min_ready_seconds > 0) && links.iter().any(waits) { "min-ready-seconds" } else { "in-progress" }
}

/// The links from a set to what it waits for: by its controller's decision, or by the first of its pods that is not well.
fn chain_of(sim: &Sim, key: &ObjectKey) -> Vec<Link> {
    let explained = |about: &ObjectKey| explain(sim.tables(), sim.decisions(), None, about).links;
    let links = explained(key);
    let done = links.first().and_then(|link| link.entry.as_ref()).is_none_or(|entry| matches!(entry.decision.because, Reason::UpToDate));
    if links.len() > 1 || !done {
        return links;
    }
    let Some(set) = sim.tables().stateful_set(&key.namespace, &key.name) else { return links };
    let pods = set.ordinals().map(|ordinal| ObjectKey::new(Kind::Pod, &key.namespace, &set.pod_name(ordinal)));
    let unwell = |pod: &ObjectKey| sim.tables().pod(&pod.namespace, &pod.name).is_none_or(|pod| !pod.ready() || pod.meta.terminating());
    links.into_iter().chain(pods.filter(unwell).take(1).flat_map(|pod| explained(&pod))).collect()
}

/// A verdict of a cause.
fn verdict(world: &World, cause: Cause, workload: &ObjectKey, chain: Vec<Link>) -> Verdict {
    let since = chain.iter().filter_map(|link| since(world, &link.about)).next_back();
    let told = |link: Link| (link.about.clone(), super::told::link(world, &link));
    Verdict {
        cause: cause.family,
        detail: cause.detail,
        object: cause.object,
        workload: workload.clone(),
        sure: cause.sure,
        sentence: String::new(),
        since,
        chain: chain.into_iter().map(told).collect(),
        cures: Vec::new(),
        not_cures: Vec::new(),
        missing: Vec::new(),
    }
}

/// Since when something has not been as it should be, by the pasted objects.
fn since(world: &World, about: &ObjectKey) -> Option<Time> {
    let tables = world.sim.tables();
    let object = tables.get(about)?;
    if let Some(deletion) = object.meta().deletion {
        return Some(deletion.asked());
    }
    let pod = object.as_pod();
    let condition = pod.and_then(|pod| pod.condition(if pod.node.is_some() { "Ready" } else { "PodScheduled" }));
    condition.map(|condition| condition.since).or_else(|| pod.map(|pod| pod.meta.created))
}

/// The cause at the end of a chain.
fn cause_of(sim: &Sim, key: &ObjectKey, chain: &[Link]) -> Option<Cause> {
    let shot = Snapshot::of(sim, Lang::English);
    let tables = sim.tables();
    let set = tables.stateful_set(&key.namespace, &key.name)?;
    let own = |pod: &&Rc<Pod>| pod.meta.is_controlled_by(set.meta.uid);
    let trapped = chain.iter().rev().find_map(|link| tables.get(&link.about)?.as_pod().filter(|pod| is_trapped(&shot, set, pod)));
    if let Some(pod) = trapped {
        let crashes = pod.status.containers.iter().any(|container| container.restarts > 0);
        let all = tables.pods().filter(own).filter(|pod| is_trapped(&shot, set, pod)).count() > 1;
        let lowest = tables.pods().filter(own).find(|pod| is_trapped(&shot, set, pod)).map_or(pod.key(), |pod| pod.key());
        let (detail, object) = match pod_reason(sim, pod) {
            _ if crashes && all => ("crash-all-pods-after-rollback", lowest),
            Some(Reason::ImagePullFails { .. }) => ("rollback-trap-image", pod.key()),
            Some(Reason::CrashLoop { .. }) => ("rollback-trap-crash", pod.key()),
            _ => ("rollback-trap-never-ready", pod.key()),
        };
        return Some(Cause::of("rollback-trap", detail, object));
    }
    let (link, entry) = chain.iter().rev().find_map(|link| Some((link, link.entry.as_ref()?)))?;
    by_reason(sim, set, link, entry).or_else(|| pods_that_nobody_places(sim, set))
}

/// The decision of whoever is in charge of a pod.
fn pod_reason(sim: &Sim, pod: &Pod) -> Option<Reason> {
    let links = explain(sim.tables(), sim.decisions(), None, &pod.key()).links;
    Some(links.first()?.entry.as_ref()?.decision.because.clone())
}

/// The cause that a reason stands for.
fn by_reason(sim: &Sim, set: &Rc<StatefulSet>, link: &Link, entry: &Entry) -> Option<Cause> {
    let (tables, about) = (sim.tables(), &link.about);
    let own = |kind: Kind, name: &Name| ObjectKey::new(kind, &about.namespace, name);
    Some(match &entry.decision.because {
        Reason::SyncFailed { error, obstacle: None, .. } => Cause::of("pod-refused", refusal(error), set.key()),
        Reason::SyncFailed { error, obstacle: Some(obstacle), .. } => refused(sim, set, error, obstacle),
        Reason::ClaimIsBeingDeleted { claim, .. } | Reason::StaleClaim { claim, .. } => {
            let key = own(Kind::PersistentVolumeClaim, claim);
            let held = tables.get(&key).is_some_and(|claim| claim.meta().finalizers.iter().any(|name| is_foreign(name)));
            Cause::of("held-by-finalizer", if held { "pvc-terminating-finalizer" } else { "pvc-terminating" }, key)
        }
        Reason::NameTaken { ordinal } => Cause::of("identity-conflict", "name-taken", own(Kind::Pod, &set.pod_name(*ordinal))),
        Reason::ImagePullFails { .. } | Reason::InvalidImageName { .. } => {
            let detail = if set.parallel() {
                "image-pull-parallel"
            } else if is_new(set, tables.pod(&about.namespace, &about.name)) {
                "image-pull-during-rollout"
            } else {
                "image-pull"
            };
            Cause::of("container-fails", detail, about.clone())
        }
        Reason::CrashLoop { .. } => Cause::of("container-fails", "crash-loop", about.clone()),
        Reason::CannotStart { .. } => Cause::of("container-fails", "cannot-start", about.clone()),
        Reason::OutOfMemory { .. } => Cause::of("container-fails", "out-of-memory", about.clone()),
        Reason::FailedProbe { .. } => Cause::of("container-fails", "liveness-probe", about.clone()),
        Reason::MissingReference { .. } => Cause::of("container-fails", "config-missing", about.clone()),
        Reason::InitContainerRuns { .. } | Reason::HookRuns { .. } | Reason::HookFailed { .. } => {
            Cause::of("container-fails", "init", about.clone()).likely()
        }
        Reason::NotReadyYet | Reason::ProbeFails { .. } => unready(sim, set, about),
        Reason::ReadinessGatesClosed(..) => Cause::of("ordered-gate", "readiness-gate", about.clone()),
        Reason::SchedulingGated(..) => Cause::of("nobody-schedules", "scheduling-gate", about.clone()),
        Reason::Unschedulable { by, message } => unplaced(sim, about, by, message),
        Reason::WaitsForFirstConsumer => return user_of(sim, about),
        Reason::NoStorageClass => Cause::of("claim-pending", "no-default-storageclass", about.clone()),
        Reason::StorageClassNotFound { .. } => Cause::of("claim-pending", "storageclass-not-found", about.clone()),
        Reason::NoProvisionerRuns { .. } | Reason::WaitsForProvisioner { .. } | Reason::ProvisionerRefuses { .. } => {
            let claim = tables.claim(&about.namespace, &about.name)?;
            let class = claim.class().unwrap_or_default();
            let detail = if matches!(entry.decision.because, Reason::ProvisionerRefuses { .. }) {
                "provisioner-refuses"
            } else {
                "provisioner-not-running"
            };
            Cause::of("claim-pending", detail, ObjectKey::global(Kind::StorageClass, &class.into()))
        }
        Reason::NoVolumeFits | Reason::WaitsForVolume { .. } | Reason::VolumeTaken { .. } | Reason::VolumeDoesNotSuit { .. } => {
            no_volume(sim, about)
        }
        Reason::VolumeLost { .. } => Cause::of("claim-gone", "pvc-lost", about.clone()),
        Reason::NodeIsSilent { .. }
        | Reason::EvictedByTaint { .. }
        | Reason::NodeFellSilent { .. }
        | Reason::ToleratesTaintFor { .. }
        | Reason::WaitsForNodeToReturn { .. } => {
            let pod = if about.kind == Kind::Pod { about.clone() } else { silent_pod(sim, set)? };
            let leaves = tables.pod(&pod.namespace, &pod.name).is_some_and(|pod| pod.meta.terminating());
            Cause::of("node-silent", if leaves { "node-unreachable-pod-terminating" } else { "node-unreachable" }, pod)
        }
        Reason::HeldByFinalizer { .. } => Cause::of("held-by-finalizer", finalizer_detail(about.kind), about.clone()),
        Reason::WaitsForDetach { .. } | Reason::AttachesVolume { .. } => Cause::of("attach-or-mount", "attach", about.clone()),
        Reason::OnDeleteWaitsForYou { .. } => Cause::of("on-delete", "ondelete", set.key()),
        Reason::BelowPartition { .. } => Cause::of("partition", "partition", set.key()),
        Reason::NoDisruptionAllowed(..) => Cause::of("drain-blocked", "budget", about.clone()),
        _ => return None,
    })
}

/// The finer cause of an object that a finalizer holds.
fn finalizer_detail(kind: Kind) -> &'static str {
    match kind {
        Kind::Pod => "pod-finalizer",
        Kind::PersistentVolumeClaim => "pvc-terminating-finalizer",
        _ => "finalizer",
    }
}

/// Whether a finalizer is nobody's in the control plane.
fn is_foreign(finalizer: &str) -> bool {
    !finalizer.starts_with("kubernetes.io/") && !["foregroundDeletion", "orphan", "kubernetes"].contains(&finalizer)
}

/// The finer cause of a refusal, by its words.
fn refusal(error: &str) -> &'static str {
    let known = [
        ("must specify", "quota-must-specify-requests"),
        ("exceeded quota", "quota-exceeded"),
        ("violates PodSecurity", "podsecurity"),
        ("looking up service account", "serviceaccount-missing"),
        ("admission webhook", "webhook"),
        ("failed calling webhook", "webhook"),
        ("is being deleted", "name-leaving"),
    ];
    known.iter().find(|(words, _)| error.contains(words)).map_or("refused", |(_, detail)| detail)
}

/// The cause where a request for a pod was refused.
fn refused(sim: &Sim, set: &StatefulSet, error: &str, obstacle: &Obstacle) -> Cause {
    let (namespace, detail) = (&set.meta.namespace, refusal(error));
    match obstacle {
        Obstacle::Missing(Kind::ServiceAccount, _) => Cause::of("pod-refused", "serviceaccount-missing", set.key()),
        Obstacle::Limit(kind, name) => Cause::of("pod-refused", detail, ObjectKey::new(*kind, namespace, name)),
        Obstacle::PodSecurity { namespace, level, .. } => {
            let detail = if level.starts_with("restricted") { "podsecurity-restricted" } else { "podsecurity-baseline" };
            Cause::of("pod-refused", detail, ObjectKey::global(Kind::Namespace, namespace))
        }
        Obstacle::Leaving(Kind::PersistentVolumeClaim, name) => {
            let key = ObjectKey::new(Kind::PersistentVolumeClaim, namespace, name);
            let held = sim.tables().get(&key).is_some_and(|claim| claim.meta().finalizers.iter().any(|name| is_foreign(name)));
            Cause::of("held-by-finalizer", if held { "pvc-terminating-finalizer" } else { "pvc-terminating" }, key)
        }
        Obstacle::Leaving(kind, name) => Cause::of("held-by-finalizer", "leaving", ObjectKey::new(*kind, namespace, name)),
        Obstacle::Taken(kind, name) => Cause::of("identity-conflict", "name-taken", ObjectKey::new(*kind, namespace, name)),
        _ => Cause::of("pod-refused", detail, set.key()),
    }
}

/// Whether a pod is of the revision that is rolled out, and another has the current one.
fn is_new(set: &StatefulSet, pod: Option<&Rc<Pod>>) -> bool {
    let hash = pod.and_then(|pod| pod.meta.label(CONTROLLER_REVISION_HASH));
    set.status.current_revision != set.status.update_revision && hash.is_some_and(|hash| **hash == *set.status.update_revision)
}

/// The cause where a pod runs and is not Ready: the gate of an ordered start, if those after it do not exist.
fn unready(sim: &Sim, set: &StatefulSet, pod: &ObjectKey) -> Cause {
    let tables = sim.tables();
    let after = set.ordinal_of(&pod.name).map_or(0, |ordinal| ordinal + 1);
    let absent = (after..set.ordinals().end).any(|ordinal| tables.pod(&pod.namespace, &set.pod_name(ordinal)).is_none());
    let Some(found) = tables.pod(&pod.namespace, &pod.name) else { return Cause::of("ordered-gate", "not-ready", pod.clone()) };
    let wrong = found
        .spec
        .template
        .raw
        .list_at(&["containers"])
        .iter()
        .any(|container| container.get("readinessProbe").is_some_and(|probe| super::seen::undeclared_port(container, probe).is_some()));
    let detail = if wrong { "readiness-probe-wrong-port" } else { "never-ready" };
    let family = if absent && !set.parallel() { "ordered-gate" } else { "container-fails" };
    let cause = Cause::of(family, detail, pod.clone());
    if wrong { cause } else { cause.likely() }
}

/// The cause where a pod finds no node.
fn unplaced(sim: &Sim, pod: &ObjectKey, by: &[Plugin], message: &str) -> Cause {
    let tables = sim.tables();
    let found = tables.pod(&pod.namespace, &pod.name);
    let claims = found.into_iter().flat_map(|pod| pod.claim_volumes().map(|volume| &volume.claim));
    let pinned = claims.filter_map(|claim| {
        let volume = tables.volume("", &tables.claim(&pod.namespace, claim)?.spec.volume)?;
        volume.spec.value().get("nodeAffinity").map(|_| volume)
    });
    if by.contains(&Plugin::VolumeBinding)
        || message.contains("volume node affinity conflict")
        || message.contains("PersistentVolume's node affinity")
    {
        for volume in pinned {
            let gone = volume.spec.node.as_ref().is_some_and(|node| tables.node("", node).is_none());
            return Cause::of("volume-elsewhere", if gone { "volume-node-deleted" } else { "volume-node-unavailable" }, volume.key());
        }
    }
    let detail = match by {
        _ if by.contains(&Plugin::InterPodAffinity) => "anti-affinity-too-few-nodes",
        _ if by.contains(&Plugin::NodeResourcesFit) && message.contains("Insufficient memory") => "insufficient-memory",
        _ if by.contains(&Plugin::NodeResourcesFit) => "insufficient-resources",
        _ if by.contains(&Plugin::PodTopologySpread) => "topology-spread",
        _ if by.contains(&Plugin::NodeAffinity) && found.is_some_and(|pod| waits_with_claims(sim, pod)) => {
            "wffc-waits-for-unschedulable-pod"
        }
        _ if by.contains(&Plugin::NodeAffinity) => "nodeselector-no-match",
        _ if by.contains(&Plugin::TaintToleration) => "untolerated-taint",
        _ if by.contains(&Plugin::NodeUnschedulable) => "cordoned",
        _ => "no-node-fits",
    };
    Cause::of("no-node-fits", detail, pod.clone())
}

/// Whether a pod's claims wait for it while it waits for a node.
fn waits_with_claims(sim: &Sim, pod: &Pod) -> bool {
    pod.claim_volumes().any(|volume| sim.tables().claim(&pod.meta.namespace, &volume.claim).is_some_and(|claim| !claim.bound()))
}

/// The cause of the pod that a claim waits for.
fn user_of(sim: &Sim, claim: &ObjectKey) -> Option<Cause> {
    let uses = |pod: &&Rc<Pod>| pod.meta.namespace == claim.namespace && pod.claim_volumes().any(|volume| volume.claim == claim.name);
    let pod = sim.tables().pods().find(uses)?;
    let entry = sim.decisions().by(&pod.key(), why::Component::Scheduler)?;
    match &entry.decision.because {
        Reason::Unschedulable { message, .. } if message.contains("didn't find available persistent volumes") => {
            Some(no_volume(sim, claim))
        }
        Reason::Unschedulable { by, message } => Some(unplaced(sim, &pod.key(), by, message)),
        Reason::SchedulingGated(..) => Some(Cause::of("nobody-schedules", "scheduling-gate", pod.key())),
        _ => None,
    }
}

/// The cause where no volume fits a claim: one that would, but for one thing; or the claim itself.
fn no_volume(sim: &Sim, about: &ObjectKey) -> Cause {
    let tables = sim.tables();
    let pending = Cause::of("claim-pending", "no-volume-fits", about.clone());
    let Some(claim) = tables.claim(&about.namespace, &about.name) else { return pending };
    let of_class = |volume: &&Rc<api::object::Volume>| volume.class() == claim.class().unwrap_or_default();
    let named = |volume: &&Rc<api::object::Volume>| {
        volume
            .spec
            .claim
            .as_ref()
            .is_some_and(|of| *of.namespaced_name().name == *about.name && of.namespaced_name().namespace == about.namespace)
    };
    if let Some(volume) = tables.volumes().filter(of_class).find(|volume| volume.status.phase == VolumePhase::Released && named(volume)) {
        return Cause::of("claim-pending", "pv-released-claimref", volume.key());
    }
    let size = |text: &str| Quantity::read(&Value::from(text)).unwrap_or_default();
    let free = |volume: &&Rc<api::object::Volume>| volume.spec.claim.is_none();
    let small = |volume: &&Rc<api::object::Volume>| size(&volume.spec.capacity) < size(&claim.spec.request);
    if let Some(volume) = tables.volumes().filter(of_class).filter(free).find(small) {
        return Cause::of("claim-pending", "pv-too-small", volume.key());
    }
    pending
}

/// A pod of a set on a node that nobody hears of.
fn silent_pod(sim: &Sim, set: &StatefulSet) -> Option<ObjectKey> {
    let silent = |pod: &&Rc<Pod>| pod.node.as_ref().is_some_and(|node| sim.tables().node("", node).is_some_and(|node| node.silent()));
    sim.tables().pods().filter(|pod| pod.meta.is_controlled_by(set.meta.uid)).find(silent).map(|pod| pod.key())
}

/// The cause where a pod has no node and no scheduler has said anything.
fn pods_that_nobody_places(sim: &Sim, set: &StatefulSet) -> Option<Cause> {
    let pod = sim.tables().pods().find(|pod| pod.meta.is_controlled_by(set.meta.uid) && pod.node.is_none())?;
    let name = pod.spec.template.raw.text_at(&["schedulerName"]).unwrap_or("default-scheduler");
    (name != "default-scheduler").then(|| Cause::of("nobody-schedules", "unknown-scheduler", pod.key()))
}

/// What is being deleted and stays, where no verdict speaks of it.
fn leaving(world: &World, settled: &Sim, known: &[Verdict]) -> Vec<Verdict> {
    let tables = world.sim.tables();
    let mut found: Vec<Verdict> = Vec::new();
    let kinds = tables.kinds().filter(|kind| *kind != Kind::Namespace);
    for object in kinds.flat_map(|kind| tables.all(kind).collect::<Vec<_>>()) {
        let held = object.meta().terminating() && object.meta().finalizers.iter().any(|name| is_foreign(name));
        if !held || settled.tables().get(&object.key()).is_none() || known.iter().any(|verdict| verdict.object == object.key()) {
            continue;
        }
        let namespace = tables.find(Kind::Namespace, "", &object.meta().namespace);
        let going = namespace.is_some_and(|namespace| namespace.meta().terminating());
        let owner_gone = object.as_pod().is_some_and(|pod| {
            pod.meta.controller().is_some_and(|owner| {
                let key = owner.kind.map(|kind| ObjectKey::new(kind, &pod.meta.namespace, &owner.name));
                key.is_none_or(|key| tables.get(&key).is_none_or(|owner| owner.meta().terminating()))
            })
        });
        let detail = if going {
            "namespace-terminating"
        } else if owner_gone {
            "foreground-deletion-finalizer"
        } else {
            finalizer_detail(object.kind())
        };
        let cause = Cause::of("held-by-finalizer", detail, object.key());
        let workload = if going { ObjectKey::global(Kind::Namespace, &object.meta().namespace) } else { object.key() };
        let chain = explain(settled.tables(), settled.decisions(), None, &object.key()).links;
        let mut verdict = verdict(world, cause.clone(), &workload, chain);
        let tries = cures::tried(world, &world.sim, &Goal::Gone(workload.clone()), &cause, |_| None);
        (verdict.cures, verdict.not_cures) = (tries.cures, tries.not_cures);
        found.push(verdict);
    }
    found
}

/// What is worth a word although nobody waits: two sets of one selector, a governing Service that is not there.
fn remarks(world: &World) -> Vec<Verdict> {
    let tables = world.sim.tables();
    let sets: Vec<&Rc<StatefulSet>> = tables.stateful_sets().collect();
    let mut found = Vec::new();
    for (i, set) in sets.iter().enumerate() {
        let same =
            |other: &&&Rc<StatefulSet>| other.meta.namespace == set.meta.namespace && other.spec.match_labels == set.spec.match_labels;
        if sets[i + 1..].iter().any(|other| same(&other)) {
            let cause = Cause::of("identity-conflict", "two-sets-one-selector", set.key());
            found.push(verdict(world, cause, &set.key(), Vec::new()));
        }
        let service = ObjectKey::new(Kind::Service, &set.meta.namespace, &set.spec.service_name);
        if !set.spec.service_name.is_empty() && world.dump.has(Kind::Service) && tables.get(&service).is_none() {
            let cause = Cause::of("not-stuck", "governing-service-missing", service.clone());
            let mut verdict = verdict(world, cause.clone(), &set.key(), Vec::new());
            verdict.cures = cures::tried(world, &world.sim, &Goal::There(service), &cause, |_| None).cures;
            found.push(verdict);
        }
    }
    found
}

/// The verdict where nothing is the matter, or nothing can be known.
fn nothing(world: &World, well: &[ObjectKey]) -> Vec<Verdict> {
    let mut all: Vec<Verdict> = Vec::new();
    for key in well {
        all.push(verdict(world, Cause::of("not-stuck", "complete", key.clone()), key, Vec::new()));
    }
    if all.is_empty() {
        let nobody = ObjectKey::global(Kind::Namespace, &"default".into());
        let mut unknown =
            verdict(world, Cause { sure: Sure::Unknown, ..Cause::of("cannot-know", "no-workload", nobody.clone()) }, &nobody, Vec::new());
        unknown.missing.push("kubectl get sts,pod,pvc,pv,sc,node,controllerrevision,svc,sa,quota,event -A -o yaml".to_owned());
        all.push(unknown);
    }
    all
}

/// The namespaces that hold workloads of a world.
pub fn namespaces(sim: &Sim) -> SortedSet<Name> {
    sim.tables().stateful_sets().map(|set| Rc::clone(&set.meta.namespace)).collect()
}

/// The containers of a set's template.
pub fn containers(set: &StatefulSet) -> &[Container] {
    &set.spec.template.containers
}
