//! Reasons to causes: which family a reason belongs to, and on which object it hangs.
//!
//! A reason says what a component waits for; the objects say the rest. Nothing here decides what waits.

use std::rc::Rc;

use crate::Instant;
use crate::claims::users;
use crate::foremost::{Foremost, foremost};
use crate::port::undeclared_port;
use crate::rollout::is_trapped;
use api::kind::Kind;
use api::object::pod_status::KILLED;
use api::object::storage::{ClaimRef, VolumePhase};
use api::object::{Name, ObjectKey, Pod, StatefulSet, Volume};
use api::obstacle::Obstacle;
use api::well_known::CONTROLLER_REVISION_HASH;
use base::fields::{Field, Fields};
use base::quantity::Quantity;
use base::value::Value;
use cluster::images::may_be_ended;
use cluster::inside::Wish;
use cluster::scheduler::{self, Rule};
use server::tables::Tables;
use sim::Sim;
use text::Lang;
use why::explain::{Link, explain};
use why::log::Entry;
use why::{Cause, Component, Family, Lack, Plugin, Reason};

/// The prefix of taints that Kubernetes sets itself.
pub const OWN_TAINTS: &str = "node.kubernetes.io/";

base::named! {
    /// How sure a verdict is.
    Sure {
        /// The objects say so.
        Certain "certain",
        /// It follows from something that was assumed, or only the container knows more.
        Likely "likely",
        /// The paste does not say.
        Unknown "unknown",
    }
}

/// A cause, what it hangs on, and how sure that is.
#[derive(Clone, Debug, PartialEq)]
pub struct Blame {
    pub cause: Cause,
    pub object: ObjectKey,
    pub sure: Sure,
    /// The names and figures of the message that says so, by what they are; empty where objects say so.
    pub said: Fields,
}

impl Blame {
    /// A cause that the objects say.
    pub fn of(cause: Cause, object: ObjectKey) -> Blame {
        Blame { cause, object, sure: Sure::Certain, said: Fields::default() }
    }

    /// The family of the cause.
    pub fn family(&self) -> Family {
        self.cause.family()
    }

    /// The same as one that is only likely.
    #[must_use]
    pub fn likely(self) -> Blame {
        Blame { sure: Sure::Likely, ..self }
    }

    /// The same as one that is not known.
    #[must_use]
    pub fn unknown(self) -> Blame {
        Blame { sure: Sure::Unknown, ..self }
    }
}

/// The cause at the end of a chain.
pub fn cause_of(sim: &Sim, key: &ObjectKey, chain: &[Link]) -> Option<Blame> {
    let shot = Instant::of(sim, Lang::English);
    let tables = sim.tables();
    let set = tables.stateful_set(&key.namespace, &key.name)?;
    let own = |pod: &&Rc<Pod>| pod.meta.is_controlled_by(set.meta.uid);
    let trapped = chain.iter().rev().find_map(|link| tables.get(&link.about)?.as_pod().filter(|pod| is_trapped(&shot, set, pod)));
    if let Some(pod) = trapped {
        let crashes = pod.status.containers.iter().any(|container| container.restarts > 0);
        let all = tables.pods().filter(own).filter(|pod| is_trapped(&shot, set, pod)).count() > 1;
        let lowest = tables.pods().filter(own).find(|pod| is_trapped(&shot, set, pod)).map_or(pod.key(), |pod| pod.key());
        let (detail, object) = match pod_reason(sim, pod) {
            _ if crashes && all => (Cause::CrashAllPodsAfterRollback, lowest),
            Some(Reason::ImagePullFails { .. }) => (Cause::RollbackTrapImage, pod.key()),
            Some(Reason::CrashLoop { .. }) => (Cause::RollbackTrapCrash, pod.key()),
            _ => (Cause::RollbackTrapNeverReady, pod.key()),
        };
        return Some(Blame::of(detail, object));
    }
    if let Some(held) = chain.iter().find_map(|link| held_elsewhere(tables, set, link)) {
        return Some(held);
    }
    let (link, entry) = chain.iter().rev().find_map(|link| Some((link, link.entry.as_ref()?)))?;
    by_reason(sim, set, link, entry).or_else(|| pods_that_nobody_places(sim, set))
}

