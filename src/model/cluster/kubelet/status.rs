//! The pod status a kubelet reports.
//!
//! Models pkg/kubelet/kubelet_pods.go generateAPIPodStatus and getPhase, pkg/kubelet/status/generate.go.

use std::rc::Rc;

use super::Context;
use super::ending::PAST_DEADLINE_SAID;
use super::process::{Process, Pull, Role};
use super::worker::{Life, StepContext, Worker};
use api::object::pod::{Condition, ContainerState, DEADLINE_EXCEEDED, INITIALIZED, POD_SCHEDULED, PodStatus, READY, Truth};
use api::object::{Name, PodPhase, no_name};
use base::sort::Sort;
use base::time::Time;
use base::word::Word;
use server::request::{Edit, Request};
use why::{Reason, Verdict};

/// What is said of a pod that has no sandbox yet. pkg/kubelet/types/constants.go.
const NO_SANDBOX: &str = "no pod sandbox exists";
/// What is said of a pod whose sandbox has ended.
const SANDBOX_OVER: &str = "pod sandbox is not ready";

impl Worker {
    /// Reports the pod's status to the API server.
    pub(super) fn write_status(&mut self, mut turn: StepContext) {
        let status = self.status(turn.context);
        let is = |kind: &str| status.conditions.iter().any(|c| c.kind == kind && c.status == true.into());
        let ready = is("Ready");
        if status.phase == PodPhase::Running && self.overdue.is_none() {
            let looping = self.processes.iter().filter(|p| p.role != Role::Ephemeral).any(|p| {
                matches!(&p.state, ContainerState::Waiting { .. }) || p.given_up || p.said.is_some() || p.crashes > 1 && !p.running()
            });
            if !looping {
                let (verdict, because) = if ready {
                    let supposed = self.processes.iter().find(|p| p.supposed).map(|p| Rc::clone(&p.image));
                    (Verdict::Done, supposed.map_or(Reason::PodIsReady, |image| Reason::SupposedReady { image }))
                } else if is("ContainersReady") {
                    (Verdict::Waits, Reason::ReadinessGatesClosed(self.closed_gates().cloned().collect()))
                } else {
                    let complaint = self.processes.iter().filter(|p| p.running()).find_map(|p| p.complaint.clone());
                    (Verdict::Waits, complaint.filter(|_| !self.held_unready).unwrap_or(Reason::NotReadyYet))
                };
                self.decide(&mut turn, verdict, because);
            }
        }
        self.tells(status, &mut turn);
    }

    /// The same where the kubelet has not decided anything.
    pub(super) fn tells_status(&mut self, turn: &mut StepContext) {
        self.tells(self.status(turn.context), turn);
    }

    /// Sends a status. What was said of the pod meanwhile, as of one on a silent node, does not count: it is Ready since the kubelet said
    /// so first. Models status_manager.go updateLastTransitionTime, which compares with what is cached.
    fn tells(&mut self, mut status: PodStatus, turn: &mut StepContext) {
        let ready = status.conditions.iter_mut().find(|c| c.kind == *READY && c.status == Truth::True);
        self.ready_since = ready.map(|condition| {
            condition.since = self.ready_since.unwrap_or(condition.since);
            condition.since
        });
        turn.effects.requests.push(Request::Edit(self.key.clone(), Edit::PodStatus(self.uid, Box::new(status))));
    }

