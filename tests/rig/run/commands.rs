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
use console::{Console, Context, Line, Said};
use kubectl::Files;
use kubectl::form::Change;
use kubectl::listening::Listening;
use kubectl::session::Pace;
use kubectl::words::{self, Unclosed};
use sim::Sim;
use sim::jitter::Delay;

/// The exit code of a command that is not simulated.
const NOT_SIMULATED: i32 = 1;

/// Before a line whose words are kubectl's arguments.
pub(super) const KUBECTL: &str = "kubectl ";

/// A command, as in kubectl.json.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Command {
    /// Its number.
    pub id: usize,
    /// What stands before the line in a terminal: [`KUBECTL`] or nothing.
    #[serde(skip)]
    pub program: &'static str,
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
    /// How its output differs from what guides show.
    #[serde(skip)]
    pub changes: SortedSet<Change>,
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
    /// The terminal in which it runs.
    console: Console,
    /// How fast kubectl asks.
    pace: Pace,
    printed: Vec<Piece>,
    /// When to let it go on even if nothing changes.
    pub(super) wake: Option<Time>,
    /// The log's length when it last went on; `None` before its first request.
    seen: Option<usize>,
}

/// JSON with a line per value, as in recordings.
fn pretty(value: &impl Serialize) -> String {
    let mut out = Vec::new();
    let written = value.serialize(&mut Serializer::with_formatter(&mut out, PrettyFormatter::with_indent(b"")));
    out.push(b'\n');
    written.ok().and_then(|()| String::from_utf8(out).ok()).unwrap_or_default()
}

impl Player<'_> {
    /// Runs a line in a terminal: of a shell, or of kubectl at the pace of the recordings.
    pub(super) fn command(&mut self, program: &'static str, line: &str, background: Option<&str>) -> Result<(), String> {
        let (mut console, mut pace) = (Console::new(false), Pace::default());
        if program == KUBECTL {
            let words = words::split(line).map_err(|Unclosed(quote)| format!("the quote {quote} is never closed in {line}"))?;
            console.take_words(&[&["kubectl".to_owned()], words.as_slice()].concat());
            pace = pace::OF_KUBECTL;
        }
        let id = self.commands.len();
        self.put(&self.entry_of("cmd.start", line, id));
        let in_background = background.map(|_| true);
        self.commands.push(Command { id, program, cmd: line.into(), background: in_background, ..Command::default() });
        let first = (0..pace::REQUESTS_BEFORE).fold(pace::first_request(line), |delay, nth| self.sim.drawn(delay, Delay::Command(id, nth)));
        let wake = Some(self.sim.now() + first);
        self.running.insert(id, Running { console, pace, printed: Vec::new(), wake, seen: None });
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
            let Command { program, cmd, .. } = &self.commands[id];
            self.problems.push(format!("{program}{cmd}: did not end within {}", COMMAND_TIMEOUT.human()));
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
            self.keep(id, &running.printed);
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

    /// Stores what a command printed, and reports what of it is not simulated; a kubectl that is not simulated fails.
    fn keep(&mut self, id: usize, printed: &[Piece]) {
        let all = |stream| printed.iter().filter_map(|piece| piece.on(stream)).collect::<String>();
        let lacking: String = printed.iter().filter(|piece| piece.note().is_some()).map(Piece::logged).collect();
        let command = &mut self.commands[id];
        (command.stdout, command.stderr) = (all(Stream::Out), all(Stream::Err) + &lacking);
        if !lacking.is_empty() {
            command.rc = command.rc.map(|rc| if command.program == KUBECTL { NOT_SIMULATED } else { rc });
            self.problems.push(format!("{}{}: {}", command.program, command.cmd, lacking.trim_end()));
        }
    }

    /// Lets every command that is due go on.
    pub(super) fn poll(&mut self) {
        let due: Vec<usize> = self.running.iter().filter(|(_, r)| self.is_due(r)).map(|(id, _)| *id).collect();
        for id in due {
            let Some(mut running) = self.running.remove(&id) else { continue };
            self.go_on(id, &mut running);
            if running.console.is_busy() {
                self.running.insert(id, running);
                continue;
            }
            self.commands[id].rc = Some(running.console.status());
            self.keep(id, &running.printed);
            if self.commands[id].background.is_some() {
                self.ended(id);
            }
        }
    }

    fn go_on(&mut self, id: usize, running: &mut Running) {
        let listening: Vec<Listening> = self.running.values().flat_map(|other| other.console.listens()).collect();
        let mut own = |_: &mut Sim, _: &Files, words: &[String]| {
            let text = format!("{} is not simulated.\n", words.join(" "));
            Said { text, code: NOT_SIMULATED, acted: false }
        };
        let Command { cmd, changes, .. } = &mut self.commands[id];
        let mut context =
            Context { sim: self.sim, files: &mut self.files, pace: running.pace, listening: &listening, own: &mut own, changes };
        if running.seen.is_none() && !running.console.is_busy() {
            running.console.type_line(Line { id: 0, text: cmd.as_str().into() }, &mut context);
        } else {
            running.console.go_on(&mut context);
        }
        running.printed.extend(running.console.take_new());
        (running.wake, running.seen) = (running.console.due(), Some(self.sim.log().len()));
    }

    fn is_due(&self, running: &Running) -> bool {
        running.wake.is_some_and(|at| at <= self.sim.now()) || running.seen.is_some_and(|seen| seen < self.sim.log().len())
    }
}
