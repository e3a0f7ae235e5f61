//! One course as it is tried, and what comes of it.

use std::rc::Rc;

use text::risks::Harm;

use super::super::acts::Line;
use super::super::course::{Course, Stage};
use super::super::judge::{Detail, Remover, Shown};
use super::super::pack::packed;
use super::super::player::{Input, Player, State};
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
    /// What came of it up to where all holds.
    held: Option<Held>,
}

/// How far a course is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    Runs,
    /// At rest with all that holds.
    Holds,
    /// At rest after all that held was taken back.
    Ended,
}

/// A state at rest from which further courses may begin, and its print.
#[derive(Clone, Debug)]
pub(super) struct Rest {
    pub print: u64,
    /// The state, where it was run here.
    pub state: Option<Rc<State>>,
}

/// What a part of a course has come to.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// How many events there were.
    pub events: u64,
    /// Whether the course did not come to rest.
    pub restless: bool,
    /// What shows at the end of the part, or came about in it.
    pub shown: Vec<Shown>,
    /// Where further courses may begin; nothing of a course after which none begins.
    pub rest: Option<Rest>,
}

/// What a course has come to while all holds.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub part: Part,
    /// How many pairs of processes had run under one name.
    pub splits: usize,
    /// What was typed.
    pub inputs: Vec<Input>,
    /// What decides the end: courses of one ending come to one end. Nothing where nothing takes back what holds.
    pub ending: Option<u64>,
}

/// What a course comes to.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub held: Held,
    /// After all was taken back; the same as where all holds if nothing takes it back.
    pub end: Part,
    /// All that was typed.
    pub inputs: Vec<Input>,
}

impl Trial {
    /// A course that begins in a state with the first of these stages; `None` where there is none.
    pub fn begin(course: Course, state: State, mut stages: Vec<Stage>) -> Option<Trial> {
        stages.reverse();
        let first = stages.pop()?;
        let before = state.world.sim.steps();
        Some(Trial { course, player: Box::new(Player::new(state, &terminals(&first))), before, left: stages, held: None })
    }

    /// Goes on for a slice.
    pub fn step(&mut self) -> Pace {
        if !self.player.step() {
            return Pace::Runs;
        }
        match self.left.len() {
            0 => Pace::Ended,
            1 => Pace::Holds,
            _ => {
                self.type_next();
                Pace::Runs
            }
        }
    }

    /// The state that was come to.
    pub fn state(&mut self) -> &mut State {
        &mut self.player.state
    }

    /// How many events there were.
    pub fn events(&self) -> u64 {
        self.player.events() - self.before
    }

    /// The lines that take back what holds; none where nothing does.
    pub fn undoes(&self) -> Vec<Rc<str>> {
        self.left.first().into_iter().flatten().flatten().map(|line| Rc::clone(&line.text)).collect()
    }

    /// Takes back what holds.
    pub fn take_back(&mut self, held: Held) {
        self.held = Some(held);
        self.type_next();
    }

    fn type_next(&mut self) {
        if let Some(stage) = self.left.pop() {
            self.player.type_lines(&terminals(&stage));
        }
    }

    /// What came of it up to where all holds, once that was taken back.
    pub fn held(&mut self) -> Option<Held> {
        self.held.take()
    }
}

impl Outcome {
    /// Whether the course did not come to rest somewhere.
    pub fn restless(&self) -> bool {
        self.held.part.restless || self.end.restless
    }

    /// Lets go of the states.
    pub fn forget_states(&mut self) {
        for rest in [&mut self.held.part.rest, &mut self.end.rest].into_iter().flatten() {
            rest.state = None;
        }
    }
}

/// A [`Part`] without what only its own worker can hold.
#[derive(Clone, Debug)]
pub(super) struct PartSummary {
    events: u64,
    restless: bool,
    shown: Vec<ShownKey>,
    print: Option<u64>,
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
    held: PartSummary,
    ending: Option<u64>,
    end: PartSummary,
}

/// What tells one [`Shown`] from another.
#[derive(Clone, Debug)]
struct ShownKey {
    kind: Harm,
    by: Option<Remover>,
    detail: Option<Detail>,
    is_held: bool,
    namespace: String,
    name: String,
}

impl ShownKey {
    fn of(one: &Shown) -> ShownKey {
        ShownKey {
            kind: one.kind,
            by: one.by,
            detail: one.detail,
            is_held: one.is_held,
            namespace: one.workload.namespace.to_string(),
            name: one.workload.name.to_string(),
        }
    }

    fn shown(&self) -> Shown {
        let workload = ObjectKey::new(Kind::StatefulSet, &self.namespace.as_str().into(), &self.name.as_str().into());
        Shown { by: self.by, detail: self.detail, is_held: self.is_held, ..Shown::new(self.kind, &workload, workload.clone()) }
    }
}

impl PartSummary {
    pub(super) fn of(part: &Part) -> PartSummary {
        let print = part.rest.as_ref().map(|rest| rest.print);
        PartSummary { events: part.events, restless: part.restless, shown: part.shown.iter().map(ShownKey::of).collect(), print }
    }

    pub(super) fn part(&self) -> Part {
        let rest = self.print.map(|print| Rest { print, state: None });
        Part { events: self.events, restless: self.restless, shown: self.shown.iter().map(ShownKey::shown).collect(), rest }
    }
}

impl Summary {
    pub(super) fn of(outcome: &Outcome) -> Summary {
        let Outcome { held, end, .. } = outcome;
        Summary { held: PartSummary::of(&held.part), ending: held.ending, end: PartSummary::of(end) }
    }

    /// The outcome, without its states and details.
    pub(super) fn outcome(&self) -> Outcome {
        let held = Held { part: self.held.part(), splits: 0, inputs: Vec::new(), ending: self.ending };
        Outcome { held, end: self.end.part(), inputs: Vec::new() }
    }
}

packed! {
    Summary { held, ending, end }
    PartSummary { events, restless, shown, print }
    ShownKey { kind, by, detail, is_held, namespace, name }
}

/// The lines of a stage, for each terminal.
fn terminals(stage: &Stage) -> Vec<&[Line]> {
    stage.iter().map(Vec::as_slice).collect()
}
