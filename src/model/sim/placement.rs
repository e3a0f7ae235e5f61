//! The scheduler at work: which pods wait, which one is tried next, and what comes of the decision.
//!
//! Models pkg/scheduler/schedule_one.go; which pod is next is up to the scheduler's [`Waiting`].

use base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use super::Sim;
use super::event::Event;
use super::hints::Hints;
use super::jitter::Delay;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::pod::{Condition, POD_SCHEDULED, Truth};
use api::object::scheduling::DEFAULT_SCHEDULER;
use api::object::storage::{ClaimPhase, SELECTED_NODE};
use api::object::{Claim, Name, Object, ObjectKey, Pod, Uid};
use base::decimal::push_number;
use base::time::{Span, Time};
use base::word::Word;
use cluster::scheduler::message::{self, BindingError, SCHEDULER_ERROR, UNSCHEDULABLE};
use cluster::scheduler::{self, Fit, Loads, NodeScore, Plugin, Preemption, Queue as Waiting, TieBreak, Unfit, Verdict as Decided};
use control::plan::PendingEvent;
use server::log::{Actor, Change};
use server::request::{Edit, Nomination, Request};
use why::{Component, Decision, Evidence, Reason, Seen, Verdict};

/// How the scheduler signs its events.
pub(super) const SOURCE: &str = DEFAULT_SCHEDULER;

/// How long a pod's volumes may take to be bound. volumebinding DefaultBindTimeoutSeconds, 600 s.
const BIND_TIMEOUT: Span = Span::seconds(600);

/// How many nodes of a decision are remembered.
const NODES_REMEMBERED: usize = 4;

/// How many pods are tried in one event: bounds the cost of a Schedule event. Upstream, each pod takes some time of its own.
const TRIED_AT_ONCE: usize = 64;

/// A pod whose node was found and that is not bound to it yet.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Binding {
    key: ObjectKey,
    node: Name,
    /// The claims for which a volume was asked for on that node.
    provisions: Vec<Name>,
    since: Time,
    /// When the scheduler looks for its volumes first.
    looks: Time,
    /// Whether the binding itself was asked for.
    sent: bool,
    /// What the filters and the scores said of the nodes.
    seen: Vec<Evidence>,
}

/// What the scheduler remembers.
#[derive(Clone, Debug, Default)]
pub struct Placement {
    hints: Hints,
    pub(super) loads: Loads,
    pub(super) waiting: Waiting,
    binding: SortedMap<Uid, Binding>,
    /// Deleted pods whose volumes are still waited for.
    left: SortedMap<Uid, (Rc<Pod>, Binding)>,
    /// Pods for which others go, as they will be on the nodes that are meant for them. Models pkg/scheduler/backend/queue/nominator.go.
    pub(super) nominated: SortedMap<Uid, Rc<Pod>>,
    /// When the next look is due.
    due: Option<Time>,
}

impl Placement {
    /// A scheduler that breaks ties as it was once recorded.
    pub fn new(hints: SortedMap<Name, Vec<Name>>) -> Self {
        Placement { hints: Hints::new(hints), ..Placement::default() }
    }
}

impl Sim {
    /// The scheduler sees a change: pods come and go, and what changed may help those that wait.
    pub(super) fn placement_sees(&mut self, change: &Change) {
        match (&change.before, &change.after) {
            (before, Some(Object::Pod(pod))) => {
                if pod.node.is_some() {
                    self.placement.loads.place(pod);
                    self.placement.binding.remove(&pod.meta.uid);
                    self.placement.nominated.remove(&pod.meta.uid);
                    self.placement.waiting.forget(&change.key);
                } else if let Some(Object::Pod(before)) = before {
                    self.sees_nomination(before, Some(pod));
                } else {
                    self.take_in(pod);
                }
                self.tells_of_gates(&change.key, pod);
            }
            (Some(Object::Pod(pod)), None) => {
                self.placement.loads.remove(pod);
                self.sees_nomination(pod, None);
                if let Some(binding) = self.placement.binding.remove(&pod.meta.uid) {
                    self.place_is_free(pod, &binding.node);
                    if !binding.sent {
                        self.placement.left.insert(pod.meta.uid, (Rc::clone(pod), binding));
                    }
                }
                self.placement.hints.forgets(pod.meta.uid);
                self.placement.waiting.forget(&change.key);
            }
            (None, Some(Object::ReplicaSet(set))) => self.placement.hints.meets_replica_set(&set.meta),
            _ => {}
        }
        self.placement.waiting.wake(change, self.server.release, &self.cache, self.now);
        self.schedule_soon();
    }

