//! The claims of a set's pods: made before the pod, kept after it, and whom they belong to.
//!
//! Models pkg/controller/statefulset/stateful_pod_control.go createPersistentVolumeClaims, UpdatePodClaimForRetentionPolicy,
//! PodClaimIsStale and stateful_set_utils.go isClaimOwnerUpToDate.

use std::rc::Rc;

use super::{Flow, Sync};
use crate::api::kind::Kind;
use crate::api::object::stateful_set::ClaimTemplate;
use crate::api::object::{Claim, Meta, Name, Object, ObjectKey, OwnerRef, Pod, StatefulSet, Uid};
use crate::base::value::Value;
use crate::control::facts::PodFacts;
use crate::control::plan::{Chain, Spoken, Step};
use crate::server::request::{Edit, Request};
use crate::why::{Reason, Verdict};

/// Whether a pod mounts the claims of its ordinal. Models stateful_set_utils.go storageMatches.
pub(super) fn storage_matches(set: &StatefulSet, pod: &Pod, ordinal: i64) -> bool {
    set.spec.claim_templates.iter().all(|template| {
        let wanted = template.claim_name(&set.meta.name, ordinal);
        pod.claim_volumes().any(|v| v.volume == template.name && v.claim == wanted)
    })
}

/// Whom a claim should belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct WantedOwners {
    set: bool,
    pod: bool,
}

