//! Plays a scenario on a cluster in virtual time and records the results.
//!
//! Promises: the steps are played in order, each at the instant at which a person with a real kubectl would have reached it; the
//! same scenario on the same cluster produces the same bytes; a scenario ends after [`MAX_TIME`] and [`MAX_EVENTS`] at the latest.
//! Must not know: what the cluster is made of.

mod commands;

use std::collections::BTreeMap;

use super::condition::{Condition, NAMESPACE, is_watched};
use super::file::{Fault, Plane, Scenario, Step};
use super::json::Entry;
use super::trace::{Header, Trace};
use super::{pace, session, stage};
use crate::law::{Laws, Violation};
use api::kind::Kind;
use api::release::Release;
use base::dice::{Dice, Purpose};
use base::sorted::SortedSet;
use base::time::{Span, Time};
pub use commands::{Command, commands_json};
use commands::{KUBECTL, Running};
use console::library;
use kubectl::Files;
use kubectl::form::Change;
use server::tables::Tables;
use sim::Sim;

/// The longest duration of a scenario in virtual time.
pub const MAX_TIME: Span = Span::seconds(6 * 3600);
/// How long a command may block the steps after it.
pub const COMMAND_TIMEOUT: Span = Span::seconds(600);
/// The most events in a scenario.
pub const MAX_EVENTS: usize = 20_000_000;

/// The result of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// The lines of trace.jsonl.
    pub trace: String,
    /// The text of kubectl.json.
    pub kubectl: String,
    /// How the output of each command differs from what guides show.
    pub changes: Vec<SortedSet<Change>>,
    /// What went wrong.
    pub problems: Vec<String>,
    /// Why it ended before its last step, if it did.
    pub cut: Option<String>,
    /// The first law found to be broken, which is a bug of ours.
    pub broken: Option<Violation>,
}

/// The randomness of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chance {
    /// The most jitter added to delays.
    pub jitter: Span,
    /// The seed; the default one if `None`.
    pub seed: Option<u64>,
}

/// Plays a scenario on a cluster of its own. The error names what is unknown about that cluster, or the step that nobody can type.
pub fn replay(scenario: &Scenario, release: &'static Release) -> Result<Played, String> {
    replay_by_chance(scenario, release, &Chance::default())
}

/// The same with jitter, as on real clusters: each seed is another run of the same scenario. What is typed into the page has none.
pub fn replay_by_chance(scenario: &Scenario, release: &'static Release, chance: &Chance) -> Result<Played, String> {
    if scenario.plane == Plane::Playground {
        return session::replay(scenario, release);
    }
    let mut setup = stage::setup(scenario, release)?;
    setup.timing.jitter = chance.jitter;
    setup.seed = chance.seed.unwrap_or(setup.seed);
    let mut sim = Sim::new(&setup);
    let regular = chance.jitter == Span(0);
    let late = if regular { 0 } else { Dice { seed: setup.seed }.below(Purpose::Beginning, 0, 0, pace::ROUND.0) };
    sim.run_until(sim.now() + pace::PROLOGUE + Span(late));
    Ok(play(scenario, &mut sim))
}

/// Plays the steps of a scenario on a cluster.
pub fn play(scenario: &Scenario, sim: &mut Sim) -> Played {
    play_seen(scenario, sim, &mut |_, _| ())
}

/// The same, with somebody who looks at the cluster after each step.
pub fn play_seen(scenario: &Scenario, sim: &mut Sim, see: &mut dyn FnMut(&Step, &Sim)) -> Played {
    let mut player = Player::new(scenario, sim);
    let mut steps = scenario.steps.iter().enumerate();
    let ended = steps.try_for_each(|(i, step)| {
        player.step(step).map_err(|e| format!("step {}: {e}", i + 1))?;
        see(step, player.sim);
        Ok(())
    });
    let ended = ended.and_then(|()| player.stop_all()).and_then(|()| player.pass(pace::EPILOGUE));
    player.finish(scenario, ended.err())
}

/// A scenario being played, step by step.
pub(super) struct Player<'a> {
    sim: &'a mut Sim,
    trace: Trace,
    files: Files,
    commands: Vec<Command>,
    /// The running commands, by number.
    running: BTreeMap<usize, Running>,
    /// The numbers of the background commands, by their names in the scenario.
    background: BTreeMap<String, usize>,
    remembered: BTreeMap<String, String>,
    problems: Vec<String>,
    start: Time,
    /// When something other than an Event or a Node was last written.
    last_write: Time,
    /// How much of the log was read for that.
    read: usize,
    events: usize,
    /// The laws, checked until one is found broken.
    laws: Laws,
    broken: Option<Violation>,
}