    /// The status as the kubelet sees it. Models kubelet_pods.go generateAPIPodStatus. The sandbox is told of at once, its address only
    /// once the images of the containers that start first are there: kubelet.go OnPodSandboxReady.
    pub(super) fn status(&self, context: Context) -> PodStatus {
        let now = context.now;
        let phase = self.phase();
        let unready: Vec<&str> =
            self.processes.iter().filter(|p| p.counts() && (!p.ready || !p.running() && !p.is_renewed())).map(|p| &*p.name).collect();
        let said_of_unready = if unready.is_empty() {
            Word::default()
        } else {
            ["containers with unready status: [", &unready.join(" "), "]"].concat().into()
        };
        let late = self.overdue.is_some() && self.over();
        let sandbox = self.ip.is_some() && !self.over();
        let serves = |kind: &'static str| match phase {
            PodPhase::Succeeded => Condition::new(kind, false, now).because("PodCompleted", ""),
            PodPhase::Failed => Condition::new(kind, false, now).because("PodFailed", ""),
            _ if unready.is_empty() => match self.complaints_of_gates() {
                closed if kind == READY && !closed.is_empty() => {
                    Condition::new(kind, false, now).because("ReadinessGatesNotReady", closed.join(", "))
                }
                _ => Condition::new(kind, true, now),
            },
            _ => Condition::new(kind, false, now).because("ContainersNotReady", said_of_unready.clone()),
        };
        let mut started = Condition::new("PodReadyToStartContainers", sandbox, now);
        let ended = self.ip.is_some() || self.has_started();
        if !context.timing.nodes.speak_in_full() {
            started.reason = if sandbox || self.over() { "" } else { "PodSandboxNotReady" }.into();
        } else if !sandbox && context.release.says_why_no_sandbox {
            started = started.because("PodSandboxNotReady", if ended { SANDBOX_OVER } else { NO_SANDBOX });
        }
        let by_name = |role: Role| {
            let mut some: Vec<&Process> = self.processes.iter().filter(|p| p.role == role).collect();
            if context.timing.nodes.speak_in_full() {
                some.sort_small_by(|a, b| a.name.cmp(&b.name));
            }
            some.into_iter().map(Process::status).collect()
        };
        PodStatus {
            phase,
            conditions: [
                started,
                self.initialized(phase, now),
                serves("Ready"),
                serves("ContainersReady"),
                Condition::new(POD_SCHEDULED, true, now),
            ]
            .map(|condition| condition.seen_at(self.generation))
            .into(),
            containers: by_name(Role::Main),
            init_containers: self.processes.iter().filter(|p| matches!(p.role, Role::Init | Role::Sidecar)).map(Process::status).collect(),
            ephemeral_containers: by_name(Role::Ephemeral),
            reason: if late { DEADLINE_EXCEEDED.into() } else { Word::default() },
            message: if late { PAST_DEADLINE_SAID.into() } else { Word::default() },
            nominated: no_name(),
            ip: self.ip.filter(|_| self.has_started() || !self.processes.iter().any(|p| p.pull == Pull::UnderWay && p.is_new())),
            host_ip: None,
            started: Some(self.first_seen),
            observed: self.generation,
        }
    }

    /// The readiness gates whose conditions are not true.
    fn closed_gates(&self) -> impl Iterator<Item = &(Name, Option<Truth>)> {
        self.gates.iter().filter(|(_, status)| *status != Some(Truth::True))
    }

    /// The messages of readiness gates whose conditions are not true. Models pkg/kubelet/status/generate.go
    /// GeneratePodReadyCondition.
    fn complaints_of_gates(&self) -> Vec<String> {
        let complaint = |(gate, status): &(Name, Option<Truth>)| match status {
            Some(other) => format!("the status of pod readiness gate \"{gate}\" is not \"True\", but {}", other.word()),
            None => format!("corresponding condition of pod readiness gate \"{gate}\" does not exist."),
        };
        self.closed_gates().map(complaint).collect()
    }

    /// The `Initialized` condition: all init containers have completed; it stays true once a main container has started. Models
    /// pkg/kubelet/status/generate.go GeneratePodInitializedCondition.
    fn initialized(&self, phase: PodPhase, now: Time) -> Condition {
        let incomplete: Vec<&str> = self.processes.iter().filter(|p| p.holds_others()).map(|p| &*p.name).collect();
        if phase == PodPhase::Succeeded {
            Condition::new(INITIALIZED, true, now).because("PodCompleted", "")
        } else if incomplete.is_empty() || self.has_begun() {
            Condition::new(INITIALIZED, true, now)
        } else {
            let message = format!("containers with incomplete status: [{}]", incomplete.join(" "));
            Condition::new(INITIALIZED, false, now).because("ContainersNotInitialized", message)
        }
    }

    /// Whether a main container was ever started.
    fn has_begun(&self) -> bool {
        self.processes.iter().any(|p| p.role == Role::Main && p.starts > 0)
    }

    /// Models kubelet_pods.go getPhase, and status_manager.go TerminatePod for a pod that never started.
    fn phase(&self) -> PodPhase {
        let of = |role: Role| self.processes.iter().filter(move |p| p.role == role);
        let failed = |p: &Process| matches!(&p.state, ContainerState::Terminated(t) if t.exit_code != 0);
        if self.over() {
            let lacking = of(Role::Main).any(|p| matches!(p.state, ContainerState::Waiting { .. }));
            let failed = lacking || of(Role::Main).chain(of(Role::Init)).any(failed);
            return if failed || self.overdue.is_some() || self.life == Life::Evicted { PodPhase::Failed } else { PodPhase::Succeeded };
        }
        let initializing = of(Role::Init).any(|p| !p.succeeded());
        let never_started = of(Role::Main).any(|p| {
            let said = p.said.as_ref().map_or((&p.state, &p.last), |said| (&said.state, &said.last));
            matches!(said, (ContainerState::Waiting { .. }, None))
        });
        if initializing || never_started { PodPhase::Pending } else { PodPhase::Running }
    }
}
