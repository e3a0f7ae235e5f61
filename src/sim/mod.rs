//! The simulated world as one value, and the passing of time in it.
//!
//! Promises: the same setup and the same commands give the same bytes; a clone is a complete world that runs on independently; time
//! passes only in [`Sim::step`], one event at a time, ordered by time and, within an instant, by insertion.
//! Must not know: the browser, any wall clock, any language.

mod attach;
mod budgets;
mod client;
mod containers;
mod endpoints;
pub mod event;
mod fault;
mod hints;
pub mod jitter;
pub mod law;
mod machines;
mod nodes;
mod placement;
mod preemption;
mod recorder;
pub mod retries;
pub mod setup;
mod storage;
mod sync;
mod workers;
mod workloads;

use crate::base::sorted::SortedMap;
use std::rc::Rc;

use crate::api::controller::Controller;
use crate::api::kind::Kind;
use crate::api::object::storage::{CLAIM_PROTECTION, ClaimPhase, ClaimRef, VOLUME_PROTECTION};
use crate::api::object::{Meta, Name, Object, ObjectKey, Pod, Uid, Volume};
use crate::api::release::Release;
use crate::base::dice::Dice;
use crate::base::hash::Digest;
use crate::base::time::{Span, Time};
use crate::cluster::images::Images;
use crate::cluster::inside::Disks;
use crate::cluster::kubelet::Machine;
use crate::cluster::runtime::RuntimeEntry;
use crate::cluster::timing::Timing;
use crate::control::cache::Cache;
use crate::control::plan::Spoken;
use crate::control::volume_binder::RESYNC;
use crate::control::{daemon_set, garbage_collector, job, resource_quota};
use crate::server::log::{Actor, Change, Log};
use crate::server::namespaces::has_everywhere;
use crate::server::request::Request;
use crate::server::tables::Tables;
use crate::server::{FOREGROUND_DELETION, Server};
use crate::why::DecisionLog;
use event::{Event, Queue};
pub use fault::{Fault, Refused};
use jitter::Delay;
use placement::Placement;
use recorder::Recorder;
pub use setup::Setup;
use workers::Workers;

/// The most events at one instant before the run is stopped as an endless loop.
const EVENTS_AT_ONCE_MOST: u32 = 1_000_000;

/// The world: API server, control plane, machines, and the queue of pending events.
#[derive(Clone, Debug)]
pub struct Sim {
    now: Time,
    queue: Queue,
    server: Server,
    cache: Cache,
    delivered: usize,
    due: usize,
    workers: Workers,
    recorder: Recorder,
    placement: Placement,
    machines: SortedMap<Name, Machine>,
    images: Images,
    disks: Disks,
    timing: Rc<Timing>,
    endpoints: endpoints::Endpoints,
    nodes: nodes::Nodes,
    attach: attach::Attach,
    jobs: job::Memory,
    daemon_sets: daemon_set::Memory,
    decisions: DecisionLog,
    runtime: Rc<Vec<RuntimeEntry>>,
    dice: Dice,
    steps: u64,
    at_once: u32,
}

impl Sim {
    /// The current virtual time.
    pub fn now(&self) -> Time {
        self.now
    }

    /// When the next event is due; `None` when the cluster is quiet.
    pub fn next_time(&self) -> Option<Time> {
        self.queue.next_time()
    }

    /// The pending events, soonest first.
    pub fn ahead(&self) -> impl Iterator<Item = (Time, &Event)> {
        self.queue.ahead()
    }

    /// The API server's objects.
    pub fn tables(&self) -> &Tables {
        self.server.tables()
    }

    /// The log of all writes, in order.
    pub fn log(&self) -> &Log {
        self.server.log()
    }

    /// What the components have seen of the API server's state.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// The decisions recorded so far, with their reasons.
    pub fn decisions(&self) -> &DecisionLog {
        &self.decisions
    }

