//! One machine and the kubelet on it: which processes run there, and what the kubelet says of them.
//!
//! Models pkg/kubelet in what shows: the order of statuses and events of pkg/kubelet/kuberuntime SyncPod, phases of
//! kubelet_pods.go getPhase, back-off, graceful termination.
//! Promises: a pure machine: what it does to the world comes out as [`Effects`]; the processes are its own and outlive the pod
//! object if they have to.
//! Must not know: the store, controllers, the queue of events.
//! Not modelled: init containers, hooks, liveness probes, volumes' mounting.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::images::Images;
use super::runtime::{Happening, Process as Ran};
use super::timing::Timing;
use crate::api::client::DeleteOptions;
use crate::api::kind::Kind;
use crate::api::object::pod::{Condition, ContainerState, ContainerStatus, Ip, PodStatus, Terminated};
use crate::api::object::{Name, ObjectKey, Pod, PodPhase, PodTemplate, Uid};
use crate::base::time::{Span, Time};
use crate::base::word::Word;
use crate::control::plan::Spoken;
use crate::server::request::{Edit, Request};
use crate::why::{Component, Decision, Reason, Verdict};

/// Exit code of a process that was killed.
const KILLED: i64 = 137;

/// What wakes a kubelet for a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// The first status is due.
    Admit,
    /// Containers are to be started.
    Start,
    /// A container's probe passes, if it is still the same process.
    ProbePasses(usize, i64),
    /// A container's process exits with this code, if it is still the same.
    Exits(usize, i64, i64),
    /// A container is to be started again, if it is still that process's turn.
    Restart(usize, i64),
    /// A failed pull becomes a back-off.
    PullBacksOff(usize, u32),
    /// The image is pulled again.
    PullAgain(usize, u32),
    /// The back-off between restarts begins to show.
    CrashBacksOff(usize, i64),
    /// The processes of a pod that is being deleted have ended.
    Stopped,
    /// The last word about a pod: it may go.
    Confirm,
}

/// What a kubelet does in one turn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// Requests, in order.
    pub requests: Vec<Request>,
    /// What it says.
    pub say: Vec<Spoken>,
    /// When it wants to be woken again.
    pub timers: Vec<(Span, Timer)>,
    /// What happened to processes.
    pub happened: Vec<Happening>,
    /// Why.
    pub decisions: Vec<Decision>,
}

/// One container's process, or the lack of one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Process {
    name: Name,
    image: Name,
    probed: bool,
    state: ContainerState,
    last: Option<Terminated>,
    ready: bool,
    restarts: i64,
    starts: i64,
    crashes: u32,
    pulls: u32,
}

/// What a kubelet remembers of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// The pod.
    pub key: ObjectKey,
    /// Its uid.
    pub uid: Uid,
    template: Rc<PodTemplate>,
    processes: Vec<Process>,
    ip: Option<Ip>,
    first_seen: Time,
    admitted: bool,
    stopping: bool,
    ended: bool,
    evicted: bool,
    held_unready: bool,
    held_ready: bool,
}

/// A machine with its kubelet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The node's name.
    pub node: Name,
    /// The machine's address.
    pub address: Ip,
    /// Whether the kubelet reaches the API server.
    pub connected: bool,
    workers: BTreeMap<Uid, Worker>,
    addresses: super::network::PodAddresses,
    images: std::collections::BTreeSet<Name>,
}

/// What a kubelet needs to know besides the pod.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The present.
    pub now: Time,
    /// How long things take.
    pub timing: &'a Timing,
    /// What images do.
    pub images: &'a Images,
}

impl Machine {
    /// A machine that runs nothing. Its pods get addresses of `10.244.<subnet>.0/24`.
    pub fn new(node: Name, address: Ip, subnet: u8) -> Self {
        Machine {
            node,
            address,
            connected: true,
            workers: BTreeMap::new(),
            addresses: super::network::PodAddresses::new(subnet),
            images: std::collections::BTreeSet::new(),
        }
    }

    /// What it remembers of pods.
    pub fn workers(&self) -> impl Iterator<Item = &Worker> {
        self.workers.values()
    }

    /// What it remembers of one pod.
    pub fn worker(&self, uid: Uid) -> Option<&Worker> {
        self.workers.get(&uid)
    }

