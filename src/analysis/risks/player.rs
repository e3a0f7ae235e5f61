//! A run that goes on in slices: lines at their instants, then until nothing is left to happen.
//!
//! Promises: what is typed, and when, is kept, so that the same run can be played on any timeline; a slice is bounded in events.

use std::rc::Rc;

use api::object::{Name, ObjectKey};
use base::sort::Sort;
use base::time::Time;
use causes::blame::is_well;
use console::experiment::{Act, Bounds, Ended, Experiment, Subject};
use console::{Goal, Pace, World};
use plan::watch::{self, Watched};
use playground::history::Act as Typed;
use sim::Sim;
use sim::process::Processes;

use super::acts::Line;
use super::same::Prints;

/// How often a slice asks whether to go on: a slice is at most 320 events.
const LOOKS: u32 = 40;

/// Something that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    pub at: Time,
    pub act: Typed,
    /// The terminal, counted from 0.
    pub tab: usize,
}

/// A world, and everything that is known of how it came about.
#[derive(Clone, Debug)]
pub struct State {
    pub world: World,
    pub inputs: Vec<Input>,
    pub processes: Processes,
    /// The sets that are watched.
    pub watches: Vec<(ObjectKey, watch::Watch)>,
    /// How far logs were read: writes, and what happened to processes.
    read: (usize, usize),
    /// The terminals whose lines have not ended.
    pub hang: Vec<usize>,
    /// Whether it never came to rest.
    pub restless: bool,
    /// Whether every set was what it should be when the last lines began.
    pub was_well: bool,
    /// The sets of which one node ran several pods then, and that node.
    pub shared: Vec<(ObjectKey, Name)>,
    /// The prints of its objects, as far as they are known.
    pub(super) prints: Prints,
    /// What was refused of the manifest that it began with.
    pub refused: Rc<[Refused]>,
}

/// A part of a manifest that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its line, counted from 1, where one is known.
    pub line: Option<usize>,
    /// The server's or kubectl's words.
    pub words: String,
}

/// Lines to be typed into a state, and how far that is.
#[derive(Clone, Debug)]
pub struct Player {
    pub state: State,
    experiment: Experiment,
}

impl State {
    /// A world of which nothing is known yet.
    pub fn new(world: World) -> State {
        let mut state = State {
            world,
            inputs: Vec::new(),
            processes: Processes::default(),
            watches: Vec::new(),
            read: (0, 0),
            hang: Vec::new(),
            restless: false,
            was_well: false,
            shared: Vec::new(),
            prints: Prints::new(),
            refused: Rc::default(),
        };
        state.read_logs();
        state
    }

    /// Begins to watch every set that is there.
    pub fn watch(&mut self) {
        let sim = &self.world.sim;
        let sets: Vec<ObjectKey> = sim.tables().stateful_sets().filter(|set| !set.meta.terminating()).map(|set| set.key()).collect();
        self.watches = sets.into_iter().map(|set| (set.clone(), watch::Watch::begin(sim, &set))).collect();
    }

    /// What happened to each watched set.
    pub fn watched(&self) -> impl Iterator<Item = Watched> {
        self.watches.iter().map(|(_, watch)| watch.clone().end(self.world.now()))
    }

    /// Reads what was written and what happened since, in the order of time: of one instant, the writes first, so that a pod is known
    /// before its processes.
    fn read_logs(&mut self) {
        let sim = &self.world.sim;
        let mut heard = sim.runtime()[self.read.1..].iter().peekable();
        for change in sim.log().from(self.read.0) {
            while let Some(entry) = heard.next_if(|entry| entry.at < change.at) {
                // What a law forbids is a mistake of the model, for which its own tests look.
                let _ = self.processes.hear(entry);
            }
            let _ = self.processes.see(change);
            self.watches.iter_mut().for_each(|(_, watch)| watch.take(change));
        }
        for entry in heard {
            let _ = self.processes.hear(entry);
        }
        self.read = (sim.log().len(), sim.runtime().len());
    }
}