impl<'a> Player<'a> {
    /// Starts playing on a cluster, with the files of a scenario.
    pub(super) fn new(scenario: &Scenario, sim: &'a mut Sim) -> Self {
        Player {
            trace: Trace::begin(sim.now(), sim.log()),
            start: sim.now(),
            read: sim.log().len(),
            last_write: sim.now(),
            sim,
            files: library::files().with(scenario.files.iter()),
            commands: Vec::new(),
            running: BTreeMap::new(),
            background: BTreeMap::new(),
            remembered: BTreeMap::new(),
            problems: Vec::new(),
            events: 0,
            laws: Laws::default(),
            broken: None,
        }
    }

    /// Produces the results.
    fn finish(mut self, scenario: &Scenario, cut: Option<String>) -> Played {
        self.trace.catch_up(self.sim.log(), self.sim.runtime());
        let header = Header { scenario: scenario.name.clone(), kubernetes: self.sim.release().git_version.into(), problems: self.problems };
        Played {
            trace: self.trace.finish(&header),
            kubectl: commands_json(&header, &self.commands),
            changes: self.commands.into_iter().map(|command| command.changes).collect(),
            problems: header.problems,
            cut,
            broken: self.broken,
        }
    }

    /// The cluster it is played on.
    pub(super) fn sim(&self) -> &Sim {
        self.sim
    }

    /// The laws, and the first that was found broken.
    pub(super) fn laws(&self) -> (&Laws, Option<&Violation>) {
        (&self.laws, self.broken.as_ref())
    }

