//! Reasons to causes: which family a reason belongs to, and on which object it hangs.
//!
//! A reason says what a component waits for; the objects say the rest. Nothing here decides what waits.

use std::rc::Rc;

use super::seen::undeclared_port;
use super::verdict::Sure;
use api::kind::Kind;
use api::object::pod::POD_SCHEDULED;
use api::object::storage::{ClaimRef, VolumePhase};
use api::object::{Name, ObjectKey, Pod, StatefulSet, Volume};
use api::obstacle::Obstacle;
use api::well_known::CONTROLLER_REVISION_HASH;
use base::quantity::Quantity;
use base::value::Value;
use server::tables::Tables;
use sim::Sim;
use text::Lang;
use view::Snapshot;
use view::rollout::is_trapped;
use why::explain::{Link, explain};
use why::log::Entry;
use why::{Component, Lack, Plugin, Reason};

/// The prefix of taints that Kubernetes sets itself.
pub const OWN_TAINTS: &str = "node.kubernetes.io/";

/// A cause without its sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    pub family: &'static str,
    pub detail: &'static str,
    pub object: ObjectKey,
    pub sure: Sure,
}

impl Cause {
    /// A cause that the objects say.
    pub fn of(family: &'static str, detail: &'static str, object: ObjectKey) -> Cause {
        Cause { family, detail, object, sure: Sure::Certain }
    }

    /// The same as one that is only likely.
    #[must_use]
    pub fn likely(self) -> Cause {
        Cause { sure: Sure::Likely, ..self }
    }
}

/// The cause at the end of a chain.
pub fn cause_of(sim: &Sim, key: &ObjectKey, chain: &[Link]) -> Option<Cause> {
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
    if let Some(cause) = of_claim(sim, &link.about, &entry.decision.because) {
        return Some(cause);
    }
    let (tables, about) = (sim.tables(), &link.about);
    let own = |kind: Kind, name: &Name| ObjectKey::new(kind, &about.namespace, name);
    Some(match &entry.decision.because {
        Reason::SyncFailed { obstacle, .. } => refused(sim, set, obstacle.as_ref()),
        Reason::ClaimIsBeingDeleted { claim, .. } | Reason::StaleClaim { claim, .. } => {
            leaving_claim(sim, own(Kind::PersistentVolumeClaim, claim))
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
        // A volume is mounted before any container is made.
        Reason::MissingReference { backs_off, .. } => {
            Cause::of(if *backs_off { "attach-or-mount" } else { "container-fails" }, "config-missing", about.clone())
        }
        Reason::InitContainerRuns { .. } | Reason::HookRuns { .. } | Reason::HookFailed { .. } => {
            Cause::of("container-fails", "init", about.clone()).likely()
        }
        Reason::NotReadyYet | Reason::ProbeFails { .. } => unready(sim, set, about),
        Reason::ReadinessGatesClosed(..) => Cause::of("ordered-gate", "readiness-gate", about.clone()),
        Reason::SchedulingGated(..) => Cause::of("nobody-schedules", "scheduling-gate", about.clone()),
        Reason::Unschedulable { by, lacks, .. } => unplaced(sim, about, by, lacks),
        Reason::WaitsForFirstConsumer => return user_of(sim, about),
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
        Reason::NoDisruptionAllowed(..) => Cause::of("drain-blocked", "budget-allows-none", about.clone()),
        _ => return None,
    })
}

/// The cause where a claim has no volume.
pub fn of_claim(sim: &Sim, about: &ObjectKey, because: &Reason) -> Option<Cause> {
    Some(match because {
        Reason::NoStorageClass => Cause::of("claim-pending", "no-default-storageclass", about.clone()),
        // Where volumes of that class are made by hand, no class is needed.
        Reason::StorageClassNotFound { .. } if has_volumes(sim, about) => no_volume(sim, about),
        Reason::StorageClassNotFound { .. } => Cause::of("claim-pending", "storageclass-not-found", about.clone()),
        Reason::NoProvisionerRuns { .. } | Reason::WaitsForProvisioner { .. } | Reason::ProvisionerRefuses { .. } => {
            let claim = sim.tables().claim(&about.namespace, &about.name)?;
            let class = claim.class().unwrap_or_default();
            let detail =
                if matches!(because, Reason::ProvisionerRefuses { .. }) { "provisioner-refuses" } else { "provisioner-not-running" };
            Cause::of("claim-pending", detail, ObjectKey::global(Kind::StorageClass, &class.into()))
        }
        Reason::NoVolumeFits | Reason::WaitsForVolume { .. } | Reason::VolumeTaken { .. } | Reason::VolumeDoesNotSuit { .. } => {
            no_volume(sim, about)
        }
        Reason::VolumeLost { .. } => Cause::of("claim-gone", "pvc-lost", about.clone()),
        _ => return None,
    })
}

/// The finer cause of an object that a finalizer holds.
pub fn finalizer_detail(kind: Kind) -> &'static str {
    match kind {
        Kind::Pod => "pod-finalizer",
        Kind::PersistentVolumeClaim => "pvc-terminating-finalizer",
        _ => "finalizer",
    }
}