    /// The machines, ordered by node name.
    pub fn machines(&self) -> impl Iterator<Item = &Machine> {
        self.machines.values()
    }

    /// The machines, by node name.
    pub fn machines_by_node(&self) -> &SortedMap<Name, Machine> {
        &self.machines
    }

    /// What happened to machines and processes, in order.
    pub fn runtime(&self) -> &[RuntimeEntry] {
        &self.runtime
    }

    /// How images behave.
    pub fn images(&self) -> &Images {
        &self.images
    }

    /// The same, to be changed.
    pub fn images_mut(&mut self) -> &mut Images {
        &mut self.images
    }

    /// The modelled release.
    pub fn release(&self) -> &'static Release {
        self.server.release
    }

    /// How many events have been processed.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// A digest of everything written so far, and when.
    pub fn digest(&self) -> Digest {
        self.server.digest()
    }

    /// Processes the next event. Returns false if there is none, or if the model goes in circles.
    pub fn step(&mut self) -> bool {
        if self.circles() {
            return false;
        }
        let Some((at, event)) = self.queue.pop() else { return false };
        self.at_once = if at == self.now { self.at_once + 1 } else { 0 };
        self.now = at;
        self.server.now = at;
        self.steps += 1;
        self.happen(event);
        self.watch();
        true
    }

    /// Whether so much happened at this instant that it never ends, which would be a mistake of ours. Nothing happens any more then.
    pub fn circles(&self) -> bool {
        self.at_once >= EVENTS_AT_ONCE_MOST
    }

    /// Lets it look as if it went in circles.
    #[cfg(test)]
    pub(crate) fn go_in_circles(&mut self) {
        self.at_once = EVENTS_AT_ONCE_MOST;
    }

    /// Processes all events up to an instant, and sets the clock to it.
    pub fn run_until(&mut self, until: Time) {
        while self.next_time().is_some_and(|at| at <= until) && self.step() {}
        self.advance(until);
    }

    /// Moves the clock to an instant; no event may be due before it.
    fn advance(&mut self, to: Time) {
        if to > self.now && self.next_time().is_none_or(|at| at >= to) {
            self.now = to;
            self.server.now = to;
            self.at_once = 0;
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Deliver => self.deliver(),
            Event::Sync(controller, key) => self.sync(controller, &key),
            Event::Continue(id) => self.go_on(id),
            Event::Record(spoken) => self.recorder.record(&mut self.server, &spoken),
            Event::Send(actor, request) => drop(self.server.handle(&request, &actor)),
            Event::Schedule => self.schedule(),
            Event::Preempt(preempting) => self.tell_to_go(&preempting),
            Event::AskForVolumes(uid, requests) => self.ask_for_volumes(uid, &requests),
            Event::PollVolumes(uid) => self.poll_volumes(uid),
            Event::Provisioned(claim, uid) => self.provisioned(&claim, uid),
            Event::ProvisionerLooks(claim, uid) => self.provisioner_looks(&claim, uid),
            Event::Grown(claim, uid) => self.grown(&claim, uid),
            Event::Driver(key, uid) => self.driver_has_done(&key, uid),
            Event::NodeStatus(node) => self.tell_of_status(&node),
            Event::Kubelet(node, uid, timer) => self.wake_kubelet(&node, uid, timer),
            Event::Applications => self.run_applications(),
            Event::Inside(node, uid, container) => self.look_inside(&node, uid, &container),
        }
    }

    /// Schedules delivery of what was just written to the watchers.
    fn watch(&mut self) {
        let written = self.server.log().len();
        if self.due < written {
            self.due = written;
            self.queue.push(self.now + self.timing.watch, Event::Deliver);
        }
    }

    /// Delivers the writes that are at least a watch's delay old to the components, and wakes those they concern.
    fn deliver(&mut self) {
        let seen = self.now.0.saturating_sub(self.timing.watch.0);
        while let Some(change) = self.server.log().get(self.delivered).filter(|c| c.at.0 <= seen).cloned() {
            self.delivered += 1;
            if change.key.kind == Kind::Event {
                continue;
            }
            self.cache.see(&change);
            self.inside_sees(&change);
            self.route(&change);
        }
    }

    /// Wakes the components concerned by a change.
    fn route(&mut self, change: &Change) {
        let key = &change.key;
        self.route_owners(change);
        self.route_quotas(change);
        self.route_autoscalers(change);
        match change.object() {
            Some(Object::Pod(_)) => self.route_pod(change),
            Some(Object::StatefulSet(_)) => self.enqueue(Controller::StatefulSet, key),
            Some(Object::Deployment(_)) => self.enqueue(Controller::Deployment, key),
            Some(Object::ReplicaSet(_)) => self.route_replica_set(change),
            Some(Object::Claim(_)) => self.route_claim(change),
            Some(Object::Volume(volume)) => self.route_volume(volume, change),
            Some(Object::Service(_) | Object::EndpointSlice(_)) => self.route_service(change),
            Some(Object::Node(_)) => {
                self.route_node(change);
                self.route_service(change);
                self.route_daemon_sets(change);
            }
            Some(Object::Plain(_)) if key.kind == Kind::DaemonSet => self.enqueue(Controller::DaemonSet, key),
            Some(Object::Plain(_)) if key.kind == Kind::Job => self.route_job(change),
            Some(Object::Plain(_)) if key.kind == Kind::CronJob => self.enqueue(Controller::CronJob, key),
            Some(Object::Plain(_)) if key.kind == Kind::Namespace => self.enqueue(Controller::Namespace, key),
            Some(Object::Budget(_)) => self.enqueue(Controller::Disruption, key),
            _ => {}
        }
        self.route_namespace_objects(change);
        self.route_attachments(change);
        self.placement_sees(change);
    }

    /// Wakes the controllers that create a namespace's default objects. The namespaces a cluster starts with already have theirs.
    fn route_namespace_objects(&mut self, change: &Change) {
        let key = &change.key;
        if key.kind == Kind::Namespace && change.by != Actor::Setup {
            self.enqueue(Controller::ServiceAccounts, key);
            self.enqueue(Controller::RootCertificates, key);
        } else if has_everywhere(key.kind, &key.name) && change.before.is_some() {
            let namespace = ObjectKey::global(Kind::Namespace, &key.namespace);
            let account = key.kind == Kind::ServiceAccount;
            self.enqueue(if account { Controller::ServiceAccounts } else { Controller::RootCertificates }, &namespace);
        }
    }

    /// Wakes the quota controller for the quotas a change affects.
    fn route_quotas(&mut self, change: &Change) {
        let namespace = &change.key.namespace;
        if change.key.kind == Kind::ResourceQuota && change.after.is_some() {
            let hard = |o: &Option<Object>| o.as_ref().and_then(|o| o.encode().at(&["spec", "hard"]).cloned());
            if hard(&change.before) != hard(&change.after) {
                self.enqueue(Controller::ResourceQuota, &change.key);
            }
        } else if self.cache.tables.within(Kind::ResourceQuota, namespace).next().is_some() && resource_quota::frees(change, self.now) {
            let quotas: Vec<ObjectKey> = self.cache.tables.within(Kind::ResourceQuota, namespace).map(Object::key).collect();
            for key in quotas {
                self.enqueue(Controller::ResourceQuota, &key);
            }
        }
    }

    /// Wakes an autoscaler that is new or changed. Nobody tells it of its target: it comes back to that in time.
    fn route_autoscalers(&mut self, change: &Change) {
        let Change { key, before, after, .. } = change;
        let generation = |side: &Option<Object>| side.as_ref().map(|o| o.meta().generation);
        if key.kind == Kind::HorizontalPodAutoscaler && (before.is_none() || generation(before) != generation(after)) {
            self.enqueue_after(Controller::Autoscaler, key, self.timing.sync + self.server.release.autoscaler_first_look);
        }
    }

    fn route_pod(&mut self, change: &Change) {
        let pods = change.sides(Object::as_pod);
        let namespace = &change.key.namespace;
        self.route_managers(change);
        if pods[0].is_none() && pods[1].is_some_and(|pod| !pod.spec.ephemeral.is_empty()) {
            self.enqueue(Controller::EphemeralVolume, &change.key);
        }
        let ended = |pod: Option<&Rc<Pod>>| pod.is_none_or(|p| p.status.phase.terminal());
        if ended(pods[0]) != ended(pods[1]) || change.after.is_none() {
            let used: Vec<Name> = pods[1].or(pods[0]).into_iter().flat_map(|p| p.claim_volumes()).map(|v| Rc::clone(&v.claim)).collect();
            for claim in used {
                self.enqueue(Controller::ClaimProtection, &ObjectKey::new(Kind::PersistentVolumeClaim, namespace, &claim));
            }
        }
        self.route_service(change);
        self.route_pod_of_node(change);
        self.route_pod_to_budget(change);
        self.kubelet_sees(change);
    }

    fn route_claim(&mut self, change: &Change) {
        let Some(claim) = change.object().and_then(Object::as_claim) else { return };
        self.enqueue(Controller::Claims, &change.key);
        if change.after.is_none() {
            let place = (change.key.namespace.clone(), change.key.name.clone());
            let users: Vec<ObjectKey> = self.cache.users_of(&place).map(|pod| ObjectKey::new(Kind::Pod, &place.0, pod)).collect();
            for user in users {
                self.enqueue(Controller::EphemeralVolume, &user);
            }
        }
        let is_bare = !claim.meta.has_finalizer(CLAIM_PROTECTION);
        if claim.meta.terminating() || change.before.is_none() || claim.phase == ClaimPhase::Bound || is_bare {
            self.enqueue(Controller::ClaimProtection, &change.key);
        }
        if !claim.volume.is_empty() {
            let volume = ObjectKey::global(Kind::PersistentVolume, &claim.volume);
            self.enqueue(Controller::Volumes, &volume);
            if change.after.is_none() {
                self.enqueue(Controller::VolumeProtection, &volume);
            }
        }
        self.provisioner_sees(change);
        self.expander_sees(change);
    }

    /// Wakes the components concerned by a change of a volume.
    fn route_volume(&mut self, volume: &Volume, change: &Change) {
        self.enqueue(Controller::Volumes, &change.key);
        if volume.meta.terminating() || !volume.meta.has_finalizer(VOLUME_PROTECTION) {
            self.enqueue(Controller::VolumeProtection, &change.key);
        }
        if let Some(claim) = &volume.claim {
            self.enqueue(Controller::Claims, &claim.key());
        }
        // A claim that its volume no longer names finds out at the next resync.
        let [before, after] = change.sides(Object::as_volume);
        let named = before.zip(after).and_then(|(before, _)| before.claim.as_ref()).map(ClaimRef::key);
        if let Some(claim) = named.filter(|claim| volume.claim.as_ref().map(ClaimRef::key).as_ref() != Some(claim)) {
            self.enqueue_after(Controller::Claims, &claim, self.now.until_stroke(RESYNC));
        }
        if after.is_none() {
            self.provisioner_misses(volume);
        }
    }

    /// Wakes the garbage collector for an object's removal.
    fn route_owners(&mut self, change: &Change) {
        let Some(object) = change.object() else { return };
        let meta = object.meta();
        if let Some(old) = change.before.as_ref().filter(|old| change.after.is_some() && old.meta().owners != meta.owners) {
            self.route_unblocked(old.meta(), meta);
        }
        if change.after.is_none() {
            let dependents: Vec<ObjectKey> = self.cache.dependents(meta.uid).cloned().collect();
            for key in dependents {
                self.enqueue(Controller::GarbageCollector, &key);
            }
            for owner in &meta.owners {
                if let Some(kind) = owner.kind {
                    self.enqueue_waiting_owner(&ObjectKey::new(kind, &meta.namespace, &owner.name));
                }
            }
        } else if meta.terminating() && !meta.finalizers.is_empty() {
            if change.before.as_ref().is_none_or(|old| !old.meta().terminating() || old.meta().finalizers != meta.finalizers) {
                self.enqueue_in(Controller::GarbageCollector, &change.key, self.timing.sync);
            }
        } else if change.before.as_ref().is_none_or(|old| old.meta().owners != meta.owners) && self.lacks_an_owner(object) {
            self.enqueue(Controller::GarbageCollector, &change.key);
            if let Some(spoken) = garbage_collector::misplaced_owner(&self.cache, object) {
                self.say(spoken);
            }
        }
    }

    /// Wakes the garbage collector for owners whose foreground deletion a surviving dependent no longer blocks.
    /// Models graph_builder.go addUnblockedOwnersToDeleteQueue.
    fn route_unblocked(&mut self, old: &Meta, new: &Meta) {
        let blocks = |uid: Uid| new.owners.iter().any(|o| o.uid == uid && o.blocks);
        for owner in old.owners.iter().filter(|o| o.blocks && !blocks(o.uid)) {
            let Some(key) = owner.kind.map(|kind| ObjectKey::new(kind, &new.namespace, &owner.name)) else { continue };
            if self.cache.tables.get(&key).is_some_and(|o| o.meta().has_finalizer(FOREGROUND_DELETION)) {
                self.enqueue_waiting_owner(&key);
            }
        }
    }

    /// Whether any owner of an object is missing. Models pkg/controller/garbagecollector/graph_builder.go, which adds such an owner as a
    /// virtual node and processes it.
    fn lacks_an_owner(&self, object: &Object) -> bool {
        let namespace = &object.meta().namespace;
        let there = |kind: Kind, name: &Name| self.cache.tables.get(&ObjectKey::new(kind, namespace, name)).map(|o| o.meta().uid);
        object.meta().owners.iter().any(|o| o.kind.and_then(|kind| there(kind, &o.name)) != Some(o.uid))
    }

    /// Wakes the garbage collector for a terminating owner, whose dependents it has in its graph.
    fn enqueue_waiting_owner(&mut self, owner: &ObjectKey) {
        if self.cache.tables.get(owner).is_some_and(|o| o.meta().terminating()) {
            self.enqueue_in(Controller::GarbageCollector, owner, self.timing.sync);
        }
    }

    fn enqueue(&mut self, controller: Controller, key: &ObjectKey) {
        let pause = if controller == Controller::GarbageCollector { self.timing.collect } else { self.timing.sync };
        self.enqueue_in(controller, key, pause);
    }

    fn enqueue_in(&mut self, controller: Controller, key: &ObjectKey, pause: Span) {
        let at = self.after(pause, Delay::Sync(controller, key));
        self.workers.enqueue(&mut self.queue, controller, key, at);
    }

    fn enqueue_after(&mut self, controller: Controller, key: &ObjectKey, pause: Span) {
        let at = self.after(pause, Delay::Sync(controller, key));
        self.workers.enqueue_after(&mut self.queue, controller, key, at);
    }

    /// Schedules the recording of an Event.
    fn say(&mut self, spoken: Spoken) {
        let at = self.after(self.timing.event, Delay::Record(&spoken.about, &spoken.reason));
        self.queue.push(at, Event::Record(Rc::new(spoken)));
    }

    /// Sends a component's request without waiting for the answer.
    fn send(&mut self, actor: Actor, request: Request) {
        let at = self.after(self.timing.request, Delay::Request(&actor, &request.key()));
        self.queue.push(at, Event::Send(actor, Rc::new(request)));
    }
}