/// The cause of a pod whose volume another pod, which runs on, keeps on another node.
fn held_elsewhere(tables: &Tables, set: &StatefulSet, link: &Link) -> Option<Blame> {
    let decision = &link.entry.as_ref()?.decision;
    let Reason::WaitsForDetach { volume, node } = &decision.because else { return None };
    let user = tables.get(decision.blocked_by.as_ref()?)?.as_pod().filter(|user| user.ready() && !user.meta.terminating())?;
    let pod = tables.pod(&link.about.namespace, &link.about.name)?;
    let mut blame = Blame::of(Cause::MultiAttach, link.about.clone());
    for (name, said) in [("volume", volume), ("other", node), ("user", &user.meta.name)] {
        blame.said.text(name, &**said);
    }
    let is_it = |claim: &&Name| tables.claim(&pod.meta.namespace, claim).is_some_and(|claim| claim.spec.volume == *volume);
    let mut claims = pod.claim_volumes().map(|volume| &volume.claim);
    // A claim that no template makes is one for all pods of the set.
    let shared = claims.find(is_it).filter(|claim| set.of_claim(claim).is_none());
    if let Some(claim) = shared {
        blame.said.text("shared", &**claim);
    }
    Some(blame)
}

/// The decision of whoever is in charge of a pod.
fn pod_reason(sim: &Sim, pod: &Pod) -> Option<Reason> {
    let links = explain(sim.tables(), sim.decisions(), None, &pod.key()).links;
    Some(links.first()?.entry.as_ref()?.decision.because.clone())
}

/// The cause that a reason stands for.
fn by_reason(sim: &Sim, set: &Rc<StatefulSet>, link: &Link, entry: &Entry) -> Option<Blame> {
    if let Some(cause) = of_claim(sim, &link.about, &entry.decision.because) {
        return Some(cause);
    }
    let (tables, about) = (sim.tables(), &link.about);
    let own = |kind: Kind, name: &Name| ObjectKey::new(kind, &about.namespace, name);
    Some(match &entry.decision.because {
        Reason::SyncFailed { error, obstacle, .. } => in_words(refused(sim, set, obstacle.as_ref()), error),
        Reason::ClaimIsBeingDeleted { claim, .. } | Reason::StaleClaim { claim, .. } => {
            leaving_claim(sim, own(Kind::PersistentVolumeClaim, claim))
        }
        Reason::NameTaken { ordinal } => Blame::of(Cause::NameTaken, own(Kind::Pod, &set.pod_name(*ordinal))),
        Reason::ImagePullFails { .. } | Reason::InvalidImageName { .. } => {
            let detail = if set.parallel() {
                Cause::ImagePullParallel
            } else if is_new(set, tables.pod(&about.namespace, &about.name)) {
                Cause::ImagePullDuringRollout
            } else {
                Cause::ImagePull
            };
            Blame::of(detail, about.clone())
        }
        Reason::CrashLoop { container, exit_code } if is_ended_by_probe(tables, about, container, *exit_code) => {
            Blame::of(Cause::LivenessProbe, about.clone()).likely()
        }
        Reason::CrashLoop { container, .. } => {
            let uid = tables.pod(&about.namespace, &about.name).map(|pod| pod.meta.uid);
            let refused = uid.and_then(|uid| sim.disks().refused_for(uid, container));
            let open = refused.filter(|wanted| wanted.wish == Wish::Filled).map(|wanted| &wanted.variable);
            let mut blame = Blame::of(Cause::CrashLoop, about.clone());
            open.put("open", &mut blame.said);
            blame
        }
        Reason::CannotStart { .. } => Blame::of(Cause::CannotStart, about.clone()),
        Reason::OutOfMemory { .. } => Blame::of(Cause::OutOfMemory, about.clone()),
        Reason::FailedProbe { .. } => Blame::of(Cause::LivenessProbe, about.clone()),
        // A volume is mounted before any container is made.
        Reason::MissingReference { backs_off, .. } => {
            Blame::of(if *backs_off { Cause::MountConfigMissing } else { Cause::ConfigMissing }, about.clone())
        }
        Reason::RunsAsRoot { container, .. } => {
            let mut blame = Blame::of(Cause::RunsAsRoot, about.clone());
            blame.said.text("container", &**container);
            blame
        }
        Reason::InitContainerRuns { .. } | Reason::HookRuns { .. } | Reason::HookFailed { .. } => {
            Blame::of(Cause::Init, about.clone()).likely()
        }
        Reason::NotReadyYet | Reason::ProbeFails { .. } => unready(sim, set, about),
        Reason::ReadinessGatesClosed(..) => Blame::of(Cause::ReadinessGate, about.clone()),
        Reason::SchedulingGated(..) => Blame::of(Cause::SchedulingGate, about.clone()),
        Reason::Unschedulable { message, by, lacks } => unplaced(sim, about, message, by, lacks),
        Reason::WaitsForFirstConsumer => return user_of(sim, about),
        Reason::NodeIsSilent { .. }
        | Reason::EvictedByTaint { .. }
        | Reason::NodeFellSilent { .. }
        | Reason::ToleratesTaintFor { .. }
        | Reason::WaitsForNodeToReturn { .. } => {
            let pod = if about.kind == Kind::Pod { about.clone() } else { silent_pod(sim, set)? };
            let leaves = tables.pod(&pod.namespace, &pod.name).is_some_and(|pod| pod.meta.terminating());
            Blame::of(if leaves { Cause::NodeUnreachablePodTerminating } else { Cause::NodeUnreachable }, pod)
        }
        Reason::HeldByFinalizer { .. } => Blame::of(finalizer_detail(about.kind), about.clone()),
        Reason::WaitsForDetach { .. } | Reason::AttachesVolume { .. } => Blame::of(Cause::Attach, about.clone()),
        Reason::OnDeleteWaitsForYou { .. } => Blame::of(Cause::OnDelete, set.key()),
        Reason::BelowPartition { .. } => Blame::of(Cause::Partition, set.key()),
        Reason::NoDisruptionAllowed(..) => Blame::of(Cause::BudgetAllowsNone, about.clone()),
        _ => return None,
    })
}