    /// A pod of this node was seen, new or changed.
    pub fn sees(&mut self, pod: &Rc<Pod>, context: Context) -> Effects {
        let mut effects = Effects::default();
        let uid = pod.meta.uid;
        if !self.workers.contains_key(&uid) {
            if pod.status.phase.terminal() && !pod.meta.terminating() {
                return effects;
            }
            self.workers.insert(uid, Worker::new(pod, context.now));
            effects.timers.push((context.timing.kubelet_sees, Timer::Admit));
        }
        if pod.meta.terminating() {
            self.stop(uid, pod.meta.deletion.map_or(0, |d| d.grace), context, &mut effects);
        }
        effects
    }

    /// A pod of this node is gone from the API server. What still runs of it is ended.
    pub fn misses(&mut self, uid: Uid, _context: Context) -> Effects {
        let mut effects = Effects::default();
        let Some(worker) = self.workers.remove(&uid) else { return effects };
        if let Some(ip) = worker.ip {
            self.addresses.free(ip);
        }
        for process in worker.processes.iter().filter(|p| p.running()) {
            let why = "pod object gone".to_owned();
            effects.happened.push(Happening::Stopped { process: worker.ran(process, &self.node), exit_code: None, why: why.into() });
        }
        effects
    }

    /// A timer went off.
    pub fn wakes(&mut self, uid: Uid, timer: Timer, context: Context) -> Effects {
        let mut effects = Effects::default();
        let Some(worker) = self.workers.get_mut(&uid) else { return effects };
        let turn = Turn { node: &self.node, context, effects: &mut effects };
        match timer {
            Timer::Admit => worker.admit(turn, &self.images),
            Timer::Start => {
                if worker.ip.is_none() {
                    worker.ip = self.addresses.take();
                }
                for p in &worker.processes {
                    self.images.insert(Rc::clone(&p.image));
                }
                worker.start(turn);
            }
            Timer::ProbePasses(i, starts) => worker.probe_passes(i, starts, turn),
            Timer::Exits(i, starts, code) => worker.exits(i, starts, code, turn),
            Timer::Restart(i, starts) => worker.restart(i, starts, turn),
            Timer::CrashBacksOff(i, starts) => worker.crash_backs_off(i, starts, turn),
            Timer::PullBacksOff(i, pulls) => worker.pull_backs_off(i, pulls, turn),
            Timer::PullAgain(i, pulls) => worker.pull_again(i, pulls, turn),
            Timer::Stopped => worker.stopped(turn),
            Timer::Confirm => worker.confirm(turn),
        }
        self.dress(uid, &mut effects);
        effects
    }

    /// Lets a container of a pod exit now.
    pub fn crash(&mut self, uid: Uid, exit_code: i64, context: Context) -> Effects {
        let Some(starts) = self.workers.get(&uid).and_then(|w| w.processes.first()).map(|p| p.starts) else { return Effects::default() };
        self.wakes(uid, Timer::Exits(0, starts, exit_code), context)
    }

    /// Makes a pod's probes fail, or pass again.
    pub fn hold_ready(&mut self, uid: Uid, ready: bool, context: Context) -> Effects {
        let mut effects = Effects::default();
        let Some(worker) = self.workers.get_mut(&uid) else { return effects };
        (worker.held_ready, worker.held_unready) = (ready, !ready);
        for process in worker.processes.iter_mut().filter(|p| p.running()) {
            process.ready = ready;
        }
        worker.write_status(Turn { node: &self.node, context, effects: &mut effects });
        self.dress(uid, &mut effects);
        effects
    }

    /// Ends a pod because the node runs out of something.
    pub fn evict(&mut self, uid: Uid, context: Context) -> Effects {
        let mut effects = Effects::default();
        let Some(worker) = self.workers.get_mut(&uid) else { return effects };
        worker.evict(Turn { node: &self.node, context, effects: &mut effects });
        self.dress(uid, &mut effects);
        effects
    }

    fn stop(&mut self, uid: Uid, grace: i64, context: Context, effects: &mut Effects) {
        if let Some(worker) = self.workers.get_mut(&uid) {
            worker.stop(grace, Turn { node: &self.node, context, effects });
        }
        self.dress(uid, effects);
    }

    /// Writes into statuses what is the machine's.
    fn dress(&self, uid: Uid, effects: &mut Effects) {
        let _ = uid;
        for request in &mut effects.requests {
            if let Request::Edit(_, Edit::PodStatus(_, status)) = request {
                status.host_ip = Some(self.address);
            }
        }
    }
}

/// One turn of a worker: what it may look at and where it puts what it does.
struct Turn<'a> {
    node: &'a Name,
    context: Context<'a>,
    effects: &'a mut Effects,
}

