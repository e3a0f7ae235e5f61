//! Plays a scenario on a cluster in virtual time and writes down what came of it.
//!
//! Promises: the steps are played in order, each at the instant at which a person with a real kubectl would have come to it; the
//! same scenario on the same cluster leaves the same bytes; a scenario ends after [`MAX_TIME`] and [`MAX_EVENTS`] at the latest.
//! Must not know: what the cluster is made of.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::condition::{Condition, NAMESPACE};
use super::file::{Fault, Scenario, Step};
use super::json::Entry;
use super::trace::{Header, Trace};
use super::{pace, stage};
use crate::api::kind::Kind;
use crate::api::release::Release;
use crate::base::dice::{Dice, Purpose};
use crate::base::printed::{Piece, Stream};
use crate::base::sorted::SortedSet;
use crate::base::time::{Span, Time};
use crate::console::{Console, World, library};
use crate::kubectl::form::Change;
use crate::kubectl::job::Listening;
use crate::kubectl::{Files, Job, Progress};
use crate::sim::Sim;
use crate::sim::law::{Laws, Violation};

/// How long a scenario may go on in virtual time.
pub const MAX_TIME: Span = Span::seconds(6 * 3600);
/// How long a command may block the steps after it.
pub const COMMAND_TIMEOUT: Span = Span::seconds(600);
/// How much may happen in a scenario.
pub const MAX_EVENTS: usize = 20_000_000;
/// The exit code of a command that the playground does not simulate.
const NOT_SIMULATED: i32 = 1;

/// What came of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// The lines of trace.jsonl.
    pub trace: String,
    /// The text of kubectl.json.
    pub kubectl: String,
    /// What each of its commands printed differently from what guides show.
    pub changes: Vec<SortedSet<Change>>,
    /// What did not come about.
    pub problems: Vec<String>,
    /// Why it ended before its last step, if it did.
    pub cut: Option<String>,
    /// The first law of the simulation that was found broken: a mistake of ours.
    pub broken: Option<Violation>,
}

/// One command, as kubectl.json has it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Command {
    /// Its place among them.
    pub id: usize,
    /// The line.
    pub cmd: String,
    /// Whether the steps went on beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub background: Option<bool>,
    /// Its exit code, once it has ended.
    pub rc: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

/// The text of kubectl.json.
pub fn commands_json(header: &Header, commands: &[Command]) -> String {
    pretty(&Commands { header, commands })
}

/// How much is left to chance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chance {
    /// By how much delays may be longer.
    pub jitter: Span,
    /// The seed of all chance; the usual one where there is none.
    pub seed: Option<u64>,
}

/// What a scenario's kubectl commands came to.
#[derive(Serialize)]
struct Commands<'a> {
    #[serde(flatten)]
    header: &'a Header,
    commands: &'a [Command],
}

/// A command under way.
struct Running {
    task: Task,
    /// When to poll it even if nothing changes.
    wake: Option<Time>,
    /// How long the log was when it was polled last; `None` before its first request.
    seen: Option<usize>,
}

/// What a command is.
enum Task {
    Kubectl(Box<Job>),
    /// A line in a terminal, and what it printed.
    Shell(Box<Console>, Vec<Piece>),
}

/// Plays a scenario on a cluster of its own. An error says what of that cluster is not known.
pub fn replay(scenario: &Scenario, release: &'static Release) -> Result<Played, String> {
    replay_by_chance(scenario, release, &Chance::default())
}

/// The same with delays that vary, as those of real clusters do: another seed is another run of the same.
pub fn replay_by_chance(scenario: &Scenario, release: &'static Release, chance: &Chance) -> Result<Played, String> {
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
    let mut player = Player::new(scenario, sim);
    let mut steps = scenario.steps.iter().enumerate();
    let ended = steps.try_for_each(|(i, step)| player.step(step).map_err(|e| format!("step {}: {e}", i + 1)));
    let ended = ended.and_then(|()| player.stop_all()).and_then(|()| player.pass(pace::EPILOGUE));
    player.finish(scenario, ended.err())
}

impl Task {
    fn is_not_simulated(&self) -> bool {
        matches!(self, Task::Kubectl(job) if job.is_not_simulated())
    }

