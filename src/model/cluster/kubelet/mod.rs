//! One machine and its kubelet: which processes run there, and what the kubelet reports about them.
//!
//! Models the visible parts of pkg/kubelet: the order of statuses and events of pkg/kubelet/kuberuntime SyncPod, the phases of
//! kubelet_pods.go getPhase, back-off, graceful termination.
//! Promises: a pure state machine, whose actions on the world come out as [`Effects`]; its processes outlive the pod object if need be.
//! Must not know: how anything is written, controllers, the queue of events. Of the store it reads what its pods refer to.
//! Not modelled: how volumes are mounted; a mount fails only where its source is missing. Admission by the kubelet: a pod whose manifest
//! names its node runs there, whatever its ports, requests and affinity. A node's graceful shutdown.

mod ending;
mod found;
mod hooks;
mod link;
pub mod non_root;
mod probes;
mod process;
mod pulls;
pub mod references;
mod restarts;
mod said;
mod starting;
mod status;
mod worker;

use base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use super::images::Images;
use super::inside::{Disks, Probed, Ran};
use super::network::PodAddresses;
use super::runtime::Happening;
use super::timing::Timing;
use api::object::pod::{Condition, Ip};
use api::object::{Name, Node, Pod, Uid};
use api::release::Release;
use base::time::{Span, Time};
use control::heartbeat::Heartbeat;
use control::plan::PendingEvent;
pub use link::Link;
use server::request::{Edit, Request};
use server::tables::Tables;
use why::{Decision, ProbeKind};
pub use worker::Worker;
use worker::{Life, StepContext};

/// The conditions of a healthy node: type, status, reason, message. Models pkg/kubelet/nodestatus/setters.go.
const NODE_CONDITIONS: [(&str, bool, &str, &str); 4] = [
    ("MemoryPressure", false, "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", false, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", false, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", true, "KubeletReady", "kubelet is posting ready status"),
];

/// The conditions of a healthy node.
pub fn healthy_conditions(now: Time) -> Vec<Condition> {
    let condition = |(kind, status, reason, message): (&'static str, bool, &'static str, &'static str)| {
        Condition::new(kind, status, now).because(reason, message)
    };
    NODE_CONDITIONS.into_iter().map(condition).collect()
}

/// One life of a container: its place in the pod, and how often it has been started. What was planned for a former life is void.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Incarnation {
    /// Its place among the pod's containers: init containers first, ephemeral ones last, as they came.
    pub container: usize,
    /// How often it has been started.
    pub starts: i64,
}

/// What wakes a kubelet for a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timer {
    /// The first status is due.
    Admit,
    /// Containers are to be started.
    Start,
    /// A container's startup probe passes, if it is still the same process.
    ComesUp(Incarnation),
    /// A container's probe passes, if it is still the same process.
    ProbePasses(Incarnation),
    /// A container's process exits with this code, if it is still the same.
    Exits(Incarnation, i64),
    /// A container exceeds its memory limit, if it is still the same process.
    OutgrowsMemory(Incarnation),
    /// A container is to be restarted, if it still is the same process's turn.
    Restart(Incarnation),
    /// An image pull that took this long completes, if it is still wanted.
    Pulled(Incarnation, Span),
    /// A container's readiness probe has failed often enough to be reported, if it is still the same process.
    ProbeFails(Incarnation),
    /// A container is probed, if it is still the same process and this series of probes is still the current one.
    Asks(Incarnation, ProbeKind, u64),
    /// A container's `postStart` hook sends its HTTP request, if it is still the same process.
    HookAsks(Incarnation),
    /// A failed pull becomes a back-off.
    PullBacksOff(usize, u32),
    /// The image is pulled again.
    PullAgain(usize, u32),
    /// The restart back-off becomes visible in the status.
    CrashBacksOff(Incarnation),
    /// Processes that were told to terminate have ended.
    Stopped,
    /// A pod's active deadline of this many seconds passes.
    Deadline(i64),
    /// Final confirmation that a terminated pod may be removed.
    Confirm,
    /// The status is to be reported again.
    Report,
}

/// The effects of one step of a kubelet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// Requests, in order.
    pub requests: Vec<Request>,
    /// Events to emit.
    pub say: Vec<PendingEvent>,
    /// When to be woken again.
    pub timers: Vec<(Span, Timer)>,
    /// Runtime happenings.
    pub happened: Vec<Happening>,
    /// Hook commands to start, by container.
    pub hooks: Vec<(Name, Vec<Name>)>,
    /// The reasons for all of it.
    pub decisions: Vec<Decision>,
}

