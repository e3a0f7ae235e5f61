//! The StatefulSet controller: decides what a StatefulSet does next.
//!
//! Models pkg/controller/statefulset/{stateful_set.go sync, stateful_set_control.go updateStatefulSet}. Each phase has its own file;
//! this one only puts them in order.
//! Reads: the controllers' cache, which lags behind the store. Reasons: those of its section in [`Reason`], and the shared ones.
//! `Recreate` is refused, as upstream does while its gate is off, by releases until 1.37.

mod claims;
mod identity;
mod pods;
mod recreate;
mod revision;
mod status;
mod update;

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use super::cache::storage_matches;
use super::plan::{PendingEvent, Plan, Step};
use super::registration::{OwnWrites, Registration, own_key};
use super::seen::View;
use super::set_pods::{PodFacts, SetPods};
use api::kind::Kind;
use api::object::event::EventType;
use api::object::{NO_ORDINAL, ObjectKey, OwnerRef, Pod, StatefulSet, parent_and_ordinal, writes_ordinal};
use api::obstacle::Failure;
use base::time::Span;
use base::word::Word;
pub use claims::ClaimOwnerUpdates;
use recreate::Progress;
use revision::Revisions;
pub use revision::patch_of;
use why::{Component, Decision, Maintenance, Reason, Verdict};

/// The controller.
pub static CONTROLLER: Registration = Registration {
    own_writes: OwnWrites::PodsAndClaims,
    ..Registration::new(&[(Kind::StatefulSet, own_key), (Kind::Pod, |watch| watch.managers(Kind::StatefulSet))], |view, key, _| {
        plan(view, key)
    })
};
/// The source component of this controller's events.
pub const SOURCE: &str = "statefulset-controller";

/// The outcome of a phase, or of one replica's turn.
enum Flow {
    /// The next one may run.
    Next,
    /// The sync ends here.
    Stop,
}

/// What a sync does to a pod, as its events name it.
#[derive(Clone, Copy)]
enum PodVerb {
    Create,
    Update,
    Delete,
}

/// A set as its controller sees it.
#[derive(Clone, Copy)]
struct Seen<'a> {
    view: View<'a>,
    set: &'a Rc<StatefulSet>,
    key: &'a ObjectKey,
}

/// One sync of a StatefulSet.
struct Sync<'a> {
    view: View<'a>,
    set: &'a Rc<StatefulSet>,
    key: ObjectKey,
    pods: Cow<'a, SetPods>,
    range: Range<i64>,
    min_ready: Span,
    revisions: Revisions,
    /// The ordinals to which this sync gives a pod of another revision than the newest, and goes on nevertheless.
    made_old: Vec<i64>,
    /// How far a recreation is, if this sync is part of one.
    progress: Option<Progress>,
    plan: Plan,
}

/// Plans one sync of a StatefulSet.
pub fn plan(view: View, key: &ObjectKey) -> Plan {
    let (namespace, name) = (&key.namespace, &key.name);
    let Some(set) = view.cache.tables.stateful_set(namespace, name) else { return Plan::default() };
    let key = key.clone();
    if let Some(waits) = view.stale(Component::StatefulSet, &key) {
        return waits;
    }
    let mut plan = Plan::default();
    let known = match revision::adopted(view, set, &mut plan) {
        Ok(known) => known,
        Err(error) => return Plan { error: Some(error.into()), ..plan },
    };
    let adopted = adopt_and_release(view, set, &key, &mut plan);
    plan.adoption = std::mem::take(&mut plan.batches);
    let revisions = revision::revisions(view, set, known, &mut plan);
    plan.preamble = std::mem::take(&mut plan.batches);
    let mut pods = view.cache.pods_of(set.meta.uid).map_or_else(|| Cow::Owned(SetPods::default()), Cow::Borrowed);
    let exact = view.release.members_have_exact_names;
    if !adopted.is_empty() || pods.unselected().next().is_some() || exact && pods.misnamed().next().is_some() {
        let own = pods.to_mut();
        let misnamed: Vec<i64> = own.misnamed().filter(|_| exact).map(|(o, _)| o).collect();
        let released: Vec<i64> = own.unselected().map(|(o, _)| o).chain(misnamed.iter().copied()).collect();
        for ordinal in released {
            own.take(ordinal);
        }
        // Behind such a pod may stand the one whose place it is.
        let behind = misnamed.iter().filter_map(|ordinal| view.cache.tables.pod(namespace, &set.pod_name(*ordinal)).zip(Some(*ordinal)));
        for (pod, ordinal) in
            behind.filter(|(pod, _)| pod.meta.is_controlled_by(set.meta.uid) && set.spec.selector.matches(&pod.meta.labels))
        {
            own.put(ordinal, PodFacts::of(pod, storage_matches(set, pod, ordinal), true));
        }
        // Of several pods of one number, the last one counts, as it would if it had been there.
        for (ordinal, facts) in adopted {
            own.put(ordinal, facts);
        }
    }
    let min_ready = Span::of_seconds(set.spec.min_ready_seconds);
    let mut sync = Sync { view, set, key, pods, range: set.ordinals(), min_ready, revisions, made_old: Vec::new(), progress: None, plan };
    if sync.recreates() && !view.release.recreates_sets {
        return sync.refuse_recreate();
    }
    sync.phases();
    let about = sync.key.clone();
    let mut plan = sync.finish();
    if plan.decisions.is_empty() && !(plan.adoption.is_empty() && plan.preamble.is_empty() && plan.finally.is_empty()) {
        let because = Reason::Maintenance(Maintenance::KeepsRevisions);
        plan.decide(Decision::new(Component::StatefulSet, about, Verdict::Acts, because));
    }
    plan
}

