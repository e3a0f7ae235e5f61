//! The persistent volume controller: binds claims to volumes, and reclaims volumes whose claim is gone.
//!
//! Models pkg/controller/volume/persistentvolume/pv_controller.go syncClaim and syncVolume, and
//! component-helpers/storage/volume FindMatchingVolume. Volumes themselves are created by a provisioner, which is triggered by an
//! annotation on the claim.
//! Not modelled: recycling, so that a volume with that policy stays as it was released; access modes of block devices, volume attribute
//! classes.

use base::sort::Sort;
use base::sorted::SortedSet;
use std::rc::Rc;

use super::cache::Cache;
use super::plan::{NO_PRECONDITION, OnError, PendingEvent, Plan, Step};
use super::registration::{Registration, Watch, own_key};
use super::seen::View;
use super::volume_maker::maker;
use super::volume_match::{find_matching_volume, mismatch};
use api::client::DeleteOptions;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::storage::{
    BIND_COMPLETED, BOUND_BY_CONTROLLER, ClaimPhase, ClaimRef, ClaimStatus, PROVISIONED_BY, RECLAIM_DELETE, STORAGE_PROVISIONER,
    STORAGE_PROVISIONER_BETA, VolumePhase,
};
use api::object::{Claim, Name, Object, ObjectKey, StorageClass, Volume};
use base::time::{Span, Time};
use base::word::Word;
use server::request::Request;
use why::{Component, Decision, Maintenance, Reason, Verdict};

/// The controller of claims.
pub static CLAIMS: Registration = Registration {
    watches_last: &[(Kind::PersistentVolume, watch_volume)],
    ..Registration::new(&[(Kind::PersistentVolumeClaim, own_key)], |view, key, _| plan_claim(view, key))
};
/// The controller of volumes.
pub static VOLUMES: Registration =
    Registration::new(&[(Kind::PersistentVolumeClaim, volume_of), (Kind::PersistentVolume, own_key)], |view, key, _| {
        plan_volume(view, key)
    });
/// The source component of this controller's events.
const SOURCE: &str = "persistentvolume-controller";

/// How often all claims and volumes are resynced together. pkg/controller/volume/persistentvolume defaults, 15 seconds.
const RESYNC: Span = Span::seconds(15);

/// Queues the volume that a changed claim names.
pub(super) fn volume_of(watch: &mut Watch) {
    if let Some(claim) = watch.change.object().and_then(Object::as_claim).filter(|claim| !claim.spec.volume.is_empty()) {
        watch.enqueue(&ObjectKey::global(Kind::PersistentVolume, &claim.spec.volume));
    }
}

/// Queues the claim of a volume that is gone or was made for the claim. A claim that a user reserved a volume for, and did not name by its
/// uid, finds out at the next resync, as does one that its volume no longer names. Models pv_controller.go syncVolume.
fn watch_volume(watch: &mut Watch) {
    let View { cache, now, .. } = watch.view;
    let [before, after] = watch.change.sides(Object::as_volume);
    let claim = after.or(before).and_then(|volume| volume.spec.claim.as_ref());
    let is_to_bind = |of: &&ClaimRef| {
        let claim = cache.tables.claim(&of.namespace, &of.name);
        claim.is_some_and(|claim| of.uid == Some(claim.meta.uid) && claim.spec.volume.is_empty())
    };
    if let Some(claim) = claim.filter(|claim| after.is_none() || is_to_bind(claim)) {
        watch.enqueue(&claim.key());
    }
    let named = before.filter(|_| after.is_some()).and_then(|before| before.spec.claim.as_ref()).map(ClaimRef::key);
    if let Some(named) = named.filter(|named| claim.map(ClaimRef::key).as_ref() != Some(named)) {
        watch.enqueue_after(&named, now.until_stroke(RESYNC));
    }
}

/// Plans one sync of a claim.
fn plan_claim(view: View, key: &ObjectKey) -> Plan {
    let View { cache, now, .. } = view;
    let Some(claim) = cache.tables.claim(&key.namespace, &key.name) else { return Plan::default() };
    let sync = ClaimSync { cache, claim, now, key: key.clone() };
    if claim.bound() {
        sync.bound()
    } else if claim.spec.volume.is_empty() {
        sync.unbound()
    } else {
        sync.reserved()
    }
}

struct ClaimSync<'a> {
    cache: &'a Cache,
    claim: &'a Rc<Claim>,
    now: Time,
    key: ObjectKey,
}

