//! A kubelet's state for one pod: its processes, and how they are started.
//!
//! Models pkg/kubelet/kuberuntime SyncPod.
//! Promises: a timer set for a process that no longer exists does nothing.

use base::sorted::SortedSet;
use std::rc::Rc;

use super::process::{Process, Pull, Role};
use super::{Context, Effects, Incarnation, Timer};
use crate::images::{Images, LEAKS_FOR};
use crate::runtime::{Answers, Happening, Process as Ran};
use api::object::container::PullPolicy;
use api::object::event::EventType;
use api::object::meta::Labels;
use api::object::pod::{ClaimVolume, ContainerState, Ip, Truth};
use api::object::{Name, ObjectKey, Parsed, Pod, PodTemplate, Uid};
use base::time::{Span, Time};
use base::word::Word;
use control::plan::PendingEvent;
use why::{Component, Decision, Reason, Verdict};

/// A pod's stage of life on its machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// The kubelet has not reported on it yet.
    Unseen,
    /// Its containers are being or have been started.
    Begun,
    /// The machine was rebooted, and its containers are not restarted yet.
    Booting,
    /// Its processes have ended for good.
    Ended,
    /// It was evicted because the node was short of a resource.
    Evicted,
}

/// A kubelet's state for a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// The pod.
    pub key: ObjectKey,
    pub uid: Uid,
    /// The latest generation that the kubelet has seen.
    pub(super) generation: i64,
    pub(super) claims: Vec<ClaimVolume>,
    /// Its readiness gates and the current values of their conditions.
    pub(super) gates: Vec<(Name, Option<Truth>)>,
    /// How many attempts to mount its volumes have failed.
    pub(super) mounts_failed: u32,
    /// The pod's latest `activeDeadlineSeconds`.
    pub(super) deadline: Option<i64>,
    /// The deadline that was exceeded, if the pod was terminated for that.
    pub(super) overdue: Option<i64>,
    pub(super) template: Parsed<PodTemplate>,
    pub(super) processes: Vec<Process>,
    pub(super) ip: Option<Ip>,
    pub(super) first_seen: Time,
    pub(super) life: Life,
    /// When the processes being terminated now will have ended.
    pub(super) stops_at: Option<Time>,
    /// When whatever is left is killed.
    pub(super) killed_at: Option<Time>,
    /// Whether the pod is being deleted.
    pub(super) deleted: bool,
    pub(super) held_unready: bool,
    /// Since when it has said that the pod is Ready, if it says so.
    pub(super) ready_since: Option<Time>,
    /// Whether the pod is gone from the API server.
    pub(super) gone: bool,
    /// Timers set before this are from before a reboot and ignored.
    pub(super) asleep_until: Time,
}

/// One step of a worker: its inputs, and where it puts its effects.
pub(super) struct StepContext<'a> {
    pub node: &'a Name,
    pub context: Context<'a>,
    /// The images present on the machine.
    pub present: &'a mut SortedSet<Name>,
    pub effects: &'a mut Effects,
}

impl Worker {
    pub(super) fn new(pod: &Rc<Pod>, context: Context) -> Self {
        Worker {
            key: pod.key(),
            uid: pod.meta.uid,
            generation: pod.meta.generation,
            processes: Process::all(&pod.spec.template, context.timing.nodes),
            gates: Vec::new(),
            mounts_failed: 0,
            deadline: None,
            overdue: None,
            claims: pod.claim_volumes().cloned().collect(),
            template: pod.spec.template.clone(),
            ip: None,
            first_seen: context.now,
            life: Life::Unseen,
            stops_at: None,
            killed_at: None,
            deleted: false,
            held_unready: false,
            ready_since: None,
            gone: false,
            asleep_until: Time(0),
        }
    }

    /// Takes in the conditions of readiness gates; returns whether any changed.
    pub(super) fn reads_gates(&mut self, pod: &Pod) -> bool {
        let gates = self.template.raw.list_at(&["readinessGates"]).iter().filter_map(|g| g.get("conditionType")?.as_shared_text());
        let gates = gates.map(|gate| (Rc::clone(&gate), pod.condition(&gate).map(|c| c.status))).collect();
        let was = std::mem::replace(&mut self.gates, gates);
        was != self.gates && self.life == Life::Begun
    }

    /// Whether a process of the pod runs.
    pub fn running(&self) -> bool {
        self.processes.iter().any(Process::running)
    }

    /// The names of the containers whose processes run.
    pub fn running_containers(&self) -> impl Iterator<Item = &Name> {
        self.processes.iter().filter(|p| p.running()).map(|p| &p.name)
    }

