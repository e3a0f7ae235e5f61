//! The simulated world as one value, and the passing of time in it.
//!
//! Promises: the same setup and the same commands give the same bytes; a clone is a complete world that runs on independently; time
//! passes only in [`Sim::step`], one event at a time, ordered by time and, within an instant, by insertion.
//! Must not know: the browser, any wall clock, any language.

mod attach;
mod client;
mod containers;
pub mod event;
mod fault;
mod found;
mod hints;
pub mod jitter;
mod machines;
mod mounts;
mod nodes;
pub mod numbering;
mod placement;
mod preemption;
pub mod process;
mod recorder;
pub mod retries;
mod route;
pub mod setup;
mod storage;
mod sync;
mod workers;

use base::sorted::SortedMap;
use std::rc::Rc;

use api::kind::Kind;
use api::object::Name;
use api::release::Release;
use base::dice::Dice;
use base::hash::Digest;
use base::time::Time;
use cluster::images::Images;
use cluster::inside::Disks;
use cluster::kubelet::Machine;
use cluster::runtime::RuntimeEntry;
use cluster::timing::Timing;
use control::Memories;
use control::cache::Cache;
use control::plan::PendingEvent;
use control::registration::Effect;
use control::wake::{Wake, When};
use event::{Event, Queue};
pub use fault::{Fault, Refused};
use jitter::Delay;
use placement::Placement;
use recorder::Recorder;
use server::Server;
use server::log::{Actor, Log};
use server::request::Request;
use server::tables::Tables;
pub use setup::Setup;
use why::DecisionLog;
pub use workers::Run;
use workers::Workers;

/// The most events at one instant before the run is stopped as an endless loop.
const MAX_EVENTS_AT_ONCE: u32 = 1_000_000;

/// The world: API server, control plane, machines, and the queue of pending events.
#[derive(Debug)]
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
    /// The provisioners that run.
    provisioners: Vec<Name>,
    disks: Disks,
    timing: Rc<Timing>,
    /// What the controllers remember.
    memory: Memories,
    attach: attach::Attach,
    decisions: DecisionLog,
    runtime: Rc<Vec<RuntimeEntry>>,
    dice: Dice,
    steps: u64,
    at_once: u32,
    /// Empty but while controllers are told of a change; kept for its room.
    effects: Vec<Effect>,
}

/// One function for all crates: a derived one is compiled into each that clones a world.
impl Clone for Sim {
    fn clone(&self) -> Self {
        Sim {
            queue: self.queue.clone(),
            server: self.server.clone(),
            cache: self.cache.clone(),
            workers: self.workers.clone(),
            recorder: self.recorder.clone(),
            placement: self.placement.clone(),
            machines: self.machines.clone(),
            images: self.images.clone(),
            provisioners: self.provisioners.clone(),
            disks: self.disks.clone(),
            timing: Rc::clone(&self.timing),
            memory: self.memory.clone(),
            attach: self.attach.clone(),
            decisions: self.decisions.clone(),
            runtime: Rc::clone(&self.runtime),
            effects: self.effects.clone(),
            ..*self
        }
    }
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

    /// The programs that make volumes, and run.
    pub fn provisioners(&self) -> &[Name] {
        &self.provisioners
    }

