//! A command under way: a line of text becomes a job, the job is polled until it is done.
//!
//! Promises: a job is plain data, so that the world it runs in can be copied with it; a poll does what can be done at the present
//! instant and never waits; the same polls give the same text.

use crate::call::Call;
use crate::commands::command::CommandQuirk;
use crate::commands::resolve::resolve;
use crate::editing::Editing;
use crate::failure::Failure;
use crate::files::Files;
use crate::global_flags;
use crate::listening::Listening;
use crate::output::{Output, Piece, Stream};
use crate::session::{Pace, Session, Surroundings};
use crate::words;
use crate::work::{Seen, Step, Work, begin};
use api::change::Change;
use api::client::Client;
use api::object::{NamespacedName, ObjectKey};
use base::note::Note;
use base::time::Time;

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It waits: poll it again when the store has changed, or at this instant.
    Waiting {
        /// When to poll even if nothing changes.
        until: Option<Time>,
    },
    /// It has ended.
    Done {
        /// The exit code.
        rc: i32,
    },
}

#[derive(Clone, Debug)]
enum State {
    Ready(Call),
    Working(Call, Box<dyn Work>),
    Done(i32),
}

/// A command under way.
#[derive(Clone, Debug)]
pub struct Job {
    state: State,
    output: Output,
    around: Surroundings,
    /// Why it ended without success.
    failure: Option<Failure>,
}

impl Job {
    /// A job for a command line, with or without the leading `kubectl`. Quotes are understood, pipes are not.
    pub fn new(line: &str, files: &Files) -> Job {
        match words::split(line) {
            Ok(words) => Job::from_words(words, files, ""),
            Err(words::Unclosed(quote)) => {
                let mut output = Output::default();
                output.note(Note::OpenQuote(quote.to_string()));
                Job { state: State::Done(1), output, around: Surroundings::default(), failure: None }
            }
        }
    }

    /// A job for words that a shell has split already, with its standard input.
    pub fn from_words(words: Vec<String>, files: &Files, stdin: &str) -> Job {
        let mut output = Output::default();
        let around = Surroundings { files: files.clone(), stdin: stdin.into(), ..Surroundings::default() };
        let words = match words.first().map(String::as_str) {
            Some("kubectl" | "k") => words[1..].to_vec(),
            _ => words,
        };
        let call = resolve(&words).and_then(|call| global_flags::check(&call, files).map(|()| call));
        let (state, failure) = match call {
            Ok(call) => (State::Ready(call), None),
            Err(failure) => (State::Done(failure.print(&mut output)), Some(failure)),
        };
        Job { state, output, around, failure }
    }

    /// This job, in a place where somebody can type into what it runs.
    #[must_use]
    pub fn with_terminal(mut self) -> Job {
        self.around.terminal = true;
        self
    }

    /// This job, with the editor that its environment names.
    #[must_use]
    pub fn with_editor(mut self, editor: &str) -> Job {
        editor.clone_into(&mut self.around.editor);
        self
    }

    /// This job, at a pace: so much time goes by between what it asks.
    #[must_use]
    pub fn with_pace(mut self, pace: Pace) -> Job {
        self.around.pace = pace;
        self
    }

    /// The prompt of what it runs, while that waits for a line.
    pub fn prompt(&self) -> Option<&str> {
        self.around.prompt.as_deref()
    }

    /// What is seen of its work; nothing of one that has not begun, or has ended.
    fn seen(&self) -> Seen<'_> {
        if let State::Working(_, work) = &self.state { work.seen() } else { Seen::Other }
    }

    /// Types a line into what it runs, or interrupts that; whether there is anything. Poll again afterwards.
    pub fn tell(&mut self, line: Option<&str>, client: &mut dyn Client) -> bool {
        let Seen::Process(number) = self.seen() else { return false };
        client.send_line(number, line);
        self.around.prompt = None;
        true
    }

    /// What it has in an editor.
    pub fn edits(&self) -> Option<&Editing> {
        if let Seen::Edit(editing) = self.seen() { Some(editing) } else { None }
    }

    /// Closes its editor: what the file holds then, or what went wrong. Poll again afterwards.
    pub fn close(&mut self, left: Result<String, String>) {
        if let State::Working(_, work) = &mut self.state
            && let Some(editing) = work.editing()
        {
            editing.closed = Some(left);
        }
    }

    /// Whether lines that are typed are for what it runs, which does not wait for one yet.
    pub fn will_read(&self) -> bool {
        let State::Working(call, work) = &self.state else { return false };
        let reads = matches!(work.seen(), Seen::Attached | Seen::Process(_));
        reads && self.around.terminal && call.flags.on("stdin") && self.around.prompt.is_none()
    }

    /// The ports of this machine that it listens on.
    pub fn listens(&self) -> &[Listening] {
        if let Seen::Listen(ports) = self.seen() { ports } else { &[] }
    }

    /// Whether all that is left to it was refused, and is asked for again and again.
    pub fn is_refused(&self) -> bool {
        matches!(self.seen(), Seen::Drain(_, true))
    }

    /// Whether it reaches into containers.
    pub fn reaches_inside(&self) -> bool {
        matches!(&self.state, State::Ready(call) | State::Working(call, _) if call.command.has(CommandQuirk::ReachesInside))
    }

    /// The pods whose eviction it asks for until that is granted.
    pub fn evicts(&self) -> Vec<&NamespacedName> {
        if let Seen::Drain(pods, _) = self.seen() { pods } else { Vec::new() }
    }

    /// Does what can be done now.
    pub fn poll(&mut self, client: &mut dyn Client) -> Progress {
        let mut session = Session { client, output: &mut self.output, around: &mut self.around };
        let (call, step) = match std::mem::replace(&mut self.state, State::Done(0)) {
            State::Done(rc) => {
                self.state = State::Done(rc);
                return Progress::Done { rc };
            }
            State::Ready(call) => {
                let step = begin()(&call, &mut session);
                (call, step)
            }
            State::Working(call, work) => {
                let step = work.go_on(&call, &mut session);
                (call, step)
            }
        };
        match step {
            Ok(Step::Wait(work, until)) => {
                self.state = State::Working(call, work);
                Progress::Waiting { until }
            }
            Ok(Step::Done) => Progress::Done { rc: 0 },
            Err(failure) => {
                let failure = session.put(failure);
                let rc = failure.print(&mut self.output);
                if self.around.terminal {
                    self.output.tell_hints();
                }
                self.state = State::Done(rc);
                self.failure = Some(failure);
                Progress::Done { rc }
            }
        }
    }

    /// Why it ended without success, if it did.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// All of standard output so far.
    pub fn stdout(&self) -> String {
        self.output.text(Stream::Out)
    }

    /// All of standard error so far.
    pub fn stderr(&self) -> String {
        self.output.text(Stream::Err)
    }

    /// All that the playground has said in its own voice, as a transcript has it.
    pub fn note(&self) -> String {
        self.output.notes()
    }

    /// What was printed since the last call, in order, for a terminal to show.
    pub fn take_new(&mut self) -> Vec<Piece> {
        self.output.take_new()
    }

    /// What of the output so far reads differently from what guides show.
    pub fn changes(&self) -> impl Iterator<Item = Change> + '_ {
        self.output.changes()
    }

    /// The objects that `apply` has stored, or found as they are wanted, since the last call.
    pub fn take_applied(&mut self) -> Vec<ObjectKey> {
        self.output.take_applied()
    }

    /// The files that the command wrote, by path, for the caller to keep.
    pub fn take_written(&mut self) -> Vec<(String, String)> {
        std::mem::take(&mut self.around.written)
    }
}