/// Whether a container that exits again and again was killed, and has a probe that may end it.
fn is_ended_by_probe(tables: &Tables, pod: &ObjectKey, container: &Name, exit_code: i64) -> bool {
    let spec = tables.pod(&pod.namespace, &pod.name).map(|pod| pod.spec.template.raw.list_at(&["containers"]));
    let mut all = spec.into_iter().flatten();
    exit_code == KILLED && all.any(|one| one.text_at(&["name"]) == Some(container) && may_be_ended(one))
}

/// The cause where a claim has no volume.
pub fn of_claim(sim: &Sim, about: &ObjectKey, because: &Reason) -> Option<Blame> {
    Some(match because {
        Reason::NoStorageClass => Blame::of(Cause::NoDefaultStorageClass, about.clone()),
        // Where volumes of that class are made by hand, no class is needed.
        Reason::StorageClassNotFound { .. } if has_volumes(sim, about) => no_volume(sim, about),
        Reason::StorageClassNotFound { .. } => Blame::of(Cause::StorageClassNotFound, about.clone()),
        Reason::NoProvisionerRuns { .. } | Reason::WaitsForProvisioner { .. } | Reason::ProvisionerRefuses { .. } => {
            let claim = sim.tables().claim(&about.namespace, &about.name)?;
            let class = claim.class().unwrap_or_default();
            let detail =
                if matches!(because, Reason::ProvisionerRefuses { .. }) { Cause::ProvisionerRefuses } else { Cause::ProvisionerNotRunning };
            Blame::of(detail, ObjectKey::global(Kind::StorageClass, &class.into()))
        }
        Reason::NoVolumeFits | Reason::WaitsForVolume { .. } | Reason::VolumeTaken { .. } | Reason::VolumeDoesNotSuit { .. } => {
            no_volume(sim, about)
        }
        Reason::VolumeLost { .. } => Blame::of(Cause::PvcLost, about.clone()),
        _ => return None,
    })
}

/// The finer cause of an object that a finalizer holds.
pub fn finalizer_detail(kind: Kind) -> Cause {
    match kind {
        Kind::Pod => Cause::PodFinalizer,
        Kind::PersistentVolumeClaim => Cause::PvcTerminatingFinalizer,
        _ => Cause::Finalizer,
    }
}

/// Whether a finalizer is nobody's in the control plane.
pub fn is_foreign(finalizer: &str) -> bool {
    !finalizer.starts_with("kubernetes.io/") && !["foregroundDeletion", "orphan", "kubernetes"].contains(&finalizer)
}

