//! One container of a pod on its machine, whether or not its process runs.

use std::rc::Rc;

use super::Incarnation;
use super::probes::Asked;
use crate::command::{ends_at_once, ends_at_once_as_init, on_term, pauses};
use crate::runtime::Answers;
use crate::stand_in::Nodes;
use api::object::Name;
use api::object::container::PullPolicy;
use api::object::pod::{Container, ContainerState, ContainerStatus, Hook, PodTemplate, Probe, RestartPolicy, Terminated};
use base::time::{Span, Time};
use base::word::Word;
use why::Reason;

/// The role of a container in its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Runs to completion before the next one starts.
    Init,
    /// An init container that keeps running beside the others (`restartPolicy: Always`).
    Sidecar,
    /// A regular container.
    Main,
    /// One that was added to look into the pod: it is started once, and nothing depends on it.
    Ephemeral,
}

/// The waiting reason of a container that does not wait for init containers.
const CREATING: &str = "ContainerCreating";
/// The waiting reason of one that does.
const INITIALIZING: &str = "PodInitializing";

/// The waiting reason of a pod's containers before they are started.
fn waits_in(template: &PodTemplate) -> &'static str {
    if template.init_containers.is_empty() { CREATING } else { INITIALIZING }
}

/// The state of a container's image pull.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Pull {
    /// No pull is in progress.
    #[default]
    Idle,
    /// It is being pulled.
    UnderWay,
    /// Pulled for the upcoming start.
    Done,
}

/// A container's process and its state.
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
    /// Probe state, indexed by [`why::ProbeKind`].
    pub asked: [Asked; 3],
    /// Who runs it.
    pub nodes: Nodes,
    /// Whether its command is known: then exec probes run inside it.
    pub scripted: bool,
    /// The latest probe failure, until the probe passes.
    pub complaint: Option<Reason>,
    /// Whether one of its probes was only assumed to pass.
    pub supposed: bool,
    pub memory_limit: Option<Name>,
    /// Whether the kubelet is terminating it in order to restart it.
    pub given_up: bool,
    /// Whether it does so because the container's definition changed.
    pub renewed: bool,
    /// Whether it exits as soon as it has started.
    pub ends_at_once: bool,
    /// Its `postStart` hook.
    pub post_start: Option<Hook>,
    /// The status reported while that hook runs, and after it failed.
    pub said: Option<ContainerStatus>,
    /// The command of its `preStop` hook.
    pub pre_stop: Vec<Name>,
    /// How long its `preStop` hook takes.
    pub hook: Span,
    pub state: ContainerState,
    pub last: Option<Terminated>,
    /// Whether it is to be started in this sandbox as soon as its turn comes.
    pub due: bool,
    /// Whether its startup probe has passed, if it has one.
    pub up: bool,
    pub ready: bool,
    pub restarts: i64,
    pub starts: i64,
    pub crashes: u32,
    pub pulls: u32,
    /// How many of them in a row have failed.
    pub refusals: u32,
    /// When the last of them did.
    pub refused: Time,
    /// Whether the kubelet has found, since that or since its process ended, that it has to wait.
    pub backs_off: bool,
    pub pull: Pull,
    /// When its image is pulled.
    pub pulls_when: PullPolicy,
    /// The exit code with which it ends on SIGTERM; `None` if it stays.
    pub on_term: Option<i64>,
}

impl Process {
    /// Its present life; it is this container of the pod.
    pub(super) fn incarnation(&self, container: usize) -> Incarnation {
        Incarnation { container, starts: self.starts }
    }

    /// The containers of a pod, not started: init containers first.
    pub(super) fn all(template: &PodTemplate, nodes: Nodes) -> Vec<Process> {
        if !nodes.run_whole_pods() {
            return template.containers.iter().map(Process::simple).collect();
        }
        let waits = waits_in(template);
        let init = |c: &Container| {
            let role = if c.sidecar { Role::Sidecar } else { Role::Init };
            Process { ends_at_once: if c.sidecar { ends_at_once(c) } else { ends_at_once_as_init(c) }, ..Process::new(c, role, waits) }
        };
        let main = |c: &Container| Process { ends_at_once: ends_at_once(c), ..Process::new(c, Role::Main, waits) };
        let declared = template.init_containers.iter().map(init).chain(template.containers.iter().map(main));
        declared.chain(template.ephemeral_containers.iter().map(|c| Process::ephemeral(c, template))).collect()
    }

    /// An ephemeral container of a pod, not started.
    pub(super) fn ephemeral(container: &Container, template: &PodTemplate) -> Self {
        Process { ends_at_once: ends_at_once(container), ..Process::new(container, Role::Ephemeral, waits_in(template)) }
    }