/// A machine with its kubelet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The node's name.
    pub node: Name,
    /// The machine's address.
    pub address: Ip,
    /// When the kubelet renews its lease.
    pub heartbeat: Heartbeat,
    /// What the kubelet registers the node as.
    pub registration: Rc<Node>,
    /// Whether the kubelet knows its node as cordoned.
    pub told_unschedulable: bool,
    /// When the next status of its node is due, or the last one was.
    pub status_due: Time,
    /// The way to the API server.
    pub link: Link,
    connected: bool,
    powered: bool,
    boots: u64,
    workers: SortedMap<Uid, Worker>,
    addresses: PodAddresses,
    images: SortedSet<Name>,
    /// Pods that the kubelet has not seen, whose readiness probes will fail.
    unready: SortedSet<Uid>,
}

/// What a kubelet needs to know besides the pod.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The present.
    pub now: Time,
    /// How long things take.
    pub timing: &'a Timing,
    /// The kubelet's release.
    pub release: &'static Release,
    /// How images behave.
    pub images: &'a Images,
    /// The result of the probe being processed, if the container itself was probed.
    pub probed: Option<&'a Probed>,
    /// The insides of containers.
    pub inside: &'a Disks,
    /// The API server's objects, for looking up what pods reference.
    pub tables: &'a Tables,
}

impl Machine {
    /// A machine for a node, running nothing. Its pods get addresses from `10.244.<subnet>.0/24`.
    pub fn new(registration: Rc<Node>, address: Ip, subnet: u8, heartbeat: Heartbeat) -> Self {
        Machine {
            node: Rc::clone(&registration.meta.name),
            address,
            heartbeat,
            registration,
            told_unschedulable: false,
            status_due: Time(0),
            link: Link::default(),
            connected: true,
            powered: true,
            boots: 0,
            workers: SortedMap::new(),
            addresses: PodAddresses::new(subnet),
            images: SortedSet::new(),
            unready: SortedSet::new(),
        }
    }

    /// Whether its kubelet runs and reaches the API server.
    pub fn connected(&self) -> bool {
        self.connected && self.powered
    }

    /// Whether it is switched on.
    pub fn powered(&self) -> bool {
        self.powered
    }

    /// How many times it has been rebooted.
    pub fn boots(&self) -> u64 {
        self.boots
    }

    /// The pods it has state for.
    pub fn workers(&self) -> impl Iterator<Item = &Worker> {
        self.workers.values()
    }

    /// Its state for one pod.
    pub fn worker(&self, uid: Uid) -> Option<&Worker> {
        self.workers.get(&uid)
    }

    /// The connection to the API server breaks; processes keep running.
    pub fn cut(&mut self, now: Time) {
        self.connected = false;
        self.heartbeat.stop(now);
    }

    /// Messages take so long each way from now on, and every one whose number is a multiple of `loses` is lost at first.
    pub fn lag(&mut self, now: Time, delay: Span, loses: u32) {
        self.link = self.link.with(delay, loses);
        self.heartbeat.lag(now, delay, loses);
    }

    /// The API server can be reached again.
    pub fn heal(&mut self, now: Time) {
        self.connected = true;
        if self.powered && self.heartbeat.silent() {
            self.heartbeat.resume(now);
        }
    }

    /// The machine is switched off; see [`Machine::loses_power`] for its processes.
    pub fn switch_off(&mut self, now: Time) {
        self.powered = false;
        self.heartbeat.stop(now);
    }

    /// The machine is switched on; see [`Machine::boots_pod`] for its pods.
    pub fn switch_on(&mut self, now: Time) {
        for ip in self.workers.values().filter_map(|w| w.ip) {
            self.addresses.free(ip);
        }
        (self.powered, self.told_unschedulable) = (true, false);
        self.boots += 1;
        if self.connected {
            self.heartbeat.resume(now);
        }
    }

