//! Random runs: random operations are played with all laws checked; at the end the world is repaired and must reach its
//! declared state. A run that breaks a law is shrunk and written as a scenario.
//!
//! Promises: a run is a function of its seed; playing its scenario file gives the same result.
//! Must not know: the internals of controllers and machines.

mod draw;
pub mod hazard;
mod mend;
mod operation;
pub mod shrink;
mod workload;
mod world;

use std::collections::BTreeMap;

use crate::file::{Scenario, Step};
use crate::law::{Law, Violation, declared};
use crate::run::Player;
use crate::{stage, write};
use api::release::Release;
use base::dice::{Dice, mix};
use base::hash::Digest;
use base::time::Span;
use hazard::HazardKind;
use operation::kubectl;
use sim::Sim;
use sim::process::Split;

/// The number of operations per world; a longer run uses several worlds.
pub const OPERATIONS_PER_WORLD: u64 = 120;

/// What a world is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkloadMix {
    /// StatefulSets, their claims and volumes.
    Sets,
    /// Deployments, ReplicaSets, DaemonSets and Jobs.
    Workloads,
}

impl WorkloadMix {
    /// Both: the worlds of a run are about the one and the other in turn.
    pub const ALL: [WorkloadMix; 2] = [WorkloadMix::Sets, WorkloadMix::Workloads];

    /// The objects of such a world, each with a manifest `NAME.yaml`.
    fn names(self) -> &'static [&'static str] {
        match self {
            WorkloadMix::Sets => &world::SETS,
            WorkloadMix::Workloads => &workload::NAMES,
        }
    }

    /// The manifests of such a world.
    fn files(self, dice: Dice, release: &'static Release) -> BTreeMap<String, String> {
        match self {
            WorkloadMix::Sets => world::files(dice, release),
            WorkloadMix::Workloads => workload::manifest::files(dice, release),
        }
    }

    /// The operation with this number, as it is to be done now.
    fn operation(self, dice: Dice, number: u64, dare: Option<HazardKind>, sim: &Sim) -> Step {
        match self {
            WorkloadMix::Sets => operation::operation(dice, number, dare, sim.release()),
            WorkloadMix::Workloads => workload::operation(dice, number, sim),
        }
    }

    /// What a person would do now about what is in the way; empty if nothing is.
    fn help(self, sim: &Sim, round: u64) -> Vec<Step> {
        match self {
            WorkloadMix::Sets => mend::help(sim, round),
            WorkloadMix::Workloads => workload::help(sim),
        }
    }
}

/// The result of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How many operations were played.
    pub operations: u64,
    /// How many events were simulated.
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
    /// The violation, in the shortest run that breaks the same law.
    pub violation: Violation,
    /// That run, as the text of a scenario file.
    pub scenario: String,
}

/// Plays this many random operations, in as many worlds as needed, which are about these in turn. `progress` is called after each world
/// and decides whether to continue.
pub fn run(
    casts: &[WorkloadMix],
    seed: u64,
    operations: u64,
    release: &'static Release,
    mut progress: impl FnMut(&Report) -> bool,
) -> Report {
    let mut report = Report { operations: 0, events: 0, digest: Digest::default(), failures: Vec::new() };
    for (world, cast) in (0..).zip(casts.iter().copied().cycle()) {
        let count = OPERATIONS_PER_WORLD.min(operations - report.operations);
        if count == 0 {
            break;
        }
        let seed = if world == 0 { seed } else { mix(seed ^ mix(world)) };
        let all: Vec<u64> = (0..count).collect();
        let play = Play { cast, seed, dare: None, release };
        let ended = play.whole(&all);
        report.operations += count;
        report.events += ended.events;
        report.digest.word(ended.digest.0);
        if let Some(violation) = ended.broken.clone() {
            report.failures.push(failure(&play, &all, ended, &violation));
        }
        if !progress(&report) {
            break;
        }
    }
    report
}

/// The cluster of a random run some time after its last operation; `None` where stand-ins play its nodes, which other clusters do not have.
/// Which of equally good nodes its scheduler chooses is not drawn.
pub fn cluster(cast: WorkloadMix, seed: u64, operations: u64, rest: Span, release: &'static Release) -> Option<Sim> {
    let mut scenario = world::world(seed, cast, release);
    scenario.placements.clear();
    let setup = stage::setup(&scenario, release).ok().filter(|_| scenario.cluster.real_nodes)?;
    let mut sim = Sim::new(&setup);
    let mut run = Run { play: Play { cast, seed, dare: None, release }, player: Player::new(&scenario, &mut sim), steps: Vec::new() };
    let all: Vec<u64> = (0..operations).collect();
    run.operations(&all).ok()?;
    sim.run_until(sim.now() + rest);
    Some(sim)
}

