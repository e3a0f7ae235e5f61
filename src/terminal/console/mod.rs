//! A terminal beside a cluster: a shell, the commands it runs, and what runs beside it.
//!
//! Promises: plain data that never blocks; every line is answered or refused in the playground's own voice; what a line began goes
//! on until it ends or is interrupted.
//! Must not know: the page, lessons, languages; the [`Context`] answers for words that are the page's own.
//! Not modelled: processes of the machine that the terminal stands on; it has files, kubectl and `curl`.

mod drive;
pub mod experiment;
mod fetch;
pub mod library;
mod local_host;
mod runner;
mod world;

use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;

use api::object::{NamespacedName, ObjectKey};
use base::note::Note;
use base::printed::{Piece, Stream};
use base::sorted::SortedSet;
use base::time::{Span, Time};
pub use drive::{Drive, Goal, Pace, Unwatched, Watch, go};
use kubectl::editing::Editing;
use kubectl::form::Change;
use kubectl::listening::Listening;
use kubectl::session;
use kubectl::{Files, Job};
use runner::{RunOutput, Runner};
use shell::programs::Dialect;
use shell::{Fault, Shell};
use sim::Sim;
pub use world::{MAX_TERMINALS, World};

/// How long so many commands take.
const BUSY: Span = Span::seconds(1);
/// How much may go on in the background.
const MAX_BACKGROUND: usize = 50;

/// What the page makes of words of its own.
pub type OwnWords<'a> = dyn FnMut(&mut Sim, &Files, &[String]) -> Said + 'a;

/// What came of words that are the page's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What is said to them.
    pub text: String,
    /// The exit code.
    pub code: i32,
    /// Whether they did anything; an answer does nothing.
    pub acted: bool,
}

/// What a console works with while it goes on.
pub struct Context<'a> {
    /// The cluster.
    pub sim: &'a mut Sim,
    /// The files of the terminal.
    pub files: &'a mut Files,
    /// How fast kubectl asks.
    pub pace: session::Pace,
    /// Ports that commands of other terminals listen on.
    pub listening: &'a [Listening],
    /// Words that the page itself understands, answered in the playground's voice.
    pub own: &'a mut OwnWords<'a>,
    /// What was printed that reads differently from what guides show.
    pub changes: &'a mut SortedSet<Change>,
}

/// A line as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What the caller knows it by.
    pub id: u64,
    /// Its text, without the prompt.
    pub text: Rc<str>,
}

/// What a line wrote at one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub line: Line,
    /// The positions of its writes in the API server's log.
    pub writes: Range<usize>,
    /// The objects of files that `kubectl apply` has stored, or found as they are wanted.
    pub applied: Vec<ObjectKey>,
}

/// A terminal.
#[derive(Clone, Debug)]
pub struct Console {
    main: Runner,
    /// Lines that were typed while another was under way.
    beside: Vec<Runner>,
    /// What was sent to the background with `&`.
    background: Vec<Runner>,
    unfinished: String,
    /// Lines that were typed before what reads them was ready, or before the line under way has ended.
    ahead: VecDeque<Rc<str>>,
    terminal: bool,
    new: Vec<Piece>,
    written: Vec<Written>,
    /// Whether anything was run since the last line began whose effects are not seen in the API server's log.
    acted: bool,
}

impl Console {
    /// A terminal; somebody types into it, or nobody does.
    pub fn new(terminal: bool) -> Self {
        let environment = [("HOME", "/"), ("USER", "you"), ("SHELL", "/bin/bash")];
        let shell = Shell::new(Dialect::Bash, environment.map(|(n, v)| (n.to_owned(), v.to_owned())), "/");
        let main = Runner { busy: false, ..Runner::of(shell, Line::default()) };
        let (beside, background, new, written) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Console { main, beside, background, unfinished: String::new(), ahead: VecDeque::new(), terminal, new, written, acted: false }
    }

    /// The exit code of the last line.
    pub fn status(&self) -> i32 {
        self.main.shell.status()
    }

    /// Whether a line is under way.
    pub fn is_busy(&self) -> bool {
        self.main.busy || !self.beside.is_empty() || !self.background.is_empty()
    }

    /// Whether a line is under way that is not in the background, and reads nothing.
    pub fn waits(&self) -> bool {
        !self.beside.is_empty() || self.main.busy && self.main.job.as_ref().and_then(Job::prompt).is_none()
    }

    /// What stands before the next line.
    pub fn prompt(&self) -> &str {
        match self.main.job.as_ref().and_then(Job::prompt) {
            Some(prompt) => prompt,
            None if self.types_ahead() => "",
            None if self.unfinished.is_empty() => "$ ",
            None => "> ",
        }
    }