impl Player {
    /// Types lines into a state, from its present on.
    pub fn new(state: State, acts: &[&[Line]]) -> Player {
        let mut player = Player { state, experiment: Experiment::new(Bounds::RISK) };
        player.type_lines(acts);
        player
    }

    /// Types lines from the present on: each act's in a terminal of its own. Whatever still runs there is ended before.
    pub fn type_lines(&mut self, acts: &[&[Line]]) {
        let state = &mut self.state;
        let now = state.world.now();
        end_instant(&mut state.world);
        let sim = &state.world.sim;
        state.was_well = state.watches.iter().all(|(set, _)| is_well(sim, set));
        let crowded = |(set, _): &(ObjectKey, _)| crowds(sim, set).into_iter().map(|(node, _)| (set.clone(), node)).collect::<Vec<_>>();
        state.shared = state.watches.iter().flat_map(crowded).collect();
        for tab in std::mem::take(&mut state.hang) {
            state.put(tab, Typed::Interrupt);
        }
        let of_act =
            |(tab, lines): (usize, &&[Line])| lines.iter().map(|line| (now + line.after, tab, Rc::clone(&line.text))).collect::<Vec<_>>();
        let mut lines: Vec<_> = acts.iter().enumerate().flat_map(of_act).collect();
        lines.sort_small_by_key(|(at, ..)| *at);
        self.experiment = Experiment::new(Bounds::RISK);
        self.experiment.then(lines.into_iter().flat_map(|(at, tab, line)| [Act::Until(at), Act::Type(tab, line)]).chain([Act::Rest]));
    }

    /// How many events there were since the beginning of its world.
    pub fn events(&self) -> u64 {
        self.state.world.sim.steps()
    }

    /// Goes on for a slice; whether all lines were typed and the world has come to rest.
    pub fn step(&mut self) -> bool {
        let mut left = LOOKS;
        let ended = self.experiment.step(&mut self.state, &mut || {
            left -= 1;
            left > 0
        });
        let Some(ended) = ended else { return false };
        self.state.restless = matches!(ended, Ended::Passed(_));
        self.state.hang = self.state.world.busy();
        self.state.read_logs();
        true
    }
}

impl State {
    fn put(&mut self, tab: usize, act: Typed) {
        end_instant(&mut self.world);
        let terminal = self.world.open(tab);
        match &act {
            Typed::Line(line) | Typed::Queue(line) => self.world.type_line(terminal, line),
            Typed::Interrupt => self.world.interrupt(terminal),
            // No act opens an editor.
            Typed::Save(_) => {}
        }
        self.inputs.push(Input { at: self.world.now(), act, tab });
    }
}

impl Subject for State {
    fn sim(&self) -> &Sim {
        &self.world.sim
    }

    fn is_answered(&self, terminal: usize) -> bool {
        self.world.is_answered(terminal)
    }

    fn advance(&mut self, goal: Goal, go_on: &mut dyn FnMut() -> bool) -> Pace {
        self.world.advance(goal, go_on)
    }

    fn type_lines(&mut self, terminal: usize, lines: &str) {
        self.put(terminal, Typed::Line(lines.to_owned()));
    }

    fn end_line(&mut self, terminal: usize) {
        self.put(terminal, Typed::Interrupt);
    }
}

/// The nodes that run several pods of a set, and how many.
pub(super) fn crowds(sim: &Sim, set: &ObjectKey) -> Vec<(Name, i64)> {
    let tables = sim.tables();
    let Some(found) = tables.stateful_set(&set.namespace, &set.name) else { return Vec::new() };
    let pods = || found.ordinals().filter_map(|ordinal| tables.pod(&set.namespace, &found.pod_name(ordinal)));
    let count = |node: &Name| pods().map(|pod| i64::from(pod.node.as_ref() == Some(node))).sum::<i64>();
    tables.nodes().map(|node| (Rc::clone(&node.meta.name), count(&node.meta.name))).filter(|(_, count)| *count > 1).collect()
}

/// Lets the rest of the present instant happen, so that what is typed next comes after all of it.
pub(super) fn end_instant(world: &mut World) {
    let now = world.now();
    world.advance(Goal::Until(now), &mut || true);
}
