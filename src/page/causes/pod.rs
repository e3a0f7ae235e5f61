//! A pod's state, as one word and one picture.

use api::object::{Pod, PodPhase};
use api::pod_summary::{About, PodLook, PodSummary};
use base::word::Word;
use text::{Glyph, Hue, Mark};

/// The states that are drawn differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PodState {
    /// No kubelet has started it yet.
    Pending,
    /// Its sandbox, volumes, images or init containers are being prepared.
    Creating,
    /// Its containers run, but it is not Ready.
    Running,
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
pub fn pod_word(pod: &Pod, node_silent: bool) -> PodWord {
    let PodSummary { status, about, .. } = PodLook::from(pod).summary();
    PodWord { state: state(pod, about, node_silent), word: status }
}

fn state(pod: &Pod, about: About, node_silent: bool) -> PodState {
    match (pod.status.phase, about) {
        _ if pod.meta.terminating() => PodState::Terminating,
        (PodPhase::Succeeded, _) => PodState::Terminating,
        (PodPhase::Failed, _) | (_, About::InitContainer | About::Container) => PodState::Bad,
        (_, About::Initializing | About::Preparing) => PodState::Creating,
        (PodPhase::Pending, About::Pod) => PodState::Pending,
        (PodPhase::Running, About::Pod) if node_silent => PodState::Unknown,
        (PodPhase::Running, About::Pod) if pod.ready() => PodState::Ready,
        (PodPhase::Running, About::Pod) => PodState::Running,
    }
}

/// The READY column: ready and total containers.
pub fn ready_of(pod: &Pod) -> String {
    PodLook::from(pod).summary().ready()
}