/// The owner reference updates for the claims of a pod that was just created. Upstream checks them right after creating the pod,
/// that is, in the middle of a sync.
pub fn own_claims(view: View, key: &ObjectKey, ordinal: i64) -> ClaimOwnerUpdates {
    let Some(set) = view.cache.tables.stateful_set(&key.namespace, &key.name) else { return ClaimOwnerUpdates::default() };
    Seen { view, set, key }.claim_owners(ordinal, None)
}

/// The orphaned pods that the set adopts; also plans the steps that adopt them and release others.
/// Models pkg/controller/controller_ref_manager.go ClaimPods.
fn adopt_and_release(view: View, set: &Rc<StatefulSet>, key: &ObjectKey, plan: &mut Plan) -> Vec<(i64, PodFacts)> {
    let deleting = set.meta.terminating();
    let mut adopted = Vec::new();
    let mut steps: Vec<Step> = Vec::new();
    let exact = view.release.members_have_exact_names;
    let is_member = |pod: &Pod| {
        let is_named = parent_and_ordinal(&pod.meta.name).is_some_and(|(parent, _)| *parent == *set.meta.name);
        is_named && (!exact || writes_ordinal(&pod.meta.name)) && set.spec.selector.matches(&pod.meta.labels)
    };
    if !deleting {
        for pod in view.cache.orphans(&set.meta.namespace) {
            let Some((_, ordinal)) = parent_and_ordinal(&pod.meta.name).filter(|_| is_member(pod)) else { continue };
            if pod.meta.terminating() {
                continue;
            }
            steps.push(Step::adopt(pod.key(), pod.meta.uid, OwnerRef::controller(Kind::StatefulSet, &set.meta)));
            if ordinal != NO_ORDINAL {
                let storage = storage_matches(set, pod, ordinal);
                adopted.push((ordinal, PodFacts::of(pod, storage, true)));
            }
        }
        let own = view.cache.pods_of(set.meta.uid);
        let misnamed = own.into_iter().flat_map(SetPods::misnamed).filter(|(_, facts)| exact && facts.selected);
        let strangers = own.into_iter().flat_map(SetPods::unselected).chain(misnamed);
        let strangers = strangers.filter_map(|(_, f)| view.cache.tables.pod(&set.meta.namespace, &f.name));
        let is_own = |pod: &Pod| pod.meta.controller().is_some_and(|owner| owner.name == set.meta.name);
        for pod in strangers.chain(view.cache.misplaced(set.meta.uid).filter(|pod| is_own(pod) && !is_member(pod))) {
            steps.push(Step::release(pod.key(), pod.meta.uid, set.meta.uid));
        }
    }
    if !steps.is_empty() {
        plan.decide(Decision::new(Component::StatefulSet, key.clone(), Verdict::Acts, Reason::ClaimingPods));
        plan.batches.push(steps.into_iter().map(|s| vec![s]).collect());
    }
    adopted
}

