//! What a kubelet remembers of one pod: its processes, and how they are started, probed and started again.
//!
//! Models pkg/kubelet/kuberuntime SyncPod and doBackOff, pkg/kubelet/images, pkg/kubelet/prober.
//! Promises: a timer that was set for a process that is no more does nothing.

use crate::base::sorted::SortedSet;
use std::rc::Rc;

use super::{Context, Effects, Timer};
use crate::api::kind::Kind;
use crate::api::object::meta::Labels;
use crate::api::object::pod::{Container, ContainerState, ContainerStatus, Ip, Probe, RestartPolicy, Terminated};
use crate::api::object::{Name, ObjectKey, Pod, PodTemplate, Uid};
use crate::base::time::{Span, Time};
use crate::base::word::Word;
use crate::cluster::command::{End, end_of};
use crate::cluster::images::{Images, SLOW_BY};
use crate::cluster::runtime::{Happening, Process as Ran};
use crate::control::plan::Spoken;
use crate::why::{Component, Decision, Reason, Verdict};

/// One container's process, or the lack of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Process {
    pub name: Name,
    pub image: Name,
    pub probe: Option<Probe>,
    pub end: Option<End>,
    pub state: ContainerState,
    pub last: Option<Terminated>,
    pub ready: bool,
    pub restarts: i64,
    pub starts: i64,
    pub crashes: u32,
    pub pulls: u32,
}

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
    pub(super) template: Rc<PodTemplate>,
    pub(super) processes: Vec<Process>,
    pub(super) ip: Option<Ip>,
    pub(super) first_seen: Time,
    pub(super) life: Life,
    /// When its processes will have ended, once they were told to.
    pub(super) stops_at: Option<Time>,
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
    pub effects: &'a mut Effects,
}

impl Process {
    fn new(container: &Container) -> Self {
        Process {
            name: Rc::clone(&container.name),
            image: Rc::clone(&container.image),
            probe: container.readiness,
            end: end_of(container),
            state: ContainerState::Waiting { reason: "ContainerCreating".into(), message: Word::default() },
            last: None,
            ready: false,
            restarts: 0,
            starts: 0,
            crashes: 0,
            pulls: 0,
        }
    }

    pub(super) fn running(&self) -> bool {
        matches!(self.state, ContainerState::Running { .. })
    }

    /// Whether it ended and is not started again.
    fn is_over(&self, restart: RestartPolicy) -> bool {
        matches!(&self.state, ContainerState::Terminated(t) if !restart.restarts_after(t.exit_code))
    }

    pub(super) fn status(&self) -> ContainerStatus {
        ContainerStatus {
            name: Rc::clone(&self.name),
            image: Rc::clone(&self.image),
            state: self.state.clone(),
            last: self.last.clone(),
            ready: self.ready && self.running(),
            restarts: self.restarts,
            starts: self.starts,
        }
    }

    /// The pause before start number `n` of a back-off that doubles.
    fn back_off(first: Span, most: Span, n: u32) -> Span {
        Span(first.0.saturating_mul(1 << n.min(20)).min(most.0))
    }
}

impl Worker {
    pub(super) fn new(pod: &Rc<Pod>, now: Time) -> Self {
        Worker {
            key: ObjectKey::new(Kind::Pod, &pod.meta.namespace, &pod.meta.name),
            uid: pod.meta.uid,
            processes: pod.spec.template.containers.iter().map(Process::new).collect(),
            template: Rc::clone(&pod.spec.template),
            ip: None,
            first_seen: now,
            life: Life::Unseen,
            stops_at: None,
            held_unready: false,
            gone: false,
            asleep_until: Time(0),
        }
    }

    /// Whether a process of the pod runs.
    pub fn running(&self) -> bool {
        self.processes.iter().any(Process::running)
    }

    /// The names of the containers whose processes run.
    pub fn running_containers(&self) -> impl Iterator<Item = &Name> {
        self.processes.iter().filter(|p| p.running()).map(|p| &p.name)
    }

