//! One course as it is tried, and what comes of it.

use std::rc::Rc;

use text::risks::Harm;

use super::super::acts::Line;
use super::super::course::{Course, Stage};
use super::super::judge::{Detail, Remover, Shown};
use super::super::pack::packed;
use super::super::player::{Input, Player, State};
use super::super::same::print;
use api::kind::Kind;
use api::object::ObjectKey;

/// A course that is being tried.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    pub course: Course,
    player: Box<Player>,
    /// How many events its world had before.
    before: u64,
    /// What is left to be typed, the next stage last.
    left: Vec<Stage>,
    /// At rest with all that holds.
    held: Option<Rest>,
    /// Whether nothing takes back what holds.
    lasts: bool,
}

/// A state at rest, and its print.
#[derive(Clone, Debug)]
pub(super) struct Rest {
    pub print: u64,
    /// The state, where it was run here.
    pub state: Option<Rc<State>>,
}

impl Rest {
    fn of(print: u64, state: State) -> Rest {
        Rest { print, state: Some(Rc::new(state)) }
    }
}

/// What a course has come to.
#[derive(Clone, Debug)]
pub(super) struct Ended {
    /// How many events there were.
    pub events: u64,
    /// With all that holds.
    pub held: Rest,
    /// After what holds was taken back; nothing where nothing takes it back.
    pub back: Option<Rest>,
}

impl Trial {
    /// A course that begins in a state with the first of these stages; `None` where there is none.
    pub fn begin(course: Course, state: State, mut stages: Vec<Stage>) -> Option<Trial> {
        stages.reverse();
        let first = stages.pop()?;
        let before = state.world.sim.steps();
        Some(Trial { course, player: Box::new(Player::new(state, &terminals(&first))), before, left: stages, held: None, lasts: false })
    }

    /// Goes on for a slice; whether the course has ended.
    pub fn step(&mut self) -> bool {
        if !self.player.step() {
            return false;
        }
        let Some(stage) = self.left.pop() else { return true };
        if self.held.is_none() && self.left.is_empty() {
            let print = print(&mut self.player.state, stage.iter().flatten().map(|line| &*line.text));
            self.held = Some(Rest::of(print, self.player.state.clone()));
            self.lasts = stage.is_empty();
            if self.lasts {
                return true;
            }
        }
        self.player.type_lines(&terminals(&stage));
        false
    }

    /// What the course has come to.
    pub fn end(self) -> (Course, Ended) {
        let Trial { course, player, before, held, lasts, .. } = self;
        let mut state = player.state;
        let events = state.world.sim.steps() - before;
        let rest = || Rest::of(print(&mut state, std::iter::empty()), state);
        let (held, back) = match held {
            Some(held) if lasts => (held, None),
            Some(held) => (held, Some(rest())),
            None => (rest(), None),
        };
        (course, Ended { events, held, back })
    }
}

/// What a course shows, and what is told of it.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub ended: Ended,
    /// Whether it never came to rest.
    pub restless: bool,
    pub shown: Vec<Shown>,
    /// What was typed: up to where all still holds, and all.
    pub inputs: [Vec<Input>; 2],
}

impl Outcome {
    /// Lets go of the states.
    pub fn forget_states(&mut self) {
        self.ended.held.state = None;
        self.ended.back.iter_mut().for_each(|back| back.state = None);
    }
}

/// What is to be done about a course.
pub(super) enum Turn {
    /// It is to be run here.
    Ours,
    /// It need not be run any more.
    Known(Box<Outcome>),
    /// Another worker runs it, and nothing else is to be done before that one is done.
    Awaited,
}

/// An [`Outcome`] without what only its own worker can hold: enough where a course shows nothing new.
#[derive(Clone, Debug)]
pub struct Summary {
    events: u64,
    prints: (u64, Option<u64>),
    restless: bool,
    shown: Vec<ShownKey>,
}

/// What tells one [`Shown`] from another.
#[derive(Clone, Debug)]
struct ShownKey {
    kind: Harm,
    by: Option<Remover>,
    detail: Option<Detail>,
    namespace: String,
    name: String,
}

impl Summary {
    pub(super) fn of(outcome: &Outcome) -> Summary {
        let Outcome { ended, restless, shown, .. } = outcome;
        let key = |one: &Shown| ShownKey {
            kind: one.kind,
            by: one.by,
            detail: one.detail,
            namespace: one.workload.namespace.to_string(),
            name: one.workload.name.to_string(),
        };
        let prints = (ended.held.print, ended.back.as_ref().map(|back| back.print));
        Summary { events: ended.events, prints, restless: *restless, shown: shown.iter().map(key).collect() }
    }

    /// The outcome, without its states and details.
    pub(super) fn outcome(&self) -> Outcome {
        let rest = |print| Rest { print, state: None };
        let shown = |one: &ShownKey| {
            let workload = ObjectKey::new(Kind::StatefulSet, &one.namespace.as_str().into(), &one.name.as_str().into());
            Shown { by: one.by, detail: one.detail, ..Shown::new(one.kind, &workload, workload.clone()) }
        };
        let ended = Ended { events: self.events, held: rest(self.prints.0), back: self.prints.1.map(rest) };
        Outcome { ended, restless: self.restless, shown: self.shown.iter().map(shown).collect(), inputs: [Vec::new(), Vec::new()] }
    }
}

packed! {
    Summary { events, prints, restless, shown }
    ShownKey { kind, by, detail, namespace, name }
}

/// The lines of a stage, for each terminal.
fn terminals(stage: &Stage) -> Vec<&[Line]> {
    stage.iter().map(Vec::as_slice).collect()
}