impl ClaimSync<'_> {
    fn decide(&self, verdict: Verdict, because: Reason) -> Decision {
        Decision::new(Component::PersistentVolumeBinder, self.key.clone(), verdict, because)
    }

    fn says(&self, kind: EventType, reason: &'static str, message: impl Into<Word>) -> PendingEvent {
        PendingEvent::of(self.key.clone(), &self.claim.meta, SOURCE, kind, reason, message)
    }

    /// Waits for a change or the next resync.
    fn waits(&self, because: Reason, say: Option<PendingEvent>) -> Plan {
        let resync = self.now.until_stroke(RESYNC);
        let decision = self.decide(Verdict::Waits, because).until(self.now + resync);
        Plan { say: say.into_iter().collect(), again: Some(resync), ..Plan::nothing(decision) }
    }

    /// The same for a claim that is bound to nothing: whatever its status told before. Models updateClaimStatus.
    fn pends(&self, because: Reason, say: Option<PendingEvent>) -> Plan {
        let mut plan = self.waits(because, say);
        let ClaimStatus { phase, capacity, granted, .. } = &self.claim.status;
        if *phase != ClaimPhase::Pending || !capacity.is_empty() || !granted.is_empty() {
            plan.then(self.to_phase(ClaimPhase::Pending));
        }
        plan
    }

    /// The write of a phase in which no volume counts.
    fn to_phase(&self, phase: ClaimPhase) -> Step {
        let mut claim = (**self.claim).clone();
        claim.status = ClaimStatus { phase, conditions: claim.status.conditions, ..ClaimStatus::default() };
        Step::new(Request::Update(claim.into()))
    }

    /// A claim that names no volume yet.
    fn unbound(&self) -> Plan {
        let class = self.claim.class().filter(|c| !c.is_empty()).and_then(|c| self.cache.tables.class("", c));
        let delayed = class.is_some_and(|c| c.body.waits_for_consumer);
        if let Some(volume) = self.matching_volume(delayed) {
            return self.bind(volume);
        }
        if self.claim.class().is_none() {
            return self.without_class();
        }
        if delayed && self.claim.selected_node().is_none() {
            return self.waits_for_consumer();
        }
        match (class, self.claim.class().is_some_and(|c| !c.is_empty())) {
            (Some(class), _) => self.provision(class),
            (None, true) => {
                let class = Name::from(self.claim.class().unwrap_or_default());
                let message = format!("storageclass.storage.k8s.io \"{class}\" not found");
                self.waits(Reason::StorageClassNotFound { class }, Some(self.says(EventType::Warning, "ProvisioningFailed", message)))
            }
            (None, false) => self.failed_binding(),
        }
    }

    fn failed_binding(&self) -> Plan {
        let message = "no persistent volumes available for this claim and no storage class is set";
        // A claim that opts out of classes with an empty name never gets the default one.
        let because = if self.claim.class().is_some() { Reason::NoVolumeFits } else { Reason::NoStorageClass };
        self.pends(because, Some(self.says(EventType::Normal, "FailedBinding", message)))
    }

    /// A claim created without a class when there was no default: it gets today's default class, if there is one.
    fn without_class(&self) -> Plan {
        let Some(class) = self.cache.tables.default_class() else { return self.failed_binding() };
        let mut claim = Rc::clone(self.claim);
        Rc::make_mut(&mut claim).spec.set(&["storageClassName"], &class.meta.name);
        let mut plan = Plan::nothing(
            self.decide(Verdict::Acts, Reason::Maintenance(Maintenance::TakesDefaultClass { class: Rc::clone(&class.meta.name) })),
        );
        plan.then(Step::new(Request::Update(Object::Claim(claim))));
        plan
    }

    fn waits_for_consumer(&self) -> Plan {
        let waiting: Vec<&str> = self
            .cache
            .users_of(&self.key.namespaced_name())
            .filter(|pod| self.cache.tables.pod(&self.key.namespace, pod).is_some_and(|p| p.node.is_none()))
            .map(|pod| &**pod)
            .collect();
        let pending_event = match waiting.as_slice() {
            [] => self.says(EventType::Normal, "WaitForFirstConsumer", "waiting for first consumer to be created before binding"),
            [one] => self.says(EventType::Normal, "WaitForPodScheduled", ["waiting for pod ", one, " to be scheduled"].concat()),
            many => self.says(EventType::Normal, "WaitForPodScheduled", format!("waiting for pods {} to be scheduled", many.join(","))),
        };
        self.pends(Reason::WaitsForFirstConsumer, Some(pending_event))
    }

    /// Asks the class's provisioner for a volume.
    fn provision(&self, class: &StorageClass) -> Plan {
        let provisioner = match maker(&class.body.provisioner) {
            Ok(provisioner) => provisioner,
            Err(why) => return self.waits(Reason::NoVolumeFits, Some(self.says(EventType::Warning, "ProvisioningFailed", why))),
        };
        let message = [
            "Waiting for a volume to be created either by the external provisioner '",
            &provisioner,
            "' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and \
             correctly registered.",
        ];
        let message = message.concat();
        let decision = match self.going_volume() {
            Some(volume) => self
                .decide(Verdict::Waits, Reason::VolumeGoes { volume: Rc::clone(&volume.meta.name) })
                .blocked_by(ObjectKey::global(Kind::PersistentVolume, &volume.meta.name)),
            None => self.decide(Verdict::Waits, Reason::WaitsForProvisioner { provisioner: Rc::clone(&provisioner) }),
        };
        let resync = self.now.until_stroke(RESYNC);
        let mut plan = Plan { again: Some(resync), ..Plan::nothing(decision.until(self.now + resync)) };
        plan.say.push(self.says(EventType::Normal, "ExternalProvisioning", message));
        if self.claim.meta.annotation(STORAGE_PROVISIONER) != Some(&provisioner) {
            let mut claim = Rc::clone(self.claim);
            let annotations = Rc::make_mut(&mut Rc::make_mut(&mut claim).meta.annotations);
            annotations.insert(STORAGE_PROVISIONER.into(), Rc::clone(&provisioner));
            annotations.insert(STORAGE_PROVISIONER_BETA.into(), provisioner);
            plan.then(Step::new(Request::Update(Object::Claim(claim))));
        }
        plan
    }

    /// The volume for this claim that was deleted between its own becoming Bound and the claim's: it is taken for in use, and not for
    /// the claim's. Models pv_helpers.go FindMatchingVolume and pv_protection_controller.go isBeingUsed.
    fn going_volume(&self) -> Option<&Rc<Volume>> {
        let names_it = |volume: &&Rc<Volume>| volume.spec.claim.as_ref().is_some_and(|claim| self.is_ours(claim));
        self.cache.tables.volumes_for(self.claim).filter(names_it).find(|v| v.meta.terminating() && v.status.phase == VolumePhase::Bound)
    }

    /// A claim that names its volume but is not fully bound to it.
    fn reserved(&self) -> Plan {
        let Some(volume) = self.cache.tables.volume("", &self.claim.spec.volume) else {
            let because = Reason::WaitsForVolume { volume: Rc::clone(&self.claim.spec.volume) };
            return self.pends(because, None);
        };
        let wrong = if volume.spec.claim.is_none() { mismatch(volume, self.claim) } else { None };
        if let Some(why) = wrong {
            let message = format!("Cannot bind to requested volume \"{}\": {why}", volume.meta.name);
            let because = Reason::VolumeDoesNotSuit { volume: Rc::clone(&volume.meta.name), why: why.into() };
            return self.pends(because, Some(self.says(EventType::Warning, "VolumeMismatch", message)));
        }
        let Some(other) = volume.spec.claim.as_ref().filter(|c| !self.is_ours(c)) else { return self.bind(volume) };
        let message = format!("volume \"{}\" already bound to a different claim.", volume.meta.name);
        let because = Reason::VolumeTaken { volume: Rc::clone(&volume.meta.name), by: other.key() };
        let say = Some(self.says(EventType::Warning, "FailedBinding", message));
        if self.claim.meta.annotation(BOUND_BY_CONTROLLER).is_none() {
            return self.pends(because, say);
        }
        let spelled = |of: &ObjectKey| format!("\"{}/{}\"", of.namespace, of.name);
        let (claim, taken_by) = (spelled(&self.key), spelled(&other.key()));
        let error = format!("invalid binding of claim {claim} to volume \"{}\": volume already claimed by {taken_by}", volume.meta.name);
        Plan { error: Some(error.into()), ..self.waits(because, say) }
    }

    fn bound(&self) -> Plan {
        let lost = |reason: &'static str, message: &'static str| {
            let because = Reason::VolumeLost { volume: Rc::clone(&self.claim.spec.volume) };
            let resync = Some(self.now.until_stroke(RESYNC));
            let mut plan = Plan { again: resync, ..Plan::nothing(self.decide(Verdict::Refused, because)) };
            if self.claim.status.phase != ClaimPhase::Lost {
                plan.then(self.to_phase(ClaimPhase::Lost));
                plan.say.push(self.says(EventType::Warning, reason, message));
            }
            plan
        };
        if self.claim.spec.volume.is_empty() {
            return lost("ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
        }
        let Some(volume) = self.cache.tables.volume("", &self.claim.spec.volume) else {
            return lost("ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
        };
        match &volume.spec.claim {
            Some(c) if c.uid == Some(self.claim.meta.uid) => {
                let is_told = self.claim.status.phase == ClaimPhase::Bound && self.claim.status.granted == volume.spec.modes;
                if is_told && volume.status.phase == VolumePhase::Bound {
                    Plan::nothing(self.decide(Verdict::Done, Reason::ClaimBound { volume: Rc::clone(&volume.meta.name) }))
                } else {
                    self.bind(volume)
                }
            }
            None => self.bind(volume),
            Some(_) => lost("ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly"),
        }
    }

    fn is_ours(&self, c: &ClaimRef) -> bool {
        c.namespace == self.key.namespace && c.name == self.key.name && c.uid.is_none_or(|u| u == self.claim.meta.uid)
    }

    /// The up to four writes that bind claim and volume, in order; those already made are skipped. Models pv_controller.go bind.
    fn bind(&self, volume: &Rc<Volume>) -> Plan {
        let mut plan = Plan::nothing(self.decide(Verdict::Acts, Reason::ClaimBound { volume: Rc::clone(&volume.meta.name) }));
        let mut chain = Vec::new();
        let mut v = (**volume).clone();
        if v.spec.claim.as_ref().is_none_or(|c| c.uid.is_none()) {
            v.reserve_for(self.claim);
            chain.push(Step::new(Request::Update(v.clone().into())));
            v.meta.revision = NO_PRECONDITION;
        }
        if v.status.phase != VolumePhase::Bound {
            v.status.enters(VolumePhase::Bound, self.now);
            chain.push(Step::new(Request::Update(v.clone().into())));
        }
        let mut c = (**self.claim).clone();
        if !c.bound() || c.spec.volume != v.meta.name {
            let chosen = c.spec.volume.is_empty();
            c.spec.set(&["volumeName"], &v.meta.name);
            let annotations = Rc::make_mut(&mut c.meta.annotations);
            annotations.insert(BIND_COMPLETED.into(), "yes".into());
            if chosen {
                annotations.insert(BOUND_BY_CONTROLLER.into(), "yes".into());
            }
            chain.push(Step::new(Request::Update(c.clone().into())));
            c.meta.revision = NO_PRECONDITION;
        }
        // How large it is was told when it was bound: it may have been expanded since.
        if c.status.phase != ClaimPhase::Bound || c.status.granted != v.spec.modes {
            if c.status.phase != ClaimPhase::Bound {
                c.status.capacity = Rc::clone(&v.spec.capacity);
            }
            (c.status.phase, c.status.granted) = (ClaimPhase::Bound, v.spec.modes.clone());
            chain.push(Step::new(Request::Update(c.into())));
        }
        plan.batches.push(vec![chain]);
        plan
    }

    /// The volume pre-bound to this claim or, unless the class leaves the choice to the scheduler, the smallest unbound one that fits.
    /// Volumes with the fewest access modes are tried first, and a pre-bound one is found only when its group's turn comes.
    /// Models index.go findByClaim.
    fn matching_volume(&self, delayed: bool) -> Option<&Rc<Volume>> {
        let suits =
            |v: &&Rc<Volume>| (!delayed || v.spec.claim.is_some()) && self.claim.spec.modes.iter().all(|mode| v.spec.modes.contains(mode));
        let mut volumes: Vec<&Rc<Volume>> = self.cache.tables.volumes_for(self.claim).filter(suits).collect();
        let modes = |volume: &&Rc<Volume>| {
            let modes: SortedSet<Name> = volume.spec.modes.iter().cloned().collect();
            (modes.len(), modes)
        };
        volumes.sort_small_by_key(modes);
        let mut groups = volumes.chunk_by(|one, next| modes(one) == modes(next));
        groups.find_map(|volumes| find_matching_volume(self.claim, volumes.iter().copied(), None, &SortedSet::new()))
    }
}

/// Plans one sync of a volume.
fn plan_volume(view: View, key: &ObjectKey) -> Plan {
    let (View { cache, now, .. }, name) = (view, &key.name);
    let Some(volume) = cache.tables.volume("", name) else { return Plan::default() };
    let to_phase = |phase: VolumePhase| {
        let mut changed = (**volume).clone();
        changed.status.enters(phase, now);
        Step::new(Request::Update(changed.into()))
    };
    let acts = |because, step| {
        let mut plan = Plan::nothing(Decision::new(Component::PersistentVolumeBinder, key.clone(), Verdict::Acts, because));
        plan.then(step);
        plan
    };
    let Some((reference, uid)) = volume.spec.claim.as_ref().and_then(|reference| Some((reference, reference.uid?))) else {
        if volume.status.phase == VolumePhase::Available {
            return Plan::default();
        }
        return acts(Reason::Maintenance(Maintenance::StatusFollows), to_phase(VolumePhase::Available));
    };
    let released = || Reason::Maintenance(Maintenance::VolumeReleased { claim: Rc::clone(&reference.name) });
    let claim = cache.tables.claim(&reference.namespace, &reference.name).filter(|c| c.meta.uid == uid);
    let provisioned = *volume.spec.reclaim == *RECLAIM_DELETE && volume.meta.annotation(PROVISIONED_BY).is_some();
    match claim {
        Some(claim) if claim.spec.volume == *name && volume.status.phase == VolumePhase::Bound => Plan::default(),
        Some(claim) if claim.spec.volume == *name => acts(Reason::Maintenance(Maintenance::StatusFollows), to_phase(VolumePhase::Bound)),
        // The claim's own sync binds it. If the claim goes away before that, only the resync notices.
        Some(claim) if claim.spec.volume.is_empty() => Plan { again: Some(now.until_stroke(RESYNC)), ..Plan::default() },
        Some(_) if !provisioned => acts(released(), unbind(volume, now)),
        _ if volume.status.phase == VolumePhase::Released || volume.status.phase == VolumePhase::Failed => {
            if provisioned && !volume.meta.terminating() {
                let delete = Request::Delete(key.clone(), DeleteOptions::default());
                acts(Reason::ReclaimsVolume, Step::new(delete).on_error(OnError::IgnoreNotFound))
            } else if *volume.spec.reclaim == *RECLAIM_DELETE
                && volume.meta.annotation(PROVISIONED_BY).is_none()
                && volume.spec.value().get("csi").is_none()
            {
                delete_by_hand(volume, key.clone(), now)
            } else {
                Plan::default()
            }
        }
        _ => acts(released(), to_phase(VolumePhase::Released)),
    }
}

/// Deletes a volume that was not dynamically provisioned, as far as the control plane can: for host paths below `/tmp` there is
/// nothing left to do, everything else fails. Models pv_controller.go deleteVolumeOperation and the volume plugins' deleters.
fn delete_by_hand(volume: &Volume, key: ObjectKey, now: Time) -> Plan {
    let decide = |verdict, because| Decision::new(Component::PersistentVolumeBinder, key.clone(), verdict, because);
    let path = volume.spec.value().text_at(&["hostPath", "path"]);
    let none = |what: &str| format!("error getting deleter volume plugin for volume \"{}\": {what}", volume.meta.name);
    let error: Word = match path {
        Some(path) if path.split_once("/tmp/").is_some_and(|(_, rest)| !rest.is_empty()) => {
            let mut plan = Plan::nothing(decide(Verdict::Acts, Reason::ReclaimsVolume));
            if !volume.meta.terminating() {
                plan.then(Step::new(Request::Delete(key.clone(), DeleteOptions::default())).on_error(OnError::IgnoreNotFound));
            }
            return plan;
        }
        Some(path) => format!("host_path deleter only supports /tmp/.+ but received provided {path}").into(),
        None if volume.spec.value().get("nfs").is_some() => none("no deletable volume plugin matched").into(),
        None => none("no volume plugin matched").into(),
    };
    let mut plan = Plan::nothing(decide(Verdict::Refused, Reason::VolumeStays { error: error.clone() }));
    if volume.status.phase != VolumePhase::Failed {
        let mut failed = volume.clone();
        (failed.status.phase, failed.status.phase_since, failed.status.message) = (VolumePhase::Failed, now, error.clone());
        let pending_event = PendingEvent::of(key, &volume.meta, SOURCE, EventType::Warning, "VolumeFailedDelete", error);
        plan.then(Step::new(Request::Update(failed.into())).says(pending_event));
    }
    plan
}

/// Unbinds a volume whose claim got another one: if the controller bound it, it becomes available; if a user did, it stays pre-bound.
/// Models pv_controller.go unbindVolume.
fn unbind(volume: &Volume, now: Time) -> Step {
    let mut free = volume.clone();
    if free.meta.annotation(BOUND_BY_CONTROLLER).is_some() {
        Rc::make_mut(&mut free.meta.annotations).remove(BOUND_BY_CONTROLLER);
        free.spec.edit(|spec| drop(spec.remove(&["claimRef"])));
    } else {
        free.spec.edit(|spec| ["resourceVersion", "uid"].into_iter().for_each(|key| drop(spec.remove(&["claimRef", key]))));
    }
    free.status.enters(VolumePhase::Available, now);
    Step::new(Request::Update(free.into()))
}
