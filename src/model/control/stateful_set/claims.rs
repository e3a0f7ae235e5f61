//! The claims of a set's pods: when they are created and kept, and which owner references they carry.
//!
//! Models pkg/controller/statefulset/stateful_pod_control.go createPersistentVolumeClaims, UpdatePodClaimForRetentionPolicy,
//! PodClaimIsStale and stateful_set_utils.go isClaimOwnerUpToDate.

use std::rc::Rc;

use super::{Flow, PodVerb, Seen, Sync};
use crate::plan::{Chain, PendingEvent, Step};
use crate::set_pods::PodFacts;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::stateful_set::ClaimTemplate;
use api::object::{Claim, Meta, Name, Object, OwnerRef, Uid};
use api::obstacle::{Failure, Obstacle};
use base::list::List;
use server::request::Request;
use why::{Reason, Verdict};

/// Which of the set and the pod should own a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct WantedOwners {
    set: bool,
    pod: bool,
}

/// What a sync has to do about the owner references of one pod's claims.
#[derive(Debug, Default)]
pub struct ClaimOwnerUpdates {
    /// The updates that bring the owner references in line with the retention policy.
    pub writes: Chain,
    /// Events about claims that another controller owns or that carry a stale reference; emitted each time upstream checks them.
    pub conflicts: Vec<PendingEvent>,
}

impl Sync<'_> {
    /// The step that creates an ordinal's missing claims, if any; it fails if an existing claim is terminating.
    /// `verb` is what is being done to the pod and names the pod's event on failure; without it, no pod event is emitted.
    pub(super) fn missing_claims(&self, ordinal: i64, verb: Option<PodVerb>) -> Chain {
        let steps: Vec<Step> = self.set.spec.claim_templates.iter().filter_map(|template| self.missing_claim(template, ordinal)).collect();
        if steps.is_empty() {
            return Chain::new();
        }
        let step = Step::claims(steps);
        let pod = self.set.pod_name(ordinal);
        vec![match verb {
            Some(verb) => step.reports_failure(self.pod_event(EventType::Warning, verb, &pod, "failed error: ")),
            None => step,
        }]
    }

    fn missing_claim(&self, template: &ClaimTemplate, ordinal: i64) -> Option<Step> {
        let set = &self.set.meta.name;
        let name = template.claim_name(set, ordinal);
        let Some(claim) = self.seen().claim_of(template, ordinal) else {
            let pod = self.set.pod_name(ordinal);
            let create = self.seen().verb(["Create", "create"]);
            let said = [create, " Claim ", &name, " Pod ", &pod, " in StatefulSet ", set, " success"].concat();
            let failed = [create, " Claim ", &name, " for Pod ", &pod, " in StatefulSet ", set, " failed error: "].concat();
            let create = Step::new(Request::Create(self.new_claim(template, &name).into()));
            return Some(create.says(self.pending_event(EventType::Normal, "SuccessfulCreate", said)).reports_failure(self.pending_event(
                EventType::Warning,
                "FailedCreate",
                failed,
            )));
        };
        let leaving = || Obstacle::Leaving(Kind::PersistentVolumeClaim, name.clone());
        claim.meta.terminating().then(|| Step::fail(Failure::of(format!("pvc {name} is being deleted"), leaving())))
    }

    fn new_claim(&self, template: &ClaimTemplate, name: &Name) -> Claim {
        let of = &template.meta;
        let mut labels = (*of.labels).clone();
        labels.extend(self.set.spec.match_labels.iter().map(|(k, v)| (Rc::clone(k), Rc::clone(v))));
        let meta = Meta {
            namespace: Rc::clone(&self.set.meta.namespace),
            name: Rc::clone(name),
            labels: Rc::new(labels),
            generate_name: of.generate_name.clone(),
            annotations: Rc::clone(&of.annotations),
            owners: of.owners.clone(),
            finalizers: of.finalizers.clone(),
            ..Meta::default()
        };
        Claim::of(meta, template.spec.clone())
    }

    /// A claim of a missing pod that still has an owner reference to an earlier pod of that name; only checked with `whenScaled: Delete`.
    pub(super) fn stale_claim(&self, ordinal: i64) -> Option<Name> {
        if !self.set.spec.retention.delete_when_scaled {
            return None;
        }
        let pod = self.set.pod_name(ordinal);
        let belongs = |o: &OwnerRef| names_pod(o, &pod);
        let claims = self.set.spec.claim_templates.iter().filter_map(|t| self.seen().claim_of(t, ordinal));
        claims.filter(|c| c.meta.owners.iter().any(belongs)).map(|c| Rc::clone(&c.meta.name)).next()
    }

    /// Whether owner references need checking at all: with both policies `Retain` and no owned claim in the cache, they are correct.
    pub(super) fn claims_need_care(&self) -> bool {
        let r = self.set.spec.retention;
        !self.set.spec.claim_templates.is_empty() && (r.delete_when_deleted || r.delete_when_scaled || self.view.cache.any_claim_owned())
    }

    /// The owner reference updates for one pod's claims.
    pub(super) fn claim_owners(&self, ordinal: i64, facts: Option<&PodFacts>) -> ClaimOwnerUpdates {
        self.seen().claim_owners(ordinal, facts)
    }

    /// Updates the owner references of condemned pods' claims. A failure emits no event.
    /// Models updateStatefulSet's fixPodClaim over the condemned.
    pub(super) fn mark_claims(&mut self) -> Flow {
        if !self.claims_need_care() {
            return Flow::Next;
        }
        let condemned: Vec<(i64, PodFacts)> = self.pods.outside(self.range.clone()).rev().map(|(o, f)| (o, f.clone())).collect();
        let mut marked = false;
        for (ordinal, facts) in condemned {
            let mut care = self.claim_owners(ordinal, Some(&facts));
            if care.writes.is_empty() {
                continue;
            }
            marked = true;
            self.plan.say.append(&mut care.conflicts);
            for write in &mut care.writes {
                write.failure_events.clear();
            }
            self.plan.batches.push(vec![care.writes]);
        }
        if marked {
            self.decide(Verdict::Acts, Reason::MarkingClaims);
        }
        Flow::Next
    }
}

