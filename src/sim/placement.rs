//! The scheduler at work: which pods wait, which one is tried next, and what becomes of the decision.
//!
//! Models pkg/scheduler/schedule_one.go and backend/queue. A pod that was refused waits for a change that could help it; since
//! the active queue is hardly ever full here, back-off does not hold it up (gate SchedulerPopFromBackoffQ, on since 1.33).
//! Not modelled: the flush of pods that waited for five minutes, priorities.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::Sim;
use super::event::Event;
use crate::api::kind::Kind;
use crate::api::object::pod::{Condition, POD_SCHEDULED, Truth};
use crate::api::object::storage::SELECTED_NODE;
use crate::api::object::{Name, Object, ObjectKey, Pod, Uid};
use crate::base::word::Word;
use crate::cluster::scheduler::{self, Fit, Loads, Plugin, TieBreak, Unfit, Verdict as Decided};
use crate::control::plan::Spoken;
use crate::server::log::{Actor, Change};
use crate::server::request::{Edit, Request};
use crate::why::{Component, Decision, Reason, Verdict};

/// How the scheduler signs its events.
const SOURCE: &str = "default-scheduler";

/// A pod that no node took.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Parked {
    key: ObjectKey,
    plugins: BTreeSet<Plugin>,
}

/// What the scheduler remembers.
#[derive(Clone, Debug, Default)]
pub struct Placement {
    hints: BTreeMap<Name, Vec<Name>>,
    incarnations: BTreeMap<Name, usize>,
    seen: BTreeMap<Uid, usize>,
    loads: Loads,
    active: VecDeque<(Uid, ObjectKey)>,
    parked: BTreeMap<Uid, Parked>,
    binding: BTreeMap<Uid, (ObjectKey, Name)>,
    attempts: BTreeMap<Uid, u64>,
    due: bool,
}

impl Placement {
    /// A scheduler that breaks ties as it was once recorded.
    pub fn new(hints: BTreeMap<Name, Vec<Name>>) -> Self {
        Placement { hints, ..Placement::default() }
    }

    /// What the pods of every node take, those included whose binding is under way.
    pub fn loads(&self) -> &Loads {
        &self.loads
    }

    fn forget(&mut self, uid: Uid) {
        self.active.retain(|(u, _)| *u != uid);
        self.parked.remove(&uid);
        self.binding.remove(&uid);
        self.attempts.remove(&uid);
        self.seen.remove(&uid);
    }

    /// The node the recording chose for this incarnation of a pod.
    fn hint(&self, name: &Name, uid: Uid) -> Option<&Name> {
        let nth = self.seen.get(&uid)?;
        self.hints.get(name)?.get(nth.checked_sub(1)?)
    }
}

impl Sim {
    /// The scheduler sees a change: pods come and go, and what changed may help those that wait.
    pub(super) fn placement_sees(&mut self, change: &Change) {
        match (&change.before, &change.after) {
            (before, Some(Object::Pod(pod))) => {
                if pod.node.is_some() {
                    self.placement.loads.place(pod);
                    if before.as_ref().and_then(Object::as_pod).is_some_and(|old| old.node.is_none()) {
                        self.placement.binding.remove(&pod.meta.uid);
                    }
                } else if before.is_none() {
                    self.take_in(pod);
                }
            }
            (Some(Object::Pod(pod)), None) => {
                self.placement.loads.remove(pod);
                if let Some((_, node)) = self.placement.binding.get(&pod.meta.uid).cloned() {
                    self.placement.loads.remove(&on_node(pod, &node));
                }
                self.placement.forget(pod.meta.uid);
            }
            _ => {}
        }
        self.wake_parked(change);
    }

    fn take_in(&mut self, pod: &Rc<Pod>) {
        let nth = self.placement.incarnations.entry(Rc::clone(&pod.meta.name)).or_default();
        *nth += 1;
        self.placement.seen.insert(pod.meta.uid, *nth);
        let key = ObjectKey::new(Kind::Pod, &pod.meta.namespace, &pod.meta.name);
        self.placement.active.push_back((pod.meta.uid, key));
        self.schedule_soon();
    }