    /// The modelled release.
    pub fn release(&self) -> &'static Release {
        self.server.release
    }

    /// The delays of this cluster.
    pub fn timing(&self) -> &Timing {
        &self.timing
    }

    /// The syncs that run and began after the one with this number, with their numbers.
    pub fn runs_since(&self, number: u64) -> impl Iterator<Item = (u64, &Run)> {
        self.workers.since(number)
    }

    /// Whether every component has seen every write, and no sync runs.
    pub fn is_caught_up(&self) -> bool {
        self.delivered == self.log().len() && self.workers.idle()
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
        if self.is_livelocked() {
            return false;
        }
        let Some((at, event)) = self.queue.pop() else { return false };
        self.at_once = if at == self.now { self.at_once + 1 } else { 0 };
        self.pass(at);
        self.steps += 1;
        self.happen(event);
        self.watch();
        true
    }

    /// Whether so much happened at this instant that it never ends, which would be a mistake of ours. Nothing happens any more then,
    /// until somebody acts.
    pub fn is_livelocked(&self) -> bool {
        self.at_once >= MAX_EVENTS_AT_ONCE
    }

    /// Makes the run look like an endless loop, for tests of what is said then.
    pub fn go_in_circles(&mut self) {
        self.at_once = MAX_EVENTS_AT_ONCE;
    }

    /// Processes all events up to an instant, and sets the clock to it.
    pub fn run_until(&mut self, until: Time) {
        while self.next_time().is_some_and(|at| at <= until) && self.step() {}
        self.advance(until);
    }

    /// Moves the clock to an instant; no event may be due before it.
    fn advance(&mut self, to: Time) {
        if to > self.now && self.next_time().is_none_or(|at| at >= to) {
            self.pass(to);
            self.at_once = 0;
        }
    }

    /// Lets time pass, over the ends of leases.
    fn pass(&mut self, to: Time) {
        self.server.end_leases(to);
        self.now = to;
        self.server.now = to;
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Deliver => self.deliver(),
            Event::Sync(controller, key, place) => self.sync(controller, &key, place),
            Event::Continue(id) => self.go_on(id),
            Event::Record(pending_event) => self.recorder.record(&mut self.server, &pending_event),
            Event::Send(actor, request) => drop(self.server.handle(Rc::unwrap_or_clone(request), &actor)),
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
            Event::Late(change) => self.kubelet_hears(&change),
        }
    }

    /// When what a node's kubelet sends arrives, that would do so at an instant.
    fn reaches_server(&mut self, node: &Name, at: Time) -> Time {
        self.machines.get_mut(node).map_or(at, |machine| machine.link.sends(at))
    }

    /// After somebody acted: the watchers are to see it, and what went in circles may have come to an end.
    fn acted(&mut self) {
        self.at_once = 0;
        self.watch();
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
        while let Some((chunk, at)) = self.server.log().held(self.delivered) {
            let change = &chunk[at];
            if change.at.0 > seen {
                break;
            }
            self.delivered += 1;
            // Nobody watches Events.
            if change.key.kind != Kind::Event {
                self.cache.see(change);
                self.inside_sees(change);
                self.route(change);
            }
        }
        self.server.forget(self.delivered);
    }

    /// Queues a key.
    fn wake(&mut self, Wake { controller, key, when }: &Wake) {
        let (controller, delay) = (*controller, Delay::Sync(*controller, key));
        let at = match *when {
            When::In(pause) | When::Later(pause) => self.after(pause, delay),
            When::At(at) => at,
        };
        match when {
            When::Later(_) => self.workers.enqueue_after(&mut self.queue, controller, key, at),
            When::In(_) | When::At(_) => self.workers.enqueue(&mut self.queue, controller, key, at),
        }
    }

    /// Schedules the recording of an Event.
    fn say(&mut self, pending_event: PendingEvent) {
        let at = self.after(self.timing.event, Delay::Record(&pending_event.about, &pending_event.reason));
        let host = Rc::clone(&pending_event.host);
        let at = if host.is_empty() { at } else { self.reaches_server(&host, at) };
        self.queue.push(at, Event::Record(Rc::new(pending_event)));
    }

    /// Sends a component's request without waiting for the answer.
    fn send(&mut self, actor: Actor, request: Request) {
        let at = self.after(self.timing.request, Delay::Request(&actor, &request.key()));
        let at = if let Actor::Kubelet(node) = &actor { self.reaches_server(node, at) } else { at };
        self.queue.push(at, Event::Send(actor, Rc::new(request)));
    }
}