    /// A container of a stand-in: it serves until it is stopped, whatever its command. Only its image and the presence of a probe
    /// matter.
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
            nodes: Nodes::StandIns,
            scripted: false,
            pulls_when: PullPolicy::IfNotPresent,
            on_term: Some(0),
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
            nodes: Nodes::Real,
            scripted: !container.command.is_empty() && !container.interactive,
            complaint: None,
            supposed: false,
            memory_limit: container.memory_limit.clone(),
            given_up: false,
            renewed: false,
            post_start: container.post_start.clone(),
            said: None,
            ends_at_once: false,
            pre_stop: container.pre_stop.clone(),
            hook: pauses(container.pre_stop.iter().map(|word| &**word)),
            state: ContainerState::Waiting { reason: waits.into(), message: Word::default() },
            last: None,
            due: true,
            up: false,
            ready: false,
            restarts: 0,
            starts: 0,
            crashes: 0,
            pulls: 0,
            refusals: 0,
            refused: Time(0),
            backs_off: false,
            pull: Pull::Idle,
            pulls_when: container.pull,
            on_term: if matches!(role, Role::Main | Role::Ephemeral) { on_term(container) } else { Some(0) },
        }
    }

    /// Whether nothing has come yet of the first attempt to start it.
    pub(super) fn is_new(&self) -> bool {
        self.starts == 0 && matches!(&self.state, ContainerState::Waiting { reason, .. } if [CREATING, INITIALIZING].contains(&&**reason))
    }

    /// Whether it runs and is not ready, or would not answer its next probe as it should.
    pub(super) fn lags(&self) -> bool {
        self.running() && self.counts() && (!self.ready || self.answers != Answers::default())
    }

    /// Whether its pod is Ready only if it is.
    pub(super) fn counts(&self) -> bool {
        !matches!(self.role, Role::Init | Role::Ephemeral)
    }

    pub(super) fn running(&self) -> bool {
        matches!(self.state, ContainerState::Running { .. })
    }

    /// Whether it is restarted after this exit. Models kuberuntime_container.go for init containers, which are restarted until they
    /// succeed, and sidecars, which always are; ephemeral containers never are.
    pub(super) fn restarts_after(&self, policy: RestartPolicy, exit_code: i64) -> bool {
        match self.role {
            _ if self.renewed => true,
            Role::Init => exit_code != 0 && policy != RestartPolicy::Never,
            Role::Sidecar => true,
            Role::Ephemeral => false,
            Role::Main if self.given_up => policy != RestartPolicy::Never,
            Role::Main => policy.restarts_after(exit_code),
        }
    }

    /// Whether it has ended and will not be restarted.
    pub(super) fn is_over(&self, policy: RestartPolicy) -> bool {
        matches!(&self.state, ContainerState::Terminated(t) if !self.restarts_after(policy, t.exit_code))
    }

    /// Whether it is an init container that has completed in this sandbox.
    pub(super) fn succeeded(&self) -> bool {
        !self.due && matches!(&self.state, ContainerState::Terminated(t) if t.exit_code == 0)
    }

    /// Whether containers after it must wait for it.
    pub(super) fn holds_others(&self) -> bool {
        match self.role {
            Role::Init => !self.succeeded(),
            Role::Sidecar => !(self.running() && self.up),
            Role::Main => self.is_hooked(),
            Role::Ephemeral => false,
        }
    }

    /// Whether it ended to be restarted with a new definition. It is reported as running meanwhile: the kubelet restarts it at one go.
    pub(super) fn is_renewed(&self) -> bool {
        self.renewed && matches!(self.state, ContainerState::Terminated(_))
    }

    /// Whether its `postStart` hook is running.
    pub(super) fn is_hooked(&self) -> bool {
        self.running() && self.said.is_some()
    }

    pub(super) fn status(&self) -> ContainerStatus {
        self.said.clone().unwrap_or_else(|| self.present_status())
    }

    /// Its actual status, reported or not.
    pub(super) fn present_status(&self) -> ContainerStatus {
        let (state, runs) = match &self.state {
            ContainerState::Terminated(ended) if self.renewed => (ContainerState::Running { started: ended.started }, true),
            state => (state.clone(), self.running()),
        };
        ContainerStatus {
            name: Rc::clone(&self.name),
            image: Rc::clone(&self.image),
            state,
            last: self.last.clone(),
            ready: if self.role == Role::Init { self.succeeded() } else { self.ready && runs && self.counts() },
            started: runs && self.up,
            restarts: self.restarts,
            starts: self.starts,
        }
    }

    /// The pause before attempt `n` of an exponential back-off.
    pub(super) fn back_off(first: Span, most: Span, n: u32) -> Span {
        Span(first.0.saturating_mul(1 << n.min(20)).min(most.0))
    }
}
