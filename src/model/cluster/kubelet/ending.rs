//! How a pod's processes end: terminated, killed, evicted, or lost with the machine.
//!
//! Models pkg/kubelet/kuberuntime/kuberuntime_container.go killContainer, pkg/kubelet/kubelet.go SyncTerminatingPod and
//! SyncTerminatedPod, pkg/kubelet/eviction.

use super::process::{Process, Pull, Role};
use super::worker::{Life, StepContext, Worker};
use super::{Context, Timer};
use std::rc::Rc;

use crate::inside::{OnTerm, Process as Inside};
use crate::runtime::Happening;
use api::client::DeleteOptions;
use api::object::event::EventType;
use api::object::pod::{Condition, ContainerState, DEADLINE_EXCEEDED, DISRUPTION_TARGET, STATUS_UNKNOWN, Terminated};
use api::object::pod_status::{ERROR, KILLED};
use api::object::{Deletion, Name, Pod, Uid};
use base::time::{Span, Time};
use base::word::Word;
use server::request::{Edit, Request};
use why::{Reason, Verdict};

/// The message of an eviction. pkg/kubelet/eviction/helpers.go nodeLowMessageFmt.
const LOW_ON_RESOURCE: &str = "The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 1Gi. ";
/// The message of a pod that exceeded its active deadline.
pub(super) const PAST_DEADLINE_SAID: &str = "Pod was active on the node longer than the specified deadline";
/// The least grace period a process gets. kuberuntime_container.go minimumGracePeriodInSeconds.
pub(super) const MIN_GRACE: Span = Span::seconds(2);
/// Exit code containerd reports for a process lost with its machine.
const LOST: i64 = 255;

impl Worker {
    /// Begins graceful termination: SIGTERM to running processes, and a deadline. Later calls can only shorten the deadline. A finalizer
    /// may still hold the pod once nothing of it runs.
    pub(super) fn stop(&mut self, deletion: Deletion, held_by: Option<&Name>, mut turn: StepContext) {
        self.deleted = true;
        if self.over() {
            if let Some(finalizer) = held_by.filter(|_| deletion.grace == 0) {
                self.decide(&mut turn, Verdict::Waits, Reason::HeldByFinalizer { finalizer: Rc::clone(finalizer) });
            }
            turn.effects.timers.push((turn.context.timing.kubelet_writes, Timer::Confirm));
            return;
        }
        let now = turn.context.now;
        let allowed = if turn.context.timing.nodes.count_grace_from_deletion() {
            deletion.at.since(now)
        } else {
            Span::seconds(u64::try_from(deletion.grace).unwrap_or(0)).max(MIN_GRACE)
        };
        let first = self.stops_at.is_none();
        let killed_at = (now + allowed).min(self.killed_at.unwrap_or(now + allowed));
        self.killed_at = Some(killed_at);
        let pause = self.takes(killed_at.since(now), &turn).unwrap_or(turn.context.timing.kubelet_writes);
        if self.stops_at.is_some_and(|at| at <= now + pause) {
            return;
        }
        self.stops_at = Some(now + pause);
        self.asleep_until = now;
        turn.effects.timers.push((pause, Timer::Stopped));
        if first {
            // Models kubelet.go SyncTerminatingPod, which tells the API server which generation it has seen.
            if turn.context.timing.nodes.run_whole_pods() {
                turn.effects.timers.push((turn.context.timing.kubelet_writes, Timer::Report));
            }
            self.says_stopping(&mut turn);
            self.decide(&mut turn, Verdict::Acts, Reason::StoppingContainers);
        }
    }

    /// Takes in the pod's `activeDeadlineSeconds`, which may be set or changed later.
    pub(super) fn reads_deadline(&mut self, pod: &Pod, turn: &mut StepContext) {
        let was = std::mem::replace(&mut self.deadline, pod.spec.template.deadline);
        if was != self.deadline && self.life != Life::Unseen {
            self.waits_for_deadline(Span(0), turn);
        }
    }