/// The cause of a refusal for an amount, with the server's words for the amounts.
fn in_words(mut blame: Blame, error: &str) -> Blame {
    let amounts = error.split_once(" is forbidden: ").map(|(_, words)| words);
    if let Some(words) = amounts.filter(|_| [Cause::QuotaExceeded, Cause::LimitRange].contains(&blame.cause)) {
        blame.said.text("amounts", words);
    }
    blame
}

/// The cause where a request for a pod was refused.
fn refused(sim: &Sim, set: &StatefulSet, obstacle: Option<&Obstacle>) -> Blame {
    let of = |kind: Kind, name: &Name| ObjectKey::new(kind, &set.meta.namespace, name);
    match obstacle {
        // A pod of an old revision may name another account than the template of the set does.
        Some(Obstacle::Missing(Kind::ServiceAccount, account)) => {
            let mut blame = Blame::of(Cause::ServiceAccountMissing, set.key());
            blame.said.text("account", &**account);
            let of_set = set.spec.template.raw.text_at(&["serviceAccountName"]).unwrap_or("default");
            if *of_set != **account {
                blame.said.text("newer", of_set);
            }
            blame
        }
        Some(Obstacle::Unstated(kind, quota)) => Blame::of(Cause::QuotaMustSpecifyRequests, of(*kind, quota)),
        Some(Obstacle::Limit(Kind::ResourceQuota, quota)) => Blame::of(Cause::QuotaExceeded, of(Kind::ResourceQuota, quota)),
        Some(Obstacle::Limit(kind, range)) => Blame::of(Cause::LimitRange, of(*kind, range)),
        Some(Obstacle::PodSecurity { namespace, level, .. }) => {
            let detail = if level.starts_with("restricted") { Cause::PodSecurityRestricted } else { Cause::PodSecurityBaseline };
            Blame::of(detail, ObjectKey::global(Kind::Namespace, namespace))
        }
        Some(Obstacle::Leaving(Kind::PersistentVolumeClaim, claim)) => leaving_claim(sim, of(Kind::PersistentVolumeClaim, claim)),
        Some(Obstacle::Leaving(kind, name)) => Blame::of(Cause::Leaving, of(*kind, name)),
        Some(Obstacle::Taken(kind, name)) => Blame::of(Cause::NameTaken, of(*kind, name)),
        _ => Blame::of(Cause::Refused, set.key()),
    }
}

/// The cause where a claim is being deleted.
fn leaving_claim(sim: &Sim, claim: ObjectKey) -> Blame {
    let held = sim.tables().get(&claim).is_some_and(|claim| claim.meta().finalizers.iter().any(|name| is_foreign(name)));
    let stays = |pod: &&Rc<Pod>| pod.node.is_some() && !pod.meta.terminating() && !pod.status.phase.terminal();
    if let Some(pod) = users(sim.tables(), &claim.namespace, &claim.name).find(stays).filter(|_| !held) {
        return Blame::of(Cause::ClaimInUse, pod.key());
    }
    Blame::of(if held { Cause::PvcTerminatingFinalizer } else { Cause::PvcTerminating }, claim)
}

/// Whether a pod is of the revision that is rolled out, and another has the current one.
fn is_new(set: &StatefulSet, pod: Option<&Rc<Pod>>) -> bool {
    let hash = pod.and_then(|pod| pod.meta.label(CONTROLLER_REVISION_HASH));
    set.status.current_revision != set.status.update_revision && hash.is_some_and(|hash| **hash == *set.status.update_revision)
}

/// The cause where a pod runs and is not Ready: the gate of an ordered start, if those after it do not exist.
fn unready(sim: &Sim, set: &StatefulSet, pod: &ObjectKey) -> Blame {
    let tables = sim.tables();
    let after = set.ordinal_of(&pod.name).map_or(0, |ordinal| ordinal + 1);
    let absent = (after..set.ordinals().end).any(|ordinal| tables.pod(&pod.namespace, &set.pod_name(ordinal)).is_none());
    let Some(found) = tables.pod(&pod.namespace, &pod.name) else { return Blame::of(Cause::NotReady, pod.clone()) };
    let wrong = found
        .spec
        .template
        .raw
        .list_at(&["containers"])
        .iter()
        .any(|container| container.get("readinessProbe").is_some_and(|probe| undeclared_port(container, probe).is_some()));
    let detail = match (absent && !set.parallel(), wrong) {
        (true, true) => Cause::GateWrongPort,
        (true, false) => Cause::GateNeverReady,
        (false, true) => Cause::WrongPort,
        (false, false) => Cause::NeverReady,
    };
    let cause = Blame::of(detail, pod.clone());
    if wrong { cause } else { cause.likely() }
}