    fn listens(&self) -> Vec<Listening> {
        match self {
            Task::Kubectl(job) => job.listens().to_vec(),
            Task::Shell(console, _) => console.listens(),
        }
    }
}

/// JSON with a line for each value, as recordings have it.
fn pretty(value: &impl Serialize) -> String {
    let mut out = Vec::new();
    let written = value.serialize(&mut Serializer::with_formatter(&mut out, PrettyFormatter::with_indent(b"")));
    out.push(b'\n');
    written.ok().and_then(|()| String::from_utf8(out).ok()).unwrap_or_default()
}

/// A scenario being played, step by step.
pub(super) struct Player<'a> {
    sim: &'a mut Sim,
    trace: Trace,
    files: Files,
    commands: Vec<Command>,
    /// What each of them printed differently from guides.
    changes: Vec<SortedSet<Change>>,
    /// Commands under way by their number.
    running: BTreeMap<usize, Running>,
    /// The numbers of the commands in the background, by the name the scenario has for each.
    background: BTreeMap<String, usize>,
    remembered: BTreeMap<String, String>,
    problems: Vec<String>,
    start: Time,
    /// When something other than an Event or a Node was written last.
    last_write: Time,
    /// How far the log was read for that.
    read: usize,
    events: usize,
    /// What holds in every run, looked after until it is found broken.
    laws: Laws,
    broken: Option<Violation>,
}

impl<'a> Player<'a> {
    /// Begins to play on a cluster, with the files of a scenario.
    pub(super) fn new(scenario: &Scenario, sim: &'a mut Sim) -> Self {
        Player {
            trace: Trace::begin(sim.now(), sim.log()),
            start: sim.now(),
            read: sim.log().len(),
            last_write: sim.now(),
            sim,
            files: library::files().with(scenario.files.iter()),
            commands: Vec::new(),
            changes: Vec::new(),
            running: BTreeMap::new(),
            background: BTreeMap::new(),
            remembered: BTreeMap::new(),
            problems: Vec::new(),
            events: 0,
            laws: Laws::default(),
            broken: None,
        }
    }

    /// Writes down what came of it.
    fn finish(mut self, scenario: &Scenario, cut: Option<String>) -> Played {
        self.trace.catch_up(self.sim.log(), self.sim.runtime());
        let header = Header { scenario: scenario.name.clone(), kubernetes: self.sim.release().git_version.into(), problems: self.problems };
        Played {
            trace: self.trace.finish(&header),
            kubectl: commands_json(&header, &self.commands),
            changes: self.changes,
            problems: header.problems,
            cut,
            broken: self.broken,
        }
    }

    /// The cluster it is played on.
    pub(super) fn sim(&self) -> &Sim {
        self.sim
    }

    /// The laws that ride along, and the first that was found broken.
    pub(super) fn laws(&self) -> (&Laws, Option<&Violation>) {
        (&self.laws, self.broken.as_ref())
    }