    fn schedule_soon(&mut self) {
        if !self.placement.due && !self.placement.active.is_empty() {
            self.placement.due = true;
            self.queue.push(self.now + self.timing.schedule, Event::Schedule);
        }
    }

    /// Tries pods again that a change could help. Models the queueing hints of the refusing plugins, by kind of change.
    fn wake_parked(&mut self, change: &Change) {
        if self.placement.parked.is_empty() {
            return;
        }
        let storage = matches!(change.key.kind, Kind::PersistentVolumeClaim | Kind::PersistentVolume | Kind::StorageClass);
        let room = change.key.kind == Kind::Pod && change.after.is_none() || change.key.kind == Kind::Node;
        if !storage && !room {
            return;
        }
        let helped = |p: &Parked| {
            let waits_for_volumes = p.plugins.contains(&Plugin::VolumeBinding);
            if storage { waits_for_volumes } else { change.key.kind == Kind::Node || p.plugins.iter().any(|x| *x != Plugin::VolumeBinding) }
        };
        let woken: Vec<Uid> = self.placement.parked.iter().filter(|(_, p)| helped(p)).map(|(uid, _)| *uid).collect();
        for uid in woken {
            if let Some(parked) = self.placement.parked.remove(&uid) {
                self.placement.active.push_back((uid, parked.key));
            }
        }
        self.schedule_soon();
    }

    /// Tries every pod that waits to be tried.
    pub(super) fn schedule(&mut self) {
        self.placement.due = false;
        while let Some((uid, key)) = self.placement.active.pop_front() {
            let Some(pod) = self.cache.tables.pod(&key.namespace, &key.name).filter(|p| p.meta.uid == uid).cloned() else { continue };
            if pod.node.is_some() || pod.meta.terminating() {
                continue;
            }
            let attempt = self.placement.attempts.entry(uid).or_default();
            *attempt += 1;
            let attempt = *attempt;
            let view = scheduler::View { tables: &self.cache.tables, loads: &self.placement.loads, release: self.server.release };
            let tie = TieBreak { prefer: self.placement.hint(&key.name, uid).map(|n| &**n), dice: self.dice, attempt };
            match scheduler::decide(&view, &pod, &tie) {
                Decided::Fits(fit) => self.assign(&pod, &key, &fit),
                Decided::Unschedulable(unfit) => self.park(&pod, key, &unfit),
            }
        }
    }

    /// A node was found: volumes first, then the binding.
    fn assign(&mut self, pod: &Rc<Pod>, key: &ObjectKey, fit: &Fit) {
        let uid = pod.meta.uid;
        self.placement.loads.place(&Rc::new(on_node(pod, &fit.node)));
        self.placement.binding.insert(uid, (key.clone(), Rc::clone(&fit.node)));
        if fit.provisions.is_empty() && fit.bindings.is_empty() {
            self.bind(uid);
            return;
        }
        for claim in &fit.provisions {
            let claim_key = ObjectKey::new(Kind::PersistentVolumeClaim, &key.namespace, claim);
            let selected = vec![(SELECTED_NODE.into(), Rc::clone(&fit.node))];
            self.send(Actor::Scheduler, Request::Edit(claim_key, Edit::SetAnnotations(selected)));
        }
        for (claim, volume) in &fit.bindings {
            let claim_key = ObjectKey::new(Kind::PersistentVolumeClaim, &key.namespace, claim);
            let volume_key = ObjectKey::new(Kind::PersistentVolume, &Name::default(), volume);
            if let Some(claim) = self.cache.tables.claim(&key.namespace, claim) {
                self.send(Actor::Scheduler, Request::Edit(volume_key, Edit::ReserveVolume(claim_key, claim.meta.uid)));
            }
        }
        let because = Reason::WaitsForVolumes { node: Rc::clone(&fit.node) };
        let mut decision = Decision::new(Component::Scheduler, key.clone(), Verdict::Waits, because);
        if let Some(claim) = fit.provisions.iter().chain(fit.bindings.iter().map(|(c, _)| c)).next() {
            decision = decision.blocked_by(ObjectKey::new(Kind::PersistentVolumeClaim, &key.namespace, claim));
        }
        self.decisions.record(self.now, decision);
        self.queue.push(self.now + self.timing.request + self.timing.volume_poll, Event::PollVolumes(uid));
    }

