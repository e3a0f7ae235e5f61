//! Carrying out preemption: deleting victims so that another pod can take their place.
//!
//! Models pkg/scheduler/framework/preemption/executor.go, gate `SchedulerAsyncPreemption`: all victims but the last are deleted at
//! once, then the last one; until then, the preemptor is not tried again.

use std::rc::Rc;

use super::Sim;
use super::event::Event;
use super::jitter::Delay;
use super::placement::SOURCE;
use api::client::DeleteOptions;
use api::object::event::EventType;
use api::object::pod::{Condition, DISRUPTION_TARGET, PREEMPTION_BY_SCHEDULER};
use api::object::{Name, ObjectKey, Pod};
use base::word::Word;
use cluster::scheduler::message::{self, BindingError};
use cluster::scheduler::{Preemption, Room};
use control::plan::PendingEvent;
use server::log::Actor;
use server::request::{Edit, Nomination, Request};
use why::{Component, Decision, Reason, Verdict};

/// A victim, and the next step of its preemption.
#[derive(Clone, Debug, PartialEq)]
pub struct Preempting {
    victim: Rc<Pod>,
    /// The message of the `Preempted` event.
    message: Word,
    /// Whether its `DisruptionTarget` condition has already been set.
    told: bool,
    /// The preemptor, if this is its last victim.
    last_for: Option<ObjectKey>,
}

impl Sim {
    /// Makes room for a pod on a node. Models prepareCandidateAsync.
    pub(super) fn preempt(&mut self, preemptor: &Rc<Pod>, found: &Room) {
        let own = preemptor.spec.template.scheduling.priority;
        let lower = |pod: &&Rc<Pod>| pod.node.as_ref() == Some(&found.node) && pod.spec.template.scheduling.priority < own;
        let staying: Vec<Rc<Pod>> = found.victims.iter().filter(|victim| !victim.meta.terminating()).cloned().collect();
        let Some(last) = staying.len().checked_sub(1) else { return };
        let outdone: Vec<Rc<Pod>> = self.placement.nominated.values().filter(lower).cloned().collect();
        for pod in outdone {
            let edit = Edit::Nominate { pod: pod.meta.uid, nomination: Nomination::Clear, condition: None };
            self.send(Actor::Scheduler, Request::Edit(pod.key(), edit));
        }
        let key = preemptor.key();
        self.placement.waiting.hold(&key, true);
        let mut at = self.after(self.timing.request, Delay::Preempt(&key, 0));
        for (i, victim) in staying.into_iter().enumerate() {
            let because = Reason::Preempted { by: Rc::clone(&key.name), node: Rc::clone(&found.node) };
            self.decisions.record(self.now, Decision::new(Component::Preemption, victim.key(), Verdict::Acts, because));
            if i == last && i > 0 {
                at = [1, 2].into_iter().fold(at, |at, nth| at + self.drawn(self.timing.request, Delay::Preempt(&key, nth)));
            }
            let message = message::preempted(preemptor.meta.uid, &found.node).into();
            let last_for = (i == last).then(|| key.clone());
            self.queue.push(at, Event::Preempt(Rc::new(Preempting { victim, message, told: false, last_for })));
        }
    }

    /// Sets a victim's `DisruptionTarget` condition, then deletes it. Models PreemptPod.
    // A first visit does not run this.
    #[inline(never)]
    pub(super) fn tell_to_go(&mut self, preempting: &Preempting) {
        let Preempting { victim, message, told, last_for } = preempting;
        let (key, uid) = (victim.key(), victim.meta.uid);
        if let Some(node) = self.prepared_on(uid).filter(|_| !told) {
            self.give_up_on_volumes(victim, &node, message::binding_failed(BindingError::Canceled).into());
            self.say(PendingEvent::of(
                key,
                &victim.meta,
                SOURCE,
                EventType::Normal,
                "Preempted",
                format!("{message} (in kube-scheduler memory)."),
            ));
            self.preempted_last(last_for.as_ref(), true);
            return;
        }
        let request = if *told {
            let options = DeleteOptions { uid: Some(uid.to_string().into()), ..DeleteOptions::default() };
            Request::Delete(key.clone(), options)
        } else {
            let generation = self.cache.tables.get(&key).map_or(0, |victim| victim.meta().generation);
            let condition = Condition::new(DISRUPTION_TARGET, true, self.now).because(PREEMPTION_BY_SCHEDULER, message::PREEMPTING);
            let condition = condition.seen_at(generation);
            Request::Edit(key.clone(), Edit::PodCondition(uid, Box::new(condition)))
        };
        let done = self.server.handle(request, &Actor::Scheduler).is_ok();
        if done && !told {
            let at = self.after(self.timing.request, Delay::Preempt(&key, 0));
            self.queue.push(at, Event::Preempt(Rc::new(Preempting { told: true, ..preempting.clone() })));
            return;
        }
        if done {
            self.say(PendingEvent::of(key, &victim.meta, SOURCE, EventType::Normal, "Preempted", message.clone()));
        }
        self.preempted_last(last_for.as_ref(), false);
    }

    /// All victims have been told to go: releases the preemptor, and retries it at once if the last one was still only in memory.
    fn preempted_last(&mut self, preemptor: Option<&ObjectKey>, in_memory: bool) {
        let Some(preemptor) = preemptor else { return };
        self.placement.waiting.hold(preemptor, false);
        if in_memory {
            self.placement.waiting.activate(preemptor);
            self.schedule_soon();
        }
    }

    /// The decision that a pod waits for its victims to terminate; `None` if it has none.
    pub(super) fn waits_for_victims(&self, pod: &Pod, preemption: &Preemption) -> Option<Decision> {
        let leaving = |other: &&Rc<Pod>| other.meta.terminating() && other.preempted();
        let (node, victims): (&Name, Vec<&Rc<Pod>>) = match preemption {
            Preemption::Found(found) => (&found.node, found.victims.iter().collect()),
            Preemption::Ineligible(_) => {
                let node = &pod.status.nominated;
                (node, self.placement.loads.node(node)?.pods().filter(leaving).collect())
            }
            Preemption::Untried | Preemption::Helpless(_) => return None,
        };
        let count = i64::try_from(victims.len()).unwrap_or(i64::MAX);
        let because = Reason::WaitsForPreempted { node: Rc::clone(node), count };
        let decision = Decision::new(Component::Scheduler, pod.key(), Verdict::Waits, because);
        Some(decision.blocked_by(victims.first()?.key()))
    }
}
