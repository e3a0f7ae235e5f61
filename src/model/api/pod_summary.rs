//! How a table sums a pod up: its READY, STATUS and RESTARTS.
//!
//! Promises: whoever shows a pod shows the same. Models pkg/printers/internalversion/printers.go printPod.
//! Must not know: whether the pod is a value or a struct, how a table looks.

use crate::object::Pod;
use crate::object::pod::{ContainerState, ContainerStatus, INITIALIZED, POD_SCHEDULED, READY, STATUS_UNKNOWN, Truth};
use base::time::Time;
use base::word::Word;

/// What of a pod the summary depends on.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a condition of its own, true or not")]
pub struct PodLook {
    /// `status.phase`.
    pub phase: Word,
    /// `status.reason`; may be empty.
    pub reason: Word,
    /// Whether it waits for its scheduling gates.
    pub gated: bool,
    /// Whether its condition `Initialized` is true.
    pub initialized: bool,
    /// Whether its condition `Ready` is true.
    pub ready: bool,
    /// Whether it is being deleted.
    pub terminating: bool,
    /// How many containers, init containers and, among these, sidecars its spec has.
    pub declared: Declared,
    /// The statuses of its init containers.
    pub init_containers: Vec<ContainerLook>,
    /// The statuses of its containers.
    pub containers: Vec<ContainerLook>,
}

/// How many containers a pod's spec has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Declared {
    /// `spec.containers`.
    pub containers: usize,
    /// `spec.initContainers`.
    pub init_containers: usize,
    /// The init containers that are always restarted.
    pub sidecars: usize,
}

/// What of a container's status the summary depends on.
#[derive(Clone, Debug)]
pub struct ContainerLook {
    /// Whether it is an init container that is always restarted.
    pub sidecar: bool,
    pub state: State,
    /// Whether it counts as ready.
    pub ready: bool,
    /// Whether it has passed its startup probe.
    pub started: bool,
    /// How often it was restarted.
    pub restarts: i64,
    /// When its previous run ended, if that is known.
    pub last_end: Option<Time>,
}

/// The state of a container.
#[derive(Clone, Debug)]
pub enum State {
    /// It waits, for this reason, which may be empty.
    Waiting(Word),
    /// It runs.
    Running,
    /// It ended.
    Terminated {
        /// `Completed`, `Error`, …; may be empty.
        reason: Word,
        /// The signal that ended it, or 0.
        signal: i64,
        exit_code: i64,
    },
}

/// A pod, summed up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodSummary {
    /// How many of its containers are ready.
    pub ready: usize,
    /// How many it has, with its sidecars.
    pub total: usize,
    /// The STATUS column: `Running`, `CrashLoopBackOff`, `Init:0/1`.
    pub status: Word,
    /// What the status is about.
    pub about: About,
    /// How often its containers were restarted.
    pub restarts: i64,
    /// When the last of the runs before those restarts ended, if that is known.
    pub last_end: Option<Time>,
}

/// What a pod's status is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The pod: its phase, its reason, its deletion.
    Pod,
    /// How far its init containers have come.
    Initializing,
    /// An init container that failed or cannot be started.
    InitContainer,
    /// Containers that wait for their turn, their volumes or their images.
    Preparing,
    /// A container that ended, or cannot be started.
    Container,
}

/// The reasons of containers that nothing is wrong with yet.
const PREPARING: [&str; 2] = ["ContainerCreating", "PodInitializing"];
/// The reason of a container that exited with code 0.
const COMPLETED: &str = "Completed";

impl PodLook {
    /// Sums the pod up.
    pub fn summary(&self) -> PodSummary {
        let (status, about) = match &*self.reason {
            _ if self.gated => ("SchedulingGated".into(), About::Pod),
            "" => (self.phase.clone(), About::Pod),
            _ => (self.reason.clone(), About::Pod),
        };
        let total = self.declared.containers + self.declared.sidecars;
        let mut summary = PodSummary { ready: 0, total, status, about, restarts: 0, last_end: None };
        let unfinished = self.init_containers(&mut summary);
        let seen = &self.init_containers[..unfinished.map_or(self.init_containers.len(), |at| at + 1)];
        (summary.restarts, summary.last_end) = if unfinished.is_none() || self.initialized {
            self.containers(&mut summary);
            restarts(seen.iter().filter(|container| container.sidecar).chain(&self.containers))
        } else {
            restarts(seen.iter())
        };
        if self.terminating {
            if &*self.reason == "NodeLost" {
                (summary.status, summary.about) = ("Unknown".into(), About::Pod);
            } else if !matches!(&*self.phase, "Succeeded" | "Failed") {
                (summary.status, summary.about) = ("Terminating".into(), About::Pod);
            }
        }
        summary
    }