    /// A new or changed pod of this node was seen.
    pub fn sees(&mut self, pod: &Rc<Pod>, context: Context) -> Effects {
        let mut effects = Effects::default();
        let uid = pod.meta.uid;
        if !self.workers.contains_key(&uid) {
            if pod.status.phase.terminal() && !pod.meta.terminating() {
                return effects;
            }
            let held_unready = self.unready.remove(&uid);
            self.workers.insert(uid, Worker { held_unready, ..Worker::new(pod, context) });
            effects.timers.push((context.timing.kubelet_sees, Timer::Admit));
        }
        if let Some(worker) = self.workers.get_mut(&uid) {
            worker.generation = pod.meta.generation;
        }
        if context.timing.nodes.run_whole_pods() {
            self.turn(uid, context, &mut effects, |worker, mut turn| {
                worker.reads_deadline(pod, &mut turn);
                worker.reads_containers(&pod.spec.template, &mut turn);
            });
            if self.workers.get_mut(&uid).is_some_and(|worker| worker.reads_gates(pod)) {
                effects.timers.push((context.timing.kubelet_writes, Timer::Report));
            }
        }
        if let Some(deletion) = pod.meta.deletion {
            self.turn(uid, context, &mut effects, |worker, turn| worker.stop(deletion, pod.meta.finalizers.first(), turn));
        }
        effects
    }

    /// A pod of this node was seen after a disconnection: its status is reported again. Unless the machine was started, how the pod ended
    /// meanwhile is reported before its end is confirmed. Models status_manager.go syncPod.
    pub fn sees_again(&mut self, pod: &Rc<Pod>, started: bool, context: Context) -> Effects {
        let known = self.worker(pod.meta.uid).is_some_and(|w| w.life != Life::Unseen);
        let mut effects = self.sees(pod, context);
        if known {
            let place = if started { effects.timers.len() } else { 0 };
            effects.timers.insert(place, (context.timing.kubelet_writes, Timer::Report));
        }
        effects
    }

    /// A pod of this node is gone from the API server. What still runs of it is terminated.
    pub fn misses(&mut self, uid: Uid, context: Context) -> Effects {
        let mut effects = Effects::default();
        let mut stays = false;
        self.turn(uid, context, &mut effects, |worker, mut turn| stays = worker.leaves(&mut turn));
        if !stays {
            self.forget(uid);
        }
        effects
    }

    /// A timer fired.
    pub fn wakes(&mut self, uid: Uid, timer: Timer, context: Context) -> Effects {
        let mut effects = Effects::default();
        let Some(worker) = self.workers.get_mut(&uid).filter(|w| self.powered && context.now >= w.asleep_until) else { return effects };
        if worker.ip.is_none() && worker.starts_something(timer, context.images) && worker.can_mount(context) {
            worker.ip = if worker.on_host() { Some(self.address) } else { self.addresses.take() };
        }
        let mut turn = StepContext { node: &self.node, context, present: &mut self.images, effects: &mut effects };
        match timer {
            Timer::Admit => worker.admit(turn),
            Timer::Start => worker.start(turn),
            Timer::ProbeFails(of) => worker.probe_fails(of, turn),
            Timer::Pulled(of, took) => worker.pulled(of, took, turn),
            Timer::Asks(of, question, look) => worker.asks(of, question, look, turn),
            Timer::HookAsks(of) => worker.hook_asks(of, turn),
            Timer::ComesUp(of) => worker.comes_up(of, turn),
            Timer::ProbePasses(of) => worker.probe_passes(of, turn),
            Timer::Exits(of, code) => worker.exits(of, code, turn),
            Timer::OutgrowsMemory(of) => worker.outgrows_memory(of, turn),
            Timer::Restart(of) => worker.restart(of, turn),
            Timer::CrashBacksOff(of) => worker.crash_backs_off(of, turn),
            Timer::PullBacksOff(i, pulls) => worker.pull_backs_off(i, pulls, turn),
            Timer::PullAgain(i, pulls) => worker.pull_again(i, pulls, turn),
            Timer::Report => worker.write_status(turn),
            Timer::Deadline(seconds) => worker.deadline_passes(seconds, turn),
            Timer::Confirm => worker.confirm(&mut turn),
            Timer::Stopped => {
                let ended = worker.stopped(turn);
                if ended && worker.outlives_its_pod() {
                    self.forget(uid);
                }
            }
        }
        self.fill_host_fields(&mut effects);
        effects
    }

    /// Makes a container of a pod exit now; without a name, the first running main container, or else a running init container.
    pub fn crash(&mut self, uid: Uid, container: &str, exit_code: i64, context: Context) -> Effects {
        let name = self.workers.get(&uid).and_then(|worker| worker.would_crash(container)).cloned();
        name.map_or_else(Effects::default, |name| self.ends(uid, &name, exit_code, context))
    }