    /// Puts a new pod into the queue; one that asks for another scheduler is nobody's here. Models eventhandlers.go responsibleForPod.
    fn take_in(&mut self, pod: &Rc<Pod>) {
        self.placement.hints.meets_pod(pod);
        if pod.spec.template.scheduling.other_scheduler().is_some() {
            return;
        }
        let key = pod.key();
        self.placement.waiting.push(&key, &pod.spec.template.scheduling, self.now);
    }

    /// Says what holds a pod that is not to be looked at yet, where that is new. Models plugins/schedulinggates PreEnqueue.
    fn tells_of_gates(&mut self, key: &ObjectKey, pod: &Pod) {
        if !pod.spec.template.scheduling.gated {
            return;
        }
        let gates = pod.spec.template.raw.list_at(&["schedulingGates"]).iter();
        let because = Reason::SchedulingGated(gates.filter_map(|gate| gate.get("name")?.as_shared_text()).collect());
        let told = self.decisions.by(key, Component::Scheduler).filter(|entry| entry.last >= pod.meta.created);
        if told.is_none_or(|entry| entry.decision.because != because) {
            self.decisions.record(self.now, Decision::new(Component::Scheduler, key.clone(), Verdict::Waits, because));
        }
    }

    /// Sees to it that the scheduler looks when a pod may be tried.
    pub(super) fn schedule_soon(&mut self) {
        let Some(next) = self.placement.waiting.next_time() else { return };
        let at = next.max(self.after(self.timing.schedule, Delay::Schedule));
        if self.placement.due.is_none_or(|due| due > at) {
            self.placement.due = Some(at);
            self.queue.push(at, Event::Schedule);
        }
    }

    /// Tries the pods that may be tried now; of very many the rest after the usual delay, so that no event takes long.
    pub(super) fn schedule(&mut self) {
        if self.placement.due != Some(self.now) {
            return;
        }
        self.placement.due = None;
        for _ in 0..TRIED_AT_ONCE {
            let Some((key, tries)) = self.placement.waiting.pop(self.now) else { break };
            let Some(pod) = self.cache.tables.pod(&key.namespace, &key.name).cloned() else { continue };
            if pod.meta.terminating() {
                let message = message::deleting(&key.namespace, &key.name);
                self.say(PendingEvent::of(key, &pod.meta, SOURCE, EventType::Warning, "FailedScheduling", message));
                continue;
            }
            if pod.node.is_some() {
                continue;
            }
            let Placement { loads, nominated, .. } = &self.placement;
            let view = scheduler::View { tables: &self.cache.tables, loads, nominated, release: self.server.release, now: self.now };
            let prefer = self.placement.hints.node(pod.meta.uid).map(|n| &**n);
            match scheduler::decide(&view, &pod, &TieBreak { prefer, dice: self.dice, attempt: tries + 1 }) {
                Decided::Fits(fit) => self.assign(&pod, &key, &fit),
                Decided::Unschedulable(unfit) => self.park(&pod, &key, &unfit),
            }
        }
        self.schedule_soon();
    }