    /// Schedules the check of the active deadline, after `pause` at the earliest.
    pub(super) fn waits_for_deadline(&self, pause: Span, turn: &mut StepContext) {
        let Some(seconds) = self.deadline else { return };
        let at = self.first_seen + Span::seconds(u64::try_from(seconds).unwrap_or(0));
        turn.effects.timers.push((at.since(turn.context.now).max(pause), Timer::Deadline(seconds)));
    }

    /// The active deadline has passed: the pod fails, unless the deadline was changed meanwhile.
    pub(super) fn deadline_passes(&mut self, seconds: i64, mut turn: StepContext) {
        if self.deadline != Some(seconds) || self.stopping() || self.life == Life::Unseen {
            return;
        }
        self.overdue = Some(seconds);
        self.says(&mut turn, EventType::Normal, DEADLINE_EXCEEDED, PAST_DEADLINE_SAID, None);
        self.winds_down(&mut turn);
        self.decide(&mut turn, Verdict::Acts, Reason::PastDeadline { seconds });
        self.write_status(turn);
    }

    /// Ends a pod that nobody deleted: nothing of it is started any more, and what still runs is terminated.
    pub(super) fn winds_down(&mut self, turn: &mut StepContext) {
        let now = turn.context.now;
        let allowed = self.grace().max(MIN_GRACE);
        let Some(pause) = self.takes(allowed, turn) else {
            self.gives_up_what_waits(now);
            self.life = Life::Ended;
            self.decide(turn, Verdict::Done, self.ended_because());
            return;
        };
        (self.stops_at, self.killed_at) = (Some(now + pause), Some(now + allowed));
        turn.effects.timers.push((pause, Timer::Stopped));
        self.says_stopping(turn);
    }

    /// The pod's `terminationGracePeriodSeconds`.
    pub(super) fn grace(&self) -> Span {
        Span::seconds(u64::try_from(self.template.grace).unwrap_or(0))
    }

    /// SIGTERM from inside a container reaches its first process.
    pub(super) fn terminates(&self, container: &str, turn: &mut StepContext) {
        let Some(of) = self.place_of(container) else { return };
        if let Some(code) = self.processes.get(of.container).filter(|p| p.running()).and_then(|p| on_term(self.uid, p, turn.context)) {
            turn.effects.timers.push((turn.context.timing.stop, Timer::Exits(of, code)));
        }
    }

    fn says_stopping(&self, turn: &mut StepContext) {
        for container in self.running_containers() {
            self.says(turn, EventType::Normal, "Killing", format!("Stopping container {container}"), Some(container));
        }
        for i in 0..self.processes.len() {
            if self.processes[i].running() {
                self.stops_by_hook(i, turn);
            }
        }
    }

    /// Whether it is a process's turn to be terminated: sidecars end after all other containers, in reverse order. Models
    /// kuberuntime_termination_order.go.
    fn ends_now(&self, i: usize) -> bool {
        let sidecar = |p: &Process| p.role == Role::Sidecar;
        if self.processes.iter().any(|p| p.running() && !sidecar(p)) {
            return self.processes.get(i).is_some_and(|p| !sidecar(p));
        }
        self.processes.iter().rposition(Process::running) == Some(i)
    }

    /// How long the processes whose turn it is take to terminate, `preStop` hooks included; `None` if none runs.
    fn takes(&self, allowed: Span, turn: &StepContext) -> Option<Span> {
        let now = self.processes.iter().enumerate().filter(|(i, p)| p.running() && self.ends_now(*i));
        now.map(|(_, p)| ends_in(self.uid, p, allowed, turn.context).0).max()
    }

    /// The API server no longer knows the pod: terminates what still runs. False if nothing does.
    pub(super) fn leaves(&mut self, turn: &mut StepContext) -> bool {
        self.gone = true;
        let allowed = self.grace();
        let Some(pause) = self.takes(allowed, turn) else { return false };
        let at = turn.context.now + pause;
        if self.stops_at.is_none() && turn.context.timing.nodes.speak_in_full() {
            self.says_stopping(turn);
        }
        if self.stops_at.is_none_or(|old| old > at) {
            self.stops_at = Some(at);
            turn.effects.timers.push((pause, Timer::Stopped));
        }
        true
    }