    /// Plays one step.
    pub(super) fn step(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Kubectl { line, background } => self.command(KUBECTL, &self.fill(line)?, background.as_deref())?,
            Step::Shell { line, background } => self.command("", &self.fill(line)?, background.as_deref())?,
            Step::Stop(name) => self.stop(self.number(name)?)?,
            Step::Join(name) => self.join(self.number(name)?)?,
            Step::Wait { condition, timeout } => self.wait(&condition.filled(|text| self.fill(text))?, *timeout)?,
            Step::Settle { quiet, timeout } => self.settle(*quiet, *timeout)?,
            Step::Sleep(span) => {
                self.pass(*span)?;
                self.put(&Entry::new("slept").with_seconds("s", *span));
            }
            Step::Note(text) => self.put(&Entry::new("note").with("text", self.trace.names().text(text))),
            Step::Fault(fault) => self.fault(&self.filled(fault)?),
            Step::Act { .. } | Step::Edit { .. } => {
                return Err("what is typed into the page goes with `plane: playground`, and so do all other steps".into());
            }
            Step::Remember(values) => {
                for (name, value) in values {
                    let value = self.fill(value)?;
                    self.remembered.insert(name.clone(), value);
                }
            }
        }
        self.pass(pace::BETWEEN_STEPS)
    }

    /// Records what a step did, after everything that was written before.
    fn put(&mut self, entry: &Entry) {
        self.trace.catch_up(self.sim.log(), self.sim.runtime());
        self.trace.put(self.sim.now(), entry);
    }

    // Time.

    /// The instant at which the scenario is cut off.
    fn end(&self) -> Time {
        self.start + MAX_TIME
    }

    /// Lets time pass.
    fn pass(&mut self, span: Span) -> Result<(), String> {
        self.advance(self.sim.now() + span, |_| false).map(|_| ())
    }

    /// Lets time pass until `done`, or until an instant; returns whether it is done. `done` is checked whenever something was written
    /// or printed.
    fn advance(&mut self, until: Time, done: impl Fn(&Self) -> bool) -> Result<bool, String> {
        let until = until.min(self.end());
        let mut asked = None;
        loop {
            self.poll();
            self.look();
            let stand = (self.sim.log().len(), self.running.len());
            if asked != Some(stand) && done(self) {
                return Ok(true);
            }
            asked = Some(stand);
            let now = self.sim.now();
            if now >= until {
                return if now >= self.end() { Err(format!("the scenario lasts longer than {}", MAX_TIME.human())) } else { Ok(false) };
            }
            self.events += 1;
            if self.events > MAX_EVENTS {
                return Err(format!("more than {MAX_EVENTS} things happen"));
            }
            let command = self.running.values().filter_map(|r| r.wake).min().map_or(until, |at| at.clamp(now, until));
            match self.sim.next_time() {
                Some(at) if at <= command => {
                    self.sim.step();
                    if self.sim.is_livelocked() {
                        return Err("the simulation goes in circles, which is a bug of its own".into());
                    }
                }
                _ => self.sim.run_until(command),
            }
        }
    }

    /// Takes in what was written, and checks the laws.
    fn look(&mut self) {
        if self.broken.is_none() {
            self.broken = self.laws.look(self.sim).err();
        }
        for change in self.sim.log().from(self.read) {
            if !matches!(change.key.kind, Kind::Event | Kind::Node) && is_watched(&change.key) {
                self.last_write = change.at;
            }
        }
        self.read = self.sim.log().len();
    }

    fn wait(&mut self, condition: &Condition, timeout: Span) -> Result<(), String> {
        let ok = self.advance(self.sim.now() + timeout, |p| condition.holds(p.sim.tables()))?;
        if !ok {
            self.problems.push(format!("waited in vain for {condition}"));
        }
        self.pass(pace::NOTICE)?;
        self.put(&Entry::new("wait").with("cond", condition.shown()).with("ok", ok));
        Ok(())
    }

    fn settle(&mut self, quiet: Span, timeout: Span) -> Result<(), String> {
        let start = self.sim.now();
        loop {
            let quiet_at = start.max(self.last_write) + quiet;
            if self.sim.now() >= quiet_at {
                break;
            }
            if self.sim.now() >= start + timeout {
                self.problems.push(format!("did not settle within {}", timeout.human()));
                break;
            }
            self.advance(quiet_at.min(start + timeout), |_| false)?;
        }
        self.pass(pace::SETTLE_NOTICE)?;
        self.put(&Entry::new("settled").with_seconds("quiet", quiet));
        Ok(())
    }

    // Faults and names.

    fn fault(&mut self, fault: &Fault) {
        let names = self.trace.names();
        let entry = |op: &str| Entry::new("fault").with("op", op);
        let entry = match fault {
            Fault::NodeDown { node } => entry("node-down").with("node", node),
            Fault::NodeUp { node, restart_containers } => {
                entry("node-up").with("node", node).with_some("restartContainers", restart_containers.then_some(true))
            }
            Fault::PodUnready { pod } => entry("pod-unready").with("pod", names.name(pod)),
            Fault::PodReady { pod } => entry("pod-ready").with("pod", names.name(pod)),
            Fault::Crash { pod, exit_code } => entry("crash").with("pod", names.name(pod)).with("exitCode", exit_code),
            Fault::Evict { pod } => entry("evict").with("pod", names.name(pod)),
        };
        self.put(&entry);
        if let Err(e) = self.sim.fault(&stage::fault(fault)) {
            self.problems.push(format!("a fault had no effect: {e}"));
        }
    }

    fn filled(&self, fault: &Fault) -> Result<Fault, String> {
        fault.filled(|text| self.fill(text))
    }

    /// A text with all `${…}` substituted.
    fn fill(&self, text: &str) -> Result<String, String> {
        filled(text, &self.remembered, self.sim.tables())
    }
}

/// A text with all `${…}` substituted: by what was remembered, and by what a cluster has now.
pub fn filled(text: &str, remembered: &BTreeMap<String, String>, tables: &Tables) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}').ok_or_else(|| format!("`${{` is never closed in {text}"))?;
        out.push_str(before);
        out.push_str(&value_of(name, remembered, tables)?);
        rest = after;
    }
    Ok(out + rest)
}

fn value_of(name: &str, remembered: &BTreeMap<String, String>, tables: &Tables) -> Result<String, String> {
    let missing = || format!("${{{name}}} has no value");
    let Some((what, of)) = name.split_once(':') else {
        return remembered.get(name).cloned().ok_or_else(missing);
    };
    let found = match what {
        "node" => tables.pod(NAMESPACE, of).and_then(|p| p.node.as_ref()).map(ToString::to_string),
        "uid" => tables.pod(NAMESPACE, of).map(|p| p.meta.uid.to_string()),
        "pv" => tables.claim(NAMESPACE, of).map(|c| c.spec.volume.to_string()).filter(|v| !v.is_empty()),
        "podOf" => tables.within(Kind::Pod, NAMESPACE).map(|o| o.meta().name.to_string()).find(|n| n.starts_with(of)),
        _ => return Err(format!("${{{name}}} is unknown to scenarios")),
    };
    found.ok_or_else(missing)
}
