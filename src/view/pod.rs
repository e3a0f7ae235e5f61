//! A pod's state, as one word and one picture.

use super::{Glyph, Hue, Mark};
use crate::api::object::pod::{ContainerState, ContainerStatus};
use crate::api::object::{Name, Pod, PodPhase};
use crate::base::word::Word;

/// The states that are drawn differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PodState {
    /// No kubelet has started it yet.
    Pending,
    /// Its sandbox, volumes, images or init containers are being prepared.
    Creating,
    /// Its containers run, but it is not Ready.
    Running,
    /// It is Ready.
    Ready,
    /// It is terminating, or has succeeded.
    Terminating,
    /// Its node is unreachable.
    Unknown,
    /// It failed, or keeps failing.
    Bad,
    /// Its object is gone, but its processes may still run.
    Outlived,
}

impl PodState {
    /// A single word, where there is no room for kubectl's exact one.
    pub fn word(self) -> &'static str {
        match self {
            PodState::Pending => "Pending",
            PodState::Creating => "ContainerCreating",
            PodState::Running => "Running",
            PodState::Ready => "Ready",
            PodState::Terminating => "Terminating",
            PodState::Unknown | PodState::Outlived => "Unknown",
            PodState::Bad => "Error",
        }
    }

    /// Its glyph and hue.
    pub fn mark(self) -> Mark {
        match self {
            PodState::Pending => Mark(Glyph::Pending, Hue::Wait),
            PodState::Creating => Mark(Glyph::Creating, Hue::Wait),
            PodState::Running => Mark(Glyph::Running, Hue::Wait),
            PodState::Ready => Mark(Glyph::Ready, Hue::Ready),
            PodState::Terminating => Mark(Glyph::Terminating, Hue::Gone),
            PodState::Unknown => Mark(Glyph::Unknown, Hue::Gone),
            PodState::Bad => Mark(Glyph::Bad, Hue::Danger),
            PodState::Outlived => Mark(Glyph::Unknown, Hue::Danger),
        }
    }
}

/// A pod's state, and kubectl's word for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PodWord {
    /// The state to draw.
    pub state: PodState,
    /// The STATUS column: `Running`, `CrashLoopBackOff`, `Init:0/1`.
    pub word: Word,
}

/// A pod's state and word. `node_silent`: its node is unreachable.
///
/// Models pkg/printers/internalversion/printers.go printPod, and maps its words to the states drawn.
pub fn pod_word(pod: &Pod, node_silent: bool) -> PodWord {
    if pod.meta.terminating() {
        let lost = &*pod.status.reason == "NodeLost";
        return told(PodState::Terminating, Word::Fixed(if lost { "Unknown" } else { "Terminating" }));
    }
    if pod.status.phase.terminal() {
        let state = if pod.status.phase == PodPhase::Succeeded { PodState::Terminating } else { PodState::Bad };
        return told(state, ended_word(pod));
    }
    if let Some(word) = init_word(pod) {
        return word;
    }
    if let Some(reason) = pod.status.containers.iter().rev().find_map(trouble) {
        let state = if matches!(&*reason, "ContainerCreating" | "PodInitializing") { PodState::Creating } else { PodState::Bad };
        return told(state, reason);
    }
    match pod.status.phase {
        PodPhase::Pending => told(PodState::Pending, "Pending"),
        _ if node_silent => told(PodState::Unknown, "Running"),
        _ if pod.ready() => told(PodState::Ready, "Running"),
        _ => told(PodState::Running, "Running"),
    }
}

/// The READY column: ready and total containers.
pub fn ready_of(pod: &Pod) -> String {
    let sidecars = || pod.spec.template.init_containers.iter().filter(|container| container.sidecar);
    let counts = |status: &&ContainerStatus| sidecars().any(|c| c.name == status.name);
    let counted = pod.status.init_containers.iter().filter(counts).chain(&pod.status.containers);
    let ready = counted.filter(|container| container.ready).count();
    format!("{ready}/{}", pod.spec.template.containers.len() + sidecars().count())
}

fn told(state: PodState, word: impl Into<Word>) -> PodWord {
    PodWord { state, word: word.into() }
}

fn ended_word(pod: &Pod) -> Word {
    let reasons = pod.status.containers.iter().rev().find_map(|container| match &container.state {
        ContainerState::Terminated(end) => Some(Word::clone(&end.reason)),
        _ => None,
    });
    match (&*pod.status.reason, reasons) {
        ("", Some(reason)) if !reason.is_empty() => reason,
        ("", _) => pod.status.phase.word().into(),
        (reason, _) => Word::Shared(reason.into()),
    }
}

/// The word while an init container has not completed.
fn init_word(pod: &Pod) -> Option<PodWord> {
    let all = &pod.status.init_containers;
    let sidecar = |name: &Name| pod.spec.template.init_containers.iter().any(|c| c.sidecar && c.name == *name);
    let done = |container: &ContainerStatus| match &container.state {
        ContainerState::Terminated(end) => end.exit_code == 0,
        _ => container.started && sidecar(&container.name),
    };
    let at = all.iter().position(|container| !done(container))?;
    Some(match trouble(&all[at]) {
        Some(reason) if reason != "PodInitializing" => told(PodState::Bad, format!("Init:{reason}")),
        _ => told(PodState::Creating, format!("Init:{at}/{}", all.len())),
    })
}

/// Why a container is not running, in kubectl's word.
fn trouble(container: &ContainerStatus) -> Option<Word> {
    match &container.state {
        ContainerState::Waiting { reason, .. } if !reason.is_empty() => Some(Word::clone(reason)),
        ContainerState::Terminated(end) if end.reason.is_empty() => Some(format!("ExitCode:{}", end.exit_code).into()),
        ContainerState::Terminated(end) => Some(Word::clone(&end.reason)),
        _ => None,
    }
}