    /// Ends the processes whose termination is due. True once the pod has ended.
    pub(super) fn stopped(&mut self, mut turn: StepContext) -> bool {
        let now = turn.context.now;
        if self.over() || self.stops_at.is_none_or(|at| now < at) {
            return false;
        }
        if self.gone {
            self.end_processes(&mut turn, |_, _| KILLED, Why::PodObjectGone);
            self.life = Life::Ended;
            return true;
        }
        let uid = self.uid;
        self.end_processes(&mut turn, |p, context| on_term(uid, p, context).unwrap_or(KILLED), Why::Terminated);
        if let Some(pause) = self.takes(self.killed_at.map_or(Span(0), |at| at.since(now)).max(MIN_GRACE), &turn) {
            self.stops_at = Some(now + pause);
            turn.effects.timers.push((pause, Timer::Stopped));
            return false;
        }
        self.gives_up_what_waits(now);
        self.life = Life::Ended;
        if self.deleted {
            turn.effects.timers.push((turn.context.timing.kubelet_writes, Timer::Confirm));
        } else {
            let because = self.ended_because();
            self.decide(&mut turn, Verdict::Done, because);
        }
        self.write_status(turn);
        true
    }

    fn ended_because(&self) -> Reason {
        self.overdue.map_or(Reason::ProcessesEnded, |seconds| Reason::PastDeadline { seconds })
    }

    /// In an initialized pod, reports containers that never ran as terminated. Models status_manager.go TerminatePod.
    fn gives_up_what_waits(&mut self, now: Time) {
        let initialized = self.processes.iter().all(|p| p.role != Role::Init || p.succeeded());
        self.processes.iter_mut().for_each(|p| (p.renewed, p.said) = (false, None));
        for process in self.processes.iter_mut().filter(|p| p.role == Role::Main && initialized) {
            if let ContainerState::Waiting { .. } = process.state {
                let reason = STATUS_UNKNOWN.into();
                let unknown = Terminated { exit_code: KILLED, reason, message: Word::default(), started: now, finished: now };
                process.state = ContainerState::Terminated(process.last.take().unwrap_or(unknown));
            }
        }
    }

    fn end_processes(&mut self, turn: &mut StepContext, code: impl Fn(&Process, Context) -> i64, why: Why) {
        let now = turn.context.now;
        let ends: Vec<bool> = (0..self.processes.len()).map(|i| why != Why::Terminated || self.ends_now(i)).collect();
        for i in (0..self.processes.len()).filter(|i| ends[*i]) {
            let ran = self.ran(&self.processes[i], turn.node);
            let exit_code = code(&self.processes[i], turn.context);
            let message = self.last_words(&self.processes[i].name, exit_code, turn.context);
            let process = &mut self.processes[i];
            (process.said, process.renewed) = (None, false);
            let ContainerState::Running { started } = process.state else { continue };
            let reason = match exit_code {
                0 => "Completed",
                LOST => "Unknown",
                _ => ERROR,
            };
            process.state = ContainerState::Terminated(Terminated { exit_code, reason: reason.into(), message, started, finished: now });
            process.ready = false;
            let exit_code = (why == Why::Terminated).then_some(exit_code);
            turn.effects.happened.push(Happening::Stopped { process: ran, exit_code, why: why.word().into() });
        }
    }

    /// What a container that ends now leaves to be said of its end.
    pub(super) fn last_words(&self, container: &Name, exit_code: i64, context: Context) -> Word {
        context.inside.last_words(self.uid, self.raw_of(container), exit_code != 0)
    }

    /// Confirms to the API server that nothing of the pod is left.
    pub(super) fn confirm(&mut self, turn: &mut StepContext) {
        if self.gone || !self.over() {
            return;
        }
        let uid = Some(self.uid.to_string().into());
        let options = DeleteOptions { grace_period_seconds: Some(0), uid, ..DeleteOptions::default() };
        turn.effects.requests.push(Request::Delete(self.key.clone(), options));
    }