    /// Plays one step.
    pub(super) fn step(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Kubectl { line, background } => {
                let line = self.fill(line)?;
                let task = Task::Kubectl(Box::new(Job::new(&line, &self.files)));
                self.command(&line, task, background.as_deref())?;
            }
            Step::Shell { line, background } => {
                let line = self.fill(line)?;
                self.command(&line, Task::Shell(Box::new(Console::new(false)), Vec::new()), background.as_deref())?;
            }
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
            Step::Typed { .. } => return Err("what is typed into the page goes with `plane: playground`, and so do all other steps".into()),
            Step::Remember(values) => {
                for (name, value) in values {
                    let value = self.fill(value)?;
                    self.remembered.insert(name.clone(), value);
                }
            }
        }
        self.pass(pace::BETWEEN_STEPS)
    }

    /// Writes down what a step did, after everything that was written before.
    fn put(&mut self, entry: &Entry) {
        self.trace.catch_up(self.sim.log(), self.sim.runtime());
        self.trace.put(self.sim.now(), entry);
    }

    // Commands.

    fn command(&mut self, line: &str, task: Task, background: Option<&str>) -> Result<(), String> {
        let id = self.commands.len();
        self.put(&self.entry_of("cmd.start", line, id));
        let in_background = background.map(|_| true);
        self.changes.push(SortedSet::new());
        self.commands.push(Command {
            id,
            cmd: line.into(),
            background: in_background,
            rc: None,
            stdout: String::new(),
            stderr: String::new(),
        });
        let first = (0..pace::REQUESTS_BEFORE).fold(pace::first_request(line), |delay, _| self.sim.drawn(delay));
        let wake = Some(self.sim.now() + first);
        self.running.insert(id, Running { task, wake, seen: None });
        match background {
            Some(name) => {
                self.background.insert(name.into(), id);
                self.pass(pace::BACKGROUND_START)
            }
            None => self.join(id),
        }
    }

    fn entry_of(&self, what: &str, line: &str, id: usize) -> Entry {
        Entry::new(what).with("cmd", self.trace.names().text(line)).with("id", id)
    }

    fn number(&self, name: &str) -> Result<usize, String> {
        self.background.get(name).copied().ok_or_else(|| format!("no command runs in the background as `{name}`"))
    }

    fn join(&mut self, id: usize) -> Result<(), String> {
        let ended = self.advance(self.sim.now() + COMMAND_TIMEOUT, |p| !p.running.contains_key(&id))?;
        if !ended {
            self.problems.push(format!("kubectl {}: did not end within {}", self.commands[id].cmd, COMMAND_TIMEOUT.human()));
            self.stop(id)?;
        } else if self.commands[id].background.is_none() {
            self.pass(pace::LAST_ANSWER)?;
            self.ended(id);
        }
        Ok(())
    }

    fn stop(&mut self, id: usize) -> Result<(), String> {
        self.pass(pace::BACKGROUND_STOP)?;
        if let Some(running) = self.running.remove(&id) {
            self.keep(id, &running.task);
            self.ended(id);
        }
        Ok(())
    }

    fn stop_all(&mut self) -> Result<(), String> {
        while let Some(id) = self.running.keys().next().copied() {
            self.stop(id)?;
        }
        Ok(())
    }

    fn ended(&mut self, id: usize) {
        let command = &self.commands[id];
        let entry = self.entry_of("cmd.end", &command.cmd, id).with_some("rc", command.rc);
        self.put(&entry);
    }

    /// Keeps what a command printed.
    fn keep(&mut self, id: usize, task: &Task) {
        let command = &mut self.commands[id];
        let job = match task {
            Task::Kubectl(job) => job,
            Task::Shell(_, pieces) => {
                let all = |stream| pieces.iter().filter(|p| p.stream == stream).map(|p| p.text.as_str()).collect::<String>();
                (command.stdout, command.stderr) = (all(Stream::Out), all(Stream::Err));
                let note = all(Stream::Note);
                command.stderr.push_str(&note);
                if !note.is_empty() {
                    self.problems.push(format!("{}: {}", command.cmd, note.trim_end()));
                }
                return;
            }
        };
        if job.is_not_simulated() {
            (command.stdout, command.stderr) = (String::new(), job.note());
            let said = format!("kubectl {}: {}", command.cmd, command.stderr.trim_end());
            self.problems.push(said);
        } else {
            (command.stdout, command.stderr) = (job.stdout(), job.stderr());
        }
    }

    /// Polls every command that has something to do.
    fn poll(&mut self) {
        let due: Vec<usize> = self.running.iter().filter(|(_, r)| self.is_due(r)).map(|(id, _)| *id).collect();
        for id in due {
            let Some(mut running) = self.running.remove(&id) else { continue };
            let progress = self.go_on(id, &mut running);
            running.seen = Some(self.sim.log().len());
            match progress {
                Progress::Waiting { until } => {
                    running.wake = until;
                    self.running.insert(id, running);
                }
                Progress::Done { rc } => {
                    self.commands[id].rc = Some(if running.task.is_not_simulated() { NOT_SIMULATED } else { rc });
                    self.keep(id, &running.task);
                    if self.commands[id].background.is_some() {
                        self.ended(id);
                    }
                }
            }
        }
    }

    /// Lets a command do what it can.
    fn go_on(&mut self, id: usize, running: &mut Running) -> Progress {
        let listening: Vec<Listening> = self.running.values().flat_map(|other| other.task.listens()).collect();
        match &mut running.task {
            Task::Kubectl(job) => {
                let progress = job.poll(self.sim);
                self.changes[id].extend(job.changes());
                for (path, text) in job.take_written() {
                    self.files.put(&path, &text);
                }
                progress
            }
            Task::Shell(console, printed) => {
                let mut own = |_: &mut Sim, words: &[String]| (format!("{} is not simulated.\n", words.join(" ")), NOT_SIMULATED);
                let changes = &mut self.changes[id];
                let mut world = World { sim: self.sim, files: &mut self.files, listening: &listening, own: &mut own, changes };
                if running.seen.is_none() {
                    console.type_line(&self.commands[id].cmd, &mut world);
                } else {
                    console.go_on(&mut world);
                }
                printed.extend(console.take_new());
                if console.is_busy() { Progress::Waiting { until: console.due() } } else { Progress::Done { rc: console.status() } }
            }
        }
    }

    fn is_due(&self, running: &Running) -> bool {
        running.wake.is_some_and(|at| at <= self.sim.now()) || running.seen.is_some_and(|seen| seen < self.sim.log().len())
    }

    // Time.

    /// When the scenario ends, whatever it still wants.
    fn end(&self) -> Time {
        self.start + MAX_TIME
    }

    /// Lets time go by.
    fn pass(&mut self, span: Span) -> Result<(), String> {
        self.advance(self.sim.now() + span, |_| false).map(|_| ())
    }

    /// Lets things happen until `done`, or until an instant; whether it is done. `done` is asked whenever something was written
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
                return if now >= self.end() { Err(format!("the scenario goes on for more than {}", MAX_TIME.human())) } else { Ok(false) };
            }
            self.events += 1;
            if self.events > MAX_EVENTS {
                return Err(format!("more than {MAX_EVENTS} things happen"));
            }
            let command = self.running.values().filter_map(|r| r.wake).min().map_or(until, |at| at.clamp(now, until));
            match self.sim.next_time() {
                Some(at) if at <= command => {
                    if !self.sim.step() {
                        return Err("the simulation goes round in circles; that is a mistake of its own".into());
                    }
                }
                _ => self.sim.run_until(command),
            }
        }
    }

    /// Takes notice of what was written, and of laws that were broken.
    fn look(&mut self) {
        if self.broken.is_none() {
            self.broken = self.laws.look(self.sim).err();
        }
        for change in self.sim.log().from(self.read) {
            if !matches!(change.key.kind, Kind::Event | Kind::Node) {
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
            self.problems.push(format!("a fault met nothing: {e}"));
        }
    }

    fn filled(&self, fault: &Fault) -> Result<Fault, String> {
        let mut fault = fault.clone();
        match &mut fault {
            Fault::NodeDown { node: name } | Fault::NodeUp { node: name, .. } => *name = self.fill(name)?,
            Fault::PodUnready { pod } | Fault::PodReady { pod } | Fault::Crash { pod, .. } | Fault::Evict { pod } => {
                *pod = self.fill(pod)?;
            }
        }
        Ok(fault)
    }

    /// A text with every `${…}` filled in.
    fn fill(&self, text: &str) -> Result<String, String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').ok_or_else(|| format!("`${{` is never closed in {text}"))?;
            out.push_str(before);
            out.push_str(&self.value_of(name)?);
            rest = after;
        }
        Ok(out + rest)
    }

    fn value_of(&self, name: &str) -> Result<String, String> {
        let tables = self.sim.tables();
        let missing = || format!("there is nothing that ${{{name}}} could be");
        let Some((what, of)) = name.split_once(':') else {
            return self.remembered.get(name).cloned().ok_or_else(missing);
        };
        let found = match what {
            "node" => tables.pod(NAMESPACE, of).and_then(|p| p.node.as_ref()).map(ToString::to_string),
            "uid" => tables.pod(NAMESPACE, of).map(|p| p.meta.uid.to_string()),
            "pv" => tables.claim(NAMESPACE, of).map(|c| c.volume.to_string()).filter(|v| !v.is_empty()),
            "podOf" => tables.within(Kind::Pod, NAMESPACE).map(|o| o.meta().name.to_string()).find(|n| n.starts_with(of)),
            _ => return Err(format!("${{{name}}} asks for something that scenarios do not know")),
        };
        found.ok_or_else(missing)
    }
}

#[cfg(test)]
mod tests;
