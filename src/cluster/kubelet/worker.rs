//! What a kubelet remembers of one pod: its processes, and how they are started.
//!
//! Models pkg/kubelet/kuberuntime SyncPod.
//! Promises: a timer that was set for a process that no longer exists does nothing.

use crate::base::sorted::SortedSet;
use std::rc::Rc;

use super::process::{Process, Pull, Role};
use super::{Context, Effects, Timer};
use crate::api::object::meta::Labels;
use crate::api::object::pod::{ContainerState, Ip, Truth};
use crate::api::object::{Name, ObjectKey, Pod, PodTemplate, Uid};
use crate::base::time::{Span, Time};
use crate::base::word::Word;
use crate::cluster::images::{Images, LEAKS_FOR};
use crate::cluster::runtime::{Answers, Happening, Process as Ran};
use crate::control::plan::Spoken;
use crate::why::{Component, Decision, Reason, Verdict};

/// How far a pod has come on its machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// The kubelet has not said anything of it yet.
    Unseen,
    /// Its containers are started, or were.
    Begun,
    /// The machine was switched on, and its containers are not started again yet.
    Booting,
    /// Its processes have ended for good.
    Ended,
    /// They were ended because the node ran out of something.
    Evicted,
}

/// What a kubelet remembers of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// The pod.
    pub key: ObjectKey,
    /// Its uid.
    pub uid: Uid,
    claims: Vec<Name>,
    /// What somebody else has to say of the pod before it is ready, and what is said.
    pub(super) gates: Vec<(Name, Option<Truth>)>,
    /// How often a volume could not be mounted.
    pub(super) mounts_failed: u32,
    /// How long the pod may be active, in seconds, as its object said last.
    pub(super) deadline: Option<i64>,
    /// That many seconds, where they are over and the pod was told to end.
    pub(super) overdue: Option<i64>,
    pub(super) template: Rc<PodTemplate>,
    pub(super) processes: Vec<Process>,
    pub(super) ip: Option<Ip>,
    pub(super) first_seen: Time,
    pub(super) life: Life,
    /// When those of its processes that end next will have ended, once they were told to.
    pub(super) stops_at: Option<Time>,
    /// When the last of them is killed.
    pub(super) killed_at: Option<Time>,
    /// Whether the pod is being deleted.
    pub(super) deleted: bool,
    pub(super) held_unready: bool,
    /// Whether the API server no longer knows the pod.
    pub(super) gone: bool,
    /// Before this, timers are from an earlier life of the machine.
    pub(super) asleep_until: Time,
}

/// One turn of a worker: what it may look at and where it puts what it does.
pub(super) struct Turn<'a> {
    pub node: &'a Name,
    pub context: Context<'a>,
    /// The images that the machine has.
    pub present: &'a mut SortedSet<Name>,
    pub effects: &'a mut Effects,
}

impl Worker {
    pub(super) fn new(pod: &Rc<Pod>, context: Context) -> Self {
        Worker {
            key: pod.key(),
            uid: pod.meta.uid,
            processes: Process::all(&pod.spec.template, context.timing.real_nodes),
            gates: Vec::new(),
            mounts_failed: 0,
            deadline: None,
            overdue: None,
            claims: pod.claim_volumes().map(|v| Rc::clone(&v.claim)).collect(),
            template: Rc::clone(&pod.spec.template),
            ip: None,
            first_seen: context.now,
            life: Life::Unseen,
            stops_at: None,
            killed_at: None,
            deleted: false,
            held_unready: false,
            gone: false,
            asleep_until: Time(0),
        }
    }

    /// Takes in what somebody else says of the pod; whether that is news that matters.
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

    /// The same without those whose `postStart` hook has not ended: they are not said to run.
    pub fn started_containers(&self) -> impl Iterator<Item = &Name> {
        self.processes.iter().filter(|p| p.running() && !p.is_hooked()).map(|p| &p.name)
    }

    /// When those of its processes that run answer.
    pub fn answers(&self) -> impl Iterator<Item = (&Name, Answers)> {
        self.processes.iter().filter(|p| p.running()).map(|p| (&p.name, p.answers))
    }

    /// Its address, once it has a sandbox: before the API server is told of it.
    pub fn address(&self) -> Option<Ip> {
        self.ip
    }

    /// The container that stands for the pod: the first main one that runs, else whichever does.
    pub(super) fn at_work(&self) -> Option<&Name> {
        let running = || self.processes.iter().filter(|p| p.running());
        running().find(|p| p.role == Role::Main).or_else(|| running().next()).map(|p| &p.name)
    }

    /// Where a container stands among the pod's, and which start of it this is.
    pub(super) fn place_of(&self, container: &str) -> Option<(usize, i64)> {
        let i = self.processes.iter().position(|p| *p.name == *container)?;
        Some((i, self.processes[i].starts))
    }

    /// The names of its pod's claims.
    pub fn claims(&self) -> &[Name] {
        &self.claims
    }

