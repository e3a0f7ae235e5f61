//! Random runs: operations are drawn and played with all laws riding along; at the end the world is mended and has to come to
//! what was declared. A run that breaks a law is made as short as it gets and written out as a scenario.
//!
//! Promises: a run is a function of its seed; a run that is played from its scenario file comes to the same end.
//! Must not know: controllers and machines from the inside.

mod draw;
mod mend;
mod operation;
mod shrink;
mod world;
pub mod write;

use crate::api::release::Release;
use crate::base::dice::{Dice, mix};
use crate::base::hash::Digest;
use crate::base::time::Span;
use crate::scenario::file::{Scenario, Step};
use crate::scenario::run::Player;
use crate::scenario::stage;
use crate::sim::Sim;
use crate::sim::law::{Violation, declared};
use operation::kubectl;

/// How many operations one world goes through; a longer run goes through several worlds.
pub const OPERATIONS_PER_WORLD: u64 = 120;

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How many operations were played.
    pub operations: u64,
    /// How many things happened in the simulation.
    pub events: u64,
    /// A digest of everything that was written, in all worlds.
    pub digest: Digest,
    /// The runs that broke a law.
    pub failures: Vec<Failure>,
}

/// A run that broke a law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The seed of its world.
    pub seed: u64,
    /// What was broken, in the shortest run that breaks the same law.
    pub violation: Violation,
    /// That run, as the text of a scenario file.
    pub scenario: String,
}

/// Plays so many random operations, in as many worlds as that takes. `progress` is told after each world and says whether
/// to go on.
pub fn run(seed: u64, operations: u64, release: &'static Release, mut progress: impl FnMut(&Report) -> bool) -> Report {
    let mut report = Report { operations: 0, events: 0, digest: Digest::default(), failures: Vec::new() };
    for world in 0.. {
        let count = OPERATIONS_PER_WORLD.min(operations - report.operations);
        if count == 0 {
            break;
        }
        let seed = if world == 0 { seed } else { mix(seed ^ mix(world)) };
        let all: Vec<u64> = (0..count).collect();
        let ended = play(seed, &all, release);
        report.operations += count;
        report.events += ended.events;
        report.digest.word(ended.digest.0);
        if let Some(violation) = ended.broken {
            report.failures.push(shrink::shrink(seed, &all, &violation, release));
        }
        if !progress(&report) {
            break;
        }
    }
    report
}

/// How a run in one world ended.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    /// The steps that were played, those of mending included, in its world.
    pub scenario: Scenario,
    /// The law it broke.
    pub broken: Option<Violation>,
    digest: Digest,
    events: u64,
}

/// Plays some of a seed's operations in the seed's world and mends it.
pub(crate) fn play(seed: u64, operations: &[u64], release: &'static Release) -> Ended {
    let mut scenario = world::world(seed);
    let Ok(setup) = stage::setup(&scenario, release) else {
        unreachable!("the classes of random worlds are known");
    };
    let mut sim = Sim::new(&setup);
    let mut steps = Vec::new();
    let mut player = Player::new(&scenario, &mut sim);
    let broken = Run { player: &mut player, steps: &mut steps }.whole(Dice { seed }, operations).err();
    scenario.steps = steps;
    Ended { scenario, broken, digest: sim.digest(), events: sim.steps() }
}

/// A run under way: what is played, and what was.
struct Run<'a, 'b> {
    player: &'a mut Player<'b>,
    steps: &'a mut Vec<Step>,
}

impl Run<'_, '_> {
    fn whole(&mut self, dice: Dice, operations: &[u64]) -> Result<(), Violation> {
        self.all(world::SETS.map(|set| kubectl(format!("apply -f {set}.yaml"))))?;
        for number in operations {
            self.step(operation::operation(dice, *number))?;
        }
        self.all(mend::put_right(self.player.sim()))?;
        for round in 0..mend::ROUNDS {
            self.step(Step::Sleep(mend::ROUND))?;
            let help = mend::help(self.player.sim(), round);
            if help.is_empty() && declared::judge_sets(self.player.sim()).is_ok() {
                break;
            }
            self.all(help)?;
        }
        self.step(Step::Sleep(mend::LAST_ROUND))?;
        let since = self.player.sim().now();
        self.step(Step::Sleep(Span(mend::LAST_ROUND.0)))?;
        declared::judge_sets(self.player.sim())?;
        declared::judge_quiet(self.player.sim(), since)
    }

    fn all(&mut self, steps: impl IntoIterator<Item = Step>) -> Result<(), Violation> {
        steps.into_iter().try_for_each(|step| self.step(step))
    }

    fn step(&mut self, step: Step) -> Result<(), Violation> {
        let played = self.player.step(&step);
        self.steps.push(step);
        if let (_, Some(violation)) = self.player.laws() {
            return Err(violation.clone());
        }
        played.or_else(|why| Err(declared::never_ends(self.player.sim(), &why)))
    }
}