/// The cause where a pod finds no node.
fn unplaced(sim: &Sim, pod: &ObjectKey, message: &str, by: &[Plugin], lacks: &[Lack]) -> Blame {
    let tables = sim.tables();
    let found = tables.pod(&pod.namespace, &pod.name);
    if let Some(cause) = found.and_then(|pod| without_volume(sim, pod)) {
        return cause;
    }
    let foremost = foremost(tables, found.map(|pod| &**pod), message, by);
    if foremost == Some(Foremost::Rule(Plugin::NodeVolumeLimits)) {
        return Blame::of(Cause::VolumeLimit, pod.clone());
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
        return Blame::of(if gone { Cause::VolumeNodeDeleted } else { Cause::VolumeNodeUnavailable }, volume.key());
    }
    let detail = match foremost {
        Some(Foremost::Company) => Cause::PodAffinityNoMatch,
        Some(Foremost::Apart | Foremost::Others) => return kept_apart(tables, pod, found),
        Some(Foremost::Rule(Plugin::NodeResourcesFit)) => too_little(lacks),
        Some(Foremost::Rule(Plugin::NodePorts)) => Cause::HostPortTaken,
        Some(Foremost::Rule(Plugin::PodTopologySpread)) => Cause::TopologySpread,
        Some(Foremost::Rule(Plugin::NodeAffinity)) if asks_for_a_place(found, tables) => Cause::WffcWaitsForUnschedulablePod,
        Some(Foremost::Rule(Plugin::NodeAffinity)) => Cause::NodeSelectorNoMatch,
        Some(Foremost::Rule(Plugin::TaintToleration)) => Cause::UntoleratedTaint,
        Some(Foremost::Rule(Plugin::NodeUnschedulable)) => Cause::Cordoned,
        _ => Cause::NoNodeFits,
    };
    let tainted = tables.nodes().find(|node| node.unschedulable || node.taints.iter().any(|taint| !taint.key.starts_with(OWN_TAINTS)));
    match tainted.filter(|_| [Cause::UntoleratedTaint, Cause::Cordoned].contains(&detail)) {
        Some(node) => Blame::of(detail, node.key()),
        None => Blame::of(detail, pod.clone()),
    }
}

/// The cause where no node has room for a pod, by what they lack.
fn too_little(lacks: &[Lack]) -> Cause {
    if lacks.contains(&Lack::Resource("memory".into())) {
        Cause::InsufficientMemory
    } else if lacks.contains(&Lack::Place) && !lacks.iter().any(|lack| matches!(lack, Lack::Resource(_))) {
        Cause::TooManyPods
    } else {
        Cause::InsufficientResources
    }
}

/// The cause where pods keep a pod away from nodes: which ones, and by whose rule.
fn kept_apart(tables: &Tables, key: &ObjectKey, pod: Option<&Rc<Pod>>) -> Blame {
    let Some(pod) = pod else { return Blame::of(Cause::AntiAffinityTooFewNodes, key.clone()) };
    let rule_of = |other: &Rc<Pod>| tables.nodes().find_map(|node| scheduler::apart(tables, pod, node, other));
    let apart: Vec<(&Rc<Pod>, Rule)> = tables.pods().filter_map(|other| Some((other, rule_of(other)?))).collect();
    let is_like = |other: &Pod| other.meta.owners == pod.meta.owners;
    let named = |test: &dyn Fn(&Pod) -> bool| {
        let names = apart.iter().filter(|(other, _)| test(other)).map(|(other, _)| format!("<{}>", other.meta.name));
        names.collect::<Vec<_>>().join(", ")
    };
    let by_others = !apart.is_empty() && apart.iter().all(|(_, rule)| *rule == Rule::Other);
    let mut blame = Blame::of(if by_others { Cause::ExistingAntiAffinity } else { Cause::AntiAffinityTooFewNodes }, key.clone());
    let (others, like) = (named(&|other| !is_like(other)), named(&is_like));
    for (name, pods) in [("others", others), ("like", like)] {
        if !pods.is_empty() {
            blame.said.text(name, pods);
        }
    }
    blame
}

