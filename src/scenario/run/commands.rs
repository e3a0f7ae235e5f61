//! The commands of a scenario: starting, polling, awaiting, stopping and recording them.
//!
//! Promises: a command is polled whenever something was written, and at the instant it asked for.
//! Must not know: other kinds of steps.

use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::{COMMAND_TIMEOUT, Player};
use crate::json::Entry;
use crate::pace;
use crate::trace::Header;
use base::printed::{Piece, Stream};
use base::sorted::SortedSet;
use base::time::Time;
use console::{Console, Line, Said, World};
use kubectl::job::Listening;
use kubectl::{Files, Job, Progress};
use sim::Sim;
use sim::jitter::Delay;

/// The exit code of a command that is not simulated.
const NOT_SIMULATED: i32 = 1;

/// A command, as in kubectl.json.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Command {
    /// Its number.
    pub id: usize,
    /// The line.
    pub cmd: String,
    /// Whether it ran in the background.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub background: Option<bool>,
    /// Its exit code, once it has ended.
    pub rc: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

/// The text of kubectl.json.
pub fn commands_json(header: &Header, commands: &[Command]) -> String {
    pretty(&Commands { header, commands })
}

/// The commands of a scenario.
#[derive(Serialize)]
struct Commands<'a> {
    #[serde(flatten)]
    header: &'a Header,
    commands: &'a [Command],
}

/// A running command.
pub(super) struct Running {
    task: Task,
    /// When to poll it even if nothing changes.
    pub(super) wake: Option<Time>,
    /// The log's length when it was last polled; `None` before its first request.
    seen: Option<usize>,
}

/// A kind of command.
pub(super) enum Task {
    Kubectl(Box<Job>),
    /// A line in a terminal, and its output.
    Shell(Box<Console>, Vec<Piece>),
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

/// JSON with a line per value, as in recordings.
fn pretty(value: &impl Serialize) -> String {
    let mut out = Vec::new();
    let written = value.serialize(&mut Serializer::with_formatter(&mut out, PrettyFormatter::with_indent(b"")));
    out.push(b'\n');
    written.ok().and_then(|()| String::from_utf8(out).ok()).unwrap_or_default()
}

impl Player<'_> {
    pub(super) fn command(&mut self, line: &str, task: Task, background: Option<&str>) -> Result<(), String> {
        let id = self.commands.len();
        self.put(&self.entry_of("cmd.start", line, id));
        let in_background = background.map(|_| true);
        self.changes.push(SortedSet::new());
        self.commands.push(Command { id, cmd: line.into(), background: in_background, ..Command::default() });
        let first = (0..pace::REQUESTS_BEFORE).fold(pace::first_request(line), |delay, nth| self.sim.drawn(delay, Delay::Command(id, nth)));
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

    pub(super) fn number(&self, name: &str) -> Result<usize, String> {
        self.background.get(name).copied().ok_or_else(|| format!("no background command is named `{name}`"))
    }

    pub(super) fn join(&mut self, id: usize) -> Result<(), String> {
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

    pub(super) fn stop(&mut self, id: usize) -> Result<(), String> {
        self.pass(pace::BACKGROUND_STOP)?;
        if let Some(running) = self.running.remove(&id) {
            self.keep(id, &running.task);
            self.ended(id);
        }
        Ok(())
    }

    pub(super) fn stop_all(&mut self) -> Result<(), String> {
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

    /// Stores what a command printed.
    fn keep(&mut self, id: usize, task: &Task) {
        let command = &mut self.commands[id];
        let job = match task {
            Task::Kubectl(job) => job,
            Task::Shell(_, pieces) => {
                let all = |stream| pieces.iter().filter_map(|piece| piece.on(stream)).collect::<String>();
                (command.stdout, command.stderr) = (all(Stream::Out), all(Stream::Err));
                let note: String = pieces.iter().filter(|piece| piece.note().is_some()).map(Piece::logged).collect();
                command.stderr.push_str(&note);
                if !note.is_empty() {
                    self.problems.push(format!("{}: {}", command.cmd, note.trim_end()));
                }
                return;
            }
        };
        // A command may do for some objects what kubectl does, and report others as not simulated.
        (command.stdout, command.stderr) = (job.stdout(), job.stderr() + &job.note());
        if job.is_not_simulated() {
            self.problems.push(format!("kubectl {}: {}", command.cmd, job.note().trim_end()));
        }
    }

    /// Polls every command that is due.
    pub(super) fn poll(&mut self) {
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

    /// Advances a command.
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
                let mut own = |_: &mut Sim, _: &Files, words: &[String]| {
                    let text = format!("{} is not simulated.\n", words.join(" "));
                    Said { text, code: NOT_SIMULATED, acted: false }
                };
                let changes = &mut self.changes[id];
                let mut world = World { sim: self.sim, files: &mut self.files, listening: &listening, own: &mut own, changes };
                if running.seen.is_none() {
                    console.type_line(Line { id: 0, text: self.commands[id].cmd.as_str().into() }, &mut world);
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
}