/// Whether a reference names a pod.
fn names_pod(owner: &OwnerRef, pod: &Name) -> bool {
    owner.kind == Some(Kind::Pod) && owner.name == *pod
}

impl<'a> Seen<'a> {
    fn claim_of(self, template: &ClaimTemplate, ordinal: i64) -> Option<&'a Rc<Claim>> {
        let name = template.claim_name(&self.set.meta.name, ordinal);
        self.view.cache.tables.claim(&self.set.meta.namespace, &name)
    }

    /// The owner reference updates for one pod's claims. Models stateful_set_utils.go isClaimOwnerUpToDate,
    /// hasUnexpectedController, updateClaimOwnerRefForSetAndPod.
    pub(super) fn claim_owners(&self, ordinal: i64, facts: Option<&PodFacts>) -> ClaimOwnerUpdates {
        let mut care = ClaimOwnerUpdates::default();
        let retention = self.set.spec.retention;
        let policy_applies = retention.delete_when_deleted || retention.delete_when_scaled;
        let condemned = !self.set.ordinals().contains(&ordinal);
        let by_policy = WantedOwners {
            set: retention.delete_when_deleted && !(condemned && retention.delete_when_scaled),
            pod: retention.delete_when_scaled && condemned,
        };
        let pod_name = self.set.pod_name(ordinal);
        let pod_uid = facts.map(|f| f.uid);
        for claim in self.set.spec.claim_templates.iter().filter_map(|t| self.claim_of(t, ordinal)) {
            let stale = self.has_stale_owner(claim, &pod_name, pod_uid);
            // One that names the set in a version that is not served is another controller, whatever its uid.
            let foreign = claim.meta.controller().is_some_and(|o| !self.names_set(o) && !names_pod(o, &pod_name));
            if policy_applies && (stale || foreign) {
                care.conflicts.push(self.conflict_event(&claim.meta.name));
            }
            let wanted = if foreign && policy_applies { WantedOwners { set: false, pod: false } } else { by_policy };
            if !stale && !self.owners_are(claim, wanted, pod_uid) {
                let key = claim.key();
                let mut changed = Rc::clone(claim);
                Rc::make_mut(&mut changed).meta.owners = self.owners_for(claim, wanted, &pod_name, pod_uid);
                let failed = format!("failed error: could not update claim {} for delete policy ownerRefs: ", key.name);
                care.writes.push(Step::new(Request::Update(Object::Claim(changed))).reports_failure(self.pod_event(
                    EventType::Warning,
                    PodVerb::Update,
                    &pod_name,
                    &failed,
                )));
            }
        }
        care
    }

    /// Whether a claim is owned by exactly the wanted ones of the set and the pod, each as its controller.
    fn owners_are(&self, claim: &Claim, wanted: WantedOwners, pod_uid: Option<Uid>) -> bool {
        let by = |uid: Uid| claim.meta.owners.iter().find(|o| o.uid == uid);
        let (set, pod) = (by(self.set.meta.uid), pod_uid.and_then(by));
        let manages = set.into_iter().chain(pod).all(|o| o.controller);
        manages && set.is_some() == wanted.set && pod.is_some() == wanted.pod
    }

    /// Whether a claim refers to the set or the pod under an outdated UID.
    fn has_stale_owner(&self, claim: &Claim, pod: &Name, pod_uid: Option<Uid>) -> bool {
        claim.meta.owners.iter().any(|o| self.names_set(o) && o.uid != self.set.meta.uid || names_pod(o, pod) && Some(o.uid) != pod_uid)
    }

    /// Whether a reference names the set, in the version that is served. Models stateful_set_utils.go matchesRef.
    fn names_set(&self, owner: &OwnerRef) -> bool {
        owner.kind == Some(Kind::StatefulSet) && owner.name == self.set.meta.name
    }

    fn owners_for(&self, claim: &Claim, wanted: WantedOwners, pod: &Name, pod_uid: Option<Uid>) -> List<OwnerRef> {
        let mut owners = claim.meta.owners.to_vec();
        owners.retain(|o| !self.names_set(o) && !names_pod(o, pod));
        if wanted.set {
            owners.push(OwnerRef::controller(Kind::StatefulSet, &self.set.meta));
        }
        if let Some(uid) = pod_uid.filter(|_| wanted.pod) {
            owners.push(OwnerRef::controller(Kind::Pod, &Meta { name: Rc::clone(pod), uid, ..Meta::default() }));
        }
        owners.into()
    }

    fn conflict_event(&self, claim: &str) -> PendingEvent {
        let message = format!(
            "PersistentVolumeClaim {claim} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim"
        );
        self.pending_event(EventType::Warning, "ConflictingController", message)
    }
}