/// The shortest run that breaks the same law.
fn failure(play: &Play, operations: &[u64], ended: Ended, violation: &Violation) -> Failure {
    let same = |ended: &Ended| ended.broken.as_ref().is_some_and(|v| v.law == violation.law);
    let shortest = shrink::shortest(operations, ended, |some| Some(play.whole(some)).filter(same));
    let violation = shortest.broken.unwrap_or_else(|| violation.clone());
    let mut scenario = shortest.scenario;
    scenario.steps.push(Step::Note(violation.to_string()));
    Failure { seed: play.seed, violation, scenario: write::text(&scenario) }
}

/// What to play: the world of a seed, and that seed's operations.
#[derive(Clone, Copy)]
struct Play {
    cast: WorkloadMix,
    seed: u64,
    /// The dare to include; without one, nothing is forced.
    dare: Option<HazardKind>,
    release: &'static Release,
}

/// The result of a run in one world.
struct Ended {
    /// The steps that were played, in their world.
    scenario: Scenario,
    /// The law it broke.
    broken: Option<Violation>,
    splits: Vec<Split>,
    digest: Digest,
    events: u64,
}

impl Play {
    /// Plays a selection of the operations, and repairs the world.
    fn whole(&self, operations: &[u64]) -> Ended {
        self.play(|run| {
            run.operations(operations)?;
            run.mend()
        })
    }

    /// Plays a selection of the operations.
    fn operations(&self, operations: &[u64]) -> Ended {
        self.play(|run| run.operations(operations))
    }

    fn play(&self, act: impl FnOnce(&mut Run) -> Result<(), Violation>) -> Ended {
        let mut scenario = world::world(self.seed, self.cast, self.release);
        let Ok(setup) = stage::setup(&scenario, self.release) else {
            unreachable!("the classes of random worlds are known");
        };
        let mut sim = Sim::new(&setup);
        let mut run = Run { play: *self, player: Player::new(&scenario, &mut sim), steps: Vec::new() };
        let broken = act(&mut run).err();
        let (steps, splits) = (run.steps, run.player.laws().0.splits().to_vec());
        scenario.steps = steps;
        Ended { scenario, broken, splits, digest: sim.digest(), events: sim.steps() }
    }
}

/// A run in progress: what is to be played, and what was.
struct Run<'a> {
    play: Play,
    player: Player<'a>,
    steps: Vec<Step>,
}

impl Run<'_> {
    fn operations(&mut self, operations: &[u64]) -> Result<(), Violation> {
        let Play { cast, seed, dare, .. } = self.play;
        self.all(cast.names().iter().map(|name| kubectl(format!("apply -f {name}.yaml"))))?;
        operations.iter().try_for_each(|number| self.step(cast.operation(Dice { seed }, *number, dare, self.player.sim())))
    }

    /// Undoes all faults and waits until the declared state is reached and nothing more is written.
    fn mend(&mut self) -> Result<(), Violation> {
        let cast = self.play.cast;
        self.all(mend::put_right(self.player.sim(), cast.names()))?;
        for round in 0..mend::ROUNDS {
            self.step(Step::Sleep(mend::ROUND))?;
            let help = cast.help(self.player.sim(), round);
            if help.is_empty() && declared::judge(self.player.sim()).is_ok() {
                break;
            }
            self.all(help)?;
        }
        self.step(Step::Sleep(mend::LAST_ROUND))?;
        let since = self.player.sim().now();
        self.step(Step::Sleep(mend::LAST_ROUND))?;
        declared::judge(self.player.sim())?;
        declared::judge_quiet(self.player.sim(), since)
    }

    fn all(&mut self, steps: impl IntoIterator<Item = Step>) -> Result<(), Violation> {
        steps.into_iter().try_for_each(|step| self.step(step))
    }

    fn step(&mut self, step: Step) -> Result<(), Violation> {
        let played = self.player.step(&step);
        self.steps.push(step);
        let (laws, broken) = self.player.laws();
        if let Some(violation) = broken {
            return Err(violation.clone());
        }
        if let Some(split) = laws.splits().first().filter(|_| self.play.dare.is_none()) {
            return Err(Law::OneProcessPerIdentity.broken(split.at, &split.identity, "two pods of it run although nothing was forced"));
        }
        played.map_err(|why| declared::never_ends(self.player.sim(), &why))
    }
}