    /// The line that is not finished, which is known by how it began.
    pub fn unfinished(&self) -> Option<&Line> {
        if self.unfinished.is_empty() { None } else { Some(&self.main.line) }
    }

    /// Whether the next line is a new command: no program reads it, and no line is to be ended.
    pub fn awaits_command(&self) -> bool {
        self.main.job.as_ref().and_then(Job::prompt).is_none() && !self.types_ahead() && self.unfinished.is_empty()
    }

    /// Whether the next line is for a program that is not ready to read it.
    pub fn types_ahead(&self) -> bool {
        self.main.job.as_ref().is_some_and(Job::will_read)
    }

    /// Whether a typed line waits: for its reader, or for the end of the line under way.
    pub fn holds(&self) -> bool {
        self.types_ahead() || self.main.busy && self.main.job.as_ref().and_then(Job::prompt).is_none()
    }

    /// Keeps a typed line until it may be read.
    pub fn hold(&mut self, line: &str) {
        self.ahead.push_back(line.into());
    }

    /// Whether lines are kept.
    pub fn has_ahead(&self) -> bool {
        !self.ahead.is_empty()
    }

    /// The oldest line that was kept, if it may be read now.
    pub fn take_ahead(&mut self) -> Option<Rc<str>> {
        if self.holds() { None } else { self.ahead.pop_front() }
    }

    /// What its line has in an editor.
    pub fn edits(&self) -> Option<&Editing> {
        self.main.job.as_ref().and_then(Job::edits)
    }

    /// Closes the editor: what the file holds then.
    pub fn close(&mut self, text: String, context: &mut Context) {
        if let Some(job) = &mut self.main.job {
            job.close(Ok(text));
        }
        self.go_on(context);
    }

    /// When something happens by itself.
    pub fn due(&self) -> Option<Time> {
        if self.is_busy() { self.runners().filter_map(|runner| runner.until).min() } else { None }
    }

    /// Whether a command gets on by itself: it does not only watch, nor ask in vain for what was refused.
    pub fn gets_on(&self, in_vain: bool) -> bool {
        let gets_on = |runner: &Runner| runner.until.is_some() && !(in_vain && runner.job.as_ref().is_some_and(Job::is_refused));
        self.is_busy() && self.runners().any(gets_on)
    }

    /// Whether the line begun last only looked, as far as this terminal knows: it has ended, and nothing that it ran reaches into a
    /// container or leaves anything here but what it printed. `before` is the terminal as it was.
    pub fn only_looked(&self, before: &Console) -> bool {
        let none_begun = self.runners().count() == before.runners().count();
        none_begun && self.ahead.is_empty() && self.awaits_command() && !self.acted && self.main.shell.same_environment(&before.main.shell)
    }

    /// The ports that its commands listen on.
    pub fn listens(&self) -> Vec<Listening> {
        self.runners().flat_map(|runner| runner.job.iter().flat_map(Job::listens)).cloned().collect()
    }

    /// The pods whose eviction its commands ask for until that is granted.
    pub fn evicts(&self) -> impl Iterator<Item = &NamespacedName> {
        self.runners().flat_map(|runner| runner.job.iter().flat_map(Job::evicts))
    }

    fn runners(&self) -> impl Iterator<Item = &Runner> {
        self.beside.iter().chain(&self.background).chain(self.main.busy.then_some(&self.main))
    }

    /// What was printed since the last call.
    pub fn take_new(&mut self) -> Vec<Piece> {
        std::mem::take(&mut self.new)
    }

    /// What its lines wrote since the last call, in order.
    pub fn take_written(&mut self) -> Vec<Written> {
        std::mem::take(&mut self.written)
    }

    /// Takes a command whose words are split already; it runs when the terminal goes on.
    pub fn take_words(&mut self, words: &[String]) {
        self.main.shell.take_words(words);
        self.main.busy = true;
    }

    /// Runs a line. While another line runs, the line is input of the running program if the program reads lines; otherwise the line runs
    /// at the same time. One that is to wait is kept instead ([`Console::hold`]).
    pub fn type_line(&mut self, line: Line, context: &mut Context) {
        self.begin(line, context);
        self.go_on(context);
    }

    /// Routes a line to the running program, the shell or a job in the background.
    fn begin(&mut self, line: Line, context: &mut Context) {
        if self.main.job.as_ref().is_some_and(|job| job.prompt().is_some()) {
            let text = Rc::clone(&line.text);
            self.main.line = line;
            self.written.extend(self.main.tell(Some(&text), context.sim));
            return;
        }
        self.acted = false;
        let text = format!("{}{}", self.unfinished, stripped(&line.text));
        if let Some(mut job) = self.take_killed(&text) {
            self.written.extend(job.end_job(context.sim));
            return;
        }
        if self.main.busy {
            let shell = self.main.shell.beside();
            let mut beside = Runner { found: Some(Box::new(shell.clone())), ..Runner::of(shell, line) };
            if beside.shell.take_line(&text).is_err() {
                self.new.push(Piece::Note(Note::Incomplete));
                return;
            }
            self.beside.push(beside);
            return;
        }
        (self.main.ended, self.main.begins) = (None, None);
        // A line that goes on is known by how it began.
        if self.unfinished.is_empty() {
            self.main.line = line;
        }
        self.unfinished.clear();
        if let Err(Fault::Unfinished) = self.main.shell.take_line(&text) {
            self.unfinished = format!("{text}\n");
        } else {
            self.main.busy = true;
        }
    }