    /// Its address, once it has a sandbox: before the API server is told of it.
    pub fn address(&self) -> Option<Ip> {
        self.ip
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
    fn stopping(&self) -> bool {
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
        turn.effects.say.push(Spoken {
            about: self.key.clone(),
            uid: self.uid,
            revision: 0,
            field_path: container.map(|c| format!("spec.containers{{{c}}}").into()).unwrap_or_default(),
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

    pub(super) fn admit(&mut self, mut turn: Turn, images: &SortedSet<Name>) {
        if self.stopping() || self.life != Life::Unseen {
            return;
        }
        self.life = Life::Begun;
        self.first_seen = turn.context.now;
        self.decide(&mut turn, Verdict::Acts, Reason::StartingContainers);
        let pull = if self.processes.iter().all(|p| images.contains(&p.image)) { Span(0) } else { turn.context.timing.image_pull };
        turn.effects.timers.push((turn.context.timing.container_start + pull, Timer::Start));
        self.write_status(turn);
    }

    /// Starts what was never started, and after a boot everything.
    pub(super) fn start(&mut self, mut turn: Turn) {
        if self.stopping() {
            return;
        }
        let booting = self.life == Life::Booting;
        self.life = Life::Begun;
        for i in 0..self.processes.len() {
            let process = &self.processes[i];
            if !process.running() && (booting || process.starts == 0) {
                self.start_one(i, &mut turn);
            }
        }
        self.write_status(turn);
    }

    fn start_one(&mut self, i: usize, turn: &mut Turn) {
        let (name, image) = (Rc::clone(&self.processes[i].name), Rc::clone(&self.processes[i].image));
        let behaviour = turn.context.images.behaviour(&image);
        if let ContainerState::Terminated(ended) = &self.processes[i].state {
            self.processes[i].last = Some(ended.clone());
        }
        if behaviour.pull_fails {
            self.pull_fails(i, turn);
            return;
        }
        let timing = turn.context.timing;
        let present = format!("Container image \"{image}\" already present on machine and can be accessed by the pod");
        self.says(turn, false, "Pulled", present, Some(&name));
        self.says(turn, false, "Created", "Container created", Some(&name));
        self.says(turn, false, "Started", "Container started", Some(&name));
        turn.effects.happened.push(Happening::Started(self.ran(&self.processes[i], turn.node)));
        let held = self.held_unready;
        let process = &mut self.processes[i];
        process.starts += 1;
        process.restarts = process.starts - 1;
        process.state = ContainerState::Running { started: turn.context.now };
        process.ready = process.probe.is_none() && !behaviour.never_ready && !held;
        let starts = process.starts;
        if process.probe.is_some() && !behaviour.never_ready {
            let late = if behaviour.slow { SLOW_BY } else { Span(0) };
            turn.effects.timers.push((timing.probe_passes + late, Timer::ProbePasses(i, starts)));
        }
        if behaviour.crashes {
            turn.effects.timers.push((timing.crash_after, Timer::Exits(i, starts, 1)));
        } else if let Some(end) = process.end {
            turn.effects.timers.push((timing.crash_after.max(end.after), Timer::Exits(i, starts, end.exit_code)));
        }
    }

    fn pull_fails(&mut self, i: usize, turn: &mut Turn) {
        let (name, image) = (Rc::clone(&self.processes[i].name), Rc::clone(&self.processes[i].image));
        let cause = format!("rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": not found");
        self.says(turn, false, "Pulling", format!("Pulling image \"{image}\""), Some(&name));
        self.says(turn, true, "Failed", format!("Failed to pull image \"{image}\": {cause}"), Some(&name));
        self.says(turn, true, "Failed", "Error: ErrImagePull", Some(&name));
        self.decide(turn, Verdict::Waits, Reason::ImagePullFails { image });
        let process = &mut self.processes[i];
        process.pulls += 1;
        process.state = ContainerState::Waiting { reason: "ErrImagePull".into(), message: cause.into() };
        turn.effects.timers.push((turn.context.timing.pull_back_off_shown, Timer::PullBacksOff(i, process.pulls)));
    }

    pub(super) fn pull_backs_off(&mut self, i: usize, pulls: u32, mut turn: Turn) {
        if self.stopping() || self.processes.get(i).is_none_or(|p| p.pulls != pulls || p.running()) {
            return;
        }
        let (name, image) = (Rc::clone(&self.processes[i].name), Rc::clone(&self.processes[i].image));
        self.says(&mut turn, false, "BackOff", format!("Back-off pulling image \"{image}\""), Some(&name));
        self.says(&mut turn, true, "Failed", "Error: ImagePullBackOff", Some(&name));
        let timing = turn.context.timing;
        let pause = Process::back_off(timing.pull_back_off_first, timing.back_off_most, pulls - 1);
        turn.effects.timers.push((pause, Timer::PullAgain(i, pulls)));
        let message = format!("Back-off pulling image \"{image}\"");
        self.processes[i].state = ContainerState::Waiting { reason: "ImagePullBackOff".into(), message: message.into() };
        self.write_status(turn);
    }

    pub(super) fn pull_again(&mut self, i: usize, pulls: u32, mut turn: Turn) {
        if self.stopping() || self.processes.get(i).is_none_or(|p| p.pulls != pulls || p.running()) {
            return;
        }
        self.start_one(i, &mut turn);
        self.write_status(turn);
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

    /// Makes probes fail, or pass again.
    pub(super) fn hold_ready(&mut self, ready: bool, mut turn: Turn) {
        self.held_unready = !ready;
        for i in 0..self.processes.len() {
            let process = &mut self.processes[i];
            if !process.running() {
                continue;
            }
            process.ready = ready;
            let (name, probe) = (Rc::clone(&process.name), process.probe);
            if let Some(failure) = probe.filter(|_| !ready).map(|p| self.probe_failure(p)) {
                self.says(&mut turn, true, "Unhealthy", format!("Readiness probe failed: {failure}"), Some(&name));
            }
        }
        self.write_status(turn);
    }

    /// What a failing probe reports. Models pkg/probe.
    fn probe_failure(&self, probe: Probe) -> String {
        let address = self.ip.map(|ip| ip.to_string()).unwrap_or_default();
        match probe {
            Probe::Http => "HTTP probe failed with statuscode: 503".to_owned(),
            Probe::Tcp => format!("dial tcp {address}: connect: connection refused"),
            Probe::Exec => String::new(),
            Probe::Grpc => "service unhealthy (responded with \"NOT_SERVING\")".to_owned(),
        }
    }

    pub(super) fn probe_passes(&mut self, i: usize, starts: i64, turn: Turn) {
        let held = self.held_unready || self.over();
        let stopping = self.stopping();
        let Some(process) = self.processes.get_mut(i) else { return };
        if process.starts != starts || !process.running() || process.ready || held {
            return;
        }
        process.ready = true;
        if !stopping {
            self.write_status(turn);
        }
    }

    pub(super) fn exits(&mut self, i: usize, starts: i64, exit_code: i64, mut turn: Turn) {
        let now = turn.context.now;
        let stopping = self.stopping();
        let Some(process) = self.processes.get_mut(i) else { return };
        let ContainerState::Running { started } = process.state else { return };
        if process.starts != starts || stopping {
            return;
        }
        if now.since(started) >= turn.context.timing.back_off_forgets {
            process.crashes = 0;
        }
        let reason = if exit_code == 0 { "Completed" } else { "Error" };
        process.state = ContainerState::Terminated(Terminated { exit_code, reason: reason.into(), started, finished: now });
        process.ready = false;
        let container = Rc::clone(&process.name);
        let restarts = self.template.restart.restarts_after(exit_code);
        if restarts {
            let next = if process.crashes == 0 { Timer::Restart(i, starts) } else { Timer::CrashBacksOff(i, starts) };
            turn.effects.timers.push((turn.context.timing.restart, next));
            process.crashes += 1;
        }
        let looping = restarts && process.crashes > 1;
        let process = self.ran(&self.processes[i], turn.node);
        turn.effects.happened.push(Happening::Stopped { process, exit_code: None, why: format!("exit code {exit_code}").into() });
        if looping {
            self.decide(&mut turn, Verdict::Waits, Reason::CrashLoop { container, exit_code });
        }
        if self.processes.iter().all(|p| p.is_over(self.template.restart)) {
            self.life = Life::Ended;
            self.decide(&mut turn, Verdict::Done, Reason::ProcessesEnded);
        }
        self.write_status(turn);
    }

    pub(super) fn crash_backs_off(&mut self, i: usize, starts: i64, mut turn: Turn) {
        let stopping = self.stopping();
        let Some(process) = self.processes.get_mut(i) else { return };
        let ContainerState::Terminated(ended) = process.state.clone() else { return };
        if process.starts != starts || stopping {
            return;
        }
        let timing = turn.context.timing;
        let pause = Process::back_off(timing.crash_back_off_first, timing.back_off_most, process.crashes.saturating_sub(2));
        let name = Rc::clone(&process.name);
        let pod = format!("{}_{}({})", self.key.name, self.key.namespace, self.uid);
        let message = format!("back-off {} restarting failed container={name} pod={pod}", go_duration(pause));
        process.state = ContainerState::Waiting { reason: "CrashLoopBackOff".into(), message: message.into() };
        process.last = Some(ended);
        turn.effects.timers.push((pause, Timer::Restart(i, starts)));
        self.says(&mut turn, true, "BackOff", format!("Back-off restarting failed container {name} in pod {pod}"), Some(&name));
        self.write_status(turn);
    }

    pub(super) fn restart(&mut self, i: usize, starts: i64, mut turn: Turn) {
        let stopping = self.stopping();
        if stopping || self.processes.get(i).is_none_or(|p| p.starts != starts || p.running()) {
            return;
        }
        self.start_one(i, &mut turn);
        self.write_status(turn);
    }
}

/// `1m20s`, as Go prints durations of whole seconds.
fn go_duration(span: Span) -> String {
    let s = span.0 / 1000;
    if s < 60 { format!("{s}s") } else { format!("{}m{}s", s / 60, s % 60) }
}