    /// A node was found: volumes first, then the binding.
    fn assign(&mut self, pod: &Rc<Pod>, key: &ObjectKey, fit: &Fit) {
        let uid = pod.meta.uid;
        self.placement.nominated.remove(&uid);
        self.placement.loads.place(&Rc::new(on_node(pod, &fit.node)));
        let (node, provisions) = (Rc::clone(&fit.node), fit.provisions.clone());
        let seen = self.nodes_seen(fit);
        let looks = self.after(self.timing.request + self.timing.volume_poll, Delay::Volumes(uid));
        self.placement.binding.insert(uid, Binding { key: key.clone(), node, provisions, since: self.now, looks, sent: false, seen });
        if fit.provisions.is_empty() && fit.bindings.is_empty() {
            self.bind(uid);
            return;
        }
        // Gate `NominatedNodeNameForExpectation`.
        let nomination = Nomination::To(Rc::clone(&fit.node));
        self.send(Actor::Scheduler, Request::Edit(key.clone(), Edit::Nominate { pod: uid, nomination, condition: None }));
        let requests: Rc<[Request]> = self.volume_requests(key, fit).into();
        let because = Reason::WaitsForVolumes { node: Rc::clone(&fit.node) };
        let mut decision = Decision::new(Component::Scheduler, key.clone(), Verdict::Waits, because);
        if let Some(claim) = fit.provisions.iter().chain(fit.bindings.iter().map(|(c, _)| c)).next() {
            decision = decision.blocked_by(ObjectKey::new(Kind::PersistentVolumeClaim, &key.namespace, claim));
        }
        self.decisions.record(self.now, decision);
        let about = requests.first().map_or_else(|| key.clone(), Request::key);
        let at = self.after(self.timing.request, Delay::Request(&Actor::Scheduler, &about));
        self.queue.push(at, Event::AskForVolumes(uid, requests));
    }

    /// What asks for the volumes of a pod: volumes are reserved first, then others asked for. Both are of the versions seen.
    fn volume_requests(&self, pod: &ObjectKey, fit: &Fit) -> Vec<Request> {
        let tables = &self.cache.tables;
        let reserved = fit.bindings.iter().filter_map(|(claim, volume)| {
            let (claim, volume) = tables.claim(&pod.namespace, claim).zip(tables.volume("", volume))?;
            let mut volume = Rc::clone(volume);
            Rc::make_mut(&mut volume).reserve_for(claim);
            Some(Request::Update(volume.into()))
        });
        let asked = fit.provisions.iter().filter_map(|claim| {
            let mut claim = tables.claim(&pod.namespace, claim).cloned()?;
            let annotations = &mut Rc::make_mut(&mut claim).meta.annotations;
            Rc::make_mut(annotations).insert(SELECTED_NODE.into(), Rc::clone(&fit.node));
            Some(Request::Update(claim.into()))
        });
        reserved.chain(asked).collect()
    }

    /// Asks for the volumes of a pod. The first refusal ends the attempt. Models volumebinding/binder.go bindAPIUpdate.
    pub(super) fn ask_for_volumes(&mut self, uid: Uid, requests: &[Request]) {
        let refused = requests.iter().find_map(|request| self.server.handle(request.clone(), &Actor::Scheduler).err());
        let Some(binding) = self.placement.binding.get(&uid) else {
            self.placement.left.remove(&uid);
            return;
        };
        let Some(refused) = refused else {
            self.queue.push(binding.looks, Event::PollVolumes(uid));
            return;
        };
        let (key, node) = (&binding.key, Rc::clone(&binding.node));
        let Some(pod) = self.cache.tables.pod(&key.namespace, &key.name).filter(|p| p.meta.uid == uid).cloned() else { return };
        self.give_up_on_volumes(&pod, &node, message::binding_failed(BindingError::Refused(&refused.message)).into());
    }