    /// The job in the background that a line such as `kill %1` ends.
    fn take_killed(&mut self, line: &str) -> Option<Runner> {
        let number = line.strip_prefix("kill ")?.trim().strip_prefix('%')?.parse::<usize>().ok()?;
        let at = self.background.iter().position(|runner| runner.number == number)?;
        Some(self.background.remove(at))
    }

    /// Ctrl-C: ends the lines under way, or what is not finished. What is in the background goes on, as it does in every shell; where
    /// there is nothing else, it ends, since no other key would end it. An editor is closed, and its file left as it was. What was typed
    /// ahead is lost: Ctrl-C empties the input of a real terminal too, unless NOFLSH is set.
    pub fn interrupt(&mut self, context: &mut Context) {
        self.ahead.clear();
        if let Some(text) = self.edits().map(|editing| editing.text.clone()) {
            return self.close(text, context);
        }
        let in_container = self.main.job.as_mut().is_some_and(|job| job.prompt().is_some() && job.tell(None, context.sim));
        if in_container {
            return self.go_on(context);
        }
        let mut ended = std::mem::take(&mut self.beside);
        if !self.main.busy && self.unfinished.is_empty() && ended.is_empty() {
            ended = std::mem::take(&mut self.background);
        }
        for runner in ended.iter_mut().chain([&mut self.main]) {
            self.written.extend(runner.end_job(context.sim));
        }
        self.remember(&ended);
        self.unfinished.clear();
        self.main.shell.interrupt();
        (self.main.busy, self.main.until) = (false, None);
    }

    /// Does what can be done now.
    pub fn go_on(&mut self, context: &mut Context) {
        let mut listening = self.listens();
        listening.extend_from_slice(context.listening);
        let others = self.beside.iter_mut().chain(&mut self.background);
        let mut turns: Vec<RunOutput> = others.map(|runner| runner.go_on(context, &listening, false)).collect();
        let (busy, ended): (_, Vec<Runner>) = std::mem::take(&mut self.beside).into_iter().partition(|runner| runner.busy);
        self.beside = busy;
        self.remember(&ended);
        self.background.retain(|runner| runner.busy);
        if self.main.busy {
            turns.push(self.main.go_on(context, &listening, self.terminal));
        }
        let begun: Vec<Runner> = turns.into_iter().flat_map(|turn| self.take(turn)).collect();
        for mut runner in begun {
            if self.terminal {
                self.tell_job();
            }
            let turn = runner.go_on(context, &listening, false);
            let further = self.take(turn);
            self.send_back(runner);
            // What this one sends to the background in its turn takes its first turn with the next event.
            for runner in further {
                self.send_back(Runner { until: Some(context.sim.now() + BUSY), ..runner });
            }
        }
    }

    /// Keeps what lines that ran beside another have set.
    fn remember(&mut self, ended: &[Runner]) {
        for runner in ended {
            if let Some(found) = &runner.found {
                self.main.shell.merge_changes(&runner.shell, found);
            }
        }
    }

    /// Takes what a turn printed and wrote; what it sent to the background.
    fn take(&mut self, turn: RunOutput) -> Vec<Runner> {
        self.acted |= turn.acted;
        self.new.extend(turn.printed);
        self.written.extend(turn.written);
        turn.begun
    }

    fn send_back(&mut self, runner: Runner) {
        if runner.busy && self.background.len() >= MAX_BACKGROUND {
            self.new.push(Piece::Note(Note::Crowded));
        } else if runner.busy {
            self.background.push(Runner { number: self.next_job(), ..runner });
        }
    }

    /// The number of the next line in the background.
    fn next_job(&self) -> usize {
        self.background.last().map_or(0, |runner| runner.number) + 1
    }

    /// Tells the number and the process of a line that goes to the background, as an interactive bash does.
    fn tell_job(&mut self) {
        let told = format!("[{}] {}\n", self.next_job(), self.main.shell.last_process());
        self.new.push(Piece::Text(Stream::Out, told));
    }
}

/// A line without the prompt that books print before it.
fn stripped(line: &str) -> &str {
    let trimmed = line.trim_start();
    trimmed.strip_prefix("$ ").map_or(line, str::trim_start)
}