    /// Whether its pod's volumes may be mounted here.
    pub fn mounts(&self) -> bool {
        self.life != Life::Unseen && !self.over()
    }

    /// The labels its pod began with.
    pub fn labels(&self) -> &Labels {
        &self.template.labels
    }

    /// Whether its containers were begun here and its kubelet has not ended it: it runs, unless its machine lost power since.
    pub fn may_run(&self) -> bool {
        self.ip.is_some() && !self.over()
    }

    /// Whether the API server no longer knows the pod whose processes run here.
    pub fn outlives_its_pod(&self) -> bool {
        self.gone
    }

    /// Whether the pod has ended here.
    pub(super) fn over(&self) -> bool {
        matches!(self.life, Life::Ended | Life::Evicted)
    }

    /// Whether nothing is started any more.
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

    pub(super) fn says(&self, turn: &mut Turn, warning: bool, reason: &'static str, message: impl Into<Word>, container: Option<&Name>) {
        let is_main = |c: &Name| self.processes.iter().any(|p| p.name == *c && p.role == Role::Main);
        let list = if container.is_none_or(is_main) { "containers" } else { "initContainers" };
        turn.effects.say.push(Spoken {
            about: self.key.clone(),
            uid: self.uid,
            revision: 0,
            field_path: container.map(|c| format!("spec.{list}{{{c}}}").into()).unwrap_or_default(),
            warning,
            reason: reason.into(),
            message: message.into(),
            source: "kubelet".into(),
            host: Rc::clone(turn.node),
        });
    }

    pub(super) fn decide(&self, turn: &mut Turn, verdict: Verdict, because: Reason) {
        turn.effects.decisions.push(Decision::new(Component::Kubelet, self.key.clone(), verdict, because));
    }

    pub(super) fn admit(&mut self, mut turn: Turn) {
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

    /// Starts what is to be started now.
    pub(super) fn start(&mut self, mut turn: Turn) {
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

    /// Starts init containers one after the other, each when the one before it has ended well, or, if that is a sidecar, has come
    /// up; then all the others. Models kuberuntime_manager.go computeInitContainerActions.
    pub(super) fn start_what_is_due(&mut self, turn: &mut Turn) {
        for i in 0..self.processes.len() {
            if self.processes[i].due {
                self.start_one(i, turn);
            }
            if self.processes[i].holds_others() || self.processes[i].pull == Pull::UnderWay {
                return;
            }
        }
    }

    pub(super) fn start_one(&mut self, i: usize, turn: &mut Turn) {
        let (name, image) = (Rc::clone(&self.processes[i].name), Rc::clone(&self.processes[i].image));
        let behaviour = turn.context.images.behaviour(&image);
        if let ContainerState::Terminated(ended) = &self.processes[i].state {
            self.processes[i].last = Some(ended.clone());
        }
        self.processes[i].due = false;
        if behaviour.pull_fails {
            self.pull_fails(i, turn);
            return;
        }
        if !self.has_image(i, turn) || self.config_fails(i, turn) {
            return;
        }
        let timing = turn.context.timing;
        self.says(turn, false, "Created", "Container created", Some(&name));
        self.says(turn, false, "Started", "Container started", Some(&name));
        turn.effects.happened.push(Happening::Started(self.ran(&self.processes[i], turn.node)));
        let process = &mut self.processes[i];
        let said = process.post_start.is_some().then(|| process.status());
        process.starts += 1;
        process.restarts = process.starts - 1;
        process.given_up = false;
        (process.complaint, process.supposed) = (None, false);
        process.said = said;
        process.state = ContainerState::Running { started: turn.context.now };
        if timing.real_nodes {
            process.answers = Answers::of(behaviour, turn.context.now);
        }
        let (starts, role) = (process.starts, process.role);
        if self.processes[i].is_hooked() {
            self.hooks(i, turn);
        } else {
            self.begins_to_ask(i, turn);
        }
        if role != Role::Main {
            self.decide(turn, Verdict::Waits, Reason::InitContainerRuns { container: name });
        }
        let process = &self.processes[i];
        if behaviour.leaks && process.memory_limit.is_some() {
            turn.effects.timers.push((LEAKS_FOR, Timer::OutgrowsMemory(i, starts)));
        }
        if behaviour.crashes {
            turn.effects.timers.push((timing.crash_after, Timer::Exits(i, starts, 1)));
        } else if let Some(end) = process.end {
            turn.effects.timers.push((timing.crash_after.max(end.after), Timer::Exits(i, starts, end.exit_code)));
        }
    }

    /// Whether a timer is about to start a process, for which the pod's sandbox and its address have to be there.
    pub(super) fn starts_something(&self, timer: Timer, images: &Images) -> bool {
        let pulled = |p: &Process| !images.behaviour(&p.image).pull_fails;
        match timer {
            Timer::Start => self.processes.iter().any(pulled),
            Timer::PullAgain(i, _) | Timer::Restart(i, _) => self.processes.get(i).is_some_and(pulled),
            _ => false,
        }
    }
}
