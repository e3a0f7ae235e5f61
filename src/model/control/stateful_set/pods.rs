//! The replicas, from the lowest ordinal up, and the condemned pods, from the highest down.
//!
//! Models pkg/controller/statefulset/stateful_set_control.go processReplica, processCondemned and runForAll.

use std::ops::Range;
use std::rc::Rc;

use super::claims::ClaimOwnerUpdates;
use super::identity::refused_name;
use super::{Flow, PodVerb, Sync};
use crate::cache::storage_matches;
use crate::plan::{Batch, Chain, OnError, Step};
use crate::pod_control::slow_start;
use crate::set_pods::PodFacts;
use api::client::DeleteOptions;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::{Name, ObjectKey, PodPhase};
use api::well_known::POD_NAME;
use base::sort::Sort;
use server::request::Request;
use why::{Reason, Verdict};

/// The maximum number of pods that a Parallel set handles in one batch. Models stateful_set_control.go MaxBatchSize.
pub(super) const MAX_BATCH: i64 = 500;
/// The maximum number of pods that a Parallel set creates in one sync. Upstream creates all missing ones; here the next sync continues,
/// which bounds the size of a plan.
const MAX_CREATED: i64 = 10_000;

/// The steps for one replica, and whether an ordered set goes on to the next.
struct ReplicaSteps {
    chain: Chain,
    flow: Flow,
}