impl Sync<'_> {
    fn claim_of(&self, template: &ClaimTemplate, ordinal: i64) -> Option<&Rc<Claim>> {
        let name = template.claim_name(&self.set.meta.name, ordinal);
        self.view.cache.tables.claim(&self.set.meta.namespace, &name)
    }

    /// The steps that make the missing claims of an ordinal. A claim on its way out makes the chain fail.
    pub(super) fn missing_claims(&self, ordinal: i64) -> Chain {
        let set = &self.set.meta.name;
        let pod = self.set.pod_name(ordinal);
        let mut chain = Chain::new();
        for template in &self.set.spec.claim_templates {
            let name = template.claim_name(set, ordinal);
            match self.claim_of(template, ordinal) {
                None => {
                    let said = format!("Create Claim {name} Pod {pod} in StatefulSet {set} success");
                    let failed = format!("Create Claim {name} for Pod {pod} in StatefulSet {set} failed error: {{}}");
                    let create = Step::new(Request::Create(self.new_claim(template, &name).into()))
                        .says(self.spoken(false, "SuccessfulCreate", said))
                        .complains(self.spoken(true, "FailedCreate", failed))
                        .always_complains(self.pod_event(
                            true,
                            "Create",
                            &pod,
                            &format!("failed error: failed to create PVC {name}: {{}}"),
                        ));
                    chain.push(create);
                }
                Some(claim) if claim.meta.terminating() => {
                    let leaving = Step::fail(format!("pvc {name} is being deleted"));
                    chain.push(leaving.always_complains(self.pod_event(true, "Create", &pod, "failed error: {}")));
                }
                Some(_) => {}
            }
        }
        chain
    }

    fn new_claim(&self, template: &ClaimTemplate, name: &Name) -> Claim {
        let mut labels = (*template.labels).clone();
        labels.extend(self.set.spec.match_labels.iter().map(|(k, v)| (Rc::clone(k), Rc::clone(v))));
        let object = Value::of([("spec", template.spec.clone())]);
        let meta = Meta {
            namespace: Rc::clone(&self.set.meta.namespace),
            name: Rc::clone(name),
            labels: Rc::new(labels),
            annotations: Rc::clone(&template.annotations),
            ..Meta::default()
        };
        Claim { meta, ..Claim::decode(&object) }
    }

    /// The claim of a missing pod that still belongs to an earlier pod of the name; only with `whenScaled: Delete`.
    pub(super) fn stale_claim(&self, ordinal: i64) -> Option<Name> {
        if !self.set.spec.retention.delete_when_scaled {
            return None;
        }
        let pod = self.set.pod_name(ordinal);
        let belongs = |o: &OwnerRef| o.kind == Some(Kind::Pod) && o.name == pod;
        let claims = self.set.spec.claim_templates.iter().filter_map(|t| self.claim_of(t, ordinal));
        claims.filter(|c| c.meta.owners.iter().any(belongs)).map(|c| Rc::clone(&c.meta.name)).next()
    }

    /// Whether the owners of claims need a look at all: with both policies `Retain` and no claim owned by anybody, they are right.
    pub(super) fn claims_need_care(&self) -> bool {
        let r = self.set.spec.retention;
        !self.set.spec.claim_templates.is_empty() && (r.delete_when_deleted || r.delete_when_scaled || self.view.cache.any_claim_owned())
    }

    /// The steps that give the claims of a pod the owners that the policy wants.
    pub(super) fn claim_owners(&self, ordinal: i64, facts: Option<&PodFacts>) -> (Chain, Vec<Spoken>) {
        let (mut chain, mut say) = (Chain::new(), Vec::new());
        let retention = self.set.spec.retention;
        let condemned = !self.range.contains(&ordinal);
        let wanted = WantedOwners {
            set: retention.delete_when_deleted && !(condemned && retention.delete_when_scaled),
            pod: retention.delete_when_scaled && condemned,
        };
        let pod_name = self.set.pod_name(ordinal);
        let pod_uid = facts.map(|f| f.uid);
        for claim in self.set.spec.claim_templates.iter().filter_map(|t| self.claim_of(t, ordinal)) {
            let policy_applies = retention.delete_when_deleted || retention.delete_when_scaled;
            if self.has_stale_owner(claim, &pod_name, pod_uid) {
                continue;
            }
            let foreign = claim.meta.controller().is_some_and(|o| o.uid != self.set.meta.uid && Some(o.uid) != pod_uid);
            let owners = if foreign && policy_applies {
                say.push(self.conflict_event(&claim.meta.name));
                self.owners_for(claim, WantedOwners { set: false, pod: false }, &pod_name, pod_uid)
            } else {
                self.owners_for(claim, wanted, &pod_name, pod_uid)
            };
            if owners != claim.meta.owners {
                let key = ObjectKey::new(Kind::PersistentVolumeClaim, &claim.meta.namespace, &claim.meta.name);
                let mut changed = Rc::clone(claim);
                Rc::make_mut(&mut changed).meta.owners = owners;
                let failed = format!("failed error: could not update claim {} for delete policy ownerRefs: {{}}", key.name);
                chain.push(
                    Step::new(Request::Update(Object::Claim(changed))).always_complains(self.pod_event(true, "Update", &pod_name, &failed)),
                );
            }
        }
        (chain, say)
    }

    /// Whether a claim names the set or the pod by an older uid.
    fn has_stale_owner(&self, claim: &Claim, pod: &Name, pod_uid: Option<Uid>) -> bool {
        claim.meta.owners.iter().any(|o| {
            o.kind == Some(Kind::StatefulSet) && o.name == self.set.meta.name && o.uid != self.set.meta.uid
                || o.kind == Some(Kind::Pod) && o.name == *pod && Some(o.uid) != pod_uid
        })
    }

    fn owners_for(&self, claim: &Claim, wanted: WantedOwners, pod: &Name, pod_uid: Option<Uid>) -> Vec<OwnerRef> {
        let mut owners = claim.meta.owners.clone();
        owners.retain(|o| o.uid != self.set.meta.uid && Some(o.uid) != pod_uid);
        if wanted.set {
            owners.push(OwnerRef::controller(Kind::StatefulSet, &self.set.meta));
        }
        if let Some(uid) = pod_uid.filter(|_| wanted.pod) {
            owners.push(OwnerRef::controller(Kind::Pod, &Meta { name: Rc::clone(pod), uid, ..Meta::default() }));
        }
        owners
    }

    fn conflict_event(&self, claim: &str) -> Spoken {
        let message = format!(
            "PersistentVolumeClaim {claim} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim"
        );
        self.spoken(true, "ConflictingController", message)
    }

    /// Makes the claims of pods to be removed belong to them. Models updateStatefulSet's fixPodClaim over the condemned.
    pub(super) fn mark_claims(&mut self) -> Flow {
        if !self.claims_need_care() {
            return Flow::Next;
        }
        let condemned: Vec<(i64, PodFacts)> = self.pods.outside(self.range.clone()).rev().map(|(o, f)| (o, f.clone())).collect();
        let mut marked = false;
        for (ordinal, facts) in condemned {
            let (chain, say) = self.claim_owners(ordinal, Some(&facts));
            self.plan.say.extend(say);
            if !chain.is_empty() {
                marked = true;
                self.plan.batches.push(vec![chain]);
            }
        }
        if marked {
            self.decide(Verdict::Acts, Reason::MarkingClaims);
        }
        Flow::Next
    }

    /// The step that puts a pod's identity labels right.
    pub(super) fn repair_identity(&self, ordinal: i64) -> Step {
        use crate::control::facts::{POD_INDEX_LABEL, POD_NAME_LABEL};
        let name = self.set.pod_name(ordinal);
        let labels = vec![(POD_NAME_LABEL.into(), Rc::clone(&name)), (POD_INDEX_LABEL.into(), ordinal.to_string().into())];
        Step::new(Request::Edit(self.pod_key(ordinal), Edit::SetLabels(labels)))
            .says(self.pod_event(false, "Update", &name, "successful"))
            .complains(self.pod_event(true, "Update", &name, "failed error: {}"))
    }
}