/// Whether a finalizer is nobody's in the control plane.
pub fn is_foreign(finalizer: &str) -> bool {
    !finalizer.starts_with("kubernetes.io/") && !["foregroundDeletion", "orphan", "kubernetes"].contains(&finalizer)
}

/// The cause where a request for a pod was refused.
fn refused(sim: &Sim, set: &StatefulSet, obstacle: Option<&Obstacle>) -> Cause {
    let of = |kind: Kind, name: &Name| ObjectKey::new(kind, &set.meta.namespace, name);
    let refused = |detail, object| Cause::of("pod-refused", detail, object);
    match obstacle {
        Some(Obstacle::Missing(Kind::ServiceAccount, _)) => refused("serviceaccount-missing", set.key()),
        Some(Obstacle::Unstated(kind, quota)) => refused("quota-must-specify-requests", of(*kind, quota)),
        Some(Obstacle::Limit(Kind::ResourceQuota, quota)) => refused("quota-exceeded", of(Kind::ResourceQuota, quota)),
        Some(Obstacle::Limit(kind, range)) => refused("limit-range", of(*kind, range)),
        Some(Obstacle::PodSecurity { namespace, level, .. }) => {
            let detail = if level.starts_with("restricted") { "podsecurity-restricted" } else { "podsecurity-baseline" };
            refused(detail, ObjectKey::global(Kind::Namespace, namespace))
        }
        Some(Obstacle::Leaving(Kind::PersistentVolumeClaim, claim)) => leaving_claim(sim, of(Kind::PersistentVolumeClaim, claim)),
        Some(Obstacle::Leaving(kind, name)) => Cause::of("held-by-finalizer", "leaving", of(*kind, name)),
        Some(Obstacle::Taken(kind, name)) => Cause::of("identity-conflict", "name-taken", of(*kind, name)),
        _ => refused("refused", set.key()),
    }
}

/// The cause where a claim is being deleted.
fn leaving_claim(sim: &Sim, claim: ObjectKey) -> Cause {
    let held = sim.tables().get(&claim).is_some_and(|claim| claim.meta().finalizers.iter().any(|name| is_foreign(name)));
    let uses = |pod: &&Rc<Pod>| pod.meta.namespace == claim.namespace && pod.claim_volumes().any(|volume| volume.claim == claim.name);
    let stays = |pod: &&Rc<Pod>| pod.node.is_some() && !pod.meta.terminating() && !pod.status.phase.terminal();
    if let Some(pod) = sim.tables().pods().filter(uses).find(stays).filter(|_| !held) {
        return Cause::of("held-by-finalizer", "claim-in-use", pod.key());
    }
    Cause::of("held-by-finalizer", if held { "pvc-terminating-finalizer" } else { "pvc-terminating" }, claim)
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
        .any(|container| container.get("readinessProbe").is_some_and(|probe| undeclared_port(container, probe).is_some()));
    let detail = if wrong { "readiness-probe-wrong-port" } else { "never-ready" };
    let family = if absent && !set.parallel() { "ordered-gate" } else { "container-fails" };
    let cause = Cause::of(family, detail, pod.clone());
    if wrong { cause } else { cause.likely() }
}

