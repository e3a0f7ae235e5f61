//! One container of a pod on its machine: its process, or the lack of one.

use std::rc::Rc;

use super::probes::Asked;
use crate::api::object::Name;
use crate::api::object::pod::{Container, ContainerState, ContainerStatus, Hook, PodTemplate, Probe, RestartPolicy, Terminated};
use crate::base::time::Span;
use crate::base::word::Word;
use crate::cluster::command::{End, end_of, end_of_init, ignores_term, pauses};
use crate::cluster::runtime::Answers;
use crate::why::Reason;

/// What a container is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It runs to its end before the next one begins.
    Init,
    /// An init container that goes on running beside the others.
    Sidecar,
    /// It does what the pod is there for.
    Main,
}

/// Why a container does not run yet that need not wait for others.
const CREATING: &str = "ContainerCreating";

/// How a container comes by its image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Pull {
    /// Nothing is under way.
    #[default]
    Idle,
    /// It is being pulled.
    UnderWay,
    /// It was pulled for the start that follows.
    Done,
}

/// One container's process, or the lack of one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Process {
    pub name: Name,
    pub image: Name,
    pub role: Role,
    pub readiness: Option<Probe>,
    pub startup: Option<Probe>,
    pub liveness: Option<Probe>,
    pub answers: Answers,
    /// How it is asked, by question.
    pub asked: [Asked; 3],
    /// Whether it is on a real node: then requests of probes are answered from inside.
    pub real: bool,
    /// Whether it was told what to run: then commands of probes come to what they come to in it.
    pub scripted: bool,
    /// What its probe failed with last, as long as it has not passed.
    pub complaint: Option<Reason>,
    /// Whether a probe of it was only supposed to pass.
    pub supposed: bool,
    pub memory_limit: Option<Name>,
    /// Whether its kubelet has told it to end, to start it again.
    pub given_up: bool,
    pub end: Option<End>,
    /// What has to be done once it was started.
    pub post_start: Option<Hook>,
    /// What is said of it while that is done, and after it failed.
    pub said: Option<ContainerStatus>,
    /// The command of its `preStop` hook.
    pub pre_stop: Vec<Name>,
    /// How long its `preStop` hook takes.
    pub hook: Span,
    pub state: ContainerState,
    pub last: Option<Terminated>,
    /// Whether it is to be started in this sandbox as soon as it is its turn.
    pub due: bool,
    /// Whether its startup probe, where it has one, has passed.
    pub up: bool,
    pub ready: bool,
    pub restarts: i64,
    pub starts: i64,
    pub crashes: u32,
    pub pulls: u32,
    pub pull: Pull,
    /// Whether its image is asked for at each start.
    pub asks_each_time: bool,
    /// Whether it takes no notice of SIGTERM.
    pub deaf: bool,
}

impl Process {
    /// The containers of a pod, none started: init containers, then the others.
    pub(super) fn all(template: &PodTemplate, real: bool) -> Vec<Process> {
        if !real {
            return template.containers.iter().map(Process::simple).collect();
        }
        let waits = if template.init_containers.is_empty() { CREATING } else { "PodInitializing" };
        let init = |c: &Container| Process::new(c, if c.sidecar { Role::Sidecar } else { Role::Init }, waits);
        let main = |c: &Container| Process::new(c, Role::Main, waits);
        template.init_containers.iter().map(init).chain(template.containers.iter().map(main)).collect()
    }

    /// A container on a node that is not real: it serves until it is stopped, whatever it was told to run. Nothing of what it
    /// declares counts but its image and that there is a probe, as for the kubelets of the recordings.
    fn simple(container: &Container) -> Self {
        let readiness = container.readiness.map(|probe| Probe { delay: Span(0), successes: 1, ..probe });
        let process = Process::new(container, Role::Main, CREATING);
        Process {
            readiness,
            startup: None,
            liveness: None,
            post_start: None,
            memory_limit: None,
            pre_stop: Vec::new(),
            hook: Span(0),
            end: None,
            real: false,
            scripted: false,
            asks_each_time: false,
            deaf: false,
            ..process
        }
    }

    fn new(container: &Container, role: Role, waits: &'static str) -> Self {
        Process {
            name: Rc::clone(&container.name),
            image: Rc::clone(&container.image),
            role,
            readiness: container.readiness,
            startup: container.startup,
            liveness: container.liveness,
            answers: Answers::default(),
            asked: <[Asked; 3]>::default(),
            real: true,
            scripted: !container.command.is_empty() && !container.interactive,
            complaint: None,
            supposed: false,
            memory_limit: container.memory_limit.clone(),
            given_up: false,
            post_start: container.post_start.clone(),
            said: None,
            end: if role == Role::Init { end_of_init(container) } else { end_of(container) },
            pre_stop: container.pre_stop.clone(),
            hook: pauses(&container.pre_stop),
            state: ContainerState::Waiting { reason: waits.into(), message: Word::default() },
            last: None,
            due: true,
            up: false,
            ready: false,
            restarts: 0,
            starts: 0,
            crashes: 0,
            pulls: 0,
            pull: Pull::Idle,
            asks_each_time: container.pull_always,
            deaf: role == Role::Main && ignores_term(container),
        }
    }

    pub(super) fn running(&self) -> bool {
        matches!(self.state, ContainerState::Running { .. })
    }

    /// Whether its process is started again after ending so. Models kuberuntime_container.go for init containers, which run
    /// until they succeed, and sidecars, which run always.
    pub(super) fn restarts_after(&self, policy: RestartPolicy, exit_code: i64) -> bool {
        match self.role {
            Role::Init => exit_code != 0 && policy != RestartPolicy::Never,
            Role::Sidecar => true,
            Role::Main if self.given_up => policy != RestartPolicy::Never,
            Role::Main => policy.restarts_after(exit_code),
        }
    }

    /// Whether it ended and is not started again.
    pub(super) fn is_over(&self, policy: RestartPolicy) -> bool {
        matches!(&self.state, ContainerState::Terminated(t) if !self.restarts_after(policy, t.exit_code))
    }

    /// Whether it is an init container that has done its part in this sandbox.
    pub(super) fn succeeded(&self) -> bool {
        !self.due && matches!(&self.state, ContainerState::Terminated(t) if t.exit_code == 0)
    }

    /// Whether what comes after it has to wait for it.
    pub(super) fn holds_others(&self) -> bool {
        match self.role {
            Role::Init => !self.succeeded(),
            Role::Sidecar => !(self.running() && self.up),
            Role::Main => self.is_hooked(),
        }
    }

    /// Whether its `postStart` hook runs.
    pub(super) fn is_hooked(&self) -> bool {
        self.running() && self.said.is_some()
    }

    pub(super) fn status(&self) -> ContainerStatus {
        self.said.clone().unwrap_or_else(|| self.present_status())
    }

    /// How it is, whether or not it is said already.
    pub(super) fn present_status(&self) -> ContainerStatus {
        ContainerStatus {
            name: Rc::clone(&self.name),
            image: Rc::clone(&self.image),
            state: self.state.clone(),
            last: self.last.clone(),
            ready: if self.role == Role::Init { self.succeeded() } else { self.ready && self.running() },
            started: self.running() && self.up,
            restarts: self.restarts,
            starts: self.starts,
        }
    }

    /// The pause before start number `n` of a back-off that doubles.
    pub(super) fn back_off(first: Span, most: Span, n: u32) -> Span {
        Span(first.0.saturating_mul(1 << n.min(20)).min(most.0))
    }
}