impl Sync<'_> {
    /// Runs the phases in order, up to the first that stops. Models stateful_set_control.go updateStatefulSet.
    fn phases(&mut self) {
        if self.set.meta.terminating() {
            // Those that the garbage collector takes away itself are not qualified.
            match self.set.meta.finalizers.iter().find(|finalizer| finalizer.contains('/')) {
                Some(finalizer) => self.decide(Verdict::Waits, Reason::HeldByFinalizer { finalizer: Rc::clone(finalizer) }),
                None => self.decide(Verdict::Done, Reason::WorkloadIsBeingDeleted),
            }
            return;
        }
        let removes_first = self.set.parallel() && self.view.release.removes_before_creating;
        let order = if removes_first {
            [Self::recreate, Self::mark_claims, Self::condemned, Self::replicas, Self::update]
        } else {
            [Self::recreate, Self::replicas, Self::mark_claims, Self::condemned, Self::update]
        };
        for phase in order {
            if let Flow::Stop = phase(self) {
                return;
            }
        }
        if self.plan.decisions.is_empty() {
            self.decide(Verdict::Done, Reason::UpToDate);
        }
    }

    fn refuse_recreate(mut self) -> Plan {
        let name = format!("{}/{}", self.set.meta.namespace, self.set.meta.name);
        let message = format!("statefulset {name} uses Recreate strategy but feature gate StatefulSetRecreateStrategy is disabled");
        self.decide(Verdict::Refused, Reason::UnknownStrategy);
        self.plan.say.push(self.pending_event(EventType::Warning, "UnknownStrategy", message.clone()));
        self.plan.error = Some(Failure::from(message));
        self.plan
    }

    /// Records a decision about the set.
    fn decide(&mut self, verdict: Verdict, because: Reason) {
        self.plan.decide(Decision::new(Component::StatefulSet, self.key.clone(), verdict, because));
    }

    /// Records a decision about the set that depends on one of its pods.
    fn decide_for(&mut self, verdict: Verdict, because: Reason, ordinal: i64) {
        let pod = self.pod_key(ordinal);
        let mut decision = Decision::new(Component::StatefulSet, self.key.clone(), verdict, because);
        if let Some(facts) = self.pods.get(ordinal) {
            decision.evidence.reserve_exact(2);
            decision = decision.seen(pod.clone(), "status.phase", facts.phase.word(), facts.revision_seen);
            let ready = if facts.ready.is_some() { "True" } else { "False" };
            decision = decision.seen(pod.clone(), "status.conditions[Ready]", ready, facts.revision_seen);
        }
        if verdict == Verdict::Waits {
            decision = decision.blocked_by(pod);
        }
        self.plan.decide(decision);
    }

    fn pod_key(&self, ordinal: i64) -> ObjectKey {
        let name = self.pods.get(ordinal).map_or_else(|| self.set.pod_name(ordinal), |facts| Rc::clone(&facts.name));
        ObjectKey::new(Kind::Pod, &self.set.meta.namespace, &name)
    }

    fn seen(&self) -> Seen<'_> {
        Seen { view: self.view, set: self.set, key: &self.key }
    }

    /// An event about the set.
    fn pending_event(&self, kind: EventType, reason: &'static str, message: impl Into<Word>) -> PendingEvent {
        self.seen().pending_event(kind, reason, message)
    }

    /// An event about an operation on a pod: verb and outcome.
    fn pod_event(&self, kind: EventType, verb: PodVerb, pod: &str, outcome: &str) -> PendingEvent {
        self.seen().pod_event(kind, verb, pod, outcome)
    }
}

impl Seen<'_> {
    /// An event about the set.
    fn pending_event(&self, kind: EventType, reason: &'static str, message: impl Into<Word>) -> PendingEvent {
        PendingEvent::of(self.key.clone(), &self.set.meta, SOURCE, kind, reason, message)
    }

    /// A verb as the release's events begin with it: of two, the capitalized one or the other.
    fn verb(&self, [capital, small]: [&'static str; 2]) -> &'static str {
        if self.view.release.capitalizes_events_of_sets { capital } else { small }
    }

    /// An event about an operation on a pod: verb and outcome.
    fn pod_event(&self, kind: EventType, verb: PodVerb, pod: &str, outcome: &str) -> PendingEvent {
        let (words, [succeeded, failed]) = match verb {
            PodVerb::Create => (["Create", "create"], ["SuccessfulCreate", "FailedCreate"]),
            PodVerb::Update => (["Update", "update"], ["SuccessfulUpdate", "FailedUpdate"]),
            PodVerb::Delete => (["Delete", "delete"], ["SuccessfulDelete", "FailedDelete"]),
        };
        let reason = if kind == EventType::Warning { failed } else { succeeded };
        self.pending_event(kind, reason, [self.verb(words), " Pod ", pod, " in StatefulSet ", &self.set.meta.name, " ", outcome].concat())
    }
}