impl Sync<'_> {
    /// Handles the replicas, lowest ordinal first.
    pub(super) fn replicas(&mut self) -> Flow {
        if self.set.parallel() { self.replicas_at_once() } else { self.replicas_in_order() }
    }

    fn replicas_in_order(&mut self) -> Flow {
        let careful = self.claims_need_care();
        let mut from = self.range.start;
        while let Some(ordinal) = self.next_to_look_at(from, careful) {
            let turn = self.turn(ordinal);
            if !turn.chain.is_empty() {
                self.plan.batches.push(vec![turn.chain]);
            }
            if let Flow::Stop = turn.flow {
                return Flow::Stop;
            }
            from = ordinal + 1;
        }
        Flow::Next
    }

    /// The lowest ordinal from here on that needs a step or has to be waited for.
    fn next_to_look_at(&self, from: i64, careful: bool) -> Option<i64> {
        let rest = from..self.range.end;
        if careful {
            return (from < self.range.end).then_some(from);
        }
        let missing = self.pods.first_missing(&rest);
        let unsettled = self.pods.first_unsettled(&rest, self.min_ready, self.view.now);
        missing.into_iter().chain(unsettled).min()
    }

    /// Handles all replicas, in batches of 1, 2, 4, … ordinals.
    fn replicas_at_once(&mut self) -> Flow {
        let (mut created, mut flow) = (0, Flow::Next);
        for part in slow_start(self.range.clone(), MAX_BATCH) {
            let mut batch = Batch::new();
            for ordinal in self.busy_within(part) {
                created += i64::from(self.pods.get(ordinal).is_none());
                let turn = self.turn(ordinal);
                if !turn.chain.is_empty() {
                    batch.push(turn.chain);
                }
            }
            if !batch.is_empty() {
                self.plan.batches.push(batch);
            }
            if created >= MAX_CREATED {
                flow = Flow::Stop;
                break;
            }
        }
        if created > 1 {
            self.decide(Verdict::Acts, Reason::CreatingPods { count: created });
        }
        flow
    }

    /// The ordinals of a range that are missing or need a step.
    fn busy_within(&self, range: Range<i64>) -> Vec<i64> {
        if self.claims_need_care() {
            return range.collect();
        }
        // For the others that are unsettled a Parallel set does nothing, unless claims have to be made again.
        let lacks_claims = self.view.cache.lacks_claims();
        let mut busy: Vec<i64> =
            if lacks_claims { self.pods.unsettled(&range).collect() } else { self.pods.needs_repair(&range).collect() };
        let mut at = range.start;
        while let Some(missing) = self.pods.first_missing(&(at..range.end)) {
            busy.push(missing);
            at = missing + 1;
        }
        busy.sort_small();
        busy
    }

    fn turn(&mut self, ordinal: i64) -> ReplicaSteps {
        let Some(facts) = self.pods.get(ordinal).cloned() else { return self.create(ordinal) };
        let mut chain = Chain::new();
        if facts.phase.terminal() {
            if facts.terminating {
                self.decide_for(Verdict::Waits, Reason::WaitsForPodToGo { ordinal }, ordinal);
            } else {
                chain.push(self.delete_step(&facts.name));
                self.decide_for(Verdict::Acts, Reason::ReplacingTerminalPod { ordinal }, ordinal);
            }
            return ReplicaSteps { chain, flow: Flow::Stop };
        }
        if facts.phase == PodPhase::Pending {
            // A failure here fails the sync; no event reports that the pod itself could not be created.
            if !facts.storage || self.view.cache.lacks_claims() {
                chain = self.missing_claims(ordinal, None);
            }
            if self.claims_need_care() {
                let care = self.claim_owners(ordinal, Some(&facts));
                chain.extend(care.writes);
                self.plan.say.extend(care.conflicts);
            }
            if self.set.parallel() && !chain.is_empty() {
                self.decide_for(Verdict::Acts, Reason::RepairingPod { ordinal }, ordinal);
            }
        }
        if !self.set.parallel()
            && let Some(because) = self.gate(ordinal, &facts)
        {
            self.decide_for(Verdict::Waits, because, ordinal);
            return ReplicaSteps { chain, flow: Flow::Stop };
        }
        self.repair(ordinal, &facts, &mut chain);
        ReplicaSteps { chain, flow: Flow::Next }
    }

    /// Why an ordered set does not continue past this pod.
    fn gate(&self, ordinal: i64, facts: &PodFacts) -> Option<Reason> {
        if facts.terminating {
            Some(Reason::WaitsForPodToGo { ordinal })
        } else if !facts.running_and_ready() {
            Some(Reason::WaitsForPodToBeReady { ordinal })
        } else if !facts.available(self.min_ready, self.view.now) {
            Some(Reason::WaitsForPodToBeAvailable { ordinal })
        } else {
            None
        }
    }

    /// Adds the steps that bring a pod in line with its set. Models stateful_pod_control.go UpdateStatefulPod.
    fn repair(&mut self, ordinal: i64, facts: &PodFacts, chain: &mut Chain) {
        let care = match facts.phase {
            PodPhase::Pending => ClaimOwnerUpdates::default(),
            _ if self.claims_need_care() => self.claim_owners(ordinal, Some(facts)),
            _ => ClaimOwnerUpdates::default(),
        };
        if facts.identity && facts.storage && care.writes.is_empty() {
            return;
        }
        self.decide_for(Verdict::Acts, Reason::RepairingPod { ordinal }, ordinal);
        if !facts.storage {
            chain.extend(self.missing_claims(ordinal, Some(PodVerb::Update)));
        }
        let owned = !care.writes.is_empty();
        if owned {
            self.plan.say.extend(care.conflicts);
        }
        chain.extend(care.writes);
        let name = self.set.pod_name(ordinal);
        let own = self.view.cache.tables.pod(&self.set.meta.namespace, &name).filter(|_| facts.name != name);
        if own.is_some_and(|own| own.meta.label(POD_NAME) == Some(&name) && storage_matches(self.set, own, ordinal)) {
            // What is written is refused, as it is of another pod; the pod of that name is read instead, and is as it should be.
            self.plan.say.push(self.pod_event(EventType::Normal, PodVerb::Update, &name, "successful"));
        } else if facts.name != name || !facts.storage {
            let why = if facts.name == name { self.refused_volumes(ordinal) } else { refused_name(&facts.name, &name) };
            let refused = Step::fail(why);
            chain.push(refused.reports_failure(self.pod_event(EventType::Warning, PodVerb::Update, &name, "failed error: ")));
        } else if !facts.identity {
            chain.push(self.repair_identity(ordinal));
        } else if let Some(last) = chain.last_mut().filter(|_| owned) {
            last.said = Some(Box::new(self.pod_event(EventType::Normal, PodVerb::Update, &name, "successful")));
        }
    }

    fn create(&mut self, ordinal: i64) -> ReplicaSteps {
        if let Some(claim) = self.stale_claim(ordinal) {
            self.decide_for(Verdict::Waits, Reason::StaleClaim { ordinal, claim }, ordinal);
            return ReplicaSteps { chain: Chain::new(), flow: Flow::Stop };
        }
        let (revision, _) = self.revision_for(ordinal);
        if self.set.parallel() && revision != self.revisions.update {
            self.made_old.push(ordinal);
        }
        let mut chain = self.missing_claims(ordinal, Some(PodVerb::Create));
        let is_leaving = |name: &Name| self.view.cache.tables.claim(&self.set.meta.namespace, name).is_some_and(|c| c.meta.terminating());
        let leaving = self.set.spec.claim_templates.iter().map(|t| t.claim_name(&self.set.meta.name, ordinal)).find(is_leaving);
        if let Some(claim) = leaving {
            self.decide_for(Verdict::Waits, Reason::ClaimIsBeingDeleted { ordinal, claim }, ordinal);
        } else if self.view.cache.tables.pod(&self.set.meta.namespace, &self.set.pod_name(ordinal)).is_some() {
            self.decide_for(Verdict::Waits, Reason::NameTaken { ordinal }, ordinal);
        } else {
            self.decide_for(Verdict::Acts, Reason::CreatingPod { ordinal, revision }, ordinal);
        }
        let pod = self.new_pod(ordinal);
        let name = Rc::clone(&pod.meta.name);
        let mut step = Step::new(Request::Create(pod.into())).reports_failure(self.pod_event(
            EventType::Warning,
            PodVerb::Create,
            &name,
            "failed error: ",
        ));
        let said = self.pod_event(EventType::Normal, PodVerb::Create, &name, "successful");
        if self.claims_need_care() {
            step.claims_of = Some(ordinal);
            chain.extend([step, Step::own_claims(ordinal).says(said)]);
        } else {
            chain.push(step.says(said));
        }
        ReplicaSteps { chain, flow: Flow::Stop }
    }

    /// The step that deletes a pod of the set. A pod that is already gone counts, and is reported, as deleted.
    pub(super) fn delete_step(&self, pod: &Rc<str>) -> Step {
        let key = ObjectKey::new(Kind::Pod, &self.set.meta.namespace, pod);
        Step::new(Request::Delete(key, DeleteOptions::default()))
            .on_error(OnError::NotFoundIsSuccess)
            .says(self.pod_event(EventType::Normal, PodVerb::Delete, pod, "successful"))
            .reports_failure(self.pod_event(EventType::Warning, PodVerb::Delete, pod, "failed error: "))
    }

    /// Handles the condemned pods, highest ordinal first.
    pub(super) fn condemned(&mut self) -> Flow {
        let mut unwanted = self.pods.outside(self.range.clone()).rev().map(|(o, f)| (o, f.clone()));
        if self.set.parallel() {
            let unwanted: Vec<_> = unwanted.collect();
            self.remove_at_once(&unwanted);
            return Flow::Next;
        }
        let Some((ordinal, facts)) = unwanted.next() else { return Flow::Next };
        drop(unwanted);
        self.remove_in_order(ordinal, &facts);
        Flow::Stop
    }

    /// Deletes them in batches of 1, 2, 4, … pods, counting those that are already terminating.
    fn remove_at_once(&mut self, unwanted: &[(i64, PodFacts)]) {
        let mut places = unwanted.iter();
        for part in slow_start(0..i64::try_from(unwanted.len()).unwrap_or(i64::MAX), MAX_BATCH) {
            let mut batch = Batch::new();
            for (ordinal, facts) in part.zip(places.by_ref()).map(|(_, place)| place).filter(|(_, facts)| !facts.terminating) {
                self.decide_for(Verdict::Acts, Reason::RemovingPod { ordinal: *ordinal }, *ordinal);
                batch.push(vec![self.delete_step(&facts.name)]);
            }
            if !batch.is_empty() {
                self.plan.batches.push(batch);
            }
        }
    }

    fn remove_in_order(&mut self, ordinal: i64, facts: &PodFacts) {
        if facts.terminating {
            self.decide_for(Verdict::Waits, Reason::WaitsForRemovedPod { ordinal }, ordinal);
            return;
        }
        let blocked = !facts.running_and_ready() || !facts.available(self.min_ready, self.view.now);
        let unavailable = |(_, f): &(i64, &PodFacts)| self.holds_up(f);
        let lowest_unavailable = || self.pods.outside(self.range.clone()).find(unavailable).map(|(o, _)| o);
        if let Some(lower) = blocked.then(lowest_unavailable).flatten().filter(|lower| *lower != ordinal) {
            self.decide_for(Verdict::Waits, Reason::RemovalWaitsForLower { ordinal, lower }, lower);
        } else {
            self.plan.then(self.delete_step(&facts.name));
            self.decide_for(Verdict::Acts, Reason::RemovingPod { ordinal }, ordinal);
        }
    }
}