/// The cause where a pod finds no node.
fn unplaced(sim: &Sim, pod: &ObjectKey, by: &[Plugin], lacks: &[Lack]) -> Cause {
    let tables = sim.tables();
    let found = tables.pod(&pod.namespace, &pod.name);
    if let Some(cause) = found.and_then(|pod| without_volume(sim, pod)) {
        return cause;
    }
    if by.contains(&Plugin::NodeVolumeLimits) {
        return Cause::of("attach-or-mount", "volume-limit", pod.clone());
    }
    let claims = found.into_iter().flat_map(|pod| pod.claim_volumes().map(|volume| &volume.claim));
    let mut pinned = claims.filter_map(|claim| {
        let volume = tables.volume("", &tables.claim(&pod.namespace, claim)?.spec.volume)?;
        volume.spec.value().get("nodeAffinity").map(|_| volume)
    });
    if lacks.contains(&Lack::Reach)
        && let Some(volume) = pinned.next()
    {
        let gone = volume.spec.node.as_ref().is_some_and(|node| tables.node("", node).is_none());
        return Cause::of("volume-elsewhere", if gone { "volume-node-deleted" } else { "volume-node-unavailable" }, volume.key());
    }
    let detail = match by {
        _ if by.contains(&Plugin::InterPodAffinity) && found.is_some_and(|pod| misses_company(pod)) => "pod-affinity-no-match",
        _ if by.contains(&Plugin::InterPodAffinity) => "anti-affinity-too-few-nodes",
        _ if lacks.contains(&Lack::Resource("memory".into())) => "insufficient-memory",
        _ if lacks.contains(&Lack::Place) && !lacks.iter().any(|lack| matches!(lack, Lack::Resource(_))) => "too-many-pods",
        _ if by.contains(&Plugin::NodeResourcesFit) => "insufficient-resources",
        _ if by.contains(&Plugin::NodePorts) => "host-port-taken",
        _ if by.contains(&Plugin::PodTopologySpread) => "topology-spread",
        _ if by.contains(&Plugin::NodeAffinity) && asks_for_a_place(found, tables) => "wffc-waits-for-unschedulable-pod",
        _ if by.contains(&Plugin::NodeAffinity) => "nodeselector-no-match",
        _ if by.contains(&Plugin::TaintToleration) => "untolerated-taint",
        _ if by.contains(&Plugin::NodeUnschedulable) => "cordoned",
        _ => "no-node-fits",
    };
    let tainted = tables.nodes().find(|node| node.unschedulable || node.taints.iter().any(|taint| !taint.key.starts_with(OWN_TAINTS)));
    match tainted.filter(|_| ["untolerated-taint", "cordoned"].contains(&detail)) {
        Some(node) => Cause::of("no-node-fits", detail, node.key()),
        None => Cause::of("no-node-fits", detail, pod.clone()),
    }
}

/// Whether the scheduler says that a pod finds no pods that it has to be with.
fn misses_company(pod: &Pod) -> bool {
    pod.condition(POD_SCHEDULED).is_some_and(|condition| condition.message.contains(" pod affinity rules"))
}