impl Process {
    fn running(&self) -> bool {
        matches!(self.state, ContainerState::Running { .. })
    }

    fn status(&self) -> ContainerStatus {
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
    fn new(pod: &Rc<Pod>, now: Time) -> Self {
        let waiting = || ContainerState::Waiting { reason: "ContainerCreating".into(), message: Word::default() };
        let process = |c: &crate::api::object::pod::Container| Process {
            name: Rc::clone(&c.name),
            image: Rc::clone(&c.image),
            probed: c.readiness_probe,
            state: waiting(),
            last: None,
            ready: false,
            restarts: 0,
            starts: 0,
            crashes: 0,
            pulls: 0,
        };
        Worker {
            key: ObjectKey::new(Kind::Pod, &pod.meta.namespace, &pod.meta.name),
            uid: pod.meta.uid,
            processes: pod.spec.template.containers.iter().map(process).collect(),
            template: Rc::clone(&pod.spec.template),
            ip: None,
            first_seen: now,
            admitted: false,
            stopping: false,
            ended: false,
            evicted: false,
            held_unready: false,
            held_ready: false,
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

    fn ran(&self, process: &Process, node: &Name) -> Ran {
        Ran {
            pod: Rc::clone(&self.key.name),
            uid: self.uid,
            node: Rc::clone(node),
            container: Rc::clone(&process.name),
            image: Rc::clone(&process.image),
        }
    }

    fn says(&self, turn: &mut Turn, warning: bool, reason: &'static str, message: impl Into<Word>, container: Option<&Name>) {
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

    fn decide(&self, turn: &mut Turn, verdict: Verdict, because: Reason) {
        turn.effects.decisions.push(Decision::new(Component::Kubelet, self.key.clone(), verdict, because));
    }

    fn admit(&mut self, mut turn: Turn, images: &std::collections::BTreeSet<Name>) {
        if self.stopping {
            return;
        }
        self.admitted = true;
        self.first_seen = turn.context.now;
        self.decide(&mut turn, Verdict::Acts, Reason::StartingContainers);
        let pull = if self.processes.iter().all(|p| images.contains(&p.image)) { Span(0) } else { turn.context.timing.image_pull };
        turn.effects.timers.push((turn.context.timing.container_start + pull, Timer::Start));
        self.write_status(turn);
    }

    fn start(&mut self, mut turn: Turn) {
        if self.stopping {
            return;
        }
        for i in 0..self.processes.len() {
            self.start_one(i, &mut turn);
        }
        self.write_status(turn);
    }

    fn start_one(&mut self, i: usize, turn: &mut Turn) {
        let (name, image) = (Rc::clone(&self.processes[i].name), Rc::clone(&self.processes[i].image));
        let behaviour = turn.context.images.behaviour(&image);
        if behaviour.pull_fails {
            self.pull_fails(i, turn);
            return;
        }
        let timing = turn.context.timing;
        let present = format!("Container image \"{image}\" already present on machine and can be accessed by the pod");
        self.says(turn, false, "Pulled", present, Some(&name));
        self.says(turn, false, "Created", "Container created", Some(&name));
        self.says(turn, false, "Started", "Container started", Some(&name));
        let _ = image;
        turn.effects.happened.push(Happening::Started(self.ran(&self.processes[i], turn.node)));
        let held = self.held_unready;
        let process = &mut self.processes[i];
        process.starts += 1;
        process.restarts = process.starts - 1;
        process.state = ContainerState::Running { started: turn.context.now };
        process.ready = !process.probed && !behaviour.never_ready && !held;
        let starts = process.starts;
        if process.probed && !behaviour.never_ready {
            turn.effects.timers.push((timing.probe_passes, Timer::ProbePasses(i, starts)));
        }
        if behaviour.crashes {
            turn.effects.timers.push((timing.crash_after, Timer::Exits(i, starts, 1)));
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

    fn pull_backs_off(&mut self, i: usize, pulls: u32, mut turn: Turn) {
        if self.stopping || self.processes.get(i).is_none_or(|p| p.pulls != pulls || p.running()) {
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

    fn pull_again(&mut self, i: usize, pulls: u32, mut turn: Turn) {
        if self.stopping || self.processes.get(i).is_none_or(|p| p.pulls != pulls || p.running()) {
            return;
        }
        self.start_one(i, &mut turn);
        self.write_status(turn);
    }

    fn probe_passes(&mut self, i: usize, starts: i64, turn: Turn) {
        let held = self.held_unready;
        let Some(process) = self.processes.get_mut(i) else { return };
        if process.starts != starts || !process.running() || process.ready || held || self.ended {
            return;
        }
        process.ready = true;
        if !self.stopping {
            self.write_status(turn);
        }
    }

    fn exits(&mut self, i: usize, starts: i64, exit_code: i64, mut turn: Turn) {
        let now = turn.context.now;
        let stopping = self.stopping;
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
        let next = if process.crashes == 0 { Timer::Restart(i, starts) } else { Timer::CrashBacksOff(i, starts) };
        turn.effects.timers.push((turn.context.timing.restart, next));
        process.crashes += 1;
        let looping = process.crashes > 1;
        let process = self.ran(&self.processes[i], turn.node);
        turn.effects.happened.push(Happening::Stopped { process, exit_code: None, why: format!("exit code {exit_code}").into() });
        if looping {
            self.decide(&mut turn, Verdict::Waits, Reason::CrashLoop { container, exit_code });
        }
        self.write_status(turn);
    }

    fn crash_backs_off(&mut self, i: usize, starts: i64, mut turn: Turn) {
        let Some(process) = self.processes.get_mut(i) else { return };
        let ContainerState::Terminated(ended) = process.state.clone() else { return };
        if process.starts != starts || self.stopping {
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

    fn restart(&mut self, i: usize, starts: i64, mut turn: Turn) {
        let stopping = self.stopping;
        let Some(process) = self.processes.get_mut(i) else { return };
        if process.starts != starts || process.running() || stopping {
            return;
        }
        if let ContainerState::Terminated(ended) = &process.state {
            process.last = Some(ended.clone());
        }
        self.start_one(i, &mut turn);
        self.write_status(turn);
    }

    /// Begins the end: SIGTERM to what runs, and a deadline. Models kuberuntime_container.go killContainer.
    fn stop(&mut self, grace: i64, mut turn: Turn) {
        if self.ended {
            turn.effects.timers.push((turn.context.timing.kubelet_writes, Timer::Confirm));
            return;
        }
        if self.stopping {
            return;
        }
        self.stopping = true;
        let running: Vec<Name> = self.running_containers().cloned().collect();
        for container in &running {
            self.says(&mut turn, false, "Killing", format!("Stopping container {container}"), Some(container));
        }
        self.decide(&mut turn, Verdict::Acts, Reason::StoppingContainers);
        let allowed = Span::seconds(u64::try_from(grace).unwrap_or(0));
        let timing = turn.context.timing;
        let takes = self
            .processes
            .iter()
            .filter(|p| p.running())
            .map(|p| if turn.context.images.behaviour(&p.image).ignores_term { allowed } else { timing.stop.min(allowed) });
        let pause = takes.max().unwrap_or(timing.kubelet_writes);
        turn.effects.timers.push((pause, Timer::Stopped));
    }

    fn stopped(&mut self, mut turn: Turn) {
        let now = turn.context.now;
        self.end_processes(&mut turn, |p, images| if images.behaviour(&p.image).ignores_term { KILLED } else { 0 }, "terminated");
        for process in &mut self.processes {
            if let ContainerState::Waiting { .. } = process.state {
                process.state = ContainerState::Terminated(process.last.take().unwrap_or(Terminated {
                    exit_code: KILLED,
                    reason: "ContainerStatusUnknown".into(),
                    started: now,
                    finished: now,
                }));
            }
        }
        self.ended = true;
        turn.effects.timers.push((turn.context.timing.kubelet_writes, Timer::Confirm));
        self.write_status(turn);
    }

    fn end_processes(&mut self, turn: &mut Turn, code: impl Fn(&Process, &Images) -> i64, why: &str) {
        let (now, images) = (turn.context.now, turn.context.images);
        for i in 0..self.processes.len() {
            let ran = self.ran(&self.processes[i], turn.node);
            let process = &mut self.processes[i];
            let ContainerState::Running { started } = process.state else { continue };
            let exit_code = code(process, images);
            let reason = if exit_code == 0 { "Completed" } else { "Error" };
            process.state = ContainerState::Terminated(Terminated { exit_code, reason: reason.into(), started, finished: now });
            process.ready = false;
            let exit_code = (why == "terminated").then_some(exit_code);
            turn.effects.happened.push(Happening::Stopped { process: ran, exit_code, why: why.into() });
        }
    }

    /// Tells the API server that nothing of the pod is left.
    fn confirm(&mut self, turn: Turn) {
        let uid = Some(self.uid.to_string().into());
        let options = DeleteOptions { grace_period_seconds: Some(0), uid, ..DeleteOptions::default() };
        turn.effects.requests.push(Request::Delete(self.key.clone(), options));
    }

    fn evict(&mut self, mut turn: Turn) {
        const MESSAGE: &str = "The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 1Gi. ";
        let running: Vec<Name> = self.running_containers().cloned().collect();
        self.end_processes(&mut turn, |_, _| KILLED, "evicted");
        (self.evicted, self.ended, self.stopping) = (true, true, true);
        self.says(&mut turn, true, "Evicted", MESSAGE, None);
        for container in &running {
            self.says(&mut turn, false, "Killing", format!("Stopping container {container}"), Some(container));
        }
        let mut status = self.status(turn.context.now);
        (status.reason, status.message) = ("Evicted".into(), MESSAGE.into());
        status.conditions.push(Condition::new("DisruptionTarget", true, turn.context.now).because("TerminationByKubelet", MESSAGE));
        turn.effects.requests.push(Request::Edit(self.key.clone(), Edit::PodStatus(self.uid, Box::new(status))));
    }

    fn write_status(&self, mut turn: Turn) {
        let status = self.status(turn.context.now);
        let ready = status.conditions.iter().any(|c| c.kind == "Ready" && c.status == true.into());
        if status.phase == PodPhase::Running {
            let looping =
                self.processes.iter().any(|p| matches!(&p.state, ContainerState::Waiting { .. }) || p.crashes > 1 && !p.running());
            if !looping {
                let (verdict, because) = if ready { (Verdict::Done, Reason::PodIsReady) } else { (Verdict::Waits, Reason::NotReadyYet) };
                self.decide(&mut turn, verdict, because);
            }
        }
        turn.effects.requests.push(Request::Edit(self.key.clone(), Edit::PodStatus(self.uid, Box::new(status))));
    }

    /// The status as the kubelet sees it. Models kubelet_pods.go generateAPIPodStatus.
    fn status(&self, now: Time) -> PodStatus {
        let phase = self.phase();
        let unready: Vec<&str> = self.processes.iter().filter(|p| !p.ready || !p.running()).map(|p| &*p.name).collect();
        let sandbox = self.ip.is_some() && !self.ended;
        let serves = |kind: &'static str| match phase {
            PodPhase::Succeeded => Condition::new(kind, false, now).because("PodCompleted", ""),
            PodPhase::Failed => Condition::new(kind, false, now).because("PodFailed", ""),
            _ if unready.is_empty() => Condition::new(kind, true, now),
            _ => {
                let message = format!("containers with unready status: [{}]", unready.join(" "));
                Condition::new(kind, false, now).because("ContainersNotReady", message)
            }
        };
        let mut initialized = Condition::new("Initialized", true, now);
        if phase == PodPhase::Succeeded {
            initialized = initialized.because("PodCompleted", "");
        }
        let mut started = Condition::new("PodReadyToStartContainers", sandbox, now);
        if !sandbox && !self.ended {
            started = started.because("PodSandboxNotReady", "");
        }
        PodStatus {
            phase,
            conditions: vec![started, initialized, serves("Ready"), serves("ContainersReady"), Condition::new("PodScheduled", true, now)],
            containers: self.processes.iter().map(Process::status).collect(),
            ip: self.ip,
            started: Some(self.first_seen),
            ..PodStatus::default()
        }
    }

    /// Models kubelet_pods.go getPhase for pods without init containers.
    fn phase(&self) -> PodPhase {
        let states = || self.processes.iter().map(|p| &p.state);
        if self.ended {
            let failed = states().any(|s| matches!(s, ContainerState::Terminated(t) if t.exit_code != 0));
            return if failed || self.evicted { PodPhase::Failed } else { PodPhase::Succeeded };
        }
        let never_started = self.processes.iter().any(|p| matches!(p.state, ContainerState::Waiting { .. }) && p.last.is_none());
        if never_started { PodPhase::Pending } else { PodPhase::Running }
    }

    /// The pod spec's grace period in seconds.
    pub fn grace(&self) -> i64 {
        self.template.grace
    }
}

/// `1m20s`, as Go prints durations of whole seconds.
fn go_duration(span: Span) -> String {
    let s = span.0 / 1000;
    if s < 60 { format!("{s}s") } else { format!("{}m{}s", s / 60, s % 60) }
}
