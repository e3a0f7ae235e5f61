//! The ephemeral volume controller: makes the claims that pods describe in their own volumes.
//!
//! Models pkg/controller/volume/ephemeral/controller.go and k8s.io/component-helpers/storage/ephemeral.
//! Reads: the controllers' cache.
//! Promises: such a claim belongs to its pod and goes with it; a claim of that name that is another's is not touched.

use super::plan::{PendingEvent, Plan, Step};
use super::registration::{Registration, Watch, own_key};
use super::seen::View;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::pod::ClaimVolume;
use api::object::{Claim, Meta, Object, ObjectKey, OwnerRef, Pod};
use api::obstacle::{Failure, Obstacle};
use base::value::Value;
use server::request::Request;
use why::{Component, Decision, Maintenance, Reason, Verdict};

/// The controller.
pub static CONTROLLER: Registration =
    Registration::new(&[(Kind::Pod, watch_pod), (Kind::PersistentVolumeClaim, watch_claim)], |view, key, _| plan(view, key));
/// The source component of this controller's events.
const SOURCE: &str = "ephemeral_volume";

/// Queues a new pod with ephemeral volumes.
fn watch_pod(watch: &mut Watch) {
    let [before, after] = watch.change.sides(Object::as_pod);
    if before.is_none() && after.is_some_and(|pod| !pod.spec.ephemeral.is_empty()) {
        own_key(watch);
    }
}

/// Queues the pods whose claim is gone.
fn watch_claim(watch: &mut Watch) {
    if watch.change.after.is_none() {
        let users = watch.view.cache.users_of(&watch.change.key.namespaced_name());
        watch.enqueue_all(users.map(|pod| ObjectKey::new(Kind::Pod, &watch.change.key.namespace, pod)));
    }
}

/// Why a claim cannot be used for a pod's ephemeral volume, if it is not the pod's. Models VolumeIsForPod.
pub fn not_for(claim: &Claim, pod: &Pod) -> Option<String> {
    let (namespace, name) = (&claim.meta.namespace, &claim.meta.name);
    let words = || format!("PVC {namespace}/{name} was not created for pod {}/{} (pod is not owner)", pod.meta.namespace, pod.meta.name);
    (!claim.meta.is_controlled_by(pod.meta.uid)).then(words)
}

/// Plans one sync of a pod. The first volume that fails ends it.
fn plan(view: View, key: &ObjectKey) -> Plan {
    let pod = view.cache.tables.pod(&key.namespace, &key.name).filter(|pod| !pod.meta.terminating());
    let Some(pod) = pod.filter(|pod| pod.claim_volumes().any(|volume| volume.ephemeral)) else { return Plan::default() };
    let mut chain = Vec::new();
    for volume in pod.claim_volumes().filter(|volume| volume.ephemeral) {
        let name = &volume.claim;
        let (step, what) = match view.cache.tables.claim(&key.namespace, name) {
            None => (Step::new(Request::Create(new_claim(pod, volume).into())), format!("create PVC {name}: ")),
            Some(claim) => {
                let Some(why) = not_for(claim, pod) else { continue };
                let taken = Obstacle::Taken(Kind::PersistentVolumeClaim, name.clone());
                (Step::fail(Failure::of(why, taken)), String::new())
            }
        };
        let words = format!("ephemeral volume {}: {what}", volume.volume);
        chain.push(step.reports_every_failure(PendingEvent::of(
            key.clone(),
            &pod.meta,
            SOURCE,
            EventType::Warning,
            "FailedBinding",
            words,
        )));
    }
    let verdict = if chain.is_empty() { Verdict::Done } else { Verdict::Acts };
    let because = Reason::Maintenance(Maintenance::MakesClaims);
    let mut plan = Plan::nothing(Decision::new(Component::EphemeralVolume, key.clone(), verdict, because));
    if !chain.is_empty() {
        plan.batches.push(vec![chain]);
    }
    plan
}

/// The claim of a volume, from its template.
fn new_claim(pod: &Pod, volume: &ClaimVolume) -> Claim {
    let named = |v: &&Value| v.text_at(&["name"]) == Some(&volume.volume);
    let template = pod.spec.template.raw.list_at(&["volumes"]).iter().find(named).and_then(|v| v.at(&["ephemeral", "volumeClaimTemplate"]));
    let template = template.cloned().unwrap_or_default();
    let asked = Meta::decode(&template);
    let meta = Meta {
        namespace: pod.meta.namespace.clone(),
        name: volume.claim.clone(),
        labels: asked.labels,
        annotations: asked.annotations,
        owners: vec![OwnerRef::controller(Kind::Pod, &pod.meta)].into(),
        ..Meta::default()
    };
    Claim::of(meta, template.get("spec").cloned().unwrap_or_default())
}