/// The cause of the first claim of a pod that gets no volume whichever node the pod is put on.
fn without_volume(sim: &Sim, pod: &Pod) -> Option<Cause> {
    pod.claim_volumes().find_map(|volume| {
        let claim = ObjectKey::new(Kind::PersistentVolumeClaim, &pod.meta.namespace, &volume.claim);
        let entry = explain(sim.tables(), sim.decisions(), None, &claim).links.into_iter().next()?.entry?;
        of_claim(sim, &claim, &entry.decision.because)
    })
}

/// Whether a pod with claims that wait for it asks for a zone or the like that nodes name, but none this one.
fn asks_for_a_place(pod: Option<&Rc<Pod>>, tables: &Tables) -> bool {
    let unbound = |pod: &Pod| {
        let claim = |name: &Name| tables.claim(&pod.meta.namespace, name).is_some_and(|claim| !claim.bound());
        pod.claim_volumes().any(|volume| claim(&volume.claim))
    };
    let named = |key: &Name| tables.nodes().any(|node| node.meta.label(key).is_some());
    pod.is_some_and(|pod| unbound(pod) && pod.spec.template.scheduling.node_selector.iter().any(|(key, _)| named(key)))
}

/// The cause of the pod that a claim waits for.
fn user_of(sim: &Sim, claim: &ObjectKey) -> Option<Cause> {
    let uses = |pod: &&Rc<Pod>| pod.meta.namespace == claim.namespace && pod.claim_volumes().any(|volume| volume.claim == claim.name);
    let pod = sim.tables().pods().find(uses)?;
    let entry = sim.decisions().by(&pod.key(), Component::Scheduler)?;
    match &entry.decision.because {
        Reason::Unschedulable { lacks, .. } if lacks.contains(&Lack::Volume) => Some(no_volume(sim, claim)),
        Reason::Unschedulable { by, lacks, .. } => Some(unplaced(sim, &pod.key(), by, lacks)),
        Reason::SchedulingGated(..) => Some(Cause::of("nobody-schedules", "scheduling-gate", pod.key())),
        _ => None,
    }
}

/// Whether there are volumes of the class that a claim asks for.
fn has_volumes(sim: &Sim, claim: &ObjectKey) -> bool {
    let class = sim.tables().claim(&claim.namespace, &claim.name).and_then(|claim| claim.class());
    class.is_some_and(|class| sim.tables().volumes().any(|volume| volume.class() == class))
}

/// The cause where no volume fits a claim: one that would, but for one thing; or the claim itself.
fn no_volume(sim: &Sim, about: &ObjectKey) -> Cause {
    let tables = sim.tables();
    let pending = Cause::of("claim-pending", "no-volume-fits", about.clone());
    let Some(claim) = tables.claim(&about.namespace, &about.name) else { return pending };
    let of_class = |volume: &&Rc<Volume>| volume.class() == claim.class().unwrap_or_default();
    let named = |volume: &&Rc<Volume>| {
        volume
            .spec
            .claim
            .as_ref()
            .is_some_and(|of| *of.namespaced_name().name == *about.name && of.namespaced_name().namespace == about.namespace)
    };
    if let Some(volume) = tables.volumes().filter(of_class).find(|volume| volume.status.phase == VolumePhase::Released && named(volume)) {
        return Cause::of("claim-pending", "pv-released-claimref", volume.key());
    }
    // A volume that is kept for a claim which is not there.
    let kept = |volume: &&Rc<Volume>| {
        let of = volume.spec.claim.as_ref().map(ClaimRef::namespaced_name);
        of.is_some_and(|of| tables.claim(&of.namespace, &of.name).is_none()) && volume.status.phase != VolumePhase::Bound
    };
    if let Some(volume) = tables.volumes().filter(of_class).find(kept) {
        return Cause::of("claim-pending", "pv-reserved", volume.key());
    }
    let size = |text: &str| Quantity::read(&Value::from(text)).unwrap_or_default();
    let free = |volume: &&Rc<Volume>| volume.spec.claim.is_none();
    let small = |volume: &&Rc<Volume>| size(&volume.spec.capacity) < size(&claim.spec.request);
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