    /// Binds a pod whose volumes are bound; asks again later otherwise.
    pub(super) fn poll_volumes(&mut self, uid: Uid) {
        let Some((key, _)) = self.placement.binding.get(&uid) else { return };
        let Some(pod) = self.cache.tables.pod(&key.namespace, &key.name).filter(|p| p.meta.uid == uid) else { return };
        let bound = |claim: &Name| self.cache.tables.claim(&key.namespace, claim).is_some_and(|c| c.bound());
        if pod.claim_volumes().all(|v| bound(&v.claim)) {
            self.bind(uid);
        } else {
            self.queue.push(self.now + self.timing.volume_poll, Event::PollVolumes(uid));
        }
    }

    fn bind(&mut self, uid: Uid) {
        let Some((key, node)) = self.placement.binding.get(&uid).cloned() else { return };
        self.send(Actor::Scheduler, Request::Edit(key.clone(), Edit::Bind(uid, Rc::clone(&node))));
        let message = format!("Successfully assigned {}/{} to {node}", key.namespace, key.name);
        let spoken = self.scheduler_says(&key, uid, false, "Scheduled", message);
        self.say(spoken);
        let decision = Decision::new(Component::Scheduler, key, Verdict::Done, Reason::Assigned { node });
        self.decisions.record(self.now, decision);
    }

    /// No node took the pod: it says so, and waits for a change that could help.
    fn park(&mut self, pod: &Rc<Pod>, key: ObjectKey, unfit: &Unfit) {
        let uid = pod.meta.uid;
        let message = Word::from(unfit.message.clone());
        let condition = Condition::new(POD_SCHEDULED, Truth::False, self.now).because("Unschedulable", message.clone());
        let spoken = self.scheduler_says(&key, uid, true, "FailedScheduling", message.clone());
        self.say(spoken);
        if pod.condition(POD_SCHEDULED).is_none_or(|c| c.message != message) {
            self.send(Actor::Scheduler, Request::Edit(key.clone(), Edit::PodCondition(uid, Box::new(condition))));
        }
        let mut decision = Decision::new(Component::Scheduler, key.clone(), Verdict::Waits, Reason::Unschedulable { message });
        let unbound = |c: &&Name| self.cache.tables.claim(&key.namespace, c).is_none_or(|c| !c.bound());
        if let Some(claim) =
            pod.claim_volumes().map(|v| &v.claim).find(unbound).filter(|_| unfit.plugins().contains(&Plugin::VolumeBinding))
        {
            decision = decision.blocked_by(ObjectKey::new(Kind::PersistentVolumeClaim, &key.namespace, claim));
        }
        self.decisions.record(self.now, decision);
        self.placement.parked.insert(uid, Parked { key, plugins: unfit.plugins() });
    }

    fn scheduler_says(&self, key: &ObjectKey, uid: Uid, warning: bool, reason: &'static str, message: impl Into<Word>) -> Spoken {
        Spoken {
            about: key.clone(),
            uid,
            revision: 0,
            field_path: Name::default(),
            warning,
            reason: reason.into(),
            message: message.into(),
            source: SOURCE.into(),
            host: Name::default(),
        }
    }
}

/// The pod as it will be once bound.
fn on_node(pod: &Pod, node: &Name) -> Pod {
    Pod { node: Some(Rc::clone(node)), ..pod.clone() }
}