    pub(super) fn evict(&mut self, mut turn: StepContext) {
        if self.over() {
            return;
        }
        let running: Vec<Name> = self.running_containers().cloned().collect();
        self.end_processes(&mut turn, |_, _| KILLED, Why::Evicted);
        self.life = Life::Evicted;
        self.says(&mut turn, EventType::Warning, "Evicted", LOW_ON_RESOURCE, None);
        for container in &running {
            self.says(&mut turn, EventType::Normal, "Killing", format!("Stopping container {container}"), Some(container));
        }
        let mut status = self.status(turn.context);
        (status.reason, status.message) = ("Evicted".into(), LOW_ON_RESOURCE.into());
        status.conditions.push(
            Condition::new(DISRUPTION_TARGET, true, turn.context.now)
                .because("TerminationByKubelet", LOW_ON_RESOURCE)
                .seen_at(self.generation),
        );
        turn.effects.requests.push(Request::Edit(self.key.clone(), Edit::PodStatus(self.uid, Box::new(status))));
    }

    /// The machine loses power: the pod's processes die without notice.
    pub(super) fn loses_power(&mut self, mut turn: StepContext) {
        self.end_processes(&mut turn, |_, _| LOST, Why::PowerOff);
    }

    /// The machine is switched on again: unless the pod has ended, it gets a new sandbox and its containers are restarted.
    pub(super) fn boots(&mut self, mut turn: StepContext) {
        let timing = turn.context.timing;
        let had_sandbox = self.ip.take().is_some();
        (self.stops_at, self.killed_at) = (None, None);
        if self.over() {
            return;
        }
        if had_sandbox {
            self.life = Life::Booting;
        }
        for process in &mut self.processes {
            // What ran once as an ephemeral container is not started again.
            process.due = process.role != Role::Ephemeral || process.starts == 0;
            (process.crashes, process.pulls, process.refusals, process.pull) = (0, 0, 0, Pull::Idle);
        }
        let (pause, next) =
            if self.life == Life::Unseen { (timing.kubelet_sees, Timer::Admit) } else { (timing.container_start, Timer::Start) };
        self.asleep_until = turn.context.now + pause;
        turn.effects.timers.push((pause, next));
        self.waits_for_deadline(pause, &mut turn);
        if had_sandbox {
            if timing.nodes.speak_in_full() {
                self.says(&mut turn, EventType::Normal, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.", None);
            }
            self.decide(&mut turn, Verdict::Acts, Reason::StartingContainers);
        }
    }
}

/// The exit code with which a process of a pod ends on SIGTERM; `None` if it stays, and has to be killed. What it has become decides, and
/// else what its command tells.
pub(super) fn on_term(pod: Uid, process: &Process, context: Context) -> Option<i64> {
    let is_run = matches!(process.role, Role::Main | Role::Ephemeral) && process.nodes.run_whole_pods();
    let main = is_run.then(|| context.inside.main(pod, &process.name)).flatten();
    let code = match main.and_then(Inside::on_term) {
        Some(OnTerm::Ends(code)) => Some(code),
        Some(OnTerm::Stays) => None,
        None => process.on_term,
    };
    code.filter(|_| !process.answers.frozen(context.now) && !context.images.behaviour(&process.image).ignores_term)
}

/// How long a process takes to end, and with which exit code, also where it is killed: its `preStop` hook gets the whole grace period,
/// and what is left of that goes to the process, but not less than the least one. Models kuberuntime_container.go killContainer.
pub(super) fn ends_in(pod: Uid, process: &Process, allowed: Span, context: Context) -> (Span, i64) {
    let hook = process.hook.min(allowed);
    let left = if hook == Span(0) { allowed } else { Span(allowed.0 - hook.0).max(MIN_GRACE) };
    match on_term(pod, process, context).filter(|_| context.timing.stop < left) {
        Some(code) => (hook + context.timing.stop, code),
        None => (hook + left, KILLED),
    }
}

/// Why a process was ended from outside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Terminated,
    PodObjectGone,
    Evicted,
    PowerOff,
}

impl Why {
    fn word(self) -> &'static str {
        match self {
            Why::Terminated => "terminated",
            Why::PodObjectGone => "pod object gone",
            Why::Evicted => "evicted",
            Why::PowerOff => "power off",
        }
    }
}