    /// Goes through the init containers up to the first that is not done; returns its place.
    fn init_containers(&self, summary: &mut PodSummary) -> Option<usize> {
        for (at, container) in self.init_containers.iter().enumerate() {
            (summary.status, summary.about) = match &container.state {
                State::Terminated { exit_code: 0, .. } => continue,
                _ if container.sidecar && container.started => {
                    summary.ready += usize::from(container.ready);
                    continue;
                }
                State::Terminated { .. } => (format!("Init:{}", container.state.word()).into(), About::InitContainer),
                State::Waiting(reason) if !matches!(&**reason, "" | "PodInitializing") => {
                    (format!("Init:{reason}").into(), About::InitContainer)
                }
                _ => (format!("Init:{at}/{}", self.declared.init_containers).into(), About::Initializing),
            };
            return Some(at);
        }
        None
    }

    /// Goes through the containers, from last to first.
    fn containers(&self, summary: &mut PodSummary) {
        let mut running = false;
        let mut error = None;
        for container in self.containers.iter().rev() {
            match &container.state {
                State::Running if container.ready => {
                    running = true;
                    summary.ready += 1;
                }
                State::Waiting(reason) if !reason.is_empty() => summary.tell(reason.clone()),
                State::Terminated { exit_code, .. } => {
                    summary.tell(container.state.word());
                    if *exit_code != 0 {
                        error = Some(summary.status.clone());
                    }
                }
                State::Running | State::Waiting(_) => {}
            }
        }
        if &*summary.status != COMPLETED {
            return;
        }
        if running && self.ready {
            (summary.status, summary.about) = ("Running".into(), About::Pod);
        } else if let Some(error) = error {
            summary.status = error;
        } else if running {
            (summary.status, summary.about) = ("NotReady".into(), About::Pod);
        }
    }
}

impl PodSummary {
    /// The READY column.
    pub fn ready(&self) -> String {
        format!("{}/{}", self.ready, self.total)
    }

    fn tell(&mut self, of_container: Word) {
        self.about = if PREPARING.contains(&&*of_container) { About::Preparing } else { About::Container };
        self.status = of_container;
    }
}

impl State {
    /// How a container ended, or why it waits.
    fn word(&self) -> Word {
        match self {
            State::Terminated { reason, signal: 0, exit_code } if reason.is_empty() => format!("ExitCode:{exit_code}").into(),
            State::Terminated { reason, signal, .. } if reason.is_empty() => format!("Signal:{signal}").into(),
            State::Terminated { reason, .. } | State::Waiting(reason) => reason.clone(),
            State::Running => Word::default(),
        }
    }
}

/// How often containers were restarted in all, and when the last of the runs before ended.
fn restarts<'a>(containers: impl Iterator<Item = &'a ContainerLook>) -> (i64, Option<Time>) {
    containers.fold((0, None), |(count, last), container| (count + container.restarts, last.max(container.last_end)))
}

impl From<&Pod> for PodLook {
    fn from(pod: &Pod) -> Self {
        let holds = |kind: &str| pod.condition(kind).is_some_and(|condition| condition.status == Truth::True);
        let template = &pod.spec.template;
        let is_sidecar = |status: &ContainerStatus| template.init_containers.iter().any(|c| c.sidecar && c.name == status.name);
        PodLook {
            phase: pod.status.phase.word().into(),
            reason: pod.status.reason.clone(),
            gated: pod.condition(POD_SCHEDULED).is_some_and(|condition| &*condition.reason == "SchedulingGated"),
            initialized: holds(INITIALIZED),
            ready: holds(READY),
            terminating: pod.meta.terminating(),
            declared: Declared {
                containers: template.containers.len(),
                init_containers: template.init_containers.len(),
                sidecars: template.init_containers.iter().filter(|container| container.sidecar).count(),
            },
            init_containers: pod.status.init_containers.iter().map(|status| look(status, is_sidecar(status))).collect(),
            containers: pod.status.containers.iter().map(|status| look(status, false)).collect(),
        }
    }
}

fn look(status: &ContainerStatus, sidecar: bool) -> ContainerLook {
    ContainerLook {
        sidecar,
        state: match &status.state {
            ContainerState::Waiting { reason, .. } => State::Waiting(reason.clone()),
            ContainerState::Running { .. } => State::Running,
            ContainerState::Terminated(end) => State::Terminated { reason: end.reason.clone(), signal: 0, exit_code: end.exit_code },
        },
        ready: status.ready,
        started: status.started,
        restarts: status.restarts,
        // Of a container that was never seen nobody knows when it ended.
        last_end: status.last.as_ref().filter(|end| end.reason != STATUS_UNKNOWN).map(|end| end.finished.stamp()),
    }
}