/// The cause of the first claim of a pod that gets no volume whichever node the pod is put on.
fn without_volume(sim: &Sim, pod: &Pod) -> Option<Blame> {
    pod.claim_volumes().find_map(|volume| {
        let claim = ObjectKey::new(Kind::PersistentVolumeClaim, &pod.meta.namespace, &volume.claim);
        let there = sim.tables().get(&claim);
        if !volume.ephemeral && there.is_none_or(|there| there.meta().terminating()) {
            let mut blame = Blame::of(if there.is_none() { Cause::PvcMissing } else { Cause::PvcTerminating }, claim);
            // A claim of a template is called after it and the pod.
            if *volume.claim != *format!("{}-{}", volume.volume, pod.meta.name) {
                blame.said.text("beside", "beside");
            }
            return Some(blame);
        }
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
fn user_of(sim: &Sim, claim: &ObjectKey) -> Option<Blame> {
    let pod = users(sim.tables(), &claim.namespace, &claim.name).next()?;
    let entry = sim.decisions().by(&pod.key(), Component::Scheduler)?;
    match &entry.decision.because {
        Reason::Unschedulable { lacks, .. } if lacks.contains(&Lack::Volume) => Some(no_volume(sim, claim)),
        Reason::Unschedulable { message, by, lacks } => Some(unplaced(sim, &pod.key(), message, by, lacks)),
        Reason::SchedulingGated(..) => Some(Blame::of(Cause::SchedulingGate, pod.key())),
        _ => None,
    }
}

/// Whether there are volumes of the class that a claim asks for.
fn has_volumes(sim: &Sim, claim: &ObjectKey) -> bool {
    let class = sim.tables().claim(&claim.namespace, &claim.name).and_then(|claim| claim.class());
    class.is_some_and(|class| sim.tables().volumes().any(|volume| volume.class() == class))
}

/// The cause where no volume fits a claim: one that would, but for one thing; or the claim itself.
fn no_volume(sim: &Sim, about: &ObjectKey) -> Blame {
    let tables = sim.tables();
    let pending = Blame::of(Cause::NoVolumeFits, about.clone());
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
        return Blame::of(Cause::PvReleasedClaimRef, volume.key());
    }
    // A volume that is kept for a claim which is not there.
    let kept = |volume: &&Rc<Volume>| {
        let of = volume.spec.claim.as_ref().map(ClaimRef::namespaced_name);
        of.is_some_and(|of| tables.claim(&of.namespace, &of.name).is_none()) && volume.status.phase != VolumePhase::Bound
    };
    if let Some(volume) = tables.volumes().filter(of_class).find(kept) {
        return Blame::of(Cause::PvReserved, volume.key());
    }
    let size = |text: &str| Quantity::read(&Value::from(text)).unwrap_or_default();
    let free = |volume: &&Rc<Volume>| volume.spec.claim.is_none();
    let small = |volume: &&Rc<Volume>| size(&volume.spec.capacity) < size(&claim.spec.request);
    if let Some(volume) = tables.volumes().filter(of_class).filter(free).find(small) {
        return Blame::of(Cause::PvTooSmall, volume.key());
    }
    pending
}

/// A pod of a set on a node that nobody hears of.
fn silent_pod(sim: &Sim, set: &StatefulSet) -> Option<ObjectKey> {
    let silent = |pod: &&Rc<Pod>| pod.node.as_ref().is_some_and(|node| sim.tables().node("", node).is_some_and(|node| node.silent()));
    sim.tables().pods().filter(|pod| pod.meta.is_controlled_by(set.meta.uid)).find(silent).map(|pod| pod.key())
}

/// The cause where a pod has no node and no scheduler has said anything.
fn pods_that_nobody_places(sim: &Sim, set: &StatefulSet) -> Option<Blame> {
    let pod = sim.tables().pods().find(|pod| pod.meta.is_controlled_by(set.meta.uid) && pod.node.is_none())?;
    let name = pod.spec.template.raw.text_at(&["schedulerName"]).unwrap_or("default-scheduler");
    (name != "default-scheduler").then(|| Blame::of(Cause::UnknownScheduler, pod.key()))
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
