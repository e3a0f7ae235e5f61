//! A branch: one way in which a run went, with its checkpoints.

use std::rc::Rc;

use super::input::{Act, Input};
use crate::Playground;
use api::release::Release;
use base::time::Time;

/// The most checkpoints of a branch; at that number every second one is dropped, and they are taken half as often from then on.
pub const MAX_CHECKPOINTS: usize = 48;
/// The most objects in a branch's checkpoints, which reduces their number in a very large cluster, though not below a minimum. Five
/// thousand pods still get all checkpoints, because a seek that replays twice as many events takes twice as long.
const MAX_OBJECTS: usize = 2_400_000;
const MIN_CHECKPOINTS: usize = 8;
/// How many checkpoints are freed for each that is kept.
const FREED_AT_ONCE: usize = 2;
/// The most checkpoints of a branch that is not shown.
const CHECKPOINTS_AT_REST: usize = 4;
/// The initial number of events between checkpoints.
const EVENTS_BETWEEN_CHECKPOINTS: u64 = 256;

/// Where a branch left another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The other branch's number.
    pub branch: u32,
    /// The instant at which it left.
    pub at: Time,
}

/// One way in which a run went.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its number; the first is 1.
    pub id: u32,
    /// Where it began; `None` for the first.
    pub origin: Option<Origin>,
    /// All inputs since the start of the run.
    pub inputs: Vec<Input>,
    /// How many inputs it shares with the branch it left.
    pub(super) shared: usize,
    pub(super) checkpoints: Checkpoints,
    /// Its furthest state, while another instant or branch is shown.
    pub(super) head: Option<Rc<Playground>>,
    /// Its modelled release.
    pub release: &'static Release,
    /// The branch that differs from it only in a manifest or the release.
    pub twin: Option<u32>,
    /// The text in its editor while it is not shown; `None` while all branches share one text.
    pub text: Option<String>,
}

impl Branch {
    /// How many things were done on it.
    pub fn acts(&self) -> usize {
        self.inputs.len()
    }

    /// How many of its states are kept, from which every other one is played forward.
    pub fn checkpoints(&self) -> usize {
        self.checkpoints.kept.len()
    }

    /// The branch on which a run begins.
    pub(super) fn first(start: &Playground, release: &'static Release) -> Branch {
        let checkpoints = Checkpoints::new(Rc::new(start.clone()));
        Branch { id: 1, origin: None, inputs: Vec::new(), shared: 0, checkpoints, head: None, release, twin: None, text: None }
    }

    /// A branch that leaves this one at an instant, after `done` inputs.
    pub(super) fn begin(&self, id: u32, at: Time, done: usize) -> Branch {
        Branch {
            id,
            origin: Some(Origin { branch: self.id, at }),
            inputs: self.inputs[..done].to_vec(),
            shared: done,
            checkpoints: self.checkpoints.until(at, done),
            head: None,
            twin: None,
            text: self.text.clone(),
            release: self.release,
        }
    }

    /// Reduces its checkpoints while another branch is shown.
    pub(super) fn rest(&mut self) {
        while self.checkpoints.kept.len() > CHECKPOINTS_AT_REST {
            self.checkpoints.thin();
        }
        self.checkpoints.dropped.clear();
    }

    /// The state at the start of the run, before anything was done.
    pub fn start(&self) -> &Playground {
        self.checkpoints.start()
    }

    /// Its furthest state, unless that is the state shown.
    pub fn head(&self) -> Option<&Playground> {
        self.head.as_deref()
    }

    /// The first line typed on this branch alone, which sets it apart.
    pub fn begins_with(&self) -> Option<&str> {
        self.inputs.iter().skip(self.shared).find_map(|input| match &input.act {
            Act::Line(line) | Act::Queue(line) => Some(line.as_str()),
            Act::Save(_) => Some("kubectl edit"),
            Act::Interrupt => None,
        })
    }
}

/// A state, and how many inputs have gone into it.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    pub state: Rc<Playground>,
    pub done: usize,
}

/// The saved states of a branch, oldest first; the first is its start.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints {
    kept: Vec<Checkpoint>,
    spacing: u64,
    /// Those that are dropped and still there: to free them all at once takes long.
    dropped: Vec<Checkpoint>,
}

impl Checkpoints {
    /// Those of a branch that has not begun.
    pub fn new(start: Rc<Playground>) -> Checkpoints {
        Checkpoints { kept: vec![Checkpoint { state: start, done: 0 }], spacing: EVENTS_BETWEEN_CHECKPOINTS, dropped: Vec::new() }
    }

    /// The last checkpoint at or before an instant.
    pub fn before(&self, at: Time) -> &Checkpoint {
        let after = self.kept.partition_point(|kept| kept.state.now() <= at);
        &self.kept[after.max(1) - 1]
    }

    /// The saved states, oldest first.
    pub fn states(&self) -> impl Iterator<Item = &Playground> {
        self.kept.iter().map(|kept| &*kept.state)
    }

    /// The first checkpoint.
    fn start(&self) -> &Playground {
        &self.kept[0].state
    }

    /// Whether a state is far enough from the checkpoints before and after it.
    pub fn is_due(&self, state: &Playground) -> bool {
        let (steps, at) = self.place(state);
        let far = |kept: &Checkpoint| kept.state.sim().steps().abs_diff(steps) >= self.spacing;
        self.kept.get(at.wrapping_sub(1)).is_none_or(far) && self.kept.get(at).is_none_or(far)
    }

    /// Adds a state, without what was only asked and answered.
    pub fn keep(&mut self, mut state: Playground, done: usize) {
        state.forget_answers();
        self.dropped.truncate(self.dropped.len().saturating_sub(FREED_AT_ONCE));
        let (_, at) = self.place(&state);
        let most = (MAX_OBJECTS / state.tables().count().max(1)).clamp(MIN_CHECKPOINTS, MAX_CHECKPOINTS);
        self.kept.insert(at, Checkpoint { state: Rc::new(state), done });
        while self.kept.len() > most {
            self.thin();
            self.spacing *= 2;
        }
    }

    /// A state's number of events, and where it belongs in the list.
    fn place(&self, state: &Playground) -> (u64, usize) {
        let steps = state.sim().steps();
        (steps, self.kept.partition_point(|kept| kept.state.sim().steps() <= steps))
    }

    /// The checkpoints that a branch shares with one that leaves it: its start at least, whatever a damaged link says.
    fn until(&self, at: Time, done: usize) -> Checkpoints {
        let later = self.kept.partition_point(|kept| kept.done <= done && kept.state.now() <= at);
        Checkpoints { kept: self.kept[..later.max(1)].to_vec(), spacing: self.spacing, dropped: Vec::new() }
    }

    /// Drops every second checkpoint, but never the first.
    fn thin(&mut self) {
        for (at, checkpoint) in std::mem::take(&mut self.kept).into_iter().enumerate() {
            let kept = if at % 2 == 0 { &mut self.kept } else { &mut self.dropped };
            kept.push(checkpoint);
        }
    }
}