    /// The first process of a container gets SIGTERM from inside it.
    pub fn terminates(&mut self, uid: Uid, container: &str, context: Context) -> Effects {
        let mut effects = Effects::default();
        self.turn(uid, context, &mut effects, |worker, mut turn| worker.terminates(container, &mut turn));
        effects
    }

    /// Makes a container of a pod exit now.
    pub fn ends(&mut self, uid: Uid, container: &str, exit_code: i64, context: Context) -> Effects {
        let place = self.workers.get(&uid).and_then(|w| w.place_of(container));
        place.map_or_else(Effects::default, |of| self.wakes(uid, Timer::Exits(of, exit_code), context))
    }

    /// The command of a container's lifecycle hook exited, with what it printed.
    pub fn hook_ends(&mut self, uid: Uid, container: &str, ran: &Ran, context: Context) -> Effects {
        let mut effects = Effects::default();
        self.turn(uid, context, &mut effects, |worker, turn| worker.hook_ends(container, ran, turn));
        effects
    }

    /// Something was changed inside a container: it is probed again.
    pub fn touched(&mut self, uid: Uid, container: &str, context: Context) -> Effects {
        let mut effects = Effects::default();
        self.turn(uid, context, &mut effects, |worker, turn| worker.touched(container, turn));
        effects
    }

    /// Makes a pod's readiness probes fail, or all its probes pass again.
    pub fn hold_ready(&mut self, uid: Uid, ready: bool, context: Context) -> Effects {
        let mut effects = Effects::default();
        if ready {
            self.unready.remove(&uid);
        } else if !self.workers.contains_key(&uid) {
            self.unready.insert(uid);
        }
        self.turn(uid, context, &mut effects, |worker, turn| {
            worker.hold_ready(ready, turn);
        });
        effects
    }

    /// Whether a pod's readiness probes are made to fail.
    pub fn holds_unready(&self, uid: Uid) -> bool {
        self.workers.get(&uid).is_some_and(|worker| worker.held_unready)
    }

    /// Whether all containers of a pod that run are ready.
    pub fn all_ready(&self, uid: Uid) -> bool {
        let waits = |worker: &Worker| worker.processes.iter().any(process::Process::lags);
        self.workers.get(&uid).is_none_or(|worker| !waits(worker))
    }

    /// Makes a pod's processes hang.
    pub fn freezes(&mut self, uid: Uid, context: Context) -> Effects {
        let mut effects = Effects::default();
        self.turn(uid, context, &mut effects, Worker::freezes);
        effects
    }

    /// Evicts a pod because the node is short of a resource.
    pub fn evict(&mut self, uid: Uid, context: Context) -> Effects {
        let mut effects = Effects::default();
        self.turn(uid, context, &mut effects, Worker::evict);
        effects
    }

    /// A pod's processes die with their machine.
    pub fn loses_power(&mut self, uid: Uid, context: Context) -> Effects {
        let mut effects = Effects::default();
        self.turn(uid, context, &mut effects, Worker::loses_power);
        effects
    }

    /// Restarts a pod that was here when the machine was switched off.
    pub fn boots_pod(&mut self, uid: Uid, context: Context) -> Effects {
        let mut effects = Effects::default();
        self.turn(uid, context, &mut effects, Worker::boots);
        effects
    }

    fn turn(&mut self, uid: Uid, context: Context, effects: &mut Effects, act: impl FnOnce(&mut Worker, StepContext)) {
        if let Some(worker) = self.workers.get_mut(&uid) {
            act(worker, StepContext { node: &self.node, context, present: &mut self.images, effects });
        }
        self.fill_host_fields(effects);
    }

    fn forget(&mut self, uid: Uid) {
        if let Some(ip) = self.workers.remove(&uid).and_then(|w| w.ip) {
            self.addresses.free(ip);
        }
    }

    /// Fills in the machine's own fields of pod statuses.
    fn fill_host_fields(&self, effects: &mut Effects) {
        for request in &mut effects.requests {
            if let Request::Edit(_, Edit::PodStatus(uid, status)) = request {
                status.host_ip = Some(self.address);
                if self.workers.get(uid).is_some_and(Worker::on_host) {
                    status.ip = Some(self.address);
                }
            }
        }
    }
}
