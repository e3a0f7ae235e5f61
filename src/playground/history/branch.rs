//! One way a run went, and the states kept of it.

use std::rc::Rc;

use super::{Act, Input, Playground};
use crate::api::release::Release;
use crate::base::time::Time;

/// How many checkpoints a branch keeps; at that number every second one goes, and they are taken half as often from then on.
pub(super) const CHECKPOINTS_MOST: usize = 48;
/// Of a very large cluster fewer are kept: so many objects in all, but never fewer than so many checkpoints. At five thousand pods all are,
/// because a seek that plays twice as many events takes twice as long.
const OBJECTS_MOST: usize = 2_400_000;
const CHECKPOINTS_LEAST: usize = 8;
/// How many a branch keeps that is not shown.
const CHECKPOINTS_AT_REST: usize = 4;
/// At first a checkpoint is taken after this many events.
const EVENTS_BETWEEN_CHECKPOINTS: u64 = 256;

/// Where a branch left another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The other's number.
    pub branch: u32,
    /// When.
    pub at: Time,
}

/// One way in which a run went.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its number; the first is 1.
    pub id: u32,
    /// Where it began; `None` for the first.
    pub origin: Option<Origin>,
    /// Everything done, from the start of the run.
    pub(super) inputs: Vec<Input>,
    /// How many of the inputs it shares with the branch it left.
    pub(super) shared: usize,
    pub(super) checkpoints: Checkpoints,
    /// The furthest it has come, while another instant or branch is shown.
    pub(super) head: Option<Rc<Playground>>,
    /// The release that is modelled on it.
    pub release: &'static Release,
    /// The branch that differs from it in a manifest or the release alone.
    pub(super) twin: Option<u32>,
    /// What stands in its editor while it is not shown; `None` while all branches share one text.
    pub(super) text: Option<String>,
}

impl Branch {
    /// The branch that a run begins on.
    pub(super) fn first(start: &Playground, release: &'static Release) -> Branch {
        let checkpoints = Checkpoints::new(Rc::new(start.clone()));
        Branch { id: 1, origin: None, inputs: Vec::new(), shared: 0, checkpoints, head: None, release, twin: None, text: None }
    }

    /// A branch that leaves this one at an instant, after so many inputs.
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

    /// Keeps less while another branch is shown.
    pub(super) fn rest(&mut self) {
        while self.checkpoints.kept.len() > CHECKPOINTS_AT_REST {
            self.checkpoints.thin();
        }
    }

    /// The furthest it has come, where it is not the branch shown at its head.
    pub fn head(&self) -> Option<&Playground> {
        self.head.as_deref()
    }

    /// The first line that was typed on it and not before: what makes it another.
    pub fn begins_with(&self) -> Option<&str> {
        self.inputs.iter().skip(self.shared).find_map(|input| match &input.act {
            Act::Line(line) => Some(line.as_str()),
            Act::Interrupt => None,
        })
    }
}

/// A state, and how many inputs are in it.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    pub state: Rc<Playground>,
    pub done: usize,
}

/// States of a branch, oldest first; the first is its start.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints {
    kept: Vec<Checkpoint>,
    spacing: u64,
}

impl Checkpoints {
    pub fn new(start: Rc<Playground>) -> Checkpoints {
        Checkpoints { kept: vec![Checkpoint { state: start, done: 0 }], spacing: EVENTS_BETWEEN_CHECKPOINTS }
    }

    /// The last one not after an instant.
    pub fn before(&self, at: Time) -> &Checkpoint {
        let after = self.kept.partition_point(|kept| kept.state.now() <= at);
        &self.kept[after.max(1) - 1]
    }

    /// Whether there is none close enough before and after a state.
    pub fn is_due(&self, state: &Playground) -> bool {
        let (steps, at) = self.place(state);
        let far = |kept: &Checkpoint| kept.state.sim().steps().abs_diff(steps) >= self.spacing;
        self.kept.get(at.wrapping_sub(1)).is_none_or(far) && self.kept.get(at).is_none_or(far)
    }

    /// Keeps a state.
    pub fn keep(&mut self, state: Rc<Playground>, done: usize) {
        let (_, at) = self.place(&state);
        let most = (OBJECTS_MOST / state.tables().count().max(1)).clamp(CHECKPOINTS_LEAST, CHECKPOINTS_MOST);
        self.kept.insert(at, Checkpoint { state, done });
        while self.kept.len() > most {
            self.thin();
            self.spacing *= 2;
        }
    }

    /// How many events a state has behind it, and where it belongs.
    fn place(&self, state: &Playground) -> (u64, usize) {
        let steps = state.sim().steps();
        (steps, self.kept.partition_point(|kept| kept.state.sim().steps() <= steps))
    }

    /// How many there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Those that a branch has in common with one that leaves it.
    fn until(&self, at: Time, done: usize) -> Checkpoints {
        let common = self.kept.iter().filter(|kept| kept.done <= done && kept.state.now() <= at);
        Checkpoints { kept: common.cloned().collect(), spacing: self.spacing }
    }

    /// Lets every second one go, but never the first.
    fn thin(&mut self) {
        let mut position = 0;
        self.kept.retain(|_| {
            position += 1;
            position % 2 == 1
        });
    }
}