    /// The same as far as they are reported as running: without those whose `postStart` hook is still running, and with those that are
    /// being restarted because of a new image.
    pub fn started_containers(&self) -> impl Iterator<Item = &Name> {
        self.processes.iter().filter(|p| p.running() && !p.is_hooked() || p.is_renewed()).map(|p| &p.name)
    }

    /// When its running processes answer.
    pub fn answers(&self) -> impl Iterator<Item = (&Name, Answers)> {
        self.processes.iter().filter(|p| p.running()).map(|p| (&p.name, p.answers))
    }

    /// Its IP address, once it has a sandbox, even before the API server is told of it.
    pub fn address(&self) -> Option<Ip> {
        self.ip
    }

    /// The container that represents the pod: the first running main one, or else any running one.
    pub(super) fn at_work(&self) -> Option<&Name> {
        let running = || self.processes.iter().filter(|p| p.running());
        running().find(|p| p.role == Role::Main).or_else(|| running().next()).map(|p| &p.name)
    }

    /// The container of this name, or the one that represents the pod, if its process runs.
    pub fn would_crash(&self, container: &str) -> Option<&Name> {
        if container.is_empty() { self.at_work() } else { self.running_containers().find(|name| ***name == *container) }
    }

    /// A container's index in the pod, and its current start number.
    pub(super) fn place_of(&self, container: &str) -> Option<Incarnation> {
        let i = self.processes.iter().position(|p| *p.name == *container)?;
        Some(self.processes[i].incarnation(i))
    }

    /// The claims its pod uses.
    pub fn claims(&self) -> impl Iterator<Item = &Name> {
        self.claims.iter().map(|volume| &volume.claim)
    }

    /// Whether its pod's volumes may be mounted here.
    pub fn mounts(&self) -> bool {
        self.life != Life::Unseen && !self.over()
    }

    /// Whether its pod shares this machine's network.
    pub(super) fn on_host(&self) -> bool {
        self.template.on_host()
    }

    /// The labels its pod started with.
    pub fn labels(&self) -> &Labels {
        &self.template.labels
    }

    /// Whether a container was started here and its kubelet has not terminated it: it runs, unless its machine lost power since.
    pub fn may_run(&self) -> bool {
        self.ip.is_some() && self.has_started() && !self.over()
    }

    /// Whether any container was ever started.
    pub(super) fn has_started(&self) -> bool {
        self.processes.iter().any(|p| p.starts > 0)
    }

    /// Whether its processes run although the pod is gone from the API server.
    pub fn outlives_its_pod(&self) -> bool {
        self.gone
    }

    /// Whether the pod has ended here.
    pub(super) fn over(&self) -> bool {
        matches!(self.life, Life::Ended | Life::Evicted)
    }

    /// Whether no container is started any more.
    pub(super) fn stopping(&self) -> bool {
        self.stops_at.is_some() || self.over() || self.gone
    }

    pub(super) fn ran(&self, process: &Process, node: &Name) -> Ran {
        Ran {
            pod: Rc::clone(&self.key.name),
            uid: self.uid,
            node: Rc::clone(node),
            container: Rc::clone(&process.name),
            image: Rc::clone(&process.image),
        }
    }

    pub(super) fn says(
        &self,
        turn: &mut StepContext,
        kind: EventType,
        reason: &'static str,
        message: impl Into<Word>,
        container: Option<&Name>,
    ) {
        let role = container.and_then(|name| self.processes.iter().find(|process| process.name == *name)).map(|process| process.role);
        let list = match role {
            None | Some(Role::Main) => "containers",
            Some(Role::Init | Role::Sidecar) => "initContainers",
            Some(Role::Ephemeral) => "ephemeralContainers",
        };
        turn.effects.say.push(PendingEvent {
            about: self.key.clone(),
            uid: self.uid,
            revision: 0,
            field_path: container.map(|c| ["spec.", list, "{", c, "}"].concat().into()).unwrap_or_default(),
            kind,
            reason: reason.into(),
            message: message.into(),
            source: "kubelet".into(),
            host: Rc::clone(turn.node),
        });
    }

    pub(super) fn decide(&self, turn: &mut StepContext, verdict: Verdict, because: Reason) {
        turn.effects.decisions.push(Decision::new(Component::Kubelet, self.key.clone(), verdict, because));
    }

    /// Decides that the pod waits because of one of its containers, unless that is an ephemeral one.
    pub(super) fn waits_on(&self, i: usize, turn: &mut StepContext, because: Reason) {
        if self.processes[i].role != Role::Ephemeral {
            self.decide(turn, Verdict::Waits, because);
        }
    }

    pub(super) fn admit(&mut self, mut turn: StepContext) {
        if self.stopping() || self.life != Life::Unseen {
            return;
        }
        self.life = Life::Begun;
        self.first_seen = turn.context.now;
        self.waits_for_deadline(Span(0), &mut turn);
        self.decide(&mut turn, Verdict::Acts, Reason::StartingContainers);
        turn.effects.timers.push((turn.context.timing.container_start, Timer::Start));
        self.write_status(turn);
    }