    /// Binds a pod whose volumes are bound; lets the pod be tried again where they cannot be had on its node any more; asks again
    /// later otherwise. Models volumebinding/binder.go checkBindings.
    pub(super) fn poll_volumes(&mut self, uid: Uid) {
        let Some(binding) = self.placement.binding.get(&uid) else {
            self.bind_in_vain(uid);
            return;
        };
        let (key, node) = (&binding.key, Rc::clone(&binding.node));
        let Some(pod) = self.cache.tables.pod(&key.namespace, &key.name).filter(|p| p.meta.uid == uid).cloned() else { return };
        let found = |name: &Name| self.cache.tables.claim(&key.namespace, name);
        let comes = |claim: &Rc<Claim>| {
            let asked = binding.provisions.contains(&claim.meta.name);
            claim.bound() || !asked || claim.selected_node() == Some(&node)
        };
        let late = self.now >= binding.since + BIND_TIMEOUT;
        if pod.claim_volumes().all(|v| found(&v.claim).is_some_and(|c| c.bound())) {
            self.bind(uid);
            return;
        }
        let trouble = |claim: &'_ Name| match found(claim) {
            None => Some(message::binding_failed(BindingError::ClaimGone { namespace: &key.namespace, claim })),
            Some(there) if !comes(there) => Some(message::binding_failed(BindingError::NotProvisioned { claim })),
            Some(_) => None,
        };
        let trouble = pod.claim_volumes().find_map(|v| trouble(&v.claim));
        match trouble.or_else(|| late.then(|| message::binding_failed(BindingError::TimedOut))) {
            Some(error) => self.give_up_on_volumes(&pod, &node, error.into()),
            None => self.queue.push(self.now + self.timing.volume_poll, Event::PollVolumes(uid)),
        }
    }

    /// The binding of a pod that is gone goes on while there is a pod of that name, and is refused once the volumes are there. If that
    /// other pod is bound by then, it is written to that one's condition. Models schedule_one.go handleSchedulingFailure.
    fn bind_in_vain(&mut self, uid: Uid) {
        let Some((pod, binding)) = self.placement.left.remove(&uid) else { return };
        let key = pod.key();
        let Some(other) = self.cache.tables.pod(&key.namespace, &key.name).cloned() else { return };
        if !pod.claim_volumes().all(|v| self.cache.tables.claim(&key.namespace, &v.claim).is_some_and(|c| c.bound())) {
            if self.now < binding.since + BIND_TIMEOUT {
                self.placement.left.insert(uid, (pod, binding));
                self.queue.push(self.now + self.timing.volume_poll, Event::PollVolumes(uid));
            }
            return;
        }
        let Err(refused) = self.server.handle(Request::Edit(key.clone(), Edit::Bind(uid, binding.node)), &Actor::Scheduler) else {
            return;
        };
        if other.node.is_none() {
            return;
        }
        let message = Word::from(message::bind_failed(&refused.message));
        self.say(PendingEvent::of(key.clone(), &pod.meta, SOURCE, EventType::Warning, "FailedScheduling", message::note(&message)));
        // The patch has what is new for the pod that is gone: the status is not if that one had failed before.
        let again = pod.condition(POD_SCHEDULED).is_some_and(|c| c.status == Truth::False);
        let status = if again { Truth::True } else { Truth::False };
        let condition = Condition::new(POD_SCHEDULED, status, self.now).because(SCHEDULER_ERROR, message).seen_at(pod.meta.generation);
        let edit = Edit::Nominate { pod: other.meta.uid, nomination: Nomination::Keep, condition: Some(Box::new(condition)) };
        self.send(Actor::Scheduler, Request::Edit(key, edit));
    }

    /// The volumes of a pod cannot be had on its node, or the node is not for it any more: the pod is tried again.
    /// Models schedule_one.go handleBindingCycleError.
    pub(super) fn give_up_on_volumes(&mut self, pod: &Rc<Pod>, node: &Name, error: Word) {
        let key = pod.key();
        self.placement.binding.remove(&pod.meta.uid);
        self.place_is_free(pod, node);
        // What was asked for before the volumes has come back to the scheduler by now.
        let written = self.server.tables().pod(&key.namespace, &key.name).filter(|written| written.meta.uid == pod.meta.uid);
        let nomination = Nomination::Clear.for_pod(written.unwrap_or(pod));
        self.tell_unscheduled(pod, SCHEDULER_ERROR, error, nomination);
        self.placement.waiting.failed(&key, SortedSet::new(), self.now);
        self.schedule_soon();
    }

    /// A pod does not come to a node on which it counted already.
    fn place_is_free(&mut self, pod: &Pod, node: &Name) {
        let there = on_node(pod, node);
        self.placement.loads.remove(&there);
        self.placement.waiting.wake_for_place_of(&there, None, &self.cache, self.now);
    }

    /// Takes in that another node is meant for a pod, or none any more: whoever is of no higher priority may have the place.
    fn sees_nomination(&mut self, before: &Rc<Pod>, after: Option<&Rc<Pod>>) {
        let (uid, was) = (before.meta.uid, &before.status.nominated);
        let is = after.map(|pod| &pod.status.nominated);
        if self.placement.binding.contains_key(&uid) {
            return;
        }
        if after.is_none() || is != Some(was) {
            self.placement.nominated.remove(&uid);
        }
        if let Some((pod, node)) = after.zip(is).filter(|(_, node)| *node != was && !node.is_empty()) {
            self.placement.nominated.insert(uid, Rc::new(on_node(pod, node)));
        }
        if !was.is_empty() && is != Some(was) {
            let most = Some(before.spec.template.scheduling.priority);
            self.placement.waiting.wake_for_place_of(&on_node(before, was), most, &self.cache, self.now);
        }
    }

    /// Tells, in an event and in the pod's condition, why a pod has no node, and with it, what changes of which one is meant for it.
    /// Models schedule_one.go handleSchedulingFailure.
    fn tell_unscheduled(&mut self, pod: &Pod, reason: &'static str, message: Word, nomination: Nomination) {
        self.say(PendingEvent::of(pod.key(), &pod.meta, SOURCE, EventType::Warning, "FailedScheduling", message::note(&message)));
        let news = pod.condition(POD_SCHEDULED).is_none_or(|c| c.message != message);
        let condition = news
            .then(|| Box::new(Condition::new(POD_SCHEDULED, Truth::False, self.now).because(reason, message).seen_at(pod.meta.generation)));
        if condition.is_some() || nomination != Nomination::Keep {
            self.send(Actor::Scheduler, Request::Edit(pod.key(), Edit::Nominate { pod: pod.meta.uid, nomination, condition }));
        }
    }

    /// The node on which a pod's volumes are prepared before it is bound to it.
    pub(super) fn prepared_on(&self, uid: Uid) -> Option<Name> {
        self.placement.binding.get(&uid).filter(|binding| !binding.sent).map(|binding| Rc::clone(&binding.node))
    }

    /// The claims for which volumes were asked for on the node of a pod that is not bound to it yet.
    pub(super) fn asks_for(&self, uid: Uid) -> impl Iterator<Item = ObjectKey> {
        let binding = self.placement.binding.get(&uid).into_iter();
        binding.flat_map(|of| of.provisions.iter().map(|claim| ObjectKey::new(Kind::PersistentVolumeClaim, &of.key.namespace, claim)))
    }

    fn bind(&mut self, uid: Uid) {
        let Some(binding) = self.placement.binding.get_mut(&uid) else { return };
        binding.sent = true;
        let (key, node, seen) = (binding.key.clone(), Rc::clone(&binding.node), binding.seen.clone());
        self.send(Actor::Scheduler, Request::Edit(key.clone(), Edit::Bind(uid, Rc::clone(&node))));
        let message = message::assigned(&key.namespace, &key.name, &node);
        let revision = self.cache.tables.get(&key).map_or(0, |pod| pod.meta().revision);
        let pending_event =
            PendingEvent { uid, revision, ..PendingEvent::by_name(key.clone(), SOURCE, EventType::Normal, "Scheduled", message) };
        self.say(pending_event);
        let decision = Decision::new(Component::Scheduler, key, Verdict::Done, Reason::Assigned { node });
        self.decisions.record(self.now, Decision { evidence: seen, ..decision });
    }

    /// What the filters and the scores said of the first nodes and of the one chosen: for whoever asks why it is that one.
    fn nodes_seen(&self, fit: &Fit) -> Vec<Evidence> {
        let one = |node: &Name, what, value: String| {
            let revision = self.cache.tables.node("", node).map_or(0, |node| node.meta.revision);
            Evidence { of: ObjectKey::global(Kind::Node, node), what, value: value.into(), revision }
        };
        let chosen = |(_, score): &(usize, &NodeScore)| score.node == fit.node;
        let scores = || fit.scores.nodes.iter().enumerate();
        let others = scores().filter(|score| !chosen(score)).take(NODES_REMEMBERED);
        let scored = scores().find(chosen).into_iter().chain(others).map(|(at, score)| {
            one(&score.node, Seen::Score, composed(score.total, fit.scores.parts.iter().map(|(plugin, points)| (*plugin, points[at]))))
        });
        let refused = fit.refusals.iter().take(NODES_REMEMBERED).map(|(node, refusal)| {
            let words: Vec<String> = refusal.reasons.iter().map(ToString::to_string).collect();
            one(node, Seen::Filter, format!("{}: {}", refusal.plugin, words.join(", ")))
        });
        scored.chain(refused).collect()
    }

    /// No node took the pod: it says so, takes the place of others where it may, and waits for a change that could help.
    fn park(&mut self, pod: &Rc<Pod>, key: &ObjectKey, unfit: &Unfit) {
        let message = Word::from(unfit.message.clone());
        let nomination = match &unfit.preemption {
            Preemption::Found(found) => Nomination::To(Rc::clone(&found.node)),
            Preemption::Helpless(_) => Nomination::Clear,
            Preemption::Untried | Preemption::Ineligible(_) => Nomination::Keep,
        };
        self.placement.waiting.failed(key, unfit.plugins(), self.now);
        if let Preemption::Found(found) = &unfit.preemption {
            self.preempt(pod, found);
        }
        match &nomination {
            Nomination::Keep => {}
            Nomination::Clear => drop(self.placement.nominated.remove(&pod.meta.uid)),
            Nomination::To(node) => drop(self.placement.nominated.insert(pod.meta.uid, Rc::new(on_node(pod, node)))),
        }
        self.tell_unscheduled(pod, UNSCHEDULABLE, message.clone(), nomination.for_pod(pod));
        let decision = self.waits_for_victims(pod, &unfit.preemption).unwrap_or_else(|| {
            let by: Vec<Plugin> = unfit.plugins().iter().copied().collect();
            let asks = by.contains(&Plugin::VolumeBinding);
            let decision = Decision::new(
                Component::Scheduler,
                key.clone(),
                Verdict::Waits,
                Reason::Unschedulable { message, by, lacks: unfit.lacks() },
            );
            let unbound =
                |c: &&Name| self.cache.tables.claim(&key.namespace, c).is_none_or(|c| !c.bound() || c.status.phase == ClaimPhase::Lost);
            match pod.claim_volumes().map(|v| &v.claim).find(unbound).filter(|_| asks) {
                Some(claim) => decision.blocked_by(ObjectKey::new(Kind::PersistentVolumeClaim, &key.namespace, claim)),
                None => decision,
            }
        });
        self.decisions.record(self.now, decision);
    }
}

/// What makes up a node's score: `5 = NodeAffinity 2 + VolumeBinding 3`. Told of every pod, hence without the formatting machinery.
fn composed(total: i64, parts: impl Iterator<Item = (Plugin, i64)>) -> String {
    let mut told = String::with_capacity(120);
    push_number(&mut told, total);
    told += " = ";
    let mut before = "";
    for (plugin, points) in parts.filter(|(_, points)| *points > 0) {
        told += before;
        told += plugin.word();
        told.push(' ');
        push_number(&mut told, points);
        before = " + ";
    }
    told
}

/// The pod as it will be once bound.
pub(super) fn on_node(pod: &Pod, node: &Name) -> Pod {
    Pod { node: Some(Rc::clone(node)), ..pod.clone() }
}