    /// Starts the containers that are due.
    pub(super) fn start(&mut self, mut turn: StepContext) {
        if self.stopping() {
            return;
        }
        self.life = Life::Begun;
        if self.mount_fails(&mut turn) {
            return;
        }
        self.start_what_is_due(&mut turn);
        self.write_status(turn);
    }

    /// Starts init containers one after the other, each once the one before it has completed or, if that is a sidecar, has started up;
    /// then all main containers. Ephemeral ones wait for nobody. Models kuberuntime_manager.go computeInitContainerActions and SyncPod.
    pub(super) fn start_what_is_due(&mut self, turn: &mut StepContext) {
        self.start_in_order(turn);
        for i in 0..self.processes.len() {
            if self.processes[i].due && self.processes[i].role == Role::Ephemeral {
                self.start_one(i, turn);
            }
        }
    }

    fn start_in_order(&mut self, turn: &mut StepContext) {
        for i in 0..self.processes.len() {
            if self.processes[i].due {
                self.start_one(i, turn);
            }
            if self.processes[i].holds_others() || self.processes[i].pull == Pull::UnderWay {
                return;
            }
        }
    }

    pub(super) fn start_one(&mut self, i: usize, turn: &mut StepContext) {
        let image = self.template.all_containers().find(|c| c.name == self.processes[i].name).map(|c| Rc::clone(&c.image));
        let image = image.filter(|_| self.processes[i].pull != Pull::Done).unwrap_or_else(|| Rc::clone(&self.processes[i].image));
        if std::mem::replace(&mut self.processes[i].image, Rc::clone(&image)) != image {
            let process = &mut self.processes[i];
            (process.crashes, process.refusals, process.pulls) = (0, 0, process.pulls + 1);
        }
        let name = Rc::clone(&self.processes[i].name);
        let behaviour = self.does(i, turn.context.images);
        if let ContainerState::Terminated(ended) = &self.processes[i].state {
            self.processes[i].last = Some(ended.clone());
        }
        self.processes[i].due = false;
        if self.never_has_image(i, turn) {
            return;
        }
        if turn.context.images.cannot_be_pulled(&image) && self.processes[i].pulls_when != PullPolicy::Never {
            self.pull_fails(i, turn);
            return;
        }
        if !self.has_image(i, turn) || self.config_fails(i, turn) {
            return;
        }
        let timing = turn.context.timing;
        self.says(turn, EventType::Normal, "Created", "Container created", Some(&name));
        if let Some(error) = self.start_error(i, turn.context).filter(|_| !behaviour.opaque) {
            return self.fails_to_start(i, &error, turn);
        }
        self.says(turn, EventType::Normal, "Started", "Container started", Some(&name));
        turn.effects.happened.push(Happening::Started(self.ran(&self.processes[i], turn.node)));
        let process = &mut self.processes[i];
        let said = process.post_start.is_some().then(|| process.status());
        process.begins_anew();
        process.said = said;
        process.state = ContainerState::Running { started: turn.context.now };
        if timing.nodes.run_whole_pods() {
            process.answers = Answers::of(behaviour, turn.context.now);
        }
        let (life, role) = (process.incarnation(i), process.role);
        if self.processes[i].is_hooked() {
            self.hooks(i, turn);
        } else {
            self.begins_to_ask(i, turn);
        }
        if matches!(role, Role::Init | Role::Sidecar) {
            self.decide(turn, Verdict::Waits, Reason::InitContainerRuns { container: name });
        }
        let process = &self.processes[i];
        if behaviour.leaks && process.memory_limit.is_some() {
            turn.effects.timers.push((LEAKS_FOR, Timer::OutgrowsMemory(life)));
        }
        if behaviour.crashes {
            turn.effects.timers.push((timing.crash_after, Timer::Exits(life, behaviour.exit_code)));
        } else if process.ends_at_once || behaviour.opaque && role == Role::Init {
            turn.effects.timers.push((timing.crash_after, Timer::Exits(life, 0)));
        }
    }

    /// Whether a timer is about to start a process, which requires the pod's sandbox and address.
    pub(super) fn starts_something(&self, timer: Timer, images: &Images) -> bool {
        let pulled = |p: &Process| p.nodes.run_whole_pods() || !images.cannot_be_pulled(&p.image);
        match timer {
            Timer::Start => self.processes.iter().any(pulled),
            Timer::PullAgain(i, _) | Timer::Restart(Incarnation { container: i, .. }) => self.processes.get(i).is_some_and(pulled),
            _ => false,
        }
    }
}
